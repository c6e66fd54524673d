// The page around the map: address, back and forward, and BokehJS only once the map is painted.
(function () {
  "use strict";
  const PATIENCE_MS = 5000;
  // Our one component draws no plot: these parts of BokehJS are never fetched.
  const NEEDLESS = /\/bokeh-(?:gl|mathjax)\./;
  const frame = /** @type {HTMLIFrameElement} */ (document.getElementById("map"));
  const opening = document.getElementById("opening");
  const WORDS = JSON.parse(document.getElementById("words").textContent);
  const darkScheme = matchMedia("(prefers-color-scheme: dark)");
  let started = false;
  let failed = false;
  let turn = 0;

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
    words(location.search);
  }

  /** Leave the first frames to the map; Safari knows no idle callback. @param {() => void} work */
  function whenIdle(work) {
    if (window.requestIdleCallback) window.requestIdleCallback(work, { timeout: 500 });
    else setTimeout(work, 100);
  }

  /** Run the scripts that wait in the template, in their order: 3 MB of them share the map's thread. */
  function start() {
    if (started) return;
    started = true;
    const later = /** @type {HTMLTemplateElement} */ (document.getElementById("later"));
    for (const node of later.content.children) {
      if (NEEDLESS.test(node.getAttribute("src") ?? "")) continue;
      const copy = document.createElement(node.tagName);
      for (const { name, value } of node.attributes) copy.setAttribute(name, value);
      copy.textContent = node.textContent;
      if (copy instanceof HTMLScriptElement && copy.src) copy.async = false;
      const inline = copy instanceof HTMLScriptElement && !copy.src && !["application/json", "module"].includes(copy.type);
      if (inline) after(copy);
      else document.body.append(copy);
    }
  }

  /** An inline script must not overtake those fetched before it. */
  function after(script) {
    const fetched = [...document.body.querySelectorAll("script[src]")].pop();
    if (!fetched) document.body.append(script);
    else fetched.addEventListener("load", () => document.body.append(script));
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
    history[event.data.push ? "pushState" : "replaceState"](null, "", query ? `?${query}` : location.pathname);
  });
  window.addEventListener("popstate", () => {
    words(location.search);
    turn += 1;
    frame.contentWindow.postMessage({ apply: location.search.slice(1), turn }, location.origin);
  });

  opening.querySelector("button").addEventListener("click", () => location.reload());
  darkScheme.addEventListener("change", () => words(location.search));
  words(location.search);
  frame.addEventListener("load", arrived);
  frame.src = frame.dataset.src + (location.search.length > 1 ? `#${location.search.slice(1)}` : "");
  setTimeout(start, PATIENCE_MS);
})();
