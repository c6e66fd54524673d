// What stands on the ground of a scene: symbols, names and callouts, for a camera and a year.
(function (pm) {
  "use strict";
  // A room sees the symbols of the map this much larger than a reader, on a screen as high as the design's.
  const LARGER = 1.6;
  // How much larger names are than those of the map: they are what decides how much is named.
  const NAMES_LARGER = 34 / 15;
  const STACK_PX = 30;
  // Where a stack is beside the middle of what it holds: above it, or where it hides nothing that a callout points at.
  const STACK_AT = [20, 34, 46, 58, 70].flatMap((away) => Array.from({ length: 12 }, (_, i) => [away * Math.sin((i * Math.PI) / 6), -away * Math.cos((i * Math.PI) / 6)]));
  const DETAIL_ZOOM = 11.5;
  const DIM = 0.35;
  // Lines across an area, to find its middle.
  const LINES = 32;
  // A stack is more than one symbol to hide.
  const STACK_WEIGHT = 4;
  // Points at which the name of a water is held against the land, and the part of them that may be on it.
  const SAMPLES = 40;
  const ASHORE = 0;
  // Symbols painted in one go.
  const PART = 40;
  const FONT = "Inter, system-ui, sans-serif";
  const NAMES = {
    city: { font: `650 34px ${FONT}`, size: 34, line: 38, token: "place" },
    town: { font: `550 26px ${FONT}`, size: 26, line: 30, token: "place" },
    water: { font: `450 25px ${FONT}`, size: 25, line: 32, token: "sea-ink", spacing: 3 },
  };
  const CALLOUT = { name: `620 27px ${FONT}`, line: 32, commune: `450 24px ${FONT}`, second: 30, across: 16, down: 9, radius: 10, most: 470, gap: 12 };
  const RING = { gap: 6, width: 4.5, halo: 10 };
  const CHIP = { full: { r: 11, radius: 6, icon: 15, line: 1.75 }, minor: { r: 8, radius: 5, icon: 11, line: 1.75 } };

  /**
   * @typedef {{camera: any, k: number, ratio: number, width: number, height: number, clear: any, covered: any[], words: boolean, written?: any[]}} Frame
   *   clear: the box in which names and callouts may stand; covered: boxes that lie over the map; words: names and callouts too;
   *   written: takes the boxes of the words that were placed
   */

  /**
   * @param {{model: any, draw: any, config: any}} context
   * @param {any} ink see trace.ink
   * @param {(place: {x: number, y: number}) => boolean} isLand whether a place of the plane is on land
   */
  function create({ model, draw, config }, ink, isLand) {
    /** @type {WeakMap<any, {x: number, y: number}>} */
    const flats = new WeakMap();

    /** Where an item stands on the plane; an area at its town hall, or in the middle of its extent. */
    function flatOf(item) {
      let flat = flats.get(item);
      if (!flat) flats.set(item, flat = pm.framing.project(...placeOf(item)));
      return flat;
    }

    function placeOf(item) {
      if (item.lon !== undefined) return [item.lon, item.lat];
      const hall = config.labels.find(({ id }) => id === `${item.id}-town-hall`);
      if (hall) return [hall.lon, hall.lat];
      return middle(item.geometry);
    }

    /** A place well inside of an area: the middle of a wide line across it, not close to its northern or southern end. */
    function middle({ type, coordinates }) {
      const rings = type === "Polygon" ? coordinates : coordinates.flat();
      const lats = rings.flat().map((point) => point[1]);
      const [south, north] = [Math.min(...lats), Math.max(...lats)];
      let best = { worth: 0, lon: 0, lat: 0 };
      for (let i = 1; i < LINES; i += 1) {
        const lat = south + ((north - south) * i) / LINES;
        const cuts = rings.flatMap((ring) => ring.slice(1).flatMap(([x, y], j) => {
          const [x0, y0] = ring[j];
          return y > lat !== y0 > lat ? [x0 + ((lat - y0) * (x - x0)) / (y - y0)] : [];
        })).sort((a, b) => a - b);
        for (let j = 0; j + 1 < cuts.length; j += 2) {
          const worth = (cuts[j + 1] - cuts[j]) * Math.min(lat - south, north - lat);
          if (worth > best.worth) best = { worth, lon: (cuts[j] + cuts[j + 1]) / 2, lat };
        }
      }
      return [best.lon, best.lat];
    }

    /** The zoom at which the map of a reader shows as much. @param {Frame} frame @param {number} larger */
    const zoomOf = ({ camera, k }, larger) => Math.log2(camera.scale / (k * larger));

    const dimmed = (item, view) => Boolean(view.selection?.startsWith("pole:") && view.selection !== `pole:${item.pole}`);
    const highlights = (scene) => (scene.highlights || []).map((key) => model.byKey.get(key)).filter((item) => item?.geometry);

    /** A symbol with its centre and radius in px. @param {any} item @param {any} view @param {Frame} frame */
    function one(item, view, frame) {
      const unit = frame.k * LARGER;
      const { x, y } = pm.framing.within(frame.camera, flatOf(item));
      const minor = item.minor || (item.kind === "place" && zoomOf(frame, LARGER) < DETAIL_ZOOM);
      const r = item.kind === "site" ? model.radius(model.co2(item, pm.view.verified(view))) : item.kind === "project" ? 10 : item.kind === "perception" ? 15 : minor ? CHIP.minor.r : CHIP.full.r;
      return { item, items: [item], x, y: y - (item.kind === "perception" ? 20 * unit : 0), r: r * unit, minor, alpha: dimmed(item, view) ? DIM : 1 };
    }

    /** Everything that stands on the ground, bottom to top. @param {any} scene @param {any} view @param {Frame} frame */
    function entries(scene, view, frame) {
      const named = new Set(highlights(scene));
      const reach = 60 * frame.k * LARGER;
      const seen = ({ x, y }) => x > -reach && y > -reach && x < frame.width + reach && y < frame.height + reach;
      const small = zoomOf(frame, LARGER) < DETAIL_ZOOM;
      const shown = (layer) => model.visible(layer, view).filter((item) => item.geometry && !named.has(item)).map((item) => one(item, view, frame)).filter(seen);
      const own = [...named].filter((item) => item.lon !== undefined).map((item) => one(item, view, frame)).filter(seen);
      const access = ["ports", "stations", "airports", "places"].flatMap(shown).filter(({ item }) => !(item.minor && small));
      const sites = [...shown("industry"), ...own.filter(({ item }) => item.kind === "site")].sort((a, b) => b.r - a.r || a.y - b.y);
      return [...access, ...sites, ...projects(shown("decarbonation"), own, frame), ...shown("perceptions"), ...own.filter(({ item }) => item.kind !== "site")];
    }

    /** Projects, those near one another as one stack; a stack gives way to what a callout points at. */
    function projects(found, own, frame) {
      const unit = frame.k * LARGER;
      const order = (entry) => model.statusOrder.indexOf(entry.item.status);
      const groups = pm.model.group(found.sort((a, b) => order(a) - order(b)), STACK_PX * unit);
      const at = ({ x, y }, /** @type {number[]} */ [across, down]) => ({ x: x + across * unit, y: y + down * unit });
      const home = groups.map((group) => (group.members.length > 1 ? at(group, STACK_AT[0]) : group));
      const near = (one, other, reach) => Math.hypot(one.x - other.x, one.y - other.y) < reach * unit;
      return groups.map((group, i) => {
        if (group.members.length === 1) return group.members[0];
        const spots = STACK_AT.map((offset) => at(group, offset));
        const hides = (spot) => own.some((other) => near(other, spot, 38));
        const spot = hides(spots[0]) ? spots.find((one) => !hides(one) && !home.some((other, j) => j !== i && near(other, one, 34))) : spots[0];
        return { ...group.members[0], ...(spot ?? spots[0]), items: group.members.map((member) => member.item), r: 16 * unit };
      });
    }

    /** Device px of a point, whole so that what is thin stays sharp. */
    const at = (frame, value) => Math.round(value * frame.ratio);

    function paintEntry(pen, entry, frame) {
      const { item, items, alpha } = entry;
      const how = { x: at(frame, entry.x), y: at(frame, entry.y), alpha, scale: frame.k * LARGER * frame.ratio };
      if (items.length > 1) return stack(pen, items.length, how);
      if (item.kind === "site") return pm.trace.marks(pen, draw.look(item.family, entry.r / (frame.k * LARGER), { closed: item.status === "closed", approximate: item.approximate }), how, ink);
      if (item.kind === "project") return project(pen, item, how);
      if (item.kind === "perception") return bubble(pen, item, how);
      return chip(pen, item.kind === "place" ? item.class : item.layer, entry.minor ? CHIP.minor : CHIP.full, how);
    }

    /** A shape, set off from what lies under it. */
    function project(pen, item, how) {
      const look = draw.shapeLook(item.family, item.status);
      const [{ d }] = look;
      const width = Math.max(...look.map((mark) => mark.width || 0)) + 3;
      pm.trace.marks(pen, [{ d, stroke: "halo", width }], { ...how, alpha: how.alpha * 0.85 }, ink);
      pm.trace.marks(pen, look, how, ink);
    }

    /** Set the pen to units of the map's own drawings around a point. */
    function enter(pen, { x, y, alpha, scale }) {
      pen.setTransform(scale, 0, 0, scale, x, y);
      pen.globalAlpha = alpha;
      pen.setLineDash([]);
    }

    function plate(pen, [left, top, width, height], radius, token) {
      pen.beginPath();
      pen.roundRect(left, top, width, height, radius);
      pen.fillStyle = ink.colour(token);
      pen.fill();
    }

    function write(pen, text, x, y, font, token) {
      pen.font = font;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillStyle = ink.colour(token);
      pen.fillText(text, x, y);
    }

    function stack(pen, count, how) {
      const width = count > 9 ? 35 : 30;
      enter(pen, how);
      pen.globalAlpha = how.alpha * 0.55;
      plate(pen, [4 - width / 2, -15, width - 2, 24], 8, "green");
      pen.globalAlpha = how.alpha;
      plate(pen, [-width / 2, -13, width, 26], 8, "halo");
      plate(pen, [1.5 - width / 2, -11.5, width - 3, 23], 6.5, "green");
      write(pen, String(count), 0, 0.8, `700 13.5px ${FONT}`, "surface");
    }

    function bubble(pen, item, how) {
      enter(pen, how);
      plate(pen, [-16.5, -14.5, 33, 29], 10, "halo");
      plate(pen, [-15, -13, 30, 26], 9, "primary");
      pen.beginPath();
      pen.moveTo(-5, 12.5);
      pen.lineTo(5, 12.5);
      pen.lineTo(0, 19);
      pen.fill();
      write(pen, String(item.rank), 0, 0.8, `700 13px ${FONT}`, "on-primary");
    }

    function chip(pen, name, { r, radius, icon, line }, how) {
      enter(pen, how);
      plate(pen, [-r - 1, -r - 1, 2 * r + 2, 2 * r + 2], radius + 1, "ctl");
      plate(pen, [-r, -r, 2 * r, 2 * r], radius, "surface");
      pen.scale(icon / 24, icon / 24);
      pen.translate(-12, -12);
      pen.strokeStyle = ink.colour("ink2");
      pen.lineWidth = line;
      pen.lineCap = pen.lineJoin = "round";
      for (const d of pm.icons.lines(name)) pen.stroke(ink.path(d));
    }

    const whole = (box, unit) => Object.fromEntries(Object.entries(box).map(([side, value]) => [side, value * unit]));

    /** The rings and callouts of a scene, placed. @param {CanvasRenderingContext2D} pen @param {any} scene @param {any[]} standing @param {Frame} frame */
    function callouts(pen, scene, standing, frame) {
      const { k } = frame;
      const found = highlights(scene).map((item) => {
        const entry = standing.find((other) => other.items.length === 1 && other.item === item);
        const { x, y } = entry ?? pm.framing.within(frame.camera, flatOf(item));
        const text = said(pen, item, k);
        return { ...text, item, x, y, ring: Boolean(entry), r: entry ? entry.r + (RING.gap + RING.width / 2) * k : 0 };
      });
      const symbols = standing.filter(({ r, items }) => items.length > 1 || r > 9 * k).map(({ x, y, r, items }) => ({ left: x - r, top: y - r, right: x + r, bottom: y + r, weight: items.length > 1 ? STACK_WEIGHT : 1 }));
      const boxes = pm.callouts.place(found, { frame: frame.clear, gap: CALLOUT.gap * k, taken: frame.covered, symbols });
      return found.map((callout, i) => ({ ...callout, box: boxes[i] }));
    }

    /** The words of a callout and the room they take: name, then commune; where the position is approximate, it says so. */
    function said(pen, item, k) {
      const width = (font) => (text) => {
        pen.font = font;
        return pen.measureText(text).width;
      };
      pen.setTransform(1, 0, 0, 1, 0, 0);
      const name = pm.callouts.lines(item.name, CALLOUT.most, width(CALLOUT.name));
      const place = item.kind === "commune" ? model.poleName(item.pole) : item.kind === "pole" ? "" : item.commune || "";
      const second = item.approximate && place ? pm.text.about(place) : place;
      const w = Math.max(...name.map(width(CALLOUT.name)), second ? width(CALLOUT.commune)(second) : 0) + 2 * CALLOUT.across;
      return { name, second, w: w * k, h: (name.length * CALLOUT.line + (second ? CALLOUT.second : 0) + 2 * CALLOUT.down) * k };
    }

    function paintRing(pen, { x, y, r }, frame) {
      const { k, ratio } = frame;
      const marks = [{ r, stroke: "veil", width: RING.halo * k, opacity: 0.9 }, { r, stroke: "spot", width: RING.width * k }];
      pm.trace.marks(pen, marks, { x: at(frame, x), y: at(frame, y), alpha: 1, scale: ratio }, ink);
    }

    /** The line from a ring to a callout that found no place beside it. */
    function paintLeader(pen, callout, { k, ratio }) {
      const line = pm.callouts.leader(callout, callout.box, CALLOUT.gap * 1.8 * k);
      if (!line) return;
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.setLineDash([]);
      pen.beginPath();
      pen.moveTo(line.from.x, line.from.y);
      pen.lineTo(line.to.x, line.to.y);
      for (const [token, width] of /** @type {[string, number][]} */ ([["veil", 6], ["spot", 2.5]])) {
        pen.strokeStyle = ink.colour(token);
        pen.lineWidth = width * k;
        pen.stroke();
      }
    }

    function paintCallout(pen, callout, frame) {
      const { box, name, second } = callout;
      const { k, ratio } = frame;
      pen.setTransform(k * ratio, 0, 0, k * ratio, at(frame, box.left), at(frame, box.top));
      pen.globalAlpha = 0.9;
      const [width, height] = [(box.right - box.left) / k, (box.bottom - box.top) / k];
      plate(pen, [0, 0, width, height], CALLOUT.radius, "veil");
      pen.globalAlpha = 1;
      // The name of a pole wears its colour, as its outline does.
      if (callout.item.kind === "pole") plate(pen, [CALLOUT.across / 2 - 2, CALLOUT.down, 4, height - 2 * CALLOUT.down], 2, callout.item.id);
      pen.textAlign = "left";
      pen.textBaseline = "middle";
      pen.font = CALLOUT.name;
      pen.fillStyle = ink.colour("ink");
      name.forEach((text, i) => pen.fillText(text, CALLOUT.across, CALLOUT.down + (i + 0.5) * CALLOUT.line));
      pen.font = CALLOUT.commune;
      pen.fillStyle = ink.colour("ink2");
      pen.fillText(second, CALLOUT.across, CALLOUT.down + name.length * CALLOUT.line + CALLOUT.second / 2);
    }

    /** The names that find room, with symbols and callouts where they are. Placed in the px of a reader's map. */
    function names(pen, standing, callouts, frame) {
      const unit = frame.k * LARGER;
      const zoom = zoomOf(frame, NAMES_LARGER);
      const small = (box) => whole(box, 1 / unit);
      pen.setTransform(1, 0, 0, 1, 0, 0);
      const shown = config.labels.filter((label) => zoom >= label.zoom && (label.until === undefined || zoom < label.until));
      const candidates = shown.flatMap((label) => {
        const { font, line, spacing = 0 } = NAMES[label.kind];
        const { x, y } = pm.framing.within(frame.camera, pm.framing.project(label.lon, label.lat));
        const lines = label.name.split("\n");
        pen.font = font;
        const w = Math.max(...lines.map((text) => pen.measureText(text).width + text.length * spacing));
        const candidate = { id: label.id, at: { label, lines }, x: x / unit, y: y / unit, w: (w + 8) / LARGER, h: (lines.length * line) / LARGER, rank: label.rank, fixed: label.kind === "water" };
        if (label.kind !== "water") return [candidate];
        // A name of the open sea may float a little to either side of its place.
        const drifts = lines.length > 1 ? [0] : [0, -0.35, 0.35];
        return drifts.map((drift) => ({ ...candidate, x: candidate.x + drift * candidate.w })).filter((one) => afloat(one, unit, frame));
      });
      const round = ({ x, y, r }, part = 0.85) => ({ left: (x - r * part) / unit, right: (x + r * part) / unit, top: (y - r * part) / unit, bottom: (y + r * part) / unit });
      const large = standing.filter(({ r, items }) => items.length > 1 || r > 9 * unit);
      const obstacles = [...frame.covered.map(small), ...callouts.flatMap((callout) => [round(callout, 1), ...(callout.box ? [small(callout.box)] : [])]), ...large.map((entry) => round(entry))];
      return pm.labels.place(candidates, obstacles, small(frame.clear), standing.filter((entry) => !large.includes(entry)).map((entry) => round(entry)));
    }

    /** Whether the name of a water, which is wider here than on the map of a reader, stays off the land. */
    function afloat({ x, y, w, h }, unit, { camera }) {
      const place = (across, down) => ({ x: camera.left + ((x + across * w) * unit) / camera.scale, y: camera.top + ((y + down * h) * unit) / camera.scale });
      const points = [-0.4, 0, 0.4].flatMap((down) => Array.from({ length: SAMPLES + 1 }, (_, i) => place(i / SAMPLES - 0.5, down)));
      return points.filter(isLand).length <= points.length * ASHORE;
    }

    function paintName(pen, { at: { label, lines }, box }, frame) {
      const unit = frame.k * LARGER;
      const { font, line, token, spacing = 0 } = NAMES[label.kind];
      const scale = frame.k * frame.ratio;
      pen.setTransform(scale, 0, 0, scale, at(frame, ((box.left + box.right) / 2) * unit), at(frame, ((box.top + box.bottom) / 2) * unit));
      pen.font = font;
      pen.letterSpacing = `${spacing}px`;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.lineJoin = "round";
      pen.setLineDash([]);
      lines.forEach((text, i) => {
        const y = (i - (lines.length - 1) / 2) * line;
        if (label.kind !== "water") {
          pen.strokeStyle = ink.colour("halo");
          for (const [width, alpha] of [[8, 0.35], [5, 0.7]]) {
            pen.lineWidth = width;
            pen.globalAlpha = alpha;
            pen.strokeText(text, 0, y);
          }
          pen.globalAlpha = 1;
        }
        pen.fillStyle = ink.colour(token);
        pen.fillText(text, spacing / 2, y);
      });
      pen.letterSpacing = "0px";
    }

    /** Paint all of it, a part at a time. @param {CanvasRenderingContext2D} pen @param {any} scene @param {any} view its View, with the year to show @param {Frame} frame */
    function* paint(pen, scene, view, frame) {
      const standing = entries(scene, view, frame);
      yield;
      for (const [i, entry] of standing.entries()) {
        paintEntry(pen, entry, frame);
        if (i % PART === PART - 1) yield;
      }
      if (!frame.words) return;
      pen.globalAlpha = 1;
      const pointed = callouts(pen, scene, standing, frame);
      yield;
      const said = names(pen, standing, pointed, frame);
      frame.written?.push(...pointed.map(({ box }) => box).filter(Boolean), ...said.map(({ box }) => whole(box, frame.k * LARGER)));
      yield;
      for (const name of said) paintName(pen, name, frame);
      yield;
      for (const callout of pointed) if (callout.ring) paintRing(pen, callout, frame);
      const placed = pointed.filter(({ box }) => box);
      for (const callout of placed) paintLeader(pen, callout, frame);
      for (const callout of placed) paintCallout(pen, callout, frame);
    }

    return { paint };
  }

  pm.sceneryMarks = { create, LARGER };
})((globalThis.provence ??= {}));
