"""Bring two tables together by place: in which polygon, how near, how many. A result keeps its input's index."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo import crs
from geo.errors import JoinError


def within(points: GeoDataFrame, polygons: GeoDataFrame, column: str) -> pd.Series[str]:
    """Return, for each point, the polygons' value of a column; missing where the point is in none of them.

    A point on a common border belongs to the polygon that comes first.

    Raises CRSError without a coordinate system, JoinError when the column is missing.
    """
    _require_columns(polygons, [column])
    areas = crs.to_metres(polygons)
    tree = shapely.STRtree(areas.geometry.to_numpy())
    found, hit = tree.query(crs.to_metres(points).geometry.to_numpy(), predicate="intersects")
    first = pd.Series(hit).groupby(found).min()
    values = polygons[column].to_numpy()[first.to_numpy()]
    result = pd.Series(values, index=points.index[first.index.to_numpy()], name=column)
    if not points.index.is_unique:
        raise JoinError("the points' index repeats itself: call reset_index(drop=True) first")
    return result.reindex(points.index)


def nearest(a: GeoDataFrame, b: GeoDataFrame, column: str) -> pd.DataFrame:
    """Return, for each row of `a`, the nearest row of `b`: its value of a column, and `distance_km`.

    Of two rows equally near, the one that comes first wins.

    Raises CRSError without a coordinate system, JoinError when the column is missing or `b` is empty.
    """
    _require_columns(b, [column])
    if b.empty:
        raise JoinError("nothing to be near to: the second table is empty")
    here, there = crs.to_metres(a).geometry.to_numpy(), crs.to_metres(b).geometry.to_numpy()
    found, hit = shapely.STRtree(there).query_nearest(here, all_matches=True)
    first = pd.Series(hit).groupby(found).min()
    if len(first) != len(a):
        raise JoinError(f"{len(a) - len(first)} rows have an empty geometry and are near to nothing: drop them first")
    chosen = first.to_numpy()
    distances = shapely.distance(here, there[chosen]) / 1e3
    return pd.DataFrame({column: b[column].to_numpy()[chosen], "distance_km": distances}, index=a.index)


def aggregate(points: GeoDataFrame, polygons: GeoDataFrame, column: str, *, sums: Sequence[str] = ()) -> pd.DataFrame:
    """Return, for each value of a column of the polygons, how many points lie there (`count`) and the sums asked for.

    Polygons without a point get 0; points outside every polygon are left out.

    Raises CRSError without a coordinate system, JoinError when a column is missing.
    """
    _require_columns(points, sums)
    place = within(points, polygons, column)
    keys = pd.Index(pd.unique(polygons[column]), name=column)
    grouped = pd.DataFrame(points[list(sums)]).groupby(place)
    result = grouped.sum().reindex(keys, fill_value=0)
    result.insert(0, "count", place.value_counts().reindex(keys, fill_value=0))
    return result


def _require_columns(frame: GeoDataFrame, names: Sequence[str]) -> None:
    """Refuse a frame that lacks one of the columns, naming them all."""
    missing = [name for name in names if name not in frame.columns]
    if missing:
        have = ", ".join(str(name) for name in frame.columns)
        raise JoinError(f"no column {', '.join(missing)}: the table has {have}")
