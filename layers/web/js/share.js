// Sharing a View: its address, a frame for another page, a QR code for the room.
(function (pm) {
  "use strict";
  const { h } = pm.dom;

  /**
   * The address that opens a View: the page around the document where a server has one, else this very file.
   * @param {string} query @param {{services: string | null}} config
   */
  function address(query, config) {
    if (config.services === null) return `${location.href.split(/[?#]/)[0]}${query ? `#${query}` : ""}`;
    const page = new URL(config.services, location.href);
    page.hash = "";
    page.search = query;
    return page.href;
  }

  /** Whether this document stands in another page with a reduced look: the host says so in its address. */
  const embedded = () => new URLSearchParams(location.search).get("embed") === "1";

  /** The same address for a frame of another page. @param {string} link */
  const framed = (link) => `${link}${link.includes("?") ? "&" : "?"}embed=1`;

  /** Copy a text; where the browser does not allow it, select it in its field. @returns {Promise<boolean>} */
  async function copy(text, field) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      field.focus();
      field.select();
      // The way of browsers that allow no clipboard without HTTPS.
      return document.execCommand?.("copy") || false;
    }
  }

  /** A text to copy. */
  function field(id, label, text, tag = "input") {
    const input = /** @type {HTMLInputElement} */ (h(tag, { id, readonly: true, "aria-label": label, ...(tag === "input" ? { type: "text" } : { rows: 4 }), spellcheck: "false" }));
    input.value = text;
    return input;
  }

  /** @param {string} name key of its words @param {HTMLInputElement} input @param {(id: string, text: string) => void} say */
  function copyButton(name, input, say) {
    return h("button.button", { type: "button", onclick: async () => {
      const done = await copy(input.value, input);
      say("copied", pm.text.t(done ? "share.copied" : "share.copy_failed"));
    } }, pm.icons.icon("copy", 18), pm.text.t(name));
  }

  /** The address at which QGIS reads the layers, and how. @param {{services: string | null}} config @param {(id: string, text: string) => void} say */
  function live(config, say) {
    const { t } = pm.text;
    const href = new URL("ogc", new URL(config.services, location.href)).href;
    const input = field("live-address", t("live.address"), href);
    return [h("p.said", null, t("live.what")), input, h("p.said", null, t("live.how")),
      h("div.actions", null, copyButton("live.copy", input, say), h("a.link", { href: `${href}?f=html&lang=${pm.text.language}`, target: "_blank", rel: "noopener" }, t("live.open")))];
  }

  /** @param {any} context {config, on, server} */
  function create(context) {
    const { config, on, server } = context;
    const { t } = pm.text;

    /** @param {any} view */
    function content(view) {
      // Who receives a link reads it in the language and at the place it was sent from.
      const said = { ...view, language: pm.text.language };
      const link = address(pm.view.toQuery(said), config);
      const input = field("share-link", t("share.link"), link);
      const parts = [h("div.card-head", null, h("div.over", null, pm.icons.icon("share", 18), h("span", null, t("share.over"))), h("h2", { tabindex: "-1", id: "card-title" }, t("share.title")), h("p", null, t("share.what"))),
        h("section.sec.share", null, h("h3", null, t("share.link")), input, copyButton("share.copy", input, on.say), config.services === null && !pm.site ? h("p.said", null, t("share.file")) : null)];
      const present = (config.pages || []).find((page) => page.id === "present");
      if (present) parts.push(h("section.sec.share", null, h("h3", null, t("share.scene")), h("p.said", null, t("share.scene_what")), h("a.button", { id: "make-scene", href: pm.header.address(present, said, "scene"), target: "_top" }, pm.icons.icon("screen", 18), t("share.make_scene"))));
      if (server.available) {
        const code = field("share-embed", t("share.embed"), `<iframe src="${framed(link).replace(/&/g, "&amp;")}" title="Provence Map" width="100%" height="640" style="border:0" loading="lazy" allow="clipboard-write"></iframe>`, "textarea");
        parts.push(h("section.sec.share", null, h("h3", null, t("share.qr")), h("img.qr", { src: server.url("qr.svg", { text: link }), width: 200, height: 200, alt: t("share.qr_alt") })),
          h("section.sec.share", null, h("h3", null, t("share.embed")), h("p.said", null, t("share.embed_how")), code, copyButton("share.copy_embed", code, on.say)), h("section.sec.share", null, h("h3", null, t("live.title")), live(config, on.say)));
      }
      return parts;
    }

    return { content, address: (view) => address(pm.view.toQuery({ ...view, language: pm.text.language }), config) };
  }

  pm.share = { create, address, embedded, live };
})((globalThis.provence ??= {}));
