// What cards and grids are made of: sections, facts, figures with their year and source, rows that open another card.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  const FIRST_SHOWN = 4;
  // Categories of places, of which layers/living.py finds the nearest.
  const TERMINAL = "port-terminal";
  const LIFE = ["university", "research", "hospital", "beach"];
  // Cells that a card names when an official service says them; all others are told together.
  const CELLS = ["name", "population", "seveso", "geometry", "icpe_id"];

  /**
   * @typedef {string | {layer: string} | {title: string, url?: string, more?: any[]}} Ref where a figure comes from:
   *   a source of the catalogue, a layer as a whole, or a page
   */

  /** @param {any} context {model, draw, config, on} */
  function create(context) {
    const { model, config, on } = context;
    const { t, pick } = pm.text;
    /** @type {{key: string, letter: string, node: HTMLElement, title: string}[]} */
    let cited = [];

    /** Begin a card: its sources are lettered anew. */
    function start() {
      cited = [];
    }

    const section = (title, aside, ...body) => h("section.sec", null, h("h3", null, title, aside ? h("span", null, aside) : null), body);
    const said = (value) => value !== null && value !== undefined && value !== "" && value !== false;
    const pair = (label, ...value) => (value.some(said) ? [h("dt", null, label), h("dd", null, value)] : []);
    const facts = (...pairs) => (pairs.flat().length ? h("dl", null, pairs) : null);
    const quiet = (...text) => h("span.quiet", null, text);
    /** Words of a list as the answer in a table: with a capital. @param {string} text */
    const capital = (text) => text.charAt(0).toLocaleUpperCase(pm.text.language) + text.slice(1);
    const joined = (...words) => words.filter(Boolean).join(" · ");

    function link(url, label) {
      if (!/^https?:\/\//.test(url || "")) return h("span", null, label);
      return h("a", { href: url, target: "_blank", rel: "noopener noreferrer", title: t("source.online") }, label);
    }

    const keyOf = (ref) => (typeof ref === "string" ? `source ${ref}` : ref.layer ? `layer ${ref.layer}` : `page ${ref.url || ""} ${ref.title}`);
    const known = (ref) => Boolean(ref) && (typeof ref === "string" ? Boolean(config.sources[ref]) : ref.layer ? Boolean(config.layers[ref.layer]) : Boolean(ref.title));

    function titleOf(ref) {
      if (typeof ref === "string") return joined(pick(config.sources[ref].title), pick(config.sources[ref].publisher));
      return ref.layer ? pick(config.layers[ref.layer].title) : ref.title;
    }

    /** @param {Ref} ref @returns {any[]} the words of one source */
    function words(ref) {
      if (typeof ref === "string") {
        const source = config.sources[ref];
        return [link(source.url, pick(source.title)), h("span", null, ` ${joined(pick(source.publisher), pick(source.vintage), pick(source.licence))}`)];
      }
      if ("layer" in ref) {
        const layer = config.layers[ref.layer];
        return [h("span", null, `${pick(layer.title)} · ${pick(layer.vintage)} · `), h("button.link", { type: "button", onclick: () => on.about({ layer: ref.layer, name: null }) }, t("read.method"))];
      }
      return [link(ref.url, ref.title), ref.more || []];
    }

    /** Letters of the alphabet, then aa, ab... */
    const letterOf = (n) => (n < 26 ? String.fromCharCode(97 + n) : letterOf(Math.floor(n / 26) - 1) + letterOf(n % 26));

    function entry(ref) {
      const key = keyOf(ref);
      const found = cited.find((one) => one.key === key);
      if (found) return found;
      const letter = letterOf(cited.length);
      const node = h("li", { tabindex: "-1", "data-cite": letter }, h("b", null, `${letter} `), words(ref));
      const made = { key, letter, node, title: titleOf(ref) };
      cited.push(made);
      return made;
    }

    /** The mark of a source: a small letter that leads to its line at the end of the card. @param {Ref} ref */
    function mark(ref) {
      const { letter, node, title } = entry(ref);
      const name = t("read.source", { letter, title });
      const go = () => {
        node.focus({ preventScroll: true });
        node.scrollIntoView({ block: "nearest" });
      };
      return h("sup.cite", null, h("button", { type: "button", "aria-label": name, title: name, "data-cite": letter, onclick: go }, letter));
    }

    /** Marks of one source or of several; a figure without a source says that it is to be confirmed. @param {Ref | Ref[]} of */
    function marks(of) {
      const refs = [of].flat().filter(known);
      return refs.length ? refs.map(mark) : quiet(` (${t("say.to_confirm")})`);
    }

    /** The sources of the verified emissions of a year, or of the last. @param {number} [year] */
    const ets = (year = pm.view.lastYear) => config.ets[year - config.first_year] || etsAll;
    /** Those of all years. @type {string[]} */
    const etsAll = [...new Set(config.ets.flat())];

    /** A text with the marks of its source, which stay on the line of its last word. @param {string} text @param {Ref | Ref[]} of */
    function tied(text, of) {
      const at = text.lastIndexOf(" ") + 1;
      return [text.slice(0, at), h("span.tie", null, text.slice(at), marks(of))];
    }

    /**
     * A figure as a person reads it: the text with its unit, its year, its source.
     * @param {string} text @param {Ref | Ref[]} of @param {string | number | null} [when] a year, or words for it
     */
    function figure(text, of, when) {
      return h("span.fig", null, when ? [text, " ", h("span.tie", null, quiet(`(${when})`), marks(of))] : tied(text, of));
    }

    /** The sources of the card: those its figures name, lettered, then the others. @param {(Ref | null)[]} refs */
    function sources(refs) {
      const keys = new Set(cited.map(({ key }) => key));
      const rest = refs.filter((ref) => known(ref) && !keys.has(keyOf(ref)) && keys.add(keyOf(ref)));
      return section(t("card.sources"), null, h("ul.src", null, cited.map(({ node }) => node), rest.map((ref) => h("li", null, words(ref)))));
    }

    const asOf = (item) => t("say.as_of", { date: pm.text.date(item.status_date) });

    /** The page that a project, or a place, was read in. */
    const page = (item) => ({ title: item.source, url: item.source_url, more: [h("span", null, [item.status_date ? ` · ${asOf(item)}` : "", item.confidence ? ` · ${t(`confidence.${item.confidence}`)}` : ""].join(""))] });

    /** Whether a date (`2025`, `2025-07`) ended more than a year before the day of reading. */
    const old = (iso) => pm.text.old(iso, (context.now || Date.now)());

    /** Of when a status is; one that is old by a sign and words. @param {string | number | undefined} when a date or a year */
    const aged = (when) => (when ? (old(when) ? h("span.aged", null, pm.icons.icon("time", 16), t("fresh.old", { date: pm.text.date(String(when)) })) : quiet(t("fresh.of", { date: pm.text.date(String(when)) }))) : null);

    /** Who says a cell: the official service where one does, else what was kept. @param {any} item @param {string} column @param {Ref | Ref[]} own */
    const saidBy = (item, column, own) => item.official?.[column] || own;

    /** The cells of an item that official services say, by name, each with its source. */
    function official(item) {
      const names = new Map();
      for (const [column, source] of Object.entries(item.official || {})) {
        const name = t(`fresh.cell_${CELLS.includes(column) ? column : "other"}`);
        names.set(name, [...new Set([...(names.get(name) || []), source])]);
      }
      return pair(t("fresh.official"), ...[...names].map(([name, of], i) => [i ? ", " : "", tied(i ? name : capital(name), of)]));
    }

    /** Over the title: what kind of thing it is, and its pole. */
    function over(item) {
      const parts = [model.symbol(item, 22), h("span", null, model.familyName(item))];
      if (item.pole && item.kind !== "pole") parts.push(h("span.sep", null, "·"), item.pole === "outside" ? h("span", null, model.poleName("outside")) : h(`button.pole-name.pole-${item.pole}`, { type: "button", onclick: () => on.select(`pole:${item.pole}`) }, model.poleName(item.pole)));
      return parts;
    }

    function head(item, line) {
      return h("div.card-head", null, h("div.over", null, over(item)), h("h2", { tabindex: "-1", id: "card-title" }, item.name), h("p", null, line),
        config.relief ? pm.relief.line(item, config.relief, figure) : null,
        item.outside ? h("p.notice", null, t("project.outside")) : null, actions(item));
    }

    /** What can be done with it: compare, keep, share, look around. */
    function actions(item) {
      const view = on.view();
      const button = (selector, icon, label, run, pressed) => h(`button.button${selector}`, { type: "button", "aria-pressed": pressed === undefined ? null : String(pressed), onclick: run }, pm.icons.icon(icon, 18), label);
      const kept = view.keep.includes(item.key);
      return h("div.actions", { role: "group", "aria-label": t("read.actions") },
        pm.view.COMPARED.includes(item.kind) ? button(".primary", "compare", t("read.compare"), () => on.compare(item.key), view.compare.includes(item.key)) : null,
        pm.view.KEPT.includes(item.kind) ? button("", "keep", kept ? t("read.kept") : t("read.keep"), () => on.keep(item.key), kept) : null,
        button("", "share", t("read.share"), () => on.share()),
        pm.site || item.lon === undefined ? null : button("", "around", t("read.around"), () => on.around(item)));
    }

    /** Position, said plainly. */
    const position = (item) => joined(t(`precision.${item.precision}`), item.approximate ? t("precision.approximate") : "");

    function row(item, aside) {
      return h("li", null, h("button.item", { type: "button", onclick: () => on.select(item.key) }, model.symbol(item, 20), h("span", null, h("b", null, item.name), h("small", null, model.figure(item, on.year()))), aside ? h("span.k", null, aside) : null));
    }

    /** Features as buttons that open their cards. @param {any[]} items @param {(item: any) => string} [aside] */
    const rows = (items, aside) => h("ul.rows", null, items.map((item) => row(item, aside ? aside(item) : null)));

    /** A list of which the first few are shown, the rest on request. @param {any[]} items @param {(items: any[]) => Node} make @param {(n: number) => string} more */
    function folded(items, make, more, all = make) {
      const body = h("div", null, make(items.slice(0, FIRST_SHOWN)));
      if (items.length <= FIRST_SHOWN) return body;
      const button = h("button.link.more", { type: "button" }, more(items.length));
      button.addEventListener("click", () => {
        const whole = all(items);
        pm.dom.fill(body, whole);
        body.querySelector("button")?.focus();
      });
      body.append(button);
      return body;
    }

    /** Sources of the port, station or airport that a distance was measured to. */
    const reachedBy = (layer, name) => config.reached[layer]?.[name] || [];

    /** What an item reaches: layer for the icon, label, name, km, sources, and `end` where its position may be approximate. */
    function ways(item) {
      const found = (item.near || []).map(([layer, name, km]) => ({ layer, label: t(`near.${layer}`), name, km, of: reachedBy(layer, name) }));
      if (item.tgv && !found.some((way) => way.layer === "stations" && way.name === item.tgv[0])) {
        found.splice(2, 0, { layer: "stations", label: t("access.tgv"), name: item.tgv[0], km: item.tgv[1], of: reachedBy("stations", item.tgv[0]) });
      } else if (item.tgv) found.find((way) => way.layer === "stations" && way.name === item.tgv[0]).label = t("access.tgv");
      const terminal = placed(item, TERMINAL);
      if (terminal) found.splice(1, 0, terminal);
      return found;
    }

    /** Whether a position is no better than approximate; the middle of a commune stands for a town hall that is not published. */
    const unsure = (item) => Boolean(item?.approximate || item?.no_hall);

    /** Kilometres between two features, marked where one of them is approximate. @param {number} km @param {any[]} ends */
    const far = (km, ...ends) => pm.text.km(km, ends.some(unsure));

    /** The nearest place of a category, with the page that names it; null where none was measured. */
    function placed(item, category) {
      const [id, km] = item.lived?.[category] || [];
      const place = config.named_places[id];
      return place ? { id, layer: place.class, label: t(`category.${category}`), name: place.name, km, end: place, of: page(place) } : null;
    }

    /** What stations are, and what is not known of rail. */
    const passengers = () => h("p.said", null, t("rail.passengers"));

    /** Distances as a list; a place of the map opens its card. */
    function distances(item, found) {
      const name = (way) => (way.id && model.byKey.has(`place:${way.id}`) ? h("button.link", { type: "button", lang: "fr", onclick: () => on.select(`place:${way.id}`) }, way.name) : h("span", { lang: "fr" }, way.name));
      const list = h("ul.near", null, found.map((way) => h("li", null, pm.icons.icon(way.layer, 18), h("span", null, `${way.label}, `, name(way)), h("b", null, figure(far(way.km, item, way.end), way.of)))));
      return [list, [item, ...found.map(({ end }) => end)].some(unsure) ? h("p.said", null, t("rail.about")) : null];
    }

    function near(item, from) {
      const found = ways(item);
      if (!found.length) return null;
      return section(t("access.title"), t("access.straight"), distances(item, found), from ? h("p.said", null, from) : null, passengers(), found.some(({ id }) => id) ? h("p.said", null, t("rail.terminal")) : null);
    }

    /** The nearest university, research place, hospital and beach. */
    function life(item) {
      const found = LIFE.map((category) => placed(item, category)).filter(Boolean);
      return found.length ? section(t("life.title"), t("access.straight"), distances(item, found), h("p.said", null, t("life.chosen"))) : null;
    }

    return { start, ets, etsAll, section, pair, facts, quiet, joined, capital, link, marks, tied, figure, sources, page, asOf, old, aged, saidBy, official, over, head, actions, position, rows, row, folded, ways, near, life, placed, unsure, far, passengers, PLACED: [TERMINAL, ...LIFE] };
  }

  pm.parts = { create };
})((globalThis.provence ??= {}));
