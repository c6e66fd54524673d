// What a show stands on: the map, the slide over it, the bar, and the sheets that may cover them.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  // A screen narrower than this for its height has the text above and the map below.
  const UPRIGHT = 1.05;
  // Units of the design a screen must have across, so that text and map both have room: less tall letters otherwise.
  const ACROSS = 1600;
  const UPRIGHT_ACROSS = 860;
  const UPRIGHT_DOWN = 1500;
  // Where the text ends, and what key and credit take below.
  const TEXT_PX = 900;
  const FREE = { top: 36, right: 56, bottom: 236 };
  const SPLIT = 0.56;

  /** How a screen is laid out: units of the design in px, and whether text and map stand one above the other. @param {number} width @param {number} height px */
  function layout(width, height) {
    const upright = width < UPRIGHT * height;
    return { upright, k: upright ? Math.min(width / UPRIGHT_ACROSS, height / UPRIGHT_DOWN) : Math.min(height / 1080, width / ACROSS) };
  }

  /** @param {any} context {config, model, draw} */
  function create(context) {
    const part = (name, attributes) => h(`div.${name}`, attributes || null);
    const root = part("show", { id: "show", "data-theme": "dark", tabindex: "-1", role: "region" });
    const map = part("show-map");
    const slides = part("show-slides");
    const black = part("show-black", { hidden: true });
    const live = part("hidden", { role: "status", "aria-live": "polite" });
    const grid = part("show-over.show-grid", { role: "dialog", "aria-modal": "true", "aria-labelledby": "show-grid-title", hidden: true });
    const help = part("show-over.show-help", { role: "dialog", "aria-modal": "true", "aria-labelledby": "show-help-title", hidden: true });
    const back = h("button.show-back", { type: "button", hidden: true });
    const opened = pm.text.language;
    /** @type {Element[]} what the page holds besides */
    let others = [];
    let slide = null;
    let upright = false;
    let bar = null;
    let stateNow = null;

    /** Without a map the text stands alone. */
    function noScenery(error) {
      console.warn(`no map: ${error.message}`);
      return { node: part("nothing"), show: () => Promise.reject(error), prepare() {}, year() {}, free() {}, resize() {}, thumb: () => part("nothing"), describe: () => "" };
    }

    function makeScenery() {
      try {
        return pm.scenery.create(context);
      } catch (error) {
        return noScenery(error);
      }
    }

    const scenery = makeScenery();
    const key = pm.slideKey.create(context);

    /** @param {{act: any, resume: () => void}} given */
    function build({ act, resume }) {
      bar = pm.showBar.create(root, act);
      back.addEventListener("click", resume);
      map.append(scenery.node);
      root.append(map, slides, black, grid, help, bar.said, bar.node, live);
      others = [...document.body.children].filter((node) => !["SCRIPT", "NOSCRIPT"].includes(node.tagName) && !node.hasAttribute("inert"));
      others.forEach((node) => node.setAttribute("inert", ""));
      document.body.append(root, back);
      document.body.classList.add("showing");
      words();
      resize();
      // Letters of the typeface, once they have come, take other room than those before them.
      document.fonts?.load("600 30px Inter").then(() => {
        if (!slide || !root.isConnected) return;
        slide.fit();
        free();
        scenery.relabel?.();
      }, () => {});
    }

    function words() {
      root.setAttribute("aria-label", pm.text.t("show.name"));
      fill(back, pm.icons.icon("left", 20), h("span", null, pm.text.t("show.resume")), h("kbd", null, pm.text.t("keys.escape")));
      scenery.relabel?.();
    }

    /** Put a slide in the place of the one before. @param {any} next see slide.js @param {number} leaves ms the one before stays, 0 for none */
    function put(next, leaves) {
      const old = slide;
      slide = next;
      slides.querySelectorAll(".leaving").forEach((node) => node.remove());
      if (leaves && old) {
        old.node.className += " leaving";
        old.node.setAttribute("aria-hidden", "true");
        window.setTimeout(() => old.node.remove(), leaves);
        next.node.className += " enters";
      } else old?.node.remove();
      slides.prepend(next.node);
      next.fit();
      free();
    }

    /** Tell the map what no text covers: always the same, so that what is painted ahead is right. */
    function free() {
      const { clientWidth: width, clientHeight: height } = map;
      const k = Number(root.style.getPropertyValue("--k")) || 1;
      const over = [...slides.querySelectorAll(".slide:not(.leaving) .slide-corner > *, .slide:not(.leaving) .slide-year:not([hidden])")].map((node) => node.getBoundingClientRect()).filter((box) => box.width);
      const top = map.getBoundingClientRect().top;
      const boxes = over.map((box) => ({ left: box.left, right: box.right, top: box.top - top, bottom: box.bottom - top }));
      if (upright) return scenery.free({ left: 12, top: 12, right: width - 12, bottom: height - 30 }, boxes, k);
      return scenery.free({ left: TEXT_PX * k, top: FREE.top * k, right: width - FREE.right * k, bottom: height - FREE.bottom * k }, boxes, k);
    }

    /** The map of a scene as a small picture: framed as on a wide screen, whatever this one is. */
    function thumb(scene, width, height) {
      const { clientWidth: across, clientHeight: down } = map;
      return scenery.thumb(scene, width, height, { left: (TEXT_PX / 1920) * across, top: (FREE.top / 1080) * down, right: (1 - FREE.right / 1920) * across, bottom: (1 - FREE.bottom / 1080) * down });
    }

    function resize() {
      const [width, height] = [root.clientWidth, root.clientHeight];
      const next = layout(width, height);
      upright = next.upright;
      root.style.setProperty("--k", next.k.toFixed(5));
      root.classList.toggle("upright", upright);
      slide?.fit();
      free();
      scenery.resize();
    }

    /** Whether a point of the window lies on the map, not on the text. */
    const onMap = (x, y) => (upright ? y > map.getBoundingClientRect().top : x > TEXT_PX * Number(root.style.getPropertyValue("--k")));

    /** @param {any} state see show.js */
    function update(state) {
      stateNow = state;
      black.hidden = !state.blank && !state.ended;
      if (!black.hidden) fill(black, state.ended ? h("p", null, h("b", null, pm.text.t("show.ended")), pm.text.t("show.ended_more")) : h("p.hidden", { role: "status" }, pm.text.t("show.is_black")));
      root.dataset.scene = String(state.scene + 1);
      root.dataset.landed = String(state.landed);
      const covered = state.grid || state.help;
      slides.toggleAttribute("inert", covered);
      bar.node.toggleAttribute("inert", covered);
      bar.update(state);
    }

    /** Give the page to the explorer, or take it back. @param {boolean} away */
    function away(away) {
      root.hidden = away;
      back.hidden = !away;
      document.body.classList.toggle("showing", !away);
      others.forEach((node) => node.toggleAttribute("inert", !away));
      (away ? back : root).focus({ preventScroll: true });
    }

    function close() {
      bar.stop();
      root.remove();
      back.remove();
      document.body.classList.remove("showing");
      others.forEach((node) => node.removeAttribute("inert"));
    }

    return { root, map, live, grid, help, scenery, key, opened, build, words, put, thumb, resize, onMap, update, away, close, get slide() { return slide; }, get bar() { return bar; }, get state() { return stateNow; } };
  }

  pm.showStage = { create, layout };
})((globalThis.provence ??= {}));
