// Cards of perception and reality: an idea, what the figures say of it, each figure with its year, source and confidence.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  const { t, pick } = pm.text;
  // A unit this short stands with its number; a longer one beside it, in smaller letters.
  const SHORT = 3;

  /**
   * The number of a figure and, where it is not part of it, its unit.
   * @param {any} figure see payload.py
   * @returns {{number: string, unit: string}}
   */
  function parts(figure) {
    if (figure.value === undefined || figure.value === null) return { number: t("perception.no_value"), unit: "" };
    if (figure.unit === "meur") return { number: pm.text.money(figure.value), unit: "" };
    if (figure.unit === "bneur") return { number: pm.text.money(figure.value * 1000), unit: "" };
    if (figure.unit === "hours" && !Number.isInteger(figure.value)) return { number: duration(figure.value), unit: "" };
    const number = pm.text.plain(figure.value);
    const unit = pick(figure.unit_words);
    if (figure.unit === "pct") return { number: `${number}${pm.text.language === "fr" ? "\u202f" : ""}${unit}`, unit: "" };
    return unit.length <= SHORT ? { number: `${number}\u00a0${unit}`, unit: "" } : { number, unit };
  }

  /** Hours as a timetable writes them: 3.33 is 3 h 20. */
  function duration(hours) {
    const minutes = Math.round(hours * 60);
    return `${Math.floor(minutes / 60)}\u00a0h\u00a0${String(minutes % 60).padStart(2, "0")}`;
  }

  /** A figure in one line, without its year. @param {any} figure */
  function value(figure) {
    const { number, unit } = parts(figure);
    return unit ? `${number} ${unit}` : number;
  }

  /** One figure: large, with its year; then what it says, where it comes from and how sure it is. */
  function figureNode(figure, { link }) {
    const { number, unit } = parts(figure);
    const confidence = figure.confidence ? t(`confidence.${figure.confidence}`) : t("perception.unrated");
    return h("li.figure-of", { "data-figure": figure.id },
      h("div.key-figure", null, h("b", null, number), h("span", null, [unit, t("say.in_year", { year: figure.year })].filter(Boolean).join(" "))),
      h("p", null, pick(figure.said)),
      h("p.from", null, link(figure.source_url, pick(figure.source)), h("span", null, ` · ${confidence}`)),
      figure.computed ? h("p.from", null, t("perception.computed")) : null,
      figure.note ? h("p.from", null, pick(figure.note)) : null);
  }

  /** Bring a layer, or one class of it, onto the map. @param {string} name `industry`, `places.research` */
  function reveal(name, { style, config, on }) {
    const [layer, kind] = name.split(".");
    const group = pm.tree.groups(style, config.included).find((each) => each.rows.some((row) => row.layer === layer && (!kind || row.name === kind)));
    if (!group) return null;
    const row = group.rows.find((each) => each.layer === layer && (!kind || each.name === kind));
    const whole = !kind && row.name;
    return h("button.to-layer", { type: "button", "data-layer": name, onclick: () => {
      const view = on.view();
      if (whole) on.change({ layers: [...new Set([...view.layers, layer])], hidden: view.hidden.filter((hidden) => !hidden.startsWith(`${layer}.`)) }, { push: true });
      else if (!pm.tree.isOn(row, view)) on.change(pm.tree.toggleRow(row, group, view), { push: true });
    } }, pm.icons.icon("layers", 16), t(whole ? `group.${group.id}` : row.text));
  }

  /** The place a card stands at, as a way to it; said plainly where there is none. */
  function place(item, { model, on }) {
    if (!item.at) return h("p.said", null, t("perception.nowhere"));
    const [layer, id] = item.at.split(":");
    const feature = model.byKey.get(`${pm.model.KIND_OF[layer]}:${id}`);
    if (!feature) return null;
    const approximate = item.approximate ? ` · ${t("precision.approximate")}` : "";
    return h("p.said", null, `${t("perception.at")} `, h("button.link", { type: "button", onclick: () => on.found(feature.key) }, feature.name), approximate);
  }

  /** The way to the cards before and after, in the order they are read. */
  function walk(item, { model, on }) {
    const all = model.items.perceptions;
    const at = all.indexOf(item);
    const step = (by, key, icon) => {
      const other = all[(at + by + all.length) % all.length];
      return h("button.tool", { type: "button", "aria-label": t(key), title: t(key), onclick: () => on.found(other.key) }, pm.icons.icon(icon));
    };
    return h("nav.walk", { "aria-label": t("layer.perceptions") }, step(-1, "perception.previous", "left"), h("span", null, t("perception.position", { n: at + 1, all: all.length })), step(1, "perception.next", "right"));
  }

  /**
   * The card of an idea.
   * @param {any} item @param {any} context of cards.js: {model, config, style, on}, and its parts {section, link, actions}
   */
  function card(item, context) {
    const { model, on, section } = context;
    const pole = item.pole && item.pole !== "outside" ? [h("span.sep", null, "·"), h(`button.pole-name.pole-${item.pole}`, { type: "button", onclick: () => on.select(`pole:${item.pole}`) }, model.poleName(item.pole))] : [];
    return [h("div.card-head", null, h("div.over", null, model.symbol(item, 22), h("span", null, t("perception.belief")), pole), h("h2.belief", { tabindex: "-1", id: "card-title" }, item.name), h("p.said", null, t("perception.own_words")), context.actions(item)),
      section(t("perception.reality"), pm.text.count("perception.figures_count", item.figures.length), h("p.verdict", { "data-verdict": item.verdict }, t(`verdict.${item.verdict}`)), h("p", null, pick(item.reality)), h("p.said", null, t("perception.lowest", { confidence: t(`confidence.${item.confidence}`) })),
        h("ul.src.figures", null, item.figures.map((figure) => figureNode(figure, context)))),
      section(t("perception.layers"), null, h("div.to-layers", null, item.layers.map((name) => reveal(name, context))), place(item, context)),
      walk(item, context)];
  }

  /** All cards, those without a place too. @param {any[]} items @param {any} context */
  function list(items, { model, on }) {
    const placeless = items.filter((item) => !item.geometry).length;
    const line = (item) => h("li", null, h("button.item", { type: "button", onclick: () => on.found(item.key) }, model.symbol(item, 20), h("span", null, h("b", null, item.name), h("small", null, model.subtitle(item)))));
    return [h("div.card-head", null, h("div.over", null, pm.icons.icon("perceptions", 18), h("span", null, t("group.story"))), h("h2", { tabindex: "-1", id: "card-title" }, t("layer.perceptions")), h("p", null, t("perception.all_with", { n: items.length, placeless })), h("p.said", null, t("perception.own_words"))),
      h("section.sec", null, h("ul.rows.ideas", null, items.map(line)))];
  }

  pm.perception = { card, list, value, parts };
})((globalThis.provence ??= {}));
