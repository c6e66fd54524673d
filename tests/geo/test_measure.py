"""Measures: kilometres, on the index of what was measured."""

from __future__ import annotations

import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st

from geo import crs, measure
from geo.errors import CRSError, GeometryError
from geo.testing import points, squares
from geo.types import LonLat


def test_a_square_of_one_kilometre_measures_one_in_any_system() -> None:
    for system in (crs.LAMBERT93, crs.WGS84, "EPSG:3857"):
        tiles = squares(to=system)
        assert measure.area_km2(tiles).tolist() == pytest.approx([1.0] * 4, rel=1e-6)
        assert measure.length_km(tiles).tolist() == pytest.approx([4.0] * 4, rel=1e-6)


def test_results_keep_the_index_and_say_the_unit() -> None:
    tiles = squares().set_index("code", drop=False)
    for result, name in ((measure.area_km2(tiles), "area_km2"), (measure.length_km(tiles), "length_km")):
        assert list(result.index) == ["A1", "B1", "A2", "B2"]
        assert result.name == name


@given(st.integers(1, 6), st.integers(1, 6), st.floats(10, 5000))
def test_the_area_of_the_whole_is_the_sum_of_the_parts(across: int, up: int, side_m: float) -> None:
    tiles = squares(across, up, side_m=side_m)
    whole = GeoDataFrame(geometry=[shapely.union_all(tiles.geometry.to_numpy())], crs=tiles.crs)
    assert measure.area_km2(whole).iloc[0] == pytest.approx(measure.area_km2(tiles).sum())


def test_the_distance_between_two_towns_is_near_the_known_one() -> None:
    # The town halls of Marseille and Aix-en-Provence lie about 26.6 km apart on the sphere.
    marseille, aix = points((5.3699, 43.2963)), points((5.4477, 43.5299))
    assert measure.distance_km(marseille, aix).iloc[0] == pytest.approx(26.7, abs=0.2)
    assert measure.distance_km(marseille, LonLat(5.4477, 43.5299)).iloc[0] == pytest.approx(26.7, abs=0.2)


@given(st.floats(4, 6), st.floats(43, 44), st.floats(4, 6), st.floats(43, 44))
def test_distance_is_the_same_both_ways(lon: float, lat: float, other_lon: float, other_lat: float) -> None:
    a, b = points((lon, lat)), points((other_lon, other_lat))
    assert measure.distance_km(a, b).iloc[0] == pytest.approx(measure.distance_km(b, a).iloc[0])


def test_pairs_of_different_length_are_refused() -> None:
    with pytest.raises(GeometryError, match="cannot pair 1 rows with 2"):
        measure.distance_km(points((5, 43)), points((5, 43), (6, 43)))


def test_nothing_is_measured_without_a_system() -> None:
    with pytest.raises(CRSError, match="no coordinate system"):
        measure.area_km2(squares().set_crs(None, allow_override=True))
