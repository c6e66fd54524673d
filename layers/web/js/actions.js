// What a reader does with something that was found: show it, compare it, keep it, look around it.
(function (pm) {
  "use strict";
  const FIRST_KM = 5;

  /**
   * Steps that change the View in several places at once.
   * @param {any} page {model, config, parts, on, apply, beside, pass, narrow, closePanels, context}: the document as app.js makes it
   */
  function create({ model, config, parts, on, apply, beside, pass, narrow, closePanels, context }) {
    /** Show what was searched for, and open its card. @param {string} key */
    function found(key) {
      const view = on.view();
      const item = model.byKey.get(key);
      const there = view.layers.includes(item.layer);
      const shown = there ? {} : { layers: [...view.layers, item.layer] };
      const own = `${item.layer}.${model.classOf(item)}`;
      // A layer that was off comes with the class of what was searched for, not with all of its classes.
      const others = there ? [] : pm.tree.groups(config.style, config.included).flatMap((group) => group.rows).filter((row) => row.layer === item.layer && row.name).map((row) => `${row.layer}.${row.name}`);
      const hidden = [...new Set([...view.hidden, ...others])].filter((name) => name !== own);
      // What was searched for is wanted, whatever the filters say.
      const free = model.passes(item, view) && model.timely(item, view) ? {} : { filters: {}, ranges: {}, year: null };
      apply({ ...view, ...shown, hidden, ...free }, {});
      on.select(key);
    }

    function company(name, items) {
      const view = on.view();
      const layers = [...new Set([...view.layers, ...items.map((item) => item.layer)])];
      if (layers.length > view.layers.length) apply({ ...view, layers }, { push: true });
      pass("company", () => pm.company.content(name, items, context()));
    }

    /** Put a site or commune on the grid or take it off; null opens the grid of the three poles. @param {string | null} key */
    function compare(key) {
      if (key === null) return beside({ compare: [], panel: "compare" });
      const { compare: held } = on.view();
      const same = held.filter((other) => other.startsWith(`${key.split(":")[0]}:`));
      if (held.includes(key)) return on.change({ compare: held.filter((other) => other !== key) }, { push: true });
      if (same.length >= pm.view.MOST_COMPARED) return on.say("compare", pm.text.t("action.compare_full", { n: pm.view.MOST_COMPARED }));
      return beside({ compare: [...same, key], panel: "compare" });
    }

    /** Put something on the shortlist or take it off. @param {string} key */
    function keep(key) {
      const { t } = pm.text;
      const { keep: held } = on.view();
      if (held.includes(key)) {
        on.change({ keep: held.filter((other) => other !== key) });
        return on.say("keep", t("action.unkept", { name: model.byKey.get(key).name }));
      }
      if (held.length >= pm.view.MOST_KEPT) return on.say("keep", t("action.keep_full", { n: pm.view.MOST_KEPT }));
      on.change({ keep: [...held, key] });
      return on.say("keep", t("action.kept", { name: model.byKey.get(key).name }), { action: { text: t("action.see_shortlist"), run: () => on.panel("shortlist") } });
    }

    /** Choose an area; around a feature its circle is taken at once. @param {any} [item] */
    function around(item) {
      if (pm.site) return undefined;
      const view = on.view();
      parts.around.start();
      if (narrow()) closePanels();
      if (item) return beside({ area: [item.lon, item.lat, FIRST_KM], panel: null });
      if (view.area.length && !view.selection && !view.panel) return on.change({ area: [] }, { push: true });
      if (view.area.length) apply({ ...on.view(), selection: null, panel: null }, { push: true });
      return pass("area", () => parts.around.content(on.view()));
    }

    return { found, company, compare, keep, around };
  }

  pm.actions = { create };
})((globalThis.provence ??= {}));
