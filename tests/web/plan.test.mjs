// What is chosen on the Plan page, as the server is asked for it.
import assert from "node:assert/strict";
import test from "node:test";
import { load, plain } from "./load.mjs";

const { plan, planDraw } = load();
const offer = { first: ["poles", "industry"], layers: ["poles", "industry", "ports"].map((id) => ({ id })), formats: [{ id: "gpkg" }, { id: "csv" }] };
const first = plan.fresh(offer, "fr");

test("a choice is asked for as the command line writes it", () => {
  assert.equal(plan.query(first), "layers=poles,industry&area=metropolis&rule=intersect&crs=2154&lang=fr");
  const more = { ...first, area: "pole", poles: ["martigues-fos"], rule: "clip", decimals: "3", columns: { industry: ["name", "co2_t"], ports: ["name"] }, filters: "status=operating" };
  assert.equal(plan.query(more), "layers=poles,industry&area=martigues-fos&rule=clip&crs=2154&lang=fr&decimals=3&columns=industry:name,co2_t&status=operating");
});

test("the first step that lacks something is named", () => {
  assert.equal(plan.missing(first), null);
  assert.equal(plan.missing({ ...first, layers: [] }), "layers");
  assert.equal(plan.missing({ ...first, area: "pole" }), "area_pole");
  assert.equal(plan.missing({ ...first, area: "drawn" }), "area_drawn");
  assert.equal(plan.missing({ ...first, area: "drawn", drawn: "5, north" }), "numbers");
  assert.equal(plan.missing({ ...first, formats: [] }), "format");
});

test("a drawn area is read with any separator, its numbers with a point", () => {
  assert.deepEqual(plain(plan.numbers("4.9, 43.3 5.2;43.5")), ["4.9", "43.3", "5.2", "43.5"]);
  assert.equal(plan.numbers("4.9, x"), null);
  assert.deepEqual(plain(plan.edges("4.9 43.3 5.2 43.5")), ["4.9", "43.3", "5.2", "43.5"]);
  assert.equal(plan.edges("4.9 43.3 5"), null);
});

test("a View of Explore gives its layers, its filters and its area, once", () => {
  const handed = "layers=poles,industry&bounds=4.7,43.2,5.3,43.7&year=2018&pole=martigues-fos&area=5,43.4,5&select=pole:martigues-fos";
  const taken = plan.take(first, handed);
  assert.deepEqual(plain(taken.layers), ["poles", "industry"]);
  assert.equal(taken.filters, "year=2018&pole=martigues-fos");
  assert.equal(plan.areaText(taken), "5,43.4,5");
  const changed = { ...taken, filters: "" };
  assert.equal(plan.take(changed, handed), changed);
  assert.equal(plan.take(first, ""), first);
});

test("what was kept comes back without what is no longer offered", () => {
  const kept = { ...first, layers: ["ports", "gone"], formats: ["csv", "pdf", "gone"], area: "moon", rule: 7, strange: 1 };
  const back = plan.revive(kept, offer);
  assert.deepEqual(plain([back.layers, back.formats, back.area, back.rule]), [["ports"], ["csv", "pdf"], "metropolis", "intersect"]);
  assert.equal("strange" in back, false);
  assert.equal(plan.revive("no plan", offer), null);
});

test("saved exports are kept newest first, each choice once", () => {
  const one = { plan: first, at: 1 };
  const other = { plan: { ...first, crs: 4326 }, at: 2 };
  assert.deepEqual(plain(plan.remember([one, other], { plan: first, at: 3 }).map(({ at }) => at)), [3, 2]);
});

test("an area of the form is drawn as its corners, and what is none as nothing", () => {
  assert.deepEqual(plain(planDraw.outline("5, 43, 5.2, 43.4")), [[5, 43], [5.2, 43], [5.2, 43.4], [5, 43.4]]);
  assert.deepEqual(plain(planDraw.outline("5 43 5.2 43 5.1 43.4")), [[5, 43], [5.2, 43], [5.1, 43.4]]);
  assert.equal(planDraw.outline("5.1, 43.4, 2").length, 64);
  for (const none of ["", "5", "5, 43", "5, 43, 5.2, 43.4, 5.1", "a, b, c", "5.2, 43, 5, 43.4"]) assert.deepEqual(plain(planDraw.outline(none)), [], none);
});
