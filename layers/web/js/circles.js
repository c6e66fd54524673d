// The industrial sites, all on one canvas: thousands of circles are one element, and a step of the year touches none.
(function (pm) {
  "use strict";
  // Nine sites of ten are small. Those are drawn once for each quarter of a px and then copied, at a fifth of the cost.
  const SMALL_PX = 6;
  const STEPS = 4;
  const DIM = 0.35;

  /**
   * Make the layer. It draws at most once a frame, in the next one.
   * @param {any} draw see icons.symbols
   * @returns {any} a Leaflet layer with `show(entries)`; an entry has its site, `flat` (px at zoom 0), dx, dy and r (px), dim, ring
   */
  function create(draw) {
    /** @type {Map<string, HTMLCanvasElement | ImageBitmap>} small circles ready to be copied, of one theme and one density of pixels */
    const stamps = new Map();
    const root = document.documentElement;
    const ink = pm.trace.ink(draw, () => root);
    let ratio = 1;
    let entries = [];

    /** What makes the look of a site's circle, besides its size. @param {any} site @param {boolean} ring */
    const flags = (site, ring) => ({ closed: site.status === "closed", approximate: site.approximate, ring: site.approximate && ring });

    /** @returns {any} a canvas to draw on out of sight @param {number} side device px */
    function blank(side) {
      if (window.OffscreenCanvas) return new OffscreenCanvas(side, side);
      return Object.assign(document.createElement("canvas"), { width: side, height: side });
    }

    /** A small circle, ready to be copied. @param {any} site @param {number} r px @param {boolean} ring */
    function stampOf(site, r, ring) {
      const steps = Math.round(r * STEPS);
      const key = `${site.family}/${steps}/${site.status === "closed"}/${site.approximate ? ring : ""}`;
      let stamp = stamps.get(key);
      if (stamp) return stamp;
      const half = Math.ceil((r + 5) * ratio);
      const sheet = blank(2 * half);
      pm.trace.marks(sheet.getContext("2d"), draw.look(site.family, steps / STEPS, flags(site, ring)), { x: half, y: half, alpha: 1, scale: ratio }, ink);
      // A picture that can no longer change is copied sooner than a canvas, which might.
      stamp = sheet instanceof HTMLCanvasElement ? sheet : sheet.transferToImageBitmap();
      stamps.set(key, stamp);
      return stamp;
    }

    /** Draw the circle of an entry with its centre at a device px. */
    function put(pen, { site, r, dim, ring }, x, y) {
      const alpha = dim ? DIM : 1;
      if (r > SMALL_PX) return pm.trace.marks(pen, draw.look(site.family, r, flags(site, ring)), { x, y, alpha, scale: ratio }, ink);
      const stamp = stampOf(site, r, ring);
      pen.globalAlpha = alpha;
      return pen.drawImage(stamp, x - stamp.width / 2, y - stamp.height / 2);
    }

    function paint(pen, at) {
      const { w, h, left, top, scale } = at;
      ratio = at.ratio;
      for (const entry of entries) {
        const x = Math.round(entry.flat.x * scale) - left + entry.dx;
        const y = Math.round(entry.flat.y * scale) - top + entry.dy;
        const reach = entry.r + 5;
        if (x > -reach && y > -reach && x < w + reach && y < h + reach) put(pen, entry, Math.round(x * ratio), Math.round(y * ratio));
      }
    }

    const layer = pm.canvas.create("industry", "circles", paint, () => {
      ink.forget();
      stamps.clear();
    });

    /** Show these entries from the next frame on: the large ones below, and of the same size the southern on top. */
    layer.show = (next) => {
      entries = next.sort((a, b) => a.z - b.z || b.r - a.r || a.flat.y - b.flat.y);
      layer.picture.hidden = !entries.length;
      layer.picture.setAttribute("aria-label", pm.text.count("circles.shown", entries.length));
      layer.soon();
    };
    return layer;
  }

  pm.circles = { create };
})((globalThis.provence ??= {}));
