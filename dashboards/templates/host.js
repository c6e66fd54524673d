// The page around the map: address, back and forward, and BokehJS with its session only once the map is painted.
(function () {
  "use strict";
  const PATIENCE_MS = 5000;
  // Within the five minutes that the page's token holds.
  const TRIES = 8;
  const AGAIN_MS = 25_000;
  const frame = /** @type {HTMLIFrameElement} */ (document.getElementById("map"));
  const opening = document.getElementById("opening");
  const WORDS = JSON.parse(document.getElementById("words").textContent);
  const darkScheme = matchMedia("(prefers-color-scheme: dark)");
  let started = false;
  let failed = false;
  let turn = 0;

  // Asked for by a page that holds this one in a frame: no part of what is on the map.
  const embedded = new URLSearchParams(location.search).get("embed") === "1";
  const asked = () => location.search.slice(1).split("&").filter((part) => part && part.split("=")[0] !== "embed").join("&");

  const languageOf = (query) => new URLSearchParams(query).get("lang") || (navigator.language.toLowerCase().startsWith("fr") ? "fr" : "en");

  function words(query) {
    const language = languageOf(query) === "fr" ? "fr" : "en";
    document.documentElement.lang = language;
    frame.title = frame.dataset[`title_${language}`];
    document.title = frame.dataset[`page_${language}`];
    document.documentElement.dataset.theme = new URLSearchParams(query).get("theme") || (darkScheme.matches ? "dark" : "light");
    document.querySelector("meta[name=description]").setAttribute("content", WORDS[language].what);
    opening.querySelector("p").textContent = WORDS[language][failed ? "failed" : "loading"];
    opening.querySelector("button").textContent = WORDS[language].again;
  }

  /** What came in place of the map, such as the browser's own page of an error, is no map of ours. */
  function arrived() {
    let there = null;
    try {
      there = frame.contentDocument?.querySelector("#stage .leaflet-pane");
    } catch {
      // A page of another origin: not ours.
    }
    failed = !there;
    frame.hidden = failed;
    opening.hidden = !failed;
    opening.querySelector("button").hidden = !failed;
    words(asked());
  }

  /** Leave the first frames to the map; Safari knows no idle callback. @param {() => void} work */
  function whenIdle(work) {
    if (window.requestIdleCallback) window.requestIdleCallback(work, { timeout: 500 });
    else setTimeout(work, 100);
  }

  /** Fetch the scripts that wait in the template, in their order, then join the session: 2 MB of them share the map's thread. */
  function start() {
    if (started) return;
    started = true;
    const later = /** @type {HTMLTemplateElement} */ (document.getElementById("later"));
    for (const node of later.content.children) {
      const copy = document.createElement("script");
      for (const { name, value } of node.attributes) copy.setAttribute(name, value);
      copy.textContent = node.textContent;
      copy.async = false;
      document.body.append(copy);
    }
    [...document.body.querySelectorAll("script[src]")].pop().addEventListener("load", () => join(TRIES));
  }

  /**
   * Join the session; what it shows comes to stand in the panel. A server that has no room just now is asked again, not
   * by all at once: the map needs no session meanwhile. @param {number} tries
   */
  function join(tries) {
    const { Bokeh } = /** @type {any} */ (window);
    const panel = document.getElementById("panel");
    const { token, session } = panel.dataset;
    Bokeh.set_log_level("warn");
    Bokeh.embed.embed_items({}, [{ token, elementid: panel.id, use_for_title: false }], new URL(session, location.href).pathname);
    if (tries > 1) setTimeout(() => { if (!Bokeh.documents.length) join(tries - 1); }, AGAIN_MS * (0.5 + Math.random()));
  }

  window.addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== location.origin || !event.data) return;
    if (event.data.provence === "ready") {
      // So that the map's keys work from the start and its skip links are the first tab stops.
      if (document.activeElement === document.body) frame.focus();
      whenIdle(start);
    }
    // What the map said before it heard of the last step back belongs to another address.
    if (event.data.provence !== "view" || event.data.turn < turn) return;
    const query = event.data.view;
    words(query);
    history[event.data.push ? "pushState" : "replaceState"](null, "", query || embedded ? `?${[query, embedded ? "embed=1" : ""].filter(Boolean).join("&")}` : location.pathname);
  });
  window.addEventListener("popstate", () => {
    words(asked());
    turn += 1;
    frame.contentWindow.postMessage({ apply: asked(), turn }, location.origin);
  });

  opening.querySelector("button").addEventListener("click", () => location.reload());
  darkScheme.addEventListener("change", () => words(asked()));
  words(asked());
  frame.addEventListener("load", arrived);
  frame.src = frame.dataset.src + (embedded ? "?embed=1" : "") + (asked() ? `#${asked()}` : "");
  setTimeout(start, PATIENCE_MS);
})();
