// What stands on a scene's map and what is said of it, as far as it needs no canvas.
import assert from "node:assert/strict";
import test from "node:test";
import { load, plain } from "./load.mjs";

test("a project's shape on a canvas has the marks of its outline on a page", () => {
  const pm = load();
  const style = { industry: [], projects: [{ id: "h2", path: "M1 1" }], statuses: [{ id: "operating", fill: "solid", width: 1.6, dash: [] }, { id: "under-construction", fill: "tint", width: 2, dash: [] }, { id: "announced", fill: "surface", width: 2.3, dash: [0.1, 3.3] }, { id: "suspended", fill: "surface", width: 1.6, dash: [], bar: true }], size: {} };
  const draw = pm.icons.symbols(style);
  for (const { id } of style.statuses) {
    const marks = plain(draw.shapeLook("h2", id));
    const paths = draw.shape("h2", id).all("path").map((node) => node.attributes);
    assert.equal(marks.length, paths.length, id);
    marks.forEach((mark, i) => {
      assert.equal(mark.d, paths[i].d);
      assert.equal(mark.stroke ? `var(--${mark.stroke})` : undefined, paths[i].stroke);
      assert.equal(mark.dash?.length ? mark.dash.join(" ") : undefined, paths[i]["stroke-dasharray"]);
    });
  }
  assert.equal(plain(draw.shapeLook("h2", "suspended")).length, 2, "the outline and its bar");
  assert.equal(plain(draw.shapeLook("h2", "announced"))[0].round, true);
});

test("two colours are mixed by parts, as the style sheet does", () => {
  const { mix } = load().sceneryBase;
  assert.equal(mix("#FFFFFF", "#000000", 0), "rgb(0, 0, 0)");
  assert.equal(mix("#FFFFFF", "#000000", 1), "rgb(255, 255, 255)");
  assert.equal(mix("#FFD251", "#22303B", 0.11), "rgb(58, 66, 61)");
});
