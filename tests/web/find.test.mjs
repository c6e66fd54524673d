// Search: what a person types, with or without accents, hyphens and capitals, finds what they mean.
import assert from "node:assert/strict";
import test from "node:test";
import { load, plain, random } from "./load.mjs";

const { find } = load();
const entry = (name, more = {}) => ({ key: name, kind: "site", name, ...more });
const index = find.createIndex([
  entry("Marseille", { kind: "commune", weight: 6, words: "13055" }),
  entry("Marseille-Fos, bassins ouest"),
  entry("Port de Marseille"),
  entry("Martigues", { kind: "commune", weight: 6 }),
  entry("Berre-l’Étang", { kind: "commune", weight: 6 }),
  entry("Saint-Zacharie", { kind: "commune" }),
  entry("Cœur de Provence"),
  entry("Capture du CO₂ à Fos", { words: "ccus H₂ Élengy" }),
  entry("ArcelorMittal Méditerranée", { words: "Fos-sur-Mer steel acier" }),
  entry("Sous-marine", { words: "x" }),
]);
const names = (query, most) => plain(index.search(query, most)).map((found) => found.name);

for (const [written, folded] of [
  ["Berre-l’Étang", "berre l etang"], ["Berre-l'Etang", "berre l etang"], ["CŒUR", "coeur"], ["Œuvre", "oeuvre"], ["Lætitia", "laetitia"],
  ["  Les  Pennes–Mirabeau ", "les pennes mirabeau"], ["ÇA-ÿ", "ca y"], ["E\u0301tang", "etang"], ["CO₂ & H₂", "co2 h2"], ["…", ""], ["", ""],
]) test(`${JSON.stringify(written)} is read as ${JSON.stringify(folded)}`, () => assert.equal(find.fold(written), folded));

for (const [query, first] of [
  ["berre l'etang", "Berre-l’Étang"], ["berre letang", "Berre-l’Étang"], ["BERRELETANG", "Berre-l’Étang"], ["BERRE-L’ÉTANG", "Berre-l’Étang"], ["etang", "Berre-l’Étang"], ["coeur", "Cœur de Provence"], ["cœur", "Cœur de Provence"],
  ["saint zacharie", "Saint-Zacharie"], ["mediterranee arcelor", "ArcelorMittal Méditerranée"], ["acier", "ArcelorMittal Méditerranée"], ["fos sur mer", "ArcelorMittal Méditerranée"],
  ["co2", "Capture du CO₂ à Fos"], ["CO₂", "Capture du CO₂ à Fos"], ["elengy", "Capture du CO₂ à Fos"], ["13055", "Marseille"], ["marseille", "Marseille"], ["  mars  ", "Marseille"],
]) test(`${JSON.stringify(query)} finds ${first} first`, () => assert.equal(names(query)[0], first));

test("a whole name comes before its start, the start before the middle", () => {
  assert.deepEqual(names("marseille"), ["Marseille", "Marseille-Fos, bassins ouest", "Port de Marseille"]);
});

test("the start of a word comes before its middle", () => {
  const order = plain(find.createIndex([entry("Amarina"), entry("Port de Marine")]).search("mar")).map(({ name }) => name);
  assert.deepEqual(order, ["Port de Marine", "Amarina"]);
  assert.deepEqual(names("arine"), ["Sous-marine"]);
});

test("every word must be found", () => {
  assert.deepEqual(names("marseille etang"), []);
  assert.deepEqual(names("marseille ouest"), ["Marseille-Fos, bassins ouest"]);
});

test("nothing asked, nothing found", () => {
  for (const query of ["", "   ", "…", "-"]) assert.deepEqual(names(query), []);
});

test("no more is given than was asked for", () => assert.equal(names("mar", 2).length, 2));

test("the order is the same whatever the order of the entries", () => {
  const same = ["Zinc", "Acier", "Étain"].map((name) => entry(name, { words: "métal" }));
  const found = (entries) => plain(find.createIndex(entries).search("metal")).map(({ name }) => name);
  assert.deepEqual(found(same), found([...same].reverse()));
});

for (const [typed, meant] of [
  ["marsaille", "Marseille"], ["martigue", "Martigues"], ["arcelormital", "ArcelorMittal"], ["sant zacharie", "Saint-Zacharie"], ["bere l etang", "Berre-l’Étang"],
]) test(`${JSON.stringify(typed)} suggests ${meant}`, () => assert.equal(index.suggest(typed), meant));

test("a suggestion finds something", () => {
  for (const typed of ["marsaille", "mediteranee", "provance", "zacharrie"]) assert.ok(names(index.suggest(typed)).length, typed);
});

test("nothing is suggested for what is too short or like nothing", () => {
  for (const typed of ["", "ab", "qqqqqqqqqqqq", "xyzzy"]) assert.equal(index.suggest(typed), null, typed);
});

/** Edit distance from its definition. */
function slow(a, b) {
  if (!a || !b) return a.length + b.length;
  return Math.min(slow(a.slice(1), b) + 1, slow(a, b.slice(1)) + 1, slow(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1));
}

test("the distance is the number of edits, and is given up on at its limit", () => {
  const next = random(4);
  const word = () => Array.from({ length: Math.floor(next() * 6) }, () => "abc"[Math.floor(next() * 3)]).join("");
  for (let i = 0; i < 400; i++) {
    const [a, b] = [word(), word()];
    const edits = slow(a, b);
    assert.equal(find.distance(a, b), edits, `${a} ${b}`);
    for (const limit of [1, 2, 3, 9]) {
      const found = find.distance(a, b, limit);
      if (edits < limit) assert.equal(found, edits, `${a} ${b}`);
      else assert.ok(found >= limit, `${a} ${b} within ${limit}`);
    }
  }
});
