// Where exactly: bytes to scores, scores to communes, px to cells, and what a link may ask for.
import assert from "node:assert/strict";
import test from "node:test";
import vm from "node:vm";
import { gzipSync } from "node:zlib";
import { load, plain, random, read } from "./load.mjs";

const { sitingGrid, sitingHold, sitingMap, sitingOut, sitingRanks, siting, view, model } = load();
const WORLD_M = 2 * Math.PI * 6378137;
const [ROWS, COLUMNS, STEP] = [40, 60, 100];

/** A pack whose cells are squares of the projection itself, two communes side by side, a column outside at each end. */
function synthetic({ rows = ROWS, columns = COLUMNS, criteria = 3, seed = 7 } = {}) {
  const next = random(seed);
  const [west, north] = [570_000, 5_400_000];
  const lattice = { west, north, east: west + columns * STEP, south: north - rows * STEP, rows: 3, columns: 4, at: [] };
  for (let j = 0; j < 3; j++) for (let i = 0; i < 4; i++) lattice.at.push((i * columns) / 3, (j * rows) / 2);
  const size = rows * columns;
  const planes = new Uint8Array(size * (2 + criteria));
  for (let i = 0; i < size; i++) {
    const column = i % columns;
    planes[i] = column === 0 || column === columns - 1 ? 0 : column < columns / 2 ? 1 : 2;
    planes[size + i] = next() < 0.1 ? 2 : next() < 0.1 ? 4 : 0;
    for (let k = 0; k < criteria; k++) planes[size * (2 + k) + i] = k === 2 && next() < 0.05 ? 255 : Math.floor(next() * 255);
  }
  const ids = ["port", "rail", "power", "water"].slice(0, criteria);
  const said = (word) => ({ en: word, fr: word });
  return { planes, pack: { version: 1, crs: "EPSG:2154", step: STEP, rows, columns, lattice, communes: [{ insee: "13001", name: "One" }, { insee: "13002", name: "Two" }],
    criteria: ids.map((id) => ({ id, kind: "near", title: said(id), full_m: 2000, zero_m: 20_000 })), absent: [], exclusions: [{ id: "sea", bit: 1, title: said("sea") }, { id: "steep", bit: 2, title: said("steep") }],
    profiles: [{ id: "hydrogen", title: said("Hydrogen"), about: said(""), weights: { port: 3, rail: 1 }, exclusions: ["sea"] }, { id: "logistics", title: said("Logistics"), about: said(""), weights: { rail: 2 }, exclusions: [] }], rule: { share: 0.1, least: 20, most: 10 } } };
}

const made = () => {
  const { pack, planes } = synthetic();
  return sitingGrid.unpack(pack, planes);
};

test("the planes come out of base64 and gzip as they went in", async () => {
  const { planes } = synthetic();
  // In Node's own world, which has the streams of a browser.
  vm.runInThisContext(read("layers/web/js/siting_grid.js"));
  assert.deepEqual(await globalThis.provence.sitingGrid.inflate(gzipSync(planes).toString("base64")), planes);
});

test("planes of another length are refused in one sentence", () => {
  const { pack, planes } = synthetic();
  assert.throws(() => sitingGrid.unpack(pack, planes.subarray(1)), /11999 bytes came, 12000 were expected; load the page again/);
});

test("a score is the weighted mean of the values, none where excluded or not known", () => {
  const grid = made();
  const parts = sitingGrid.shares({ port: 3, rail: 1, power: 0.5 }, grid.pack.criteria);
  const scores = sitingGrid.score(grid, parts, sitingGrid.maskOf(grid.pack, ["sea"]));
  let worst = 0;
  for (let i = 0; i < grid.n; i++) {
    const [port, rail, power] = grid.values.map((plane) => plane[i]);
    if (grid.excluded[i] & 2 || power === 255) {
      assert.equal(scores[i], sitingGrid.NONE);
      continue;
    }
    worst = Math.max(worst, Math.abs(scores[i] / sitingGrid.FULL - (3 * port + rail + 0.5 * power) / 4.5 / 254));
  }
  assert.ok(worst < 0.0001, `a score is ${worst} off`);
  assert.ok(scores.includes(sitingGrid.NONE));
});

