// The header: product, pages the host offers, language, theme, shortlist, share.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;

  /** @param {HTMLElement} root @param {any} context {config, on} */
  function create(root, context) {
    const { config, on } = context;
    let badge;
    let kept;

    function build(theme) {
      const { t, language } = pm.text;
      const tabs = (config.pages || []).map((page) => h("a", { href: page.href, target: "_top", "aria-current": page.current ? "page" : null }, t(`page.${page.id}`)));
      const segment = ["en", "fr"].map((code) => h("button", { type: "button", lang: code, "aria-pressed": String(code === language), "aria-label": t("header.in", { name: t(`language.${code}`), code: code.toUpperCase() }), onclick: () => on.change({ language: code }) }, code.toUpperCase()));
      const next = theme === "dark" ? "light" : "dark";
      badge = h("span.badge-n");
      kept = h("button.button.keep-button", { type: "button", onclick: () => on.panel("shortlist") }, pm.icons.icon("keep", 18), h("span.wide", null, t("shortlist.title")), badge);
      fill(root, h("a.brand", { href: "#map", "aria-label": t("header.to_map"), onclick: (event) => { event.preventDefault(); on.home(); } }, pm.icons.logo(), h("span", null, "Provence Map")),
        tabs.length ? h("nav.tabs", { "aria-label": t("header.pages") }, tabs) : null, h("span.gap"),
        h("div.segment", { role: "group", "aria-label": t("header.language") }, segment),
        h("button.tool.theme", { type: "button", "aria-label": t(`theme.${next}`), title: t(`theme.${next}`), onclick: () => on.change({ theme: next }) }, pm.icons.icon(theme === "dark" ? "sun" : "moon")),
        kept, h("button.button.primary.share-button", { type: "button", onclick: () => on.share() }, pm.icons.icon("share", 18), h("span.wide", null, t("share.button"))));
      update(on.view());
    }

    function update(view) {
      badge.textContent = view.keep.length ? pm.text.number(view.keep.length) : "";
      badge.hidden = !view.keep.length;
      kept.setAttribute("aria-expanded", String(view.panel === "shortlist" && !view.selection));
    }

    return { build, update };
  }

  pm.header = { create };
})((globalThis.provence ??= {}));
