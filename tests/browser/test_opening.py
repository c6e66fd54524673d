"""How the map opens: itself first, then what stands beside it, in a place that was kept for it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

# Runs before the page's own scripts: what was there in the frame in which the communes were drawn, and what shifted.
WATCH = """
window.opening = { beside: null, shifted: 0, whole: null };
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) window.opening.shifted += shift.value;
}).observe({ type: "layout-shift", buffered: true });
requestAnimationFrame(function look() {
  if (document.querySelectorAll("path.commune").length < 92) return requestAnimationFrame(look);
  window.opening.beside = document.querySelectorAll("#header *, #tree *, #timeline *").length;
  window.opening.sites = provence.onMap().filter(({ key }) => key.startsWith("site:")).length;
  window.opening.title = document.title;
});
"""


def test_the_map_is_drawn_before_what_stands_beside_it_and_nothing_shifts(browser: Browser, map_file: Path) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="fr-FR", reduced_motion="reduce")
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(map_file.as_uri())
    expect(page.locator("html")).to_have_attribute("data-painted", "true")
    seen = page.evaluate("opening")
    assert seen["sites"] == 121
    assert seen["beside"] == 0
    assert seen["title"] == page.title()
    # A label of the scale may move by a part of a px when its typeface comes.
    assert seen["shifted"] < 0.0001
    assert page.locator("#tree .row").count() > 20
    assert page.locator("#timeline svg").count() > 0
    context.close()
