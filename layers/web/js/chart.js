// Yearly figures drawn small: verified emissions as a line, projects as columns. Each is said in words and as a table.
(function (pm) {
  "use strict";
  const { h, s } = pm.dom;
  const EDGE = { left: 30, right: 10, top: 8, bottom: 20 };
  const TICKS = [2010, 2015, 2020];
  const LEAST_COLUMN = 3;

  /** A round top for the axis: 1, 2, 2.5 or 5 times a power of ten. */
  function niceTop(value) {
    const power = 10 ** Math.floor(Math.log10(value || 1));
    return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= value) || value;
  }

  /** The parts of a series between its gaps, as points. */
  function runsOf(series, x, y) {
    const runs = [];
    series.forEach((value, i) => {
      if (value === null) return;
      if (i === 0 || series[i - 1] === null) runs.push([]);
      runs[runs.length - 1].push([x(i), y(value)]);
    });
    return runs;
  }

  const pathOf = (run) => `M${run.map((point) => point.map((v) => v.toFixed(1)).join(" ")).join("L")}`;
  const lone = ([[cx, cy]], colour) => s("circle", { cx, cy, r: 2.5, fill: colour });
  const stroke = (run, colour) => (run.length > 1 ? s("path", { d: pathOf(run), fill: "none", stroke: colour, "stroke-width": 2, "stroke-linejoin": "round" }) : lone(run, colour));

  /**
   * @param {(number | null)[]} series tonnes, one a year from `first` on; null leaves a gap
   * @param {{first: number, year: number, colour: string, width: number, height: number, label: string, cut?: number}} options
   *   `cut`: a year from which on the figures count more than before
   */
  function line(series, options) {
    const { first, year, colour, width, height, label, cut } = options;
    const known = series.filter((value) => value !== null);
    // Below a tenth of a kilotonne the axis would only show its rounding.
    const top = niceTop(Math.max(...known, 100));
    const divisor = top >= 1e6 ? 1e6 : 1e3;
    const x = (i) => EDGE.left + (i / (series.length - 1)) * (width - EDGE.left - EDGE.right);
    const y = (value) => EDGE.top + (1 - value / top) * (height - EDGE.top - EDGE.bottom);
    const node = s("svg", { viewBox: `0 0 ${width} ${height}`, class: "chart", role: "img", "aria-label": label });
    for (const value of [0, top / 2, top]) {
      node.append(s("line", { x1: EDGE.left, x2: width - EDGE.right, y1: y(value), y2: y(value), class: "grid" }),
        s("text", { x: EDGE.left - 6, y: y(value) + 4, "text-anchor": "end" }, pm.text.plain(value / divisor)));
    }
    const upright = (at, name) => s("line", { x1: x(at), x2: x(at), y1: EDGE.top, y2: y(0), class: name });
    if (cut) node.append(upright(cut - first, "cut"));
    for (const run of runsOf(series, x, y)) {
      node.append(s("path", { d: `${pathOf(run)}L${run[run.length - 1][0]} ${y(0)}L${run[0][0]} ${y(0)}Z`, fill: colour, opacity: 0.12 }), stroke(run, colour));
    }
    const at = year - first;
    node.append(upright(at, "now"));
    if (series[at] !== null && series[at] !== undefined) node.append(s("circle", { cx: x(at), cy: y(series[at]), r: 4.5, fill: colour, class: "dot" }));
    const last = first + series.length - 1;
    /** @type {[number, string][]} */
    const ticks = [[first, "start"], ...TICKS.filter((tick) => tick > first && tick < last - 2).map((tick) => /** @type {[number, string]} */ ([tick, "middle"])), [last, "end"]];
    // The year shown is always written; a tick it would touch gives way.
    const kept = ticks.filter(([tick]) => tick === year || Math.abs(tick - year) > 2);
    if (!kept.some(([tick]) => tick === year)) kept.push([year, "middle"]);
    for (const [tick, anchor] of kept) {
      const middle = anchor === "middle" && x(tick - first) < EDGE.left + 14 ? "start" : anchor;
      node.append(s("text", { x: x(tick - first), y: height - 4, "text-anchor": middle, class: tick === year ? "now" : null }, String(tick)));
    }
    return { node, unit: divisor === 1e6 ? "Mt" : "kt" };
  }

  /** A series as one small line, for a cell of a grid. @param {(number | null)[]} series @param {{colour: string, label: string, year: number, first: number}} options */
  function spark(series, { colour, label, year, first }) {
    const [width, height, edge] = [96, 28, 4];
    const top = Math.max(...series.filter((value) => value !== null), 1);
    const x = (i) => edge + (i / (series.length - 1)) * (width - 2 * edge);
    const y = (value) => edge + (1 - value / top) * (height - 2 * edge);
    const node = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "spark", role: "img", "aria-label": label });
    node.append(s("line", { x1: edge, x2: width - edge, y1: height - edge, y2: height - edge, class: "grid" }));
    for (const run of runsOf(series, x, y)) node.append(stroke(run, colour));
    const value = series[year - first];
    if (value !== null && value !== undefined) node.append(s("circle", { cx: x(year - first), cy: y(value), r: 3, fill: colour }));
    return node;
  }

  /**
   * Numbers by year as columns, each with its number over it.
   * @param {[number, number][]} counts year and number
   * @param {{first: number, last: number, year: number | null, width: number, height: number, label: string}} options
   */
  function columns(counts, { first, last, year, width, height, label }) {
    const most = Math.max(...counts.map(([, n]) => n), LEAST_COLUMN);
    const step = (width - 2 * EDGE.right) / (last - first + 1);
    const floor = height - EDGE.bottom;
    const x = (at) => EDGE.right + (at - first) * step;
    const node = s("svg", { viewBox: `0 0 ${width} ${height}`, class: "chart", role: "img", "aria-label": label });
    node.append(s("line", { x1: EDGE.right, x2: width - EDGE.right, y1: floor, y2: floor, class: "grid" }));
    for (const [at, n] of counts) {
      const tall = (n / most) * (floor - 16);
      node.append(s("rect", { x: x(at) + 1, y: floor - tall, width: step - 2, height: tall, rx: 2, fill: "var(--green)", class: at === year ? "now" : null }),
        s("text", { x: x(at) + step / 2, y: floor - tall - 4, "text-anchor": "middle" }, pm.text.number(n)));
    }
    if (year !== null) node.append(s("line", { x1: x(year) + step / 2, x2: x(year) + step / 2, y1: 0, y2: floor, class: "now" }));
    const ticks = [first, ...[2015, 2020, 2025, 2030].filter((tick) => tick > first + 1 && tick < last - 1), last];
    for (const tick of ticks) node.append(s("text", { x: x(tick) + step / 2, y: height - 4, "text-anchor": "middle" }, String(tick)));
    return node;
  }

  /** What a chart shows, as a table behind a disclosure. @param {string} caption @param {[string, string]} heads @param {[number, string][]} values */
  function table(caption, heads, values) {
    return h("details.as-table", null, h("summary", null, pm.text.t("read.as_table")), h("table", null, h("caption.hidden", null, caption), h("thead", null, h("tr", null, heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", null, values.map(([year, value]) => h("tr", null, h("th", { scope: "row" }, String(year)), h("td.num", null, value))))));
  }

  pm.chart = { line, spark, columns, table, niceTop };
})((globalThis.provence ??= {}));
