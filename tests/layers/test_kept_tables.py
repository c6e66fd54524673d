"""Every record of the hand-kept tables: schema, words in both languages, sources, positions, counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from geopandas import GeoDataFrame
from pandas import DataFrame

from geo import join
from layers import rows
from layers.build.tables import APPROXIMATE_SOURCES, PLAIN_TABLES, POINT_TABLES, SEA
from layers.catalogue import catalogue, load, table
from layers.schema import columns_of, validate
from layers.vocabulary import OUTSIDE, SECTOR_FAMILY, TECHNOLOGY_FAMILY

HAND = Path(__file__).resolve().parents[2] / "data" / "hand"
ALL = (*POINT_TABLES, *PLAIN_TABLES)

# A number ends its column's name with its unit, or is a count or a year, or stands beside a column with its unit.
UNITS = ("_t", "_km", "_km2", "_meur", "_lon", "_lat")
PLAIN_NUMBERS = {"year", "co2_year", "status_year", "start_year", "population", "population_year", "communes", "jobs"}
UNIT_BESIDE = {"capacity_value": "capacity_unit", "value": "unit"}


def frame(name: str) -> DataFrame:
    """Return one of the tables as the map reads it."""
    return load(name) if name in POINT_TABLES else table(name)


def records(*names: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give each record of some tables: its table, what to call it in a message, the record."""
    for name in names:
        for number, record in enumerate(frame(name).to_dict("records")):
            yield name, f"{name} {record.get('id', record.get('key', number))}", record


def filled(value: object) -> bool:
    """Tell whether a cell holds something."""
    return bool(pd.notna(value)) and str(value).strip() != ""


@pytest.mark.parametrize("name", ALL)
def test_a_table_keeps_its_schema_and_the_order_of_its_columns(name: str) -> None:
    assert list(validate(frame(name), name).columns) == columns_of(name)


@pytest.mark.parametrize("name", ALL)
def test_a_number_says_its_unit(name: str) -> None:
    read = frame(name)
    for column in read.select_dtypes("number").columns:
        if column in UNIT_BESIDE:
            valued = read[read[column].notna()]
            assert valued[UNIT_BESIDE[column]].notna().all()
        else:
            assert column.endswith(UNITS) or column in PLAIN_NUMBERS, f"{column} of {name} names no unit"


@pytest.mark.parametrize(
    ("name", "count"), [("industry", 121), ("decarbonation", 60), ("emissions", 686), ("irep", 11)]
)
def test_counts_are_those_of_the_rows_carried(name: str, count: int) -> None:
    assert len(frame(name)) == count


def test_the_two_accounts_of_co2_hold_697_rows_of_54_sites() -> None:
    both = pd.concat([table("emissions"), table("irep")])
    assert (len(both), both["site_id"].nunique()) == (697, 54)
    assert (table("emissions")["year"].min(), table("emissions")["year"].max()) == (2005, 2022)


def test_every_project_has_its_own_id_name_and_french_name() -> None:
    projects = load("decarbonation")
    for column in ("id", "name", "name_fr", "summary_en", "summary_fr"):
        assert projects[column].is_unique, column


def test_a_text_exists_in_both_languages_or_in_none() -> None:
    wrong = []
    for name, called, record in records(*POINT_TABLES, "facts", "site_sources", "project_sources", "units"):
        pairs = [("en", "fr")] if name == "units" else []
        pairs += [(c, c.removesuffix("_en") + "_fr") for c in record if c.endswith("_en")]
        wrong += [f"{called}: {e}, {f}" for e, f in pairs if filled(record[e]) != filled(record[f])]
    assert wrong == []


def test_no_french_text_is_left_in_english() -> None:
    english_only = re.compile(r"\b(the|and|of|with|formerly|which|about|from)\b")
    wrong = [
        f"{called}, {column}: {value}"
        for _, called, record in records("industry", "decarbonation", "facts", "project_sources")
        for column, value in record.items()
        if column.endswith("_fr") and filled(value) and english_only.search(str(value))
    ]
    assert wrong == []


def test_a_co2_figure_has_its_year_and_its_account() -> None:
    wrong = []
    for _, called, record in records("industry"):
        if len({filled(record[column]) for column in ("co2_t", "co2_year", "co2_basis")}) != 1:
            wrong.append(f"{called} lacks its figure, its year or its account")
        biogenic = record["co2_biogenic_t"]
        if filled(biogenic) and not (record["co2_basis"] == "irep" and int(biogenic) <= int(record["co2_t"])):
            wrong.append(f"{called}: {biogenic} t biogenic of {record['co2_t']} t by {record['co2_basis']}")
    assert wrong == []


