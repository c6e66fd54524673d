"""Slope of the terrain in force, where there is one; without it, what needs slope takes no part."""

from __future__ import annotations

import numpy as np

from geo import crs, raster
from geo.errors import GeoError
from layers.relief import terrain
from layers.siting.fields import Lattice, Measure, Values
from layers.siting.grid import Cells
from layers.siting.origins import AbsentError
from layers.text import both

# Slope is taken on cells of this side and then averaged: on larger ones hills would be levelled first.
FINE_M = 50.0


def credit() -> str:
    """Return the words that the terrain's own file asks for, its notice or its source; empty without."""
    found = terrain.in_force()
    tags = raster.about(found.path).tags if found else {}
    return tags.get("NOTICE") or tags.get("TIFFTAG_COPYRIGHT") or tags.get("SOURCE", "")


def slope(whole: Cells) -> Measure:
    """Return what gives the mean slope of cells in degrees, NaN where no height is known.

    Raises AbsentError without terrain that can be used.
    """
    found = terrain.in_force()
    if found is None:
        raise AbsentError(terrain.fault() or both("siting_said.absent_terrain"))
    west, south, east, north = whole.bounds
    around = (west - FINE_M, south - FINE_M, east + FINE_M, north + FINE_M)
    try:
        heights = raster.reproject(terrain.around(found.path), crs.LAMBERT93, step=FINE_M, bounds=around)
    except GeoError as error:
        raise AbsentError(both("siting_said.absent_terrain")) from error
    steep = raster.slope_degrees(heights)
    if whole.step <= FINE_M:
        return Lattice(steep.values, steep.transform.c + FINE_M / 2, steep.transform.f - FINE_M / 2, FINE_M)
    mean = raster.reproject(steep, crs.LAMBERT93, step=whole.step, bounds=whole.bounds).values.astype(np.float32)

    def measure(cells: Cells) -> Values:
        top = round((whole.north - cells.north) / whole.step)
        # The curve works in place.
        return mean[top : top + cells.rows].copy()

    return measure
