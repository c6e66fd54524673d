// The base of the map, drawn from our own polygons: folium hands each layer over here by name.
(function (pm) {
  "use strict";
  pm.layers = {};
  pm.drawn = {};

  const DRAW = {
    water: (feature) => ({ className: `waterline waterline-${feature.properties.rank}` }),
    neighbours: (feature) => ({ className: `neighbour-${feature.properties.part}`, fill: feature.properties.part === "land" }),
    communes: (feature) => ({ className: `commune pole-${feature.properties.pole}` }),
    poles: (feature) => ({ className: `pole-line pole-${feature.properties.id}` }),
  };

  /**
   * Make the layer that folium adds to the map: keep its features, and draw it at once when it is part of the base.
   * Points are drawn by symbols.js, so their layer stays empty.
   * @param {string} id @param {string} pane @param {any} geojson EPSG:4326
   * @returns {any} a Leaflet layer
   */
  pm.layer = function (id, pane, geojson) {
    pm.layers[id] = geojson;
    const draw = DRAW[id];
    if (!draw) return L.layerGroup();
    // A wide margin, so that panning never uncovers an edge that is not drawn yet.
    const options = { pane, renderer: L.svg({ pane, padding: 0.4 }), interactive: false, style: draw };
    // Made first, so that it lies under the line it sets off.
    const casing = id === "poles" ? [L.geoJSON(geojson, { ...options, style: () => ({ className: "pole-casing" }) })] : [];
    pm.drawn[id] = L.geoJSON(geojson, options);
    const group = L.layerGroup();
    // Drawn once the map has its frame: before that, every point would be projected and cut twice.
    group.once("add", () => group._map.once("moveend", () => [...casing, pm.drawn[id]].forEach((part) => group.addLayer(part))));
    return group;
  };
})((globalThis.provence ??= {}));
