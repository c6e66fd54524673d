// Runs in every frame of every page before its own scripts: the one observable that all pages are measured by.
(function () {
  "use strict";
  const COMMUNES = 92;
  const SITES = 121;
  const now = () => performance.timeOrigin + performance.now();
  const count = (...selectors) => selectors.reduce((sum, selector) => sum + document.querySelectorAll(selector).length, 0);
  // Our own map draws its sites on a canvas and says what is on it; they are drawn by the next frame at the latest.
  const ours = (...starts) => (globalThis.provence?.onMap?.() ?? []).filter(({ key }) => starts.some((start) => key.startsWith(start))).length;
  const sites = () => count("path.site") + ours("site:");
  const projects = () => count("path.project") + ours("project:", "stack:");
  const bench = (top.bench ??= { origin: performance.timeOrigin, painted: null, clicked: null, toggled: null, want: null, blank: false, at: null });

  /** The second frame after what is wanted is in the document: it has been painted by then. */
  const painted = (then) => requestAnimationFrame(() => requestAnimationFrame(then));

  // Of this frame: one that is replaced before its second frame leaves it to the next.
  let waiting = false;

  function look() {
    const drawn = count("path.commune") >= COMMUNES;
    if (drawn && !waiting && !bench.painted && sites() >= SITES && projects() > 0) {
      waiting = true;
      painted(() => { bench.painted = now() - bench.origin; });
    }
    // Where the map is, and whether it went blank between the click and the change. A frame is one of the map's alone.
    const here = Boolean(document.querySelector(".leaflet-container")) || (window !== top && bench.inside === true);
    if (drawn) bench.inside = window !== top;
    if (drawn) bench.at = document.querySelector("path.commune").getBoundingClientRect().x;
    if (here && bench.clicked !== null && bench.toggled === null && !drawn) bench.blank = true;
    if (drawn && bench.clicked !== null && bench.toggled === null && sites() === bench.want) {
      bench.toggled = 0;
      painted(() => { bench.toggled = now() - bench.clicked; });
    }
  }

  let last = 0;

  /** Look at every frame. */
  function watch() {
    last = now();
    look();
    requestAnimationFrame(watch);
  }

  // The click's own time, not that of its first listener: what waits in the queue counts.
  addEventListener("click", (event) => {
    if (bench.want !== null) bench.clicked = performance.timeOrigin + event.timeStamp;
  }, true);
  requestAnimationFrame(watch);
  // A frame that shows nothing at first, as streamlit's, may lose the frames it was promised.
  setInterval(() => { if (now() - last > 250) watch(); }, 50);
})();
