"""The sites on their canvas: drawn where the map says they are, in the colours of the theme, and named for all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import once

# Sites within the window whose centre shows nothing on the canvas, once two frames have passed.
UNDRAWN = """(async () => {
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  const canvas = document.querySelector("canvas.circles");
  const at = canvas.getBoundingClientRect(), map = map_provence.getContainer().getBoundingClientRect();
  const ratio = devicePixelRatio, pen = canvas.getContext("2d");
  const seen = provence.onMap().filter(({ key, x, y }) => key.startsWith("site:") && x > 0 && y > 0 && x < map.width && y < map.height);
  if (!seen.length) return ["no site is in the window"];
  return seen.filter(({ x, y }) => !pen.getImageData((map.x + x - at.x) * ratio, (map.y + y - at.y) * ratio, 1, 1).data[3]).map(({ key }) => key);
})()"""  # noqa: E501
# The colour of a site away from its glyph, and the token of its family, as #rrggbb.
COLOUR = """(async (key) => {
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  const canvas = document.querySelector("canvas.circles"), pen = canvas.getContext("2d");
  const at = canvas.getBoundingClientRect(), map = map_provence.getContainer().getBoundingClientRect();
  const { x, y, r } = provence.onMap().find((symbol) => symbol.key === key);
  const [red, green, blue, alpha] = pen.getImageData(map.x + x - at.x, map.y + y - at.y - 0.8 * r, 1, 1).data;
  const token = getComputedStyle(document.documentElement).getPropertyValue(`--${provence.model.live.byKey.get(key).family}`);
  return [[red, green, blue].map((v) => v.toString(16).padStart(2, "0")).join(""), token.slice(1).toLowerCase(), alpha];
})"""  # noqa: E501
# Half-way through the animation of a zoom: how far a circle is from an element of the map at the very same place.
ASTRAY = """(async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const key = provence.onMap().find((symbol) => symbol.key.startsWith("site:") && symbol.x > 200 && symbol.y > 200).key;
  const { lat, lon } = provence.model.live.byKey.get(key), canvas = document.querySelector("canvas.circles");
  const mark = L.marker([lat, lon], { icon: L.divIcon({ iconSize: [2, 2], className: "" }) }).addTo(map_provence).getElement();
  const centre = () => { const box = mark.getBoundingClientRect(); return { x: box.x + box.width / 2, y: box.y + box.height / 2 }; };
  await frame();
  const before = canvas.getBoundingClientRect(), at = centre();
  map_provence.setZoom(map_provence.getZoom() + 1, { animate: true });
  for (let i = 0; i < 60 && !document.getAnimations().length; i++) await frame();
  for (const animation of document.getAnimations()) { animation.pause(); animation.currentTime = 125; }
  const during = canvas.getBoundingClientRect(), now = centre(), grown = during.width / before.width;
  return { grown, astray: Math.hypot(during.x + (at.x - before.x) * grown - now.x, during.y + (at.y - before.y) * grown - now.y) };
})()"""  # noqa: E501


@once
def test_every_site_is_drawn_where_the_map_says_it_is(show: Callable) -> None:
    map_ = show()
    assert map_.run(UNDRAWN) == []
    map_.button("Zoom in").click()
    map_.still()
    assert map_.run(UNDRAWN) == []
    map_.run("provence.apply('year=2008&select=pole:martigues-fos')")
    map_.still()
    assert map_.run(UNDRAWN) == []
    map_.page.set_viewport_size({"width": 1000, "height": 700})
    map_.still()
    assert map_.run(UNDRAWN) == []


@once
def test_a_long_drag_shows_no_edge_of_the_picture(show: Callable) -> None:
    map_ = show("bounds=5.0,43.38,5.2,43.48")
    mouse, box = map_.page.mouse, map_.locator(".leaflet-container").bounding_box()
    x, y = box["x"] + 60, box["y"] + 200
    mouse.move(x, y)
    mouse.down()
    for step in range(1, 16):
        mouse.move(x + 40 * step, y)
    assert map_.run(UNDRAWN) == [], "before the button is released"
    mouse.up()
    map_.still()
    assert map_.run(UNDRAWN) == []


@once
def test_circles_keep_to_their_place_while_the_map_zooms(show: Callable) -> None:
    found = show("bounds=4.9,43.35,5.3,43.55", reduced_motion="no-preference").run(ASTRAY)
    assert 1 < found["grown"] < 2
    assert found["astray"] < 1


@once
def test_the_colours_are_those_of_the_theme(show: Callable) -> None:
    map_ = show("theme=light")
    light: list[Any] = map_.doc.evaluate(COLOUR, "site:arcelormittal-fos")
    map_.locator("#header").get_by_role("button", name="dark", exact=False).click()
    expect(map_.locator("html")).to_have_attribute("data-theme", "dark")
    dark: list[Any] = map_.doc.evaluate(COLOUR, "site:arcelormittal-fos")
    for drawn, token, alpha in (light, dark):
        assert alpha == pytest.approx(0.9 * 255, abs=2)
        assert all(abs(int(drawn[i : i + 2], 16) - int(token[i : i + 2], 16)) <= 2 for i in (0, 2, 4)), (drawn, token)
    assert light[1] != dark[1]


@once
def test_a_screen_reader_hears_how_many_sites_there_are_and_where_they_are_listed(show: Callable) -> None:
    map_ = show("lang=en")
    canvas = map_.locator("canvas.circles")
    expect(canvas).to_have_attribute("role", "img")
    expect(canvas).to_have_attribute(
        "aria-label", "121 industrial sites, drawn as circles. The table lists each of them."
    )
    map_.locator("#tree label", has_text="Steel and metals").click()
    expect(canvas).to_have_attribute(
        "aria-label", "114 industrial sites, drawn as circles. The table lists each of them."
    )
    map_.locator("#header button[lang=fr]").click()
    expect(canvas).to_have_attribute(
        "aria-label", "114 sites industriels, dessinés par des cercles. Le tableau les liste tous."
    )
    map_.run("provence.apply('layers=communes')")
    expect(canvas).to_be_hidden()
