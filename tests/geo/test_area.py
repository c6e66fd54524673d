"""Areas on the ground: the surface of a circle, shares that add up, distances to an edge."""

from __future__ import annotations

import math

import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st

from geo import area, crs, measure
from geo.errors import CRSError, GeometryError
from geo.testing import ORIGIN_M, points, squares
from geo.types import LonLat

CENTRE = LonLat(5.2, 43.4)
lons, lats, radii = st.floats(4.9, 5.6), st.floats(43.2, 43.7), st.floats(0.1, 50)


def box(west: float, south: float, east: float, north: float) -> GeoDataFrame:
    """Return a rectangle in Lambert-93, in kilometres from the corner of the squares."""
    x, y = ORIGIN_M
    shape = shapely.box(x + west * 1e3, y + south * 1e3, x + east * 1e3, y + north * 1e3)
    return GeoDataFrame(geometry=[shape], crs=crs.LAMBERT93)


@given(lons, lats, radii)
def test_a_circle_has_the_surface_of_a_circle(lon: float, lat: float, km: float) -> None:
    found = measure.area_km2(area.circle(LonLat(lon, lat), km)).iloc[0]
    assert found == pytest.approx(math.pi * km**2, rel=1e-5)
    assert found < math.pi * km**2


@given(lons, lats, lons, lats, radii)
def test_a_circle_holds_what_is_nearer_than_its_radius(a: float, b: float, c: float, d: float, km: float) -> None:
    place = points((c, d))
    away = measure.distance_km(place, LonLat(a, b)).iloc[0]
    circle = area.circle(LonLat(a, b), km)
    if abs(away - km) > 0.001:
        assert area.holds(circle, place).iloc[0] == (away < km)
        assert area.distance_km(place, circle).iloc[0] == pytest.approx(max(0.0, away - km), abs=0.001)


@given(lons, lats)
def test_the_distance_to_a_point_is_the_distance_between_places(lon: float, lat: float) -> None:
    place = points((lon, lat))
    assert area.distance_km(place, area.point(CENTRE)).iloc[0] == pytest.approx(
        measure.distance_km(place, CENTRE).iloc[0]
    )


@given(st.floats(-1, 4), st.floats(-1, 4), st.floats(0.01, 6), st.floats(0.01, 6))
def test_the_shares_add_up_to_the_part_of_the_area_inside(x: float, y: float, wide: float, high: float) -> None:
    tiles, chosen = squares(4, 3), box(x, y, x + wide, y + high)
    found = area.shares(tiles, chosen)
    inside = chosen.intersection(shapely.union_all(tiles.geometry.to_numpy())).area.iloc[0] / 1e6
    assert found["area_km2"].sum() == pytest.approx(inside, abs=1e-9)
    assert (found["share"] * measure.area_km2(tiles)).sum() == pytest.approx(inside, abs=1e-9)
    assert found["share"].between(0, 1).all()


@given(lons, lats, radii)
def test_the_shares_of_a_circle_in_any_system_add_up_too(lon: float, lat: float, km: float) -> None:
    circle, tiles = area.circle(LonLat(lon, lat), km), squares(6, 6, side_m=8000, to=crs.WGS84)
    found = area.shares(tiles, circle)["area_km2"]
    assert found.sum() <= measure.area_km2(circle).iloc[0] * (1 + 1e-9)
    assert found.sum() == pytest.approx(
        crs.to_metres(tiles).union_all().intersection(circle.geometry.iloc[0]).area / 1e6, abs=1e-6
    )


@given(st.integers(1, 5), st.integers(1, 5), st.floats(0, 2))
def test_all_of_a_polygon_is_exactly_one(across: int, up: int, margin: float) -> None:
    tiles = squares(across, up)
    found = area.shares(tiles, box(-margin, -margin, across + margin, up + margin))
    assert found["share"].tolist() == [1.0] * len(tiles)


def test_a_polygon_apart_has_no_share_and_keeps_its_place_in_the_index() -> None:
    tiles = squares().set_index("code")
    found = area.shares(tiles, box(0, 0, 0.5, 1))
    assert found["share"].to_dict() == {"A1": 0.5, "B1": 0.0, "A2": 0.0, "B2": 0.0}


def test_a_polygon_may_come_closed_or_open_and_turn_either_way() -> None:
    corners = [LonLat(5, 43), LonLat(5.1, 43), LonLat(5.1, 43.1)]
    forms = [corners, corners[::-1], [*corners, corners[0]]]
    assert len({round(measure.area_km2(area.polygon(form)).iloc[0], 6) for form in forms}) == 1


@pytest.mark.parametrize(
    ("corners", "message"),
    [
        ([(5, 43), (5.1, 43.1), (5.1, 43), (5, 43.1)], "not valid: Self-intersection"),
        ([(5, 43), (5.1, 43.1), (5, 43)], "not valid: no surface"),
        ([(5, 43), (5, 43), (5, 43)], "not valid: no surface"),
        ([(5, 43), (5.1, 43.1)], "2 corners came, at least 3 expected"),
    ],
)
def test_a_polygon_that_makes_no_sense_is_refused(corners: list[tuple[float, float]], message: str) -> None:
    with pytest.raises(GeometryError, match=message):
        area.polygon([LonLat(*corner) for corner in corners])


@pytest.mark.parametrize("radius", [0, -1, float("nan"), float("inf")])
def test_a_circle_needs_a_radius(radius: float) -> None:
    with pytest.raises(GeometryError, match="a number above zero expected"):
        area.circle(CENTRE, radius)


def test_an_area_is_one_row_in_a_known_system() -> None:
    with pytest.raises(GeometryError, match="an area is one row, 4 came"):
        area.shares(squares(), squares())
    with pytest.raises(CRSError, match="no coordinate system"):
        area.shares(squares().set_crs(None, allow_override=True), box(0, 0, 1, 1))
