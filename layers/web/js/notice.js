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

    /** Tell when the network goes; the message leaves when it is back. */
    function connection() {
      if (navigator.onLine) drop("offline");
      else say("offline", pm.text.t("notice.offline"), { detail: pm.text.t("notice.offline_more"), tone: "ok" });
    }

    window.addEventListener("online", connection);
    window.addEventListener("offline", connection);

    return { say, drop, clear: () => { fill(root); said.clear(); } };
  }

  pm.notice = { create };
})((globalThis.provence ??= {}));
