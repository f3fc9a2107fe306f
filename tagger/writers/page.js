
(() => {
  // Which article is shown: the only one, or the one that the address names; else the index.
  const index = document.querySelector(".index");
  const main = document.querySelector("main");
  const pager = document.querySelector(".pager");
  const top = document.querySelector(".top");
  const texts = main.querySelectorAll(":scope > noscript");
  const { title } = document;
  let current;
  let indexScroll = 0;

  // Of many articles each is made out of its text when it is opened for the first time.
  function articleAt(number) {
    if (!pager) return main.querySelector("article");
    const text = texts[number];
    if (text && text.nextElementSibling?.tagName !== "ARTICLE") {
      text.insertAdjacentHTML("afterend", text.textContent);
    }
    return text?.nextElementSibling ?? null;
  }

  function show(article) {
    if (article === current) return;
    if (!current) indexScroll = scrollY;
    if (current) current.hidden = true;
    current = article;
    if (article) article.hidden = false;
    if (pager) {
      index.hidden = Boolean(article);
      main.hidden = pager.hidden = !article;
      const link = article && index.querySelector(`a[href="#${article.id}"]`);
      document.title = link?.textContent ?? title;
      if (article) turn(article);
    }
    document.dispatchEvent(new CustomEvent("article", { detail: article }));
  }

  // The articles before and behind in the index as it is filtered and sorted.
  function turn(article) {
    const listed = [...index.querySelectorAll(".articles tbody:not([hidden]) a")];
    const place = listed.findIndex((link) => link.hash === `#${article.id}`);
    const [, before, behind] = pager.querySelectorAll("a");
    for (const [link, to] of [[before, listed[place - 1]], [behind, listed[place + 1]]]) {
      if (place >= 0 && to) link.href = to.hash;
      else link.removeAttribute("href");
    }
  }

  function route() {
    const name = location.hash.slice(1);
    const number = /^a(\d+)/.exec(name)?.[1];
    const before = current;
    show(articleAt(number));
    const target = document.getElementById(name);
    if (!current) scrollTo(0, indexScroll);
    else if (!target || target === current) {
      if (before !== current) scrollTo(0, 0);
    } else arrive(target);
  }

  function arrive(target) {
    if (target.tagName === "DETAILS") target.open = true;
    const span = target.matches(".s");
    target.scrollIntoView({ block: span ? "center" : "start" });
    if (!span) return;
    target.classList.remove("arrived");
    void target.offsetWidth; // so that the animation begins anew
    target.classList.add("arrived");
  }

  addEventListener("hashchange", route);
  // What sticks below the bar, and what is jumped to, must know how high the bar is.
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--top", `${top.offsetHeight + 12}px`);
  }).observe(top);
  // A link to where one already is changes no address, and still should lead there.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.hash === location.hash) route();
  });
  route();
})();
