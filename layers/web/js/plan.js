// The Plan page: which layers, where, in which system and format, seen before anything is written; then the export.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const KEPT_AS = "provence-map-plan";
  const SAVED_AS = "provence-map-exports";
  const ASK_MS = 200;
  const MOST_TOLD = 200;

  /** @param {Storage} store @param {string} name */
  function read(store, name) {
    try {
      return JSON.parse(store.getItem(name) || "null");
    } catch {
      return null;
    }
  }

  /** @param {Storage} store @param {string} name @param {any} value @returns {boolean} whether the browser keeps it */
  function write(store, name, value) {
    try {
      store.setItem(name, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  }

  /** Start the page. @param {{config: any, map: any}} given map: the Leaflet map that folium made */
  function start({ config, map }) {
    const { t } = pm.text;
    const $ = (id) => document.getElementById(id);
    const offer = config.plan;
    const draw = pm.icons.symbols(config.style);
    const model = pm.describe.extend(pm.model.create(pm.layers, config), config, draw);
    const server = pm.server.create(config);
    const asked = pm.view.fromQuery(location.search).view.language;
    let plan = known(pm.plan.revive(read(sessionStorage, KEPT_AS), offer)) || pm.plan.fresh(offer, asked || (navigator.language.toLowerCase().startsWith("fr") ? "fr" : "en"));
    /** What the server found of a choice: {answer, failed, of: its query}. @type {any} */
    let found = { answer: null, failed: "", of: "" };
    let sign = "";
    let timer = 0;
    let systems = null;

    const notice = pm.notice.create($("notices"));
    const root = h("main", { id: "plan" });
    const foot = h("div.go");
    const on = {
      /** @param {Partial<any>} changes @param {{quiet?: boolean}} [options] quiet: what is being typed in is not drawn anew */
      change(changes, { quiet = false } = {}) {
        plan = { ...plan, ...changes };
        write(sessionStorage, KEPT_AS, plan);
        if (!quiet) form.build();
        if (changes.area || changes.drawn) preview.area(changes);
        refresh();
      },
      say: (id, text) => notice.say(id, text, { tone: "warn" }),
      tell: (id, text) => notice.say(id, text),
    };
    const sheets = offer.sheet ? offer.sheet.files : [];
    const context = {
      offer, model, server, on, sheets, config,
      plan: () => plan,
      found: () => found,
      filters: pm.filters.create({ model, draw, config, on: { view: () => pm.view.fresh(), change: () => {} } }),
      explore: () => page.explore(plan.taken),
      draw: () => preview.drawing(),
      systems: () => (systems ??= server.ask(server.url("plan/systems.json")).then((answer) => answer.json()).catch((error) => { systems = null; throw error; })),
      sheetValues: () => ({ choice: pm.plan.query(plan), ...sheetOf(plan) }),
      title: () => plan.sheet.title || t("plan.title_own"),
      why: () => Object.values(found.answer?.faults || {}).flat()[0]?.[pm.text.language] || why() || t("plan.waiting_for_count"),
      closed: () => $("export")?.focus(),
    };
    const form = pm.planForm.create(context);
    const preview = pm.planPreview.create(context, pm.planDraw.create(map, context));
    const jobs = pm.planJobs.create(context);
    const page = pm.page.create({ config, id: "plan", root, model, skip: () => t("plan.skip"), handed: () => plan.taken, header: { saved: showSaved }, draw: build });

    const sheetOf = ({ sheet }) => Object.fromEntries(Object.entries({ title: sheet.title, paper: sheet.size, orientation: sheet.orientation, scale: sheet.scale }).filter(([, value]) => value));

    /** A plan without places that are gone, which no box of the form could take off. @param {any} one */
    function known(one) {
      const there = (kind) => (id) => model.byKey.has(`${kind}:${id}`);
      return one && { ...one, poles: one.poles.filter(there("pole")), communes: one.communes.filter(there("commune")) };
    }

    /** The first thing that keeps an export from being made, in words; "" when nothing does. */
    function why() {
      const lacking = pm.plan.missing(plan);
      if (lacking) return t(`plan.missing_${lacking}`);
      const step = ["layers", "area", "crs", "format"].find((id) => found.answer?.faults?.[id]?.length);
      return step ? t("plan.missing_step", { step: t(`plan.step_${step}`) }) : found.failed;
    }

    /** Everything whose words change with the language. */
    function build() {
      fill(root, h("h1.hidden", { tabindex: "-1", id: "plan-title" }, t("plan.h1")), h("div.plan-form", null, form.node, h("div.plan-foot", null, jobs.node, foot, jobs.heard)), preview.node);
      form.build();
      drawFoot();
      preview.build();
      jobs.draw();
      preview.ask();
    }

    function drawFoot() {
      const reason = why();
      const n = plan.formats.length;
      const rows = found.answer?.rows;
      const bytes = Object.values(found.answer?.bytes || {}).reduce((sum, value) => sum + value, 0);
      const size = bytes ? t("plan.about", { size: bytes >= 1e6 ? t("plan.mb", { n: pm.text.number(bytes / 1e6, bytes < 1e7 ? 1 : 0) }) : t("plan.kb", { n: pm.text.number(Math.ceil(bytes / 1e3)) }) }) : "";
      const said = reason || [rows === undefined ? "" : pm.text.count("plan.rows", rows), size].filter(Boolean).join(" · ");
      if (!foot.firstChild) fill(foot, h("div", { id: "go-said", role: "status" }), h("button.button.primary", { type: "button", id: "export", "aria-describedby": "go-said", onclick: run }, pm.icons.icon("download", 18), h("span")));
      fill(foot.firstChild, h("b", null, `${pm.text.count("plan.layers", plan.layers.length)}, ${pm.text.count("plan.files", n)}`), h("span", { class: reason ? "lacking" : null }, said));
      const button = /** @type {HTMLElement} */ (foot.lastChild);
      fill(button.lastChild, t("plan.export"));
      // Reached by the keyboard all the same, so that the reason is read out.
      button.setAttribute("aria-disabled", String(Boolean(reason)));
      button.title = reason;
    }

    /** Ask the server what the choice would hold, a moment after the last change. */
    function refresh() {
      drawFoot();
      clearTimeout(timer);
      timer = window.setTimeout(ask, ASK_MS);
    }

    async function ask() {
      const lacking = pm.plan.missing({ ...plan, formats: ["gpkg"] });
      const query = lacking ? "" : server.url("plan/preview.json", { choice: pm.plan.query(plan), formats: plan.formats.join() });
      if (query === sign) return preview.ask();
      sign = query;
      const of = pm.plan.query(plan);
      if (!query) found = { answer: null, failed: "", of };
      else {
        try {
          const answer = await (await server.ask(query)).json();
          if (sign !== query) return undefined;
          found = { answer, failed: "", of };
        } catch (error) {
          if (sign !== query) return undefined;
          found = { answer: null, failed: error.message, of };
          // Asked again with the next change, whatever it is.
          sign = "";
        }
      }
      form.update();
      drawFoot();
      return preview.ask();
    }

    async function run() {
      if (why()) {
        const lacking = pm.plan.missing(plan) || "";
        const step = ["layers", "area", "crs", "format"].find((id) => lacking.startsWith(id) || found.answer?.faults?.[id]?.length) || "area";
        $(`step-${step}`)?.scrollIntoView({ block: "nearest" });
        return;
      }
      const saved = pm.plan.remember(pm.plan.revived(read(localStorage, SAVED_AS), offer), { plan, at: Date.now() });
      if (!write(localStorage, SAVED_AS, saved)) notice.say("saved", t("plan.not_saved"));
      await jobs.begin({ choice: pm.plan.query(plan), files: plan.formats, sheet: sheetOf(plan) });
    }

    const names = (one) => one.formats.map((id) => offer.formats.find((format) => format.id === id)?.title || t(pm.plan.SHEETS.includes(id) ? `plan.sheet_${id}` : `plan.${id}`)).join(", ");

    /** What was exported from this browser, to be run again. */
    function showSaved() {
      const list = h("ul.saved-list");
      const rows = () => pm.plan.revived(read(localStorage, SAVED_AS), offer);
      const put = (one) => { dialog.close(null); plan = known(one.plan); write(sessionStorage, KEPT_AS, plan); form.build(); preview.build(); refresh(); };
      const row = (one, i) => {
        const name = one.plan.layers.map((id) => t(`plan_layer.${id}`)).join(", ");
        return h("li", null, h("div", null, h("b", null, name), h("span.said", null, [placeOf(one.plan), `EPSG:${one.plan.crs}`, names(one.plan), pm.text.date(new Date(one.at).toISOString().slice(0, 10))].join(" · "))),
          h("div.actions", null, h("button.button", { type: "button", id: `saved-use-${i}`, onclick: () => put(one) }, t("plan.saved_use")), h("button.button.primary", { type: "button", id: `saved-run-${i}`, onclick: async () => { put(one); clearTimeout(timer); await ask(); await run(); } }, t("plan.saved_run")),
            h("button.tool", { type: "button", "aria-label": t("plan.saved_drop", { name }), title: t("plan.remove"), onclick: () => { write(localStorage, SAVED_AS, rows().filter((_, at) => at !== i)); show(); } }, pm.icons.icon("trash", 18))));
      };
      function show() {
        const all = rows();
        fill(list, all.length ? all.map(row) : h("li.quiet", null, t("plan.saved_none")));
      }
      show();
      const dialog = pm.pick.open(t("plan.saved"), [h("p", null, t("plan.saved_what")), list], () => {}, "saved");
    }

    function placeOf(one) {
      if (one.area === "pole") return one.poles.map((id) => model.poleName(id)).join(", ");
      if (one.area === "communes") return pm.text.count("plan.communes", one.communes.length);
      return t(`plan.area_${one.area}`);
    }

    /** Take what a link brings. @returns {string[]} what of it cannot be read */
    function arrive() {
      const handed = page.brought().get("take");
      const [asked_, brought] = [location.search, handed || ""].map((query) => pm.view.fromQuery(query));
      const known = model.known(brought.view);
      if (handed !== null) {
        plan = pm.plan.take(plan, pm.view.toQuery(known.view));
        write(sessionStorage, KEPT_AS, plan);
      }
      return [...asked_.ignored, ...brought.ignored, ...known.ignored];
    }

    /** @param {string[]} ignored parts of a link */
    function tell(ignored) {
      const parts = ignored.join(", ");
      if (parts) notice.say("ignored", t("notice.ignored"), { sticky: true, tone: "warn", detail: t("plan.ignored_more", { parts: parts.length > MOST_TOLD ? `${parts.slice(0, MOST_TOLD)}…` : parts }) });
    }

    const ignored = arrive();
    page.open();
    tell(ignored);
    ask();
    jobs.resume();
    window.addEventListener("hashchange", () => { const parts = arrive(); page.build(); tell(parts); ask(); });
    page.painted();
  }

  Object.assign(pm.plan, { start });
})((globalThis.provence ??= {}));
