// The left panel: poles above, then two tabs, layers and filters; a sheet on narrow screens.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const TABS = ["layers", "filters"];

  /**
   * @param {(id: string) => HTMLElement} $ @param {any} context {config, on, parts}
   */
  function create($, context) {
    const { config, on, parts } = context;
    let tab = "layers";
    let filtersBuilt = false;

    function build() {
      const { t } = pm.text;
      parts.search.build();
      parts.poles.build($("poles"));
      parts.tree.build($("tree"));
      filtersBuilt = false;
      fill($("tabs"), TABS.map((name) => h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": name === "layers" ? "tree" : "filters", onclick: () => show(name), onkeydown: arrow }, pm.icons.icon(name === "layers" ? "layers" : "filter", 17), h("span", null, t(`panel.${name}`)), name === "filters" ? h("span.n", { id: "filters-n" }) : null)));
      fill($("foot"), h("button.link", { type: "button", id: "open-table", "aria-expanded": "false", onclick: () => on.table() }, pm.icons.icon("table", 17), t("table.open")), h("button.link", { type: "button", onclick: on.help }, pm.icons.icon("keyboard", 17), h("span.hidden", null, t("keys.title"))), h("button.link.theme-foot", { type: "button", id: "theme-foot", onclick: on.theme }, pm.icons.icon("moon", 17), h("span.hidden", null, t("panel.theme"))), h("span", null, t("tree.data_to", { years: config.data_years })));
      fill($("close-panel"), pm.icons.icon("close"));
      $("close-panel").setAttribute("aria-label", t("tree.close"));
      $("panel").setAttribute("aria-label", t("tree.layers"));
      show(tab);
    }

    function arrow(event) {
      if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
      event.preventDefault();
      show(tab === "layers" ? "filters" : "layers");
      $(`tab-${tab}`).focus();
    }

    /** @param {string} name */
    function show(name) {
      tab = name;
      $("tree").hidden = tab !== "layers";
      $("filters").hidden = tab !== "filters";
      for (const other of TABS) {
        $(`tab-${other}`)?.setAttribute("aria-selected", String(other === tab));
        $(`tab-${other}`)?.setAttribute("tabindex", other === tab ? "0" : "-1");
      }
      // Sixty boxes that nobody has asked for yet: built when the tab is first opened.
      if (tab === "filters" && !filtersBuilt) {
        parts.filters.build($("filters"));
        filtersBuilt = true;
      }
      update(on.view(), null);
    }

    function update(view, previous) {
      parts.poles.update(view, previous);
      parts.tree.update(view, previous);
      if (filtersBuilt) parts.filters.update(view, tab === "filters");
      const n = pm.filters.active(view).length;
      const badge = $("filters-n");
      if (badge) {
        badge.textContent = n ? pm.text.number(n) : "";
        badge.hidden = !n;
      }
    }

    /** Take up a layer that has come since: no field that is being typed in is made anew. */
    function renew() {
      parts.search.renew();
      filtersBuilt = false;
      if (tab === "filters") show(tab);
    }

    return { build, renew, update, show };
  }

  pm.panel = { create };
})((globalThis.provence ??= {}));
