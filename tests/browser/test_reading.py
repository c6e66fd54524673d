"""Finding and reading one thing: search, symbols, cards, keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from layers import editions
from layers.catalogue import load
from layers.view import DRAPES, KINDS, LANGUAGES, LAYERS
from layers.web import make_map
from tests.browser.conftest import once

LANGUAGE_OF = {"page": "en", "file": "fr"}
# What is wrong with the figures and facts of the open card or grid: a figure without a mark, a mark without a line in
# the sources, a fact without an answer.
FAULTS = """() => {
  const card = document.getElementById("card");
  const lines = new Set([...card.querySelectorAll("ul.src li[data-cite]")].map((node) => node.dataset.cite));
  const figures = [...card.querySelectorAll(".fig")].filter((node) => !node.querySelector(".cite button"));
  const marks = [...card.querySelectorAll(".cite button")].filter((node) => !lines.has(node.dataset.cite));
  const answers = [...card.querySelectorAll("dd, td .val")];
  const empty = answers.filter((node) => !node.textContent.trim() && !node.querySelector("svg"));
  return [...figures, ...marks, ...empty].map((node) => node.outerHTML.slice(0, 200));
}"""
# Of every card, or every one of a kind: key, words, how many sources and figures, and what is wrong with these.
EVERY_CARD = f"""(kind) => {{
  const look = {FAULTS};
  const count = (what) => document.querySelectorAll(`#card ${{what}}`).length;
  const keys = [...provence.model.live.byKey.keys()].filter((key) => !kind || key.startsWith(`${{kind}}:`));
  return keys.map((key) => {{
    provence.apply(`lang=${{provence.text.language}}&select=${{key}}`);
    return [key, document.getElementById("card").innerText, count("ul.src li"), count(".fig"), look()];
  }});
}}"""
# The kinds of the areas and lines that only official services fill, and what no text may show.
DRAPED = KINDS[-len(DRAPES) :]
UNFILLED = re.compile(r"\b(undefined|NaN|null|Infinity)\b|\[object|\{\w+\}")
SMALL = """(least) => [...document.querySelectorAll("#card button, #card summary")]
  .filter((node) => node.checkVisibility()).map((node) => [node, node.getBoundingClientRect()])
  .filter(([, box]) => box.width < least || box.height < least)
  .map(([node, box]) => `${node.textContent || node.ariaLabel} ${box.width} x ${box.height}`)"""
WIDER = "document.documentElement.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth"
# What of a grid reaches over the right edge of its cell, and how much wider it is than its own scroll.
OVER = """() => {
  const over = [];
  for (const cell of document.querySelectorAll("#card .grid td, #card .grid th")) {
    const right = cell.getBoundingClientRect().right + 1;
    for (const node of cell.querySelectorAll(".val, .fig, .tie, small, .link, svg, i")) {
      if ([...node.getClientRects()].some((box) => box.width && box.right > right)) over.push(node.textContent);
    }
  }
  const scroll = document.querySelector("#card .scroller");
  return [over, scroll.scrollWidth - scroll.clientWidth];
}"""
COMPARED = (
    "", "site:arcelormittal-fos,site:evere-fos,site:edf-martigues", "commune:13039,commune:13055,commune:13047",
)  # fmt: skip
# Keys of symbols at one place, and that place: the largest such group of a layer.
TOGETHER = """(layer) => {
  const places = {};
  for (const item of provence.model.live.items[layer]) (places[`${item.lon},${item.lat}`] ??= []).push(item.key);
  const [place, keys] = Object.entries(places).sort((a, b) => b[1].length - a[1].length)[0];
  const [lon, lat] = place.split(",").map(Number);
  return { keys, bounds: [lon - 0.004, lat - 0.004, lon + 0.004, lat + 0.004].map((value) => value.toFixed(5)).join() };
}"""


def options(map_: Any) -> list[str]:
    """Give the names of what the search found."""
    return [text.strip() for text in map_.locator("#found [role=option] b").all_inner_texts()]


def centres(map_: Any, keys: list[str]) -> list[tuple[float, float]]:
    """Give the centres of symbols, in px."""
    return [map_.at(key) for key in keys]


def least_distance(points: list[tuple[float, float]]) -> float:
    """Give the distance in px between the two nearest points."""
    return min(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5 for i, a in enumerate(points) for b in points[:i])


def test_search_needs_no_accent_and_no_pointer(show: Callable) -> None:
    map_ = show()
    map_.search("etang")
    expect(map_.locator("#found")).to_be_visible()
    assert any("Étang" in name for name in options(map_))
    map_.page.keyboard.press("Escape")
    expect(map_.locator("#found")).to_be_hidden()
    map_.page.keyboard.type("arcelor")
    expect(map_.locator("#found [role=option]").first).to_have_attribute("aria-selected", "true")
    expect(map_.locator("#search")).to_have_attribute("aria-activedescendant", "found-0")
    map_.page.keyboard.press("Enter")
    expect(map_.card).to_contain_text("ArcelorMittal")
    expect(map_.card).to_be_focused()


@once
def test_arrows_walk_through_what_was_found(show: Callable) -> None:
    map_ = show()
    map_.search("marignane")
    names = options(map_)
    assert len(names) > 1
    map_.page.keyboard.press("ArrowDown")
    expect(map_.locator("#found [role=option]").nth(1)).to_have_attribute("aria-selected", "true")
    map_.page.keyboard.press("Enter")
    expect(map_.card).to_have_text(names[1])


@once
def test_a_search_without_a_match_says_so_and_suggests(show: Callable) -> None:
    map_ = show()
    map_.search("arcelormital")
    expect(map_.locator("#found")).to_contain_text("No match for “arcelormital”")
    map_.button("ArcelorMittal", "#found").click()
    assert any("ArcelorMittal" in name for name in options(map_))


@once
def test_what_search_finds_is_shown_even_when_its_layer_was_off(show: Callable) -> None:
    map_ = show("layers=communes&hidden=industry.metal")
    map_.search("arcelor")
    # A company of that name is found as well; what is looked for is the site.
    map_.locator("#found [role=option]", has_text="ArcelorMittal Méditerranée – Fos-sur-Mer").click()
    expect(map_.card).to_contain_text("ArcelorMittal")
    assert "layers=communes,industry" in map_.query
    assert map_.symbols("site") > 0


@once
def test_every_card_says_what_it_is_and_where_it_and_every_figure_come_from(
    show: Callable, request: pytest.FixtureRequest
) -> None:
    # Every card of the map takes a while to open: one language in the page, the other in the file.
    map_ = show(f"lang={LANGUAGE_OF[request.node.callspec.params['show']]}")
    cards = map_.doc.evaluate(EVERY_CARD)
    assert {key.partition(":")[0] for key, *_ in cards} == set(KINDS) - set(DRAPED)
    assert len(cards) == sum(len(load(layer)) for layer in LAYERS if layer not in DRAPES)
    assert [key for key, _, sources, _, _ in cards if not sources] == [], "these name no source"
    assert [f"{key}: {text}" for key, text, *_ in cards if UNFILLED.search(text)] == []
    assert [f"{key}: {fault}" for key, *_, faults in cards for fault in faults] == []
    assert sum(figures for *_, figures, _ in cards) > 1500


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_of_an_area_or_a_line_says_where_its_figures_come_from(
    language: str, draped: Path, tmp_path: Path, open_map: Callable
) -> None:
    with editions.using(draped):
        file = make_map().save(tmp_path / "draped.html")
        rows = sum(len(load(layer)) for layer in DRAPES)
    map_ = open_map(f"{file.as_uri()}#lang={language}", host="file")
    cards = [card for kind in DRAPED for card in map_.doc.evaluate(EVERY_CARD, kind)]
    assert len(cards) == rows
    assert [key for key, _, sources, figures, _ in cards if sources != 1 or not figures] == []
    assert [f"{key}: {text}" for key, text, *_ in cards if UNFILLED.search(text) or "drape." in text] == []
    assert [f"{key}: {fault}" for key, *_, faults in cards for fault in faults] == []


@once
def test_the_card_of_a_site_shows_the_year_the_source_and_the_licence(show: Callable) -> None:
    map_ = show("select=site:arcelormittal-fos")
    card = map_.locator("#card")
    expect(card).to_contain_text("in 2022")
    expect(card).to_contain_text("EU ETS")
    config = "JSON.parse(document.getElementById('provence-config').textContent)"
    site = "provence.model.live.byKey.get('site:arcelormittal-fos')"
    for licence in map_.run(f"{site}.sources.map((id) => {config}.sources[id].licence.en)"):
        expect(card.locator("ul.src")).to_contain_text(licence)


@pytest.mark.parametrize("compare", COMPARED)
@once
def test_every_figure_of_a_comparison_carries_its_source(show: Callable, compare: str) -> None:
    map_ = show(f"panel=compare&compare={compare}" if compare else "panel=compare")
    expect(map_.locator("#card table.grid tbody tr").first).to_be_visible()
    assert map_.doc.evaluate(FAULTS) == []
    unsourced = map_.run(
        "[...document.querySelectorAll('#card table.grid tbody tr')].filter((row) => row.querySelector('td .tiny') && "
        "!row.querySelector('.cite')).map((row) => row.dataset.row)"
    )
    assert unsourced == []


@once
def test_a_mark_leads_to_its_source_and_the_chart_opens_as_a_table(show: Callable) -> None:
    map_ = show("select=site:arcelormittal-fos")
    mark = map_.locator("#card .key-figure .cite button")
    expect(mark).to_have_attribute("aria-label", re.compile("^Source [a-z]: .*(emissions|European Commission)"))
    mark.press("Enter")
    line = map_.locator("#card ul.src li:focus")
    expect(line).to_be_in_viewport()
    expect(line).to_contain_text("Verified emissions of the EU emissions trading system")
    map_.locator("#card details.as-table summary").press("Enter")
    rows = map_.locator("#card details.as-table tbody tr")
    expect(rows).to_have_count(18)
    site = "provence.model.live.byKey.get('site:arcelormittal-fos')"
    tonnes = map_.run(f"provence.text.number(provence.model.live.co2({site}, 2022))")
    expect(rows.last).to_contain_text(tonnes)


def test_sites_are_compared_from_their_cards_and_leave_again(show: Callable) -> None:
    map_ = show("select=site:arcelormittal-fos")
    map_.button("Compare", "#card").click()
    expect(map_.card).to_have_text("1 site compared")
    expect(map_.card).to_be_focused()
    map_.locator("#card .rows button").first.click()
    expect(map_.card).to_have_text("2 sites compared")
    assert map_.query.count("site:") == 2
    expect(map_.locator("#card table.grid thead th")).to_have_count(3)
    map_.locator("#card .drop").first.click()
    expect(map_.card).to_have_text("1 site compared")
    map_.button("Clear", "#card").click()
    expect(map_.card).to_have_text("Three poles compared")
    assert "compare=site" not in map_.query
    map_.page.go_back()
    expect(map_.card).to_have_text("1 site compared")


@once
def test_the_grid_of_the_poles_says_what_the_tables_say(show: Callable) -> None:
    map_ = show("panel=compare&year=2015")
    row = map_.locator("#card tr[data-row=co2] td")
    total = "provence.text.co2(provence.model.live.total('martigues-fos', 2015).tonnes)"
    expect(row.nth(2)).to_contain_text(map_.run(total))
    expect(row.nth(1)).to_have_text("None")
    expect(map_.locator("#card")).to_contain_text("La Ciotat–Cassis: No site of this pole is in the EU ETS.")
    map_.button("Martigues–Fos", "#card").click()
    expect(map_.locator("#card")).to_contain_text("Projects by start year")
    map_.button("Show only this pole on the map", "#card").click()
    assert "pole=martigues-fos" in map_.query


@pytest.mark.parametrize(
    "query", ["select=site:arcelormittal-fos", "select=pole:martigues-fos", f"panel=compare&compare={COMPARED[1]}"]
)
@once
def test_on_a_phone_cards_and_grids_fit_and_every_button_takes_a_thumb(show: Callable, query: str) -> None:
    map_ = show(f"lang=fr&{query}", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    map_.locator("#card [data-size=larger]").tap()
    assert not map_.run(WIDER)
    assert map_.doc.evaluate(SMALL, 44) == []


@pytest.mark.parametrize(
    "two",
    [
        "site:arcelormittal-fos,site:evere-fos",
        "site:gazelenergie-provence,site:marcegaglia-fos",
        "commune:13039,commune:13047",
    ],
)
@once
def test_two_things_fit_side_by_side_on_a_phone_and_no_cell_covers_the_next(show: Callable, two: str) -> None:
    map_ = show(f"panel=compare&compare={two}", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    expect(map_.card).to_contain_text("2 ")
    assert map_.run(f"({OVER})()") == [[], 0]


@pytest.mark.parametrize("query", ["select=site:arcelormittal-fos", "select=pole:martigues-fos", "panel=compare"])
@once
def test_with_a_mouse_every_button_of_the_drawer_has_24_px(show: Callable, query: str) -> None:
    map_ = show(query)
    assert map_.doc.evaluate(SMALL, 24) == []


@once
def test_every_project_shows_its_status_as_of_a_date(show: Callable) -> None:
    map_ = show("lang=en")
    cards = [(key, text) for key, text, *_ in map_.doc.evaluate(EVERY_CARD, "project")]
    assert len(cards) == len(load("decarbonation"))
    for key, text in cards:
        assert re.search(r"as of (\w+ )?20\d\d", text), f"{key}: {text}"


@once
def test_keys_walk_through_the_symbols_open_the_table_and_close_again(show: Callable) -> None:
    map_ = show()
    keyboard = map_.page.keyboard
    keyboard.press("n")
    first = map_.card.inner_text()
    keyboard.press("n")
    expect(map_.card).not_to_have_text(first)
    keyboard.press("p")
    expect(map_.card).to_have_text(first)
    keyboard.press("Escape")
    expect(map_.locator("#card")).to_be_hidden()
    keyboard.press("t")
    expect(map_.locator("#table-title")).to_be_focused()
    keyboard.press("Escape")
    expect(map_.locator("#table")).to_be_hidden()
    keyboard.press("l")
    expect(map_.locator("#tree input").first).to_be_focused()


@once
def test_letters_typed_into_the_search_box_are_no_commands(show: Callable) -> None:
    map_ = show()
    map_.search("tnp")
    expect(map_.locator("#search")).to_have_value("tnp")
    expect(map_.locator("#table")).to_be_hidden()
    expect(map_.locator("#card")).to_be_hidden()


@once
def test_zero_shows_the_whole_metropolis_again(show: Callable) -> None:
    map_ = show()
    home = map_.frame
    map_.button("Zoom in").click()
    map_.still()
    assert map_.frame[2] > home[2]
    map_.page.keyboard.press("0")
    map_.still()
    assert map_.frame == pytest.approx(home, abs=0.01)
    assert map_.address == ""


@once
def test_sites_that_share_a_place_spread_apart_when_opened(show: Callable) -> None:
    map_ = show()
    together = map_.doc.evaluate(TOGETHER, "industry")
    keys = together["keys"]
    assert len(keys) > 1
    map_.run(f"provence.apply('layers=communes,industry&bounds={together['bounds']}')")
    map_.still()
    assert least_distance(centres(map_, keys)) < 5
    map_.click_symbol(keys[0])
    expect(map_.locator("#card")).to_be_visible()
    assert len(centres(map_, keys)) == len(keys)
    assert least_distance(centres(map_, keys)) >= 20


@once
def test_projects_that_share_a_place_are_listed_and_spread_apart(show: Callable) -> None:
    map_ = show()
    together = map_.doc.evaluate(TOGETHER, "decarbonation")
    keys = together["keys"]
    assert len(keys) > 1
    map_.run(f"provence.apply('layers=communes,decarbonation&bounds={together['bounds']}')")
    map_.still()
    (stack,) = [key for key in map_.on_map() if key.startswith("stack:") and keys[0] in key]
    map_.click_symbol(stack)
    expect(map_.card).to_have_text(f"{len(keys)} projects here")
    assert least_distance(centres(map_, keys)) >= 20
    map_.locator("#card ul.rows button").first.click()
    assert map_.query.rpartition("select=")[2] in keys


@once
def test_a_stack_of_projects_at_several_places_zooms_in(show: Callable) -> None:
    map_ = show()
    stack = map_.run(
        "provence.onMap().map(({ key }) => key).find((key) => key.startsWith('stack:') && "
        "new Set(key.slice(6).split(',').map((id) => { const { lon, lat } = provence.model.live.byKey.get(id); "
        "return Math.round(lon * 50) + ' ' + Math.round(lat * 50); })).size > 1)"
    )
    before = map_.frame[2]
    map_.click_symbol(stack)
    map_.still()
    assert map_.frame[2] > before + 0.5
