// Layers over their budget: the document says how many rows each has, the rows come when the layer is first shown.
(function (pm) {
  "use strict";
  const STEPS = 1e5;
  const EARTH_KM = 6371;
  // Of thousands within reach.
  const NEAREST = 500;
  const AHEAD_MS = 10_000;

  /** A column as values, one a row. @param {any[] | {of: any[], at: number[]}} column */
  const valuesOf = (column) => (Array.isArray(column) ? column : column.at.map((i) => column.of[i]));

  /**
   * Rows as the features of a document, without their shapes: the box around each stands in for it. The twin that
   * writes them is layers/web/beside.py.
   * @param {{rows: number, columns: Record<string, any>, box?: number[], at?: number[]}} packed
   */
  function features(packed) {
    const columns = Object.entries(packed.columns).map(([name, column]) => [name, valuesOf(column)]);
    return Array.from({ length: packed.rows }, (_, i) => {
      const properties = {};
      for (const [name, values] of columns) if (values[i] !== null) properties[name] = values[i];
      return { properties: { ...properties, row: i }, geometry: packed.box ? boxOf(packed.box, i) : { type: "Point", coordinates: [packed.at[2 * i] / STEPS, packed.at[2 * i + 1] / STEPS] } };
    });
  }

  /** @param {number[]} box west, south, east, north of each row, in hundred-thousandths of a degree @param {number} i */
  function boxOf(box, i) {
    const [west, south, east, north] = [0, 1, 2, 3].map((side) => box[4 * i + side] / STEPS);
    return { type: "MultiPolygon", coordinates: [[[[west, south], [east, south], [east, north], [west, north], [west, south]]]] };
  }

  /** @param {{url?: string, data?: string}} file @param {RequestInit} [options] */
  async function bytesOf({ url, data }, options) {
    if (url) {
      const answer = await fetch(url, options);
      if (!answer.ok) throw new Error(`${answer.status}`);
      return answer.json();
    }
    const packed = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  }

  /** The verified tonnes of sites, where the figures of all sites are read. */
  function takeSeries(config, { series = {} }, rows) {
    for (const [row, values] of Object.entries(series)) config.emissions[rows[row].properties.id] = values;
  }

  /** Fetch the sites for a document that paints its scenes once and so cannot wait for them later: a show. @param {any} config */
  async function ahead(config) {
    try {
      const packed = await bytesOf(config.beside.industry, { signal: AbortSignal.timeout(AHEAD_MS) });
      const rows = features(packed);
      takeSeries(config, packed, rows);
      pm.layers.industry = { features: rows };
    } catch (error) {
      // Its texts and figures are whole without them.
      console.warn(`the sites did not come: ${error.message}`);
    }
  }

  /** @param {any} context {model, config, on} */
  function create({ model, config, on }) {
    const given = config.beside;
    /** @type {Map<string, Promise<void>>} */
    const coming = new Map();

    /** Blocks of cards that were asked for: each is fetched once. @type {Map<number, string>} */
    const asked = new Map();

    /** Fetch what the cards of a site and its neighbours in the table say. */
    function complete(item) {
      const { cards, cards_each: each } = given.industry;
      const block = Math.floor(item.row / each);
      if (!cards || asked.has(block)) return;
      asked.set(block, "coming");
      bytesOf({ url: `${cards}${block}.json` }).then((found) => {
        found.forEach((said, i) => Object.assign(model.items.industry[block * each + i], said, { whole: true }));
        asked.set(block, "here");
        on.redraw();
      }).catch(() => {
        asked.set(block, "failed");
        on.redraw();
      });
    }

    /** Whether only the row of a site is known; the rest of its card is then asked for. @param {any} item */
    function brief(item) {
      if (item.row === undefined || item.whole) return false;
      complete(item);
      return true;
    }

    /** Why there is no more of a card. @param {any} item */
    function tells(item) {
      const { cards, cards_each: each } = given.industry;
      if (!cards) return pm.text.t("cluster.brief_file");
      return pm.text.t(asked.get(Math.floor(item.row / each)) === "failed" ? "cluster.brief_failed" : "cluster.brief_coming");
    }

    /** Sites within reach of an item, the nearest first, where no list of them travels: measured on the sphere. @param {any} from */
    function sitesNear(from) {
      if (!given.industry) return null;
      const [lat, lon] = [from.lat, from.lon].map((angle) => (angle * Math.PI) / 180);
      const found = [];
      for (const item of model.items.industry) {
        const [north, east] = [(item.lat * Math.PI) / 180 - lat, ((item.lon * Math.PI) / 180 - lon) * Math.cos(lat)];
        const km = EARTH_KM * Math.hypot(north, east);
        if (km <= config.near_km) found.push({ item, km: Math.round(km * 10) / 10 });
      }
      return found.sort((a, b) => a.km - b.km).slice(0, NEAREST);
    }

    /** Fetch the rows of a layer once; what fails is told, and tried again when the layer is asked for again. @param {string} layer */
    function load(layer) {
      if (!model.awaited(layer)) return Promise.resolve();
      if (!coming.has(layer)) coming.set(layer, bytesOf(given[layer]).then((packed) => {
        const rows = features(packed);
        takeSeries(config, packed, rows);
        model.adopt(layer, rows);
        on.arrived(layer);
      }).catch(() => {
        coming.delete(layer);
        on.say(`beside ${layer}`, pm.text.t("drape.failed", { layer: pm.text.t(`layer.${layer}`) }), { tone: "warn", action: { text: pm.text.t("around.again"), run: () => load(layer) } });
      }));
      return coming.get(layer);
    }

    /** The layer that a key is of, where it is one of these. @param {string | null} key */
    const layerOf = (key) => Object.keys(given).find((layer) => key?.startsWith(`${pm.model.KIND_OF[layer]}:`));

    /** Fetch what a View shows; sites in any case, whose figures poles and years add up. @param {any} view */
    function update(view) {
      const chosen = layerOf(view.selection);
      for (const layer of Object.keys(given)) if (view.layers.includes(layer) || layer === chosen || layer === "industry") load(layer);
    }

    return { update, load, brief, tells, sitesNear, awaits: (key) => Boolean(layerOf(key) && model.awaited(layerOf(key))), all: () => Promise.all(Object.keys(given).map(load)) };
  }

  pm.beside = { create, features, ahead };
})((globalThis.provence ??= {}));
