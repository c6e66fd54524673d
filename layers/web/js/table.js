// The table beside the map: every symbol that is shown is a row, and each row opens the same card.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const AT_ONCE = 120;
  // More rows than anybody scrolls through are set when they are asked for; files hold all of them.
  const MOST = 1200;

  /** A cell of a CSV file: quoted where it must be, and never a formula to the program that opens it. @param {string | number | null | undefined} value */
  function csvCell(value) {
    if (value === null || value === undefined) return "";
    const text = String(value);
    const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",;\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  }

  /** @param {HTMLElement} root @param {any} context {model, config, on, server} */
  function create(root, context) {
    const { model, config, on, server } = context;
    const order = [...pm.model.POINT_LAYERS, ...pm.view.DRAPES];
    let shown = "";
    let wave = 0;
    let working = false;

    // Only where terrain is present there is a column of elevation.
    const stands = config.relief?.source ? config.relief.heights : null;

    /** Rows of a View: text of each column, and what the figure sorts by. */
    function rowsOf(view) {
      const year = pm.view.verified(view);
      return order.flatMap((layer) => model.visible(layer, view)).map((item) => ({
        item, name: item.name, kind: pm.text.t(`kind.${item.kind}`), family: model.familyName(item), commune: item.commune || "", pole: model.poleName(item.pole), status: item.status || item.state ? model.statusText(item) : "", dated: item.status ? item.status_date || item.status_year : "", figure: model.figure(item, year),
        value: item.kind === "site" ? model.co2(item, year) ?? -1 : item.start || item.area_ha || item.kv || 0,
      }));
    }

    /** @param {string} sort a column, after a minus when downwards */
    function sorted(rows, sort) {
      const down = sort.startsWith("-");
      const column = sort.replace(/^-/, "");
      const sign = down ? -1 : 1;
      const collator = new Intl.Collator(pm.text.language);
      const by = { kind: (row) => order.indexOf(row.item.layer), figure: (row) => row.value, status: (row) => (row.item.status ? 1 + model.statusOrder.indexOf(row.item.status) : 99) }[column];
      return rows.sort((a, b) => sign * (by ? by(a) - by(b) : collator.compare(a[column], b[column])) || b.value - a.value || collator.compare(a.name, b.name));
    }

    function heading(column, sort) {
      const now = sort.replace(/^-/, "") === column;
      const down = now && sort.startsWith("-");
      // A first press sorts upwards, figures the highest first; a second one the other way.
      const next = now ? (down ? column : `-${column}`) : column === "figure" ? "-figure" : column;
      return h("th", { scope: "col", "aria-sort": now ? (down ? "descending" : "ascending") : null },
        h("button", { type: "button", "data-column": column, onclick: () => { on.sort(next); /** @type {HTMLElement | null} */ (root.querySelector(`[data-column=${column}]`))?.focus(); } }, pm.text.t(`table.${column}`), now ? h("span", { "aria-hidden": "true" }, down ? " ↓" : " ↑") : null));
    }

    function rowNode(row) {
      return h("tr", { "data-key": row.item.key, onclick: (event) => { if (!event.target.closest("button")) on.select(row.item.key); } }, h("th", { scope: "row" }, h("button.link", { type: "button", onclick: () => on.select(row.item.key) }, row.name)), h("td.num", null, row.figure), h("td", null, row.kind), h("td", null, h("span.cell", null, model.symbol(row.item, 16), row.family)), h("td", null, row.status, row.dated && pm.text.old(row.dated, (context.now || Date.now)()) ? h("span.aged", { title: pm.text.t("fresh.old", { date: pm.text.date(String(row.dated)) }) }, pm.icons.icon("time", 14), pm.text.t("fresh.table", { date: pm.text.date(String(row.dated)) })) : null), h("td", { lang: "fr" }, row.commune), h("td", { lang: "fr" }, row.pole),
        stands && h("td.num.elevation", null, row.item.key in stands ? pm.text.t("relief.metres", { n: pm.text.number(stands[row.item.key][0]) }) : ""),
        h("td.keep-cell", null, pm.view.KEPT.includes(row.item.kind) && h("button.tool", { type: "button", "data-keep": row.item.key, onclick: () => on.keep(row.item.key) }, pm.icons.icon("keep", 18))));
    }

    /** What is written of a row into a file: figures as numbers, and where each comes from. */
    function record(row, year) {
      const { item } = row;
      const sources = item.sources ? item.sources.map((id) => config.sources[id]).filter(Boolean) : [];
      return {
        id: item.key, name: row.name, kind: row.kind, family: row.family, commune: row.commune, insee: item.insee || "", pole: row.pole, status: row.status, status_date: item.status_date || (item.status_year ? String(item.status_year) : ""),
        co2_t: item.kind === "site" ? model.co2(item, year) : null, co2_year: item.kind === "site" && model.co2(item, year) !== null ? year : null, seveso: item.kind === "site" ? pm.text.t(`seveso.${item.seveso}`) : "",
        capacity: item.capacity_value ?? null, capacity_unit: pm.text.pick(item.capacity_unit), investment_meur: item.investment_meur ?? null, start_year: item.start ?? null,
        lon: item.lon ?? null, lat: item.lat ?? null, crs: "EPSG:4326", ...(stands ? { elevation_m: stands[item.key]?.[0] ?? null, elevation_source: item.key in stands ? pm.text.pick(config.relief.said) : "" } : {}), precision: item.precision ? pm.text.t(`precision.${item.precision}`) : "", confidence: item.confidence ? pm.text.t(`confidence.${item.confidence}`) : "",
        source: item.source || sources.map((source) => pm.text.pick(source.title)).join(" | "), source_url: item.source_url || sources.map((source) => source.url).join(" | "), licence: [...new Set((sources.length ? sources : config.layers[item.layer].sources.map((id) => config.sources[id])).map((source) => pm.text.pick(source.licence)))].join(" | "),
      };
    }

    /** The table as CSV: UTF-8 with its mark, so that spreadsheets read the accents. @param {any} view */
    function csv(view) {
      const records = sorted(rowsOf(view), view.table || "kind").map((row) => record(row, pm.view.verified(view)));
      const names = Object.keys(records[0] || record({ item: { key: "", layer: "industry" }, name: "" }, pm.view.lastYear));
      return `\ufeff${[names, ...records.map((one) => names.map((name) => one[name]))].map((cells) => cells.map(csvCell).join(",")).join("\r\n")}\r\n`;
    }

    const fileName = (ending) => `provence-map_${config.version}_${pm.text.language}.${ending}`;

    async function excel(button) {
      if (working) return;
      working = true;
      button.setAttribute("aria-busy", "true");
      try {
        const view = { ...on.view(), language: pm.text.language };
        const name = await server.save(server.url("table.xlsx", { address: context.share.address(view) }, pm.view.toQuery(view)), fileName("xlsx"));
        on.say("made", pm.text.t("shortlist.made", { name }));
      } catch (error) {
        on.say("made", pm.text.t("table.excel_failed"), { detail: error.message, tone: "warn", sticky: true, action: { text: pm.text.t("around.again"), run: () => excel(button) } });
      }
      working = false;
      button.removeAttribute("aria-busy");
    }

    function head(rows) {
      const { t } = pm.text;
      const tool = (name, icon, run) => h("button.button", { type: "button", onclick: (event) => run(event.currentTarget) }, pm.icons.icon(icon, 18), t(name));
      return h("div.table-head", null, h("h2", { id: "table-title", tabindex: "-1" }, t("table.title")), h("span.count", { role: "status" }, pm.text.count("table.rows", rows.length)), h("div.tools", null,
        tool("table.filter", "filter", () => on.filters()), tool("table.csv", "download", () => { pm.server.handOver(new Blob([csv(on.view())], { type: "text/csv;charset=utf-8" }), fileName("csv")); }), server.available ? tool("table.excel", "download", excel) : null),
      h("button.tool", { type: "button", "aria-label": t("table.close"), title: t("table.close"), onclick: on.close }, pm.icons.icon("close")));
    }

    function build(view) {
      const { t } = pm.text;
      const sort = view.table || "kind";
      const rows = sorted(rowsOf(view), sort);
      const body = h("tbody", null, rows.slice(0, AT_ONCE).map(rowNode));
      const scroll = root.querySelector(".scroll")?.scrollTop || 0;
      fill(root, head(rows), rows.length ? h("div.scroll", { tabindex: "0", role: "region", "aria-labelledby": "table-title" }, h("table", null, h("caption.hidden", null, t("table.caption")), h("thead", null, h("tr", null, pm.view.COLUMNS.map((column) => heading(column, sort)), stands && h("th", { scope: "col" }, pm.text.t("relief.column")), h("th", { scope: "col" }, h("span.hidden", null, t("shortlist.title"))))), body))
        : h("div.empty", null, h("b", null, t("table.empty")), h("button.link", { type: "button", onclick: on.reset }, t("table.reset"))));
      shown = sign(view);
      rest(rows, body, AT_ONCE, ++wave, view, scroll, MOST);
      mark(view);
    }

    /** Rows beyond the first screens follow in their own time, so that a filter answers at once. */
    function rest(rows, body, from, own, view, scroll, most) {
      if (from >= Math.min(rows.length, most)) {
        if (rows.length > most) body.append(more(rows, body, most, own, view));
        const box = root.querySelector(".scroll");
        if (box && scroll) box.scrollTop = scroll;
        return;
      }
      setTimeout(() => {
        if (own !== wave) return;
        body.append(...rows.slice(from, from + AT_ONCE).map(rowNode));
        mark(on.view());
        rest(rows, body, from + AT_ONCE, own, view, scroll, most);
      });
    }

    /** The last row of a long table: how many are set, and a button for the next. */
    function more(rows, body, from, own, view) {
      const n = (count) => pm.text.number(count);
      const node = h("tr.more", null, h("td", { colspan: String(pm.view.COLUMNS.length + 2) }, pm.text.t("table.set", { n: n(from), of: n(rows.length) }), " ", h("button.link", { type: "button", onclick: () => {
        node.remove();
        rest(rows, body, from, own, view, 0, from + MOST);
        const last = /** @type {HTMLElement | null} */ (body.lastElementChild?.querySelector("button"));
        last?.focus();
      } }, pm.text.t("table.more", { n: n(Math.min(MOST, rows.length - from)) }))));
      return node;
    }

    /** The row of the selection, and what is on the shortlist. */
    function mark(view) {
      for (const row of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("tr[data-key]"))) {
        const chosen = row.dataset.key === view.selection;
        if (!chosen) row.removeAttribute("aria-current");
        else if (!row.hasAttribute("aria-current")) {
          row.setAttribute("aria-current", "true");
          row.scrollIntoView({ block: "nearest" });
        }
      }
      for (const button of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-keep]"))) {
        const kept = view.keep.includes(button.dataset.keep);
        if (button.getAttribute("aria-pressed") === String(kept)) continue;
        button.setAttribute("aria-pressed", String(kept));
        const label = pm.text.t(kept ? "shortlist.remove" : "action.keep_this", { name: model.byKey.get(button.dataset.keep).name });
        button.setAttribute("aria-label", label);
        button.title = label;
      }
    }

    const sign = (view) => JSON.stringify([view.layers, view.hidden, view.year, view.filters, view.ranges, view.table, pm.text.language]);

    function update(view) {
      if (root.hidden) return;
      if (sign(view) !== shown) build(view);
      else mark(view);
    }

    return { build, update, rowsOf, csv };
  }

  pm.table = { create, csvCell };
})((globalThis.provence ??= {}));
