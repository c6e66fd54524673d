"""Coordinate systems by code: what each is, and where it may be used."""

from __future__ import annotations

import pytest

from geo import systems
from geo.errors import CRSError
from geo.types import Bounds

PROVENCE = Bounds(4.7, 43.1, 5.9, 43.8)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (2154, "flat"), (3857, "flat"), (3944, "flat"), (4326, "degrees"), (4979, "three"), (4978, "three"),
        (5720, "vertical"), (5698, "compound"), (0, "unknown"), (999_999, "unknown"), (10**9, "unknown"),
    ],
)  # fmt: skip
def test_a_code_is_told_for_what_it_is(code: int, kind: str) -> None:
    assert systems.kind(code) == kind


@pytest.mark.parametrize("code", [2154, 4326, 3857, 3944, 25831, 32631, 3035, 27572])
def test_the_usual_systems_hold_provence(code: int) -> None:
    assert systems.system(code).holds(PROVENCE)


@pytest.mark.parametrize("code", [25832, 32633, 5490, 3832])
def test_systems_of_elsewhere_do_not(code: int) -> None:
    assert not systems.system(code).holds(PROVENCE)


def test_an_area_of_use_may_cross_the_antimeridian() -> None:
    pacific = systems.system(3832)
    assert pacific.use is not None
    assert pacific.use[0] > pacific.use[2]
    assert pacific.holds(Bounds(170, -10, 180, 10))
    assert pacific.holds(Bounds(-180, -10, -170, 10))


def test_a_code_without_two_axes_is_no_system() -> None:
    with pytest.raises(CRSError, match=r"EPSG:5720 is vertical: choose a code of two axes"):
        systems.system(5720)
