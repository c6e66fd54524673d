"""The map as others show it: in a frame of another page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from layers.text import text
from tests.browser.conftest import DESKTOP, PHONE


@pytest.mark.parametrize(("language", "size"), [("en", DESKTOP), ("fr", PHONE)])
def test_in_a_frame_the_map_is_reduced_and_one_step_from_the_whole(
    server: Any, open_map: Any, language: Any, size: Any
) -> None:
    map_ = open_map(f"{server.url}?layers=poles,industry&lang={language}&embed=1", viewport=size)
    whole = map_.locator("#whole")
    expect(whole).to_have_accessible_name(text("share.whole", language))
    expect(map_.locator(".tabs, .share-button")).to_have_count(0)
    if size == DESKTOP:
        expect(map_.locator("#panel")).to_be_hidden()
    map_.page.wait_for_function("() => window.Bokeh?.documents.length && Bokeh.documents[0].is_idle")
    other = "fr" if language == "en" else "en"
    map_.button(text("header.in", language, name=text(f"language.{other}", language), code=other.upper())).click()
    expect(map_.locator("html")).to_have_attribute("lang", other)
    # The address keeps the frame's look, the way out does not, and no part of the link is said to be passed over.
    map_.page.wait_for_url(re.compile(rf"lang={other}.*&embed=1$"))
    assert whole.get_attribute("href") == f"{server.url}?lang={other}&layers=poles,industry"
    expect(map_.locator("#notices")).to_be_empty()
