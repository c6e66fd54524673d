"""Newer verified years and official cells on the screen, in the file made of an edition."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import expect

from layers import origins

REGISTRY = "eutl-registry"
FRESH = {"retrieved": "2026-11-24", "vintage": {"en": "to 2024", "fr": "jusqu’en 2024"}}


@pytest.fixture(scope="module")
def fresh_file(
    tmp_path_factory: pytest.TempPathFactory, make_edition: Callable[..., Path], take_up: Callable[[Path, str], None],
    command: Callable[..., Any],
) -> Path:  # fmt: skip
    """Write the map of an edition with verified emissions of 2023 and 2024, and a Seveso regime said officially."""
    live = tmp_path_factory.mktemp("fresh")
    layers = {"industry": {"sources": [REGISTRY], "refreshed": "2026-11-24"}}
    folder = make_edition(live, "fresh", sources={REGISTRY: FRESH}, layers=layers)
    rows = pd.read_csv(folder / "tables" / "emissions.csv")
    last = rows[rows["year"] == 2022]
    more = [last.assign(year=year, source=REGISTRY) for year in (2023, 2024)]
    pd.concat([rows, *more]).to_csv(folder / "tables" / "emissions.csv", index=False, lineterminator="\n")
    cell = ("industry", "arcelormittal-fos", "seveso")
    origins.write(folder / "tables" / origins.FILE, {cell: origins.Origin(REGISTRY, "2026-11-24", "")})
    take_up(live, "fresh")
    path = live / "map.html"
    done = command("map", "--out", str(path), PROVENCE_MAP_LIVE=str(live))
    assert done.returncode == 0, done.stderr
    return path


def test_a_newer_year_is_measured_on_the_bar_and_cited_from_the_registry(
    fresh_file: Path, open_map: Callable[..., Any]
) -> None:
    sight = open_map(f"{fresh_file.as_uri()}#lang=en&select=site:arcelormittal-fos", host="file")
    expect(sight.locator("#card .key-figure")).to_contain_text("in 2024")
    cited = sight.locator("#card .key-figure [data-cite]").get_attribute("data-cite")
    expect(sight.locator(f"#card li[data-cite={cited}]")).to_contain_text("from the registry itself")
    expect(sight.locator(".time-said")).to_contain_text("in 2024")
    older = open_map(f"{fresh_file.as_uri()}#lang=en&select=site:arcelormittal-fos&year=2022", host="file")
    expect(older.locator("#card .key-figure")).to_contain_text("in 2022")
    cited = older.locator("#card .key-figure [data-cite]").get_attribute("data-cite")
    expect(older.locator(f"#card li[data-cite={cited}]")).not_to_contain_text("from the registry itself")


def test_age_and_last_refresh_are_told_by_sign_and_words(fresh_file: Path, open_map: Callable[..., Any]) -> None:
    sight = open_map(f"{fresh_file.as_uri()}#lang=en&select=site:arcelormittal-fos&table=status", host="file")
    mark = sight.locator("#card .card-head .aged")
    expect(mark).to_contain_text("more than a year ago")
    expect(mark.locator("svg")).to_be_visible()
    expect(sight.locator("#card")).to_contain_text("As official services say")
    expect(sight.locator("td .aged").first).to_contain_text("old, ")
    sight.locator("#tree .row button[aria-label*='About'], #tree .info").first.click()
    expect(sight.locator(".refreshed")).to_have_text("Last refresh: 24 November 2026")
