// Areas and lines that lie over the land: read from the document, flattened for drawing, found under a point. No map needed.
(function (pm) {
  "use strict";
  const STEPS = 1e5;
  const WORLD_PX = 256;

  // What a row of these layers says where nothing is written; the twin of layers/web/drapes.py.
  const USUAL = { rail: { state: "in-service", use: "unknown", electrified: "unknown" }, power: { state: "in-service" } };

  /**
   * Put back what the document leaves out: sources of the layer, the commune's name and pole, the class, usual states.
   * @param {any} item @param {string[]} sources @param {Map<string, any>} byKey with the communes
   */
  function whole(item, sources, byKey) {
    const commune = byKey.get(`commune:${item.insee}`);
    return { ...USUAL[item.kind], sources, class: item.type, ...(commune && { commune: commune.name, pole: commune.pole }), ...item, geometry: item.geometry.packed ? unpacked(item.geometry) : item.geometry };
  }

  /** Points of one ring or line, from its steps: each a hundred-thousandth of a degree from the one before. @param {number[]} steps @param {boolean} closed */
  function points(steps, closed) {
    let x = 0;
    let y = 0;
    const found = [];
    for (let i = 0; i < steps.length; i += 2) found.push([(x += steps[i]) / STEPS, (y += steps[i + 1]) / STEPS]);
    if (closed) found.push(found[0]);
    return found;
  }

  /** GeoJSON in EPSG:4326 of a geometry as layers/web/drapes.py packs it. @param {{type: string, packed: any[]}} geometry */
  function unpacked({ type, packed }) {
    if (type === "MultiPolygon") return { type, coordinates: packed.map((rings) => rings.map((ring) => points(ring, true))) };
    return { type, coordinates: packed.map((line) => points(line, false)) };
  }

  /** Px of the world at zoom 0 in Web Mercator, as Leaflet has them. @param {number} lon @param {number} lat */
  function flatPoint(lon, lat) {
    const sine = Math.sin((lat * Math.PI) / 180);
    return [((lon + 180) / 360) * WORLD_PX, (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD_PX];
  }

  /**
   * Rings or lines as x, y, x, y... in px at zoom 0, and the box around them.
   * @param {{type: string, coordinates: any[]}} geometry
   * @returns {{parts: Float64Array[], box: number[]}}
   */
  function flat(geometry) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const lines = geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : geometry.coordinates;
    const parts = lines.map((line) => {
      const part = new Float64Array(line.length * 2);
      line.forEach(([lon, lat], i) => {
        const [x, y] = flatPoint(lon, lat);
        part[2 * i] = x;
        part[2 * i + 1] = y;
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      });
      return part;
    });
    return { parts, box };
  }

  /** Whether rings hold a point (even-odd rule). @param {Float64Array[]} parts @param {number} x @param {number} y */
  function holds(parts, x, y) {
    let inside = false;
    for (const part of parts) {
      for (let i = 0, j = part.length - 2; i < part.length; j = i, i += 2) {
        const [yi, yj] = [part[i + 1], part[j + 1]];
        if (yi > y !== yj > y && x < ((part[j] - part[i]) * (y - yi)) / (yj - yi) + part[i]) inside = !inside;
      }
    }
    return inside;
  }

  /** The least distance from a point to lines. @param {Float64Array[]} parts @param {number} x @param {number} y */
  function distance(parts, x, y) {
    let least = Infinity;
    for (const part of parts) {
      for (let i = 2; i < part.length; i += 2) {
        const [dx, dy] = [part[i] - part[i - 2], part[i + 1] - part[i - 1]];
        const along = Math.max(0, Math.min(1, ((x - part[i - 2]) * dx + (y - part[i - 1]) * dy) / (dx * dx + dy * dy || 1)));
        least = Math.min(least, Math.hypot(x - part[i - 2] - along * dx, y - part[i - 1] - along * dy));
      }
    }
    return least;
  }

  /**
   * Join lines end to end where exactly two of them meet, so that their dashes run on.
   * @param {Float64Array[]} lines
   * @returns {Float64Array[]}
   */
  function joined(lines) {
    const ends = new Map();
    const key = (line, end) => (end ? `${line[line.length - 2]},${line[line.length - 1]}` : `${line[0]},${line[1]}`);
    lines.forEach((line, i) => [0, 1].forEach((end) => ends.set(key(line, end), [...(ends.get(key(line, end)) || []), [i, end]])));
    const used = new Set();

    /** Walk from an end of a line to the last one that follows it. */
    function follow(start, from) {
      const found = [];
      for (let i = start, end = from; i !== undefined && !used.has(i);) {
        used.add(i);
        found.push([i, end]);
        const meet = ends.get(key(lines[i], 1 - end));
        const next = meet.length === 2 ? meet.find(([other]) => other !== i) : undefined;
        [i, end] = next || [undefined, 0];
      }
      return found;
    }

    const chains = [];
    // First from ends where a chain begins, then what is left: closed circles.
    for (const only of [true, false]) {
      lines.forEach((line, i) => [0, 1].forEach((end) => {
        if (!used.has(i) && (!only || ends.get(key(line, end)).length !== 2)) chains.push(follow(i, end));
      }));
    }
    return chains.map((chain) => Float64Array.from(chain.flatMap(([i, end], at) => {
      const pairs = [];
      for (let k = 0; k < lines[i].length; k += 2) pairs.push([lines[i][k], lines[i][k + 1]]);
      if (end) pairs.reverse();
      return (at ? pairs.slice(1) : pairs).flat();
    })));
  }

  pm.drapeShapes = { unpacked, whole, flat, flatPoint, holds, distance, joined };
})((globalThis.provence ??= {}));
