// The map of the scenes of a story: each scene's ground is painted once, ahead of time, and a flight only moves it.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  const { framing } = pm;
  // A ground is larger than the frame by this part at each edge, so that a flight never shows where it ends.
  const MARGIN = 0.25;
  // Device px of a frame beyond which the picture is made smaller and stretched: it could not be moved evenly.
  const MOST_PX = 2560 * 1440;
  // Device px of all grounds that are kept: about eight of a screen of 1920 × 1080.
  const KEPT_PX = 40e6;
  const SLICE_MS = 6;
  const HOME_PX = 36;
  // A thumbnail less wide than this has no words.
  const WORDS_PX = 400;
  // Behind everything, for what no scene has painted: the whole of the tables, once, coarse.
  const GROUND_PX = 1600;
  const COUNTED = ["industry", "decarbonation", "ports", "stations", "airports", "places", "perceptions"];

  /** @param {{config: any, model: any, draw: any, layers?: any}} context */
  function create(context) {
    const { config, model } = context;
    const node = h("div.scenery", { "data-theme": "dark", role: "img" });
    // Colours are those of the dark theme, wherever the node is and whatever the page wears.
    const probe = h("div", { "data-theme": "dark", hidden: true });
    document.documentElement.append(probe);
    const ink = pm.trace.ink(context.draw, () => probe);
    const ground = pm.sceneryBase.create(context.layers || pm.layers, ink);
    const marks = pm.sceneryMarks.create(context, ink);
    const flight = pm.flight.create(node);
    const reduced = matchMedia("(prefers-reduced-motion: reduce)");
    /** @type {Map<string, any>} grounds by what they show, the latest used last */
    const kept = new Map();
    /** @type {any} */
    let box = null;
    let covered = [];
    let shown = null;
    let queue = [];
    let turn = 0;
    let asked = 0;

    const idle = window.requestIdleCallback ? (run) => window.requestIdleCallback(run) : (run) => window.setTimeout(() => run({ timeRemaining: () => SLICE_MS }), 50);

    function size() {
      const [width, height] = [node.clientWidth || window.innerWidth, node.clientHeight || window.innerHeight];
      const ratio = Math.min(window.devicePixelRatio || 1, Math.sqrt(MOST_PX / (width * height)));
      return { width, height, ratio, k: framing.factor(width, height) };
    }

    /** The part of a picture that no text covers: what was said last, or the right half; below, on an upright screen. */
    function freeOf({ width, height }) {
      if (box) return box;
      return width > height ? { left: width * 0.44, top: 0, right: width, bottom: height } : { left: 0, top: height * 0.45, right: width, bottom: height };
    }

    function cameraOf(view, free, k) {
      if (view.bounds) return framing.camera(view.bounds, free);
      const [[south, west], [north, east]] = config.home;
      const gap = HOME_PX * k;
      return framing.camera([west, south, east, north], { left: free.left + gap, top: free.top + gap, right: free.right - gap, bottom: free.bottom - gap });
    }

    /** What is to be seen at the end of a way to a scene. @param {any} scene @param {number | null} [year] */
    function pictureOf(scene, year) {
      const frame = size();
      const camera = cameraOf(scene.at, freeOf(frame), frame.k);
      const view = year === null || year === undefined ? scene.at : { ...scene.at, year };
      const key = [ground.look(view), camera.left.toFixed(5), camera.top.toFixed(5), camera.scale.toFixed(4), frame.width, frame.height, frame.ratio].join();
      return { scene, view, year, frame, camera, key, base: kept.get(key)?.sheet ?? null, top: null };
    }

    function sheetOf(camera, width, height, ratio, opaque) {
      const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { "aria-hidden": "true" }));
      Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
      canvas.style.width = `${canvas.width / ratio}px`;
      canvas.style.height = `${canvas.height / ratio}px`;
      return { canvas, camera, pen: canvas.getContext("2d", { alpha: !opaque }) };
    }

    /** The ground of a picture in parts: it is in place when the last is done. */
    function* basePart(picture) {
      const { frame, key, view } = picture;
      const held = kept.get(key);
      if (held) {
        kept.delete(key);
        kept.set(key, held);
        picture.base = held.sheet;
        return;
      }
      const [across, down] = [Math.round(frame.width * MARGIN), Math.round(frame.height * MARGIN)];
      const sheet = sheetOf(framing.widened(picture.camera, across, down), frame.width + 2 * across, frame.height + 2 * down, frame.ratio, true);
      yield;
      yield* ground.paint(sheet.pen, view, { camera: sheet.camera, ratio: frame.ratio, k: frame.k });
      picture.base = sheet;
      keep(key, sheet);
    }

    /** Keep a ground, and let go of those that were used least lately. */
    function keep(key, sheet) {
      kept.set(key, { sheet });
      let total = 0;
      for (const [other, { sheet: { canvas } }] of [...kept].reverse()) {
        total += canvas.width * canvas.height;
        if (total > KEPT_PX && other !== key && !canvas.isConnected) kept.delete(other);
      }
    }

    /** Symbols, names and callouts of a picture. */
    function topOf(picture) {
      const { frame, camera, scene, view } = picture;
      const sheet = sheetOf(camera, frame.width, frame.height, frame.ratio, false);
      marks.paint(sheet.pen, scene, view, whole(frame, camera));
      return sheet;
    }

    function whole(frame, camera) {
      const free = freeOf(frame);
      const edge = 12 * frame.k;
      return { ...frame, camera, words: true, covered, clear: { left: Math.max(free.left - 4 * edge, edge), top: free.top + edge, right: free.right - edge, bottom: free.bottom - edge } };
    }

    function finish(parts) {
      while (!parts.next().done);
    }

    /**
     * Show a scene. The newest call goes on from what is seen.
     * @param {any} scene a resolved scene with `at`, its View
     * @param {{animate?: boolean, year?: number | null}} [how] year: in place of the year of the View
     * @returns {Promise<boolean>} true when it has landed, false when a newer one took over
     */
    function show(scene, { animate = true, year = null } = {}) {
      const mine = ++turn;
      const picture = pictureOf(scene, year);
      const before = shown;
      shown = picture;
      node.setAttribute("aria-label", describe(scene));
      const moves = animate && before && !reduced.matches && scene.transition !== "cut";
      if (!moves) {
        finish(basePart(picture));
        picture.top = topOf(picture);
        if (!before) requestAnimationFrame(() => window.setTimeout(layGround));
        return flight.to(picture, "cut").then(settled);
      }
      const same = picture.base && before.key === picture.key && !flight.flying;
      const landing = flight.to(picture, same ? "swap" : scene.transition === "fade" ? "fade" : "fly");
      // The first frame is on its way; what is not painted yet is painted while the browser moves what is there.
      requestAnimationFrame(() => window.setTimeout(() => fetch(picture, mine)));
      return landing.then(settled);
    }

    function fetch(picture, mine) {
      const parts = (function* () {
        yield* basePart(picture);
        flight.join(picture);
        yield;
        picture.top = topOf(picture);
        flight.join(picture);
      })();
      const run = () => {
        if (mine !== turn) return;
        const until = performance.now() + SLICE_MS;
        while (performance.now() < until) if (parts.next().done) return;
        window.setTimeout(run);
      };
      run();
    }

    function settled(landed) {
      if (landed) next();
      return landed;
    }

    /** Paint the ground of a scene ahead of time, in the idle moments of a still picture. @param {any} scene */
    function prepare(scene) {
      return new Promise((done) => {
        queue.push({ parts: null, scene, done });
        next();
      });
    }

    function next() {
      if (asked || !queue.length) return;
      asked = idle((deadline) => {
        asked = 0;
        // After a flight this is asked for again.
        if (flight.flying) return;
        const [first] = queue;
        first.parts ??= basePart(pictureOf(first.scene, null));
        let over = false;
        do over = Boolean(first.parts.next().done); while (!over && deadline.timeRemaining() > SLICE_MS);
        if (over) {
          queue.shift();
          first.done();
        }
        next();
      });
    }

    /** Show the same scene in another year: only what stands on the ground is painted again. @param {number | null} y */
    function year(y) {
      if (!shown) return;
      shown.year = y;
      shown.view = y === null ? shown.scene.at : { ...shown.scene.at, year: y };
      if (shown.top) flight.retop(shown, topOf(shown));
    }

    /** Say what part of the map no text covers: edges in px of the node, and boxes that lie over it. @param {any} edges {left, top, right, bottom}, or null @param {any[]} [over] boxes of the same kind that no name or callout goes under */
    function free(edges, over = []) {
      box = edges;
      covered = over;
    }

    /** The node has another size. */
    function resize() {
      if (!shown) return;
      kept.clear();
      queue.forEach((one) => { one.parts = null; });
      show(shown.scene, { animate: false, year: shown.year });
    }

    /** Words have changed, or letters have come: what stands on the ground is painted again. */
    function relabel() {
      if (!shown) return;
      node.setAttribute("aria-label", describe(shown.scene));
      if (shown.top) flight.retop(shown, topOf(shown));
    }

    /** A small picture of a scene. @param {any} scene @param {number} width px @param {number} height px */
    function thumb(scene, width, height) {
      const full = size();
      const free_ = freeOf(full);
      const [across, down] = [width / full.width, height / full.height];
      const free = { left: free_.left * across, right: free_.right * across, top: free_.top * down, bottom: free_.bottom * down };
      const ratio = window.devicePixelRatio || 1;
      const frame = { width, height, ratio, k: framing.factor(width, height, true), covered: [], clear: { left: free.left, top: 4, right: free.right - 4, bottom: free.bottom - 4 }, words: width >= WORDS_PX };
      const camera = cameraOf(scene.at, free, frame.k);
      const sheet = sheetOf(camera, width, height, ratio, true);
      const held = kept.get(pictureOf(scene, null).key)?.sheet;
      if (held && Math.abs(across - down) < 0.01) {
        const { x, y, scale } = framing.laid(held.camera, camera);
        const { canvas } = held;
        sheet.pen.drawImage(canvas, x * ratio, y * ratio, (canvas.width / full.ratio) * scale * ratio, (canvas.height / full.ratio) * scale * ratio);
      } else finish(ground.paint(sheet.pen, scene.at, { camera, ratio, k: frame.k }));
      marks.paint(sheet.pen, scene, scene.at, { ...frame, camera });
      return sheet.canvas;
    }

    /** What the map of a scene shows, in a sentence. @param {any} scene */
    function describe(scene) {
      const { t, count } = pm.text;
      const [west, south, east, north] = scene.at.bounds || [-180, -90, 180, 90];
      const inside = ({ geometry, lon, lat }) => geometry && lon >= west && lon <= east && lat >= south && lat <= north;
      const counts = COUNTED.map((layer) => [layer, model.visible(layer, scene.at).filter(inside).length]).filter(([, n]) => n);
      const parts = counts.map(([layer, n]) => count(`scenery.${layer}`, n));
      const [kind, id] = (scene.at.selection || "").split(":");
      const names = (scene.highlights || []).map((key) => model.byKey.get(key)?.name).filter(Boolean);
      return [kind === "pole" && model.byKey.has(scene.at.selection) ? t("scenery.map_of", { name: model.poleName(id) }) : t("scenery.map"), parts.length ? `${parts.join(", ")}.` : t("scenery.nothing"), names.length ? t("scenery.named", { names: names.join(", ") }) : ""].filter(Boolean).join(" ");
    }

    /** The ground behind all, when there is time for it. */
    function layGround() {
      const [[south, west], [north, east]] = config.frame;
      const [a, b] = [framing.project(west, north), framing.project(east, south)];
      const height = Math.round((GROUND_PX * (b.y - a.y)) / (b.x - a.x));
      const camera = framing.camera([west, south, east, north], { left: 0, top: 0, right: GROUND_PX, bottom: height });
      const sheet = sheetOf(camera, GROUND_PX, height, 1, true);
      const parts = ground.paint(sheet.pen, { ...pm.view.fresh(), selection: null }, { camera, ratio: 1, k: 0.6 });
      const run = (deadline) => {
        while (!flight.flying && deadline.timeRemaining() > 1) if (parts.next().done) return flight.ground(sheet);
        return idle(run);
      };
      idle(run);
    }

    document.fonts?.ready.then(() => relabel());
    return { node, show, prepare, year, free, resize, relabel, thumb, describe, get flying() { return flight.flying; } };
  }

  pm.scenery = { create };
})((globalThis.provence ??= {}));
