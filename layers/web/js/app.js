// The document as a whole: one View, one entry `apply(view)`, and messages to whoever hosts it.
(function (pm) {
  "use strict";
  const { fill, frames } = pm.dom;
  // The widths at which the style sheet turns panels into sheets.
  const PHONE_PX = 700;
  const NARROW_PX = 900;
  const ROOMY_PX = 1600;
  const PHONE_FACTOR = 0.65;
  const hosted = window.parent !== window;

  /** Start on the map that folium made. @param {any} map Leaflet map */
  pm.start = function (map) {
    // A published site gives what its pages share in a file of its own.
    const config = { ...pm.given, ...JSON.parse(document.getElementById("provence-config").textContent) };
    pm.text.load(config.texts);
    pm.view.lastYear = config.last_year;
    if (config.plan) return pm.plan.start({ config, map });
    if (!config.show && !config.desk) return explore(map, config);
    // A show paints its first scene at once; the explorer is made when somebody asks for it, and kept.
    const show = config.desk ? pm.desk : pm.show;
    const begin = () => show.start({ config, explore(query) {
      if (pm.apply) pm.apply(query);
      else explore(map, { ...config, query });
    }, leave: pm.site?.leave });
    if (config.beside?.industry) pm.beside.ahead(config).then(begin);
    else begin();
  };

  /** Make the explorer. @param {any} map Leaflet map @param {any} config */
  function explore(map, config) {
    const $ = (id) => document.getElementById(id);
    /** @type {Record<string, any>} */
    const parts = {};
    let moves = false;
    // Until the map is on the screen there is nothing beside it.
    let whole = false;
    let turn = 0; // of the host's last word; it comes back with each message, to tell what was said before it
    /** What stands beside the map until something else is chosen: {kind, build}. @type {any} */
    let passing = null;
    let drawn = "";

    const darkScheme = matchMedia("(prefers-color-scheme: dark)");
    const languageOf = (v) => v.language || pm.text.preferred();
    const themeOf = (v) => v.theme || (darkScheme.matches ? "dark" : "light");
    const read = pm.view.fromQuery((location.hash.length > 1 ? location.hash.slice(1) : config.query) || "");
    let view = read.view;
    pm.text.set(languageOf(view));

    const draw = pm.icons.symbols(config.style);
    const phone = () => window.innerWidth < PHONE_PX;
    const narrow = () => window.innerWidth < NARROW_PX;
    // At the scale of a phone the whole metropolis is three times smaller: so are its circles, key included.
    if (phone()) config.style.size.factor *= PHONE_FACTOR;
    const model = pm.describe.extend(pm.model.create(pm.layers, config), config, draw);
    const checked = model.known(view);
    view = checked.view;
    const ignored = [...read.ignored, ...checked.ignored];

    const on = {
      view: () => view,
      year: () => pm.view.verified(view),
      say: (id, text, options) => parts.notice.say(id, text, options),
      change: (changes, options = {}) => apply({ ...view, ...changes }, { push: "language" in changes, ...options }),
      redraw: () => drawCard(true),
      /** A layer that travels beside the document has come: what counts, lists or draws it is brought in step. */
      arrived(layer) {
        if (whole) parts.panel.renew();
        if (whole && layer === "industry") parts.timeline.build();
        if (view.selection && !model.byKey.has(view.selection) && !parts.beside.awaits(view.selection)) return on.select(null);
        if (view.table) parts.table.build(view);
        drawCard();
        return show(null, { ...view, selection: null });
      },
      select(key) {
        passing = null;
        if (narrow()) closePanels();
        apply({ ...view, selection: key }, { push: key !== view.selection });
        if (key) parts.drawer.enter();
      },
      about(row) {
        const family = [...config.families.industry, ...config.families.decarbonation].find((f) => f.id === row.name);
        pass("about", () => parts.cards.about({ ...row, members: family?.members }));
      },
      list: (items) => pass("list", () => parts.cards.list(items), false),
      share: () => pass("share", () => parts.share.content(view)),
      help: () => pass("keys", () => pm.keys.content(config.counted)),
      /** @param {string | null} name a panel beside the map, or none */
      panel(name) {
        beside({ panel: name });
      },
      /** Every card of a layer as a list, for what has no place on the map. @param {string} layer */
      cards(layer) {
        if (narrow()) closePanels();
        pass("list", () => parts.cards.list(model.items[layer]));
      },
      /** Open the panel of siting; the surface goes on the map with it. */
      siting: () => beside({ panel: "siting" }),
      /** A click while an area is being chosen belongs to it. */
      picked(place, last, onSymbol) {
        if (!choosingArea() && !onSymbol && view.siting && parts.siting?.clicked(place)) return true;
        if (!choosingArea() || (onSymbol && !passing)) return false;
        parts.around.clicked(place, last);
        return true;
      },
      sketch: (corners) => parts.map.sketch(corners),
      centre: () => map.getCenter(),
      height: (place) => parts.map.relief?.tell(place),
      bounds: () => { const b = map.getBounds(); return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]; },
      zoom: (by) => parts.map.zoom(by),
      reset: () => apply({ ...view, layers: pm.view.DEFAULT_LAYERS.slice(), hidden: [], filters: {}, ranges: {}, year: null, relief: false }, { push: true }),
      theme: () => on.change({ theme: themeOf(view) === "dark" ? "light" : "dark" }),
      home() {
        apply({ ...view, bounds: null }, {});
        parts.map.goHome();
      },
      viewport(bounds) {
        if (!bounds) return;
        const edges = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((value) => Number(value.toFixed(5)));
        apply({ ...view, bounds: edges }, {});
      },
      sheet: (open) => toggleSheet(open),
      filters() {
        parts.panel.show("filters");
        if (narrow()) {
          if (view.table) on.table(false);
          toggleSheet(true);
        }
        $("tab-filters").focus();
      },
      years: () => {
        document.body.classList.toggle("with-years");
        $("open-years")?.setAttribute("aria-expanded", String(document.body.classList.contains("with-years")));
        parts.map.rename();
      },
      table: (open = !view.table) => apply({ ...view, table: open ? "kind" : null }, { push: true }),
      sort: (column) => on.change({ table: column }),
      close: () => on.table(false),
    };

    Object.assign(on, pm.actions.create({ model, config, parts, on, apply, beside, pass, narrow, closePanels, context: () => context }));

    const choosingArea = () => passing?.kind === "area" || (!passing && !view.selection && !view.panel && view.area.length > 0);

    const { overlays, covered } = pm.room.create($, narrow);
    const server = pm.server.create(config);
    const context = { overlays, model, draw, config, style: config.style, on, covered, server, parts, get share() { return parts.share; }, get moves() { return moves; }, get whole() { return whole; } };
    parts.notice = pm.notice.create($("notices"));
    parts.focus = pm.focus.create($, { narrow });
    parts.drawer = pm.drawer.create($("card"), { close: closeCard, opens: () => parts.focus.from("card"), moved: () => parts.map.resize() });
    document.body.classList.toggle("embedded", pm.share.embedded());
    parts.header = pm.header.create($("header"), context);
    parts.search = pm.search.create($("searchbox"), context);
    parts.poles = pm.poles.create(context);
    parts.tree = pm.tree.create(context);
    parts.filters = pm.filters.create(context);
    parts.panel = pm.panel.create($, context);
    parts.legend = pm.legend.create($("key"), context);
    parts.timeline = pm.timeline.create($("timeline"), context);
    parts.table = pm.table.create($("table"), context);
    parts.cards = pm.cards.create(context);
    parts.compare = pm.compare.create(context);
    parts.shortlist = pm.shortlist.create(context);
    parts.around = pm.around.create(context);
    parts.share = pm.share.create(context);
    parts.controls = pm.controls.create({ controls: $("controls"), themes: $("themes") }, context);
    parts.map = pm.map.create(map, context);
    parts.siting = config.siting ? pm.siting.create(map, context) : null;
    parts.beside = config.beside ? pm.beside.create(context) : null;

    /** Language and title of the document. */
    function name() {
      document.documentElement.lang = pm.text.language;
      document.title = `${pm.text.t("document.title")} – Provence Map`;
    }

    /** Everything whose words change with the language. */
    function buildWords() {
      const { t } = pm.text;
      model.relanguage();
      name();
      parts.header.build(themeOf(view));
      parts.panel.build();
      parts.legend.build();
      parts.timeline.build();
      parts.controls.build();
      fill($("title"), `${t("document.title")} – Provence Map`);
      fill($("skip"), t("document.skip_map"));
      fill($("skip-table"), t("document.skip_table"));
      fill($("attribution"), t("map.attribution"));
      if (view.table) parts.table.build(view);
    }

    /** Put something of the View beside the map, in place of the selection. */
    function beside(changes) {
      passing = null;
      if (narrow()) closePanels();
      apply({ ...view, selection: null, ...changes }, { push: true });
      parts.drawer.enter();
    }

    /** Show something beside the map that is no part of the View. */
    function pass(kind, build, focus = true) {
      passing = { kind, build };
      drawCard(true);
      if (focus) parts.drawer.enter();
    }

    /** What stands beside the map: what was asked for last, the selection, a panel, an area. */
    function standing() {
      const item = view.selection ? model.byKey.get(view.selection) : null;
      if (passing) return { kind: passing.kind, subject: passing.kind, build: passing.build };
      if (item) return { kind: item.kind, subject: item.key, build: () => parts.cards.of(item) };
      if (view.panel) return { kind: view.panel, subject: view.panel, build: () => parts[view.panel].content(view) };
      if (view.area.length) return { kind: "area", subject: "area", build: () => parts.around.content(view) };
      return { kind: "", subject: "", build: () => null };
    }

    function drawCard(force = false) {
      const { kind, subject, build } = standing();
      const sign = JSON.stringify([kind, subject, view.year, view.keep, view.compare, view.area, view.siting?.profile, pm.text.language]);
      if (!force && sign === drawn) return;
      drawn = sign;
      const focus = document.activeElement?.id;
      const inside = $("card").contains(document.activeElement);
      if (parts.drawer.show(build(), { kind, subject })) parts.map.resize();
      // What had the focus may have been drawn anew.
      if (inside && focus && document.activeElement !== $(focus)) $(focus)?.focus({ preventScroll: true });
      document.body.classList.toggle("choosing", choosingArea());
      parts.legend.crowd(phone() || (parts.drawer.open && window.innerWidth < ROOMY_PX));
    }

    /** Close what stands beside the map: what stood before it comes back. */
    function closeCard() {
      if (passing) {
        passing = null;
        parts.map.sketch([]);
        drawCard(true);
      } else if (view.selection) on.select(null);
      else if (view.panel) on.change({ panel: null, ...(view.panel === "siting" ? { siting: null } : {}) }, { push: true });
      else if (view.area.length) on.change({ area: [] }, { push: true });
      if (!$("card").hidden) parts.drawer.focus();
      else if (!parts.focus.back("card")) parts.map.focus();
    }

    function toggleSheet(open = !document.body.classList.contains("with-panel")) {
      const was = document.body.classList.contains("with-panel");
      if (open && !was) parts.focus.from("panel");
      document.body.classList.toggle("with-panel", open);
      parts.focus.cover();
      if (open) $("close-panel").focus();
      else if (was && $("panel").contains(document.activeElement) && !parts.focus.back("panel")) parts.map.focus();
    }

    function closePanels() {
      toggleSheet(false);
      if (view.table) apply({ ...view, table: null }, {});
    }

    /** Open or close the table with the View. */
    function showTable(previous) {
      const open = Boolean(view.table);
      const was = previous ? Boolean(previous.table) : false;
      if (open === was) return parts.table.update(view, previous);
      document.body.classList.toggle("with-table", open);
      $("open-table")?.setAttribute("aria-expanded", String(open));
      $("table").hidden = !open;
      if (open) {
        if (narrow()) toggleSheet(false);
        parts.table.build(view);
        parts.focus.from("table");
        if (previous) $("table-title").focus();
      } else {
        fill($("table"));
        parts.focus.cover();
        if (!parts.focus.back("table")) parts.map.focus();
      }
      parts.map.resize();
      return undefined;
    }

    /** Read the query of a link that comes while the map stands; a layer that is not here is told. */
    function followed(query) {
      const found = model.known(pm.view.fromQuery(query).view);
      parts.notice.ignored(found.ignored.filter((part) => /^(layers|relief)=/.test(part)), config.relief);
      return found.view;
    }

    /** Tell the host, or keep the address of a file opened by itself in step. */
    function post(type, more) {
      if (hosted) window.parent.postMessage({ provence: type, turn, ...more }, location.protocol === "file:" ? "*" : location.origin);
    }

    /**
     * Show a View: the one entry for links, hosts, controls and stories.
     * @param {any} next a View or its query
     * @param {{push?: boolean, silent?: boolean, move?: boolean}} [options] push: a step that Back should undo; silent: it came from the host
     */
    function apply(next, options = {}) {
      const previous = view;
      view = typeof next === "string" ? followed(next) : next;
      // The address first: framing what was chosen moves the map, which writes the address again.
      const query = pm.view.toQuery(view);
      if (!options.silent && query !== pm.view.toQuery(previous)) {
        post("view", { view: query, push: Boolean(options.push) });
        if (!hosted) history[options.push ? "pushState" : "replaceState"](null, "", query ? `#${query}` : "#");
      }
      const words = languageOf(view) !== pm.text.language;
      pm.text.set(languageOf(view));
      document.documentElement.dataset.theme = themeOf(view);
      moves = moves || Boolean(options.move);
      if (words && whole) {
        buildWords();
        parts.map.relabel();
      } else if (whole && themeOf(view) !== themeOf(previous)) parts.header.build(themeOf(view));
      if (view.selection !== previous.selection || view.panel !== previous.panel || String(view.area) !== String(previous.area)) passing = null;
      parts.siting?.update(view);
      parts.beside?.update(view);
      drawCard();
      show(words ? null : previous, previous);
      moves = false;
    }

    /** Bring everything in step with the View. @param {any} previous null when the words are new @param {any} before the View shown before, or null */
    function show(previous, before) {
      showTable(before);
      parts.map.update(view, before);
      if (whole) showBeside(previous);
    }

    /** Bring what stands beside the map in step with the View. @param {any} previous as in show */
    function showBeside(previous) {
      parts.header.update(view);
      parts.panel.update(view, previous);
      parts.legend.update(view, previous);
      parts.controls.update(view, previous);
      parts.timeline.update(view);
      parts.filters.bar($("active"), view);
      parts.filters.explain($("empty"), view);
    }

    $("skip").addEventListener("click", (event) => { event.preventDefault(); parts.map.focus(); });
    $("skip-table").addEventListener("click", (event) => { event.preventDefault(); on.table(true); });
    $("close-panel").addEventListener("click", () => toggleSheet(false));
    darkScheme.addEventListener("change", () => apply({ ...view }, { silent: true }));
    window.addEventListener("resize", () => parts.map.resize());
    window.addEventListener("hashchange", () => { if (!hosted) apply(location.hash.slice(1), { silent: true, move: true }); });
    window.addEventListener("message", (event) => {
      if (event.source === window.parent && event.origin === location.origin && typeof event.data?.apply === "string") {
        turn = event.data.turn ?? turn;
        apply(event.data.apply, { silent: true, move: true });
      }
    });

    /** All is on the screen: the host may now start its own scripts. */
    function ready() {
      document.documentElement.dataset.painted = "true";
      post("ready", { view: pm.view.toQuery(view), ignored });
    }

    /** Build what stands beside the map, once that is on the screen. Its place is kept from the start: nothing shifts. */
    function complete() {
      performance.mark("provence-painted");
      whole = true;
      buildWords();
      showBeside(null);
      parts.map.rename();
      parts.notice.ignored(ignored, config.relief);
      pm.keys.bind({ $, on, parts, narrow, toggleSheet, closePanels, closeCard });
      frames(2, ready);
    }

    document.documentElement.dataset.theme = themeOf(view);
    name();
    drawCard();
    show(null, null);
    parts.siting?.update(view);
    parts.beside?.update(view);
    pm.apply = (next) => apply(next, { move: true });
    pm.current = () => pm.view.toQuery(view);
    pm.onMap = parts.map.onMap;
    pm.waiting = () => parts.map.drapes?.waiting() ?? 0;
    pm.model.live = model;
    // The third frame begins once the first is on the screen. What nobody sees is built at once: it has no frames.
    if (document.hidden) complete();
    else frames(3, complete);
  }
})((globalThis.provence ??= {}));
