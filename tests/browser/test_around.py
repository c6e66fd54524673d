"""Around here: a click, a drawing or four numbers, and what is inside and near, with the method (point 7)."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from layers.around import around


def number(value: int, language: str) -> str:
    """Write a whole number with the language's thousands."""
    return f"{value:,}".replace(",", "," if language == "en" else "\u202f")


def press_map(reader: Any, map_: Any, x: float, y: float) -> None:
    """Press the map at a share of its visible part."""
    box = map_.locator("#map_provence").bounding_box()
    height = box["height"] / 2 if reader.phone else box["height"]
    at = (box["x"] + box["width"] * x, box["y"] + height * y)
    if reader.phone:
        map_.page.touchscreen.tap(*at)
    else:
        map_.page.mouse.click(*at)


def test_a_click_measures_a_circle_and_says_how(reader: Any) -> None:
    map_ = reader.open("bounds=4.8,43.35,5.15,43.55")
    map_.still()
    map_.page.keyboard.press("a")
    expect(map_.card).to_have_text(reader.t("around.title"))
    press_map(reader, map_, 0.5, 0.6)
    expect(map_.locator("#card .tiles")).to_be_visible()
    area = tuple(float(word) for word in map_.query.split("area=")[1].split("&")[0].split(","))
    found = around(area)
    expect(map_.locator("#card .tiles")).to_contain_text(number(found.population, reader.language))
    for key in ("report.people", "group.industry", "access.title", "about.method"):
        expect(map_.locator("#card h3", has_text=reader.t(key)).first).to_be_attached()


def test_a_polygon_is_drawn_corner_by_corner(reader: Any) -> None:
    map_ = reader.open("bounds=4.8,43.35,5.15,43.55")
    map_.still()
    map_.page.keyboard.press("a")
    map_.locator("#mode-polygon").click()
    for x, y in ((0.3, 0.4), (0.7, 0.4), (0.5, 0.8)):
        press_map(reader, map_, x, y)
        map_.page.wait_for_timeout(400)
    map_.button(reader.t("around.finish"), "#card").click()
    expect(map_.locator("#card .tiles")).to_be_visible()
    assert len(map_.query.split("area=")[1].split("&")[0].split(",")) == 6


def test_four_coordinates_serve_as_well_and_wrong_ones_are_told(reader: Any) -> None:
    map_ = reader.open()
    map_.page.keyboard.press("a")
    map_.locator("#mode-typed").click()
    for name, value in (("west", "5.2"), ("south", "43.4"), ("east", "5.0"), ("north", "43.5")):
        map_.locator(f"#around-{name}").fill(value)
    map_.button(reader.t("around.use"), "#card").click()
    expect(map_.locator("#notices")).to_contain_text(reader.t("around.wrong"))
    map_.locator("#around-west").fill("4,9")
    map_.button(reader.t("around.use"), "#card").click()
    expect(map_.locator("#card .tiles")).to_be_visible()
    assert "area=4.9,43.4,5,43.4,5,43.5,4.9,43.5" in map_.query


def test_an_area_the_server_refuses_is_told_in_its_words(reader: Any) -> None:
    map_ = reader.open("area=2.35,48.85,5")
    alert = map_.locator("#card [role=alert]")
    expect(alert).to_contain_text(reader.t("around.failed"))
    expect(alert).to_contain_text("48")
    map_.watch.errors.clear()
