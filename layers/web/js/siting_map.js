// The suitability surface on one canvas below the symbols, with the rank of the best communes and the cell that was asked for.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  // Over the communes, below areas of the land (drape.js): between the panes of layers/web/document.py.
  const PANE = "siting";
  const Z_INDEX = 432;
  const CLASSES = 10;
  // Beside the classes: what is excluded or not known, and what is not the metropolis.
  const HATCHED = 254;
  const CLEAR = 255;
  const OPACITY = 0.82;
  const TOKENS = ["suit-low", "suit-mid", "suit-high"];

  /** Red, green and blue of a token's colour. @param {string} hex @returns {any} */
  const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

  /** Colours of the classes, the lowest first. @param {string[]} three low, middle and high, as #rrggbb @returns {any[]} */
  function ramp(three) {
    const [low, mid, high] = three.map(rgb);
    return Array.from({ length: CLASSES }, (_, i) => {
      const at = (2 * i) / (CLASSES - 1);
      const [from, to, part] = at < 1 ? [low, mid, at] : [mid, high, at - 1];
      return from.map((value, band) => Math.round(value + (to[band] - value) * part));
    });
  }

  /** The class of each cell, with that of "no cell" at the end. @param {Uint16Array} scores @param {Uint8Array} into one longer */
  function classes(scores, into) {
    const { FULL, NONE } = pm.sitingGrid;
    // A table in place of a division: a score is at most FULL, and its upper byte tells the class.
    const of = Uint8Array.from({ length: 256 }, (_, byte) => Math.min(CLASSES - 1, Math.floor((byte * 256 * CLASSES) / FULL)));
    for (let i = 0; i < scores.length; i++) into[i] = scores[i] === NONE ? HATCHED : of[scores[i] >>> 8];
    into[scores.length] = CLEAR;
    return into;
  }

  /** @param {any} map Leaflet map @param {any} draw */
  function create(map, draw) {
    const ink = pm.trace.ink(draw, () => document.documentElement);
    /** @type {any} */
    let grid = null;
    let levels = new Uint8Array(0);
    /** Cells below px, while the picture stays where it is. @type {{sign: string, cells: Int32Array, image: ImageData} | null} */
    let under = null;
    let tables = null;
    const ranks = pm.sitingRanks.create(map);
    let cell = null;
    const scratch = document.createElement("canvas");
    Object.assign(map.createPane(PANE).style, { zIndex: Z_INDEX, pointerEvents: "none" });

    /** Colours by class as pixels; the second table draws the lines of the hatch. */
    function colours() {
      const px = ([r, g, b], alpha) => ((Math.round(alpha * 255) << 24) | (b << 16) | (g << 8) | r) >>> 0;
      const plain = new Uint32Array(256);
      ramp(TOKENS.map(ink.colour)).forEach((colour, i) => { plain[i] = px(colour, OPACITY); });
      const lined = plain.slice();
      lined[HATCHED] = px(rgb(ink.colour("ink3")), 0.55);
      return { plain, lined };
    }

    function paint(pen, at) {
      if (!grid) return;
      const sign = [at.w, at.h, at.left, at.top, at.scale].join();
      if (under?.sign !== sign) under = { sign, cells: pm.sitingGrid.lookup(grid, at), image: new ImageData(at.w, at.h) };
      tables ??= colours();
      const out = new Uint32Array(under.image.data.buffer);
      const { cells } = under;
      for (let y = 0, p = 0; y < at.h; y++) {
        // Lines at 45 degrees that stay with the ground while the map is dragged.
        let slant = (at.left + at.top + y) & 7;
        for (let x = 0; x < at.w; x++, p++, slant = (slant + 1) & 7) out[p] = (slant ? tables.plain : tables.lined)[levels[cells[p]]];
      }
      if (at.ratio === 1) return pen.putImageData(under.image, 0, 0);
      Object.assign(scratch, { width: at.w, height: at.h });
      scratch.getContext("2d").putImageData(under.image, 0, 0);
      pen.imageSmoothingEnabled = false;
      pen.drawImage(scratch, 0, 0, at.w * at.ratio, at.h * at.ratio);
      return undefined;
    }

    const picture = pm.canvas.create(PANE, "siting-surface", paint, () => { ink.forget(); tables = null; });

    /** Show scores of a grid, or nothing. @param {any} of the grid, or null @param {Uint16Array} [scores] @param {string} [label] */
    function show(of, scores, label) {
      if (!of || !scores) {
        ranks.show([]);
        mark(null);
        grid = under = null;
        return picture.remove();
      }
      if (of !== grid) {
        [grid, under, levels] = [of, null, new Uint8Array(of.n + 1)];
      }
      classes(scores, levels);
      if (!map.hasLayer(picture)) picture.addTo(map);
      picture.picture.hidden = false;
      picture.picture.setAttribute("aria-label", label);
      return picture.soon();
    }

    /** Outline one cell, or none. @param {number[][] | null} corners [lon, lat] */
    function mark(corners) {
      cell?.remove();
      const ring = corners?.map(([lon, lat]) => /** @type {[number, number]} */ ([lat, lon]));
      cell = ring ? L.layerGroup([L.polygon(ring, { pane: "doubt", className: "siting-cell", interactive: false }), L.circleMarker(L.latLngBounds(ring).getCenter(), { pane: "doubt", radius: 12, className: "siting-cell", interactive: false })]).addTo(map) : null;
    }

    return { show, rankAt: ranks.show, mark, picture };
  }

  /** The key of the surface: ten steps from 0 to 100, and the hatch. */
  function key() {
    const { t } = pm.text;
    const steps = Array.from({ length: CLASSES }, (_, i) => h("i", { style: `background:color-mix(in srgb, ${i < CLASSES / 2 ? `var(--suit-mid) ${(i * 200) / (CLASSES - 1)}%, var(--suit-low)` : `var(--suit-high) ${(i * 200) / (CLASSES - 1) - 100}%, var(--suit-mid)`})` }));
    return h("div.siting-key", null, h("div.steps", { "aria-hidden": "true" }, steps), h("div.ends", null, h("span", null, t("where.low")), h("span", null, t("where.high"))), h("p", null, h("i.hatch", { "aria-hidden": "true" }), t("where.hatched")));
  }

  pm.sitingMap = { create, key, ramp, classes, CLASSES, HATCHED, CLEAR };
})((globalThis.provence ??= {}));
