"""Two coordinate systems: Lambert-93 to measure, WGS 84 to exchange; longitude or easting always comes first."""

from __future__ import annotations

from typing import Any

import shapely
from geopandas import GeoDataFrame
from pyproj import CRS

from geo.errors import CRSError

WGS84 = "EPSG:4326"
LAMBERT93 = "EPSG:2154"

# PROJ describes a system in the words of whoever asked for it first: asking here keeps the metadata of every GeoParquet
# file the same, whatever was read before.
CRS.from_user_input(WGS84)

# A ten-thousandth of a minute of arc or so: 0.11 m of latitude, finer than any source of the map.
EXCHANGE_DECIMALS = 6


def require(gdf: GeoDataFrame, crs: str | None = None) -> None:
    """Refuse a frame without a coordinate system, or in another one than `crs` when it is given.

    Raises CRSError.
    """
    if gdf.crs is None:
        wanted = crs or "any"
        raise CRSError(f"the frame has no coordinate system, {wanted} expected: call set_crs() with the one it is in")
    if crs is not None and CRS.from_user_input(gdf.crs) != CRS.from_user_input(crs):
        raise CRSError(f"the frame is in {gdf.crs.to_string()}, {crs} expected: call to_crs({crs!r}) first")


def to_exchange(gdf: GeoDataFrame) -> GeoDataFrame:
    """Return the frame in WGS 84 degrees, longitude first.

    Raises CRSError when the frame has no coordinate system.
    """
    require(gdf)
    return gdf.to_crs(WGS84)


def to_metres(gdf: GeoDataFrame) -> GeoDataFrame:
    """Return the frame in Lambert-93 metres, easting first.

    Raises CRSError when the frame has no coordinate system.
    """
    require(gdf)
    return gdf.to_crs(LAMBERT93)


def rounded(gdf: GeoDataFrame, *, decimals: int = EXCHANGE_DECIMALS) -> GeoDataFrame:
    """Return the frame in WGS 84 with its coordinates rounded vertex by vertex.

    Two polygons that share a vertex still share it afterwards. A valid shape stays valid.

    Raises CRSError when the frame is not in WGS 84.
    """
    require(gdf, WGS84)
    return snapped(gdf, decimals=decimals)


def snapped(gdf: GeoDataFrame, *, decimals: int) -> GeoDataFrame:
    """Return the frame with its coordinates rounded vertex by vertex, in the unit of its own system; so many decimals.

    A valid shape stays valid. Raises CRSError when the frame has no coordinate system.
    """
    require(gdf)
    shapes = gdf.geometry.to_numpy()
    tidy = _round(shapes, decimals)
    # A sliver thinner than the step folds over itself: there alone, GEOS may add or drop a vertex on the grid.
    folded = shapely.is_valid(shapes) & ~shapely.is_valid(tidy)
    tidy[folded] = _round(shapely.set_precision(shapes[folded], 10.0**-decimals), decimals)
    return gdf.set_geometry(tidy, crs=gdf.crs)


def _round(shapes: Any, decimals: int) -> Any:
    """Round every coordinate of an array of shapes to the nearest decimal."""
    return shapely.transform(shapes, lambda xy: xy.round(decimals) + 0.0)
