"""The grid that the map is shaded and tinted from: heights and shades in square cells of EPSG:3857.

The cells are the pixels of the world at one zoom, so that the picture lies under the vectors to a fraction of a pixel
at any other. The colours are put in by the map's script (`relief.js`), for both themes from the same grid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo import raster
from geo.errors import GeometryError

MERCATOR = "EPSG:3857"
# Metres of EPSG:3857 around the world, and px of it at zoom 0.
WORLD_M, WORLD_PX = 2 * math.pi * 6_378_137.0, 256
# Cells are pixels of this zoom: 55 m on the ground here, between the 30 m and the 90 m of free terrain models.
ZOOM = 11
# Slopes here are gentle for the eye at these scales.
EXAGGERATION = 3.0
# Shades from 0 (dark) to MOST (light); UNKNOWN stands where nothing is known, whose twin is in relief.js.
MOST, UNKNOWN = 62, 255


@dataclass(frozen=True, slots=True)
class Picture:
    """Heights in whole metres and shades, by rows from the north; the corner of the first cell in metres (EPSG:3857).

    `flat` is the shade of level ground; `step` is the side of a cell.
    """

    heights: NDArray[np.int16]
    shades: NDArray[np.uint8]
    west: float
    north: float
    step: float
    flat: int

    @property
    def range(self) -> tuple[int, int]:
        """Return the lowest and the highest height known, in metres."""
        known = self.heights[self.shades != UNKNOWN]
        return int(known.min()), int(known.max())

    @property
    def ground_m(self) -> float:
        """Return about how much a cell measures on the ground, in metres, in its middle."""
        middle = self.north - self.step * len(self.heights) / 2
        latitude = 2 * math.atan(math.exp(middle / 6_378_137.0)) - math.pi / 2
        return self.step * math.cos(latitude)


def made(elevation: raster.Raster, *, zoom: int = ZOOM) -> Picture:
    """Return the picture of heights in metres, in any coordinate system, with cells that are pixels of a zoom.

    Raises GeometryError when no height, or no shade, is known: cells in a single row have none.
    """
    level = raster.reproject(elevation, MERCATOR, step=WORLD_M / WORLD_PX / 2**zoom)
    shade = raster.hillshade(level, exaggeration=EXAGGERATION)
    known = level.known & shade.known
    if not known.any():
        rows, columns = elevation.shape
        raise GeometryError(f"no shade is known of {rows} rows and {columns} columns: several of both were expected")
    heights = np.where(known, np.rint(level.filled()), 0).astype(np.int16)
    shades = np.where(known, np.rint(np.nan_to_num(shade.filled()) * MOST), UNKNOWN).astype(np.uint8)
    flat = round(math.sin(math.radians(45.0)) * MOST)
    return Picture(heights, shades, float(level.transform.c), float(level.transform.f), level.step[0], flat)
