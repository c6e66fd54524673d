// The industrial sites, all on one canvas: thousands of circles are one element, and a step of the year touches none.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  // Of the map's size, on each side: a reader drags it into sight before it is drawn again.
  const MARGIN = 0.25;
  // A drawing as quick as this is made again in every frame of a flight; a slower one is stretched until its end.
  const QUICK_MS = 6;
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
    const canvas = /** @type {HTMLCanvasElement} */ (h("canvas.circles.leaflet-zoom-animated", { role: "img", hidden: true }));
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    let theme = null;
    let ratio = 1;
    let entries = [];
    let frame = 0;
    let spent = 0;
    /** @type {{corner: any, at: any, zoom: number, margin: any} | null} what the picture is of: its corner in layer px and on earth */
    let drawn = null;

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
    function put({ site, r, dim, ring }, x, y) {
      const alpha = dim ? DIM : 1;
      if (r > SMALL_PX) return pm.trace.marks(pen, draw.look(site.family, r, flags(site, ring)), { x, y, alpha, scale: ratio }, ink);
      const stamp = stampOf(site, r, ring);
      pen.globalAlpha = alpha;
      return pen.drawImage(stamp, x - stamp.width / 2, y - stamp.height / 2);
    }

    /** Wipe the canvas and give it at least this size (px): it stays large when a card narrows the map for a while. */
    function clear(width, height) {
      const [w, h_] = [Math.ceil(width * ratio), Math.ceil(height * ratio)];
      if (w > canvas.width || h_ > canvas.height || canvas.width * canvas.height > 2 * w * h_) {
        Object.assign(canvas, { width: w, height: h_ });
        canvas.style.width = `${w / ratio}px`;
        canvas.style.height = `${h_ / ratio}px`;
      } else pen.clearRect(0, 0, canvas.width, canvas.height);
    }

    /** Forget what was drawn in another theme or for another density of pixels. */
    function refresh() {
      const density = window.devicePixelRatio || 1;
      if (theme === root.dataset.theme && ratio === density) return;
      if (ratio !== density) canvas.width = canvas.height = 0;
      ratio = density;
      theme = root.dataset.theme;
      ink.forget();
      stamps.clear();
    }

    /** Draw everything where it stands now. @param {any} map */
    function paint(map) {
      const size = map.getSize();
      if (!size.x || !size.y) return;
      const began = performance.now();
      refresh();
      const margin = size.multiplyBy(MARGIN).round();
      const corner = map.containerPointToLayerPoint([0, 0]).subtract(margin).round();
      const [w, h_] = [size.x + 2 * margin.x, size.y + 2 * margin.y];
      drawn = { corner, at: map.layerPointToLatLng(corner), zoom: map.getZoom(), margin };
      clear(w, h_);
      const scale = map.getZoomScale(drawn.zoom, 0);
      const { x: left, y: top } = map.getPixelOrigin().add(corner);
      for (const entry of entries) {
        const x = Math.round(entry.flat.x * scale) - left + entry.dx;
        const y = Math.round(entry.flat.y * scale) - top + entry.dy;
        const reach = entry.r + 5;
        if (x > -reach && y > -reach && x < w + reach && y < h_ + reach) put(entry, Math.round(x * ratio), Math.round(y * ratio));
      }
      L.DomUtil.setTransform(canvas, corner, 1);
      spent = performance.now() - began;
    }

    const Circles = L.Layer.extend({
      options: { pane: "industry" },

      onAdd() {
        this.getPane().append(canvas);
        this._watch = new MutationObserver(() => theme !== root.dataset.theme && this._soon());
        this._watch.observe(root, { attributeFilter: ["data-theme"] });
        this._soon();
      },

      onRemove() {
        this._watch.disconnect();
        cancelAnimationFrame(frame);
        frame = 0;
        drawn = null;
        canvas.remove();
      },

      getEvents() {
        return { zoom: this._follow, zoomanim: this._animate, move: this._reach, moveend: this._soon, viewreset: this._soon, resize: this._soon };
      },

      /** Show these entries from the next frame on: the large ones below, and of the same size the southern on top. */
      show(next) {
        entries = next.sort((a, b) => a.z - b.z || b.r - a.r || a.flat.y - b.flat.y);
        canvas.hidden = !entries.length;
        canvas.setAttribute("aria-label", pm.text.count("circles.shown", entries.length));
        this._soon();
      },

      _soon() {
        if (!this._map || frame) return;
        frame = requestAnimationFrame(() => {
          frame = 0;
          // In the middle of a zoom the picture is on its way; it is drawn again when the map stands.
          if (this._map && !this._map._animatingZoom) paint(this._map);
        });
      },

      /** Lay the picture where it belongs while the map is at another zoom than it was drawn for. */
      _place(centre, zoom) {
        if (drawn) L.DomUtil.setTransform(canvas, this._map._latLngToNewLayerPoint(drawn.at, zoom, centre), this._map.getZoomScale(zoom, drawn.zoom));
      },

      // The style sheet moves it there, together with the areas.
      _animate(event) {
        this._place(event.center, event.zoom);
      },

      _follow() {
        this._place(this._map.getCenter(), this._map.getZoom());
        if (spent < QUICK_MS) this._soon();
      },

      /** Draw again before a long drag comes to the edge of the picture. */
      _reach() {
        if (!drawn || this._map.getZoom() !== drawn.zoom) return;
        const { x, y } = this._map.containerPointToLayerPoint([0, 0]).subtract(drawn.corner);
        const near = (at, margin) => Math.abs(at - margin) > margin * 0.75;
        if (near(x, drawn.margin.x) || near(y, drawn.margin.y)) this._soon();
      },
    });
    return new Circles();
  }

  pm.circles = { create };
})((globalThis.provence ??= {}));
