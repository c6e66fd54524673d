// What the page lays over the map: names keep clear of it, and what is framed is framed beside it.
(function (pm) {
  "use strict";
  // The width from which the card stands beside the map.
  const DOCKED_PX = 1200;

  /** @param {(id: string) => HTMLElement} $ @param {() => boolean} narrow whether panels are sheets */
  function create($, narrow) {
    /** What floats over the map, in its own px. */
    function overlays() {
      const origin = $("stage").getBoundingClientRect();
      return [$("key"), $("controls"), $("themes"), $("timeline"), $("active"), $("attribution")].filter((node) => !node.hidden && node.offsetWidth).map((node) => {
        const box = node.getBoundingClientRect();
        return { left: box.left - origin.left, right: box.right - origin.left, top: box.top - origin.top, bottom: box.bottom - origin.top };
      });
    }

    /** How much of the map the page hides at each edge, in px. */
    function covered() {
      const card = $("card").hidden ? null : $("card");
      if (narrow()) return { top: 116, right: 0, bottom: card ? card.offsetHeight : 0 };
      return { top: 0, bottom: $("timeline").offsetHeight, right: card && window.innerWidth < DOCKED_PX ? card.offsetWidth : 0 };
    }

    return { overlays, covered };
  }

  pm.room = { create };
})((globalThis.provence ??= {}));
