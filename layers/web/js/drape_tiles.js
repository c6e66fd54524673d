// Areas and lines that come as tiles, drawn by the same styles as those that the document holds.
(function (pm) {
  "use strict";

  /** @param {Record<string, any>} given config.beside @param {any} pens see drape_pens.js @param {{arrived: () => void, failed: (layer: string) => void}} on */
  function create(given, pens, on) {
    const layers = {};
    for (const [layer, files] of Object.entries(given)) {
      if (files.tiles) layers[layer] = { closed: pm.drape.AREAS.includes(layer), tiles: pm.tiles.create(files, pm.drape.AREAS.includes(layer), { arrived: on.arrived, failed: () => on.failed(layer) }) };
    }
    /** What the picture that is being painted shows of each layer. @type {Record<string, any[]>} */
    let pictured = {};

    /** Draw tile by tile, each cut at its edges: what lies beyond them is drawn by the tile beside. */
    function cut(pen, layer, at, draw) {
      for (const { cut: [x, y, w, h], features } of pictured[layer] ||= layers[layer].tiles.inPicture(at)) {
        if (!features.length) continue;
        pen.save();
        pen.beginPath();
        pen.rect(x, y, w, h);
        pen.clip();
        draw(features);
        pen.restore();
      }
    }

    /** Draw the shapes of a class. @param {any} pen @param {string} layer @param {any} style @param {any} at @param {any[]} shown shapes by their row @param {number} hatchedPx */
    function paint(pen, layer, style, at, shown, hatchedPx) {
      const { closed } = layers[layer];
      cut(pen, layer, at, (features) => {
        const path = new Path2D();
        const hatched = new Path2D();
        let any = false;
        for (const { n, parts } of features) {
          const shape = shown[n];
          if (shape?.item.class !== style.id) continue;
          any = true;
          for (const part of parts) pens.trace(path, part, at, closed);
          const large = Math.max(shape.box[2] - shape.box[0], shape.box[3] - shape.box[1]) * at.scale;
          if (closed && style.hatches.length && large > hatchedPx) for (const part of parts) pens.trace(hatched, part, at, true);
        }
        if (!any) return;
        if (closed) pens.area(pen, { path, hatched }, style, at);
        else pens.line(pen, path, style, at);
      });
    }

    /** Trace one row, to be marked: give what to do with its path, tile by tile. @param {(path: Path2D) => void} draw */
    function trace(pen, item, at, draw) {
      cut(pen, item.layer, at, (features) => {
        const path = new Path2D();
        for (const { n, parts } of features) if (n === item.row) for (const part of parts) pens.trace(path, part, at, layers[item.layer].closed);
        draw(path);
      });
    }

    return {
      has: (layer) => Boolean(layers[layer]), paint, trace,
      begin: () => { pictured = {}; },
      partsAt: (item, x, y, zoom) => layers[item.layer].tiles.partsAt(item.row, x, y, zoom),
      get waiting() { return Object.values(layers).reduce((sum, { tiles }) => sum + tiles.waiting, 0); },
    };
  }

  pm.drapeTiles = { create };
})((globalThis.provence ??= {}));
