"""Between rasters and shapes: draw shapes into cells, read cells at points."""

from __future__ import annotations

import math

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from rasterio import features

from geo import crs
from geo.errors import GeometryError
from geo.raster.model import Raster


def rasterize(frame: GeoDataFrame, like: Raster, *, column: str | None = None, touched: bool = False) -> Raster:
    """Draw the shapes of a frame into cells: true where a shape is, or a column's number there and NaN elsewhere.

    A cell belongs to a polygon when its middle lies in it, with `touched` when any part does; a line or point marks all
    cells it touches. Of shapes upon each other the last row wins.

    Raises CRSError when the frame is in another system than the raster, GeometryError without the column.
    """
    crs.require(frame, like.crs)
    if column is not None and column not in frame.columns:
        raise GeometryError(f"no column {column!r} to draw: one of {', '.join(map(str, frame.columns))} was expected")
    shapes = frame.geometry.to_numpy()
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    kind = "uint8" if column is None else "float64"
    numbers = np.ones(len(frame)) if column is None else frame[column].to_numpy(dtype=float)
    drawn: NDArray[np.float64] = np.full(like.shape, 0 if column is None else math.nan, dtype=kind)
    pairs = list(zip(shapes[there], numbers[there], strict=True))
    if pairs:
        features.rasterize(pairs, out=drawn, transform=like.transform, all_touched=touched, dtype=kind)
    return like.with_values(drawn.astype(bool) if column is None else drawn)


def sample(raster: Raster, points: GeoDataFrame, *, between: bool = False) -> NDArray[np.float64]:
    """Return the number at each point; NaN beyond the raster and where nothing is known.

    `between` weighs the four cells around a point by nearness (those that are known), else its own cell counts alone.

    Raises CRSError when the points are in another system than the raster.
    """
    crs.require(points, raster.crs)
    place = raster.transform
    east, north = points.geometry.x.to_numpy(dtype=float), points.geometry.y.to_numpy(dtype=float)
    column, row = (east - place.c) / place.a, (north - place.f) / place.e
    values = raster.filled()
    if not between:
        return _at(values, np.floor(row), np.floor(column))
    column, row = column - 0.5, row - 0.5
    total, weight = np.zeros(len(points)), np.zeros(len(points))
    for down in (0, 1):
        for right in (0, 1):
            share = np.abs(1 - down - (row - np.floor(row))) * np.abs(1 - right - (column - np.floor(column)))
            found = _at(values, np.floor(row) + down, np.floor(column) + right)
            known = np.isfinite(found)
            total += np.where(known, found, 0.0) * share
            weight += known * share
    own = _at(values, np.floor(row + 0.5), np.floor(column + 0.5))
    return np.where(np.isfinite(own) & (weight > 0), total / np.where(weight > 0, weight, 1.0), np.nan)


def _at(values: NDArray[np.float64], row: NDArray[np.float64], column: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take cells by row and column; NaN where there are none."""
    rows, columns = values.shape
    there = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    safe = np.where(there, row, 0).astype(int), np.where(there, column, 0).astype(int)
    return np.where(there, values[safe], np.nan)
