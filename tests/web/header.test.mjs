// The tabs of the header: each page is handed the View in its own way.
import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const { header, view } = load();
const seen = view.fromQuery("lang=fr&theme=dark&layers=poles,industry&year=2018&select=pole:martigues-fos").view;
const present = { id: "present", href: "../present" };

test("Present is offered the View after its address, in the language and theme of Explore", () => {
  const [address, handed] = header.address(present, seen).split("#take=");
  assert.equal(address, "../present?lang=fr&theme=dark");
  assert.equal(decodeURIComponent(handed), "layers=poles,industry&year=2018&select=pole:martigues-fos");
});

test("a scene is made of any View, also of the map as it opens", () => {
  assert.equal(header.address(present, view.fresh(), "scene"), "../present#scene=");
});

test("what is handed over comes back as the same View", () => {
  const handed = new URLSearchParams(header.address(present, seen).split("#")[1]).get("take");
  assert.deepEqual(view.toQuery(view.fromQuery(handed).view), view.toQuery({ ...seen, language: null, theme: null }));
});

test("Explore opens on the View itself", () => {
  assert.equal(header.address({ id: "explore", href: "./" }, seen), `./?${view.toQuery(seen)}`);
  assert.equal(header.address({ id: "explore", href: "./" }, view.fresh()), "./");
});
