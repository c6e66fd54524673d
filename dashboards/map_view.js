// Between the map document (an iframe of the page) and the session: one query string, both ways.
export function render({ model, el }) {
  const frame = document.getElementById("map");
  let last = model.query;

  function heard(event) {
    if (event.source !== frame.contentWindow || event.origin !== location.origin) return;
    if (event.data?.provence !== "view" || event.data.view === last) return;
    last = event.data.view;
    model.query = last;
  }

  /** Back and forward change the address without a word of the map. */
  function stepped() {
    last = location.search.slice(1);
    model.query = last;
  }

  window.addEventListener("message", heard);
  window.addEventListener("popstate", stepped);
  model.on("query", () => {
    if (model.query === last) return;
    last = model.query;
    frame.contentWindow.postMessage({ apply: last }, location.origin);
  });
  // What happened before this component was there is in the page's address.
  const now = location.search.slice(1);
  if (now !== last) {
    last = now;
    model.query = now;
  }
  model.on("remove", () => {
    window.removeEventListener("message", heard);
    window.removeEventListener("popstate", stepped);
  });
  el.style.display = "none";
}
