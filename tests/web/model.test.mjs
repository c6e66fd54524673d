// What the document knows, asked by View; radius, stacks, symbols set apart, points in areas.
import assert from "node:assert/strict";
import test from "node:test";
import { json, load, plain, random } from "./load.mjs";

const pm = load();
const SIZE = { radius: 31, reference: 6_500_000, minimum: 4, factor: 0.85, glyph: 9.5 };

for (const { co2_t: tonnes, factor, radius_px: expected } of json("tests/layers/radius_cases.json")) {
  test(`a circle of ${tonnes} t × ${factor} has the radius of the shared cases`, () => {
    assert.ok(Math.abs(pm.model.radius(tonnes, SIZE, factor) - expected) < 1e-9);
  });
}

test("a circle without a figure takes the minimum", () => {
  for (const nothing of [null, undefined, NaN]) assert.equal(pm.model.radius(nothing, SIZE, 1), 4);
});

const point = (id, properties = {}, lon = 5, lat = 43) => ({ type: "Feature", properties: { id, name: id, ...properties }, geometry: { type: "Point", coordinates: [lon, lat] } });
const collect = (...features) => ({ type: "FeatureCollection", features });

function model() {
  const layers = {
    industry: collect(
      point("steel", { family: "metal", pole: "martigues-fos", insee: "13039", commune: "Fos-sur-Mer", status: "operating", seveso: "upper" }),
      point("soap", { family: "chem", pole: "aix-marseille", insee: "13055", commune: "Marseille", status: "closed", seveso: "none" }),
      point("lime", { family: "miner", pole: "aix-marseille", insee: "13055", commune: "Marseille", status: "operating" }),
    ),
    decarbonation: collect(
      point("h2-hub", { family: "h2", technology: "hydrogen", pole: "martigues-fos", insee: "13039", commune: "Fos-sur-Mer", status: "announced", start: 2030, unit: "mw", capacity_value: 40, investment_meur: 600 }),
      point("sea-wind", { family: "renew", technology: "offshore-wind", pole: "outside", status: "permitted" }),
    ),
    places: collect(point("beach", { class: "nature", category: "beach", pole: "la-ciotat-cassis", insee: "13028", commune: "La Ciotat" })),
    ports: collect(point("quay", { pole: "aix-marseille", insee: "13055", commune: "Marseille" })),
  };
  const emissions = { steel: [100, null, 300], soap: [10, 20, null] };
  const style = { size: SIZE, industry: ["metal", "chem", "miner"].map((id) => ({ id })), projects: ["h2", "renew"].map((id) => ({ id })) };
  return pm.model.create(layers, { emissions, first_year: 2005, style });
}

const ids = (items) => plain(items).map((item) => item.id);
const shown = (changes) => {
  const view = { ...pm.view.fresh(), layers: [...pm.view.LAYERS], ...changes };
  const known = model();
  return [...pm.view.LAYERS].flatMap((layer) => ids(known.visible(layer, view)));
};
const EVERYTHING = ["steel", "soap", "lime", "h2-hub", "sea-wind", "quay", "beach"];

test("every feature is found by its kind and id, with its place", () => {
  const { byKey } = model();
  assert.deepEqual([...byKey.keys()], ["site:steel", "site:soap", "site:lime", "project:h2-hub", "project:sea-wind", "port:quay", "place:beach"]);
  assert.deepEqual([byKey.get("site:steel").lon, byKey.get("site:steel").lat], [5, 43]);
});

test("a View shows its layers, without what it hides", () => {
  assert.deepEqual(shown({}), EVERYTHING);
  assert.deepEqual(shown({ layers: [] }), []);
  assert.deepEqual(shown({ layers: ["ports", "industry"] }), ["steel", "soap", "lime", "quay"]);
  assert.deepEqual(shown({ hidden: ["industry.metal", "decarbonation.h2", "places.nature", "industry.h2"] }), ["soap", "lime", "sea-wind", "quay"]);
});

test("a pole keeps what stands in it", () => {
  assert.deepEqual(shown({ filters: { pole: ["martigues-fos", "outside"] } }), ["steel", "h2-hub", "sea-wind"]);
});

