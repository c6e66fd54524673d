// What only a server can do: areas measured in metres, workbooks, briefs, QR codes. Absent in a file opened from disk.
(function (pm) {
  "use strict";
  const PATIENCE_MS = 60_000;

  /** A server that answered with a reason, or not at all. */
  class ServerError extends Error {}

  /** @param {{services: string | null}} config where the services lie, or null without a server */
  function create(config) {
    const base = config.services;

    /** @param {string} path @param {Record<string, string>} [values] @param {string} [query] a View's query to put first */
    function url(path, values = {}, query = "") {
      const rest = new URLSearchParams(values).toString();
      return `${base}${path}?${[query, rest].filter(Boolean).join("&")}`;
    }

    /** Ask, and give the answer; raise ServerError with a sentence in the reader's language. */
    async function ask(address) {
      let answer;
      try {
        answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
      } catch (error) {
        throw new ServerError(pm.text.t("server.silent"), { cause: error });
      }
      if (answer.ok) return answer;
      const told = await answer.json().catch(() => null);
      throw new ServerError(told?.error?.[pm.text.language] || pm.text.t("server.refused", { status: answer.status }));
    }

    /** Fetch a file and hand it to the browser's downloads. @returns {Promise<string>} its name */
    async function save(address, name) {
      const answer = await ask(address);
      const named = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") || "")?.[1] || name;
      handOver(await answer.blob(), named);
      return named;
    }

    return { available: base !== null, url, ask, save };
  }

  /** Give the reader a file. @param {Blob} blob @param {string} name */
  function handOver(blob, name) {
    const link = /** @type {HTMLAnchorElement} */ (pm.dom.h("a", { href: URL.createObjectURL(blob), download: name }));
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  pm.server = { create, handOver };
})((globalThis.provence ??= {}));
