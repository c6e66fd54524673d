"""Areas, lengths and distances, measured in Lambert-93 and told in kilometres.

In and around Provence the projection stretches lengths by less than 0.1 %: planar figures are fit for a map.
Every result keeps the index of what was measured.
"""

from __future__ import annotations

import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import Series

from geo import crs
from geo.errors import GeometryError
from geo.types import LonLat


def area_km2(gdf: GeoDataFrame) -> Series[float]:
    """Return the area of each row in square kilometres.

    Raises CRSError when the frame has no coordinate system.
    """
    return _series(crs.to_metres(gdf).area / 1e6, gdf=gdf, name="area_km2")


def length_km(gdf: GeoDataFrame) -> Series[float]:
    """Return the length of each line, or the outline of each polygon, in kilometres.

    Raises CRSError when the frame has no coordinate system.
    """
    return _series(crs.to_metres(gdf).length / 1e3, gdf=gdf, name="length_km")


def distance_km(a: GeoDataFrame, b: GeoDataFrame | LonLat) -> Series[float]:
    """Return the distance from each row of `a` to one position, or to the row of `b` in the same place, in kilometres.

    Raises CRSError without a coordinate system, GeometryError when `b` is a frame of another length.
    """
    metric = crs.to_metres(a)
    if isinstance(b, LonLat):
        target = GeoSeries([shapely.Point(b.lon, b.lat)], crs=crs.WGS84).to_crs(crs.LAMBERT93).iloc[0]
        return _series(metric.distance(target) / 1e3, gdf=a, name="distance_km")
    if len(a) != len(b):
        raise GeometryError(f"cannot pair {len(a)} rows with {len(b)}: frames of the same length expected")
    pairs = shapely.distance(metric.geometry.to_numpy(), crs.to_metres(b).geometry.to_numpy())
    return _series(pairs / 1e3, gdf=a, name="distance_km")


def _series(values: object, *, gdf: GeoDataFrame, name: str) -> Series[float]:
    """Return plain numbers as a named series on the frame's index."""
    return Series(values, index=gdf.index, name=name, dtype="float64")
