// Cuts a question to the site as its pages were cut for the index: Latin words, and every pair of
// neighbouring Chinese characters.
var splitQuery = (query) =>
  (query.match(/\p{Script=Han}+|[a-zA-Z0-9_]+/gu) || []).flatMap((word) => {
    if (!/\p{Script=Han}/u.test(word) || word.length < 3) return [word];
    return Array.from({ length: word.length - 1 }, (_, start) => word.slice(start, start + 2));
  });
