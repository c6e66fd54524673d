// The ground of a scene: sea, waterlines, land, communes and poles, painted on a canvas for a camera.
(function (pm) {
  "use strict";
  // Paths hold single-precision numbers: near their own centre, in units this small, they are exact to the px.
  const UNIT = 1024;
  const CENTRE = [5.3, 43.45];
  const MASK_PX = 1000;
  const POLE_TINT = 0.13;
  const FOCUS_TINT = 0.11;
  const FADED_TINT = 0.03;
  const CHOSEN_TINT = 0.18;
  // Lines are this much heavier than on the map of a reader who sits before it.
  const LINE = 1.35;

  /** Mix two colours, `part` of the first. @param {string} one #rrggbb @param {string} other #rrggbb @param {number} part 0 to 1 */
  function mix(one, other, part) {
    const at = (hex, i) => parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16);
    return `rgb(${[0, 1, 2].map((i) => Math.round(at(one, i) * part + at(other, i) * (1 - part))).join(", ")})`;
  }

  /**
   * @param {any} layers GeoJSON by layer id (EPSG:4326)
   * @param {any} ink see trace.ink
   * @param {number[][]} frame what the tables cover: south-west and north-east corner, lat before lon (EPSG:4326)
   */
  function create(layers, ink, frame) {
    const origin = pm.framing.project(CENTRE[0], CENTRE[1]);
    /** @type {Map<string, Path2D>} */
    const made = new Map();
    /** @type {any} */
    let mask = null;

    function ring(path, points, closed) {
      points.forEach(([lon, lat], i) => {
        const { x, y } = pm.framing.project(lon, lat);
        if (i) path.lineTo((x - origin.x) * UNIT, (y - origin.y) * UNIT);
        else path.moveTo((x - origin.x) * UNIT, (y - origin.y) * UNIT);
      });
      if (closed) path.closePath();
    }

    function trace(path, { type, coordinates }) {
      if (type === "LineString") ring(path, coordinates, false);
      else if (type === "MultiLineString") coordinates.forEach((line) => ring(path, line, false));
      else if (type === "Polygon") coordinates.forEach((points) => ring(path, points, true));
      else if (type === "MultiPolygon") coordinates.flat().forEach((points) => ring(path, points, true));
    }

    /** The features of a layer that are told apart by `keep`, as one path, made once. @param {string} layer @param {string} name @param {(properties: any) => boolean} keep */
    function path(layer, name, keep = () => true) {
      const key = `${layer}/${name}`;
      let found = made.get(key);
      if (!found) {
        found = new Path2D();
        for (const { geometry, properties } of layers[layer]?.features || []) if (geometry && keep(properties)) trace(found, geometry);
        made.set(key, found);
      }
      return found;
    }

    /** Whether a place of the plane is on land, to about 200 m: looked up in a small picture of the land, made once. @param {{x: number, y: number}} place */
    function isLand({ x, y }) {
      mask ??= maskOf();
      const [across, down] = [Math.floor((x - mask.left) * mask.scale), Math.floor((y - mask.top) * mask.scale)];
      return across >= 0 && down >= 0 && across < mask.width && down < mask.height && mask.bytes[4 * (down * mask.width + across) + 3] > 127;
    }

    function maskOf() {
      const [[south, west], [north, east]] = frame;
      const [a, b] = [pm.framing.project(west, north), pm.framing.project(east, south)];
      const scale = MASK_PX / (b.x - a.x);
      const height = Math.ceil((b.y - a.y) * scale);
      const canvas = Object.assign(document.createElement("canvas"), { width: MASK_PX, height });
      const pen = canvas.getContext("2d", { willReadFrequently: true });
      pen.setTransform(scale / UNIT, 0, 0, scale / UNIT, (origin.x - a.x) * scale, (origin.y - a.y) * scale);
      pen.fill(path("neighbours", "land", ({ part }) => part === "land"), "evenodd");
      pen.fill(path("communes", "all"), "evenodd");
      return { left: a.x, top: a.y, scale, width: MASK_PX, height, bytes: pen.getImageData(0, 0, MASK_PX, height).data };
    }

    const poles = () => (layers.poles?.features || []).map(({ properties }) => properties.id);
    const ofPole = (id) => path("communes", id, (properties) => properties.pole === id);
    const focusOf = (view) => (view.selection?.startsWith("pole:") ? view.selection.slice(5) : null);

    /** What the ground of a View looks like, besides its frame: two Views that agree in it may share a picture. @param {any} view */
    const look = (view) => [view.layers.includes("poles"), view.layers.includes("communes"), /^(pole|commune):/.test(view.selection || "") ? view.selection : ""].join("/");

    /**
     * Paint, a part at a time: whoever asks may do something else between two parts.
     * @param {CanvasRenderingContext2D} pen @param {any} view
     * @param {{camera: any, ratio: number, k: number}} how ratio: device px for a px of the camera; k: see framing.factor
     */
    function* paint(pen, view, { camera, ratio, k }) {
      const scale = (camera.scale * ratio) / UNIT;
      const [x, y] = [(origin.x - camera.left) * camera.scale * ratio, (origin.y - camera.top) * camera.scale * ratio];
      const weight = (width) => (width * LINE * k * ratio) / scale;
      const fill = (shape, colour) => {
        pen.fillStyle = colour;
        pen.fill(shape, "evenodd");
      };
      const line = (shape, colour, width, alpha = 1) => {
        pen.strokeStyle = colour;
        pen.lineWidth = weight(width);
        pen.globalAlpha = alpha;
        pen.stroke(shape);
        pen.globalAlpha = 1;
      };
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.fillStyle = ink.colour("sea");
      pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height);
      pen.setTransform(scale, 0, 0, scale, x, y);
      pen.lineJoin = "round";
      for (const { properties } of layers.water?.features || []) {
        fill(path("water", properties.rank, (other) => other.rank === properties.rank), ink.colour(`waterline-${properties.rank}`));
        yield;
      }
      const land = path("neighbours", "land", ({ part }) => part === "land");
      fill(land, ink.colour("neigh"));
      line(land, ink.colour("neigh"), 0.7);
      yield;
      line(path("neighbours", "lines", ({ part }) => part === "lines"), ink.colour("neigh-line"), 0.6, 0.6);
      yield;
      yield* communes(view, fill, line);
      if (view.layers.includes("poles")) yield* outlines(view, line);
      pen.setTransform(1, 0, 0, 1, 0, 0);
    }

    function* communes(view, fill, line) {
      const tinted = view.layers.includes("poles");
      const focus = focusOf(view);
      for (const id of poles()) {
        const part = !tinted ? 0 : !focus ? POLE_TINT : focus === id ? FOCUS_TINT : FADED_TINT;
        const colour = mix(ink.colour(id), ink.colour("land"), part);
        fill(ofPole(id), colour);
        // The ground shows between two areas that only touch: their own colour closes it.
        line(ofPole(id), colour, 0.5);
        yield;
      }
      if (view.layers.includes("communes")) line(path("communes", "all"), ink.colour("com-line"), 0.7, 0.85);
      yield;
      const [kind, id] = (view.selection || "").split(":");
      if (kind !== "commune") return;
      const chosen = path("communes", `one/${id}`, (properties) => properties.id === id);
      fill(chosen, mix(ink.colour("primary"), ink.colour("land"), CHOSEN_TINT));
      line(chosen, ink.colour("ink"), 2.2);
      yield;
    }

    function* outlines(view, line) {
      const focus = focusOf(view);
      // The pole in focus comes last: its line lies over those of its neighbours.
      const order = poles().sort((a, b) => Number(a === focus) - Number(b === focus));
      for (const id of order) line(path("poles", id, (properties) => properties.id === id), ink.colour("land"), 4.5, 0.9);
      yield;
      for (const id of order) line(path("poles", id, (properties) => properties.id === id), ink.colour(id), focus === id ? 2.4 : 1.7, focus && focus !== id ? 0.45 : 0.95);
      yield;
    }

    return { paint, look, isLand };
  }

  pm.sceneryBase = { create, mix };
})((globalThis.provence ??= {}));
