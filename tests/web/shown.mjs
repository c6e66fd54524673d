// Says what the document's script shows for each query, on the real features: asked by tests/layers/test_filters.py.
import { readFileSync } from "node:fs";
import { load } from "./load.mjs";

const { layers, config, queries } = JSON.parse(readFileSync(0, "utf8"));
const pm = load();
const model = pm.model.create(layers, config);
const shown = queries.map((query) => {
  const { view } = pm.view.fromQuery(query);
  return Object.fromEntries(Object.keys(layers).map((layer) => [layer, model.visible(layer, view).map((item) => item.id)]));
});
process.stdout.write(JSON.stringify(shown));
