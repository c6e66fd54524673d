"""What may be chosen for a snapshot: areas, systems, filters, columns; every fault at once, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import crs
from layers import catalogue, snapshot
from layers.errors import ChoiceError
from layers.snapshot.dictionary import meanings, missing
from layers.view import View
from layers.vocabulary import POLES


def refused(**asked: Any) -> list[str]:
    """Give every fault of a choice, in English; each must be there in French too, and be another sentence."""
    with pytest.raises(ChoiceError) as caught:
        snapshot.choose(**{"layers": ["industry"], **asked})
    assert all(fault["en"] != fault["fr"] and fault["fr"] for fault in caught.value.faults)
    return [fault["en"] for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"crs": 999_999}, "EPSG:999999 is not known"),
        ({"crs": "abc"}, "“abc” is no EPSG code"),
        ({"crs": 5720}, "EPSG:5720 only measures heights"),
        ({"crs": 4979}, "EPSG:4979 has three coordinates"),
        ({"crs": 5698}, "EPSG:5698 joins a map system and heights"),
        ({"layers": []}, "No layer is chosen"),
        ({"layers": ["../../etc"]}, "There is no layer “../../etc”: choose among poles, communes"),
        ({"format": "exe"}, "There is no format “exe”: choose among gpkg"),
        ({"decimals": "-1"}, "“-1” decimals cannot be written"),
        ({"decimals": 99}, "“99” decimals cannot be written"),
        ({"language": "de"}, "“de” is no language"),
        ({"columns": "industry:nom"}, "Layer industry has no column “nom”: choose among id, name"),
        ({"columns": "ports:name"}, "Columns of “ports” are named, but that layer is not chosen"),
        ({"columns": "name"}, "“name” names no columns"),
        ({"where": "colour=red"}, "“colour=red” is no filter"),
        ({"where": "bounds=5,43,6,44"}, "“bounds=5,43,6,44” is no filter"),
        ({"rule": "near"}, "“near” is no rule for an area"),
        ({"area": "atlantis"}, "The map knows no area “atlantis”: choose among metropolis, aix-marseille"),
        ({"area": "75056"}, "“75056” is no code of a commune of the metropolis"),
        ({"area": "5,43.3,5.2"}, None),
        ({"area": "5,43.3"}, "The area came as 2 numbers"),
        ({"area": "5.2,43.3,5.0,43.5"}, "5.2,43.3,5,43.5 is no rectangle"),
        ({"area": "2.3,48.8,5"}, "Position 2.3, 48.8 is outside the map"),
        ({"area": "5,43.3,nan"}, "“nan” is neither a number nor a place"),
        ({"area": "5,43.3,400"}, "A radius of 400 km came"),
        ({"area": "5,43.2,5.2,43.4,5.2,43.2,5,43.4"}, "The edges of this polygon cross"),
        ({"area": "5,43.2,5,43.2,5,43.2"}, "The edges of this polygon cross or enclose nothing"),
    ],
)
def test_what_cannot_be_chosen_is_told(asked: dict[str, Any], said: str | None) -> None:
    if said is None:
        assert snapshot.choose(**{"layers": ["industry"], **asked}).area.kind == "circle"
        return
    faults = refused(**asked)
    assert len(faults) == 1
    assert faults[0].startswith(said)


def test_a_system_made_for_elsewhere_is_refused_with_both_extents() -> None:
    (fault,) = refused(crs=25832, area="martigues-fos")
    assert "EPSG:25832 (ETRS89 / UTM zone 32N) is made for 6, 36.53, 12.01, 84.01" in fault
    assert "“Martigues–Fos” reaches over 4.73, 43.32, 5.31, 43.64" in fault


def test_every_fault_is_told_at_once() -> None:
    faults = refused(layers=["nothing"], format="exe", crs=5720, area="atlantis", where="a=b", decimals="x")
    assert len(faults) == 6


def test_a_choice_goes_to_a_link_and_back() -> None:
    choice = snapshot.choose(
        layers=["emissions", "industry", "communes"],
        area="5.0,43.3,5.2,43.5",
        rule="clip",
        where="family=metal&co2=1000..&hidden=industry.food&year=2019",
        columns="industry:name,co2_t;communes:name",
        crs=3944,
        format="shp",
        language="fr",
        decimals=2,
    )
    assert choice.layers == ("communes", "industry", "emissions")
    assert snapshot.Choice.from_query(choice.to_query()) == choice
    assert choice.name() == "provence-map_rectangle_communes+industry+emissions_3944_2026-11-23"


def test_of_a_view_only_its_filters_count() -> None:
    view = View(layers=("ports",), panel="shortlist", keep=("site:a",), filters={"pole": ("martigues-fos",)})
    assert snapshot.choose(layers=["industry"], view=view).view == View(filters={"pole": ("martigues-fos",)})


def test_a_format_that_has_only_one_system_sets_it() -> None:
    assert snapshot.choose(layers=["industry"], crs=2154, format="geojson").crs == 4326


@pytest.mark.parametrize("asked", ["metropolis", "everything", *POLES, "13039,13056", "5.0,43.3,12.5"])
def test_an_area_is_written_as_it_is_read(asked: str) -> None:
    area = snapshot.Area.parse(asked)
    assert snapshot.Area.parse(str(area)) == area
    assert area.words("fr")
    assert area.geometry().is_valid


@settings(max_examples=25)
@given(
    st.tuples(st.floats(4.1, 5.2), st.floats(42.8, 43.4)),
    st.tuples(st.floats(0.001, 1.2), st.floats(0.001, 0.8)),
)
def test_a_rectangle_holds_its_corners_in_metres_too(corner: tuple[float, float], size: tuple[float, float]) -> None:
    west, south = (round(value, 6) for value in corner)
    east, north = round(west + size[0], 6), round(south + size[1], 6)
    area = snapshot.Area("rectangle", coords=(west, south, east, north))
    assert area.geometry().equals(shapely.box(west, south, east, north))
    middle = crs.to_metres(catalogue.load("ports").head(1).set_geometry([shapely.Point((west + east) / 2, south)]))
    assert area.metres().distance(middle.geometry.iloc[0]) < 1.0


def test_every_column_of_every_layer_has_its_meaning() -> None:
    assert missing() == ()
    for row in snapshot.dictionary():
        assert row.meaning["en"], row
        assert row.meaning["fr"], row
        assert row.sources


def test_units_stand_where_a_column_is_named_by_its_unit() -> None:
    units = {(row.layer, row.column): row.unit for row in snapshot.dictionary()}
    ends = {"_t": "t", "_km2": "km²", "_km": "km", "_meur": "M€"}
    for (layer, column), unit in units.items():
        for end, wanted in ends.items():
            if column.endswith(end):
                assert unit == wanted, f"{layer}.{column}"


def test_no_word_of_the_dictionary_is_for_a_column_that_is_not() -> None:
    known = {(row.layer, row.column) for row in snapshot.dictionary()}
    bases = {(layer, name.removesuffix("_en").removesuffix("_fr")) for layer, name in known} | known
    columns = {name for _, name in bases}
    for group, words in meanings().items():
        if group in catalogue.catalogue().absent:
            continue
        strange = set(words) - (columns if group == "common" else {name for layer, name in bases if layer == group})
        assert strange == set(), group


def test_the_dictionary_of_a_choice_lists_what_the_choice_holds() -> None:
    choice = snapshot.choose(layers=["industry"], columns="industry:activity_fr,co2_t", language="fr")
    assert [row.column for row in snapshot.dictionary(choice)] == ["id", "activity_fr", "co2_t", "geometry"]
