"""What leaves a cell out: water, steep land, protected areas, dense communes, the surroundings of Seveso sites."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.siting import fields, terrain
from layers.siting.criteria import KM
from layers.siting.grid import Cells, metropolis
from layers.siting.origins import rows
from layers.siting.recipe import Exclusion

Mask = NDArray[np.bool_]


def exclusion(spec: Exclusion, whole: Cells) -> Callable[[Cells], Mask]:
    """Return what tells of cells, a part of `whole`, which are left out.

    Raises AbsentError when its data are not here.
    """
    if spec.kind == "steep":
        slope, more = terrain.slope(whole), spec.numbers["more"]
        return lambda cells: np.asarray(slope(cells) > more)
    if spec.kind == "within":
        points = shapely.get_coordinates(rows(spec.origins).geometry.to_numpy())
        distance, reach = fields.to_points(points), spec.numbers["km"] * KM
        return lambda cells: np.asarray(distance(cells) <= reach)
    if spec.kind == "dense":
        communes = metropolis()
        dense = communes[communes["population"] / communes["area_km2"] > spec.numbers["more"]]
        shapes = dense.geometry.to_numpy()
    else:
        shapes = rows(spec.origins).geometry.to_numpy()
    return lambda cells: np.asarray(fields.areas_on(shapes, cells) > 0)
