// What the server measured of an area: inhabitants by share of surface, what stands inside, what is near, and how it was found.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  const FIRST_SHOWN = 5;
  const LAYER_OF = { station: "stations", tgv: "stations", port: "ports", airport: "airports" };
  const KIND_OF = { station: "station", tgv: "station", port: "port", airport: "airport" };

  /** @param {any} answer of around.json @param {any} context {model, draw, config, on, view} */
  function content(answer, context) {
    const { model, draw, config, on } = context;
    const { t, count, pick, number, about, km } = pm.text;
    const year = answer.sites.co2.year;

    const section = (title, aside, ...body) => h("section.sec", null, h("h3", null, title, aside ? h("span", null, aside) : null), body);
    const tile = (value, label) => h("div", null, h("b", null, value), h("small", null, label));
    const found = (kind, ids) => ids.map((id) => model.byKey.get(`${kind}:${id}`)).filter(Boolean);

    function row(item, aside) {
      return h("li", null, h("button.item", { type: "button", onclick: () => on.select(item.key) }, model.symbol(item, 20), h("span", null, h("b", { lang: "fr" }, item.name), h("small", null, item.kind === "site" || item.kind === "project" ? model.figure(item, year) : model.familyName(item))), aside ? h("span.k", null, aside) : null));
    }

    /** A list that starts short. @param {Node[]} all */
    function list(all) {
      const body = h("ul.rows", null, all.slice(0, FIRST_SHOWN));
      if (all.length <= FIRST_SHOWN) return body;
      const more = h("button.link", { type: "button", onclick: () => { body.append(...all.slice(FIRST_SHOWN)); more.remove(); } }, t("nearby.all", { n: number(all.length) }));
      return h("div", null, body, more);
    }

    const approximate = (n) => (n ? h("p.said", null, count("report.approximate", n)) : null);

    function people() {
      const { communes, inhabitants, year: of, method, source } = answer.population;
      if (!communes.length) return section(t("report.people"), null, h("p", null, t("report.no_land")));
      const line = (part) => h("tr", null, h("th", { scope: "row" }, h("button.link", { type: "button", lang: "fr", onclick: () => on.select(`commune:${part.code}`) }, model.byKey.get(`commune:${part.code}`)?.name || part.code)), h("td.num", null, t("report.percent", { n: number(part.share * 100, part.share < 0.1 ? 1 : 0) })), h("td.num", null, number(part.counted)));
      return section(t("report.people"), t("report.people_year", { n: about(number(inhabitants)), year: of }), h("div.area-table", null, h("table", null, h("thead", null, h("tr", null, ["commune", "share", "counted"].map((name) => h("th", { scope: "col", class: name === "commune" ? null : "num" }, t(`report.${name}`))))), h("tbody", null, communes.map(line)))), h("p.said", null, pick(method)), sourceLine(source));
    }

    function sourceLine(id) {
      const source = config.sources[id];
      return source ? h("p.said", null, `${t("report.source")} ${pick(source.title)} · ${pick(source.publisher)} · ${pick(source.vintage)} · ${pick(source.licence)}`) : null;
    }

    function sites() {
      const { ids, co2, approximate: unsure } = answer.sites;
      if (!ids.length) return section(t("group.industry"), null, h("p", null, t("report.no_sites")));
      const items = found("site", ids).sort((a, b) => (model.co2(b, year) || 0) - (model.co2(a, year) || 0));
      const sum = co2.tonnes === null ? t("report.no_co2", { year }) : t("report.co2", { co2: pm.text.co2(co2.tonnes), year, sites: count("time.sites", co2.sites) });
      return section(t("group.industry"), count("company.sites", ids.length), h("p", null, sum), list(items.map((item) => row(item))), approximate(unsure), h("p.said", null, pick(co2.method)), sourceLine(co2.source));
    }

    function projects() {
      const { ids, by_status: statuses, investment, approximate: unsure } = answer.projects;
      if (!ids.length) return section(t("group.decarbonation"), null, h("p", null, t("report.no_projects")));
      const order = (item) => model.statusOrder.indexOf(item.status);
      const sum = investment.meur === null ? t("report.no_investment") : t("report.investment", { money: pm.text.money(investment.meur), projects: count("company.projects", investment.projects) });
      return section(t("group.decarbonation"), count("company.projects", ids.length), h("ul.status-grid", null, model.statusOrder.filter((status) => statuses[status]).map((status) => h("li", null, draw.shape("h2", status, 18), h("span", null, t(`status.${status}`)), h("b", null, number(statuses[status]))))),
        h("p.area-sum", null, sum, investment.left_out ? ` ${count("report.left_out", investment.left_out)}` : ""), list(found("project", ids).sort((a, b) => order(a) - order(b)).map((item) => row(item))), approximate(unsure), h("p.said", null, pick(investment.method)), h("p.said", null, t("report.as_announced")));
    }

    function places() {
      const { ids, by_category: categories, approximate: unsure } = answer.places;
      if (!ids.length) return section(t("report.places_title"), null, h("p", null, t("report.no_places")));
      return section(t("report.places_title"), count("report.places", ids.length), h("p", null, Object.entries(categories).map(([category, n]) => `${t(`category.${category}`)} ${number(n)}`).join(" · ")), list(found("place", ids).map((item) => row(item))), approximate(unsure), h("p.said", null, t("report.places_source")));
    }

    function access() {
      const inside = Object.entries(answer.access).flatMap(([layer, ids]) => found({ ports: "port", stations: "station", airports: "airport" }[layer], ids));
      const near = Object.entries(answer.near.access).map(([what, { id, km: away }]) => {
        const item = model.byKey.get(`${KIND_OF[what]}:${id}`);
        return h("li", null, pm.icons.icon(LAYER_OF[what], 18), h("span", null, `${t(`report.${what}`)}, `, item ? h("button.link", { type: "button", lang: "fr", onclick: () => on.select(item.key) }, item.name) : id), h("b", null, km(away)));
      });
      return section(t("access.title"), t("access.straight"), inside.length ? h("p", null, t("report.inside", { names: inside.map((item) => item.name).join(", ") })) : null, h("ul.near", null, near), h("p.said", null, pick(answer.near.method)), h("p.said", null, t("rail.passengers")));
    }

    const outside = (kind, title, all) => (all.length ? section(title, t("report.outside"), h("ul.rows", null, all.map(({ id, km: away }) => ({ item: model.byKey.get(`${kind}:${id}`), away })).filter(({ item }) => item).map(({ item, away }) => row(item, km(away, Boolean(item.approximate)))))) : null);

    return [h("div.tiles", null, tile(answer.population.communes.length ? about(number(answer.population.inhabitants)) : number(0), t("pole.inhabitants", { year: answer.population.year })), tile(answer.sites.co2.tonnes === null ? t("pole.none") : pm.text.co2(answer.sites.co2.tonnes), t("pole.co2_in", { year })), tile(number(answer.sites.count), t("pole.sites")), tile(number(answer.projects.count), t("pole.projects_short"))),
      h("p.area-said", null, t("report.surface", { km2: number(answer.area.km2, 1), land: number(answer.area.land_km2, 1) })),
      people(), sites(), projects(), places(), access(), outside("site", t("report.near_sites"), answer.near.sites), outside("project", t("report.near_projects"), answer.near.projects), section(t("about.method"), null, h("p.said", null, pick(answer.method)))];
  }

  pm.areaReport = { content };
})((globalThis.provence ??= {}));
