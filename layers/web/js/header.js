// The header: product, pages the host offers, language, theme.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;

  /** @param {HTMLElement} root @param {any} context {config, on} */
  function create(root, context) {
    const { config, on } = context;

    function build(theme) {
      const { t, language } = pm.text;
      const tabs = (config.pages || []).map((page) => h("a", { href: page.href, target: "_top", "aria-current": page.current ? "page" : null }, t(`page.${page.id}`)));
      const segment = ["en", "fr"].map((code) => h("button", { type: "button", lang: code, "aria-pressed": String(code === language), "aria-label": t(`language.${code}`), onclick: () => on.change({ language: code }) }, code.toUpperCase()));
      const next = theme === "dark" ? "light" : "dark";
      fill(root, h("a.brand", { href: "#map", "aria-label": t("header.to_map"), onclick: (event) => { event.preventDefault(); on.home(); } }, pm.icons.logo(), h("span", null, "Provence Map")),
        tabs.length ? h("nav.tabs", { "aria-label": t("header.pages") }, tabs) : null, h("span.gap"),
        h("div.segment", { role: "group", "aria-label": t("header.language") }, segment),
        h("button.tool", { type: "button", "aria-label": t(`theme.${next}`), title: t(`theme.${next}`), onclick: () => on.change({ theme: next }) }, pm.icons.icon(theme === "dark" ? "sun" : "moon")));
    }

    return { build };
  }

  pm.header = { create };
})((globalThis.provence ??= {}));
