// A picture of the map on one canvas: painted at most once a frame, it stays where it belongs while the map moves.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  // Of the map's size, on each side: a reader drags it into sight before it is drawn again.
  const MARGIN = 0.25;
  // A drawing as quick as this is made again in every frame of a flight; a slower one is stretched until its end.
  const QUICK_MS = 6;

  /**
   * Make the layer. Its `soon` paints it in the next frame; `picture` is the canvas.
   * @param {string} pane @param {string} name class of the canvas
   * @param {(pen: CanvasRenderingContext2D, at: {w: number, h: number, left: number, top: number, scale: number, ratio: number, zoom: number}) => void} paint
   *   w and h in px; left and top of the picture in px of the world at its zoom; scale from px at zoom 0; ratio: device px
   * @param {() => void} forget what was made for another theme or another density of pixels
   * @returns {any} a Leaflet layer
   */
  function create(pane, name, paint, forget) {
    const root = document.documentElement;
    const canvas = /** @type {HTMLCanvasElement} */ (h(`canvas.${name}.leaflet-zoom-animated`, { role: "img", hidden: true }));
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    let theme = null;
    let ratio = 1;
    let frame = 0;
    let spent = 0;
    /** @type {{corner: any, at: any, zoom: number, margin: any} | null} what the picture is of: its corner in layer px and on earth */
    let drawn = null;

    /** Wipe the canvas and give it at least this size (px): it stays large when a card narrows the map for a while. */
    function clear(width, height) {
      const [w, h_] = [Math.ceil(width * ratio), Math.ceil(height * ratio)];
      if (w > canvas.width || h_ > canvas.height || canvas.width * canvas.height > 2 * w * h_) {
        Object.assign(canvas, { width: w, height: h_ });
        canvas.style.width = `${w / ratio}px`;
        canvas.style.height = `${h_ / ratio}px`;
      } else pen.clearRect(0, 0, canvas.width, canvas.height);
    }

    function refresh() {
      const density = window.devicePixelRatio || 1;
      if (theme === root.dataset.theme && ratio === density) return;
      if (ratio !== density) canvas.width = canvas.height = 0;
      ratio = density;
      theme = root.dataset.theme;
      forget();
    }

    /** Draw everything where it stands now. @param {any} map */
    function repaint(map) {
      const size = map.getSize();
      if (!size.x || !size.y) return;
      const began = performance.now();
      refresh();
      const margin = size.multiplyBy(MARGIN).round();
      const corner = map.containerPointToLayerPoint([0, 0]).subtract(margin).round();
      const [w, h_] = [size.x + 2 * margin.x, size.y + 2 * margin.y];
      drawn = { corner, at: map.layerPointToLatLng(corner), zoom: map.getZoom(), margin };
      clear(w, h_);
      const { x: left, y: top } = map.getPixelOrigin().add(corner);
      paint(pen, { w, h: h_, left, top, scale: map.getZoomScale(drawn.zoom, 0), ratio, zoom: drawn.zoom });
      L.DomUtil.setTransform(canvas, corner, 1);
      spent = performance.now() - began;
    }

    const Picture = L.Layer.extend({
      options: { pane },
      picture: canvas,

      onAdd() {
        this.getPane().append(canvas);
        this._watch = new MutationObserver(() => theme !== root.dataset.theme && this.soon());
        this._watch.observe(root, { attributeFilter: ["data-theme"] });
        this.soon();
      },

      onRemove() {
        this._watch.disconnect();
        cancelAnimationFrame(frame);
        frame = 0;
        drawn = null;
        canvas.remove();
      },

      getEvents() {
        return { zoom: this._follow, zoomanim: this._animate, move: this._reach, moveend: this._settled, viewreset: this.soon, resize: this.soon };
      },

      soon() {
        if (!this._map || frame) return;
        frame = requestAnimationFrame(() => {
          frame = 0;
          // In the middle of a zoom the picture is on its way; it is drawn again when the map stands.
          if (this._map && !this._map._animatingZoom) repaint(this._map);
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
        if (spent < QUICK_MS) this.soon();
      },

      /** How far the map has moved off the middle of its picture, as a part of the margin; null at another zoom. */
      _off() {
        if (!drawn || this._map.getZoom() !== drawn.zoom) return null;
        const { x, y } = this._map.containerPointToLayerPoint([0, 0]).subtract(drawn.corner);
        return Math.max(Math.abs(x / drawn.margin.x - 1), Math.abs(y / drawn.margin.y - 1));
      },

      /** Draw again before a long drag comes to the edge of the picture. */
      _reach() {
        if ((this._off() ?? 0) > 0.75) this.soon();
      },

      /** Draw again where the map came to rest; a slow drawing that still fills the window is left as it is. */
      _settled() {
        const off = this._off();
        if (off === null || spent < QUICK_MS || off > 0.5) this.soon();
      },

      /** How long the last painting took, in ms, for benchmarks. */
      spent: () => spent,
    });
    return new Picture();
  }

  pm.canvas = { create };
})((globalThis.provence ??= {}));
