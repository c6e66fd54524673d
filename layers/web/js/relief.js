// The relief: tints of elevation and shaded slopes under the symbols, from one grid of heights in EPSG:3857.
(function (pm) {
  "use strict";
  const { h, s } = pm.dom;
  // Between the panes of layers/web/document.py: over the communes, below areas and lines.
  const PANE = { name: "relief", z: 432 };
  // The twin of layers/relief/picture.py: this shade stands where nothing is known.
  const UNKNOWN = 255;
  const WORLD_PX = 256;
  // Few slopes turn away from every light: half of all that a shade can say is as much as is drawn.
  const GAIN = 2;
  const SWATCHES = 5;
  // The picture fades out over so many cells at its edges (about a kilometre): the file ends there, not the hills.
  const FADE = 20;

  /** Bytes of the grid, unpacked. @param {any} given see layers/web/relief.py @returns {Promise<Uint8Array>} */
  async function bytes(given) {
    const packed = given.data ? Uint8Array.from(atob(given.data), (sign) => sign.charCodeAt(0)) : await fetched(given.url);
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  async function fetched(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  /**
   * Read the grid: each row holds the steps from one height to the next, low bytes, then high bytes, then shades.
   * @param {{columns: number, rows: number}} size @param {Uint8Array} packed
   */
  function unpack({ columns, rows }, packed) {
    const n = columns * rows;
    if (packed.length !== 3 * n) throw new Error(`${packed.length} bytes for ${n} cells`);
    const heights = new Int16Array(n);
    for (let row = 0, i = 0; row < rows; row++) {
      for (let column = 0, last = 0; column < columns; column++, i++) heights[i] = last = (last + packed[i] + (packed[n + i] << 8)) << 16 >> 16;
    }
    return { heights, shades: packed.subarray(2 * n) };
  }

  /** The three parts of `#RRGGBB`. @param {string} colour */
  const parts = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

  /** The tint of a height: [red, green, blue, opacity]. @param {[number, string, number][]} stops metres, colour, opacity @param {number} metres */
  function tint(stops, metres) {
    const next = stops.findIndex(([from]) => from > metres);
    if (next === 0) return [...parts(stops[0][1]), stops[0][2]];
    const [low, high] = next < 0 ? [stops[stops.length - 1], stops[stops.length - 1]] : [stops[next - 1], stops[next]];
    const share = high === low ? 0 : (metres - low[0]) / (high[0] - low[0]);
    const [from, to] = [[...parts(low[1]), low[2]], [...parts(high[1]), high[2]]];
    return from.map((value, i) => value + (to[i] - value) * share);
  }

  /** A colour over another, each with its opacity, as one. @param {number[]} over @param {number[]} under */
  function laid(over, under) {
    const rest = under[3] * (1 - over[3]);
    const opacity = over[3] + rest;
    return opacity ? [...[0, 1, 2].map((i) => (over[i] * over[3] + under[i] * rest) / opacity), opacity] : [0, 0, 0, 0];
  }

  /** What a slope adds to its tint: darker away from the light, brighter towards it, nothing where it is flat. @param {any} look @param {number} shade @param {{flat: number, most: number}} levels */
  function shading(look, shade, { flat, most }) {
    const off = Math.min(1, GAIN * (shade < flat ? (flat - shade) / flat : (shade - flat) / (most - flat)));
    return shade < flat ? [...parts(look.shadow[0]), look.shadow[1] * off] : [...parts(look.light[0]), look.light[1] * off];
  }

  /**
   * The colour of every height and shade of a theme, as pixels; a cell costs one look into it.
   * @param {any} look of a theme @param {{low: number, high: number, levels: {flat: number, most: number}}} given
   */
  function table(look, { low, high, levels }) {
    const width = levels.most + 1;
    const pixels = new Uint8ClampedArray((high - low + 1) * width * 4);
    for (let metres = low; metres <= high; metres++) {
      const under = tint(look.tints, metres);
      for (let shade = 0; shade < width; shade++) {
        const [red, green, blue, opacity] = laid(shading(look, shade, levels), under);
        pixels.set([red, green, blue, opacity * 255], ((metres - low) * width + shade) * 4);
      }
    }
    return new Uint32Array(pixels.buffer);
  }

  /** Let a picture fade out towards its four edges. @param {Uint8ClampedArray} data red, green, blue, opacity @param {number} columns @param {number} rows */
  function faded(data, columns, rows) {
    for (let row = 0; row < rows; row++) {
      const high = Math.min(row, rows - 1 - row);
      for (let column = 0; column < columns; column++) {
        const off = Math.min(high, column, columns - 1 - column);
        if (off < FADE) data[4 * (row * columns + column) + 3] *= (off + 0.5) / FADE;
        // Between the edges at both sides there is nothing to do.
        else column = Math.max(column, columns - 1 - FADE);
      }
    }
  }

  /** Height at a place of the grid in cells, between the middles of four; null where one of them is not known. @param {any} grid @param {number} x @param {number} y */
  function between({ columns, rows, heights, shades }, x, y) {
    if (x < 0 || y < 0 || x >= columns || y >= rows) return null;
    const [u, v] = [Math.min(Math.max(x - 0.5, 0), columns - 1), Math.min(Math.max(y - 0.5, 0), rows - 1)];
    const [left, top] = [Math.floor(u), Math.floor(v)];
    const [right, bottom] = [Math.min(left + 1, columns - 1), Math.min(top + 1, rows - 1)];
    const [across, down] = [u - left, v - top];
    const cells = [[top, left, (1 - across) * (1 - down)], [top, right, across * (1 - down)], [bottom, left, (1 - across) * down], [bottom, right, across * down]];
    const counted = cells.filter(([, , share]) => share > 0).map(([row, column, share]) => [row * columns + column, share]);
    if (counted.some(([cell]) => shades[cell] === UNKNOWN)) return null;
    return counted.reduce((sum, [cell, share]) => sum + heights[cell] * share, 0);
  }

  /** A place in px of the world at zoom 0. @param {{lat: number, lng: number}} place */
  function world({ lat, lng }) {
    const sine = Math.sin((lat * Math.PI) / 180);
    return [WORLD_PX * (lng / 360 + 0.5), WORLD_PX * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI))];
  }

  /** Metres as a person reads them. @param {number} value */
  const metres = (value) => pm.text.t("relief.metres", { n: pm.text.number(Math.round(value)) });

  /** @param {any} map Leaflet map @param {any} given config.relief @param {any} on */
  function create(map, given, on) {
    Object.assign(map.createPane(PANE.name).style, { zIndex: PANE.z, pointerEvents: "none" });
    /** @type {any} once it has come */
    let grid = null;
    let coming = null;
    /** The whole grid in the colours of the theme. @type {HTMLCanvasElement | null} */
    let picture = null;
    let shown = false;

    /** @returns {HTMLCanvasElement} */
    function coloured() {
      const { columns, rows, low, levels } = given;
      const canvas = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
      const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      const colours = table(given.looks[document.documentElement.dataset.theme || "light"], given);
      const image = pen.createImageData(columns, rows);
      const pixels = new Uint32Array(image.data.buffer);
      const width = levels.most + 1;
      for (let i = 0; i < pixels.length; i++) if (grid.shades[i] !== UNKNOWN) pixels[i] = colours[(grid.heights[i] - low) * width + grid.shades[i]];
      faded(image.data, columns, rows);
      pen.putImageData(image, 0, 0);
      return canvas;
    }

    /** Lay the part in sight where it belongs, to a fraction of a pixel. */
    function paint(pen, { w, h: height, left, top, scale, ratio }) {
      if (!grid) return;
      picture = picture || coloured();
      const cell = given.px * scale;
      const [x, y] = [given.left * scale - left, given.top * scale - top];
      const [from, to] = [Math.max(0, Math.floor(-x / cell) - 1), Math.min(given.columns, Math.ceil((w - x) / cell) + 1)];
      const [first, last] = [Math.max(0, Math.floor(-y / cell) - 1), Math.min(given.rows, Math.ceil((height - y) / cell) + 1)];
      if (from >= to || first >= last) return;
      pen.imageSmoothingEnabled = true;
      pen.imageSmoothingQuality = "high";
      pen.drawImage(picture, from, first, to - from, last - first, (x + from * cell) * ratio, (y + first * cell) * ratio, (to - from) * cell * ratio, (last - first) * cell * ratio);
    }

    const layer = pm.canvas.create(PANE.name, "relief", paint, () => { picture = null; });

    /** Fetch the grid once; what fails is told, and tried again when it is asked for again. */
    function load() {
      coming = coming || bytes(given).then((found) => {
        grid = { columns: given.columns, rows: given.rows, ...unpack(given, found) };
        layer.picture.dataset.ready = "true";
        layer.soon();
      }).catch(() => {
        coming = null;
        on.say("relief", pm.text.t("relief.failed"), { tone: "warn" });
      });
      return coming;
    }

    /** @param {any} view */
    function update(view) {
      if (view.relief) layer.picture.setAttribute("aria-label", pm.text.t("relief.picture"));
      if (view.relief === shown) return;
      shown = view.relief;
      if (!shown) return layer.remove();
      layer.addTo(map);
      layer.picture.hidden = false;
      return load();
    }

    /** The height of a place in metres; null where it is not known. @param {{lat: number, lng: number}} place */
    function height(place) {
      const [x, y] = world(place);
      return grid && between(grid, (x - given.left) / given.px, (y - given.top) / given.px);
    }

    /** Say how high a place is, with its source. @param {{lat: number, lng: number}} place */
    async function tell(place) {
      await load();
      if (!grid) return;
      const { t, about, pick } = pm.text;
      const found = height(place);
      const at = t("relief.place", { lat: pm.text.number(place.lat, 4), lon: pm.text.number(place.lng, 4) });
      on.say("relief", found === null ? t("relief.unknown") : t("relief.here", { height: about(metres(found)) }), { detail: `${at} ${t("relief.said_by", { source: pick(given.said) })}` });
    }

    return { update, height, tell, picture: layer };
  }

  /** The line of a card that says how high it stands. @param {any} item @param {any} given config.relief @param {any} figure see parts.js */
  function line(item, given, figure) {
    const [low, high] = given.heights[item.key] || [];
    if (low === undefined) return null;
    const said = high === undefined ? pm.text.t("relief.stands", { height: pm.text.about(metres(low)) }) : pm.text.t("relief.spans", { low: metres(low), high: metres(high) });
    return h("p.height", null, figure(said, given.source));
  }

  /** Its part of the key: a band of tints, with the heights at its ends. @param {any} given config.relief */
  function key(given) {
    const look = given.looks[document.documentElement.dataset.theme || "light"];
    const at = (i) => Math.max(0, given.low) + ((given.high - Math.max(0, given.low)) * i) / SWATCHES;
    const stops = Array.from({ length: SWATCHES + 1 }, (_, i) => { const [r, g, b, o] = tint(look.tints, at(i)); return `rgba(${Math.round(r)},${Math.round(g)},${Math.round(b)},${o.toFixed(2)})`; });
    return h("div.relief-key", null, h("h2", null, pm.text.t("relief.name")),
      h("div.band", { role: "img", "aria-label": pm.text.t("relief.band", { low: metres(at(0)), high: metres(given.high) }), style: `min-width:132px;height:12px;border-radius:3px;border:1px solid var(--ctl);background:linear-gradient(to right,${stops.join()}),var(--land)` }),
      h("div.ends", { "aria-hidden": "true", style: "display:flex;justify-content:space-between;font-size:12px" }, h("span", null, metres(at(0))), h("span", null, metres(given.high))));
  }

  /** What it is, where it comes from, what it cannot say; and the height at the middle of the map, for who has no mouse. */
  function about({ config, on }, { section, link }) {
    const { t, pick } = pm.text;
    if (config.relief.broken) return [h("div.card-head", null, h("div.over", null, pm.icons.icon("info", 18), h("span", null, t("about.over"))), h("h2", { tabindex: "-1", id: "card-title" }, t("relief.name")), h("p", null, pick(config.relief.broken)))];
    const source = config.sources[config.relief.source];
    return [h("div.card-head", null, h("div.over", null, pm.icons.icon("info", 18), h("span", null, t("about.over"))), h("h2", { tabindex: "-1", id: "card-title" }, t("relief.name")), h("p", null, t("relief.range", { low: metres(config.relief.low), high: metres(config.relief.high) })),
      h("div.actions", null, h("button.button", { type: "button", id: "height-here", onclick: () => on.height(on.centre()) }, t("relief.centre")))),
      section(t("about.method"), null, h("p", null, t("relief.method", { n: pm.text.number(config.relief.cell_m) }))), section(t("about.limits"), null, h("p", null, pick(config.relief.measures)), h("p", null, t("relief.limits"))),
      section(t("card.sources"), null, h("ul.src", null, h("li", null, link(source.url, pick(source.title)), h("span", null, ` ${pick(source.publisher)}`), h("br"), h("span", null, `${t("about.licence")} `), link(source.licence_url, pick(source.licence)), h("br"), h("span", null, `${t("about.vintage")} ${pick(source.vintage)}${source.retrieved ? ` · ${t("about.retrieved", { date: pm.text.date(source.retrieved) })}` : ""}`), h("br"), h("span.attribution", null, pick(source.attribution)))))];
  }

  /** Two hills. */
  const symbol = () => s("svg", { viewBox: "0 0 24 24", width: 14, height: 14, fill: "none", stroke: "currentColor", "stroke-width": 1.75, "stroke-linejoin": "round", "aria-hidden": "true", class: "icon" }, s("path", { d: "M2.5 19 9 7l4 7 2.500-4L21.500 19Z" }));

  pm.relief = { create, line, key, about, symbol, unpack, tint, laid, table, between, world, shading, faded };
})((globalThis.provence ??= {}));