test("a value that is not known does not matter where its criterion has no weight", () => {
  const grid = made();
  const scores = sitingGrid.score(grid, sitingGrid.shares({ port: 1 }, grid.pack.criteria), 0);
  assert.ok(!scores.includes(sitingGrid.NONE));
});

test("the best value everywhere is a score of one, whatever the weights", () => {
  const { pack, planes } = synthetic({ criteria: 4 });
  planes.fill(254, 2 * ROWS * COLUMNS);
  const grid = sitingGrid.unpack(pack, planes);
  for (const weights of [{ port: 1 }, { port: 3, rail: 3, power: 3 }, { port: 0.1, rail: 9.9, power: 3.3, water: 7.7 }]) {
    const scores = sitingGrid.score(grid, sitingGrid.shares(weights, pack.criteria), 0);
    assert.ok(scores.every((value) => value >= sitingGrid.FULL - 4 && value <= sitingGrid.FULL), JSON.stringify(weights));
  }
});

test("weights that are no numbers from 0 up are refused, and all of them 0 is no surface", () => {
  const { pack } = synthetic();
  for (const wrong of [NaN, Infinity, -1]) assert.throws(() => sitingGrid.shares({ port: 1, rail: wrong }, pack.criteria), /weight (NaN|Infinity|-1) of rail is not a number from 0 up/);
  assert.equal(sitingGrid.shares({ port: 0 }, pack.criteria), null);
});

test("communes are ranked by the mean of their best tenth", () => {
  const grid = made();
  const scores = sitingGrid.score(grid, sitingGrid.shares({ port: 2, rail: 1 }, grid.pack.criteria), 2);
  const ranked = sitingGrid.rank(grid, scores);
  const expected = [1, 2].map((commune) => {
    const own = [...scores].filter((value, i) => grid.communes[i] === commune && value !== sitingGrid.NONE).sort((a, b) => b - a);
    const top = own.slice(0, Math.ceil(own.length / 10));
    return { area: commune - 1, cells: own.length, score: top.reduce((a, b) => a + b, 0) / top.length / sitingGrid.FULL };
  }).sort((a, b) => b.score - a.score);
  assert.deepEqual(plain(ranked).map(({ area, cells }) => [area, cells]), expected.map(({ area, cells }) => [area, cells]));
  ranked.forEach(({ score }, i) => assert.ok(Math.abs(score - expected[i].score) < 0.001, `${score} for ${expected[i].score}`));
  const places = sitingGrid.places(grid, scores, ranked);
  ranked.forEach(({ area }, i) => assert.equal(grid.communes[places[i]], area + 1));
});

test("a commune with too few cells is not ranked", () => {
  const grid = made();
  grid.owners.communes.least = 10_000;
  assert.deepEqual(plain(sitingGrid.rank(grid, sitingGrid.score(grid, sitingGrid.shares({ port: 1 }, grid.pack.criteria), 0))), []);
});

test("the px of a picture, a place clicked and the corners of a cell agree", () => {
  const grid = made();
  const { lattice } = grid.pack;
  for (const zoom of [9, 11.3, 14]) {
    const scale = 2 ** zoom;
    const px = (256 * scale) / WORLD_M;
    const at = { w: 300, h: 200, scale, left: Math.floor((lattice.west + WORLD_M / 2) * px) - 20, top: Math.floor((WORLD_M / 2 - lattice.north) * px) - 20 };
    const cells = sitingGrid.lookup(grid, at);
    let wrong = 0;
    for (let y = 0; y < at.h; y += 7) {
      for (let x = 0; x < at.w; x += 7) {
        const mx = (at.left + x + 0.5) / px - WORLD_M / 2;
        const my = WORLD_M / 2 - (at.top + y + 0.5) / px;
        const column = Math.floor((mx - lattice.west) / STEP);
        const row = Math.floor((lattice.north - my) / STEP);
        const inside = column > 0 && column < COLUMNS - 1 && row >= 0 && row < ROWS;
        const expected = inside ? grid.indexOf[row * COLUMNS + column] : grid.n;
        if (cells[y * at.w + x] !== expected) wrong += 1;
        const lon = (mx / WORLD_M) * 360;
        const lat = (Math.atan(Math.exp((my / WORLD_M) * 2 * Math.PI)) * 360) / Math.PI - 90;
        assert.equal(sitingGrid.cellAt(grid, lon, lat), inside ? expected : -1);
      }
    }
    assert.equal(wrong, 0, `zoom ${zoom}`);
  }
  const [nw, , se] = sitingGrid.corners(grid, 500);
  assert.equal(sitingGrid.cellAt(grid, (nw[0] + se[0]) / 2, (nw[1] + se[1]) / 2), 500);
});

