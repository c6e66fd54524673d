// The search box: a combobox over sites, companies, projects, communes and places.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const ORDER = ["pole", "commune", "site", "company", "project", "port", "station", "airport", "place", "perception", "zone", "brownfield", "protected"];

  /** @param {HTMLElement} root @param {any} context {model, draw, on} */
  function create(root, context) {
    const { model, config, on } = context;
    let index;
    let companies = new Map();
    const companyEntries = () => [...companies].map(([name, items]) => ({ key: `company:${name}`, kind: "company", name, weight: 3, words: items.map((item) => item.name).join(" ") }));
    /** What it makes or is about, in both languages: a steelworks is found as one whatever its name. */
    const said = (item) => ["en", "fr"].flatMap((language) => [item.activity?.[language], item.summary?.[language], item.sector && config.texts[language][`sector.${item.sector}`], item.technology && config.texts[language][`tech.${item.technology}`]]);

    /** The larger emitter first among sites that fit alike. */
    const weightOf = (item) => (item.kind === "site" ? 4 + Math.min(3, Math.log10(1 + (model.co2(item, pm.view.lastYear) || 0)) / 2.5) : { pole: 8, commune: 6 }[item.kind] || 2);

    const indexNow = () => pm.find.createIndex([...companyEntries(), ...[...model.byKey.values()].filter((item) => !pm.view.DRAPES.includes(item.layer) || item.own_name).map((item) => ({
      key: item.key, kind: item.kind, name: item.name, weight: weightOf(item),
      words: [...said(item), item.name_en, item.name_fr, item.operator, item.holder, item.kind === "commune" ? item.id : item.commune, model.familyName(item, "en"), model.familyName(item, "fr"), item.iata].filter(Boolean).join(" "),
    }))]);
    let found = [];
    let active = -1;
    let input;
    let list;
    let status;

    function build() {
      companies = pm.company.all(model);
      index = indexNow();
      const label = pm.text.t("search.label");
      input = h("input", { type: "search", id: "search", role: "combobox", "aria-label": label, placeholder: label, "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", oninput: run, onkeydown: key, onfocus: begin, onblur: leave });
      list = h("div.found", { id: "found", role: "listbox", "aria-label": pm.text.t("search.results"), hidden: true });
      status = h("span.hidden", { role: "status" });
      list.addEventListener("focusout", leave);
      fill(root, pm.icons.icon("search"), input, h("kbd", { "aria-hidden": "true" }, "/"), list, status);
    }

    /** What is not fetched yet is found as well, once somebody searches. */
    function begin() {
      context.parts?.beside?.all();
      run();
    }

    /** Find what has come since. */
    function renew() {
      companies = pm.company.all(model);
      index = indexNow();
      if (document.activeElement === input) run();
    }

    /** The list goes once the focus is in neither the field nor the list. */
    function leave() {
      setTimeout(() => { if (!root.contains(document.activeElement)) close(); }, 150);
    }

    function run() {
      const query = input.value;
      found = index.search(query);
      // The kind of the best match leads, so that a name typed whole is what Enter opens; the others follow in their order.
      const first = found[0]?.kind;
      const place = (entry) => (entry.kind === first ? -1 : ORDER.indexOf(entry.kind));
      found.sort((a, b) => place(a) - place(b));
      active = found.length ? 0 : -1;
      if (!query.trim()) return close();
      const rows = [];
      let kind = null;
      found.forEach((entry, i) => {
        if (entry.kind !== kind) rows.push(h("div.kind", { role: "presentation" }, pm.text.t(`kind.${entry.kind}_other`)));
        kind = entry.kind;
        rows.push(option(entry, i));
      });
      if (!found.length) rows.push(empty(query));
      fill(list, rows);
      status.textContent = found.length ? pm.text.count("search.count", found.length) : pm.text.t("search.none", { query });
      // Without options it is no list to choose from.
      list.setAttribute("role", found.length ? "listbox" : "group");
      list.hidden = false;
      input.setAttribute("aria-expanded", String(found.length > 0));
      highlight();
      return undefined;
    }

    function option(entry, i) {
      const row = (symbol, name, line) => h("div.option", { role: "option", id: `found-${i}`, "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); pickAt(i); } }, symbol, h("span", null, h("b", { lang: "fr" }, name), h("small", null, line)));
      if (entry.kind === "company") return row(h("span.chip.still", null, pm.icons.icon("park", 14)), entry.name, pm.company.counted(companies.get(entry.name)));
      const item = model.byKey.get(entry.key);
      return row(model.symbol(item, 18), item.name, model.subtitle(item));
    }

    function empty(query) {
      const near = index.suggest(query);
      return h("div.empty", null, h("b", null, pm.text.t("search.none", { query })),
        near ? h("p", null, pm.text.t("search.meant"), " ", h("button.link", { type: "button", onmousedown: (event) => event.preventDefault(), onclick: () => { input.value = near; input.focus(); run(); } }, near)) : h("p", null, pm.text.t("search.hint")));
    }

    function highlight() {
      list.querySelectorAll("[role=option]").forEach((node, i) => node.setAttribute("aria-selected", String(i === active)));
      if (active >= 0) {
        input.setAttribute("aria-activedescendant", `found-${active}`);
        document.getElementById(`found-${active}`)?.scrollIntoView({ block: "nearest" });
      } else input.removeAttribute("aria-activedescendant");
    }

    function pickAt(i) {
      const entry = found[i];
      if (!entry) return;
      input.value = "";
      close();
      input.blur();
      if (entry.kind === "company") on.company(entry.name, companies.get(entry.name));
      else on.found(entry.key);
    }

    function key(event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (found.length) active = (active + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length;
        highlight();
      } else if (event.key === "Enter") {
        event.preventDefault();
        pickAt(active);
      } else if (event.key === "Escape") {
        event.stopPropagation();
        if (input.value) input.value = "";
        else input.blur();
        close();
      }
    }

    function close() {
      if (!list) return;
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    return { build, renew, focus: () => input.focus() };
  }

  pm.search = { create };
})((globalThis.provence ??= {}));
