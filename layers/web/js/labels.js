// Where names go: the higher rank first, a free place among a few, or not at all.
(function (pm) {
  "use strict";

  // Side of the squares by which boxes are found again: about a name long.
  const SQUARE_PX = 64;

  /** @typedef {{left: number, top: number, right: number, bottom: number}} Box */

  /** @param {Box} a @param {Box} b */
  const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  /** The box of a label of w × h px around an anchor: c centre, r right, l left, t above, b below. */
  function box(anchor, w, h, side, gap = 8) {
    const x = side === "r" ? anchor.x + gap : side === "l" ? anchor.x - gap - w : anchor.x - w / 2;
    const y = side === "t" ? anchor.y - gap - h : side === "b" ? anchor.y + gap : anchor.y - h / 2;
    return { left: x, top: y, right: x + w, bottom: y + h };
  }

  /**
   * Keep boxes by the squares of the frame they touch, so that thousands of symbols cost a name only those beside it.
   * @param {Box} frame what lies outside of it is never asked for @param {Box[]} boxes
   */
  function index(frame, boxes) {
    const columns = Math.ceil((frame.right - frame.left) / SQUARE_PX) + 1;
    /** @type {Box[][]} */
    const squares = [];
    const clamp = (at, last) => Math.min(Math.max(Math.floor(at / SQUARE_PX), 0), last);
    const rows = Math.ceil((frame.bottom - frame.top) / SQUARE_PX) + 1;

    /** Whether `test` holds for a square that a box touches. @param {Box} b @param {(square: number) => boolean} test */
    function some(b, test) {
      const [x0, x1] = [clamp(b.left - frame.left, columns - 1), clamp(b.right - frame.left, columns - 1)];
      const [y0, y1] = [clamp(b.top - frame.top, rows - 1), clamp(b.bottom - frame.top, rows - 1)];
      for (let y = y0; y <= y1; y++) for (let x = x0; x <= x1; x++) if (test(y * columns + x)) return true;
      return false;
    }

    /** @param {Box} b */
    function add(b) {
      if (overlap(b, frame)) some(b, (square) => void (squares[square] ??= []).push(b));
    }

    boxes.forEach(add);
    return { add, covers: (b) => some(b, (square) => Boolean(squares[square]?.some((other) => overlap(b, other)))) };
  }

  /**
   * Choose a side for each label, in order of rank; a label with no free side is left out, and of several places for
   * one name (the same id) the first free one is taken. Small symbols are avoided where another side is free.
   * @param {{id: string, x: number, y: number, w: number, h: number, rank: number, fixed?: boolean, at?: any}[]} labels
   * @param {Box[]} obstacles symbols that no label may cover
   * @param {Box} frame labels must lie inside it
   * @param {Box[]} [small] symbols better left free
   * @returns {{id: string, at: any, side: string, box: Box}[]}
   */
  function place(labels, obstacles, frame, small = []) {
    const taken = index(frame, obstacles);
    const better = index(frame, small);
    const placed = [];
    const inside = (b) => b.left >= frame.left && b.right <= frame.right && b.top >= frame.top && b.bottom <= frame.bottom;
    for (const label of [...labels].sort((a, b) => a.rank - b.rank)) {
      if (placed.some((other) => other.id === label.id)) continue;
      const sides = label.fixed ? ["c"] : ["c", "r", "l", "t", "b"];
      const free = sides.map((side) => ({ side, box: box(label, label.w, label.h, side) })).filter((c) => inside(c.box) && !taken.covers(c.box));
      const best = free.find((candidate) => !better.covers(candidate.box)) || free[0];
      if (!best) continue;
      taken.add(best.box);
      placed.push({ id: label.id, at: label.at, ...best });
    }
    return placed;
  }

  pm.labels = { place, box, overlap };
})((globalThis.provence ??= {}));
