"""Distances and sums over the cells: exact for points, on a lattice with straight lines between for all else.

Metres in EPSG:2154. A lattice of 200 m is read between its nodes: a distance changes by no more than the way between
them, so that what is read is right to 100 m or better, and cells of any size cost the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from scipy.spatial import KDTree

from layers.siting.grid import Cells

Values = NDArray[np.float32]
Measure = Callable[[Cells], Values]

LATTICE_M = 200.0
# Lines are read at points so far apart: a distance of 200 m is then right to 2 m.
ALONG_M = 50.0
# Sums over a disc of kilometres change slowly.
REACH_LATTICE_M = 400.0


@dataclass(frozen=True, slots=True)
class Lattice:
    """Values at nodes, `west` and `north` the first of them (metres, EPSG:2154), rows from north to south."""

    values: Values
    west: float
    north: float
    step: float

    def __call__(self, cells: Cells) -> Values:
        """Read the centres of cells, bilinear between nodes; beyond the edge the nearest node counts."""
        high, wide = self.values.shape
        row, down = _between((self.north - cells.northings()) / self.step, high)
        column, right = _between((cells.eastings() - self.west) / self.step, wide)
        upper = self.values[row] * (1 - down[:, None]) + self.values[np.minimum(row + 1, high - 1)] * down[:, None]
        after = np.minimum(column + 1, wide - 1)
        read: Values = upper[:, column] * (1 - right) + upper[:, after] * right
        return read


def _between(place: NDArray[np.floating[Any]], nodes: int) -> tuple[NDArray[np.intp], Values]:
    """Split places along an axis into the node before and the part of a step beyond it."""
    inside = np.clip(place, 0.0, nodes - 1.0)
    before = np.floor(inside).astype(np.intp)
    return before, (inside - before).astype(np.float32)


def to_points(points: NDArray[np.float64]) -> Measure:
    """Measure the distance to the nearest of some points (easting, northing): exact, in metres."""

    def measure(cells: Cells) -> Values:
        # Counted from the corner of the grid, single precision is right to a decimetre.
        east = (cells.eastings() - cells.west).astype(np.float32)
        north = (cells.northings() - cells.north).astype(np.float32)
        nearest = np.full(cells.shape, np.inf, dtype=np.float32)
        for x, y in points:
            across, along = np.float32(x - cells.west) - east, np.float32(y - cells.north) - north
            np.minimum(nearest, (along**2)[:, None] + (across**2)[None, :], out=nearest)
        return np.sqrt(nearest, out=nearest)

    return measure


def to_shapes(shapes: Any, whole: Cells, most: float) -> Measure:
    """Measure the distance to the nearest of some lines or areas, 0 inside, up to `most` metres; by a lattice."""
    west, south, east, north = whole.bounds
    across = np.arange(west, east + LATTICE_M, LATTICE_M)
    along = np.arange(north, south - LATTICE_M, -LATTICE_M)
    columns, rows = np.meshgrid(across, along)
    shapes = np.asarray(shapes)
    areas = shapely.get_dimensions(shapes) == 2
    # A tree of points along the lines answers ten times sooner than one of long outlines.
    lines = np.where(areas, shapely.boundary(shapes), shapes)
    places = shapely.get_coordinates(shapely.segmentize(lines, ALONG_M))
    # Beyond `most` nothing is worth asking for; a step more keeps the lattice right up to it.
    reach = most + 2 * LATTICE_M
    flat = np.column_stack([columns.ravel(), rows.ravel()])
    found, _ = KDTree(places).query(flat, distance_upper_bound=reach)
    values = np.minimum(found, reach).astype(np.float32).reshape(columns.shape)
    nodes = Cells(west - LATTICE_M / 2, north + LATTICE_M / 2, LATTICE_M, len(along), len(across))
    values[areas_on(shapes[areas], nodes) > 0] = 0.0
    return Lattice(values, west, north, LATTICE_M)


def within_reach(areas: Any, amounts: NDArray[np.float64], whole: Cells, reach: float) -> Measure:
    """Add up amounts within `reach` metres as the crow flies, each spread evenly over its area; by a lattice."""
    step = REACH_LATTICE_M
    west, south, east, north = whole.bounds
    grid = Cells(west, north, step, math.ceil((north - south) / step), math.ceil((east - west) / step))
    owner = areas_on(areas, grid)
    counts = np.bincount(owner.ravel(), minlength=len(amounts) + 1)[1:]
    each = np.concatenate([[0.0], amounts / np.maximum(counts, 1)])
    spread = each[owner]
    half = int(reach // step)
    ring = np.hypot(*np.mgrid[-half : half + 1, -half : half + 1]) * step <= reach
    shape = (grid.rows + 2 * half, grid.columns + 2 * half)
    # A disc is its own mirror image: multiplied spectra are the sums over it.
    summed = np.fft.irfft2(np.fft.rfft2(spread, shape) * np.fft.rfft2(ring.astype(float), shape), shape)
    inner = summed[half : half + grid.rows, half : half + grid.columns].clip(min=0.0).astype(np.float32)
    return Lattice(inner, west + step / 2, north - step / 2, step)


def areas_on(areas: Any, cells: Cells) -> NDArray[np.uint16]:
    """Tell in which area the centre of each cell lies: 1 for the first, 0 for none; the later one where two overlap."""
    shapes = [(shape, place) for place, shape in enumerate(areas, start=1)]
    if not shapes:
        return np.zeros(cells.shape, dtype=np.uint16)
    found: NDArray[np.uint16] = rasterize(shapes, out_shape=cells.shape, transform=cells.transform, dtype="uint16")
    return found


def curve(values: Values, full: float, zero: float) -> Values:
    """Make 0..1 of values by a straight line: 1 at `full` and beyond, 0 at `zero` and beyond; what is NaN stays so."""
    made = (values - np.float32(zero)) / np.float32(full - zero)
    return np.clip(made, 0.0, 1.0, out=made)
