// Layers over their budget: the document says how many rows each has, the rows come when the layer is first shown.
(function (pm) {
  "use strict";
  const STEPS = 1e5;

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

  /** @param {any} context {model, config, on} */
  function create({ model, config, on }) {
    const given = config.beside;
    /** @type {Map<string, Promise<void>>} */
    const coming = new Map();

    /** Fetch the rows of a layer once; what fails is told, and tried again when the layer is asked for again. @param {string} layer */
    function load(layer) {
      if (!coming.has(layer)) coming.set(layer, fetch(given[layer].url).then((answer) => {
        if (!answer.ok) throw new Error(`${answer.status}`);
        return answer.json();
      }).then((packed) => {
        model.adopt(layer, features(packed));
        on.arrived(layer);
      }).catch(() => {
        coming.delete(layer);
        on.say("beside", pm.text.t("drape.failed", { layer: pm.text.t(`layer.${layer}`) }), { tone: "warn", action: { text: pm.text.t("around.again"), run: () => load(layer) } });
      }));
      return coming.get(layer);
    }

    /** The layer that a key is of, where it is one of these. @param {string | null} key */
    const layerOf = (key) => Object.keys(given).find((layer) => key?.startsWith(`${pm.model.KIND_OF[layer]}:`));

    /** Fetch what a View shows. @param {any} view */
    function update(view) {
      const chosen = layerOf(view.selection);
      for (const layer of Object.keys(given)) if (view.layers.includes(layer) || layer === chosen) load(layer);
    }

    return { update, load, awaits: (key) => Boolean(layerOf(key) && model.awaited(layerOf(key))), all: () => Promise.all(Object.keys(given).map(load)) };
  }

  pm.beside = { create, features };
})((globalThis.provence ??= {}));
