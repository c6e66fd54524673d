"""The map on a phone: everything within reach of a thumb, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WIDER = "document.documentElement.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth"


def fits(map_: Any) -> bool:
    """Tell whether neither the page nor the document is wider than the screen."""
    return not (map_.page.evaluate(WIDER) or map_.run(WIDER))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_search_chips_sheet_card_and_table_fit_the_screen(show: Callable, language: str) -> None:
    map_ = show(f"lang={language}", **PHONE)
    assert fits(map_)
    map_.locator("#search").tap()
    map_.page.keyboard.type("arcelor")
    expect(map_.locator("#found")).to_be_visible()
    assert fits(map_)
    map_.page.keyboard.press("Enter")
    expect(map_.card).to_be_visible()
    assert fits(map_)
    map_.page.keyboard.press("t")
    expect(map_.locator("#table tbody tr").first).to_be_visible()
    assert fits(map_)


def test_chips_switch_whole_themes(show: Callable) -> None:
    map_ = show(**PHONE)
    chip = map_.button("Industry", "#themes")
    expect(chip).to_have_attribute("aria-pressed", "true")
    chip.tap()
    expect(map_.button("Industry", "#themes")).to_have_attribute("aria-pressed", "false")
    assert map_.symbols("site") == 0


def test_the_layers_come_up_as_a_sheet_and_go_again(show: Callable) -> None:
    map_ = show(**PHONE)
    row = map_.locator("#tree label", has_text="Steel and metals")
    expect(row).to_be_hidden()
    map_.button("Layers", "#controls").tap()
    expect(row).to_be_in_viewport()
    assert fits(map_)
    row.tap()
    map_.button("Close the layers").tap()
    expect(row).to_be_hidden()
    assert map_.symbols("site") == 114


def test_a_card_is_a_sheet_at_the_bottom_that_can_be_enlarged(show: Callable) -> None:
    map_ = show("select=site:arcelormittal-fos", **PHONE)
    card = map_.locator("#card")
    half = card.bounding_box()
    assert half["y"] > 844 / 4
    assert half["y"] + half["height"] == pytest.approx(844, abs=1)
    map_.button("Enlarge the card").tap()
    expect(map_.button("Reduce the card")).to_be_visible()
    card.evaluate("(node) => Promise.all(node.getAnimations().map((animation) => animation.finished))")
    assert card.bounding_box()["y"] < half["y"]
    map_.button("Close", "#card").tap()
    expect(card).to_be_hidden()


def test_a_finger_opens_the_card_of_a_symbol(show: Callable) -> None:
    map_ = show("layers=communes,ports", **PHONE)
    x, y = map_.at([key for key in map_.on_map() if key.startswith("port:")][-1])
    map_.page.touchscreen.tap(x + 8, y)
    expect(map_.locator("#card")).to_contain_text("Port")
