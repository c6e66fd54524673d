"""What is said of a criterion: the curve it is normalised by, in both languages."""

from __future__ import annotations

from functools import partial

from layers.numbers import plain
from layers.siting.recipe import Criterion, Said
from layers.text import both


def curve_said(spec: Criterion) -> Said:
    """Say where a criterion is worth 1 and where it is worth 0."""
    full, zero = (partial(plain, spec.numbers[word]) for word in ("full", "zero"))
    if spec.kind == "near":
        return both("siting_said.curve_near", full=full, zero=zero)
    if spec.kind == "slope":
        return both("siting_said.curve_slope", full=full, zero=zero)
    return both("siting_said.curve_reach", full=full, zero=zero, reach=partial(plain, spec.numbers["reach"]))
