// The comparison: one grid for three poles, or for up to three sites or communes.
import assert from "node:assert/strict";
import test from "node:test";
import { shown, whole } from "./whole.mjs";

const NB = "\u00a0";

/** The drawer of a comparison: its element and the cells of each row by the row's name. @param {string[]} compare */
function drawer(compare, view = {}) {
  const built = whole();
  built.set({ compare, panel: "compare", ...view });
  const root = shown(built.compare.content(built.on.view()));
  const rows = Object.fromEntries(root.all("table", "grid")[0].all("tr").filter((row) => row.attributes["data-row"]).map((row) => [row.attributes["data-row"], row.all("td").map((cell) => cell.textContent)]));
  return { ...built, root, rows };
}

const named = (root, name) => root.all("button").find((node) => (node.attributes["aria-label"] || node.textContent) === name);
const bare = (cells) => cells.map((cell) => cell.replace(/[a-z]$/, ""));

test("with nothing chosen the three poles stand side by side, with the figures of the tables", () => {
  const { root, rows } = drawer([]);
  assert.equal(root.all("h2")[0].textContent, "Three poles compared");
  assert.deepEqual(rows.inhabitants, ["300,000", "300,000", "300,000"]);
  assert.deepEqual(rows.co2, [`100${NB}t`, "None", `2${NB}kt`]);
  assert.deepEqual(rows.change, ["−67%", "None", "−40%"]);
  assert.deepEqual(rows.sites, ["2", "None", "4"]);
  assert.deepEqual(rows.coming, ["None", "None", "1"], "a suspended project is not coming");
  assert.deepEqual(rows.investment, ["Not published", "Not published", `€750${NB}mstated by 3 projects`]);
  assert.deepEqual(rows.tgv, ["None", "None", "1"]);
  assert.deepEqual(rows.learning, ["3", "None", "None"]);
  assert.ok(root.textContent.includes("La Ciotat-Cassis: No site of this pole is in the EU ETS."));
});

test("the figures follow the year of the View, a year to come shows the last that was verified", () => {
  assert.deepEqual(drawer([], { year: 2021 }).rows.co2, [`300${NB}t`, "None", `3${NB}kt`]);
  assert.deepEqual(drawer([], { year: 2030 }).rows.co2, drawer([], { year: 2022 }).rows.co2);
});

test("every row of a grid has a head, a source and as many cells as there are columns", () => {
  for (const keys of [[], ["site:Acier", "site:Kiln"], ["commune:13039", "commune:13063", "commune:13047"]]) {
    const { root } = drawer(keys);
    const columns = root.all("thead")[0].all("th");
    assert.ok(columns.every((node) => node.attributes.scope === "col" && node.textContent));
    for (const row of root.all("tr").filter((node) => node.attributes["data-row"])) {
      const [head] = row.all("th");
      assert.equal(head.attributes.scope, "row");
      assert.equal(row.all("td").length, columns.length - 1);
      const figures = /\d/.test(row.all("td").map((cell) => cell.textContent).join("")) && row.attributes["data-row"] !== "position";
      if (figures) assert.ok(row.all("sup", "cite").length, `${head.textContent} names no source`);
    }
  }
});

test("bars measure against the largest of their row, and stand beside the figure", () => {
  const { root } = drawer([]);
  const row = root.all("tr").find((node) => node.attributes["data-row"] === "co2");
  const widths = row.all("td").map((cell) => cell.all("i")[0]?.style.cssText.match(/width:([\d.]+)%/)[1]);
  assert.deepEqual(widths.map((width) => (width === undefined ? null : Math.round(Number(width)))), [7, null, 100]);
});

test("one alone has no bars, and a distance never has one: a longer bar would read as more", () => {
  const bars = (keys, id) => drawer(keys).root.all("tr").find((node) => node.attributes["data-row"] === id).all("span", "tiny").length;
  assert.equal(bars(["commune:13039"], "inhabitants"), 0);
  assert.equal(bars(["commune:13039", "commune:13047"], "inhabitants"), 2);
  for (const id of ["ports", "port-terminal", "stations", "tgv", "airports", "university", "research", "hospital", "beach"]) assert.equal(bars(["commune:13039", "commune:13047"], id), 0, id);
});

for (const keys of [["site:Acier", "site:Kiln"], ["commune:13039", "commune:13063"]]) {
  test(`life, talent and a terminal stand in the grid with what is known of them: ${keys}`, () => {
    const { root, rows } = drawer(keys);
    assert.match(rows.university[0], new RegExp(`^12.3${NB}km[a-z]campus$`));
    assert.match(rows["port-terminal"][0], new RegExp(`^≈${NB}1.9${NB}km[a-z]darse$`));
    for (const id of ["research", "hospital", "beach"]) assert.equal(rows[id].length, 2, id);
    for (const said of ["nearest of a chosen list", "freight tracks and sidings are not in the data", "≈: one end"]) assert.ok(root.textContent.includes(said), said);
  });
}

