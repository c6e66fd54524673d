// The pictures of scenes: what a camera sees of a View, painted on sheets that are kept and moved as wholes.
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
  const HOME_PX = 36;
  // A thumbnail less wide than this has no words.
  const WORDS_PX = 400;
  // Further than this to the left of the free part, in px of the design, text and veil leave nothing to be seen of a symbol.
  const VEILED_PX = 300;
  // Behind everything, for what no scene has painted: the whole of the tables, once, coarse.
  const FAR_PX = 1600;
  const FAR_K = 0.6;

  /** Do a painting that comes in parts at once. @param {Iterator<any>} parts */
  function finish(parts) {
    while (!parts.next().done);
  }

  /**
   * @param {{config: any, model: any, draw: any, layers?: any}} context
   * @param {HTMLElement} node where the pictures are shown
   * @param {(sheet: any) => void} release what is to be done with a ground that is no longer kept
   */
  function create(context, node, release) {
    const { config } = context;
    // Colours are those of the dark theme, wherever the node is and whatever the page wears.
    const probe = h("div", { "data-theme": "dark", hidden: true });
    document.documentElement.append(probe);
    const ink = pm.trace.ink(context.draw, () => probe);
    const ground = pm.sceneryBase.create(context.layers || pm.layers, ink, config.frame);
    const marks = pm.sceneryMarks.create(context, ink, ground.isLand);
    /** @type {Map<string, any>} grounds by what they show, the latest used last */
    const kept = new Map();
    /** @type {any} */
    let box = null;
    let covered = [];
    /** @type {number | null} what lengths of the design are multiplied by, when the player says so */
    let given = null;

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
        release(old);
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

    /** See scenery.free. @returns {boolean} whether pictures of before are no longer true */
    function free(edges, over, k) {
      covered = over;
      const same = JSON.stringify([edges, k]) === JSON.stringify([box, given]);
      box = edges;
      given = k;
      return !same;
    }

    /** Whether a picture that was painted ahead of time is what is wanted now: what covers the map matters only where words stand. */
    function serves(picture, wanted) {
      const alike = picture.scene === wanted.scene && picture.key === wanted.key && picture.view.year === wanted.view.year;
      return alike && !picture.written.some((words) => covered.some((over) => pm.labels.overlap(words, over)));
    }

    /** Let go of every ground. */
    function clear() {
      kept.forEach(release);
      kept.clear();
    }

    /**
     * A small picture of a scene. @param {any} scene @param {number} width px @param {number} height px
     * @param {any} [edges] what is free of the node, where that is not what the present scene has
     */
    function thumb(scene, width, height, edges) {
      const full = size();
      const free_ = edges || freeOf(full);
      const [across, down] = [width / full.width, height / full.height];
      const free = { left: free_.left * across, right: free_.right * across, top: free_.top * down, bottom: free_.bottom * down };
      const ratio = window.devicePixelRatio || 1;
      const frame = { width, height, ratio, k: full.k * down, covered: [], clear: { left: free.left, top: 4, right: free.right - 4, bottom: free.bottom - 4 }, words: width >= WORDS_PX };
      const camera = cameraOf(scene.at, free, frame.k);
      const sheet = sheetOf(camera, { width, height, ratio, opaque: true });
      // At this size it is painted as soon as a large picture would be shrunk, and its lines stay whole.
      finish(ground.paint(sheet.pen, scene.at, { camera, ratio, k: frame.k }));
      finish(marks.paint(sheet.pen, scene, scene.at, { ...frame, camera }));
      return seal(sheet).canvas;
    }

    /** The ground behind all, coarse, in parts: as it is, and as it fades around a pole. @param {(sheet: any) => void} done takes each */
    function* far(done) {
      const [[south, west], [north, east]] = config.frame;
      const [a, b] = [framing.project(west, north), framing.project(east, south)];
      const height = Math.round((FAR_PX * (b.y - a.y)) / (b.x - a.x));
      const camera = framing.camera([west, south, east, north], { left: 0, top: 0, right: FAR_PX, bottom: height });
      for (const selection of [null, "pole:none"]) {
        const sheet = sheetOf(camera, { width: FAR_PX, height, ratio: 1, opaque: true });
        yield* ground.paint(sheet.pen, { ...pm.view.fresh(), selection }, { camera, ratio: 1, k: FAR_K });
        done(seal(sheet));
        yield;
      }
    }

    return { pictureOf, basePart, topPart, topOf, free, serves, clear, thumb, far, keeps: (sheet) => [...kept.values()].includes(sheet) };
  }

  pm.pictures = { create, finish };
})((globalThis.provence ??= {}));
