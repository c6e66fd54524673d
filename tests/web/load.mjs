// Loads the document's plain scripts, in the order of layers/web/assets.py, into a world of its own.
// app.js, which starts on a page, is left out.
import { readFileSync } from "node:fs";
import vm from "node:vm";
import { FakeDocument, FakeNode } from "./dom.mjs";

const at = (path) => new URL(`../../${path}`, import.meta.url);

/** A file of the project as text. */
export const read = (path) => readFileSync(at(path), "utf8");

/** A JSON file of the project. */
export const json = (path) => JSON.parse(read(path));

/** The names of the scripts, as the document joins them. */
const listed = (name) => new RegExp(`${name}[^=]*= \\(([^)]*)\\)`).exec(read("layers/web/assets.py"))[1].match(/\w+/g);
export const SCRIPTS = [...listed("SCRIPTS").slice(0, -1), ...["SHOWN", "BESIDE", "DESK", "PLANNED", "DRAPED", "AWAY", "RELIEF", "SITED"].flatMap(listed), "app"];

/**
 * A table of texts: dotted key to text, from the few forms of TOML the tables use.
 * @param {"en" | "fr"} language
 */
export function texts(language) {
  const found = {};
  let group = "";
  for (const line of read(`layers/locale/${language}.toml`).split("\n")) {
    const head = /^\[([\w-]+)\]$/.exec(line);
    const pair = /^([\w-]+) = (".*")$/.exec(line);
    if (head) group = head[1];
    else if (pair) found[`${group}.${pair[1]}`] = JSON.parse(pair[2]);
    else if (line && !line.startsWith("#")) throw new Error(`${language}.toml: a line this reader does not know: ${line}`);
  }
  return found;
}

/** A fresh `provence` with everything but app.js, in English, with its texts. */
export function load() {
  const world = vm.createContext({ URLSearchParams, Intl, Math, JSON, Date, Node: FakeNode, document: new FakeDocument() });
  for (const name of SCRIPTS.filter((script) => script !== "app")) {
    vm.runInContext(read(`layers/web/js/${name}.js`), world, { filename: `layers/web/js/${name}.js` });
  }
  // The last verified year of the features that these tests are written with.
  world.provence.view.lastYear = 2022;
  world.provence.text.load({ en: texts("en"), fr: texts("fr") });
  return world.provence;
}

/** Values of another world as ours, so that deepEqual compares what they hold. */
export const plain = (value) => JSON.parse(JSON.stringify(value));

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
  };
}
