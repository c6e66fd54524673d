// The form of one scene, and that of the story itself: every field labelled, both languages side by side.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const D = pm.draft;
  const MAP_WIDTH = 448;
  const MAP_HEIGHT = 252;
  // Lines of a text field by its name.
  const LINES = { topic: 1, title: 2, caption: 3, notes: 6, about: 2 };
  const FIGURES_IN = ["title", "caption", "notes"];
  const PICTURE_KINDS = "image/png,image/jpeg";

  /**
   * @param {any} context {config, model, thumb, figures, placed, hand}
   * @param {{get: () => any, at: () => number, change: (changes: any, options?: any) => void, story: (changes: any) => void, offer: () => any, say: (id: string, text: string) => void}} on
   */
  function create(context, on) {
    const { model } = context;
    const { t } = pm.text;
    /** The figures as they are written in a sentence, by id. @type {Map<string, Record<string, string>>} */
    let written = new Map();
    /** @type {HTMLElement | null} */
    let words_ = null;
    context.figures().then((rows) => {
      written = new Map(rows.map((row) => [row.id, row.written]));
      if (on.at() >= 0) say(on.get());
    }, () => {});

    /** A field with its label and the place where its faults are told. */
    function field(key, label, control, { required = false, help = "", tools = null, lang = null } = {}) {
      const id = `f-${key.replace(/\./g, "-")}`;
      control.id = id;
      control.dataset.field = key;
      if (required) control.setAttribute("aria-required", "true");
      if (lang) control.lang = lang;
      control.setAttribute("aria-describedby", [help && `${id}-help`, `${id}-fault`].filter(Boolean).join(" "));
      return h("div.field", { "data-for": key }, h("div.field-head", null, h("label", { for: id }, label, required ? h("span.required", null, t("compose.required")) : null), tools),
        control, help ? h("p.said", { id: `${id}-help` }, help) : null, h("p.fault", { id: `${id}-fault`, hidden: true }));
    }

    /** A text in one language. */
    function text(name, language, value, { change, required = false, figures = FIGURES_IN.includes(name) }) {
      const control = /** @type {HTMLTextAreaElement} */ (h("textarea", { rows: LINES[name] || 1, spellcheck: "true", oninput: () => change(control.value) }));
      control.value = value;
      const said = t(`compose.in_${language}`, { what: t(`compose.${name}`) });
      const tools = figures ? h("button.link", { type: "button", "aria-label": t("compose.insert_in", { what: said }), onclick: () => insert(control, change) }, t("compose.insert")) : null;
      return field(`${name}.${language}`, said, control, { required, tools, lang: language });
    }

    /** Both languages of a text, side by side. */
    const both = (name, value, change, options = {}) => h("div.both", null, D.LANGUAGES.map((language) => text(name, language, value(language), { ...options, change: (said) => change(language, said) })));

    async function insert(control, change) {
      const [from, to] = [control.selectionStart, control.selectionEnd];
      const id = await figure(t("compose.insert"));
      if (!id) return;
      const put = D.withFigure(control.value, from, to, id);
      control.value = put.text;
      change(put.text);
      control.focus();
      control.setSelectionRange(put.at, put.at);
    }

    /** Choose a figure by what it says. @param {string} title @returns {Promise<string | null>} */
    async function figure(title) {
      const rows = await context.figures().catch((error) => on.say("figures", error.message));
      if (!rows) return null;
      const other = pm.text.language === "fr" ? "en" : "fr";
      return pm.pick.one({ title, label: t("compose.search_figure"), rows: rows.map((row) => ({
        id: row.id, name: pm.text.pick(row.said), over: pm.text.pick(row.written), words: row.said[other],
        line: [`{${row.id}}`, row.year, pm.text.pick(row.source), row.confidence ? t(`confidence.${row.confidence}`) : ""].filter(Boolean).join(" · "),
      })) });
    }

    /** Choose something that stands at a point of the map. @returns {Promise<string | null>} */
    function place() {
      const taken = on.get().highlights;
      const items = [...model.byKey.values()].filter((item) => context.placed(item.key) && !taken.includes(item.key));
      return pm.pick.one({ title: t("compose.add_highlight"), label: t("compose.search_place"), rows: items.map((item) => ({ id: item.key, name: item.name, line: model.subtitle(item), symbol: () => model.symbol(item, 18) })) });
    }

    /** A list of chosen things, each with the button that takes it off. */
    function chips(name, keys, { said, add, most }) {
      const set = (next) => on.change({ [name]: next }, { redraw: true });
      const node = h("div.chips", { tabindex: "-1" }, keys.map((key) => h("span.pill", null, h("span", null, said(key)), h("button.tool", { type: "button", "aria-label": t("compose.take_off", { name: said(key) }), onclick: () => set(keys.filter((other) => other !== key)) }, pm.icons.icon("close", 16)))),
        keys.length < most ? h("button.link", { type: "button", id: `add-${name}`, onclick: async () => {
          const key = await add();
          if (key) set([...keys.filter((other) => other !== key), key]);
        } }, t(`compose.add_${name}`)) : h("span.said", null, t("compose.full", { n: pm.text.number(most) })));
      return group(name, t(`compose.${name}`), node, t(`compose.${name}_help`));
    }

    /** Controls that together are one field. */
    function group(key, label, node, help = "") {
      const id = `f-${key}`;
      node.id = id;
      node.dataset.field = key;
      node.setAttribute("role", "group");
      node.setAttribute("aria-labelledby", `${id}-label`);
      return h("div.field", { "data-for": key }, h("div.field-head", null, h("b", { id: `${id}-label` }, label)), node, help ? h("p.said", null, help) : null, h("p.fault", { id: `${id}-fault`, hidden: true }));
    }

    /** @param {string} key @param {string[]} values @param {string} value @param {(value: string) => any} changes @param {string} [none] what stands for no value */
    function choice(key, values, value, changes, none = "") {
      const control = /** @type {HTMLSelectElement} */ (h("select", { onchange: () => on.change(changes(control.value)) }, none ? h("option", { value: "" }, none) : null, values.map((one) => h("option", { value: one }, t(`compose.${key}_${one}`)))));
      control.value = value;
      return field(key, t(`compose.${key}`), control);
    }

    function seconds(value) {
      const control = /** @type {HTMLInputElement} */ (h("input", { type: "number", inputmode: "numeric", min: D.LEAST_SECONDS, max: D.MOST_SECONDS, step: 5, oninput: () => {
        if (Number.isInteger(control.valueAsNumber)) on.change({ seconds: control.valueAsNumber });
      } }));
      control.value = String(value);
      return field("seconds", t("compose.seconds"), control);
    }

    function years(value) {
      const all = Array.from({ length: pm.view.HORIZON - pm.view.FIRST_YEAR + 1 }, (_, i) => String(pm.view.FIRST_YEAR + i));
      const read = () => on.change({ years: first.value && last.value ? [Number(first.value), Number(last.value)] : null });
      const select = (name, chosen) => {
        const node = /** @type {HTMLSelectElement} */ (h("select", { "aria-label": t(`compose.years_${name}`), onchange: () => {
          // One end alone is no span: the other takes the nearest that makes one.
          if (name === "first" && first.value && !last.value) last.value = String(Math.max(pm.view.lastYear, Number(first.value) + 1));
          if (name === "last" && last.value && !first.value) first.value = String(pm.view.FIRST_YEAR);
          if (!node.value) first.value = last.value = "";
          read();
        } }, h("option", { value: "" }, "–"), all.map((year) => h("option", { value: year }, year))));
        node.value = chosen;
        return node;
      };
      const first = select("first", value ? String(value[0]) : "");
      const last = select("last", value ? String(value[1]) : "");
      return group("years", t("compose.years"), h("div.span", null, first, h("span", { "aria-hidden": "true" }, "→"), last), t("compose.years_help"));
    }

    function keyFigure(scene) {
      const shown = h("p.figure-said", null, scene.figure ? `{${scene.figure}}` : t("compose.no_figure"));
      if (scene.figure) context.figures().then((rows) => { shown.textContent = pm.text.pick(rows.find((row) => row.id === scene.figure)?.said) || shown.textContent; }, () => {});
      const set = (id) => on.change({ figure: id }, { redraw: true });
      return group("figure", t("compose.figure"), h("div.chosen", { tabindex: "-1" }, shown, h("span.actions", null, h("button.button", { type: "button", id: "choose-figure", onclick: async () => {
        const id = await figure(t("compose.figure"));
        if (id) set(id);
      } }, t(scene.figure ? "compose.other_figure" : "compose.choose_figure")), scene.figure ? h("button.link", { type: "button", onclick: () => set(null) }, t("compose.without")) : null)), t("compose.figure_help"));
    }

    /** What the map of the scene shows, in words. */
    function mapSaid(scene) {
      const { view } = pm.view.fromQuery(scene.view);
      const told = [view.layers.map((layer) => pm.text.pick(context.config.layers[layer]?.title) || layer).join(", "), t(view.bounds ? "compose.framed" : "compose.whole")];
      if (view.year) told.push(String(view.year));
      if (view.selection) told.push(model.byKey.get(view.selection)?.name || view.selection);
      const filtered = Object.keys(view.filters).length + Object.keys(view.ranges).length;
      if (filtered) told.push(pm.text.count("compose.filtered", filtered));
      return told.map((line) => h("li", null, line));
    }

    /** The map as on the slide, its words over it as they are written. */
    function slide(scene) {
      const node = context.thumb(scene, MAP_WIDTH, MAP_HEIGHT, true);
      node.append(words_ = h("div.slide-words", { "aria-hidden": "true" }));
      say(scene);
      return node;
    }

    /** @param {any} scene */
    function say(scene) {
      const said = (name) => pm.text.pick(scene[name]).replace(/\{([a-z0-9.-]+)\}/g, (whole, id) => written.get(id)?.[pm.text.language] || whole);
      if (words_) fill(words_, h("span", null, said("topic")), h("b", null, said("title")), scene.figure ? h("em", null, written.get(scene.figure)?.[pm.text.language] || "") : null, h("small", null, said("caption")));
    }

    function map(scene) {
      const offer = on.offer();
      const side = h("div.map-side", { tabindex: "-1" }, h("ul", null, mapSaid(scene)),
        h("div.actions", null, offer ? h("button.button", { type: "button", id: "use-offer", onclick: () => on.change({ view: offer.view }, { redraw: true, step: true }) }, pm.icons.icon("screen", 18), t("compose.use_view")) : null,
          h("a.button", { href: context.explore(scene.view), target: "_top" }, pm.icons.icon("map", 18), t("compose.in_explore"))), h("p.said", null, t("compose.view_help")));
      return h("section.part", null, h("h3", null, t("compose.map")), h("div.map-row", null, slide(scene), group("view", t("compose.view"), side)),
        chips("highlights", scene.highlights, { said: (key) => model.byKey.get(key)?.name || key, add: place, most: D.MOST_HIGHLIGHTS }),
        h("div.four", null, choice("transition", D.TRANSITIONS, scene.transition, (value) => ({ transition: value })), seconds(scene.seconds), years(scene.years)));
    }

    function words(scene) {
      const of = (name, required) => both(name, (language) => scene[name][language], (language, said) => on.change({ [name]: { ...on.get()[name], [language]: said } }), { required });
      return h("section.part", null, h("h3", null, t("compose.words")), h("p.said", null, t("compose.words_help")), of("topic", true), of("title", true), of("caption", false));
    }

    function speaker(scene) {
      const lines = (said) => said.split("\n").map((line) => line.replace(/^\s*[-•]\s*/, "").trim()).filter(Boolean);
      return h("section.part", null, h("h3", null, t("compose.speaker")), h("p.said", null, t("compose.notes_help")),
        both("notes", (language) => scene.notes[language].join("\n"), (language, said) => on.change({ notes: { ...on.get().notes, [language]: lines(said) } }), { required: true }),
        chips("asked", scene.asked, { said: (id) => [id, written.get(id)?.[pm.text.language]].filter(Boolean).join(": "), add: () => figure(t("compose.add_asked")), most: D.MOST_ASKED }));
    }

    function picture(scene) {
      const given = scene.picture;
      const file = /** @type {HTMLInputElement} */ (h("input", { type: "file", accept: PICTURE_KINDS, class: "hidden", tabindex: "-1", "aria-hidden": "true", onchange: async () => {
        const chosen = file.files?.[0];
        if (!chosen) return;
        const data = String(await read(chosen)).split(",")[1] || "";
        on.change({ picture: { alt: { en: "", fr: "" }, credit: { en: "", fr: "" }, ...(on.get().picture || {}), name: fileName(chosen.name), data } }, { redraw: true, step: true });
      } }));
      const choose = h("button.button", { type: "button", id: "choose-picture", onclick: () => file.click() }, t(given ? "compose.other_picture" : "compose.choose_picture"));
      const of = (name) => h("div.both", null, D.LANGUAGES.map((language) => {
        const control = /** @type {HTMLInputElement} */ (h("input", { type: "text", oninput: () => on.change({ picture: { ...on.get().picture, [name]: { ...on.get().picture[name], [language]: control.value } } }) }));
        control.value = given[name][language];
        return field(`picture.${name}.${language}`, t(`compose.in_${language}`, { what: t(`compose.picture_${name}`) }), control, { required: true, lang: language });
      }));
      const body = given ? [h("div.actions", null, h("b", null, given.name), choose, h("button.link", { type: "button", onclick: () => on.change({ picture: null }, { redraw: true, step: true }) }, t("compose.without"))), of("alt"), of("credit")] : [choose];
      return h("details.part", { open: Boolean(given) }, h("summary", null, h("h3", null, t("compose.picture"))), h("p.said", null, t("compose.picture_help")), file, group("picture", t("compose.picture_file"), h("div.stacked", { tabindex: "-1" }, body)));
    }

    /** The whole form of a scene. @param {any} scene */
    function ofScene(scene) {
      const figures = h("section.part", null, h("h3", null, t("compose.number")), keyFigure(scene), choice("chart", D.CHARTS, scene.chart || "", (value) => ({ chart: value || null }), t("compose.no_chart")));
      return [h("div.part.kind-part", null, choice("kind", D.KINDS, scene.kind, (value) => ({ kind: value }))), map(scene), words(scene), figures, speaker(scene), picture(scene)];
    }

    /** The form of the story itself. @param {any} draft */
    function ofStory(draft) {
      const of = (name) => both(name, (language) => draft[name][language], (language, said) => on.story({ [name]: { ...on.get()[name], [language]: said } }), { required: true, figures: false });
      const minutes = /** @type {HTMLInputElement} */ (h("input", { type: "number", inputmode: "numeric", min: 1, max: 120, oninput: () => { if (Number.isInteger(minutes.valueAsNumber)) on.story({ minutes: minutes.valueAsNumber }); } }));
      minutes.value = String(draft.minutes);
      const id = /** @type {HTMLInputElement} */ (h("input", { type: "text", spellcheck: "false", autocomplete: "off", oninput: () => on.story({ id: id.value }) }));
      id.value = draft.id;
      return [h("section.part", null, of("title"), of("about"),
        h("div.both", null, field("minutes", t("compose.minutes"), minutes, { required: true, help: t("compose.minutes_help", { n: pm.text.number(D.minutes(draft)) }) }), field("id", t("compose.id"), id, { required: true, help: t("compose.id_help") })))];
    }

    return { ofScene, ofStory, say };
  }

  /** @param {File} file @returns {Promise<string>} a data address */
  const read = (file) => new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });

  /** A plain name for a picture in the story's folder. @param {string} name */
  function fileName(name) {
    const [, stem, ending] = /^(.*?)(\.\w+)?$/.exec(name) || [];
    return `${D.slug(stem || "") || "picture"}${(ending || "").toLowerCase()}`;
  }

  /**
   * Tell faults at the fields they belong to. @param {HTMLElement} root the form
   * @param {Map<string, string[]>} byField @returns {Set<string>} the fields that were found
   */
  function mark(root, byField) {
    const found = new Set();
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".field"))) {
      const said = byField.get(node.dataset.for) || [];
      const control = /** @type {HTMLElement} */ (node.querySelector("[data-field]"));
      const place = /** @type {HTMLElement} */ (node.querySelector(".fault"));
      if (said.length) found.add(node.dataset.for);
      fill(place, said.map((line) => h("span", null, line)));
      place.hidden = !said.length;
      node.classList.toggle("wrong", said.length > 0);
      if (!control.matches("input, textarea, select")) continue;
      if (said.length) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
    return found;
  }

  pm.sceneForm = { create, mark };
})((globalThis.provence ??= {}));
