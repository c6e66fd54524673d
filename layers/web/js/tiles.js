// Vector tiles of one layer: fetched by ranges of an archive, read, and kept while they may be seen again.
(function (pm) {
  "use strict";
  const WORLD_PX = 256;
  // Of all zooms together: some fifteen fill a window.
  const KEPT = 160;
  // A tile that did not come is not asked for again by the picture that its failing redraws.
  const AGAIN_MS = 10_000;
  const [MOVE, LINE] = [1, 2];

  /**
   * Lines of a feature in px of the world at zoom 0, from the commands of a Mapbox Vector Tile.
   * @param {any} reader at the geometry of a feature @param {{x: number, y: number, scale: number}} place of the tile
   */
  function linesOf(reader, { x, y, scale }) {
    const lines = [];
    const end = reader.readVarint() + reader.pos;
    let [column, row] = [0, 0];
    while (reader.pos < end) {
      const command = reader.readVarint();
      const kind = command & 7;
      // The third command closes a ring: a ring is closed by whoever draws it.
      if (kind !== MOVE && kind !== LINE) continue;
      for (let n = command >> 3; n > 0; n--) {
        column += reader.readSVarint();
        row += reader.readSVarint();
        if (kind === MOVE) lines.push([]);
        lines[lines.length - 1].push(x + column * scale, y + row * scale);
      }
    }
    return lines;
  }

  /** Read what is asked for of a message, by the number of its field. @param {any} reader at the length of a message, or at the start of all @param {Record<number, (reader: any) => void>} fields */
  const readAll = (reader, fields) => reader.readFields((field, _, r) => fields[field]?.(r), null);
  const inside = (reader, fields) => reader.readMessage((field, _, r) => fields[field]?.(r), null);

  /**
   * Features of a tile: the number of their row, and their rings or lines (a ring's first point is not said again).
   * @param {any} reader of the bytes of a tile @param {number} z @param {number} column @param {number} row @param {boolean} closed
   * @returns {{n: number, parts: Float64Array[]}[]}
   */
  function decode(reader, z, column, row, closed) {
    const found = [];
    readAll(reader, { 3: (tile) => {
      const keys = [];
      const values = [];
      const drawn = [];
      let extent = 4096;
      inside(tile, {
        2: (r) => {
          const feature = { tags: [], at: 0 };
          inside(r, { 2: () => { r.readPackedVarint(feature.tags); }, 4: () => { feature.at = r.pos; r.pos = r.readVarint() + r.pos; } });
          drawn.push(feature);
        },
        3: (r) => keys.push(r.readString()),
        4: (r) => { let value = null; inside(r, { 4: () => { value = r.readVarint(true); }, 5: () => { value = r.readVarint(); }, 6: () => { value = r.readSVarint(); } }); values.push(value); },
        5: (r) => { extent = r.readVarint(); },
      });
      const side = WORLD_PX / 2 ** z;
      const place = { x: column * side, y: row * side, scale: side / extent };
      const after = tile.pos;
      for (const { tags, at } of drawn) {
        tile.pos = at;
        // Whoever draws a ring passes over its last point, which is the first one again.
        const parts = linesOf(tile, place).filter((line) => line.length >= (closed ? 6 : 4)).map((line) => Float64Array.from(closed ? [...line, line[0], line[1]] : line));
        const i = keys.indexOf("n");
        for (let k = 0; k < tags.length; k += 2) if (tags[k] === i) found.push({ n: values[tags[k + 1]], parts });
      }
      tile.pos = after;
    } });
    return found;
  }

  /** The tile that holds a place, in px at zoom 0, and the ones above it. */
  const nameOf = (z, x, y) => `${z}/${x}/${y}`;

  /** Columns and rows of the tiles of a zoom that a picture shows. @param {{left: number, top: number, w: number, h: number, scale: number}} at @param {number} z */
  function seen({ left, top, w, h, scale }, z) {
    const side = (WORLD_PX * scale) / 2 ** z;
    const last = 2 ** z - 1;
    const [from, to] = [Math.max(0, Math.floor(left / side)), Math.min(last, Math.floor((left + w) / side))];
    const [first, final] = [Math.max(0, Math.floor(top / side)), Math.min(last, Math.floor((top + h) / side))];
    const found = [];
    for (let y = first; y <= final; y++) for (let x = from; x <= to; x++) found.push({ z, x, y });
    return found;
  }

  /** The edges of a tile in whole device px, shared with the tiles beside it. @param {any} at @param {{z: number, x: number, y: number}} tile */
  function edges({ left, top, scale, ratio }, { z, x, y }) {
    const side = (WORLD_PX * scale) / 2 ** z;
    const [x0, x1, y0, y1] = [[x, left], [x + 1, left], [y, top], [y + 1, top]].map(([n, from]) => Math.round((n * side - from) * ratio));
    return [x0, y0, x1 - x0, y1 - y0];
  }

  /**
   * @param {{tiles: string, zooms: [number, number]}} given see layers/web/beside.py @param {boolean} closed whether its shapes are areas
   * @param {{arrived: () => void, failed: () => void}} on
   */
  function create(given, closed, on) {
    // eslint-disable-next-line no-undef
    const opened = () => new pmtiles.PMTiles(new URL(given.tiles, document.baseURI).href);
    let archive = opened();
    /** @type {Map<string, {n: number, parts: Float64Array[]}[] | null>} null while it is on its way; the last asked for are last */
    const tiles = new Map();
    /** When a tile that failed may be asked for again. @type {Map<string, number>} */
    const failed = new Map();
    const [low, high] = given.zooms;
    let waiting = 0;

    /** A tile is drawn some 512 px wide: geo/tiles.py generalises for that. */
    const zoomOf = (zoom) => Math.max(low, Math.min(high, Math.round(zoom - 1)));

    async function fetchOne(name, { z, x, y }) {
      tiles.set(name, null);
      waiting += 1;
      try {
        const answer = await archive.getZxy(z, x, y);
        tiles.set(name, answer ? decode(new Pbf.PbfReader(new Uint8Array(answer.data)), z, x, y, closed) : []);
        for (const old of tiles.keys()) if (tiles.size > KEPT && tiles.get(old)) tiles.delete(old);
      } catch {
        tiles.delete(name);
        // It keeps the answer that failed, of a head too.
        archive = opened();
        failed.set(name, performance.now() + AGAIN_MS);
        on.failed();
      }
      waiting -= 1;
      on.arrived();
    }

    /** A tile, or the one above it that is there, while it is on its way. */
    function nearest({ z, x, y }) {
      for (let up = 0; z - up >= low; up++) {
        const found = tiles.get(nameOf(z - up, x >> up, y >> up));
        if (found) return found;
      }
      return [];
    }

    /** What a picture shows, tile by tile, with the edges to cut it at; what is not there yet is asked for. @param {any} at see canvas.js */
    function inPicture(at) {
      return seen(at, zoomOf(at.zoom)).map((tile) => {
        const name = nameOf(tile.z, tile.x, tile.y);
        const known = tiles.get(name);
        if (known) {
          tiles.delete(name);
          tiles.set(name, known);
        } else if (!tiles.has(name) && performance.now() >= (failed.get(name) ?? 0)) fetchOne(name, tile);
        return { cut: edges(at, tile), features: nearest(tile) };
      });
    }

    /** Rings or lines of a row where a point is. @param {number} n @param {number} x px at zoom 0 @param {number} y @param {number} zoom of the map */
    function partsAt(n, x, y, zoom) {
      const z = zoomOf(zoom);
      const side = WORLD_PX / 2 ** z;
      return nearest({ z, x: Math.floor(x / side), y: Math.floor(y / side) }).filter((feature) => feature.n === n).flatMap(({ parts }) => parts);
    }

    return { inPicture, partsAt, get waiting() { return waiting; } };
  }

  pm.tiles = { create, decode, seen, edges };
})((globalThis.provence ??= {}));
