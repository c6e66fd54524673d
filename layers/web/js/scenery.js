// The map of the scenes of a story: each scene's ground is painted once, ahead of time, and a flight only moves it.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  const { framing } = pm;
  // A ground is larger than the frame by this part at each edge, so that a flight never shows where it ends.
  const MARGIN = 0.2;
  // Device px of a frame beyond which the picture is made smaller and stretched: it could not be moved evenly.
  const MOST_PX = 2560 * 1440;
  // Device px of all grounds that are kept: about seven of a screen of 1920 × 1080.
  const KEPT_PX = 28e6;
  // Scenes painted whole ahead of time, symbols and names too: the next one and the one before, as a rule.
  const READY = 3;
  const SLICE_MS = 6;
  const HOME_PX = 36;
  // A thumbnail less wide than this has no words.
  const WORDS_PX = 400;
  // Further than this to the left of the free part, in px of the design, text and veil leave nothing to be seen of a symbol.
  const VEILED_PX = 300;
  // A flight with fewer pictures a second than this, twice running, and the next ones are stretched in a coarser way.
  const EVEN_FPS = 50;
  // Behind everything, for what no scene has painted: the whole of the tables, once, coarse.
  const GROUND_PX = 1600;
  const GROUND_K = 0.6;
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
    const marks = pm.sceneryMarks.create(context, ink, ground.isLand);
    const flight = pm.flight.create(node);
    const reduced = matchMedia("(prefers-reduced-motion: reduce)");
    /** @type {Map<string, any>} grounds by what they show, the latest used last */
    const kept = new Map();
    /** @type {any} */
    let box = null;
    let covered = [];
    /** @type {number | null} what lengths of the design are multiplied by, when the player says so */
    let given = null;
    let uneven = 0;
    let shown = null;
    /** @type {any[]} the ground behind all, and the same faded */
    const far = [];
    let queue = [];
    /** @type {any[]} pictures painted ahead of time, the latest last */
    let ready = [];
    let turn = 0;
    let asked = 0;

    const idle = window.requestIdleCallback ? (run) => window.requestIdleCallback(run) : (run) => window.setTimeout(() => run({ timeRemaining: () => SLICE_MS }), 50);

    function size() {
      const [width, height] = [node.clientWidth || window.innerWidth, node.clientHeight || window.innerHeight];
      const ratio = Math.min(window.devicePixelRatio || 1, Math.sqrt(MOST_PX / (width * height)));
      return { width, height, ratio, k: given ?? framing.factor(width, height) };
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
      const key = [ground.look(view), frame.k.toFixed(5), camera.left.toFixed(5), camera.top.toFixed(5), camera.scale.toFixed(4), frame.width, frame.height, frame.ratio].join();
      return { scene, view, frame, camera, key, base: kept.get(key) ?? null, top: null, written: [] };
    }

    /**
     * A sheet to paint on. It is sealed when it is done: what can no longer change is handed to the screen once, where a
     * canvas would be copied each time it comes or goes.
     */
    function sheetOf(camera, { width, height, ratio, opaque }) {
      const [w, h_] = [Math.round(width * ratio), Math.round(height * ratio)];
      const loose = window.OffscreenCanvas ? new OffscreenCanvas(w, h_) : h("canvas");
      if (!window.OffscreenCanvas) Object.assign(loose, { width: w, height: h_ });
      return { loose, camera, width: w / ratio, height: h_ / ratio, pen: /** @type {any} */ (loose).getContext("2d", { alpha: !opaque, willReadFrequently: opaque }) };
    }

    function seal({ loose, camera, width, height }) {
      const canvas = /** @type {HTMLCanvasElement} */ (loose instanceof HTMLCanvasElement ? loose : h("canvas"));
      if (!(loose instanceof HTMLCanvasElement)) {
        Object.assign(canvas, { width: loose.width, height: loose.height });
        canvas.getContext("bitmaprenderer").transferFromImageBitmap(loose.transferToImageBitmap());
      }
      canvas.setAttribute("aria-hidden", "true");
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
      return { canvas, camera };
    }

    /** The ground of a picture in parts: it is in place when the last is done. */
    function* basePart(picture) {
      const { frame, key, view } = picture;
      const held = kept.get(key);
      if (held) {
        kept.delete(key);
        kept.set(key, held);
        picture.base = held;
        return;
      }
      const [across, down] = [Math.round(frame.width * MARGIN), Math.round(frame.height * MARGIN)];
      const sheet = sheetOf(framing.widened(picture.camera, across, down), { ...frame, width: frame.width + 2 * across, height: frame.height + 2 * down, opaque: true });
      yield;
      for (const _ of ground.paint(sheet.pen, view, { camera: sheet.camera, ratio: frame.ratio, k: frame.k })) {
        // Drawing is put off until its outcome is asked for: asked here, it is part of this step.
        sheet.pen.getImageData(0, 0, 1, 1);
        yield;
      }
      picture.base = seal(sheet);
      keep(key, picture.base);
    }

    /** Keep a ground, and let go of those that were used least lately. */
    function keep(key, sheet) {
      kept.set(key, sheet);
      let total = 0;
      for (const [other, old] of [...kept].reverse()) {
        total += old.canvas.width * old.canvas.height;
        if (total <= KEPT_PX || other === key) continue;
        kept.delete(other);
        flight.release(old);
      }
    }

    /** Symbols, names and callouts of a picture, in parts. */
    function* topPart(picture) {
      const { frame, scene, view } = picture;
      const free = freeOf(frame);
      const edge = 12 * frame.k;
      // Nothing stands where the text is: a narrower sheet is moved sooner.
      const cut = frame.width > frame.height ? Math.max(0, Math.floor(free.left - VEILED_PX * frame.k)) : 0;
      const camera = framing.widened(picture.camera, -cut, 0);
      const within = ({ left, top, right, bottom }) => ({ left: left - cut, top, right: right - cut, bottom });
      const clear = within({ left: Math.max(free.left - 2 * edge, edge), top: free.top + edge, right: free.right - edge, bottom: free.bottom - edge });
      const sheet = sheetOf(camera, { ...frame, width: frame.width - cut, opaque: false });
      const written = [];
      yield* marks.paint(sheet.pen, scene, view, { ...frame, width: frame.width - cut, camera, words: true, covered: covered.map(within), clear, written });
      picture.written = written.map(({ left, top, right, bottom }) => ({ left: left + cut, top, right: right + cut, bottom }));
      picture.top = seal(sheet);
    }

    /** The same at once, for a picture that stands. */
    function topOf(picture) {
      const fresh = { ...picture };
      finish(topPart(fresh));
      return fresh.top;
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
      const picture = take(pictureOf(scene, year));
      const before = shown;
      shown = picture;
      node.setAttribute("aria-label", describe(scene));
      const moves = animate && before && !reduced.matches && scene.transition !== "cut";
      if (!moves) {
        finish(basePart(picture));
        picture.top ??= topOf(picture);
        if (!before) requestAnimationFrame(() => window.setTimeout(layGround));
        return flight.to(picture, "cut").then(settled);
      }
      const same = picture.base && before.key === picture.key && !flight.flying;
      const kind = same ? "swap" : scene.transition === "fade" ? "fade" : "fly";
      under(before, picture);
      const landing = flight.to(picture, kind);
      if (kind === "fly") watch(landing);
      // The first frame is on its way; what is not painted yet is painted while the browser moves what is there.
      requestAnimationFrame(() => window.setTimeout(() => fetch(picture, mine)));
      return landing.then(settled);
    }

    /** Look how evenly a flight goes. @param {Promise<boolean>} landing */
    function watch(landing) {
      const began = performance.now();
      node.classList.toggle("coarse", uneven > 1);
      let frames = 0;
      let over = false;
      const tick = () => {
        frames += 1;
        if (!over) requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
      landing.then((landed) => {
        over = true;
        if (!flight.flying) node.classList.remove("coarse");
        if (!landed || uneven > 1) return;
        uneven = (1000 * frames) / (performance.now() - began) < EVEN_FPS ? uneven + 1 : 0;
      });
    }

    function fetch(picture, mine) {
      const parts = (function* () {
        if (!picture.base) yield* basePart(picture);
        flight.join(picture);
        yield;
        if (!picture.top) yield* topPart(picture);
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

    /** A picture that was painted whole ahead of time, or else the one given. */
    function take(picture) {
      // What covers the map may be another now: that matters only where words stand.
      const found = ready.find((one) => one.scene === picture.scene && one.key === picture.key && one.view.year === picture.view.year && !one.written.some((words) => covered.some((over) => pm.labels.overlap(words, over))));
      ready = ready.filter((one) => one !== found);
      return found ?? picture;
    }

    /** What was painted ahead of time is no longer true. */
    function forget() {
      for (const one of ready) flight.release(one.top);
      ready = [];
    }

    /** Paint a scene ahead of time, in the idle moments of a still picture. @param {any} scene @returns {Promise<void>} */
    function prepare(scene) {
      return new Promise((done) => {
        queue.push({ parts: null, scene, done });
        next();
      });
    }

    function* ahead(scene) {
      const picture = pictureOf(scene, scene.years ? scene.years[reduced.matches ? 1 : 0] : null);
      if (!picture.base) yield* basePart(picture);
      flight.wait(picture.base);
      yield;
      if (ready.some((one) => one.scene === scene && one.key === picture.key) || shown?.scene === scene) return;
      yield* topPart(picture);
      flight.wait(picture.top);
      ready.push(picture);
      for (const one of ready.splice(0, ready.length - READY)) flight.release(one.top);
    }

    function next() {
      if (asked || !queue.length) return;
      asked = idle((deadline) => {
        asked = 0;
        // After a flight this is asked for again.
        if (flight.flying) return;
        const [first] = queue;
        first.parts ??= ahead(first.scene);
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
      shown.view = y === null ? shown.scene.at : { ...shown.scene.at, year: y };
      if (shown.top) flight.retop(shown, topOf(shown));
    }

    /**
     * Say what part of the map no text covers: views are framed in it, names and callouts stand in it.
     * @param {any} edges {left, top, right, bottom} in px of the node, or null
     * @param {any[]} [over] boxes of the same kind that lie over the map: no name or callout goes under them
     * @param {number | null} [k] what lengths of the design are multiplied by; that of the height of the node when left out
     */
    function free(edges, over = [], k = null) {
      covered = over;
      if (JSON.stringify([edges, k]) === JSON.stringify([box, given])) return;
      box = edges;
      given = k;
      forget();
    }

    /** The node has another size. */
    function resize() {
      if (!shown) return;
      forget();
      kept.forEach(flight.release);
      kept.clear();
      queue.forEach((one) => { one.parts = null; });
      show(shown.scene, { animate: false, year: shown.view.year });
    }

    /** Words have changed, or letters have come: what stands on the ground is painted again. */
    function relabel() {
      forget();
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
      const frame = { width, height, ratio, k: full.k * down, covered: [], clear: { left: free.left, top: 4, right: free.right - 4, bottom: free.bottom - 4 }, words: width >= WORDS_PX };
      const camera = cameraOf(scene.at, free, frame.k);
      const sheet = sheetOf(camera, { width, height, ratio, opaque: true });
      const held = kept.get(pictureOf(scene, null).key);
      if (held && Math.abs(across - down) < 0.01) {
        const { x, y, scale } = framing.laid(held.camera, camera);
        const { canvas } = held;
        sheet.pen.drawImage(canvas, x * ratio, y * ratio, (canvas.width / full.ratio) * scale * ratio, (canvas.height / full.ratio) * scale * ratio);
      } else finish(ground.paint(sheet.pen, scene.at, { camera, ratio, k: frame.k }));
      finish(marks.paint(sheet.pen, scene, scene.at, { ...frame, camera }));
      return seal(sheet).canvas;
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

    /** Lay the ground behind all, when there is time for it: as it is, and as it fades around a pole. */
    function layGround() {
      const [[south, west], [north, east]] = config.frame;
      const [a, b] = [framing.project(west, north), framing.project(east, south)];
      const height = Math.round((GROUND_PX * (b.y - a.y)) / (b.x - a.x));
      const camera = framing.camera([west, south, east, north], { left: 0, top: 0, right: GROUND_PX, bottom: height });
      const parts = (function* () {
        for (const selection of [null, "pole:none"]) {
          const sheet = sheetOf(camera, { width: GROUND_PX, height, ratio: 1, opaque: true });
          yield* ground.paint(sheet.pen, { ...pm.view.fresh(), selection }, { camera, ratio: 1, k: GROUND_K });
          far.push(seal(sheet));
          flight.wait(far[far.length - 1]);
          yield;
        }
      })();
      const run = (deadline) => {
        while (!flight.flying && deadline.timeRemaining() > 1) if (parts.next().done) return flight.ground(far[0]);
        return idle(run);
      };
      idle(run);
    }

    /** Before a flight: where neither of its pictures reaches, what is seen looks like both. */
    function under(before, next) {
      const faded = [before, next].some(({ view }) => view.selection?.startsWith("pole:"));
      if (far.length > 1) flight.ground(far[faded ? 1 : 0]);
    }

    document.fonts?.ready.then(() => relabel());
    return { node, show, prepare, year, free, resize, relabel, thumb, describe, get flying() { return flight.flying; } };
  }

  // How much larger symbols are than those of the map of a reader, where a slide is as high as in the design.
  pm.scenery = { create, FACTOR: pm.sceneryMarks.LARGER };
})((globalThis.provence ??= {}));
