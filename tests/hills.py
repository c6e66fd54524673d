"""SYNTHETIC terrain over the metropolis: a table of one height with round holes, of nothing known, at marked points.

A table has neither shade nor change of tint, so that the middle of a hole on the screen says where the picture lies.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
from rasterio import Affine

from geo import crs, raster
from layers.relief.terrain import FILE, FOLDER, GIVEN, Given

HEIGHT, NODATA = 500.0, -32767.0
BOUNDS = (4.6, 43.05, 5.95, 43.9)
STEP = 1 / 3600
RADIUS_M = 1500.0
# Longitude and latitude, in the corners of the metropolis and in its middle.
MARKS = ((4.80, 43.45), (5.70, 43.70), (5.60, 43.20), (5.25, 43.40), (4.95, 43.75))
# A hole that a phone shows whole at the nearest zoom.
SMALL, SMALL_M = (5.15, 43.62), 350.0
SAID = Given("table.tif", "2026-11-24", "SYNTHETIC, for tests", "2026")


def marked() -> raster.Raster:
    """Return the table with its holes (EPSG:4326)."""
    west, south, east, north = BOUNDS
    rows, columns = round((north - south) / STEP), round((east - west) / STEP)
    made = raster.Raster(
        np.full((rows, columns), HEIGHT, dtype=np.float32), Affine(STEP, 0, west, 0, -STEP, north), crs.WGS84, NODATA
    )
    values = made.values.copy()
    easts, norths = made.centres()
    for (lon, lat), radius in ((SMALL, SMALL_M), *((mark, RADIUS_M) for mark in MARKS)):
        across = (easts - lon) * 111_320 * math.cos(math.radians(lat))
        values[across[np.newaxis, :] ** 2 + ((norths - lat) * 111_130)[:, np.newaxis] ** 2 < radius**2] = NODATA
    return made.with_values(values, nodata=NODATA)


def put(folder: Path, heights: raster.Raster) -> None:
    """Put terrain into an edition, as given by a person."""
    (folder / FOLDER).mkdir(exist_ok=True)
    raster.write_cog(heights, folder / FOLDER / FILE)
    (folder / FOLDER / GIVEN).write_text(json.dumps(SAID.document()), encoding="utf-8")
