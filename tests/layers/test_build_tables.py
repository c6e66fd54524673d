"""From hand-kept rows to tables: what follows is computed, what contradicts itself is refused, all faults at once."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from pandas import DataFrame

from geo import crs
from layers.build.tables import build, latest_co2
from layers.catalogue import load
from layers.errors import TableError

HAND = Path(__file__).resolve().parents[2] / "data" / "hand"
Rows = list[dict[str, str]]


@pytest.fixture
def hand(tmp_path: Path) -> Path:
    """A copy of the hand-kept rows to break."""
    return Path(shutil.copytree(HAND, tmp_path / "hand"))


def edit(path: Path, change: Callable[[Rows], object]) -> None:
    """Change the rows of a CSV file in place."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    columns = list(rows[0])
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def row(rows: Rows, row_id: str) -> dict[str, str]:
    """Return the row of one id."""
    return next(r for r in rows if r["id"] == row_id)


def faults(hand: Path) -> tuple[str, ...]:
    """Return the faults of the table that stops the build."""
    with pytest.raises(TableError) as caught:
        build(hand, load("communes"))
    assert "\n" not in str(caught.value)
    return caught.value.faults


def test_rows_come_sorted_whatever_the_order_of_the_file(hand: Path) -> None:
    edit(hand / "industry.csv", lambda rows: rows.reverse())
    made = build(hand, load("communes"))["industry"]
    assert made["id"].is_monotonic_increasing
    pd.testing.assert_frame_equal(DataFrame(made), DataFrame(load("industry")))


def test_a_missing_file_is_told(hand: Path) -> None:
    (hand / "decarbonation.csv").unlink()
    assert faults(hand) == (f"{hand / 'decarbonation.csv'} is missing",)


def test_a_missing_column_is_told(hand: Path) -> None:
    text = (hand / "industry.csv").read_text(encoding="utf-8")
    (hand / "industry.csv").write_text(text.replace("activity_fr", "activite", 1), encoding="utf-8")
    assert faults(hand) == ("column activity_fr is missing", "column activite is not in the schema")


def test_a_point_outside_its_commune_is_told_with_where_it_lies(hand: Path) -> None:
    edit(hand / "industry.csv", lambda rows: row(rows, "iter").update(lon="5.37", lat="43.30"))
    assert faults(hand) == ("iter lies in 13055, expected commune 13099",)


def test_a_point_at_sea_is_told(hand: Path) -> None:
    edit(hand / "ports.csv", lambda rows: row(rows, "lavera").update(lon="5.0", lat="43.0"))
    assert faults(hand) == ("lavera lies in sea, expected commune 13056",)


def test_an_exception_that_nothing_needs_is_told(hand: Path) -> None:
    extra = {"table": "industry", "found": "13055", "reason_en": "x", "reason_fr": "x"}
    edit(hand / "position_exceptions.csv", lambda rows: rows.extend([extra | {"id": "iter"}, extra | {"id": "gone"}]))
    assert faults(hand) == (
        "iter lies in its commune 13099: its exception is not needed",
        "exception for gone: no such row",
    )


def test_latitude_and_longitude_the_wrong_way_round_are_refused(hand: Path) -> None:
    edit(hand / "airports.csv", lambda rows: [r.update(lon=r["lat"], lat=r["lon"]) for r in rows])
    assert len(faults(hand)) == 6


def test_a_position_that_is_no_number_is_told(hand: Path) -> None:
    edit(hand / "places.csv", lambda rows: row(rows, "mucem").update(lon="5,36"))
    assert faults(hand) == ("lon of mucem: '5,36' is not a number",)


def test_a_commune_outside_the_metropolis_is_told_where_none_may_be(hand: Path) -> None:
    edit(hand / "industry.csv", lambda rows: row(rows, "iter").update(insee="13004"))
    assert faults(hand) == ("insee of iter: '13004' is not one of the communes",)


def test_a_double_identifier_is_told(hand: Path) -> None:
    edit(hand / "industry.csv", lambda rows: row(rows, "iter").update(id="cea-cadarache"))
    assert faults(hand) == ("id of cea-cadarache: 'cea-cadarache' appears more than once",)


def test_emissions_of_an_unknown_site_are_told(hand: Path) -> None:
    extra = {"site_id": "nowhere", "year": "2022", "co2_t": "1", "source": "eutl"}
    edit(hand / "emissions.csv", lambda rows: rows.append(extra))
    assert faults(hand) == ("site_id 'nowhere' is no id of industry",)


def test_a_unit_without_words_is_told(hand: Path) -> None:
    edit(hand / "units.csv", lambda rows: rows.remove(next(r for r in rows if r["key"] == "mw")))
    assert faults(hand) == ("capacity_unit 'mw' is no key of units",)


def test_an_irep_row_among_ets_emissions_is_refused(hand: Path) -> None:
    edit(hand / "emissions.csv", lambda rows: rows[0].update(source="irep-2019"))
    (told,) = faults(hand)
    assert told.endswith("'irep-2019' breaks the rule: is one of eutl, eutl-registry")


def test_an_unknown_sector_is_told_once_for_the_sector_and_once_for_its_family(hand: Path) -> None:
    edit(hand / "industry.csv", lambda rows: row(rows, "iter").update(sector="fusion"))
    told = faults(hand)
    assert len(told) == 2
    assert told[0].startswith("sector of iter: 'fusion' breaks the rule: is one of steel, metals")


def test_a_communes_table_in_metres_is_used_all_the_same() -> None:
    metres = crs.to_metres(load("communes"))
    assert len(build(HAND, metres)["industry"]) == 121


def test_without_communes_every_site_is_strange() -> None:
    far = GeoDataFrame({"code": ["01001"], "name": ["X"], "pole": ["y"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    with pytest.raises(TableError, match=r"^table industry: 121 faults: insee of "):
        build(HAND, far)


accounts = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(2005, 2022), st.integers(0, 1000)),
    unique_by=lambda r: r[:2],
    max_size=20,
)


def account(rows: list[tuple[str, int, int]]) -> DataFrame:
    """Return yearly rows as a table."""
    frame = DataFrame(rows, columns=["site_id", "year", "co2_t"]).astype({"site_id": "str", "year": int, "co2_t": int})
    return frame.assign(co2_biogenic_t=pd.NA)


@given(accounts, accounts)
def test_the_figure_of_a_site_is_one_row_of_one_account_and_never_a_sum(
    ets: list[tuple[str, int, int]], irep: list[tuple[str, int, int]]
) -> None:
    newest = latest_co2(account(ets).drop(columns="co2_biogenic_t"), account(irep))
    assert set(newest.index) == {site for site, _, _ in ets + irep}
    for site, figure in newest.iterrows():
        rows = {"ets": ets, "irep": irep}[figure["co2_basis"]]
        assert (site, figure["co2_year"], figure["co2_t"]) in rows
        years = {b: [y for s, y, _ in r if s == site] for b, r in (("ets", ets), ("irep", irep))}
        assert figure["co2_year"] == max(years["ets"] + years["irep"])
        if figure["co2_year"] in years["ets"]:
            assert figure["co2_basis"] == "ets"
