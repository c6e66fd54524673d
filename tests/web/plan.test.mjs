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
  const back = plan.take(taken, "");
  assert.deepEqual(plain([back.filters, back.area, back.drawn]), ["", "metropolis", ""]);
  assert.equal(plan.take({ ...taken, drawn: "5, 43, 5.2, 43.4" }, "").area, "drawn");
});

test("what was kept comes back without what is no longer offered", () => {
  const kept = { ...first, layers: ["ports", "gone"], formats: ["csv", "pdf", "gone"], area: "moon", rule: 7, strange: 1 };
  const back = plan.revive(kept, offer);
  assert.deepEqual(plain([back.layers, back.formats, back.area, back.rule]), [["ports"], ["csv", "pdf"], "metropolis", "intersect"]);
  assert.equal("strange" in back, false);
  for (const none of ["no plan", null, 5, [], [first]]) assert.equal(plan.revive(none, offer), null);
});

test("a plan that somebody wrote by hand is mended, whatever it holds", () => {
  const odd = [5, null, -1, 1e99, "x", "%%%=&", ["industry", { a: 1 }, null, "industry"], [{}], {}, { industry: [{ a: 1 }] }, { size: "a0", title: { a: 1 }, scale: 7 }, { code: 2154, name: {} }, true];
  for (const key of Object.keys(first)) {
    for (const value of odd) {
      const back = plan.revive({ ...first, [key]: value }, offer);
      for (const [name, was] of Object.entries(first)) assert.equal(Array.isArray(back[name]), Array.isArray(was), `${key}: ${JSON.stringify(value)}`);
      assert.equal(typeof plan.query(back), "string");
      assert.ok([...back.layers, ...back.poles, ...Object.values(back.sheet)].every((text) => typeof text === "string"), `${key}: ${JSON.stringify(value)}`);
    }
  }
  const mine = { ...first, layers: ["ports"], columns: { industry: [] }, crs: 3944, system: { code: 3944, name: "CC44", use: "France" }, drawn: "5, 43, 5.2, 43.4" };
  assert.deepEqual(plain(plan.revive(mine, offer)), plain(mine));
});

test("what is no saved export is left out", () => {
  assert.deepEqual(plain(plan.revived([null, 5, { plan: first }, { plan: [], at: 1 }, { plan: first, at: "x" }, { plan: first, at: 1e99 }, { plan: first, at: 7 }], offer)).map(({ at }) => at), [7]);
  for (const none of [null, {}, "x", 5]) assert.deepEqual(plain(plan.revived(none, offer)), []);
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
