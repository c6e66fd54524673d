// The keyboard: one list of keys, for what they do and for the page that tells them.
(function (pm) {
  "use strict";
  const { h } = pm.dom;

  // Key, and the text that says what it does.
  const LIST = [["/", "search"], ["f", "filters"], ["l", "layers"], ["t", "table"], ["k", "shortlist"], ["a", "around"], ["[", "earlier"], ["]", "later"], ["n", "next"], ["p", "previous"], ["+", "zoom_in"], ["-", "zoom_out"], ["0", "home"], ["Escape", "close"], ["?", "help"]];

  /** Whether what has the focus takes letters itself. @param {any} target */
  const typing = (target) => target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) || (target.tagName === "INPUT" && !["checkbox", "range", "button"].includes(target.type));

  /** @param {Record<string, () => void>} actions by the name of the key's text */
  function listen(actions) {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const found = LIST.find(([name]) => name === key);
      if (!found || !actions[found[1]] || (key !== "Escape" && typing(event.target))) return;
      if (key !== "Escape") event.preventDefault();
      actions[found[1]]();
    });
  }

  /** Let the keys act on the explorer. @param {Record<string, any>} explorer its parts and what it does */
  function bind({ $, on, parts, narrow, toggleSheet, closePanels, closeCard }) {
    listen({
      search: () => { if (narrow()) closePanels(); parts.search.focus(); },
      filters: () => on.filters(),
      layers: () => { parts.panel.show("layers"); if (narrow()) toggleSheet(); else $("tree").querySelector("input")?.focus(); },
      table: () => on.table(),
      shortlist: () => on.panel(on.view().panel === "shortlist" && !on.view().selection ? null : "shortlist"),
      around: () => on.around(),
      earlier: () => parts.timeline.step(-1),
      later: () => parts.timeline.step(1),
      next: () => parts.map.step(1),
      previous: () => parts.map.step(-1),
      home: () => on.home(),
      help: () => on.help(),
      close() {
        if (on.view().table) on.table(false);
        else if (document.body.classList.contains("with-panel")) toggleSheet(false);
        else if (parts.map.closeSpread()) return;
        else if (parts.drawer.open) closeCard();
      },
    });
  }

  /** The list of keys, as a card, and what the host counts, where it counts. @param {{title: Record<string, string>, what: Record<string, string>}} [counted] */
  function content(counted) {
    const { t } = pm.text;
    return [h("div.card-head", null, h("div.over", null, pm.icons.icon("keyboard", 18), h("span", null, t("keys.over"))), h("h2", { tabindex: "-1", id: "card-title" }, t("keys.title")), h("p", null, t("keys.what"))),
      h("section.sec", null, h("dl.keys", null, LIST.filter(([, name]) => !pm.site || name !== "around").map(([key, name]) => [h("dt", null, h("kbd", null, key === "Escape" ? t("keys.escape") : key.toUpperCase())), h("dd", null, t(`keys.${name}`))]), h("dt", null, h("kbd", null, "↑ ↓ ← →")), h("dd", null, t("keys.arrows")))),
      counted ? h("section.sec", { id: "counted" }, h("h3", null, counted.title[pm.text.language]), h("p", null, counted.what[pm.text.language])) : null];
  }

  pm.keys = { listen, bind, content, LIST };
})((globalThis.provence ??= {}));
