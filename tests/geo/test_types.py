"""Coordinate types: order, ranges and the flip to Leaflet."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import CRSError, GeometryError
from geo.testing import points, squares
from geo.types import Bounds, LonLat

lons = st.floats(-180, 180)
lats = st.floats(-90, 90)


@st.composite
def extents(draw: st.DrawFn) -> Bounds:
    """Draw any extent."""
    west, east = sorted((draw(lons), draw(lons)))
    south, north = sorted((draw(lats), draw(lats)))
    return Bounds(west, south, east, north)


@given(lons, lats)
def test_leaflet_gets_latitude_first(lon: float, lat: float) -> None:
    assert LonLat(lon, lat).to_leaflet() == [lat, lon]


def test_a_swapped_position_is_refused_with_the_order() -> None:
    with pytest.raises(
        GeometryError, match=r"lat is 143\.3, a latitude from -90 to 90 expected.*longitude comes first"
    ):
        LonLat(5.4, 143.3)


def test_every_faulty_value_is_named_at_once() -> None:
    with pytest.raises(GeometryError, match=r"west is nan.*south is -91.*west, south, east, north"):
        Bounds(math.nan, -91, 5, 44)


@pytest.mark.parametrize(
    ("edges", "words"),
    [((6, 43, 5, 44), "west 6 is east of east 5"), ((5, 44, 6, 43), "south 44 is north of north 43")],
)
def test_an_extent_inside_out_is_refused(edges: tuple[float, float, float, float], words: str) -> None:
    with pytest.raises(GeometryError, match=words):
        Bounds(*edges)


@given(extents())
def test_leaflet_corners_are_south_west_then_north_east(extent: Bounds) -> None:
    assert extent.to_leaflet() == [[extent.south, extent.west], [extent.north, extent.east]]


@given(extents(), st.floats(0, 10))
def test_a_grown_extent_contains_the_corners_of_the_first(extent: Bounds, margin: float) -> None:
    grown = extent.expand(margin)
    assert grown.contains(LonLat(extent.west, extent.south))
    assert grown.contains(LonLat(extent.east, extent.north))


@given(extents())
def test_the_rectangle_has_the_bounds_of_the_extent(extent: Bounds) -> None:
    assert extent.polygon().bounds == pytest.approx((extent.west, extent.south, extent.east, extent.north))


def test_the_extent_of_points_holds_them_all() -> None:
    assert Bounds.of(points((5.0, 43.2), (5.5, 43.6), (5.2, 43.4))) == Bounds(5.0, 43.2, 5.5, 43.6)


def test_the_extent_of_nothing_is_refused() -> None:
    with pytest.raises(GeometryError, match="an empty frame has no extent"):
        Bounds.of(points())


def test_metres_are_no_degrees() -> None:
    with pytest.raises(CRSError, match=r"the frame is in EPSG:2154, EPSG:4326 expected: call to_crs"):
        Bounds.of(squares())


def test_a_margin_that_turns_the_extent_inside_out_is_refused() -> None:
    with pytest.raises(GeometryError, match="is east of east"):
        Bounds(5.0, 43.0, 5.1, 43.1).expand(-1)
