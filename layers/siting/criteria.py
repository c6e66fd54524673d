"""The criteria: what each measures, as a raster of 0 to 1 by its stated curve."""

from __future__ import annotations

import shapely

from layers.siting import fields, terrain
from layers.siting.fields import Measure, Values
from layers.siting.grid import Cells, metropolis
from layers.siting.origins import rows
from layers.siting.recipe import Criterion

KM = 1000.0


def criterion(spec: Criterion, whole: Cells) -> Measure:
    """Return what gives a criterion over cells, a part of `whole`: float32 from 0 to 1, NaN where it is not known.

    Raises AbsentError when its data are not here.
    """
    full, zero = spec.numbers["full"], spec.numbers["zero"]
    if spec.kind == "slope":
        return _curved(terrain.slope(whole), full, zero)
    if spec.kind == "reach":
        communes = metropolis()
        people = communes["population"].to_numpy(dtype=float)
        shapes = communes.geometry.to_numpy()
        return _curved(fields.within_reach(shapes, people, whole, spec.numbers["reach"] * KM), full, zero)
    return _curved(_distance(spec, whole), full * KM, zero * KM)


def _distance(spec: Criterion, whole: Cells) -> Measure:
    shapes = rows(spec.origins).geometry.to_numpy()
    if (shapely.get_type_id(shapes) == shapely.GeometryType.POINT).all():
        return fields.to_points(shapely.get_coordinates(shapes))
    return fields.to_shapes(shapes, whole, spec.numbers["zero"] * KM)


def _curved(measure: Measure, full: float, zero: float) -> Measure:
    def curved(cells: Cells) -> Values:
        return fields.curve(measure(cells), full, zero)

    return curved
