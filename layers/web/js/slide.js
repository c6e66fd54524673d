// The text side of a scene: topic, title, key figure, caption, chart, sources, and how far the show is. All lengths are
// multiples of --k, so that the same slide is a screen, a thumbnail or a phone.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  // From the sizes of the design down, until everything has its place: key figure, title, caption, space between.
  const SIZES = {
    scene: [[232, 68, 38, 44], [196, 68, 38, 36], [164, 64, 36, 30], [132, 60, 34, 24], [104, 56, 32, 20], [84, 50, 30, 16], [72, 44, 28, 12]],
    charted: [[148, 68, 36, 30], [124, 64, 34, 24], [104, 60, 32, 20], [88, 56, 31, 16], [76, 54, 30, 12], [64, 48, 28, 10]],
    opening: [[148, 104, 42, 40], [132, 92, 40, 36], [116, 80, 38, 30], [100, 68, 36, 24], [84, 56, 32, 18]],
  };
  const CHART_HEAD = 36;
  // A line may end with the dot between two parts, not begin with it.
  const tied = (text) => text.replace(/ · /g, "\u00a0· ");
  const proper = (text) => text.replace(/\b(CO|H)2\b/g, "$1₂");

  /** Segments of a text in the reader's language, or in the other where it is missing. @param {any} pair */
  const segments = (pair) => (pair?.[pm.text.language]?.length ? pair[pm.text.language] : pair?.[pm.text.language === "fr" ? "en" : "fr"]) || [];

  /** Segments as text nodes, the letter of its source after each figure. @param {any} pair */
  function words(pair) {
    return pm.showState.lettered(segments(pair)).map(({ text, letter }) => [proper(text), letter ? h("sup", null, letter) : null]);
  }

  const said = (pair) => proper(pm.showState.said(segments(pair)));

  /** What a screen reader is told of a scene. @param {any} scene */
  function spoken(scene) {
    const { pick } = pm.text;
    const figure = scene.figure ? pick(scene.figure.said) : "";
    return [pick(scene.topic), said(scene.title), figure, said(scene.caption), scene.chart ? pm.slideChart.words(scene.chart) : ""].filter(Boolean).map((text) => text.replace(/[.\s]+$/, "")).join(". ");
  }

  function figure(scene) {
    if (!scene.figure || !pm.text.pick(scene.figure.value)) return null;
    const { value, unit, source } = scene.figure;
    return h("p.slide-figure", null, h("span", null, h("b", null, pm.text.pick(value)), pm.text.pick(unit) ? h("small", null, pm.text.pick(unit)) : null, h("sup", null, pm.showState.letter(source))));
  }

  function chart(scene) {
    if (!scene.chart) return null;
    const { title, unit, note, source } = scene.chart;
    const [head, in_, about] = [title, unit, note].map((pair) => pm.text.pick(pair));
    // "Projects by status" says by itself what it counts.
    const units = in_ && !head.toLowerCase().includes(in_.toLowerCase()) ? `, ${in_}` : "";
    return h("figure.slide-chart", null, h("figcaption", null, head, units, h("sup", null, pm.showState.letter(source))), h("div.slide-plot"), about ? h("p.slide-note", null, about) : null);
  }

  /** The sources of a scene, each with the letter its figures bear. @param {any} scene */
  function sources(scene) {
    if (!scene.sources.length) return null;
    return h("ol.slide-sources", { "aria-label": pm.text.t("show.sources") }, scene.sources.map((source, i) => h("li", { title: pm.text.pick(source.said) }, h("b", null, pm.showState.letter(i)), h("span", null, tied(pm.text.pick(source.said))))));
  }

  /** What the file is made of, on the last slide. @param {{version: string, data: string, data_version: string, checksum: string}} colophon */
  function imprint(colophon) {
    const { t, date } = pm.text;
    return h("p.slide-colophon", null, t("show.colophon", { version: colophon.version, date: date(colophon.data), data: colophon.data_version }), h("br"), t("show.checksum", { checksum: colophon.checksum }));
  }

  function progress({ index, total }) {
    const { dots, share } = pm.showState.progress(index, total);
    const marks = dots ? dots.map((state) => h(state ? `i.${state}` : "i")) : h("i.bar", null, h("i", { style: `width:${(share * 100).toFixed(2)}%` }));
    return h("p.slide-progress", null, h("span.marks", { "aria-hidden": "true" }, marks), h("span.count", null, pm.text.t("show.of", { n: pm.text.number(index + 1), total: pm.text.number(total) })));
  }

  /**
   * Build the slide of a scene.
   * @param {any} scene @param {{index: number, total: number, year: number | null, colophon?: any, key?: any, mini?: boolean}} at `key` see slide_key.js
   * @returns {{node: HTMLElement, fit: () => void, mark: (year: number | null) => void}} `fit` once it stands in the page
   */
  function build(scene, at) {
    const kind = scene.kind || "scene";
    const plot = chart(scene);
    const caption = segments(scene.caption).length ? h("p.slide-caption", null, words(scene.caption)) : null;
    const main = h("div.slide-main", null, pm.text.pick(scene.topic) ? h("p.slide-topic", null, pm.text.pick(scene.topic)) : null, h("h1.slide-title", null, words(scene.title)), figure(scene), caption, plot);
    const foot = h("div.slide-foot", null, kind === "closing" && at.colophon ? imprint(at.colophon) : null, sources(scene), progress(at));
    const year = h("p.slide-year", { hidden: !scene.years }, String(at.year ?? ""));
    const corner = h("div.slide-corner");
    const picture = scene.picture ? h("img.slide-picture", { src: scene.picture.data, alt: pm.text.pick(scene.picture.alt) }) : null;
    const node = h("article.slide", { class: `slide slide-${kind}${scene.figure ? " with-figure" : ""}${plot ? " with-chart" : ""}${picture ? " with-picture" : ""}` }, picture, h("div.slide-veil"), h("div.slide-text", null, main, foot), year, corner);
    /** @type {any} */
    let drawn = null;
    let shown = at.year;

    function legend() {
      const credit = pm.text.pick(scene.picture ? scene.picture.credit : scene.credit);
      fill(corner, scene.picture || kind !== "scene" ? null : at.key?.build(scene.at, shown), credit ? h("p.slide-credit", null, tied(credit)) : null);
    }

    /** A box around rows that wrap is as wide as they may be: make it as wide as they are. */
    function hug() {
      const list = /** @type {HTMLElement | null} */ (corner.querySelector(".slide-key"));
      if (!list) return;
      list.style.width = "";
      const edges = [...list.children].map((one) => one.lastElementChild.getBoundingClientRect().right);
      const box = list.getBoundingClientRect();
      const pad = (/** @type {HTMLElement} */ (list.firstElementChild)).getBoundingClientRect().left - box.left;
      if (box.width) list.style.width = `${Math.ceil(Math.max(...edges) - box.left + pad) + 1}px`;
    }

    /** Give each part the greatest size at which all have their place. */
    function fit() {
      hug();
      const sizes = SIZES[kind !== "scene" ? "opening" : plot ? "charted" : "scene"];
      const k = Number(node.ownerDocument.defaultView.getComputedStyle(node).getPropertyValue("--k")) || 1;
      const own = node.querySelector(".slide-figure > span");
      const needs = scene.chart ? pm.slideChart.least(scene.chart) * k : 0;
      const box = plot?.querySelector(".slide-plot");
      if (box) fill(box);
      for (const [big, title, text, gap] of sizes) {
        node.style.setProperty("--figure", String(big));
        node.style.setProperty("--title", String(title));
        node.style.setProperty("--caption", String(text));
        node.style.setProperty("--gap", String(gap));
        const wide = own ? own.getBoundingClientRect().width : 0;
        // A long number keeps to its column.
        if (wide > main.clientWidth) node.style.setProperty("--figure", ((big * main.clientWidth) / wide).toFixed(1));
        if (main.scrollHeight <= main.clientHeight + 1 && (!box || box.clientHeight >= needs)) break;
      }
      if (box) {
        const height = Math.max(box.clientHeight / k, needs / k, CHART_HEAD);
        drawn = pm.slideChart.draw(scene.chart, { height: Math.round(height), year: shown });
        fill(box, drawn.node);
      }
    }

    function mark(to) {
      shown = to;
      year.textContent = String(to ?? "");
      drawn?.mark(to);
    }

    legend();
    return { node, fit, mark: (to) => { mark(to); legend(); hug(); } };
  }

  /**
   * A slide as a picture: the map painted by `thumb`, the text over it, nothing to press.
   * @param {any} scene @param {any} at as for build, with {width: px, thumb: (w: number, h: number) => HTMLCanvasElement}
   * @returns {{node: HTMLElement, fit: () => void, mark: (year: number | null) => void}}
   */
  function mini(scene, at) {
    const { width, thumb } = at;
    const height = Math.round((width * 9) / 16);
    const slide = build(scene, at);
    const frame = h("div.slide-mini", { "aria-hidden": "true", inert: true, style: `--k:${width / 1920};width:${width}px;height:${height}px` });
    try {
      frame.append(thumb(width, height));
    } catch (error) {
      console.warn(`scene ${scene.id}: no thumbnail: ${error.message}`);
    }
    frame.append(slide.node);
    return { node: frame, fit: slide.fit, mark: slide.mark };
  }

  pm.slide = { build, mini, spoken, said, words, segments };
})((globalThis.provence ??= {}));
