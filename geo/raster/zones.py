"""Statistics of the cells in each polygon: a cell counts by the share of it that lies inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from geo import crs
from geo.errors import GeometryError
from geo.raster.cover import cover
from geo.raster.model import Raster, require_upright
from geo.raster.reading import about, read

Numbers = NDArray[np.float64]

STATISTICS = ("count", "sum", "mean", "min", "max", "std", "median", "share_known")
USUAL = ("count", "mean", "min", "max")


def zonal(
    source: Raster | Path, polygons: GeoDataFrame, statistics: Sequence[str] = USUAL, *, band: int = 1
) -> pd.DataFrame:
    """Return statistics of a raster, or of a band of a raster file, in each polygon; the index is the polygons'.

    A cell counts by the share of it that lies in the polygon, so the sums of polygons that tile an area add up to that
    of the area, and the smallest polygon has a mean. `count` is in cells, `share_known` (0 to 1) tells for how much of
    the polygon there is a number; lowest and highest are of all cells that the polygon touches. Where nothing is known
    the rest is NaN, `count` and `sum` are 0. A file is read polygon by polygon.

    Raises CRSError when the polygons are in another system than the raster, GeometryError for an unknown statistic, for
    what is no polygon, for a turned raster, or when no polygon lies on the raster.
    """
    unknown = [name for name in statistics if name not in STATISTICS]
    if unknown or not statistics:
        raise GeometryError(f"no such statistic: {', '.join(unknown) or 'none given'}; known: {', '.join(STATISTICS)}")
    here = source if isinstance(source, Raster) else about(source)
    crs.require(polygons, here.crs)
    # The bounds of a turned grid are none: it would seem to lie elsewhere.
    require_upright(here.transform)
    shapes = polygons.geometry.to_numpy()
    kinds = {str(kind) for kind in polygons.geom_type.dropna()} - {"Polygon", "MultiPolygon"}
    if kinds:
        raise GeometryError(f"zones of type {', '.join(sorted(kinds))}: polygons were expected")
    west, south, east, north = here.bounds
    box = shapely.box(west, south, east, north)
    if not (shapely.intersects(shapes, box) & ~shapely.touches(shapes, box)).any():
        raise GeometryError(
            f"no zone lies on the raster, which covers {west:.7g}, {south:.7g}, {east:.7g}, {north:.7g} "
            f"({here.crs[:40]}): check zones and coordinate system"
        )
    rows = [_row(source, shape, box, statistics, band) for shape in shapes]
    return pd.DataFrame(rows, index=polygons.index, columns=list(statistics), dtype=float)


def _row(
    source: Raster | Path, shape: shapely.Geometry | None, box: shapely.Geometry, statistics: Sequence[str], band: int
) -> list[float]:
    """Return the statistics of one polygon."""
    weights, values, whole = np.zeros(0), np.zeros(0), 0.0
    part = None if shape is None or shape.is_empty else _part(source, shape, box, band)
    if part is not None:
        shares, numbers = cover(shape, part), part.filled()
        # A share below what rounding makes is none: else a neighbour's cell would count as touched.
        touched = (shares > 1e-9) & np.isfinite(numbers)
        weights, values = shares[touched], numbers[touched]
        whole = float(shapely.area(shape)) / (part.step[0] * part.step[1])
    return [_MEASURES[name](weights, values, whole) for name in statistics]


def _part(source: Raster | Path, shape: shapely.Geometry, box: shapely.Geometry, band: int) -> Raster | None:
    """Return the cells around a polygon; None when it lies beyond the raster."""
    inside = shapely.intersection(shapely.box(*shapely.bounds(shape)), box)
    if shapely.area(inside) == 0:
        return None
    west, south, east, north = shapely.bounds(inside)
    if not isinstance(source, Raster):
        return read(source, band=band, bounds=(west, south, east, north))
    place, (rows, columns) = source.transform, source.shape
    left, right = int((west - place.c) // place.a), int(-((east - place.c) // -place.a))
    top, bottom = int((north - place.f) // place.e), int(-((south - place.f) // -place.e))
    return source.part(slice(max(0, top), min(rows, bottom)), slice(max(0, left), min(columns, right)))


def _mean(weights: Numbers, values: Numbers) -> float:
    total = weights.sum()
    return float((weights * values).sum() / total) if total else np.nan


def _spread(weights: Numbers, values: Numbers) -> float:
    return float(np.sqrt(_mean(weights, (values - _mean(weights, values)) ** 2)))


def _median(weights: Numbers, values: Numbers) -> float:
    """Return the least number that half of the weight does not exceed."""
    if not values.size:
        return np.nan
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])


_MEASURES: dict[str, Callable[[Numbers, Numbers, float], float]] = {
    "count": lambda weights, _values, _whole: float(weights.sum()),
    "sum": lambda weights, values, _whole: float((weights * values).sum()),
    "mean": lambda weights, values, _whole: _mean(weights, values),
    "min": lambda _weights, values, _whole: float(values.min()) if values.size else np.nan,
    "max": lambda _weights, values, _whole: float(values.max()) if values.size else np.nan,
    "std": lambda weights, values, _whole: _spread(weights, values),
    "median": lambda weights, values, _whole: _median(weights, values),
    "share_known": lambda weights, _values, whole: min(1.0, float(weights.sum() / whole)) if whole else 0.0,
}
