// The map's behaviour: framing, pointing, choosing, names. What stands on it is in symbols.js and base.js.
(function (pm) {
  "use strict";
  const { h, s } = pm.dom;
  const FLIGHT_S = 0.6;
  const HOVER_MS = 120;
  const OPEN_SEA_DEG = 0.6;
  const CLOSES_PX = 12;
  // The closest a stack is framed, and an area chosen by name: what lies around stays in sight.
  const STACK_ZOOM = 13.5;
  const AREA_ZOOM = 12.5;
  // How much closer a cluster is opened at once, and how many are listed of one that nothing sets apart.
  const CLOSER = 2.5;
  const LISTED = 200;
  const UNCERTAINTY_M = { street: 300, approx: 1500, zone: 2000 };

  /**
   * @param {any} map Leaflet map made by folium
   * @param {any} context see app.js: model, draw, config, on, overlays(), covered(), moves
   */
  function create(map, context) {
    const { model, config, on } = context;
    const symbols = pm.symbols.create(map, model, context.draw, Boolean(config.beside?.industry));
    const drapes = config.style.drapes ? pm.drape.create(map, model, context.draw, config.style.drapes, { beside: config.beside, on }) : null;
    const relief = config.relief?.columns ? pm.relief.create(map, config.relief, on) : null;
    const home = L.latLngBounds(config.home);
    // South of the tables there is only open sea, which is the background: the frame may go on, as a phone needs.
    const frame = L.latLngBounds(config.frame).extend([config.frame[0][0] - OPEN_SEA_DEG, config.frame[0][1]]);
    const container = map.getContainer();
    const tip = h("div.tip", { role: "tooltip", hidden: true });
    const reduced = matchMedia("(prefers-reduced-motion: reduce)");
    let view = pm.view.fresh();
    let ring = null;
    let doubt = null;
    /** The element of the commune that is chosen. @type {any} */
    let chosen = null;
    let area = null;
    let sketched = null;
    const names = pm.names.create(map, config.labels);
    let quiet = true;
    // Until the first View stands, moves are only its framing: everything is drawn once, at the end of it.
    let drawn = false;
    // A map in a hidden tab has no size: what it was to frame waits until it has.
    let waiting = null;
    let timer = 0;
    let naming = false;
    let cycle = { x: -99, y: -99, at: 0 };
    container.append(tip);
    container.setAttribute("aria-label", pm.text.t("map.label"));

    /** Keep the frame larger than the window, so that its edge is never seen. */
    function limit() {
      const size = map.getSize();
      if (!size.x || !size.y) return;
      map.setMaxBounds(frame);
      map.setMinZoom(Math.min(map.getBoundsZoom(frame, true), map.getBoundsZoom(home)));
    }

    /** Keep what is framed clear of what the page lays over the map. */
    function padding() {
      const { top, right, bottom } = context.covered();
      return { paddingTopLeft: [10, top + 10], paddingBottomRight: [10 + right, bottom + 22] };
    }

    /**
     * Frame an extent. `kept` says that the View is to remember it, as it does what the reader does by hand.
     * @param {any} bounds @param {{kept?: boolean, animate?: boolean, maxZoom?: number, paddingTopLeft?: number[], paddingBottomRight?: number[]}} [how]
     */
    function frameTo(bounds, { kept = false, ...options } = {}) {
      if (!map.getSize().x || !map.getSize().y) {
        waiting = [bounds, { kept, ...options }];
        return;
      }
      waiting = null;
      quiet = !kept;
      const animate = !reduced.matches && options.animate !== false;
      if (animate) map.flyToBounds(bounds, { ...padding(), ...options, duration: FLIGHT_S });
      else map.fitBounds(bounds, { ...padding(), ...options, animate: false });
    }

    const goHome = (animate = true) => frameTo(home, { animate });

    /** Frame what the View says, to the edge: its bounds are those of a window; without any, the whole metropolis. */
    function frameView(animate = true) {
      if (!view.bounds) return goHome(animate);
      const [west, south, east, north] = view.bounds;
      return frameTo([[south, west], [north, east]], { animate, paddingTopLeft: [0, 0], paddingBottomRight: [0, 0] });
    }

    /** Pan only when what was chosen is out of sight. */
    function reveal(item, animate = true) {
      if (item.geometry.type !== "Point") {
        const bounds = L.geoJSON(item.geometry).getBounds();
        const draped = pm.view.DRAPES.includes(item.layer);
        if (item.kind === "pole" || !inSight(bounds) || (draped && drapes.small(item))) frameTo(bounds, { kept: true, animate, maxZoom: draped ? STACK_ZOOM : AREA_ZOOM });
        return;
      }
      const p = map.latLngToContainerPoint([item.lat, item.lon]);
      const size = map.getSize();
      const covered = context.covered();
      if (p.x > 30 && p.y > 30 + covered.top && p.x < size.x - 30 - covered.right && p.y < size.y - 30 - covered.bottom) return;
      const wanted = L.point((size.x - covered.right) / 2, covered.top + (size.y - covered.top - covered.bottom) / 2);
      map.panBy(p.subtract(wanted), { animate: animate && !reduced.matches });
    }

    /** Mark the selection: a ring around a symbol, a heavier line around an area, a circle for a position in doubt. */
    function mark() {
      ring?.remove();
      doubt?.remove();
      ring = doubt = null;
      container.dataset.pole = view.selection?.startsWith("pole:") ? view.selection.slice(5) : "";
      chosen?.classList.remove("chosen");
      chosen = view.selection?.startsWith("commune:") ? pm.drawn.communes?.get(view.selection.slice(8)) : null;
      chosen?.classList.add("chosen");
      // Its line lies over those of its neighbours.
      chosen?.parentNode.append(chosen);
      const item = view.selection ? model.byKey.get(view.selection) : null;
      if (item?.geometry?.type !== "Point") return;
      const box = symbols.position(item.key);
      const r = (box ? box.r : 10) + 6;
      const drawing = s("svg", { viewBox: `${-r - 4} ${-r - 4} ${2 * r + 8} ${2 * r + 8}`, width: 2 * r + 8, height: 2 * r + 8, "aria-hidden": "true" },
        s("circle", { r, fill: "none", stroke: "var(--halo)", "stroke-width": 7 }), s("circle", { r, fill: "none", stroke: "var(--ink)", "stroke-width": 2.5 }));
      const dx = box ? box.entry.dx : 0;
      const dy = box ? box.entry.dy : 0;
      const at = box ? [box.entry.lat, box.entry.lon] : [item.lat, item.lon];
      ring = L.marker(at, { pane: "ring", interactive: false, keyboard: false, icon: L.divIcon({ className: "symbol", html: drawing, iconSize: [2 * r + 8, 2 * r + 8], iconAnchor: [r + 4 - dx, r + 4 - dy] }) }).addTo(map);
      const metres = item.approximate ? UNCERTAINTY_M[item.precision] : 0;
      if (metres) doubt = L.circle([item.lat, item.lon], { radius: metres, pane: "doubt", className: "doubt", interactive: false }).addTo(map);
    }

    /** Write the names that fit beside what the page and the symbols cover. */
    function writeNames() {
      const obstacles = context.overlays();
      const small = [];
      for (const { entry, x, y, r } of symbols.boxes()) {
        const box = { left: x - r * 0.85, right: x + r * 0.85, top: y - r * 0.85, bottom: y + r * 0.85 };
        (entry.items.length > 1 || r > 9 ? obstacles : small).push(box);
      }
      names.write(obstacles, small);
    }

    /** Write the names after the symbols are painted, since measuring what they must keep clear of would force a layout; and not before that is there. */
    function nameSoon() {
      if (naming || !context.whole) return;
      naming = true;
      requestAnimationFrame(() => setTimeout(() => {
        naming = false;
        writeNames();
      }));
    }

    /** Closer to a cluster, until what it stands for is apart. */
    function open(items) {
      const bounds = L.latLngBounds(items.map((item) => [item.lat, item.lon]));
      if (symbols.separable(items) && map.getZoom() < map.getMaxZoom() - 0.1) frameTo(bounds.pad(0.1), { kept: true, maxZoom: Math.min(map.getMaxZoom(), map.getZoom() + CLOSER) });
      else on.list(items.slice(0, LISTED));
    }

    function choose(entry) {
      const { items } = entry;
      if (entry.cluster) return open(items);
      if (items.length > 1) {
        // The list says what the symbols are while the map sets them apart, never so close that nothing else is seen.
        const closer = symbols.separable(items) && map.getZoom() < STACK_ZOOM - 0.1;
        if (!closer) {
          symbols.open(items);
          mark();
        }
        on.list(items);
        if (closer) frameTo(L.latLngBounds(items.map((item) => [item.lat, item.lon])).pad(0.2), { kept: true, maxZoom: STACK_ZOOM });
        return;
      }
      const together = symbols.companions(items[0]);
      const shownApart = symbols.isOpen && together.every((item) => symbols.position(item.key)?.entry.dx || symbols.position(item.key)?.entry.dy);
      if (together.length > 1 && !shownApart) symbols.open(together);
      on.select(items[0].key);
    }

    /** The area of the View, drawn below the symbols. */
    function drawArea(corners) {
      area?.remove();
      area = corners.length ? L.polygon(corners.map(([lon, lat]) => [lat, lon]), { pane: "doubt", className: "area", interactive: false }).addTo(map) : null;
    }

    /** Whether an extent lies whole in the part of the map that nothing covers. */
    function inSight(bounds) {
      const size = map.getSize();
      const { top, right, bottom } = context.covered();
      const [nw, se] = [map.latLngToContainerPoint(bounds.getNorthWest()), map.latLngToContainerPoint(bounds.getSouthEast())];
      return nw.x >= 0 && nw.y >= top && se.x <= size.x - right && se.y <= size.y - bottom;
    }

    /** Corners chosen so far. @param {number[][]} corners [lon, lat] */
    function sketch(corners) {
      sketched?.remove();
      const places = corners.map(([lon, lat]) => /** @type {[number, number]} */ ([lat, lon]));
      sketched = places.length ? L.layerGroup([L.polyline(places, { pane: "doubt", className: "sketch", interactive: false }), ...places.map((place) => L.circleMarker(place, { pane: "doubt", radius: 5, className: "corner", interactive: false }))]).addTo(map) : null;
      sketched && (sketched.corners = corners);
      // The second click of a pair closes the polygon: it must not zoom as well.
      if (places.length) map.doubleClickZoom.disable();
      else map.doubleClickZoom.enable();
    }

    /** Whether a point is at the first or the last corner, which closes the polygon. */
    const atCorner = (point) => Boolean(sketched) && [sketched.corners[0], sketched.corners[sketched.corners.length - 1]].some(([lon, lat]) => map.latLngToContainerPoint([lat, lon]).distanceTo(point) < CLOSES_PX);

    function reach(event) {
      return event.pointerType === "touch" || matchMedia("(pointer: coarse)").matches ? 22 : 12;
    }

    function click(event) {
      clearTimeout(timer);
      tip.hidden = true;
      const original = event.originalEvent;
      const target = original.target.closest?.("[data-key]");
      // A screen reader's click comes without a place: take the symbol it names.
      if (target && original.detail === 0 && original.clientX === 0) {
        const entry = symbols.boxes().map((box) => box.entry).find((candidate) => candidate.id === target.dataset.key);
        if (entry) return choose(entry);
      }
      const point = event.containerPoint;
      const found = symbols.hits(point, reach(original));
      if (on.picked(event.latlng, atCorner(point), found.length > 0)) return undefined;
      if (found.length) {
        const again = Math.hypot(point.x - cycle.x, point.y - cycle.y) < 4;
        cycle = { x: point.x, y: point.y, at: again ? (cycle.at + 1) % found.length : 0 };
        return choose(found[cycle.at]);
      }
      if (symbols.isOpen) {
        symbols.open(null);
        mark();
        return undefined;
      }
      const beneath = drapes ? drapes.hits(event.latlng, reach(original) > 12) : [];
      if (beneath.length && !symbols.isOpen) {
        const again = Math.hypot(point.x - cycle.x, point.y - cycle.y) < 4;
        cycle = { x: point.x, y: point.y, at: again ? cycle.at + 1 : 0 };
        // Once all of it was seen, the commune below it comes, then the first again.
        if (cycle.at < beneath.length) return on.select(beneath[cycle.at].key);
      }
      cycle = { x: -99, y: -99, at: 0 };
      if (view.relief) relief?.tell(event.latlng);
      const commune = view.layers.includes("communes") && model.items.communes.find((item) => pm.model.contains(item.geometry, event.latlng.lng, event.latlng.lat));
      return on.select(commune ? commune.key : null);
    }

    function hover(event) {
      clearTimeout(timer);
      const [symbol] = symbols.hits(event.containerPoint, 12);
      const [below] = symbol || !drapes ? [] : drapes.hits(event.latlng, false);
      const entry = symbol || (below && { items: [below], lat: event.latlng.lat, lon: event.latlng.lng, dx: 0, dy: 0, r: 2 });
      container.classList.toggle("pointing", Boolean(entry));
      if (!entry) {
        tip.hidden = true;
        return;
      }
      timer = window.setTimeout(() => showTip(entry), HOVER_MS);
    }

    function showTip(entry) {
      const [item] = entry.items;
      const lines = entry.cluster ? symbols.label(entry).split(" – ") : entry.items.length > 1 ? [pm.text.count("stack.count", entry.items.length)] : [item.name, model.tagline(item, pm.view.verified(view))];
      pm.dom.fill(tip, h("b", null, lines[0]), lines[1] ? h("span", null, lines[1]) : null);
      tip.hidden = false;
      const p = map.latLngToContainerPoint([entry.lat, entry.lon]);
      const x = Math.min(Math.max(p.x + entry.dx, tip.offsetWidth / 2 + 6), map.getSize().x - tip.offsetWidth / 2 - 6);
      const above = p.y + entry.dy - entry.r - 10 - tip.offsetHeight;
      tip.style.left = `${x - tip.offsetWidth / 2}px`;
      tip.style.top = `${above > 4 ? above : p.y + entry.dy + entry.r + 10}px`;
    }

    /** N and P walk through the symbols in view, the largest first. */
    function step(direction) {
      const size = map.getSize();
      const inView = symbols.boxes().filter((box) => box.x > 0 && box.y > 0 && box.x < size.x && box.y < size.y && box.entry.items.length === 1).sort((a, b) => b.r - a.r || a.entry.id.localeCompare(b.entry.id));
      if (!inView.length) return;
      const at = inView.findIndex((box) => box.entry.id === view.selection);
      const next = inView[(at + direction + inView.length) % inView.length];
      on.select(next.entry.id);
    }

    /** What is on the map, symbol by symbol: key (a stack's names its members), centre in px of the map, radius. */
    const onMap = () => symbols.boxes().map(({ entry, x, y, r }) => ({ key: entry.id, x, y, r }));

    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 70 }).addTo(map);
    map.on("click", click);
    container.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      const entry = symbols.boxes().map((box) => box.entry).find(({ cluster, id }) => cluster && id === event.target.dataset?.key);
      if (!entry) return;
      event.preventDefault();
      choose(entry);
      container.focus({ preventScroll: true });
    });
    map.on("mousemove", hover);
    map.on("mouseout movestart zoomstart", () => {
      clearTimeout(timer);
      tip.hidden = true;
    });
    map.on("zoomend", () => {
      if (!drawn) return;
      symbols.update(view);
      mark();
    });
    map.on("moveend", () => {
      if (drawn && symbols.clustered) symbols.update(view);
      if (drawn) nameSoon();
      on.viewport(quiet ? undefined : map.getBounds());
      quiet = false;
    });
    map.on("dragstart", () => { quiet = false; });
    map.on("resize", () => {
      limit();
      if (waiting) frameTo(waiting[0], { ...waiting[1], animate: false });
      nameSoon();
    });

    /** Take the room there is now; that is no move of the reader's. */
    function resize() {
      const was = quiet;
      quiet = true;
      map.invalidateSize({ pan: false });
      quiet = was;
    }

    /** Draw a View. @param {any} next @param {any} previous the View drawn before, or null */
    function update(next, previous) {
      view = next;
      if (!previous) {
        limit();
        frameView(false);
      } else if (context.moves && String(next.bounds) !== String(previous.bounds)) {
        frameView();
      }
      if (String(next.area) !== String(previous?.area ?? [])) {
        drawArea(pm.around.outline(view.area));
        if (area && !(context.moves && view.bounds) && !(!previous && view.bounds) && !inSight(area.getBounds())) frameTo(area.getBounds(), { kept: true, animate: Boolean(previous) });
      }
      container.classList.toggle("no-poles", !view.layers.includes("poles"));
      container.classList.toggle("no-communes", !view.layers.includes("communes"));
      symbols.update(view);
      drapes?.update(view);
      relief?.update(view);
      const item = view.selection ? model.byKey.get(view.selection) : null;
      const anew = view.selection !== previous?.selection && !(context.moves && view.bounds);
      if (item?.geometry && anew) reveal(item, Boolean(previous));
      mark();
      nameSoon();
      drawn = true;
    }

    return { update, goHome, step, onMap, zoom: (by) => map.setZoom(map.getZoom() + by, { animate: !reduced.matches }), resize, sketch, rename: nameSoon, closeSpread: () => {
      const was = symbols.isOpen;
      symbols.open(null);
      mark();
      return was;
    }, focus: () => container.focus({ preventScroll: true }), relabel: () => {
      container.setAttribute("aria-label", pm.text.t("map.label"));
      symbols.update(view);
      drapes?.update(view);
      relief?.update(view);
    }, drapes, relief };
  }

  pm.map = { create };
})((globalThis.provence ??= {}));
