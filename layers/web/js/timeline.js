// The year bar: measured to the last verified year, announced after it. Suspended projects are never counted as coming.
(function (pm) {
  "use strict";
  const { h, s, fill } = pm.dom;
  const STEP_MS = 750;
  const WIDTH = 620;
  const HEIGHT = 50;
  const MOST_BLOCKS = 9;

  /**
   * Verified tonnes of each year, and projects by year of start after the last of them.
   * @param {any} model @param {any} view @param {{first_year: number}} config
   */
  function series(model, view, config) {
    const { lastYear, HORIZON } = pm.view;
    const pole = view.selection?.startsWith("pole:") ? view.selection.slice(5) : null;
    // The year itself does not choose what is summed over the years, nor does a range of one year's emissions.
    const still = { ...view, year: null };
    const sites = model.items.industry.filter((item) => (!pole || item.pole === pole) && model.passes(item, still, "co2"));
    const measured = [];
    for (let year = config.first_year; year <= lastYear; year++) {
      const values = sites.map((site) => model.co2(site, year)).filter((value) => value !== null);
      measured.push({ year, tonnes: values.reduce((sum, value) => sum + value, 0), sites: values.length });
    }
    const projects = model.items.decarbonation.filter((item) => (!pole || item.pole === pole) && model.passes(item, still, "start"));
    const coming = projects.filter((item) => item.status !== "suspended");
    const announced = [];
    for (let year = lastYear + 1; year <= HORIZON; year++) announced.push({ year, projects: coming.filter((item) => item.start === year) });
    const dated = (item) => item.start !== undefined && item.start !== null;
    return { measured, announced, undated: coming.filter((item) => !dated(item)).length, suspended: projects.length - coming.length, started: (year) => coming.filter((item) => dated(item) && item.start <= year).length, pole };
  }

  /** @param {HTMLElement} root @param {any} context {model, config, on} */
  function create(root, context) {
    const { model, config, on } = context;
    const { FIRST_YEAR, lastYear, HORIZON } = pm.view;
    const reduced = matchMedia("(prefers-reduced-motion: reduce)");
    const years = HORIZON - FIRST_YEAR + 1;
    const column = WIDTH / years;
    // Every fifth year that leaves the last verified one its room, and the present where that is not near.
    const TICKS = [FIRST_YEAR, 2010, 2015, 2020, 2026, 2030, HORIZON].filter((year) => Math.abs(year - lastYear) > 2).concat(lastYear).sort();
    let player = 0;
    let slider;
    let typed;
    let play;
    let all;
    let caption;
    let note;
    let drawing;
    let last = "";
    /** @type {any} */
    let found = null;

    const x = (year) => (year - FIRST_YEAR) * column;

    function build() {
      const { t } = pm.text;
      play = h("button.play", { type: "button", onclick: toggle });
      slider = /** @type {HTMLInputElement} */ (h("input.years", { type: "range", min: FIRST_YEAR, max: HORIZON, step: 1, "aria-label": t("time.label"), oninput: () => go(Number(slider.value)), onkeydown: keys }));
      typed = /** @type {HTMLInputElement} */ (h("input.year", { type: "text", inputmode: "numeric", maxlength: 4, "aria-label": t("time.typed", { first: FIRST_YEAR, last: HORIZON }), onchange: type }));
      all = h("button.chip-button", { type: "button", onclick: () => { stop(); on.change({ year: null }, { push: true }); } }, t("time.overview"));
      caption = h("p.time-said", { role: "status" });
      note = h("p.time-note");
      drawing = h("div.bars-box", { "aria-hidden": "true" });
      root.setAttribute("aria-label", t("time.title"));
      fill(root, h("div.time-left", null, play, h("div.time-year", null, typed, all)), h("div.time-main", null, h("div.time-head", null, caption, note), h("div.track", null, drawing, slider)));
      last = "";
    }

    /** Draw bars and blocks: only when what they count has changed. */
    function draw() {
      const top = Math.max(...found.measured.map(({ tonnes }) => tonnes), 1);
      const bars = found.measured.map(({ year, tonnes }) => s("rect", { x: x(year) + 1.5, width: column - 3, y: HEIGHT - Math.max(1, (tonnes / top) * (HEIGHT - 4)), height: Math.max(1, (tonnes / top) * (HEIGHT - 4)), rx: 2, class: "measured", "data-year": year }));
      const most = Math.max(...found.announced.map(({ projects }) => projects.length), MOST_BLOCKS);
      const step = (HEIGHT - 4) / most;
      const order = (item) => model.statusOrder.indexOf(item.status);
      const blocks = found.announced.flatMap(({ year, projects }) => [...projects].sort((a, b) => order(a) - order(b)).map((item, i) => s("rect", { x: x(year) + 3, width: column - 6, y: HEIGHT - (i + 1) * step, height: step - 1.5, class: `block ${item.status}`, "data-year": year })));
      const edge = x(lastYear + 1);
      fill(drawing, s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT + 18}`, preserveAspectRatio: "none", class: "bars-svg" }, s("line", { x1: edge, x2: edge, y1: 0, y2: HEIGHT + 2, class: "edge" }), bars, blocks), h("div.ticks", null, TICKS.map((year) => h("span", { style: `left:${((x(year) + column / 2) / WIDTH) * 100}%` }, String(year)))));
    }

    function go(year, options) {
      on.change({ year }, options);
    }

    function type() {
      const year = Number(typed.value);
      const good = /^\d{4}$/.test(typed.value.trim()) && year >= FIRST_YEAR && year <= HORIZON;
      typed.setAttribute("aria-invalid", String(!good));
      if (good) go(year, { push: true });
      else on.say("year", pm.text.t("time.wrong", { given: typed.value, first: FIRST_YEAR, last: HORIZON }));
    }

    /** One year back or on; the overview stands at the last verified year. */
    function step(by) {
      stop();
      move(by);
    }

    function move(by) {
      const now = on.view().year ?? (by > 0 ? lastYear : lastYear + 1);
      go(Math.min(HORIZON, Math.max(FIRST_YEAR, now + by)));
    }

    function keys(event) {
      if (event.key !== " ") return;
      event.preventDefault();
      toggle();
    }

    function toggle() {
      if (player) return stop();
      const { year } = on.view();
      // Without motion, each press is one step.
      if (reduced.matches) return year === null || year >= HORIZON ? go(FIRST_YEAR) : move(1);
      if (year === null || year >= HORIZON) go(FIRST_YEAR);
      player = window.setInterval(() => {
        if ((on.view().year ?? FIRST_YEAR) >= HORIZON) return stop();
        return move(1);
      }, STEP_MS);
      return update(on.view());
    }

    function stop() {
      if (!player) return;
      clearInterval(player);
      player = 0;
      update(on.view());
    }

    /** What the bar says of a year: measured, or announced and never more than that. */
    function words(view) {
      const { t, count } = pm.text;
      const year = view.year;
      const at = found.measured[pm.view.verified(view) - config.first_year];
      const none = () => (model.awaited("industry") ? t("cluster.awaited_all") : t("time.none", { year: at.year }));
      const verified = at.sites ? t("time.verified", { co2: pm.text.co2(at.tonnes), year: at.year, sites: count("time.sites", at.sites) }) : none();
      if (year === null) return { said: verified, note: t("time.overview_note"), value: `${t("time.overview")}. ${verified}` };
      const started = count("time.started", found.started(year));
      const left = [found.undated ? count("time.undated", found.undated) : "", found.suspended ? count("time.suspended", found.suspended) : ""].filter(Boolean).join(" · ");
      if (year <= lastYear) return { said: verified, note: t("time.measured_note", { projects: started, year }), value: `${year}. ${verified}` };
      return { said: t("time.announced", { projects: started, year }), note: [t("time.sizes_stay", { year: lastYear }), left].filter(Boolean).join(" · "), value: `${year}. ${t("time.announced", { projects: started, year })}` };
    }

    function update(view) {
      if (!slider) return;
      const sign = JSON.stringify([view.filters, view.ranges, view.selection?.startsWith("pole:") ? view.selection : "", pm.text.language]);
      if (sign !== last) found = series(model, view, config);
      if (sign !== last) draw();
      last = sign;
      const { said, note: noted, value } = words(view);
      const year = view.year ?? lastYear;
      if (document.activeElement !== slider || Number(slider.value) !== year) slider.value = String(year);
      slider.setAttribute("aria-valuetext", value);
      if (document.activeElement !== typed) typed.value = view.year === null ? String(lastYear) : String(view.year);
      root.classList.toggle("overview", view.year === null);
      root.classList.toggle("ahead", view.year !== null && view.year > lastYear);
      all.setAttribute("aria-pressed", String(view.year === null));
      if (caption.textContent !== said) caption.textContent = said;
      note.textContent = noted;
      const name = pm.text.t(player ? "time.pause" : reduced.matches ? "time.step" : "time.play");
      if (play.getAttribute("aria-label") !== name) {
        play.setAttribute("aria-label", name);
        play.title = name;
        fill(play, pm.icons.icon(player ? "pause" : "play", 22));
      }
      for (const node of drawing.querySelectorAll("rect")) {
        const of = Number(node.dataset.year);
        node.classList.toggle("now", of === year && (of <= lastYear || view.year !== null));
        node.classList.toggle("later", view.year !== null && of > view.year);
      }
    }

    return { build, update, step, stop, toggle, get playing() { return player > 0; } };
  }

  pm.timeline = { create, series };
})((globalThis.provence ??= {}));
