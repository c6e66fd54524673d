// The map of the scenes of a story: each scene's picture is painted once, ahead of time, and a flight only moves it.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  // Scenes painted whole ahead of time, symbols and names too: the next one and the one before, as a rule.
  const READY = 3;
  const WAITING = 4;
  const SLICE_MS = 6;
  // A flight with fewer pictures a second than this, and the next ones are stretched in a coarser, quicker way.
  const EVEN_FPS = 50;
  const COUNTED = ["industry", "decarbonation", "ports", "stations", "airports", "places", "perceptions"];

  /**
   * Make the map of the scenes. Nothing is painted before the first `show`.
   * @param {{config: any, model: any, draw: any, layers?: any}} context layers: GeoJSON by layer id, those of the document when left out
   */
  function create(context) {
    const { model } = context;
    const node = h("div.scenery", { "data-theme": "dark", role: "img" });
    const flight = pm.flight.create(node, (sheet) => pictures.keeps(sheet));
    const pictures = pm.pictures.create(context, node, flight.release);
    const reduced = matchMedia("(prefers-reduced-motion: reduce)");
    /** @type {any} the picture that is shown, or on the way */
    let shown = null;
    /** @type {{parts: Iterator<any> | null, scene: any, done: () => void}[]} scenes to be painted ahead of time */
    let queue = [];
    /** @type {any[]} pictures painted ahead of time, the latest last */
    let ready = [];
    /** @type {any[]} the ground behind all, and the same faded */
    const far = [];
    let turn = 0;
    let asked = 0;
    let uneven = false;

    const idle = window.requestIdleCallback ? (run) => window.requestIdleCallback(run) : (run) => window.setTimeout(() => run({ timeRemaining: () => SLICE_MS + 1 }), 50);

    /**
     * Show a scene. The newest call goes on from what is seen.
     * @param {any} scene a resolved scene with `at`, its View
     * @param {{animate?: boolean, year?: number | null}} [how] year: in place of the year of the View
     * @returns {Promise<boolean>} true when it has landed, false when a newer one took over
     */
    async function show(scene, { animate = true, year = null } = {}) {
      const mine = ++turn;
      const picture = take(pictures.pictureOf(scene, year));
      const before = shown;
      node.setAttribute("aria-label", describe(scene));
      if (!animate || !before || reduced.matches || scene.transition === "cut") {
        if (!picture.base) pm.pictures.finish(pictures.basePart(picture));
        picture.top ??= pictures.topOf(picture);
        shown = picture;
        await flight.to(picture, "cut");
        if (!before) requestAnimationFrame(() => window.setTimeout(layGround));
        next();
        return true;
      }
      shown = picture;
      const same = picture.base && before.key === picture.key && !flight.flying;
      const kind = same ? "swap" : scene.transition === "fade" ? "fade" : "fly";
      under(before, picture);
      const landing = flight.to(picture, kind);
      if (kind === "fly") watch(landing);
      // The first frame is on its way; what is not painted yet is painted while the browser moves what is there.
      const painted = new Promise((_, fail) => requestAnimationFrame(() => window.setTimeout(() => fetch(picture, mine, fail))));
      const landed = await Promise.race([landing, painted]);
      if (landed) next();
      return landed;
    }

    /** Paint what a picture on its way lacks, in slices. @param {any} picture @param {number} mine @param {(error: any) => void} fail */
    function fetch(picture, mine, fail) {
      const parts = (function* () {
        if (!picture.base) yield* pictures.basePart(picture);
        flight.join(picture);
        yield;
        if (!picture.top) yield* pictures.topPart(picture);
        flight.join(picture);
      })();
      const run = () => {
        if (mine !== turn) return;
        const until = performance.now() + SLICE_MS;
        try {
          while (performance.now() < until) if (parts.next().done) return;
        } catch (error) {
          fail(error);
          flight.stop();
          return;
        }
        window.setTimeout(run);
      };
      run();
    }

    /** Look how evenly a flight goes. @param {Promise<boolean>} landing */
    function watch(landing) {
      const began = performance.now();
      node.classList.toggle("coarse", uneven);
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
        if (landed && (1000 * frames) / (performance.now() - began) < EVEN_FPS) uneven = true;
      });
    }

    /** A picture that was painted whole ahead of time, or else the one given. */
    function take(picture) {
      const found = ready.find((one) => pictures.serves(one, picture));
      ready = ready.filter((one) => one !== found);
      return found ?? picture;
    }

    /** What was painted ahead of time is no longer true. */
    function forget() {
      for (const one of ready) flight.release(one.top);
      ready = [];
      for (const one of queue) one.parts = null;
    }

    /** Paint a scene ahead of time, in the idle moments of a still picture. @param {any} scene @returns {Promise<void>} */
    function prepare(scene) {
      return new Promise((done) => {
        queue.push({ parts: null, scene, done });
        // Whoever moves on quickly no longer needs what was next long ago.
        for (const one of queue.splice(0, queue.length - WAITING)) one.done();
        next();
      });
    }

    function* ahead(scene) {
      const picture = pictures.pictureOf(scene, scene.years ? scene.years[reduced.matches ? 1 : 0] : null);
      if (!picture.base) yield* pictures.basePart(picture);
      flight.wait(picture.base);
      yield;
      if (shown?.scene === scene || ready.some((one) => pictures.serves(one, picture))) return;
      yield* pictures.topPart(picture);
      flight.wait(picture.top);
      ready.push(picture);
      for (const one of ready.splice(0, ready.length - READY)) flight.release(one.top);
    }

    function next() {
      if (asked || !queue.length) return;
      asked = idle((deadline) => {
        asked = 0;
        // After a flight this is asked for again.
        if (flight.flying || !queue.length) return;
        const [first] = queue;
        let over = false;
        try {
          first.parts ??= ahead(first.scene);
          do over = Boolean(first.parts.next().done); while (!over && deadline.timeRemaining() > SLICE_MS);
        } catch (error) {
          // It is told when the scene itself is shown.
          over = true;
        }
        if (over) {
          queue = queue.filter((one) => one !== first);
          first.done();
        }
        next();
      });
    }

    /** Paint anew what stands on the ground. */
    function retop() {
      if (shown?.top) flight.retop(shown, pictures.topOf(shown));
    }

    /** Show the same scene in another year: the ground stays as it is. @param {number | null} y */
    function year(y) {
      if (!shown) return;
      shown.view = y === null ? shown.scene.at : { ...shown.scene.at, year: y };
      retop();
    }

    /**
     * Say what part of the map no text covers: views are framed in it, names and callouts stand in it.
     * @param {any} edges {left, top, right, bottom} in px of the node, or null
     * @param {any[]} [over] boxes of the same kind that lie over the map: no name or callout goes under them
     * @param {number | null} [k] what lengths of the design are multiplied by; after the size of the node when left out
     */
    function free(edges, over = [], k = null) {
      if (pictures.free(edges, over, k)) forget();
    }

    /** The node has another size. */
    function resize() {
      forget();
      if (!shown) return;
      pictures.clear();
      show(shown.scene, { animate: false, year: shown.view.year });
    }

    /** Words have changed, or letters have come. */
    function relabel() {
      forget();
      if (!shown) return;
      node.setAttribute("aria-label", describe(shown.scene));
      retop();
    }

    /** What the map of a scene shows, in a sentence: counts of each layer, the pole in focus, what is named. @param {any} scene */
    function describe(scene) {
      const { t, count } = pm.text;
      const [west, south, east, north] = scene.at.bounds || [-180, -90, 180, 90];
      const inside = ({ geometry, lon, lat }) => geometry && lon >= west && lon <= east && lat >= south && lat <= north;
      const counts = COUNTED.map((layer) => ({ layer, n: model.visible(layer, scene.at).filter(inside).length })).filter(({ n }) => n);
      const what = counts.map(({ layer, n }) => count(`scenery.${layer}`, n)).join(", ");
      const names = (scene.highlights || []).map((key) => model.byKey.get(key)?.name).filter(Boolean);
      const pole = scene.at.selection?.startsWith("pole:") ? model.byKey.get(scene.at.selection) : null;
      return [pole ? t("scenery.map_of", { name: pole.name }) : t("scenery.map"), what ? `${what}.` : t("scenery.nothing"), names.length ? t("scenery.named", { names: names.join(", ") }) : ""].filter(Boolean).join(" ");
    }

    /** Lay the ground behind all, when there is time for it. */
    function layGround() {
      const parts = pictures.far((sheet) => {
        far.push(sheet);
        flight.wait(sheet);
      });
      const run = (deadline) => {
        while (!flight.flying && deadline.timeRemaining() > 1) if (parts.next().done) return flight.ground(far[0]);
        return idle(run);
      };
      idle(run);
    }

    /** Before a flight: where neither of its pictures reaches, what is seen looks like both. */
    function under(before, picture) {
      const faded = [before, picture].some(({ view }) => view.selection?.startsWith("pole:"));
      if (far.length > 1) flight.ground(far[faded ? 1 : 0]);
    }

    document.fonts?.ready.then(relabel);
    return { node, show, prepare, year, free, resize, relabel, thumb: pictures.thumb, describe, get flying() { return flight.flying; } };
  }

  // How much larger symbols are than those of the map of a reader, where a slide is as high as in the design.
  pm.scenery = { create, FACTOR: pm.sceneryMarks.LARGER };
})((globalThis.provence ??= {}));
