// What the document's own scripts make of packed criteria: JSON on standard input, JSON on standard output.
// In: {pack, cases: [{weights, exclusions, kind}]}. Out, for each: scores of all cells as base64, ranking, what holds.
// Asked by tests/layers/test_siting_script.py, which works the same out in Python.
import { readFileSync } from "node:fs";
import vm from "node:vm";
import { read } from "./load.mjs";

for (const name of ["siting_grid", "siting_hold"]) vm.runInThisContext(read(`layers/web/js/${name}.js`));
const { sitingGrid, sitingHold } = /** @type {any} */ (globalThis).provence;
const { pack, cases } = JSON.parse(readFileSync(0, "utf8"));
const grid = sitingGrid.unpack(pack, await sitingGrid.inflate(pack.planes), pack.zones ? await sitingGrid.inflate(pack.zones.planes) : null);
const worked = [];
for (const { weights, exclusions, kind = "communes" } of cases) {
  const mask = sitingGrid.maskOf(pack, exclusions);
  const scores = sitingGrid.score(grid, sitingGrid.shares(weights, pack.criteria), mask);
  const ranked = sitingGrid.rank(grid, scores, kind);
  const { tried, firstHolds, rows } = await sitingHold.holds(grid, weights, mask, ranked, () => true, kind, (run) => run());
  worked.push({
    scores: Buffer.from(scores.buffer).toString("base64"), tried, firstHolds,
    ranked: ranked.map(({ area, score, cells }) => ({ id: sitingGrid.named(grid, kind, area).key.split(":")[1], score, cells })),
    ranges: rows.map(({ from, to }) => [from, to]),
  });
}
process.stdout.write(JSON.stringify({ full: sitingGrid.FULL, none: sitingGrid.NONE, cells: Buffer.from(grid.cells.buffer).toString("base64"), worked }));
