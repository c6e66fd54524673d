// Cards of perception and reality: figures as people write them, and the way from card to card and to the map.
import assert from "node:assert/strict";
import test from "node:test";
import { FakeNode } from "./dom.mjs";
import { load, plain } from "./load.mjs";

const NB = "\u00a0";
const NNB = "\u202f";
const words = (text) => ({ en: text, fr: text });

for (const [language, figure, said] of [
  ["en", { value: 74, unit: "mt", unit_words: words("Mt") }, `74${NB}Mt`],
  ["fr", { value: 855851, unit: "people", unit_words: { en: "people", fr: "personnes" } }, `855${NNB}851 personnes`],
  ["en", { value: 1.45, unit: "million-teu", unit_words: words("million TEU") }, "1.45 million TEU"],
  ["en", { value: 11.2, unit: "pct", unit_words: words("%") }, "11.2%"],
  ["fr", { value: 11.2, unit: "pct", unit_words: words("%") }, `11,2${NNB}%`],
  ["en", { value: 1.6, unit: "bneur", unit_words: words("bn €") }, `€1.6${NB}bn`],
  ["fr", { value: 1.6, unit: "bneur", unit_words: words("Md€") }, `1,6${NB}Md€`],
  ["en", { value: 400, unit: "meur", unit_words: words("M€") }, `€400${NB}m`],
  ["en", { value: 3.33, unit: "hours", unit_words: words("hours") }, `3${NB}h${NB}20`],
  ["en", { value: 2.99, unit: "hours", unit_words: words("hours") }, `2${NB}h${NB}59`],
  ["en", { value: 1.999, unit: "hours", unit_words: words("hours") }, `2${NB}h${NB}00`],
  ["fr", { value: 3110, unit: "hours", unit_words: words("heures") }, `3${NNB}110 heures`],
  ["en", { value: 0, unit: "projects", unit_words: words("projects") }, "0 projects"],
  ["en", { said: words("only words") }, "No figure"],
  ["fr", { value: null }, "Pas de chiffre"],
]) {
  test(`a figure is written as people write it: ${said} (${language})`, () => {
    const pm = load();
    pm.text.set(language);
    assert.equal(pm.perception.value(figure), said);
  });
}

/** Three cards, the last without a place, and what is asked of the page. */
function scene(changes = {}) {
  const pm = load();
  const style = { industry: [{ id: "metal" }, { id: "fuel" }], projects: [{ id: "h2" }], statuses: [], access: ["ports"], places: ["research", "park"], place_groups: { life: ["research"], land: ["park"] }, size: {} };
  const figures = [{ id: "port-traffic", said: words("It grew."), value: 74, unit: "mt", unit_words: words("Mt"), year: 2025, source: words("Paper"), source_url: "https://example.org", confidence: "low", note: words("other counts") }];
  const idea = (id, rank, geometry, more) => ({ type: "Feature", geometry, properties: { id, rank, name: id, name_fr: `${id} fr`, reality: words("real"), verdict: "partly", confidence: "low", layers: ["industry", "places.research", "ports", "rivers"], figures, ...more } });
  const point = { type: "Point", coordinates: [5, 43] };
  const config = { style, emissions: {}, ets: [], first_year: 2005, included: pm.view.LAYERS, texts: { en: {}, fr: {} }, layers: {}, poles: {}, sources: {} };
  const draw = {};
  const layers = { perceptions: { features: [idea("one", 1, point, { at: "ports:quay", approximate: true, pole: "x" }), idea("two", 2, point, {}), idea("three", 3, null, {})] }, ports: { features: [{ type: "Feature", geometry: point, properties: { id: "quay", name: "Quay" } }] } };
  const model = pm.describe.extend(pm.model.create(layers, config), config, draw);
  const asked = [];
  let view = { ...pm.view.fresh(), ...changes };
  const on = { view: () => view, found: (key) => asked.push(key), select: (key) => asked.push(key), change: (given) => { view = { ...view, ...given }; } };
  const cards = pm.cards.create({ model, draw, config, on, style });
  const shown = (content) => {
    const root = new FakeNode("section");
    const add = (part) => (Array.isArray(part) ? part.forEach(add) : part && root.append(part));
    add(content);
    return root;
  };
  return { pm, model, asked, cards, card: (id) => shown(cards.of(model.byKey.get(`perception:${id}`))), list: () => shown(cards.list(model.items.perceptions)), get view() { return view; } };
}

const button = (card, label) => card.all("button").find((node) => node.attributes["aria-label"] === label);

test("a card says whose words the idea is in, the verdict, and each figure with year, source and confidence", () => {
  const said = scene().card("one").textContent;
  for (const part of ["What people may think", "no survey behind it", "Partly true", "What the figures say", "1 figure", `74${NB}Mt`, "in 2025", "It grew.", "Paper", "low confidence", "other counts"]) assert.ok(said.includes(part), `${part} in ${said}`);
});

test("next and previous walk through all cards and start again, those without a place too", () => {
  const { card, asked } = scene();
  button(card("two"), "Next card").listeners.click();
  button(card("three"), "Next card").listeners.click();
  button(card("one"), "Previous card").listeners.click();
  assert.deepEqual(asked, ["perception:three", "perception:one", "perception:three"]);
  assert.ok(card("two").textContent.includes("Card 2 of 3"));
});

test("a card leads to the feature it stands at, and says so when it has no place", () => {
  const { card, asked } = scene();
  card("one").all("button").find((node) => node.textContent === "Quay").listeners.click();
  assert.deepEqual(asked, ["port:quay"]);
  assert.ok(card("one").textContent.includes("approximate position"));
  assert.ok(card("three").textContent.includes("no place of its own"));
});

test("the layers a card names are brought onto the map, and one that is there stays", () => {
  const sight = scene({ layers: ["poles"], hidden: ["industry.fuel"] });
  const press = (name) => sight.card("one").all("button").find((node) => node.attributes["data-layer"] === name).listeners.click();
  press("industry");
  press("places.research");
  press("ports");
  press("ports");
  press("places.research");
  assert.deepEqual(plain([...sight.view.layers].sort()), ["industry", "places", "poles", "ports"]);
  assert.deepEqual(plain(sight.view.hidden), ["places.park"]);
  assert.equal(sight.card("one").all("button").filter((node) => node.attributes["data-layer"] === "rivers").length, 0);
});

test("the list holds every card, and tells how many stand nowhere on the map", () => {
  const { list, asked } = scene();
  assert.ok(list().textContent.includes("All cards, 3; 1 without a place on the map"));
  const rows = list().all("li");
  assert.equal(rows.length, 3);
  rows[2].all("button")[0].listeners.click();
  assert.deepEqual(asked, ["perception:three"]);
});

test("an idea is named in the reader's language, its figure is in the table's one line", () => {
  const { pm, model } = scene();
  const item = model.byKey.get("perception:one");
  assert.equal(model.figure(item, 2022), `74${NB}Mt in 2025`);
  pm.text.set("fr");
  model.relanguage();
  assert.equal(item.name, "one fr");
  assert.equal(model.figure(item, 2022), `74${NB}Mt en 2025`);
});

test("a card without a place has no point, and a pole says nothing of it", () => {
  const { model, pm } = scene();
  const item = model.byKey.get("perception:three");
  assert.equal(item.lon, undefined);
  assert.equal(model.poleName(item.pole), "");
  assert.deepEqual(plain(model.visible("perceptions", { ...pm.view.fresh(), layers: ["perceptions"] }).map(({ id }) => id)), ["one", "two", "three"]);
});
