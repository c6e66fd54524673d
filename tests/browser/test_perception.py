"""Perception and reality: an idea, its figures with year and source, the next card, and the cards without a place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from layers import cited
from layers.text import text
from layers.view import Language
from tests.browser.conftest import once

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SCREENS = {"desktop": {}, "phone": PHONE}
WIDER = "document.documentElement.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth"
CARDS = cited.perceptions()

both_languages = pytest.mark.parametrize("language", ["en", "fr"])
both_screens = pytest.mark.parametrize("screen", list(SCREENS))


def belief(rank: int, language: Language) -> str:
    """Give the idea of a card."""
    return str(CARDS.set_index("rank").at[rank, f"belief_{language}"])


def opened(map_: Any, screen: str) -> None:
    """Bring the layer tree into sight."""
    if screen == "phone":
        map_.locator("#controls .phone button").first.tap()


@once
@both_languages
@both_screens
def test_the_layer_is_opened_a_card_is_read_and_the_next_one_follows(
    show: Callable, language: Language, screen: str
) -> None:
    map_ = show(f"lang={language}", **SCREENS[screen])
    assert map_.symbols("perception") == 0
    opened(map_, screen)
    map_.locator("#tree").get_by_role("switch", name=text("group.story", language), exact=False).click()
    if screen == "phone":
        map_.button(text("tree.close", language)).tap()
    assert map_.symbols("perception") == CARDS["at"].ne("").sum()
    map_.run("provence.apply(provence.current() + '&select=perception:port-in-decline')")
    card = map_.locator("#card")
    expect(map_.card).to_have_text(belief(7, language))
    expect(card).to_contain_text(text("perception.own_words", language))
    expect(card).to_contain_text(text("verdict.otherwise", language))
    figures = card.locator(".figure-of")
    assert figures.count() == 3
    for figure, known in zip(figures.all(), cited.figures(CARDS.set_index("rank").at[7, "facts"]), strict=True):
        expect(figure).to_contain_text(str(known.year))
        expect(figure).to_contain_text(known.said[language].replace("CO2", "CO₂"))
        expect(figure).to_contain_text(text(f"confidence.{known.confidence}", language))
        assert figure.get_by_role("link").get_attribute("href") == known.source_url
    map_.button(text("perception.next", language)).click()
    expect(map_.card).to_have_text(belief(8, language))
    # The page around the document hears of the step a moment later: Back would otherwise undo the one before.
    map_.page.wait_for_url(lambda url: "select=perception:digital-periphery" in url)
    map_.page.go_back()
    expect(map_.card).to_have_text(belief(7, language))
    assert not map_.run(WIDER)


@both_languages
@both_screens
@once
def test_a_card_without_a_place_is_reached_from_the_tree_and_is_not_on_the_map(
    show: Callable, language: Language, screen: str
) -> None:
    map_ = show(f"lang={language}&layers=communes,poles", **SCREENS[screen])
    before = map_.frame
    opened(map_, screen)
    map_.locator("#all-cards").click()
    rows = map_.locator("#card .ideas button")
    expect(rows).to_have_count(len(CARDS))
    rows.last.click()
    expect(map_.card).to_have_text(belief(len(CARDS), language))
    expect(map_.locator("#card")).to_contain_text(text("perception.nowhere", language))
    assert map_.locator('.symbol[data-key="perception:investors-stay-away"]').count() == 0
    assert map_.symbols("perception") > 0, "the layer of the card is shown"
    assert map_.frame[2] == before[2], "nothing to fly to"
    assert not map_.run(WIDER)


@once
def test_a_bubble_is_pointed_at_and_opens_its_card(show: Callable) -> None:
    map_ = show("layers=perceptions&bounds=5.2,43.4,5.5,43.55")
    map_.still()
    map_.click_symbol("perception:far-from-everything")
    expect(map_.card).to_have_text(belief(4, "en"))
    expect(map_.locator("#card .figure-of").first).to_contain_text("3\u00a0h\u00a020")


@once
def test_search_finds_an_idea_in_either_language(show: Callable) -> None:
    map_ = show("lang=en")
    map_.search("investisseurs")
    expect(map_.locator("#found [role=option]").first).to_contain_text(belief(12, "en"))
    map_.page.keyboard.press("Enter")
    expect(map_.card).to_have_text(belief(12, "en"))
    assert "perceptions" in map_.query


@once
def test_the_table_holds_every_card_with_a_figure_and_its_year(show: Callable) -> None:
    map_ = show("layers=perceptions")
    map_.page.keyboard.press("t")
    rows = map_.locator("#table tbody tr")
    expect(rows).to_have_count(len(CARDS))
    expect(map_.locator('#table tr[data-key="perception:port-in-decline"]')).to_contain_text("74\u00a0Mt in 2025")
    expect(map_.locator('#table tr[data-key="perception:less-and-less-work"]')).to_contain_text("63% in 2022")


@once
def test_a_card_brings_the_layers_it_speaks_of_onto_the_map(show: Callable) -> None:
    map_ = show("layers=perceptions&select=perception:no-students-no-research")
    card = map_.locator("#card")
    card.get_by_role("button", name="Universities").click()
    assert map_.symbols("place") == 9
    card.get_by_role("button", name="Research").click()
    assert map_.symbols("place") == 13
    card.get_by_role("button", name="AMU campus Luminy").click()
    expect(map_.card).to_have_text("AMU campus Luminy")
    expect(map_.locator("#card")).to_contain_text("Marseille Provence")


@once
def test_the_about_of_the_layer_says_that_no_survey_is_behind_it(show: Callable) -> None:
    map_ = show()
    map_.button("About: Ideas and figures").click()
    expect(map_.locator("#card")).to_contain_text("no survey is behind them")
    expect(map_.locator("#card")).to_contain_text("low confidence")


@once
def test_an_older_link_that_hides_places_hides_what_they_were_split_into(show: Callable) -> None:
    map_ = show("layers=places&hidden=places.learning,places.nature")
    assert map_.symbols("place") == 85 - 9 - 4 - 6 - 4
    tree = map_.locator("#tree")
    for name in ("Universities", "Research", "Beaches", "Nature"):
        expect(tree.get_by_role("checkbox", name=name)).not_to_be_checked()
    expect(tree.get_by_role("checkbox", name="Heritage")).to_be_checked()


@once
def test_life_and_talent_is_switched_without_land_and_platforms(show: Callable) -> None:
    map_ = show()
    life = map_.locator("#tree").get_by_role("switch", name="Show Life and talent")
    land = map_.locator("#tree").get_by_role("switch", name="Show Land and platforms")
    life.click()
    expect(life).to_have_attribute("aria-checked", "true")
    expect(land).to_have_attribute("aria-checked", "false")
    assert map_.symbols("place") == 50
    land.click()
    assert map_.symbols("place") == 85
    life.click()
    assert map_.symbols("place") == 35
