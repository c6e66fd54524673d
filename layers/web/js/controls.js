// What floats over the map besides its key: zoom, home, phone buttons, theme chips.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;

  /**
   * @param {{controls: HTMLElement, themes: HTMLElement}} roots
   * @param {any} context {config, draw, on, actions}
   */
  function create(roots, context) {
    const { config, draw, on } = context;
    const { t } = pm.text;

    function build() {
      const button = (name, icon, action, id) => h("button", { type: "button", id, "aria-label": t(name), title: t(name), onclick: action }, pm.icons.icon(icon));
      fill(roots.controls, h("div.zoom", null, button("map.zoom_in", "plus", () => on.zoom(1)), button("map.zoom_out", "minus", () => on.zoom(-1))), h("div", null, button("map.home", "home", on.home)),
        pm.site ? null : h("div", null, button("around.title", "around", () => on.around(), "open-around")),
        h("div.phone", null, button("tree.layers", "layers", () => on.sheet())), h("div.phone", null, button("table.open", "table", () => on.table())), h("div.phone", null, button("time.title", "time", () => on.years(), "open-years")));
      themes(on.view());
    }

    /** Whole themes, for a thumb. @param {any} view */
    function themes(view) {
      const all = pm.tree.groups(config.style, config.included);
      fill(roots.themes, ["industry", "decarbonation", "life", "access", "story"].map((id) => {
        const group = all.find((candidate) => candidate.id === id);
        if (!group) return null;
        const shown = group.rows.some((row) => pm.tree.isOn(row, view));
        const symbol = id === "industry" ? draw.badge("metal", 20) : id === "decarbonation" ? draw.shape("h2", "operating", 20) : pm.icons.icon({ life: "university", access: "ports", story: "perceptions" }[id], 20);
        return h("button", { type: "button", "aria-pressed": String(shown), onclick: () => on.change(pm.tree.toggleGroup(group, on.view()), { push: true }) }, symbol, t(`group.${id}`));
      }));
    }

    function update(view, previous) {
      if (!previous || ["layers", "hidden"].some((key) => String(view[key]) !== String(previous[key]))) themes(view);
    }

    return { build, update };
  }

  pm.controls = { create };
})((globalThis.provence ??= {}));
