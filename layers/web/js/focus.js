// Where the focus comes from and goes back to, and what a sheet covers on a narrow screen: that takes none meanwhile.
(function (pm) {
  "use strict";

  /** @param {(id: string) => HTMLElement} $ @param {{narrow: () => boolean}} is */
  function create($, is) {
    /** @type {Map<string, HTMLElement>} */
    const openers = new Map();

    /** Remember what has the focus as something is about to open: a control, or the map. @param {string} name */
    function from(name) {
      const now = /** @type {HTMLElement} */ (document.activeElement);
      if (!now || now === document.body) openers.delete(name);
      else if (!$(name).contains(now)) openers.set(name, now);
    }

    /**
     * Give the focus back to what opened something, or to the same control built anew.
     * @param {string} name @returns {boolean} whether it is still there to take it
     */
    function back(name) {
      const opener = openers.get(name);
      openers.delete(name);
      const now = opener?.isConnected ? opener : opener?.id && $(opener.id);
      if (!now || !now.checkVisibility({ visibilityProperty: true }) || now.closest("[inert]")) return false;
      now.focus({ preventScroll: true });
      return document.activeElement === now;
    }

    /** Take what lies under a sheet out of reach of the Tab key and of the screen reader. */
    function cover() {
      const has = (name) => is.narrow() && document.body.classList.contains(name);
      const full = has("with-card") && $("card").dataset.stop === "full";
      $("card").inert = has("with-panel");
      $("stage").inert = has("with-panel") || full;
      for (const node of /** @type {HTMLElement[]} */ ([...$("stage").children])) node.inert = has("with-table") && node.id !== "table";
    }

    const watcher = new MutationObserver(cover);
    watcher.observe(document.body, { attributeFilter: ["class"] });
    watcher.observe($("card"), { attributeFilter: ["data-stop"] });
    window.addEventListener("resize", cover);

    return { from, back, cover };
  }

  pm.focus = { create };
})((globalThis.provence ??= {}));
