// The bar of a show: a button for all that a key does. It comes with the mouse or the focus, and goes by itself.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const STAYS_MS = 2500;
  const SAID_MS = 5000;

  /**
   * @param {HTMLElement} root the show
   * @param {any} act the actions by name
   */
  function create(root, act) {
    const node = h("div.show-bar", { role: "toolbar" });
    const said = h("div.show-toast", { role: "status", hidden: true });
    let idle = 0;
    let silent = 0;

    /** @param {string} icon @param {string} text @param {() => void} run @param {{key?: string, pressed?: boolean, words?: string, off?: boolean}} [more] */
    function button(icon, text, run, { key = "", pressed, words = "", off = false } = {}) {
      const name = key ? `${text} (${key})` : text;
      const one = h(words ? "button.words" : "button", { type: "button", "aria-label": words ? null : text, title: name, "aria-pressed": pressed === undefined ? null : String(pressed), "aria-disabled": off ? "true" : null }, pm.icons.icon(icon, 22), words ? h("span", null, words) : null);
      one.dataset.name = icon;
      one.addEventListener("click", (event) => {
        if (!off) run();
        // A click leaves the keyboard to the show: the next press of the space bar is the next scene, not this button.
        if (event.detail > 0) root.focus({ preventScroll: true });
      });
      return one;
    }

    /** @param {any} state see show.js */
    function update(state) {
      const { t } = pm.text;
      const focused = /** @type {HTMLElement | null} */ (node.contains(document.activeElement) ? document.activeElement : null)?.dataset.name;
      node.setAttribute("aria-label", t("show.controls"));
      fill(node,
        button("left", t("show.previous"), act.previous, { key: "←", off: state.scene === 0 }),
        button("right", t("show.next"), act.next, { key: "→", off: state.scene === state.total - 1 }),
        h("span.rule"),
        button("grid", t("show.grid"), act.grid, { key: "G", pressed: state.grid }),
        button("auto", t("show.auto"), act.auto, { key: "A", pressed: state.auto }),
        state.auto ? [button("minus", t("show.slower"), act.slower, { key: "−" }), h("span.pace", null, t("show.pace", { pace: pm.text.plain(state.pace, 2) })), button("plus", t("show.faster"), act.faster, { key: "+" })] : null,
        button("black", t("show.black"), act.black, { key: "B", pressed: state.blank }),
        button("frame", t("show.frame"), act.frame, { key: "0" }),
        button("explore", t("show.explore"), act.explore, { key: "E", words: t("show.explore") }),
        h("span.rule"),
        h("span.language", null, ["en", "fr"].map((code) => {
          const one = button("info", t("header.in", { name: t(`language.${code}`), code: code.toUpperCase() }), () => code !== pm.text.language && act.language(), { pressed: code === pm.text.language });
          one.dataset.name = code;
          one.lang = code;
          fill(one, code.toUpperCase());
          return one;
        })),
        button("screen", t("show.speaker"), act.speaker, { key: "S", pressed: state.speaker }),
        button(state.running ? "pause" : "play", t(state.running ? "show.timer_pause" : "show.timer_resume"), act.timer, { key: "T" }),
        button("full", t("show.full"), act.full, { key: "F", pressed: Boolean(document.fullscreenElement) }),
        button("keyboard", t("show.keys"), act.help, { key: "?" }),
        button("end", t("show.end"), act.end, { key: "Esc" }));
      if (focused) /** @type {HTMLElement | null} */ (node.querySelector(`[data-name=${focused}]`))?.focus();
    }

    function rest() {
      root.classList.remove("awake");
      root.dataset.idle = "";
    }

    /** Show the bar for a while. */
    function wake() {
      clearTimeout(idle);
      delete root.dataset.idle;
      root.classList.add("awake");
      idle = window.setTimeout(rest, STAYS_MS);
    }

    /** Say something for a while, small, where it hides nothing. @param {string} text @param {{stays?: boolean}} [options] */
    function say(text, { stays = false } = {}) {
      clearTimeout(silent);
      said.hidden = !text;
      fill(said, h("span", null, text), stays ? h("button.tool", { type: "button", "aria-label": pm.text.t("show.close"), onclick: () => say("") }, pm.icons.icon("close", 18)) : null);
      if (text && !stays) silent = window.setTimeout(() => say(""), SAID_MS);
    }

    function stop() {
      clearTimeout(idle);
      clearTimeout(silent);
    }

    return { node, said, update, wake, rest, say, stop };
  }

  pm.showBar = { create };
})((globalThis.provence ??= {}));
