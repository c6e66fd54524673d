// The comparison in the drawer: up to three sites or communes on one grid, or the three poles when none is chosen.
(function (pm) {
  "use strict";
  const { h } = pm.dom;

  /** @param {any} context {model, draw, config, on} */
  function create(context) {
    const { model, config, on } = context;
    const { t } = pm.text;
    const parts = pm.parts.create(context);
    const grid = pm.grid.create(context, parts);
    const profile = pm.profile.create(context, parts);

    const head = (title, line, ...more) => h("div.card-head", null, h("div.over", null, pm.icons.icon("compare", 18), h("span", null, t("read.compare"))), h("h2", { tabindex: "-1", id: "card-title" }, title), line ? h("p", null, line) : null, more);

    /** Up to as many as there is room for: sites of the family, or communes, nearest to those chosen. @param {any[]} chosen */
    function proposed(chosen) {
      const nearest = chosen.map((item) => (item.kind === "site" ? item.alike : item.beside) || []);
      // In turn from each, so that no one of them decides alone.
      const ids = Array.from({ length: Math.max(0, ...nearest.map((list) => list.length)) }, (_, i) => nearest.map((list) => list[i])).flat();
      return [...new Set(ids)].map((id) => model.byKey.get(`${chosen[0].kind}:${id}`)).filter((item) => item && !chosen.includes(item)).slice(0, pm.view.MOST_COMPARED);
    }

    function more(chosen) {
      if (chosen.length >= pm.view.MOST_COMPARED) return null;
      const items = proposed(chosen);
      const site = chosen[0].kind === "site";
      const add = (item) => h("li", null, h("button.item", { type: "button", "aria-label": t("grid.add", { name: item.name }), onclick: () => on.compare(item.key) }, model.symbol(item, 20), h("span", null, h("b", null, item.name), h("small", null, site ? item.commune : model.poleName(item.pole))), h("span.k", null, pm.icons.icon("plus", 18))));
      return parts.section(site ? t("grid.like") : t("grid.beside"), null, items.length ? h("ul.rows", null, items.map(add)) : null, h("p.said", null, site ? t("grid.how_site") : t("grid.how_commune")));
    }

    /**
     * What the drawer shows for a View: nodes, the title first, with the id `card-title`.
     * @param {any} view
     */
    function content(view) {
      parts.start();
      const chosen = view.compare.map((key) => model.byKey.get(key)).filter(Boolean);
      const year = pm.view.verified(view);
      if (!chosen.length) {
        const said = config.layers.poles;
        return [head(t("grid.poles"), t("grid.note")), h("section.sec", null, grid.poles(year)), h("section.sec", null, h("p.said", null, t("grid.how_site"))), parts.sources([...said.sources, ...parts.etsAll])];
      }
      const sites = chosen[0].kind === "site";
      const clear = h("div.actions", null, h("button.button", { type: "button", onclick: () => on.change({ compare: [] }, { push: true }) }, t("grid.clear")));
      return [head(sites ? pm.text.count("grid.sites", chosen.length) : pm.text.count("grid.communes", chosen.length), t("grid.note"), clear),
        h("section.sec", null, sites ? grid.sites(chosen, year, profile.seveso) : grid.communes(chosen, year)), more(chosen), parts.sources(sites ? chosen.flatMap((item) => item.sources || []) : config.layers.communes.sources)];
    }

    return { content, proposed };
  }

  pm.compare = { create };
})((globalThis.provence ??= {}));
