"""The relief: under the vectors to the pixel, heights by click and in cards, and told where there is no terrain."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from layers import editions
from layers.text import text
from layers.view import View
from layers.web import make_map
from tests import hills

# The middle of a hole in the picture, and where the vectors have its point: px of the map.
OFF = """async ([lon, lat, zoom, reach]) => {
  map_provence.setView([lat, lon], zoom, { animate: false });
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60))));
  const canvas = document.querySelector("canvas.relief");
  const shift = L.DomUtil.getPosition(map_provence.getPane("mapPane"));
  const corner = new DOMMatrix(getComputedStyle(canvas).transform);
  const at = map_provence.latLngToLayerPoint([lat, lon]);
  const exact = map_provence.project([lat, lon]).subtract(map_provence.getPixelOrigin());
  const [x0, y0] = [Math.round(at.x - corner.e) - reach, Math.round(at.y - corner.f) - reach];
  const side = 2 * reach + 1;
  const { data } = canvas.getContext("2d").getImageData(x0, y0, side, side);
  let [sum, x, y, most] = [0, 0, 0, 0];
  for (let i = 3; i < data.length; i += 4) most = Math.max(most, data[i]);
  for (let row = 0; row < side; row++) for (let column = 0; column < side; column++) {
    const hole = most - data[4 * (row * side + column) + 3];
    sum += hole;
    x += hole * (column + 0.5);
    y += hole * (row + 0.5);
  }
  return { most, sum, dx: x0 + x / sum + corner.e - exact.x, dy: y0 + y / sum + corner.f - exact.y, shift: shift.x };
}"""
METRES_PER_PX_AT_0 = 40_075_016.7 / 256


@pytest.fixture(scope="module")
def hilly_file(hilly: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the map of an edition with SYNTHETIC terrain to one file that holds the relief."""
    with editions.using(hilly):
        return make_map(view=View(relief=True)).save(tmp_path_factory.mktemp("file") / "hilly.html")


@pytest.fixture
def show_hills(hilly_file: Path, open_map: Callable[..., Any]) -> Callable[..., Any]:
    """Open a View of that map and wait for the picture, where it is shown."""

    def show(query: str = "relief=on", **options: Any) -> Any:
        map_ = open_map(f"{hilly_file.as_uri()}#{query}", host="file", **options)
        if "relief=on" in query:
            expect(map_.locator("canvas.relief[data-ready=true]")).to_have_count(1)
        return map_

    return show


@pytest.mark.parametrize("zoom", [9, 10, 11, 11.37, 12, 13, 14])
def test_the_picture_lies_under_the_vectors_to_the_pixel(show_hills: Callable[..., Any], zoom: float) -> None:
    map_ = show_hills("layers=industry&relief=on")
    wrong = []
    for lon, lat in hills.MARKS:
        # The sea-level circle of the hole in px, and a little of the table around it.
        reach = int(hills.RADIUS_M / 0.725 / METRES_PER_PX_AT_0 * 2**zoom * 1.25) + 2
        found = map_.doc.evaluate(OFF, [lon, lat, zoom, reach])
        if not (found["most"] > 100 and found["sum"] > 0 and max(abs(found["dx"]), abs(found["dy"])) < 1):
            wrong.append((lon, lat, found))
    assert wrong == []


def test_a_row_of_the_tree_shows_and_hides_it_and_the_view_remembers(show_hills: Callable[..., Any]) -> None:
    map_ = show_hills("lang=en")
    assert map_.locator("canvas.relief").count() == 0
    map_.locator("#tree button.fold").filter(has_text="Territory").click()
    row = map_.locator("#tree").get_by_role("checkbox", name="Relief")
    expect(row).not_to_be_checked()
    row.locator("..").click()
    expect(map_.locator("canvas.relief[data-ready=true]")).to_have_count(1)
    expect(map_.locator("#key")).to_contain_text("Relief")
    assert "relief=on" in map_.query
    row.locator("..").click()
    expect(map_.locator("canvas.relief")).to_have_count(0)
    assert "relief" not in map_.query


def test_a_click_says_how_high_a_place_is_and_from_which_source(show_hills: Callable[..., Any]) -> None:
    map_ = show_hills("lang=en&layers=communes&relief=on&bounds=5.3,43.5,5.4,43.55")
    box = map_.locator(".leaflet-container").bounding_box()
    map_.page.mouse.click(box["x"] + 300, box["y"] + 200)
    expect(map_.locator(".notice-box")).to_contain_text("Elevation here: ≈\u00a0500\u00a0m")
    expect(map_.locator(".notice-box")).to_contain_text("SYNTHETIC, for tests")


def test_the_keyboard_asks_for_the_middle_of_the_map_and_a_hole_is_unknown(show_hills: Callable[..., Any]) -> None:
    lon, lat = hills.MARKS[3]
    map_ = show_hills(f"lang=en&relief=on&bounds={lon - 0.01},{lat - 0.01},{lon + 0.01},{lat + 0.01}")
    map_.locator("#tree button.fold").filter(has_text="Territory").press("Enter")
    map_.locator("#tree").get_by_role("button", name="About: Relief").press("Enter")
    map_.locator("#height-here").press("Enter")
    expect(map_.locator(".notice-box")).to_contain_text("Elevation here: not known")


def test_cards_say_how_high_a_site_stands_and_how_high_a_commune_reaches(show_hills: Callable[..., Any]) -> None:
    map_ = show_hills("lang=en&select=site:arcelormittal-fos")
    expect(map_.locator("#card .height")).to_have_text("Elevation ≈\u00a0500\u00a0ma")
    expect(map_.locator("#card")).to_contain_text("SYNTHETIC, for tests")
    map_ = show_hills("lang=en&select=commune:13001")
    expect(map_.locator("#card .height")).to_contain_text("Elevation from 500\u00a0m to 500\u00a0m")


def test_without_terrain_a_link_is_told_how_to_get_it(map_file: Path, open_map: Callable[..., Any]) -> None:
    map_ = open_map(f"{map_file.as_uri()}#lang=en&relief=on", host="file")
    expect(map_.locator(".notice-box")).to_contain_text(text("relief.not_here", "en"))
    assert map_.locator("#tree").get_by_role("checkbox", name="Relief").count() == 0
    assert "relief" not in map_.query


def test_a_server_hands_the_grid_out_when_the_relief_is_first_shown(
    hilly: Path, start_server: Callable[..., Any], take_up: Callable[..., None], open_map: Callable[..., Any]
) -> None:
    take_up(hilly.parents[1], hilly.name)
    server = start_server(**{editions.LIVE_VARIABLE: os.fspath(hilly.parents[1])})
    map_ = open_map(f"{server.url}?lang=en", host="page")
    assert not [url for url in map_.watch.requests if "/relief/" in url]
    map_.run('provence.apply("lang=en&relief=on")')
    expect(map_.locator("canvas.relief[data-ready=true]")).to_have_count(1)
    assert len([url for url in map_.watch.requests if "/relief/" in url]) == 1
