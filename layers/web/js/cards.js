// Cards: what something is, what it emits, what is near, where this comes from. Text nodes only.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  const NEAR_KM = 5;
  const FIRST_SHOWN = 4;

  /** @param {any} context {model, draw, config, on} */
  function create(context) {
    const { model, config, on } = context;
    const { t, pick } = pm.text;

    const section = (title, aside, ...body) => h("section.sec", null, h("h3", null, title, aside ? h("span", null, aside) : null), body);
    const pair = (label, ...value) => (value.some((v) => v !== null && v !== undefined && v !== "" && v !== false) ? [h("dt", null, label), h("dd", null, value)] : []);
    const facts = (...pairs) => h("dl", null, pairs);
    const quiet = (text) => h("span.quiet", null, text);

    function link(url, label) {
      if (!/^https?:\/\//.test(url || "")) return h("span", null, label);
      return h("a", { href: url, target: "_blank", rel: "noopener noreferrer", title: t("source.online") }, label);
    }

    function head(item, over, line) {
      return h("div.card-head", null, h("div.over", null, over), h("h2", { tabindex: "-1", id: "card-title" }, item.name), h("p", null, line),
        item.outside ? h("p.notice", null, t("project.outside")) : null);
    }

    function over(item) {
      const parts = [model.symbol(item, 22), h("span", null, model.familyName(item))];
      if (item.pole && item.kind !== "pole") parts.push(h("span.sep", null, "·"), item.pole === "outside" ? h("span", null, model.poleName("outside")) : h(`button.pole-name.pole-${item.pole}`, { type: "button", onclick: () => on.select(`pole:${item.pole}`) }, model.poleName(item.pole)));
      return parts;
    }

    /** Position, said plainly. */
    function position(item) {
      const parts = [t(`precision.${item.precision}`)];
      if (item.approximate) parts.push(t("precision.approximate"));
      return parts.join(" · ");
    }

    function sourceItem(id) {
      const source = config.sources[id];
      if (!source) return null;
      return h("li", null, link(source.url, pick(source.title)), h("span", null, ` ${[pick(source.publisher), pick(source.vintage), pick(source.licence)].filter(Boolean).join(" · ")}`));
    }

    function sources(ids, ...more) {
      return section(t("card.sources"), null, h("ul.src", null, more, ids.map(sourceItem)));
    }

    const ownSource = (item) => h("li", null, link(item.source_url, item.source), item.status_date ? h("span", null, ` ${t("say.as_of", { date: pm.text.date(item.status_date) })}`) : null, item.confidence ? h("span", null, ` · ${t(`confidence.${item.confidence}`)}`) : null);

    function emissions(site, year) {
      const series = config.emissions[site.id];
      const title = t("co2.title");
      if (!series) return declared(site);
      const value = model.co2(site, year);
      const first = series.findIndex((v) => v !== null);
      const base = series[first];
      const firstYear = config.first_year + first;
      const change = value !== null && base > 0 && firstYear < year ? h("span.change", { class: value <= base ? "change down" : "change up" }, `${pm.text.change(value / base - 1)} ${t("co2.since", { year: firstYear })}`) : null;
      const last = series.reduce((at, v, i) => (v === null ? at : i), first);
      const said = t("co2.summary", { from: pm.text.co2(base), first: firstYear, to: pm.text.co2(series[last]), last: config.first_year + last });
      const drawn = pm.chart.line(series, { first: config.first_year, year, colour: `var(--${site.family})`, width: 344, height: 104, label: said });
      return section(title, `${drawn.unit}, ${t("co2.ets")}`, h("div.key-figure", null, h("b", null, value === null ? t("missing.short") : pm.text.co2(value)), h("span", null, t("say.in_year", { year })), change), drawn.node,
        h("p.said", null, said), together(site, year));
    }

    function declared(site) {
      if (site.co2_t === null || site.co2_t === undefined) return section(t("co2.title"), null, h("p", null, t("missing.figure")));
      const bio = site.biogenic_t ? h("p.said", null, t("co2.biogenic", { co2: pm.text.co2(site.biogenic_t) })) : null;
      return section(t("co2.declared"), t("co2.irep"), h("div.key-figure", null, h("b", null, pm.text.co2(site.co2_t)), h("span", null, t("say.in_year", { year: site.co2_year }))), bio, h("p.said", null, t("co2.not_added")));
    }

    /** Units of one complex are shown together, since boilers moved from one account to another. */
    function together(site, year) {
      if (!site.group) return null;
      const members = model.items.industry.filter((other) => other.group === site.group);
      const sum = members.reduce((total, other) => total + (model.co2(other, year) || 0), 0);
      return h("div.together", null, h("h4", null, t("site.together")), h("p.said", null, t("site.together_sum", { co2: pm.text.co2(sum), year })), rows(members.filter((other) => other !== site), (other) => pm.text.co2(model.co2(other, year))));
    }

    function rows(items, aside) {
      return h("ul.rows", null, items.map((item) => h("li", null, h("button.item", { type: "button", onclick: () => on.select(item.key) }, model.symbol(item, 20), h("span", null, h("b", null, item.name), h("small", null, model.figure(item, on.year()))), aside ? h("span.k", null, aside(item)) : null))));
    }

    function near(item) {
      if (!item.near?.length) return null;
      return section(t("access.title"), t("access.straight"), h("ul.near", null, item.near.map(([layer, name, km]) => h("li", null, pm.icons.icon(layer, 18), h("span", null, `${t(`near.${layer}`)}, `, h("span", { lang: "fr" }, name)), h("b", null, pm.text.km(km))))));
    }

    function nearby(item) {
      const list = (item.projects || []).map(([id, km]) => ({ project: model.byKey.get(`project:${id}`), km })).filter(({ project }) => project);
      if (!list.length) return section(t("nearby.title"), null, h("p", null, t("nearby.none", { km: NEAR_KM })));
      const make = (part) => rows(part.map(({ project }) => project), (project) => pm.text.km(list.find((entry) => entry.project === project).km));
      const body = h("div", null, make(list.slice(0, FIRST_SHOWN)));
      if (list.length > FIRST_SHOWN) {
        const more = h("button.link", { type: "button" }, t("nearby.all", { n: list.length }));
        more.addEventListener("click", () => pm.dom.fill(body, make(list)));
        body.append(more);
      }
      return section(t("nearby.title"), t("nearby.count", { n: list.length, km: NEAR_KM }), body);
    }

    function seveso(site) {
      const tier = t(`seveso.${site.seveso}`);
      if (site.seveso === "unknown") return tier;
      return [tier, " ", site.seveso_source ? (site.seveso_url ? [quiet("("), link(site.seveso_url, site.seveso_source), quiet(")")] : quiet(`(${site.seveso_source})`)) : quiet(`(${t("say.to_confirm")})`)];
    }

    function site(item) {
      return [head(item, over(item), [`${item.commune} (${item.insee}) · ${model.statusText(item)} `, item.evidence ? quiet(`(${pick(item.evidence)})`) : null]),
        emissions(item, on.year()), config.emissions[item.id] && item.basis === "irep" ? declared(item) : null,
        section(t("site.facts"), null, facts(pair(t("site.activity"), pick(item.activity)), pair(t("site.operator"), item.operator), pair("Seveso", seveso(item)), pair(t("site.capacity"), pick(item.capacity)), pair(t("card.position"), position(item), quiet(` · ${t(`confidence.${item.confidence}`)}`)), pair(t("site.registers"), [item.ets_id, item.irep_id].filter(Boolean).join(" · ")), pair(t("card.note"), pick(item.note)))),
        near(item), nearby(item), sources(item.sources, (item.pages || []).map(([title, url]) => h("li", null, link(url, title))))];
    }

    function project(item) {
      const none = quiet(t("missing.short"));
      const capacity = item.capacity_value === null || item.capacity_value === undefined ? none : `${pm.text.plain(item.capacity_value)} ${pick(item.capacity_unit)}`;
      return [head(item, over(item), `${item.commune} (${item.insee})`),
        h("div.status-line", null, context.draw.shape(item.family, item.status, 22), h("b", null, model.statusText(item)), quiet(t("say.as_of", { date: pm.text.date(item.status_date) })), item.status === "public-consultation" ? h("p.said", null, t("status_note.public-consultation")) : null),
        section(t("project.summary"), null, h("p", null, pick(item.summary))),
        section(t("project.facts"), t("project.as_announced"), facts(pair(t("project.holder"), item.holder), pair(t("project.technology"), t(`tech.${item.technology}`)), pair(t("project.capacity"), capacity), pair(t("project.investment"), item.investment_meur ? pm.text.money(item.investment_meur) : none, item.investment_meur && item.scope !== "site" ? quiet(` · ${t(`scope.${item.scope}`)}`) : null), pair(t("project.jobs"), item.jobs ? pm.text.number(item.jobs) : none), pair(t("project.start"), item.start ? String(item.start) : none), pair(t("card.position"), position(item)))),
        near(item),
        sources([], ownSource(item), (item.more || []).map(([url, supports]) => h("li", null, link(url, host(url)), h("span", null, ` ${pick(supports)}`))))];
    }

    const host = (url) => (/^https?:\/\/([^/]+)/.exec(url || "")?.[1] || url).replace(/^www\./, "");

    function commune(item) {
      const here = (layer) => model.items[layer].filter((other) => other.insee === item.id);
      const list = (layer, key, among) => {
        const found = here(layer).filter((other) => !among || among.includes(other.class));
        return found.length ? section(t(key), pm.text.number(found.length), rows(found.sort((a, b) => (model.co2(b, on.year()) || 0) - (model.co2(a, on.year()) || 0)))) : null;
      };
      return [head(item, over(item), t("commune.code", { code: item.id })),
        section(t("commune.facts"), null, facts(pair(t("commune.population"), `${pm.text.number(item.population)} `, quiet(`(${item.population_year || t("missing.year")})`)), pair(t("commune.area"), `${pm.text.number(item.area_km2, 1)}\u00a0km²`), pair(t("commune.arrondissement"), item.arrondissement), pair(t("commune.canton"), item.canton))),
        list("industry", "group.industry"), list("decarbonation", "group.decarbonation"), list("places", "group.life", config.style.place_groups.life), list("places", "group.land", config.style.place_groups.land), sources(config.layers.communes.sources)];
    }

    function bars(pole, year) {
      const totals = config.style.industry.map((family) => ({ family: family.id, value: model.items.industry.filter((site) => site.family === family.id && site.pole === pole.id).reduce((sum, site) => sum + (model.co2(site, year) || 0), 0) })).filter(({ value }) => value > 0).sort((a, b) => b.value - a.value);
      if (!totals.length) return section(t("pole.by_family"), String(year), h("p", null, t("pole.no_ets")));
      const most = totals[0].value;
      return section(t("pole.by_family"), t("pole.by_family_note", { year }), h("ul.bars", null, totals.map(({ family, value }) => h("li", null, context.draw.badge(family, 16), h("span", null, t(`family.${family}`)), h("span.bar", null, h("i", { style: `width:${Math.max(1, (value / most) * 100)}%;background:var(--${family})` })), h("b", null, pm.text.co2(value))))));
    }

    function pole(item) {
      const year = on.year();
      const figures = config.poles[item.id];
      const total = model.total(item.id, year);
      const tile = (value, label) => h("div", null, h("b", null, value), h("small", null, label));
      const counts = model.countBy("decarbonation", "status", (project) => project.pole === item.id);
      const statuses = model.statusOrder.filter((status) => counts[status]);
      return [h(`div.band.pole-${item.id}`), h("div.card-head", null, h("div.over", null, t("pole.profile")), h(`h2.pole-${item.id}`, { tabindex: "-1", id: "card-title" }, item.name), h("p", null, `${pm.text.count("pole.communes", item.communes)}. ${pick(item.definition)}`)),
        h("div.tiles", null, tile(pm.text.number(item.population), t("pole.inhabitants", { year: item.population_year || t("missing.year") })), tile(total.tonnes === null ? t("pole.none") : pm.text.co2(total.tonnes), t("pole.co2_in", { year })), tile(pm.text.number(figures.sites), t("pole.sites")), tile(pm.text.number(figures.projects), t("pole.projects_short"))),
        bars(item, year),
        section(t("pole.by_status"), pm.text.count("pole.projects_n", figures.projects), h("ul.status-grid", null, statuses.map((status) => h("li", null, context.draw.shape("h2", status, 18), h("span", null, t(`status.${status}`)), h("b", null, pm.text.number(counts[status])))))),
        sources([...config.layers.poles.sources, ...config.layers.industry.ets])];
    }

    function place(item) {
      return [head(item, over(item), `${item.commune} (${item.insee})`), section(t("site.facts"), null, facts(pair(t("table.kind"), model.familyName(item)), pair(t("table.commune"), item.commune), pair(t("card.position"), position(item), quiet(` · ${t(`confidence.${item.confidence}`)}`)), pair(t("card.note"), pick(item.note)))), near(item), sources([], ownSource(item))];
    }

    function access(item) {
      return [head(item, over(item), `${item.commune} (${item.insee})`), section(t("site.facts"), null, facts(pair(t(`code.${item.kind}`), [item.code, item.iata].filter(Boolean).join(" · ")))), sources(item.sources)];
    }

    /** Where a layer comes from, and what it can and cannot say. */
    function about(row) {
      const layer = config.layers[row.layer];
      const name = row.text ? t(row.text) : pick(layer.title);
      const count = model.items[row.layer]?.filter((item) => !row.name || model.classOf(item) === row.name).length || 0;
      const members = row.members || [];
      return [h("div.card-head", null, h("div.over", null, pm.icons.icon("info", 18), h("span", null, t("about.over"))), h("h2", { tabindex: "-1", id: "card-title" }, name), h("p", null, `${pick(layer.title)} · ${pm.text.count("about.features", count)} · ${pick(layer.vintage)}`)),
        members.length ? section(t("about.members"), null, h("p", null, members.map((member) => t(`${row.layer === "industry" ? "sector" : "tech"}.${member}`)).join(", "))) : null,
        section(t("about.method"), null, h("p", null, pick(layer.method))), section(t("about.limits"), null, h("p", null, pick(layer.limits))),
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

    const perception = (item) => pm.perception.card(item, { ...context, section, link });
    const CARDS = { site, project, commune, pole, place, perception, port: access, station: access, airport: access };
    return { of: (item) => CARDS[item.kind](item), about, list };
  }

  pm.cards = { create };
})((globalThis.provence ??= {}));
