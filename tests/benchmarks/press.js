// Runs in every frame of the page before its own scripts: from an action to the second frame after it.
(function () {
  "use strict";
  const press = (globalThis.press = { armed: false, painted: null, run });

  /** The second frame after an action: what it changed has been painted by then. @param {number} time */
  function follow(time) {
    requestAnimationFrame(() => requestAnimationFrame(() => { press.painted = performance.now() - time; }));
  }

  /** Act without a click, and follow as after one. @param {() => void} action */
  function run(action) {
    const time = performance.now();
    follow(time);
    action();
  }

  // The click's own time, not that of its first listener: what waits in the queue counts.
  addEventListener("click", (event) => {
    if (!press.armed) return;
    press.armed = false;
    follow(event.timeStamp);
  }, true);
})();
