"""The View to and from a URL: the same cases as its twin in the browser (tests/web/view.test.mjs), and any View."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.types import Bounds
from layers.catalogue import last_year
from layers.style import THEMES
from layers.view import (
    COLUMNS,
    COMPARED,
    FILTERS,
    FIRST_YEAR,
    HORIZON,
    KEPT,
    KINDS,
    LANGUAGES,
    LAYERS,
    MOST_COMPARED,
    MOST_KEPT,
    PANELS,
    Range,
    View,
    ViewError,
)

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "view_cases.json").read_text(encoding="utf-8"))

words = st.sampled_from(["metal", "fuel", "13039", "la-ciotat-cassis", "x.y_z-1", "B", "0"])
OLD_LINKS: list[dict[str, str]] = json.loads((Path(__file__).parent / "old_links.json").read_text(encoding="utf-8"))
some_words = st.lists(words, max_size=4).map(tuple)


@st.composite
def extents(draw: st.DrawFn) -> Bounds:
    """Draw an extent of any precision."""
    west, east = sorted(draw(st.tuples(st.floats(-180, 180), st.floats(-180, 180))))
    south, north = sorted(draw(st.tuples(st.floats(-90, 90), st.floats(-90, 90))))
    return Bounds(west, south, east, north)


def keys(kinds: tuple[str, ...], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    """Draw keys of features, some of them twice."""
    return st.lists(st.builds("{}:{}".format, st.sampled_from(kinds), words), max_size=most).map(tuple)


@st.composite
def limits(draw: st.DrawFn, unit: str | None = None) -> Range:
    """Draw a range, open on either side."""
    ends = st.none() | st.integers(0, 999_999_999).map(lambda n: n / 1000)
    least, most = draw(st.tuples(ends, ends))
    if least is not None and most is not None:
        least, most = sorted((least, most))
    return Range(least, most, unit)


ranges = st.fixed_dictionaries(
    {}, optional={"co2": limits(), "investment": limits(), "start": limits(), "capacity": limits(unit="mw")}
)
circles = st.tuples(st.floats(-180, 180), st.floats(-90, 90), st.floats(0.1, 50))
polygons = st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=3, max_size=60).map(
    lambda corners: tuple(value for corner in corners for value in corner)
)

views = st.builds(
    View,
    layers=st.lists(st.sampled_from(LAYERS), max_size=10).map(tuple),
    hidden=st.lists(st.builds("{}.{}".format, st.sampled_from(LAYERS), words), max_size=5).map(tuple),
    bounds=st.none() | extents(),
    year=st.none() | st.integers(FIRST_YEAR, HORIZON),
    filters=st.dictionaries(st.sampled_from(FILTERS), some_words),
    ranges=ranges,
    selection=st.none() | st.builds("{}:{}".format, st.sampled_from(KINDS), words),
    area=st.just(()) | circles | polygons,
    compare=st.sampled_from(COMPARED).flatmap(lambda kind: keys((kind,), MOST_COMPARED)),
    keep=keys(KEPT, MOST_KEPT),
    panel=st.none() | st.sampled_from(PANELS),
    table=st.none() | st.sampled_from([sign + column for sign in ("", "-") for column in COLUMNS]),
    language=st.none() | st.sampled_from(LANGUAGES),
    theme=st.none() | st.sampled_from(THEMES),
)


def test_a_query_is_read_as_far_as_it_can_be_and_the_rest_is_named() -> None:
    read = {case["name"]: View.from_query(case["query"]) for case in CASES}
    found = {name: (view.to_query(), list(ignored)) for name, (view, ignored) in read.items()}
    assert found == {case["name"]: (case["canonical"], case["ignored"]) for case in CASES}


def test_a_canonical_query_reads_as_itself() -> None:
    canonical = sorted({case["canonical"] for case in CASES})
    read = [View.from_query(query) for query in canonical]
    assert [(view.to_query(), ignored) for view, ignored in read] == [(query, ()) for query in canonical]


@pytest.mark.parametrize("old", OLD_LINKS, ids=[f"{old['made']} {old['link']}" for old in OLD_LINKS])
def test_a_link_that_was_once_made_keeps_opening_what_it_opened(old: dict[str, str]) -> None:
    # Rows are only ever added to old_links.json: someone has sent these.
    view, ignored = View.from_query(old["link"])
    assert ignored == ()
    assert view.to_query() == old["opens"]


def test_names_of_cases_are_unique() -> None:
    names = [case["name"] for case in CASES]
    assert sorted(set(names)) == sorted(names)


@given(views)
def test_any_view_survives_the_way_through_a_query(view: View) -> None:
    query = view.to_query()
    assert View.from_query(query) == (view, ())
    assert View.from_query(f"?{query}") == (view, ())


@given(views)
def test_a_query_needs_no_further_encoding_in_an_address(view: View) -> None:
    assert set(view.to_query()) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-,:=&")


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(query: str) -> None:
    view, ignored = View.from_query(query)
    assert View.from_query(view.to_query()) == (view, ())
    assert all("=" in part for part in ignored)


@given(views, views)
def test_equal_views_have_equal_queries_and_hashes(one: View, other: View) -> None:
    assert (one == other) == (one.to_query() == other.to_query())
    assert hash(one) == hash(View.from_query(one.to_query())[0])


def test_the_opening_view_needs_no_query_and_leaves_places_to_the_reader() -> None:
    assert View().to_query() == ""
    assert "places" not in View().layers


def test_a_view_keeps_layers_in_the_order_they_are_drawn_and_once() -> None:
    assert View(layers=("industry", "poles", "industry")).layers == ("poles", "industry")


def test_a_change_leaves_the_first_view_as_it_was() -> None:
    view = View(year=2010)
    assert view.with_(year=2011, filters={"pole": ("martigues-fos",)}).year == 2011
    assert view == View(year=2010)


def test_verified_figures_are_of_the_year_shown_and_never_after_the_last_verified_one() -> None:
    years = [View(year=year).verified_year for year in (None, 2010, last_year(), HORIZON)]
    assert years == [last_year(), 2010, last_year(), last_year()]


def test_bounds_may_not_turn_over() -> None:
    assert View.from_query("bounds=6,43,5,44")[0].bounds is None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"layers": ("volcanoes",)}, "layer 'volcanoes' is not one of poles, communes, industry"),
        ({"hidden": ("industry",)}, "hidden class 'industry' is not written layer.class"),
        ({"hidden": ("volcanoes.etna",)}, "hidden class 'volcanoes.etna' is not written layer.class"),
        ({"year": 2004}, "year 2004 is not between 2005 and 2035"),
        ({"ranges": {"height": Range(1)}}, "range 'height' is not one of co2, capacity, investment, start"),
        ({"ranges": {"co2": Range(2, 1)}}, "range co2 '2..1' ends before it begins"),
        ({"ranges": {"capacity": Range(2)}}, "range capacity '2..' lacks its unit"),
        ({"ranges": {"start": Range(2030, unit="mw")}}, "range start 'mw:2030..' takes no unit"),
        ({"area": (5.0, 43.0)}, "area of 2 numbers is neither lon,lat,km nor the corners of a polygon, 3 to 60"),
        ({"area": (5.0, 43.0, 80.0)}, "radius 80.0 km is not between 0.1 and 50.0"),
        ({"area": (5.0, 95.0, 1.0)}, "latitude 95.0 of the area is not within 90 degrees"),
        ({"compare": ("site:a", "commune:13001")}, "compared features are not all of one kind"),
        ({"compare": ("pole:a",)}, "compared 'pole:a' is not written kind:id with a kind of site, commune"),
        ({"compare": tuple(f"site:{i}" for i in range(4))}, "4 features are compared, at most 3 can be"),
        ({"keep": tuple(f"site:{i}" for i in range(13))}, "13 features are kept, at most 12 can be"),
        ({"keep": ("perception:a",)}, "kept 'perception:a' is not written kind:id with a kind of site"),
        ({"panel": "secret"}, "panel 'secret' is not one of compare, shortlist"),
        ({"table": "-colour"}, "table column 'colour' is not one of name, figure"),
        ({"filters": {"colour": ("red",)}}, "filter 'colour' is not one of pole, commune, family, technology, status"),
        ({"filters": {"pole": ("côte",)}}, "pole 'côte' is not an identifier"),
        ({"selection": "etna"}, "selection 'etna' is not written kind:id with a kind of site, project"),
        ({"selection": "site:"}, "selection 'site:' is not written kind:id"),
        ({"basemap": "satellite"}, "basemap 'satellite' is not one of own"),
        ({"language": "de"}, "language 'de' is not one of en, fr"),
        ({"language": ""}, "language '' is not one of en, fr"),
        ({"theme": "sepia"}, "theme 'sepia' is not one of light, dark"),
        ({"theme": ""}, "theme '' is not one of light, dark"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_view_refuses_what_it_cannot_hold(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ViewError) as caught:
        View(**values)
    assert message in str(caught.value)


def test_all_faults_of_a_view_are_named_at_once() -> None:
    with pytest.raises(ViewError) as caught:
        View(layers=("volcanoes",), year=1999, selection="etna", theme="sepia")  # type: ignore[arg-type]
    assert all(word in str(caught.value) for word in ("volcanoes", "1999", "etna", "sepia"))