test("distances of an approximate site say so in the grid", () => {
  const built = whole();
  built.model.byKey.get("site:Acier").approximate = true;
  const root = shown(built.compare.content({ ...built.on.view(), compare: ["site:Acier", "site:Kiln"] }));
  const row = root.all("tr").find((node) => node.attributes["data-row"] === "ports");
  assert.deepEqual(row.all("td").map((cell) => cell.textContent.startsWith("≈")), [true, false]);
});

test("the totals of poles change since their figures compare", () => {
  const built = whole((text) => text, { first_year: 2020, scope_widened: 2021 });
  built.config.poles["martigues-fos"].co2 = [2500, 1000, 1500];
  built.config.poles["aix-marseille"].co2 = [0, 100, 50];
  const row = shown(built.compare.content({ ...built.on.view(), compare: [] })).all("tr").find((node) => node.attributes["data-row"] === "change");
  assert.ok(row.all("th")[0].textContent.includes("since 2021"), row.textContent);
  assert.deepEqual(row.all("td").map((cell) => cell.textContent), ["−50%", "None", "+50%"]);
});

test("sites are compared figure by figure, and what is not published is told", () => {
  const { root, rows } = drawer(["site:Acier", "site:Étain", "site:Kiln"]);
  assert.equal(root.all("h2")[0].textContent, "3 sites compared");
  assert.deepEqual(rows.co2, [`400${NB}t`, `100${NB}t`, "Not published"]);
  assert.deepEqual(rows.change, ["−20%since 2021", "Not published", "Not published"]);
  assert.deepEqual(bare(rows.seveso), ["Upper tier", "Not know", bare(rows.seveso)[2]]);
  assert.match(rows.capacity[1], /Not published/);
  assert.deepEqual(rows.projects, ["2", "2", "None"]);
  assert.deepEqual(rows.tgv.map((cell) => cell.includes(`31.4${NB}km`)), [true, true, true]);
  assert.equal(root.all("svg", "spark").length, 2);
});

test("a declared figure stands in a row of its own, without a bar", () => {
  const { root, rows } = drawer(["site:Acier", "site:Kiln"]);
  assert.match(rows.declared[1], new RegExp(`^700${NB}t \\(2019\\)`));
  const row = root.all("tr").find((node) => node.attributes["data-row"] === "declared");
  assert.equal(row.all("i").length, 0);
  assert.ok(!("declared" in drawer(["site:Acier"]).rows), "no row when no site has one");
});

test("communes are compared with people, area, what is there and what is near", () => {
  const { rows, root } = drawer(["commune:13039", "commune:13047"]);
  assert.deepEqual(rows.inhabitants, ["15,000", "30,000"]);
  assert.deepEqual(rows.density, ["250 per km²", "500 per km²"]);
  assert.deepEqual(rows.sites, ["3", "None"]);
  assert.deepEqual(rows.co2, [`2${NB}kt`, "None"]);
  assert.deepEqual(rows.projects, ["2", "None"]);
  assert.deepEqual([rows.life, rows.land], [["1", "None"], ["None", "None"]], "a beach is life, no land");
  assert.deepEqual(rows.pole, ["Martigues-Fos", "Martigues-Fos"]);
  assert.ok(root.textContent.includes("Measured from the town hall."));
});

test("a column opens its card, leaves, and all of them are cleared", () => {
  const { root, calls } = drawer(["site:Acier", "site:Kiln"]);
  named(root, "Kiln").listeners.click();
  named(root, "Remove Kiln").listeners.click();
  named(root, "Clear").listeners.click();
  assert.deepEqual(JSON.parse(JSON.stringify(calls)), [["select", "site:Kiln"], ["compare", "site:Kiln"], ["change", { compare: [] }, { push: true }]]);
});

test("while there is room, the nearest others are proposed, never one that is chosen", () => {
  const { root, calls } = drawer(["site:Acier"]);
  assert.deepEqual(root.all("button", "item").map((node) => node.attributes["aria-label"]), ["Add Étain", "Add Kiln"]);
  assert.ok(root.textContent.includes("open a site on the map, then press Compare"));
  root.all("button", "item")[0].listeners.click();
  assert.deepEqual(calls, [["compare", "site:Étain"]]);
  assert.deepEqual(drawer(["commune:13039"]).root.all("button", "item").map((node) => node.attributes["aria-label"]), ["Add Miramas", "Add Istres"]);
  assert.equal(drawer(["site:Acier", "site:Kiln", "site:Étain"]).root.all("button", "item").length, 0);
});

test("keys that name nothing are passed over", () => {
  const { root, rows } = drawer(["site:gone", "site:Acier"]);
  assert.equal(root.all("h2")[0].textContent, "1 site compared");
  assert.equal(rows.co2.length, 1);
  assert.equal(drawer(["site:gone"]).root.all("h2")[0].textContent, "Three poles compared");
});
