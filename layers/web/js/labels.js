// Where names go: the higher rank first, a free place among a few, or not at all.
(function (pm) {
  "use strict";

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
   * Choose a side for each label, in order of rank; a label with no free side is left out, and of several places for
   * one name (the same id) the first free one is taken. Small symbols are avoided where another side is free.
   * @param {{id: string, x: number, y: number, w: number, h: number, rank: number, fixed?: boolean, at?: any}[]} labels
   * @param {Box[]} obstacles symbols that no label may cover
   * @param {Box} frame labels must lie inside it
   * @param {Box[]} [small] symbols better left free
   * @returns {{id: string, at: any, side: string, box: Box}[]}
   */
  function place(labels, obstacles, frame, small = []) {
    const taken = obstacles.slice();
    const placed = [];
    const inside = (b) => b.left >= frame.left && b.right <= frame.right && b.top >= frame.top && b.bottom <= frame.bottom;
    for (const label of [...labels].sort((a, b) => a.rank - b.rank)) {
      if (placed.some((other) => other.id === label.id)) continue;
      const sides = label.fixed ? ["c"] : ["c", "r", "l", "t", "b"];
      const free = sides.map((side) => ({ side, box: box(label, label.w, label.h, side) })).filter((c) => inside(c.box) && !taken.some((other) => overlap(c.box, other)));
      const best = free.find((candidate) => !small.some((other) => overlap(candidate.box, other))) || free[0];
      if (!best) continue;
      taken.push(best.box);
      placed.push({ id: label.id, at: label.at, ...best });
    }
    return placed;
  }

  pm.labels = { place, box, overlap };
})((globalThis.provence ??= {}));
