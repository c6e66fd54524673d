"""The layer tree: what it hides and shows, what it says about a layer, and what the table makes of it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import once

SHOWN = """provence.model.POINT_LAYERS.flatMap((layer) =>
  provence.model.live.visible(layer, provence.view.fromQuery(provence.current()).view)).length"""


@once
def test_a_row_hides_and_shows_its_symbols_and_leaves_the_map_where_it_is(show: Callable) -> None:
    map_ = show()
    before = map_.frame
    metals = map_.locator("#tree").get_by_role("checkbox", name="Steel and metals")
    expect(metals).to_be_checked()
    metals.press("Space")
    expect(metals).not_to_be_checked()
    assert map_.symbols("site") == 114
    assert map_.address == "hidden=industry.metal"
    assert map_.frame == before
    map_.locator("#tree label", has_text="Steel and metals").click()
    expect(metals).to_be_checked()
    assert map_.symbols("site") == 121
    assert map_.address == ""
    assert map_.frame == before


@once
def test_the_switch_of_a_group_hides_and_shows_all_of_it(show: Callable) -> None:
    map_ = show()
    before = map_.frame
    switch = map_.locator("#tree").get_by_role("switch", name="Show Decarbonation")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    assert map_.symbols("project") == 0
    assert map_.symbols("site") == 121
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    assert map_.symbols("project") == 60
    assert map_.frame == before


@once
def test_reset_brings_everything_back(show: Callable) -> None:
    map_ = show("layers=communes&hidden=industry.metal&year=2010")
    assert map_.symbols("site") == 0
    map_.button("Reset").click()
    assert map_.query == ""
    assert map_.symbols("site") == 121


@once
def test_the_information_button_says_source_licence_and_vintage(show: Callable) -> None:
    map_ = show()
    map_.button("About: Steel and metals").click()
    expect(map_.card).to_have_text("Steel and metals")
    card = map_.locator("#card")
    expect(card).to_contain_text("7 features")
    expect(card).to_contain_text("2005")
    for heading in ("What it gathers", "How it was made", "Limits", "Sources"):
        expect(card.get_by_role("heading", name=heading)).to_be_visible()
    first = card.locator("ul.src li").first
    expect(first).to_contain_text("Licence:")
    expect(first).to_contain_text("Data of")
    assert (first.locator("a").first.get_attribute("href") or "").startswith("https://")
    map_.button("Close").click()
    expect(card).to_be_hidden()


@once
def test_the_table_has_one_row_for_each_feature_shown(show: Callable) -> None:
    map_ = show()
    map_.button("Table view").click()
    rows = map_.locator("#table tbody tr")
    assert rows.count() == map_.run(SHOWN) == 121 + 60 + 5 + 44 + 6
    map_.locator("#tree").get_by_role("switch", name="Show Industry").click()
    expect(rows).to_have_count(60 + 5 + 44 + 6)
    expect(map_.locator("#table [role=status]")).to_have_text("115 rows")


@once
def test_an_empty_table_says_so_and_offers_the_way_back(show: Callable) -> None:
    map_ = show("layers=communes")
    map_.page.keyboard.press("t")
    expect(map_.locator("#table")).to_contain_text("nothing is shown on the map")
    map_.button("Show everything again", "#table").click()
    assert map_.locator("#table tbody tr").count() > 200


@once
def test_a_row_of_the_table_opens_the_same_card_as_the_symbol(show: Callable) -> None:
    map_ = show()
    map_.button("Table view").click()
    map_.locator("#table").get_by_role("button", name="ArcelorMittal", exact=False).first.click()
    title = map_.card.inner_text()
    key = map_.run("provence.view.fromQuery(provence.current()).view.selection")
    from_table = map_.locator("#card").inner_text()
    map_.button("Close", "#card").click()
    map_.page.keyboard.press("Escape")
    map_.click_symbol(key)
    expect(map_.card).to_have_text(title)
    assert map_.locator("#card").inner_text() == from_table


@once
def test_a_heading_of_the_table_sorts_it_both_ways(show: Callable) -> None:
    map_ = show("layers=industry")
    map_.button("Table view").click()
    names = "[...document.querySelectorAll('#table tbody th')].map((cell) => cell.textContent)"
    collated = f"(() => {{ const names = {names}; return names.slice().sort(new Intl.Collator('en').compare); }})()"
    heading = map_.locator("#table thead th").first
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    assert map_.run(names) == map_.run(collated)
    heading.get_by_role("button").press("Enter")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert map_.run(names) == map_.run(collated)[::-1]
    map_.locator("#table thead").get_by_role("button", name="Figure").click()
    expect(map_.locator("#table tbody th").first).to_contain_text("ArcelorMittal")
