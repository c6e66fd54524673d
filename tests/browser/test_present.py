"""The show: every scene by clicker alone, from the server and from a file, with the network cut."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from layers import stories
from layers.stories import archive, write
from layers.text import text
from layers.view import View

ROOM = {"width": 1920, "height": 1080}
BEAMER = {"width": 1280, "height": 720}
PITCH = stories.resolved(stories.read("pitch"))
SCENES = PITCH["scenes"]
LAST = len(SCENES) - 1
# What text of the show stands on the screen, and may neither leave it nor lie on other text.
TEXTS = ".slide-topic, .slide-title, .slide-figure, .slide-caption, .slide-sources, .show-foot"
# What is set smaller than so many px, the letters of sources apart.
SMALL = """(least) => [...document.querySelectorAll(".slide *, .show-foot *, .show-key *")].filter((n) =>
  n.offsetWidth && [...n.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim()) && !n.closest("sup")
  && parseFloat(getComputedStyle(n).fontSize) < least - 0.1).map((n) => n.className + " " + n.textContent)"""


Open = Callable[..., Any]
# What does not depend on where the show comes from is tried once.
FILE = pytest.mark.parametrize("host", ["file"])


def words(pieces: list[list[Any]]) -> str:
    """Give the text of some pieces."""
    return "".join(text for text, _ in pieces)


def decode(shot: bytes) -> npt.NDArray[np.uint8]:
    """Give the pixels of a screenshot: height x width x 3."""
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"))


def said(page: Page, selector: str) -> str:
    """Give what an element of the present slide says, without the letters of its sources."""
    script = """(selector) => {
      const node = document.querySelector(`.slide:not(.leaving) ${selector}`).cloneNode(true);
      node.querySelectorAll("sup").forEach((letter) => letter.remove());
      return node.textContent;
    }"""
    return " ".join(str(page.evaluate(script, selector)).split())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_scene_is_reached_by_the_clicker_alone(open_show: Open, language: str) -> None:
    show = open_show(language)
    for index, scene in enumerate(SCENES):
        show.landed(index)
        assert said(show.page, ".slide-title") == " ".join(words(scene["title"][language]).split())
        for source in scene["sources"]:
            expect(show.page.locator(".slide:not(.leaving) .slide-sources")).to_contain_text(source["said"][language])
        if index < LAST:
            show.press("PageDown")
    show.press("PageDown")
    assert show.state["scene"] == LAST
    for index in range(LAST - 1, -1, -1):
        show.press("PageUp")
        show.landed(index)
    show.press("PageUp")
    assert show.state["scene"] == 0


@pytest.mark.parametrize("viewport", [ROOM, BEAMER, {"width": 1024, "height": 768}], ids=["1080p", "720p", "4-3"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_text_stands_whole_on_the_screen_on_no_other_and_can_be_read_from_the_back(
    show_files: dict[str, Path], open_file: Open, language: str, viewport: dict[str, int]
) -> None:
    page = open_file(show_files[language], viewport=viewport).page
    # Letters of 24 px on a screen of 1080; less on one that is nearly square, which nobody has at the back of a room.
    least = 24 * viewport["height"] / 1080 if viewport in (ROOM, BEAMER) else 0
    for index in range(len(SCENES)):
        if index:
            page.keyboard.press("ArrowRight")
        page.wait_for_function("(i) => provence.show.state().scene === i && provence.show.state().landed", arg=index)
        assert page.evaluate(SMALL, least) == [], SCENES[index]["id"]
        boxes = page.evaluate(
            """(texts) => [...document.querySelectorAll(texts)].filter((n) => !n.closest(".leaving") && n.offsetWidth)
              .map((n) => [n.className, n.getBoundingClientRect()])
              .map(([name, b]) => [name, b.left, b.top, b.right, b.bottom])""",
            TEXTS,
        )
        assert len(boxes) >= 4, SCENES[index]["id"]
        for name, left, top, right, bottom in boxes:
            inside = left >= 0 and top >= 0 and right <= viewport["width"] + 1 and bottom <= viewport["height"] + 1
            assert inside, (SCENES[index]["id"], name, left, top, right, bottom)
        ordered = sorted(boxes, key=lambda box: box[2])
        for above, below in itertools.pairwise(ordered):
            # Lines of large type are taller than their letters.
            assert above[4] <= below[2] + 0.03 * viewport["height"], (SCENES[index]["id"], above, below)


@FILE
def test_home_end_digits_and_the_grid_lead_to_a_scene(open_show: Open) -> None:
    show = open_show()
    show.press("End")
    show.landed(LAST)
    show.press("Home")
    show.landed(0)
    show.press("6")
    show.landed(5)
    show.press("1", "1")
    show.landed(10)
    show.press("g")
    assert show.state["grid"]
    show.press("ArrowLeft", "Enter")
    show.landed(9)
    assert not show.state["grid"]
    show.press("g", "Escape")
    assert (show.state["grid"], show.state["scene"]) == (False, 9)


@FILE
def test_the_screen_goes_black_and_comes_back_where_it_was(open_show: Open) -> None:
    show = open_show(at=3)
    show.press("b")
    assert show.state["blank"]
    pixels = decode(show.page.screenshot())
    assert int(pixels.max()) == 0
    show.press("b")
    assert (show.state["blank"], show.state["scene"]) == (False, 3)
    show.press("b", "PageDown")
    assert (show.state["blank"], show.state["scene"]) == (False, 3)


def test_one_explores_freely_and_comes_back_to_the_very_scene(open_show: Open) -> None:
    show = open_show(at=5, viewport=ROOM)
    page = show.page
    before = show.state
    shot = page.screenshot()
    show.press("e")
    expect(page.locator("#searchbox")).to_be_visible(timeout=30_000)
    page.wait_for_function("() => provence.current && provence.current().includes('industry')")
    shown, _ = View.from_query(page.evaluate("provence.current()"))
    wanted, _ = View.from_query(SCENES[5]["view"])
    assert (shown.layers, shown.selection, shown.filters) == (wanted.layers, wanted.selection, wanted.filters)
    assert show.state["exploring"]
    page.keyboard.press("/")
    page.keyboard.type("lavera")
    page.keyboard.press("Enter")
    expect(page.locator("#card-title")).to_be_visible()
    page.get_by_role("button", name=re.compile(text("show.resume", "en").split("(")[0].strip())).click()
    assert not show.state["exploring"]
    show.landed(5)
    assert show.state["scene"] == before["scene"]
    expect(page.locator("#searchbox")).not_to_be_visible()
    assert np.abs(decode(page.screenshot()).astype(int) - decode(shot).astype(int)).mean() < 1
    show.press("PageDown")
    show.landed(6)


@FILE
def test_a_scene_is_never_a_grey_square(open_show: Open) -> None:
    show = open_show(viewport=BEAMER)
    for index in range(len(SCENES)):
        show.landed(index)
        right = decode(show.page.screenshot())[:, 700:]
        flat = right.reshape(-1, 3).astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
        _, counts = np.unique(flat, return_counts=True)
        assert len(counts) > 200, SCENES[index]["id"]
        assert counts.max() < 0.8 * flat.size, SCENES[index]["id"]
        show.press("PageDown")


def test_no_frame_of_a_flight_is_empty(show_files: dict[str, Path], open_file: Open) -> None:
    page = open_file(show_files["en"], reduced_motion="no-preference").page
    for index in range(1, 4):
        page.keyboard.press("PageDown")
        for _ in range(3):
            pixels = decode(page.screenshot())[:, 800:]
            grey = (np.ptp(pixels.astype(int), axis=2) < 4) & (pixels.mean(axis=2) > 90) & (pixels.mean(axis=2) < 200)
            assert grey.mean() < 0.2
            assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 100
        page.wait_for_function("(i) => provence.show.state().scene === i && provence.show.state().landed", arg=index)


def test_the_years_are_played_to_the_last(show_files: dict[str, Path], watched: Callable[..., Page]) -> None:
    page = watched(f"{show_files['en'].as_uri()}#scene=6", reduced_motion="no-preference")
    shown = page.locator(".show-year, .slide-year").first
    expect(shown).to_be_visible(timeout=30_000)
    assert int(shown.inner_text()) < 2022
    expect(shown).to_have_text("2022", timeout=20_000)


def test_it_plays_by_itself_at_a_set_pace_and_stops_at_the_first_key(
    tmp_path: Path, command: Callable[..., Any], open_file: Open
) -> None:
    draft = write.draft(stories.read("living"))
    for scene in draft["scenes"]:
        scene["seconds"] = 10
    packed, out = tmp_path / "quick.zip", tmp_path / "quick.html"
    packed.write_bytes(archive.pack(write.files(draft)))
    done = command("present", "--story", str(packed), "--lang", "en", "--out", str(out))
    assert done.returncode == 0, done.stderr
    show = open_file(out)
    show.press("a")
    assert show.state["auto"]
    for _ in range(4):
        show.press("+")
    assert show.state["pace"] == 2
    # Ten seconds, half of them at this pace.
    show.page.wait_for_function("() => provence.show.state().scene === 1", timeout=60_000)
    show.press("PageUp")
    assert (show.state["auto"], show.state["scene"]) == (False, 0)


@FILE
def test_the_language_changes_in_place(open_show: Open) -> None:
    show = open_show("en", at=4)
    show.press("l")
    assert said(show.page, ".slide-title") == words(SCENES[4]["title"]["fr"])
    expect(show.page.locator("html")).to_have_attribute("lang", "fr")
    show.press("l")
    assert said(show.page, ".slide-title") == words(SCENES[4]["title"]["en"])


@FILE
def test_a_reload_comes_back_to_the_scene(open_show: Open) -> None:
    show = open_show()
    show.press("7")
    show.landed(6)
    show.page.reload()
    show.landed(6)
    assert show.state["scene"] == 6


@FILE
def test_the_last_slide_names_its_edition(open_show: Open) -> None:
    show = open_show("fr")
    show.press("End")
    show.landed(LAST)
    config = show.page.evaluate("JSON.parse(document.getElementById('provence-config').textContent).show.colophon")
    slide = show.page.locator(".slide:not(.leaving)")
    for part in (config["version"], config["checksum"], config["data_version"], "23 novembre 2026"):
        expect(slide).to_contain_text(part)


def test_a_story_of_two_hundred_scenes_plays(tmp_path: Path, command: Callable[..., Any], open_file: Open) -> None:
    draft = write.draft(stories.read("living"))
    middle = draft["scenes"][1:-1]
    draft["scenes"] = [draft["scenes"][0], *(middle * 60)[:198], draft["scenes"][-1]]
    packed, out = tmp_path / "long.zip", tmp_path / "long.html"
    packed.write_bytes(archive.pack(write.files(draft)))
    done = command("present", "--story", str(packed), "--lang", "en", "--out", str(out))
    assert done.returncode == 0, done.stderr
    page = open_file(out).page
    assert page.evaluate("provence.show.state().total") == 200
    page.keyboard.press("End")
    page.wait_for_function("() => provence.show.state().scene === 199 && provence.show.state().landed")
    page.keyboard.press("PageUp")
    page.wait_for_function("() => provence.show.state().scene === 198 && provence.show.state().landed")
    page.keyboard.press("g")
    expect(page.locator(".show-over").first).to_be_visible()
