// What is chosen on the Plan page, as plain data, and how it is asked of the server. Nothing here touches the page.
(function (pm) {
  "use strict";
  const CONFIG_CRS = 2154;
  const MOST_SAVED = 12;
  const EDGES = ["west", "south", "east", "north"];
  const NUMBER = /^-?[0-9]{1,3}(\.[0-9]{1,12})?$/;
  // What is longer than an area of many corners or than a View was not written here.
  const MOST_KEPT = 20_000;
  const MOST_TITLE = 90;
  const MOST_CRS = 999_999;
  // The last day that a Date knows, in ms.
  const MOST_TIME = 8.64e15;
  const NAME = /^[0-9A-Za-z-]{1,60}$/;
  const RULES = ["intersect", "clip"];
  const AREAS = ["metropolis", "pole", "communes", "drawn"];
  // Sheets come as these, besides the formats of data.
  const SHEETS = ["pdf", "png", "svg"];

  /**
   * @typedef {{layers: string[], area: string, poles: string[], communes: string[], drawn: string, rule: string, crs: number, system: any,
   *   formats: string[], columns: Record<string, string[]>, language: string, decimals: string, filters: string, taken: string, sheet: Record<string, string>}} Plan
   */

  /** @param {any} offer what the server offers @param {string} language @returns {Plan} */
  function fresh(offer, language) {
    return { layers: offer.first.slice(), area: "metropolis", poles: [], communes: [], drawn: "", rule: "intersect", crs: CONFIG_CRS, system: null, formats: ["gpkg"], columns: {}, language, decimals: "", filters: "", taken: "", sheet: { title: "", size: "a3", orientation: "landscape", scale: "" } };
  }

  /** Texts of a list, each once, that `fits` lets by. @param {any} list @param {(text: string) => boolean} [fits] @returns {string[]} */
  const texts = (list, fits = () => true) => (Array.isArray(list) ? [...new Set(list.filter((one) => typeof one === "string" && fits(one)))] : []);
  const object = (value) => (value && typeof value === "object" && !Array.isArray(value) ? value : {});

  /**
   * What was kept, with what it lacks or what makes no sense as it is at first; null for what is no plan. Anybody may have written in what a browser keeps.
   * @param {any} kept @param {any} offer @returns {Plan | null}
   */
  function revive(kept, offer) {
    if (!kept || typeof kept !== "object" || Array.isArray(kept)) return null;
    const first = fresh(offer, "en");
    const one = (key, values) => (values.includes(kept[key]) ? kept[key] : first[key]);
    const text = (value, most) => (typeof value === "string" && value.length <= most ? value : "");
    const columns = new Map(offer.layers.map((layer) => [layer.id, layer.columns || []]));
    const { size, orientation, title, scale } = object(kept.sheet);
    const of = (list, value, otherwise) => ((list || [otherwise]).includes(value) ? value : otherwise);
    const crs = Number.isInteger(kept.crs) && kept.crs > 0 && kept.crs <= MOST_CRS ? kept.crs : first.crs;
    const view = (query) => pm.view.fromQuery(text(query, MOST_KEPT)).view;
    return {
      layers: Array.isArray(kept.layers) ? texts(kept.layers, (id) => columns.has(id)) : first.layers,
      area: one("area", AREAS), rule: one("rule", RULES), language: one("language", ["en", "fr"]), decimals: one("decimals", ["", ..."01234567"]),
      poles: texts(kept.poles, (id) => NAME.test(id)), communes: texts(kept.communes, (id) => NAME.test(id)), drawn: text(kept.drawn, MOST_KEPT),
      crs, system: kept.system?.code === crs && typeof kept.system.name === "string" && typeof kept.system.use === "string" ? kept.system : null,
      formats: Array.isArray(kept.formats) ? texts(kept.formats, (id) => [...offer.formats.map((format) => format.id), ...SHEETS].includes(id)) : first.formats,
      columns: Object.fromEntries(Object.entries(object(kept.columns)).filter(([id]) => columns.has(id)).map(([id, names]) => [id, texts(names, (name) => columns.get(id).includes(name))])),
      filters: filtersOf(view(kept.filters)), taken: pm.view.toQuery(view(kept.taken)),
      sheet: { title: text(title, MOST_TITLE), size: of(offer.sheet?.sizes, size, first.sheet.size), orientation: of(offer.sheet?.orientations, orientation, first.sheet.orientation), scale: of(["", ...(offer.sheet?.scales || []).map(String)], scale, "") },
    };
  }

  /** Numbers as the area of a choice holds them: separated by commas, points for decimals; null when a word is none. @param {string} text */
  function numbers(text) {
    const words = text.trim().split(/[\s;,]+/).filter(Boolean);
    return words.length && words.every((word) => NUMBER.test(word)) ? words : null;
  }

  /** The area as a choice has it, "" when nothing is named yet. @param {Plan} plan */
  function areaText(plan) {
    if (plan.area === "pole") return plan.poles.join();
    if (plan.area === "communes") return plan.communes.join();
    if (plan.area === "drawn") return (numbers(plan.drawn) || []).join();
    return "metropolis";
  }

  /** The query of a choice without its format, as layers/snapshot reads it. @param {Plan} plan */
  function query(plan) {
    const columns = Object.entries(plan.columns).filter(([layer, names]) => plan.layers.includes(layer) && names.length).map(([layer, names]) => `${layer}:${names.join()}`).join(";");
    const pairs = [["layers", plan.layers.join()], ["area", areaText(plan)], ["rule", plan.rule], ["crs", String(plan.crs)], ["lang", plan.language], ["decimals", plan.decimals], ["columns", columns]];
    const own = pairs.filter(([, value]) => value).map(([key, value]) => `${key}=${encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%3B/g, ";")}`).join("&");
    return plan.filters ? `${own}&${plan.filters}` : own;
  }

  /** The first step that keeps an export from being made, or null. @param {Plan} plan */
  function missing(plan) {
    if (!plan.layers.length) return "layers";
    if (!areaText(plan)) return plan.area === "drawn" && plan.drawn.trim() ? "numbers" : `area_${plan.area}`;
    if (!plan.formats.length) return "format";
    return null;
  }

  /** Of a View, what a choice takes: filters, ranges, hidden classes and the year, as a query. @param {any} view */
  const filtersOf = (view) => pm.view.toQuery({ ...pm.view.fresh(), hidden: view.hidden, year: view.year, filters: view.filters, ranges: view.ranges });

  /** The plan once a View of Explore was taken: its layers, its filters, its area; the same View changes nothing twice. @param {Plan} plan @param {string} handed @returns {Plan} */
  function take(plan, handed) {
    if (handed === plan.taken) return plan;
    const [view, before] = [handed, plan.taken].map((query) => pm.view.fromQuery(query).view);
    // An area that came from Explore goes with it; one of this page stays.
    const gone = before.area.length > 0 && plan.area === "drawn" && plan.drawn === before.area.join(", ");
    const area = view.area.length ? { area: "drawn", drawn: view.area.join(", ") } : gone ? { area: "metropolis", drawn: "" } : {};
    return { ...plan, taken: handed, layers: view.layers.slice(), filters: filtersOf(view), ...area };
  }

  /** What was exported from a browser and can be exported again: entries that are one, as plans. @param {any} saved @param {any} offer @returns {{plan: Plan, at: number}[]} */
  function revived(saved, offer) {
    const found = Array.isArray(saved) ? saved.map((entry) => ({ plan: revive(entry?.plan, offer), at: Number.isSafeInteger(entry?.at) && entry.at >= 0 && entry.at < MOST_TIME ? entry.at : 0 })) : [];
    return found.flatMap(({ plan, at }) => (plan && at ? [{ plan, at }] : [])).slice(0, MOST_SAVED);
  }

  /** Four edges of a rectangle as typed, or null when the area is none. @param {string} text */
  function edges(text) {
    const found = numbers(text);
    return found && found.length === 4 ? found : null;
  }

  /** What is kept once an export was begun: newest first, each choice once. @param {any[]} saved @param {any} entry {plan, at} */
  function remember(saved, entry) {
    const sign = (one) => JSON.stringify([query(one.plan), one.plan.formats, one.plan.sheet]);
    return [entry, ...saved.filter((one) => sign(one) !== sign(entry))].slice(0, MOST_SAVED);
  }

  pm.plan = { fresh, revive, query, areaText, missing, take, filtersOf, numbers, edges, remember, revived, SHEETS, EDGES, AREAS };
})((globalThis.provence ??= {}));
