// Drawing on a canvas what icons.js describes as marks: the map's circles and the scenes of a story are drawn by this.
(function (pm) {
  "use strict";
  const TURN = 2 * Math.PI;

  /**
   * What a drawing needs besides its marks: colours by the name of their token, and paths made once.
   * @param {any} draw see icons.symbols
   * @param {() => Element} where the element whose theme the colours are of
   */
  function ink(draw, where) {
    /** @type {Map<string, string>} */
    const colours = new Map();
    /** @type {Map<string, Path2D>} */
    const paths = new Map();

    function colour(token) {
      let value = colours.get(token);
      if (value === undefined) colours.set(token, value = getComputedStyle(where()).getPropertyValue(`--${token}`).trim());
      return value;
    }

    function path(d) {
      let made = paths.get(d);
      if (!made) paths.set(d, made = new Path2D(d));
      return made;
    }

    return { colour, path, glyph: (family) => path(draw.glyph(family)), forget: () => colours.clear() };
  }

  /** Set what a mark is stroked with, or nothing. */
  function stroked(on, mark, { colour }) {
    if (!mark.stroke) return false;
    on.strokeStyle = colour(mark.stroke);
    on.lineWidth = mark.width;
    on.lineCap = mark.round ? "round" : "butt";
    on.lineJoin = mark.d ? "round" : "miter";
    on.setLineDash(mark.dash || []);
    return true;
  }

  /**
   * Draw marks around a point, in device px of the canvas.
   * @param {CanvasRenderingContext2D} on
   * @param {any[]} marks see icons.look and icons.shapeLook
   * @param {{x: number, y: number, alpha: number, scale: number}} how scale is device px for a unit of the marks
   * @param {any} with_ see ink
   */
  function marks(on, marks, { x, y, alpha, scale }, with_) {
    for (const mark of marks) {
      on.setTransform(scale, 0, 0, scale, x, y);
      on.globalAlpha = alpha * (mark.opacity ?? 1);
      if (mark.fill) on.fillStyle = with_.colour(mark.fill);
      if (mark.glyph) {
        on.scale(mark.scale, mark.scale);
        on.translate(-8, -8);
        on.fill(with_.glyph(mark.glyph));
        continue;
      }
      if (mark.d) {
        on.translate(-10, -10);
        if (mark.fill) on.fill(with_.path(mark.d));
        on.globalAlpha = alpha;
        if (stroked(on, mark, with_)) on.stroke(with_.path(mark.d));
        continue;
      }
      on.beginPath();
      if (mark.bar) {
        on.moveTo(-mark.bar, mark.bar);
        on.lineTo(mark.bar, -mark.bar);
      } else on.arc(0, 0, mark.r, 0, TURN);
      if (mark.fill) on.fill();
      if (stroked(on, mark, with_)) on.stroke();
    }
    on.setTransform(1, 0, 0, 1, 0, 0);
  }

  pm.trace = { ink, marks };
})((globalThis.provence ??= {}));
