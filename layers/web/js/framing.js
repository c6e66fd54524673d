// Where a scene looks: the plane of the map, its cameras, and the way from one to another. No element, no map.
(function (pm) {
  "use strict";
  const PLANE_PX = 256;
  const MOST_LAT = 85.0511287798;
  // The design is drawn for a screen this high; on a narrow one nothing is larger than this width allows.
  const HEIGHT_PX = 1080;
  const WIDTH_PX = 1600;
  // Below this nothing could be read, on a phone held upright.
  const LEAST_K = 0.42;
  // Two Views this near in scale are one: between them the map only moves.
  const SAME_SCALE = 1e-3;
  const STEPS = 24;

  /**
   * @typedef {{left: number, top: number, right: number, bottom: number}} Box in px
   * @typedef {{left: number, top: number, scale: number}} Camera the corner of the frame on the plane, and px for a unit of it
   */

  /** A place on the plane of zoom 0, 256 units wide: the spherical Mercator projection, as Leaflet has it (EPSG:3857). */
  function project(lon, lat) {
    const phi = (Math.max(Math.min(lat, MOST_LAT), -MOST_LAT) * Math.PI) / 180;
    return { x: ((lon + 180) / 360) * PLANE_PX, y: (0.5 - Math.log(Math.tan(Math.PI / 4 + phi / 2)) / (2 * Math.PI)) * PLANE_PX };
  }

  /** What lengths of the design are multiplied by, where nobody says. @param {number} width px @param {number} height px */
  const factor = (width, height) => Math.max(Math.min(height / HEIGHT_PX, width / WIDTH_PX), LEAST_K);

  /**
   * Frame an extent in the part of a picture that is free.
   * @param {number[]} bounds west, south, east, north (EPSG:4326)
   * @param {Box} free
   * @returns {Camera}
   */
  function camera([west, south, east, north], free) {
    const [a, b] = [project(west, north), project(east, south)];
    const [width, height] = [Math.max(free.right - free.left, 1), Math.max(free.bottom - free.top, 1)];
    const scale = Math.min(width / Math.max(b.x - a.x, 1e-6), height / Math.max(b.y - a.y, 1e-6));
    return { scale, left: (a.x + b.x) / 2 - (free.left + width / 2) / scale, top: (a.y + b.y) / 2 - (free.top + height / 2) / scale };
  }

  /** A camera that sees `px` more at each edge. @param {Camera} at @param {number} across px @param {number} down px @returns {Camera} */
  const widened = (at, across, down) => ({ scale: at.scale, left: at.left - across / at.scale, top: at.top - down / at.scale });

  /** The same picture at another size. @param {Camera} at @param {number} by @returns {Camera} */
  const resized = (at, by) => ({ ...at, scale: at.scale * by });

  /** Where a place of the plane is in a picture, in px. @param {Camera} at @param {{x: number, y: number}} place */
  const within = (at, { x, y }) => ({ x: (x - at.left) * at.scale, y: (y - at.top) * at.scale });

  /** Slow at both ends. @param {number} t 0 to 1 */
  const ease = (t) => t * t * (3 - 2 * t);

  /**
   * The camera on its way: it grows or shrinks evenly, and sees nothing that lies outside of both ends and what is between.
   * @param {Camera} from @param {Camera} to @param {number} t 0 to 1, of the way @returns {Camera}
   */
  function between(from, to, t) {
    const ratio = from.scale / to.scale;
    const [near, far] = [1 / from.scale, 1 / to.scale];
    const span = near * Math.pow(ratio, t);
    const part = Math.abs(Math.log(ratio)) < SAME_SCALE ? t : (span - near) / (far - near);
    return { scale: 1 / span, left: from.left + (to.left - from.left) * part, top: from.top + (to.top - from.top) * part };
  }

  /** How a picture made for one camera lies in the frame of another. @param {Camera} picture @param {Camera} frame */
  function laid(picture, frame) {
    const { x, y } = within(frame, { x: picture.left, y: picture.top });
    return { x, y, scale: frame.scale / picture.scale };
  }

  /** The same as a CSS transform from the upper left corner. @param {Camera} picture @param {Camera} frame */
  function transform(picture, frame) {
    const { x, y, scale } = laid(picture, frame);
    return `translate(${x.toFixed(3)}px, ${y.toFixed(3)}px) scale(${scale.toFixed(6)})`;
  }

  /**
   * The way of a picture through a flight, as key frames. Between them a browser goes straight, and so do all pictures of
   * the flight together: they never part.
   * @param {Camera} picture @param {Camera} from @param {Camera} to
   */
  function way(picture, from, to) {
    return Array.from({ length: STEPS + 1 }, (_, i) => ({ offset: i / STEPS, transform: transform(picture, between(from, to, ease(i / STEPS))) }));
  }

  pm.framing = { project, factor, camera, widened, resized, within, ease, between, laid, transform, way };
})((globalThis.provence ??= {}));
