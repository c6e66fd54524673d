"""The cells that are weighed: squares in EPSG:2154, rows from north to south, over the bounds of the metropolis."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio import Affine

from geo import crs
from layers import catalogue
from layers.errors import SitingError
from layers.text import both

STEP = 100.0
LEAST_STEP, MOST_STEP = 25.0, 1000.0
# So many cells are weighed at once; beyond, in blocks of rows: 20 criteria of 2 million cells would fill 160 MB.
MOST_WHOLE = 2_000_000
BLOCK_ROWS = 512


@dataclass(frozen=True, slots=True)
class Cells:
    """A grid: the outer corner of its first cell (easting, northing, EPSG:2154), the side of a cell in metres."""

    west: float
    north: float
    step: float
    rows: int
    columns: int

    @property
    def size(self) -> int:
        """Return how many cells there are."""
        return self.rows * self.columns

    @property
    def shape(self) -> tuple[int, int]:
        """Return rows and columns."""
        return self.rows, self.columns

    @property
    def transform(self) -> Affine:
        """Return what takes a column and a row to metres in EPSG:2154."""
        return Affine(self.step, 0.0, self.west, 0.0, -self.step, self.north)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north in metres (EPSG:2154): the outer edges of the cells."""
        south, east = self.north - self.rows * self.step, self.west + self.columns * self.step
        return self.west, south, east, self.north

    def eastings(self) -> NDArray[np.floating[Any]]:
        """Return the easting of the centre of each column, in metres."""
        return self.west + (np.arange(self.columns, dtype=np.float64) + 0.5) * self.step

    def northings(self) -> NDArray[np.floating[Any]]:
        """Return the northing of the centre of each row, in metres."""
        return self.north - (np.arange(self.rows, dtype=np.float64) + 0.5) * self.step

    def blocks(self) -> Iterator[tuple[slice, Cells]]:
        """Give the rows in blocks, each with the cells it holds; in one when there are no more than MOST_WHOLE."""
        high = self.rows if self.size <= MOST_WHOLE else BLOCK_ROWS
        for top in range(0, self.rows, high):
            bottom = min(self.rows, top + high)
            yield slice(top, bottom), replace(self, north=self.north - top * self.step, rows=bottom - top)


def metropolis() -> Any:
    """Return the communes in EPSG:2154, in the order of their codes."""
    return crs.to_metres(catalogue.load("communes")).sort_values("code").reset_index(drop=True)


def cells(step: float = STEP) -> Cells:
    """Return the cells over the bounds of the metropolis, their edges on whole steps; metres.

    Raises SitingError for a step out of bounds, or that is no number.
    """
    if not (math.isfinite(step) and LEAST_STEP <= step <= MOST_STEP):
        raise SitingError([both("siting_said.step", came=f"{step:g}", least=f"{LEAST_STEP:g}", most=f"{MOST_STEP:g}")])
    west, south, east, north = metropolis().total_bounds
    left, top = math.floor(west / step) * step, math.ceil(north / step) * step
    return Cells(left, top, step, math.ceil((top - south) / step), math.ceil((east - left) / step))
