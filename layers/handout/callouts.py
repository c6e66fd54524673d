"""Highlights called out on a map: a ring around the symbol, its name and its commune in a box beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import shapely
from reportlab.pdfgen.canvas import Canvas

from layers.print.frame import Frame
from layers.print.ink import REGULAR, SEMIBOLD, Run, Setting, ink, set_text
from layers.print.items import Item
from layers.print.placing import Box, Point, Space, overlap
from layers.print.words import tidy

_NAME, _COMMUNE = 10.6, 9.2
_ROOM = 150.0
_PAD_X, _PAD_Y = 7.0, 4.6
_RING = 3.2
# Kept free around a box, so that no name touches it.
_CLEAR = 3.0
_DISTANCES = (0.0, 6.0, 14.0, 24.0, 36.0, 50.0, 68.0, 90.0, 116.0, 146.0)
_ANGLES = (0, 180, 45, 135, -45, -135, 90, -90, 22, 158, -22, -158, 68, 112, -68, -112)


@dataclass(frozen=True, slots=True)
class _Label:
    """What a callout says, and the room it takes."""

    name: Setting
    commune: Setting | None

    @property
    def size(self) -> tuple[float, float]:
        parts = [part for part in (self.name, self.commune) if part]
        width = max(part.widest for part in parts) + 2 * _PAD_X
        return width, sum(part.height for part in parts) + 2 * _PAD_Y

    def draw(self, canvas: Canvas, box: Box) -> None:
        canvas.setFillColor(ink("surface"))
        canvas.setStrokeColor(ink("ink2"))
        canvas.setLineWidth(0.7)
        canvas.roundRect(box[0], box[1], box[2] - box[0], box[3] - box[1], 4, stroke=1, fill=1)
        top = box[3] - _PAD_Y
        self.name.draw(canvas, box[0] + _PAD_X, top)
        if self.commune:
            self.commune.draw(canvas, box[0] + _PAD_X, top - self.name.height)


def draw(
    canvas: Canvas, highlights: Sequence[Item], frame: Frame, space: Space, *, size_of: Callable[[Item], float]
) -> None:
    """Call out the items that stand in the frame; `size_of` gives how far a symbol reaches, 0 for an area."""
    left, foot, right, top = frame.box
    placed: list[tuple[Item, Point, float, _Label, Box]] = []
    seen = [(item, frame.at(item.at)) for item in highlights]
    seen = [(item, (x, y)) for item, (x, y) in seen if left <= x <= right and foot <= y <= top]
    rings = [_around(at, size_of(item) + _RING) for item, at in seen if size_of(item)]
    for item, at in seen:
        reach, label = size_of(item), _label(item)
        box = _place(at, reach, label.size, space=space, rings=rings, placed=[(a, b) for _, a, _, _, b in placed])
        space.take((box[0] - _CLEAR, box[1] - _CLEAR, box[2] + _CLEAR, box[3] + _CLEAR))
        placed.append((item, at, reach, label, box))
    for _, at, reach, _, box in placed:
        _leader(canvas, at, reach, box)
    for _, _, _, label, box in placed:
        label.draw(canvas, box)


def _label(item: Item) -> _Label:
    name = set_text([Run(item.name, SEMIBOLD)], room=_ROOM, size=_NAME, leading=1.22)
    commune = tidy(str(getattr(item.row, "commune", "") or ""))
    if item.kind in {"commune", "pole"} or not commune:
        return _Label(name, None)
    about = "≈\u00a0" if getattr(item.row, "approximate", False) else ""
    return _Label(name, set_text([Run(about + commune, REGULAR, "ink2")], room=_ROOM, size=_COMMUNE, leading=1.25))


def _around(at: Point, radius: float) -> Box:
    return at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius


def _place(
    at: Point, reach: float, size: tuple[float, float], *, space: Space, rings: Sequence[Box],
    placed: Sequence[tuple[Point, Box]],
) -> Box:  # fmt: skip
    """Find the box near a symbol that hides least: never another callout, and no ring where it can be helped."""
    best: tuple[float, Box] | None = None
    for distance, box in _candidates(at, reach, size):
        inside = overlap(box, space.frame) > (box[2] - box[0]) * (box[3] - box[1]) - 0.01
        cost = space.cost(box) + distance * 1.4 + (0 if inside else 1e6)
        cost += 1e5 * sum(overlap(box, other) > 0 for _, other in placed)
        cost += 900 * sum(overlap(box, ring) > 0 for ring in rings)
        line = shapely.LineString([at, _nearest(at, box)])
        cost += 1e4 * sum(line.intersects(shapely.box(*other)) for _, other in placed)
        cost += 1e3 * sum(line.intersects(shapely.LineString([a, _nearest(a, b)])) for a, b in placed)
        if best is None or cost < best[0]:
            best = cost, box
    if best is None:
        return _around(at, 0.0)
    return best[1]


def _candidates(at: Point, reach: float, size: tuple[float, float]) -> Iterator[tuple[float, Box]]:
    """Give boxes around a symbol, the nearer first; the name of an area may stand on its place."""
    width, height = size
    if reach == 0:
        yield 0.0, (at[0] - width / 2, at[1] - height / 2, at[0] + width / 2, at[1] + height / 2)
    for distance in _DISTANCES:
        for angle in _ANGLES:
            turn = math.radians(angle)
            cos, sin = math.cos(turn), math.sin(turn)
            far = reach + _RING + 5 + distance
            x = at[0] + far * cos + width / 2 * max(-1.0, min(1.0, 1.7 * cos))
            y = at[1] + far * sin + height / 2 * max(-1.0, min(1.0, 1.7 * sin))
            yield distance, (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _nearest(at: Point, box: Box) -> Point:
    return max(box[0], min(at[0], box[2])), max(box[1], min(at[1], box[3]))


def _leader(canvas: Canvas, at: Point, reach: float, box: Box) -> None:
    """Draw the ring around a symbol and the line to its box."""
    canvas.saveState()
    end = _nearest(at, box)
    length = math.dist(at, end)
    ring = reach + _RING if reach else 0.0
    for token, wide, thin in (("halo", 3.6, 2.8), ("ink", 1.7, 1.0)):
        canvas.setStrokeColor(ink(token))
        if length > ring + 0.5:
            start = (at[0] + (end[0] - at[0]) * ring / length, at[1] + (end[1] - at[1]) * ring / length)
            canvas.setLineWidth(thin)
            canvas.line(*start, *end)
        if reach:
            canvas.setLineWidth(wide)
            canvas.circle(*at, ring, stroke=1, fill=0)
    if not reach and length > 0.5:
        canvas.setFillColor(ink("ink"))
        canvas.circle(*at, 1.8, stroke=0, fill=1)
    canvas.restoreState()
