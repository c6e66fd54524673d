// The way from one picture to the next. Pictures are moved as wholes by the browser's own animations, which go on evenly
// whatever the script does meanwhile: nothing is drawn during a flight.
(function (pm) {
  "use strict";
  const { framing } = pm;
  const FLIGHT_MS = 1200;
  const FADE_MS = 500;
  const SWAP_MS = 260;
  // Parts of a flight. Going out, the new picture holds all that is seen and comes at once; going in, it comes when it is large.
  const LEAVES = [0, 0.22];
  const OUTWARDS = [0.02, 0.34];
  const INWARDS = [0.4, 0.74];
  const ARRIVES = [0.72, 1];
  const LATE = 0.3;

  /**
   * @typedef {{canvas: HTMLCanvasElement, camera: any}} Sheet a canvas and the camera its upper left corner was made for
   * @typedef {{camera: any, base: Sheet | null, top: Sheet | null}} Picture what is seen at the end; its sheets may come later
   */

  /** @param {HTMLElement} node where the pictures are @param {(sheet: any) => boolean} keeps whether a ground is to be kept at hand */
  function create(node, keeps) {
    /** @type {{sheet: Sheet, kind: "ground" | "base" | "top", running: Animation[]}[]} bottom to top */
    let stage = [];
    /** @type {any} the flight in the air: {picture, from, to, duration, clock, land, parts} */
    let air = null;
    let camera = null;
    let height = 0;
    /** @type {Set<Sheet>} at hand, unseen */
    const waiting = new Set();

    const find = (sheet) => stage.find((one) => one.sheet === sheet);

    function put(sheet, kind) {
      const one = { sheet, kind, running: [] };
      if (!waiting.delete(sheet)) node.append(sheet.canvas);
      // Above all that is there; the ground of all stays below.
      sheet.canvas.style.zIndex = String(kind === "ground" ? 0 : ++height);
      stage.push(one);
      return one;
    }

    /** Take a sheet off the stage; a ground stays within reach, unseen. */
    function drop(one) {
      stage = stage.filter((other) => other !== one);
      one.running.forEach((animation) => animation.cancel());
      one.running = [];
      if (one.kind === "ground" || (one.kind === "base" && keeps(one.sheet))) hide(one.sheet);
      else one.sheet.canvas.remove();
    }

    function hide(sheet) {
      sheet.canvas.style.opacity = "0";
      waiting.add(sheet);
    }

    /** Keep a sheet at hand, unseen: to hand it to the screen takes longer than a frame. @param {Sheet} sheet */
    function wait(sheet) {
      if (find(sheet) || waiting.has(sheet)) return;
      hide(sheet);
      node.append(sheet.canvas);
    }

    /** Let go of a sheet; what is on the stage goes when it is left. @param {Sheet | null} sheet */
    function release(sheet) {
      if (!sheet || find(sheet)) return;
      waiting.delete(sheet);
      sheet.canvas.remove();
    }

    /** Lay a picture still where its camera has it. */
    function still(one, at) {
      one.running.forEach((animation) => animation.cancel());
      one.running = [];
      one.sheet.canvas.style.transform = framing.transform(one.sheet.camera, at);
      one.sheet.canvas.style.opacity = "1";
    }

    /** How far the flight is, 0 to 1. */
    function progress() {
      const time = air?.clock.currentTime;
      return air ? Math.min(Math.max(Number(time ?? 0) / air.duration, 0), 1) : 1;
    }

    /** The camera of what is seen at this moment. */
    const seen = () => (air ? framing.between(air.from, air.to, framing.ease(progress())) : camera);

    function animate(one, frames) {
      const animation = one.sheet.canvas.animate(frames, { duration: air.duration, fill: "both" });
      // What joins a flight in the air goes by its clock.
      if (air.clock && air.clock.startTime !== null) animation.startTime = air.clock.startTime;
      air.clock ??= animation;
      one.running.push(animation);
    }

    const move = (one) => animate(one, framing.way(one.sheet.camera, air.from, air.to));

    /** Let the opacity go from one value to another in a part of the flight. @param {any} one @param {number} from @param {number} to @param {number[]} part */
    function veil(one, from, to, [begins, ends]) {
      const frames = [{ offset: 0, opacity: from }, { offset: begins, opacity: from }, { offset: Math.max(ends, begins + 0.001), opacity: to }, { offset: 1, opacity: to }];
      animate(one, frames.filter(({ offset }, i) => i === frames.length - 1 || offset < 1));
    }

    const opacity = (one) => Number(getComputedStyle(one.sheet.canvas).opacity);

    /**
     * Set out for a picture; its sheets join with `join` when they are there.
     * @param {Picture} picture @param {"fly" | "fade" | "swap" | "cut"} kind
     * @returns {Promise<boolean>} true when it has landed, false when a newer one went on from where it was
     */
    function to(picture, kind) {
      const from = seen();
      const faded = new Map(stage.map((one) => [one, one.kind === "ground" ? 1 : opacity(one)]));
      air?.land(false);
      air = null;
      if (kind === "cut" || !from) return Promise.resolve(cut(picture));
      return new Promise((done) => {
        const duration = { fly: FLIGHT_MS, fade: FADE_MS, swap: SWAP_MS }[kind];
        const outwards = picture.camera.scale < from.scale;
        const parts = kind === "fly" ? { leaves: LEAVES, base: outwards ? OUTWARDS : INWARDS, top: ARRIVES } : kind === "fade" ? { leaves: [0, 1], base: [0, 1], top: [0.2, 1] } : { leaves: [0, 1], base: [0, 0], top: [0, 1] };
        air = { picture, kind, from: kind === "fly" ? from : picture.camera, to: picture.camera, duration, clock: null, parts, land: done };
        if (kind !== "fly") hold(from);
        const base = picture.base && find(picture.base);
        for (const one of stage.slice()) leave(one, faded.get(one), base);
        // With nothing on the stage yet the clock is that of the ground.
        join(picture);
        settle(air);
      });
    }

    /** A fade does not move: what was seen stays where it was. */
    function hold(at) {
      for (const one of stage) {
        one.running.forEach((animation) => animation.cancel());
        one.running = [];
        one.sheet.canvas.style.transform = framing.transform(one.sheet.camera, at);
      }
    }

    /** What is on the stage goes along, and away in time. */
    function leave(one, was, base) {
      const above = base && stage.indexOf(one) > stage.indexOf(base);
      const old = one.running;
      one.running = [];
      if (air.kind === "fly" || one === base) move(one);
      else animate(one, [{ offset: 0, opacity: was }, { offset: 1, opacity: was }]);
      if (one.kind === "top") veil(one, was, 0, air.parts.leaves);
      else if (one === base) veil(one, was, 1, air.parts.base);
      else veil(one, was, above ? 0 : was, air.parts.base);
      old.forEach((animation) => animation.cancel());
    }

    /** Bring the sheets of a picture that are there by now. @param {Picture} picture */
    function join(picture) {
      if (air?.picture !== picture) return;
      const now = progress();
      const late = (/** @type {number[]} */ [begins, ends]) => (now <= begins ? [begins, ends] : [now, Math.min(now + Math.max(ends - begins, LATE), 1)]);
      for (const kind of /** @type {("base" | "top")[]} */ (["base", "top"])) {
        const sheet = picture[kind];
        if (!sheet || find(sheet)) continue;
        const one = put(sheet, kind);
        move(one);
        veil(one, 0, 1, late(air.parts[kind]));
      }
    }

    /** Land when the time is over and everything is there. */
    function settle(flight) {
      const clock = flight.clock;
      const landed = () => {
        if (air !== flight) return;
        if (!flight.picture.base || !flight.picture.top) {
          requestAnimationFrame(landed);
          return;
        }
        cut(flight.picture);
        air = null;
        flight.land(true);
      };
      if (clock) clock.finished.then(landed, () => {});
      else landed();
    }

    /** Stand at a picture, at once. @param {Picture} picture */
    function cut(picture) {
      camera = picture.camera;
      for (const kind of /** @type {("base" | "top")[]} */ (["base", "top"])) if (picture[kind] && !find(picture[kind])) put(picture[kind], kind);
      for (const one of stage.slice()) {
        if (one.kind === "ground" || one.sheet === picture.base || one.sheet === picture.top) still(one, camera);
        else drop(one);
      }
      return true;
    }

    /** What lies behind all pictures, wherever the way leads; in the air it stays as it is. @param {Sheet} sheet */
    function ground(sheet) {
      if (air || find(sheet)) return;
      stage.filter((one) => one.kind === "ground").forEach(drop);
      const one = put(sheet, "ground");
      if (camera) still(one, camera);
    }

    /** Put a fresh sheet of symbols in the place of the one that stands. @param {Picture} picture @param {Sheet} sheet */
    function retop(picture, sheet) {
      const old = picture.top;
      picture.top = sheet;
      if (air || !camera || old === sheet) return;
      if (!find(sheet)) still(put(sheet, "top"), camera);
      const gone = old && find(old);
      if (gone) drop(gone);
    }

    /** Stop where it is: what was to come does not. */
    function stop() {
      if (!air) return;
      const at = seen();
      const { land } = air;
      air = null;
      camera = at;
      stage.forEach((one) => still(one, at));
      land(false);
    }

    return { to, join, stop, ground, retop, wait, release, get flying() { return Boolean(air); }, get camera() { return seen(); } };
  }

  pm.flight = { create };
})((globalThis.provence ??= {}));
