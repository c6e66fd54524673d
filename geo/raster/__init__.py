"""Rasters: numbers in cells that carry their place, read, written, warped, measured.

In three lines:

    from geo import raster
    terrain = raster.reproject(raster.read("elevation.tif"), "EPSG:2154", step=25)
    raster.write_cog(raster.slope_degrees(terrain), "slope.tif", names=["slope, degrees"])
"""

from __future__ import annotations

from geo.raster.cover import cover
from geo.raster.distance import proximity
from geo.raster.model import Raster, named, require, require_same, require_upright
from geo.raster.reading import About, Block, about, blocks, finer, read
from geo.raster.shapes import rasterize, sample
from geo.raster.terrain import hillshade, slope_degrees
from geo.raster.warping import Kind, onto, reproject
from geo.raster.writing import BLOCK, grid, write_cog, writer
from geo.raster.zones import STATISTICS, USUAL, zonal

__all__ = [
    "BLOCK",
    "STATISTICS",
    "USUAL",
    "About",
    "Block",
    "Kind",
    "Raster",
    "about",
    "blocks",
    "cover",
    "finer",
    "grid",
    "hillshade",
    "named",
    "onto",
    "proximity",
    "rasterize",
    "read",
    "reproject",
    "require",
    "require_same",
    "require_upright",
    "sample",
    "slope_degrees",
    "write_cog",
    "writer",
    "zonal",
]
