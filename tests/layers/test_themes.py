"""What is computed over the tables: totals that add up, counts that cover every row, distances in straight line."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas import DataFrame

from geo.measure import distance_km
from geo.testing import points
from geo.types import LonLat
from layers import connections, decarbonation, industry, living
from layers.catalogue import load
from layers.vocabulary import OUTSIDE, POLES, PROJECT_STATUSES

PLACES = DataFrame(
    {
        "id": ["a", "b", "c"],
        "pole": ["aix-marseille", "martigues-fos", "martigues-fos"],
        "family": ["power", "metal", "power"],
        "place_group": ["", "works", "works"],
    }
)


def yearly(rows: list[tuple[str, int, int]]) -> DataFrame:
    """Return yearly emissions as the catalogue gives them."""
    frame = DataFrame(rows, columns=["site_id", "year", "co2_t"])
    return frame.astype({"site_id": "str", "year": "Int64", "co2_t": "Int64"}).assign(source="eutl")


emissions = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(2005, 2022), st.integers(0, 10_000_000)),
    unique_by=lambda row: row[:2],
    min_size=1,
    max_size=30,
)


@given(emissions)
def test_poles_and_families_add_up_to_the_metropolis_and_to_the_rows(rows: list[tuple[str, int, int]]) -> None:
    table = yearly(rows)
    for totals in (industry.by_pole(table, PLACES), industry.by_family(table, PLACES)):
        parts = totals.drop(columns=industry.METROPOLIS)
        assert (parts.sum(axis=1) == totals[industry.METROPOLIS]).all()
        assert totals[industry.METROPOLIS].sum() == sum(tonnes for _, _, tonnes in rows)
        assert set(totals.index) == {year for _, year, _ in rows}


@given(emissions)
def test_the_wide_table_holds_each_row_once_and_nothing_else(rows: list[tuple[str, int, int]]) -> None:
    wide = industry.by_site(yearly(rows))
    for site, year, tonnes in rows:
        assert wide.loc[site, year] == tonnes
    assert wide.notna().sum().sum() == len(rows)
    assert list(wide.columns) == list(range(min(y for _, y, _ in rows), max(y for _, y, _ in rows) + 1))


def test_a_group_is_the_sum_of_its_sites() -> None:
    table = yearly([("a", 2022, 1), ("b", 2022, 10), ("c", 2022, 100)])
    assert industry.by_group(table, PLACES).to_dict() == {"works": {2022: 110}}


@pytest.mark.parametrize(
    ("year", "aix", "fos", "total"),
    [(2005, 3_933_239, 17_075_312, 21_008_551), (2022, 638_303, 14_903_865, 15_542_168)],
)
def test_totals_of_the_territory_are_the_sums_of_its_verified_rows(year: int, aix: int, fos: int, total: int) -> None:
    row = industry.by_pole().loc[year]
    assert row.to_dict() == {
        "aix-marseille": aix,
        "la-ciotat-cassis": 0,
        "martigues-fos": fos,
        industry.METROPOLIS: total,
    }


def test_totals_of_the_territory_leave_irep_out() -> None:
    irep_only = set(industry.declared_releases()["site_id"]) - set(industry.emissions()["site_id"])
    assert irep_only
    assert not irep_only & set(industry.by_site().index)
    assert industry.by_pole()[industry.METROPOLIS].sum() == industry.emissions()["co2_t"].sum()


def test_the_berre_complex_does_not_drop_when_accounts_change() -> None:
    alone = industry.by_site().loc["lyondellbasell-berre-ucb"]
    together = industry.by_group()["berre-complex"]
    assert alone[2018] < 0.1 * alone[2017]
    assert together[2018] > 0.9 * together[2017]


def test_every_project_is_counted_once_by_status() -> None:
    counts = decarbonation.by_status()
    assert counts.to_numpy().sum() == 60
    assert list(counts.columns) == list(PROJECT_STATUSES)
    assert counts.loc[OUTSIDE].sum() == 2


def test_every_dated_project_is_counted_once_by_year() -> None:
    assert decarbonation.by_start_year().to_numpy().sum() == decarbonation.projects()["start_year"].notna().sum()


def project(pole: str, meur: float | None, scope: str | None, status: str) -> dict[str, object]:
    """Return the part of a project that sums look at."""
    return {"pole": pole, "investment_meur": meur, "investment_scope": scope, "status": status}


def test_an_investment_of_wider_works_of_context_outside_or_suspended_is_not_summed() -> None:
    rows = DataFrame(
        [
            project("aix-marseille", 10.0, "site", "operating"),
            project("aix-marseille", 5.0, "site", "announced"),
            project("aix-marseille", 100.0, "wider", "announced"),
            project("aix-marseille", 100.0, "context", "announced"),
            project("aix-marseille", 100.0, "site", "suspended"),
            project(OUTSIDE, 100.0, "site", "announced"),
            project("martigues-fos", None, None, "announced"),
        ]
    )
    sums = decarbonation.investment(rows)
    assert sums["investment_meur"].to_dict() == {"aix-marseille": 15.0, "la-ciotat-cassis": 0.0, "martigues-fos": 0.0}
    assert sums["projects"].to_dict() == {"aix-marseille": 2, "la-ciotat-cassis": 0, "martigues-fos": 0}
    assert decarbonation.investment(rows, statuses=["suspended"])["investment_meur"].sum() == 100.0


@pytest.mark.parametrize("project_id", ["barmar-h2med", "rhone-decarbonation", "rte-400kv-fos-jonquieres"])
def test_an_amount_for_works_beyond_the_metropolis_is_marked(project_id: str) -> None:
    projects = decarbonation.projects().set_index("id")
    assert projects.loc[project_id, "investment_scope"] == "wider"


def test_pages_belong_to_projects() -> None:
    assert set(decarbonation.pages()["project_id"]) <= set(decarbonation.projects()["id"])


def test_the_nearest_of_each_kind_is_no_farther_than_any_other() -> None:
    here = points((5.37, 43.30), (4.88, 43.43))
    near = connections.nearest(here)
    assert near["station"].tolist() == ["Marseille Saint-Charles", "Fos-sur-Mer"]
    for what, (layer, kinds) in connections.REACHED.items():
        there = load(layer)
        there = there[there["kind"].isin(kinds)].reset_index(drop=True)
        for row in (0, 1):
            at = LonLat(here.geometry[row].x, here.geometry[row].y)
            assert near[f"{what}_km"][row] == pytest.approx(distance_km(there, at).min(), abs=0.006)


def test_every_site_has_its_nearest_connections_and_keeps_its_index() -> None:
    sites = industry.sites().iloc[::-1]
    near = connections.nearest(sites)
    assert near.index.equals(sites.index)
    assert near.notna().all(axis=None)
    assert (near["station_km"] <= near["tgv_km"]).all()
    assert set(near["airport"]) == {"Marseille Provence"}


def test_every_place_is_counted_once() -> None:
    counts = living.by_category()
    assert counts.to_numpy().sum() == len(living.places())
    assert list(counts.columns) == list(POLES)


def test_units_have_words_in_both_languages() -> None:
    assert living.units("fr")["t-h2-yr"] == "t d’H₂ par an"
    assert living.units("en")["t-h2-yr"] == "t of H₂ a year"
    assert set(living.units("fr")) == set(living.units("en"))


def test_facts_of_a_theme_are_those_of_all_facts() -> None:
    everything = living.facts()
    by_theme = pd.concat([living.facts(theme) for theme in everything["theme"].unique()])
    assert sorted(by_theme["id"]) == sorted(everything["id"])
