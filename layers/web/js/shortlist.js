// The shortlist: what was kept, in the reader's own order, and the documents made of it.
(function (pm) {
  "use strict";
  const { h } = pm.dom;

  /** The list after one member moved up (-1) or down (1). @param {string[]} keys @param {string} key @param {number} by */
  function moved(keys, key, by) {
    const at = keys.indexOf(key);
    const to = Math.max(0, Math.min(keys.length - 1, at + by));
    const next = keys.filter((other) => other !== key);
    next.splice(to, 0, key);
    return next;
  }

  /** @param {any} context {model, on, server, share} */
  function create(context) {
    const { model, on, server } = context;
    const { t, count } = pm.text;
    let working = "";
    let failed = "";

    function row(key, i, keys) {
      const item = model.byKey.get(key);
      const move = (name, by, off) => h("button.tool", { type: "button", id: `keep-${name}-${i}`, disabled: off, "aria-label": t(`shortlist.${name}`, { name: item.name }), title: t(`shortlist.${name}`, { name: item.name }), onclick: () => {
        on.change({ keep: moved(on.view().keep, key, by) });
        document.getElementById(`keep-${name}-${i + by}`)?.focus();
      } }, pm.icons.icon(by < 0 ? "up" : "down", 18));
      return h("li", null, h("span.rank", { "aria-hidden": "true" }, pm.text.number(i + 1)), h("button.item", { type: "button", onclick: () => on.select(key) }, model.symbol(item, 20), h("span", null, h("b", { lang: "fr" }, item.name), h("small", null, model.tagline(item, on.year())))),
        move("up", -1, i === 0), move("down", 1, i === keys.length - 1),
        h("button.tool", { type: "button", "aria-label": t("shortlist.remove", { name: item.name }), title: t("shortlist.remove", { name: item.name }), onclick: () => on.keep(key) }, pm.icons.icon("trash", 18)));
    }

    /** Make a document on the server, and say how it went. */
    async function make(kind) {
      const view = on.view();
      working = kind;
      failed = "";
      on.redraw();
      try {
        const query = pm.view.toQuery({ ...view, language: pm.text.language });
        const name = await server.save(server.url(kind === "brief" ? "brief.pdf" : "table.xlsx", { address: context.share.address(view) }, query), `provence-map-${kind}`);
        on.say("made", t("shortlist.made", { name }));
      } catch (error) {
        failed = error.message;
      }
      working = "";
      on.redraw();
    }

    function documents() {
      if (!server.available) return h("p.said", null, t("shortlist.no_server"));
      return [h("button.button.primary", { type: "button", id: "make-brief", disabled: working === "brief", onclick: () => make("brief") }, pm.icons.icon("download", 18), t(working === "brief" ? "shortlist.making" : "shortlist.brief")),
        failed ? h("div.failed", { role: "alert" }, h("b", null, t("shortlist.failed")), h("p", null, failed)) : null, h("p.said", null, t("shortlist.brief_what"))];
    }

    /** @param {any} view */
    function content(view) {
      const keys = view.keep.filter((key) => model.byKey.has(key));
      const head = h("div.card-head", null, h("div.over", null, pm.icons.icon("keep", 18), h("span", null, t("shortlist.over"))), h("h2", { tabindex: "-1", id: "card-title" }, t("shortlist.title")), h("p", null, keys.length ? count("shortlist.count", keys.length) : t("shortlist.empty")));
      if (!keys.length) return [head, h("section.sec", null, h("p", null, t("shortlist.how")))];
      const compare = pm.view.COMPARED.map((kind) => ({ kind, same: keys.filter((key) => key.startsWith(`${kind}:`)).slice(0, pm.view.MOST_COMPARED) })).filter(({ same }) => same.length > 1);
      return [head, h("section.sec", null, h("ol.kept", null, keys.map(row)),
        h("div.actions", null, compare.map(({ kind, same }) => h("button.button", { type: "button", onclick: () => on.change({ compare: same, panel: "compare", selection: null }, { push: true }) }, pm.icons.icon("compare", 18), t(`shortlist.compare_${kind}`, { n: pm.text.number(same.length) }))),
          h("button.button", { type: "button", onclick: () => on.share() }, pm.icons.icon("share", 18), t("shortlist.share")),
          h("button.link", { type: "button", onclick: () => on.change({ keep: [] }, { push: true }) }, t("shortlist.clear")))),
      pm.site ? null : h("section.sec", null, h("h3", null, t("shortlist.documents")), documents())];
    }

    return { content };
  }

  pm.shortlist = { create, moved };
})((globalThis.provence ??= {}));
