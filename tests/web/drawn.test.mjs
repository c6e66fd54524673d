// What is built from data, looked at without a browser: chart and table. Cards and grids: cards.test.mjs, compare.test.mjs.
import assert from "node:assert/strict";
import test from "node:test";
import { FakeNode } from "./dom.mjs";
import { load, plain } from "./load.mjs";

const NB = "\u00a0";

test("the top of an axis is round, over the figure and not far from it", () => {
  const { niceTop } = load().chart;
  for (const [value, top] of [[0, 1], [1, 1], [1.1, 2], [2.4, 2.5], [2.6, 5], [5.1, 10], [313, 500], [1000, 1000], [1001, 2000], [6463718, 10_000_000]]) assert.equal(niceTop(value), top);
  for (let value = 1; value < 1e8; value *= 1.07) {
    assert.ok(niceTop(value) >= value && niceTop(value) <= value * 2.5);
  }
});

function chart(series, options = {}) {
  const drawn = load().chart.line(series, { first: 2005, year: 2005, colour: "red", width: 344, height: 104, label: "said", ...options });
  return { ...drawn, texts: drawn.node.all("text").map((node) => node.textContent) };
}

for (const [most, unit, ticks] of [
  [6463718, "Mt", ["0", "5", "10"]], [4_400_000, "Mt", ["0", "2.5", "5"]], [2_100_000, "Mt", ["0", "1.25", "2.5"]], [1_000_000, "Mt", ["0", "0.5", "1"]],
  [440_000, "kt", ["0", "250", "500"]], [4_400, "kt", ["0", "2.5", "5"]], [900, "kt", ["0", "0.5", "1"]], [313, "kt", ["0", "0.25", "0.5"]], [0, "kt", ["0", "0.05", "0.1"]],
]) {
  test(`the axis of a site of at most ${most} t tells the height of each line`, () => {
    const drawn = chart([most, most / 2, most]);
    assert.equal(drawn.unit, unit);
    assert.deepEqual(drawn.texts.slice(0, 3), ticks);
  });
}

test("years without a figure leave a gap, a lone year is a point", () => {
  const drawn = chart([1000, 2000, null, null, 3000, null]);
  assert.equal(drawn.node.all("path").length, 3, "two areas and one line");
  assert.equal(drawn.node.all("circle").length, 2, "the lone year and the year that is shown");
  assert.equal(chart([1000, 2000, null], { year: 2007 }).node.all("circle").length, 0);
  assert.ok(!JSON.stringify(drawn.node.all("path").map((node) => node.attributes)).includes("NaN"));
});

const SOURCE = { title: "Register", publisher: "Office", licence: "Open", licence_url: "https://example.org/l", attribution: "Office 2022", url: "https://example.org", retrieved: "2026-02-01", vintage: "2022" };

/** A whole model and its cards over a few features. @param {(text: string) => string} dress what to make of each text */
function document(dress = (text) => text) {
  const pm = load();
  const feature = (id, properties) => ({ type: "Feature", properties: { id, ...properties }, geometry: { type: "Point", coordinates: [5, 43] } });
  const both = (text) => ({ en: dress(text), fr: dress(text) });
  const common = { commune: dress("Fos-sur-Mer"), insee: "13039", pole: "martigues-fos", confidence: "high", precision: "site" };
  const site = (id, more) => feature(id, { ...common, name: dress(id), family: "metal", sector: "steel", operator: dress("Works"), status: "operating", seveso: "upper", seveso_source: dress("List"), seveso_url: "https://example.org", activity: both("steel"), note: both("note"), evidence: both("seen"), sources: ["register"], pages: [[dress("Page"), "https://example.org"]], projects: [["hub", 1.2]], near: [["ports", dress("Port"), 2.5]], ...more });
  pm.layers = {
    industry: { features: [site("Zinc works", {}), site("Acier", { group: "pair" }), site("Étain", { group: "pair", seveso: "unknown" })] },
    decarbonation: { features: [feature("hub", { ...common, name: dress("Hub"), name_fr: dress("Pôle H₂"), family: "h2", technology: "hydrogen", status: "announced", status_date: "2025-07", holder: dress("Holder"), investment_meur: 2200, scope: "wider", jobs: 1200, start: 2030, capacity_value: 600, capacity_unit: both("MW"), summary: both("short"), source: dress("Paper"), source_url: "https://example.org", more: [["javascript:alert(1)", dress("why")]] })] },
    places: { features: [feature("beach", { ...common, name: dress("Beach"), category: "beach", class: "beach", note: both("note"), source: dress("Paper"), source_url: "javascript:alert(1)" })] },
    ports: { features: [feature("quay", { ...common, name: dress("Quay"), code: dress("FRXXX"), type: "port", sources: ["register"] })] },
    communes: { features: [{ ...feature("13039", { name: dress("Fos-sur-Mer"), pole: "martigues-fos", population: 15000, area_km2: 92.3, arrondissement: dress("Istres"), canton: dress("Istres") }), geometry: { type: "Polygon", coordinates: [] } }] },
    poles: { features: [{ ...feature("martigues-fos", { name: dress("Martigues-Fos"), communes: 21, population: 300000, definition: both("words") }), geometry: { type: "Polygon", coordinates: [] } }] },
  };
  const layer = { title: both("Layer"), method: both("method"), limits: both("limits"), vintage: "2022", sources: ["register"], ets: ["register"] };
  const source = Object.fromEntries(Object.entries(SOURCE).map(([key, value]) => [key, /url|retrieved/.test(key) ? value : dress(value)]));
  const config = {
    style: { industry: [{ id: "metal", path: "M0 0" }], projects: [{ id: "h2", path: "M0 0" }], statuses: [{ id: "announced", fill: "surface", width: 2, dash: [] }], access: ["ports"], places: ["beach"], place_groups: { life: ["beach"], land: [] }, size: { radius: 31, reference: 6.5e6, minimum: 4, factor: 1, glyph: 9.5 } },
    emissions: { "Zinc works": [2000, 1000], Acier: [500, 400], "Étain": [null, 100] }, first_year: 2021, ets: [["eutl"], ["eutl"]],
    layers: Object.fromEntries(["industry", "decarbonation", "ports", "places", "communes", "poles"].map((id) => [id, layer])),
    sources: { register: source }, poles: { "martigues-fos": { sites: 3, projects: 1 } }, texts: { en: {}, fr: {} },
  };
  const draw = pm.icons.symbols(config.style);
  const model = pm.describe.extend(pm.model.create(pm.layers, config), config, draw);
  let current = { ...pm.view.fresh(), layers: [...pm.view.LAYERS] };
  const on = { view: () => current, year: () => pm.view.verified(current), select: () => {}, reset: () => {}, close: () => {} };
  return { pm, model, config, on, cards: pm.cards.create({ model, draw, config, on, style: config.style }), set: (changes) => { current = { ...current, ...changes }; } };
}

