// A story being written: scenes from Views, their order, what the browser kept.
import assert from "node:assert/strict";
import test from "node:test";
import { load, plain, random } from "./load.mjs";

const { draft: pmDraft, view: pmView } = load();
const placed = (key) => /^(site|project|place):/.test(key);
const from = (query) => pmDraft.fromView(pmView.fromQuery(query).view, placed);
const story = (...titles) => titles.reduce((made, title) => pmDraft.inserted(made, pmDraft.scene({ title: { en: title, fr: title } })), pmDraft.fresh());
const titles = (made) => made.scenes.map((one) => one.title.en).join(" ");

test("a scene of a View keeps what the room sees and leaves out how the reader works", () => {
  const seen = "layers=poles,communes,industry&hidden=industry.other&bounds=4.8,43.35,5.2,43.55&year=2018&pole=martigues-fos&co2=1000..&select=pole:martigues-fos";
  const worked = `lang=fr&theme=dark&${seen}&area=5,43.4,5&compare=site:a,site:b&keep=site:a,commune:13039&panel=compare&table=-figure`;
  assert.equal(from(worked).view, seen);
  assert.deepEqual(plain(from(worked).highlights), []);
});

test("what is selected at a point becomes a highlight, an area stays selected", () => {
  const site = from("layers=industry&select=site:arcelormittal-fos");
  assert.deepEqual([site.view, plain(site.highlights)], ["layers=industry", ["site:arcelormittal-fos"]]);
  const commune = from("select=commune:13039");
  assert.deepEqual([commune.view, plain(commune.highlights)], ["select=commune:13039", []]);
});

test("a scene moves, and no further than the ends", () => {
  assert.equal(titles(pmDraft.moved(story("a", "b", "c"), 0, 1)), "b a c");
  assert.equal(titles(pmDraft.moved(story("a", "b", "c"), 0, 9)), "b c a");
  assert.equal(titles(pmDraft.moved(story("a", "b", "c"), 2, -4)), "c a b");
});

test("moving loses no scene, and moving back restores the order", () => {
  const next = random(4);
  const words = Array.from({ length: 12 }, (_, i) => `s${i}`);
  for (let i = 0; i < 200; i++) {
    const [a, b] = [Math.floor(next() * 12), Math.floor(next() * 12)];
    const once = pmDraft.moved(story(...words), a, b);
    assert.equal(once.scenes[b].title.en, `s${a}`);
    assert.equal(titles(pmDraft.moved(once, b, a)), words.join(" "));
  }
});

test("a change makes a new draft and leaves the old one as it was", () => {
  const before = story("a", "b");
  const kept = JSON.stringify(before);
  pmDraft.moved(before, 0, 1);
  pmDraft.removed(before, 0);
  pmDraft.changed(before, 0, { seconds: 90 });
  const copy = pmDraft.doubled(before, 0);
  copy.scenes[1].title.en = "x";
  copy.scenes[1].notes.en.push("x");
  assert.equal(JSON.stringify(before), kept);
  assert.equal(titles(copy), "a x b");
});

test("scenes are named by their order and their English title", () => {
  const made = pmDraft.named(story("Fos & Berre: what’s next?", "", "Écoles d’été"));
  assert.deepEqual(plain(made.scenes.map((one) => one.name)), ["01-fos-berre-what-s-next", "02-scene", "03-ecoles-d-ete"]);
  const again = pmDraft.named(pmDraft.moved(made, 2, 0));
  assert.deepEqual(plain(again.scenes.map((one) => one.name)), ["01-ecoles-d-ete", "02-fos-berre-what-s-next", "03-scene"]);
});

test("two hundred scenes are in order by their names as well", () => {
  const names = plain(pmDraft.named(story(...Array.from({ length: 200 }, (_, i) => `t${i}`))).scenes.map((one) => one.name));
  assert.equal(names[0], "001-t0");
  assert.deepEqual([...names].sort(), names);
});

test("what the browser kept is read back, and what is no draft is not", () => {
  const made = pmDraft.named(story("a", "b"));
  assert.deepEqual(plain(pmDraft.read(JSON.stringify(made))), plain(made));
  for (const broken of [null, "", "{", "[]", "{}", "7", JSON.stringify({ ...made, scenes: [{}] }), JSON.stringify({ ...made, title: "a" }), JSON.stringify({ ...made, scenes: [{ ...plain(made.scenes[0]), notes: { en: [] } }] })]) {
    assert.equal(pmDraft.read(broken), null, String(broken));
  }
});

test("a fault is told beside the scene of its file", () => {
  const made = pmDraft.named(story("one", "two"));
  made.scenes[1].picture = { name: "yard.jpg" };
  assert.deepEqual(plain(pmDraft.placeOf(made, { file: "02-two.md", field: "title.fr" })), { scene: 1, field: "title.fr" });
  assert.deepEqual(plain(pmDraft.placeOf(made, { file: "my-story/01-one.md", field: null })), { scene: 0, field: null });
  assert.deepEqual(plain(pmDraft.placeOf(made, { file: "yard.jpg", field: "picture" })), { scene: 1, field: "picture" });
  assert.deepEqual(plain(pmDraft.placeOf(made, { file: "story.toml", field: "title.fr" })), { scene: null, field: "title.fr" });
});

test("a figure is put where the cursor is, in place of what is selected", () => {
  assert.deepEqual(plain(pmDraft.withFigure("of xx sites", 3, 5, "sites-metropolis")), { text: "of {sites-metropolis} sites", at: 21 });
  assert.deepEqual(plain(pmDraft.withFigure("", 0, 0, "fos-jobs")), { text: "{fos-jobs}", at: 10 });
});

test("a story’s length is that of its scenes", () => {
  const made = story("a", "b", "c");
  assert.equal(pmDraft.minutes(made), 2);
  assert.equal(pmDraft.minutes(pmDraft.fresh()), 1);
  assert.ok(pmDraft.isEmpty(pmDraft.fresh()));
  assert.ok(!pmDraft.isEmpty(made));
});