def test_the_figure_of_a_site_is_a_row_of_the_account_it_names() -> None:
    accounts = {"ets": table("emissions"), "irep": table("irep")}
    rows_of = {
        basis: set(zip(account["site_id"], account["year"], account["co2_t"], strict=True))
        for basis, account in accounts.items()
    }
    counted = {site for account in accounts.values() for site in account["site_id"]}
    wrong = []
    for _, called, record in records("industry"):
        basis, row = record["co2_basis"], (record["id"], record["co2_year"], record["co2_t"])
        if filled(basis) and row not in rows_of[basis]:
            wrong.append(f"{called}: {row} is no row of {basis}")
        if not filled(basis) and record["id"] in counted:
            wrong.append(f"{called} has rows in an account and no figure")
    assert wrong == []
    for account in accounts.values():
        assert not account.duplicated(["site_id", "year"]).any()


def test_ets_and_irep_are_never_mixed() -> None:
    assert set(table("emissions")["source"]) == {"eutl"}
    assert all(source.startswith("irep-") for source in table("irep")["source"])
    industry = load("industry").set_index("id")
    assert (industry.loc[table("emissions")["site_id"].unique(), "ets_id"] != "").all()


def test_a_seveso_status_rests_on_a_page() -> None:
    pages = table("site_sources")
    stated = set(pages.loc[pages["supports_en"].str.startswith("Seveso"), "site_id"])
    wrong = [
        called
        for _, called, record in records("industry")
        if len({record["seveso"] != "unknown", filled(record["seveso_source"]), record["id"] in stated}) != 1
    ]
    assert wrong == []


def test_the_year_of_a_status_is_the_newest_of_its_evidence() -> None:
    wrong = []
    for _, called, record in records("industry"):
        years = [int(year) for year in re.findall(r"\b20\d\d\b", str(record["status_evidence"]))]
        said = record["status_year"] if filled(record["status_year"]) else None
        if said != (max(years) if years else None):
            wrong.append(f"{called}: {said} of {years}")
    assert wrong == []


def test_a_figure_has_its_source_and_its_date() -> None:
    wrong = []
    for name, called, record in records("decarbonation", "facts"):
        if not (filled(record["source"]) and filled(record["status_date" if name == "decarbonation" else "year"])):
            wrong.append(f"{called} lacks its source or its date")
        if name == "decarbonation":
            if filled(record["investment_meur"]) != filled(record["investment_scope"]):
                wrong.append(f"{called} has an amount or a scope without the other")
        elif not filled(record["source_url"]) and not (record["confidence"] == "low" and filled(record["note_en"])):
            wrong.append(f"{called}: a fact without an address says why, with low confidence")
    assert wrong == []


def test_a_row_names_sources_of_its_layer() -> None:
    wrong = []
    for name, called, record in records(*POINT_TABLES):
        named = set(str(record.get("sources", "")).split(";")) - {""}
        if filled(record.get("position_source")):
            named.add(str(record["position_source"]))
        if not named or not named <= set(catalogue().layers[name].sources):
            wrong.append(f"{called} names {sorted(named)}")
    assert wrong == []


@pytest.mark.parametrize("name", ["industry", "stations", "ports", "airports"])
def test_every_source_of_a_layer_serves_a_row(name: str) -> None:
    named = set(";".join(load(name)["sources"]).split(";"))
    assert named == set(catalogue().layers[name].sources)


def test_pages_are_kept_for_each_site_that_names_them() -> None:
    industry = load("industry")
    citing = industry[industry["sources"].str.split(";").map(lambda ids: "public-pages" in ids)]
    assert set(citing["id"]) == set(table("site_sources")["site_id"])


def test_a_position_that_is_not_known_well_is_marked() -> None:
    wrong = []
    for name, called, record in records("industry", "decarbonation", "places"):
        source, precision = record["position_source"], record["position_precision"]
        vague = precision in ("approx", "street", "zone", "commune") or source in APPROXIMATE_SOURCES
        if source not in catalogue().layers[name].sources or record["approximate"] != vague:
            wrong.append(f"{called}: {precision} by {source}")
    assert wrong == []


