// Where a scene looks, and the way from one look to the next.
import assert from "node:assert/strict";
import test from "node:test";
import { load, plain, random } from "./load.mjs";

const { framing } = load();
const near = (a, b, within = 1e-6) => assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);
const FREE = { left: 900, top: 40, right: 1860, bottom: 900 };
const WHOLE = { left: 0, top: 0, right: 1920, bottom: 1080 };

test("the plane is that of Leaflet: 256 px around the world, square at the limit of the projection", () => {
  const origin = plain(framing.project(0, 0));
  near(origin.x, 128);
  near(origin.y, 128);
  near(framing.project(180, 85.0511287798).x, 256);
  near(framing.project(180, 85.0511287798).y, 0, 1e-6);
  // Marseille, by the other way to write the projection.
  near(framing.project(5.3698, 43.2965).x, (256 * (5.3698 + 180)) / 360);
  near(framing.project(5.3698, 43.2965).y, 128 * (1 - Math.asinh(Math.tan((43.2965 * Math.PI) / 180)) / Math.PI));
  assert.equal(framing.project(0, 90).y, framing.project(0, 85.0511287798).y, "a pole is not at infinity");
});

test("an extent is framed in the free part: whole, centred, and as large as can be", () => {
  const bounds = [4.75, 43.3, 5.3, 43.62];
  const camera = framing.camera(bounds, FREE);
  const a = framing.within(camera, framing.project(bounds[0], bounds[3]));
  const b = framing.within(camera, framing.project(bounds[2], bounds[1]));
  near((a.x + b.x) / 2, (FREE.left + FREE.right) / 2);
  near((a.y + b.y) / 2, (FREE.top + FREE.bottom) / 2);
  assert.ok(a.x >= FREE.left - 1e-6 && b.x <= FREE.right + 1e-6 && a.y >= FREE.top - 1e-6 && b.y <= FREE.bottom + 1e-6);
  near(Math.max((b.x - a.x) / (FREE.right - FREE.left), (b.y - a.y) / (FREE.bottom - FREE.top)), 1);
});

test("an extent without any size, and a free part without any, give a camera all the same", () => {
  for (const camera of [framing.camera([5, 43, 5, 43], FREE), framing.camera([4, 43, 6, 44], { left: 10, top: 10, right: 10, bottom: 10 })]) {
    assert.ok(Object.values(plain(camera)).every(Number.isFinite));
    assert.ok(camera.scale > 0);
  }
});

test("a flight begins where it is seen and ends where it is to be, and never turns back", () => {
  const [from, to] = [framing.camera([4.7, 43.1, 5.8, 43.8], WHOLE), framing.camera([5.35, 43.05, 5.75, 43.32], FREE)];
  for (const name of ["left", "top", "scale"]) {
    near(framing.between(from, to, 0)[name], from[name], 1e-9);
    near(framing.between(from, to, 1)[name], to[name], 1e-9);
    const way = Array.from({ length: 101 }, (_, i) => framing.between(from, to, framing.ease(i / 100))[name]);
    const sign = Math.sign(to[name] - from[name]);
    assert.ok(way.every((value, i) => !i || sign * (value - way[i - 1]) >= -1e-9), `${name} turned back`);
  }
});

test("on the way nothing is seen that lies outside of a picture which holds the other", () => {
  const next = random(7);
  for (let i = 0; i < 200; i += 1) {
    const outer = { scale: 500 + 500 * next(), left: 131, top: 93 };
    const inner = { scale: outer.scale * (1.2 + 4 * next()), left: 0, top: 0 };
    inner.left = outer.left + next() * (1920 / outer.scale - 1920 / inner.scale);
    inner.top = outer.top + next() * (1080 / outer.scale - 1080 / inner.scale);
    for (let t = 0; t <= 1; t += 0.05) {
      const at = framing.between(outer, inner, t);
      assert.ok(at.left >= outer.left - 1e-9 && at.top >= outer.top - 1e-9);
      assert.ok(at.left + 1920 / at.scale <= outer.left + 1920 / outer.scale + 1e-9 && at.top + 1080 / at.scale <= outer.top + 1080 / outer.scale + 1e-9);
    }
  }
});

test("Views of one scale are flown between evenly", () => {
  const from = { left: 130, top: 93, scale: 2000 };
  const middle = framing.between(from, { left: 132, top: 92, scale: 2000 }, 0.5);
  near(middle.left, 131);
  near(middle.top, 92.5);
  near(middle.scale, 2000);
});

/** A CSS transform as numbers. */
const read = (transform) => /** @type {string[]} */ (/translate\((.*)px, (.*)px\) scale\((.*)\)/.exec(transform)).slice(1).map(Number);

test("a picture lies still where it was made for, to the px", () => {
  const camera = framing.camera([4.7, 43.1, 5.8, 43.8], FREE);
  assert.deepEqual(read(framing.transform(camera, camera)), [0, 0, 1]);
  assert.deepEqual(read(framing.transform(framing.widened(camera, 384, 216), camera)), [-384, -216, 1]);
});

test("two pictures of one flight show a place at the same point, at every key frame and between them", () => {
  const [from, to] = [framing.camera([4.7, 43.1, 5.8, 43.8], WHOLE), framing.camera([5.35, 43.05, 5.75, 43.32], FREE)];
  const place = framing.project(5.6, 43.2);
  const ways = [framing.widened(from, 384, 216), framing.widened(to, 384, 216)].map((picture) => ({ at: framing.within(picture, place), way: framing.way(picture, from, to) }));
  const [one, other] = ways;
  assert.equal(one.way[0].offset, 0);
  assert.equal(one.way[one.way.length - 1].offset, 1);
  for (let i = 0; i < one.way.length - 1; i += 1) {
    for (const part of [0, 0.5, 0.9]) {
      const [a, b] = [one, other].map(({ at, way }) => {
        const [here, there] = [read(way[i].transform), read(way[i + 1].transform)];
        const [x, y, scale] = here.map((value, j) => value + (there[j] - value) * part);
        return { x: x + at.x * scale, y: y + at.y * scale };
      });
      near(a.x, b.x, 0.02);
      near(a.y, b.y, 0.02);
    }
  }
});

test("what is drawn is as large as the screen allows, and never too small to read", () => {
  assert.equal(framing.factor(1920, 1080), 1);
  assert.equal(framing.factor(3840, 1080), 1);
  near(framing.factor(1280, 720), 2 / 3);
  near(framing.factor(1024, 768), 0.64);
  assert.equal(framing.factor(390, 844), 0.42);
});
