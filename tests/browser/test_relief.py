"""The relief: under the vectors to the pixel, heights by click and in cards, and told where there is no terrain."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from layers import editions
from layers.text import text
from layers.view import View
from layers.web import make_map
from tests import hills
from tests.browser.conftest import DEVICES, PHONE

# The middle of a hole in the picture, and where the vectors have its point: px of the map. `by` is where the map is
# moved to first, off the point and by parts of a px; `wrong` shifts the picture, to see that this can tell.
OFF = """async ([lon, lat, zoom, reach, by, wrong]) => {
  map_provence.setView([lat, lon], zoom, { animate: false });
  if (by) map_provence.panBy(by, { animate: false });
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30))));
  const canvas = document.querySelector("canvas.relief");
  const ratio = canvas.width / parseFloat(canvas.style.width);
  const corner = new DOMMatrix(getComputedStyle(canvas).transform);
  corner.e += wrong;
  const at = map_provence.latLngToLayerPoint([lat, lon]);
  const exact = map_provence.project([lat, lon]).subtract(map_provence.getPixelOrigin());
  const [x0, y0] = [Math.round((at.x - corner.e - reach) * ratio), Math.round((at.y - corner.f - reach) * ratio)];
  const side = Math.round((2 * reach + 1) * ratio);
  const { data } = canvas.getContext("2d").getImageData(x0, y0, side, side);
  let [sum, x, y, most] = [0, 0, 0, 0];
  for (let i = 3; i < data.length; i += 4) most = Math.max(most, data[i]);
  for (let row = 0; row < side; row++) for (let column = 0; column < side; column++) {
    const hole = most - data[4 * (row * side + column) + 3];
    sum += hole;
    x += hole * (column + 0.5);
    y += hole * (row + 0.5);
  }
  const inside = x0 >= 0 && y0 >= 0 && x0 + side <= canvas.width && y0 + side <= canvas.height;
  const [dx, dy] = [(x0 + x / sum) / ratio + corner.e - exact.x, (y0 + y / sum) / ratio + corner.f - exact.y];
  return { most, sum, inside, ratio, dx, dy };
}"""
# A mark of the vectors at a point, and where it is on the screen.
MARK = """([lon, lat, zoom]) => {
  map_provence.setView([lat, lon], zoom, { animate: false });
  map_provence.panBy([-31.4, 22.7], { animate: false });
  const mark = L.circleMarker([lat, lon], { radius: 4, pane: "markerPane" }).addTo(map_provence);
  const { left, right, top, bottom } = mark._path.getBoundingClientRect();
  mark.remove();
  return [(left + right) / 2, (top + bottom) / 2];
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


ZOOMS = (9, 10, 11, 11.37, 12, 13, 14)
SCREENS: dict[str, dict[str, Any]] = {"desktop": {}, "phone": {**DEVICES["phone"], "device_scale_factor": 2}}


def reach(zoom: float, radius_m: float = hills.RADIUS_M) -> int:
    """Return how far a hole reaches from its middle, in px, and a little of the table around it."""
    return int(radius_m / 0.725 / METRES_PER_PX_AT_0 * 2**zoom * 1.25) + 2


@pytest.mark.parametrize("screen", SCREENS)
def test_the_picture_lies_under_the_vectors_to_the_pixel(show_hills: Callable[..., Any], screen: str) -> None:
    map_ = show_hills("layers=industry&relief=on", **SCREENS[screen])
    wrong, told, moved = [], [], None
    for zoom in ZOOMS:
        # Where a hole is larger than the screen the small one is looked at.
        small = screen == "phone" and reach(zoom) > PHONE["width"] / 2
        for lon, lat in (hills.SMALL, hills.SMALL) if small else hills.MARKS:
            ring = reach(zoom, hills.SMALL_M if small else hills.RADIUS_M)
            # Every other one after a pan.
            moved = None if moved else [-23.4, 31.7]
            found = map_.doc.evaluate(OFF, [lon, lat, zoom, ring, moved, 0])
            off = max(abs(found["dx"]), abs(found["dy"]))
            if not (found["inside"] and found["most"] > 100 and found["sum"] > 0 and off < 1):
                wrong.append((zoom, lon, lat, moved, found))
        shifted = map_.doc.evaluate(OFF, [lon, lat, zoom, ring, None, 2])
        told.append(abs(shifted["dx"]) >= 1)
    assert wrong == []
    assert all(told), "a picture 2 px off would pass"
    assert found["ratio"] == pytest.approx(SCREENS[screen].get("device_scale_factor", 1), abs=0.01)
    # On the screen itself: what differs with and without the picture, and a mark of the vectors.
    lon, lat = hills.MARKS[3]
    x, y = map_.doc.evaluate(MARK, [lon, lat, 11])
    map_.page.add_style_tag(content=".name { display: none; }")
    map_.still()
    clip = {"x": int(x) - 45, "y": int(y) - 45, "width": 90, "height": 90}
    seen = _pixels(map_.page.screenshot(clip=clip))
    map_.run('document.querySelector("canvas.relief").style.visibility = "hidden"')
    hole = np.abs(seen - _pixels(map_.page.screenshot(clip=clip))).sum(axis=2) == 0
    side = hole.shape[0] / 90
    rows, columns = np.nonzero(hole)
    assert 500 * side**2 < len(rows) < 4000 * side**2
    middle = ((columns.mean() + 0.5) / side + clip["x"], (rows.mean() + 0.5) / side + clip["y"])
    assert middle == pytest.approx((x, y), abs=1)


def _pixels(png: bytes) -> Any:
    """Give the pixels of a picture of the screen: rows, columns, bands."""
    with Image.open(io.BytesIO(png)) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


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
    map_.run('provence.apply("lang=en&layers=industry&table=kind&relief=on")')
    expect(map_.locator('#table tr[data-key="site:arcelormittal-fos"] .elevation')).to_have_text("500\u00a0m")
    expect(map_.locator("#table thead")).to_contain_text("Elevation")
    map_ = show_hills("lang=en&select=commune:13001")
    expect(map_.locator("#card .height")).to_contain_text("Elevation from 500\u00a0m to 500\u00a0m")


def test_without_terrain_a_link_is_told_how_to_get_it(map_file: Path, open_map: Callable[..., Any]) -> None:
    map_ = open_map(f"{map_file.as_uri()}#lang=en&relief=on", host="file")
    expect(map_.locator(".notice-box")).to_contain_text(text("relief.not_here", "en"))
    assert map_.locator("#tree").get_by_role("checkbox", name="Relief").count() == 0
    assert "relief" not in map_.query


def test_terrain_that_cannot_be_used_keeps_its_row_and_says_why(
    hilly: Path, make_edition: Callable[..., Path], tmp_path: Path, open_map: Callable[..., Any]
) -> None:
    folder = make_edition(tmp_path, "cut")
    (folder / "rasters").mkdir()
    whole = (hilly / "rasters" / "elevation.tif").read_bytes()
    (folder / "rasters" / "elevation.tif").write_bytes(whole[: len(whole) // 2])
    with editions.using(folder):
        file = make_map(view=View(relief=True)).save(tmp_path / "cut.html")
    map_ = open_map(f"{file.as_uri()}#lang=en&relief=on", host="file")
    expect(map_.locator(".notice-box")).to_contain_text("elevation.tif is no raster, or is broken off")
    map_.locator("#tree button.fold").filter(has_text="Territory").click()
    expect(map_.locator("#tree").get_by_role("checkbox", name="Relief")).to_be_disabled()
    map_.locator("#tree").get_by_role("button", name="About: Relief").click()
    expect(map_.locator("#card")).to_contain_text("`provence-map refresh copernicus_dem` brings it again")
    map_.locator("#tree").get_by_role("switch", name="Territory").click()
    assert "relief" not in map_.query
    map_.run('provence.apply("lang=en&select=site:arcelormittal-fos&table=kind")')
    expect(map_.locator("#card .height")).to_have_count(0)
    expect(map_.locator("#table .elevation")).to_have_count(0)


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
