// The industrial sites, all on one canvas: thousands of circles are one element, and a step of the year touches none.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  // Of the map's size, on each side: a reader drags it into sight before it is drawn again.
  const MARGIN = 0.25;
  // A drawing as quick as this is made again in every frame of a flight; a slower one is stretched until its end.
  const QUICK_MS = 6;
  const TURN = 2 * Math.PI;

  /**
   * Make the layer. It draws at most once a frame, in the next one.
   * @param {any} draw see icons.symbols
   * @returns {any} a Leaflet layer with `show(entries)`; an entry has `flat` (px at zoom 0), dx, dy and r (px), dim, look
   */
  function create(draw) {
    /** @type {Map<string, string>} colours by the name of their token, of the theme they were read in */
    const colours = new Map();
    /** @type {Map<string, Path2D>} */
    const glyphs = new Map();
    const root = document.documentElement;
    const canvas = /** @type {HTMLCanvasElement} */ (h("canvas.circles.leaflet-zoom-animated", { role: "img", hidden: true }));
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    let theme = null;
    let entries = [];
    let frame = 0;
    let spent = 0;
    /** @type {{corner: any, at: any, zoom: number, margin: any} | null} what the picture is of: its corner in layer px and on earth */
    let drawn = null;

    function colour(token) {
      let value = colours.get(token);
      if (value === undefined) colours.set(token, value = getComputedStyle(root).getPropertyValue(`--${token}`).trim());
      return value;
    }

    function glyph(family) {
      let path = glyphs.get(family);
      if (!path) glyphs.set(family, path = new Path2D(draw.glyph(family)));
      return path;
    }

    /** Draw one mark of a look around a centre in px. @param {any} mark see icons.look */
    function stamp(mark, x, y, alpha) {
      pen.globalAlpha = alpha * (mark.opacity ?? 1);
      if (mark.glyph) {
        pen.save();
        pen.translate(x, y);
        pen.scale(mark.scale, mark.scale);
        pen.translate(-8, -8);
        pen.fillStyle = colour(mark.fill);
        pen.fill(glyph(mark.glyph));
        pen.restore();
        return;
      }
      pen.beginPath();
      if (mark.bar) {
        pen.moveTo(x - mark.bar, y + mark.bar);
        pen.lineTo(x + mark.bar, y - mark.bar);
      } else pen.arc(x, y, mark.r, 0, TURN);
      if (mark.fill) {
        pen.fillStyle = colour(mark.fill);
        pen.fill();
      }
      if (!mark.stroke) return;
      pen.strokeStyle = colour(mark.stroke);
      pen.lineWidth = mark.width;
      if (mark.dash) pen.setLineDash(mark.dash);
      pen.stroke();
      if (mark.dash) pen.setLineDash([]);
    }

    /** Give the canvas its size in device px; what is on it is wiped. @param {number} w px @param {number} h_ px */
    function clear(w, h_) {
      const ratio = window.devicePixelRatio || 1;
      const [width, height] = [Math.round(w * ratio), Math.round(h_ * ratio)];
      if (canvas.width !== width || canvas.height !== height) {
        Object.assign(canvas, { width, height });
        canvas.style.width = `${w}px`;
        canvas.style.height = `${h_}px`;
      } else {
        pen.setTransform(1, 0, 0, 1, 0, 0);
        pen.clearRect(0, 0, width, height);
      }
      pen.setTransform(width / w, 0, 0, height / h_, 0, 0);
    }

    /** Draw everything where it stands now. @param {any} map */
    function paint(map) {
      const began = performance.now();
      const size = map.getSize();
      if (!size.x || !size.y) return;
      const margin = size.multiplyBy(MARGIN).round();
      const corner = map.containerPointToLayerPoint([0, 0]).subtract(margin).round();
      const [w, h_] = [size.x + 2 * margin.x, size.y + 2 * margin.y];
      drawn = { corner, at: map.layerPointToLatLng(corner), zoom: map.getZoom(), margin };
      clear(w, h_);
      if (theme !== root.dataset.theme) colours.clear();
      theme = root.dataset.theme;
      const scale = map.getZoomScale(drawn.zoom, 0);
      const left = map.getPixelOrigin().x + corner.x;
      const top = map.getPixelOrigin().y + corner.y;
      for (const { flat, dx, dy, r, dim, look } of entries) {
        const x = Math.round(flat.x * scale) - left + dx;
        const y = Math.round(flat.y * scale) - top + dy;
        const reach = r + 5;
        if (x < -reach || y < -reach || x > w + reach || y > h_ + reach) continue;
        for (const mark of look) stamp(mark, x, y, dim ? 0.35 : 1);
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
          if (this._map) paint(this._map);
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
