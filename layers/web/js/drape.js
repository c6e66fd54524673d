// The areas and lines that lie over the land, on two canvases: areas below the outlines of the poles, lines above them.
(function (pm) {
  "use strict";
  const { holds, distance, flat, flatPoint, joined } = pm.drapeShapes;
  // Between the panes of layers/web/document.py: over the communes, and over the poles.
  const PANES = { areas: 435, lines: 445 };
  // From the lowest to the highest: what is large lies below what is small.
  const AREAS = ["protected", "zones", "brownfields"];
  const LINES = ["power_lines", "rail"];
  // A brownfield is looked for: one too small to be seen is drawn as a square of so many px.
  const SEEN = { brownfields: 5 };
  const REACH_PX = { mouse: 6, touch: 16 };
  const SMALL_PX = 24;
  const HATCHED_PX = 14;

  /**
   * @param {any} map Leaflet map @param {any} model @param {any} draw @param {any} styles of layers/drape.py
   * @param {{beside?: any, on?: any}} [more] config.beside: layers that come as tiles, and whom to tell when one does not
   */
  function create(map, model, draw, styles, { beside, on } = {}) {
    const ink = pm.trace.ink(draw, () => document.documentElement);
    const pens = pm.drapePens.create(ink);
    const tiled = beside ? pm.drapeTiles.create(beside, pens, { arrived: () => Object.values(pictures).forEach((picture) => picture.soon()), failed: (layer) => on.say(`beside ${layer}`, pm.text.t("drape.failed", { layer: pm.text.t(`layer.${layer}`) }), { tone: "warn" }) }) : null;
    const comesTiled = (layer) => Boolean(tiled?.has(layer));
    /** Of layers that come as tiles: what is shown, by the number of its row. @type {Record<string, any[]>} */
    let byRow = {};
    /** @type {Map<string, {item: any, parts: Float64Array[], box: number[]}>} made when first shown */
    const shapes = new Map();
    /** @type {Record<string, any[]>} shapes that are shown, by layer */
    let shown = {};
    /** Lines of a class joined end to end, until what is shown changes. @type {Map<string, Float64Array[]>} */
    let chains = new Map();
    let chosen = null;
    let signed = "";
    for (const [name, z] of Object.entries(PANES)) Object.assign(map.createPane(name).style, { zIndex: z, pointerEvents: "none" });

    function shapeOf(item) {
      if (!shapes.has(item.key)) {
        const shape = flat(item.geometry);
        // What comes as tiles knows only its box: its corners are in the tiles.
        shapes.set(item.key, { item, ...shape, parts: comesTiled(item.layer) ? [] : shape.parts });
      }
      return shapes.get(item.key);
    }

    /** Whether a box of px at zoom 0 is in the picture. */
    const inPicture = (box, { scale, left, top, w, h }) => box[2] * scale >= left && box[0] * scale <= left + w && box[3] * scale >= top && box[1] * scale <= top + h;

    /** A small square where an area is too small to be seen. */
    function square(path, box, at, side) {
      const [x, y] = [((box[0] + box[2]) / 2) * at.scale - at.left, ((box[1] + box[3]) / 2) * at.scale - at.top];
      path.rect((x - side / 2) * at.ratio, (y - side / 2) * at.ratio, side * at.ratio, side * at.ratio);
    }

    function paintAreas(pen, at) {
      tiled?.begin();
      for (const layer of AREAS) {
        for (const style of styles.areas[layer].slice().reverse()) {
          const path = new Path2D();
          // A hatch says nothing in an area that is hardly wider than the gap of its lines.
          const hatched = new Path2D();
          for (const { item, parts, box } of shown[layer] || []) {
            if (item.class !== style.id || !inPicture(box, at)) continue;
            const large = Math.max(box[2] - box[0], box[3] - box[1]) * at.scale;
            if (large < (SEEN[layer] || 0)) square(path, box, at, SEEN[layer]);
            else if (large > 1) {
              for (const part of parts) pens.trace(path, part, at, true);
              if (style.hatches.length && large > HATCHED_PX) for (const part of parts) pens.trace(hatched, part, at, true);
            }
          }
          pens.area(pen, { path, hatched }, style, at);
          if (byRow[layer]) tiled.paint(pen, layer, style, at, byRow[layer], HATCHED_PX);
        }
      }
    }

    function chain(layer, id) {
      const key = `${layer}/${id}`;
      if (!chains.has(key)) chains.set(key, joined((shown[layer] || []).filter(({ item }) => item.class === id).flatMap(({ parts }) => parts)));
      return chains.get(key);
    }

    function paintLines(pen, at) {
      tiled?.begin();
      for (const layer of LINES) {
        for (const style of styles.lines[layer].slice().reverse()) {
          const path = new Path2D();
          for (const part of chain(layer, style.id)) pens.trace(path, part, at, false);
          pens.line(pen, path, style, at);
          if (byRow[layer]) tiled.paint(pen, layer, style, at, byRow[layer], HATCHED_PX);
        }
      }
      mark(pen, at);
    }

    /** The selection: a heavier outline over everything. */
    function mark(pen, at) {
      const item = chosen && model.byKey.get(chosen);
      if (!item || !pm.view.DRAPES.includes(item.layer)) return;
      if (comesTiled(item.layer)) return tiled.trace(pen, item, at, (path) => outline(pen, path, AREAS.includes(item.layer), at));
      const path = new Path2D();
      const closed = AREAS.includes(item.layer);
      for (const part of shapeOf(item).parts) pens.trace(path, part, at, closed);
      return outline(pen, path, closed, at);
    }

    function outline(pen, path, closed, at) {
      pen.globalAlpha = closed ? 1 : 0.55;
      pens.stroke(pen, path, { token: "halo", width: closed ? 6 : 11, dash: [] }, at.ratio);
      pen.globalAlpha = closed ? 1 : 0.9;
      pens.stroke(pen, path, { token: "ink", width: closed ? 2.4 : 1.6, dash: [] }, at.ratio);
      pen.globalAlpha = 1;
    }

    function forget() {
      ink.forget();
      pens.forget();
    }

    const pictures = { areas: pm.canvas.create("areas", "drapes", paintAreas, forget), lines: pm.canvas.create("lines", "drapes", paintLines, forget) };

    /** Put a canvas on the map while it has something to show. */
    function place(picture, n, key) {
      if (!n) return picture.remove();
      if (!map.hasLayer(picture)) picture.addTo(map);
      picture.picture.hidden = false;
      picture.picture.setAttribute("aria-label", pm.text.count(`drape.${key}`, n));
      return picture.soon();
    }

    /** Show a View. @param {any} view */
    function update(view) {
      const on = [...AREAS, ...LINES].filter((layer) => view.layers.includes(layer));
      const sign = JSON.stringify([on, on.length ? [view.filters, view.selection] : null, pm.text.language, ...(beside ? on.map((layer) => model.items[layer].length) : [])]);
      if (sign === signed) return;
      signed = sign;
      shown = Object.fromEntries(on.map((layer) => [layer, model.visible(layer, view).map(shapeOf)]));
      byRow = Object.fromEntries(on.filter(comesTiled).map((layer) => [layer, []]));
      for (const layer in byRow) for (const shape of shown[layer]) byRow[layer][shape.item.row] = shape;
      chains = new Map();
      chosen = view.selection;
      const count = (layers) => layers.reduce((sum, layer) => sum + (shown[layer]?.length || 0), 0);
      const selected = chosen && pm.view.DRAPES.includes(model.byKey.get(chosen)?.layer) ? 1 : 0;
      place(pictures.areas, count(AREAS), "areas");
      place(pictures.lines, count(LINES) || selected, "lines");
    }

    /** What lies under a point: lines within reach, the nearest first, then areas, the smallest first. @param {any} latlng @param {boolean} touch */
    function hits(latlng, touch) {
      const scale = map.getZoomScale(map.getZoom(), 0);
      const [x, y] = flatPoint(latlng.lng, latlng.lat);
      const reach = REACH_PX[touch ? "touch" : "mouse"] / scale;
      const near = ({ box }, by) => x >= box[0] - by && x <= box[2] + by && y >= box[1] - by && y <= box[3] + by;
      const partsOf = (shape) => (comesTiled(shape.item.layer) ? tiled.partsAt(shape.item, x, y, map.getZoom()) : shape.parts);
      const lines = LINES.flatMap((layer) => shown[layer] || []).filter((shape) => near(shape, reach)).map((shape) => ({ shape, d: distance(partsOf(shape), x, y) })).filter(({ d }) => d <= reach);
      const areas = AREAS.flatMap((layer) => (shown[layer] || []).filter((shape) => {
        const small = SEEN[layer] && Math.max(shape.box[2] - shape.box[0], shape.box[3] - shape.box[1]) * scale < SEEN[layer];
        return small ? near(shape, reach) : near(shape, 0) && holds(partsOf(shape), x, y);
      }));
      const size = ({ box }) => (box[2] - box[0]) * (box[3] - box[1]);
      return [...lines.sort((a, b) => a.d - b.d).map(({ shape }) => shape), ...areas.sort((a, b) => size(a) - size(b))].map(({ item }) => item);
    }

    /** Whether an item is so small on the screen that it is to be shown closer. @param {any} item */
    function small(item) {
      const { box } = shapeOf(item);
      return Math.max(box[2] - box[0], box[3] - box[1]) * map.getZoomScale(map.getZoom(), 0) < SMALL_PX;
    }

    return { update, hits, small, pictures, /** Tiles that are on their way. */ waiting: () => tiled?.waiting || 0 };
  }

  /** The style of an item's class. @param {any} styles @param {string} layer @param {string} id */
  const styleOf = (styles, layer, id) => (styles.areas[layer] || styles.lines[layer]).find((style) => style.id === id);

  pm.drape = { create, styleOf, AREAS, LINES };
})((globalThis.provence ??= {}));
