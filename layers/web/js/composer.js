// The composer: the scenes of a story at the left, the form of one of them beside it, and what is still to be mended.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const D = pm.draft;
  const CHECK_AFTER_MS = 800;
  const THUMB_WIDTH = 112;
  const THUMB_HEIGHT = 63;
  const MOST_STEPS = 50;

  /** @param {any} context {config, model, server, say, thumb, figures, placed, explore, offer, keep, close, open} */
  function create(context) {
    const { server, model } = context;
    const { t } = pm.text;
    const $ = (id) => document.getElementById(id);
    const root = h("div.composer");
    let draft = D.fresh();
    /** The scene whose form is shown; -1 is the story itself. */
    let at = -1;
    /** What the last check found, each fault with its place; null while nothing is known. @type {any[] | null} */
    let faults = null;
    // Faults are marked in the form only once somebody asked for the story: an empty form is no mistake.
    let told = false;
    /** @type {{draft: any, at: number}[]} */
    let steps = [];
    let timer = 0;
    let asked = 0;
    let busy = "";
    let dragged = -1;
    const nodes = { bar: h("div.bar"), list: h("nav.scenes"), form: h("div.form"), status: h("p.status", { role: "status", "aria-live": "polite" }) };

    const form = pm.sceneForm.create(context, {
      get: () => (at < 0 ? draft : draft.scenes[at]),
      at: () => at,
      change(changes, { redraw = false, step = false } = {}) {
        if (step) remember();
        set(D.changed(draft, at, changes));
        if (redraw) drawForm();
        else form.say(draft.scenes[at]);
        drawRow(at, "view" in changes || "highlights" in changes || redraw);
      },
      story(changes) {
        set({ ...draft, ...changes });
        drawRow(-1, false);
        drawTitle();
      },
      offer: offered,
      say: context.say,
    });

    /** Take the next state of the story: kept at once, checked soon. */
    function set(next) {
      draft = next;
      context.keep(draft, at);
      clearTimeout(timer);
      timer = window.setTimeout(check, CHECK_AFTER_MS);
      // What was known of the story before is not known of this one.
      asked += 1;
      drawStatus();
    }

    function remember() {
      steps = [...steps.slice(1 - MOST_STEPS), { draft, at }];
    }

    /** A change of what scenes there are, or of their order, that can be taken back. @param {any} next @param {number} to @param {string} [focus] an id */
    function restructure(next, to, focus = "") {
      remember();
      at = Math.max(-1, Math.min(next.scenes.length - 1, to));
      set(next);
      draw();
      if (focus) ($(focus) && !(/** @type {any} */ ($(focus)).disabled) ? $(focus) : $(`scene-${at}`))?.focus();
    }

    function undo() {
      const last = steps.pop();
      if (!last) return;
      at = last.at;
      set(last.draft);
      draw();
      ($("undo") && !(/** @type {any} */ ($("undo")).disabled) ? $("undo") : $(`scene-${at}`))?.focus();
      context.say("undo", t("compose.undone"));
    }

    function remove() {
      const name = nameOf(draft.scenes[at], at);
      restructure(D.removed(draft, at), Math.min(at, draft.scenes.length - 2), `scene-${Math.min(at, draft.scenes.length - 2)}`);
      context.say("undo", t("compose.deleted", { name }), { action: { text: t("compose.undo"), run: undo } });
    }

    const move = (from, to, focus) => { if (to >= 0 && to < draft.scenes.length && to !== from) restructure(D.moved(draft, from, to), to, focus); };

    /** Go to a scene. @param {number} index @param {boolean} [focus] */
    function go(index, focus = false) {
      at = index;
      context.keep(draft, at);
      draw();
      nodes.form.scrollIntoView({ block: "nearest" });
      if (focus) $("form-title").focus({ preventScroll: false });
    }

    const nameOf = (scene, index) => D.titleOf(scene, pm.text.language) || t("compose.untitled", { n: pm.text.number(index + 1) });
    /** A fault in a sentence; what is only missing is named as its field is. */
    function saidOf(fault) {
      const [name, language] = (fault.field || "").split(".");
      const value = language && (fault.scene === null ? draft : draft.scenes[fault.scene])?.[name]?.[language];
      return value !== undefined && !value.length ? t("compose.missing", { what: t(`compose.in_${language}`, { what: t(`compose.${name}`) }) }) : fault.said[pm.text.language];
    }

    const faultsOf = (index) => (told && faults ? faults.filter((fault) => (fault.scene ?? -1) === index) : []);

    /** Ask the server what is to be mended. @returns {Promise<any>} the story resolved, or null */
    async function check() {
      clearTimeout(timer);
      const turn = ++asked;
      const sent = D.named(draft);
      try {
        const answer = await (await server.send("story.json", JSON.stringify(sent))).json();
        if (turn !== asked) return null;
        faults = (answer.faults || []).map((fault) => ({ ...fault, ...D.placeOf(sent, fault) }));
        drawStatus();
        mark();
        return answer.story || null;
      } catch (error) {
        if (turn === asked) {
          faults = null;
          drawStatus(error.message);
        }
        return null;
      }
    }

    /** Show what is to be mended, at its places; the first of it takes the focus. */
    function tell() {
      told = true;
      draw();
      const first = faults?.[0];
      if (first && !faultsOf(at).length) go(first.scene ?? -1);
      $("mend")?.focus();
    }

    /** Mark a button as busy while something is made. @param {string} name @param {() => Promise<any>} work */
    async function working(name, work) {
      if (busy) return;
      busy = name;
      showBusy();
      try {
        await work();
      } catch (error) {
        if (error.faults?.length) {
          const sent = D.named(draft);
          faults = error.faults.map((fault) => ({ ...fault, ...D.placeOf(sent, fault) }));
          tell();
        } else context.say("failed", t("compose.failed"), { sticky: true, tone: "warn", detail: `${error.message} ${t("compose.safe")}` });
      }
      busy = "";
      showBusy();
    }

    /** In place: the button that was pressed keeps the focus, and gets it back from a show. */
    function showBusy() {
      for (const button of nodes.bar.querySelectorAll("button[id]")) {
        if (button.id === busy) button.setAttribute("aria-busy", "true");
        else button.removeAttribute("aria-busy");
      }
    }

    const preview = () => working("preview", async () => {
      const story = await check();
      if (story) context.play(story, Math.max(0, at));
      else if (faults?.length) tell();
      else throw new Error(t("server.silent"));
    });

    const download = () => working("zip", async () => {
      if (!(await check())) {
        if (faults?.length) return tell();
        throw new Error(t("server.silent"));
      }
      const sent = D.named(draft);
      const answer = await server.send("story.zip", JSON.stringify(sent));
      pm.server.handOver(await answer.blob(), `${sent.id}.zip`);
      return context.say("zip", t("compose.saved", { name: `${sent.id}.zip` }));
    });

    async function startAgain() {
      if (!(await pm.pick.sure({ title: t("compose.start_again"), text: t("compose.start_again_sure"), yes: t("compose.start_again") }))) return;
      told = false;
      restructure(D.fresh(), -1, "f-title-en");
      context.say("undo", t("compose.cleared"), { action: { text: t("compose.undo"), run: undo } });
    }

    function drawBar() {
      const button = (id, name, icon, run, kind = "") => h(`button.button${kind}`, { type: "button", id, title: t(name), "aria-busy": busy === id ? "true" : null, onclick: run }, pm.icons.icon(icon, 18), h("span", null, t(name)));
      const focus = document.activeElement?.id;
      fill(nodes.bar, h("button.link.back", { type: "button", id: "to-shelf", onclick: context.close }, pm.icons.icon("left", 18), h("span", null, t("compose.back"))),
        h("div.bar-title", null, h("h1", { tabindex: "-1", id: "composer-title" }), nodes.status), h("span.gap"),
        button("preview", "compose.preview", "play", preview, ".primary"), button("zip", "compose.download", "download", download), button("open-zip", "compose.open", "open", context.open), h("button.link", { type: "button", id: "start-again", onclick: startAgain }, t("compose.start_again")));
      if (focus) nodes.bar.querySelector(`#${CSS.escape(focus)}`)?.focus();
      drawTitle();
      drawStatus();
    }

    function drawTitle() {
      const title = $("composer-title") || nodes.bar.querySelector("h1");
      if (title) fill(title, draft.title[pm.text.language] || draft.title.en || draft.title.fr || t("compose.your_story"));
    }

    /** @param {string} [failure] why nothing could be checked */
    function drawStatus(failure = "") {
      const length = t("compose.length", { scenes: pm.text.count("compose.scenes", draft.scenes.length), minutes: pm.text.count("compose.min", D.minutes(draft)) });
      const n = faults?.length;
      const state = failure || (n === undefined ? "" : n ? pm.text.count("compose.to_mend", n) : t("compose.in_order"));
      fill(nodes.status, h("span", null, length), state ? h("span", { class: `state ${failure ? "bad" : n ? (told ? "warn" : "") : "good"}` }, n && !failure ? h("button.link", { type: "button", id: "show-faults", onclick: tell }, state) : state) : null, context.kept() ? null : h("span.state.bad", null, t("compose.not_kept")));
    }

    /** The list of scenes; a row is moved by its buttons, by Alt and an arrow, or by dragging. */
    function drawList() {
      nodes.list.setAttribute("aria-label", t("compose.scenes_label"));
      const row = (index) => h("li", { "data-at": index }, rowButton(index));
      fill(nodes.list, h("ol", null, row(-1), draft.scenes.map((_, index) => row(index))), h("div.list-foot", null, adders(),
        h("button.link", { type: "button", id: "undo", disabled: !steps.length, onclick: undo }, pm.icons.icon("undo", 16), t("compose.undo"))),
        h("p.said", null, t("compose.kept_here")));
      mark();
    }

    /** The View from Explore as a scene, unless it is one of the story already. */
    function offered() {
      const query = context.offer();
      if (query === null) return null;
      const scene = D.fromView(pm.view.fromQuery(query).view, context.placed);
      return draft.scenes.some((one) => one.view === scene.view) ? null : scene;
    }

    function adders() {
      return [offered() ? h("button.button", { type: "button", id: "add-offer", onclick: () => take(context.offer()) }, pm.icons.icon("screen", 18), t("compose.add_view")) : null,
        h("button.button", { type: "button", id: "add-scene", onclick: () => add(D.scene({ view: "" })) }, pm.icons.icon("plus", 18), t("compose.add_scene"))];
    }

    function rowButton(index) {
      const current = index === at;
      const scene = draft.scenes[index];
      const attributes = { type: "button", id: `scene-${index}`, "aria-current": current ? "true" : null, onclick: () => go(index, true), onkeydown: (event) => {
        if (event.altKey && scene && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
          event.preventDefault();
          const to = index + (event.key === "ArrowUp" ? -1 : 1);
          move(index, to, `scene-${to}`);
        }
      } };
      const badge = h("span.count", { hidden: true });
      if (!scene) return h("button.scene.story-row", attributes, h("span.over", null, t("compose.story")), h("b", null, draft.title[pm.text.language] || t("compose.your_story")), badge);
      const node = h("button.scene", { ...attributes, draggable: "true", "aria-keyshortcuts": "Alt+ArrowUp Alt+ArrowDown" }, context.thumb(scene, THUMB_WIDTH, THUMB_HEIGHT),
        h("span.scene-said", null, h("span.over", null, `${pm.text.number(index + 1)} · ${scene.topic[pm.text.language] || t(`compose.kind_${scene.kind}`)}`), h("b", null, nameOf(scene, index))), badge);
      node.addEventListener("dragstart", (event) => { dragged = index; event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", String(index)); });
      node.addEventListener("dragend", () => { dragged = -1; nodes.list.querySelectorAll(".over-here").forEach((other) => other.classList.remove("over-here")); });
      node.addEventListener("dragover", (event) => { if (dragged >= 0) { event.preventDefault(); node.classList.toggle("over-here", dragged !== index); } });
      node.addEventListener("dragleave", () => node.classList.remove("over-here"));
      node.addEventListener("drop", (event) => { event.preventDefault(); if (dragged >= 0) move(dragged, index, `scene-${index}`); });
      return node;
    }

    /** Draw one row of the list anew; its picture only when the map changed. */
    function drawRow(index, map) {
      const item = nodes.list.querySelector(`li[data-at="${index}"]`);
      if (!item) return;
      const old = item.firstElementChild;
      const picture = !map && old.querySelector(".thumb");
      const fresh = rowButton(index);
      if (picture) fresh.querySelector(".thumb").replaceWith(picture);
      old.replaceWith(fresh);
      mark();
    }

    function drawForm() {
      const scene = draft.scenes[at];
      const inside = nodes.form.contains(document.activeElement) ? document.activeElement.id || /** @type {HTMLElement} */ (document.activeElement.closest("[data-field]"))?.id : "";
      fill(nodes.form, head(scene), h("div.mend", { id: "mend", tabindex: "-1", hidden: true }), scene ? form.ofScene(scene) : form.ofStory(draft));
      if (inside) ($(inside) || $("form-title"))?.focus({ preventScroll: true });
      mark();
    }

    function head(scene) {
      if (!scene) return h("div.form-head", null, h("h2", { tabindex: "-1", id: "form-title" }, t("compose.story")));
      const last = draft.scenes.length - 1;
      const tool = (id, icon, run, off = false) => h("button.tool", { type: "button", id, disabled: off, "aria-label": t(`compose.${id}`), title: t(`compose.${id}`), onclick: run }, pm.icons.icon(icon, 20));
      return h("div.form-head", null, h("h2", { tabindex: "-1", id: "form-title" }, t("compose.scene_of", { n: pm.text.number(at + 1), all: pm.text.number(last + 1) })), h("span.gap"),
        tool("move_up", "up", () => move(at, at - 1, "move_up"), at === 0), tool("move_down", "down", () => move(at, at + 1, "move_down"), at === last),
        tool("double", "copy", () => { if (roomFor()) restructure(D.doubled(draft, at), at + 1, "double"); }), tool("delete", "trash", remove));
    }

    /** Tell each fault where it belongs: at its field, above the form of its scene, and as a number in the list. */
    function mark() {
      for (const item of /** @type {NodeListOf<HTMLElement>} */ (nodes.list.querySelectorAll("li[data-at]"))) {
        const badge = /** @type {HTMLElement} */ (item.querySelector(".count"));
        const n = faultsOf(Number(item.dataset.at)).length;
        badge.hidden = !n;
        fill(badge, h("span", { "aria-hidden": "true" }, pm.text.number(n)), h("span.hidden", null, n ? pm.text.count("compose.to_mend", n) : ""));
      }
      const own = faultsOf(at);
      const byField = new Map();
      for (const fault of own) if (fault.field) byField.set(fault.field, [...(byField.get(fault.field) || []), saidOf(fault)]);
      const found = pm.sceneForm.mark(nodes.form, byField);
      const box = $("mend");
      if (!box) return;
      const rows = own.map((fault) => h("li", null, found.has(fault.field) ? h("button.link", { type: "button", onclick: () => toField(fault.field) }, saidOf(fault)) : saidOf(fault)));
      const others = told && faults ? faults.filter((fault) => (fault.scene ?? -1) !== at) : [];
      const next = others[0];
      box.hidden = !rows.length && !others.length;
      fill(box, rows.length ? [h("h3", null, pm.text.count("compose.to_mend_here", rows.length)), h("ul", null, rows)] : h("h3", null, t("compose.none_here")),
        next ? h("button.link", { type: "button", id: "next-fault", onclick: () => { go(next.scene ?? -1); $("mend").focus(); } }, pm.text.count("compose.to_mend_elsewhere", others.length)) : null);
    }

    function toField(field) {
      const control = /** @type {HTMLElement} */ (nodes.form.querySelector(`[data-field="${CSS.escape(field)}"]`));
      if (control.tabIndex >= 0) return control.focus();
      const inside = /** @type {HTMLElement} */ (control.querySelector("button, a, input, select"));
      return (inside || control).focus();
    }

    const roomFor = () => {
      if (draft.scenes.length < D.MOST_SCENES) return true;
      context.say("full", t("compose.no_room", { n: pm.text.number(D.MOST_SCENES) }));
      return false;
    };

    /** Put a scene after the one that is shown, and show it. */
    function add(scene) {
      if (!roomFor()) return;
      const to = at < 0 ? draft.scenes.length : at + 1;
      restructure(D.inserted(draft, scene, to), to, "form-title");
    }

    /** Make a scene of a View. @param {string} query */
    function take(query) {
      const { view } = model.known(pm.view.fromQuery(query).view);
      add(D.fromView(view, context.placed));
      context.say("taken", t("compose.taken"));
    }

    function draw() {
      drawBar();
      drawList();
      drawForm();
    }

    fill(root, nodes.bar, h("div.composer-body", null, nodes.list, nodes.form));
    return {
      node: root,
      get draft() { return draft; },
      draw,
      take,
      check,
      status: () => drawStatus(),
      /** Show a story. @param {any} given @param {number} [scene] */
      open(given, scene = -1) {
        draft = given;
        at = Math.max(-1, Math.min(given.scenes.length - 1, scene));
        steps = [];
        faults = null;
        told = false;
        draw();
        check();
      },
    };
  }

  pm.composer = { create };
})((globalThis.provence ??= {}));
