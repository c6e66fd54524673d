"""Styles for QGIS and other programs: every layer, every class, sizes as on the map, nothing that is not there."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from layers import catalogue, editions, filters
from layers.qgis import pictures, qml, sld
from layers.qgis.asked import Asked, tonnes, tonnes_by_id
from layers.style import INDUSTRY_FAMILIES, PLACE_CLASSES, PROJECT_FAMILIES, STATUSES
from layers.view import LANGUAGES

SE = "{http://www.opengis.net/se}"
OGC = "{http://www.opengis.net/ogc}"


@pytest.fixture(autouse=True, scope="module")
def _every_layer(draped: Path) -> Iterator[None]:
    """Work on an edition that has every layer of the catalogue."""
    with editions.using(draped):
        yield


def asked(layer: str, language: str = "en", *, without: tuple[str, ...] = (), year: int = 2022) -> Asked:
    columns = tuple(str(c) for c in catalogue.load(layer).columns if c not in without)
    return Asked(layer, columns, language, year)  # type: ignore[arg-type]


def rules(layer: str, language: str = "en") -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(qml.write(asked(layer, language))).iter("rule"))  # noqa: S314  # our own


def test_every_layer_of_the_catalogue_has_a_style() -> None:
    assert set(qml.STYLED) == set(catalogue.catalogue().layers)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layer", qml.STYLED)
def test_both_styles_are_well_formed_and_the_same_twice(layer: str, language: str) -> None:
    for write in (qml.write, sld.write):
        text = write(asked(layer, language))
        assert ElementTree.fromstring(text) is not None  # noqa: S314
        assert text == write(asked(layer, language))


def test_every_family_of_industry_has_a_rule_of_its_own() -> None:
    kept = {rule.get("filter") for rule in rules("industry")}
    assert {f"\"family\" = '{family.id}'" for family in INDUSTRY_FAMILIES} <= kept


def test_every_family_and_status_of_projects_is_drawn_and_listed() -> None:
    text = qml.write(asked("decarbonation"))
    for family in PROJECT_FAMILIES:
        for status in STATUSES:
            assert pictures.encoded(pictures.project(family.id, status.id)) in text
    labels = [rule.get("label") for rule in rules("decarbonation")]
    assert {"Operating", "Announced", "Suspended", "Hydrogen and e-fuels"} <= set(labels)


def test_each_project_looks_unlike_every_other_family_and_status() -> None:
    drawn = {pictures.project(family.id, status.id) for family in PROJECT_FAMILIES for status in STATUSES}
    assert len(drawn) == len(PROJECT_FAMILIES) * len(STATUSES)


def test_every_category_of_places_has_a_class() -> None:
    said = " ".join(str(rule.get("filter")) for rule in rules("places"))
    assert all(f"'{category}'" in said for categories in PLACE_CLASSES.values() for category in categories)


def test_the_columns_of_the_table_hold_the_verified_tonnes_of_the_last_year() -> None:
    table = catalogue.load("industry")
    shown = table["co2_t"].where((table["co2_basis"] == "ets") & (table["co2_year"] == 2022)).astype("Int64")
    assert shown.fillna(-1).tolist() == filters.verified(table, 2022).fillna(-1).tolist()
    assert '"co2_basis" = \'ets\' AND "co2_year" = 2022' in tonnes(asked("industry"))


def test_another_year_sizes_sites_by_the_emissions_of_that_year() -> None:
    of_2013 = tonnes(asked("industry", year=2013))
    assert all(f"'{site}', {t}" in of_2013 for site, t in tonnes_by_id(2013).items())
    assert tonnes_by_id(2013) != tonnes_by_id(2022)


@pytest.mark.parametrize("layer", qml.STYLED)
def test_a_style_speaks_of_no_column_that_was_left_out(layer: str) -> None:
    columns = tuple(str(c) for c in catalogue.load(layer).columns)
    for text in (qml.write(Asked(layer, ("geometry",))), sld.write(Asked(layer, ("geometry",)))):
        root = ElementTree.fromstring(text)  # noqa: S314
        said = [value for node in root.iter() for value in node.attrib.values()]
        said += [f'"{node.text}"' for node in root.iter(f"{OGC}PropertyName")]
        assert not [column for column in columns if any(f'"{column}"' in value for value in said)]


def test_pictures_travel_inside_the_style() -> None:
    root = ElementTree.fromstring(qml.write(asked("ports")))  # noqa: S314
    names = [node.get("value", "") for node in root.iter("Option") if node.get("name") == "name"]
    pictured = [name.removeprefix("base64:") for name in names if name.startswith("base64:")]
    assert pictured
    for picture in pictured:
        assert ElementTree.fromstring(base64.b64decode(picture)).tag.endswith("svg")  # noqa: S314


def test_sld_draws_every_site_in_one_class_and_one_only() -> None:
    root = ElementTree.fromstring(sld.write(asked("industry")))  # noqa: S314
    table = catalogue.load("industry")
    drawn = dict.fromkeys(table["id"], 0)
    for rule in root.iter(f"{SE}Rule"):
        found = rule.find(f"{OGC}Filter/*")
        if found is not None and "family" in [name.text for name in found.iter(f"{OGC}PropertyName")]:
            for row in table.itertuples():
                drawn[row.id] += bool(_keeps(found, row))
    assert set(drawn.values()) == {1}


def _keeps(found: ElementTree.Element, row: object) -> bool | None:
    """Answer a filter as a database does: a comparison with nothing is unknown."""
    kind = found.tag.removeprefix(OGC)
    if kind in {"And", "Or"}:
        parts = [_keeps(child, row) for child in found]
        end = kind == "Or"
        return end if end in parts else None if None in parts else not end
    value = getattr(row, str(found.findtext(f"{OGC}PropertyName")))
    absent = bool(pd.isna(value))  # type: ignore[call-overload]
    if kind == "PropertyIsNull":
        return absent
    if absent:
        return None
    literal = str(found.findtext(f"{OGC}Literal"))
    number = literal.isdigit()
    left, right = (float(value), float(literal)) if number else (str(value), literal)
    return {
        "PropertyIsEqualTo": left == right,
        "PropertyIsNotEqualTo": left != right,
        "PropertyIsLessThan": left < right,  # type: ignore[operator]
        "PropertyIsGreaterThanOrEqualTo": left >= right,  # type: ignore[operator]
    }[kind]


def test_communes_are_named_from_the_same_scale_on_as_on_the_map() -> None:
    options = ElementTree.fromstring(qml.write(asked("communes"))).find(".//labeling//dd_properties")  # noqa: S314
    assert options is not None
    said = {
        held.get("name"): option.get("value", "")
        for held in options.iter("Option")
        for option in held.findall("Option")
        if option.get("name") == "expression"
    }
    codes = catalogue.load("communes")["code"]
    assert [code for code in codes if f"'{code}', " not in said["Show"]] == []
    # Zoom 12 of the map, 104,800 for its 27.7 m a pixel, names the smallest; Marseille is named from everywhere.
    scales = dict(zip(*[iter(said["Show"].replace("'", "").partition("map(")[2].partition(")")[0].split(", "))] * 2))  # noqa: B905
    assert min(int(scale) for scale in scales.values()) == 104_800
    assert int(scales["13055"]) > 400_000
    assert "'13055'" in said["Bold"]
    assert "'13055'" in said["Size"]
