"""Slope of the terrain in force, where there is one; without it, what needs slope takes no part.

Terrain has to know the slope of LEAST_COVER of the land of the metropolis. One that covers less takes no part at all:
places it leaves out would fall from the ranking, or be weighed without what others are weighed with, and the ranking
would be of those it covers. Smaller gaps are left: there the slope is not known (NaN), so that a surface that weighs it
has no score there, and files and page say for how much of the land that is. A slope that is not known excludes nothing.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from geo import crs, raster
from geo.errors import GeoError
from geo.raster import Raster
from layers import editions
from layers.numbers import percent
from layers.relief import terrain
from layers.siting.fields import Lattice, Measure, Values, areas_on
from layers.siting.grid import Cells, metropolis
from layers.siting.origins import AbsentError
from layers.siting.recipe import Rule, Said
from layers.text import both
from layers.view import LANGUAGES

# Slope is taken on cells of this side and then averaged: on larger ones hills would be levelled first.
FINE_M = 50.0
LEAST_COVER = 0.99


def needed(rule: Rule) -> bool:
    """Tell whether a criterion or an exclusion is measured on terrain."""
    return rule.kind in ("slope", "steep")


def limits(rule: Rule) -> Said:
    """Return the limits of a criterion or an exclusion; of slope also what the heights in force are said to be of."""
    found = terrain.in_force() if needed(rule) else None
    if found is None:
        return rule.limits
    of_what = terrain.measures(found)
    return {language: f"{rule.limits[language]} {of_what[language]}" for language in LANGUAGES}


def credit() -> str:
    """Return the words that the terrain's own file asks for, its notice or its source; empty without."""
    found = terrain.in_force()
    tags = raster.about(found.path).tags if found else {}
    return tags.get("NOTICE") or tags.get("TIFFTAG_COPYRIGHT") or tags.get("SOURCE", "")


@editions.kept(most=2)
def slope(whole: Cells) -> Measure:
    """Return what gives the mean slope of cells in degrees, NaN where no height is known.

    Raises AbsentError without terrain that can be used, or when it covers too little of the metropolis.
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
    _cover(steep)
    if whole.step <= FINE_M:
        return Lattice(steep.values, steep.transform.c + FINE_M / 2, steep.transform.f - FINE_M / 2, FINE_M)
    mean = raster.reproject(steep, crs.LAMBERT93, step=whole.step, bounds=whole.bounds).values.astype(np.float32)

    def measure(cells: Cells) -> Values:
        top = round((whole.north - cells.north) / whole.step)
        # The curve works in place.
        return mean[top : top + cells.rows].copy()

    return measure


def _cover(steep: Raster) -> None:
    """Refuse a slope that is known for too little of the land. Raises AbsentError."""
    rows, columns = steep.values.shape
    grid = Cells(steep.transform.c, steep.transform.f, FINE_M, rows, columns)
    land = areas_on(metropolis().geometry.to_numpy(), grid) > 0
    known = float(steep.known[land].mean())
    if known < LEAST_COVER:
        # Never said to be more than it is.
        share = math.floor(known * 100) / 100
        said = {name: partial(percent, value) for name, value in (("share", share), ("least", LEAST_COVER))}
        raise AbsentError(both("siting_cover.little", **said))
