"""Polygons that tile an area: find what does not fit, repair it, simplify and dissolve without opening a seam."""

from __future__ import annotations

import shapely
from geopandas import GeoDataFrame, GeoSeries

from geo import crs
from geo.errors import CoverageError


def faults(gdf: GeoDataFrame) -> GeoSeries:
    """Return the edges that overlap or miss their neighbour, for the faulty rows only, in the frame's system.

    The result is empty for a valid coverage. A gap all along which the polygons agree is no fault: it may be a lake.

    Raises CRSError without a coordinate system, CoverageError when a row is not a polygon.
    """
    crs.require(gdf)
    _require_polygons(gdf)
    edges = GeoSeries(shapely.coverage_invalid_edges(gdf.geometry.to_numpy()), index=gdf.index, crs=gdf.crs)
    return edges[~edges.is_empty]


def repair(gdf: GeoDataFrame, *, gap_m: float = 0.0) -> GeoDataFrame:
    """Return the frame with overlaps given to the neighbour with the longest common border and narrow gaps closed.

    gap_m: width in metres under which a gap between polygons is closed; wider ones are left, they may be water.
    The result is in WGS 84 rounded like every exchanged table, so that it is valid as it will be written.

    Raises CoverageError when the polygons still do not tile afterwards.
    """
    _require_polygons(gdf)
    metric = crs.to_metres(gdf)
    clean = shapely.coverage_clean(metric.geometry.to_numpy(), gap_width=gap_m, snapping_distance=0.0)
    result = _exchanged(metric, clean)
    if result.geometry.is_empty.any():
        lost = ", ".join(str(i) for i in result.index[result.geometry.is_empty])
        raise CoverageError(
            f"repairing leaves nothing of rows {lost}: they lie under their neighbours, look at the source"
        )
    _require_valid(result, "the repaired polygons")
    return result


def simplify(gdf: GeoDataFrame, tolerance_m: float, *, outer: bool = True) -> GeoDataFrame:
    """Return the frame with fewer vertices, shared edges staying shared, in WGS 84 rounded like every exchanged table.

    tolerance_m: square root of the area in square metres of the triangles that may go (Visvalingam-Whyatt).
    outer: simplify the edges that border no other row as well; without it they stay exactly as they came.

    Raises CoverageError when the polygons do not tile before or after.
    """
    _require_valid(gdf, "the polygons to simplify")
    metric = crs.to_metres(gdf)
    simple = shapely.coverage_simplify(metric.geometry.to_numpy(), tolerance_m, simplify_boundary=outer)
    result = _exchanged(metric, simple)
    _require_valid(result, "the simplified polygons")
    return result


def dissolve(gdf: GeoDataFrame, by: str) -> GeoDataFrame:
    """Return one row per value of a column, in the order of the values, with the united polygons.

    Raises CoverageError when the column is missing or empty somewhere, or when the polygons do not tile.
    """
    if by not in gdf.columns:
        raise CoverageError(f"cannot dissolve by {by!r}: the columns are {', '.join(map(str, gdf.columns))}")
    if gdf[by].isna().any():
        raise CoverageError(
            f"cannot dissolve by {by!r}: {int(gdf[by].isna().sum())} rows have no value, fill them first"
        )
    _require_valid(gdf, "the polygons to dissolve")
    keys = sorted(gdf[by].unique())
    united = [shapely.coverage_union_all(gdf.geometry[gdf[by] == key].to_numpy()) for key in keys]
    return GeoDataFrame({by: keys}, geometry=united, crs=gdf.crs)


def _exchanged(metric: GeoDataFrame, geometry: object) -> GeoDataFrame:
    """Return the metric frame with new geometry, in WGS 84, rounded."""
    return crs.rounded(crs.to_exchange(metric.set_geometry(geometry, crs=metric.crs)))


def _require_polygons(gdf: GeoDataFrame) -> None:
    """Refuse rows that are no polygon, or not a valid one."""
    wrong = gdf[~gdf.geom_type.isin(["Polygon", "MultiPolygon"])]
    if not wrong.empty:
        rows = ", ".join(f"{i} ({kind})" for i, kind in wrong.geom_type.items())
        raise CoverageError(f"a coverage is made of polygons; other rows came: {rows}")
    broken = gdf[~gdf.geometry.is_valid]
    if not broken.empty:
        rows = ", ".join(f"{i} ({why})" for i, why in broken.geometry.is_valid_reason().items())
        raise CoverageError(f"rows with an invalid polygon: {rows}; make them valid first")


def _require_valid(gdf: GeoDataFrame, what: str) -> None:
    """Refuse polygons that overlap or whose shared edges differ."""
    crs.require(gdf)
    _require_polygons(gdf)
    wrong = faults(gdf)
    if not wrong.empty:
        rows = ", ".join(str(i) for i in wrong.index)
        raise CoverageError(f"{what} do not tile: edges of rows {rows} overlap or miss their neighbour; call repair()")
