// Thousands of points in sight become some hundred: those that would lie on each other are one symbol that says how many.
(function (pm) {
  "use strict";
  const { h, s } = pm.dom;
  // Side of the squares, in px of the screen, whose points become one symbol.
  const CELL_PX = 64;
  // So many points in sight are still drawn one by one.
  const MOST = 600;
  // Of the size of the window, on each side: what a drag brings into sight is there already.
  const MARGIN = 0.5;

  /**
   * Gather the points in sight by squares of a grid that is fixed on the ground at this zoom.
   * @param {any[]} items @param {(item: any) => {x: number, y: number}} flat px at zoom 0
   * @param {{scale: number, left: number, top: number, w: number, h: number}} now of the map, px @param {string | null} alone a key that stays by itself
   * @returns {{items: any[]}[]}
   */
  function gather(items, flat, { scale, left, top, w, h }, alone) {
    const [x0, x1] = [left - w * MARGIN, left + w * (1 + MARGIN)].map((x) => x / scale);
    const [y0, y1] = [top - h * MARGIN, top + h * (1 + MARGIN)].map((y) => y / scale);
    const near = items.filter((item) => { const { x, y } = flat(item); return x > x0 && x < x1 && y > y0 && y < y1; });
    if (near.length <= MOST) return near.map((item) => ({ items: [item] }));
    const cells = new Map();
    const found = [];
    for (const item of near) {
      if (item.key === alone) {
        found.push({ items: [item] });
        continue;
      }
      const { x, y } = flat(item);
      const key = Math.floor((x * scale) / CELL_PX) * 1e6 + Math.floor((y * scale) / CELL_PX);
      const cell = cells.get(key);
      if (cell) cell.items.push(item);
      else cells.set(key, { items: [item] });
    }
    return [...found, ...cells.values()];
  }

  /** How many of each family, the most first. @param {any[]} items */
  function counted(items) {
    const found = new Map();
    for (const { family } of items) found.set(family, (found.get(family) || 0) + 1);
    return [...found].sort((a, b) => b[1] - a[1]);
  }

  /** Radius in px by how many. @param {number} n */
  const radius = (n) => Math.min(27, 13 + 3.2 * Math.log10(n) ** 1.3);

  /** A ring in the colours of the families, with the number in it. @param {any[]} items */
  function picture(items) {
    const r = radius(items.length);
    const around = 2 * Math.PI * (r - 3);
    let turned = 0;
    const arcs = counted(items).map(([family, n]) => {
      const part = (n / items.length) * around;
      const arc = s("circle", { r: r - 3, fill: "none", stroke: `var(--${family})`, "stroke-width": 5, "stroke-dasharray": `${part} ${around - part}`, "stroke-dashoffset": -turned, transform: "rotate(-90)" });
      turned += part;
      return arc;
    });
    return s("svg", { viewBox: `${-r} ${-r} ${2 * r} ${2 * r}`, width: 2 * r, height: 2 * r, "aria-hidden": "true" }, s("circle", { r: r - 0.5, fill: "var(--surface)", stroke: "var(--halo)", "stroke-width": 1 }), arcs,
      s("text", { "text-anchor": "middle", dy: "0.35em", fill: "var(--ink)", style: "font:700 11px Inter,system-ui,sans-serif;font-variant-numeric:tabular-nums" }, short(items.length)));
  }

  /** A number in at most four signs. @param {number} n */
  const short = (n) => (n < 10_000 ? pm.text.number(n) : `${pm.text.number(Math.round(n / 1000))}k`);

  /** The sign of the key. */
  const swatch = () => h("span.cluster-sign", { style: "display:inline-block;width:18px;height:18px;border-radius:50%;border:4px solid var(--chem);border-top-color:var(--power);border-left-color:var(--port);box-sizing:border-box" });

  /** In words: how many, and of which families. @param {any[]} items */
  const said = (items) => `${pm.text.count("cluster.sites", items.length)} – ${counted(items).slice(0, 3).map(([family, n]) => `${pm.text.t(`family.${family}`)} ${pm.text.number(n)}`).join(", ")}`;

  pm.clusters = { gather, counted, radius, picture, said, swatch };
})((globalThis.provence ??= {}));
