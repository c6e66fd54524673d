// The key of a scene: only what its map shows, at the size it has there.
(function (pm) {
  "use strict";
  const { h, s } = pm.dom;
  const SIZES = [1e5, 1e6, 5e6];
  // Symbols of a scene beside those of Explore, where a slide is 1,080 high; the map's own word goes first.
  const FACTOR = 1.6;
  const SHAPE = 32;
  const MOST = 8;
  // The map shows more than the extent of its View: so much of it on each side.
  const AROUND = 0.2;

  /** @param {any} context {config, model, draw} */
  function create({ config, model, draw }) {
    const factor = () => config.style.size.factor * (pm.scenery?.FACTOR ?? FACTOR);

    /** Circles of three sizes on one line, each with what it stands for. */
    function sizes(year) {
      const largest = model.radius(SIZES[2], factor());
      let x = 2;
      const marks = SIZES.map((tonnes) => {
        const r = model.radius(tonnes, factor());
        const text = tonnes === SIZES[2] ? `${pm.text.number(tonnes / 1e6)}\u00a0Mt` : pm.text.plain(tonnes / 1e6, 1);
        const at = x;
        x += 2 * r + 12 + text.length * 13 + 20;
        return [s("circle", { cx: at + r, cy: 2 * largest + 2 - r, r }), s("text", { x: at + 2 * r + 10, y: 2 * largest }, text)];
      });
      const svg = s("svg", { viewBox: `0 0 ${x - 16} ${2 * largest + 5}`, style: `width:calc(var(--k)*${x - 16}px)`, "aria-hidden": "true" }, marks);
      return h("li.sizes", null, h("span", null, pm.text.t("key.sizes", { year })), svg);
    }

    const one = (drawing, text) => h("li", null, h("span.sign", { "aria-hidden": "true" }, drawing), h("span", null, text));

    /** Statuses, most certain first, of the projects on the map. */
    function statuses(projects) {
      const shown = new Set(projects.map((item) => item.status));
      return config.style.statuses.filter(({ id }) => shown.has(id)).map(({ id }) => one(draw.shape("h2", id, SHAPE), pm.text.t(`status.${id}`)));
    }

    /** What of a layer can be seen: within the extent of the View, or a little beside it. */
    function seen(layer, view) {
      const [west, south, east, north] = view.bounds || [-180, -90, 180, 90];
      const [dx, dy] = [(east - west) * AROUND, (north - south) * AROUND];
      return model.visible(layer, view).filter(({ lon, lat }) => lon >= west - dx && lon <= east + dx && lat >= south - dy && lat <= north + dy);
    }

    /** Signs of access, places and ideas on the map. */
    function signs(at) {
      const found = [];
      for (const layer of ["ports", "stations", "airports"]) {
        if (seen(layer, at).length) found.push(one(h("span.chip-sign", null, pm.icons.icon(layer, 24)), pm.text.t(`layer.${layer}`)));
      }
      const classes = new Set(seen("places", at).map((item) => item.class));
      for (const name of config.style.places) if (classes.has(name)) found.push(one(h("span.chip-sign", null, pm.icons.icon(name, 24)), pm.text.t(`place.${name}`)));
      if (seen("perceptions", at).length) found.push(one(h("span.bubble-sign", null, "1"), pm.text.t("layer.perceptions")));
      return found;
    }

    /**
     * The key of a View in a year, or null where nothing needs one. @param {any} at a View @param {number | null} year
     * @returns {HTMLElement | null}
     */
    function build(at, year) {
      const view = { ...at, year: year ?? at.year };
      const projects = seen("decarbonation", view);
      const emits = seen("industry", view).some((site) => model.co2(site, pm.view.verified(view)) !== null);
      const items = [...statuses(projects), ...(projects.length > 1 ? [one(h("span.stack-sign", null, "2"), pm.text.t("key.stack"))] : []), ...signs(view)].slice(0, MOST);
      if (emits) items.unshift(sizes(pm.view.verified(view)));
      return items.length ? h("ul.slide-key", { "aria-label": pm.text.t("key.title") }, items) : null;
    }

    return { build };
  }

  pm.slideKey = { create };
})((globalThis.provence ??= {}));
