// What a show reckons with, without a page: keys, clock, digits, pace, letters of sources, progress, address.
import assert from "node:assert/strict";
import test from "node:test";
import { load, plain } from "./load.mjs";

const world = load();
const { showState: show, showStage, showPointer, slideChart, slide } = world;

/** A clock set by hand, and what waits on it. */
function byHand() {
  let at = 0;
  const waiting = [];
  return {
    now: () => at,
    later(run, ms) {
      const one = { run, due: at + ms };
      waiting.push(one);
      return () => waiting.splice(waiting.indexOf(one), waiting.includes(one) ? 1 : 0);
    },
    pass(ms) {
      at += ms;
      for (const one of waiting.filter(({ due }) => due <= at)) {
        waiting.splice(waiting.indexOf(one), 1);
        one.run();
      }
    },
  };
}

for (const [key, action] of [["PageDown", "next"], ["ArrowRight", "next"], [" ", "next"], ["Enter", "next"], ["PageUp", "previous"], ["Backspace", "previous"], ["Home", "first"], ["End", "last"], ["B", "black"], [".", "black"], ["?", "help"], ["0", "frame"], ["7", 7], ["x", null], ["F5", null]]) {
  test(`key ${JSON.stringify(key)} asks for ${action}`, () => assert.equal(show.keyOf({ key }), action));
}

test("a key pressed with Ctrl, Alt or Meta belongs to the browser", () => {
  for (const held of ["ctrlKey", "altKey", "metaKey"]) assert.equal(show.keyOf({ key: "PageDown", [held]: true }), null);
});

test("a French keyboard gives digits without Shift", () => {
  assert.equal(show.keyOf({ key: "&", code: "Digit1" }), 1);
  assert.equal(show.keyOf({ key: "à", code: "Digit0" }), "frame");
  assert.equal(show.keyOf({ key: "-", code: "Digit6" }), 6);
  assert.equal(show.keyOf({ key: "!", code: "Digit1", shiftKey: true }), null);
});

test("plus and minus set the pace only while the show plays by itself", () => {
  assert.equal(show.keyOf({ key: "-", code: "Digit6" }, true), "slower");
  assert.equal(show.keyOf({ key: "+" }, true), "faster");
  assert.equal(show.keyOf({ key: "+" }), null);
});

test("the clock stands while it is paused and goes on from there", () => {
  const time = byHand();
  const timer = show.timer(time.now);
  time.pass(5000);
  assert.equal(timer.elapsed, 5000);
  timer.toggle();
  time.pass(60_000);
  assert.equal(timer.elapsed, 5000);
  assert.equal(timer.running, false);
  timer.toggle();
  time.pass(1500);
  assert.equal(timer.elapsed, 6500);
  timer.restart();
  assert.equal(timer.elapsed, 0);
  assert.equal(timer.running, true);
});

test("a clock restarted while it stands stays at nought", () => {
  const time = byHand();
  const timer = show.timer(time.now);
  timer.toggle();
  timer.restart();
  time.pass(9000);
  assert.equal(timer.elapsed, 0);
});

for (const [seconds, written] of [[0, "00:00"], [42, "00:42"], [402, "06:42"], [3600, "1:00:00"], [3723, "1:02:03"]]) {
  test(`${seconds} s are written ${written}`, () => assert.equal(show.clock(seconds), written));
}

for (const [elapsed, state, said] of [[0, "plain", "09:00"], [419_999, "plain", "02:01"], [420_000, "soon", "02:00"], [539_000, "soon", "00:01"], [540_000, "over", "00:00"], [582_900, "over", "+00:42"]]) {
  test(`of 9 minutes, after ${elapsed} ms: ${said}, ${state}`, () => assert.deepEqual(plain(show.remaining(9, elapsed)), { state, said }));
}

/** Press digits, each after some ms, in a show of so many scenes; what was gone to, and when. */
function typed(total, ...presses) {
  const time = byHand();
  const gone = [];
  const digits = show.digits(total, (n) => gone.push(n), time.later);
  for (const [after, digit] of presses) {
    time.pass(after);
    digits.press(digit);
  }
  const atOnce = [...gone];
  time.pass(700);
  return { atOnce, gone };
}

test("a digit goes at once where no scene has two", () => assert.deepEqual(typed(9, [0, 3]).atOnce, [3]));
test("a digit that could begin a longer number waits 700 ms", () => assert.deepEqual(typed(11, [0, 1]), { atOnce: [], gone: [1] }));
test("two digits within 700 ms are one number", () => assert.deepEqual(typed(12, [0, 1], [699, 2]), { atOnce: [12], gone: [12] }));
test("two digits further apart are two numbers", () => assert.deepEqual(typed(12, [0, 1], [701, 2]), { atOnce: [1, 2], gone: [1, 2] }));
test("three digits reach the scenes of a long show", () => assert.deepEqual(typed(200, [0, 1], [100, 4], [100, 7]).gone, [147]));
test("a number beyond the last scene begins anew with its last digit", () => assert.deepEqual(typed(11, [0, 1], [100, 5]).gone, [5]));
test("a digit beyond the last scene goes nowhere", () => assert.deepEqual(typed(4, [0, 7]).gone, []));

