"""Bring a raster into another coordinate system or onto another grid, by the kind of its numbers."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from rasterio import Affine, warp
from rasterio.enums import Resampling
from rasterio.errors import RasterioError

from geo.errors import GeometryError
from geo.raster.model import Raster, edges, named
from geo.raster.writing import grid

Kind = Literal["continuous", "classes", "mask"]

# How cells are taken when they stay about as large, and when they become larger.
ALIKE = {"continuous": Resampling.bilinear, "classes": Resampling.nearest, "mask": Resampling.nearest}
LARGER = {"continuous": Resampling.average, "classes": Resampling.mode, "mask": Resampling.max}
# From so much larger cells on, each is made of all that lie in it.
MUCH = 1.5


def reproject(
    raster: Raster,
    crs: str,
    *,
    step: float | None = None,
    bounds: tuple[float, float, float, float] | None = None,
    kind: Kind = "continuous",
) -> Raster:
    """Return the raster in another coordinate system, in square cells of a step, its edges multiples of the step.

    `step` (as fine as the raster, unless told) and `bounds` (all of the raster, unless told) are in the unit of `crs`.
    Continuous numbers are weighed between cells, and are means where cells become larger; classes stay numbers that
    exist; a mask keeps what is thin: a larger cell is true when any cell in it is. Cells beyond the raster are unknown,
    in a mask false.

    Raises CRSError for an unknown system, GeometryError when nothing of the raster lies in the bounds.
    """
    target = named(crs)
    reach = _reach(raster, target)
    if step is None:
        # As many cells from corner to corner as the raster has.
        step = math.hypot(reach[2] - reach[0], reach[3] - reach[1]) / math.hypot(*raster.shape)
    return _warped(raster, target, *grid(bounds or reach, step), kind)


def onto(raster: Raster, like: Raster, *, kind: Kind = "continuous") -> Raster:
    """Return the raster on the grid of another one, in its coordinate system; kinds as for `reproject`.

    Raises GeometryError when the two do not overlap.
    """
    return _warped(raster, like.crs, like.transform, like.shape, kind)


def _warped(raster: Raster, crs: str, transform: Affine, shape: tuple[int, int], kind: Kind) -> Raster:
    """Warp onto a grid. Raises GeometryError when nothing of the raster lies there."""
    west, south, east, north = _reach(raster, crs)
    box = edges(transform, shape)
    if west >= box[2] or east <= box[0] or south >= box[3] or north <= box[1]:
        raise GeometryError(
            f"the raster covers {west:.7g}, {south:.7g}, {east:.7g}, {north:.7g} in {crs}, nothing of "
            f"{', '.join(f'{value:.7g}' for value in box)}: check bounds and coordinate system"
        )
    source, nodata = _source(raster, kind)
    coarser = min(transform.a / ((east - west) / raster.shape[1]), -transform.e / ((north - south) / raster.shape[0]))
    made: NDArray[Any] = np.full(shape, 0 if nodata is None else nodata, dtype=source.dtype)
    warp.reproject(
        source,
        made,
        src_transform=raster.transform,
        src_crs=raster.crs,
        src_nodata=nodata,
        dst_transform=transform,
        dst_crs=crs,
        dst_nodata=nodata,
        resampling=(LARGER if coarser >= MUCH else ALIKE)[kind],
        # An eighth of a cell is GDAL's usual error; half of that costs little.
        tolerance=0.06,
    )
    return Raster(made.astype(raster.values.dtype) if kind == "mask" else made, transform, crs, nodata)


def _reach(raster: Raster, crs: str) -> tuple[float, float, float, float]:
    """Return the raster's bounds in another system. Raises GeometryError where it has none."""
    try:
        west, south, east, north = warp.transform_bounds(raster.crs, crs, *raster.bounds)
    except RasterioError as error:
        raise GeometryError(f"the raster at {raster.bounds} in {raster.crs} has no place in {crs}: {error}") from error
    if not all(map(math.isfinite, (west, south, east, north))):
        raise GeometryError(f"the raster at {raster.bounds} in {raster.crs} has no place in {crs}")
    return west, south, east, north


def _source(raster: Raster, kind: Kind) -> tuple[NDArray[Any], float | None]:
    """Return the numbers as GDAL warps them, and what will stand for unknown."""
    values, dtype = raster.values, raster.values.dtype
    if kind == "mask":
        return (raster.known & (values != 0)).astype(np.uint8), None
    if values.dtype.kind == "b":
        raise GeometryError("true and false are no numbers to be weighed: reproject with kind='mask'")
    if np.issubdtype(dtype, np.floating):
        # GDAL knows one number for unknown: infinite ones become it too.
        return np.where(raster.known, values, dtype.type(np.nan)), math.nan
    if raster.nodata is not None:
        return values, raster.nodata
    limits = np.iinfo(dtype)
    free = limits.min if limits.min < 0 else limits.max
    if (values == free).any():
        raise GeometryError(f"no number is free to mean unknown ({free} is used): give the raster a nodata")
    return values, float(free)
