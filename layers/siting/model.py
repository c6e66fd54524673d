"""The siting of one edition at one step: criteria and exclusions on its cells, and the surface that weights make."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo import crs
from geo.raster import Raster
from layers import editions
from layers.errors import SitingError
from layers.siting import fields
from layers.siting.criteria import criterion
from layers.siting.exclusions import Mask, exclusion
from layers.siting.fields import Measure, Values
from layers.siting.grid import MOST_WHOLE, STEP, Cells, cells, metropolis
from layers.siting.origins import AbsentError
from layers.siting.recipe import Profile, Recipe, Said, recipe
from layers.siting.score import MOST_TOLD, combined, weighted
from layers.text import both

# A score is never negative.
NODATA = -1.0


class Siting:
    """Criteria and exclusions on one grid. Up to MOST_WHOLE cells each is made once and kept, beyond made by blocks."""

    def __init__(self, grid: Cells, said: Recipe) -> None:
        self.cells = grid
        self.recipe = said
        self.absent: dict[str, Said] = {}
        self.measures: dict[str, Measure] = {}
        self.masks: dict[str, Callable[[Cells], Mask]] = {}
        for spec in said.criteria.values():
            try:
                self.measures[spec.id] = criterion(spec, grid)
            except AbsentError as error:
                self.absent[spec.id] = error.said
        for rule in said.exclusions.values():
            try:
                self.masks[rule.id] = exclusion(rule, grid)
            except AbsentError as error:
                self.absent[rule.id] = error.said
        self._kept: dict[str, Any] = {}

    @cached_property
    def communes(self) -> NDArray[np.uint16]:
        """Return in which commune the centre of each cell lies: 1 for the first by code, 0 outside the metropolis."""
        return fields.areas_on(metropolis().geometry.to_numpy(), self.cells)

    def criterion(self, name: str, part: Cells | None = None) -> Values:
        """Return a criterion over all cells or a part of them: 0 to 1, NaN where it is not known."""
        found: Values = self._whole(f"criterion {name}", self.measures[name], part)
        return found

    def mask(self, name: str, part: Cells | None = None) -> Mask:
        """Return which cells an exclusion leaves out."""
        found: Mask = self._whole(f"mask {name}", self.masks[name], part)
        return found

    def _whole(self, key: str, make: Callable[[Cells], Any], part: Cells | None) -> Any:
        if part not in (None, self.cells):
            return make(part)
        if self.cells.size > MOST_WHOLE:
            return make(self.cells)
        if key not in self._kept:
            made = make(self.cells)
            # Shared by all sessions.
            made.setflags(write=False)
            self._kept[key] = made
        return self._kept[key]

    def profile(self, name: str) -> Profile:
        """Return a profile. Raises SitingError for one nobody knows."""
        if name not in self.recipe.profiles:
            known = ", ".join(self.recipe.profiles)
            raise SitingError([both("siting_said.unknown_profile", came=name[:MOST_TOLD], known=known)])
        return self.recipe.profiles[name]

    def weights(self, weights: Mapping[str, float]) -> dict[str, float]:
        """Return weights that add up to 1, of the criteria that are here.

        Raises SitingError for weights that cannot be used.
        """
        absent = [name for name in self.recipe.criteria if name in self.absent]
        return weighted(weights, list(self.measures), absent=absent)

    def here(self, exclusions: Collection[str]) -> tuple[str, ...]:
        """Return the exclusions whose data are here, in order. Raises SitingError for one nobody knows."""
        unknown = [name for name in exclusions if name not in self.recipe.exclusions]
        if unknown:
            known = ", ".join(self.recipe.exclusions)
            raise SitingError(
                [both("siting_said.unknown_exclusion", came=name[:MOST_TOLD], known=known) for name in unknown]
            )
        return tuple(name for name in self.masks if name in exclusions)

    def blocks(self, names: Collection[str]) -> Iterator[tuple[slice, Cells, dict[str, Values]]]:
        """Give the cells in blocks of rows, each with some criteria."""
        for rows, part in self.cells.blocks():
            yield rows, part, {name: self.criterion(name, part) for name in names}

    def unknown(self, weights: Mapping[str, float]) -> float:
        """Return the share of the land of the metropolis that has no score because a weighed criterion is not known.

        Raises SitingError for weights that cannot be used.
        """
        gaps = land = 0
        for rows, _, found in self.blocks(self.weights(weights)):
            inside = self.communes[rows] > 0
            land += int(inside.sum())
            gaps += int((np.any([np.isnan(values) for values in found.values()], axis=0) & inside).sum())
        return gaps / land

    def surface(self, weights: Mapping[str, float], exclusions: Collection[str] = ()) -> Raster:
        """Return the score of every cell, 0 to 1 (float32, EPSG:2154); no data outside and where excluded.

        Raises SitingError for weights or exclusions that cannot be used.
        """
        usable, left_out = self.weights(weights), self.here(exclusions)
        score = np.empty(self.cells.shape, dtype=np.float32)
        for rows, part, found in self.blocks(usable):
            made = combined([found[name] for name in usable], list(usable.values()))
            out = (self.communes[rows] == 0) | np.isnan(made)
            for name in left_out:
                out |= self.mask(name, part)
            made[out] = NODATA
            score[rows] = made
        return Raster(score, self.cells.transform, crs.LAMBERT93, NODATA)


@editions.kept(most=2)
def at(step: float = STEP) -> Siting:
    """Return the siting of the data in force at a step in metres, made once and shared.

    Raises SitingError for a step out of bounds, TableError when data/siting.toml is not fit.
    """
    return Siting(cells(step), recipe())
