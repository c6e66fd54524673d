// Drawings: stroke icons on a 24 grid, family glyphs, project shapes. All paths are constants, never data.
(function (pm) {
  "use strict";
  const { s } = pm.dom;
  const ICONS = {
    search: ["M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z", "m16 16 4.5 4.5"],
    info: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z", "M12 11v5", "M12 8v.01"],
    close: ["m6 6 12 12M18 6 6 18"],
    moon: ["M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z"],
    sun: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z", "M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4"],
    layers: ["m12 4 8.5 4.5L12 13 3.5 8.5 12 4Z", "m3.5 13 8.5 4.5 8.5-4.5"],
    table: ["M6 5h12a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2Z", "M4 10h16M4 14.5h16M10 10v9"],
    down: ["m6 9 6 6 6-6"],
    up: ["m6 15 6-6 6 6"],
    play: ["M8 5.5v13l11-6.5-11-6.5Z"],
    pause: ["M8.5 5.5v13M15.5 5.5v13"],
    share: ["M12 15V4.5M8 8l4-4 4 4", "M5 12.5V19a1.500 1.500 0 0 0 1.500 1.500h11A1.500 1.500 0 0 0 19 19v-6.500"],
    keep: ["M7 4.500h10v15.500l-5-4-5 4V4.500Z"],
    compare: ["M8 20V5M4.500 8.500 8 5l3.500 3.500M16 4v15M12.500 15.500 16 19l3.500-3.500"],
    around: ["M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Z", "M12 11v2M11 12h2"],
    filter: ["M4 6h16M7 12h10M10 18h4"],
    time: ["M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Z", "M12 8v4.500l3 2"],
    download: ["M12 4.500V15M8 11.500l4 4 4-4M5 19.500h14"],
    copy: ["M9 8.500h10V20H9V8.500Z", "M15 8.500V4.500H5V16h4"],
    trash: ["M5 7h14M9.500 7V4.500h5V7M7 7l1 13h8l1-13"],
    polygon: ["M5 17 7 6l9-1.500 3.500 9L13 19.500 5 17Z"],
    keyboard: ["M4 7h16v10H4V7Z", "M7.500 10.500v.01M11 10.500v.01M14.500 10.500v.01M8 13.800h8"],
    right: ["m9 6 6 6-6 6"],
    plus: ["M12 5v14M5 12h14"],
    minus: ["M5 12h14"],
    home: ["M4 11 12 4.5 20 11v8.5h-5.5V14h-5v5.5H4V11Z"],
    check: ["m5 12.5 4.5 4.5L19 7.5"],
    key: ["M4 7h4M4 12h4M4 17h4M11 7h9M11 12h9M11 17h9"],
    ports: ["M4 15.5 5.5 20h13l1.5-4.5-8-3-8 3Z", "M7 14V8.5h10V14M12 8.5V4.5"],
    stations: ["M9 3.5h6a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3H9a3 3 0 0 1-3-3v-7a3 3 0 0 1 3-3Z", "M6 10.5h12M8.5 20l1.5-3.5M15.5 20 14 16.5"],
    airports: ["m3.5 13.5 17-9-5 16-4-6.5-8-.5Z", "m11.5 14 9-9.5"],
    university: ["m12 5 9.5 4.5L12 14 2.5 9.5 12 5Z", "M6.5 11.5V16c1.5 1.6 3.4 2.4 5.5 2.4s4-.8 5.5-2.4v-4.5"],
    research: ["M9.5 4h5M10.500 4v6L5 18.500a1 1 0 0 0 .9 1.500h12.200a1 1 0 0 0 .9-1.500L13.500 10V4", "M7.500 15h9"],
    health: ["M9.5 4h5v5.500H20v5h-5.500V20h-5v-5.500H4v-5h5.500V4Z"],
    heritage: ["M4 19.500h16M5.5 17V10M10 17V10M14 17V10M18.5 17V10", "M3.5 10 12 4.5 20.5 10h-17Z"],
    beach: ["M12 4a8 8 0 0 1 8 7.500H4A8 8 0 0 1 12 4Z", "M12 11.500V17M3 19.500c1.500-1.500 3-1.500 4.500 0s3 1.500 4.500 0 3-1.500 4.500 0 3 1.500 4.500 0"],
    landscape: ["M12 3.5 18.5 14h-13L12 3.500Z", "M12 14v6.5"],
    park: ["M4 8.500h16V19H4V8.500Z", "M9 8.500V5.500h6v3M4 13h16"],
    platform: ["M3.500 19.500V11l5 3v-3l5 3V4.500h4V14l3 1.500v4h-17Z"],
    terminal: ["M6 20V5h11M6 9.500 10.500 5M3.500 20h6M15 5v5", "M11.500 10h7v5h-7v-5ZM13 18.500h8"],
    brownfield: ["M4 19.500V9l6-3.500v6M10 19.500v-8M4 19.500h16", "M16 19.500v-4.500M16 15c0-2.500 1.500-4 4-4 0 2.500-1.500 4-4 4ZM16 16.500c0-2-1.200-3-3-3 0 2 1.200 3 3 3Z"],
    digital: ["M5 4.500h14v6H5v-6ZM5 13.500h14v6H5v-6Z", "M8 7.500v.01M8 16.500v.01"],
    perceptions: ["M5.500 4.500h13a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H13l-4 4v-4H5.500a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2Z"],
    left: ["m15 6-6 6 6 6"],
    map: ["M4 6.5 9.5 4.500l5 2.500L20 5v12.500l-5.500 2-5-2.500L4 19V6.500Z", "M9.5 4.500V17M14.500 7v12.500"],
    undo: ["M8.500 5 4.500 9l4 4", "M4.500 9H14a5 5 0 0 1 0 10h-3"],
    pen: ["m5 19 1-4L16 5l3 3L9 18l-4 1Z", "m14 7 3 3"],
    open: ["M4 19V6h6l2 2.500h8V19H4Z", "M4 11.500h16"],
    screen: ["M4 5h16v11H4V5Z", "M9 20h6M12 16v4"],
    full: ["M4.500 9V4.500H9M15 4.500h4.500V9M19.500 15v4.500H15M9 19.500H4.500V15"],
    grid: ["M4.500 5h6v6h-6V5ZM13.500 5h6v6h-6V5ZM4.500 14h6v6h-6v-6ZM13.500 14h6v6h-6v-6Z"],
    black: ["M4 5h16v14H4V5Z", "m4 19 16-14"],
    auto: ["M5 6v12l8-6-8-6Z", "M16 6v12M19.500 6v12"],
    frame: ["M4.500 12a7.500 7.500 0 1 0 2.400-5.500L4.500 8.700", "M4.500 4.500v4.200h4.200"],
    explore: ["M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Z", "m15.500 8.500-2 5-5 2 2-5 5-2Z"],
    end: ["M7 7h10v10H7V7Z"],
    communes: ["M4 6.5 10 4l4.5 3L20 5v12.500L14 20l-4.5-3L4 19V6.500Z", "M10 4l-.5 13M14.5 7 14 20"],
    poles: ["M4 6.5 10 4l4.5 3L20 5v12.500L14 20l-4.5-3L4 19V6.500Z"],
  };

  /** @param {string} name @param {number} [size] px */
  function icon(name, size = 20) {
    const attributes = { viewBox: "0 0 24 24", width: size, height: size, fill: "none", stroke: "currentColor", "stroke-width": name === "check" ? 2.5 : 1.75, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", class: "icon" };
    return s("svg", attributes, lines(name).map((d) => s("path", { d })));
  }

  /** The product's mark. */
  function logo() {
    return s("svg", { viewBox: "0 0 28 28", width: 28, height: 28, "aria-hidden": "true" },
      s("rect", { width: 28, height: 28, rx: 8, fill: "var(--primary)" }),
      s("path", { d: "M8.5 10.5 19 8.500l-3.5 11Z", fill: "none", stroke: "var(--on-primary)", "stroke-width": 1.6, opacity: 0.7 }),
      [[8.5, 10.5, 3], [19.2, 8.6, 2.2], [15.5, 19.6, 2.6]].map(([cx, cy, r]) => s("circle", { cx, cy, r, fill: "var(--on-primary)" })));
  }

  /** Drawings that need the style of the document. @param {any} style */
  function symbols(style) {
    const glyphs = Object.fromEntries(style.industry.map((f) => [f.id, f.path]));
    const shapes = Object.fromEntries(style.projects.map((f) => [f.id, f.path]));
    const statuses = Object.fromEntries(style.statuses.map((status) => [status.id, status]));

    const outline = (family) => glyphs[family] || glyphs.other;

    function glyph(family, transform) {
      return s("g", { transform }, s("path", { d: outline(family), fill: "var(--surface)" }));
    }

    /** A family's badge for lists: circle and glyph. */
    function badge(family, size = 20) {
      return s("svg", { viewBox: "0 0 16 16", width: size, height: size, "aria-hidden": "true", class: "badge" },
        s("circle", { cx: 8, cy: 8, r: 8, fill: `var(--${family})` }), glyph(family, "translate(8 8) scale(.6) translate(-8 -8)"));
    }

    /**
     * A site's circle of `r` px as marks, bottom to top: plain below the glyph's size, hollow when closed, broken edge
     * when approximate. Colours are names of tokens, so that the map's canvas and the key draw the same.
     * @param {string} family @param {number} r px @param {{closed?: boolean, approximate?: boolean, ring?: boolean}} [flags]
     * @returns {{r?: number, bar?: number, glyph?: string, scale?: number, fill?: string, opacity?: number, stroke?: string, width?: number, dash?: number[]}[]}
     */
    function look(family, r, flags = {}) {
      if (flags.closed) return [{ r, fill: "surface", stroke: family, width: 1.6 }, { bar: r * 0.7, stroke: family, width: 1.4 }];
      const edge = r > 6 ? 1.6 : 1.1;
      const marks = [];
      marks.push({ r: r + edge / 2, stroke: "halo", width: edge });
      if (flags.approximate) marks.push({ r, fill: "surface" });
      marks.push({ r, fill: family, opacity: flags.approximate ? 0.62 : r > 9 ? 0.9 : 0.95 });
      if (flags.ring) marks.push({ r: r + 3, stroke: "ink2", width: 1.1, dash: [1.6, 2] });
      if (r >= style.size.glyph) marks.push({ glyph: family, scale: Math.min(r * 0.068, 1.45), fill: "surface" });
      return marks;
    }

    /** A site's circle as an element. @param {string} family @param {number} r px @param {any} [flags] see look */
    function circle(family, r, flags) {
      const token = (name) => (name ? `var(--${name})` : "none");
      return s("svg", { viewBox: `${-r - 3} ${-r - 3} ${2 * r + 6} ${2 * r + 6}`, width: 2 * r + 6, height: 2 * r + 6, "aria-hidden": "true" }, look(family, r, flags).map((mark) => {
        if (mark.glyph) return glyph(mark.glyph, `scale(${mark.scale}) translate(-8 -8)`);
        const stroke = mark.stroke ? { stroke: token(mark.stroke), "stroke-width": mark.width, "stroke-dasharray": mark.dash?.join(" ") } : {};
        if (mark.bar) return s("path", { d: `M${-mark.bar} ${mark.bar} ${mark.bar} ${-mark.bar}`, ...stroke });
        return s("circle", { r: mark.r, fill: token(mark.fill), "fill-opacity": mark.opacity, ...stroke });
      }));
    }

    /**
     * A project's shape as marks on its 20 grid, bottom to top: the outline says the status. Colours are names of tokens.
     * @param {string} family @param {string} status
     * @returns {{d: string, fill?: string, opacity?: number | null, stroke?: string, width?: number, dash?: number[], round?: boolean}[]}
     */
    function shapeLook(family, status) {
      const drawing = statuses[status] || statuses.announced;
      const d = shapes[family] || shapes.oth;
      const colour = status === "suspended" ? "ink3" : "green";
      const marks = [];
      if (drawing.fill === "tint") marks.push({ d, fill: "surface" });
      marks.push({ d, fill: drawing.fill === "surface" ? "surface" : colour, opacity: drawing.fill === "tint" ? 0.38 : null, stroke: colour, width: drawing.width, dash: drawing.dash, round: drawing.dash[0] < 1 });
      if (drawing.bar) marks.push({ d: "M2 18 18 2", stroke: colour, width: 1.6 });
      return marks;
    }

    /** A project's shape with the outline of its status. */
    function shape(family, status, size = 20, flags = {}) {
      const node = s("svg", { viewBox: "-1 -1 22 22", width: size, height: size, "aria-hidden": "true", class: flags.map ? "shape glow" : "shape" });
      for (const mark of shapeLook(family, status)) {
        const stroke = mark.stroke ? { stroke: `var(--${mark.stroke})`, "stroke-width": mark.width, "stroke-linejoin": "round", "stroke-dasharray": mark.dash?.length ? mark.dash.join(" ") : null, "stroke-linecap": mark.round ? "round" : null } : {};
        node.append(s("path", { d: mark.d, fill: mark.fill ? `var(--${mark.fill})` : null, "fill-opacity": mark.opacity ?? null, ...stroke }));
      }
      return node;
    }

    return { badge, circle, shape, look, shapeLook, glyph: outline };
  }

  /** The lines of an icon on its 24 grid. @param {string} name @returns {string[]} */
  const lines = (name) => ICONS[name] || ICONS.info;

  pm.icons = { icon, lines, logo, symbols };
})((globalThis.provence ??= {}));
