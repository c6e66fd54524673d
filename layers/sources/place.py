"""Where an official row lies: by its point when it has one, else by the code of its commune."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame, points_from_xy
from numpy.typing import NDArray

from geo.crs import WGS84
from geo.join import within
from layers import numbers
from layers.sources import AnswerError
from layers.sources.connector import Territory
from layers.text import both
from layers.view import Language

MARSEILLE = "13055"
_ARRONDISSEMENTS = frozenset(str(code) for code in range(13201, 13217))


def commune(code: str | None) -> str:
    """Return the INSEE code of the commune: that of Marseille for its arrondissements, empty for none."""
    said = (code or "").strip()
    return MARSEILLE if said in _ARRONDISSEMENTS else said


def located(
    east: NDArray[np.float64], north: NDArray[np.float64], territory: Territory, *, subject: str
) -> NDArray[np.object_]:
    """Return the commune of the metropolis each point (EPSG:4326) lies in: empty outside, None without a point.

    Raises AnswerError when there are points and none lies in the metropolis: latitude first, or another system.
    """
    known = np.isfinite(east) & np.isfinite(north)
    found = np.full(len(east), None, dtype=object)
    if not known.any():
        return found
    inside = _within(east[known], north[known], territory)
    if not (inside != "").any():
        raise AnswerError(_astray(east[known], north[known], territory, subject))
    found[known] = inside
    return found


def _within(east: NDArray[np.float64], north: NDArray[np.float64], territory: Territory) -> NDArray[np.object_]:
    """Return the code of the commune each point lies in, empty outside."""
    west, south, most_east, most_north = territory.bounds
    near = (east >= west) & (east <= most_east) & (north >= south) & (north <= most_north)
    out = np.full(len(east), "", dtype=object)
    if near.any():
        points = GeoDataFrame(geometry=points_from_xy(east[near], north[near]), crs=WGS84)
        out[near] = pd.Series(within(points, territory.communes, "code")).fillna("").to_numpy(dtype=object)
    return out


def _astray(
    east: NDArray[np.float64], north: NDArray[np.float64], territory: Territory, subject: str
) -> dict[Language, str]:
    """Say why no point can be taken."""
    turned = (_within(north, east, territory) != "").any()
    at = _at(float(east[0]), float(north[0]))
    count = partial(numbers.number, len(east))
    if turned:
        return both("fields.swapped", subject=subject, n=count, at=at)
    west, south, most_east, most_north = territory.bounds
    box = _at(west, south, most_east, most_north)
    return both("fields.outside", subject=subject, n=count, at=at, box=box)


def _at(*values: float) -> Callable[[Language], str]:
    return lambda language: " ".join(numbers.plain(value, language, most=2) for value in values)
