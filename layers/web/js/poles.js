// The three poles at the head of the panel, each with the emissions of the year and its projects.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;

  /** @param {any} context {model, config, on} */
  function create(context) {
    const { model, config, on } = context;
    let chips = [];

    function chip(pole) {
      const projects = h("span.figure");
      const of = h("small");
      const tonnes = h("span.figure");
      const year = h("small");
      const node = h(`button.pole-chip.pole-${pole.id}`, { type: "button", "aria-pressed": "false", onclick: () => on.select(on.view().selection === pole.key ? null : pole.key) },
        h("b", { lang: "fr" }, pole.name.replace("–", "–\u200b")), tonnes, year, projects, of);
      chips.push({ node, key: pole.key, pole, tonnes, year, projects, of, all: config.poles[pole.id].projects });
      return node;
    }

    /** The story's own layer comes with the list of its cards. */
    function story() {
      const { layers } = on.view();
      if (!layers.includes("perceptions")) on.change({ layers: [...layers, "perceptions"] }, { push: true });
      on.cards("perceptions");
    }

    /** @param {HTMLElement} root */
    function build(root) {
      const { t } = pm.text;
      chips = [];
      fill(root, h("div.head-row", null, h("h2", null, t("tree.poles")), h("button.link", { type: "button", onclick: () => on.about({ layer: "poles", name: null, text: "layer.poles" }) }, t("tree.definition")), h("button.link", { type: "button", onclick: () => on.compare(null) }, t("action.compare"))),
        h("div.poles", null, model.items.poles.map(chip)),
        config.included.includes("perceptions") ? h("button.button.story", { type: "button", onclick: story }, pm.icons.icon("perceptions", 18), t("panel.story"), pm.icons.icon("right", 16)) : null,
        config.siting ? h("button.button.story", { type: "button", id: "open-siting", onclick: () => on.siting() }, pm.icons.icon("explore", 18), t("where.open"), pm.icons.icon("right", 16)) : null);
    }

    function update(view, previous) {
      const year = pm.view.verified(view);
      const same = previous && previous.filters === view.filters && previous.ranges === view.ranges && previous.year === view.year;
      for (const { node, key, pole, tonnes, year: label, projects, of, all } of chips) {
        node.setAttribute("aria-pressed", String(view.selection === key));
        if (!same || !projects.textContent) {
          const n = model.items.decarbonation.filter((item) => item.pole === pole.id && model.timely(item, view) && model.passes(item, view)).length;
          projects.textContent = pm.text.number(n);
          of.textContent = n === all ? pm.text.count("pole.projects", n) : pm.text.count("pole.projects_of", all);
        }
        if (previous && pm.view.verified(previous) === year && tonnes.textContent) continue;
        const total = model.total(pole.id, year);
        // What has not been fetched is not known: “none” would be a figure.
        if (model.awaited("industry")) tonnes.textContent = pm.text.t("cluster.awaited");
        else tonnes.textContent = total.tonnes === null ? pm.text.t("pole.none") : pm.text.co2(total.tonnes);
        label.textContent = pm.text.t("pole.co2_in", { year });
      }
    }

    return { build, update };
  }

  pm.poles = { create };
})((globalThis.provence ??= {}));
