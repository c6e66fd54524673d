// The first page: on to the language of the browser, with the View of a link; without scripts its two links remain.
(function () {
  "use strict";
  const there = [...document.querySelectorAll("a[hreflang]")].map((link) => link.getAttribute("hreflang"));
  const asked = new URLSearchParams(location.hash.slice(1)).get("lang");
  const wanted = [asked, ...navigator.languages].map((tag) => (tag || "").slice(0, 2).toLowerCase());
  location.replace(`${wanted.find((tag) => there.includes(tag)) || (there.includes("en") ? "en" : there[0])}/${location.search}${location.hash}`);
})();
