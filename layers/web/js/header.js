// The header: product, pages the host offers, language, theme, shortlist, share.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const SIGNS = { explore: "map", present: "play", plan: "layers", stories: "play", downloads: "download" };
  // What gives way, one after another, until the rest has room: panels.css says how. At last the header scrolls sideways.
  const GIVES = ["labels", "brand", "theme", "name", "current", "icons", "tongue", "scroll"];

  /**
   * Where a page lies, with the View it is handed: Explore opens on it, the others are offered it.
   * @param {{id: string, href: string, plain?: boolean}} page @param {any} view @param {"take" | "scene"} [as] take: offered; scene: made one at once
   */
  function address(page, view, as = "take") {
    // A page of a published site lies in the folder of its language, and takes a View behind the #.
    if (page.plain) return page.id === "explore" ? `${page.href}#${pm.view.toQuery(view)}` : page.href;
    const { language, theme } = view;
    const own = pm.view.toQuery(page.id === "explore" ? view : { ...pm.view.fresh(), language, theme });
    const handed = page.id === "explore" ? "" : pm.view.toQuery({ ...view, language: null, theme: null });
    return page.href + (own ? `?${own}` : "") + (page.id !== "explore" ? `#${as}=${encodeURIComponent(handed)}` : "");
  }

  /** @param {HTMLElement} root @param {any} context {config, on}; without on.panel, on.saved and on.share their buttons are left out */
  function create(root, context) {
    const { config, on } = context;
    let badge;
    let kept;
    let links;
    let whole = null;
    let counted = false;

    function build(theme) {
      const { t, language } = pm.text;
      // In a frame of another page only what belongs to the map itself; the rest is one step away.
      const framed = document.body.classList.contains("embedded");
      whole = framed ? h("a.button.primary", { id: "whole", target: "_blank", rel: "noopener" }, pm.icons.icon("map", 18), h("span.wide", null, t("share.whole"))) : null;
      links = (framed ? [] : config.pages || []).map((page) => ({ page, node: h("a", { href: page.href, target: "_top", "aria-current": page.current ? "page" : null }, pm.icons.icon(SIGNS[page.id], 20), h("span", null, t(`page.${page.id}`))) }));
      const segment = ["en", "fr"].map((code) => h("button", { type: "button", lang: code, "aria-pressed": String(code === language), "aria-label": t("header.in", { name: t(`language.${code}`), code: code.toUpperCase() }), onclick: () => on.change({ language: code }) }, code.toUpperCase()));
      const next = theme === "dark" ? "light" : "dark";
      badge = h("span.badge-n");
      kept = h("button.button.keep-button", { type: "button", onclick: () => on.panel("shortlist") }, pm.icons.icon("keep", 18), h("span.wide", null, t("shortlist.title")), badge);
      fill(root, h("a.brand", { href: "#map", "aria-label": t("header.to_map"), onclick: (event) => { event.preventDefault(); on.home(); } }, pm.icons.logo(), h("span", null, "Provence Map")),
        links.length ? h("nav.tabs", { "aria-label": t("header.pages") }, links.map(({ node }) => node)) : null, h("span.gap"),
        h("div.segment", { role: "group", "aria-label": t("header.language") }, segment),
        h("button.tool.theme", { type: "button", "aria-label": t(`theme.${next}`), title: t(`theme.${next}`), onclick: () => on.change({ theme: next }) }, pm.icons.icon(theme === "dark" ? "sun" : "moon")),
        whole, on.panel && !framed ? kept : null, on.saved ? h("button.button.keep-button", { type: "button", id: "saved", "aria-haspopup": "dialog", onclick: () => on.saved() }, pm.icons.icon("keep", 18), h("span.wide", null, t("plan.saved"))) : null, on.share && !framed ? h("button.button.primary.share-button", { type: "button", onclick: () => on.share() }, pm.icons.icon("share", 18), h("span.wide", null, t("share.button"))) : null);
      update(on.view());
      fit();
    }

    /** Let go of what has no room. Measured, not read off the width: it depends on language, typeface and size of text as well. */
    function fit() {
      if (!root.clientWidth) return;
      // Beside Explore there is no other place for the theme.
      const gives = GIVES.filter((name) => name !== "theme" || !document.body.classList.contains("beside"));
      let n = 0;
      for (; n <= gives.length; n += 1) {
        root.dataset.less = gives.slice(0, n).join(" ");
        if (root.scrollWidth <= root.clientWidth) break;
      }
      document.body.classList.toggle("theme-below", root.dataset.less.includes("theme"));
      for (const label of root.querySelectorAll(".wide")) label.parentElement.title = n ? label.textContent : "";
    }

    function update(view) {
      for (const { page, node } of links) node.setAttribute("href", address(page, view));
      whole?.setAttribute("href", pm.share.address(pm.view.toQuery({ ...view, language: pm.text.language }), config));
      badge.textContent = view.keep.length ? pm.text.number(view.keep.length) : "";
      badge.hidden = !view.keep.length;
      kept.setAttribute("aria-expanded", String(view.panel === "shortlist" && !view.selection));
      // A number beside the word takes room; on a page that is being drawn nothing is measured for nothing.
      if (!badge.hidden !== counted) {
        counted = !badge.hidden;
        fit();
      }
    }

    new ResizeObserver(fit).observe(root);
    document.fonts.ready.then(fit);
    document.fonts.addEventListener("loadingdone", fit);

    return { build, update };
  }

  pm.header = { create, address };
})((globalThis.provence ??= {}));
