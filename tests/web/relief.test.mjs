// The relief: its grid unpacked, its colours, heights between cells.
import assert from "node:assert/strict";
import test from "node:test";
import { load, plain } from "./load.mjs";

const { relief, drapeShapes, tree } = load();
const LOOK = { tints: [[10, "#204060", 0], [110, "#406080", 0.5]], shadow: ["#000000", 0.6], light: ["#FFFFFF", 0.4] };
const LEVELS = { flat: 44, most: 62 };

test("heights are read from their steps, below the sea and over 255 m, each row from 0", () => {
  const steps = [300, -305, 0, -1, 1, 1000].map((step) => step & 0xffff);
  const packed = Uint8Array.from([...steps.map((step) => step & 255), ...steps.map((step) => step >> 8), 1, 2, 3, 4, 5, 255]);
  const { heights, shades } = relief.unpack({ columns: 3, rows: 2 }, packed);
  assert.deepEqual([...heights], [300, -5, -5, -1, 0, 1000]);
  assert.deepEqual([...shades], [1, 2, 3, 4, 5, 255]);
  assert.throws(() => relief.unpack({ columns: 3, rows: 3 }, packed), /18 bytes for 9 cells/);
});

test("low and level land is transparent, higher land tinted, slopes darker or brighter", () => {
  const colours = new Uint8Array(relief.table(LOOK, { low: -5, high: 200, levels: LEVELS }).buffer);
  const of = (metres, shade) => [...colours.subarray(((metres + 5) * 63 + shade) * 4, ((metres + 5) * 63 + shade) * 4 + 4)];
  for (const metres of [-5, 0, 10]) assert.equal(of(metres, 44)[3], 0, `${metres} m`);
  assert.deepEqual(of(60, 44), [0x30, 0x50, 0x70, 64]);
  assert.deepEqual(of(200, 44), of(110, 44));
  const [dark, level, bright] = [10, 44, 62].map((shade) => of(110, shade));
  assert.ok(dark[0] < level[0] && level[0] < bright[0] && dark[3] > level[3]);
});

test("a height lies between the middles of four cells; beyond the grid and beside the unknown there is none", () => {
  const grid = { columns: 3, rows: 2, heights: Int16Array.from([0, 100, 0, 100, 200, 0]), shades: Uint8Array.from([0, 0, 255, 0, 0, 255]) };
  for (const [x, y, height] of [[0.5, 0.5, 0], [1, 1, 100], [1.5, 1.5, 200], [0, 0, 0], [2, 1, null], [3, 1, null], [-0.1, 1, null]]) assert.equal(relief.between(grid, x, y), height, `${x} ${y}`);
});

test("px of the world are those of areas and lines", () => {
  for (const [lng, lat] of [[0, 0], [5.4, 43.3], [-70, -33]]) {
    const [a, b] = [plain(relief.world({ lng, lat })), plain(drapeShapes.flatPoint(lng, lat))];
    assert.ok(Math.hypot(a[0] - b[0], a[1] - b[1]) < 1e-9, `${lng} ${lat}`);
  }
});

test("the row of the relief and the switch of its group change it alone and with the group", () => {
  const style = { industry: [], projects: [], access: [], places: [], place_groups: { life: [], land: [] } };
  const [group] = tree.groups(style, ["poles", "communes", "relief"]);
  const row = group.rows.find(({ layer }) => layer === "relief");
  const view = { layers: ["poles"], hidden: [], relief: false };
  assert.deepEqual(plain(tree.toggleRow(row, group, view)), { relief: true });
  assert.deepEqual(plain(tree.toggleGroup(group, view)), { layers: [], hidden: [], relief: false });
  assert.equal(tree.toggleGroup(group, { ...view, layers: [] }).relief, true);
  const [without] = tree.groups(style, ["poles", "communes"]);
  assert.equal("relief" in tree.toggleGroup(without, view), false);
});

test("a card says a height as about so high, and of a commune from where to where", () => {
  const figure = (said) => said;
  const given = { heights: { "site:a": [12], "commune:13055": [0, 650] }, source: "given-terrain" };
  assert.equal(relief.line({ key: "site:a" }, given, figure).textContent, "Elevation ≈\u00a012\u00a0m");
  assert.equal(relief.line({ key: "commune:13055" }, given, figure).textContent, "Elevation from 0\u00a0m to 650\u00a0m");
  assert.equal(relief.line({ key: "site:b" }, given, figure), null);
});

test("the picture fades out at its edges and is whole within", () => {
  const [columns, rows] = [60, 50];
  const data = new Uint8ClampedArray(4 * columns * rows).fill(200);
  relief.faded(data, columns, rows);
  const opacity = (column, row) => data[4 * (row * columns + column) + 3];
  for (const [column, row, least, most] of [[0, 25, 4, 6], [59, 25, 4, 6], [30, 0, 4, 6], [30, 49, 4, 6], [10, 25, 100, 110], [30, 25, 200, 200], [20, 20, 200, 200], [39, 29, 200, 200], [40, 29, 190, 199]]) {
    assert.ok(opacity(column, row) >= least && opacity(column, row) <= most, `${column} ${row}: ${opacity(column, row)}`);
  }
  assert.equal(data[0], 200);
});