test("a commune is named by its code and keeps what stands in it", () => {
  assert.deepEqual(shown({ filters: { commune: ["13055"] } }), ["soap", "lime", "quay"]);
  assert.deepEqual(shown({ filters: { commune: ["13039", "13028"] } }), ["steel", "h2-hub", "beach"]);
});

test("technology and status are asked of projects only, Seveso of sites only", () => {
  assert.deepEqual(shown({ filters: { technology: ["hydrogen"] } }), ["steel", "soap", "lime", "h2-hub", "quay", "beach"]);
  assert.deepEqual(shown({ filters: { status: ["permitted"] } }), ["steel", "soap", "lime", "sea-wind", "quay", "beach"]);
  assert.deepEqual(shown({ filters: { seveso: ["upper"] } }), ["steel", "h2-hub", "sea-wind", "quay", "beach"]);
});

test("families of industry say nothing of projects, nor those of projects of industry", () => {
  assert.deepEqual(shown({ filters: { family: ["metal"] } }), ["steel", "h2-hub", "sea-wind", "quay", "beach"]);
  assert.deepEqual(shown({ filters: { family: ["h2", "metal"] } }), ["steel", "h2-hub", "quay", "beach"]);
});

test("filters add up", () => {
  assert.deepEqual(shown({ filters: { commune: ["13055"], seveso: ["none"] } }), ["soap", "quay"]);
});

const span = (least, most, unit = null) => ({ least, most, unit });

test("a range keeps what has a figure within it, both ends included", () => {
  assert.deepEqual(shown({ layers: ["industry"], year: 2007, ranges: { co2: span(300, null) } }), ["steel"]);
  assert.deepEqual(shown({ layers: ["industry"], year: 2006, ranges: { co2: span(0, null) } }), ["soap"]);
  assert.deepEqual(shown({ layers: ["decarbonation"], ranges: { investment: span(600, 600) } }), ["h2-hub"]);
  assert.deepEqual(shown({ layers: ["decarbonation"], ranges: { start: span(2031, null) } }), []);
});

test("a capacity is compared in its own unit only", () => {
  assert.deepEqual(shown({ layers: ["decarbonation"], ranges: { capacity: span(10, null, "mw") } }), ["h2-hub"]);
  assert.deepEqual(shown({ layers: ["decarbonation"], ranges: { capacity: span(null, null, "mw") } }), ["h2-hub"]);
  assert.deepEqual(shown({ layers: ["decarbonation"], ranges: { capacity: span(10, null, "t-h2-yr") } }), []);
});

test("a step of time shows projects from their start on, the overview all of them", () => {
  assert.deepEqual(shown({ layers: ["decarbonation"], year: 2029 }), []);
  assert.deepEqual(shown({ layers: ["decarbonation"], year: 2030 }), ["h2-hub"]);
  assert.deepEqual(shown({ layers: ["decarbonation"], year: null }), ["h2-hub", "sea-wind"]);
});

test("a suspended project is never counted as coming", () => {
  const known = model();
  const item = { ...known.byKey.get("project:h2-hub"), status: "suspended" };
  assert.equal(known.timely(item, { ...pm.view.fresh(), year: 2035 }), false);
  assert.equal(known.timely(item, { ...pm.view.fresh(), year: null }), true);
});

test("facets count what each value would keep under the other filters", () => {
  const known = model();
  const view = { ...pm.view.fresh(), filters: { pole: ["aix-marseille"], family: ["chem"] } };
  assert.deepEqual(plain(known.facets("family", ["industry"], view)), { chem: 1, miner: 1 });
  assert.deepEqual(plain(known.facets("pole", ["industry"], view)), { "aix-marseille": 1 });
});

test("verified tonnes are those of the year, and null where nothing was verified", () => {
  const known = model();
  const steel = known.byKey.get("site:steel");
  assert.deepEqual([2004, 2005, 2006, 2007, 2008].map((year) => known.co2(steel, year)), [null, 100, null, 300, null]);
  assert.equal(known.co2(known.byKey.get("site:lime"), 2005), null);
});

test("a total adds what has a figure and says how many sites that is", () => {
  const known = model();
  assert.deepEqual(plain(known.total(null, 2005)), { tonnes: 110, sites: 2 });
  assert.deepEqual(plain(known.total("martigues-fos", 2007)), { tonnes: 300, sites: 1 });
  assert.deepEqual(plain(known.total("la-ciotat-cassis", 2005)), { tonnes: null, sites: 0 });
});

