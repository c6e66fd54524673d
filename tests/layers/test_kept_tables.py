"""Every record of the hand-kept tables: schema, words in both languages, sources, positions, counts."""

from __future__ import annotations

import re
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


def records(*names: str) -> list[Any]:
    """Give each record of some tables as a test of its own."""
    return [
        pytest.param(name, record, id=f"{name}-{record.get('id', record.get('key', number))}")
        for name in names
        for number, record in enumerate(frame(name).to_dict("records"))
    ]


def sites() -> list[Any]:
    """Give each industrial site as a test of its own."""
    return [pytest.param(record, id=record["id"]) for record in load("industry").to_dict("records")]


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


@pytest.mark.parametrize(
    ("name", "record"), records(*POINT_TABLES, "facts", "site_sources", "project_sources", "units")
)
def test_a_text_exists_in_both_languages_or_in_none(name: str, record: dict[str, object]) -> None:
    pairs = [("en", "fr")] if name == "units" else []
    pairs += [(c, c.removesuffix("_en") + "_fr") for c in record if c.endswith("_en")]
    for english, french in pairs:
        assert filled(record[english]) == filled(record[french]), (english, french)


@pytest.mark.parametrize(("name", "record"), records("industry", "decarbonation", "facts", "project_sources"))
def test_no_french_text_is_left_in_english(name: str, record: dict[str, object]) -> None:
    english_only = re.compile(r"\b(the|and|of|with|formerly|which|about|from)\b")
    for column, value in record.items():
        if column.endswith("_fr") and filled(value):
            assert not english_only.search(str(value)), f"{column} of {name}: {value}"


@pytest.mark.parametrize("record", sites())
def test_a_co2_figure_has_its_year_and_its_account(record: dict[str, object]) -> None:
    stated = filled(record["co2_t"])
    assert stated == filled(record["co2_year"]) == filled(record["co2_basis"])
    if filled(record["co2_biogenic_t"]):
        assert record["co2_basis"] == "irep"
        assert int(str(record["co2_biogenic_t"])) <= int(str(record["co2_t"]))


@pytest.mark.parametrize("record", sites())
def test_the_figure_of_a_site_is_a_row_of_the_account_it_names(record: dict[str, object]) -> None:
    if not filled(record["co2_basis"]):
        assert record["id"] not in set(table("emissions")["site_id"]) | set(table("irep")["site_id"])
        return
    account = table("emissions" if record["co2_basis"] == "ets" else "irep")
    row = account[(account["site_id"] == record["id"]) & (account["year"] == record["co2_year"])]
    assert row["co2_t"].tolist() == [record["co2_t"]]


def test_ets_and_irep_are_never_mixed() -> None:
    assert set(table("emissions")["source"]) == {"eutl"}
    assert all(source.startswith("irep-") for source in table("irep")["source"])
    industry = load("industry").set_index("id")
    assert (industry.loc[table("emissions")["site_id"].unique(), "ets_id"] != "").all()


@pytest.mark.parametrize("record", sites())
def test_a_seveso_status_rests_on_a_page(record: dict[str, object]) -> None:
    pages = table("site_sources")
    stated = pages[(pages["site_id"] == record["id"]) & pages["supports_en"].str.startswith("Seveso")]
    assert (record["seveso"] != "unknown") == filled(record["seveso_source"]) == (len(stated) > 0)


@pytest.mark.parametrize("record", sites())
def test_the_year_of_a_status_is_the_newest_of_its_evidence(record: dict[str, object]) -> None:
    years = [int(year) for year in re.findall(r"\b20\d\d\b", str(record["status_evidence"]))]
    assert (record["status_year"] if filled(record["status_year"]) else None) == (max(years) if years else None)


@pytest.mark.parametrize(("name", "record"), records("decarbonation", "facts"))
def test_a_figure_has_its_source_and_its_date(name: str, record: dict[str, object]) -> None:
    assert filled(record["source"])
    assert filled(record["status_date" if name == "decarbonation" else "year"])
    if name == "decarbonation":
        assert filled(record["investment_meur"]) == filled(record["investment_scope"])
    elif not filled(record["source_url"]):
        assert record["confidence"] == "low"
        assert filled(record["note_en"]), "a fact without an address says why"


@pytest.mark.parametrize(("name", "record"), records(*POINT_TABLES))
def test_a_row_names_sources_of_its_layer(name: str, record: dict[str, object]) -> None:
    declared = set(catalogue().layers[name].sources)
    named = set(str(record.get("sources", "")).split(";")) - {""}
    if filled(record.get("position_source")):
        named.add(str(record["position_source"]))
    assert named <= declared
    assert named


@pytest.mark.parametrize("name", ["industry", "stations", "ports", "airports"])
def test_every_source_of_a_layer_serves_a_row(name: str) -> None:
    named = set(";".join(load(name)["sources"]).split(";"))
    assert named == set(catalogue().layers[name].sources)


def test_pages_are_kept_for_each_site_that_names_them() -> None:
    industry = load("industry")
    citing = industry[industry["sources"].str.split(";").map(lambda ids: "public-pages" in ids)]
    assert set(citing["id"]) == set(table("site_sources")["site_id"])


@pytest.mark.parametrize(("name", "record"), records("industry", "decarbonation", "places"))
def test_a_position_that_is_not_known_well_is_marked(name: str, record: dict[str, object]) -> None:
    assert record["position_source"] in catalogue().layers[name].sources
    vague = record["position_precision"] in ("approx", "street", "zone", "commune")
    assert record["approximate"] == (vague or record["position_source"] in APPROXIMATE_SOURCES)


def test_the_21_answers_of_a_commercial_geocoder_are_approximate() -> None:
    industry = load("industry")
    geocoded = industry[industry["position_source"] == "euets-info"]
    assert (len(geocoded), geocoded["approximate"].all()) == (21, True)


def test_the_berre_units_are_read_together() -> None:
    industry = load("industry").set_index("id")
    for unit in ("lyondellbasell-berre-aubette", "lyondellbasell-berre-ucb", "lyondellbasell-berre-lbsf"):
        assert industry.loc[unit, "place_group"] == "berre-complex"


@pytest.mark.parametrize(("name", "record"), records("industry", "decarbonation"))
def test_a_family_follows_from_the_sector_or_technology(name: str, record: dict[str, object]) -> None:
    if name == "industry":
        assert record["family"] == SECTOR_FAMILY[str(record["sector"])]
    else:
        assert record["family"] == TECHNOLOGY_FAMILY[str(record["technology"])]


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


@pytest.mark.parametrize("path", sorted(HAND.glob("*.csv")), ids=lambda path: path.name)
def test_a_hand_kept_file_has_unix_lines_and_ends_with_one(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert "\r" not in text
    assert text.endswith("\n")
