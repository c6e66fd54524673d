// Cards: every figure with its year and source, in both languages, and text that stays text.
import assert from "node:assert/strict";
import test from "node:test";
import { json } from "./load.mjs";
import { HOSTILE, everything, shown, whole } from "./whole.mjs";

const NB = "\u00a0";
const ABOUT = ["industry", "decarbonation", "ports", "places", "perceptions", "communes", "poles"];
// What the drawer can show besides the cards of features.
const COMPARED = [[], ["site:Acier", "site:Kiln", "site:Étain"], ["site:Zinc works"], ["commune:13039", "commune:13063"]];

/** Everything the drawer can show, by what it is. @param {ReturnType<typeof whole>} built */
function everyCard({ model, cards, compare, on }) {
  const items = [...model.byKey.values()].map((item) => [item.key, () => cards.of(item)]);
  const abouts = ABOUT.map((layer) => [`about ${layer}`, () => cards.about({ layer, name: null, members: layer === "industry" ? ["steel"] : layer === "decarbonation" ? ["hydrogen"] : [] })]);
  const grids = COMPARED.map((keys) => [`compare ${keys}`, () => compare.content({ ...on.view(), compare: keys })]);
  return /** @type {[string, () => any][]} */ ([...items, ...abouts, ["list", () => cards.list(model.items.decarbonation)], ["all ideas", () => cards.list(model.items.perceptions)], ...grids]);
}

/** A row of definitions as text, by its term. */
function facts(card) {
  const terms = card.all("dt").map((node) => node.textContent);
  return Object.fromEntries(card.all("dd").map((node, i) => [terms[i], node.textContent]));
}

