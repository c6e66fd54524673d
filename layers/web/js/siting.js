// Where exactly: a profile and its weights make a surface over the metropolis, repainted while a slider moves.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  // How long a slider rests before what takes longer than a frame is worked out: ranks on the map, sensitivity.
  const REST_MS = 220;

  /** The weights of a View: the profile's own, with those that differ. @param {any} profile @param {any} siting */
  const weightsOf = (profile, siting) => ({ ...profile.weights, ...siting.weights });

  /** What a View keeps of weights: those that are not the profile's own. @param {any} profile @param {Record<string, number>} weights */
  function kept(profile, weights) {
    const differ = Object.entries(weights).filter(([id, weight]) => weight !== (profile.weights[id] ?? 0));
    return { profile: profile.id, weights: Object.fromEntries(differ) };
  }

  /**
   * A siting without what the pack does not hold, and the names of what was left out.
   * @param {any} pack @param {{profile: string, weights: Record<string, number>}} siting
   */
  function known(pack, siting) {
    const there = new Set(pack.criteria.map(({ id }) => id));
    const profile = pack.profiles.find(({ id }) => id === siting.profile);
    const strange = Object.keys(siting.weights).filter((id) => !there.has(id));
    const ignored = [...(profile ? [] : [`siting=${siting.profile}`]), ...strange.map((id) => `siting=${id}:${siting.weights[id]}`)];
    const weights = Object.fromEntries(Object.entries(siting.weights).filter(([id]) => there.has(id)));
    return { siting: { profile: (profile || pack.profiles[0]).id, weights }, ignored };
  }

  /** @param {any} map Leaflet map @param {any} context {model, draw, config, on, server} */
  function create(map, context) {
    const { model, config, on } = context;
    const { t } = pm.text;
    const surface = pm.sitingMap.create(map, context.draw);
    const out = pm.sitingOut.create(context, () => ({ grid, now }));
    /** @type {any} */
    let grid = null;
    let asked = false;
    let failed = "";
    let scores = new Uint16Array(0);
    /** What is shown: profile, weights by criterion, their parts, ranking, sensitivity. @type {any} */
    let now = null;
    let signed = "";
    let cell = -1;
    // What is ranked; a reader's choice of this page, no part of the View.
    let kind = "communes";
    let rest = 0;
    let turn = 0;
    let sliders = [];
    const slots = { lead: h("div"), ranks: h("div"), cell: h("div"), ranking: h("div"), hold: h("div", { role: "status" }), zero: h("p.siting-zero", { role: "alert", hidden: true }), reset: h("div.actions") };

    /** Fetch the criteria, once; what waits is drawn again when they are here. */
    async function load() {
      if (asked) return;
      asked = true;
      failed = "";
      try {
        const pack = config.siting.pack || await (await context.server.ask(config.siting.url)).json();
        grid = pm.sitingGrid.unpack(pack, await pm.sitingGrid.inflate(pack.planes), pack.zones ? await pm.sitingGrid.inflate(pack.zones.planes) : null);
        scores = new Uint16Array(grid.n);
      } catch (error) {
        failed = error.message;
        asked = false;
      }
      update(on.view());
      on.redraw();
    }

    /** Weigh, paint and rank: what happens while a slider moves. */
    function weigh() {
      now.shares = pm.sitingGrid.shares(now.weights, grid.pack.criteria);
      slots.zero.hidden = Boolean(now.shares);
      if (!now.shares) scores.fill(pm.sitingGrid.NONE);
      else pm.sitingGrid.score(grid, now.shares, now.mask, scores);
      surface.show(grid, scores, t("where.surface", { profile: pm.text.pick(now.profile.title) }));
      order();
    }

    /** Rank anew; what takes longer follows when the sliders rest. */
    function order() {
      now = { ...now, kind, ranked: pm.sitingGrid.rank(grid, scores, kind), held: null, at: [] };
      write();
      clearTimeout(rest);
      rest = window.setTimeout(settle, REST_MS);
    }

    /** Once a slider rests: the ranks on the map, and whether they hold. */
    async function settle() {
      const own = ++turn;
      const shown = now.ranked.slice(0, grid.pack.rule.most);
      const { columns } = grid.pack;
      now.at = [...pm.sitingGrid.places(grid, scores, shown, kind)].map((at) => pm.sitingGrid.lonLat(grid.pack, (grid.cells[at] % columns) + 0.5, Math.floor(grid.cells[at] / columns) + 0.5));
      surface.rankAt(now.at.map(([lon, lat]) => ({ lon, lat })));
      if (!now.shares) return;
      const held = await pm.sitingHold.holds(grid, now.weights, now.mask, now.ranked, () => own === turn && now !== null, kind);
      if (!held) return;
      now.held = held;
      write();
    }

    /** Write what the weights say into the panel, where it stands. */
    function write() {
      const { criteria } = grid.pack;
      for (const one of sliders) one.set(now.weights[one.id] ?? 0, now.shares?.[criteria.findIndex(({ id }) => id === one.id)] ?? 0);
      const shown = now.ranked.slice(0, grid.pack.rule.most);
      const told = { grid, kind, held: now.held, model, select: on.select };
      const focus = document.activeElement?.id;
      fill(slots.lead, pm.sitingParts.lead(shown, told));
      fill(slots.ranks, pm.sitingParts.ranks(grid.pack, kind, rankBy));
      fill(slots.ranking, pm.sitingParts.ranking(shown, told));
      if (/^(led|rank|ranked)-/.test(focus)) document.getElementById(focus)?.focus({ preventScroll: true });
      fill(slots.hold, shown.length ? pm.sitingParts.sensitivity(now.held, grid.pack, shown.length, kind) : h("p", null, t(kind === "zones" ? "where.none_ranked_zones" : "where.none_ranked")));
      fill(slots.cell, cell < 0 ? h("p", null, t("where.click")) : pm.sitingParts.cell(grid, cell, { ...now, scores, model, select: on.select }), h("div.actions", null, h("button.button", { type: "button", id: "siting-here", onclick: () => clicked(middle()) }, t("where.centre"))));
      if (focus === "siting-here") document.getElementById(focus)?.focus({ preventScroll: true });
      const own = Object.keys(kept(now.profile, now.weights).weights).length > 0;
      fill(slots.reset, own ? h("button.link", { type: "button", onclick: () => choose(now.profile.id) }, t("where.reset")) : h("span.said", null, t("where.own_weights")));
    }

    /** A click on free ground: its cell, criterion by criterion. Tells whether there is one. @param {{lng: number, lat: number}} place */
    function clicked(place) {
      if (!now || !grid) return false;
      const found = pm.sitingGrid.cellAt(grid, place.lng, place.lat);
      if (found < 0) {
        const centre = document.activeElement?.id === "siting-here";
        if (centre || on.view().panel === "siting") on.say("siting", t(centre ? "where.outside" : "where.click_outside"));
        return false;
      }
      cell = found;
      surface.mark(pm.sitingGrid.corners(grid, cell));
      write();
      if (on.view().panel !== "siting" || on.view().selection) on.siting();
      document.getElementById("siting-cell")?.scrollIntoView({ block: "nearest" });
      return true;
    }

    /** The middle of what is seen of the map: a sheet may lie over half of it. */
    function middle() {
      const { x, y } = map.getSize();
      const { top, right, bottom } = context.covered();
      return map.containerPointToLatLng([(x - right) / 2, (top + y - bottom) / 2]);
    }

    function rankBy(wanted) {
      kind = wanted;
      order();
    }

    const choose = (id) => on.change({ siting: { profile: id, weights: {} } }, { push: true });

    function moved(id, value) {
      now.weights = { ...now.weights, [id]: value };
      weigh();
    }

    /** The View keeps what a slider was left at. */
    function left() {
      const siting = kept(now.profile, now.weights);
      signed = sign({ siting });
      on.change({ siting });
    }

    const sign = (view) => JSON.stringify([view.siting && pm.view.toQuery({ ...pm.view.fresh(), siting: view.siting }), Boolean(grid), pm.text.language]);

    function clear() {
      clearTimeout(rest);
      turn += 1;
      if (now) surface.show(null);
      now = null;
      cell = -1;
      sliders = [];
    }

    /** Show a View. @param {any} view */
    function update(view) {
      if (!view.siting && view.panel !== "siting") {
        if (signed) clear();
        signed = "";
        return;
      }
      if (!grid) return failed ? undefined : void load();
      if (!view.siting) return void on.change({ siting: { profile: grid.pack.profiles[0].id, weights: {} } });
      if (sign(view) === signed) return;
      const { siting, ignored } = known(grid.pack, view.siting);
      if (ignored.length) on.say("ignored", t("notice.ignored"), { sticky: true, tone: "warn", detail: t("notice.ignored_more", { parts: ignored.join(", ") }) });
      signed = sign({ siting });
      const profile = grid.pack.profiles.find(({ id }) => id === siting.profile);
      now = { profile, weights: weightsOf(profile, siting), mask: pm.sitingGrid.maskOf(grid.pack, profile.exclusions), ranked: [], held: null };
      weigh();
      if (ignored.length) on.change({ siting });
    }

    function weights() {
      const { criteria } = grid.pack;
      const most = pm.sitingParts.mostOf(now.weights);
      const made = (criterion) => pm.sitingParts.slider(criterion, now.weights[criterion.id] ?? 0, most, { moved: (value) => moved(criterion.id, value), left });
      const [own, others] = [true, false].map((wanted) => criteria.filter(({ id }) => (now.weights[id] > 0 || now.profile.weights[id] > 0) === wanted).map(made));
      sliders = [...own, ...others];
      return pm.sitingParts.section(t("where.weights"), h("div.weights", null, own.map(({ node }) => node)), others.length ? h("details.siting-more", null, h("summary", null, t("where.others")), others.map(({ node }) => node)) : null, slots.zero, slots.reset);
    }

    function excluded() {
      const names = grid.pack.exclusions.filter(({ id }) => now.profile.exclusions.includes(id)).map(({ title }) => pm.text.pick(title));
      return names.length ? h("p.said", null, t("where.leaves_out", { names: names.join(", ") })) : null;
    }

    /** What stands beside the map. */
    function content() {
      const head = pm.sitingParts.head();
      if (failed) return [head, h("section.sec", null, h("div.failed", { role: "alert" }, h("b", null, t("where.failed")), h("p", null, failed), h("button.button", { type: "button", onclick: () => { load(); } }, t("around.again"))))];
      if (!now) return [head, h("section.sec.skeleton", { "aria-label": t("where.loading"), role: "status" }, [60, 90, 75, 100, 40].map((width) => h("i", { style: `width:${width}%` })))];
      fill(slots.zero, t("where.all_zero"));
      const parts = [head, pm.sitingParts.profiles(grid.pack.profiles, now.profile.id, choose), h("section.sec", null, pm.sitingMap.key(), excluded(), slots.lead), weights(),
        h("section.sec", { id: "siting-cell" }, h("h3", null, t("where.cell")), slots.cell),
        pm.sitingParts.section(t("where.ranked"), slots.ranks, slots.ranking, out.buttons()), pm.sitingParts.section(t("where.holds"), slots.hold), pm.sitingParts.method(grid.pack, config)];
      write();
      return parts;
    }

    return { update, content, clicked, get shown() { return now !== null; }, state: () => ({ grid, scores, now, cell, surface }) };
  }

  pm.siting = { create, kept, known, weightsOf };
})((globalThis.provence ??= {}));
