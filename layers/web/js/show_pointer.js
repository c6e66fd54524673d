// The mouse and the finger on a show: a click or a tap turns the page, a drag of the map explores it, a swipe moves on.
(function (pm) {
  "use strict";
  const DRAG_PX = 24;
  const SWIPE_PX = 48;
  const OWN = ".show-over, .show-bar, .show-toast";

  /** What a finger did, from where it came down to where it left: a scene on, a scene back, or neither. @param {number} dx px @param {number} dy px */
  function swipe(dx, dy) {
    if (Math.abs(dx) <= SWIPE_PX || Math.abs(dx) <= 1.5 * Math.abs(dy)) return null;
    return dx < 0 ? "next" : "previous";
  }

  /**
   * @param {any} stage see show_stage.js @param {(asked: string) => void} run @param {() => any} now the state of the show
   * @returns {[EventTarget, string, (event: any) => void][]} what is to be listened to
   */
  function create(stage, run, now) {
    const from = { x: 0, y: 0, moved: false, touch: false };
    const within = (event, selector) => /** @type {Element} */ (event.target).closest(selector);

    function down(event) {
      Object.assign(from, { x: event.clientX, y: event.clientY, moved: false, touch: event.pointerType === "touch" });
    }

    function move(event) {
      // A window that comes to the front says that the mouse moved, though it did not.
      if (event.pointerType !== "touch" && (event.movementX || event.movementY)) stage.bar.wake();
      const far = Math.hypot(event.clientX - from.x, event.clientY - from.y) > DRAG_PX;
      if (!(event.buttons & 1) || from.touch || from.moved || !far || within(event, OWN)) return;
      from.moved = true;
      if (stage.onMap(from.x, from.y) && !now().blank && !now().ended) run("explore");
    }

    function up(event) {
      if (!from.touch || now().grid || now().help || within(event, OWN)) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      from.moved = Math.hypot(dx, dy) > DRAG_PX;
      const asked = swipe(dx, dy);
      if (asked) run(asked);
    }

    function click(event) {
      if (event.button !== 0 || from.moved || within(event, `button, a, ${OWN}`)) return;
      // A tap shows the bar, unless it is where one would turn a page.
      if (from.touch && event.clientX < (window.innerWidth * 2) / 3 && !now().blank) stage.bar.wake();
      else run("next");
    }

    return [[stage.root, "pointerdown", down], [stage.root, "pointermove", move], [stage.root, "pointerup", up], [stage.root, "click", click]];
  }

  pm.showPointer = { create, swipe };
})((globalThis.provence ??= {}));