test("digits called off go nowhere", () => {
  const time = byHand();
  const gone = [];
  const digits = show.digits(30, (n) => gone.push(n), time.later);
  digits.press(2);
  assert.equal(digits.waiting, true);
  digits.drop();
  time.pass(1000);
  assert.deepEqual(gone, []);
  assert.equal(digits.waiting, false);
});

test("the pace goes from half to double and stays there", () => {
  assert.equal(show.paced(1, 1), 1.25);
  assert.equal(show.paced(0.5, -1), 0.5);
  assert.equal(show.paced(2, 1), 2);
});

test("each figure of a sentence bears the letter of its source", () => {
  const segments = [["of ", null], ["€20 bn", 0], [" and ", null], ["10,000", 0], [" jobs, ", null], ["18", 2], [" projects", null]];
  assert.deepEqual(plain(show.lettered(segments)).filter(({ letter }) => letter), [{ text: "€20 bn", letter: "a" }, { text: "10,000", letter: "a" }, { text: "18", letter: "c" }]);
  assert.equal(show.said(segments), "of €20 bn and 10,000 jobs, 18 projects");
});

test("few scenes are dots, many are a bar", () => {
  assert.deepEqual(plain(show.progress(1, 4).dots), ["done", "on", "", ""]);
  assert.equal(show.progress(13, 14).share, null);
  assert.deepEqual(plain(show.progress(0, 200)), { share: 0, dots: null });
  assert.equal(show.progress(199, 200).share, 1);
});

test("the address keeps scene, story and language", () => {
  assert.equal(show.toAddress({ scene: 2 }), "#scene=3");
  assert.deepEqual(plain(show.fromAddress("#scene=3&story=hydrogen&lang=fr")), { scene: 2, story: "hydrogen", language: "fr" });
  assert.deepEqual(plain(show.fromAddress("#layers=poles&scene=x&lang=de")), { scene: null, story: null, language: null });
});

for (const [width, height, k, upright] of [[1920, 1080, 1, false], [1280, 720, 2 / 3, false], [2560, 1080, 1, false], [1024, 768, 0.64, false], [390, 844, 390 / 860, true], [768, 1024, 1024 / 1500, true]]) {
  test(`a screen of ${width} × ${height} is ${upright ? "upright" : "wide"}, a unit is ${k.toFixed(3)} px`, () => {
    assert.deepEqual(plain(showStage.layout(width, height)), plain({ upright, k }));
  });
}

test("a swipe is longer than it is high", () => {
  assert.equal(showPointer.swipe(-80, 20), "next");
  assert.equal(showPointer.swipe(80, -20), "previous");
  assert.equal(showPointer.swipe(-80, 70), null);
  assert.equal(showPointer.swipe(-30, 0), null);
});

const both = (text) => ({ en: text, fr: text });
const CHART = {
  kind: "emissions", title: both("Verified CO2 by year"), unit: both("Mt"), note: both(""), source: 0,
  items: [{ label: both("2005"), value: 15, said: both("15.0 Mt"), token: "fuel", year: 2005 }, { label: both("2006"), value: null, said: both("No published figure"), token: "fuel", year: 2006 }],
};

test("a chart is told in words, a year without a figure as one", () => {
  assert.equal(slideChart.words(CHART), "Verified CO₂ by year. 2005 15.0 Mt; 2006 No published figure");
});

test("a chart of bars needs a line for each, one by year does not", () => {
  const bars = { ...CHART, kind: "statuses", items: Array(6).fill(CHART.items[0]) };
  assert.equal(slideChart.least(bars), 6 * 32);
  assert.equal(slideChart.least({ ...CHART, items: Array(18).fill(CHART.items[0]) }), slideChart.least(CHART));
});

test("the year shown stands out in a chart by year, and what comes after it is faint", () => {
  const { node, mark } = slideChart.draw(CHART, { height: 200, year: 2005 });
  const classes = () => node.all("rect").map((rect) => rect.attributes.class);
  assert.deepEqual(plain(classes()), ["now", "after"]);
  mark(2006);
  assert.deepEqual(plain(classes()), ["before", "now"]);
  assert.ok(node.textContent.includes("No published figure"));
});

test("a reader who cannot see a scene is told topic, title, figure and caption", () => {
  const scene = {
    topic: both("Industry in transition"), title: { en: [["Forty projects", null]], fr: [["Quarante projets", null]] }, figure: { said: both("€20 bn is planned.") },
    caption: { en: [["with ", null], ["10,000", 0], [" jobs.", null]], fr: [] }, chart: null,
  };
  assert.equal(slide.spoken(scene), "Industry in transition. Forty projects. €20 bn is planned. with 10,000 jobs");
  world.text.set("fr");
  assert.equal(slide.said(scene.caption), "with 10,000 jobs.");
  world.text.set("en");
});
