"""Find: search without accents, filters that combine and count, nothing left explained (point 1 of Explore)."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect


def open_filters(reader: Any, map_: Any) -> None:
    """Open the filters where the reader finds them."""
    if reader.phone:
        map_.button(reader.t("tree.layers"), "#controls").tap()
    map_.locator("#tab-filters").click()


def test_search_finds_every_kind_without_accents_or_case_by_keyboard_alone(reader: Any) -> None:
    map_ = reader.open()
    for words, key in (("BERRE LETANG", "commune:13014"), ("euromediterranee", "place:euromediterranee")):
        map_.search(words)
        map_.page.keyboard.press("Enter")
        expect(map_.card).to_be_focused()
        assert f"select={key}" in map_.query
        map_.page.keyboard.press("Escape")
    map_.search("arcelormittal mediterranee")
    company = map_.locator("#found .option", has_text=reader.t("company.sites_one", n=1)).or_(
        map_.locator("#found .option", has_text=reader.t("company.sites_other", n=2))
    )
    expect(company.first).to_be_visible()
    map_.search("")
    map_.page.keyboard.press("Control+a")
    map_.page.keyboard.type("zzzzqqq")
    expect(map_.locator("#found")).to_contain_text(reader.t("search.none", query="zzzzqqq"))


def test_filters_combine_count_keep_the_frame_and_go_again(reader: Any) -> None:
    map_ = reader.open("bounds=4.7,43.25,5.6,43.75")
    map_.still()
    frame = map_.frame
    open_filters(reader, map_)
    map_.run("document.querySelector('#filters').dataset.same = 'yes'")
    pole = map_.locator("#filters label", has_text="Martigues–Fos")
    pole.click()
    expect(map_.locator("#filters .count")).to_contain_text(reader.t("filter.of_industry", n=71, of=121))
    family = map_.locator("#filters label", has_text=reader.t("family.metal"))
    before = int(family.locator(".n").inner_text())
    family.click()
    expect(map_.locator("#filters .count")).to_contain_text(reader.t("filter.of_industry", n=before, of=121))
    assert before < 7
    least = map_.locator("#filters").get_by_label(f"{reader.t('filter.co2')}, {reader.t('filter.least')}", exact=True)
    map_.locator("#filters summary", has_text=reader.t("filter.co2")).click()
    least.fill("1000")
    expect(map_.locator("#filters .count")).to_contain_text(reader.t("filter.of_industry", n=1, of=121))
    assert map_.symbols("site") == 1
    assert "pole=martigues-fos&family=metal&co2=1000000.." in map_.query
    assert map_.frame == frame
    assert map_.run("document.querySelector('#filters').dataset.same") == "yes", "the panel was built anew"
    map_.locator("#filters").get_by_role("button", name=reader.t("filter.reset")).click()
    expect(map_.locator("#filters .count")).to_contain_text(reader.t("filter.of_industry", n=121, of=121))
    assert map_.frame == frame


def test_every_filter_reaches_the_map_and_the_link(reader: Any) -> None:
    map_ = reader.open(
        "commune=13039&seveso=upper&technology=hydrogen&status=announced&capacity=mw-electrolysis:1..&investment=1..&start=2026..2035"
    )
    known = map_.run("provence.model.live.items.decarbonation.length")
    assert 0 <= map_.symbols("project") < known
    open_filters(reader, map_)
    for key in ("commune", "seveso", "technology", "status", "capacity", "investment", "start"):
        facet = map_.locator("#filters details", has=map_.locator("summary", has_text=reader.t(f"filter.{key}")))
        expect(facet.locator("summary .n").first).to_have_text("1")


def test_nothing_left_is_explained_and_one_press_brings_something_back(reader: Any) -> None:
    map_ = reader.open("commune=13028&co2=5000000..&start=2035..")
    box = map_.locator("#empty")
    expect(box).to_contain_text(reader.t("filter.empty"))
    assert map_.symbols("site") == map_.symbols("project") == 0
    box.get_by_role("button").first.click()
    expect(box).to_be_hidden()
    assert map_.symbols("site") + map_.symbols("project") > 0
    # The page around the document hears of the step a moment later: Back would otherwise undo the one before.
    map_.page.wait_for_url(lambda url: not ("commune=13028" in url and "co2=5000000" in url and "start=2035" in url))
    map_.page.go_back()
    expect(box).to_be_visible()


def test_a_technology_is_ticked_by_its_family_and_nothing_scrolls_away(reader: Any) -> None:
    map_ = reader.open()
    open_filters(reader, map_)
    facet = map_.locator("#filters details", has=map_.locator("summary", has_text=reader.t("filter.technology")))
    facet.locator("summary").click()
    family = facet.locator("label", has_text=reader.t("technology.h2"))
    known = "provence.model.live.items.decarbonation.filter((p) => p.family === 'h2').length"
    expect(family.locator(".n")).to_have_text(str(map_.run(known)))
    family.click()
    assert "technology=e-fuels,hydrogen" in map_.query
    member = facet.locator(".member label", has_text=reader.t("tech.e-fuels"))
    expect(member.locator("input")).to_be_checked()
    member.click()
    assert "technology=hydrogen" in map_.query
    assert family.locator("input").evaluate("(box) => box.indeterminate")
    # A hidden box that takes the focus must not scroll the page under it.
    for box in facet.locator("label").all()[-3:]:
        box.click()
    assert map_.run("[document.documentElement.scrollTop, document.body.scrollTop]") == [0, 0]


def test_a_steelworks_is_found_by_what_it_makes(reader: Any) -> None:
    map_ = reader.open()
    map_.search("steelworks" if reader.language == "en" else "acierie")
    expect(map_.locator("#found .option", has_text="ArcelorMittal Méditerranée – Fos").first).to_be_visible()
    map_.page.keyboard.press("Escape")
    map_.search("martigues")
    map_.page.keyboard.press("Enter")
    expect(map_.card).to_have_text("Martigues")