test("everything in the drawer is built from text nodes, and no link leads to a script", () => {
  const built = whole((text) => text + HOSTILE);
  for (const [key, make] of everyCard(built)) {
    const card = shown(make());
    assert.ok(card.textContent.includes(HOSTILE), `${key}: the text is there, as text`);
    assert.deepEqual([...card.all("img"), ...card.all("script")], []);
    for (const link of card.all("a")) {
      assert.match(link.attributes.href, /^https?:\/\//, key);
      assert.equal(link.attributes.rel, "noopener noreferrer");
    }
  }
});

test("every card says its name, and a place that is no web address is said without a link", () => {
  const { model, cards } = whole();
  for (const item of model.byKey.values()) assert.equal(shown(cards.of(item)).all("h2")[0].textContent, item.name);
  assert.equal(shown(cards.of(model.byKey.get("place:beach"))).all("a").filter((link) => !link.attributes.href.startsWith("https://example.org")).length, 0);
});

for (const language of ["en", "fr"]) {
  test(`nothing in the drawer shows a key instead of a text: ${language}`, () => {
    const built = whole();
    built.pm.text.set(language);
    built.model.relanguage();
    for (const [key, make] of everyCard(built)) {
      const card = shown(make());
      const labels = everything(card).flatMap((node) => [node.attributes["aria-label"], node.attributes.title]).filter(Boolean);
      for (const said of [card.textContent, ...labels]) {
        assert.doesNotMatch(said, /\b[a-z]+[._][a-z_]+\b(?<!example\.org)/, `${key}: ${said}`);
        assert.doesNotMatch(said, /undefined|null|NaN|Infinity|\[object|\{\w+\}/, `${key}: ${said}`);
      }
    }
  });
}

test("every figure carries a mark, and every mark leads to a line of the sources of its own card", () => {
  const built = whole();
  let figures = 0;
  for (const [key, make] of everyCard(built)) {
    const card = shown(make());
    const lines = new Map(card.all("li").filter((node) => node.attributes["data-cite"]).map((node) => [node.attributes["data-cite"], node]));
    for (const figure of card.all("span", "fig")) {
      figures += 1;
      const marks = figure.all("button").filter((node) => node.attributes["data-cite"]);
      assert.ok(marks.length, `${key}: no source for ${figure.textContent}`);
    }
    const marks = card.all("button").filter((node) => node.attributes["data-cite"]);
    for (const mark of marks) {
      const letter = mark.attributes["data-cite"];
      assert.ok(lines.has(letter), `${key}: ${letter} leads nowhere`);
      assert.ok(mark.attributes["aria-label"].startsWith(`Source ${letter}: `), "read out with its letter");
    }
    assert.deepEqual([...lines.keys()], [...new Set(marks.map((mark) => mark.attributes["data-cite"]))].sort(), `${key}: a lettered source that no figure names`);
  }
  assert.ok(figures > 60);
});

test("a mark moves the focus to its source", () => {
  const { model, cards } = whole();
  const card = shown(cards.of(model.byKey.get("site:Acier")));
  const mark = card.all("button").find((node) => node.attributes["data-cite"] === "b");
  const line = card.all("li").find((node) => node.attributes["data-cite"] === "b");
  let focused = 0;
  Object.assign(line, { focus: () => { focused += 1; }, scrollIntoView: () => {} });
  mark.listeners.click();
  assert.equal(focused, 1);
});

test("a figure whose source is not known is told as to be confirmed", () => {
  const { model, cards } = whole();
  const item = { ...model.byKey.get("site:Acier"), capacity_from: [], seveso_source: undefined };
  const said = facts(shown(cards.of(item)));
  assert.equal(said.Capacity, "90 MW (to be confirmed)");
  assert.equal(said.Seveso, "Upper tier (to be confirmed)");
});

test("the card of a site goes from what it is to where this comes from", () => {
  const { model, cards } = whole();
  const card = shown(cards.of(model.byKey.get("site:Acier")));
  const heads = card.all("h3").map((node) => node.children[0].textContent);
  assert.deepEqual(heads, ["Facts", "Verified CO₂ emissions", "What it makes", "Access", "Life and talent nearby", "Decarbonation nearby", "How sure this is", "Sources"]);
});

test("the values of the chart stand in a table, a year without a figure included", () => {
  const { model, cards } = whole();
  const [table] = shown(cards.of(model.byKey.get("site:Étain"))).all("details")[0].all("table");
  assert.deepEqual(table.all("tr").slice(1).map((row) => row.children.map((cell) => cell.textContent)), [["2021", "Not published"], ["2022", "100"]]);
});

test("declared and verified figures never stand in one sum: the site without a verified figure shows the declared one as such", () => {
  const { model, cards, pm } = whole();
  const card = shown(cards.of(model.byKey.get("site:Kiln"))).textContent;
  assert.ok(card.includes("Declared CO₂ emissions") && card.includes(`700${NB}t`) && card.includes("never added"));
  assert.ok(card.includes(`Of which 0${NB}t biogenic`), card);
  assert.equal(model.communeCo2(model.byKey.get("commune:13063"), 2022), null);
  assert.equal(model.communeCo2(model.byKey.get("commune:13039"), 2022), 1500);
  assert.equal(pm.text.language, "en");
});

test("projects nearby are told by status, the nearest first, and all of them on request", () => {
  const { model, cards } = whole();
  const card = shown(cards.of(model.byKey.get("site:Acier")));
  assert.ok(card.textContent.includes("Announced 1 · Suspended 1"));
  const near = card.all("section").find((node) => node.textContent.startsWith("Decarbonation nearby"));
  assert.deepEqual(near.all("span", "k").map((node) => node.textContent), [`1.2${NB}km`, `4.4${NB}km`]);
});

test("the fast station is told beside the nearest one, once when they are the same", () => {
  const { model, cards } = whole();
  const item = model.byKey.get("site:Acier");
  const ways = (site) => shown(cards.of(site)).all("ul", "near")[0].all("li").map((node) => node.textContent);
  assert.deepEqual(ways(item).map((said) => said.split(",")[0]), ["Port", "Port terminal", "Station", "High-speed station", "Airport"]);
  assert.deepEqual(ways({ ...item, tgv: ["Halt", 3] }).map((said) => said.split(",")[0]), ["Port", "Port terminal", "High-speed station", "Airport"]);
  assert.deepEqual(ways({ ...item, lived: undefined }).map((said) => said.split(",")[0]), ["Port", "Station", "High-speed station", "Airport"], "a terminal that nobody measured is not there");
});

const sectionOf = (card, title) => card.all("section").find((node) => node.textContent.startsWith(title));

for (const key of ["site:Acier", "project:hub", "commune:13039"]) {
  test(`life and talent near ${key}: the nearest of each, with its page, and that the list is a chosen one`, () => {
    const { model, cards } = whole();
    const card = shown(cards.of(model.byKey.get(key)));
    const life = sectionOf(card, "Life and talent nearby");
    assert.deepEqual(life.all("li").map((node) => node.textContent.replace(/[a-z]$/, "")), [`University, campus12.3${NB}km`, `Research, lab≈${NB}30.0${NB}km`, `Hospital, ward8.1${NB}km`, `Beach, Beach4.4${NB}km`]);
    assert.ok(life.textContent.includes("nearest of a chosen list of places, not of an inventory"));
    assert.ok(card.textContent.includes("Page of campus"));
  });
}

test("a place that the map holds opens its card, one that it does not is only named", () => {
  const { model, cards, calls } = whole();
  const life = sectionOf(shown(cards.of(model.byKey.get("site:Acier"))), "Life and talent nearby");
  assert.deepEqual(life.all("button", "link").map((node) => node.textContent), ["Beach"]);
  life.all("button", "link")[0].listeners.click();
  assert.deepEqual(calls, [["select", "place:beach"]]);
});

test("wherever access is told, the limits of what is known of rail are told with it", () => {
  const { model, cards } = whole();
  for (const key of ["site:Acier", "project:hub", "commune:13039", "place:beach", "pole:martigues-fos"]) {
    assert.ok(sectionOf(shown(cards.of(model.byKey.get(key))), "Access").textContent.includes("passenger stations: freight tracks and sidings are not in the data"), key);
  }
});

test("a distance with an approximate position at either end says so", () => {
  const { model, cards } = whole();
  const said = (item) => sectionOf(shown(cards.of(item)), "Access").all("b").map((node) => node.textContent.startsWith("≈"));
  const item = model.byKey.get("site:Acier");
  assert.deepEqual(said(item), [false, true, false, false, false], "only the terminal, which is approximate");
  assert.deepEqual(said({ ...item, approximate: true }), [true, true, true, true, true]);
  const nearby = (site) => sectionOf(shown(cards.of(site)), "Decarbonation nearby").all("span", "k").map((node) => node.textContent);
  assert.deepEqual(nearby({ ...item, approximate: true }), [`≈${NB}1.2${NB}km`, `≈${NB}4.4${NB}km`]);
  model.byKey.get("project:pipe").approximate = true;
  assert.deepEqual(nearby(item), [`1.2${NB}km`, `≈${NB}4.4${NB}km`]);
});

test("a site says why its figures end where they do, in the words of the source", () => {
  const { model, cards, config } = whole();
  config.sources.eutl.vintage = { en: "2005-2022 (an edition)", fr: "" };
  assert.ok(sectionOf(shown(cards.of(model.byKey.get("site:Acier"))), "Verified").textContent.includes("2022 is the last year because the source holds 2005-2022 (an edition)."));
});

test("the total of a pole changes since its figures compare, a site since its first figure", () => {
  const { model, cards, config, set } = whole((text) => text, { first_year: 2020, scope_widened: 2021, emissions: { Acier: [500, 450, 400] } });
  config.poles["martigues-fos"].co2 = [2500, 1000, 1500];
  set({ year: 2022 });
  const said = (key) => shown(cards.of(model.byKey.get(key))).all("span", "change").map((node) => node.textContent);
  assert.deepEqual(said("pole:martigues-fos"), ["+50% since 2021"]);
  assert.deepEqual(said("site:Acier"), ["−20% since 2020"]);
  set({ year: 2021 });
  assert.deepEqual(said("pole:martigues-fos"), [], "nothing to compare with in the first year");
});

test("a project says its status first and how old that is", () => {
  const { model, cards } = whole();
  const said = (key) => shown(cards.of(model.byKey.get(key))).all("div", "status-line")[0].textContent;
  assert.ok(said("project:hub").endsWith("status of July 2025, more than a year ago"), said("project:hub"));
  assert.ok(said("project:pipe").endsWith("as of July 2026"), said("project:pipe"));
});

test("a date that gives a year only is old a year after that year has ended", () => {
  const { pm } = whole();
  for (const { said, today, old } of json("tests/layers/age_cases.json")) assert.equal(pm.text.old(said, Date.parse(today)), old, `${said} on ${today}`);
});

test("a status more than a year old is marked by a sign and words, a younger one says its date", () => {
  const { model, cards } = whole();
  const site = (year) => shown(cards.of(Object.assign(model.byKey.get("site:Acier"), { status_year: year })));
  const [marked] = site(2021).all("span", "aged");
  assert.equal(marked.textContent, "status of 2021, more than a year ago");
  assert.equal(marked.all("svg").length, 1);
  assert.equal(site(2026).all("span", "aged").length, 0);
  assert.ok(site(2026).textContent.includes("status of 2026"));
  assert.equal(site(undefined).all("span", "aged").length, 0);
});

test("a cell that an official service says has the letter of that service", () => {
  const { model, cards, config } = whole();
  const official = { seveso: "irep-2019", geometry: "irep-2019", operator: "register" };
  const card = shown(cards.of(Object.assign(model.byKey.get("site:Acier"), { official })));
  const letters = Object.fromEntries(card.all("li").filter((node) => node.attributes["data-cite"]).map((node) => [node.attributes["data-cite"], node.textContent]));
  const [tier] = card.all("dd").filter((node) => node.textContent.startsWith("Upper tier") || node.textContent.startsWith("Seveso"));
  const cited = (node) => node.all("button").map((one) => one.attributes["data-cite"]).filter(Boolean);
  assert.deepEqual(cited(tier).map((letter) => letters[letter].includes("irep-2019")), [true], tier.textContent);
  const said = facts(card)["As official services say"];
  assert.match(said, /^Seveso regime\w+, position\w+, other entries\w+$/);
  assert.equal(facts(shown(cards.of(model.byKey.get("site:Kiln"))))["As official services say"], undefined);
  const people = (more) => cited(shown(cards.of(Object.assign(model.byKey.get("commune:13039"), more))).all("dd")[0]);
  assert.equal(people({ official: { population: "register" } }).length, 1);
  config.people = ["register", "decoupage-administratif"];
  assert.equal(people({ official: undefined }).length, 2);
});

test("about a layer stands when it was last brought up to date, or that it is as shipped", () => {
  const { cards, config } = whole();
  const said = () => shown(cards.about({ layer: "industry", name: null })).all("p", "refreshed")[0].textContent;
  assert.equal(said(), "Not refreshed: as shipped");
  config.layers.industry.refreshed = "2026-11-24";
  assert.equal(said(), "Last refresh: 24 November 2026");
});

test("a project shows the sites that have it within reach, with the same distances", () => {
  const { model, cards } = whole();
  const card = shown(cards.of(model.byKey.get("project:hub")));
  const near = card.all("section").find((node) => node.textContent.startsWith("Industrial sites nearby"));
  assert.deepEqual(near.all("b").map((node) => node.textContent), ["Zinc works", "Acier", "Étain"]);
});

test("units of one complex are read together, with their sum", () => {
  const { model, cards, set } = whole();
  set({ year: 2022 });
  const said = shown(cards.of(model.byKey.get("site:Acier"))).textContent;
  assert.ok(said.includes("Read together with"));
  assert.ok(said.includes(`500${NB}t verified for these sites together in 2022`), said);
  assert.ok(!shown(cards.of(model.byKey.get("site:Zinc works"))).textContent.includes("Read together with"));
});

test("a commune tells people, density, emissions of its sites, and where the distances start", () => {
  const { model, cards } = whole();
  const said = facts(shown(cards.of(model.byKey.get("commune:13039"))));
  assert.match(said.Inhabitants, /^15,000 \(2023\)[a-z]$/);
  assert.match(said.Density, /^250 per km²/);
  assert.match(said["CO₂ in 2022"], new RegExp(`^2${NB}kt \\(2022\\)`));
  assert.ok(shown(cards.of(model.byKey.get("commune:13039"))).textContent.includes("from the town hall"));
  assert.ok(shown(cards.of(model.byKey.get("commune:13063"))).textContent.includes("a point inside the commune"));
  assert.match(facts(shown(cards.of(model.byKey.get("commune:13047"))))["CO₂ in 2022"], /No verified figure/);
});

test("a port tells the sites and the projects around it", () => {
  const { model, cards } = whole();
  const said = shown(cards.of(model.byKey.get("port:quay"))).textContent;
  for (const part of ["Acier", `0.4${NB}km`, "Hub", `2.0${NB}km`, "Register harbour"]) assert.ok(said.includes(part), part);
});

test("a pole's profile tells what the tables tell", () => {
  const { model, cards, set } = whole();
  set({ year: 2022 });
  const said = shown(cards.of(model.byKey.get("pole:martigues-fos"))).textContent;
  for (const part of ["23 communes", "300,000", `2${NB}kt`, "−40% since 2021", "Announced", "€750 m".replace(" ", NB), "stated by 3 projects", "1 with a start year, from 2030 to 2030", "1 suspended, not counted", "High-speed stations", "Beach"]) assert.ok(said.includes(part), `${part} in ${said}`);
});

test("a pole without a site in the EU ETS says so, and nowhere shows zero tonnes", () => {
  const { model, cards } = whole();
  const said = shown(cards.of(model.byKey.get("pole:la-ciotat-cassis"))).textContent;
  assert.ok(said.includes("No site of this pole is in the EU ETS."), said);
  assert.ok(said.includes("Not published"), "no investment is no sum of 0");
  assert.doesNotMatch(said, new RegExp(`\\b0${NB}(t|kt|Mt)\\b`));
});

test("the buttons of a card say and do what they are for", () => {
  const { model, cards, calls, set } = whole();
  const acts = (key) => shown(cards.of(model.byKey.get(key))).all("button", "button");
  assert.deepEqual(acts("site:Acier").map((node) => node.textContent), ["Compare", "Save", "Share", "Around here"]);
  assert.deepEqual(acts("project:hub").map((node) => node.textContent), ["Save", "Share", "Around here"]);
  assert.deepEqual(acts("commune:13039").map((node) => node.textContent), ["Compare", "Save", "Share"]);
  for (const node of acts("site:Acier")) node.listeners.click();
  assert.deepEqual(calls.map(([name, given]) => [name, given?.key ?? given]), [["compare", "site:Acier"], ["keep", "site:Acier"], ["share", undefined], ["around", "site:Acier"]]);
  set({ keep: ["site:Acier"], compare: ["site:Acier"] });
  assert.deepEqual(acts("site:Acier").map((node) => [node.textContent, node.attributes["aria-pressed"]]), [["Compare", "true"], ["Saved", "true"], ["Share", undefined], ["Around here", undefined]]);
});

test("a pole's profile filters the map on it and opens the comparison of all three", () => {
  const { model, cards, calls, set } = whole();
  set({ filters: { status: ["announced"] }, compare: ["site:Acier"] });
  const buttons = shown(cards.of(model.byKey.get("pole:martigues-fos"))).all("button");
  buttons.find((node) => node.textContent === "Show only this pole on the map").listeners.click();
  buttons.find((node) => node.textContent === "Compare the three poles").listeners.click();
  assert.deepEqual(JSON.parse(JSON.stringify(calls)), [["change", { filters: { status: ["announced"], pole: ["martigues-fos"] } }, { push: true }], ["compare", null]]);
});
