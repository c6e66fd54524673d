"""Shapes and cells: shares are exact, sums of zones add up to the whole, what is warped stays in its place."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from rasterio import Affine

from geo import crs, raster
from geo.errors import CRSError, GeometryError
from geo.testing import squares

WEST, NORTH, STEP, ROWS, COLUMNS = 890_000.0, 6_262_000.0, 100.0, 20, 30
seeds = st.integers(0, 2**32 - 1)


def cells(values: NDArray[Any], nodata: float | None = None) -> raster.Raster:
    """Put numbers into cells of Lambert-93."""
    return raster.Raster(values, Affine(STEP, 0.0, WEST, 0.0, -STEP, NORTH), crs.LAMBERT93, nodata)


def zones(*shapes: shapely.Geometry) -> GeoDataFrame:
    """Put shapes, counted in cells from the north-west corner, into a frame in Lambert-93."""
    placed = [shapely.transform(shape, lambda xy: xy * [STEP, -STEP] + [WEST, NORTH]) for shape in shapes]
    return GeoDataFrame({"code": range(len(shapes))}, geometry=placed, crs=crs.LAMBERT93)


def noise(seed: int) -> raster.Raster:
    """Make numbers of which some are unknown."""
    random = np.random.default_rng(seed)
    values = random.random((ROWS, COLUMNS)) * 100
    values[random.random(values.shape) < 0.2] = np.nan
    return cells(values)


def tiling(seed: int) -> list[shapely.Geometry]:
    """Cut the whole raster into pieces by lines that lie anywhere, also on the borders and middles of cells."""
    random = np.random.default_rng(seed)
    ends = random.choice([0.0, 0.5, 1.0, random.random()], (6, 4)) + random.integers(0, ROWS - 1, (6, 4))
    cuts = [shapely.LineString([(-1, a), (COLUMNS + 1, b)]) for a, b, _, _ in ends[:3]]
    cuts += [shapely.LineString([(c, -1), (d, ROWS + 1)]) for _, _, c, d in ends[3:]]
    lines = shapely.union_all([shapely.box(0, 0, COLUMNS, ROWS).exterior, *cuts])
    found = shapely.get_parts(shapely.polygonize([lines]))
    box = shapely.box(-0.001, -0.001, COLUMNS + 0.001, ROWS + 0.001)
    return [piece for piece in found if box.contains(piece)]


@given(seed=seeds)
def test_a_share_is_the_area_of_the_polygon_in_the_cell(seed: int) -> None:
    random = np.random.default_rng(seed)
    ring = random.random((9, 2)) * [COLUMNS + 12, ROWS + 12] - 6
    turn = np.argsort(np.arctan2(*(ring - ring.mean(axis=0)).T))
    star = shapely.Polygon(ring[turn])
    assume(star.is_valid)
    several = shapely.difference(star, shapely.Point(star.centroid).buffer(2.5))
    frame = zones(several)
    found = raster.cover(frame.geometry.iloc[0], cells(np.zeros((ROWS, COLUMNS))))
    for row in range(0, ROWS, 3):
        for column in range(0, COLUMNS, 3):
            area = shapely.area(several.intersection(shapely.box(column, row, column + 1, row + 1)))
            assert found[row, column] == pytest.approx(area, abs=1e-7)


@given(seed=seeds)
def test_sums_of_zones_that_tile_an_area_add_up_to_the_whole(seed: int) -> None:
    values, pieces = noise(seed), tiling(seed)
    assert sum(map(shapely.area, pieces)) == pytest.approx(ROWS * COLUMNS)
    found = raster.zonal(values, zones(*pieces), raster.STATISTICS)
    assert found["sum"].sum() == pytest.approx(float(np.nansum(values.values)))
    assert found["count"].sum() == pytest.approx(float(values.known.sum()))
    assert (found["count"] * found["mean"]).sum() == pytest.approx(found["sum"].sum())
    told = found.dropna()
    for low, high in (("min", "median"), ("median", "max"), ("min", "mean"), ("mean", "max")):
        assert (told[low] <= told[high] + 1e-9).all(), (low, high)
    assert found["share_known"].between(0, 1).all()


def test_a_zone_of_whole_cells_has_their_statistics() -> None:
    values = np.arange(ROWS * COLUMNS, dtype=np.int32).reshape(ROWS, COLUMNS)
    values[2, 3] = -1
    frame = zones(shapely.box(2, 1, 5, 4)).set_index("code")
    found = raster.zonal(cells(values, -1), frame.rename({0: "here"}), raster.STATISTICS).loc["here"]
    inside = values[1:4, 2:5][values[1:4, 2:5] >= 0]
    assert found["count"] == pytest.approx(8)
    assert found["share_known"] == pytest.approx(8 / 9)
    assert (found["min"], found["max"]) == (inside.min(), inside.max())
    assert found["mean"] == pytest.approx(inside.mean())
    assert found["std"] == pytest.approx(inside.std())
    # Smaller than a cell, and between four of them: a zone has a mean all the same.
    tiny = raster.zonal(cells(values, -1), zones(shapely.box(9.75, 9.75, 10.25, 10.25)), ["mean", "count"]).iloc[0]
    assert tiny["mean"] == pytest.approx(values[9:11, 9:11].mean())
    assert tiny["count"] == pytest.approx(0.25)


def test_a_file_gives_the_same_statistics_as_its_numbers(tmp_path: Path) -> None:
    values, frame = noise(5), zones(*tiling(5), shapely.box(-5, -5, 2.5, 2.5), shapely.box(50, 50, 60, 60))
    raster.write_cog([values.with_values(values.values * 0), values.with_values(values.values)], tmp_path / "a.tif")
    there = raster.zonal(tmp_path / "a.tif", frame, raster.STATISTICS, band=2)
    here = raster.zonal(values, frame, raster.STATISTICS)
    assert np.allclose(there, here, equal_nan=True)
    # The last lies beyond the raster: nothing is known of it.
    assert (here["count"].iloc[-1], here["sum"].iloc[-1]) == (0, 0)
    assert here[["mean", "min", "max"]].iloc[-1].isna().all()
    assert here["share_known"].iloc[-1] == 0
    assert here["share_known"].iloc[-2] < 0.2


def test_zones_that_cannot_be_measured_are_refused_and_those_without_a_number_said_so() -> None:
    values = noise(1)
    here = zones(shapely.box(0, 0, 3, 3))
    cases: list[tuple[GeoDataFrame, list[str], type[Exception], str]] = [
        (here, ["mode"], GeometryError, "no such statistic: mode; known: count, sum"),
        (here, [], GeometryError, "no such statistic: none given"),
        (here.to_crs(crs.WGS84), ["mean"], CRSError, "EPSG:4326, EPSG:2154 expected"),
        (here.set_crs(None, allow_override=True), ["mean"], CRSError, "no coordinate system"),
        (zones(shapely.Point(1, 1)), ["mean"], GeometryError, "zones of type Point: polygons were expected"),
        (
            zones(shapely.box(90, 90, 99, 99)),
            ["mean"],
            GeometryError,
            "no zone lies on the raster, which covers 890000",
        ),
        # Side by side with the raster is not on it.
        (zones(shapely.box(-3, 0, 0, 3)), ["mean"], GeometryError, "no zone lies on the raster"),
    ]
    for frame, statistics, kind, said in cases:
        with pytest.raises(kind, match=said):
            raster.zonal(values, frame, statistics)
    nothing = raster.zonal(cells(np.full((ROWS, COLUMNS), -9), -9), here, ["count", "sum", "mean", "share_known"])
    assert nothing.iloc[0].fillna(-1).tolist() == [0, 0, -1, 0]
    gone = zones(shapely.box(0, 0, 3, 3), shapely.Polygon())
    assert raster.zonal(values, gone, ["count"])["count"].tolist()[1] == 0


def test_shapes_are_drawn_where_they_lie() -> None:
    like = cells(np.zeros((ROWS, COLUMNS)))
    frame = squares(3, 2, side_m=500.0)  # from the south-west corner: 890 000, 6 260 000
    frame["jobs"] = [1.5, 2.0, 3.0, 4.0, 5.0, 6.0]
    drawn = raster.rasterize(frame, like, column="jobs")
    expected = np.full((ROWS, COLUMNS), np.nan)
    for n, jobs in enumerate(frame["jobs"]):
        row, column = ROWS - 5 * (n // 3) - 5, 5 * (n % 3)
        expected[row : row + 5, column : column + 5] = jobs
    assert np.array_equal(drawn.values, expected, equal_nan=True)
    mask = raster.rasterize(zones(shapely.Point(4.5, 2.5), shapely.box(10.4, 5.4, 12.6, 6.6)), like)
    assert mask.values.dtype == bool
    assert sorted(zip(*map(list, np.nonzero(mask.values)), strict=True)) == [
        (2, 4),
        *((5, c) for c in (10, 11, 12)),
        *((6, c) for c in (10, 11, 12)),
    ]
    touched = raster.rasterize(zones(shapely.box(10.6, 5.6, 12.4, 6.4)), like, touched=True)
    assert touched.values.sum() == 6
    assert not raster.rasterize(zones(shapely.Polygon()), like).values.any()
    with pytest.raises(CRSError, match="EPSG:4326, EPSG:2154 expected"):
        raster.rasterize(frame.to_crs(crs.WGS84), like)
    with pytest.raises(GeometryError, match="no column 'work' to draw: one of code, geometry, jobs"):
        raster.rasterize(frame, like, column="work")


def test_a_raster_put_on_its_own_grid_stays_as_it_is() -> None:
    values = noise(3)
    for kind in ("continuous", "classes"):
        same = raster.reproject(values, crs.LAMBERT93, step=STEP, kind=kind)
        raster.require_same(values, same)
        assert np.allclose(values.values, same.values, equal_nan=True)
    mask = cells(values.values > 50)
    assert np.array_equal(raster.reproject(mask, crs.LAMBERT93, step=STEP, kind="mask").values, mask.values)


@given(row=st.integers(0, ROWS - 1), column=st.integers(0, COLUMNS - 1))
def test_a_marked_cell_is_found_in_its_place_in_another_system(row: int, column: int) -> None:
    values = np.zeros((ROWS, COLUMNS), dtype=bool)
    values[row, column] = True
    for system, step in ((crs.WGS84, 0.0002), ("EPSG:3857", 20.0)):
        there = raster.reproject(cells(values), system, step=step, kind="mask")
        mark = zones(shapely.box(column, row, column + 1, row + 1)).to_crs(system)
        share = raster.cover(mark.geometry.iloc[0], there)
        # Wherever a new cell lies well inside the old one it is marked, and nowhere where it lies outside.
        assert there.values[share > 0.999].all()
        assert not there.values[share == 0].any()
        assert (share > 0.999).sum() > 10


@given(seed=seeds)
def test_larger_cells_keep_means_classes_and_what_is_thin(seed: int) -> None:
    random = np.random.default_rng(seed)
    values = random.random((ROWS, COLUMNS))
    larger = raster.reproject(cells(values), crs.LAMBERT93, step=500.0)
    assert larger.shape == (ROWS // 5, COLUMNS // 5)
    assert np.allclose(larger.values, values.reshape(ROWS // 5, 5, COLUMNS // 5, 5).mean(axis=(1, 3)))
    classes = random.choice(np.array([3, 11, 40], dtype=np.int16), (ROWS, COLUMNS))
    assert set(raster.reproject(cells(classes), "EPSG:3857", step=400.0, kind="classes").values.ravel()) <= {
        3,
        11,
        40,
        np.iinfo(np.int16).min,
    }
    thin = random.random((ROWS, COLUMNS)) < 0.02
    kept = raster.reproject(cells(thin), crs.LAMBERT93, step=500.0, kind="mask")
    assert np.array_equal(kept.values, thin.reshape(ROWS // 5, 5, COLUMNS // 5, 5).any(axis=(1, 3)))


def test_grids_of_one_step_lie_upon_each_other() -> None:
    whole = raster.reproject(noise(2), "EPSG:3857", step=50.0)
    west, south, east, north = whole.bounds
    bounds = (west + 333.0, south + 333.0, east - 333.0, north - 333.0)
    part = raster.reproject(noise(2), "EPSG:3857", step=50.0, bounds=bounds)
    assert part.bounds[0] <= bounds[0] < part.bounds[0] + 50
    top, left = round((whole.bounds[3] - part.bounds[3]) / 50), round((part.bounds[0] - west) / 50)
    raster.require_same(part, whole.part(slice(top, top + part.shape[0]), slice(left, left + part.shape[1])))
    assert raster.onto(noise(2), part).same_grid(part)


def test_what_cannot_be_warped_is_told() -> None:
    values = noise(4)
    elsewhere = (1_000_000.0, 6_000_000.0, 1_001_000.0, 6_001_000.0)
    far = raster.Raster(np.ones((3, 3)), Affine(1.0, 0.0, 2.0, 0.0, -1.0, 50.0), crs.WGS84)
    cases: list[tuple[Any, type[Exception], str]] = [
        (
            lambda: raster.reproject(values, "EPSG:2154", bounds=elsewhere),
            GeometryError,
            r"nothing of 1000000, 6000000",
        ),
        (lambda: raster.onto(far, values), GeometryError, "the raster covers .* nothing of 890000, 6260000"),
        (lambda: raster.reproject(values, "EPSG:nothing"), CRSError, "'EPSG:nothing' is no coordinate system"),
        (lambda: raster.reproject(values, "EPSG:3857", step=-5.0), GeometryError, "a step above 0"),
        (lambda: raster.reproject(values, "EPSG:3857", step=math.nan), GeometryError, "a step above 0"),
        (lambda: raster.reproject(cells(values.values > 3), "EPSG:3857"), GeometryError, "kind='mask'"),
        (
            lambda: raster.reproject(cells(np.full((3, 3), 255, np.uint8)), "EPSG:3857"),
            GeometryError,
            r"no number is free to mean unknown \(255 is used\)",
        ),
    ]
    for ask, kind, said in cases:
        with pytest.raises(kind, match=said):
            ask()
    nothing = raster.reproject(cells(np.full((ROWS, COLUMNS), np.nan)), "EPSG:3857", step=50.0)
    assert not nothing.known.any()