test("a count has each value once", () => {
  assert.deepEqual(plain(model().countBy("industry", "pole")), { "martigues-fos": 1, "aix-marseille": 2 });
  assert.deepEqual(plain(model().countBy("industry", "pole", (item) => item.status === "closed")), { "aix-marseille": 1 });
});

test("a class is the family of a site or project, the class of a place, else the layer", () => {
  const known = model();
  assert.deepEqual(["site:steel", "project:h2-hub", "place:beach", "port:quay"].map((key) => known.classOf(known.byKey.get(key))), ["metal", "h2", "nature", "ports"]);
});

test("a layer that the document does not hold is empty", () => assert.deepEqual(ids(model().items.stations), []));

test("groups hold every point once, at the mean of their members", () => {
  const next = random(3);
  for (let round = 0; round < 100; round++) {
    const points = Array.from({ length: Math.floor(next() * 40) }, (_, id) => ({ id, x: next() * 300, y: next() * 300 }));
    const groups = pm.model.group(points, 30);
    assert.deepEqual(plain(groups.flatMap((group) => group.members.map((member) => member.id))).sort((a, b) => a - b), points.map(({ id }) => id));
    for (const { x, y, members } of groups) {
      for (const [axis, mean] of [["x", x], ["y", y]]) assert.ok(Math.abs(members.reduce((sum, member) => sum + member[axis], 0) / members.length - mean) < 1e-9);
    }
  }
});

test("points far apart stay alone, points at one place come together in their order", () => {
  assert.equal(pm.model.group([{ x: 0, y: 0 }, { x: 30, y: 0 }, { x: 0, y: 60 }], 30).length, 3);
  const [together] = pm.model.group([{ id: "a", x: 5, y: 5 }, { id: "b", x: 5, y: 5 }, { id: "c", x: 6, y: 5 }], 30);
  assert.deepEqual(ids(together.members), ["a", "b", "c"]);
  assert.equal(pm.model.group([], 30).length, 0);
});

test("symbols set apart never overlap, stand around their place, the first at the top", () => {
  for (const gap of [24, 30, 44]) {
    for (let n = 1; n <= 60; n++) {
      const offsets = pm.model.spread(n, gap);
      assert.equal(offsets.length, n);
      assert.equal(Math.abs(offsets[0].x), 0);
      assert.ok(offsets[0].y < 0);
      offsets.forEach((one, i) => {
        assert.ok(Math.hypot(one.x, one.y) >= gap - 1, `${n} symbols: one covers the place itself`);
        for (const other of offsets.slice(i + 1)) {
          assert.ok(Math.hypot(one.x - other.x, one.y - other.y) >= gap - 1, `two of ${n} symbols are closer than ${gap} px`);
        }
      });
    }
  }
});

const SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]];
const HOLE = [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]];
const FAR = [[20, 20], [30, 20], [25, 30], [20, 20]];

test("a point is in a polygon, not in its hole, in any part of several", () => {
  const polygon = { type: "Polygon", coordinates: [SQUARE, HOLE] };
  const several = { type: "MultiPolygon", coordinates: [[SQUARE, HOLE], [FAR]] };
  for (const area of [polygon, several]) {
    assert.equal(pm.model.contains(area, 2, 5), true);
    assert.equal(pm.model.contains(area, 5, 5), false);
    assert.equal(pm.model.contains(area, 11, 5), false);
    assert.equal(pm.model.contains(area, 5, -1), false);
  }
  assert.equal(pm.model.contains(several, 25, 22), true);
  assert.equal(pm.model.contains(polygon, 25, 22), false);
});

test("a point between two areas that share an edge belongs to one of them", () => {
  const left = { type: "Polygon", coordinates: [[[0, 0], [5, 1], [5, 9], [0, 10], [0, 0]]] };
  const right = { type: "Polygon", coordinates: [[[5, 1], [10, 0], [10, 10], [5, 9], [5, 1]]] };
  for (let y = 1.05; y < 9; y += 0.1) assert.equal([left, right].filter((area) => pm.model.contains(area, 5, y)).length, 1);
});
