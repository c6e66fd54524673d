// Areas and lines over the land: read from the document, joined for their dashes, found under a point, said in words.
import assert from "node:assert/strict";
import test from "node:test";
import vm from "node:vm";
import { load, plain, random, read } from "./load.mjs";
import { everything, shown, whole } from "./whole.mjs";

const { drapeShapes } = load();
const NB = "\u00a0";

test("shapes are read from their steps, rings closed", () => {
  const square = { type: "MultiPolygon", packed: [[[520000, 4330000, 100, 0, 0, 100, -100, 0]]] };
  assert.deepEqual(plain(drapeShapes.unpacked(square)), { type: "MultiPolygon", coordinates: [[[[5.2, 43.3], [5.201, 43.3], [5.201, 43.301], [5.2, 43.301], [5.2, 43.3]]]] });
  const line = { type: "MultiLineString", packed: [[520000, 4330000, -1, 1], [1, 2]] };
  assert.deepEqual(plain(drapeShapes.unpacked(line)).coordinates, [[[5.2, 43.3], [5.19999, 43.30001]], [[0.00001, 0.00002]]]);
});

test("px at zoom 0 are those of Web Mercator", () => {
  const [x, y] = drapeShapes.flatPoint(0, 0);
  assert.deepEqual([x, y], [128, 128]);
  assert.ok(Math.abs(drapeShapes.flatPoint(180, 85.0511287798)[1]) < 1e-6);
});

test("an area holds what is inside it and not in its hole; a line is as far as its nearest point", () => {
  const ring = (a, b) => Float64Array.from([a, a, b, a, b, b, a, b, a, a]);
  const parts = [ring(0, 10), ring(4, 6)];
  for (const [x, y, inside] of [[1, 1, true], [5, 5, false], [11, 5, false], [9.9, 9.9, true]]) assert.equal(drapeShapes.holds(parts, x, y), inside, `${x} ${y}`);
  const line = [Float64Array.from([0, 0, 10, 0])];
  for (const [x, y, d] of [[5, 3, 3], [-3, 4, 5], [13, 4, 5], [10, 0, 0]]) assert.equal(drapeShapes.distance(line, x, y), d, `${x} ${y}`);
});

test("lines are joined where two meet, never across a branch, whatever way they run", () => {
  const of = (...points) => Float64Array.from(points.flat());
  const [a, b, c, d, e] = [[0, 0], [1, 0], [2, 0], [3, 1], [3, -1]];
  const found = plain(drapeShapes.joined([of(b, a), of(b, c), of(c, d), of(e, c)]).map((line) => [...line]));
  assert.equal(found.length, 3);
  assert.ok(found.some((line) => line.join() === "0,0,1,0,2,0" || line.join() === "2,0,1,0,0,0"));
  // A circle of three has no end to begin from.
  assert.equal(drapeShapes.joined([of(a, b), of(b, d), of(d, a)]).length, 1);
  assert.deepEqual(plain(drapeShapes.joined([])), []);
});

test("joining keeps every segment of any network once", () => {
  const next = random(7);
  for (let round = 0; round < 40; round++) {
    const at = () => [Math.floor(next() * 4), Math.floor(next() * 4)];
    const lines = Array.from({ length: 12 }, () => Float64Array.from([at(), at(), at()].flat()));
    const segments = (all) => all.flatMap((line) => Array.from({ length: line.length / 2 - 1 }, (_, i) => [`${line[2 * i]},${line[2 * i + 1]}`, `${line[2 * i + 2]},${line[2 * i + 3]}`].sort().join(" "))).sort();
    assert.deepEqual(plain(segments(drapeShapes.joined(lines))), plain(segments(lines)), `round ${round}`);
  }
});

const STYLE = {
  areas: { zones: [{ id: "plant", members: ["plant"], token: "zone", tint: 0.2, width: 1, dash: [], hatches: [{ angle: 45, gap: 4, width: 1 }] }], brownfields: [{ id: "potential", members: ["potential"], token: "waste", tint: 0, width: 1, dash: [3, 2], hatches: [] }], protected: [] },
  lines: { rail: [{ id: "main", strokes: [{ token: "rail", width: 3, dash: [] }] }, { id: "idle", strokes: [{ token: "rail", width: 1, dash: [2, 4] }] }], power_lines: [{ id: "unsaid", strokes: [{ token: "wire", width: 1, dash: [] }] }] },
  texts: {},
};

/** A model over a zone, a brownfield, two tracks and a power line. @param {(text: string) => string} [dress] */
function draped(dress = (text) => text) {
  const pm = load();
  const area = { type: "MultiPolygon", packed: [[[490000, 4343000, 100, 0, 0, 100]]] };
  const line = { type: "MultiLineString", packed: [[490000, 4343000, 100, 0]] };
  const feature = (id, properties, geometry) => ({ type: "Feature", properties: { id, ...properties }, geometry });
  pm.layers = {
    communes: { features: [feature("13039", { insee: "13039", name: dress("Fos-sur-Mer"), pole: "martigues-fos" }, { type: "Polygon", coordinates: [] })] },
    zones: { features: [feature("z1", { type: "plant", insee: "13039", area_ha: 0.04, detail: dress("Usine"), updated: "2026-01-02" }, area)] },
    brownfields: { features: [feature("b1", { name: dress("Friche"), class: "potential", status: "potential", type: dress("friche"), insee: "13039", area_ha: 12.34 }, area)] },
    rail: { features: [feature("r1", { type: "main", tracks: 2 }, line), feature("r2", { type: "main", class: "idle", state: "planned" }, line)] },
    power_lines: { features: [feature("p1", { class: "unsaid" }, line)] },
  };
  const source = Object.fromEntries(["title", "publisher", "licence", "vintage", "url"].map((key) => [key, key === "url" ? "https://example.org" : dress(key)]));
  const layers = Object.fromEntries([...pm.view.LAYERS].map((id) => [id, { title: { en: id }, vintage: { en: "2026" }, sources: ["register"], refreshed: "2026-11-24" }]));
  const style = { industry: [], projects: [], statuses: [], access: [], places: [], place_groups: { life: [], land: [] }, size: {}, drapes: STYLE };
  const config = { style, emissions: {}, first_year: 2005, ets: [], people: [], reached: {}, named_places: {}, included: pm.view.LAYERS, layers, sources: { register: source }, texts: { en: {}, fr: {} } };
  const draw = pm.icons.symbols(style);
  const model = pm.describe.extend(pm.model.create(pm.layers, config), config, draw);
  const on = { view: () => pm.view.fresh(), year: () => 2022, select() {}, about() {}, share() {} };
  return { pm, model, cards: pm.cards.create({ model, draw, config, on, style }) };
}

