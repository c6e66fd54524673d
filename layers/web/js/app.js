// The document as a whole: one View, one entry `apply(view)`, and messages to whoever hosts it.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  // The widths at which the style sheet turns panels into sheets, and docks the card beside the map.
  const PHONE_PX = 700;
  const NARROW_PX = 900;
  const DOCKED_PX = 1200;
  const PHONE_FACTOR = 0.65;
  const hosted = window.parent !== window;

  /** Start on the map that folium made. @param {any} map Leaflet map */
  pm.start = function (map) {
    const config = JSON.parse(document.getElementById("provence-config").textContent);
    pm.text.load(config.texts);
    const $ = (id) => document.getElementById(id);
    const parts = {};
    let moves = false;
    // Of the host's last word; it comes back with each message, so that the host can tell what was said before it.
    let turn = 0;
    let about = null;
    let listed = null;
    let stop = "half";

    const read = pm.view.fromQuery((location.hash.length > 1 ? location.hash.slice(1) : config.query) || "");
    let view = read.view;
    const darkScheme = matchMedia("(prefers-color-scheme: dark)");
    const languageOf = (v) => v.language || (navigator.language.toLowerCase().startsWith("fr") ? "fr" : "en");
    const themeOf = (v) => v.theme || (darkScheme.matches ? "dark" : "light");
    pm.text.set(languageOf(view));

    const draw = pm.icons.symbols(config.style);
    const phone = () => window.innerWidth < PHONE_PX;
    const narrow = () => window.innerWidth < NARROW_PX;
    // At the scale of a phone the whole metropolis is three times smaller: so are its circles, key included.
    if (phone()) config.style.size.factor *= PHONE_FACTOR;
    const model = pm.describe.extend(pm.model.create(pm.layers, config), config, draw);

    const on = {
      view: () => view,
      year: () => pm.view.verified(view),
      change: (changes) => apply({ ...view, ...changes }, { push: "language" in changes }),
      select(key) {
        const before = view.selection;
        about = listed = null;
        if (narrow()) closePanels();
        apply({ ...view, selection: key }, { push: key !== view.selection });
        // The same again, chosen from a list that lay over its card.
        if (key && key === before) drawCard();
        if (key) focusCard();
      },
      found(key) {
        const item = model.byKey.get(key);
        const shown = view.layers.includes(item.layer) ? {} : { layers: [...view.layers, item.layer] };
        const hidden = view.hidden.filter((name) => name !== `${item.layer}.${model.classOf(item)}`);
        apply({ ...view, ...shown, hidden }, {});
        on.select(key);
      },
      about(row) {
        const family = [...config.families.industry, ...config.families.decarbonation].find((f) => f.id === row.name);
        about = { ...row, members: family?.members };
        drawCard();
        focusCard();
      },
      list(items) {
        listed = items;
        drawCard();
      },
      /** Every card of a layer as a list, for what has no place on the map. */
      cards(layer) {
        about = null;
        if (narrow()) closePanels();
        on.list(model.items[layer]);
        focusCard();
      },
      reset: () => apply({ ...pm.view.fresh(), language: view.language, theme: view.theme, selection: view.selection, bounds: view.bounds }, { push: true }),
      home() {
        apply({ ...view, bounds: null }, {});
        parts.map.goHome();
      },
      viewport(bounds) {
        if (!bounds) return;
        const edges = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((value) => Number(value.toFixed(5)));
        apply({ ...view, bounds: edges }, {});
      },
      close: () => toggleTable(false),
    };

    /** What floats over the map, in its own px: names keep clear of it. */
    function overlays() {
      const origin = $("stage").getBoundingClientRect();
      return [$("key"), $("controls"), $("themes")].filter((node) => !node.hidden && node.offsetWidth).map((node) => {
        const box = node.getBoundingClientRect();
        return { left: box.left - origin.left, right: box.right - origin.left, top: box.top - origin.top, bottom: box.bottom - origin.top };
      });
    }

    /** How much of the map the page hides at each edge, in px. */
    function covered() {
      const card = $("card").hidden ? null : $("card");
      if (narrow()) return { top: 116, right: 0, bottom: card ? card.offsetHeight : 0 };
      return { top: 0, bottom: 0, right: card && window.innerWidth < DOCKED_PX ? card.offsetWidth : 0 };
    }

    const context = { overlays, model, draw, config, style: config.style, on, covered, get moves() { return moves; } };
    parts.header = pm.header.create($("header"), context);
    parts.search = pm.search.create($("searchbox"), context);
    parts.tree = pm.tree.create($("tree"), context);
    parts.legend = pm.legend.create($("key"), context);
    parts.table = pm.table.create($("table"), context);
    parts.cards = pm.cards.create(context);
    parts.map = pm.map.create(map, context);

    /** Everything whose words change with the language. */
    function buildWords() {
      const { t } = pm.text;
      model.relanguage();
      document.documentElement.lang = pm.text.language;
      document.title = `${t("document.title")} – Provence Map`;
      parts.header.build(themeOf(view));
      parts.search.build();
      parts.tree.build();
      parts.legend.build();
      fill($("skip"), t("document.skip_map"));
      fill($("skip-table"), t("document.skip_table"));
      fill($("foot"), h("button.link", { type: "button", id: "open-table", "aria-expanded": "false", onclick: () => toggleTable() }, pm.icons.icon("table", 17), t("table.open")), h("span", null, t("tree.data_to", { years: config.data_years })));
      const zoom = (name, icon, action) => h("button", { type: "button", "aria-label": t(name), title: t(name), onclick: action }, pm.icons.icon(icon));
      fill($("controls"), h("div.zoom", null, zoom("map.zoom_in", "plus", () => parts.map.zoom(1)), zoom("map.zoom_out", "minus", () => parts.map.zoom(-1))), h("div", null, zoom("map.home", "home", () => on.home())),
        h("div.phone", null, zoom("tree.layers", "layers", () => togglePanel())), h("div.phone", null, zoom("table.open", "table", () => toggleTable())));
      drawThemes();
      fill($("attribution"), t("map.attribution"));
      fill($("close-panel"), pm.icons.icon("close"));
      $("close-panel").setAttribute("aria-label", t("tree.close"));
      $("panel").setAttribute("aria-label", t("tree.layers"));
      if (!$("table").hidden) parts.table.build(view);
    }

    const drawThemes = () => fill($("themes"), ["industry", "decarbonation", "life", "access", "story"].map(themeChip));

    function themeChip(id) {
      const group = pm.tree.groups(config.style, config.included).find((candidate) => candidate.id === id);
      if (!group) return null;
      const on_ = group.rows.some((row) => pm.tree.isOn(row, view));
      const symbol = id === "industry" ? draw.badge("metal", 20) : id === "decarbonation" ? draw.shape("h2", "operating", 20) : pm.icons.icon({ access: "ports", life: "university", story: "perceptions" }[id], 20);
      return h("button", { type: "button", "aria-pressed": String(on_), onclick: () => on.change(pm.tree.toggleGroup(group, view)) }, symbol, pm.text.t(`group.${id}`));
    }

    function drawCard() {
      const item = view.selection ? model.byKey.get(view.selection) : null;
      const content = about ? parts.cards.about(about) : listed ? parts.cards.list(listed) : item ? parts.cards.of(item) : null;
      const card = $("card");
      const was = card.hidden;
      card.hidden = !content;
      card.dataset.kind = about ? "about" : item?.kind || "";
      card.dataset.stop = stop;
      document.body.classList.toggle("with-card", Boolean(content));
      document.body.classList.toggle("with-pole", card.dataset.kind === "pole");
      if (content) {
        const grip = h("div.grip", null, h("button", { type: "button", "aria-label": pm.text.t(stop === "full" ? "card.smaller" : "card.larger"), onclick: () => { stop = stop === "half" ? "full" : "half"; drawCard(); } }));
        fill(card, grip, h("button.close.tool", { type: "button", "aria-label": pm.text.t("card.close"), title: pm.text.t("card.close"), onclick: closeCard }, pm.icons.icon("close")), h("div.card-body", null, content));
        card.setAttribute("aria-labelledby", "card-title");
        card.querySelector(".card-body").scrollTop = 0;
      }
      if (was !== card.hidden || content) parts.map.resize();
    }

    function focusCard() {
      if (!$("card").hidden) document.getElementById("card-title")?.focus({ preventScroll: true });
    }

    function closeCard() {
      if (about || listed) {
        about = listed = null;
        drawCard();
        return;
      }
      on.select(null);
      parts.map.focus();
    }

    function togglePanel(open = !document.body.classList.contains("with-panel")) {
      document.body.classList.toggle("with-panel", open);
      if (open) $("close-panel").focus();
    }

    function toggleTable(open = $("table").hidden) {
      $("table").hidden = !open;
      document.body.classList.toggle("with-table", Boolean(open));
      $("open-table")?.setAttribute("aria-expanded", String(open));
      if (open) {
        if (narrow()) togglePanel(false);
        parts.table.build(view);
        $("table-title").focus();
      } else {
        fill($("table"));
        parts.map.focus();
      }
    }

    function closePanels() {
      togglePanel(false);
      if (!$("table").hidden) toggleTable(false);
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
      view = typeof next === "string" ? pm.view.fromQuery(next).view : next;
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
      if (words) {
        buildWords();
        parts.map.relabel();
      } else if (themeOf(view) !== themeOf(previous)) parts.header.build(themeOf(view));
      if (view.selection !== previous.selection) about = listed = null;
      const sameCard = view.selection === previous.selection && view.year === previous.year && !words;
      if (!sameCard) drawCard();
      parts.tree.update(view);
      parts.legend.update(view, words ? null : previous);
      parts.map.update(view, previous);
      parts.table.update(view, previous);
      if (String(view.layers) !== String(previous.layers) || String(view.hidden) !== String(previous.hidden)) drawThemes();
      moves = false;
    }

    function keys(event) {
      const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox";
      if (event.key === "Escape") {
        if (!$("table").hidden) toggleTable(false);
        else if (document.body.classList.contains("with-panel")) togglePanel(false);
        else if (parts.map.closeSpread()) return;
        else if (!$("card").hidden) closeCard();
        return;
      }
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      const actions = { "/": () => { if (narrow()) closePanels(); parts.search.focus(); }, t: () => toggleTable(), l: () => (narrow() ? togglePanel() : $("tree").querySelector("input")?.focus()), 0: () => on.home(), n: () => parts.map.step(1), p: () => parts.map.step(-1) };
      const action = actions[event.key.toLowerCase()];
      if (!action) return;
      event.preventDefault();
      action();
    }

    document.addEventListener("keydown", keys);
    $("skip").addEventListener("click", (event) => { event.preventDefault(); parts.map.focus(); });
    $("skip-table").addEventListener("click", (event) => { event.preventDefault(); toggleTable(true); });
    $("close-panel").addEventListener("click", () => togglePanel(false));
    darkScheme.addEventListener("change", () => apply({ ...view }, { silent: true }));
    window.addEventListener("resize", () => parts.map.resize());
    window.addEventListener("hashchange", () => { if (!hosted) apply(location.hash.slice(1), { silent: true, move: true }); });
    window.addEventListener("message", (event) => {
      if (event.source === window.parent && event.origin === location.origin && typeof event.data?.apply === "string") {
        turn = event.data.turn ?? turn;
        apply(event.data.apply, { silent: true, move: true });
      }
    });

    document.documentElement.dataset.theme = themeOf(view);
    if (phone()) parts.legend.fold(true);
    drawCard();
    // The map comes last: it measures the room it has, and whatever is built after that is laid out a second time.
    buildWords();
    parts.tree.update(view);
    parts.legend.update(view, null);
    parts.map.update(view, null);
    pm.apply = (next) => apply(next, { move: true });
    pm.current = () => pm.view.toQuery(view);
    pm.model.live = model;
    // Two frames later the first picture is on the screen: the host may now start its own scripts.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      performance.mark("provence-painted");
      document.documentElement.dataset.painted = "true";
      post("ready", { view: pm.view.toQuery(view), ignored: read.ignored });
    }));
  };
})((globalThis.provence ??= {}));
