// Words, numbers, dates and money as DESIGN.md 9 writes them: French spaces, signs and units.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const N = "\u202f"; // narrow no-break space
const S = "\u00a0"; // no-break space

function inLanguage(language) {
  const { text } = load();
  text.set(language);
  return text;
}

const en = inLanguage("en");
const fr = inLanguage("fr");

/** One test for each row: [what is asked, in English, in French]. */
function table(name, ask, rows) {
  for (const [given, english, french] of rows) {
    test(`${name} ${JSON.stringify(given)}`, () => {
      assert.equal(ask(en, given), english);
      assert.equal(ask(fr, given), french);
    });
  }
}

table("number", (text, value) => text.number(value), [
  [0, "0", "0"],
  [999, "999", "999"],
  [1000, "1,000", `1${N}000`],
  [1924302, "1,924,302", `1${N}924${N}302`],
  [-1234, "−1,234", `−1${N}234`],
]);

table("number with one decimal", (text, value) => text.number(value, 1), [
  [0, "0.0", "0,0"],
  [15.54, "15.5", "15,5"],
  [3151.96, "3,152.0", `3${N}152,0`],
]);

table("number with the decimals it has", (text, value) => text.plain(value), [
  [250, "250", "250"],
  [0.5, "0.5", "0,5"],
  [1.23456, "1.235", "1,235"],
  [12500, "12,500", `12${N}500`],
]);

table("CO₂", (text, value) => text.co2(value), [
  [null, "No published figure", "Pas de chiffre publié"],
  [undefined, "No published figure", "Pas de chiffre publié"],
  [0, `0${S}t`, `0${S}t`],
  [313, `313${S}t`, `313${S}t`],
  [999, `999${S}t`, `999${S}t`],
  [1000, `1${S}kt`, `1${S}kt`],
  [45600, `46${S}kt`, `46${S}kt`],
  [999499, `999${S}kt`, `999${S}kt`],
  [999500, `1.00${S}Mt`, `1,00${S}Mt`],
  [6463718, `6.46${S}Mt`, `6,46${S}Mt`],
  [9994999, `9.99${S}Mt`, `9,99${S}Mt`],
  [9995000, `10.0${S}Mt`, `10,0${S}Mt`],
  [15542168, `15.5${S}Mt`, `15,5${S}Mt`],
]);

table("money", (text, value) => text.money(value), [
  [0.5, `€0.5${S}m`, `0,5${S}M€`],
  [750, `€750${S}m`, `750${S}M€`],
  [999.94, `€999.9${S}m`, `999,9${S}M€`],
  [999.95, `€1${S}bn`, `1${S}Md€`],
  [1000, `€1${S}bn`, `1${S}Md€`],
  [2200, `€2.2${S}bn`, `2,2${S}Md€`],
  [20000, `€20${S}bn`, `20${S}Md€`],
]);

table("change", (text, value) => text.change(value), [
  [0, "0%", `0${N}%`],
  [0.004, "0%", `0${N}%`],
  [0.12, "+12%", `+12${N}%`],
  [-0.286, "−29%", `−29${N}%`],
  [-1, "−100%", `−100${N}%`],
  [24.5, "+2,450%", `+2${N}450${N}%`],
]);

table("kilometres", (text, value) => text.km(value), [
  [0, `0.0${S}km`, `0,0${S}km`],
  [12.34, `12.3${S}km`, `12,3${S}km`],
]);

test("kilometres from or to an approximate position say so", () => {
  assert.equal(en.km(12.34, true), `≈${S}12.3${S}km`);
  assert.equal(fr.km(12.34, true), `≈${S}12,3${S}km`);
});

table("date", (text, value) => text.date(value), [
  ["2025", "2025", "2025"],
  ["2025-07", "July 2025", "juillet 2025"],
  ["2026-02-13", "13 February 2026", "13 février 2026"],
  ["2026-02-01", "1 February 2026", "1er février 2026"],
  ["2026-12-31", "31 December 2026", "31 décembre 2026"],
  ["2024-11", "November 2024", "novembre 2024"],
]);

table("count", (text, n) => text.count("search.count", n), [
  [0, "0 results", "0 résultat"],
  [1, "1 result", "1 résultat"],
  [2, "2 results", "2 résultats"],
  [1500, "1,500 results", `1${N}500 résultats`],
]);

test("a text is filled by name, and what is not given stays to be seen", () => {
  assert.equal(en.t("nearby.count", { n: 23, km: 5 }), "23 within 5 km");
  assert.equal(en.t("nearby.count", { n: 23 }), "23 within {km} km");
  assert.equal(en.t("pole.co2_in", { year: 2022 }), "CO₂ in 2022");
});

test("a value is filled in as it is, never read as a pattern", () => {
  assert.equal(en.t("search.none", { query: "$& {query} <b>" }), "No match for “$& {query} <b>”");
});

test("a key that no table has shows itself", () => assert.equal(en.t("search.nothing"), "search.nothing"));

test("any tag but French is read in English", () => {
  const { text } = load();
  for (const [tag, language] of [["fr", "fr"], ["en", "en"], ["de", "en"], ["", "en"]]) {
    text.set(tag);
    assert.equal(text.language, language);
  }
});

test("a pair of texts gives the reader's, or the other where one is missing", () => {
  assert.equal(fr.pick({ en: "plant", fr: "usine" }), "usine");
  assert.equal(fr.pick({ en: "plant", fr: "" }), "plant");
  assert.equal(en.pick({ fr: "usine" }), "usine");
  assert.equal(en.pick("IREP"), "IREP");
  assert.equal(en.pick(undefined), "");
});

test("CO2 and H2 of a table are written CO₂ and H₂, and nothing else is touched", () => {
  assert.equal(en.pick({ en: "CO2 and CO2e from COG, ACO2" }), "CO₂ and CO2e from COG, ACO2");
  assert.equal(en.pick({ en: "44,000 t H2 a year, H2-DRI of H2V, H2med, H20, NH2" }), "44,000 t H₂ a year, H₂-DRI of H2V, H2med, H20, NH2");
});

test("figures follow the language when it changes, each time", () => {
  const { text } = load();
  for (const [language, said] of [["en", "1,234.5"], ["fr", `1${N}234,5`], ["en", "1,234.5"]]) {
    text.set(language);
    assert.equal(text.number(1234.5, 1), said);
    assert.equal(text.plain(1234.5), said);
  }
});
