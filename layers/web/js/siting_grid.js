// The criteria of siting in typed arrays: unpacked once, weighed, ranked by commune, found again from px of the map.
// What the bytes mean is said in layers/web/siting.py.
(function (pm) {
  "use strict";
  const UNKNOWN = 255;
  // A criterion at its best; a score is kept in 256 steps of each of these.
  const BEST = 254;
  const FULL = BEST * 256;
  // Beside the scores: what has none, because it is excluded or because a value is not known.
  const NONE = 65535;
  // Weights as whole numbers that sum to about this: sums of bytes then stay exact and fast.
  const WHOLE = 65536;
  // Cells weighed at a time, so that the sums stay in the processor's nearest memory.
  const BLOCK = 8192;
  const BUCKETS = 512;
  const WORLD_M = 2 * Math.PI * 6378137;

  /** The planes of a pack. @param {string} base64 of gzip @returns {Promise<Uint8Array>} */
  async function inflate(base64) {
    const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /**
   * Keep the cells of the metropolis only, a third of the rectangle.
   * @param {any} pack see layers/web/siting.py @param {Uint8Array} planes @param {Uint8Array | null} [zonePlanes] where zones can be ranked
   */
  function unpack(pack, planes, zonePlanes = null) {
    const { rows, columns, criteria, communes } = pack;
    const size = rows * columns;
    if (planes.length !== size * (2 + criteria.length)) throw new Error(`siting: ${planes.length} bytes came, ${size * (2 + criteria.length)} were expected; load the page again`);
    const inside = planes.subarray(0, size);
    let n = 0;
    for (let i = 0; i < size; i++) if (inside[i]) n += 1;
    const cells = new Int32Array(n);
    const indexOf = new Int32Array(size).fill(n);
    for (let i = 0, at = 0; i < size; i++) {
      if (!inside[i]) continue;
      cells[at] = i;
      indexOf[i] = at++;
    }
    const taken = (plane) => {
      const found = new Uint8Array(n);
      const from = planes.subarray(plane * size, (plane + 1) * size);
      for (let i = 0; i < n; i++) found[i] = from[cells[i]];
      return found;
    };
    const values = criteria.map((_, i) => taken(i + 2));
    const owners = { communes: { list: communes, least: pack.rule.least, of: taken(0) } };
    if (pack.zones && zonePlanes) Object.assign(owners, { zones: { list: pack.zones.list, least: pack.zones.least, of: Uint16Array.from(cells, (i) => zonePlanes[i] | (zonePlanes[size + i] << 8)) } });
    return { pack, n, cells, indexOf, owners, communes: owners.communes.of, excluded: taken(1), values, gaps: values.map((plane) => plane.includes(UNKNOWN)) };
  }

  /**
   * Weights as parts of one, in the order of the criteria; null when all are 0.
   * @param {Record<string, number>} weights @param {{id: string}[]} criteria
   */
  function shares(weights, criteria) {
    const given = criteria.map(({ id }) => weights[id] ?? 0);
    const wrong = given.findIndex((weight) => !Number.isFinite(weight) || weight < 0);
    if (wrong >= 0) throw new RangeError(`weight ${given[wrong]} of ${criteria[wrong].id} is not a number from 0 up`);
    const sum = given.reduce((a, b) => a + b, 0);
    return sum ? given.map((weight) => weight / sum) : null;
  }

  /** The bits of some exclusions. @param {any} pack @param {string[]} ids */
  const maskOf = (pack, ids) => pack.exclusions.reduce((mask, { id, bit }) => (ids.includes(id) ? mask | (1 << bit) : mask), 0);

  /**
   * Weigh every cell: 0 to FULL, or NONE.
   * @param {any} grid @param {number[]} parts of one, as from shares @param {number} mask of exclusions @param {Uint16Array} [into]
   */
  function score(grid, parts, mask, into = new Uint16Array(grid.n)) {
    const { n, values, excluded, gaps } = grid;
    const sums = new Int32Array(BLOCK);
    const used = parts.map((part, i) => ({ plane: values[i], gap: gaps[i], whole: Math.round(part * WHOLE) })).filter(({ whole }) => whole);
    for (let from = 0; from < n; from += BLOCK) {
      const length = Math.min(BLOCK, n - from);
      sums.fill(0);
      for (const { plane, whole } of used) for (let j = 0; j < length; j++) sums[j] += whole * plane[from + j];
      for (let j = 0; j < length; j++) into[from + j] = excluded[from + j] & mask ? NONE : Math.min(FULL, sums[j] >>> 8);
    }
    for (const { plane, gap } of used) if (gap) for (let i = 0; i < n; i++) if (plane[i] === UNKNOWN) into[i] = NONE;
    return into;
  }

  /**
   * Communes, or zones of activity, by the mean of their best cells, the best first.
   * @param {any} grid @param {Uint16Array} scores @param {string} [kind] communes or zones
   * @returns {{area: number, score: number, cells: number, least: number}[]} area: its place in the list; score 0 to 1; least: the lowest of the best cells
   */
  function rank(grid, scores, kind = "communes") {
    const { n, pack } = grid;
    const { of, list, least } = grid.owners[kind];
    const count = list.length;
    const held = new Uint32Array((count + 1) * BUCKETS);
    const summed = new Float64Array((count + 1) * BUCKETS);
    for (let i = 0; i < n; i++) {
      const value = scores[i];
      if (value === NONE) continue;
      const at = of[i] * BUCKETS + (value >>> 7);
      held[at] += 1;
      summed[at] += value;
    }
    const found = [];
    for (let area = 1; area <= count; area++) {
      const one = best(held.subarray(area * BUCKETS, (area + 1) * BUCKETS), summed.subarray(area * BUCKETS, (area + 1) * BUCKETS), { share: pack.rule.share, least });
      if (one) found.push({ area: area - 1, ...one });
    }
    return found.sort((a, b) => b.score - a.score || a.area - b.area);
  }

  /** The mean of the best share of cells that were counted by score; null where they are too few. */
  function best(held, summed, { share, least }) {
    const cells = held.reduce((a, b) => a + b, 0);
    if (!cells || cells < least) return null;
    const wanted = Math.max(1, Math.ceil(cells * share));
    let left = wanted;
    let sum = 0;
    let bucket = BUCKETS - 1;
    for (; bucket >= 0 && left; bucket--) {
      if (!held[bucket]) continue;
      const taken = Math.min(left, held[bucket]);
      sum += (summed[bucket] / held[bucket]) * taken;
      left -= taken;
    }
    return { score: sum / wanted / FULL, cells, least: (bucket + 1) * 128 };
  }

  /** Where each that is ranked is at its best: the cell, among its best ones, next to the middle of them. @returns {Int32Array} by row of `ranked` */
  function places(grid, scores, ranked, kind = "communes") {
    const { of, list } = grid.owners[kind];
    const rowOf = new Int16Array(list.length + 1).fill(-1);
    ranked.forEach(({ area }, row) => { rowOf[area + 1] = row; });
    const sums = ranked.map(() => ({ x: 0, y: 0, n: 0, cell: -1, far: Infinity }));
    const { columns } = grid.pack;
    const each = (run) => {
      for (let i = 0; i < grid.n; i++) {
        const row = rowOf[of[i]];
        if (row >= 0 && scores[i] !== NONE && scores[i] >= ranked[row].least) run(sums[row], grid.cells[i] % columns, Math.floor(grid.cells[i] / columns), i);
      }
    };
    each((sum, x, y) => { sum.x += x; sum.y += y; sum.n += 1; });
    each((sum, x, y, i) => {
      const far = (x - sum.x / sum.n) ** 2 + (y - sum.y / sum.n) ** 2;
      if (far < sum.far) Object.assign(sum, { far, cell: i });
    });
    return Int32Array.from(sums, ({ cell }) => cell);
  }

  /** Column and row, as fractions, of a place in metres of EPSG:3857. */
  function inGrid(pack, x, y) {
    const { west, east, north, south, rows, columns, at } = pack.lattice;
    const u = Math.max(0, Math.min(columns - 1, ((x - west) / (east - west)) * (columns - 1)));
    const v = Math.max(0, Math.min(rows - 1, ((north - y) / (north - south)) * (rows - 1)));
    const [i, j] = [Math.min(columns - 2, Math.floor(u)), Math.min(rows - 2, Math.floor(v))];
    const node = (a, b, part) => at[2 * (b * columns + a) + part];
    return [0, 1].map((part) => {
      const above = node(i, j, part) + (node(i + 1, j, part) - node(i, j, part)) * (u - i);
      const below = node(i, j + 1, part) + (node(i + 1, j + 1, part) - node(i, j + 1, part)) * (u - i);
      return above + (below - above) * (v - j);
    });
  }

  const mercator = (lon, lat) => [(lon / 360) * WORLD_M, (Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI)) * WORLD_M];

  /** The cell of a place, -1 outside the metropolis. @param {any} grid @param {number} lon @param {number} lat EPSG:4326 */
  function cellAt(grid, lon, lat) {
    const { rows, columns, lattice } = grid.pack;
    const [x, y] = mercator(lon, lat);
    if (x < lattice.west || x > lattice.east || y < lattice.south || y > lattice.north) return -1;
    const [column, row] = inGrid(grid.pack, x, y).map(Math.floor);
    if (column < 0 || row < 0 || column >= columns || row >= rows) return -1;
    const index = grid.indexOf[row * columns + column];
    return index === grid.n ? -1 : index;
  }

  /** [lon, lat] of a place given in columns and rows: the lattice the other way, step by step. */
  function lonLat(pack, column, row) {
    const { west, east, north, south } = pack.lattice;
    let [x, y] = [(west + east) / 2, (north + south) / 2];
    const [c0, r0] = inGrid(pack, west, north);
    const [c1, r1] = inGrid(pack, east, south);
    for (let i = 0; i < 12; i++) {
      const [c, r] = inGrid(pack, x, y);
      x += ((column - c) / (c1 - c0)) * (east - west);
      y += ((row - r) / (r1 - r0)) * (south - north);
    }
    return [(x / WORLD_M) * 360, (Math.atan(Math.exp((y / WORLD_M) * 2 * Math.PI)) * 360) / Math.PI - 90];
  }

  /** The four corners of a cell as [lon, lat]. @param {any} grid @param {number} index */
  function corners(grid, index) {
    const { columns } = grid.pack;
    const [column, row] = [grid.cells[index] % columns, Math.floor(grid.cells[index] / columns)];
    return [[0, 0], [1, 0], [1, 1], [0, 1]].map(([a, b]) => lonLat(grid.pack, column + a, row + b));
  }

  /**
   * The cell below each px of a picture, `grid.n` where there is none.
   * @param {any} grid @param {{w: number, h: number, left: number, top: number, scale: number}} at see canvas.js
   */
  function lookup(grid, { w, h, left, top, scale }) {
    const { rows, columns, lattice } = grid.pack;
    const found = new Int32Array(w * h).fill(grid.n);
    const metres = WORLD_M / 256 / scale;
    const across = (lattice.columns - 1) / (lattice.east - lattice.west);
    const down = (lattice.rows - 1) / (lattice.north - lattice.south);
    const u0 = ((left + 0.5) * metres - WORLD_M / 2 - lattice.west) * across;
    const du = metres * across;
    const nodes = new Float64Array(2 * lattice.columns);
    for (let y = 0; y < h; y++) {
      const v = (lattice.north - WORLD_M / 2 + (top + y + 0.5) * metres) * down;
      const j = Math.floor(v);
      if (j < 0 || j >= lattice.rows - 1) continue;
      const from = 2 * j * lattice.columns;
      for (let k = 0; k < nodes.length; k++) nodes[k] = lattice.at[from + k] + (lattice.at[from + nodes.length + k] - lattice.at[from + k]) * (v - j);
      for (let i = 0; i < lattice.columns - 1; i++) {
        const first = Math.max(0, Math.ceil((i - u0) / du));
        const last = Math.min(w, Math.ceil((i + 1 - u0) / du));
        const [dc, dr] = [(nodes[2 * i + 2] - nodes[2 * i]) * du, (nodes[2 * i + 3] - nodes[2 * i + 1]) * du];
        let c = nodes[2 * i] + (dc / du) * (u0 + first * du - i);
        let r = nodes[2 * i + 1] + (dr / du) * (u0 + first * du - i);
        for (let x = first; x < last; x++, c += dc, r += dr) if (c >= 0 && r >= 0 && c < columns && r < rows) found[y * w + x] = grid.indexOf[(r | 0) * columns + (c | 0)];
      }
    }
    return found;
  }

  /** What is ranked: id, name and the key of its card. @param {any} grid @param {string} kind @param {number} area */
  function named(grid, kind, area) {
    const { list } = grid.owners[kind];
    const { insee, id = insee, name, pole = "", commune = "" } = list[area];
    return { id, name, pole, commune, key: `${kind === "zones" ? "zone" : "commune"}:${id}` };
  }

  pm.sitingGrid = { inflate, unpack, shares, maskOf, score, rank, places, named, cellAt, lonLat, corners, lookup, FULL, NONE, BEST, UNKNOWN };
})((globalThis.provence ??= {}));
