"""What a table may hold: types, units, ranges, words; every fault in one message."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from pandas import DataFrame

from geo import crs
from geo.testing import points
from layers.errors import LayerError, TableError
from layers.schema import OPTIONAL, TABLES, columns_of, typed, validate


def ports(**changes: object) -> GeoDataFrame:
    """Return two ports, with some columns changed."""
    columns: dict[str, object] = {
        "id": ["fos", "lavera"],
        "name": ["Fos", "Lavéra"],
        "kind": ["port", "port"],
        "code": ["FRFOS", "FRLAV"],
        "insee": ["13039", "13056"],
        "commune": ["Fos-sur-Mer", "Martigues"],
        "pole": ["martigues-fos", "martigues-fos"],
        "outside": [False, False],
        "sources": ["searoute", "searoute;sea-ports"],
    }
    return points((4.88772, 43.41303), (4.99794, 43.38383), **(columns | changes))  # type: ignore[arg-type]


def rows(**changes: object) -> DataFrame:
    """Return two years of emissions as text, with some columns changed."""
    columns: dict[str, object] = {
        "site_id": ["a", "a"],
        "year": ["2021", "2022"],
        "co2_t": ["10", "20"],
        "source": ["eutl", "eutl"],
    }
    return DataFrame(columns | changes, dtype="str")


def fault(frame: DataFrame, table: str) -> str:
    """Return the message of the error a table raises."""
    with pytest.raises(TableError) as caught:
        validate(frame, table)
    return str(caught.value)


def test_a_good_table_comes_back_as_it_was() -> None:
    frame = ports()
    assert validate(frame, "ports") is frame


def test_a_missing_column_is_named() -> None:
    assert fault(ports().drop(columns=["pole"]), "ports") == (
        "table ports: 1 fault: column pole is missing. Run `make data` to build it again."
    )


def test_an_unknown_column_is_named() -> None:
    assert "column depth_m is not in the schema" in fault(ports(depth_m=[1.0, 2.0]), "ports")


def test_all_faults_are_told_at_once() -> None:
    message = fault(ports(id=["fos", "fos"], kind=["port", "quay"], code=["FRFOS", "Lavéra"]), "ports")
    assert message.startswith("table ports: 3 faults: ")
    assert "id of fos: 'fos' appears more than once" in message
    assert "kind of fos: 'quay' breaks the rule: is one of port" in message
    assert "code of fos: 'Lavéra' breaks the rule: matches FR[A-Z]{3}" in message
    assert "\n" not in message


def test_another_coordinate_system_is_told_with_what_to_do() -> None:
    assert fault(crs.to_metres(ports()), "ports") == (
        "table ports: 1 fault: the frame is in EPSG:2154, EPSG:4326 expected: call to_crs('EPSG:4326') first. "
        "Run `make data` to build it again."
    )


def test_a_table_without_coordinate_system_is_told() -> None:
    frame = GeoDataFrame(ports().drop(columns="geometry"), geometry=list(ports().geometry))
    assert "the frame has no coordinate system, EPSG:4326 expected" in fault(frame, "ports")


def test_a_table_that_lost_its_geometry_is_told() -> None:
    message = fault(DataFrame(ports().drop(columns="geometry")), "ports")
    assert "column geometry is missing" in message
    assert "expected a table with geometry, found none" in message


def test_a_polygon_among_points_is_told() -> None:
    frame = ports()
    frame.loc[1, "geometry"] = frame.geometry[1].buffer(0.01)
    assert "breaks the rule: is Point" in fault(frame, "ports")


def test_an_empty_name_is_told() -> None:
    assert "name of lavera: ' ' breaks the rule: is not empty" in fault(ports(name=["Fos", " "]), "ports")


def test_the_same_site_and_year_twice_is_told() -> None:
    frame = typed(rows(year=["2022", "2022"]), "emissions")
    assert "row of a: 2022 appears more than once" in fault(frame, "emissions")


def test_a_negative_emission_is_told() -> None:
    frame = typed(rows(co2_t=["-1", "20"]), "emissions")
    assert "co2_t of a: -1 breaks the rule: lies between 0 and 20000000" in fault(frame, "emissions")


def test_another_source_among_ets_emissions_is_told() -> None:
    frame = typed(rows(source=["eutl", "irep-2019"]), "emissions")
    assert "source of a: 'irep-2019' breaks the rule: is one of eutl" in fault(frame, "emissions")


def test_every_cell_that_is_no_number_is_told() -> None:
    with pytest.raises(TableError) as caught:
        typed(rows(year=["2021", "soon"], co2_t=["many", "20"]), "emissions")
    assert caught.value.faults == (
        "year of a: 'soon' is not a whole number",
        "co2_t of a: 'many' is not a whole number",
    )


def test_a_half_year_is_no_year() -> None:
    with pytest.raises(TableError, match=r"year of a: '2021\.5' is not a whole number"):
        typed(rows(year=["2021.5", "2022"]), "emissions")


def test_an_empty_cell_is_null_where_null_means_something_and_empty_text_elsewhere() -> None:
    frame = typed(DataFrame({"value": [""], "unit": [""], "note_en": [""], "year": ["2024"]}, dtype="str"), "facts")
    assert pd.isna(frame["value"][0])
    assert pd.isna(frame["unit"][0])
    assert frame["note_en"][0] == ""


@given(st.integers(0, 20_000_000))
def test_tonnes_survive_text_and_back(tonnes: int) -> None:
    frame = typed(rows(co2_t=[str(tonnes), "0"]), "emissions")
    assert validate(frame, "emissions")["co2_t"].tolist() == [tonnes, 0]


@given(st.text(min_size=1).filter(lambda text: not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text)))
def test_an_identifier_that_is_not_kebab_case_is_refused(text: str) -> None:
    with pytest.raises(TableError, match=r"site_id of "):
        validate(typed(rows(site_id=[text, "a"]), "emissions"), "emissions")


def test_a_fault_of_a_table_is_caught_by_the_one_base() -> None:
    with pytest.raises(LayerError):
        validate(ports().drop(columns=["id"]), "ports")


def test_columns_come_with_the_geometry_last() -> None:
    for table in ("industry", "decarbonation", "ports", "places", "perceptions", "communes"):
        assert columns_of(table)[-1] == "geometry"


def test_a_table_of_the_services_alone_is_known_and_keeps_what_is_secret_null() -> None:
    assert {"plants", "employment"} <= set(OPTIONAL) <= set(TABLES)
    text = {
        "insee": ["13055"],
        "year": ["2025"],
        "sector": ["GS1 Industrie"],
        "employees": [""],
        "establishments": ["3"],
        "unsaid": ["0"],
        "source": ["urssaf-employment"],
    }
    frame = validate(typed(DataFrame(text, dtype="str"), "employment"), "employment")
    assert pd.isna(frame["employees"][0])
    twice = pd.concat([frame, frame], ignore_index=True)
    with pytest.raises(TableError, match="row of row 0: '13055' appears more than once"):
        validate(twice, "employment")
