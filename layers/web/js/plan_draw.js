// The map of the Plan page: an area drawn corner by corner, which goes into the form as numbers.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const CLOSES_PX = 12;
  const CLOSES_TOUCH_PX = 22;
  const STEP = 0.75;
  const DIGITS = 5;
  const MODES = ["rectangle", "polygon"];

  /** An area of the form as corners [lon, lat], for drawing only; empty for what is none. @param {string} text */
  function outline(text) {
    const words = pm.plan.numbers(text) || [];
    const flat = words.length === 4 ? pm.around.rectangle(words) : words.map(Number);
    return flat && (flat.length === 3 || (flat.length >= 6 && flat.length % 2 === 0)) ? pm.around.outline(flat) : [];
  }

  /**
   * @param {any} map the Leaflet map that folium made, taken out of the page
   * @param {any} context {config, plan(), on}
   */
  function create(map, context) {
    const { config, on } = context;
    const { t } = pm.text;
    const { home, frame } = config;
    const bar = h("div.draw-bar");
    const told = h("p.draw-said", { role: "status" });
    const ground = map.getContainer();
    const place = h("div.draw-map", null, ground, h("div.cross", { "aria-hidden": "true" }));
    const node = h("div.draw", null, bar, place, told);
    const names = pm.names.create(map, config.labels);
    const reduced = matchMedia("(prefers-reduced-motion: reduce)");
    let mode = MODES[0];
    /** Corners of what is being drawn. @type {number[][]} */
    let corners = [];
    /** What is drawn on the map: the area of the form, and the one on its way. @type {any[]} */
    let shapes = [];
    let framed = false;

    /** @param {number[]} at lon, lat @returns {[number, number]} */
    const latLng = (at) => [at[1], at[0]];
    const animate = () => ({ animate: !reduced.matches });

    /** A corner is set where the map was pressed. @param {{lng: number, lat: number}} at @param {boolean} closes it lies on a corner that closes the polygon */
    function corner(at, closes = false) {
      const next = [at.lng, at.lat].map((value) => Number(value.toFixed(DIGITS)));
      if (mode === "polygon" && closes && corners.length > 2) return finish();
      if (String(next) === String(corners[corners.length - 1])) return undefined;
      corners.push(next);
      if (mode === "rectangle" && corners.length === 2) return finish();
      return redraw();
    }

    function finish() {
      const edges = [Math.min, Math.max].flatMap((pick) => [0, 1].map((axis) => pick(...corners.map((at) => at[axis]))));
      if (mode === "rectangle" && (edges[0] === edges[2] || edges[1] === edges[3])) return undo();
      const drawn = (mode === "rectangle" ? edges : corners.flat()).join(", ");
      corners = [];
      on.change({ area: "drawn", drawn });
      return redraw();
    }

    function undo() {
      corners.pop();
      redraw();
    }

    function choose(next) {
      mode = next;
      corners = [];
      redraw();
      document.getElementById(`draw-${next}`)?.focus();
    }

    /** @param {number[]} [pointer] where the next corner would be */
    function paint(pointer) {
      for (const shape of shapes) shape.remove();
      const look = { pane: "doubt", interactive: false };
      const there = outline(context.plan().drawn).map(latLng);
      const ahead = [...corners, ...(pointer ? [pointer] : [])].map(latLng);
      shapes = [
        there.length && !corners.length ? L.polygon(there, { ...look, className: "area" }) : null,
        ahead.length > 1 ? (mode === "rectangle" ? L.rectangle(L.latLngBounds(ahead), { ...look, className: "sketch" }) : L.polyline(ahead, { ...look, className: "sketch" })) : null,
        ...corners.map((at) => L.circleMarker(latLng(at), { ...look, radius: 5, className: "corner" })),
      ].filter(Boolean);
      for (const shape of shapes) shape.addTo(map);
    }

    function redraw() {
      const focus = node.contains(document.activeElement) ? document.activeElement.id : "";
      // All are there from the first corner on: the map must not move under the pointer.
      const button = (id, name, icon, run, off = false) => h("button.button", { type: "button", id, "aria-disabled": String(off), onclick: () => off || run() }, pm.icons.icon(icon, 18), name);
      fill(bar, h("div.segment", { role: "group", "aria-label": t("plan_draw.mode") }, MODES.map((name) => h("button", { type: "button", id: `draw-${name}`, "aria-pressed": String(mode === name), onclick: () => choose(name) }, t(`plan_draw.${name}`)))),
        button("draw-undo", t("around.undo"), "undo", undo, !corners.length),
        mode === "polygon" ? button("draw-finish", t("around.finish"), "check", finish, corners.length < 3) : null,
        button("draw-here", t("around.corner_here"), "plus", () => corner(map.getCenter())));
      const how = mode === "polygon" ? t("around.polygon_how") : t(corners.length ? "plan_draw.opposite" : "plan_draw.two");
      told.textContent = corners.length ? `${how} ${pm.text.count("around.corners", corners.length)}.` : outline(context.plan().drawn).length ? t("plan_draw.again") : how;
      ground.setAttribute("aria-label", t("plan_draw.label"));
      if (focus) (document.getElementById(focus) || ground).focus({ preventScroll: true });
      paint();
    }

    /** Show all of what is drawn, or the metropolis. */
    function fit() {
      const there = outline(context.plan().drawn).map(latLng);
      map.fitBounds(there.length ? L.latLngBounds(there).pad(0.4) : L.latLngBounds(home), { padding: [10, 10], ...(framed ? animate() : { animate: false }) });
    }

    /** Take the size there is: the map is seen, or its room has changed. */
    function resize() {
      if (!place.clientWidth || !place.isConnected) return;
      map.invalidateSize({ pan: false });
      const most = L.latLngBounds(frame);
      map.setMaxBounds(most);
      map.setMinZoom(Math.min(map.getBoundsZoom(most, true), map.getBoundsZoom(L.latLngBounds(home))));
      if (!framed) fit();
      framed = true;
    }

    function key(event) {
      if (event.target !== ground) return;
      if (event.key === "Enter" || event.key === " ") corner(map.getCenter(), closing(map.getSize().divideBy(2), CLOSES_PX));
      else if (event.key === "Backspace" && corners.length) undo();
      else if (event.key === "Escape" && corners.length) choose(mode);
      else return;
      event.preventDefault();
      ground.focus();
    }

    /** Whether a point of the map is at the first or the last corner. */
    function closing(point, reach) {
      return [corners[0], corners[corners.length - 1]].some((at) => at && map.latLngToContainerPoint(latLng(at)).distanceTo(point) < reach);
    }

    // A press sets a corner: two in a row must not zoom as well.
    map.doubleClickZoom.disable();
    map.on("click", (event) => corner(event.latlng, closing(event.containerPoint, event.originalEvent.pointerType === "touch" ? CLOSES_TOUCH_PX : CLOSES_PX)));
    map.on("mousemove", (event) => { if (corners.length) paint([event.latlng.lng, event.latlng.lat]); });
    map.on("moveend", () => names.write());
    ground.addEventListener("keydown", key);
    new ResizeObserver(resize).observe(place);

    return { node, update: redraw, fit, zoom: (by) => map.setZoom(map.getZoom() + by * STEP, animate()), focus: () => ground.focus() };
  }

  pm.planDraw = { create, outline };
})((globalThis.provence ??= {}));
