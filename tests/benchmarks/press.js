// Runs in every frame of the page before its own scripts: from a click or a key to the second frame after it.
(function () {
  "use strict";
  const press = (globalThis.press = { armed: false, painted: null, shown: null, sum });

  /** Number and radii of what is on the map: another View gives other sums. */
  function sum() {
    const all = globalThis.provence?.onMap?.() ?? [];
    return `${all.length} ${all.reduce((total, { r }) => total + r, 0).toFixed(3)}`;
  }

  /** The second frame after an event: what the map held at the first has been painted by then. @param {number} time */
  function follow(time) {
    requestAnimationFrame(() => {
      press.shown = sum();
      requestAnimationFrame(() => { press.painted = performance.now() - time; });
    });
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
