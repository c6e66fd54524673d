"""A raster: numbers in rows from north to south, with their place, their system and what stands for unknown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio import CRS, Affine
from rasterio.errors import CRSError as UnknownCRS

from geo.errors import CRSError, GeometryError

# So much of a cell may two grids lie apart and still be one: what is lost on the way through a file is far less.
SAME = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """Hold one band: the numbers, the place of the cells, the coordinate system, and the number that means unknown.

    `values` cannot be written to. `transform` leads from column and row to easting and northing (longitude and latitude
    in EPSG:4326), in the unit of `crs`; north is on top. `nodata` is None where every cell is known; a number that is
    not finite is unknown as well.

    Raises GeometryError without cells or for a turned grid, CRSError without a coordinate system or for an unknown one.
    """

    values: NDArray[Any]
    transform: Affine
    crs: str
    nodata: float | None = None

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or not self.values.size:
            raise GeometryError(f"a grid of shape {self.values.shape} has no cells: rows and columns were expected")
        require_upright(self.transform)
        kept = self.values.view()
        kept.flags.writeable = False
        object.__setattr__(self, "values", kept)
        object.__setattr__(self, "crs", named(self.crs))
        object.__setattr__(self, "nodata", None if self.nodata is None else float(self.nodata))

    @property
    def shape(self) -> tuple[int, int]:
        """Return how many rows and columns there are."""
        rows, columns = self.values.shape
        return rows, columns

    @property
    def step(self) -> tuple[float, float]:
        """Return width and height of a cell, in the unit of the coordinate system."""
        return float(self.transform.a), -float(self.transform.e)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north: the outer edges of the cells, in the unit of the coordinate system."""
        return edges(self.transform, self.shape)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Tell for each cell whether its number is known."""
        known: NDArray[np.bool_] = np.ones(self.shape, dtype=bool)
        if np.issubdtype(self.values.dtype, np.inexact):
            known = np.isfinite(self.values)
        if self.nodata is not None and not math.isnan(self.nodata):
            known &= self.values != self.nodata
        return known

    def filled(self, *, dtype: Any = np.float64) -> NDArray[Any]:
        """Return the numbers as decimals, a copy, with NaN where nothing is known."""
        values = self.values.astype(dtype)
        values[~self.known] = np.nan
        return values

    def with_values(self, values: NDArray[Any], *, nodata: float | None = None) -> Raster:
        """Return other numbers in the same place; those of decimals have NaN for unknown unless told otherwise.

        Raises GeometryError for an array of another shape.
        """
        if values.shape != self.shape:
            raise GeometryError(f"an array of shape {values.shape} for a grid of {self.shape}: one shape was expected")
        if nodata is None and np.issubdtype(values.dtype, np.inexact):
            nodata = math.nan
        return Raster(values, self.transform, self.crs, nodata)

    def part(self, rows: slice, columns: slice) -> Raster:
        """Return the cells of some rows and columns, in their place, without a copy; slices count from 0, no steps.

        Raises GeometryError when none is left.
        """
        top, _, down = rows.indices(self.shape[0])
        left, _, right = columns.indices(self.shape[1])
        if (down, right) != (1, 1):
            raise GeometryError("every cell in a row was expected, not one in several: slices have no step here")
        place = self.transform
        moved = Affine(place.a, 0.0, place.c + left * place.a, 0.0, place.e, place.f + top * place.e)
        return Raster(self.values[rows, columns], moved, self.crs, self.nodata)

    def same_grid(self, other: Raster) -> bool:
        """Tell whether the cells of both lie upon each other, in one coordinate system."""
        if self.crs != other.crs or self.shape != other.shape:
            return False
        ours, theirs = self.bounds, other.bounds
        wide, high = self.step
        return all(abs(one - two) <= SAME * step for one, two, step in zip(ours, theirs, (wide, high) * 2, strict=True))

    def centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the eastings of the columns and the northings of the rows, at the middle of the cells."""
        rows, columns = self.shape
        place = self.transform
        return place.c + (np.arange(columns) + 0.5) * place.a, place.f + (np.arange(rows) + 0.5) * place.e


def edges(transform: Affine, shape: tuple[int, int]) -> tuple[float, float, float, float]:
    """Return west, south, east, north of so many rows and columns."""
    rows, columns = shape
    west, north = float(transform.c), float(transform.f)
    return west, north + rows * float(transform.e), west + columns * float(transform.a), north


def named(crs: Any) -> str:
    """Return the name of a coordinate system: EPSG's where it has one, else its description as WKT.

    Raises CRSError without one, or for words that name none.
    """
    if not crs:
        raise CRSError("the raster has no coordinate system: say which it is in (gdal_edit.py -a_srs EPSG:2154 FILE)")
    try:
        return str(CRS.from_user_input(crs).to_string())
    except (UnknownCRS, ValueError) as error:
        raise CRSError(f"{str(crs)[:80]!r} is no coordinate system: one such as EPSG:2154 was expected") from error


def require_upright(transform: Affine) -> None:
    """Refuse cells that do not lie in rows from north to south.

    Raises GeometryError.
    """
    place = transform
    if place.b or place.d or not (place.a > 0 > place.e) or not all(map(math.isfinite, place)):
        raise GeometryError(
            f"the grid is turned or upside down ({tuple(place)[:6]}): cells in rows from north to south were "
            "expected; warp it first (gdalwarp does)"
        )


def require(raster: Raster, crs: str) -> None:
    """Refuse a raster in another coordinate system.

    Raises CRSError.
    """
    if raster.crs != named(crs):
        raise CRSError(f"the raster is in {raster.crs[:60]}, {crs} expected: call reproject(raster, {crs!r}) first")


def require_same(first: Raster, *others: Raster) -> None:
    """Refuse rasters whose cells do not lie upon each other.

    Raises CRSError for several coordinate systems, GeometryError for several grids.
    """
    for other in others:
        require(other, first.crs)
        if not first.same_grid(other):
            raise GeometryError(
                f"grids differ: {first.shape} cells in {_told(first)} and {other.shape} in {_told(other)}; "
                "call onto(raster, like) first"
            )


def _told(raster: Raster) -> str:
    return ", ".join(f"{value:.10g}" for value in raster.bounds)
