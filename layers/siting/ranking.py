"""The ranking: of each commune or zone of activity, the mean score of the best tenth of its cells.

The mean of all its cells would punish a commune for its hills, the best cell alone would praise it for one corner. What
has less than 20 hectares (zones: 4) of cells that count is not ranked, whatever the side of the cells.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame
from pyproj import Transformer

from geo import crs
from layers import catalogue
from layers.errors import SitingError
from layers.siting import fields
from layers.siting.fields import Values
from layers.siting.grid import metropolis
from layers.siting.model import NODATA, Siting
from layers.siting.origins import AbsentError, rows
from layers.siting.recipe import Origin, Said
from layers.siting.score import MOST_TOLD
from layers.text import both

SHARE = 0.1
# Hectares that count at the least: so many cells of 100 m.
LEAST_HA = {"communes": 20, "zones": 4}
_HECTARE_M2 = 10_000.0
MOST = 10
RANKED_ZONES = ("industrial", "business")


@dataclass(frozen=True, slots=True)
class Ranked:
    """The mean score of the best tenth of each area (NaN where too few cells count), how many cells count, the best."""

    score: NDArray[np.float64]
    cells: NDArray[np.intp]
    best: NDArray[np.intp]

    @property
    def order(self) -> NDArray[np.intp]:
        """Return the places of the areas that are ranked, best first; equal ones in their own order."""
        known = np.flatnonzero(np.isfinite(self.score))
        return known[np.argsort(-self.score[known], kind="stable")]


def least(kind: str, step: float) -> int:
    """Return how many cells of a side of `step` metres an area needs to be ranked, one at the least."""
    return max(1, math.ceil(LEAST_HA[kind] * _HECTARE_M2 / step**2))


def best_tenths(owner: NDArray[np.uint16], score: Values, count: int, *, least: int) -> Ranked:
    """Rank areas by the mean of the best tenth of their cells, at least one; cells of no score do not count.

    `owner` tells the area of each cell, from 1; `best` is the place of the best cell in the flat grid, -1 for none.
    """
    counted = np.flatnonzero((owner.ravel() > 0) & (score.ravel() != NODATA))
    area, value = owner.ravel()[counted].astype(np.intp) - 1, score.ravel()[counted]
    sorting = np.lexsort((-value, area))
    area, value = area[sorting], value[sorting].astype(np.float64)
    cells = np.bincount(area, minlength=count)
    first = np.concatenate([[0], np.cumsum(cells)[:-1]])
    taken = np.maximum(np.ceil(cells * SHARE).astype(np.intp), 1)
    sums = np.concatenate([[0.0], np.cumsum(value)])
    last = np.minimum(first + taken, first + cells)
    mean = (sums[last] - sums[first]) / np.maximum(last - first, 1)
    best = np.full(count, -1, dtype=np.intp)
    best[cells > 0] = counted[sorting][first[cells > 0]]
    return Ranked(np.where(cells >= least, mean, np.nan), cells, best)


def areas(siting: Siting, kind: str) -> tuple[DataFrame, NDArray[np.uint16]]:
    """Return id, name, commune of the communes or the zones, and the area of each cell: 0 for none, else its place + 1.

    Where one zone lies in another, the smaller one has the cell. Raises SitingError for zones that are not here.
    """
    if kind == "communes":
        communes = metropolis()
        named = DataFrame({"id": communes["code"], "name": communes["name"], "commune": communes["name"]})
        return named, siting.communes
    reason = absent(kind)
    if reason:
        raise SitingError([reason])
    zones = crs.to_metres(catalogue.load(kind))
    zones = zones[zones["kind"].isin(RANKED_ZONES)]
    zones = zones.sort_values(["area_ha", "id"], ascending=[False, True], na_position="first").reset_index(drop=True)
    owner = fields.areas_on(zones.geometry.to_numpy(), siting.cells)
    owner[siting.communes == 0] = 0
    return zones[["id", "name", "commune"]], owner


def absent(kind: str) -> Said | None:
    """Say in both languages why communes or zones cannot be ranked; None when they can."""
    if kind == "communes":
        return None
    try:
        rows([Origin(layer=kind, column="kind", values=RANKED_ZONES)])
    except AbsentError as error:
        return error.said
    return None


def ranked(siting: Siting, score: Values, *, kind: str = "", most: int | None = MOST) -> DataFrame:
    """Return the best of a kind: rank, score, cells, best place (EPSG:4326); without one, all kinds that are here.

    All that are ranked with `most=None`. Raises SitingError for a kind nobody knows, or that is not here.
    """
    if kind and kind not in LEAST_HA:
        raise SitingError([both("siting_said.unknown_kind", came=kind[:MOST_TOLD], known=", ".join(LEAST_HA))])
    kinds = [kind] if kind else [one for one in LEAST_HA if not absent(one)]
    tables = [_table(siting, score, one, most) for one in kinds]
    return pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)


def _table(siting: Siting, score: Values, kind: str, most: int | None) -> DataFrame:
    named, owner = areas(siting, kind)
    found = best_tenths(owner, score, len(named), least=least(kind, siting.cells.step))
    order = found.order[:most]
    lon, lat = _degrees(siting, found.best[order])
    made: dict[str, Any] = {
        "kind": kind,
        "rank": np.arange(1, len(order) + 1),
        **{name: named[name].to_numpy()[order] for name in ("id", "name", "commune")},
        "score": found.score[order].round(4),
        "cells": found.cells[order],
        "lon": lon.round(5),
        "lat": lat.round(5),
    }
    return DataFrame(made)


def _degrees(siting: Siting, places: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitude and latitude of cells, by their places in the flat grid."""
    row, column = np.divmod(places, siting.cells.columns)
    turn = Transformer.from_crs(crs.LAMBERT93, crs.WGS84, always_xy=True)
    lon, lat = turn.transform(siting.cells.eastings()[column], siting.cells.northings()[row])
    return np.asarray(lon), np.asarray(lat)
