"""Rasters: a grid of numbers with its place, written whole as one Cloud Optimized GeoTIFF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile
from rasterio.shutil import copy

from geo import crs, files
from geo.errors import FormatError, GeometryError

BLOCK = 512


@dataclass(frozen=True, slots=True)
class Grid:
    """Numbers in rows from north to south (EPSG:4326): the corner of the first cell, the side of a cell in degrees.

    `nodata` stands where nothing is known.
    """

    values: NDArray[np.float32]
    west: float
    north: float
    step: float
    nodata: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north in degrees: the outer edges of the cells."""
        rows, columns = self.values.shape
        return self.west, self.north - rows * self.step, self.west + columns * self.step, self.north


def write_cog(grid: Grid, path: Path, *, tags: Mapping[str, str]) -> None:
    """Write a grid as a Cloud Optimized GeoTIFF with overviews, whole or not at all; tags go into its metadata.

    Raises GeometryError for an empty grid, FormatError when the file cannot be written.
    """
    if grid.values.ndim != 2 or not grid.values.size:
        raise GeometryError(f"a grid of shape {grid.values.shape} has no cells: rows and columns were expected")
    rows, columns = grid.values.shape
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "height": rows,
        "width": columns,
        "count": 1,
        "dtype": "float32",
        "crs": crs.WGS84,
        "transform": Affine(grid.step, 0.0, grid.west, 0.0, -grid.step, grid.north),
        "nodata": grid.nodata,
    }
    with files.replacing(path) as temporary:
        try:
            with MemoryFile() as memory:
                with memory.open(**profile) as made:
                    made.write(grid.values, 1)
                    made.update_tags(**tags)
                with memory.open() as made:
                    copy(
                        made,
                        temporary,
                        driver="COG",
                        compress="DEFLATE",
                        predictor="FLOATING_POINT",
                        blocksize=BLOCK,
                        overview_resampling="AVERAGE",
                    )
        except RasterioError as error:
            raise FormatError(f"cannot write {path}: {error}; make room or choose another folder") from error


def read_grid(path: Path) -> tuple[Grid, dict[str, str]]:
    """Read a raster of one band in EPSG:4326, whole, and its tags.

    Raises FormatError when it cannot be read, CRS or bands are others, or its cells are no squares.
    """
    try:
        with rasterio.open(path) as found:
            if found.count != 1 or found.crs != rasterio.CRS.from_string(crs.WGS84):
                raise FormatError(
                    f"{path} has {found.count} bands in {found.crs}: one band in {crs.WGS84} was expected"
                )
            place, nodata = found.transform, found.nodata
            if abs(place.a + place.e) > 1e-9 or place.b or place.d:
                raise FormatError(f"{path} has cells that are no squares with north on top")
            grid = Grid(found.read(1), place.c, place.f, place.a, float("nan") if nodata is None else nodata)
            return grid, dict(found.tags())
    except RasterioError as error:
        raise FormatError(f"cannot read {path} as a raster: {error}") from error
