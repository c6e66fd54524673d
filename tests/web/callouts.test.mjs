// Callouts of a scene: beside what they name, over nothing that must be seen.
import assert from "node:assert/strict";
import test from "node:test";
import { load, plain, random } from "./load.mjs";

const { callouts } = load();
const FRAME = { left: 880, top: 12, right: 1900, bottom: 1060 };
const anchor = (x, y, more) => ({ x, y, r: 24, w: 260, h: 78, ...more });
const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const inside = (box) => box.left >= FRAME.left && box.right <= FRAME.right && box.top >= FRAME.top && box.bottom <= FRAME.bottom;
const ring = ({ x, y, r }) => ({ left: x - r, top: y - r, right: x + r, bottom: y + r });
const place = (anchors, where = {}) => plain(callouts.place(anchors, { frame: FRAME, gap: 12, ...where }));

test("a callout with room stands to the right of its ring, a gap away and level with it", () => {
  const [box] = place([anchor(1300, 500)]);
  assert.deepEqual(box, { left: 1336, top: 461, right: 1596, bottom: 539 });
});

test("at the right edge it stands to the left, in a corner where there is room", () => {
  assert.ok(place([anchor(1880, 500)])[0].right <= 1880 - 24);
  for (const [x, y] of [[900, 30], [1890, 30], [900, 1050], [1890, 1050]]) assert.ok(inside(place([anchor(x, y)])[0]), `${x}, ${y}`);
});

test("what lies over the map is kept free, and symbols where another side is", () => {
  const taken = [{ left: 1330, top: 400, right: 1700, bottom: 600 }];
  assert.ok(!overlap(place([anchor(1300, 500)], { taken })[0], taken[0]));
  const symbols = [{ left: 1400, top: 480, right: 1440, bottom: 520 }];
  assert.ok(!overlap(place([anchor(1300, 500)], { symbols })[0], symbols[0]));
  // Hemmed in on all sides near by, hiding one is better than a callout far away.
  const crowd = Array.from({ length: 400 }, (_, i) => ({ left: 900 + (i % 20) * 50, top: 20 + Math.floor(i / 20) * 50, right: 904 + (i % 20) * 50, bottom: 24 + Math.floor(i / 20) * 50 }));
  assert.ok(place([anchor(1300, 500)], { symbols: crowd })[0]);
});

test("six callouts never lie over one another, another ring, or the edge of the frame, wherever they are", () => {
  const next = random(42);
  for (let round = 0; round < 300; round += 1) {
    const tight = round % 3 === 0 ? 60 : 900;
    const anchors = Array.from({ length: 6 }, () => anchor(900 + next() * tight, 100 + next() * tight, { w: 160 + next() * 300, h: 78 + 32 * Math.floor(next() * 2) }));
    const boxes = place(anchors);
    boxes.forEach((box, i) => {
      assert.ok(box, "there is room for six");
      assert.ok(inside(box));
      anchors.forEach((other) => assert.ok(!overlap(box, ring(other)), "over a ring"));
      boxes.forEach((other, j) => assert.ok(i === j || !overlap(box, other), "over a callout"));
    });
  }
});

test("the callout of an area lies in its middle, or beside it where that is taken", () => {
  assert.deepEqual(place([anchor(1300, 500, { r: 0 })]), [{ left: 1170, top: 461, right: 1430, bottom: 539 }]);
  const taken = [{ left: 1290, top: 490, right: 1310, bottom: 510 }];
  assert.ok(!overlap(place([anchor(1300, 500, { r: 0 })], { taken })[0], taken[0]));
});

test("what is out of sight has no callout, and no room is no callout", () => {
  assert.deepEqual(place([anchor(100, 500), anchor(1300, 500)])[0], null);
  assert.deepEqual(place([anchor(1300, 500)], { taken: [FRAME] }), [null]);
});

test("a callout away from its ring is led to, one beside it is not", () => {
  assert.equal(callouts.leader({ x: 0, y: 0, r: 20 }, { left: 32, top: -20, right: 200, bottom: 20 }, 14), null);
  const line = plain(callouts.leader({ x: 0, y: 0, r: 20 }, { left: 100, top: -20, right: 200, bottom: 20 }, 14));
  assert.deepEqual(line, { from: { x: 20, y: 0 }, to: { x: 100, y: 0 } });
});

test("a line goes over what lies between its ends, and over nothing beside or beyond them", () => {
  const line = { from: { x: 0, y: 0 }, to: { x: 100, y: 50 } };
  assert.equal(callouts.crosses(line, { left: 40, top: 10, right: 60, bottom: 40 }), true);
  assert.equal(callouts.crosses(line, { left: 40, top: 40, right: 60, bottom: 80 }), false);
  assert.equal(callouts.crosses(line, { left: 120, top: 55, right: 160, bottom: 90 }), false);
  assert.equal(callouts.crosses(null, { left: 0, top: 0, right: 1, bottom: 1 }), false);
});

test("a long name is broken into even lines, a short one and a long word are left alone", () => {
  const measure = (text) => text.length * 10;
  assert.deepEqual(plain(callouts.lines("GravitHy", 300, measure)), ["GravitHy"]);
  assert.deepEqual(plain(callouts.lines("Naphtachimie – vapocraqueur de Lavéra", 300, measure)), ["Naphtachimie –", "vapocraqueur de Lavéra"]);
  assert.deepEqual(plain(callouts.lines("Donaudampfschifffahrtsgesellschaft", 100, measure)), ["Donaudampfschifffahrtsgesellschaft"]);
});
