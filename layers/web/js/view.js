// The View to and from a URL query: the twin of layers/view.py, run against the same cases.
(function (pm) {
  "use strict";
  const LAYERS = ["poles", "communes", "industry", "decarbonation", "ports", "stations", "airports", "places", "perceptions"];
  const DEFAULT_LAYERS = LAYERS.slice(0, 7);
  const FILTERS = ["pole", "commune", "family", "technology", "status"];
  const KINDS = ["site", "project", "commune", "pole", "place", "port", "station", "airport", "perception"];
  // Classes of older links, and what they were split into.
  const ALIASES = {
    "places.learning": ["places.university", "places.research"],
    "places.business": ["places.park", "places.platform", "places.terminal", "places.brownfield"],
    "places.nature": ["places.landscape", "places.beach"],
  };
  const LANGUAGES = ["en", "fr"];
  const THEMES = ["light", "dark"];
  const FIRST_YEAR = 2005;
  const LAST_YEAR = 2022;
  const WORD = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
  const NUMBER = /^-?\d{1,3}(\.\d+)?$/;

  /**
   * @typedef {object} View
   * @property {string[]} layers
   * @property {string[]} hidden
   * @property {[number, number, number, number] | null} bounds west, south, east, north (EPSG:4326)
   * @property {number} year
   * @property {Record<string, string[]>} filters
   * @property {string | null} selection
   * @property {string | null} language
   * @property {string | null} theme
   */

  /** @returns {View} */
  function fresh() {
    return { layers: DEFAULT_LAYERS.slice(), hidden: [], bounds: null, year: LAST_YEAR, filters: {}, selection: null, language: null, theme: null };
  }

  const inOrder = (values, order) => order.filter((value) => values.includes(value));
  const sorted = (values) => [...new Set(values)].sort();

  function bounds(words) {
    if (words.length !== 4 || !words.every((word) => NUMBER.test(word))) return null;
    const [west, south, east, north] = words.map(Number);
    const valid = -180 <= west && west <= east && east <= 180 && -90 <= south && south <= north && north <= 90;
    return valid ? /** @type {[number, number, number, number]} */ ([west, south, east, north].map(round)) : null;
  }

  /** Five decimals, and never minus zero. */
  const round = (value) => Number(value.toFixed(5)) + 0;

  /** @returns {Partial<View> | null} what one parameter changes, or null when it cannot be read */
  function parse(key, value, view) {
    const words = value.split(",").filter(Boolean);
    if (FILTERS.includes(key)) {
      return words.every((word) => WORD.test(word)) ? { filters: { ...view.filters, [key]: sorted(words) } } : null;
    }
    switch (key) {
      case "lang": return LANGUAGES.includes(value) ? { language: value } : null;
      case "theme": return THEMES.includes(value) ? { theme: value } : null;
      case "layers": return words.every((word) => LAYERS.includes(word)) ? { layers: inOrder(words, LAYERS) } : null;
      case "hidden": return words.every(isClass) ? { hidden: sorted(words.flatMap((word) => ALIASES[word] || [word])) } : null;
      case "bounds": { const box = bounds(words); return box ? { bounds: box } : null; }
      case "year": return /^[0-9]{4}$/.test(value) && +value >= FIRST_YEAR && +value <= LAST_YEAR ? { year: +value } : null;
      case "select": return isSelection(value) ? { selection: value } : null;
      default: return null;
    }
  }

  function isClass(word) {
    const at = word.indexOf(".");
    return at > 0 && LAYERS.includes(word.slice(0, at)) && WORD.test(word.slice(at + 1));
  }

  function isSelection(value) {
    const at = value.indexOf(":");
    return at > 0 && KINDS.includes(value.slice(0, at)) && WORD.test(value.slice(at + 1));
  }

  /**
   * Read a URL query, with or without `?` or `#`; what cannot be read is named and left at its default.
   * @param {string} query
   * @returns {{view: View, ignored: string[]}}
   */
  function fromQuery(query) {
    let view = fresh();
    const ignored = [];
    // URLSearchParams itself drops one question mark: it gets exactly one to drop.
    for (const [key, value] of new URLSearchParams(query.replace(/^[?#]?/, "?"))) {
      const changes = parse(key, value, view);
      if (changes) view = { ...view, ...changes };
      else ignored.push(`${key}=${value}`);
    }
    for (const key of FILTERS) if (view.filters[key] && !view.filters[key].length) delete view.filters[key];
    return { view, ignored };
  }

  /** Write the View as a URL query; defaults are left out. @param {View} view */
  function toQuery(view) {
    const pairs = [];
    if (view.language) pairs.push(["lang", view.language]);
    if (view.theme) pairs.push(["theme", view.theme]);
    const layers = inOrder(view.layers, LAYERS);
    if (layers.join() !== DEFAULT_LAYERS.join()) pairs.push(["layers", layers.join()]);
    if (view.hidden.length) pairs.push(["hidden", sorted(view.hidden).join()]);
    if (view.bounds) pairs.push(["bounds", view.bounds.map((value) => String(round(value))).join()]);
    if (view.year !== LAST_YEAR) pairs.push(["year", String(view.year)]);
    for (const key of FILTERS) if (view.filters[key]?.length) pairs.push([key, sorted(view.filters[key]).join()]);
    if (view.selection) pairs.push(["select", view.selection]);
    return pairs.map(([key, value]) => `${key}=${encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3A/g, ":")}`).join("&");
  }

  pm.view = { fresh, fromQuery, toQuery, LAYERS, DEFAULT_LAYERS, FILTERS, KINDS, FIRST_YEAR, LAST_YEAR };
})((globalThis.provence ??= {}));
