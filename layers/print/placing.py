"""Find a free place on the map for numbers and names. Boxes are (left, foot, right, top) in points."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

Box = tuple[float, float, float, float]
Point = tuple[float, float]

_RINGS = (0.0, 5.0, 11.0, 18.0, 27.0, 38.0, 50.0, 66.0, 84.0, 104.0)
# To the upper right first, then around: the order in which a reader looks.
_ANGLES = (45, 135, -45, -135, 0, 90, 180, -90, 22, 67, 112, 157, -22, -67, -112, -157)


def around(at: Point, radius: float) -> Box:
    """Give the box of a circle."""
    return at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius


def overlap(a: Box, b: Box) -> float:
    """Give the common area of two boxes in square points."""
    # Most boxes are far from each other, which is cheap to see; maps ask this a hundred thousand times.
    if a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]:
        return 0.0
    return (min(a[2], b[2]) - max(a[0], b[0])) * (min(a[3], b[3]) - max(a[1], b[1]))


@dataclass(slots=True)
class Space:
    """What is taken inside a frame."""

    frame: Box
    taken: list[Box] = field(default_factory=list)

    def cost(self, box: Box) -> float:
        """Give the area in the way of a box, what lies outside the frame included."""
        inside = overlap(box, self.frame)
        outside = (box[2] - box[0]) * (box[3] - box[1]) - inside
        return outside * 4 + sum(overlap(box, other) for other in self.taken)

    def free(self, box: Box) -> bool:
        """Tell whether a box lies inside the frame and touches nothing."""
        return self.cost(box) < 1e-6

    def take(self, box: Box) -> None:
        """Keep a box from others."""
        self.taken.append(box)

    def number(self, at: Point, *, gap: float, radius: float, lines: Sequence[tuple[Point, Point]]) -> Point:
        """Find the nearest place for a disc beside a symbol, without a leader that crosses another; take it.

        gap: from the symbol's centre to its edge; 0 lets the disc stand on the place itself.
        """
        best: tuple[float, Point] | None = None
        for step, centre in _candidates(at, gap, radius):
            box = around(centre, radius + 1.2)
            crossed = sum(_crosses((at, centre), line) for line in lines)
            hidden = sum(_near(centre, line, radius) for line in lines)
            cost = self.cost(box) + 200 * (crossed + hidden) + step * 0.01
            if best is None or cost < best[0]:
                best = cost, centre
            if cost < 1:
                break
        if best is None:
            return at
        self.take(around(best[1], radius + 1.2))
        return best[1]

    def name(self, boxes: Iterable[Box]) -> Box | None:
        """Take the first box that is free, None when there is none."""
        for box in boxes:
            if self.free(box):
                self.take(box)
                return box
        return None


def _candidates(at: Point, gap: float, radius: float) -> Iterator[tuple[float, Point]]:
    if gap == 0:
        yield 0.0, at
    for ring in _RINGS:
        reach = gap + radius + 1.8 + ring
        for angle in _ANGLES:
            turn = math.radians(angle)
            yield reach, (at[0] + reach * math.cos(turn), at[1] + reach * math.sin(turn))


def _crosses(a: tuple[Point, Point], b: tuple[Point, Point]) -> bool:
    """Tell whether two lines cross; those that start at one place do not."""

    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    if math.dist(a[0], b[0]) < 0.5:
        return False
    return side(*a, b[0]) * side(*a, b[1]) < 0 and side(*b, a[0]) * side(*b, a[1]) < 0


def _near(point: Point, line: tuple[Point, Point], reach: float) -> bool:
    """Tell whether a line passes within reach of a point."""
    (x0, y0), (x1, y1) = line
    length = math.dist(*line)
    if length == 0:
        return False
    t = max(0.0, min(1.0, ((point[0] - x0) * (x1 - x0) + (point[1] - y0) * (y1 - y0)) / length**2))
    return math.dist(point, (x0 + t * (x1 - x0), y0 + t * (y1 - y0))) < reach
