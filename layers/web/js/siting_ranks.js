// The numbers of the best places on the map: where places are near each other the better one keeps its place, and the
// others stand beside it, each with a line to where it belongs.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  const SIDE_PX = 24;
  // Two marks with a px of ground between their outlines.
  const APART_PX = SIDE_PX + 4;
  const RINGS = [30, 46, 62, 80, 100];
  const ROUND = 24;
  // What a place costs besides its distance: the number of another place, a line through a mark, and turning inwards.
  const COSTS = { place: 30, line: 40, inward: 14 };

  const between = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

  /** How far a point is from the line between two. */
  function fromLine(point, a, b) {
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const length = dx * dx + dy * dy;
    const at = length ? Math.max(0, Math.min(1, ((point.x - a.x) * dx + (point.y - a.y) * dy) / length)) : 0;
    return between(point, { x: a.x + at * dx, y: a.y + at * dy });
  }

  /**
   * Where each mark stands so that none covers another, the first ones first.
   * @param {{x: number, y: number}[]} places in px, the best first @returns {{x: number, y: number}[]} how far each is moved
   */
  function part(places) {
    /** @type {{x: number, y: number}[]} */
    const marks = [];
    const middle = places.reduce((sum, { x, y }) => ({ x: sum.x + x / places.length, y: sum.y + y / places.length }), { x: 0, y: 0 });
    return places.map((place, i) => {
      const free = (at) => marks.every((mark) => between(mark, at) >= APART_PX);
      const outward = Math.atan2(place.y - middle.y, place.x - middle.x);
      const cost = (at, far, angle) => far + COSTS.inward * (1 - Math.cos(angle - outward))
        + COSTS.place * places.filter((other, k) => k !== i && between(other, at) < SIDE_PX / 2 + 4).length
        + COSTS.line * marks.filter((mark) => fromLine(mark, place, at) < SIDE_PX / 2).length;
      let best = null;
      if (!free(place)) {
        for (const far of RINGS) {
          for (let k = 0; k < ROUND; k++) {
            const angle = (2 * Math.PI * k) / ROUND;
            const at = { x: place.x + far * Math.cos(angle), y: place.y + far * Math.sin(angle) };
            if (!free(at)) continue;
            const costs = cost(at, far, angle);
            if (!best || costs < best.costs) best = { at, costs };
          }
        }
      }
      // With no room left it stays where it is.
      const at = best?.at ?? place;
      marks.push(at);
      return { x: Math.round(at.x - place.x), y: Math.round(at.y - place.y) };
    });
  }

  /** One mark: its number, and where it was moved the line to its place. @param {number} i @param {{x: number, y: number}} by */
  function drawing(i, { x, y }) {
    const length = Math.hypot(x, y);
    return h("div", { "aria-hidden": "true" }, length ? h("i.line", { style: `width:${length}px;transform:rotate(${Math.atan2(-y, -x)}rad)` }) : null, length ? h("i.place", { style: `left:${SIDE_PX / 2 - x}px;top:${SIDE_PX / 2 - y}px` }) : null, h("span", null, pm.text.number(i + 1)));
  }

  /** @param {any} map Leaflet map */
  function create(map) {
    /** @type {{lon: number, lat: number}[]} */
    let places = [];
    let marks = null;

    function draw() {
      marks?.remove();
      marks = null;
      if (!places.length) return;
      const moved = part(places.map(({ lon, lat }) => map.project([lat, lon])));
      marks = L.layerGroup(places.map(({ lon, lat }, i) => L.marker([lat, lon], { pane: "ring", interactive: false, keyboard: false, icon: L.divIcon({ className: "siting-rank", html: drawing(i, moved[i]), iconSize: [SIDE_PX, SIDE_PX], iconAnchor: [SIDE_PX / 2 - moved[i].x, SIDE_PX / 2 - moved[i].y] }) }))).addTo(map);
    }

    // At another zoom other places are near each other.
    map.on("zoomend", () => { if (places.length) draw(); });

    /** Number places in their order; none takes the numbers off. @param {{lon: number, lat: number}[]} given */
    function show(given) {
      places = given;
      draw();
    }

    return { show };
  }

  pm.sitingRanks = { create, part };
})((globalThis.provence ??= {}));
