// Names on the map: never over one another or over a symbol, the higher rank first.
import assert from "node:assert/strict";
import test from "node:test";
import { load, plain, random } from "./load.mjs";

const { labels } = load();
const FRAME = { left: 0, top: 0, right: 800, bottom: 600 };
const label = (id, x, y, more = {}) => ({ id, x, y, w: 80, h: 16, rank: 1, ...more });
const square = (x, y, half) => ({ left: x - half, right: x + half, top: y - half, bottom: y + half });
const place = (all, obstacles = [], small = undefined) => plain(labels.place(all, obstacles, FRAME, small));

/** Random names and symbols, some of them outside the frame. */
function scene(next) {
  const many = (most, make) => Array.from({ length: Math.floor(next() * most) }, (_, i) => make(i, next() * 900 - 50, next() * 700 - 50));
  return {
    all: many(120, (i, x, y) => label(`n${i}`, x, y, { w: 20 + next() * 100, h: 10 + next() * 20, rank: Math.floor(next() * 9), fixed: next() < 0.2 })),
    obstacles: many(60, (_, x, y) => square(x, y, 4 + next() * 26)),
  };
}

test("names never overlap each other or a symbol, and lie inside the frame", () => {
  const next = random(5);
  for (let round = 0; round < 150; round++) {
    const { all, obstacles } = scene(next);
    const placed = place(all, obstacles);
    placed.forEach(({ id, box }, i) => {
      assert.ok(box.left >= 0 && box.top >= 0 && box.right <= 800 && box.bottom <= 600, `${id} leaves the frame`);
      for (const other of placed.slice(i + 1)) assert.equal(labels.overlap(box, other.box), false, `${id} and ${other.id} overlap`);
      for (const obstacle of obstacles) assert.equal(labels.overlap(box, obstacle), false, `${id} covers a symbol`);
    });
    assert.equal(new Set(placed.map(({ id }) => id)).size, placed.length);
  }
});

test("a name that is left out had no free side", () => {
  const next = random(6);
  for (let round = 0; round < 50; round++) {
    const { all, obstacles } = scene(next);
    const placed = place(all, obstacles);
    const taken = [...obstacles, ...placed.map(({ box }) => box)];
    for (const left of all.filter(({ id }) => !placed.some((other) => other.id === id))) {
      for (const side of left.fixed ? ["c"] : ["c", "r", "l", "t", "b"]) {
        const box = labels.box(left, left.w, left.h, side);
        const inside = box.left >= 0 && box.top >= 0 && box.right <= 800 && box.bottom <= 600;
        assert.ok(!inside || taken.some((other) => labels.overlap(box, other)), `${left.id} had room at ${side}`);
      }
    }
  }
});

test("the same scene gives the same places", () => {
  const { all, obstacles } = scene(random(7));
  assert.deepEqual(place(all, obstacles), place(all, obstacles));
});

test("the higher rank takes the place, whatever the order they come in", () => {
  const city = label("city", 100, 100, { rank: 1, fixed: true });
  const town = label("town", 100, 100, { rank: 2, fixed: true });
  assert.deepEqual(place([town, city]).map(({ id }) => id), ["city"]);
});

test("a name gives way to its side, a fixed one stays away", () => {
  const symbol = square(100, 100, 6);
  assert.deepEqual(place([label("town", 100, 100)], [symbol]).map(({ side }) => side), ["r"]);
  assert.deepEqual(place([label("sea", 100, 100, { fixed: true })], [symbol]), []);
});

test("a name near the edge turns inwards", () => {
  assert.deepEqual(place([label("east", 795, 300)]).map(({ side }) => side), ["l"]);
  assert.deepEqual(place([label("west", 5, 300)]).map(({ side }) => side), ["r"]);
});

test("boxes that only touch do not overlap", () => {
  assert.equal(labels.overlap({ left: 0, right: 5, top: 0, bottom: 5 }, { left: 5, right: 9, top: 0, bottom: 5 }), false);
  assert.equal(labels.overlap(square(0, 0, 5), square(9, 0, 5)), true);
});

test("a box stands on the side it is asked for", () => {
  const anchor = { x: 50, y: 50 };
  assert.deepEqual(plain(labels.box(anchor, 20, 10, "c")), { left: 40, top: 45, right: 60, bottom: 55 });
  assert.ok(labels.box(anchor, 20, 10, "r").left > 50 && labels.box(anchor, 20, 10, "l").right < 50);
  assert.ok(labels.box(anchor, 20, 10, "t").bottom < 50 && labels.box(anchor, 20, 10, "b").top > 50);
});

test("of several places for one name the first free one is taken, and the name is written once", () => {
  const sea = (x, at) => label("sea", x, 100, { fixed: true, at });
  assert.deepEqual(place([sea(100, "west"), sea(400, "east")]).map(({ at }) => at), ["west"]);
  assert.deepEqual(place([sea(100, "west"), sea(400, "east")], [square(100, 100, 5)]).map(({ at }) => at), ["east"]);
});

test("a small symbol is left free where there is another side, and covered where there is none", () => {
  const small = square(100, 100, 4);
  assert.deepEqual(place([label("town", 100, 100)], [], [small]).map(({ side }) => side), ["r"]);
  assert.deepEqual(place([label("sea", 100, 100, { fixed: true })], [], [small]).map(({ side }) => side), ["c"]);
});
