// The View to and from a URL: the same cases as its twin in Python (tests/layers/test_view.py).
import assert from "node:assert/strict";
import test from "node:test";
import { json, load, plain, random, read } from "./load.mjs";

const { view } = load();
const cases = json("tests/layers/view_cases.json");

for (const { name, query, canonical, ignored } of cases) {
  test(`view: ${name}`, () => {
    const found = view.fromQuery(query);
    assert.equal(view.toQuery(found.view), canonical);
    assert.deepEqual(plain(found.ignored), ignored);
  });
}

for (const { made, link, opens } of json("tests/layers/old_links.json")) {
  test(`a link of ${made} keeps opening what it opened: ${link}`, () => {
    const found = view.fromQuery(link);
    assert.deepEqual(plain(found.ignored), []);
    assert.equal(view.toQuery(found.view), opens);
  });
}

test("a canonical query reads as itself", () => {
  for (const { canonical } of cases) {
    const found = view.fromQuery(canonical);
    assert.equal(view.toQuery(found.view), canonical);
    assert.deepEqual(plain(found.ignored), []);
  }
});

test("an address's fragment is read like its query", () => {
  assert.deepEqual(plain(view.fromQuery("#lang=fr&year=2010")), plain(view.fromQuery("?lang=fr&year=2010")));
});

test("a fresh view is the one that needs no query, and shares nothing with the next", () => {
  assert.equal(view.toQuery(view.fresh()), "");
  view.fresh().layers.push("places");
  assert.equal(view.toQuery(view.fresh()), "");
});

test("any view survives the way through a query", () => {
  const next = random(2);
  const some = (values) => values.filter(() => next() < 0.4);
  const word = () => ["a", "metal", "13039", "x.y_z-1", "B"][Math.floor(next() * 5)];
  for (let i = 0; i < 500; i++) {
    const [west, east] = [next() * 360 - 180, next() * 360 - 180].sort((a, b) => a - b);
    const [south, north] = [next() * 180 - 90, next() * 180 - 90].sort((a, b) => a - b);
    const given = {
      ...view.fresh(), layers: some(plain(view.LAYERS)), hidden: some(plain(view.LAYERS)).map((layer) => `${layer}.${word()}`),
      bounds: next() < 0.5 ? [west, south, east, north] : null, year: next() < 0.3 ? null : view.FIRST_YEAR + Math.floor(next() * 31),
      ranges: Object.fromEntries(some(["co2", "investment", "start"]).map((key) => [key, { least: next() < 0.5 ? Math.floor(next() * 1e6) / 1000 : null, most: next() < 0.5 ? 1e6 : null, unit: null }])),
      area: next() < 0.5 ? [5.12345678, 43.5, 12.5] : [], keep: next() < 0.5 ? ["site:b", "commune:13039", "site:a"] : [], compare: next() < 0.5 ? ["site:b", "site:a"] : [],
      panel: next() < 0.5 ? "shortlist" : null, table: next() < 0.5 ? "-figure" : null,
      filters: Object.fromEntries(some(plain(view.FILTERS)).map((key) => [key, [word(), word()]])),
      selection: next() < 0.5 ? `site:${word()}` : null, language: next() < 0.5 ? "fr" : null, theme: next() < 0.5 ? "dark" : null,
    };
    const query = view.toQuery(given);
    const found = view.fromQuery(query);
    assert.deepEqual(plain(found.ignored), [], query);
    assert.equal(view.toQuery(found.view), query);
    assert.deepEqual(plain(found.view.layers), given.layers);
    assert.equal(found.view.selection, given.selection);
    assert.equal(found.view.year, given.year);
    assert.deepEqual(plain(found.view.keep), given.keep);
    if (given.bounds) found.view.bounds.forEach((edge, at) => assert.ok(Math.abs(edge - given.bounds[at]) <= 0.5e-5 + 1e-12));
  }
});

test("both twins know the same words and years", () => {
  const twin = read("layers/view.py");
  const list = (name) => new RegExp(`^${name}[^=]*= \\(([^)]*)\\)`, "m").exec(twin)[1].match(/[\w-]+/g);
  assert.deepEqual(plain(view.LAYERS), list("LAYERS"));
  assert.deepEqual(plain(view.FILTERS), list("FILTERS"));
  assert.deepEqual(plain(view.KINDS), list("KINDS"));
  for (const name of ["RANGES", "COMPARED", "PANELS", "COLUMNS"]) assert.deepEqual(plain(view[name]), list(name));
  assert.match(twin, new RegExp(`FIRST_YEAR, HORIZON = ${view.FIRST_YEAR}, ${view.HORIZON}`));
  assert.match(twin, new RegExp(`MOST_COMPARED, MOST_KEPT, MOST_CORNERS = ${view.MOST_COMPARED}, ${view.MOST_KEPT}, 60`));
});

test("verified figures are of the year shown, and never after the last verified one", () => {
  const shown = () => [null, 2010, 2022, 2024, 2035].map((year) => view.verified({ ...view.fresh(), year }));
  assert.deepEqual(shown(), [2022, 2010, 2022, 2022, 2022]);
  view.lastYear = 2024;
  assert.deepEqual(shown(), [2024, 2010, 2022, 2024, 2024]);
  view.lastYear = 2022;
});
