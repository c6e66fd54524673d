// The layers by group, with their symbols and how many features pass the filters.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  // No layer of features: it lies under them, and has none to count.
  const RELIEF = "relief";

  /**
   * Rows of the tree: what each shows and hides, for the layers that the document holds. `classes` are all classes of
   * the layer that a group's rows are classes of: two groups may share one layer, as those of places do.
   * @param {any} style @param {string[]} included
   */
  function groups(style, included) {
    const places = (name) => style.place_groups[name].map((id) => ({ layer: "places", name: id, text: `place.${id}` }));
    const all = [
      { id: "industry", layers: ["industry"], open: true, rows: style.industry.map((f) => ({ layer: "industry", name: f.id, text: `family.${f.id}` })) },
      { id: "decarbonation", layers: ["decarbonation"], open: true, rows: style.projects.map((f) => ({ layer: "decarbonation", name: f.id, text: `technology.${f.id}` })) },
      { id: "life", layers: ["places"], open: true, rows: places("life"), classes: style.places },
      { id: "access", layers: style.access, open: false, rows: style.access.map((layer) => ({ layer, name: null, text: `layer.${layer}` })) },
      { id: "land", layers: ["places"], open: false, rows: places("land"), classes: style.places },
      { id: "story", layers: ["perceptions"], open: true, rows: [{ layer: "perceptions", name: null, text: "layer.perceptions" }] },
      { id: "ground", layers: ["zones", "brownfields", "protected"], open: true, rows: ["zones", "brownfields", "protected"].map((layer) => ({ layer, name: null, text: `layer.${layer}` })) },
      { id: "networks", layers: ["rail", "power_lines"], open: true, rows: ["rail", "power_lines"].map((layer) => ({ layer, name: null, text: `layer.${layer}` })) },
      { id: "territory", layers: ["poles", "communes"], open: false, rows: ["poles", "communes", RELIEF].map((layer) => ({ layer, name: null, text: layer === RELIEF ? "relief.name" : `layer.${layer}` })) },
    ];
    const held = all.map((group) => ({ ...group, layers: group.layers.filter((id) => included.includes(id)), rows: group.rows.filter((row) => included.includes(row.layer)) }));
    return held.filter((group) => group.rows.length).map((group) => ({ classes: group.rows.map((row) => row.name), ...group }));
  }

  const isOn = (row, view) => row.layer === RELIEF ? view.relief : view.layers.includes(row.layer) && !(row.name && view.hidden.includes(`${row.layer}.${row.name}`));

  /** The View once a layer shows these of its classes alone: none of them is the layer off. */
  function showing(layer, names, classes, view) {
    const rest = view.hidden.filter((name) => !name.startsWith(`${layer}.`));
    const others = view.layers.filter((id) => id !== layer);
    if (!names.length) return { layers: others, hidden: rest };
    const hidden = classes.filter((name) => !names.includes(name)).map((name) => `${layer}.${name}`);
    return { layers: view.layers.includes(layer) ? view.layers : [...others, layer], hidden: [...rest, ...hidden] };
  }

  const shown = (layer, classes, view) => classes.filter((name) => isOn({ layer, name }, view));

  /** The View after a row was switched. */
  function toggleRow(row, group, view) {
    if (row.layer === RELIEF) return { relief: !view.relief };
    if (!row.name) {
      return { layers: view.layers.includes(row.layer) ? view.layers.filter((id) => id !== row.layer) : [...view.layers, row.layer] };
    }
    const now = shown(row.layer, group.classes, view);
    const names = now.includes(row.name) ? now.filter((name) => name !== row.name) : [...now, row.name];
    return showing(row.layer, names, group.classes, view);
  }

  /** The View after a whole group was switched: on shows all of it. */
  function toggleGroup(group, view) {
    const anyOn = group.rows.some((row) => isOn(row, view));
    const own = group.rows.map((row) => row.name);
    const [layer] = group.layers;
    if (own[0] && group.classes.length > own.length) {
      // The layer has classes in another group, which stay as they are.
      const others = shown(layer, group.classes, view).filter((name) => !own.includes(name));
      return showing(layer, anyOn ? others : [...others, ...own], group.classes, view);
    }
    const layers = view.layers.filter((id) => !group.layers.includes(id));
    const hidden = view.hidden.filter((name) => !group.layers.some((id) => name.startsWith(`${id}.`)));
    const relief = group.rows.some((row) => row.layer === RELIEF && !row.broken) ? { relief: !anyOn } : null;
    return { layers: anyOn ? layers : [...layers, ...group.layers], hidden, ...relief };
  }

  /** @param {any} context {model, draw, style, on, config} */
  function create(context) {
    const { model, draw, style, on } = context;
    const { columns, broken } = context.config.relief || {};
    const all = groups(style, [...context.config.included, ...(columns || broken ? [RELIEF] : [])]);
    // Terrain that cannot be used keeps its row, which says why.
    for (const row of all.flatMap((group) => group.rows)) if (row.layer === RELIEF) row.broken = Boolean(broken);
    const folded = new Set(all.filter((group) => !group.open).map((group) => group.id));
    let controls = [];
    let counts = [];

    function counted(rows) {
      const node = h("span.n");
      counts.push({ node, rows });
      return node;
    }

    function symbol(row) {
      if (row.layer === "industry") return draw.badge(row.name);
      if (row.layer === "decarbonation") return draw.shape(row.name, "operating", 18);
      if (row.layer === "perceptions") return h("span.bubble.still", null, "1");
      if (row.layer === RELIEF) return h("span.chip.still", null, pm.relief.symbol());
      if (pm.view.DRAPES.includes(row.layer)) return pm.drapePens.swatch((style.drapes.areas[row.layer] || style.drapes.lines[row.layer])[0], 20);
      return h("span.chip.still", null, pm.icons.icon(row.name || row.layer, 14));
    }

    function rowNode(row, group) {
      const box = h("input", { type: "checkbox", disabled: Boolean(row.broken), onchange: () => on.change(toggleRow(row, group, on.view()), { push: true }) });
      controls.push({ box, on: (view) => isOn(row, view) });
      const name = pm.text.t(row.text);
      return h(`li.row${row.broken ? ".none" : ""}`, null, h("label", null, box, h("span.box", { "aria-hidden": "true" }, pm.icons.icon("check", 12)), symbol(row), h("span.label", { title: name }, name)),
        row.layer === RELIEF ? null : counted([row]),
        h("button.i", { type: "button", "aria-label": pm.text.t("tree.about", { name }), title: pm.text.t("tree.about", { name }), onclick: () => on.about(row) }, pm.icons.icon("info", 16)));
    }

    function groupNode(group) {
      const title = pm.text.t(`group.${group.id}`);
      const list = h("ul", { id: `group-${group.id}`, hidden: folded.has(group.id) }, group.rows.map((row) => rowNode(row, group)),
        group.id === "story" ? h("li.all-cards", null, h("button.link", { type: "button", id: "all-cards", onclick: () => on.cards("perceptions") }, pm.text.t("perception.all"))) : null);
      const fold = h("button.fold", { type: "button", "aria-expanded": String(!folded.has(group.id)), "aria-controls": `group-${group.id}` },
        pm.icons.icon(folded.has(group.id) ? "right" : "down", 16), h("span", null, title));
      fold.addEventListener("click", () => {
        const open = folded.has(group.id);
        if (open) folded.delete(group.id);
        else folded.add(group.id);
        list.hidden = !open;
        fold.setAttribute("aria-expanded", String(open));
        fold.replaceChild(pm.icons.icon(open ? "down" : "right", 16), fold.firstChild);
      });
      const knob = h("button.switch", { type: "button", role: "switch", "aria-label": pm.text.t("tree.group", { name: title }), onclick: () => on.change(toggleGroup(group, on.view()), { push: true }) });
      controls.push({ knob, on: (view) => group.rows.some((row) => isOn(row, view)) });
      const n = group.id === "territory" ? null : counted(group.rows);
      return h("section.group", { "aria-label": title }, h("div.head", null, fold, n, knob), list);
    }

    /** Build the tree anew: at the start and when the language changes. @param {HTMLElement} root */
    function build(root) {
      controls = [];
      counts = [];
      fill(root,
        h("div.head-row", null, h("h2", null, pm.text.t("tree.layers")), h("button.link", { type: "button", onclick: on.reset }, pm.text.t("tree.reset"))),
        h("div.groups", null, all.map(groupNode)));
    }

    /** How many features of each layer and class pass the filters, shown or not. */
    function passing(view) {
      const found = {};
      for (const layer of new Set(all.flatMap((group) => group.rows.map((row) => row.layer)))) {
        // Not fetched yet: all of it, whatever the filters.
        if (model.awaited(layer)) found[layer] = context.config.beside[layer].rows;
        for (const item of model.items[layer] || []) {
          if (!model.timely(item, view) || !model.passes(item, view)) continue;
          const name = `${layer}.${model.classOf(item)}`;
          found[layer] = (found[layer] || 0) + 1;
          found[name] = (found[name] || 0) + 1;
        }
      }
      return found;
    }

    const sameFilters = (view, previous) => previous && view.year === previous.year && view.filters === previous.filters && view.ranges === previous.ranges;

    function update(view, previous) {
      for (const control of controls) {
        const state = control.on(view);
        if (control.box) control.box.checked = state;
        else control.knob.setAttribute("aria-checked", String(state));
      }
      if (sameFilters(view, previous)) return;
      const found = passing(view);
      for (const { node, rows } of counts) {
        const n = rows.reduce((sum, row) => sum + (found[row.name ? `${row.layer}.${row.name}` : row.layer] || 0), 0);
        // Of a layer that is not fetched yet the rows are known, not their classes.
        const unknown = rows.find((row) => row.name && model.awaited(row.layer));
        node.textContent = unknown ? (rows.length > 1 ? pm.text.number(found[unknown.layer]) : "…") : pm.text.number(n);
        node.closest("li")?.classList.toggle("none", !n && !unknown);
      }
    }

    return { build, update };
  }

  pm.tree = { create, groups, toggleRow, toggleGroup, isOn };
})((globalThis.provence ??= {}));