test("what the document leaves out is put back: commune, pole, class, source, usual states", () => {
  const { model } = draped();
  const { commune, pole, sources, class: of } = model.byKey.get("zone:z1");
  assert.deepEqual(plain({ commune, pole, sources, of }), { commune: "Fos-sur-Mer", pole: "martigues-fos", sources: ["register"], of: "plant" });
  assert.equal(model.byKey.get("rail:r1").state, "in-service");
  assert.equal(model.byKey.get("rail:r1").use, "unknown");
  assert.equal(model.byKey.get("rail:r2").state, "planned");
});

test("each is named and said in one line; what is not known says so", () => {
  const { model } = draped();
  const said = Object.fromEntries(["zone:z1", "brownfield:b1", "rail:r1", "rail:r2", "power:p1"].map((key) => [key, [model.byKey.get(key).name, model.figure(model.byKey.get(key), 2022)]]));
  assert.deepEqual(said, {
    "zone:z1": ["Plant", `under 0.1${NB}ha`], "brownfield:b1": ["Friche", `12${NB}ha`], "rail:r1": ["Main line", "2 tracks"], "rail:r2": ["Main line", "Planned"],
    "power:p1": ["Power line · Voltage unknown", "Voltage unknown"],
  });
});

test("filters by place leave alone what names no place, and a View loses layers that are not there", () => {
  const { pm, model } = draped();
  const view = { ...pm.view.fresh(), layers: [...pm.view.LAYERS], filters: { pole: ["aix-marseille"] } };
  assert.equal(model.visible("zones", view).length, 0);
  assert.equal(model.visible("rail", view).length, 2);
  const { view: kept, ignored } = model.known({ ...pm.view.fresh(), layers: ["industry", "rail", "protected"] });
  assert.deepEqual(plain(kept.layers), ["industry", "rail"]);
  assert.deepEqual(plain(ignored), ["layers=protected"]);
  const none = whole();
  assert.deepEqual(plain(none.model.known({ ...none.pm.view.fresh(), layers: ["ports", "zones"] }).ignored), ["layers=zones"]);
});

test("cards letter their sources, say what is not stated, and hold texts as texts", () => {
  const { model, cards } = draped((text) => `<b>${text}</b>`);
  for (const key of ["zone:z1", "brownfield:b1", "rail:r1", "power:p1"]) {
    const card = shown(cards.of(model.byKey.get(key)));
    assert.ok(card.all("sup", "cite").length > 0, key);
    assert.ok(!card.textContent.includes("to be confirmed"), key);
    assert.ok(!everything(card).some((node) => node.data?.includes("<b>") && node.name !== "#text"), key);
  }
  assert.match(shown(cards.of(model.byKey.get("brownfield:b1"))).textContent, /Polluted soil.*nothing stated/);
  assert.match(shown(cards.of(model.byKey.get("power:p1"))).textContent, /Operator.*not stated/);
});

test("a swatch draws its hatch within its box", () => {
  const { pm } = draped();
  const node = pm.drapePens.swatch(STYLE.areas.zones[0], 20);
  const lines = node.all("path").slice(1).map((path) => path.attributes.d);
  assert.ok(lines.length >= 3);
  for (const number of lines.flatMap((d) => d.match(/-?[\d.]+/g).map(Number))) assert.ok(number >= 2.9 && number <= 15.1, String(number));
});

test("a tile that does not come is told once and not asked for again by the picture its failing redraws", async () => {
  let now = 0;
  const asked = [];
  const world = vm.createContext({
    URL, Headers, AbortController, navigator: { userAgent: "" }, document: { baseURI: "https://example.org/map/" }, performance: { now: () => now },
    fetch: (address) => { asked.push(String(address)); return Promise.reject(new TypeError("no network")); },
  });
  for (const path of ["vendor/pmtiles", "js/tiles"]) vm.runInContext(read(`layers/web/${path}.js`), world);
  const at = { left: 0, top: 0, w: 200, h: 200, scale: 1, ratio: 1, zoom: 1 };
  let told = 0;
  const drawn = async () => {
    tiles.inPicture(at);
    await new Promise((done) => setTimeout(done));
  };
  const tiles = world.provence.tiles.create({ tiles: "../data/zones.pmtiles", zooms: [0, 6] }, true, { arrived: () => { if (asked.length < 20) tiles.inPicture(at); }, failed: () => { told += 1; } });
  await drawn();
  await drawn();
  assert.deepEqual([asked, told, tiles.waiting], [["https://example.org/data/zones.pmtiles"], 1, 0]);
  now = 60_000;
  await drawn();
  assert.equal(asked.length, 2, "after a while a picture asks again");
});
