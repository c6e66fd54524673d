"""The Plan page as a planner uses it: choose, look at the preview, export, take the files, come back."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Route, expect

from layers.text import text
from tests.browser.test_compose import AXE, BAD, LOOK

EDGES = ("west", "south", "east", "north")
VIEW = "layers=poles,industry,decarbonation&year=2030&pole=martigues-fos&status=operating"


@pytest.fixture
def plan(watched: Callable[..., Page], server: Any) -> Callable[..., Page]:
    """Open the Plan page with something after its address."""

    def open_(rest: str = "", **options: Any) -> Page:
        options = {"viewport": {"width": 1280, "height": 800}, "accept_downloads": True, **options}
        page = watched(f"{server.url}plan{rest}", **options)
        expect(page.locator("html")).to_have_attribute("data-painted", "true", timeout=30_000)
        return page

    return open_


def counted(page: Page) -> None:
    """Wait until the server has counted what is chosen."""
    expect(page.locator("#go-said")).to_contain_text(re.compile(r"\d (rows?|lignes?)"))


def test_an_export_is_chosen_seen_made_and_taken(plan: Callable[..., Page], tmp_path: Path) -> None:
    page = plan("?lang=en")
    expect(page.locator(".paper img")).to_be_visible()
    first = page.locator(".paper img").get_attribute("src")
    page.locator("#area-pole").click()
    expect(page.locator("#go-said")).to_contain_text("Step 2: choose a pole.")
    expect(page.locator("#export")).to_have_attribute("aria-disabled", "true")
    page.locator("label[for=pole-martigues-fos]").click()
    counted(page)
    expect(page.locator("[data-count=communes]")).to_have_text("21 of 92")
    expect(page.locator("#pole-martigues-fos")).to_be_focused()
    expect(page.locator(".paper img")).not_to_have_attribute("src", first or "")
    page.locator("#preview-table").click()
    expect(page.locator(".preview tbody tr")).to_have_count(25)
    with page.expect_download(timeout=30_000) as download:
        page.locator("#export").click()
    download.value.save_as(tmp_path / "fos.gpkg")
    with sqlite3.connect(tmp_path / "fos.gpkg") as read:
        assert read.execute("select count(*) from communes").fetchone()[0] == 21
    expect(page.locator("#job-title")).to_have_text("Exported")
    page.locator("#area-metropolis").click()
    page.locator("#saved").click()
    page.locator("#saved-use-0").click()
    expect(page.locator("#pole-martigues-fos")).to_be_checked()


def test_the_filters_of_explore_come_along_and_can_be_taken_off(open_map: Callable[..., Any], server: Any) -> None:
    map_ = open_map(f"{server.url}?lang=fr&{VIEW}")
    map_.locator(".tabs a", has_text=text("page.plan", "fr")).click()
    page = map_.page
    expect(page.locator("#chip-status")).to_contain_text("En service")
    expect(page.locator("#chip-year")).to_contain_text("2030")
    assert page.evaluate("[...document.querySelectorAll('#step-layers input:checked')].map((box) => box.id)") == [
        "layer-industry", "layer-decarbonation", "layer-poles",
    ]  # fmt: skip
    counted(page)
    before = page.locator("[data-count=decarbonation]").inner_text()
    page.locator("#chip-status").click()
    expect(page.locator("#chip-status")).to_have_count(0)
    expect(page.locator("[data-count=decarbonation]")).not_to_have_text(before)
    page.locator(".tabs a", has_text=text("page.explore", "fr")).click()
    page.wait_for_url(re.compile("status=operating"))


def test_a_link_or_a_kept_choice_that_makes_no_sense_is_told_and_stops_nothing(plan: Callable[..., Page]) -> None:
    bad = "layers=nothing&year=9999&status=<b>&select=<img src=x>&area=5,43,x"
    page = plan(f"?lang=fr#take={quote(bad)}")
    counted(page)
    notice = page.locator("#notices")
    expect(notice).to_contain_text(text("notice.ignored", "fr"))
    for part in bad.split("&"):
        expect(notice).to_contain_text(part)
    kept = {
        "layers": ["ports", {}],
        "area": "pole",
        "poles": ["gone"],
        "crs": 1e99,
        "sheet": {"size": 5},
        "columns": [1],
    }
    page.evaluate("(kept) => sessionStorage.setItem('provence-map-plan', JSON.stringify(kept))", kept)
    page.evaluate("localStorage.setItem('provence-map-exports', '[null, {\"plan\": {}, \"at\": 1e99}]')")
    page.reload()
    expect(page.locator("#go-said")).to_contain_text(text("plan.missing_area_pole", "fr"))
    page.locator("#saved").click()
    expect(page.locator(".saved-list")).to_have_text(text("plan.saved_none", "fr"))


def test_any_code_of_a_system_may_be_typed_and_one_of_elsewhere_says_why_not(plan: Callable[..., Page]) -> None:
    page = plan("?lang=en")
    for code, there in (("2056", False), ("3944", True)):
        page.locator("#crs").select_option("more")
        page.locator("#pick-search").fill(code)
        page.keyboard.press("Enter")
        expect(page.locator("#crs")).to_have_value(code)
        if there:
            expect(page.locator("#fault-crs")).to_be_empty()
            counted(page)
        else:
            expect(page.locator("#fault-crs")).to_contain_text(re.compile(r"EPSG:2056 .*another system"))
            expect(page.locator(".blank")).to_contain_text("EPSG:2056")


def test_the_address_for_qgis_stands_on_the_page_and_in_the_share(
    plan: Callable[..., Page], open_map: Callable[..., Any], server: Any
) -> None:
    page = plan("?lang=fr")
    expect(page.locator("#live-address")).to_have_value(f"{server.url}ogc")
    map_ = open_map(f"{server.url}?lang=en")
    map_.locator(".share-button").click()
    expect(map_.locator("#live-address")).to_have_value(f"{server.url}ogc")


def test_what_cannot_be_exported_is_said_at_its_step(plan: Callable[..., Page]) -> None:
    page = plan(f"?lang=en#take={quote('area=5,43.3,5.2,43.5,5.2,43.3,5,43.5')}")
    expect(page.locator("#fault-area")).to_contain_text("edges of this polygon cross")
    expect(page.locator("#go-said")).to_contain_text("To be mended: Area.")
    page.locator("#corners").fill("5, x")
    expect(page.locator("#fault-area")).to_contain_text("no number")
    for edge, value in {"west": "5", "south": "43,3", "east": "5.2", "north": "43.5"}.items():
        page.locator("#corners").fill("") if edge == "west" else None
        page.locator(f"#edge-{edge}").fill(value)
    page.locator("#edge-north").blur()
    expect(page.locator("#side-area")).to_have_text("360 km²")
    expect(page.locator("#fault-area")).to_be_empty()


def test_an_area_is_drawn_on_the_map_by_pointer_and_by_keys(plan: Callable[..., Page]) -> None:
    page = plan("?lang=en")
    page.locator("#area-drawn").click()
    ground = page.locator(".draw-map .folium-map")
    box = ground.bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(middle[0] - 60, middle[1] - 40)
    page.mouse.click(middle[0] + 60, middle[1] + 40)
    counted(page)
    west, south, east, north = (float(page.locator(f"#edge-{edge}").input_value()) for edge in EDGES)
    assert (4.9 < west < east < 5.9, 43.2 < south < north < 43.8) == (True, True)
    page.locator("#draw-polygon").click()
    corners = [(-90, -60), (80, -70), (110, 50), (-30, 90)]
    for across, down in [*corners, corners[0]]:
        page.mouse.click(middle[0] + across, middle[1] + down)
    expect(page.locator(".draw-said")).to_contain_text("This area is exported")
    counted(page)
    assert len(page.locator("#corners").input_value().split(",")) == 2 * len(corners)
    assert ground.bounding_box() == box, "the map stays where it is while somebody draws"
    page.locator("#draw-rectangle").click()
    ground.focus()
    for key in ("Equal", "Equal", "Enter", "ArrowRight", "Backspace", "Enter", "ArrowUp", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
        # The map glides to where a key sends it.
        page.wait_for_timeout(350)
    expect(page.locator(".draw-said")).to_contain_text("This area is exported")
    assert len(page.locator("#corners").input_value().split(",")) == 4
    counted(page)
    page.locator("#area-metropolis").click()
    expect(page.locator(".paper img")).to_be_visible()
    expect(page.locator("#preview-map")).to_have_count(0)


def test_a_picture_that_comes_while_another_choice_stands_is_shown_once_its_own_is_back(
    plan: Callable[..., Page],
) -> None:
    page = plan("?lang=en")
    expect(page.locator(".paper img")).to_be_visible()
    first = page.locator(".paper img").get_attribute("src")
    pictures: list[Route] = []
    counts: list[Route] = []
    page.route("**/plan/sheet.png?*", lambda route: pictures.append(route))
    page.route("**/plan/preview.json?*", lambda route: route.continue_() if counts else counts.append(route))
    laid = "body => [getComputedStyle(body).alignItems, getComputedStyle(body).gap, getComputedStyle(body).color]"
    before = page.locator(".preview-body").evaluate(laid)
    page.locator("#paper").select_option("a4 landscape")
    expect(page.locator("#preview-status")).to_have_text("Being drawn…")
    assert page.locator(".preview-body").evaluate(laid) == before, "nothing jumps while a picture is waited for"
    page.locator("label[for=layer-water]").click()
    page.wait_for_timeout(300)
    with page.expect_response("**/plan/sheet.png?*") as picture:
        pictures[0].continue_()
    picture.value.finished()
    page.wait_for_timeout(300)
    assert page.locator(".paper img").get_attribute("src") == first
    page.locator("label[for=layer-water]").click()
    counts[0].continue_()
    expect(page.locator(".paper img")).not_to_have_attribute("src", first or "")
    assert len(pictures) == 1, "nothing was asked for twice"


# What of the header is cut off or lies on something else of it.
HEADER = """() => {
  const header = document.getElementById("header").getBoundingClientRect();
  const parts = [...document.querySelectorAll("#header a, #header button")]
    .filter((node) => node.checkVisibility())
    .map((node) => ({ name: node.textContent, box: node.getBoundingClientRect() }));
  const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1;
  return parts.filter(({ box }) => box.left < -1 || box.right > innerWidth + 1 || box.bottom > header.bottom + 1
    || parts.some((other) => other.box !== box && over(box, other.box))).map(({ name }) => name);
}"""


@pytest.mark.parametrize("where", ["", "present", "plan"])
def test_the_header_holds_at_every_width_and_size_of_text(
    watched: Callable[..., Page], server: Any, where: str
) -> None:
    page = watched(f"{server.url}{where}?lang=fr")
    frame = page.main_frame if where else page.locator("#map").element_handle().content_frame()
    assert frame
    expect(frame.locator("html")).to_have_attribute("data-painted", "true", timeout=30_000)
    found = []
    for zoom, width in [
        (1, 320),
        (1, 390),
        (1, 480),
        (1, 700),
        (1, 900),
        (1, 1199),
        (1, 1440),
        (2, 640),
        (2, 1024),
        (2, 1440),
    ]:
        page.set_viewport_size({"width": width, "height": 720})
        frame.evaluate(f"document.documentElement.style.zoom = '{zoom}'")
        frame.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found += [f"{width} px at {100 * zoom} %: {name}" for name in frame.evaluate(HEADER)]
    assert found == []


@pytest.mark.parametrize(("language", "width"), [("fr", 320), ("en", 1440)])
def test_the_page_is_accessible_and_fits(plan: Callable[..., Page], language: str, width: int) -> None:
    page = plan(
        f"?lang={language}&theme={'dark' if width > 400 else 'light'}", viewport={"width": width, "height": 800},
        has_touch=width < 400,
    )  # fmt: skip
    counted(page)
    page.locator("#contents").click()
    page.locator("#area-drawn").click()
    page.locator("#area-metropolis").click()
    expect(page.locator(".paper img")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    other = page.locator(f"#header .segment button[lang={'en' if language == 'fr' else 'fr'}]").bounding_box()
    assert other
    assert (other["x"] + other["width"] <= width, other["width"] >= 24) == (True, True)
    if not AXE.exists():
        pytest.skip("no axe-core in tests/web/node_modules: install it with `npm ci --prefix tests/web`")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(LOOK, list(BAD)) == []
    page.locator("#preview-table").click()
    expect(page.locator(".preview tbody tr").first).to_be_visible()
    assert page.evaluate(LOOK, list(BAD)) == []