test("a project is named in the reader's language", () => {
  const { pm, model } = document();
  const [hub] = model.items.decarbonation;
  assert.equal(hub.name, "Hub");
  pm.text.set("fr");
  model.relanguage();
  assert.equal(hub.name, "Pôle H₂");
});

/** The table as rows of text, after pressing the heads of some columns. */
function table(columns, view = {}) {
  const { pm, model, config, on, set } = document();
  set({ layers: ["industry", "decarbonation"], table: "kind", ...view });
  const root = new FakeNode("section");
  const built = pm.table.create(root, { model, config, on: { ...on, sort: (column) => { set({ table: column }); built.update(on.view()); } }, server: { available: false } });
  built.build(on.view());
  for (const column of columns) root.all("button").find((node) => node.attributes["data-column"] === column).listeners.click();
  return { root, names: root.all("tr").slice(1).map((line) => line.all("th")[0].textContent), sort: root.all("th").map((node) => node.attributes["aria-sort"]).find(Boolean) };
}

test("the table has a row for each symbol, sites first, the largest first", () => {
  const { names, root } = table([]);
  assert.deepEqual(names, ["Zinc works", "Acier", "Étain", "Hub"]);
  assert.ok(root.textContent.includes("4 rows"));
});

test("a column sorts, and sorts the other way when it is pressed again; accents do not part letters", () => {
  assert.deepEqual(table(["name"]).names, ["Acier", "Étain", "Hub", "Zinc works"]);
  assert.deepEqual(table(["name", "name"]).names, ["Zinc works", "Hub", "Étain", "Acier"]);
  assert.equal(table(["name"]).sort, "ascending");
  assert.equal(table(["name", "name"]).sort, "descending");
});

test("the table as CSV has a line for each row, figures as numbers, and no cell a program would run", () => {
  const { pm, model, config, on, set } = document((text) => (text === "Zinc works" ? "=cmd()" : text));
  set({ layers: ["industry"], table: "-figure" });
  const [head, first, ...rest] = pm.table.create(new FakeNode("section"), { model, config: { ...config, version: "v" }, on, server: { available: false } }).csv(on.view()).split("\r\n");
  assert.ok(head.startsWith("\ufeffid,name,kind"));
  const cells = Object.fromEntries(head.slice(1).split(",").map((name, i) => [name, first.split(",")[i]]));
  assert.equal(cells.co2_t, "1000");
  assert.equal(cells.co2_year, "2022");
  assert.equal(cells.name, "'=cmd()");
  assert.equal(cells.licence, "Open");
  assert.equal(rest.length, 3, "two more rows and the end");
});

test("a cell of CSV is quoted where it must be", () => {
  const { csvCell } = load().table;
  assert.deepEqual([null, 0, "a,b", 'say "so"', "two\nlines", "-5 t", -5, "+33"].map(csvCell), ["", "0", '"a,b"', '"say ""so"""', '"two\nlines"', "'-5 t", "-5", "'+33"]);
});

test("an empty table says so and offers the way back", () => {
  const { names, root } = table([], { layers: [] });
  assert.deepEqual(names, []);
  assert.ok(root.textContent.includes("No row"));
});

test("figures are sorted by value, the highest first", () => {
  const { pm, model, on, set } = document();
  set({ layers: ["industry"], year: 2022 });
  const rows = plain(pm.table.create(new FakeNode("section"), { model, config: {}, on, server: { available: false } }).rowsOf(on.view()).map(({ name, value, figure }) => ({ name, value, figure })));
  assert.deepEqual(rows[0], { name: "Zinc works", value: 1000, figure: `1${NB}kt in 2022` });
  assert.deepEqual(rows[2], { name: "Étain", value: 100, figure: `100${NB}t in 2022` });
});
