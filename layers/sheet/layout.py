"""Where things stand on paper: A4 and A3, upright and lying, in points from the lower left corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from layers.print.ink import MM
from layers.print.placing import Box

Paper = Literal["a4", "a3"]
Orientation = Literal["landscape", "portrait"]
PAPERS: tuple[Paper, ...] = get_args(Paper)
ORIENTATIONS: tuple[Orientation, ...] = get_args(Orientation)
# Round scales only, the largest first.
SCALES: tuple[int, ...] = tuple(k * 1000 for k in (25, 50, 100, 125, 150, 200, 250, 350, 500))

_SIZES: dict[Paper, tuple[float, float]] = {"a4": (297 * MM, 210 * MM), "a3": (420 * MM, 297 * MM)}
OUTER = 10 * MM


@dataclass(frozen=True, slots=True)
class Look:
    """How large things are drawn, in points; `radius` is what a circle's pixel of the screen is worth."""

    radius: float
    project: float
    chip: float
    minor: float
    bubble: float
    names: float
    text: float
    title: float
    bar: float
    gap: float


LOOKS: dict[Paper, Look] = {
    "a4": Look(0.56, 9.6, 9.2, 7.0, 10.5, 0.9, 7.5, 15.0, 58 * MM, 3 * MM),
    "a3": Look(0.695, 11.0, 10.6, 7.8, 12.5, 1.06, 7.8, 19.0, 88 * MM, 5 * MM),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """A first page: its size, the map's frame, and the box of what stands beside or below it.

    `columns` is how many columns that box has; none where it only holds a strip of titles and all else goes on.
    """

    size: tuple[float, float]
    map: Box
    side: Box
    columns: int


def of(paper: Paper, orientation: Orientation) -> Layout:
    """Give the layout of a first page."""
    long, short = _SIZES[paper]
    width, height = (long, short) if orientation == "landscape" else (short, long)
    edge = 14 * MM if paper == "a3" else 12 * MM
    if paper == "a3" and orientation == "landscape":
        column = width - OUTER - 92 * MM
        return Layout((width, height), (edge, edge, column - 8 * MM, height - edge), (column, edge, width - OUTER,
                      height - edge), 1)  # fmt: skip
    below = 112 * MM if paper == "a3" else 27 * MM
    foot = OUTER
    frame = (edge, foot + below + 4 * MM, width - OUTER, height - edge)
    return Layout((width, height), frame, (edge, foot, width - OUTER, foot + below), 3 if paper == "a3" else 0)


def second(layout: Layout) -> tuple[Box, int]:
    """Give the box of a further page and how many columns of text it has."""
    width, height = layout.size
    box = (OUTER + 4 * MM, OUTER, width - OUTER, height - OUTER)
    return box, max(2, round((box[2] - box[0]) / (88 * MM)))
