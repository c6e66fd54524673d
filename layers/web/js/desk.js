// The Present page: the stories there are, each to play or to take along, and the way to one's own.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const D = pm.draft;
  const KEPT_AS = "provence-map-story";
  const OFFER_AS = "provence-map-offer";
  const FILES = ["html", "pdf", "pptx"];
  // What the server opens at most, layers/stories/archive.py.
  const MOST_ZIP = 12_000_000;
  // Pictures of a card, px: the first scene large, the next two beside it.
  const STRIP = [[384, 216], [188, 106], [188, 106]];
  // What the room sees left of the map, as a part of the width: there stand the words of a slide.
  const WORDS_PART = 0.44;

  /** What this browser keeps of a story being written; where it keeps nothing, the page says so. */
  function createStore() {
    let works = true;
    /** @type {any} */
    let last = null;
    return {
      read() {
        if (!works) return last;
        try {
          const found = JSON.parse(localStorage.getItem(KEPT_AS) || "null");
          const draft = found && D.read(JSON.stringify(found.draft));
          return draft ? { draft, at: Number.isInteger(found.at) ? found.at : -1, open: Boolean(found.open) } : null;
        } catch {
          return null;
        }
      },
      write(state) {
        last = state;
        try {
          localStorage.setItem(KEPT_AS, JSON.stringify(state));
          works = true;
        } catch {
          // Full, or forbidden: the story lives on in the page, which says that it must be downloaded.
          works = false;
        }
      },
      get works() { return works; },
    };
  }

  /**
   * Pictures of scenes, painted when the browser has time for them, each once.
   * @param {any} scenery
   */
  function createThumbs(scenery) {
    /** @type {Map<string, HTMLCanvasElement>} */
    const painted = new Map();
    const waiting = [];
    let running = false;
    const idle = window.requestIdleCallback || ((work) => setTimeout(work, 30));

    function work() {
      const job = waiting.shift();
      if (!job) {
        running = false;
        return;
      }
      if (job.node.isConnected || !waiting.length) job.paint();
      idle(work);
    }

    /** The map in the whole of a picture, or right of the words as on a slide; the scenery counts in px of the page. */
    function paint(scene, width, height, slide) {
      const [right, bottom] = [window.innerWidth, window.innerHeight];
      scenery.free({ left: slide ? right * WORDS_PART : 0, top: 0, right, bottom });
      return scenery.thumb({ ...scene, at: pm.view.fromQuery(scene.view).view }, width, height);
    }

    /** @param {any} scene a draft's or a resolved one @param {number} width px @param {number} height px @param {boolean} [slide] framed as on its slide */
    function thumb(scene, width, height, slide = false) {
      const node = h("div.thumb", { style: `aspect-ratio:${width}/${height}` });
      const key = [scene.view, scene.highlights, width, height, slide].join("|");
      const put = (canvas) => {
        // One canvas stands in one place only: the next place gets a copy.
        const copy = /** @type {HTMLCanvasElement} */ (h("canvas", { width: canvas.width, height: canvas.height, "aria-hidden": "true" }));
        copy.getContext("2d").drawImage(canvas, 0, 0);
        node.append(copy);
      };
      if (painted.has(key)) put(painted.get(key));
      else {
        waiting.push({ node, paint() {
          try {
            if (!painted.has(key)) painted.set(key, paint(scene, width, height, slide));
            put(painted.get(key));
          } catch (error) {
            // A picture that cannot be painted must not keep anyone from the words.
            console.warn("no picture of a scene:", error);
          }
        } });
        if (!running) {
          running = true;
          idle(work);
        }
      }
      return node;
    }

    return thumb;
  }

  /** Start the page. @param {{config: any}} given */
  function start({ config }) {
    const { t } = pm.text;
    const $ = (id) => document.getElementById(id);
    const darkScheme = matchMedia("(prefers-color-scheme: dark)");
    const draw = pm.icons.symbols(config.style);
    const model = pm.describe.extend(pm.model.create(pm.layers, config), config, draw);
    const { stories } = config.show;
    const server = pm.server.create(config);
    const store = createStore();
    const scenery = pm.scenery.create({ config, model, draw });
    const thumb = createThumbs(scenery);
    const { language, theme } = pm.view.fromQuery(location.search).view;
    let words = { ...pm.view.fresh(), language, theme };
    /** The View a reader came with from Explore, as a query; null without one. @type {string | null} */
    let offer = null;
    let composing = false;
    let figures = null;

    const languageOf = () => words.language || pm.text.preferred();
    const themeOf = () => words.theme || (darkScheme.matches ? "dark" : "light");
    const placed = (key) => model.byKey.get(key)?.lon !== undefined;
    const page = (id) => config.pages.find((one) => one.id === id);
    const explore = (query) => pm.header.address(page("explore"), { ...pm.view.fromQuery(query).view, language: words.language, theme: words.theme });

    const notice = pm.notice.create($("notices"));
    const file = /** @type {HTMLInputElement} */ (h("input", { type: "file", id: "zip-file", accept: ".zip,application/zip", class: "hidden", tabindex: "-1", "aria-hidden": "true", onchange: openZip }));
    const root = h("main", { id: "desk" });
    const context = {
      config, model, server, thumb, placed, explore, say: notice.say, play: (story, at) => play(story, { at }),
      offer: () => offer,
      kept: () => store.works,
      figures: () => (figures ??= server.ask(server.url("story/figures.json")).then((answer) => answer.json()).catch((error) => { figures = null; throw error; })),
      keep: (draft, at) => store.write({ draft, at, open: composing }),
      close: () => show(false),
      open: () => file.click(),
    };
    const composer = pm.composer.create(context);
    const on = {
      view: () => ({ ...pm.view.fromQuery(offer ?? "").view, language: words.language, theme: words.theme }),
      change(changes) {
        words = { ...words, ...changes };
        const query = pm.view.toQuery(words);
        history.replaceState(history.state, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
        build();
      },
      home: () => show(false),
    };
    const header = pm.header.create($("header"), { config, on });

    /** Everything whose words change with the language. */
    function build() {
      pm.text.set(languageOf());
      model.relanguage();
      document.documentElement.lang = pm.text.language;
      document.documentElement.dataset.theme = themeOf();
      document.title = `${t("page.present")} – Provence Map`;
      fill($("skip"), t("desk.skip"));
      header.build(themeOf());
      if (composing) composer.draw();
      else shelf();
    }

    const saidOf = (story) => t("compose.length", { scenes: pm.text.count("compose.scenes", story.scenes.length), minutes: pm.text.count("compose.min", story.minutes) });

    /** @param {any} story resolved @param {{at?: number}} [options] */
    function play(story, options = {}) {
      pm.show.open(story, { ...options, context: { config, model, draw, explore: lookAround, rest } });
    }

    /** During a show, give the screen to Explore's own document; the keys that lead back are heard in it as well. @param {string} query */
    function lookAround(query) {
      rest();
      const frame = /** @type {HTMLIFrameElement} */ (h("iframe.desk-map", { id: "desk-map", title: t("map.label"), src: `${config.desk.map}#${query}`, onload: () => {
        frame.contentWindow.addEventListener("keydown", (event) => { if (["Escape", "PageDown", "PageUp"].includes(event.key)) pm.show.resume(); }, true);
      } }));
      document.body.append(frame);
    }

    /** The show is back. */
    const rest = () => document.getElementById("desk-map")?.remove();

    function strip(story) {
      return h("div.strip", { "aria-hidden": "true" }, STRIP.map(([width, height], i) => (story.scenes[i] ? thumb(story.scenes[i], width, height) : h("div.thumb"))));
    }

    function card(story) {
      const name = pm.text.pick(story.title);
      const status = h("p.said", { role: "status" });
      const files = FILES.map((kind) => {
        const button = h("button.button", { type: "button", "data-file": kind, "aria-label": t("desk.file_of", { file: t(`desk.${kind}`), story: name }), onclick: () => fetchFile(story, kind, button, status) }, t(`desk.${kind}`));
        return button;
      });
      return h("li.tale", { "data-story": story.id }, strip(story), h("div.tale-said", null, h("h3", null, name), h("p", null, pm.text.pick(story.about)), h("p.said", null, saidOf(story))),
        h("div.tale-do", null, h("button.button.primary", { type: "button", "aria-label": t("desk.play_story", { story: name }), onclick: () => play(story) }, pm.icons.icon("play", 18), t("desk.play")),
          h("button.button", { type: "button", "aria-label": t("desk.change_story", { story: name }), onclick: () => change(story) }, pm.icons.icon("pen", 18), t("desk.change"))),
        h("div.files", { role: "group", "aria-label": t("desk.files_of", { story: name }) }, h("span.said", null, t("desk.files")), files), status);
    }

    /** Fetch a story as a file; making it takes the server some seconds the first time. */
    async function fetchFile(story, kind, button, status) {
      if (button.getAttribute("aria-busy")) return;
      button.setAttribute("aria-busy", "true");
      fill(status, t("desk.making"));
      try {
        const name = await server.save(server.url(`stories/${story.id}.${pm.text.language}.${kind}`), `${story.id}.${kind}`);
        fill(status, t("compose.saved", { name }));
      } catch (error) {
        fill(status, error.message);
      }
      button.removeAttribute("aria-busy");
    }

    /** What a reader came with from Explore, and what was being written. */
    function mine() {
      const kept = store.read();
      const parts = [];
      const scene = offer === null ? null : D.fromView(pm.view.fromQuery(offer).view, placed);
      if (scene && !kept?.draft.scenes.some((one) => one.view === scene.view)) parts.push(h("section.own", { "aria-labelledby": "offer-title" }, thumb(scene, 288, 162), h("div", null, h("h2", { id: "offer-title" }, t("desk.offer")), h("p", null, t("desk.offer_what")),
        h("div.actions", null, h("button.button.primary", { type: "button", id: "take-offer", onclick: () => take(offer) }, pm.icons.icon("screen", 18), t("share.make_scene")), h("a.button", { href: explore(offer), target: "_top" }, pm.icons.icon("map", 18), t("desk.to_explore"))))));
      if (kept && !D.isEmpty(kept.draft)) {
        const { draft } = kept;
        parts.push(h("section.own", { "aria-labelledby": "own-title" }, draft.scenes.length ? thumb(draft.scenes[0], 288, 162) : null, h("div", null, h("span.over", null, t("desk.own")), h("h2", { id: "own-title" }, draft.title[pm.text.language] || draft.title.en || draft.title.fr || t("compose.your_story")),
          h("p.said", null, `${saidOf({ ...draft, minutes: D.minutes(draft) })} · ${t("compose.kept_here")}`), h("div.actions", null, h("button.button.primary", { type: "button", id: "go-on", onclick: () => show(true) }, pm.icons.icon("pen", 18), t("desk.go_on"))))));
      }
      return parts;
    }

    function shelf() {
      const kept = store.read();
      const begin = kept && !D.isEmpty(kept.draft) ? null : h("button.button.primary", { type: "button", id: "begin", onclick: () => edit(D.fresh()) }, pm.icons.icon("plus", 18), t("desk.begin"));
      fill(root, h("div.shelf", null, h("div.shelf-head", null, h("h1", { id: "desk-title", tabindex: "-1" }, t("desk.title")), h("p", null, t("desk.what"))), mine(),
        h("section", { "aria-labelledby": "tales-title" }, h("h2", { id: "tales-title" }, t("desk.stories")), h("ul.tales", null, stories.map(card))),
        h("section.make", { "aria-labelledby": "make-title" }, h("h2", { id: "make-title" }, t("desk.make")), h("p", null, t("desk.make_what")),
          h("div.actions", null, begin, h("button.button", { type: "button", id: "open-zip", onclick: context.open }, pm.icons.icon("open", 18), t("compose.open"))))));
    }

    /** Go between the stories and the composer. @param {boolean} compose */
    function show(compose) {
      composing = compose;
      const kept = store.read();
      if (compose) {
        fill(root, composer.node);
        composer.open(kept?.draft || composer.draft, kept?.at ?? -1);
        store.write({ draft: composer.draft, at: kept?.at ?? -1, open: true });
      } else {
        if (kept) store.write({ ...kept, open: false });
        shelf();
      }
      document.body.classList.toggle("composing", compose);
      window.scrollTo(0, 0);
      $(compose ? "composer-title" : "desk-title").focus({ preventScroll: true });
    }

    /** Edit a story in place of what was being written, which may be wanted still. */
    async function edit(draft) {
      const kept = store.read();
      if (kept && !D.isEmpty(kept.draft)) {
        const name = kept.draft.title[pm.text.language] || t("compose.your_story");
        if (!(await pm.pick.sure({ title: t("desk.replace"), text: t("desk.replace_sure", { name }), yes: t("desk.replace") }))) return false;
      }
      composing = true;
      store.write({ draft, at: draft.scenes.length ? 0 : -1, open: true });
      fill(root, composer.node);
      composer.open(draft, draft.scenes.length ? 0 : -1);
      document.body.classList.add("composing");
      window.scrollTo(0, 0);
      $("composer-title").focus({ preventScroll: true });
      return true;
    }

    /** Open a copy of a story that is here. */
    async function change(story) {
      try {
        const draft = await (await server.ask(server.url(`stories/${story.id}.draft.json`))).json();
        await edit({ ...draft, id: `${draft.id}-copy` });
      } catch (error) {
        notice.say("failed", t("compose.failed"), { sticky: true, tone: "warn", detail: error.message });
      }
    }

    async function openZip() {
      const chosen = file.files?.[0];
      if (!chosen) return;
      try {
        if (chosen.size > MOST_ZIP) throw new Error(t("compose.too_large", { size: megabytes(chosen.size), most: megabytes(MOST_ZIP) }));
        const { draft, faults } = await (await server.send("story/open", chosen)).json();
        if (faults) {
          await pm.pick.faults(t("compose.cannot_open", { name: chosen.name }), pm.text.count("compose.cannot_open_what", faults.length), faults);
          file.value = "";
          return;
        }
        const name = D.slug(chosen.name.replace(/\.zip$/i, ""));
        if (await edit({ ...draft, id: name || draft.id })) notice.say("opened", t("compose.opened", { name: chosen.name }));
      } catch (error) {
        notice.say("failed", t("compose.cannot_open", { name: chosen.name }), { sticky: true, tone: "warn", detail: `${error.message} ${t("compose.safe")}` });
      }
      // So that the same file, mended, can be chosen again.
      file.value = "";
    }

    /** Make a scene of a View in what is being written. @param {string} query */
    function take(query) {
      if (!composing) show(true);
      composer.take(query);
      header.update(on.view());
    }

    /** What the address brings: a View to offer, or one to make a scene of. It leaves the address, so that a reload does not bring it twice. */
    function arrive() {
      const handed = new URLSearchParams(location.hash.slice(1));
      const query = handed.get("scene") ?? handed.get("take");
      if (query === null) return;
      const found = pm.view.toQuery(model.known(pm.view.fromQuery(query).view).view);
      // The map as it always opens is nobody's view, unless it was asked for.
      offer = found || handed.has("scene") ? found : null;
      remember(offer);
      history.replaceState(history.state, "", `${location.pathname}${location.search}`);
      if (handed.has("scene")) take(query);
    }

    document.body.classList.add("desk");
    for (const part of [...$("app").children]) if (part !== $("header")) part.remove();
    $("skip-table").remove();
    $("app").append(root, file);
    $("skip").setAttribute("href", "#desk");
    $("skip").addEventListener("click", (event) => { event.preventDefault(); root.querySelector("h1").focus(); });
    darkScheme.addEventListener("change", build);
    window.addEventListener("beforeunload", (event) => { if (!store.works && !D.isEmpty(composer.draft)) event.preventDefault(); });
    offer = remembered();
    build();
    const kept = store.read();
    if (kept?.open) show(true);
    arrive();
    header.update(on.view());
    if (!composing) shelf();
    else composer.draw();
    window.addEventListener("hashchange", () => { arrive(); build(); });
    window.addEventListener("storage", (event) => {
      if (event.key !== KEPT_AS) return;
      const other = store.read();
      // Two windows on one story: what was written last is what both show, so that neither writes over the other.
      if (composing && other) {
        composer.open(other.draft, other.at);
        notice.say("elsewhere", t("desk.elsewhere"));
      } else if (!composing) shelf();
    });
    requestAnimationFrame(() => requestAnimationFrame(() => { document.documentElement.dataset.painted = "true"; }));
  }

  /** @param {number} size bytes */
  const megabytes = (size) => `${pm.text.plain(size / 1e6, 1)}\u00a0${pm.text.language === "fr" ? "Mo" : "MB"}`;

  /** The View that was last brought from Explore, as long as the window lives. */
  function remembered() {
    try {
      return sessionStorage.getItem(OFFER_AS);
    } catch {
      return null;
    }
  }

  /** @param {string | null} query */
  function remember(query) {
    try {
      if (query === null) sessionStorage.removeItem(OFFER_AS);
      else sessionStorage.setItem(OFFER_AS, query);
    } catch {
      // The offer is then only of this page's life.
    }
  }

  pm.desk = { start };
})((globalThis.provence ??= {}));
