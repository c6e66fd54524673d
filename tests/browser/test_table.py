"""Table: in step with the map both ways, by keyboard, and exported as it is shown (point 4 of Explore)."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
from playwright.sync_api import expect

NAMES = "[...document.querySelectorAll('#table tbody th')].map((cell) => cell.textContent)"


def open_table(reader: Any, query: str = "") -> Any:
    """Open the table by its key and wait until every row is there."""
    map_ = reader.open(query)
    map_.page.keyboard.press("t")
    expect(map_.locator("#table-title")).to_be_focused()
    return map_


def rows(map_: Any) -> int:
    """Count what the table says it has."""
    return int("".join(filter(str.isdigit, map_.locator("#table .count").inner_text())))


def test_the_table_follows_filters_sorts_and_opens_cards_by_keyboard(reader: Any) -> None:
    map_ = open_table(reader, "layers=communes,industry")
    assert rows(map_) == 121
    heading = map_.locator("#table [data-column=figure]")
    heading.focus()
    map_.page.keyboard.press("Enter")
    expect(heading).to_be_focused()
    assert "table=-figure" in map_.query
    assert map_.run(NAMES)[0].startswith("ArcelorMittal")
    map_.locator("#table tbody .link").first.focus()
    map_.page.keyboard.press("Enter")
    expect(map_.card).to_contain_text("ArcelorMittal")
    assert "select=site:arcelormittal-fos" in map_.query


def test_what_is_chosen_on_the_map_is_marked_in_the_table(reader: Any) -> None:
    if reader.phone:
        map_ = reader.open("table=name&layers=communes,industry&select=site:naphtachimie-lavera")
    else:
        map_ = reader.open("table=name&layers=communes,industry&bounds=4.9,43.35,5.1,43.45")
        map_.still()
        map_.page.keyboard.press("n")
    chosen = map_.locator("#table tr[aria-current=true]")
    expect(chosen).to_have_count(1)
    assert f"select={chosen.get_attribute('data-key')}" in map_.query
    if not reader.phone:
        expect(chosen).to_be_in_viewport()


def test_csv_and_excel_hold_what_the_table_shows_with_its_sources(reader: Any) -> None:
    map_ = open_table(reader, "layers=communes,industry&pole=martigues-fos&co2=100000..")
    shown = rows(map_)
    with map_.page.expect_download() as told:
        map_.button(reader.t("table.csv"), "#table").click()
    lines = list(csv.DictReader(io.StringIO(told.value.path().read_text(encoding="utf-8-sig"))))
    assert len(lines) == shown == 18
    assert all(float(line["co2_t"]) >= 100_000 and line["co2_year"] == "2022" for line in lines)
    assert all(line["source"] and line["licence"] and line["crs"] == "EPSG:4326" for line in lines)
    with map_.page.expect_download() as told:
        map_.button(reader.t("table.excel"), "#table").click()
    book = openpyxl.load_workbook(told.value.path(), read_only=True)
    names = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert {line["name"] for line in lines} <= set(names)
    assert len(book.worksheets) == 3
