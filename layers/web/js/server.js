// What only a server can do: areas measured in metres, workbooks, briefs, QR codes. Absent in a file opened from disk.
(function (pm) {
  "use strict";
  const PATIENCE_MS = 60_000;

  /** A server that answered with a reason, or not at all. `faults` lists what is wrong with what was sent. */
  class ServerError extends Error {
    /** @type {{file: string, line: number, said: Record<string, string>}[]} */
    faults = [];
  }

  /** @param {{services: string | null}} config where the services lie, or null without a server */
  function create(config) {
    const base = config.services;

    /** @param {string} path @param {Record<string, string>} [values] @param {string} [query] a View's query to put first */
    function url(path, values = {}, query = "") {
      const rest = new URLSearchParams(values).toString();
      return `${base}${path}?${[query, rest].filter(Boolean).join("&")}`;
    }

    /** Ask, and give the answer; raise ServerError with a sentence in the reader's language. @param {string} address @param {RequestInit} [options] */
    async function ask(address, options = {}) {
      let answer;
      try {
        answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS), ...options });
      } catch (error) {
        throw new ServerError(pm.text.t("server.silent"), { cause: error });
      }
      if (answer.ok) return answer;
      const told = await answer.json().catch(() => null);
      const refusal = new ServerError(told?.error?.[pm.text.language] || pm.text.t("server.refused", { status: answer.status }));
      refusal.faults = told?.faults || [];
      throw refusal;
    }

    /** Send something, and give the answer as `ask` does. @param {string} path @param {BodyInit} body */
    const send = (path, body) => ask(`${base}${path}`, { method: "POST", body });

    /** Fetch a file and hand it to the browser's downloads. @returns {Promise<string>} its name */
    async function save(address, name) {
      const answer = await ask(address);
      const named = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") || "")?.[1] || name;
      handOver(await answer.blob(), named);
      return named;
    }

    return { available: base !== null, url, ask, send, save };
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
