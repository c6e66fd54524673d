// What can be taken out of the page "Where exactly": the surface as GeoTIFF where there is a server, the ranking as CSV.
(function (pm) {
  "use strict";
  const { h } = pm.dom;

  /** What counts: criteria that are weighed, then exclusions. @param {any} pack @param {any} now {weights, profile} */
  const countedOf = (pack, { weights, profile }) => [...pack.criteria.filter(({ id }) => weights[id] > 0), ...pack.exclusions.filter(({ id }) => profile.exclusions.includes(id))];

  /** Ids of the sources of all that counts, once each. @param {any} pack @param {any} now {weights, profile} */
  const sourcesOf = (pack, now) => [...new Set(countedOf(pack, now).flatMap(({ sources }) => sources))];

  /**
   * The ranking, each row with how it was found and from what: UTF-8 with its mark, so that spreadsheets read the accents.
   * @param {any} grid @param {any} now what is shown: {kind, profile, weights, ranked, held, at}, `at` the best place of each row
   * @param {any} config of the document
   */
  function csv(grid, now, config) {
    const { pack } = grid;
    const { pick, t } = pm.text;
    const sources = sourcesOf(pack, now).map((id) => config.sources[id]).filter(Boolean);
    const each = (read) => [...new Set(sources.map(read).filter(Boolean))].join(" | ");
    const credit = [...new Set(countedOf(pack, now).map((one) => one.credit).filter(Boolean))];
    const told = {
      score_is: t("where.screening"), profile: pick(now.profile.title), weights: Object.entries(now.weights).filter(([, weight]) => weight > 0).map(([id, weight]) => `${id}:${weight}`).join(","), exclusions: now.profile.exclusions.join(","), step_m: pack.step,
      data_version: config.version, source: [each((one) => pick(one.title)), ...credit].filter(Boolean).join(" | "), source_vintage: each((one) => pick(one.vintage)), source_retrieved: each((one) => one.retrieved), source_url: each((one) => one.url), licence: each((one) => pick(one.licence)),
    };
    const records = now.ranked.slice(0, pack.rule.most).map((row, i) => {
      const { id, name, commune, key } = pm.sitingGrid.named(grid, now.kind, row.area);
      const { from = null, to = null } = now.held?.rows[i] ?? {};
      const [lon, lat] = now.at[i] ?? [];
      return { kind: now.kind, rank: i + 1, id: key || id, name, commune: commune || (now.kind === "communes" ? name : ""), score: Number(row.score.toFixed(4)), cells: row.cells, rank_best: from, rank_worst: Number.isFinite(to) ? to : null, lon: lon === undefined ? null : Number(lon.toFixed(5)), lat: lat === undefined ? null : Number(lat.toFixed(5)), crs: "EPSG:4326", ...told };
    });
    const names = Object.keys(records[0] || told);
    return `\ufeff${[names, ...records.map((one) => names.map((name) => one[name]))].map((cells) => cells.map(pm.table.csvCell).join(",")).join("\r\n")}\r\n`;
  }

  /**
   * The buttons, and what one of them did.
   * @param {any} context {config, on, server} @param {() => {grid: any, now: any}} shown
   */
  function create({ config, on, server }, shown) {
    const { t } = pm.text;
    let working = "";

    const name = (ending) => `provence-map-siting_${shown().now.profile.id}_${config.version}_${pm.text.language}.${ending}`;
    const asked = () => pm.view.toQuery({ ...pm.view.fresh(), siting: on.view().siting, language: pm.text.language });

    /** Let the server make a file of the weights that are shown. @param {string} path @param {string} ending @param {Record<string, string>} values */
    async function make(path, ending, values) {
      if (working) return;
      working = path;
      on.say("made", t("where.making"));
      try {
        on.say("made", t("shortlist.made", { name: await server.save(server.url(path, values, asked()), name(ending)) }));
      } catch (error) {
        on.say("made", t("where.make_failed"), { detail: error.message, tone: "warn", sticky: true, action: { text: t("around.again"), run: () => make(path, ending, values) } });
      }
      working = "";
    }

    function table() {
      const { grid, now } = shown();
      pm.server.handOver(new Blob([csv(grid, now, config)], { type: "text/csv;charset=utf-8" }), name("csv"));
    }

    /** @returns {Node[]} */
    function buttons() {
      const button = (id, words, run) => h("button.button", { type: "button", id, onclick: run }, pm.icons.icon("download", 18), t(words));
      const served = server.available && !config.siting.pack;
      return [h("div.actions", null, button("siting-csv", "where.csv", () => (served ? make("siting/ranking.csv", "csv", { rank: shown().now.kind }) : table())), served ? button("siting-tif", "where.tif", () => make("siting/surface.tif", "tif", {})) : null),
        h("p.said", null, t(served ? "where.taken_out" : "where.taken_out_file"))];
    }

    return { buttons };
  }

  pm.sitingOut = { create, csv, sourcesOf };
})((globalThis.provence ??= {}));
