// One line on anything: its family, its place, its figure. Used by tooltips, search, lists, cards and the table.
(function (pm) {
  "use strict";

  /** Give the model its words. @param {any} model @param {any} config @param {any} draw */
  function extend(model, config, draw) {
    const { t, co2 } = pm.text;
    model.statusOrder = config.style.statuses.map((status) => status.id);

    const TEXT_OF = { site: (item) => `family.${item.family}`, project: (item) => `technology.${item.family}`, place: (item) => `category.${item.category}`, perception: (item) => `verdict.${item.verdict}`, port: () => "kind.port", station: (item) => `access.${item.type}`, airport: (item) => `access.${item.type}`, commune: () => "kind.commune", pole: () => "kind.pole",
      zone: (item) => `drape.zone_${item.type}`, brownfield: (item) => `drape.fallow_${item.status}`, protected: (item) => `drape.protected_${item.type}`, rail: (item) => `drape.rail_${item.type}`, power: (item) => `drape.power_${item.class}` };

    model.familyName = (item, language) => {
      const key = TEXT_OF[item.kind](item);
      return language ? config.texts[language][key] || "" : t(key);
    };
    model.poleName = (id) => (!id ? "" : id === "outside" ? t("pole.outside") : model.byKey.get(`pole:${id}`)?.name || id);
    model.symbol = (item, size) => {
      if (item.kind === "site") return draw.badge(item.family, size);
      if (item.kind === "project") return draw.shape(item.family, item.status, size);
      if (item.kind === "perception") return pm.dom.h("span.bubble.still", null, String(item.rank));
      if (item.class && pm.view.DRAPES.includes(item.layer)) return pm.drapePens.swatch(pm.drape.styleOf(config.style.drapes, item.layer, item.class), size);
      return pm.dom.h("span.chip.still", null, pm.icons.icon(item.kind === "place" ? item.class : item.layer, size - 4));
    };
    model.statusText = (item) => (item.kind === "brownfield" ? t(`drape.brownfield_${item.status}`) : item.state ? t(`drape.state_${item.state}`) : item.kind === "site" ? t(`site_status.${item.status}`) : t(`status.${item.status}`));

    /** The one figure of an item, with its unit and year, or the plain statement that there is none. */
    model.figure = (item, year) => {
      if (item.kind === "site") {
        const verified = model.co2(item, year);
        return verified === null ? t("missing.figure") : t("site.figure", { co2: co2(verified), year });
      }
      if (item.kind === "project") {
        if (!item.start) return model.statusText(item);
        return t(item.status === "operating" ? "project.figure_operating" : "project.figure", { status: model.statusText(item), year: item.start });
      }
      if (item.kind === "commune" || item.kind === "pole") return t("area.figure", { population: pm.text.number(item.population), year: item.population_year || t("missing.year") });
      if (item.kind === "perception") return t("perception.value_in", { value: pm.perception.value(item.figures[0]), year: item.figures[0].year });
      if (pm.view.DRAPES.includes(item.layer)) return pm.drapeCards.figure(item);
      return model.familyName(item);
    };
    /** The first year from which totals over several sites compare: the scope of the EU ETS widened in it. */
    model.totalsFrom = Math.max(config.first_year, config.scope_widened);
    /**
     * First and last verified figure of a series, and the change from the first to a year: null where there is none.
     * @param {(number | null)[]} series @param {number} year @param {number} [from] where the series begins to compare: `totalsFrom` for a sum of sites
     */
    model.trend = (series, year, from = config.first_year) => {
      const known = series.map((value, i) => ({ value, year: config.first_year + i })).filter((one) => one.value !== null && one.year >= from);
      const [first, last, shown] = [known[0], known[known.length - 1], known.find((one) => one.year === year)];
      return { first, last, change: shown && first.value > 0 && first.year < year ? shown.value / first.value - 1 : null };
    };
    /** Verified tonnes of the sites of a commune, null where none has a figure for the year. */
    model.communeCo2 = (commune, year) => {
      const known = model.items.industry.filter((site) => site.insee === commune.id).map((site) => model.co2(site, year)).filter((value) => value !== null);
      return known.length ? known.reduce((sum, value) => sum + value, 0) : null;
    };
    model.area = (item) => `${pm.text.number(item.area_km2, item.area_km2 < 100 ? 1 : 0)}\u00a0km²`;
    model.density = (item) => t("read.per_km2", { n: pm.text.number(item.population / item.area_km2) });
    model.tagline = (item, year) => (["site", "project"].includes(item.kind) || pm.view.DRAPES.includes(item.layer) ? `${model.familyName(item)} · ${model.figure(item, year)}` : model.familyName(item));
    model.subtitle = (item) => {
      if (item.kind === "pole") return pm.text.count("pole.communes", item.communes);
      if (item.kind === "perception") return [model.familyName(item), item.commune].filter(Boolean).join(" · ");
      if (item.kind === "commune") return `${item.id} · ${model.poleName(item.pole)}`;
      if (pm.view.DRAPES.includes(item.layer)) return [item.commune, model.familyName(item)].filter(Boolean).join(" · ");
      return [item.commune, item.operator && item.operator !== item.name ? item.operator : null].filter(Boolean).join(" · ");
    };
    /** Projects and cards have a name in each language. */
    const named = [...model.items.decarbonation, ...model.items.perceptions];
    const draped = () => pm.view.DRAPES.flatMap((layer) => model.items[layer]);
    for (const item of draped()) item.own_name = item.name;
    // What comes later is named as what was here from the start.
    const { adopt } = model;
    model.adopt = (layer, features) => {
      for (const item of adopt(layer, features)) {
        item.own_name = item.name;
        if (pm.view.DRAPES.includes(layer)) item.name = pm.drapeCards.nameOf(item, model);
      }
    };
    model.relanguage = () => {
      for (const item of draped()) item.name = pm.drapeCards.nameOf(item, model);
      for (const item of named) item.name = pm.text.language === "fr" && item.name_fr ? item.name_fr : item.name_en;
    };
    for (const item of named) item.name_en = item.name;
    model.relanguage();
    model.describe = (item) => `${item.name}, ${model.tagline(item, pm.view.lastYear)}`;
    return model;
  }

  pm.describe = { extend };
})((globalThis.provence ??= {}));
