// How areas and lines are drawn: tints, hatches, dashes and ticks, on the map's canvases and as swatches of the key.
(function (pm) {
  "use strict";
  const { s } = pm.dom;
  // Where the styles are said for; the map draws finer when it shows more land.
  const ZOOM = 13;
  // Corners nearer than this to the last one drawn change no pixel that anybody sees.
  const LEAST_PX = 0.6;

  /** How much of its px a style keeps at a zoom. @param {number} zoom */
  const factor = (zoom) => Math.max(0.6, Math.min(1.15, 1 + (zoom - ZOOM) * 0.1));

  const mod = (value, by) => ((value % by) + by) % by;

  /**
   * A tile of parallel lines that fits to itself.
   * @param {{angle: number, gap: number, width: number}} hatch @param {string} colour @param {number} px device px for a px of the style
   */
  function tile(hatch, colour, px) {
    const level = hatch.angle % 90 === 0;
    const side = Math.max(3, Math.round(hatch.gap * px * (level ? 1 : Math.SQRT2)));
    const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    pen.strokeStyle = colour;
    pen.lineWidth = Math.max(1, hatch.width * px);
    pen.beginPath();
    const line = (x0, y0, x1, y1) => { pen.moveTo(x0, y0); pen.lineTo(x1, y1); };
    if (hatch.angle === 0) line(0, side / 2, side, side / 2);
    else if (hatch.angle === 90) line(side / 2, 0, side / 2, side);
    // The corners belong to the lines of the tiles beside.
    else for (const move of [-side, 0, side]) hatch.angle === 45 ? line(move - 1, side + 1, move + side + 1, -1) : line(move - 1, -1, move + side + 1, side + 1);
    pen.stroke();
    return canvas;
  }

  /** Make what fills and strokes with the styles; colours and tiles are kept until `forget`. @param {any} ink see trace.ink */
  function create(ink) {
    const tiles = new Map();

    /** A hatch that stays on the ground while the map moves. */
    function pattern(pen, style, hatch, at) {
      const px = factor(at.zoom) * at.ratio;
      const key = `${style.token}/${hatch.angle}/${hatch.gap}/${hatch.width}/${px}`;
      if (!tiles.has(key)) tiles.set(key, tile(hatch, ink.colour(style.token), px));
      const made = tiles.get(key);
      const found = pen.createPattern(made, "repeat");
      found.setTransform(new DOMMatrix([1, 0, 0, 1, -mod(at.left * at.ratio, made.width), -mod(at.top * at.ratio, made.height)]));
      return found;
    }

    /** Add a ring or line to a path, in device px; what lies off the picture on one side is passed over where it is no ring. */
    function trace(path, part, at, closed) {
      const { scale, left, top, ratio, w, h } = at;
      let lastX = NaN;
      let lastY = NaN;
      let side = 0;
      let up = true;
      const end = part.length - (closed ? 2 : 0);
      for (let i = 0; i < end; i += 2) {
        const x = part[i] * scale - left;
        const y = part[i + 1] * scale - top;
        if (!closed) {
          const now = (x < -20 ? 1 : 0) | (x > w + 20 ? 2 : 0) | (y < -20 ? 4 : 0) | (y > h + 20 ? 8 : 0);
          const off = i > 0 && (now & side) !== 0;
          side = now;
          if (off) {
            up = true;
            [lastX, lastY] = [x, y];
            continue;
          }
          if (up && i > 0) path.moveTo(lastX * ratio, lastY * ratio);
        }
        if (i === 0) path.moveTo(x * ratio, y * ratio);
        else if (i + 2 < end && !up && Math.abs(x - lastX) < LEAST_PX && Math.abs(y - lastY) < LEAST_PX) continue;
        else path.lineTo(x * ratio, y * ratio);
        up = false;
        [lastX, lastY] = [x, y];
      }
      if (closed) path.closePath();
    }

    /** Fill, hatch and outline the areas of one class. */
    function area(pen, { path, hatched }, style, at) {
      const px = factor(at.zoom) * at.ratio;
      pen.fillStyle = ink.colour(style.token);
      pen.globalAlpha = style.tint;
      if (style.tint) pen.fill(path);
      pen.globalAlpha = 0.55;
      for (const hatch of style.hatches) {
        pen.fillStyle = pattern(pen, style, hatch, at);
        pen.fill(hatched);
      }
      pen.globalAlpha = 0.95;
      stroke(pen, path, style, px);
      pen.globalAlpha = 1;
    }

    function stroke(pen, path, { token, width, dash }, px) {
      pen.strokeStyle = ink.colour(token);
      pen.lineWidth = Math.max(0.7, width * px);
      pen.lineJoin = "round";
      pen.setLineDash(dash.map((step) => step * px));
      pen.stroke(path);
      pen.setLineDash([]);
    }

    /** Stroke the lines of one class. @param {Path2D} path */
    function line(pen, path, style, at) {
      for (const one of style.strokes) stroke(pen, path, one, factor(at.zoom) * at.ratio);
    }

    return { trace, area, line, stroke, forget: () => tiles.clear() };
  }

  /** Where a line of a hatch crosses a box of `size`, if it does: the line through (x, y) at an angle of the style. */
  function across(angle, x, y, low, high) {
    if (angle === 0) return [low, y, high, y];
    if (angle === 90) return [x, low, x, high];
    const slope = angle === 45 ? -1 : 1;
    const at = [low, high].map((edge) => [edge, y + slope * (edge - x)]).concat([low, high].map((edge) => [x + slope * (edge - y), edge]));
    const inside = at.filter(([a, b]) => a >= low - 0.01 && a <= high + 0.01 && b >= low - 0.01 && b <= high + 0.01);
    if (inside.length < 2) return null;
    const first = inside[0];
    const last = inside.find(([a, b]) => Math.hypot(a - first[0], b - first[1]) > 0.5);
    return last ? [...first, ...last] : null;
  }

  /** A swatch of a class, for lists and the key. @param {any} style of the script's drapes @param {number} [size] px @param {number} [length] of a line, in eighteenths of the size */
  function swatch(style, size = 18, length = 18) {
    const wide = style.strokes ? length : 18;
    const node = s("svg", { viewBox: `0 0 ${wide} 18`, width: (size * wide) / 18, height: size, "aria-hidden": "true", class: "drape-swatch" });
    const dashed = (dash) => (dash.length ? dash.join(" ") : null);
    if (style.strokes) {
      for (const one of style.strokes) node.append(s("path", { d: `M0 9H${wide}`, fill: "none", stroke: `var(--${one.token})`, "stroke-width": one.width, "stroke-dasharray": dashed(one.dash) }));
      return node;
    }
    const colour = `var(--${style.token})`;
    node.append(s("path", { d: "M1.500 3h15v12h-15Z", fill: colour, "fill-opacity": style.tint, stroke: colour, "stroke-width": style.width, "stroke-dasharray": dashed(style.dash) }));
    const lines = style.hatches.flatMap(({ angle, gap, width }) => {
      const step = gap * (angle % 90 ? Math.SQRT2 : 1);
      return Array.from({ length: 12 }, (_, i) => (i - 5) * step + 9).map((at) => across(angle, angle % 90 ? 9 : at, at, 3, 15)).filter(Boolean).map(([x0, y0, x1, y1]) => s("path", { d: `M${x0} ${y0}L${x1} ${y1}`, stroke: colour, "stroke-width": width, "stroke-opacity": 0.7 }));
    });
    node.append(...lines);
    return node;
  }

  pm.drapePens = { create, swatch, factor };
})((globalThis.provence ??= {}));
