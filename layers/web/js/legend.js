// The key: sizes, statuses and signs of the themes that are on. Folds to a button where room is scarce or the reader wishes, and remembers that.
(function (pm) {
  "use strict";
  const { h, s, fill } = pm.dom;
  const SIZES = [1e5, 1e6, 6.5e6];
  const MOST_LAID = 2;

  /** @param {HTMLElement} root @param {any} context {model, draw, config} */
  function create(root, context) {
    const { model, draw, config } = context;
    // What the reader chose; until then the key gives way where room is scarce.
    let chosen = null;
    let crowded = false;
    let last = null;

    function sizes() {
      let x = 2;
      const largest = model.radius(SIZES[2]);
      const parts = SIZES.map((tonnes) => {
        const r = model.radius(tonnes);
        const label = tonnes === SIZES[2] ? `${pm.text.number(6.5, 1)} Mt` : pm.text.number(tonnes / 1e6, tonnes < 1e6 ? 1 : 0);
        const part = [s("circle", { cx: x + r, cy: 2 * largest + 1 - r, r, fill: "none", stroke: "var(--ink2)", "stroke-width": 1.3 }), s("text", { x: x + 2 * r + 6, y: 2 * largest - 1 }, label)];
        x += 2 * r + 12 + label.length * 6.5 + 8;
        return part;
      });
      return s("svg", { width: x, height: 2 * largest + 3, role: "img", "aria-label": pm.text.t("key.sizes_said"), class: "sizes" }, parts);
    }

    function build(view) {
      const laid = pm.view.DRAPES.filter((layer) => view.layers.includes(layer) && model.items[layer].length);
      // The key of many areas and lines would hide a third of them.
      const folded = chosen ?? (crowded || laid.length > MOST_LAID);
      const parts = [];
      if (view.layers.includes("industry")) {
        parts.push(h("div", null, h("h2", null, pm.text.t("key.sizes", { year: pm.view.verified(view) })), sizes(),
          h("ul.signs", null, sign(draw.circle("other", 5, { approximate: true, ring: true }), "key.approximate"), sign(draw.circle("other", 5, { closed: true }), "site_status.closed"), config.beside?.industry ? sign(pm.clusters.swatch(), "cluster.several") : null)));
      }
      if (view.layers.includes("decarbonation")) {
        parts.push(h("div", null, h("h2", null, pm.text.t("key.statuses")), h("ul.signs", null, config.style.statuses.map((status) => sign(draw.shape("h2", status.id, 16), `status.${status.id}`)), sign(h("span.stack.still", null, "3"), "key.stack"))));
      }
      parts.push(...laid.map(draped));
      if (view.siting) parts.push(h("div", null, h("h2", null, pm.text.t("where.key")), pm.sitingMap.key()));
      if (view.relief) parts.push(pm.relief.key(config.relief));
      const fold = h("button.fold-key", { type: "button", "aria-expanded": String(!folded), "aria-label": pm.text.t(folded ? "key.show" : "key.hide"), title: pm.text.t(folded ? "key.show" : "key.hide") }, pm.icons.icon(folded ? "key" : "down", 18));
      fold.addEventListener("click", () => {
        chosen = !folded;
        build(last);
        root.querySelector("button")?.focus();
      });
      root.classList.toggle("folded", folded);
      root.hidden = !parts.length;
      root.setAttribute("aria-label", pm.text.t("key.title"));
      fill(root, fold, folded ? null : parts);
    }

    /** The classes of an area or line that the document holds. */
    function draped(layer) {
      const { areas, lines, texts } = config.style.drapes;
      const there = new Set(model.items[layer].map((item) => item.class));
      const coarse = pm.drapeCards.coarse(layer, "short");
      return h("div.draped", null, h("h2", null, pm.text.t(`layer.${layer}`)), coarse ? h("p.said", null, coarse) : null, h("ul.signs", null, (areas[layer] || lines[layer]).filter((style) => there.has(style.id)).map((style) => sign(pm.drapePens.swatch(style, 20, 27), `drape.${texts[layer]}_${style.id}`))));
    }

    const sign = (drawing, key) => h("li", null, h("span.sign", null, drawing), h("span", null, pm.text.t(key)));

    function update(view, previous) {
      last = view;
      const seen = (one) => [one.layers.join(), one.year, Boolean(one.siting), one.relief].join("|");
      if (!previous || seen(previous) !== seen(view)) build(view);
    }

    return { update, build: () => last && build(last), crowd: (state) => {
      if (state === crowded) return;
      crowded = state;
      if (last) build(last);
    } };
  }

  pm.legend = { create };
})((globalThis.provence ??= {}));
