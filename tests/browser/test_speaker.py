"""The speaker view: a second window in step both ways, from the server and from a file; without it the show goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from layers import stories
from layers.text import text

Open = Callable[..., Any]
SCENES = stories.resolved(stories.read("pitch"))["scenes"]


def words(pieces: list[list[Any]]) -> str:
    """Give the text of some pieces."""
    return "".join(text for text, _ in pieces)


def speaker_of(show: Any) -> Page:
    """Open the speaker view."""
    with show.page.expect_popup() as popup:
        show.press("s")
    window = popup.value
    window.wait_for_function("() => document.body.textContent.length > 200")
    return window


def test_it_shows_notes_next_scene_time_and_figures_for_questions(open_show: Open) -> None:
    show = open_show(at=5)
    window = speaker_of(show)
    body = window.locator("body")
    for note in SCENES[5]["notes"]["en"]:
        expect(body).to_contain_text(words(note))
    expect(body).to_contain_text(words(SCENES[6]["title"]["en"]))
    for figure in SCENES[5]["asked"][:3]:
        expect(body).to_contain_text(figure["said"]["en"])
    expect(body).to_contain_text(text("speaker.elapsed", "en"))


def test_both_windows_stay_in_step(open_show: Open) -> None:
    show = open_show(at=1)
    window = speaker_of(show)
    window.keyboard.press("PageDown")
    show.landed(2)
    expect(window.locator("body")).to_contain_text(words(SCENES[2]["notes"]["en"][0]))
    show.press("PageDown")
    show.landed(3)
    expect(window.locator("body")).to_contain_text(words(SCENES[3]["notes"]["en"][0]))
    window.get_by_role("button", name=text("speaker.previous", "en")).click()
    show.landed(2)
    window.keyboard.press("b")
    assert show.state["blank"]
    window.keyboard.press("b")
    assert not show.state["blank"]
    window.keyboard.press("End")
    show.landed(len(SCENES) - 1)


def test_the_show_goes_on_when_the_window_is_closed(open_show: Open) -> None:
    show = open_show()
    window = speaker_of(show)
    window.close()
    show.press("PageDown")
    show.landed(1)
    show.page.wait_for_function("() => !provence.show.state().speaker")
    window = speaker_of(show)
    expect(window.locator("body")).to_contain_text(words(SCENES[1]["notes"]["en"][0]))


def test_it_says_so_when_the_show_is_closed(show_files: dict[str, Path], watched: Any) -> None:
    page = watched(show_files["fr"].as_uri())
    page.wait_for_function("() => window.provence?.show?.state?.()?.landed")
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    window = popup.value
    window.wait_for_function("() => document.body.textContent.length > 200")
    page.close()
    expect(window.locator("body")).to_contain_text(text("speaker.closed", "fr"))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_speaks_the_language_of_the_show(open_show: Open, language: str) -> None:
    window = speaker_of(open_show(language))
    expect(window.locator("html")).to_have_attribute("lang", language)
    expect(window.locator("body")).to_contain_text(words(SCENES[0]["notes"][language][0]))
