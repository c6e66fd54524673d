"""An area on the ground, a circle or a polygon, in Lambert-93: what share of each polygon it takes, how far it is.

An area is a frame of one row in EPSG:2154, so that joins and measures take it as they take any frame.
"""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame, Series

from geo import crs
from geo.errors import GeometryError
from geo.types import LonLat

# Segments of a quarter of a circle: its polygon is then 0.0006 % smaller, 25 cm inside at 50 km.
_QUARTER = 256


def circle(centre: LonLat, radius_km: float) -> GeoDataFrame:
    """Return what lies within a straight distance of a position, as a frame of one row in EPSG:2154.

    Raises GeometryError when the radius is not a number of kilometres above zero.
    """
    if not 0 < radius_km < float("inf"):
        raise GeometryError(f"radius {radius_km!r} km came, a number above zero expected")
    return _frame(point(centre).geometry.iloc[0].buffer(radius_km * 1000, quad_segs=_QUARTER))


def polygon(corners: Sequence[LonLat]) -> GeoDataFrame:
    """Return the polygon with these corners, straight in EPSG:2154 from one to the next, as a frame of one row.

    The first corner need not be said again at the end.

    Raises GeometryError for fewer than three corners, edges that cross or touch, or no surface.
    """
    if len(corners) < 3:
        raise GeometryError(f"{len(corners)} corners came, at least 3 expected")
    places = GeoSeries([shapely.Point(c.lon, c.lat) for c in corners], crs=crs.WGS84).to_crs(crs.LAMBERT93)
    shape = shapely.Polygon(shapely.get_coordinates(places.to_numpy()))
    if not shape.is_valid or not shape.area > 0:
        reason = shapely.is_valid_reason(shape) if shape.area > 0 else "no surface"
        raise GeometryError(f"the polygon is not valid: {reason}; draw it so that no edge crosses another")
    return _frame(shape)


def point(position: LonLat) -> GeoDataFrame:
    """Return a position as a frame of one row in EPSG:2154."""
    return GeoDataFrame(geometry=[shapely.Point(position.lon, position.lat)], crs=crs.WGS84).to_crs(crs.LAMBERT93)


def shares(polygons: GeoDataFrame, area: GeoDataFrame) -> DataFrame:
    """Return how much of each polygon lies in the area: `area_km2`, and `share` from 0 to exactly 1 for all of it.

    Same index as the polygons. Raises CRSError without a coordinate system.
    """
    shape = _shape(area)
    whole = crs.to_metres(polygons)
    inside = whole.intersection(shape).area
    # Told rather than divided: the area of a polygon cut by what holds it may differ in the last digits.
    share = (inside / whole.area).clip(0.0, 1.0).mask(whole.within(shape), 1.0)
    return DataFrame({"area_km2": inside / 1e6, "share": share}, index=polygons.index)


def holds(area: GeoDataFrame, gdf: GeoDataFrame) -> Series[bool]:
    """Tell of each row whether any of it lies in the area or on its edge.

    Raises CRSError without a coordinate system.
    """
    return Series(crs.to_metres(gdf).intersects(_shape(area)), index=gdf.index, name="holds", dtype="bool")


def distance_km(gdf: GeoDataFrame, area: GeoDataFrame) -> Series[float]:
    """Return the straight distance from each row to the area, 0 for what lies in it, in kilometres.

    Raises CRSError without a coordinate system.
    """
    metres = crs.to_metres(gdf).distance(_shape(area))
    return Series(metres / 1e3, index=gdf.index, name="distance_km", dtype="float64")


def _frame(shape: shapely.Geometry) -> GeoDataFrame:
    return GeoDataFrame(geometry=[shape], crs=crs.LAMBERT93)


def _shape(area: GeoDataFrame) -> shapely.Geometry:
    """Return the one shape of an area, in Lambert-93."""
    if len(area) != 1:
        raise GeometryError(f"an area is one row, {len(area)} came: dissolve them first")
    return crs.to_metres(area).geometry.iloc[0]
