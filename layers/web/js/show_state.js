// What a show reckons with: its clock, digits typed, the pace of auto-play, segments of text, the address. No page here.
(function (pm) {
  "use strict";
  const SECOND = 1000;
  const DIGITS_WITHIN_MS = 700;
  const PACES = [0.5, 0.75, 1, 1.25, 1.5, 2];
  const WARN_S = 120;
  const MOST_DOTS = 14;

  // Keys that mean the same wherever they are pressed; a clicker sends PageDown and PageUp, some of them a full stop.
  const KEYS = {
    ArrowRight: "next", ArrowDown: "next", PageDown: "next", " ": "next", Enter: "next", n: "next",
    ArrowLeft: "previous", ArrowUp: "previous", PageUp: "previous", Backspace: "previous", p: "previous",
    Home: "first", End: "last", b: "black", ".": "black", f: "full", s: "speaker", g: "grid", a: "auto", l: "language",
    e: "explore", t: "timer", "?": "help", Escape: "escape", "+": "faster", "=": "faster", "-": "slower", "−": "slower", 0: "frame",
  };

  /**
   * What a key asks for: the name of an action, a digit from 1 to 9, or null. On a keyboard that gives digits with
   * Shift only, as a French one does, the key in a digit's place is that digit.
   * @param {{key: string, code?: string, shiftKey?: boolean, ctrlKey?: boolean, altKey?: boolean, metaKey?: boolean}} event
   * @param {boolean} [pacing] whether − sets the pace
   */
  function keyOf(event, pacing = false) {
    if (event.ctrlKey || event.altKey || event.metaKey) return null;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (/^[1-9]$/.test(key)) return Number(key);
    const named = KEYS[key];
    const paces = named === "faster" || named === "slower";
    if (named && (pacing || !paces)) return named;
    const place = /^Digit(\d)$/.exec(event.code || "");
    if (place && !event.shiftKey) return place[1] === "0" ? "frame" : Number(place[1]);
    return null;
  }

  /**
   * A clock that can stand still. @param {() => number} now ms
   * @returns {{elapsed: number, running: boolean, toggle: () => void, restart: () => void}} `elapsed` in ms
   */
  function timer(now) {
    let kept = 0;
    /** @type {number | null} */
    let since = now();
    const elapsed = () => kept + (since === null ? 0 : now() - since);
    return {
      get elapsed() { return elapsed(); },
      get running() { return since !== null; },
      toggle() {
        kept = elapsed();
        since = since === null ? now() : null;
      },
      restart() {
        kept = 0;
        if (since !== null) since = now();
      },
    };
  }

  /** `06:42`, `1:02:03`. @param {number} seconds */
  function clock(seconds) {
    const two = (n) => String(n).padStart(2, "0");
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
    return `${hours ? `${hours}:` : ""}${two(minutes)}:${two(Math.floor(seconds % 60))}`;
  }

  /**
   * What is left of the minutes a show may take; `state` is plain, soon (two minutes or less) or over.
   * @param {number} minutes @param {number} elapsed ms
   */
  function remaining(minutes, elapsed) {
    const left = minutes * 60 - Math.floor(elapsed / SECOND);
    if (left <= 0) return { state: "over", said: left ? `+${clock(-left)}` : clock(0) };
    return { state: left <= WARN_S ? "soon" : "plain", said: clock(left) };
  }

  /**
   * Digits typed in turn: a number that cannot grow into another scene's is gone to at once, else after 700 ms.
   * @param {number} total scenes
   * @param {(n: number) => void} go told the number, from 1
   * @param {(run: () => void, ms: number) => (() => void)} later run after some ms; gives what calls it off
   */
  function digits(total, go, later) {
    let typed = 0;
    let off = () => {};
    function settle() {
      off();
      const n = typed;
      typed = 0;
      if (n >= 1 && n <= total) go(n);
    }
    return {
      /** Whether a number is being typed: then 0 is a digit of it. */
      get waiting() { return typed > 0; },
      press(digit) {
        off();
        // What is too large to be a scene begins anew with the last digit.
        typed = typed * 10 + digit <= total ? typed * 10 + digit : digit;
        if (typed * 10 > total) settle();
        else off = later(settle, DIGITS_WITHIN_MS);
      },
      drop() {
        off();
        typed = 0;
      },
    };
  }

  /** The next pace up or down, the same at either end. @param {number} pace @param {1 | -1} by */
  const paced = (pace, by) => PACES[Math.min(Math.max(PACES.indexOf(pace) + by, 0), PACES.length - 1)];

  /** a, b, c… for the sources of a scene, in their order. @param {number} n */
  const letter = (n) => String.fromCharCode(97 + n);

  /** Segments as one text. @param {[string, number | null][]} segments */
  const said = (segments) => (segments || []).map(([text]) => text).join("");

  /** Segments, each figure with the letter of its source. @param {[string, number | null][]} segments */
  const lettered = (segments) => (segments || []).map(([text, n]) => ({ text, letter: n === null ? "" : letter(n) }));

  /** How far a show is: dots for a few scenes, a bar for many. @param {number} index from 0 @param {number} total */
  function progress(index, total) {
    if (total > MOST_DOTS) return { share: total > 1 ? index / (total - 1) : 1, dots: null };
    return { share: null, dots: Array.from({ length: total }, (_, i) => (i === index ? "on" : i < index ? "done" : "")) };
  }

  /** What the address says of a show: its scene from 0, its story, its language. @param {string} hash */
  function fromAddress(hash) {
    const values = new URLSearchParams(hash.replace(/^#/, ""));
    const scene = /^\d{1,4}$/.test(values.get("scene") || "") ? Math.max(Number(values.get("scene")) - 1, 0) : null;
    const language = ["en", "fr"].includes(values.get("lang") || "") ? values.get("lang") : null;
    return { scene, story: values.get("story"), language };
  }

  /** @param {{scene: number, story?: string | null, language?: string | null}} at */
  function toAddress({ scene, story, language }) {
    return `#scene=${scene + 1}${story ? `&story=${encodeURIComponent(story)}` : ""}${language ? `&lang=${language}` : ""}`;
  }

  pm.showState = { keyOf, timer, clock, remaining, digits, paced, letter, said, lettered, progress, fromAddress, toAddress, PACES };
})((globalThis.provence ??= {}));
