// The form of the Plan page: five steps on one page. Each change goes through `on.change`, which draws it anew.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const TYPING_MS = 400;
  const MOST_DECIMALS = 7;

  /** @param {any} context {offer, model, filters, plan(), on, found()} */
  function create(context) {
    const { offer, model, on } = context;
    const { t } = pm.text;
    const node = h("div.plan-steps");
    /** Folds that a reader opened. @type {Set<string>} */
    const opened = new Set();
    let typing = 0;

    /** A step: its title with a figure beside it, and what it holds; what is wrong with it is said under it. */
    function step(n, id, side, ...parts) {
      return h("section.step", { id: `step-${id}`, "aria-labelledby": `step-${id}-title` }, h("div.step-head", null, h("h2", { id: `step-${id}-title` }, `${n}. ${t(`plan.step_${id}`)}`), h("span.side", { id: `side-${id}` }, side)), parts,
        h("div.fault", { id: `fault-${id}`, role: "status" }));
    }

    /** Choose one of few: buttons, the chosen one pressed. @param {string} id @param {[string, string][]} options @param {string} chosen @param {(value: string) => void} put */
    function one(id, options, chosen, put) {
      return h("div.opts", { role: "group", "aria-label": t(`plan.${id}`) }, options.map(([value, name]) => h("button.opt", { type: "button", id: `${id}-${value}`, "aria-pressed": String(value === chosen), onclick: () => put(value) }, name)));
    }

    /** @param {string} id @param {[string, string][]} options @param {string} chosen @param {(value: string) => void} put */
    function select(id, options, chosen, put) {
      const field = /** @type {HTMLSelectElement} */ (h("select", { id, onchange: () => put(field.value) }, options.map(([value, name]) => h("option", { value, selected: value === chosen }, name))));
      return field;
    }

    /** A field of text: what is typed is taken after a pause, without drawing the form anew. */
    function typed(id, value, put, attributes = {}) {
      const field = /** @type {HTMLInputElement} */ (h("input", { type: "text", id, autocomplete: "off", spellcheck: "false", ...attributes }));
      field.value = value;
      field.addEventListener("input", () => { clearTimeout(typing); typing = window.setTimeout(() => put(field.value), TYPING_MS); });
      field.addEventListener("change", () => { clearTimeout(typing); put(field.value); });
      return field;
    }

    const tick = (id, name, on_, put, extra = null) => h("label.pickbox", { for: id }, h("input", { type: "checkbox", id, checked: on_, onchange: put }), h("span.square", { "aria-hidden": "true" }, pm.icons.icon("check", 12)), h("span.label", null, name), extra);
    const toggled = (list, value) => (list.includes(value) ? list.filter((other) => other !== value) : [...list, value]);

    function layers(plan) {
      const ids = offer.layers.map((layer) => layer.id);
      const boxes = offer.layers.map((layer) => tick(`layer-${layer.id}`, t(`plan_layer.${layer.id}`), plan.layers.includes(layer.id), () => {
        const chosen = toggled(context.plan().layers, layer.id);
        on.change({ layers: ids.filter((id) => chosen.includes(id)) });
      }, h("span.n", { "data-count": layer.id }, pm.text.number(layer.count))));
      return step(1, "layers", t("plan.of", { n: pm.text.number(plan.layers.length), of: pm.text.number(ids.length) }), h("div.boxes", null, boxes), chips(plan));
    }

    /** Filters that came from Explore, each to be taken off. */
    function chips(plan) {
      if (!plan.filters) return h("p.hint", null, t("plan.no_filters"));
      const view = pm.view.fromQuery(plan.filters).view;
      const chip = (id, name, less) => h("button.active-chip", { type: "button", id, onclick: () => on.change({ filters: pm.plan.filtersOf({ ...view, ...less }) }) }, h("span", null, name), h("span.hidden", null, ` – ${t("filter.remove")}`), pm.icons.icon("close", 14));
      const keys = pm.filters.active(view);
      return h("div.chips", { role: "group", "aria-label": t("plan.filters") }, h("span.hint", null, t("plan.filters")),
        view.year ? chip("chip-year", t("filter.is", { name: t("time.label"), values: view.year }), { year: null }) : null,
        context.filters.words(view).map((name, i) => chip(`chip-${keys[i]}`, name, pm.filters.without(view, keys[i]))),
        view.hidden.length ? chip("chip-hidden", pm.text.count("plan.hidden", view.hidden.length), { hidden: [] }) : null);
    }

    function area(plan) {
      const parts = [one("area", pm.plan.AREAS.map((kind) => [kind, t(`plan.area_${kind}`)]), plan.area, (kind) => on.change({ area: kind }))];
      if (plan.area === "pole") parts.push(h("div.boxes.wide", { role: "group", "aria-label": t("plan.area_pole") }, model.items.poles.map((pole) => tick(`pole-${pole.id}`, pole.name, plan.poles.includes(pole.id), () => on.change({ poles: toggled(context.plan().poles, pole.id) })))));
      if (plan.area === "communes") parts.push(communes(plan));
      if (plan.area === "drawn") parts.push(drawn(plan));
      if (plan.area !== "metropolis") parts.push(h("div.pair", null, h("span", { id: "rule-title" }, t("plan.rule")), one("rule", [["intersect", t("plan.rule_intersect")], ["clip", t("plan.rule_clip")]], plan.rule, (rule) => on.change({ rule }))), h("p.hint", null, t(plan.rule === "clip" ? "plan.rule_clip_what" : "plan.rule_intersect_what")));
      return step(2, "area", "", parts);
    }

    function communes(plan) {
      const name = (code) => model.byKey.get(`commune:${code}`)?.name || code;
      const left = model.items.communes.filter((commune) => !plan.communes.includes(commune.id));
      const add = async () => {
        const rows = left.map((commune) => ({ id: commune.id, name: commune.name, line: model.poleName(commune.pole) })).sort((a, b) => a.name.localeCompare(b.name, "fr"));
        const code = await pm.pick.one({ title: t("plan.add_commune"), label: t("plan.find_commune"), rows });
        if (code) on.change({ communes: [...context.plan().communes, code] });
      };
      return h("div.chips", null, plan.communes.map((code) => h("button.active-chip", { type: "button", id: `commune-${code}`, onclick: () => on.change({ communes: context.plan().communes.filter((other) => other !== code) }) }, h("span", { lang: "fr" }, name(code)), h("span.hidden", null, ` – ${t("plan.remove")}`), pm.icons.icon("close", 14))),
        h("button.button", { type: "button", id: "add-commune", onclick: add }, pm.icons.icon("plus", 18), t("plan.add_commune")));
    }

    /** A rectangle by its four edges, or any area as a list of numbers, as Explore hands it over. */
    function drawn(plan) {
      const four = pm.plan.edges(plan.drawn) || (plan.drawn.trim() ? null : ["", "", "", ""]);
      const fields = pm.plan.EDGES.map((edge, i) => h("label", null, h("span", null, t(`around.${edge}`)), typed(`edge-${edge}`, four ? four[i] : "", () => {
        const words = pm.plan.EDGES.map((name) => /** @type {HTMLInputElement} */ (document.getElementById(`edge-${name}`)).value.trim().replace(",", "."));
        // Four edges are read once all four are there: until then nothing is wrong.
        if (words.every(Boolean)) on.change({ drawn: words.join(", ") }, { quiet: true });
      }, { inputmode: "decimal" })));
      const list = h("details.more", { open: !four || opened.has("corners"), ontoggle: (event) => remember("corners", event.target.open) }, h("summary", null, t("plan.corners")),
        h("label.field", null, h("span.hint", null, t("plan.corners_what")), typed("corners", plan.drawn, (text) => on.change({ drawn: text }, { quiet: true }), { inputmode: "text" })));
      return h("div.drawn", null, h("div.grid4", { role: "group", "aria-label": t("plan.rectangle") }, fields), list, h("button.button", { type: "button", id: "draw-on-map", onclick: () => context.draw() }, pm.icons.icon("polygon", 18), t("plan_draw.here")), h("p.hint", null, t("plan.draw_what"), " ", h("a.link", { href: context.explore(), target: "_top" }, t("plan.draw_in_explore"))));
    }

    function remember(id, open) {
      if (open) opened.add(id);
      else opened.delete(id);
    }

    function system(plan) {
      const usual = offer.systems.slice();
      if (!usual.some((one_) => one_.code === plan.crs)) usual.push(plan.system || { code: plan.crs, name: "", use: "" });
      const now = usual.find((one_) => one_.code === plan.crs);
      const options = /** @type {[string, string][]} */ (usual.map((one_) => [String(one_.code), one_.name ? `${one_.name} (EPSG:${one_.code})` : `EPSG:${one_.code}`]));
      const field = select("crs", [...options, ["more", t("plan.crs_more")]], String(plan.crs), async (code) => {
        if (code !== "more") return on.change({ crs: Number(code), system: usual.find((one_) => String(one_.code) === code) });
        return search(field, plan);
      });
      return step(3, "crs", "", h("label.hidden", { for: "crs" }, t("plan.step_crs")), field, h("p.hint", null, plan.crs === 2154 ? t("plan.crs_2154") : now.use ? t("plan.crs_use", { use: now.use, unit: t(now.degrees ? "plan.degrees" : "plan.metres") }) : ""));
    }

    /** A code that fits no part of the metropolis, or is none: the server says why. @param {string} query */
    function other(query) {
      const code = /^(?:EPSG\s*:?\s*)?([1-9][0-9]{3,5})$/i.exec(query)?.[1];
      return code ? { id: code, name: `EPSG:${code}`, line: t("plan.crs_other") } : null;
    }

    /** Let a reader find a system by code or name among all that fit the metropolis. */
    async function search(field, plan) {
      field.value = String(plan.crs);
      try {
        const all = await context.systems();
        const code = await pm.pick.one({ title: t("plan.step_crs"), label: t("plan.find_crs"), rows: all.map((one_) => ({ id: String(one_.code), name: `${one_.name} (EPSG:${one_.code})`, line: one_.use, words: String(one_.code) })), other });
        if (code) on.change({ crs: Number(code), system: all.find((one_) => String(one_.code) === code) || null });
      } catch (error) {
        on.say("systems", error.message);
      }
    }

    function format(plan) {
      const names = /** @type {[string, string][]} */ ([...offer.formats.map((format_) => [format_.id, format_.title || t(`plan.${format_.id}`)]), ...context.sheets.map((id) => [id, t(`plan.sheet_${id}`)])]);
      const buttons = names.map(([id, name]) => h("button.opt", { type: "button", id: `format-${id}`, "aria-pressed": String(plan.formats.includes(id)), onclick: () => on.change({ formats: toggled(context.plan().formats, id) }) }, name));
      const sheets = context.sheets.map((id) => ({ id, title: t(`plan.sheet_${id}`), limits: t(`plan.sheet_${id}_what`, { dpi: offer.sheet.dpi }) }));
      const limits = [...offer.formats, ...sheets].filter((format_) => plan.formats.includes(format_.id)).map((format_) => h("li", null, h("b", null, t("plan.named", { name: format_.title || t(`plan.${format_.id}`) })), ` ${pm.text.pick(format_.limits)}`));
      return step(4, "format", "", h("div.opts.three", { role: "group", "aria-label": t("plan.step_format") }, buttons), h("p.hint", null, t("plan.format_what")), limits.length ? h("ul.limits", null, limits) : null, contents(plan));
    }

    /** Which columns, in which language, with how many decimals. */
    function contents(plan) {
      const languages = /** @type {[string, string][]} */ (["en", "fr"].map((code) => [code, t(`language.${code}`)]));
      const decimals = /** @type {[string, string][]} */ ([["", t("plan.decimals_own")], ...Array.from({ length: MOST_DECIMALS + 1 }, (_, i) => [String(i), pm.text.count("plan.decimals", i)])]);
      return h("details.more", { open: opened.has("contents"), ontoggle: (event) => remember("contents", event.target.open) }, h("summary", { id: "contents" }, t("plan.contents")),
        h("div.pair", null, h("label", { for: "language" }, t("plan.language")), select("language", languages, plan.language, (language) => on.change({ language }))),
        h("div.pair", null, h("label", { for: "decimals" }, t("plan.decimals_of")), select("decimals", decimals, plan.decimals, (value) => on.change({ decimals: value }))),
        offer.layers.filter((layer) => plan.layers.includes(layer.id) && layer.columns.length > 1).map((layer) => columns(plan, layer)));
    }

    function columns(plan, layer) {
      const other = plan.language === "en" ? "_fr" : "_en";
      const mine = plan.language === "en" ? "_en" : "_fr";
      const all = layer.columns.filter((name) => !(name.endsWith(other) && layer.columns.includes(name.slice(0, -other.length) + mine)));
      const chosen = plan.columns[layer.id] || all;
      const put = (names) => on.change({ columns: { ...context.plan().columns, [layer.id]: names.length === all.length ? [] : names } });
      return h("details.more.columns", { open: opened.has(layer.id), ontoggle: (event) => remember(layer.id, event.target.open) }, h("summary", { id: `columns-${layer.id}` }, t("plan.columns_of", { layer: t(`plan_layer.${layer.id}`), n: pm.text.number(all.filter((name) => chosen.length === 0 || chosen.includes(name)).length), of: pm.text.number(all.length) })),
        h("div.boxes", null, all.map((name) => tick(`column-${layer.id}-${name}`, name, chosen.length === 0 || chosen.includes(name), () => put(toggled(chosen.length ? chosen : all, name))))));
    }

    function sheet(plan) {
      if (!context.sheets.length) return null;
      const put = (changes, options) => on.change({ sheet: { ...context.plan().sheet, ...changes } }, options);
      const papers = /** @type {[string, string][]} */ (offer.sheet.sizes.flatMap((size) => offer.sheet.orientations.map((way) => [`${size} ${way}`, t(`plan.paper_${way}`, { size: size.toUpperCase() })])));
      const scales = /** @type {[string, string][]} */ ([["", t("plan.scale_fit")], ...offer.sheet.scales.map((scale) => [String(scale), `1:${pm.text.number(scale)}`])]);
      return step(5, "sheet", "", h("div.fields", null,
        h("label", { for: "title" }, t("plan.title")), typed("title", plan.sheet.title, (title) => put({ title }, { quiet: true }), { placeholder: t("plan.title_own"), maxlength: "90" }),
        h("label", { for: "paper" }, t("plan.paper")), select("paper", papers, `${plan.sheet.size} ${plan.sheet.orientation}`, (paper) => { const [size, orientation] = paper.split(" "); put({ size, orientation }); }),
        h("label", { for: "scale" }, t("plan.scale")), select("scale", scales, plan.sheet.scale, (scale) => put({ scale })),
        h("label", { for: "sheet-language" }, t("plan.language")), select("sheet-language", [["en", t("language.en")], ["fr", t("language.fr")]], plan.language, (language) => on.change({ language }))));
    }

    /** The other way into QGIS: without a file. */
    function live() {
      return h("section.step.share", { "aria-labelledby": "live-title" }, h("div.step-head", null, h("h2", { id: "live-title" }, t("live.title"))), pm.share.live(context.config, (id, text) => on.tell(id, text)));
    }

    /** Draw the form anew; the focus stays where it was, folds and the scroll as well. */
    function build() {
      const plan = context.plan();
      const focus = node.contains(document.activeElement) ? document.activeElement.id : "";
      fill(node, layers(plan), area(plan), system(plan), format(plan), sheet(plan), live());
      for (const box of node.querySelectorAll("input[type=checkbox]")) /** @type {HTMLInputElement} */ (box).checked = box.hasAttribute("checked");
      if (focus) (document.getElementById(focus) || node.querySelector("button"))?.focus({ preventScroll: true });
      update();
    }

    /** Fill in what the server found: counts, surface, faults. */
    function update() {
      const found = context.found();
      const plan = context.plan();
      for (const layer of offer.layers) {
        const row = found.answer?.layers?.find((one_) => one_.id === layer.id);
        const n = node.querySelector(`[data-count="${layer.id}"]`);
        if (!n) continue;
        n.textContent = row && row.rows !== row.of ? t("plan.of", { n: pm.text.number(row.rows), of: pm.text.number(row.of) }) : pm.text.number(layer.count);
        n.closest("label").classList.toggle("none", Boolean(row) && !row.rows);
      }
      const side = document.getElementById("side-area");
      if (side) side.textContent = found.answer?.km2 ? `${pm.text.number(found.answer.km2, found.answer.km2 < 10 ? 1 : 0)}\u00a0km²` : "";
      const lacking = pm.plan.missing(plan);
      for (const id of ["layers", "area", "crs", "format"]) {
        const box = document.getElementById(`fault-${id}`);
        const faults = (found.answer?.faults?.[id] || []).map((said) => said[pm.text.language]);
        if (id === "area" && lacking === "numbers") faults.push(t("plan.missing_numbers"));
        const text = faults.join("\n");
        if (box && box.dataset.said !== text) {
          box.dataset.said = text;
          fill(box, faults.map((fault) => h("p", null, fault)));
        }
      }
    }

    return { node, build, update };
  }

  pm.planForm = { create };
})((globalThis.provence ??= {}));
