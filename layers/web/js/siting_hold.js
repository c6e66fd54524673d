// Does the order of communes or zones hold: each weight in turn a fifth lower and a fifth higher, ranked again.
(function (pm) {
  "use strict";
  const MOVED = 0.2;

  /** The variations of some weights: one criterion moved, down then up. @param {Record<string, number>} weights @param {{id: string}[]} criteria */
  function variations(weights, criteria) {
    return criteria.filter(({ id }) => weights[id] > 0).flatMap(({ id }) => [1 - MOVED, 1 + MOVED].map((by) => ({ id, by, weights: { ...weights, [id]: weights[id] * by } })));
  }

  /**
   * What the variations did to the first rows.
   * @param {{area: number}[]} ranked as it stands @param {{id: string, by: number, ranked: {area: number}[]}[]} tried @param {number} most rows that are told
   */
  function told(ranked, tried, most) {
    const shown = ranked.slice(0, most);
    const places = tried.map((one) => new Map(one.ranked.map(({ area }, i) => [area, i + 1])));
    const rows = shown.map(({ area }, i) => {
      const all = [i + 1, ...places.map((place) => place.get(area) ?? Infinity)];
      return { area, from: Math.min(...all), to: Math.max(...all) };
    });
    const first = tried.filter((one) => shown.length && one.ranked[0]?.area !== shown[0].area);
    return { rows, tried: tried.length, firstHolds: tried.length - first.length, upset: [...new Set(first.map(({ id }) => id))], always: rows.filter(({ to }) => to <= most).length };
  }

  /**
   * Try all variations, one a turn so that the page answers meanwhile; ends early, with null, when `wanted` says no.
   * @param {any} grid @param {Record<string, number>} weights @param {number} mask @param {{area: number}[]} ranked @param {() => boolean} wanted
   * @param {string} [kind] communes or zones @param {(run: () => void) => void} [later]
   */
  async function holds(grid, weights, mask, ranked, wanted, kind = "communes", later = (run) => setTimeout(run)) {
    const { criteria, rule } = grid.pack;
    const into = new Uint16Array(grid.n);
    const tried = [];
    for (const { id, by, weights: moved } of variations(weights, criteria)) {
      await new Promise((done) => later(/** @type {any} */ (done)));
      if (!wanted()) return null;
      tried.push({ id, by, ranked: pm.sitingGrid.rank(grid, pm.sitingGrid.score(grid, pm.sitingGrid.shares(moved, criteria), mask, into), kind) });
    }
    return told(ranked, tried, rule.most);
  }

  pm.sitingHold = { variations, told, holds };
})((globalThis.provence ??= {}));
