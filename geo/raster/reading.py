"""Read rasters: whole, by window or by bounds; refuse what has no place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.enums import MaskFlags, Resampling
from rasterio.errors import RasterioError
from rasterio.windows import Window

from geo.errors import FormatError, GeometryError
from geo.raster.model import Raster, edges, named, require, require_same, require_upright

Bounds = tuple[float, float, float, float]

# So many cells at most are read at once (1.6 GB of float32): larger rasters are read by block.
MOST_CELLS = 400_000_000
# Cells a little finer than asked for are left as they are.
FINER = 0.9


@dataclass(frozen=True, slots=True)
class About:
    """Say what a raster file holds without reading its cells; bounds in the unit of `crs`."""

    shape: tuple[int, int]
    transform: Affine
    crs: str
    nodata: float | None
    dtype: str
    names: tuple[str, ...]
    tags: dict[str, str]

    @property
    def bounds(self) -> Bounds:
        """Return west, south, east, north: the outer edges of the cells."""
        return edges(self.transform, self.shape)


@contextmanager
def opened(path: Path | str) -> Iterator[Any]:
    """Open a raster for reading.

    Raises FormatError when it cannot be read, also by who reads from it.
    """
    try:
        with rasterio.open(path) as found:
            yield found
    except RasterioError as error:
        words = " ".join(str(error.__cause__ or error).split())
        raise FormatError(f"cannot read {path} as a raster: {words}") from error


def about(path: Path) -> About:
    """Say what a raster file holds.

    Raises FormatError when it cannot be read, CRSError without a coordinate system.
    """
    with opened(path) as found:
        names = tuple(name or f"band {number}" for number, name in enumerate(found.descriptions, start=1))
        shape = (found.height, found.width)
        if found.dtypes[0].startswith("complex"):
            raise FormatError(f"{path} holds complex numbers ({found.dtypes[0]}): plain numbers were expected")
        tags = dict(found.tags())
        return About(shape, found.transform, named(found.crs), found.nodata, found.dtypes[0], names, tags)


def read(
    path: Path,
    *,
    band: int = 1,
    window: Window | None = None,
    bounds: Bounds | None = None,
    crs: str | None = None,
    finest: tuple[float, float] | None = None,
) -> Raster:
    """Read a band, whole, or the cells of a window or of bounds (in the unit of the raster's system).

    Bounds are widened to whole cells and cut at the raster's edges. Where the file has a mask instead of a number for
    unknown, unknown cells become NaN. `crs` says in which system the raster has to be. `finest` is width and height of
    a cell (in the unit of the raster's system): cells that are `finer` are averaged to about so large ones as they are
    read, so that memory is bounded by what is kept, not by the file.

    Raises FormatError when it cannot be read, CRSError without a coordinate system or in another one than `crs`,
    GeometryError for a turned raster, when there is no such band, nothing lies in the window, or too much at once is
    asked for.
    """
    with opened(path) as found:
        named(found.crs)
        # Before its place: bounds mean nothing on a turned grid.
        require_upright(found.transform)
        if not 1 <= band <= found.count:
            raise GeometryError(
                f"{path} has {found.count} bands: a band from 1 to {found.count} was expected, not {band}"
            )
        part = _window(found, path, window, bounds)
        shape = _shape(found.transform, part, finest)
        if shape[0] * shape[1] > MOST_CELLS:
            raise GeometryError(
                f"{path} has {shape[0] * shape[1]:,} cells, at most {MOST_CELLS:,} at once: ask for bounds or blocks"
            )
        transform = _moved(found.transform, part, shape)
        values, nodata = _values(found, band, part, shape)
        raster = Raster(values, transform, named(found.crs), nodata)
    if crs is not None:
        require(raster, crs)
    return raster


def _moved(place: Affine, part: Window, shape: tuple[int, int]) -> Affine:
    """Return the place of a window's cells, so many rows and columns; north is on top."""
    west, north = place.c + place.a * part.col_off, place.f + place.e * part.row_off
    return Affine(place.a * part.width / shape[1], 0.0, west, 0.0, place.e * part.height / shape[0], north)


def finer(transform: Affine, finest: tuple[float, float]) -> bool:
    """Tell whether `read` averages cells, because they are finer than a width and height in the unit of their system.

    That is by a tenth or more of the side of a square as large.
    """
    return math.sqrt(abs(transform.a * transform.e)) < FINER * math.sqrt(finest[0] * finest[1])


def _shape(place: Affine, part: Window, finest: tuple[float, float] | None) -> tuple[int, int]:
    """Return how many rows and columns a window is read into."""
    rows, columns = round(part.height), round(part.width)
    if finest is None or not finer(place, finest):
        return rows, columns
    wide, high = (min(1.0, abs(side) / least) for side, least in zip((place.a, place.e), finest, strict=True))
    return max(1, round(rows * high)), max(1, round(columns * wide))


def _window(found: Any, path: Path, window: Window | None, bounds: Bounds | None) -> Window:
    """Return the whole cells asked for that the raster has. Raises GeometryError for none."""
    place, low, high = found.transform, (0, 0), (found.width, found.height)
    if window is not None:
        low = (round(window.col_off), round(window.row_off))
        high = (low[0] + round(window.width), low[1] + round(window.height))
    elif bounds is not None:
        west, south, east, north = bounds
        # A hair's breadth of a cell beside the border is the border.
        low = (math.floor((west - place.c) / place.a + 1e-6), math.floor((north - place.f) / place.e + 1e-6))
        high = (math.ceil((east - place.c) / place.a - 1e-6), math.ceil((south - place.f) / place.e - 1e-6))
    left, top = max(0, low[0]), max(0, low[1])
    wide, down = min(found.width, high[0]) - left, min(found.height, high[1]) - top
    if wide <= 0 or down <= 0:
        has = ", ".join(f"{value:.10g}" for value in edges(place, (found.height, found.width)))
        asked = ", ".join(f"{value:.10g}" for value in bounds) if bounds else f"columns {left}, rows {top}"
        raise GeometryError(f"nothing of {path} lies in what was asked for ({asked}): it covers {has} in {found.crs}")
    return Window(left, top, wide, down)


def _values(found: Any, band: int, part: Window, shape: tuple[int, int]) -> tuple[NDArray[Any], float | None]:
    """Read cells, averaged into a smaller shape, and say what stands for unknown; scale and offset are applied."""
    into = {} if shape == (part.height, part.width) else {"out_shape": shape, "resampling": Resampling.average}
    values, nodata = found.read(band, window=part, **into), found.nodatavals[band - 1]
    scale, offset = found.scales[band - 1], found.offsets[band - 1]
    masked = nodata is None and MaskFlags.all_valid not in found.mask_flag_enums[band - 1]
    if not masked and (scale, offset) == (1.0, 0.0):
        return values, nodata
    known = found.read_masks(band, window=part, **into) > 0
    real = values.astype(np.float32 if values.dtype.itemsize <= 4 else np.float64) * scale + offset
    return np.where(known, real, np.nan).astype(real.dtype), math.nan


@dataclass(frozen=True, slots=True)
class Block:
    """Hold a part of a raster with a margin of cells around it, and where in it the part itself lies."""

    wide: Raster
    rows: slice
    columns: slice

    def inner(self, made: Raster) -> Raster:
        """Return what was made of the whole block, less the margin.

        Raises CRSError or GeometryError when it is no longer on the block's grid.
        """
        require_same(self.wide, made)
        return made.part(self.rows, self.columns)


def blocks(path: Path, size: int = 2048, *, margin: int = 0, band: int = 1) -> Iterator[Block]:
    """Give a raster part by part, of so many cells a side, from north-west to south-east, in bounded memory.

    `margin` cells more are read around each part: 1 is what slope and hillshade need to be seamless. Parts put with
    `writer` give the same file as the whole would.

    Raises FormatError when it cannot be read, CRSError without a coordinate system, GeometryError for a size or margin
    that makes no sense.
    """
    if size < 1 or margin < 0:
        raise GeometryError(f"blocks of {size} cells with a margin of {margin}: at least 1 and 0 were expected")
    rows, columns = about(path).shape
    for top in range(0, rows, size):
        for left in range(0, columns, size):
            high, low = max(0, top - margin), min(rows, top + size + margin)
            west, east = max(0, left - margin), min(columns, left + size + margin)
            wide = read(path, band=band, window=Window(west, high, east - west, low - high))
            down, right = (
                slice(top - high, min(rows, top + size) - high),
                slice(left - west, min(columns, left + size) - west),
            )
            yield Block(wide, down, right)
