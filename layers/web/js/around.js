// Around here: an area clicked, drawn or typed, and what the server measures inside and near it.
(function (pm) {
  "use strict";
  const { h } = pm.dom;
  const FIRST_KM = 5;
  const SKELETON_MS = 300;
  const CIRCLE_SIDES = 64;
  const KM_PER_DEGREE = 111.32;

  /** Corners of an area as [lon, lat], for drawing only: what is measured is measured on the server, in metres. @param {number[]} area */
  function outline(area) {
    if (area.length !== 3) return Array.from({ length: area.length / 2 }, (_, i) => [area[2 * i], area[2 * i + 1]]);
    const [lon, lat, km] = area;
    const east = km / (KM_PER_DEGREE * Math.cos((lat * Math.PI) / 180));
    return Array.from({ length: CIRCLE_SIDES }, (_, i) => {
      const angle = (2 * Math.PI * i) / CIRCLE_SIDES;
      return [lon + east * Math.cos(angle), lat + (km / KM_PER_DEGREE) * Math.sin(angle)];
    });
  }

  /** Four coordinates as the corners of a rectangle, or null. @param {string[]} words west, south, east, north */
  function rectangle(words) {
    const [west, south, east, north] = words.map((word) => Number(word.trim().replace(",", ".")));
    if (![west, south, east, north].every(Number.isFinite) || words.some((word) => !word.trim())) return null;
    if (!(west < east && south < north) || Math.abs(west) > 180 || Math.abs(east) > 180 || Math.abs(south) > 90 || Math.abs(north) > 90) return null;
    return [west, south, east, south, east, north, west, north].map((value) => Number(value.toFixed(5)));
  }

  /** @param {any} context {model, on, server, map()} */
  function create(context) {
    const { model, on, server } = context;
    const { t, count } = pm.text;
    let mode = "circle";
    let corners = [];
    let asked = "";
    /** @type {{answer: any, failed: string, slow: boolean}} */
    let found = { answer: null, failed: "", slow: false };

    /** Ask what is inside, once per area and year; the drawer is drawn again as the answer comes. */
    function ask(view) {
      const query = `${view.area.join()}&${pm.view.verified(view)}`;
      if (query === asked) return;
      asked = query;
      found = { answer: null, failed: "", slow: false };
      const late = setTimeout(() => { if (asked === query && !found.answer) { found.slow = true; on.redraw(); } }, SKELETON_MS);
      server.ask(server.url("around.json", { area: view.area.join(), year: String(pm.view.verified(view)) }))
        .then((answer) => answer.json())
        .then((answer) => { if (asked === query) found = { answer, failed: "", slow: false }; })
        .catch((error) => { if (asked === query) found = { answer: null, failed: error.message, slow: false }; })
        .finally(() => { clearTimeout(late); if (asked === query) on.redraw(); });
    }

    /** A click on the map while an area is being chosen. @param {{lng: number, lat: number}} place @param {boolean} last a second click closes the polygon */
    function clicked(place, last) {
      const at = [place.lng, place.lat].map((value) => Number(value.toFixed(5)));
      if (mode === "circle") return put([...at, radius()]);
      if (!last) corners.push(at);
      if (last && corners.length >= 3) return finish();
      on.sketch(corners);
      on.redraw();
      return undefined;
    }

    const radius = () => (on.view().area.length === 3 ? on.view().area[2] : FIRST_KM);

    function put(area) {
      corners = [];
      on.sketch([]);
      on.change({ area, selection: null, panel: null }, { push: true });
    }

    function finish() {
      if (corners.length < 3) return on.say("area", t("around.few"));
      return put(corners.flat());
    }

    function choose(next) {
      mode = next;
      corners = [];
      on.sketch([]);
      on.redraw();
      document.getElementById(`mode-${next}`)?.focus();
    }

    function tools(view) {
      const button = (name, icon) => h("button", { type: "button", id: `mode-${name}`, "aria-pressed": String(mode === name), onclick: () => choose(name) }, pm.icons.icon(icon, 18), t(`around.${name}`));
      const parts = [h("div.modes", { role: "group", "aria-label": t("around.mode") }, button("circle", "around"), button("polygon", "polygon"), button("typed", "keyboard"))];
      if (mode === "circle") parts.push(h("p", null, t("around.circle_how")), km(view), h("button.button", { type: "button", onclick: () => { const c = on.centre(); put([c.lng, c.lat].map((v) => Number(v.toFixed(5))).concat(radius())); } }, t("around.centre")));
      if (mode === "polygon") parts.push(h("p", null, t("around.polygon_how")), h("p.said", { role: "status" }, count("around.corners", corners.length)), h("div.actions", null, h("button.button", { type: "button", disabled: corners.length < 3, onclick: finish }, t("around.finish")),
        h("button.button", { type: "button", onclick: () => clicked(on.centre(), false) }, t("around.corner_here")), corners.length ? h("button.link", { type: "button", onclick: () => { corners.pop(); on.sketch(corners); on.redraw(); } }, t("around.undo")) : null));
      if (mode === "typed") parts.push(typed());
      return h("section.sec.around-tools", null, parts);
    }

    function km(view) {
      const now = radius();
      const said = h("output", null, pm.text.km(now));
      const slider = /** @type {HTMLInputElement} */ (h("input", { type: "range", id: "around-km", min: 1, max: 30, step: 0.5, value: now, "aria-label": t("around.radius"), "aria-valuetext": pm.text.km(now), oninput: () => { said.textContent = pm.text.km(Number(slider.value)); }, onchange: () => { if (view.area.length === 3) put([view.area[0], view.area[1], Number(slider.value)]); } }));
      return h("label.km", null, h("span", null, t("around.radius")), slider, said);
    }

    function typed() {
      const bounds = on.bounds();
      const names = ["west", "south", "east", "north"];
      const fields = names.map((name, i) => h("label", null, h("span", null, t(`around.${name}`)), h("input", { type: "text", inputmode: "decimal", id: `around-${name}`, value: bounds[i].toFixed(3), autocomplete: "off" })));
      return h("form.typed", { onsubmit: (event) => {
        event.preventDefault();
        const area = rectangle(names.map((name) => /** @type {HTMLInputElement} */ (document.getElementById(`around-${name}`)).value));
        if (area) put(area);
        else on.say("area", t("around.wrong"), { tone: "warn" });
      } }, h("div.grid4", null, fields), h("button.button", { type: "submit" }, t("around.use")));
    }

    /** @param {any} view */
    function content(view) {
      const head = h("div.card-head", null, h("div.over", null, pm.icons.icon("around", 18), h("span", null, t("around.over"))), h("h2", { tabindex: "-1", id: "card-title" }, t("around.title")), h("p", null, view.area.length ? described(view.area) : t("around.what")));
      if (!server.available) return [head, h("section.sec", null, h("p", null, t("around.no_server")))];
      const parts = [head, tools(view)];
      if (!view.area.length) return parts;
      ask(view);
      if (found.failed) parts.push(h("section.sec", null, h("div.failed", { role: "alert" }, h("b", null, t("around.failed")), h("p", null, found.failed), h("button.button", { type: "button", onclick: () => { asked = ""; on.redraw(); } }, t("around.again")))));
      else if (found.answer) parts.push(...pm.areaReport.content(found.answer, { ...context, view }));
      else parts.push(found.slow ? h("section.sec.skeleton", { "aria-label": t("around.measuring"), role: "status" }, [60, 90, 75, 100, 40].map((width) => h("i", { style: `width:${width}%` }))) : h("section.sec"));
      parts.push(h("section.sec", null, h("button.button", { type: "button", onclick: () => put([]) }, t("around.clear"))));
      return parts;
    }

    function described(area) {
      const centre = area.length === 3 && [...model.byKey.values()].find((item) => item.lon === area[0] && item.lat === area[1]);
      if (centre) return t("around.circle_of", { km: pm.text.km(area[2]), name: centre.name });
      if (area.length === 3) return t("around.circle_is", { km: pm.text.km(area[2]), lon: pm.text.number(area[0], 3), lat: pm.text.number(area[1], 3) });
      return t("around.polygon_is", { n: pm.text.number(area.length / 2) });
    }

    return { content, clicked, get corners() { return corners; }, get mode() { return mode; }, start: () => { mode = "circle"; corners = []; } };
  }

  pm.around = { create, outline, rectangle };
})((globalThis.provence ??= {}));
