
"use strict";
(() => {
  const off = { e: new Set(), q: new Set(), t: new Set() };
  const boxes = [...document.querySelectorAll(".filters input")];

  function apply(layer) {
    for (const element of document.querySelectorAll(`main [data-${layer}]`)) {
      const shown = element.dataset[layer].split("\n").some((label) => !off[layer].has(label));
      element.classList.toggle(element.tagName === "TR" ? "off" : `${layer}-off`, !shown);
    }
  }

  function read(layer) {
    off[layer].clear();
    for (const box of boxes) {
      if (box.dataset.layer === layer && !box.checked) off[layer].add(box.dataset.label);
    }
    apply(layer);
  }

  for (const box of boxes) box.addEventListener("change", () => read(box.dataset.layer));
  for (const group of document.querySelectorAll(".filters fieldset")) {
    group.querySelector("button").addEventListener("click", () => {
      const own = boxes.filter((box) => box.dataset.layer === group.dataset.layer);
      const checked = own.some((box) => !box.checked);
      for (const box of own) box.checked = checked;
      read(group.dataset.layer);
    });
  }

  // An event lights up with its arguments and its row in the table.
  let linked = [];
  function light(element) {
    for (const each of linked) each.classList.remove("linked");
    const events = element ? element.dataset.v.split(" ") : [];
    const article = element && element.closest("article");
    linked = events.flatMap((event) => [...article.querySelectorAll(`[data-v~="${event}"]`)]);
    for (const each of linked) each.classList.add("linked");
  }

  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  document.body.append(tip);
  let shown = null;

  function hide() {
    if (shown) shown.title = shown.dataset.tip;
    shown = null;
    tip.hidden = true;
  }

  function show(span) {
    hide();
    shown = span;
    span.dataset.tip = span.title;
    span.title = "";
    tip.replaceChildren(...span.dataset.tip.split("\n").map((line) => {
      const row = document.createElement("div");
      const [name, ...rest] = line.split(" · ");
      const strong = document.createElement("b");
      strong.textContent = name;
      row.append(strong, rest.join(" · "));
      return row;
    }));
    tip.hidden = false;
    const place = span.getClientRects()[0];
    const right = document.documentElement.clientWidth - tip.offsetWidth - 8;
    const below = place.bottom + 8;
    const fits = below + tip.offsetHeight < window.innerHeight;
    tip.style.left = `${Math.max(8, Math.min(place.left, right)) + window.scrollX}px`;
    tip.style.top = `${(fits ? below : place.top - tip.offsetHeight - 8) + window.scrollY}px`;
  }

  function point(event) {
    const span = event.target.closest(".s");
    if (span !== shown) span ? show(span) : hide();
    light(event.target.closest("[data-v]"));
  }
  document.addEventListener("pointerover", point);
  document.addEventListener("click", point);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
})();
