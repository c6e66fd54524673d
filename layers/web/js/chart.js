// A site's verified emissions as a line: drawn small, said in words beside it.
(function (pm) {
  "use strict";
  const { s } = pm.dom;
  const EDGE = { left: 30, right: 10, top: 8, bottom: 20 };

  /** A round top for the axis: 1, 2, 2.5 or 5 times a power of ten. */
  function niceTop(value) {
    const power = 10 ** Math.floor(Math.log10(value || 1));
    return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= value) || value;
  }

  /**
   * @param {(number | null)[]} series tonnes, one a year from `first` on; null leaves a gap
   * @param {{first: number, year: number, colour: string, width: number, height: number, label: string}} options
   */
  function line(series, options) {
    const { first, year, colour, width, height, label } = options;
    const known = series.filter((value) => value !== null);
    // Below a tenth of a kilotonne the axis would only show its rounding.
    const top = niceTop(Math.max(...known, 100));
    const divisor = top >= 1e6 ? 1e6 : 1e3;
    const x = (i) => EDGE.left + (i / (series.length - 1)) * (width - EDGE.left - EDGE.right);
    const y = (value) => EDGE.top + (1 - value / top) * (height - EDGE.top - EDGE.bottom);
    const runs = [];
    series.forEach((value, i) => {
      if (value === null) return;
      if (i === 0 || series[i - 1] === null) runs.push([]);
      runs[runs.length - 1].push([x(i), y(value)]);
    });
    const node = s("svg", { viewBox: `0 0 ${width} ${height}`, class: "chart", role: "img", "aria-label": label });
    for (const value of [0, top / 2, top]) {
      node.append(s("line", { x1: EDGE.left, x2: width - EDGE.right, y1: y(value), y2: y(value), class: "grid" }),
        s("text", { x: EDGE.left - 6, y: y(value) + 4, "text-anchor": "end" }, pm.text.plain(value / divisor)));
    }
    for (const run of runs) {
      const path = `M${run.map((point) => point.map((v) => v.toFixed(1)).join(" ")).join("L")}`;
      node.append(s("path", { d: `${path}L${run[run.length - 1][0]} ${y(0)}L${run[0][0]} ${y(0)}Z`, fill: colour, opacity: 0.12 }),
        run.length > 1 ? s("path", { d: path, fill: "none", stroke: colour, "stroke-width": 2, "stroke-linejoin": "round" }) : s("circle", { cx: run[0][0], cy: run[0][1], r: 2.5, fill: colour }));
    }
    const at = year - first;
    if (series[at] !== null && series[at] !== undefined) node.append(s("circle", { cx: x(at), cy: y(series[at]), r: 4.5, fill: colour, class: "dot" }));
    const last = first + series.length - 1;
    for (const [tick, anchor] of /** @type {[number, string][]} */ ([[first, "start"], [2010, "middle"], [2015, "middle"], [last, "end"]])) node.append(s("text", { x: x(tick - first), y: height - 4, "text-anchor": anchor }, String(tick)));
    return { node, unit: divisor === 1e6 ? "Mt" : "kt" };
  }

  pm.chart = { line, niceTop };
})((globalThis.provence ??= {}));
