
"use strict";
(() => {
  // Filters: a box for each label. Only the article that is shown is gone through.
  const form = document.querySelector(".filters");
  if (!form) return;
  const boxes = [...form.querySelectorAll("input")];
  const off = { e: new Set(), q: new Set(), t: new Set() };
  let article = null;

  function apply(layer) {
    if (!article) return;
    for (const element of article.querySelectorAll(`[data-${layer}]`)) {
      const shown = element.dataset[layer].split("\n").some((label) => !off[layer].has(label));
      element.classList.toggle(`${layer}-off`, !shown);
    }
    for (const count of article.querySelectorAll("[data-rows]")) {
      const rows = [...count.closest("section, details").querySelectorAll(count.dataset.rows)];
      const shown = rows.filter((row) => !row.matches(".e-off, .q-off, .t-off")).length;
      count.textContent = shown < rows.length ? `${shown}/${rows.length}` : shown;
    }
  }

  function read(layer) {
    off[layer].clear();
    for (const box of boxes) {
      if (box.dataset.layer === layer && !box.checked) off[layer].add(box.dataset.label);
    }
    apply(layer);
  }

  form.addEventListener("change", (event) => read(event.target.dataset.layer));
  form.addEventListener("click", (event) => {
    const group = event.target.closest("legend button")?.closest("fieldset");
    if (!group) return;
    const own = [...group.querySelectorAll("label:not([hidden]) input")];
    const checked = own.some((box) => !box.checked);
    for (const box of own) box.checked = checked;
    read(group.dataset.layer);
  });

  document.addEventListener("article", (event) => {
    article = event.detail;
    form.hidden = true;
    if (!article) return;
    const counts = JSON.parse(article.dataset.counts);
    for (const box of boxes) {
      const count = counts[box.dataset.layer][box.dataset.label] ?? 0;
      box.parentElement.hidden = !count;
      if (count) form.hidden = false;
      box.parentElement.querySelector("small").textContent = count;
    }
    for (const group of form.querySelectorAll("fieldset")) {
      group.hidden = !group.querySelector("label:not([hidden])");
    }
    for (const layer of Object.keys(off)) {
      // What was taken away when the article was shown before may be back.
      if (off[layer].size || article.querySelector(`.${layer}-off`)) apply(layer);
    }
  });

  if (matchMedia("(max-width: 40rem)").matches) form.open = false;
})();
