"""Symbols and classes: the law of the circles, and classes that gather every value the tables may hold."""

from __future__ import annotations

import json
import math
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import style, vocabulary
from layers.view import ALIASES
from layers.web import assets, make_map

# The same cases run on the script's twin, in tests/web/model.test.mjs.
CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "radius_cases.json").read_text(encoding="utf-8"))
tonnes = st.floats(0, 50_000_000)


@pytest.mark.parametrize("case", CASES, ids=[f"{case['co2_t']} t × {case['factor']}" for case in CASES])
def test_a_circle_has_the_radius_of_the_shared_cases(case: dict[str, Any]) -> None:
    assert style.circle_radius(case["co2_t"], factor=case["factor"]) == pytest.approx(case["radius_px"], abs=1e-9)


def test_a_site_without_a_figure_takes_the_minimum() -> None:
    assert style.circle_radius(math.nan) == style.MINIMUM_RADIUS_PX
    assert style.circle_radius(None, factor=3) == style.MINIMUM_RADIUS_PX


@given(tonnes, tonnes)
def test_more_emissions_never_make_a_smaller_circle(one: float, other: float) -> None:
    least, most = sorted((one, other))
    assert style.MINIMUM_RADIUS_PX <= style.circle_radius(least) <= style.circle_radius(most)


@given(st.floats(200_000, 50_000_000))
def test_areas_are_as_emissions(co2_t: float) -> None:
    ratio = (style.circle_radius(co2_t) / style.circle_radius(style.REFERENCE_CO2_T)) ** 2
    assert ratio == pytest.approx(co2_t / style.REFERENCE_CO2_T)


@pytest.mark.parametrize(
    ("families", "table"),
    [
        (style.INDUSTRY_FAMILIES, vocabulary.SECTOR_FAMILY),
        (style.PROJECT_FAMILIES, vocabulary.TECHNOLOGY_FAMILY),
    ],
    ids=["industry", "decarbonation"],
)
def test_families_gather_each_value_of_the_tables_once(
    families: tuple[style.Family, ...], table: dict[str, str]
) -> None:
    gathered = [(member, family.id) for family in families for member in family.members]
    assert sorted(gathered) == sorted(table.items())
    assert len({family.path for family in families}) == len(families)


def test_statuses_and_places_are_those_of_the_tables() -> None:
    assert {status.id for status in style.STATUSES} == set(vocabulary.PROJECT_STATUSES)
    gathered = [category for categories in style.PLACE_CLASSES.values() for category in categories]
    assert sorted(gathered) == sorted(vocabulary.PLACE_CATEGORIES)
    assert set(vocabulary.POLES) <= set(style.TOKENS)


def test_every_class_of_places_is_in_one_group_and_none_has_the_name_of_a_wider_one() -> None:
    grouped = [name for names in style.PLACE_GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(style.PLACE_CLASSES)
    assert not {f"places.{name}" for name in style.PLACE_CLASSES} & set(ALIASES)
    assert {name for names in ALIASES.values() for name in names} <= {f"places.{name}" for name in style.PLACE_CLASSES}


def test_every_class_of_places_has_an_icon_of_its_own() -> None:
    icons = (Path(assets.__file__).parent / "js" / "icons.js").read_text(encoding="utf-8")
    drawn = dict(re.findall(r"^    (\w+): (\[.*\]),$", icons, re.MULTILINE))
    shapes = [drawn[name] for name in (*style.PLACE_CLASSES, *style.ACCESS_CLASSES, "perceptions")]
    assert len(set(shapes)) == len(shapes)


def test_no_two_statuses_are_drawn_alike() -> None:
    drawn = [(status.fill, status.width, status.dash, status.bar) for status in style.STATUSES]
    assert len(set(drawn)) == len(drawn)


def test_every_industry_family_has_a_colour() -> None:
    assert {family.id for family in style.INDUSTRY_FAMILIES} <= set(style.TOKENS)


def test_the_script_gets_plain_data() -> None:
    given_to_script = style.for_script()
    assert json.loads(json.dumps(given_to_script)) == given_to_script


def test_scripts_are_joined_once_each_and_all_of_them() -> None:
    names = {path.stem for path in (Path(assets.__file__).parent / "js").glob("*.js")}
    joined = [*assets.names(), *assets.SITE]
    assert set(joined) == names
    assert len(joined) == len(names)
    script = assets.joined(assets.names())
    assert script.rindex("pm.drape = ") < script.rindex("pm.start = ")


def test_a_map_without_stories_carries_neither_their_scripts_nor_their_texts() -> None:
    html = make_map(["industry"]).html
    for said in ("speaker-body", "compose.close"):
        assert said in assets.joined(assets.names())
        assert said not in html


def test_waterlines_grow_paler_in_light_and_darker_in_dark_away_from_land() -> None:
    def brightness(colour: str) -> int:
        return sum(int(colour[i : i + 2], 16) for i in (1, 3, 5))

    light = [brightness(colour) for colour in style.WATERLINES["light"]]
    dark = [brightness(colour) for colour in style.WATERLINES["dark"]]
    assert all(one < other for one, other in pairwise(light))
    assert all(one > other for one, other in pairwise(dark))
