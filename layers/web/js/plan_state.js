// What is chosen on the Plan page, as plain data, and how it is asked of the server. Nothing here touches the page.
(function (pm) {
  "use strict";
  const CONFIG_CRS = 2154;
  const MOST_SAVED = 12;
  const EDGES = ["west", "south", "east", "north"];
  const NUMBER = /^-?[0-9]{1,3}(\.[0-9]{1,12})?$/;
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

  /** What was kept, with what it lacks as it is at first; null for what is no plan. @param {any} kept @param {any} offer @returns {Plan | null} */
  function revive(kept, offer) {
    if (!kept || typeof kept !== "object") return null;
    const first = fresh(offer, "en");
    const made = { ...first, ...Object.fromEntries(Object.entries(kept).filter(([key, value]) => key in first && (first[key] === null || (typeof value === typeof first[key] && Array.isArray(value) === Array.isArray(first[key]))))) };
    const known = offer.layers.map((layer) => layer.id);
    const files = [...offer.formats.map((format) => format.id), ...SHEETS];
    made.layers = made.layers.filter((id) => known.includes(id));
    made.formats = made.formats.filter((id) => files.includes(id));
    if (!AREAS.includes(made.area)) made.area = "metropolis";
    return made;
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
    if (!handed || handed === plan.taken) return plan;
    const view = pm.view.fromQuery(handed).view;
    const area = view.area.length ? { area: "drawn", drawn: view.area.join(", ") } : {};
    return { ...plan, taken: handed, layers: view.layers.slice(), filters: filtersOf(view), ...area };
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

  pm.plan = { fresh, revive, query, areaText, missing, take, filtersOf, numbers, edges, remember, SHEETS, EDGES, AREAS };
})((globalThis.provence ??= {}));
