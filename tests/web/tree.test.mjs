// The layer tree: what a row or a whole group changes in the View.
import assert from "node:assert/strict";
import test from "node:test";
import { load, plain, random } from "./load.mjs";

const pm = load();
const { tree, view } = pm;
const STYLE = {
  industry: [{ id: "metal" }, { id: "fuel" }, { id: "chem" }], projects: [{ id: "h2" }, { id: "ccus" }],
  access: ["ports", "stations", "airports"], places: ["university", "beach", "park"],
  place_groups: { life: ["university", "beach"], land: ["park"] },
};
const ALL = plain(view.LAYERS);
const groups = tree.groups(STYLE, ALL);
const group = (id) => groups.find((candidate) => candidate.id === id);
const row = (id, name) => group(id).rows.find((candidate) => candidate.name === name || candidate.layer === name);
const start = (changes = {}) => ({ ...view.fresh(), ...changes });
const after = (before, changes) => ({ ...before, ...changes });
const state = (given) => plain(groups.flatMap((each) => each.rows.filter((candidate) => tree.isOn(candidate, given)).map((candidate) => `${candidate.layer}/${candidate.name}`)));

test("groups come in their order, each row with a text", () => {
  assert.deepEqual(plain(groups).map(({ id }) => id), ["industry", "decarbonation", "life", "access", "land", "story", "ground", "networks", "territory"]);
  assert.deepEqual(plain(group("industry").rows)[0], { layer: "industry", name: "metal", text: "family.metal" });
});

test("a document of a few layers has the groups and rows of those only", () => {
  const few = plain(tree.groups(STYLE, ["stations", "communes", "poles"]));
  assert.deepEqual(few.map(({ id }) => id), ["access", "territory"]);
  assert.deepEqual(few[0].rows.map(({ layer }) => layer), ["stations"]);
  assert.deepEqual(few[0].layers, ["stations"]);
});

test("the opening view shows everything but places and perceptions", () => {
  assert.ok(group("industry").rows.every((each) => tree.isOn(each, start())));
  for (const id of ["life", "land", "story"]) assert.ok(!group(id).rows.some((each) => tree.isOn(each, start())), id);
});

test("two groups share the layer of places: one is switched, the other stays as it is", () => {
  const life = after(start(), tree.toggleGroup(group("life"), start()));
  assert.ok(life.layers.includes("places"));
  assert.deepEqual(plain(life.hidden), ["places.park"]);
  const both = after(life, tree.toggleGroup(group("land"), life));
  assert.deepEqual(plain(both.hidden), []);
  const land = after(both, tree.toggleGroup(group("life"), both));
  assert.deepEqual(state(land).filter((name) => name.startsWith("places")), ["places/park"]);
  const none = after(land, tree.toggleRow(row("land", "park"), group("land"), land));
  assert.ok(!none.layers.includes("places"), "the last class switches the layer off");
  assert.deepEqual(plain(none.hidden), []);
});

test("a class of places that is off shows that class alone, whatever group it is in", () => {
  const now = after(start(), tree.toggleRow(row("life", "beach"), group("life"), start()));
  assert.deepEqual(plain(now.hidden), ["places.university", "places.park"]);
});

test("a family is hidden, then shown again", () => {
  const hidden = after(start(), tree.toggleRow(row("industry", "metal"), group("industry"), start()));
  assert.deepEqual(plain(hidden.hidden), ["industry.metal"]);
  const back = after(hidden, tree.toggleRow(row("industry", "metal"), group("industry"), hidden));
  assert.deepEqual(plain(back), plain(start()));
});

test("hiding the last family switches the layer off, and showing the layer again shows all of it", () => {
  let now = start();
  for (const each of group("industry").rows) now = after(now, tree.toggleRow(each, group("industry"), now));
  assert.ok(!now.layers.includes("industry"));
  assert.deepEqual(plain(now.hidden), []);
  now = after(now, tree.toggleGroup(group("industry"), now));
  assert.ok(group("industry").rows.every((each) => tree.isOn(each, now)));
});

test("a family of a layer that is off shows that family alone", () => {
  const off = start({ layers: ["poles"], hidden: ["decarbonation.h2"] });
  const now = after(off, tree.toggleRow(row("industry", "fuel"), group("industry"), off));
  assert.deepEqual(state(now), ["industry/fuel", "poles/null"]);
  assert.ok(now.hidden.includes("decarbonation.h2"), "what another layer hides stays hidden");
});

test("a row that is a whole layer switches the layer", () => {
  const off = after(start(), tree.toggleRow(row("access", "stations"), group("access"), start()));
  assert.ok(!off.layers.includes("stations"));
  const on = after(off, tree.toggleRow(row("access", "stations"), group("access"), off));
  assert.equal(view.toQuery(on), "");
});

test("a group with anything on goes off as a whole, then comes back whole", () => {
  const some = start({ layers: ["ports"], hidden: [] });
  const off = after(some, tree.toggleGroup(group("access"), some));
  assert.deepEqual(plain(off.layers), []);
  const on = after(off, tree.toggleGroup(group("access"), off));
  assert.deepEqual(plain(on.layers), ["ports", "stations", "airports"]);
});

test("a group that is switched forgets what was hidden in it, and nothing else", () => {
  const given = start({ hidden: ["industry.metal", "decarbonation.h2"] });
  const off = after(given, tree.toggleGroup(group("industry"), given));
  assert.deepEqual(plain(off.hidden), ["decarbonation.h2"]);
});

test("any row switched twice is as before, touches no other group, and leaves a View that can be written", () => {
  const next = random(8);
  for (let i = 0; i < 500; i++) {
    const some = (values) => values.filter(() => next() < 0.5);
    const layers = some(ALL);
    // Never a layer that is on with all its rows hidden: the tree itself never leaves one behind.
    const hidden = groups.filter(({ id }) => id !== "land").flatMap((each) => some(each.rows.filter(({ name }) => name).slice(1)).map((each_) => `${each_.layer}.${each_.name}`)).filter((name) => layers.includes(name.split(".")[0]));
    const given = start({ layers, hidden });
    const where = groups[Math.floor(next() * groups.length)];
    const what = where.rows[Math.floor(next() * where.rows.length)];
    const once = after(given, tree.toggleRow(what, where, given));
    assert.notEqual(tree.isOn(what, once), tree.isOn(what, given));
    assert.deepEqual(plain(view.fromQuery(view.toQuery(once)).ignored), []);
    const others = (each) => groups.filter((candidate) => candidate !== where).flatMap((candidate) => candidate.rows).map((candidate) => tree.isOn(candidate, each));
    assert.deepEqual(others(once), others(given));
    const onlyOne = what.name && where.classes.filter((name) => tree.isOn({ layer: what.layer, name }, given)).length === 1 && tree.isOn(what, given);
    if (!onlyOne) assert.deepEqual(state(after(once, tree.toggleRow(what, where, once))), state(given));
  }
});