test("sensitivity moves each weight that counts, and tells what it did to the order", async () => {
  const grid = made();
  const weights = { port: 3, rail: 1, power: 0 };
  assert.deepEqual(plain(sitingHold.variations(weights, grid.pack.criteria)).map(({ id, by, weights: moved }) => [id, by, moved[id]]), [["port", 0.8, 3 * 0.8], ["port", 1.2, 3 * 1.2], ["rail", 0.8, 0.8], ["rail", 1.2, 1.2]]);
  const told = sitingHold.told([{ area: 4 }, { area: 2 }, { area: 7 }], [
    { id: "port", by: 0.8, ranked: [{ area: 2 }, { area: 4 }, { area: 7 }] },
    { id: "port", by: 1.2, ranked: [{ area: 4 }, { area: 7 }] },
  ], 2);
  assert.deepEqual(plain(told), { rows: [{ area: 4, from: 1, to: 2 }, { area: 2, from: 1, to: null }], tried: 2, firstHolds: 1, upset: ["port"], always: 1 });
  const ranked = sitingGrid.rank(grid, sitingGrid.score(grid, sitingGrid.shares(weights, grid.pack.criteria), 0));
  const held = await sitingHold.holds(grid, weights, 0, ranked, () => true, "communes", (run) => run());
  assert.equal(held.tried, 4);
  let asked = 0;
  assert.equal(await sitingHold.holds(grid, weights, 0, ranked, () => ++asked < 2, "communes", (run) => run()), null);
});

test("a View keeps only the weights that are not the profile's own", () => {
  const { pack } = synthetic();
  const [profile] = pack.profiles;
  assert.deepEqual(plain(siting.kept(profile, { port: 3, rail: 2, power: 0 })), { profile: "hydrogen", weights: { rail: 2 } });
  assert.deepEqual(plain(siting.weightsOf(profile, { weights: { rail: 2 } })), { port: 3, rail: 2 });
  assert.equal(view.toQuery({ ...view.fresh(), siting: siting.kept(profile, { port: 3, rail: 0 }) }), "siting=hydrogen;rail:0");
});

test("a profile or a criterion that is not here is left out and named", () => {
  const { pack } = synthetic();
  assert.deepEqual(plain(siting.known(pack, { profile: "casino", weights: { rail: 2, gold: 9 } })), { siting: { profile: "hydrogen", weights: { rail: 2 } }, ignored: ["siting=casino", "siting=gold:9"] });
});

test("a document without criteria shows no surface and says so", () => {
  const known = (config) => model.create({}, { style: { size: {}, industry: [], projects: [] }, emissions: {}, first_year: 2005, ...config }).known({ ...view.fresh(), siting: { profile: "hydrogen", weights: {} }, panel: "siting" });
  const without = known({});
  assert.equal(without.view.siting, null);
  assert.equal(without.view.panel, null);
  assert.deepEqual(plain(without.ignored), ["siting=hydrogen"]);
  assert.equal(known({ siting: { url: "x" } }).view.siting.profile, "hydrogen");
});

test("classes run from the lowest to the highest, and colours with them", () => {
  const { FULL, NONE } = sitingGrid;
  const levels = sitingMap.classes(Uint16Array.of(0, FULL / 2 + 256, FULL, NONE), new Uint8Array(5));
  assert.deepEqual([...levels], [0, sitingMap.CLASSES / 2, sitingMap.CLASSES - 1, sitingMap.HATCHED, sitingMap.CLEAR]);
  const colours = sitingMap.ramp(["#ffffff", "#808080", "#000000"]);
  assert.deepEqual(plain([colours[0], colours.at(-1)]), [[255, 255, 255], [0, 0, 0]]);
  for (let i = 1; i < colours.length; i++) assert.ok(colours[i][0] < colours[i - 1][0]);
});

