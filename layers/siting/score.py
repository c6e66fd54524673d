"""The score: weights that are fit to be used, and the weighted mean of the criteria."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from layers.errors import SitingError
from layers.siting.fields import Values
from layers.text import both

# Of a name nobody knows, so many letters are told.
MOST_TOLD = 60


def weighted(weights: Mapping[str, float], known: Collection[str], *, absent: Collection[str] = ()) -> dict[str, float]:
    """Return weights that add up to 1, in the order they came, those of 0 left out; absent criteria take no part.

    Raises SitingError, every fault at once, for a criterion nobody knows, a weight that is negative, infinite or no
    number, and when nothing of what is here is weighed.
    """
    faults = []
    for name, weight in weights.items():
        if name not in known and name not in absent:
            faults.append(
                both("siting_said.unknown_criterion", came=name[:MOST_TOLD], known=", ".join([*known, *absent]))
            )
        if not math.isfinite(weight) or weight < 0:
            faults.append(both("siting_said.bad_weight", name=name, came=f"{weight:g}"))
    if faults:
        raise SitingError(faults)
    here = {name: float(weight) for name, weight in weights.items() if weight > 0 and name in known}
    if not here:
        raise SitingError([both("siting_said.no_weight", known=", ".join(known))])
    # Weights near the largest number would add up to infinity; near the smallest, the largest alone still counts.
    most = max(here.values())
    parts = {name: weight / most for name, weight in here.items()}
    total = sum(parts.values())
    return {name: part / total for name, part in parts.items() if part > 0}


def combined(values: Sequence[Values], weights: Sequence[float]) -> Values:
    """Return the weighted mean of criteria (weights that add up to 1): float32; NaN where one of them is."""
    total = np.multiply(values[0], np.float32(weights[0]))
    part = np.empty_like(total)
    for value, weight in zip(values[1:], weights[1:], strict=True):
        np.multiply(value, np.float32(weight), out=part)
        total += part
    return total
