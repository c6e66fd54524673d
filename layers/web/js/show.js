// The player: one story, one scene at a time. One entry, `show`, for keys, clicks, the speaker view and the address.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const YEAR_MS = 300;
  const LEAVES_MS = 200;
  const MOVES = ["next", "previous", "first", "last", "to"];
  // What neither moves nor looks elsewhere leaves auto-play alone.
  const QUIET = ["auto", "faster", "slower", "full", "speaker", "timer", "language"];
  /** @type {any} */
  let playing = null;
  /** @type {any} */
  let context = null;

  const reduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  /** What a show needs of the document it is in. @param {any} given */
  function complete(given) {
    const config = given.config;
    const draw = given.draw || pm.icons.symbols(config.style);
    const model = given.model || pm.describe.extend(pm.model.create(pm.layers, config), config, draw);
    return { ...given, config, draw, model };
  }

  /**
   * Play a resolved story over whatever the page holds.
   * @param {any} first story @param {{at?: number, address?: boolean}} options address: the address of the page follows the scene
   */
  function player(first, { at = 0, address = false }) {
    const { model, draw, config } = context;
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    const stage = pm.showStage.create(context);
    const timer = pm.showState.timer(() => performance.now());
    /** @type {any} */
    let story = first;
    /** @type {any[]} */
    let scenes = [];
    let digits = pm.showState.digits(0, go, later);
    let state = { index: 0, year: /** @type {number | null} */ (null), blank: false, ended: false, grid: false, help: false, exploring: false, auto: false, pace: 1, landed: false };
    // Each call of show; what an older one still awaits is no longer wanted.
    let turn = 0;
    let yearTimer = 0;
    /** @type {{timer: number, since: number, left: number}} of auto-play: left in ms at a pace of one */
    const wait = { timer: 0, since: 0, left: 0 };
    /** @type {any} */
    let lock = null;
    const failed = new Set();

    function later(run, ms) {
      const id = window.setTimeout(run, ms);
      return () => clearTimeout(id);
    }

    /** What the show is at, for whoever asks. */
    const told = () => ({ story: story.id, scene: state.index, total: scenes.length, year: state.year, blank: state.blank, ended: state.ended, grid: state.grid, help: state.help, exploring: state.exploring, auto: state.auto, pace: state.pace, elapsed: timer.elapsed, running: timer.running, landed: state.landed, speaker: speaker.isOpen });

    /** Show a scene: the one entry. @param {number} index @param {{animate?: boolean}} [options] */
    function show(index, { animate = true } = {}) {
      const mine = ++turn;
      clearTimeout(yearTimer);
      const scene = scenes[index];
      const still = reduced() || document.hidden;
      state = { ...state, index, landed: false, year: scene.years ? scene.years[still ? 1 : 0] : scene.at.year };
      pace();
      drawSlide(animate && !still);
      const landing = paint(scene, animate && !still && scene.transition !== "cut");
      where();
      tell();
      stage.live.textContent = pm.slide.spoken(scene);
      landing.then(() => {
        if (mine !== turn) return;
        state.landed = true;
        playYears();
        for (const near of [scenes[index + 1], scenes[index - 1]]) if (near) ready(near);
        tell();
      });
    }

    /** Paint the map of a scene; where that fails the text goes on without it. @returns {Promise<void>} */
    async function paint(scene, animate) {
      try {
        await stage.scenery.show(scene, { animate, year: state.year });
      } catch (error) {
        if (!failed.has(scene.id)) console.warn(`scene ${scene.id}: no map: ${error.message}`);
        failed.add(scene.id);
      }
      stage.map.classList.toggle("without", failed.has(scene.id));
    }

    function ready(scene) {
      try {
        stage.scenery.prepare(scene);
      } catch (error) {
        // It is told when the scene itself is shown.
      }
    }

    const place = (index) => ({ index, total: scenes.length, colophon: config.show?.colophon, key: stage.key });

    function drawSlide(animate) {
      stage.put(pm.slide.build(scenes[state.index], { ...place(state.index), year: state.year }), animate ? LEAVES_MS : 0);
    }

    /** A scene as a picture with its text. @param {number} index @param {number} width px */
    function mini(index, width) {
      const scene = scenes[index];
      const year = index === state.index ? state.year : scene.years?.[1] ?? scene.at.year;
      return pm.slide.mini(scene, { ...place(index), year, width, thumb: (w, hi) => stage.thumb({ ...scene, at: { ...scene.at, year } }, w, hi) });
    }

    function playYears() {
      const { years } = scenes[state.index];
      if (!years || state.exploring || state.year >= years[1]) return;
      yearTimer = window.setTimeout(() => {
        setYear(state.year + 1);
        playYears();
      }, YEAR_MS);
    }

    function setYear(year) {
      state.year = year;
      stage.slide.mark(year);
      try {
        stage.scenery.year(year);
      } catch (error) {
        console.warn(`scene ${scenes[state.index].id}: no year ${year}: ${error.message}`);
      }
      if (year === scenes[state.index].years[1]) stage.live.textContent = String(year);
    }

    /** Begin to wait for the next scene, where the show plays by itself. */
    function pace(left = scenes[state.index].seconds * 1000) {
      clearTimeout(wait.timer);
      if (!state.auto) return;
      Object.assign(wait, { since: performance.now(), left });
      wait.timer = window.setTimeout(() => {
        if (state.index < scenes.length - 1) show(state.index + 1);
        else set({ auto: false });
      }, left / state.pace);
    }

    function setPace(by) {
      const left = Math.max(wait.left - (performance.now() - wait.since) * state.pace, 0);
      set({ pace: pm.showState.paced(state.pace, by) });
      pace(left);
      stage.bar.say(pm.text.t("show.pace_said", { pace: pm.text.plain(state.pace, 2) }));
    }

    function where() {
      if (!address) return;
      const other = config.show && story.id !== config.show.first ? story.id : null;
      history.replaceState(null, "", pm.showState.toAddress({ scene: state.index, story: other, language: pm.text.language === stage.opened ? null : pm.text.language }));
    }

    /** Bring what depends on the state in step. */
    function tell() {
      stage.update(told());
      speaker.update();
    }

    function set(changes) {
      state = { ...state, ...changes };
      tell();
    }

    function go(n) {
      if (n - 1 !== state.index) show(n - 1);
    }

    function step(by) {
      const to = state.index + by;
      if (to >= 0 && to < scenes.length) show(to);
    }

    function closeAll() {
      if (state.grid) grid.close();
      if (state.help) help.close();
      state = { ...state, grid: false, help: false };
      stage.root.focus({ preventScroll: true });
    }

    const act = {
      next: () => step(1),
      previous: () => step(-1),
      first: () => show(0),
      last: () => show(scenes.length - 1),
      black: () => set({ blank: !state.blank }),
      grid: () => over("grid"),
      help: () => over("help"),
      auto() {
        set({ auto: !state.auto });
        pace();
        stage.bar.say(pm.text.t(state.auto ? "show.auto_on" : "show.auto_off", { pace: pm.text.plain(state.pace, 2) }));
      },
      faster: () => setPace(1),
      slower: () => setPace(-1),
      full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.())?.catch(() => {}),
      speaker: () => { if (!speaker.open()) stage.bar.say(pm.text.t("show.blocked"), { stays: true }); tell(); },
      language: () => speak(pm.text.language === "en" ? "fr" : "en"),
      timer() {
        timer.toggle();
        if (!speaker.isOpen) stage.bar.say(pm.text.t(timer.running ? "show.timer_on" : "show.timer_off"));
        tell();
      },
      restart() {
        timer.restart();
        tell();
      },
      /** The scene as it was framed, its years at their end. */
      frame() {
        clearTimeout(yearTimer);
        if (scenes[state.index].years) setYear(scenes[state.index].years[1]);
        paint(scenes[state.index], false);
      },
      explore,
      escape() {
        if (state.grid || state.help) { closeAll(); tell(); }
        else if (state.blank || state.ended) set({ blank: false, ended: false });
        else if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
        else act.end();
      },
      end() {
        if (context.leave || !address) return close();
        return set({ ended: true, auto: false });
      },
      to: (n) => run(() => go(n)),
      tell,
    };

    /** Do what was asked for, by whatever means. @param {string | number | (() => void)} asked an action, a digit, or a move */
    function run(asked) {
      const name = typeof asked === "string" ? asked : "to";
      if (state.exploring) return resume();
      if (state.auto && !QUIET.includes(name)) {
        set({ auto: false });
        pace();
      }
      // A black screen first comes back: what is under it is seen before it is left.
      if ((state.blank || state.ended) && name !== "black" && !QUIET.includes(name)) return set({ blank: false, ended: false });
      if (typeof asked === "number" || (asked === "frame" && digits.waiting)) return digits.press(asked === "frame" ? 0 : asked);
      digits.drop();
      if (MOVES.includes(name) && (state.grid || state.help)) closeAll();
      return typeof asked === "function" ? asked() : act[name]();
    }

    function over(name) {
      const open = !state[name];
      closeAll();
      set({ [name]: open });
      if (open) (name === "grid" ? grid : help).open();
    }

    function speak(language) {
      pm.text.set(language);
      document.documentElement.lang = pm.text.language;
      model.relanguage?.();
      stage.words();
      drawSlide(false);
      paint(scenes[state.index], false);
      stage.live.textContent = pm.slide.spoken(scenes[state.index]);
      for (const name of ["grid", "help"]) if (state[name]) (name === "grid" ? grid : help).open();
      where();
      speaker.rebuild();
      tell();
    }

    /** Hand the screen to the explorer, on the View of the scene; the show waits as it is. */
    function explore() {
      if (!context.explore) return stage.bar.say(pm.text.t("show.no_explore"));
      closeAll();
      clearTimeout(yearTimer);
      const shown = scenes[state.index].at;
      set({ exploring: true, auto: false });
      pace();
      stage.away(true);
      const query = pm.view.toQuery({ ...shown, year: state.year, language: pm.text.language, theme: "dark" });
      // The explorer reads the address first: it is not to find a scene there.
      if (address) history.replaceState(null, "", `#${query}`);
      return context.explore(query);
    }

    function resume() {
      if (!state.exploring) return;
      context.rest?.();
      stage.away(false);
      set({ exploring: false });
      document.documentElement.lang = pm.text.language;
      stage.resize();
      // The reader may have changed the language, or the size of the window, while the show was away.
      drawSlide(false);
      paint(scenes[state.index], false);
      where();
      tell();
    }

    /** @param {KeyboardEvent} event of this window or of the speaker's */
    function onKey(event) {
      if (state.exploring) {
        // A clicker has no Esc: its keys bring the show back too.
        if (!["Escape", "PageDown", "PageUp"].includes(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        return resume();
      }
      // What is under the show hears no key while it plays.
      event.stopPropagation();
      const pressing = /** @type {Element} */ (event.target).closest?.("button, a") && (event.key === "Enter" || event.key === " ");
      const asked = pm.showState.keyOf(event, state.auto);
      if (pressing || event.repeat || (asked === null && !state.grid)) return;
      if (state.grid && grid.key(event)) return event.preventDefault();
      if (asked === null) return;
      event.preventDefault();
      run(asked);
    }

    async function stayAwake() {
      try {
        if (!document.hidden) lock = await /** @type {any} */ (navigator).wakeLock?.request("screen");
      } catch (error) {
        // A screen that may sleep is no reason to stop a show.
      }
    }

    function onHash() {
      const from = pm.showState.fromAddress(location.hash);
      if (from.scene !== null && !state.exploring) go(Math.min(from.scene, scenes.length - 1) + 1);
    }

    let resizing = 0;
    function onResize() {
      cancelAnimationFrame(resizing);
      resizing = requestAnimationFrame(() => {
        if (state.exploring) return;
        stage.resize();
        paint(scenes[state.index], false);
      });
    }

    const gone = () => speaker.leave();
    /** @type {[EventTarget, string, (event: any) => void, boolean?][]} */
    const heard = [[window, "keydown", onKey, true], [window, "resize", onResize], [window, "pagehide", gone], [document, "visibilitychange", stayAwake], [document, "fullscreenchange", tell],
      ...pm.showPointer.create(stage, run, () => state), ...(address ? [/** @type {any} */ ([window, "hashchange", onHash])] : [])];

    /** Begin another story, or the same anew. */
    function load(next, index) {
      story = next;
      scenes = next.scenes.map((scene) => ({ ...scene, at: pm.view.fromQuery(scene.view || "").view }));
      digits.drop();
      digits = pm.showState.digits(scenes.length, go, later);
      speaker.rebuild();
      show(Math.min(Math.max(index, 0), scenes.length - 1), { animate: false });
    }

    function close() {
      if (playing !== self) return;
      turn += 1;
      for (const id of [yearTimer, wait.timer]) clearTimeout(id);
      for (const [target, type, listener, capture] of heard) target.removeEventListener(type, listener, capture);
      digits.drop();
      speaker.leave();
      lock?.release?.();
      stage.close();
      playing = null;
      before?.focus?.();
      if (address) context.leave?.();
    }

    const grid = pm.overview.grid(stage.grid, { scenes: () => scenes, stories: () => (address ? config.show.stories : [story]), story: () => story, index: () => state.index, mini, close: () => act.grid(), go: (i) => { closeAll(); go(i + 1); tell(); }, choose: (other) => { closeAll(); if (other !== story) load(other, 0); else tell(); } });
    const help = pm.overview.help(stage.help, () => act.help());
    const speaker = pm.speaker.create({ told, mini, run, onKey, act, timer, story: () => story, scenes: () => scenes, failed: (id) => failed.has(id) });
    const self = { told, close, resume };
    playing = self;
    stage.build({ act: Object.fromEntries(Object.keys(act).map((name) => [name, () => run(name)])), resume });
    for (const [target, type, listener, capture] of heard) target.addEventListener(type, listener, capture);
    load(first, at);
    stage.root.focus({ preventScroll: true });
    stayAwake();
  }

  /**
   * Play a resolved story over the page. @param {any} story see layers.stories
   * @param {{at?: number, address?: boolean, context?: any}} [options] at: the scene to begin with, from 0; context: as for start, for a page that is no show
   */
  function open(story, options = {}) {
    if (!context) context = complete({ config: JSON.parse(document.getElementById("provence-config").textContent), ...options.context });
    playing?.close();
    player(story, options);
  }

  /** Play the document's own story. @param {any} given {config, model?, draw?, explore?(query), rest?() when the show is back, leave?()} */
  function start(given) {
    context = complete(given);
    const { stories, first } = context.config.show;
    const from = pm.showState.fromAddress(location.hash);
    const own = from.language || pm.view.fromQuery(context.config.query || "").view.language;
    pm.text.set(own || pm.text.preferred());
    context.model.relanguage();
    document.documentElement.lang = pm.text.language;
    const story = stories.find((one) => one.id === from.story) || stories.find((one) => one.id === first) || stories[0];
    open(story, { at: from.scene ?? 0, address: true });
    // Two frames later the first picture is on the screen.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      performance.mark("provence-painted");
      document.documentElement.dataset.painted = "true";
    }));
  }

  pm.show = { start, open, close: () => playing?.close(), resume: () => playing?.resume(), state: () => playing?.told() ?? null };
})((globalThis.provence ??= {}));
