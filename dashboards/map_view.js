// Between the map document (an iframe of the page) and the session: one query string, both ways.
const TELL_AFTER_MS = 80;

// Whether the page stands in a frame is no part of the View.
const asked = () => location.search.slice(1).split("&").filter((part) => part && part.split("=")[0] !== "embed").join("&");

export function render({ model, el }) {
  const frame = document.getElementById("map");
  let last = model.query;
  let telling = 0;

  function heard(event) {
    if (event.source !== frame.contentWindow || event.origin !== location.origin) return;
    if (event.data?.provence !== "view" || event.data.view === last) return;
    last = event.data.view;
    // After the frame that shows it: the map and this message share a thread.
    clearTimeout(telling);
    telling = setTimeout(() => { model.query = last; }, TELL_AFTER_MS);
  }

  /** Back and forward change the address without a word of the map. */
  function stepped() {
    last = asked();
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
  const now = asked();
  if (now !== last) {
    last = now;
    model.query = now;
  }
  // After the View the page was opened with, so that this is counted first. Where nobody counts, nothing is said.
  if (model.counted) model.width_class = (matchMedia("(max-width: 899px)").matches ? "narrow" : "wide") + (window.top === window ? "" : " framed");
  model.on("remove", () => {
    window.removeEventListener("message", heard);
    window.removeEventListener("popstate", stepped);
  });
  el.style.display = "none";
}
