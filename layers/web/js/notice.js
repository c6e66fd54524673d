// Short messages: what a link held that could not be shown, what was kept, that the network is gone.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const STAYS_MS = 6000;

  /** @param {HTMLElement} root a live region */
  function create(root) {
    /** @type {Map<string, {node: HTMLElement, timer: number}>} */
    const said = new Map();

    /**
     * Say something; the same `id` says it anew. A sticky message stays until it is closed.
     * @param {string} id @param {string} text
     * @param {{sticky?: boolean, detail?: string, tone?: string, action?: {text: string, run: () => void} | null}} [options]
     */
    function say(id, text, { sticky = false, detail = "", tone = "", action = null } = {}) {
      drop(id);
      const close = h("button.tool", { type: "button", "aria-label": pm.text.t("notice.close"), onclick: () => drop(id) }, pm.icons.icon("close", 18));
      const node = h("div.notice-box", { class: `notice-box ${tone}` }, h("div", null, h("b", null, text), detail ? h("p", null, detail) : null,
        action ? h("button.link", { type: "button", onclick: () => { drop(id); action.run(); } }, action.text) : null), close);
      root.append(node);
      said.set(id, { node, timer: sticky ? 0 : window.setTimeout(() => drop(id), STAYS_MS) });
    }

    function drop(id) {
      const held = said.get(id);
      if (!held) return;
      clearTimeout(held.timer);
      held.node.remove();
      said.delete(id);
    }

    /**
     * Say which parts of a link were passed over, and of a layer that is not here why.
     * @param {string[]} parts as they stand in the link @param {{broken?: Record<string, string>}} [relief] what is told of the relief
     */
    function ignored(parts, relief) {
      if (!parts.length) return;
      const { t, pick } = pm.text;
      const absent = pm.view.DRAPES.filter((layer) => parts.includes(`layers=${layer}`)).map((layer) => t("drape.not_here", { layer: t(`layer.${layer}`) }));
      if (parts.includes("relief=on")) absent.push(relief?.broken ? pick(relief.broken) : t("relief.not_here"));
      say("ignored", t("notice.ignored"), { sticky: true, tone: "warn", detail: [t("notice.ignored_more", { parts: parts.join(", ") }), ...absent].join(" ") });
    }

    /** Tell when the network goes; the message leaves when it is back. */
    function connection() {
      if (navigator.onLine) drop("offline");
      else say("offline", pm.text.t("notice.offline"), { detail: pm.text.t("notice.offline_more"), tone: "ok" });
    }

    window.addEventListener("online", connection);
    window.addEventListener("offline", connection);

    return { say, ignored, drop, clear: () => { fill(root); said.clear(); } };
  }

  pm.notice = { create };
})((globalThis.provence ??= {}));
