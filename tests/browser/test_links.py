"""A link is a View: it restores everything, survives being broken, and Back goes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

LINK = "lang=fr&theme=dark&hidden=industry.metal&select=site:arcelormittal-fos"


def test_a_link_restores_language_theme_layers_and_selection(show: Callable) -> None:
    map_ = show(LINK)
    expect(map_.locator("html")).to_have_attribute("lang", "fr")
    expect(map_.locator("html")).to_have_attribute("data-theme", "dark")
    expect(map_.locator("#tree").get_by_role("checkbox").first).not_to_be_checked()
    expect(map_.card).to_contain_text("ArcelorMittal")
    assert map_.symbols("site") == 114
    assert map_.query == LINK


def test_a_link_restores_the_extent(show: Callable) -> None:
    map_ = show("bounds=5,43.3,5.2,43.45")
    west, south, east, north = map_.run("map_provence.getBounds().toBBoxString().split(',').map(Number)")
    # Floating point may cut a hair off the edge.
    assert west <= 5.0001
    assert south <= 43.3001
    assert east >= 5.1999
    assert north >= 43.4499
    assert map_.frame[2] > show().frame[2]


@pytest.mark.parametrize(
    "query",
    [
        "layers=nope&hidden=x&bounds=1,2,3&year=1789&select=%3Cimg%3E&lang=de&theme=pink",
        "select=site:no-such-site",
        "%E0%A4%A&&==&%",
    ],
)
def test_a_broken_link_opens_the_default(show: Callable, query: str) -> None:
    map_ = show(query)
    expect(map_.locator("#card")).to_be_hidden()
    assert map_.symbols("site") == 121
    assert map_.symbols("project") == 60


def test_back_and_forward_walk_through_the_selections(show: Callable) -> None:
    map_ = show()
    map_.search("arcelor")
    map_.page.keyboard.press("Enter")
    expect(map_.card).to_contain_text("ArcelorMittal")
    # The page around the document hears of a step a moment later.
    map_.page.wait_for_url(lambda url: "select=site" in url)
    map_.still()
    first = map_.address
    # A pole is framed when it is chosen: its move must not write over the step before.
    map_.search("cassis")
    map_.page.keyboard.press("Enter")
    expect(map_.card).to_contain_text("Cassis")
    map_.page.wait_for_url(lambda url: "select=site" not in url)
    map_.still()
    second = map_.address
    assert first != second
    map_.page.go_back()
    expect(map_.card).to_contain_text("ArcelorMittal")
    assert map_.address == first
    map_.page.go_back()
    expect(map_.locator("#card")).to_be_hidden()
    map_.page.go_forward()
    expect(map_.card).to_contain_text("ArcelorMittal")
    map_.page.go_forward()
    expect(map_.card).to_contain_text("Cassis")
    assert map_.address == second


def test_moving_the_map_is_kept_in_the_link_but_makes_no_step_of_its_own(show: Callable) -> None:
    map_ = show()
    steps = map_.page.evaluate("history.length")
    map_.button("Zoom in").click()
    map_.still()
    assert map_.address.startswith("bounds=")
    assert map_.page.evaluate("history.length") == steps
