// What the document knows, asked by View: no element, no map, so that it runs under Node as well.
(function (pm) {
  "use strict";
  const POINT_LAYERS = ["industry", "decarbonation", "ports", "stations", "airports", "places", "perceptions"];
  const KIND_OF = { industry: "site", decarbonation: "project", ports: "port", stations: "station", airports: "airport", places: "place", perceptions: "perception", communes: "commune", poles: "pole", zones: "zone", brownfields: "brownfield", protected: "protected", rail: "rail", power_lines: "power" };
  // Kinds whose rows name neither a commune nor a pole: filters by place leave them alone.
  const UNPLACED = new Set(["protected", "rail", "power"]);

  /**
   * Index the features of the document.
   * @param {Record<string, {features: any[]}>} layers GeoJSON by layer id, coordinates in EPSG:4326
   * @param {{emissions: Record<string, (number | null)[]>, style: any, first_year: number, layers?: any, siting?: any, relief?: any, beside?: any}} config
   */
  function create(layers, config) {
    /** @type {Map<string, any>} */
    const byKey = new Map();
    const items = {};
    /** Take up the features of a layer. @param {string} layer @param {any[]} features */
    function adopt(layer, features) {
      items[layer] = features.map((feature) => {
        const kind = KIND_OF[layer];
        const item = { ...feature.properties, kind, layer, key: `${kind}:${feature.properties.id}`, geometry: feature.geometry };
        if (feature.geometry && pm.view.DRAPES.includes(layer)) Object.assign(item, pm.drapeShapes.whole(item, config.layers[layer].sources, byKey));
        if (feature.geometry?.type === "Point") [item.lon, item.lat] = feature.geometry.coordinates;
        byKey.set(item.key, item);
        return item;
      });
      return items[layer];
    }

    for (const layer of [...POINT_LAYERS, "communes", "poles", ...pm.view.DRAPES]) adopt(layer, layers[layer]?.features || []);
    /** Whether a layer travels beside the document and is not here yet. @param {string} layer */
    const awaited = (layer) => Boolean(config.beside?.[layer]) && !items[layer].length;
    const size = config.style.size;

    /** Verified EU ETS tonnes of a site in a year, or null where nothing was verified. */
    function co2(site, year) {
      const series = config.emissions[site.id];
      const value = series ? series[year - config.first_year] : null;
      return value === undefined ? null : value;
    }

    /** The class of the layer tree that an item belongs to. */
    function classOf(item) {
      if (item.layer === "industry" || item.layer === "decarbonation") return item.family;
      return item.layer === "places" ? item.class : item.layer;
    }

    // What each filter and range speaks of, and what it reads; a kind it does not speak of is left alone.
    const READS = {
      pole: (item) => (UNPLACED.has(item.kind) ? undefined : item.pole ?? null),
      // A commune is filtered by its code; `commune` is its name.
      commune: (item) => (UNPLACED.has(item.kind) ? undefined : item.insee ?? null),
      family: (item) => (item.kind === "site" || item.kind === "project" ? item.family ?? null : undefined),
      technology: (item) => (item.kind === "project" ? item.technology ?? null : undefined),
      status: (item) => (item.kind === "project" ? item.status ?? null : undefined),
      seveso: (item) => (item.kind === "site" ? item.seveso ?? null : undefined),
      co2: (item, view) => (item.kind === "site" ? co2(item, pm.view.verified(view)) : undefined),
      capacity: (item, view) => (item.kind === "project" ? (item.unit === view.ranges.capacity?.unit ? item.capacity_value ?? null : null) : undefined),
      investment: (item) => (item.kind === "project" ? item.investment_meur ?? null : undefined),
      start: (item) => (item.kind === "project" ? item.start ?? null : undefined),
    };
    const familiesOf = { site: new Set(config.style.industry.map((f) => f.id)), project: new Set(config.style.projects.map((f) => f.id)) };

    /** Values of a filter that speak of an item: families of industry say nothing of a project. */
    function values(key, item, view) {
      const all = view.filters[key] || [];
      return key === "family" ? all.filter((value) => familiesOf[item.kind]?.has(value)) : all;
    }

    function within(value, { least, most }) {
      if (least === null && most === null) return value !== null;
      return value !== null && (least === null || value >= least) && (most === null || value <= most);
    }

    /** Whether the filters and ranges of a View keep an item. @param {any} item @param {any} view @param {string} [but] one that does not count */
    function passes(item, view, but) {
      for (const key in view.filters) {
        if (key === but) continue;
        const wanted = values(key, item, view);
        const value = wanted.length ? READS[key](item, view) : undefined;
        if (value !== undefined && !wanted.includes(String(value))) return false;
      }
      for (const key in view.ranges) {
        if (key === but) continue;
        const value = READS[key](item, view);
        if (value !== undefined && !within(value, view.ranges[key])) return false;
      }
      return true;
    }

    /** Whether an item stands, or is to stand, in the year of the View; the overview shows all. */
    function timely(item, view) {
      if (view.year === null || item.kind !== "project") return true;
      return item.status !== "suspended" && item.start !== undefined && item.start <= view.year;
    }

    const shows = (item, view) => !view.hidden.includes(`${item.layer}.${classOf(item)}`) && timely(item, view);

    /** Items of a layer that the View shows. @param {string} layer @param {any} view */
    function visible(layer, view) {
      if (!view.layers.includes(layer)) return [];
      return items[layer].filter((item) => shows(item, view) && passes(item, view));
    }

    /** How many items each value of a filter would keep, the other filters as they are. @param {string} key @param {string[]} layers @param {any} view */
    function facets(key, layers, view) {
      const counts = {};
      for (const layer of layers) {
        for (const item of items[layer]) {
          if (!timely(item, view) || !passes(item, view, key)) continue;
          const value = READS[key](item, view);
          if (value !== undefined && value !== null) counts[value] = (counts[value] || 0) + 1;
        }
      }
      return counts;
    }

    /** A View without what this document does not hold, and the names of what was left out. @param {any} view */
    function known(view) {
      const ignored = [];
      const there = (key, name) => byKey.has(key) || (name === "select" && Object.keys(KIND_OF).some((layer) => key.startsWith(`${KIND_OF[layer]}:`) && awaited(layer))) || (ignored.push(`${name}=${key}`), false);
      const filters = {};
      for (const key in view.filters) {
        const values = new Set(key === "family" ? [...familiesOf.site, ...familiesOf.project] : ["industry", "decarbonation", "places"].flatMap((layer) => items[layer].map((item) => String(READS[key](item, view)))));
        // A commune where nothing stands is a commune all the same.
        if (key === "commune") for (const item of items.communes) values.add(item.id);
        const kept = view.filters[key].filter((value) => values.has(value) || (ignored.push(`${key}=${value}`), false));
        if (kept.length) filters[key] = kept;
      }
      const layers = view.layers.filter((layer) => !pm.view.DRAPES.includes(layer) || items[layer].length || awaited(layer) || (ignored.push(`layers=${layer}`), false));
      const selection = view.selection && there(view.selection, "select") ? view.selection : null;
      // Where the document has no criteria, a surface cannot be shown.
      const sited = Boolean(config.siting);
      if (view.siting && !sited) ignored.push(`siting=${view.siting.profile}`);
      const asked = sited ? {} : { siting: null, panel: view.panel === "siting" ? null : view.panel };
      const relief = Boolean(view.relief && (config.relief?.columns || (ignored.push("relief=on"), false)));
      return { view: { ...view, ...asked, layers, relief, filters, selection, compare: view.compare.filter((key) => there(key, "compare")), keep: view.keep.filter((key) => there(key, "keep")) }, ignored };
    }

    /** Sum of verified tonnes and the number of sites that have a figure, for a pole or (null) all. */
    function total(pole, year) {
      let tonnes = 0;
      let sites = 0;
      for (const site of items.industry) {
        const value = co2(site, year);
        if (value === null || (pole && site.pole !== pole)) continue;
        tonnes += value;
        sites += 1;
      }
      return { tonnes: sites ? tonnes : null, sites };
    }

    /** Count a layer by a property. @param {string} layer @param {string} property @param {(item: any) => boolean} [keep] */
    function countBy(layer, property, keep = () => true) {
      const counts = {};
      for (const item of items[layer]) if (keep(item)) counts[item[property]] = (counts[item[property]] || 0) + 1;
      return counts;
    }

    return { items, byKey, adopt, awaited, co2, classOf, visible, passes, timely, facets, known, total, countBy, radius: (tonnes, factor = size.factor) => radius(tonnes, size, factor) };
  }

  /** Radius in px: area proportional to tonnes, with a floor. The twin of layers.style.circle_radius. */
  function radius(tonnes, size, factor) {
    if (!(tonnes > 0)) return size.minimum;
    return Math.max(size.minimum, size.radius * Math.sqrt(tonnes / size.reference) * factor);
  }

  /**
   * Gather points closer than `distance` px, each with the first group it is near to.
   * @template {{x: number, y: number}} T
   * @param {T[]} points in order of precedence
   * @param {number} distance
   * @returns {{x: number, y: number, members: T[]}[]}
   */
  function group(points, distance) {
    const groups = [];
    for (const point of points) {
      const near = groups.find((g) => Math.hypot(g.x - point.x, g.y - point.y) < distance);
      if (!near) {
        groups.push({ x: point.x, y: point.y, members: [point] });
        continue;
      }
      near.members.push(point);
      near.x += (point.x - near.x) / near.members.length;
      near.y += (point.y - near.y) / near.members.length;
    }
    return groups;
  }

  /** Offsets in px that set `n` symbols of one place apart on a circle, the first at the top. */
  function spread(n, gap = 30) {
    // Neighbours are a chord of at least `gap` apart, and half a px for the rounding of each.
    const r = n > 1 ? Math.max(gap, (gap + 1) / (2 * Math.sin(Math.PI / n))) : gap;
    return Array.from({ length: n }, (_, i) => {
      const angle = (2 * Math.PI * i) / n - Math.PI / 2;
      return { x: Math.round(r * Math.cos(angle)), y: Math.round(r * Math.sin(angle)) };
    });
  }

  /** Whether a GeoJSON polygon or multipolygon holds a point (even-odd rule). */
  function contains(geometry, lon, lat) {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    let inside = false;
    for (const ring of polygons.flat()) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [xi, yi] = ring[i];
        const [xj, yj] = ring[j];
        if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
      }
    }
    return inside;
  }

  pm.model = { create, radius, group, spread, contains, POINT_LAYERS, KIND_OF };
})((globalThis.provence ??= {}));
