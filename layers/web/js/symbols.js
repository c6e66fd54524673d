// Symbols on the map: sites, projects and their stacks, access and places. Sites are drawn by circles.js, the others are
// elements. Hit-testing is by nearest centre.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  const STACK_PX = 30;
  const DETAIL_ZOOM = 11.5;
  const SAME_PLACE_ZOOM = 14.5;
  const STILL = { x: 0, y: 0 };
  const PANES = { decarbonation: "projects", ports: "access", stations: "access", airports: "access", places: "access", perceptions: "projects", industry: "industry" };

  /**
   * @param {any} map Leaflet map
   * @param {any} model see model.js
   * @param {any} draw see icons.symbols
   * @param {boolean} [clustered] whether sites are so many that they are gathered, see clusters.js
   */
  function create(map, model, draw, clustered = false) {
    const circles = pm.circles.create(draw).addTo(map);
    /** @type {Map<string, any>} the elements that stand on the map, by all that makes their picture */
    const markers = new Map();
    /** @type {Map<string, any>} taken off at this zoom and kept whole: to show a layer again is to put them back */
    const parked = new Map();
    /** @type {{keys: string[], lon: number, lat: number} | null} */
    let spread = null;
    let current = null;
    let hub = null;
    /** @type {any[]} everything that stands on the map, sites included */
    let entries = [];
    /** @type {{of: any[], zoom: number, left: number, top: number, boxes: any[]} | null} */
    let placed = null;
    /** @type {WeakMap<any, {x: number, y: number}>} */
    const flats = new WeakMap();
    /** @type {{view: any, of: any, items: any[]}} */
    let kept = { view: null, of: null, items: [] };

    const project = (lat, lon) => map.project([lat, lon], 0);

    /** An item's place in px at zoom 0, worked out once: any zoom is a multiple of it. */
    function flatOf(item) {
      let flat = flats.get(item);
      if (!flat) flats.set(item, flat = project(item.lat, item.lon));
      return flat;
    }

    /** What is left of the plane of a zoom, in px, at the left and at the top of the map; and its scale. */
    function frame() {
      const zoom = map.getZoom();
      const corner = map.containerPointToLayerPoint([0, 0]).add(map.getPixelOrigin());
      return { zoom, scale: map.getZoomScale(zoom, 0), left: corner.x, top: corner.y };
    }

    const within = ({ scale, left, top }, flat) => ({ x: Math.round(flat.x * scale) - left, y: Math.round(flat.y * scale) - top });
    const placeOf = (item) => `${item.lon},${item.lat}`;

    /** What should stand on the map now: one entry a symbol. */
    function wanted(view) {
      const found = [];
      const now = frame();
      for (const layer of ["ports", "stations", "airports", "places"]) {
        for (const item of model.visible(layer, view)) {
          const minor = item.minor && map.getZoom() < DETAIL_ZOOM;
          if (!minor || view.selection === item.key) found.push(one(item, view));
        }
      }
      // The tail of the bubble points at the place; a card without a place is in the lists only.
      for (const item of model.visible("perceptions", view)) if (item.geometry) found.push({ ...one(item, view), dy: -20, r: 15, z: 12000 });
      if (clustered) found.push(...gathered(now, view));
      else for (const item of model.visible("industry", view)) found.push(one(item, view));
      const projects = model.visible("decarbonation", view);
      const order = Object.fromEntries(model.statusOrder.map((id, i) => [id, i]));
      projects.sort((a, b) => order[a.status] - order[b.status]);
      const free = projects.filter((item) => !spread?.keys.includes(item.key));
      for (const item of projects) if (spread?.keys.includes(item.key)) found.push(one(item, view));
      for (const group of pm.model.group(free.map((item) => ({ ...within(now, flatOf(item)), item })), STACK_PX)) {
        const items = group.members.map((member) => member.item);
        if (items.length === 1) found.push(one(items[0], view));
        else found.push(stack(items, view));
      }
      return found;
    }

    /** Sites one by one, or as clusters where they are too many; what the filters keep is found once a View. */
    function gathered(now, view) {
      if (kept.view !== view || kept.of !== model.items.industry) kept = { view, of: model.items.industry, items: model.visible("industry", view) };
      const { x: w, y: h_ } = map.getSize();
      return pm.clusters.gather(kept.items, flatOf, { ...now, w, h: h_ }, view.selection).map(({ items }) => (items.length === 1 ? one(items[0], view) : cluster(items)));
    }

    function cluster(items) {
      const [lat, lon] = [mean(items, "lat"), mean(items, "lon")];
      return { id: `cluster:${items.length}:${items[0].key}:${items[items.length - 1].key}`, cluster: true, items, layer: "industry", lat, lon, flat: project(lat, lon), dx: 0, dy: 0, r: pm.clusters.radius(items.length), z: 5000, dim: false };
    }

    function stack(items, view) {
      const [lat, lon] = [mean(items, "lat"), mean(items, "lon")];
      return { id: `stack:${items.map((item) => item.key).join()}`, items, layer: "decarbonation", lat, lon, flat: project(lat, lon), dx: 0, dy: -20, r: 16, z: 9000, dim: dimmed(items[0], view) };
    }

    const mean = (items, axis) => items.reduce((sum, item) => sum + item[axis], 0) / items.length;

    const dimmed = (item, view) => Boolean(view.selection?.startsWith("pole:") && view.selection !== `pole:${item.pole}`);

    /** Stations stay small, places do until the map is close enough. */
    const small = (item) => item.minor || (item.kind === "place" && map.getZoom() < DETAIL_ZOOM);

    /** @param {any} item @param {any} view */
    function one(item, view) {
      const full = item.kind === "site" ? model.radius(model.co2(item, pm.view.verified(view))) : item.kind === "project" ? 10 : small(item) ? 8 : 11;
      const at = spread ? spread.keys.indexOf(item.key) : -1;
      const { lat, lon } = at < 0 ? item : spread;
      const { x, y } = at < 0 ? STILL : pm.model.spread(spread.keys.length)[at];
      return { id: item.key, items: [item], site: item.kind === "site" ? item : null, layer: item.layer, lat, lon, flat: at < 0 ? flatOf(item) : project(lat, lon), dx: x, dy: y, r: at < 0 ? full : Math.min(full, 14), z: at < 0 ? 0 : 20000, dim: dimmed(item, view), ring: map.getZoom() >= DETAIL_ZOOM };
    }

    /** The picture of an entry; everything in it is built from numbers and known names. */
    function picture(entry) {
      const [item] = entry.items;
      if (entry.cluster) return pm.clusters.picture(entry.items);
      if (entry.items.length > 1) return h("span.stack", null, String(entry.items.length));
      if (item.kind === "project") return draw.shape(item.family, item.status, 20, { map: true });
      if (item.kind === "perception") return h("span.bubble", null, String(item.rank));
      return h(small(item) ? "span.chip.minor" : "span.chip", null, pm.icons.icon(item.kind === "place" ? item.class : item.layer, small(item) ? 11 : 15));
    }

    /** What a symbol is announced as: a stack says its count first, as it shows it. */
    function label(entry) {
      const [item] = entry.items;
      if (entry.cluster) return pm.clusters.said(entry.items);
      const said = entry.items.map(model.describe).join("; ");
      if (entry.items.length > 1) return `${pm.text.count("stack.count", entry.items.length)} – ${said}`;
      return item.kind === "perception" ? `${item.rank} – ${said}` : said;
    }

    function build(entry) {
      const size = entry.items.length > 1 && !entry.cluster ? [entry.items.length > 9 ? 35 : 30, 26] : [2 * entry.r, 2 * entry.r];
      const icon = L.divIcon({ className: `symbol${entry.dim ? " dim" : ""}`, iconSize: size, iconAnchor: [size[0] / 2 - entry.dx, size[1] / 2 - entry.dy], html: picture(entry) });
      const marker = L.marker([entry.lat, entry.lon], { icon, pane: PANES[entry.layer], interactive: false, keyboard: false, zIndexOffset: entry.z }).addTo(map);
      const node = marker.getElement();
      node.dataset.key = entry.id;
      node.setAttribute("role", "button");
      // The others are walked through by N and P; a cluster leads closer, and is no item of its own.
      node.setAttribute("tabindex", entry.cluster ? "0" : "-1");
      node.setAttribute("aria-label", label(entry));
      return { entry, marker };
    }

    const signature = (entry) => [entry.id, entry.r.toFixed(1), entry.dx, entry.dy, entry.dim, pm.text.language].join();

    /** Bring the symbols in step with a View: only what changed is touched. */
    function update(view) {
      current = view;
      entries = wanted(view);
      circles.show(entries.filter((entry) => entry.site));
      const seen = new Set();
      for (const entry of entries) {
        if (entry.site) continue;
        const sign = signature(entry);
        seen.add(sign);
        if (!markers.has(sign)) markers.set(sign, unpark(sign) || build(entry));
      }
      for (const [sign, held] of markers) {
        if (seen.has(sign)) continue;
        held.marker.getElement().remove();
        parked.set(sign, held);
        markers.delete(sign);
      }
    }

    function unpark(sign) {
      const held = parked.get(sign);
      if (!held) return null;
      parked.delete(sign);
      held.marker.getPane().append(held.marker.getElement());
      return held;
    }

    map.on("zoomend", () => {
      for (const { marker } of parked.values()) marker.remove();
      parked.clear();
    });

    /** Centre in container px and radius of each symbol, worked out once for what stands where the map is. */
    function boxes() {
      const now = frame();
      if (placed?.of !== entries || placed.zoom !== now.zoom || placed.left !== now.left || placed.top !== now.top) {
        placed = { ...now, of: entries, boxes: entries.map((entry) => {
          const { x, y } = within(now, entry.flat);
          return { entry, x: x + entry.dx, y: y + entry.dy, r: entry.r };
        }) };
      }
      return placed.boxes;
    }

    /** Symbols under a point, nearest centre first. @param {{x: number, y: number}} point @param {number} reach px */
    function hits(point, reach) {
      const found = [];
      for (const box of boxes()) {
        const d = Math.hypot(box.x - point.x, box.y - point.y);
        if (d <= Math.max(box.r, reach)) found.push({ box, d });
      }
      // The nearest centre wins, but a point inside a small symbol never goes to the large one below it.
      return found.sort((a, b) => Math.max(0, a.d - a.box.r * 0.25) - Math.max(0, b.d - b.box.r * 0.25) || a.box.r - b.box.r).map(({ box }) => box.entry);
    }

    /** Items on the map that stand at the very place of this one. */
    function companions(item) {
      if (item.kind !== "site" && item.kind !== "project") return [];
      return entries.flatMap((entry) => entry.items).filter((other) => placeOf(other) === placeOf(item) && other.kind === item.kind);
    }

    /** Set the items of one place apart; null closes. @param {any[] | null} items */
    function open(items) {
      hub?.remove();
      hub = null;
      spread = items && items.length > 1 ? { keys: items.map((item) => item.key), lon: mean(items, "lon"), lat: mean(items, "lat") } : null;
      if (spread) hub = L.marker([spread.lat, spread.lon], { pane: "doubt", interactive: false, keyboard: false, icon: hubIcon(spread.keys.length) }).addTo(map);
      if (current) update(current);
    }

    /** The place itself while what stands on it is set apart: a dot and the circle they stand on. */
    function hubIcon(n) {
      const { x, y } = pm.model.spread(n)[0];
      const r = Math.hypot(x, y);
      const drawing = pm.dom.s("svg", { viewBox: `${-r - 2} ${-r - 2} ${2 * r + 4} ${2 * r + 4}`, width: 2 * r + 4, height: 2 * r + 4, "aria-hidden": "true" },
        pm.dom.s("circle", { r, fill: "none", stroke: "var(--ink3)", "stroke-width": 1.2, "stroke-dasharray": "2 3" }), pm.dom.s("circle", { r: 2.5, fill: "var(--ink3)" }));
      return L.divIcon({ className: "symbol", html: drawing, iconSize: [2 * r + 4, 2 * r + 4] });
    }

    /** Whether zooming in could still set these items apart. */
    function separable(items) {
      const points = items.map((item) => map.project([item.lat, item.lon], SAME_PLACE_ZOOM));
      return points.some((p) => p.distanceTo(points[0]) > STACK_PX);
    }

    return { update, clustered, label, hits, boxes, companions, open, separable, get isOpen() { return Boolean(spread); }, position(key) {
      const box = boxes().find(({ entry }) => entry.items.some((item) => item.key === key));
      return box || null;
    } };
  }

  pm.symbols = { create };
})((globalThis.provence ??= {}));
