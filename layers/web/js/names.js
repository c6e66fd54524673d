// Names of towns and waters on a map: those that fit, each on a free side.
(function (pm) {
  "use strict";
  const { h } = pm.dom;

  /** @param {any} map Leaflet map with a pane `names` @param {any[]} labels see layers/web/labels.py */
  function create(map, labels) {
    /** @type {Map<string, any>} */
    let written = new Map();

    function marker(label, side) {
      const node = h(`div.name.${label.kind}.side-${side}`, { lang: "fr" }, label.name.split("\n").flatMap((line, i) => (i ? [h("br"), line] : [line])));
      return L.marker([label.lat, label.lon], { pane: "names", interactive: false, keyboard: false, icon: L.divIcon({ className: "name-anchor", iconSize: [0, 0], html: node }) }).addTo(map);
    }

    /** Write the names that fit where the map stands now. @param {any[]} [obstacles] boxes in px that no name may cover @param {any[]} [small] better left free */
    function write(obstacles = [], small = []) {
      const zoom = map.getZoom();
      const size = map.getSize();
      const shown = labels.filter((label) => zoom >= label.zoom && (label.until === undefined || zoom < label.until));
      const candidates = shown.map((label) => {
        const p = map.latLngToContainerPoint([label.lat, label.lon]);
        const lines = label.name.split("\n");
        const w = Math.max(...lines.map((line) => line.length)) * label.em * (label.kind === "water" ? 1.35 : 1) + 6;
        return { id: label.id, at: label, x: p.x, y: p.y, w, h: lines.length * (label.em * 2.1), rank: label.rank, fixed: label.kind === "water" };
      });
      const next = new Map();
      for (const { id, at, side } of pm.labels.place(candidates, obstacles, { left: 0, top: 0, right: size.x, bottom: size.y }, small)) {
        const sign = `${id}/${at.lon}/${side}`;
        next.set(sign, written.get(sign) || marker(at, side));
        written.delete(sign);
      }
      for (const old of written.values()) old.remove();
      written = next;
    }

    return { write };
  }

  pm.names = { create };
})((globalThis.provence ??= {}));
