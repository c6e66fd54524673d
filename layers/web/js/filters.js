// Filters: what each speaks of, how many it would keep, what is active, and why nothing is left.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const TYPING_MS = 350;
  const KT = 1000;

  // Group, key, layers it speaks of. A facet offers values, a range two ends; `scale` is what is typed for one unit stored.
  const PARTS = [
    { group: "all", key: "pole", layers: ["industry", "decarbonation"] },
    { group: "all", key: "commune", layers: ["industry", "decarbonation"] },
    { group: "sites", key: "family", layers: ["industry"] },
    { group: "sites", key: "co2", range: true, scale: KT, layers: ["industry"] },
    { group: "sites", key: "seveso", layers: ["industry"] },
    { group: "projects", key: "technology", layers: ["decarbonation"] },
    { group: "projects", key: "status", layers: ["decarbonation"] },
    { group: "projects", key: "capacity", range: true, scale: 1, layers: ["decarbonation"] },
    { group: "projects", key: "investment", range: true, scale: 1, layers: ["decarbonation"] },
    { group: "projects", key: "start", range: true, scale: 1, layers: ["decarbonation"] },
  ];
  const COUNTED = ["industry", "decarbonation"];

  /** The View without one filter or range. @param {any} view @param {string} key */
  function without(view, key) {
    const filters = { ...view.filters };
    const ranges = { ...view.ranges };
    delete filters[key];
    delete ranges[key];
    return { filters, ranges };
  }

  /** The View after values were ticked, or unticked where all of them were. @param {any} view @param {string} key @param {string[]} given */
  function toggle(view, key, given) {
    const had = view.filters[key] || [];
    const values = given.every((value) => had.includes(value)) ? had.filter((other) => !given.includes(other)) : [...new Set([...had, ...given])].sort();
    const filters = { ...view.filters, [key]: values };
    if (!values.length) delete filters[key];
    return { filters };
  }

  /** The View after an end of a range was typed; what is no number says nothing. */
  function limit(view, key, limits) {
    const ranges = { ...view.ranges, [key]: { least: null, most: null, unit: null, ...view.ranges[key], ...limits } };
    const { least, most, unit } = ranges[key];
    if (least !== null && most !== null && least > most) Object.assign(ranges[key], "least" in limits ? { most: null } : { least: null });
    if (least === null && most === null && unit === null) delete ranges[key];
    return { ranges };
  }

  /** Keys of the filters and ranges in force, in the order of the panel. */
  const active = (view) => PARTS.map((part) => part.key).filter((key) => view.filters[key]?.length || view.ranges[key]);

  /** @param {any} context {model, draw, config, on} */
  function create(context) {
    const { model, draw, config, on } = context;
    const { t } = pm.text;
    let rows = [];
    let inputs = [];
    let summaries = [];
    let status;
    let typing = 0;
    const opened = new Set(["pole", "family", "status"]);

    const PROJECT_VALUES = config.style.statuses.map((status_) => status_.id);
    const OF = {
      pole: () => [...model.items.poles.map((pole) => pole.id), ...(model.items.decarbonation.some((p) => p.pole === "outside") ? ["outside"] : [])],
      commune: () => communes(),
      family: () => config.style.industry.map((f) => f.id),
      seveso: () => ["upper", "lower", "none", "unknown"],
      technology: () => Object.keys(model.countBy("decarbonation", "technology")).sort((a, b) => t(`tech.${a}`).localeCompare(t(`tech.${b}`), pm.text.language)),
      status: () => PROJECT_VALUES,
    };

    /** Communes where something stands, by name. */
    function communes() {
      const names = new Map([...model.items.industry, ...model.items.decarbonation].map((item) => [item.insee, item.commune]));
      return [...names].sort((a, b) => a[1].localeCompare(b[1], "fr")).map(([code]) => code);
    }

    const communeName = (code) => (model.byKey.get(`commune:${code}`) || [...model.items.industry, ...model.items.decarbonation].find((item) => item.insee === code))?.[model.byKey.has(`commune:${code}`) ? "name" : "commune"] || code;

    function valueText(key, value) {
      if (key === "pole") return model.poleName(value);
      if (key === "commune") return communeName(value);
      if (key === "family") return t(config.style.projects.some((f) => f.id === value) ? `technology.${value}` : `family.${value}`);
      return t(`${{ seveso: "seveso", technology: "tech", status: "status" }[key]}.${value}`);
    }

    function symbol(key, value) {
      if (key === "family") return draw.badge(value, 16);
      if (key === "status") return draw.shape("h2", value, 16);
      return key === "pole" && value !== "outside" ? h(`span.swatch.pole-${value}`, { "aria-hidden": "true" }) : null;
    }

    const unitsThere = () => [...new Map(model.items.decarbonation.filter((p) => p.unit).map((p) => [p.unit, pm.text.pick(p.capacity_unit)]))].sort((a, b) => a[1].localeCompare(b[1], pm.text.language));

    /** A box to tick: one value, or all values of a family at once. */
    function tick(part, values, name, drawing, selector = "li.row") {
      const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", onchange: () => on.change(toggle(on.view(), part.key, values), { push: true }) }));
      const n = h("span.n");
      const row = h(selector, null, h("label", null, box, h("span.box", { "aria-hidden": "true" }, pm.icons.icon("check", 12)), drawing, h("span.label", { title: name, lang: ["pole", "commune"].includes(part.key) ? "fr" : null }, name), n));
      rows.push({ part, values, box, n, row });
      return row;
    }

    function facet(part) {
      const single = (value, selector) => tick(part, [value], valueText(part.key, value), symbol(part.key, value), selector);
      const there = OF[part.key]();
      if (part.key !== "technology") return h("ul.values", { "aria-label": t(`filter.${part.key}`) }, there.map((value) => single(value)));
      // By the families of the layers, so that "hydrogen" is the same set of projects in both.
      const families = config.families.decarbonation.map((family) => ({ id: family.id, members: family.members.filter((member) => there.includes(member)) })).filter(({ members }) => members.length);
      return h("ul.values", { "aria-label": t(`filter.${part.key}`) }, families.flatMap(({ id, members }) => (members.length === 1 ? [tick(part, members, valueText(part.key, members[0]), draw.shape(id, "operating", 16))]
        : [tick(part, members, t(`technology.${id}`), draw.shape(id, "operating", 16)), ...members.map((member) => single(member, "li.row.member"))])));
    }

    function range(part) {
      const field = (side) => {
        const input = /** @type {HTMLInputElement} */ (h("input", { type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": `${t(`filter.${part.key}`)}, ${t(`filter.${side}`)}`, placeholder: t(`filter.${side}`) }));
        const read = () => {
          const text = input.value.trim().replace(/[\s\u202f\u00a0]/g, "").replace(",", ".");
          const number = text === "" ? null : Number(text) * part.scale;
          const good = number === null || (Number.isFinite(number) && number >= 0 && number < 1e9);
          input.setAttribute("aria-invalid", String(!good));
          if (good) on.change(limit(on.view(), part.key, { [side]: number === null ? null : Number(number.toFixed(3)) }), { push: true });
        };
        input.addEventListener("input", () => { clearTimeout(typing); typing = window.setTimeout(read, TYPING_MS); });
        input.addEventListener("change", () => { clearTimeout(typing); read(); });
        inputs.push({ part, side, input });
        return input;
      };
      const unit = part.key === "capacity" ? h("select", { "aria-label": t("filter.unit"), onchange: (event) => on.change(limit(on.view(), "capacity", { unit: event.target.value || null, least: null, most: null }), { push: true }) },
        h("option", { value: "" }, t("filter.any_unit")), unitsThere().map(([key, text]) => h("option", { value: key }, text))) : null;
      if (unit) inputs.push({ part, side: "unit", input: unit });
      return h("div.range", null, unit, h("div.ends", null, field("least"), h("span", { "aria-hidden": "true" }, "–"), field("most"), part.key === "capacity" ? null : h("span.quiet", null, t(`filter.unit_${part.key}`))), h("p.said", null, t(`filter.note_${part.key}`)));
    }

    function partNode(part) {
      const n = h("span.n");
      summaries.push({ part, n });
      const node = /** @type {HTMLDetailsElement} */ (h("details.facet", { open: opened.has(part.key) }, h("summary", null, h("span", null, t(`filter.${part.key}`)), n), part.range ? range(part) : facet(part)));
      node.addEventListener("toggle", () => {
        if (node.open) opened.add(part.key);
        else opened.delete(part.key);
        if (node.open) count(on.view());
      });
      return node;
    }

    /** @param {HTMLElement} root the tab of the panel */
    function build(root) {
      rows = [];
      inputs = [];
      summaries = [];
      status = h("p.count", { role: "status" });
      const groups = ["all", "sites", "projects"].map((id) => h("section.filter-group", { "aria-label": t(`filter.group_${id}`) }, h("h3", null, t(`filter.group_${id}`)), PARTS.filter((part) => part.group === id).map(partNode)));
      fill(root, h("div.filter-head", null, status, h("button.link", { type: "button", onclick: reset }, t("filter.reset"))), groups);
    }

    const reset = () => on.change({ filters: {}, ranges: {} }, { push: true });

    /** What passes, of how many: sites and projects, layers switched off or not. */
    function passing(view) {
      return COUNTED.filter((layer) => config.included.includes(layer)).map((layer) => ({ layer, n: model.items[layer].filter((item) => model.timely(item, view) && model.passes(item, view)).length, of: model.items[layer].length }));
    }

    const said = (view) => passing(view).map(({ layer, n, of }) => t(`filter.of_${layer}`, { n: pm.text.number(n), of: pm.text.number(of) })).join(" · ");

    /** Fill in the counts of what is unfolded. */
    function count(view) {
      const known = {};
      for (const { part, values, n, row, box } of rows) {
        if (!opened.has(part.key)) continue;
        known[part.key] ??= model.facets(part.key, part.layers, view);
        const found = values.reduce((sum, value) => sum + (known[part.key][value] || 0), 0);
        n.textContent = pm.text.number(found);
        row.classList.toggle("none", !found && !box.checked);
      }
    }

    function update(view, shown) {
      for (const { part, values, box } of rows) {
        const ticked = values.filter((value) => view.filters[part.key]?.includes(value)).length;
        box.checked = ticked === values.length;
        box.indeterminate = ticked > 0 && ticked < values.length;
      }
      for (const { part, side, input } of inputs) {
        const value = view.ranges[part.key]?.[side];
        if (side === "unit") input.value = value || "";
        else if (input !== document.activeElement) input.value = value === null || value === undefined ? "" : String(value / part.scale);
        if (part.key === "capacity" && side !== "unit") input.disabled = !view.ranges.capacity?.unit;
      }
      for (const { part, n } of summaries) {
        const number = view.filters[part.key]?.length || (view.ranges[part.key] ? 1 : 0);
        n.textContent = number ? pm.text.number(number) : "";
        n.classList.toggle("on", number > 0);
      }
      if (!shown) return;
      status.textContent = said(view);
      count(view);
    }

    /** A filter in words: "CO₂: 100 kt or more". */
    function words(key, view) {
      const name = t(`filter.${key}`);
      if (view.filters[key]) return t("filter.is", { name, values: view.filters[key].map((value) => valueText(key, value)).join(", ") });
      const { least, most, unit } = view.ranges[key];
      const scale = PARTS.find((part) => part.key === key).scale;
      const write = (value) => (key === "start" ? String(value) : key === "investment" ? pm.text.money(value) : key === "co2" ? pm.text.co2(value) : `${pm.text.plain(value / scale)} ${unitsThere().find(([id]) => id === unit)?.[1] || ""}`);
      const text = least !== null && most !== null ? t("filter.between", { least: write(least), most: write(most) }) : least !== null ? t("filter.from", { least: write(least) }) : most !== null ? t("filter.up_to", { most: write(most) }) : unitsThere().find(([id]) => id === unit)?.[1] || unit;
      return t("filter.is", { name, values: text });
    }

    const chip = (key, view) => h("button.active-chip", { type: "button", onclick: () => on.change(without(on.view(), key), { push: true }) }, h("span", null, words(key, view)), h("span.hidden", null, ` – ${t("filter.remove")}`), pm.icons.icon("close", 14));

    /** Filters in force over the map, and the year: it filters as well. @param {HTMLElement} root */
    function bar(root, view) {
      const keys = active(view);
      const sited = view.siting && view.panel !== "siting" ? h("button.active-chip", { type: "button", onclick: () => on.siting() }, h("span", null, t("where.on_map")), pm.icons.icon("explore", 14)) : null;
      root.hidden = !keys.length && view.year === null && !sited;
      if (root.hidden) return fill(root);
      const year = view.year === null ? null : h("button.active-chip", { type: "button", onclick: () => on.change({ year: null }, { push: true }) }, h("span", null, t("filter.is", { name: t("time.label"), values: view.year })), h("span.hidden", null, ` – ${t("filter.remove")}`), pm.icons.icon("close", 14));
      return fill(root, h("span.count", { role: "status" }, said(view)), sited, year, keys.map((key) => chip(key, view)), keys.length ? h("button.link", { type: "button", onclick: reset }, t("filter.reset")) : null);
    }

    /** Why nothing is left, and which filter to take away. @param {HTMLElement} root */
    function explain(root, view) {
      const layers = COUNTED.filter((layer) => view.layers.includes(layer));
      const left = layers.reduce((sum, layer) => sum + model.visible(layer, view).length, 0);
      root.hidden = left > 0 || !layers.length || !active(view).length;
      if (root.hidden) return fill(root);
      const ways = active(view).map((key) => {
        const next = { ...view, ...without(view, key) };
        return { key, n: layers.reduce((sum, layer) => sum + model.visible(layer, next).length, 0) };
      });
      const helping = ways.filter(({ n }) => n).sort((a, b) => b.n - a.n);
      return fill(root, h("b", null, t("filter.empty")), h("p", null, t(helping.length ? "filter.empty_why" : "filter.empty_all")),
        h("ul", null, helping.map(({ key, n }) => h("li", null, h("button.link", { type: "button", onclick: () => on.change(without(on.view(), key), { push: true }) }, t("filter.without", { filter: words(key, view) })), h("span.quiet", null, ` ${pm.text.count("filter.would", n)}`)))),
        h("button.button", { type: "button", onclick: reset }, t("filter.reset")));
    }

    return { build, update, bar, explain, passing, words: (view) => active(view).map((key) => words(key, view)) };
  }

  pm.filters = { create, toggle, limit, without, active };
})((globalThis.provence ??= {}));
