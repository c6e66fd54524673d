"""Time: measured to 2022, announced to 2035, and honest about which is which (point 3 of Explore)."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect


def bar(reader: Any, map_: Any) -> Any:
    """Bring the year bar up and give its slider."""
    if reader.phone:
        map_.button(reader.t("time.title"), "#controls").tap()
    slider = map_.locator("#timeline input.years")
    expect(slider).to_be_visible()
    return slider


def radius(map_: Any, key: str) -> float:
    """Give the radius a symbol is drawn with, in px."""
    return float(map_.run(f"provence.onMap().find((one) => one.key === '{key}').r"))


def test_sizes_follow_the_verified_year_and_stay_after_the_last(reader: Any) -> None:
    map_ = reader.open()
    now = radius(map_, "site:arcelormittal-fos")
    slider = bar(reader, map_)
    slider.focus()
    map_.page.keyboard.press("Home")
    assert "year=2005" in map_.query
    assert radius(map_, "site:arcelormittal-fos") > now, "8.49 Mt in 2005, 6.45 Mt in 2022"
    assert "2005" in slider.get_attribute("aria-valuetext")
    map_.page.keyboard.press("End")
    assert "year=2035" in map_.query
    assert radius(map_, "site:arcelormittal-fos") == now
    expect(map_.locator("#timeline")).to_contain_text(reader.t("time.sizes_stay", year=2022))


def test_projects_appear_by_their_start_and_suspended_ones_never(reader: Any) -> None:
    map_ = reader.open("year=2029")
    bar(reader, map_)
    coming = "(p) => p.start && p.start <= 2029 && p.status !== 'suspended'"
    expected = map_.run(f"provence.model.live.items.decarbonation.filter({coming}).length")
    assert map_.symbols("project") == expected
    expect(map_.locator("#timeline .time-said")).to_have_text(
        reader.t("time.announced", projects=reader.t("time.started_other", n=expected), year=2029)
    )
    assert map_.run("provence.onMap().filter((one) => one.key.includes('suspended')).length") == 0
    map_.page.keyboard.press("]")
    assert "year=2030" in map_.query
    assert map_.symbols("project") > expected


def test_a_year_is_typed_played_paused_and_left_for_the_overview(reader: Any) -> None:
    map_ = reader.open()
    bar(reader, map_)
    year = map_.locator("#timeline input.year")
    year.fill("2012")
    year.press("Enter")
    assert "year=2012" in map_.query
    year.fill("1999")
    year.press("Enter")
    expect(map_.locator("#notices")).to_contain_text("1999")
    assert "year=2012" in map_.query
    # Motion is reduced in these tests: one press is one year.
    map_.button(reader.t("time.step"), "#timeline").click()
    assert "year=2013" in map_.query
    map_.page.emulate_media(reduced_motion="no-preference")
    map_.locator("#timeline .play").click()
    map_.page.wait_for_function("() => true")
    expect(map_.button(reader.t("time.pause"), "#timeline")).to_be_visible()
    map_.doc.wait_for_function("() => /year=201[4-9]/.test(provence.current())")
    map_.button(reader.t("time.pause"), "#timeline").click()
    held = map_.query
    map_.page.wait_for_timeout(1000)
    assert map_.query == held
    map_.button(reader.t("time.overview"), "#timeline").click()
    assert "year=" not in map_.query
    assert map_.symbols("project") == map_.run("provence.model.live.items.decarbonation.length")
