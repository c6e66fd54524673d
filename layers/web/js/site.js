// A published site of static files: pages of one language each, and a worker that keeps the site for the next visit.
(function (pm) {
  "use strict";

  /** Where the site begins as seen from this page, this page within its language, and the languages there are. */
  const { root, path, languages } = JSON.parse(document.getElementById("provence-config").textContent).site;
  let language = document.documentElement.lang;
  const own = language;
  // Who comes without having chosen reads the language of the page.
  pm.text.preferred = () => own;

  /** The address follows the language, so that a link and a second visit are in it; addresses of the header with it. */
  function follow() {
    const now = document.documentElement.lang;
    if (now === language || !languages.includes(now)) return;
    language = now;
    history.replaceState(history.state, "", `${root}${now}/${path}${location.search}${location.hash}`);
  }

  /** Keep the site once the map stands: nothing of it may take the network from the first picture. */
  function keep() {
    // Where the page is not secure there is no worker; where one cannot be had the site works as it is.
    navigator.serviceWorker?.register(`${root}sw.js`, { scope: root, updateViaCache: "none" }).catch(() => undefined);
  }

  new MutationObserver(follow).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
  window.addEventListener("load", () => {
    if (window.requestIdleCallback) window.requestIdleCallback(keep, { timeout: 4000 });
    else setTimeout(keep, 1000);
  });

  /** Where a story came from: the list of stories, in the language it is told in by now. */
  const leave = () => location.assign(`${root}${language}/stories/`);

  pm.site = { leave };
})((globalThis.provence ??= {}));
