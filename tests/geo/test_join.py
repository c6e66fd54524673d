"""Joins by place: in which polygon, how near, how many."""

from __future__ import annotations

import pytest
import shapely
from geopandas import GeoDataFrame

from geo import crs, join
from geo.errors import JoinError
from geo.testing import squares


def at(*cells: tuple[float, float], **columns: list[float]) -> GeoDataFrame:
    """Return points in Lambert-93, in kilometres from the corner of the squares."""
    places = [shapely.Point(890_000 + x * 1000, 6_260_000 + y * 1000) for x, y in cells]
    return GeoDataFrame(columns, geometry=places, crs=crs.LAMBERT93)


def test_a_point_gets_the_value_of_its_polygon_and_keeps_its_index() -> None:
    places = at((0.5, 0.5), (1.5, 1.5), (9, 9)).set_index([["a", "b", "c"]])
    found = join.within(places, squares(to=crs.WGS84), "code")
    assert found.dropna().to_dict() == {"a": "A1", "b": "B2"}
    assert found.index.tolist() == ["a", "b", "c"]


def test_a_point_on_a_border_belongs_to_the_first_polygon() -> None:
    assert join.within(at((1, 0.5)), squares(), "code").tolist() == ["A1"]
    assert join.within(at((1, 0.5)), squares().iloc[::-1], "code").tolist() == ["B1"]


def test_no_point_in_any_polygon_gives_only_missing_values() -> None:
    assert join.within(at((9, 9)), squares(), "code").isna().all()


def test_an_index_that_repeats_itself_is_refused() -> None:
    with pytest.raises(JoinError, match="index repeats itself"):
        join.within(at((0.5, 0.5), (0.6, 0.5)).set_index([["a", "a"]]), squares(), "code")


def test_the_nearest_row_comes_with_its_distance() -> None:
    near = join.nearest(at((0.5, 3.0), (5, 0.5)), squares(), "code")
    assert near["code"].tolist() == ["A2", "B1"]
    assert near["distance_km"].tolist() == pytest.approx([1.0, 3.0])


def test_of_two_rows_equally_near_the_first_wins() -> None:
    assert join.nearest(at((1, 0.5)), squares(), "code")["code"].tolist() == ["A1"]


def test_nothing_is_near_to_an_empty_table() -> None:
    with pytest.raises(JoinError, match="the second table is empty"):
        join.nearest(at((0, 0)), squares().iloc[:0], "code")


def test_counts_and_sums_keep_polygons_without_points() -> None:
    places = at((0.5, 0.5), (0.6, 0.5), (1.5, 0.5), (9, 9), co2_t=[1.0, 2.0, 4.0, 100.0])
    result = join.aggregate(places, squares(), "code", sums=["co2_t"])
    assert result["count"].to_dict() == {"A1": 2, "B1": 1, "A2": 0, "B2": 0}
    assert result["co2_t"].to_dict() == {"A1": 3.0, "B1": 4.0, "A2": 0.0, "B2": 0.0}


def test_a_missing_column_is_named_with_those_there_are() -> None:
    with pytest.raises(JoinError, match="no column pole: the table has code, geometry"):
        join.within(at((0, 0)), squares(), "pole")
    with pytest.raises(JoinError, match="no column co2_t, jobs: the table has geometry"):
        join.aggregate(at((0, 0)), squares(), "code", sums=["co2_t", "jobs"])