def test_the_21_answers_of_a_commercial_geocoder_are_approximate() -> None:
    industry = load("industry")
    geocoded = industry[industry["position_source"] == "euets-info"]
    assert (len(geocoded), geocoded["approximate"].all()) == (21, True)


def test_the_berre_units_are_read_together() -> None:
    industry = load("industry").set_index("id")
    for unit in ("lyondellbasell-berre-aubette", "lyondellbasell-berre-ucb", "lyondellbasell-berre-lbsf"):
        assert industry.loc[unit, "place_group"] == "berre-complex"


def test_a_family_follows_from_the_sector_or_technology() -> None:
    wrong = []
    for name, called, record in records("industry", "decarbonation"):
        column, families = ("sector", SECTOR_FAMILY) if name == "industry" else ("technology", TECHNOLOGY_FAMILY)
        if record["family"] != families[str(record[column])]:
            wrong.append(f"{called}: {record['family']} for {record[column]}")
    assert wrong == []


@pytest.mark.parametrize("name", POINT_TABLES)
def test_a_commune_carries_its_official_name_and_pole(name: str) -> None:
    communes = load("communes").set_index("code")
    inside = load(name)
    inside = inside[inside["pole"] != OUTSIDE]
    assert (inside["commune"] == inside["insee"].map(communes["name"])).all()
    assert (inside["pole"] == inside["insee"].map(communes["pole"])).all()


@pytest.mark.parametrize("name", POINT_TABLES)
def test_a_point_lies_in_its_commune_or_is_a_declared_exception(name: str) -> None:
    declared = rows.read(HAND / "position_exceptions.csv")
    declared = declared[declared["table"] == name].set_index("id")["found"]
    points: GeoDataFrame = load(name)
    points = points[points["pole"] != OUTSIDE].reset_index(drop=True)
    found = join.within(points, load("communes"), "code").fillna(SEA)
    strays = points.assign(found=found)[lambda p: p["found"] != p["insee"]].set_index("id")["found"]
    assert strays.to_dict() == declared.to_dict()


def test_an_exception_gives_its_reason_in_both_languages() -> None:
    declared = rows.read(HAND / "position_exceptions.csv")
    assert set(declared["table"]) <= set(POINT_TABLES)
    assert (declared[["reason_en", "reason_fr"]] != "").all(axis=None)


@pytest.mark.parametrize("name", ["decarbonation", "stations", "ports", "airports"])
def test_outside_means_no_pole(name: str) -> None:
    read = load(name)
    assert (read["outside"] == (read["pole"] == OUTSIDE)).all()


def test_projects_outside_the_metropolis_are_named() -> None:
    projects = load("decarbonation")
    assert set(projects.loc[projects["outside"], "id"]) == {"hygreen-provence", "geoh2-manosque"}


def test_what_must_not_ship_does_not() -> None:
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted(HAND.glob("*.csv")))
    for phrase in ("TeleGeography symbolic", "clés en main", "general knowledge", "own knowledge"):
        assert phrase not in text
    assert "13004" not in set(load("places")["insee"]), "Arles is outside the metropolis"


@pytest.mark.parametrize("name", ALL)
def test_english_writes_a_percentage_without_a_space(name: str) -> None:
    rows = frame(name)
    for column in (column for column in rows.columns if column.endswith("_en")):
        spaced = [said for said in rows[column].dropna() if re.search(r"\d\s%", str(said))]
        assert not spaced, f"{name}.{column}: {spaced}"


def test_the_75_percent_fact_keeps_its_speaker() -> None:
    fact = table("facts").set_index("id").loc["employees-mobile-75"]
    assert fact["source"] == "One Provence (Lionel Flasseur) / Destimed"
    assert (fact["confidence"], fact["source_url"]) == ("low", "")
    assert "could not be read" in fact["note_en"]


@pytest.mark.parametrize("name", ["industry", "decarbonation", "stations", "ports", "airports", "places"])
def test_coordinates_are_rounded_to_a_millionth_of_a_degree(name: str) -> None:
    points = load(name).geometry
    for axis in (points.x, points.y):
        assert (axis == axis.round(6)).all()


def test_a_hand_kept_file_has_unix_lines_and_ends_with_one() -> None:
    files = {path.name: path.read_bytes().decode("utf-8") for path in HAND.glob("*.csv")}
    assert files
    assert [name for name, text in files.items() if "\r" in text or not text.endswith("\n")] == []
