"""Coordinate systems: required at the door, longitude first, rounded without harm."""

from __future__ import annotations

import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st

from geo import crs
from geo.errors import CRSError
from geo.testing import assert_same_geometry, points, squares


def test_a_frame_without_a_system_is_refused_with_what_to_do() -> None:
    bare = GeoDataFrame(geometry=[shapely.Point(5, 43)])
    for door in (crs.to_exchange, crs.to_metres, crs.rounded):
        with pytest.raises(CRSError, match=r"has no coordinate system, .* expected: call set_crs\(\)"):
            door(bare)


@given(st.floats(4.0, 6.5), st.floats(42.75, 44.25))
def test_there_and_back_is_the_same_position(lon: float, lat: float) -> None:
    here = points((lon, lat))
    assert_same_geometry(here, crs.to_exchange(crs.to_metres(here)), tolerance=1e-8)


def test_easting_and_longitude_come_first() -> None:
    marseille = crs.to_metres(points((5.37, 43.296))).geometry.iloc[0]
    assert marseille.x == pytest.approx(892_300, abs=500)
    assert marseille.y == pytest.approx(6_247_000, abs=1500)


def test_rounding_keeps_shared_edges_shared() -> None:
    tiles = crs.rounded(squares(3, 3, to=crs.WGS84))
    assert shapely.coverage_is_valid(tiles.geometry.to_numpy())
    xy = shapely.get_coordinates(tiles.geometry.to_numpy())
    assert (xy == xy.round(6)).all()


def test_a_sliver_thinner_than_the_step_stays_valid() -> None:
    sliver = shapely.Polygon([(0, 0), (0.0018574, 0.00003359), (0.00176453, 0.00033359), (0.00109932, 0.00002018)])
    folded = shapely.transform(sliver, lambda xy: xy.round(6))
    assert sliver.is_valid
    assert not folded.is_valid, "the example no longer folds: find another one"
    assert crs.rounded(GeoDataFrame(geometry=[sliver], crs=crs.WGS84)).is_valid.all()


def test_a_name_and_a_definition_of_one_system_are_the_same() -> None:
    crs.require(points((5, 43)).to_crs("OGC:CRS84").to_crs("EPSG:4326"), crs.WGS84)
