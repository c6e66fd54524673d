"""Coverages: faults found, repaired, simplified and dissolved without opening a seam."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import coverage, crs, measure
from geo.errors import CoverageError
from geo.testing import points, squares


def tiles_with(change: tuple[int, shapely.Geometry]) -> GeoDataFrame:
    """Return 2 by 2 squares of 1 km with one of them replaced."""
    tiles = squares()
    row, shape = change
    tiles.loc[row, "geometry"] = shape
    return tiles


def overlapping() -> GeoDataFrame:
    """Return squares of which the first leans 50 m over the second."""
    return tiles_with((0, shapely.box(890_000, 6_260_000, 891_050, 6_261_000)))


def wavy(across: int, up: int) -> GeoDataFrame:
    """Return tiles whose edges carry many small steps, shared by both sides."""
    tiles = squares(across, up)

    def shake(xy: np.ndarray) -> np.ndarray:
        xy[:, 1] += 20 * ((xy[:, 0] // 50) % 3)
        return xy

    dense = shapely.segmentize(tiles.geometry.to_numpy(), 50.0)
    return tiles.set_geometry(shapely.transform(dense, shake), crs=tiles.crs)


def test_tiles_have_no_faults() -> None:
    assert coverage.faults(squares(3, 3)).empty


def test_an_overlap_names_the_rows_on_both_sides() -> None:
    assert {0, 1} <= set(coverage.faults(overlapping()).index)


def test_repairing_closes_an_overlap_and_changes_no_tile_far_away() -> None:
    tiles = overlapping()
    fixed = coverage.repair(tiles)
    assert coverage.faults(fixed).empty
    assert measure.area_km2(fixed).sum() == pytest.approx(4.0, abs=1e-3)
    assert measure.area_km2(fixed).iloc[3] == pytest.approx(1.0, abs=1e-4)
    assert fixed["code"].tolist() == tiles["code"].tolist()


def test_repairing_closes_narrow_gaps_and_leaves_wide_ones() -> None:
    ring = squares(3, 3).drop(index=4)
    pond = ring.copy()
    pond.loc[len(pond) + 1] = ["middle", shapely.box(891_000, 6_261_000, 891_990, 6_262_000)]
    assert measure.area_km2(coverage.repair(pond, gap_m=20)).sum() == pytest.approx(9.0, abs=1e-3)
    assert measure.area_km2(coverage.repair(ring, gap_m=20)).sum() == pytest.approx(8.0, abs=1e-3)


def test_a_row_that_vanishes_is_reported() -> None:
    tiles = squares()
    tiles.loc[4] = ["twin", tiles.geometry.iloc[0]]
    with pytest.raises(CoverageError, match=r"repairing leaves nothing of rows \d"):
        coverage.repair(tiles)


def test_simplifying_drops_vertices_and_keeps_shared_edges_shared() -> None:
    tiles = coverage.repair(wavy(3, 3))
    simple = coverage.simplify(tiles, 300)
    assert coverage.faults(simple).empty
    assert (
        shapely.get_num_coordinates(simple.geometry.to_numpy()).sum()
        < 0.5 * shapely.get_num_coordinates(tiles.geometry.to_numpy()).sum()
    )


def test_outer_edges_stay_exact_when_asked() -> None:
    tiles = coverage.repair(wavy(2, 2))
    before = shapely.coverage_union_all(tiles.geometry.to_numpy())
    after = shapely.coverage_union_all(coverage.simplify(tiles, 300, outer=False).geometry.to_numpy())
    assert shapely.area(shapely.symmetric_difference(before, after)) < 1e-12


def test_what_does_not_tile_is_not_simplified() -> None:
    with pytest.raises(CoverageError, match=r"the polygons to simplify do not tile: edges of rows 0, 1.*call repair"):
        coverage.simplify(overlapping(), 100)


@settings(max_examples=25)
@given(st.lists(st.sampled_from("abc"), min_size=9, max_size=9))
def test_dissolving_keeps_the_area_and_the_parts(groups: list[str]) -> None:
    tiles = squares(3, 3).assign(group=groups)
    united = coverage.dissolve(tiles, by="group")
    assert united["group"].tolist() == sorted(set(groups))
    assert united.area.sum() == pytest.approx(tiles.area.sum())
    assert united.area.tolist() == pytest.approx(tiles.area.groupby(tiles["group"]).sum().tolist())
    assert coverage.faults(united).empty


def test_dissolving_by_what_is_not_there_is_refused() -> None:
    with pytest.raises(CoverageError, match=r"cannot dissolve by 'pole': the columns are code, geometry"):
        coverage.dissolve(squares(), by="pole")
    with pytest.raises(CoverageError, match="1 rows have no value, fill them first"):
        coverage.dissolve(squares().assign(pole=["a", "b", None, "a"]), by="pole")


def test_points_are_no_coverage() -> None:
    with pytest.raises(CoverageError, match=r"made of polygons; other rows came: 0 \(Point\)"):
        coverage.faults(points((5, 43)))


def test_a_broken_polygon_is_named_with_its_reason() -> None:
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(CoverageError, match=r"invalid polygon: 0 \(Self-intersection.*make them valid first"):
        coverage.repair(GeoDataFrame(geometry=[bow], crs=crs.WGS84))
