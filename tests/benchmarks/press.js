// Runs in every frame of the page before its own scripts: from a click or a key to the second frame after it.
(function () {
  "use strict";
  const press = (globalThis.press = { armed: false, painted: null });

  /** The second frame after an event: what it changed has been painted by then. @param {number} time */
  function follow(time) {
    requestAnimationFrame(() => requestAnimationFrame(() => { press.painted = performance.now() - time; }));
  }

  // The event's own time, not that of its first listener: what waits in the queue counts.
  for (const type of ["click", "keydown"]) {
    addEventListener(type, (event) => {
      if (!press.armed) return;
      press.armed = false;
      follow(event.timeStamp);
    }, true);
  }
})();
