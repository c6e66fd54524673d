// Companies: who operates sites and holds projects, as one entry of the search and one list beside the map.
(function (pm) {
  "use strict";
  const { h } = pm.dom;

  /**
   * Companies by name, each with its sites and projects. Names are taken as the sources write them: two spellings stay two.
   * @param {any} model
   * @returns {Map<string, any[]>}
   */
  function all(model) {
    const found = new Map();
    for (const item of [...model.items.industry, ...model.items.decarbonation]) {
      const name = item.operator || item.holder;
      if (!name) continue;
      if (!found.has(name)) found.set(name, []);
      found.get(name).push(item);
    }
    return found;
  }

  /** "2 sites, 1 project". @param {any[]} items */
  function counted(items) {
    const sites = items.filter((item) => item.kind === "site").length;
    const projects = items.length - sites;
    return [sites ? pm.text.count("company.sites", sites) : "", projects ? pm.text.count("company.projects", projects) : ""].filter(Boolean).join(", ");
  }

  /** @param {string} name @param {any[]} items @param {any} context {model, on} */
  function content(name, items, { model, on }) {
    const { t } = pm.text;
    const year = on.year();
    const row = (item) => h("li", null, h("button.item", { type: "button", onclick: () => on.select(item.key) }, model.symbol(item, 20), h("span", null, h("b", { lang: "fr" }, item.name), h("small", null, `${item.commune} · ${model.figure(item, year)}`))));
    const list = (kind, title) => {
      const part = items.filter((item) => item.kind === kind);
      return part.length ? h("section.sec", null, h("h3", null, t(title), h("span", null, pm.text.number(part.length))), h("ul.rows", null, part.map(row))) : null;
    };
    return [h("div.card-head", null, h("div.over", null, t("company.over")), h("h2", { tabindex: "-1", id: "card-title", lang: "fr" }, name), h("p", null, counted(items))),
      list("site", "group.industry"), list("project", "group.decarbonation"), h("section.sec", null, h("p.said", null, t("company.note")))];
  }

  pm.company = { all, counted, content };
})((globalThis.provence ??= {}));
