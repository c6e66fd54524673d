// The speaker view: a second window, made and driven by the script of the first, so that it works in a file from disk.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const FEATURES = "popup,width=1440,height=900";
  const TICK_MS = 250;
  // Pictures are made once the room has seen the next scene begin.
  const PICTURES_MS = 90;
  const NEXT_PX = 256;
  // What stands above and below the picture, figures for questions included; least and most of its width, in px.
  const BESIDE_PX = 500;
  const PICTURE_PX = { least: 360, most: 900 };

  /** @param {any} show {told, mini, run, onKey, act, timer, story, scenes, failed} */
  function create(show) {
    /** @type {any} */
    let win = null;
    /** @type {Record<string, HTMLElement>} */
    let parts = {};
    let ticking = 0;
    let drawing = 0;
    let drawn = "";
    let resizing = 0;
    /** @type {any} */
    let current = null;

    const isOpen = () => Boolean(win && !win.closed);

    /** Open the window, or bring it to the front. @returns {boolean} false where the browser holds it back */
    function open() {
      if (isOpen()) {
        win.focus();
        return true;
      }
      // Of this very document, since a page of its own could not be read from a file; and always a new one, since what an
      // earlier page opened from a file belongs to another origin.
      win = window.open("", "_blank", FEATURES);
      if (!win) return false;
      dress();
      win.addEventListener("keydown", show.onKey);
      win.addEventListener("resize", () => {
        win.clearTimeout(resizing);
        resizing = win.setTimeout(pictures, PICTURES_MS);
      });
      win.addEventListener("pagehide", closed);
      win.document.fonts?.ready.then(() => isOpen() && pictures());
      rebuild();
      win.focus();
      return true;
    }

    function dress() {
      const { document: page } = win;
      page.documentElement.dataset.theme = "dark";
      fill(page.head);
      const title = page.createElement("title");
      const style = page.createElement("style");
      style.textContent = [...document.querySelectorAll("style")].map((node) => node.textContent).join("\n");
      page.head.append(title, style);
      page.body.className = "speaker-body";
    }

    function closed() {
      stop();
      const was = win;
      win = null;
      parts = {};
      // It may have been closed, or loaded anew: either way S opens it again.
      window.setTimeout(() => { if (was !== win) show.act.tell(); });
    }

    function stop() {
      if (win && ticking) win.clearInterval(ticking);
      clearTimeout(drawing);
      ticking = 0;
    }

    /** @param {string} text @param {string} key @param {string} action @param {string} [look] */
    function button(text, key, action, look = "") {
      return h(`button.big${look}`, { type: "button", onclick: (event) => { show.run(action); if (event.detail > 0) event.currentTarget.blur(); } }, look === ".go" ? [text, h("kbd", null, key)] : [h("kbd", null, key), text]);
    }

    const card = (name, more) => h(`div.${name}`, more || null);
    const heading = (text, aside) => h("h2", null, h("span", null, text), aside || null);

    /** Everything, in the language of now. */
    function rebuild() {
      if (!isOpen()) return;
      const { t, pick, count, language } = pm.text;
      const story = show.story();
      win.document.documentElement.lang = language;
      win.document.title = `${t("speaker.title")} – ${pick(story.title)}`;
      parts = { at: h("span.aside"), picture: card("current"), state: h("p.state", { role: "status" }), strip: h("div.strip", { role: "group", "aria-label": t("speaker.scenes") }), asked: card("asked", { tabindex: "0", role: "region", "aria-label": t("speaker.asked") }), elapsed: h("b"), remaining: h("b"), limit: h("small"), clock: h("button.link", { type: "button", onclick: () => show.run("restart") }, t("speaker.restart")), nextAt: h("span.aside"), next: card("upcoming"), notes: card("notes", { tabindex: "0", role: "region", "aria-label": t("speaker.notes") }), black: button(t("speaker.black"), "B", "black"), pause: button("", "T", "timer"), left: h("div.timer-card", null) };
      const { at, picture, state, strip, asked, elapsed, remaining, limit, clock, nextAt, next, notes } = parts;
      const header = h("header", null, pm.icons.logo(), h("h1", null, "Provence Map"), h("span.about", null, [pick(story.title), count("speaker.minutes", story.minutes), t(`language.${language}`)].join(" · ")), h("span.gap"), h("span.pill", null, pm.icons.icon("check", 17), t("speaker.ready")), h("button.button", { type: "button", onclick: () => window.focus() }, pm.icons.icon("screen", 18), t("speaker.audience")));
      fill(parts.left, limit, remaining);
      const left = h("div.column", null, heading(t("speaker.on_screen"), at), h("div.on-screen", null, picture, state), strip, heading(t("speaker.asked")), asked);
      const right = h("div.column", null, h("div.timers", null, h("div.timer-card", null, h("small", null, t("speaker.elapsed")), clock, elapsed), parts.left), heading(t("speaker.next"), nextAt), next, heading(t("speaker.notes")), notes);
      const main = h("main", null, left, right);
      parts.main = main;
      const footer = h("footer", null, button(t("speaker.previous"), "←", "previous"), button(t("speaker.go"), "→", "next", ".go"), h("span.gap"), button(t("speaker.frame"), "0", "frame"), parts.black, parts.pause, button(t("speaker.end"), "Esc", "end"));
      fill(strip, show.scenes().map((scene, i) => h("button", { type: "button", onclick: (event) => { show.act.to(i + 1); if (event.detail > 0) event.currentTarget.blur(); } }, h("b", null, pm.text.number(i + 1)), h("span", null, pick(scene.topic) || pm.slide.said(scene.title)))));
      fill(win.document.body, h("div.speaker", null, header, main, footer));
      win.clearInterval(ticking);
      ticking = win.setInterval(tick, TICK_MS);
      drawn = "";
      update();
    }

    /** Bring the window in step with the show. */
    function update() {
      if (!isOpen() || !parts.at) return;
      const { t, number } = pm.text;
      const state = show.told();
      const scene = show.scenes()[state.scene];
      const sign = [state.story, state.scene, pm.text.language].join();
      if (sign !== drawn) {
        drawn = sign;
        const of = (i) => t("show.scene_of", { n: number(i + 1), total: number(state.total) });
        parts.at.textContent = of(state.scene);
        parts.nextAt.textContent = state.scene + 1 < state.total ? of(state.scene + 1) : "";
        const notes = pm.slide.segments(scene.notes);
        fill(parts.notes, notes.length ? h("ul", null, notes.map((note) => h("li", null, pm.showState.said(note)))) : h("p.quiet", null, t("speaker.no_notes")));
        parts.notes.scrollTop = 0;
        fill(parts.asked, scene.asked.length ? scene.asked.map((figure) => fact(figure, scene.asked_sources)) : h("p.quiet", null, t("speaker.no_asked")));
        [...parts.strip.children].forEach((node, i) => (i === state.scene ? node.setAttribute("aria-current", "true") : node.removeAttribute("aria-current")));
        parts.strip.children[state.scene]?.scrollIntoView({ block: "nearest", inline: "center" });
        clearTimeout(drawing);
        drawing = window.setTimeout(pictures, PICTURES_MS);
      } else current?.mark(state.year);
      const told = [state.ended ? t("speaker.is_ended") : state.blank ? t("speaker.is_black") : state.exploring ? t("speaker.is_exploring") : state.auto ? t("show.auto_on", { pace: pm.text.plain(state.pace, 2) }) : "", show.failed(scene.id) ? t("speaker.no_map") : ""].filter(Boolean).join(" ");
      if (parts.state.textContent !== told) parts.state.textContent = told;
      parts.black.setAttribute("aria-pressed", String(state.blank));
      fill(parts.pause, h("kbd", null, "T"), t(state.running ? "speaker.pause" : "speaker.resume"));
      parts.pause.setAttribute("aria-pressed", String(!state.running));
      tick();
    }

    /** A figure for questions, with what it says and where it is from. */
    function fact(figure, sources) {
      const { pick } = pm.text;
      const [value, unit] = [pick(figure.value), pick(figure.unit)];
      return h("div.fact", null, value && h("b", null, value, unit ? `${unit === "%" && pm.text.language === "en" ? "" : "\u202f"}${unit}` : ""), h("span", null, pick(figure.said)), pick(figure.note) ? h("span.note", null, pick(figure.note)) : null, h("small", null, pick(sources[figure.source]?.said)));
    }

    /** The scene on the screen and the next one, as large as they have room. */
    function pictures() {
      if (!isOpen() || !parts.at) return;
      const { scene, total } = show.told();
      const wanted = Math.round(Math.min(Math.max(((win.innerHeight - BESIDE_PX) * 16) / 9, PICTURE_PX.least), PICTURE_PX.most));
      parts.main.style.setProperty("--left", `${wanted}px`);
      const width = Math.min(wanted, parts.picture.parentElement.clientWidth);
      current = show.mini(scene, width);
      fill(parts.picture, current.node);
      current.fit();
      if (scene + 1 >= total) return void fill(parts.next, h("p.quiet", null, pm.text.t("speaker.last")));
      const next = show.scenes()[scene + 1];
      const picture = show.mini(scene + 1, NEXT_PX);
      const figure = next.figure ? pm.text.pick(next.figure.said) : pm.text.pick(next.topic);
      fill(parts.next, picture.node, h("p", null, pm.slide.said(next.title), h("small", null, figure)));
      picture.fit();
    }

    /** The two clocks; the second turns colour and words when time is short. */
    function tick() {
      if (!isOpen() || !parts.elapsed) return;
      const { elapsed, running } = show.timer;
      const { minutes } = show.story();
      const { state, said } = pm.showState.remaining(minutes, elapsed);
      write(parts.elapsed, pm.showState.clock(Math.floor(elapsed / 1000)));
      write(parts.remaining, said);
      write(parts.limit, running ? { plain: pm.text.t("speaker.remaining", { minutes }), soon: pm.text.t("speaker.soon", { minutes }), over: pm.text.t("speaker.over", { minutes }) }[state] : pm.text.t("speaker.paused", { minutes }));
      parts.left.className = `timer-card ${state}`;
    }

    function write(node, text) {
      if (node.textContent !== text) node.textContent = text;
    }

    /** The screen of the room is gone: say so, in a window that nothing drives any more. */
    function leave() {
      if (!isOpen()) return;
      const { t } = pm.text;
      stop();
      win.removeEventListener("keydown", show.onKey);
      win.removeEventListener("pagehide", closed);
      fill(win.document.body, h("div.speaker-gone", { role: "alert" }, h("h1", null, t("speaker.closed")), h("p", null, t("speaker.closed_more"))));
      win = null;
      parts = {};
    }

    return { open, update, rebuild, leave, get isOpen() { return isOpen(); } };
  }

  pm.speaker = { create };
})((globalThis.provence ??= {}));
