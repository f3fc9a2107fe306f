// Cuts a question to the site into words, Chinese too; the index holds words of two characters and more.
var splitQuery = (query) => {
  const words = query.split(/[^\p{Letter}\p{Number}_\p{Emoji_Presentation}]+/u).filter(Boolean);
  if (typeof Intl.Segmenter !== "function") return words;
  const segmenter = new Intl.Segmenter("zh", { granularity: "word" });
  return words.flatMap((word) => {
    if (!/\p{Script=Han}/u.test(word)) return [word];
    const parts = Array.from(segmenter.segment(word), (part) => part.segment);
    const indexed = parts.filter((part) => part.length > 1);
    return indexed.length > 0 ? indexed : [word];
  });
};
