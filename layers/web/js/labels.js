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
   * Choose a side for each label, in order of rank; a label with no free side is left out.
   * @param {{id: string, x: number, y: number, w: number, h: number, rank: number, fixed?: boolean}[]} labels
   * @param {Box[]} obstacles symbols that no label may cover
   * @param {Box} frame labels must lie inside it
   * @returns {{id: string, side: string, box: Box}[]}
   */
  function place(labels, obstacles, frame) {
    const taken = obstacles.slice();
    const placed = [];
    for (const label of [...labels].sort((a, b) => a.rank - b.rank)) {
      const sides = label.fixed ? ["c"] : ["c", "r", "l", "t", "b"];
      for (const side of sides) {
        const candidate = box(label, label.w, label.h, side);
        const inside = candidate.left >= frame.left && candidate.right <= frame.right && candidate.top >= frame.top && candidate.bottom <= frame.bottom;
        if (!inside || taken.some((other) => overlap(candidate, other))) continue;
        taken.push(candidate);
        placed.push({ id: label.id, side, box: candidate });
        break;
      }
    }
    return placed;
  }

  pm.labels = { place, box, overlap };
})((globalThis.provence ??= {}));
