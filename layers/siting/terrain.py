"""Slope of the terrain in force, where there is one; without it, what needs slope takes no part."""

from __future__ import annotations

from layers import editions
from layers.siting.fields import Measure
from layers.siting.grid import Cells
from layers.siting.origins import AbsentError
from layers.text import both

FILE = "rasters/elevation.tif"


def slope(whole: Cells) -> Measure:
    """Return what gives the slope of cells in degrees.

    Raises AbsentError without terrain.
    """
    path = editions.in_force() / FILE
    if not path.is_file():
        raise AbsentError(both("siting.absent_terrain"))
    raise NotImplementedError(whole)
