// Small windows over the page: choose one of many by typing, or answer a question. Escape leaves both as things were.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const MOST_SHOWN = 80;

  /** @param {string} title @param {any[]} body @param {(result: any) => void} done @param {string} [kind] a class */
  function open(title, body, done, kind = "") {
    let result = null;
    const window_ = /** @type {HTMLDialogElement} */ (h("dialog.pick", { class: `pick ${kind}`, "aria-labelledby": "pick-title" },
      h("div.pick-head", null, h("h2", { id: "pick-title" }, title), h("button.tool", { type: "button", "aria-label": pm.text.t("compose.close"), onclick: () => window_.close() }, pm.icons.icon("close"))), body));
    const opener = document.activeElement;
    window_.addEventListener("close", () => {
      window_.remove();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
      done(result);
    });
    // A press on the veil around it, not inside.
    window_.addEventListener("pointerdown", (event) => { if (event.target === window_) window_.close(); });
    document.body.append(window_);
    window_.showModal();
    return { close(value) { result = value; window_.close(); } };
  }

  /**
   * Let a reader choose one of some rows; null when none was chosen.
   * @param {{title: string, label: string, rows: {id: string, name: string, line: string, words?: string, symbol?: () => Element, over?: string}[], other?: (query: string) => any}} given
   *   other: the row to offer for words that match none of the rows, or null
   * @returns {Promise<string | null>}
   */
  function one({ title, label, rows, other = () => null }) {
    const index = pm.find.createIndex(rows.map((row) => ({ key: row.id, kind: "row", name: row.name, words: `${row.line} ${row.over || ""} ${row.words || ""} ${row.id}` })));
    const byId = new Map(rows.map((row) => [row.id, row]));
    let shown = rows;
    let active = 0;
    const list = h("div.pick-list", { id: "pick-list", role: "listbox", "aria-label": label, tabindex: "-1" });
    const status = h("p.said.pick-said", { role: "status" });
    const input = /** @type {HTMLInputElement} */ (h("input", { type: "text", id: "pick-search", role: "combobox", "aria-label": label, placeholder: label, "aria-expanded": "true", "aria-controls": "pick-list", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", oninput: run, onkeydown: key }));
    return new Promise((resolve) => {
      const dialog = open(title, [h("div.pick-search", null, pm.icons.icon("search", 18), input), status, list], resolve, "choose");
      one.close = dialog.close;
      run();
      input.focus();
    });

    function run() {
      const query = input.value.trim();
      shown = query ? index.search(query, rows.length).map((entry) => byId.get(entry.key)) : rows;
      active = 0;
      const typed = query && !shown.length ? other(query) : null;
      if (typed) shown = [typed];
      const first = shown.slice(0, MOST_SHOWN);
      fill(list, first.map((row, i) => h("div.option", { role: "option", id: `pick-${i}`, "aria-selected": "false", onclick: () => one.close(row.id) },
        row.symbol ? row.symbol() : null, h("span", null, row.over ? h("em", null, row.over) : null, h("b", null, row.name), h("small", null, row.line)))));
      const n = shown.length;
      status.textContent = !n || typed ? pm.text.t("search.none", { query }) : n > MOST_SHOWN ? pm.text.t("compose.first_of", { n: pm.text.number(n), most: pm.text.number(MOST_SHOWN) }) : pm.text.count("search.count", n);
      highlight();
    }

    function highlight() {
      list.querySelectorAll("[role=option]").forEach((node, i) => node.setAttribute("aria-selected", String(i === active)));
      const node = list.querySelector("[aria-selected=true]");
      if (node) input.setAttribute("aria-activedescendant", node.id);
      else input.removeAttribute("aria-activedescendant");
      node?.scrollIntoView({ block: "nearest" });
    }

    function key(event) {
      const n = Math.min(shown.length, MOST_SHOWN);
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && n) {
        event.preventDefault();
        active = (active + (event.key === "ArrowDown" ? 1 : -1) + n) % n;
        highlight();
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (shown[active]) one.close(shown[active].id);
      }
    }
  }
  /** @type {(value: string) => void} of the window that is open */
  one.close = () => {};

  /**
   * Ask before something is lost. @param {{title: string, text: string, yes: string, extra?: any}} given
   * @returns {Promise<boolean>}
   */
  function sure({ title, text, yes, extra = null }) {
    return new Promise((resolve) => {
      const dialog = open(title, [h("p", null, text), h("div.actions", null, h("button.button", { type: "button", id: "pick-no", onclick: () => dialog.close(false) }, pm.text.t("compose.no")), extra,
        h("button.button.primary", { type: "button", id: "pick-yes", onclick: () => dialog.close(true) }, yes))], (result) => resolve(Boolean(result)), "ask");
      document.getElementById("pick-no").focus();
    });
  }

  /** Show a list of faults, each with its file and line. @param {string} title @param {string} text @param {{file: string, line: number, said: Record<string, string>}[]} faults */
  function faults(title, text, faults) {
    const rows = faults.map((fault) => h("li", null, h("b", null, fault.line ? pm.text.t("compose.at_line", { file: fault.file, line: fault.line }) : fault.file), h("span", null, fault.said[pm.text.language])));
    return new Promise((resolve) => open(title, [h("p", null, text), h("ul.fault-list", { tabindex: "0", "aria-label": title }, rows)], resolve, "faults"));
  }

  pm.pick = { open, one, sure, faults };
})((globalThis.provence ??= {}));
