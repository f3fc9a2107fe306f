
(() => {
  // The index: a search box and two lists of counts that narrow the list of articles. Within a
  // list any of the chosen may be found in an article; both lists and the search must agree.
  const index = document.querySelector(".index");
  const facets = index?.querySelector(".facets");
  if (!facets) return;
  const search = facets.querySelector("[type=search]");
  const selection = index.querySelector(".selection");
  const clear = selection.querySelector("button");
  const plain = (text) => text.normalize("NFKC").toLowerCase();

  const lists = [...facets.querySelectorAll(".facet")].map((list) => {
    const buttons = [];
    for (const button of list.querySelectorAll("button")) buttons[button.dataset.number] = button;
    const heading = list.querySelector("summary span");
    return { part: list.dataset.part, heading, buttons, chosen: new Set() };
  });
  const rows = [...index.querySelectorAll(".articles tbody")].map((element) => {
    const counts = lists.map(({ part }) => {
      const pairs = element.dataset[part].split(" ").filter(Boolean);
      return new Map(pairs.map((pair) => pair.split(":").map(Number)));
    });
    const words = [element.querySelector("a").textContent];
    lists.forEach(({ part, buttons }, place) => {
      if (part !== "companies") return;
      for (const number of counts[place].keys()) words.push(buttons[number].firstChild.textContent);
    });
    return { element, counts, words: plain(words.join("\n")) };
  });

  function apply() {
    const wanted = plain(search.value).split(/\s+/).filter(Boolean);
    const totals = lists.map(({ buttons }) => buttons.map(() => [0, 0]));
    let count = 0;
    for (const { element, counts, words } of rows) {
      const found = wanted.every((word) => words.includes(word));
      const agreed = lists.map(({ chosen }, place) =>
        !chosen.size || [...chosen].some((number) => counts[place].has(number)));
      element.hidden = !(found && agreed.every(Boolean));
      if (!element.hidden) count += 1;
      lists.forEach((_, place) => {
        // What a list counts is what choosing in it would leave, so its own choice is set aside.
        if (!found || !agreed.every((each, other) => each || other === place)) return;
        for (const [number, times] of counts[place]) {
          totals[place][number][0] += 1;
          totals[place][number][1] += times;
        }
      });
    }
    lists.forEach(({ heading, buttons, chosen }, place) => {
      let shown = 0;
      buttons.forEach((button, number) => {
        const [articles, times] = totals[place][number];
        button.querySelector("b").textContent = articles;
        button.lastElementChild.textContent = times;
        button.parentElement.hidden = !articles && !chosen.has(number);
        button.ariaPressed = String(chosen.has(number));
        if (!button.parentElement.hidden) shown += 1;
      });
      heading.textContent = shown < buttons.length ? `${shown}/${buttons.length}` : shown;
    });
    const narrowed = wanted.length || lists.some(({ chosen }) => chosen.size);
    selection.firstElementChild.textContent =
      narrowed ? `${rows.length} 篇中的 ${count} 篇` : `${rows.length} 篇`;
    clear.hidden = !narrowed;
  }

  search.addEventListener("input", apply);
  facets.addEventListener("click", (event) => {
    const button = event.target.closest(".facet button");
    if (!button) return;
    const { chosen } = lists.find(({ buttons }) => buttons.includes(button));
    const number = Number(button.dataset.number);
    if (!chosen.delete(number)) chosen.add(number);
    apply();
  });
  clear.addEventListener("click", () => {
    search.value = "";
    for (const { chosen } of lists) chosen.clear();
    apply();
    search.focus();
  });
  if (matchMedia("(max-width: 60rem)").matches) {
    for (const list of facets.querySelectorAll(".facet")) list.open = false;
  }
  facets.hidden = selection.hidden = false;
  apply();
})();
