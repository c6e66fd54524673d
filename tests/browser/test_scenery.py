"""The map of the scenes: what is seen during a flight and after it, and what it is drawn from."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.sync_api import Page

WINDOW = {"width": 1280, "height": 720}
FOS = "layers=poles,communes,decarbonation&select=pole:martigues-fos&bounds=4.75,43.3,5.3,43.62"
# A scenery by itself over the show, with the scenes of the pitch and a few far apart.
MAKE = """([theme, fos]) => {
  document.documentElement.dataset.theme = theme;
  const config = JSON.parse(document.getElementById("provence-config").textContent);
  const draw = provence.icons.symbols(config.style);
  const model = provence.describe.extend(provence.model.create(provence.layers, config), config, draw);
  const box = document.createElement("div");
  box.style.cssText = "position:fixed;inset:0;z-index:9999";
  document.getElementById("show").append(box);
  const scenery = provence.scenery.create({ config, model, draw });
  box.append(scenery.node);
  const viewOf = (query) => provence.view.fromQuery(query).view;
  const scene = (query, more) => ({ at: viewOf(query), highlights: [], transition: "fly", ...more });
  globalThis.test = { scenery, model, config, scenes: [
    scene("layers=poles,communes,industry", { highlights: ["site:arcelormittal-fos"] }),
    scene(fos, { highlights: ["project:gravithy-fos"] }),
    scene("layers=poles,communes,industry,stations,places&select=pole:la-ciotat-cassis&bounds=5.35,43.05,5.75,43.32"),
    scene("layers=poles,communes,ports&bounds=4.6,43.05,5.75,43.66"),
  ] };
}"""
AT = """(part) => document.getAnimations().filter((one) => one.effect.target.closest(".scenery")).forEach((one) => {
  one.pause();
  one.currentTime = part * one.effect.getComputedTiming().duration;
})"""
# How the canvases lie that can be seen: opacity, and their box in px.
SEEN = """() => [...test.scenery.node.querySelectorAll("canvas")].map((canvas) => {
  const { left, top, right, bottom } = canvas.getBoundingClientRect();
  return { opacity: Number(getComputedStyle(canvas).opacity), left, top, right, bottom };
}).filter(({ opacity }) => opacity > 0)"""
# Where each canvas of the map lies that can be seen, by its own number.
PLACED = """() => Object.fromEntries([...test.scenery.node.querySelectorAll("canvas")]
  .filter((canvas) => Number(getComputedStyle(canvas).opacity) > 0).map((canvas) => {
    const { left, width } = canvas.getBoundingClientRect();
    return [canvas.dataset.number ??= String(test.count = (test.count ?? 0) + 1), [left, width]];
  }))"""
THUMB = """() => {
  const small = test.scenery.thumb(test.scenes[1], 320, 180);
  small.style.cssText = "position:fixed;left:0;top:0;z-index:99999";
  document.getElementById("show").append(small);
}"""
BREAK = """() => {
  const at = { ...test.scenes[1].at, layers: ["poles", "communes", "industry"] };
  test.broken = { ...test.scenes[1], at };
  test.works = test.model.co2;
  test.model.co2 = () => { throw new Error("broken"); };
}"""


@pytest.fixture
def stage(show_files: dict[str, Path], watched: Callable[..., Page]) -> Callable[..., Page]:
    """Open a scenery by itself."""

    def open_(theme: str = "dark", **options: Any) -> Page:
        page = watched(show_files["en"].as_uri(), **{"viewport": WINDOW, "reduced_motion": "no-preference", **options})
        page.wait_for_function("window.provence?.show?.state?.()?.landed")
        page.evaluate(MAKE, [theme, FOS])
        return page

    return open_


def still(page: Page, index: int) -> npt.NDArray[np.int16]:
    """Show a scene at once and give its pixels."""
    page.evaluate("(i) => test.scenery.show(test.scenes[i], { animate: false })", index)
    return pixels(page)


def pixels(page: Page) -> npt.NDArray[np.int16]:
    """Give the pixels of the window: height x width x 3."""
    page.wait_for_timeout(150)
    return np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).astype(np.int16)


def test_a_flight_ends_on_the_very_picture_that_stands_without_one(stage: Callable[..., Page]) -> None:
    page = stage()
    wanted = [still(page, index) for index in range(4)]
    for index in (1, 2, 0, 3):
        assert page.evaluate("(i) => test.scenery.show(test.scenes[i])", index) is True
        assert np.abs(pixels(page) - wanted[index]).max() <= 2, index
    assert np.abs(wanted[0] - wanted[1]).max() > 50


@pytest.mark.parametrize(("start", "end"), [(0, 2), (1, 2), (2, 0), (2, 1)])
def test_no_flight_shows_where_a_picture_ends(stage: Callable[..., Page], start: int, end: int) -> None:
    page = stage()
    for index in (end, start):
        still(page, index)
    page.wait_for_timeout(1000)  # idle moments, in which the ground behind all is painted
    page.evaluate("(i) => void test.scenery.show(test.scenes[i])", end)
    page.wait_for_timeout(100)
    for part in (0.02, 0.2, 0.4, 0.6, 0.8, 0.98):
        page.evaluate(AT, part)
        opaque = [one for one in page.evaluate(SEEN) if one["opacity"] == 1]
        for x, y in ((1, 1), (1279, 1), (1, 719), (1279, 719), (640, 1), (1279, 360), (640, 719), (1, 360)):
            covered = any(o["left"] <= x <= o["right"] and o["top"] <= y <= o["bottom"] for o in opaque)
            assert covered, (part, x, y, opaque)


def test_a_newer_scene_goes_on_from_what_is_seen(stage: Callable[..., Page]) -> None:
    page = stage()
    for index in (1, 2, 0):
        still(page, index)
    page.evaluate("() => { test.first = test.scenery.show(test.scenes[1]); }")
    page.wait_for_timeout(100)
    page.evaluate(AT, 0.5)
    before = page.evaluate(PLACED)
    page.evaluate("() => { test.second = test.scenery.show(test.scenes[2]); }")
    page.evaluate(AT, 0)
    after = page.evaluate(PLACED)
    assert len(before) > 1
    for number, (left, width) in before.items():
        assert number in after, "what was seen is gone"
        assert abs(after[number][0] - left) < 2, (number, before, after)
        assert abs(after[number][1] - width) < 2, (number, before, after)
    page.evaluate("() => document.getAnimations().forEach((one) => one.play())")
    assert page.evaluate("() => Promise.all([test.first, test.second])") == [False, True]
    shown = pixels(page)
    assert np.abs(shown - still(page, 2)).max() <= 2
    assert page.evaluate("test.scenery.flying") is False


def test_who_wants_no_motion_sees_none(stage: Callable[..., Page]) -> None:
    page = stage(reduced_motion="reduce")
    wanted = still(page, 2)
    still(page, 0)
    assert page.evaluate("test.scenery.show(test.scenes[2])") is True
    assert page.evaluate("document.getAnimations().filter((one) => one.effect.target.closest('.scenery')).length") == 0
    assert np.abs(pixels(page) - wanted).max() <= 2


def test_another_year_changes_symbols_and_leaves_the_ground(stage: Callable[..., Page]) -> None:
    page = stage()
    now = still(page, 0)
    ground = "() => { test.ground ??= test.scenery.node.querySelector('canvas'); return test.ground.isConnected; }"
    assert page.evaluate(ground)
    page.evaluate("test.scenery.year(2005)")
    then = pixels(page)
    assert page.evaluate(ground)
    changed = np.abs(then - now).max(axis=2) > 8
    assert 0 < changed.mean() < 0.05, "a few circles are of another size, nothing else"
    page.evaluate("test.scenery.year(null)")
    assert np.abs(pixels(page) - now).max() <= 2


def test_a_scene_is_dark_on_a_light_page(stage: Callable[..., Page]) -> None:
    dark = still(stage("dark"), 0)
    light = still(stage("light"), 0)
    assert np.abs(dark - light).max() <= 2
    assert dark.mean() < 70


def test_a_thumbnail_shows_the_scene_and_says_nothing_when_it_is_small(stage: Callable[..., Page]) -> None:
    page = stage()
    large = still(page, 1)
    page.evaluate(THUMB)
    small = pixels(page)[:180, :320]
    image = Image.fromarray(large.astype(np.uint8)).resize((320, 180), Image.Resampling.BOX)
    shrunk = np.asarray(image).astype(np.int16)
    assert np.abs(small - shrunk).mean() < 12
    assert np.abs(small - shrunk).mean() < np.abs(small - np.roll(shrunk, 40, axis=1)).mean() / 2


def test_what_the_map_shows_is_said(stage: Callable[..., Page]) -> None:
    page = stage()
    still(page, 1)
    said = page.evaluate("test.scenery.node.getAttribute('aria-label')")
    count = page.evaluate(
        """() => test.model.visible("decarbonation", test.scenes[1].at)
        .filter(({ lon, lat }) => lon >= 4.75 && lon <= 5.3 && lat >= 43.3 && lat <= 43.62).length"""
    )
    assert said == f"Map, Martigues–Fos in focus: {count} decarbonation projects. Named on it: GravitHy."


def test_a_scene_that_cannot_be_painted_is_told_and_the_next_is_shown(stage: Callable[..., Page]) -> None:
    page = stage()
    wanted = still(page, 2)
    still(page, 0)
    page.evaluate(BREAK)
    said = page.evaluate("test.scenery.show(test.broken).then(() => 'shown', (error) => error.message)")
    assert said == "broken"
    page.evaluate("() => { test.model.co2 = test.works; }")
    assert page.evaluate("test.scenery.show(test.scenes[2])") is True
    assert np.abs(pixels(page) - wanted).max() <= 2
