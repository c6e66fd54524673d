// The ground of the map, drawn from our own polygons: folium hands each layer over here by name.
(function (pm) {
  "use strict";
  const { s } = pm.dom;
  // Of the plane of zoom 16, the closest there is: whole px of it, told from a corner of the territory, are exact in a path.
  const PLANE = 16;
  const CORNER = [5.3, 43.5];
  pm.layers = {};
  /** The element of each area that can be chosen, by layer and id. @type {Record<string, Map<string, SVGElement>>} */
  pm.drawn = {};

  const LOOKS = {
    water: ({ rank }) => `waterline waterline-${rank}`,
    neighbours: ({ part }) => `neighbour-${part}`,
    communes: ({ pole }) => `commune pole-${pole}`,
    poles: ({ id }) => `pole-line pole-${id}`,
  };

  /** Px of the plane from the corner. @param {number} lon @param {number} lat @returns {number[]} */
  function onPlane(lon, lat) {
    const { x, y } = pm.framing.project(lon, lat);
    return [Math.round(x * 2 ** PLANE) - origin[0], Math.round(y * 2 ** PLANE) - origin[1]];
  }

  const origin = [0, 0];
  origin.splice(0, 2, ...onPlane(CORNER[0], CORNER[1]));

  /** A ring or line as a path, each point told from the one before. @param {number[][]} points [lon, lat] @param {boolean} closed */
  function outline(points, closed) {
    let [x, y] = onPlane(points[0][0], points[0][1]);
    let d = `M${x} ${y}l`;
    for (let i = 1; i < points.length; i++) {
      const at = onPlane(points[i][0], points[i][1]);
      d += `${at[0] - x} ${at[1] - y} `;
      [x, y] = at;
    }
    return closed ? `${d}z` : d;
  }

  /** The path of a geometry on the plane. @param {any} geometry GeoJSON in EPSG:4326 */
  function pathOf({ type, coordinates }) {
    if (type === "LineString") return outline(coordinates, false);
    if (type === "MultiLineString") return coordinates.map((line) => outline(line, false)).join("");
    const rings = type === "Polygon" ? coordinates : coordinates.flat();
    return rings.map((ring) => outline(ring, true)).join("");
  }

  /**
   * A picture whose paths are made once: where the map stands only moves and scales the group they are in, so that
   * neither a first frame nor a zoom projects, cuts or writes them.
   * @param {string} pane @param {Node[]} paths
   */
  function picture(pane, paths) {
    const Ground = L.SVG.extend({
      _initContainer() {
        L.SVG.prototype._initContainer.call(this);
        this._container.classList.add("ground");
        this._rootGroup.append(...paths);
      },
      _update() {
        L.SVG.prototype._update.call(this);
        const map = this._map;
        if (map._animatingZoom && this._placed) return;
        this._placed = true;
        const scale = map.getZoomScale(map.getZoom(), PLANE);
        const { x, y } = map.getPixelOrigin();
        this._rootGroup.setAttribute("transform", `translate(${origin[0] * scale - x} ${origin[1] * scale - y}) scale(${scale})`);
      },
    });
    // A wide margin, so that panning never uncovers an edge that is not drawn yet.
    return new Ground({ pane, padding: 0.4 });
  }

  /** Make the element of each feature of a layer. @param {string} id @param {any} geojson @returns {SVGElement[]} */
  function drawn(id, geojson) {
    const nodes = geojson.features.map(({ properties, geometry }) => s("path", { class: LOOKS[id](properties), d: pathOf(geometry) }));
    pm.drawn[id] = new Map(geojson.features.map(({ properties }, i) => [properties.id, nodes[i]]));
    // The casing is the same path below, and below those of the neighbours.
    const casing = id === "poles" ? nodes.map((node) => s("path", { class: "pole-casing", d: node.getAttribute("d") })) : [];
    return [...casing, ...nodes];
  }

  /**
   * Make the layer that folium adds to the map: keep its features, and draw it when it is part of the ground.
   * Points are drawn by symbols.js, so their layer stays empty.
   * @param {string} id @param {string} pane @param {any} geojson EPSG:4326
   * @returns {any} a Leaflet layer
   */
  pm.layer = function (id, pane, geojson) {
    pm.layers[id] = geojson;
    const group = L.layerGroup();
    // Drawn once the map has its frame: a show may never ask for it.
    if (LOOKS[id]) group.once("add", () => group._map.once("moveend", () => group.addLayer(picture(pane, drawn(id, geojson)))));
    return group;
  };
})((globalThis.provence ??= {}));
