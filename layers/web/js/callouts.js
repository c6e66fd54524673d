// Where the callouts of a scene go: beside what they name, over nothing that must be seen. No element, no map.
(function (pm) {
  "use strict";
  const { overlap } = pm.labels;
  // How far from the ring, in multiples of the gap, and to which sides: the first that is free and hides the least.
  const REACHES = [1, 3, 6, 10, 15, 22];
  const SIDES = [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, 1], [1, -1], [-1, -1], [1, 0.5], [1, -0.5], [-1, 0.5], [-1, -0.5], [0.5, 1], [-0.5, 1], [0.5, -1], [-0.5, -1]];
  // What hiding a symbol, and what a line across another callout or ring, is worth in gaps of distance.
  const HIDES = 3;
  const CROSSES = 30;

  /** @typedef {{left: number, top: number, right: number, bottom: number}} Box in px */

  /** The box of w × h beside a circle, `away` px from it. @param {any} anchor @param {number[]} side @param {number} away @returns {Box} */
  function beside({ x, y, r, w, h }, [across, down], away) {
    // A corner of the box is as far from the circle as a side would be.
    const reach = (across && down ? Math.SQRT1_2 : 1) * (r + away);
    const cx = x + across * (reach + w / 2);
    const cy = y + down * (reach + h / 2);
    return { left: cx - w / 2, top: cy - h / 2, right: cx + w / 2, bottom: cy + h / 2 };
  }

  const inside = (box, frame) => box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
  const round = ({ x, y, r }, gap = 0) => ({ left: x - r - gap, top: y - r - gap, right: x + r + gap, bottom: y + r + gap });

  /** Any free place of the frame, the nearest first. @returns {Box | null} */
  function anywhere(anchor, frame, free) {
    const found = [];
    const step = Math.max(anchor.h / 2, 4);
    for (let top = frame.top; top + anchor.h <= frame.bottom; top += step) {
      for (let left = frame.left; left + anchor.w <= frame.right; left += step) {
        const box = { left, top, right: left + anchor.w, bottom: top + anchor.h };
        if (free(box)) found.push({ box, away: Math.hypot(left + anchor.w / 2 - anchor.x, top + anchor.h / 2 - anchor.y) });
      }
    }
    return found.sort((a, b) => a.away - b.away)[0]?.box ?? null;
  }

  /**
   * Place a callout for each ring that lies in the frame.
   * @param {{x: number, y: number, r: number, w: number, h: number}[]} anchors rings, with the size of the callout of each (px); without a radius the middle of an area
   * @param {{frame: Box, gap: number, taken?: Box[], symbols?: (Box & {weight?: number})[]}} where taken: no callout may cover it; symbols: better left free
   * @returns {(Box | null)[]} in the order of the anchors; null where the ring is out of sight or no place is left
   */
  function place(anchors, { frame, gap, taken = [], symbols = [] }) {
    // An area has none, and a box without any extent covers nothing.
    const rings = anchors.map((anchor) => (anchor.r ? round(anchor, gap / 2) : { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }));
    /** @type {{box: Box, line: any}[]} */
    const placed = [];
    return anchors.map((anchor, own) => {
      if (!inside({ left: anchor.x, right: anchor.x, top: anchor.y, bottom: anchor.y }, frame)) return null;
      const free = (box) => inside(box, frame) && ![...placed.map((other) => other.box), ...taken, ...rings].some((other) => overlap(box, other));
      // A ring around this one is left by any line.
      const others = rings.filter((ring, i) => i !== own && !overlap(ring, rings[own]));
      const crossed = (box, line) => placed.filter((other) => crosses(line, other.box) || crosses(other.line, box)).length + others.filter((ring) => crosses(line, ring)).length;
      const hidden = (box) => symbols.reduce((sum, other) => sum + (overlap(box, other) ? other.weight ?? 1 : 0), 0);
      // What has no ring is an area: its callout lies in the middle of it.
      const middle = beside({ ...anchor, r: 0 }, [0, 0], 0);
      let best = !anchor.r && free(middle) ? { box: middle, line: null, cost: HIDES * hidden(middle) } : null;
      for (const reach of REACHES) {
        SIDES.forEach((side, order) => {
          const box = beside(anchor, side, gap * reach);
          if (!free(box)) return;
          const line = leader(anchor, box, gap);
          const cost = reach + order * 0.1 + HIDES * hidden(box) + CROSSES * crossed(box, line);
          if (!best || cost < best.cost) best = { box, line, cost };
        });
      }
      const box = best ? best.box : anywhere(anchor, frame, free);
      if (box) placed.push({ box, line: best?.line ?? leader(anchor, box, gap) });
      return box;
    });
  }

  /** Whether a line goes over a box. @param {{from: {x: number, y: number}, to: {x: number, y: number}} | null} line @param {Box} box */
  function crosses(line, box) {
    if (!line) return false;
    // The part of the line between both edges, along one axis and then the other.
    let [enters, leaves] = [0, 1];
    for (const [from, along, least, most] of [[line.from.x, line.to.x - line.from.x, box.left, box.right], [line.from.y, line.to.y - line.from.y, box.top, box.bottom]]) {
      if (!along && (from < least || from > most)) return false;
      if (!along) continue;
      const ends = [(least - from) / along, (most - from) / along].sort((a, b) => a - b);
      [enters, leaves] = [Math.max(enters, ends[0]), Math.min(leaves, ends[1])];
    }
    return enters < leaves;
  }

  /** The line from a ring to its callout, or null where they are beside one another. @param {{x: number, y: number, r: number}} ring @param {Box} box @param {number} near px */
  function leader({ x, y, r }, box, near) {
    const to = { x: Math.min(Math.max(x, box.left), box.right), y: Math.min(Math.max(y, box.top), box.bottom) };
    const length = Math.hypot(to.x - x, to.y - y);
    if (length - r <= near) return null;
    return { from: { x: x + ((to.x - x) * r) / length, y: y + ((to.y - y) * r) / length }, to };
  }

  /**
   * Break a name into lines no wider than `most`, as even as they can be.
   * @param {string} text @param {number} most @param {(line: string) => number} measure
   */
  function lines(text, most, measure) {
    const words = text.split(" ");
    const fill = (limit) => words.reduce((rows, word) => {
      const last = rows[rows.length - 1];
      if (last !== undefined && measure(`${last} ${word}`) <= limit) rows[rows.length - 1] = `${last} ${word}`;
      else rows.push(word);
      return rows;
    }, /** @type {string[]} */ ([]));
    const rows = fill(most);
    for (let limit = measure(text) / rows.length; limit < most; limit += most / 40) {
      const even = fill(limit);
      if (even.length === rows.length) return even;
    }
    return rows;
  }

  pm.callouts = { place, leader, crosses, lines };
})((globalThis.provence ??= {}));
