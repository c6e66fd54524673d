// What stands beside the map: a docked card, and on a phone a sheet with three stops that a thumb or a button moves.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const STOPS = ["peek", "half", "full"];
  const DRAG_PX = 8;

  /**
   * @param {HTMLElement} card
   * @param {{close: () => void, opens: () => void, moved: () => void}} on
   */
  function create(card, on) {
    let stop = "half";
    let subject = "";
    let grip;

    /**
     * Show content, or nothing. The place read stays where the subject is the same.
     * @param {any} content @param {{kind?: string, subject?: string}} [what]
     */
    function show(content, { kind = "", subject: next = "" } = {}) {
      const was = card.hidden;
      const scroll = next === subject ? card.querySelector(".card-body")?.scrollTop || 0 : 0;
      if (next !== subject && stop === "peek") stop = "half";
      subject = next;
      card.hidden = !content;
      card.dataset.kind = content ? kind : "";
      document.body.classList.toggle("with-card", Boolean(content));
      document.body.classList.toggle("with-wide", Boolean(content) && ["pole", "compare", "shortlist", "area", "siting"].includes(kind));
      if (content) {
        grip = h("div.grip", null, sizer("smaller", -1), h("span.bar", { "aria-hidden": "true" }), sizer("larger", 1));
        grip.addEventListener("pointerdown", drag);
        fill(card, grip, h("button.close.tool", { type: "button", "aria-label": pm.text.t("card.close"), title: pm.text.t("card.close"), onclick: on.close }, pm.icons.icon("close")), h("div.card-top"), h("div.card-body", null, content));
        // What it is stays in sight, and the button that closes never lies over what is read.
        card.querySelector(".card-top").append(...card.querySelectorAll(".card-body > .band, .card-head > .over"));
        card.setAttribute("aria-labelledby", "card-title");
        setStop(stop);
        card.querySelector(".card-body").scrollTop = scroll;
      }
      return was !== card.hidden;
    }

    function sizer(name, by) {
      return h("button", { type: "button", "data-size": name, "aria-label": pm.text.t(`card.${name}`), onclick: () => { setStop(STOPS[STOPS.indexOf(stop) + by]); on.moved(); } }, pm.icons.icon(by < 0 ? "down" : "up", 18));
    }

    function setStop(next) {
      if (!next) return;
      stop = next;
      card.dataset.stop = stop;
      for (const [name, end] of [["smaller", "peek"], ["larger", "full"]]) {
        const button = /** @type {HTMLButtonElement | null} */ (grip?.querySelector(`[data-size=${name}]`));
        if (button) button.disabled = stop === end;
      }
    }

    /** Follow a finger on the grip, and come to rest at the nearest stop. */
    function drag(event) {
      if (event.target.closest("button")) return;
      event.preventDefault();
      const from = card.offsetHeight;
      const y = event.clientY;
      card.style.transition = "none";
      const move = (e) => { card.style.height = `${Math.max(90, Math.min(window.innerHeight - 64, from + y - e.clientY))}px`; };
      const end = (e) => {
        removeEventListener("pointermove", move);
        removeEventListener("pointerup", end);
        removeEventListener("pointercancel", end);
        const height = card.offsetHeight;
        card.style.transition = card.style.height = "";
        if (Math.abs(e.clientY - y) < DRAG_PX) return;
        const heights = { peek: 112, half: window.innerHeight / 2, full: window.innerHeight - 64 };
        setStop(STOPS.reduce((best, name) => (Math.abs(heights[name] - height) < Math.abs(heights[best] - height) ? name : best)));
        on.moved();
      };
      addEventListener("pointermove", move);
      addEventListener("pointerup", end);
      addEventListener("pointercancel", end);
    }

    function focus() {
      if (!card.hidden) document.getElementById("card-title")?.focus({ preventScroll: true });
    }

    /** Go to the title of what has just been opened. */
    function enter() {
      on.opens();
      focus();
    }

    return { show, focus, enter, get open() { return !card.hidden; }, get stop() { return stop; } };
  }

  pm.drawer = { create };
})((globalThis.provence ??= {}));