test("numbers of places near each other are parted, the better one stays", () => {
  const next = random(3);
  for (const spread of [0, 8, 30, 70, 400]) {
    const places = Array.from({ length: 10 }, () => ({ x: 500 + spread * next(), y: 300 + spread * next() }));
    const moved = plain(sitingRanks.part(places));
    const marks = places.map(({ x, y }, i) => ({ x: x + moved[i].x, y: y + moved[i].y }));
    assert.deepEqual(moved[0], { x: 0, y: 0 });
    for (let i = 0; i < 10; i++) for (let j = 0; j < i; j++) assert.ok(Math.hypot(marks[i].x - marks[j].x, marks[i].y - marks[j].y) >= 26, `${i + 1} covers ${j + 1} where places lie ${spread} px apart`);
    for (const { x, y } of moved) assert.ok(Math.hypot(x, y) <= 101);
  }
  assert.deepEqual(plain(sitingRanks.part([{ x: 0, y: 0 }, { x: 40, y: 0 }])), [{ x: 0, y: 0 }, { x: 0, y: 0 }]);
});

test("zones are ranked by the same rule, each by its cells of two bytes", () => {
  const { pack, planes } = synthetic();
  const zonePlanes = new Uint8Array(2 * ROWS * COLUMNS);
  // The 300th of a list takes both bytes; the first has too few cells.
  for (let i = 0; i < 40; i++) [zonePlanes[5 * COLUMNS + 3 + i], zonePlanes[ROWS * COLUMNS + 5 * COLUMNS + 3 + i]] = [300 & 255, 300 >> 8];
  zonePlanes[9 * COLUMNS + 3] = 1;
  const list = Array.from({ length: 300 }, (_, i) => ({ id: `z${i}`, name: `Zone ${i}`, commune: "One" }));
  const grid = sitingGrid.unpack({ ...pack, zones: { list, least: 4 } }, planes, zonePlanes);
  const scores = sitingGrid.score(grid, sitingGrid.shares({ port: 1 }, pack.criteria), 0);
  const ranked = plain(sitingGrid.rank(grid, scores, "zones"));
  assert.deepEqual(ranked.map(({ area, cells }) => [area, cells]), [[299, 40]]);
  const best = [...scores].filter((_, i) => grid.owners.zones.of[i] === 300).sort((a, b) => b - a).slice(0, 4);
  assert.ok(Math.abs(ranked[0].score - best.reduce((a, b) => a + b) / 4 / sitingGrid.FULL) < 0.002);
  assert.equal(grid.owners.zones.of[sitingGrid.places(grid, scores, ranked, "zones")[0]], 300);
  assert.deepEqual(plain(sitingGrid.named(grid, "zones", 299)), { id: "z299", name: "Zone 299", pole: "", commune: "One", key: "zone:z299" });
  assert.equal(sitingGrid.named(grid, "communes", 1).key, "commune:13002");
});

test("the table credits the terrain where slope is weighed and where it only excludes", () => {
  const said = (word) => ({ en: word, fr: word });
  const grid = made();
  const { pack } = grid;
  pack.criteria.push({ id: "flat", title: said("Flat"), sources: [], credit: "Heights of an office" });
  for (const one of [...pack.criteria, ...pack.exclusions]) one.sources ??= [];
  Object.assign(pack.exclusions[1], { credit: "Heights of an office" });
  const credited = (weights, exclusions) => {
    const now = { kind: "communes", profile: { title: said("Own"), exclusions }, weights, ranked: [], held: null, at: [] };
    const lines = sitingOut.csv(grid, { ...now, ranked: [{ area: 0, score: 1, cells: 20 }] }, { version: "1", sources: {} });
    return lines.split("Heights of an office").length - 1;
  };
  assert.deepEqual([credited({ port: 1 }, ["sea"]), credited({ port: 1 }, ["steep"]), credited({ flat: 1 }, []), credited({ flat: 1 }, ["steep"])], [0, 1, 1, 1]);
});
