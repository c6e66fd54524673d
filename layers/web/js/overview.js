// What lies over a scene when asked for: the grid of all scenes, and the list of keys.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;

  /**
   * The grid of scenes; a picture is made once its cell comes into sight, so that two hundred scenes open at once.
   * @param {HTMLElement} root
   * @param {any} show {scenes, stories, story, index, mini(i, width), go(i), choose(story), close}
   */
  function grid(root, show) {
    /** @type {HTMLElement[]} */
    let cells = [];
    /** @type {IntersectionObserver | null} */
    let watch = null;

    function cell(scene, i) {
      const { t, number, pick } = pm.text;
      const title = pm.slide.said(scene.title);
      const node = h("button.cell", { type: "button", "aria-label": `${t("show.scene_of", { n: number(i + 1), total: number(show.scenes().length) })}, ${title}`, "aria-current": i === show.index() ? "true" : null, onclick: () => show.go(i) },
        h("span.cell-picture"), h("span.cell-words", null, h("b", null, number(i + 1)), h("span", null, pick(scene.topic) || title)));
      node.dataset.scene = String(i);
      return node;
    }

    function paint(node) {
      const frame = /** @type {HTMLElement} */ (node.querySelector(".cell-picture"));
      if (frame.firstChild) return;
      const picture = show.mini(Number(node.dataset.scene), frame.clientWidth);
      frame.append(picture.node);
      picture.fit();
    }

    function open() {
      const { t } = pm.text;
      cells = show.scenes().map(cell);
      const stories = show.stories();
      const choice = stories.length > 1 ? h("div.choice", { role: "group", "aria-label": t("show.stories") }, stories.map((story) => h("button", { type: "button", "aria-pressed": String(story.id === show.story().id), onclick: () => show.choose(story) }, pm.text.pick(story.title)))) : null;
      fill(root, h("div.show-head", null, h("h2", { id: "show-grid-title" }, pm.text.pick(show.story().title)), choice, h("button.tool", { type: "button", "aria-label": t("show.close"), title: t("show.close"), onclick: show.close }, pm.icons.icon("close"))),
        h("div.cells", null, cells));
      root.hidden = false;
      watch = new IntersectionObserver((seen) => seen.forEach((one) => one.isIntersecting && paint(one.target)), { root, rootMargin: "50%" });
      cells.forEach((node) => watch.observe(node));
      focus(show.index());
    }

    function focus(i) {
      const node = cells[Math.min(Math.max(i, 0), cells.length - 1)];
      node?.focus({ preventScroll: true });
      node?.scrollIntoView({ block: "nearest" });
    }

    function close() {
      watch?.disconnect();
      root.hidden = true;
      fill(root);
      cells = [];
    }

    /** Keys within the grid. @param {KeyboardEvent} event @returns {boolean} whether the key was the grid's */
    function key(event) {
      const at = cells.indexOf(/** @type {HTMLElement} */ (document.activeElement?.closest(".cell")));
      const columns = cells.filter((node) => node.offsetTop === cells[0].offsetTop).length;
      const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, PageDown: 1, PageUp: -1 };
      if (event.key === "Home" || event.key === "End") focus(event.key === "Home" ? 0 : cells.length - 1);
      else if (event.key in steps) {
        const to = (at < 0 ? show.index() : at) + steps[event.key];
        if (to >= 0 && to < cells.length) focus(to);
      } else return false;
      return true;
    }

    return { open, close, key };
  }

  // What each key does, as the list tells it.
  const LIST = [
    ["→ ↓ Page↓", "show.key_next"], ["← ↑ Page↑", "show.key_previous"], ["Home End", "show.key_ends"], ["1 … 99", "show.key_digits"], ["G", "show.key_grid"], ["B", "show.key_black"],
    ["E", "show.key_explore"], ["0", "show.key_frame"], ["A", "show.key_auto"], ["+ −", "show.key_pace"], ["S", "show.key_speaker"], ["T", "show.key_timer"], ["L", "show.key_language"], ["F", "show.key_full"], ["?", "show.key_help"], ["Esc", "show.key_escape"],
  ];

  /** The list of keys. @param {HTMLElement} root @param {() => void} close */
  function help(root, close) {
    return {
      open() {
        const { t } = pm.text;
        const shut = h("button.tool", { type: "button", "aria-label": t("show.close"), title: t("show.close"), onclick: close }, pm.icons.icon("close"));
        fill(root, h("div.show-card", null, h("div.show-head", null, h("h2", { id: "show-help-title" }, t("show.keys")), shut),
          h("dl", null, LIST.map(([keys, text]) => h("div", null, h("dt", null, keys.split(" ").map((key) => (key === "…" ? key : h("kbd", null, key)))), h("dd", null, t(text)))))));
        root.hidden = false;
        shut.focus();
      },
      close() {
        root.hidden = true;
        fill(root);
      },
    };
  }

  pm.overview = { grid, help };
})((globalThis.provence ??= {}));
