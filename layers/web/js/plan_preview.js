// The preview of the Plan page: the sheet as the print draws it, or the first rows of a layer.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const SKELETON_MS = 300;
  const ZOOMS = [1, 1.5, 2, 3, 4];
  // Dots in an inch of the picture: enough for the width it is shown at, in these steps, so that few are drawn anew.
  const DPIS = [72, 110, 150, 220, 300];
  const INCH_MM = 25.4;

  /** @param {any} context {offer, plan(), server, found(), sheets, sheetValues()} @param {any} drawing see planDraw */
  function create(context, drawing) {
    const { offer, server } = context;
    const { t } = pm.text;
    const FIRST = context.sheets.length ? "sheet" : "table";
    let kind = FIRST;
    let zoom = 0;
    let number = 1;
    let layer = "";
    let asked = "";
    /** What is shown of the sheet: {url, pages, scale} */
    let shown = null;
    let table = null;
    let failed = "";
    let slow = false;
    let fetching = false;
    let undrawn = false;
    const node = h("section.preview", { "aria-labelledby": "preview-title" });
    const body = h("div.preview-body", { id: "preview-body" });

    const chosen = () => (context.plan().layers.includes(layer) ? layer : context.plan().layers[0] || "");
    /** Whether the server has looked at the very choice that the form holds. */
    const current = () => context.found().of === pm.plan.query(context.plan());
    const ready = () => Boolean(context.found().answer) && !pm.plan.missing({ ...context.plan(), formats: ["gpkg"] }) && !Object.keys(context.found().answer.faults).length;

    /** Buttons above the preview, and what they show. */
    function build() {
      const segment = (id, options, now, put) => h("div.segment", { role: "group", "aria-label": t(`plan.${id}`) }, options.map(([value, name, label]) => h("button", { type: "button", id: `${id}-${value}`, "aria-pressed": String(value === now), "aria-label": label || null, onclick: () => put(value) }, name)));
      if (kind === "map" && context.plan().area !== "drawn") kind = FIRST;
      const kinds = [["sheet", t("plan.sheet")], ["table", t("plan.table")], ["map", t("plan_draw.map")]].filter(([value]) => (value !== "sheet" || context.sheets.length) && (value !== "map" || context.plan().area === "drawn"));
      const focus = node.contains(document.activeElement) ? document.activeElement.id : "";
      fill(node, h("div.preview-head", null, h("h2", { id: "preview-title" }, t("plan.preview")), h("span.gap"), segment("preview", kinds, kind, show),
        kind !== "table" ? h("div.segment.zoom", { role: "group", "aria-label": t("plan.zoom") }, h("button", { type: "button", id: "zoom-out", "aria-label": t("plan.zoom_out"), onclick: () => put(kind === "map" ? -1 : zoom - 1) }, "−"),
          h("button", { type: "button", id: "zoom-fit", "aria-pressed": kind === "map" ? null : String(zoom === 0), onclick: () => put(0) }, t("plan.fit")), h("button", { type: "button", id: "zoom-in", "aria-label": t("plan.zoom_in"), onclick: () => put(kind === "map" ? 1 : zoom + 1) }, "+")) : null), body);
      if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
      draw();
    }

    function put(next) {
      if (kind === "map") {
        if (next === 0) drawing.fit();
        else drawing.zoom(Math.sign(next));
        return;
      }
      zoom = Math.max(0, Math.min(ZOOMS.length - 1, next));
      document.getElementById("zoom-fit")?.setAttribute("aria-pressed", String(zoom === 0));
      draw();
      ask();
    }

    const paper = () => {
      const { size, orientation } = context.plan().sheet;
      const [short, long] = size === "a4" ? [210, 297] : [297, 420];
      return orientation === "landscape" ? [long, short] : [short, long];
    };

    function dpi() {
      const width = (body.clientWidth || 800) * ZOOMS[zoom] * Math.min(2, window.devicePixelRatio || 1);
      return DPIS.find((one) => (paper()[0] / INCH_MM) * one >= width * 0.95) || DPIS[DPIS.length - 1];
    }

    function show(next) {
      kind = next;
      build();
      return ask();
    }

    /** The area was changed: one that is to be drawn brings the map. @param {any} changes of the plan */
    function area(changes) {
      const drawn = context.plan().area === "drawn";
      if (changes.area === "drawn" && !context.plan().drawn.trim()) show("map");
      else if (changes.area && (kind === "map") !== drawn) show(kind);
      else if (kind === "map") draw();
    }

    /** Bring the map to draw on, and the focus to it. */
    function drawOn() {
      show("map");
      node.scrollIntoView({ block: "nearest" });
      drawing.focus();
    }

    /** Ask for what is to be shown, when it is not what was asked for last. */
    async function ask() {
      if (kind === "map") return draw();
      // What was drawn last stays until the choice is counted.
      if (!current()) return undefined;
      if (!ready()) {
        asked = "";
        return draw();
      }
      const page = Math.min(number, shown?.pages || 1);
      const url = kind === "sheet" ? server.url("plan/sheet.png", { ...context.sheetValues(), dpi: String(dpi()), page: String(page) })
        : server.url("plan/rows.json", { choice: pm.plan.query(context.plan()), layer: chosen() }, `lang=${pm.text.language}`);
      // The answer may have come while another choice stood in the form, and lies there undrawn.
      if (url === asked) return undrawn ? draw() : undefined;
      asked = url;
      return fetching ? undefined : fetchAsked();
    }

    /** Fetch what was asked for last. One picture at a time: drawing one that nobody waits for any more would keep the other waiting. */
    async function fetchAsked() {
      fetching = true;
      for (let url = ""; asked && asked !== url; ) {
        url = asked;
        slow = false;
        const late = setTimeout(() => { slow = true; mark(); }, SKELETON_MS);
        const got = await fetched(url).catch((error) => ({ failed: error.message }));
        clearTimeout(late);
        if (asked === url) take(got);
      }
      fetching = slow = false;
      draw();
    }

    /** @param {string} url @returns {Promise<any>} */
    async function fetched(url) {
      const answer = await server.ask(url);
      if (!url.includes("/sheet.png?")) return { table: await answer.json() };
      const told = { pages: Number(answer.headers.get("X-Pages")), scale: Number(answer.headers.get("X-Scale")), cut: answer.headers.get("X-Cut") === "1" };
      // From what came, not by its address: a browser that keeps nothing would ask for it again. It is put in place whole.
      const image = /** @type {HTMLImageElement} */ (h("img", { src: await dataUrl(await answer.blob()), alt: t("plan.sheet_alt", { title: context.title() }) }));
      await image.decode();
      return { shown: { ...told, image } };
    }

    /** @param {Blob} blob @returns {Promise<string>} */
    function dataUrl(blob) {
      return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(String(reader.result));
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(blob);
      });
    }

    /** @param {{shown?: any, table?: any, failed?: string}} got */
    function take(got) {
      failed = got.failed || "";
      shown = got.shown || shown;
      table = got.table || table;
    }

    /** The old picture stays until the new one is there, and says that it is old. */
    function mark() {
      body.classList.toggle("old", slow);
      const status = document.getElementById("preview-status");
      if (status) status.textContent = slow ? t("plan.drawing") : "";
    }

    function draw() {
      if (kind === "map") {
        // The map is put in place once: it would lose its pictures otherwise.
        if (!drawing.node.isConnected) fill(body, drawing.node);
        body.classList.remove("old");
        return drawing.update();
      }
      undrawn = Boolean(context.found().of) && !current();
      if (undrawn) return undefined;
      const focus = body.contains(document.activeElement) ? document.activeElement.id : "";
      const scroll = body.querySelector(".desktop") ? [body.querySelector(".desktop").scrollLeft, body.querySelector(".desktop").scrollTop] : null;
      if (!context.found().of) fill(body, h("div.skeleton", null, h("i"), h("i"), h("i")));
      else if (!ready()) fill(body, h("div.blank", null, h("b", null, t("plan.no_preview")), h("p", null, context.why())));
      else if (failed) fill(body, h("div.blank", { role: "alert" }, h("b", null, t("plan.preview_failed")), h("p", null, failed), h("button.button", { type: "button", id: "preview-again", onclick: () => { asked = ""; failed = ""; ask(); } }, t("plan.again"))));
      else if (kind === "sheet") fill(body, sheet());
      else fill(body, rows());
      body.classList.remove("old");
      const desk = body.querySelector(".desktop");
      if (desk && scroll) desk.scrollTo(scroll[0], scroll[1]);
      if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
      return undefined;
    }

    function sheet() {
      const [width, height] = paper();
      const plan = context.plan();
      const system = plan.system?.name || offer.systems.find((one) => one.code === plan.crs)?.name || "";
      const area = h("div.desktop", { tabindex: "0", role: "group", "aria-label": t("plan.sheet"), style: `aspect-ratio:${width}/${height}` }, h("div.paper", { style: `width:${100 * ZOOMS[zoom]}%;aspect-ratio:${width}/${height}` }, shown ? shown.image : null));
      const page = (by, id, name, icon) => h("button.tool", { type: "button", id, "aria-label": name, title: name, "aria-disabled": String(number + by < 1 || number + by > shown.pages), onclick: () => { const next = number + by; if (next >= 1 && next <= shown.pages) { number = next; ask(); } } }, pm.icons.icon(icon, 18));
      const pages = shown?.pages > 1 ? h("span.pages", null, page(-1, "page-back", t("plan.page_back"), "left"), h("span", { role: "status" }, t("plan.page", { n: number, of: shown.pages })), page(1, "page-on", t("plan.page_on"), "right")) : null;
      return [area, h("div.meta", null, h("span", null, h("b", null, `${plan.sheet.size.toUpperCase()}, ${width} × ${height}\u00a0mm`), t(`plan.${plan.sheet.orientation}`)),
        shown ? h("span", null, h("b", null, `1:${pm.text.number(shown.scale)}`), t(shown.cut ? "plan.cut" : "plan.vectors")) : null,
        h("span", null, h("b", null, system), t("plan.grid", { code: `EPSG:${plan.crs}` })), pages, h("span.gap"), h("span.said", { id: "preview-status", role: "status" }), shown ? h("span.good", null, pm.icons.icon("check", 16), t("plan.matches")) : null)];
    }

    function rows() {
      const ids = context.plan().layers;
      const field = /** @type {HTMLSelectElement} */ (h("select", { id: "table-layer", "aria-label": t("plan.table_of"), onchange: () => { layer = field.value; ask(); } }, ids.map((id) => h("option", { value: id, selected: id === chosen() }, t(`plan_layer.${id}`)))));
      const answer = context.found().answer;
      const facts = answer?.rows === undefined ? null : h("div.meta", null, h("span", null, h("b", null, pm.text.count("plan.rows", answer.rows)), pm.text.count("plan.layers", answer.layers.filter((row) => row.rows).length)),
        answer.extent ? h("span", null, h("b", null, extent(answer)), t("plan.extent")) : null);
      if (!table || table.layer !== chosen()) return [h("div.table-bar", null, field), facts, h("div.skeleton", null, h("i"), h("i"), h("i"))];
      const head = h("tr", null, table.columns.map((column) => h("th", { scope: "col", class: ["number", "integer"].includes(column.type) ? "num right" : null, title: pm.text.pick(column.meaning) }, h("b", null, column.name), h("small", null, [t(`plan_type.${column.type}`), column.unit].filter(Boolean).join(", ")))));
      const grid = h("div.scroll", { tabindex: "0", role: "region", "aria-label": t("plan.table") }, h("table", null, h("thead", null, head), h("tbody", null, table.first.map((row) => h("tr", null, row.map((cell) => h("td", { class: typeof cell === "number" ? "num" : null }, cell === null ? h("span.quiet", null, "–") : typeof cell === "boolean" ? t(cell ? "plan.yes" : "plan.no") : String(cell))))))));
      return [h("div.table-bar", null, field, h("span.said", { role: "status" }, t("plan.first_rows", { n: pm.text.number(table.first.length), of: pm.text.number(table.rows) }))), grid, facts];
    }

    /** West, south, east, north in the system of the export. */
    function extent(answer) {
      const digits = answer.degrees ? 4 : 0;
      return answer.extent.map((edge) => pm.text.number(edge, digits)).join(" · ");
    }

    let width = 0;
    new ResizeObserver(() => {
      if (Math.abs(body.clientWidth - width) < 40) return;
      width = body.clientWidth;
      ask();
    }).observe(body);

    return { node, build, ask, area, drawing: drawOn };
  }

  pm.planPreview = { create };
})((globalThis.provence ??= {}));
