// Cards of areas and lines that lie over the land, and what is said of them in one line.
(function (pm) {
  "use strict";
  const { h } = pm.dom;

  /** An area in hectares. @param {number} area */
  const hectares = (area) => (area < 0.1 ? pm.text.t("drape.less_ha") : pm.text.t("drape.ha", { n: pm.text.number(area, area < 10 ? 1 : 0) }));

  /** The voltage of a line, or that nobody says it. @param {any} item */
  const voltage = (item) => (item.kv === undefined ? pm.text.t("drape.power_unsaid") : pm.text.t("drape.kv", { n: pm.text.number(item.kv) }));

  /** Whether a line is used, or nobody says that it is not: then its state is no news. */
  const used = (item) => item.state === "in-service" || item.state === "unknown";

  /** One line of figures. @param {any} item */
  function figure(item) {
    const { t } = pm.text;
    if (item.area_ha !== undefined) return hectares(item.area_ha);
    if (item.kind === "power") return [voltage(item), used(item) ? null : t(`drape.state_${item.state}`)].filter(Boolean).join(" · ");
    return [used(item) ? null : t(`drape.state_${item.state}`), item.use === "unknown" ? null : t(`drape.use_${item.use}`), item.tracks === undefined ? null : pm.text.count("drape.n_tracks", item.tracks)].filter(Boolean).join(" · ") || t("drape.state_unknown");
  }

  /** That a file without a server draws a layer coarser than the map online, or nothing. @param {string} layer @param {string} [form] */
  function coarse(layer, form = "coarse") {
    const times = pm.layers?.[layer]?.coarse;
    return times ? pm.text.t(form === "coarse" ? "drape.coarse" : "drape.coarse_short", { n: pm.text.number(times) }) : null;
  }

  /** Names of what its table gives none. @param {any} item */
  const nameOf = (item, model) => item.own_name || (item.kind === "power" ? `${pm.text.t("kind.power")} · ${voltage(item)}` : model.familyName(item));

  /** @param {any} context {model, config, on} @param {any} parts see parts.js */
  function create(context, parts) {
    const { model, on, config } = context;
    const { t } = pm.text;
    const { section, facts, pair, figure: told, head, sources, quiet, link, joined } = parts;

    /** The day of the last change, or of the refresh, beside a figure. */
    const aged = (item) => (item.updated ? pm.text.date(item.updated) : null);
    const of = (item) => item.sources;
    const french = (words) => (words ? h("span", { lang: "fr" }, words) : null);

    function whole(item, line, ...rows) {
      const layer = config.layers[item.layer];
      return [head(item, line), section(t("site.facts"), null, facts(...rows)),
        section(t("read.sure"), null, h("p.said.refreshed", null, layer.refreshed ? t("fresh.refreshed", { date: pm.text.date(layer.refreshed) }) : t("fresh.shipped")),
          coarse(item.layer) ? h("p.said", null, coarse(item.layer)) : item.area_ha === undefined ? null : h("p.said", null, t("drape.simplified")),
          h("p.said", null, h("button.link", { type: "button", onclick: () => on.about({ layer: item.layer, name: null }) }, t("read.method")))),
        sources(of(item))];
    }

    function commune(item) {
      const place = model.byKey.get(`commune:${item.insee}`);
      return pair(t("kind.commune"), place ? h("button.link", { type: "button", lang: "fr", onclick: () => on.select(place.key) }, place.name) : item.commune);
    }

    const zone = (item) => whole(item, `${item.commune} (${item.insee})`, pair(t("table.kind"), told(model.familyName(item), of(item))), pair(t("drape.official"), french(item.detail)), pair(t("drape.area"), told(hectares(item.area_ha), of(item), aged(item))), commune(item), pair(t("drape.updated"), aged(item)));

    const brownfield = (item) => whole(item, `${item.commune} (${item.insee})`, pair(t("drape.status"), told(model.familyName(item), of(item))), pair(t("drape.official"), french(item.type)), pair(t("drape.activity"), french(item.activity) || quiet(t("drape.not_stated"))), pair(t("drape.area"), told(hectares(item.area_ha), of(item))), pair(t("drape.pollution"), french(item.pollution) || quiet(t("drape.pollution_unsaid"))), commune(item));

    const protectedArea = (item) => whole(item, model.familyName(item), pair(t("table.kind"), told(model.familyName(item), of(item))), pair(t("drape.area"), told(hectares(item.area_ha), of(item))), pair(t("drape.number"), item.number), pair(t("drape.sheet"), item.url ? link(item.url, item.number || item.name) : null));

    const state = (item) => pair(t("drape.state"), told(t(`drape.state_${item.state}`), of(item)));

    const rail = (item) => whole(item, joined(t("layer.rail"), figure(item)), pair(t("table.kind"), told(model.familyName(item), of(item))), state(item), pair(t("drape.use"), told(t(`drape.use_${item.use}`), of(item))), pair(t("drape.electrified"), told(t(`drape.answer_${item.electrified}`), of(item))), pair(t("drape.tracks"), item.tracks === undefined ? quiet(t("drape.not_stated")) : told(pm.text.number(item.tracks), of(item))));

    const power = (item) => whole(item, joined(t("layer.power_lines"), figure(item)), pair(t("drape.voltage"), told(voltage(item), of(item))), state(item), pair(t("drape.operator"), item.operator || quiet(t("drape.not_stated"))));

    return { zone, brownfield, protected: protectedArea, rail, power };
  }

  pm.drapeCards = { create, figure, nameOf, coarse };
})((globalThis.provence ??= {}));
