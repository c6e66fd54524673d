"""Does the order hold when a weight moves by 20 %: each weight alone, up and down (one-at-a-time sensitivity)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from pandas import DataFrame

from layers.siting.model import Siting
from layers.siting.ranking import MOST, areas, best_tenths, least

CHANGE = 0.2


def sensitivity(
    siting: Siting, weights: Mapping[str, float], exclusions: Collection[str] = (), *, kind: str = "communes"
) -> DataFrame:
    """Return what becomes of the ranking of communes or zones, a row for each weight and direction.

    `first`: the same one leads; `kept`: how many of the ten best stay among them; `moved`: the most places by which
    one of the ten best moves; `score`: the most by which the score of one of them changes.

    Raises SitingError for weights that cannot be used, or zones that are not here.
    """
    usable = siting.weights(weights)
    names, owner = areas(siting, kind)

    def order(changed: Mapping[str, float]) -> tuple[list[int], np.ndarray]:
        score = siting.surface(changed, exclusions).values
        found = best_tenths(owner, score, len(names), least=least(kind, siting.cells.step))
        return found.order.tolist(), found.score

    before, score = order(usable)
    best, rows = before[:MOST], []
    for name in usable:
        for change in (-CHANGE, CHANGE):
            after, other = order({**usable, name: usable[name] * (1 + change)})
            place = {area: rank for rank, area in enumerate(after)}
            rows.append(
                {
                    "criterion": name,
                    "change": change,
                    "first": before[:1] == after[:1],
                    "kept": len(set(best) & set(after[:MOST])),
                    "moved": max((abs(place[area] - rank) for rank, area in enumerate(best)), default=0),
                    "score": round(float(np.abs(other[best] - score[best]).max(initial=0.0)), 4),
                }
            )
    return DataFrame(rows)
