
(() => {
  // What is known of a span: shown when it is pointed at, tapped, or reached with the arrow keys.
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  document.body.append(tip);
  let shown = null;
  let leaving = 0;

  function hide() {
    clearTimeout(leaving);
    if (shown) {
      shown.title = shown.dataset.tip;
      shown.removeAttribute("aria-describedby");
    }
    shown = null;
    tip.hidden = true;
  }

  function line(text, target, article) {
    const row = document.createElement("div");
    const [name, ...rest] = text.split(" · ");
    const strong = document.createElement("b");
    strong.textContent = name;
    const words = target ? document.createElement("a") : document.createElement("bdi");
    words.textContent = rest.join(" · ");
    if (target) words.href = `#${article.id}p${target}`;
    row.append(strong, " ", words);
    return row;
  }

  function show(span) {
    if (span === shown) return clearTimeout(leaving);
    hide();
    shown = span;
    span.dataset.tip = span.title;
    span.title = "";
    span.setAttribute("aria-describedby", "tip");
    const article = span.closest("article");
    const targets = (span.dataset.to ?? "").split("\n");
    const lines = span.dataset.tip.split("\n");
    tip.replaceChildren(...lines.map((text, place) => line(text, targets[place], article)));
    tip.hidden = false;
    const place = span.getClientRects()[0];
    const right = document.documentElement.clientWidth - tip.offsetWidth - 8;
    const below = place.bottom + 6;
    const fits = below + tip.offsetHeight < innerHeight;
    tip.style.left = `${Math.max(8, Math.min(place.left, right)) + scrollX}px`;
    tip.style.top = `${(fits ? below : place.top - tip.offsetHeight - 6) + scrollY}px`;
  }

  // An event lights up with its arguments, its row in the table and its place in the timeline.
  const known = new WeakMap();
  let linked = [];
  let source = null;

  function membersOf(article) {
    if (!known.has(article)) {
      const members = new Map();
      for (const element of article.querySelectorAll("[data-v]")) {
        for (const token of element.dataset.v.split("\n")) {
          const [event, role] = token.split("=");
          if (!members.has(event)) members.set(event, []);
          members.get(event).push([element, role]);
        }
      }
      known.set(article, members);
    }
    return known.get(article);
  }

  function light(element) {
    if (element === source) return;
    source = element;
    for (const each of linked) {
      each.classList.remove("linked");
      delete each.dataset.role;
    }
    linked = [];
    if (!element) return;
    const members = membersOf(element.closest("article"));
    for (const token of element.dataset.v.split("\n")) {
      for (const [each, role] of members.get(token.split("=")[0])) {
        each.classList.add("linked");
        if (role) each.dataset.role = role;
        linked.push(each);
      }
    }
  }

  function point(target) {
    if (tip.contains(target)) return clearTimeout(leaving);
    const span = target.closest(".s");
    if (span) show(span);
    light(target.closest("[data-v]"));
    return span;
  }

  document.addEventListener("pointerover", (event) => {
    if (point(event.target) || tip.contains(event.target)) return;
    clearTimeout(leaving);
    // Time enough to move the pointer into the tip and onto its links.
    if (shown && shown !== document.activeElement) leaving = setTimeout(hide, 250);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#tip a")) return hide();
    const span = point(event.target);
    if (span) walk(span);
    else if (!tip.contains(event.target)) hide();
  });

  // Of all the spans of a text one is reached with Tab; the arrow keys walk from one to the next.
  function walk(span) {
    const text = span.closest(".text");
    text.querySelector(".s[tabindex]")?.removeAttribute("tabindex");
    span.tabIndex = 0;
    span.setAttribute("role", "button");
    span.scrollIntoView({ block: "nearest" });
    span.focus({ preventScroll: true });
  }

  document.addEventListener("focusin", (event) => {
    if (event.target.matches(".s")) point(event.target);
    else if (!tip.contains(event.target)) hide();
  });

  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown) {
      if (tip.contains(document.activeElement)) shown.focus({ preventScroll: true });
      hide();
      light(null);
      return;
    }
    const span = event.target.closest?.(".s");
    if (!span || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") tip.querySelector("a")?.focus();
    else if (event.key in steps) {
      const spans = [...span.closest(".text").querySelectorAll(".s")];
      const next = spans[spans.indexOf(span) + steps[event.key]];
      if (next) walk(next);
    } else return;
    event.preventDefault();
  });

  document.addEventListener("article", (event) => {
    hide();
    light(null);
    const text = event.detail?.querySelector(".text");
    const first = text?.querySelector(".s");
    if (first && !text.querySelector(".s[tabindex]")) first.tabIndex = 0;
  });
})();
