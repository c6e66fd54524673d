"""A plane is as steep everywhere, a cone is alike on all sides, and the nearest true cell is the nearest."""

from __future__ import annotations

import math

import numpy as np
import pytest
from geopandas import GeoDataFrame
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from rasterio import Affine
from shapely import Point

from geo import crs, raster
from geo.errors import CRSError, GeometryError
from geo.raster import terrain

PLACE = Affine(25.0, 0.0, 890_000.0, 0.0, -25.0, 6_260_000.0)
rises = st.floats(-2, 2)


def heights(values: NDArray[np.float64], *, place: Affine = PLACE, system: str = crs.LAMBERT93) -> raster.Raster:
    """Put heights into cells."""
    return raster.Raster(values, place, system, math.nan)


def cone(side: int = 41) -> raster.Raster:
    """Make a cone in the middle of a square: it falls by one metre in two."""
    across = (np.arange(side) - side // 2) * 25.0
    return heights(1000 - np.hypot(*np.meshgrid(across, across)) / 2)


@given(east=rises, north=rises, rows=st.integers(2, 8), columns=st.integers(2, 8), seed=st.integers(0, 2**32 - 1))
def test_a_plane_is_as_steep_everywhere(east: float, north: float, rows: int, columns: int, seed: int) -> None:
    across, down = np.meshgrid(np.arange(columns) * 25.0, np.arange(rows) * 25.0)
    plane = 300 + east * across - north * down
    holes = np.random.default_rng(seed).random(plane.shape) < 0.2
    found = raster.slope_degrees(heights(np.where(holes, np.nan, plane))) if not holes.all() else None
    whole = raster.slope_degrees(heights(plane))
    steep = math.degrees(math.atan(math.hypot(east, north)))
    assert whole.known.all()
    assert np.allclose(whole.values, steep, atol=1e-3)
    # Beside what is unknown the ground is as steep, or it is not told how steep.
    if found is not None:
        assert not found.known[holes].any()
        assert np.allclose(found.values[found.known], steep, atol=1e-3)


@pytest.mark.parametrize("system", [crs.WGS84, "EPSG:3857"])
def test_steepness_is_that_of_the_ground_in_any_system(system: str) -> None:
    side = 60
    across, down = np.meshgrid(np.arange(side) * 50.0, np.arange(side) * 50.0)
    plane = heights(across * 0.3 - down * 0.4, place=Affine(50.0, 0.0, 890_000.0, 0.0, -50.0, 6_260_000.0))
    there = raster.reproject(plane, system)
    inner = raster.slope_degrees(there).values[8:-8, 8:-8]
    assert np.nanmedian(inner) == pytest.approx(math.degrees(math.atan(0.5)), abs=0.1)
    light, here = raster.hillshade(there).values[8:-8, 8:-8], raster.hillshade(plane).values[0, 0]
    assert np.nanmedian(light) == pytest.approx(here, abs=0.01)


def test_a_cone_is_alike_on_all_sides() -> None:
    hill = cone()
    steep = raster.slope_degrees(hill).values
    for turned in (np.rot90(steep), np.fliplr(steep), steep.T):
        assert np.allclose(steep, turned, atol=1e-3)
    # Away from its top, where the method sees a cone and no bend, it is as steep as it was made.
    assert steep[20, 33] == pytest.approx(math.degrees(math.atan(0.5)), abs=0.1)
    # Turn the sun by a quarter and light and shadow turn with it.
    north, east = (raster.hillshade(hill, azimuths=[sun]).values for sun in (0.0, 90.0))
    assert np.allclose(np.rot90(north, -1), east, atol=1e-3)
    assert north[5, 20] > math.sin(math.radians(45)) > north[35, 20]
    several = raster.hillshade(hill)
    assert several.known.all()
    assert 0 <= several.values.min() < several.values.max() <= 1
    # The classical light comes from the north-west.
    assert several.values[10, 10] > several.values[30, 30]


def test_level_ground_is_evenly_lit() -> None:
    light = raster.hillshade(heights(np.full((5, 6), 12.0)), altitude=30.0)
    assert np.allclose(light.values, 0.5, atol=1e-6)


def test_strips_leave_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    rough = heights(np.random.default_rng(3).random((23, 11)) * 30)
    rough = raster.Raster(rough.values, Affine(0.0003, 0.0, 5.0, 0.0, -0.0003, 43.5), crs.WGS84)
    whole = raster.slope_degrees(rough), raster.hillshade(rough)
    for cells in (1, 40, 77):
        monkeypatch.setattr(terrain, "STRIP", cells)
        for one, other in zip(whole, (raster.slope_degrees(rough), raster.hillshade(rough)), strict=True):
            assert np.allclose(one.values, other.values, atol=1e-4)


def test_suns_and_heights_that_make_no_sense_are_refused() -> None:
    unknown = heights(np.full((4, 4), np.nan))
    for ask in (raster.slope_degrees, raster.hillshade):
        with pytest.raises(GeometryError, match="no height is known: every cell is nodata"):
            ask(unknown)
    for suns, high in (([], 45.0), ([315.0], 0.0), ([315.0], math.nan)):
        with pytest.raises(GeometryError, match="at least one above the horizon was expected"):
            raster.hillshade(cone(), azimuths=suns, altitude=high)


@given(seed=st.integers(0, 2**32 - 1), rows=st.integers(1, 9), columns=st.integers(2, 9))
def test_the_distance_is_to_the_nearest_true_cell(seed: int, rows: int, columns: int) -> None:
    true = np.random.default_rng(seed).random((rows, columns)) < 0.3
    true[rows // 2, columns // 2] = True
    place = Affine(50.0, 0.0, 890_000.0, 0.0, -20.0, 6_260_000.0)
    found = raster.proximity(raster.Raster(true, place, crs.LAMBERT93)).values
    down, across = np.nonzero(true)
    for row in range(rows):
        for column in range(columns):
            nearest = np.hypot((down - row) * 20.0, (across - column) * 50.0).min()
            assert found[row, column] == pytest.approx(nearest, rel=1e-6)


def test_distance_is_in_metres_of_lambert_93_only_and_to_something() -> None:
    degrees = raster.Raster(np.eye(3), Affine(0.1, 0.0, 5.0, 0.0, -0.1, 44.0), crs.WGS84)
    with pytest.raises(CRSError, match="EPSG:4326, EPSG:2154 expected"):
        raster.proximity(degrees)
    unknown = raster.Raster(np.full((3, 3), -1), PLACE, crs.LAMBERT93, nodata=-1)
    with pytest.raises(GeometryError, match="no cell is true"):
        raster.proximity(unknown)


@given(east=rises, north=rises, across=st.floats(0.5, 6.49), down=st.floats(0.5, 4.49))
def test_a_plane_is_read_exactly_between_its_cells(east: float, north: float, across: float, down: float) -> None:
    assume(min(abs(across - round(across)), abs(down - round(down))) > 1e-6)
    right, below = np.meshgrid(np.arange(7) + 0.5, np.arange(5) + 0.5)
    plane = heights(east * right * 25 - north * below * 25)
    point = GeoDataFrame(geometry=[Point(890_000 + across * 25, 6_260_000 - down * 25)], crs=crs.LAMBERT93)
    between = raster.sample(plane, point, between=True)[0]
    assert between == pytest.approx(east * across * 25 - north * down * 25, abs=1e-6)
    assert raster.sample(plane, point)[0] == plane.values[int(down), int(across)]


def test_points_beyond_or_on_unknown_ground_have_no_number() -> None:
    values = np.array([[1.0, np.nan], [3.0, 4.0]])
    places = [(10, 10), (40, 10), (60, 10), (-1, 10), (10, 60), (24.9, 12.5)]
    points = GeoDataFrame(geometry=[Point(890_000 + x, 6_260_000 - y) for x, y in places], crs=crs.LAMBERT93)
    assert np.array_equal(
        raster.sample(heights(values), points), [1, np.nan, np.nan, np.nan, np.nan, 1], equal_nan=True
    )
    between = raster.sample(heights(values), points, between=True)
    assert np.isnan(between[1:5]).all()
    # Half way to a cell that is not known only the known one counts.
    assert between[5] == pytest.approx(1.0)
    with pytest.raises(CRSError, match="EPSG:4326, EPSG:2154 expected"):
        raster.sample(heights(values), points.to_crs(crs.WGS84))
