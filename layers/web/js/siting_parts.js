// What the panel "Where exactly" is made of: words of a first screening, profiles, sliders, tables. It keeps no state.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  const STEP = 0.5;
  const USUAL_MOST = 5;
  // So many stand in one line above the sliders.
  const LED = 3;

  const { t, pick, number } = /** @type {any} */ ({ t: (...a) => pm.text.t(...a), pick: (a) => pm.text.pick(a), number: (...a) => pm.text.number(...a) });
  const section = (title, ...body) => h("section.sec", null, h("h3", null, title), body);
  const percent = (part, digits = 0) => t("where.percent", { n: number(part * 100, digits) });
  /** A score of 0 to 1 as points of a hundred. */
  const points = (value) => number(value * 100, 1);

  function head() {
    return h("div.card-head", null, h("div.over", null, pm.icons.icon("explore", 18), h("span", null, t("where.over"))), h("h2", { tabindex: "-1", id: "card-title" }, t("where.title")), h("p", null, t("where.screening")));
  }

  /** @param {any[]} profiles @param {string} chosen @param {(id: string) => void} choose */
  function profiles(profiles, chosen, choose) {
    const about = profiles.find(({ id }) => id === chosen)?.about;
    return section(t("where.profile"), h("div.siting-profiles", { role: "group", "aria-label": t("where.profile") }, profiles.map(({ id, title }) => h("button.button", { type: "button", id: `profile-${id}`, "aria-pressed": String(id === chosen), onclick: () => choose(id) }, pick(title)))), about ? h("p.said", null, pick(about)) : null);
  }

  /**
   * One criterion with its slider; `set` shows a weight and its part of the sum.
   * @param {any} criterion @param {number} weight @param {number} most @param {{moved: (value: number) => void, left: () => void}} on
   */
  function slider(criterion, weight, most, on) {
    const name = pick(criterion.title);
    const said = h("output", { for: `weight-${criterion.id}` });
    const input = /** @type {HTMLInputElement} */ (h("input", { type: "range", id: `weight-${criterion.id}`, min: 0, max: most, step: STEP, value: weight, oninput: () => on.moved(Number(input.value)), onchange: on.left }));
    const node = h("div.weight", null, h("label", { for: input.id }, name), input, said);
    return { node, id: criterion.id, set(value, part) {
      if (Number(input.value) !== value) input.value = String(value);
      said.textContent = value ? t("where.weighs", { n: pm.text.plain(value, 1), part: percent(part) }) : t("where.weighs_nothing");
      input.setAttribute("aria-valuetext", said.textContent);
    } };
  }

  /** The most a slider goes to: five, or ten where a link or a profile weighs more. @param {Record<string, number>} weights */
  const mostOf = (weights) => (Math.max(0, ...Object.values(weights)) > USUAL_MOST ? pm.view.MOST_WEIGHT : USUAL_MOST);

  /** What a value between 0 and 1 means on the ground. @param {any} criterion @param {number | null} value */
  function meaning(criterion, value) {
    if (value === null) return t("where.not_known");
    if (criterion.kind !== "near" || criterion.full_m === null) return "";
    if (value >= 1) return t("where.up_to", { km: pm.text.km(criterion.full_m / 1000) });
    if (value <= 0) return t("where.from", { km: pm.text.km(criterion.zero_m / 1000) });
    return t("where.about", { km: pm.text.km((criterion.zero_m + value * (criterion.full_m - criterion.zero_m)) / 1000) });
  }

  /**
   * A cell, criterion by criterion.
   * @param {any} grid @param {number} cell
   * @param {{shares: number[] | null, profile: any, scores: Uint16Array, model: any, select: (key: string) => void}} shown
   */
  function cell(grid, cell, { shares, profile, scores, model, select }) {
    const { pack } = grid;
    const { UNKNOWN, BEST, NONE, FULL } = pm.sitingGrid;
    const commune = pack.communes[grid.communes[cell] - 1];
    const key = `commune:${commune.insee}`;
    const out = pack.exclusions.filter(({ id, bit }) => profile.exclusions.includes(id) && grid.excluded[cell] & (1 << bit));
    const rows = pack.criteria.map((criterion, i) => ({ criterion, part: shares?.[i] || 0, value: grid.values[i][cell] === UNKNOWN ? null : grid.values[i][cell] / BEST })).filter(({ part }) => part).sort((a, b) => b.part * (b.value ?? 0) - a.part * (a.value ?? 0));
    const total = scores[cell] === NONE ? null : scores[cell] / FULL;
    const line = ({ criterion, part, value }) => h("tr", null, h("th", { scope: "row" }, pick(criterion.title), h("small", null, meaning(criterion, value))), h("td.num", null, value === null ? "–" : points(value)), h("td.num", null, percent(part)), h("td.num", null, value === null ? "–" : points(value * part)));
    return [h("p.siting-score", null, h("b", null, total === null ? t("where.no_score") : t("where.score", { n: points(total) })), " ", model.byKey.has(key) ? h("button.link", { type: "button", lang: "fr", onclick: () => select(key) }, commune.name) : h("span", { lang: "fr" }, commune.name)),
      out.length ? h("p.said", null, t("where.excluded_by", { names: out.map(({ title }) => pick(title)).join(", ") })) : null,
      rows.length ? h("div.area-table", null, h("table", null, h("thead", null, h("tr", null, ["criterion", "value", "weight", "adds"].map((name, i) => h("th", { scope: "col", class: i ? "num" : null }, t(`where.${name}`))))), h("tbody", null, rows.map(line)))) : null];
  }

  /**
   * The best of them in one line, above the sliders.
   * @param {any[]} ranked @param {any} told {grid, kind, model, select}
   */
  function lead(ranked, { grid, kind, model, select }) {
    const first = ranked.slice(0, LED).map(({ area, score }, i) => {
      const { id, name, key } = pm.sitingGrid.named(grid, kind, area);
      return h("li", null, h("span", { "aria-hidden": "true" }, number(i + 1)), model.byKey.has(key) ? h("button.link", { type: "button", id: `led-${id}`, lang: "fr", onclick: () => select(key) }, name) : h("b", { lang: "fr" }, name), h("span", null, points(score)));
    });
    return first.length ? [h("ol.siting-lead", { "aria-label": t(kind === "zones" ? "where.ranking_zones" : "where.ranking") }, first)] : [];
  }

  /** Communes or zones: what is ranked, or why only communes are. @param {any} pack @param {string} kind @param {(kind: string) => void} choose */
  function ranks(pack, kind, choose) {
    if (!pack.zones) return pack.no_zones ? h("p.said", null, t("where.only_communes"), " ", pick(pack.no_zones)) : null;
    const names = { communes: t("where.communes"), zones: t("where.zones") };
    return h("div.siting-profiles", { role: "group", "aria-label": t("where.ranked") }, Object.keys(names).map((one) => h("button.button", { type: "button", id: `rank-${one}`, "aria-pressed": String(one === kind), onclick: () => choose(one) }, names[one])));
  }

  /** The best communes or zones. @param {any[]} ranked rows to show @param {any} told {grid, kind, held, model, select} */
  function ranking(ranked, { grid, kind, held, model, select }) {
    const { pack, owners } = grid;
    const zones = kind === "zones";
    if (!ranked.length) return [h("p", null, t(zones ? "where.none_ranked_zones" : "where.none_ranked"))];
    const line = (row, i) => {
      const { id, name, key, pole, commune } = pm.sitingGrid.named(grid, kind, row.area);
      const range = held?.rows[i];
      return h("tr", null, h("td.num", null, number(i + 1)), h("th", { scope: "row", lang: "fr" }, model.byKey.has(key) ? h("button.link", { type: "button", id: `ranked-${id}`, onclick: () => select(key) }, name) : name, h("small", null, zones ? commune : model.byKey.get(`pole:${pole}`)?.name || "")), h("td.num", null, points(row.score)), h("td.num", null, range ? between(range) : "…"));
    };
    const heads = ["rank", zones ? "zone" : "commune", "points", "range"].map((name, i) => h("th", { scope: "col", class: i === 1 ? null : "num" }, t(`where.${name}`)));
    return [h("div.area-table", null, h("table.siting-ranking", null, h("caption.hidden", null, t(zones ? "where.ranking_zones" : "where.ranking")), h("thead", null, h("tr", null, heads)), h("tbody", null, ranked.map(line)))),
      h("p.said", null, t(zones ? "where.rule_zones" : "where.rule", { share: percent(pack.rule.share), least: number(owners[kind].least) }), zones ? ` ${pick(pack.zones.limits)}` : "")];
  }

  const between = ({ from, to }) => (from === to ? number(from) : Number.isFinite(to) ? t("where.between", { from: number(from), to: number(to) }) : t("where.or_none", { from: number(from) }));

  /** Does the order hold. @param {any} held see siting_hold.js, null while it is worked out @param {any} pack @param {number} shown rows @param {string} kind */
  function sensitivity(held, pack, shown, kind) {
    if (!held) return [h("p", { role: "status" }, t("where.trying"))];
    const titles = held.upset.map((id) => pick(pack.criteria.find((one) => one.id === id).title));
    return [h("p", null, t("where.first_holds", { n: number(held.firstHolds), of: number(held.tried) }), titles.length ? ` ${t("where.upset", { names: titles.join(", ") })}` : ""), h("p", null, t(kind === "zones" ? "where.always_zones" : "where.always", { n: number(held.always), of: number(shown) }))];
  }

  /** How it was found: the formula, each criterion with its curve, limits and sources, what is missing. @param {any} pack @param {any} config */
  function method(pack, config) {
    // Named with each criterion, told in full once.
    const named = ({ sources = [], credit = "" }) => [...sources.map((id) => config.sources[id]).filter(Boolean).map((one) => `${pick(one.title)} (${pick(one.vintage)})`), ...(credit ? [credit] : [])].join(" ; ");
    const every = [...new Set([...pack.criteria, ...pack.exclusions, ...(pack.zones ? [pack.zones] : [])].flatMap(({ sources }) => sources))].map((id) => config.sources[id]).filter(Boolean);
    const source = (one) => h("li", null, one.url ? h("a", { href: one.url, target: "_blank", rel: "noopener" }, pick(one.title)) : h("b", null, pick(one.title)), h("p", null, [pick(one.publisher), pick(one.vintage), t("where.retrieved", { date: pm.text.date(one.retrieved) }), pick(one.licence)].filter(Boolean).join(" · ")));
    const entry = (one) => h("div.siting-method", null, one.title ? h("b", null, pick(one.title)) : null, one.curve ? h("p", null, pick(one.curve)) : null, h("p", null, pick(one.limits)), one.sources?.length || one.credit ? h("p.said", null, t("report.source"), " ", named(one)) : null);
    const folded = (title, ...body) => h("details.siting-more", null, h("summary", null, title), body);
    return section(t("where.method"), h("p", null, t("where.formula", { step: number(pack.step) })),
      folded(t("where.criteria"), pack.criteria.map(entry)),
      pack.exclusions.length ? folded(t("where.exclusions"), pack.exclusions.map(entry)) : null,
      pack.zones ? folded(t("where.zones"), entry({ ...pack.zones, title: null })) : null,
      folded(t("where.sources"), h("ul.siting-sources", null, every.map(source))),
      pack.absent.length ? folded(t("where.absent"), pack.absent.map((one) => h("div.siting-method", null, h("b", null, pick(one.title)), h("p", null, pick(one.reason))))) : null);
  }

  pm.sitingParts = { section, head, profiles, slider, mostOf, cell, lead, ranks, ranking, sensitivity, method, meaning, STEP };
})((globalThis.provence ??= {}));
