// The chart of a scene, drawn for a room: few marks, letters of 24 units or more where a slide is 1,080 high.
(function (pm) {
  "use strict";
  const { s } = pm.dom;
  const WIDTH = 780;
  const TEXT = 24;
  // A letter of Inter at this size, on average; French labels are measured with it, not with a ruler.
  const LETTER = 0.53 * TEXT;
  const BY_YEAR = ["emissions", "starts"];
  const ROW = { least: 32, most: 52 };
  const COLUMNS = { least: 170, top: 38, floor: 38, gap: 6, counted: 34 };
  const LABEL = { least: 120, most: 470, gap: 18 };

  /** The least height a chart can be read at. @param {any} chart */
  const least = (chart) => (BY_YEAR.includes(chart.kind) ? COLUMNS.least : chart.items.length * ROW.least);

  const said = (item) => pm.text.pick(item.said);

  /** A chart in words, for who cannot see it. @param {any} chart */
  function words(chart) {
    const items = chart.items.map((item) => `${item.year ?? pm.text.pick(item.label)} ${said(item)}`);
    return `${pm.text.pick(chart.title)}. ${items.join(" ; ")}`.replace(/ ;/g, pm.text.language === "fr" ? "\u202f;" : ";");
  }

  /** Bars from the left, one a row: name, bar, value. */
  function bars(node, chart, height) {
    const row = Math.min(height / chart.items.length, ROW.most);
    const label = Math.min(Math.max(...chart.items.map((item) => pm.text.pick(item.label).length * LETTER), LABEL.least), LABEL.most) + LABEL.gap;
    const room = WIDTH - label - Math.max(...chart.items.map((item) => said(item).length)) * LETTER - LABEL.gap;
    const most = Math.max(...chart.items.map((item) => item.value || 0), 1e-9);
    chart.items.forEach((item, i) => {
      const middle = (i + 0.5) * row;
      const long = Math.max(((item.value || 0) / most) * room, item.value ? 3 : 0);
      node.append(s("text", { x: 0, y: middle + 8 }, pm.text.pick(item.label)));
      if (long) node.append(s("rect", { x: label, y: middle - Math.min(row * 0.31, 14), width: long, height: Math.min(row * 0.62, 28), rx: 4, fill: `var(--${item.token})` }));
      node.append(s("text", { x: label + long + (long ? 12 : 0), y: middle + 8, class: "value" }, said(item)));
    });
    return () => {};
  }

  /** Columns by year. Gives what marks a year: its column stands out, what comes after it is faint. */
  function columns(node, chart, height) {
    const items = chart.items;
    const step = WIDTH / items.length;
    const floor = height - COLUMNS.floor;
    const most = Math.max(...items.map((item) => item.value || 0), 1e-9);
    const middle = (i) => (i + 0.5) * step;
    const tops = items.map((item) => floor - Math.max(((item.value || 0) / most) * (floor - COLUMNS.top), item.value ? 3 : 0));
    const rects = items.map((item, i) => s("rect", { x: i * step + COLUMNS.gap / 2, y: tops[i], width: step - COLUMNS.gap, height: floor - tops[i], rx: 3, fill: `var(--${item.token})` }));
    const notes = s("g", {});
    node.append(s("line", { x1: 0, x2: WIDTH, y1: floor + 1, y2: floor + 1, class: "floor" }), ...rects, notes);

    /** Where a text of so many letters may begin or end and still be inside. */
    function text(i, y, what, name) {
      const half = (what.length * LETTER * (name === "value" ? 1.1 : 1)) / 2;
      const anchor = middle(i) < half ? "start" : middle(i) > WIDTH - half ? "end" : "middle";
      return s("text", { x: anchor === "start" ? 0 : anchor === "end" ? WIDTH : middle(i), y, "text-anchor": anchor, class: name }, what);
    }

    return (year) => {
      const at = items.findIndex((item) => item.year === year);
      const last = items.length - 1;
      // Every column of a wide chart has its number; of a narrow one the year shown and the greatest.
      const counted = chart.kind === "starts" && step >= COLUMNS.counted;
      const valued = counted ? items.map((_, i) => i).filter((i) => items[i].value) : [at < 0 ? items.findIndex((item) => item.value === most) : at].filter((i) => i >= 0);
      const ticks = [...new Set([at, 0, last])].filter((i, n, all) => i >= 0 && !all.slice(0, n).some((other) => Math.abs(middle(other) - middle(i)) < 74));
      rects.forEach((rect, i) => rect.setAttribute("class", at < 0 ? "" : i === at ? "now" : i < at ? "before" : "after"));
      notes.textContent = "";
      notes.append(...valued.map((i) => text(i, tops[i] - 10, said(items[i]), i === at || at < 0 ? "value" : "")), ...ticks.map((i) => text(i, height - 6, String(items[i].year), i === at ? "value" : "quiet")));
    };
  }

  /**
   * Draw a chart. @param {any} chart see layers.stories @param {{height: number, year: number | null}} options height in units of the slide
   * @returns {{node: SVGElement, mark: (year: number | null) => void}}
   */
  function draw(chart, { height, year }) {
    const node = s("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": words(chart), class: `of-${chart.kind}` });
    const mark = (BY_YEAR.includes(chart.kind) ? columns : bars)(node, chart, height);
    mark(year);
    return { node, mark };
  }

  pm.slideChart = { draw, least, words };
})((globalThis.provence ??= {}));
