// The table beside the map: every symbol that is shown is a row, and each row opens the same card.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const COLUMNS = ["name", "kind", "family", "commune", "pole", "figure"];

  /** @param {HTMLElement} root @param {any} context {model, on} */
  function create(root, context) {
    const { model, on } = context;
    let sort = { column: "kind", down: false };
    let order = pm.model.POINT_LAYERS;

    /** Rows of a View: text of each column, and what the figure sorts by. */
    function rowsOf(view) {
      return order.flatMap((layer) => model.visible(layer, view)).map((item) => ({
        item, name: item.name, kind: pm.text.t(`kind.${item.kind}`), family: model.familyName(item), commune: item.commune || "", pole: model.poleName(item.pole), figure: model.figure(item, pm.view.verified(view)),
        value: item.kind === "site" ? model.co2(item, pm.view.verified(view)) ?? -1 : item.start || 0,
      }));
    }

    function sorted(rows) {
      const sign = sort.down ? -1 : 1;
      const collator = new Intl.Collator(pm.text.language);
      const by = { kind: (row) => order.indexOf(row.item.layer), figure: (row) => row.value }[sort.column];
      return rows.sort((a, b) => sign * (by ? by(a) - by(b) : collator.compare(a[sort.column], b[sort.column])) || b.value - a.value || collator.compare(a.name, b.name));
    }

    function build(view) {
      const rows = sorted(rowsOf(view));
      const head = COLUMNS.map((column) => h("th", { scope: "col", "aria-sort": sort.column === column ? (sort.down ? "descending" : "ascending") : null },
        h("button", { type: "button", "data-column": column, onclick: () => { sort = { column, down: sort.column === column ? !sort.down : column === "figure" }; build(on.view()); /** @type {HTMLElement | null} */ (root.querySelector(`[data-column=${column}]`))?.focus(); } }, pm.text.t(`table.${column}`), sort.column === column ? h("span", { "aria-hidden": "true" }, sort.down ? " ↓" : " ↑") : null)));
      const body = rows.map((row) => h("tr", { "data-key": row.item.key }, h("th", { scope: "row" }, h("button.link", { type: "button", onclick: () => on.select(row.item.key) }, row.name)), h("td", null, row.kind), h("td", null, h("span.cell", null, model.symbol(row.item, 16), row.family)), h("td", null, row.commune), h("td", null, row.pole), h("td.num", null, row.figure)));
      fill(root, h("div.table-head", null, h("h2", { id: "table-title", tabindex: "-1" }, pm.text.t("table.title")), h("span", { role: "status" }, pm.text.count("table.rows", rows.length)), h("button.tool", { type: "button", "aria-label": pm.text.t("table.close"), title: pm.text.t("table.close"), onclick: on.close }, pm.icons.icon("close"))),
        rows.length ? h("div.scroll", { tabindex: "0", role: "region", "aria-labelledby": "table-title" }, h("table", null, h("caption.hidden", null, pm.text.t("table.title")), h("thead", null, h("tr", null, head)), h("tbody", null, body)))
          : h("div.empty", null, h("b", null, pm.text.t("table.empty")), h("button.link", { type: "button", onclick: on.reset }, pm.text.t("table.reset"))));
    }

    function update(view, previous) {
      if (root.hidden) return;
      const same = previous && ["layers", "hidden", "year"].every((key) => String(previous[key]) === String(view[key])) && JSON.stringify(previous.filters) === JSON.stringify(view.filters);
      if (!same) build(view);
    }

    return { build, update, rowsOf };
  }

  pm.table = { create };
})((globalThis.provence ??= {}));
