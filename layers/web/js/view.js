// The View to and from a URL query: the twin of layers/view.py, run against the same cases.
(function (pm) {
  "use strict";
  const LAYERS = ["poles", "communes", "industry", "decarbonation", "ports", "stations", "airports", "places", "perceptions", "zones", "brownfields", "protected", "rail", "power_lines"];
  // Areas and lines that lie over the land, below the symbols: there only where official services have filled them.
  const DRAPES = LAYERS.slice(9);
  const DEFAULT_LAYERS = LAYERS.slice(0, 7);
  const FILTERS = ["pole", "commune", "family", "technology", "status", "seveso"];
  const RANGES = ["co2", "capacity", "investment", "start"];
  const WITH_UNIT = "capacity";
  const KINDS = ["site", "project", "commune", "pole", "place", "port", "station", "airport", "perception", "zone", "brownfield", "protected", "rail", "power"];
  // An idea and its figures are read on the map; a shortlist is of places and projects.
  const KEPT = KINDS.slice(0, 8);
  const COMPARED = ["site", "commune"];
  const PANELS = ["compare", "shortlist", "siting"];
  const COLUMNS = ["name", "figure", "kind", "family", "status", "commune", "pole"];
  // Classes of older links, and what they were split into.
  const ALIASES = {
    "places.learning": ["places.university", "places.research"],
    "places.business": ["places.park", "places.platform", "places.terminal", "places.brownfield"],
    "places.nature": ["places.landscape", "places.beach"],
  };
  const LANGUAGES = ["en", "fr"];
  const THEMES = ["light", "dark"];
  const FIRST_YEAR = 2005;
  const HORIZON = 2035;
  const MOST_COMPARED = 3;
  const MOST_KEPT = 12;
  const MOST_CORNERS = 60;
  const MOST_WEIGHT = 10;
  const MOST_WEIGHTS = 24;
  const LEAST_KM = 0.1;
  const MOST_KM = 50;
  const WORD = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
  const NUMBER = /^-?\d{1,3}(\.\d+)?$/;
  const RANGE = /^(?:([A-Za-z0-9][A-Za-z0-9._-]*):)?(\d{1,9}(?:\.\d{1,3})?)?\.\.(\d{1,9}(?:\.\d{1,3})?)?$/;

  const SITING = /^([A-Za-z0-9][A-Za-z0-9._-]*)(?:;([^]*))?$/;
  const WEIGHT = /^([A-Za-z0-9][A-Za-z0-9._-]*):(\d{1,2}(?:\.\d)?)$/;

  /**
   * @typedef {{profile: string, weights: Record<string, number>}} Siting a ready profile, and the weights that differ from its own
   * @typedef {{least: number | null, most: number | null, unit: string | null}} Range both ends included, null is open
   * @typedef {object} View
   * @property {string[]} layers
   * @property {string[]} hidden
   * @property {[number, number, number, number] | null} bounds west, south, east, north (EPSG:4326)
   * @property {number | null} year null is the overview: the last verified emissions and every project
   * @property {Record<string, string[]>} filters
   * @property {Record<string, Range>} ranges tonnes, a unit named, millions of euros, years
   * @property {string | null} selection
   * @property {number[]} area lon, lat, km of a circle, or lon, lat of each corner (EPSG:4326); empty is none
   * @property {string[]} compare at most three of one kind
   * @property {string[]} keep the shortlist, in the order of keeping
   * @property {Siting | null} siting the suitability surface on the map
   * @property {string | null} panel what stands beside the map when nothing is selected
   * @property {string | null} table the column an open table is sorted by, after a minus when downwards
   * @property {boolean} relief hills and mountains over the land, where terrain is present
   * @property {string | null} language
   * @property {string | null} theme
   */

  /** @returns {View} */
  function fresh() {
    return { layers: DEFAULT_LAYERS.slice(), hidden: [], bounds: null, year: null, filters: {}, ranges: {}, selection: null, area: [], compare: [], keep: [], siting: null, panel: null, table: null, relief: false, language: null, theme: null };
  }

  /** The year whose verified emissions are shown. @param {View} view */
  const verified = (view) => Math.min(view.year ?? pm.view.lastYear, pm.view.lastYear);

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

  /** @returns {Range | null} */
  function range(key, value) {
    const found = RANGE.exec(value);
    if (!found) return null;
    const [unit, least, most] = [found[1] ?? null, ...[found[2], found[3]].map((word) => (word === undefined ? null : Number(word)))];
    const open = unit === null && least === null && most === null;
    if ((key === WITH_UNIT) !== (unit !== null) && !open) return null;
    if (least !== null && most !== null && least > most) return null;
    return { unit, least, most };
  }

  /** Numbers of a circle or of the corners of a polygon, or null. @param {string[]} words */
  function area(words) {
    const circle = words.length === 3;
    if (!words.length) return [];
    if (!circle && (words.length % 2 || words.length < 6 || words.length > 2 * MOST_CORNERS)) return null;
    if (!words.every((word) => NUMBER.test(word))) return null;
    const numbers = words.map(Number);
    const corners = circle ? numbers.slice(0, 2) : numbers;
    if (!corners.every((value, i) => Math.abs(value) <= (i % 2 ? 90 : 180))) return null;
    if (circle && !(numbers[2] >= LEAST_KM && numbers[2] <= MOST_KM)) return null;
    return numbers.map(round);
  }

  /** A profile and its weights, null for none, or undefined. @param {string} value @returns {Siting | null | undefined} */
  function siting(value) {
    if (!value) return null;
    const found = SITING.exec(value);
    const weights = (found?.[2] || "").split(",").filter(Boolean).map((word) => WEIGHT.exec(word));
    if (!found || !weights.every((match) => match && Number(match[2]) <= MOST_WEIGHT)) return undefined;
    // Without a prototype: a criterion may have the name of an inner part of objects.
    const given = Object.assign(Object.create(null), Object.fromEntries(weights.map((match) => [match[1], Number(match[2])])));
    return Object.keys(given).length > MOST_WEIGHTS ? undefined : { profile: found[1], weights: given };
  }

  /** @param {Siting} value */
  function writtenSiting({ profile, weights }) {
    const words = Object.keys(weights).sort().map((name) => `${name}:${weights[name]}`);
    return words.length ? `${profile};${words.join()}` : profile;
  }

  /** Keys of features, each once, or null. @param {string[]} words @param {string[]} kinds @param {number} most */
  function keys(words, kinds, most) {
    const once = [...new Set(words)];
    return once.length <= most && once.every((word) => isSelection(word, kinds)) ? once : null;
  }

  /** @returns {Partial<View> | null} what one parameter changes, or null when it cannot be read */
  function parse(key, value, view) {
    const words = value.split(",").filter(Boolean);
    if (FILTERS.includes(key)) {
      return words.every((word) => WORD.test(word)) ? { filters: { ...view.filters, [key]: sorted(words) } } : null;
    }
    if (RANGES.includes(key)) {
      const limits = range(key, value);
      return limits ? { ranges: { ...view.ranges, [key]: limits } } : null;
    }
    switch (key) {
      case "lang": return LANGUAGES.includes(value) ? { language: value } : null;
      case "theme": return THEMES.includes(value) ? { theme: value } : null;
      case "layers": return words.every((word) => LAYERS.includes(word)) ? { layers: inOrder(words, LAYERS) } : null;
      case "hidden": return words.every(isClass) ? { hidden: sorted(words.flatMap((word) => ALIASES[word] || [word])) } : null;
      case "bounds": { const box = bounds(words); return box ? { bounds: box } : null; }
      case "year": return /^[0-9]{4}$/.test(value) && +value >= FIRST_YEAR && +value <= HORIZON ? { year: +value } : null;
      case "select": return isSelection(value, KINDS) ? { selection: value } : null;
      case "area": { const numbers = area(words); return numbers ? { area: numbers } : null; }
      case "compare": { const found = keys(words, COMPARED, MOST_COMPARED); return found && new Set(found.map((word) => word.split(":")[0])).size < 2 ? { compare: found } : null; }
      case "keep": { const found = keys(words, KEPT, MOST_KEPT); return found ? { keep: found } : null; }
      case "siting": { const found = siting(value); return found === undefined ? null : { siting: found }; }
      case "panel": return PANELS.includes(value) ? { panel: value } : null;
      case "table": return COLUMNS.includes(value.replace(/^-/, "")) ? { table: value } : null;
      case "relief": return value === "on" ? { relief: true } : null;
      default: return null;
    }
  }

  function isClass(word) {
    const at = word.indexOf(".");
    return at > 0 && LAYERS.includes(word.slice(0, at)) && WORD.test(word.slice(at + 1));
  }

  function isSelection(value, kinds) {
    const at = value.indexOf(":");
    return at > 0 && kinds.includes(value.slice(0, at)) && WORD.test(value.slice(at + 1));
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
    for (const key of RANGES) if (view.ranges[key] && isOpen(view.ranges[key])) delete view.ranges[key];
    return { view, ignored };
  }

  /** @param {Range} limits */
  const isOpen = ({ least, most, unit }) => least === null && most === null && unit === null;

  /** @param {Range} limits */
  const written = ({ least, most, unit }) => `${unit ? `${unit}:` : ""}${least ?? ""}..${most ?? ""}`;

  /** Write the View as a URL query; defaults are left out. @param {View} view */
  function toQuery(view) {
    const pairs = [];
    if (view.language) pairs.push(["lang", view.language]);
    if (view.theme) pairs.push(["theme", view.theme]);
    const layers = inOrder(view.layers, LAYERS);
    if (layers.join() !== DEFAULT_LAYERS.join()) pairs.push(["layers", layers.join()]);
    if (view.hidden.length) pairs.push(["hidden", sorted(view.hidden).join()]);
    if (view.bounds) pairs.push(["bounds", view.bounds.map((value) => String(round(value))).join()]);
    if (view.year) pairs.push(["year", String(view.year)]);
    for (const key of FILTERS) if (view.filters[key]?.length) pairs.push([key, sorted(view.filters[key]).join()]);
    for (const key of RANGES) if (view.ranges[key] && !isOpen(view.ranges[key])) pairs.push([key, written(view.ranges[key])]);
    if (view.selection) pairs.push(["select", view.selection]);
    if (view.area.length) pairs.push(["area", view.area.map((value) => String(round(value))).join()]);
    if (view.compare.length) pairs.push(["compare", view.compare.join()]);
    if (view.keep.length) pairs.push(["keep", view.keep.join()]);
    if (view.siting) pairs.push(["siting", writtenSiting(view.siting)]);
    if (view.panel) pairs.push(["panel", view.panel]);
    if (view.table) pairs.push(["table", view.table]);
    if (view.relief) pairs.push(["relief", "on"]);
    return pairs.map(([key, value]) => `${key}=${encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%3B/g, ";")}`).join("&");
  }

  // `lastYear` is the newest year with verified emissions: told by the data (config.last_year) before anything is shown.
  pm.view = { fresh, fromQuery, toQuery, verified, lastYear: HORIZON, LAYERS, DRAPES, DEFAULT_LAYERS, FILTERS, RANGES, KINDS, KEPT, COMPARED, PANELS, COLUMNS, FIRST_YEAR, HORIZON, MOST_COMPARED, MOST_KEPT, MOST_WEIGHT, LEAST_KM, MOST_KM };
})((globalThis.provence ??= {}));
