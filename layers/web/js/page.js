// A page beside Explore: the document without its map, with the header, in the reader's language and theme.
(function (pm) {
  "use strict";
  const { fill } = pm.dom;

  /**
   * Make room for a page and keep its words, its theme and its address in step.
   * @param {{config: any, id: string, root: HTMLElement, model: any, draw: () => void, skip: () => string, handed: () => string, header?: any, home?: () => void}} given
   *   id: of the page and of its body; draw: everything whose words change with the language; skip: the words of the link to its beginning; handed: the View that
   *   other pages are given, as a query; header: more for the header
   */
  function create({ config, id, root, model, draw, skip, handed, header: more = {}, home }) {
    const { t } = pm.text;
    const $ = (name) => document.getElementById(name);
    const darkScheme = matchMedia("(prefers-color-scheme: dark)");
    const { language, theme } = pm.view.fromQuery(location.search).view;
    let words = { ...pm.view.fresh(), language, theme };
    const languageOf = () => words.language || pm.text.preferred();
    const themeOf = () => words.theme || (darkScheme.matches ? "dark" : "light");

    const on = {
      view: () => ({ ...pm.view.fromQuery(handed()).view, language: words.language, theme: words.theme }),
      change(changes) {
        words = { ...words, ...changes };
        const query = pm.view.toQuery(words);
        history.replaceState(history.state, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
        build();
      },
      home: home || (() => root.querySelector("h1").focus()),
      ...more,
    };
    const header = pm.header.create($("header"), { config, on });

    function build() {
      pm.text.set(languageOf());
      model.relanguage();
      document.documentElement.lang = pm.text.language;
      document.documentElement.dataset.theme = themeOf();
      document.title = `${t(`page.${config.pages.find((page) => page.current).id}`)} – Provence Map`;
      fill($("skip"), skip());
      header.build(themeOf());
      draw();
    }

    /** Take what the address brings after `#`, once: it leaves the address, so that a reload does not bring it twice. @returns {URLSearchParams} */
    function brought() {
      const found = new URLSearchParams(location.hash.slice(1));
      if (["scene", "take"].some((name) => found.has(name))) history.replaceState(history.state, "", `${location.pathname}${location.search}`);
      return found;
    }

    /** Show the page: to be called once, when `draw` may be. @param {...Node} others that stand beside its root */
    function open(...others) {
      document.body.classList.add("beside", id);
      for (const part of [...$("app").children]) if (part !== $("header")) part.remove();
      $("skip-table").remove();
      $("app").append(root, ...others);
      $("skip").setAttribute("href", `#${root.id}`);
      $("skip").addEventListener("click", (event) => { event.preventDefault(); root.querySelector("h1").focus(); });
      darkScheme.addEventListener("change", build);
      build();
    }

    /** Tell, once all is painted, that it is. */
    const painted = () => requestAnimationFrame(() => requestAnimationFrame(() => { document.documentElement.dataset.painted = "true"; }));

    /** Where Explore opens on a View. @param {string} query */
    const explore = (query) => pm.header.address(config.pages.find((one) => one.id === "explore"), { ...pm.view.fromQuery(query).view, language: words.language, theme: words.theme });

    return { build, open, brought, painted, explore, update: () => header.update(on.view()) };
  }

  pm.page = { create };
})((globalThis.provence ??= {}));
