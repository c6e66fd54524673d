"""Scale bar, north arrow, QR code, and the free corner of a map where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import numpy as np
import shapely
from reportlab.pdfgen.canvas import Canvas

from layers import numbers, qr
from layers.print import ground
from layers.print.frame import Frame, metropolis
from layers.print.ink import REGULAR, SEMIBOLD, ink, measure
from layers.print.placing import Box, Point
from layers.view import Language

_ROUND_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
_BAR = 4.2
_SIZE = 7.4
PANEL_HEIGHT, _PAD, _ARROW = 44.0, 9.0, 24.0


def unit_of(frame: Frame, longest: float) -> tuple[float, tuple[float, ...]]:
    """Give the longest scale bar that fits in so many points: its kilometres in all, and its marks."""
    bars = [(unit * times, unit) for unit in _ROUND_KM for times in (2, 3)]
    length, unit = max(
        ((km, unit) for km, unit in bars if km * 1000 / frame.metres <= longest), default=(bars[0][0], bars[0][1])
    )
    marks = (0.0, unit / 2, unit, *(unit * at for at in range(2, round(length / unit) + 1)))
    return length, marks


def bar(canvas: Canvas, frame: Frame, at: Point, *, longest: float, language: Language) -> float:
    """Draw a scale bar with its lower left corner at a point, its kilometres above it; give its length in points."""
    x, y = at
    length, marks = unit_of(frame, longest)
    points = [mark * 1000 / frame.metres for mark in marks]
    canvas.saveState()
    canvas.setStrokeColor(ink("ink"))
    canvas.setLineWidth(0.6)
    for number, (left, right) in enumerate(pairwise(points)):
        canvas.setFillColor(ink("surface" if number % 2 else "ink"))
        canvas.rect(x + left, y, right - left, _BAR, stroke=1, fill=1)
    canvas.setFont(REGULAR, _SIZE)
    canvas.setFillColor(ink("ink"))
    for mark, left in zip(marks, points, strict=True):
        said = numbers.plain(mark, language)
        if mark == length:
            # The number stands over its mark, the unit after it.
            canvas.drawString(x + left - measure(said, REGULAR, _SIZE) / 2, y + _BAR + 3, f"{said}\u00a0km")
        else:
            canvas.drawCentredString(x + left, y + _BAR + 3, said)
    canvas.restoreState()
    return points[-1]


def north(canvas: Canvas, at: Point, *, height: float) -> None:
    """Draw an arrow to grid north with its foot centred at a point."""
    x, y = at
    half = height * 0.28
    foot, top = y + 9, y + 9 + height
    canvas.saveState()
    canvas.setStrokeColor(ink("ink"))
    canvas.setLineWidth(0.7)
    canvas.setLineJoin(1)
    for side, token in ((-half, "ink"), (half, "surface")):
        path = canvas.beginPath()
        path.moveTo(x, top)
        path.lineTo(x + side, foot)
        path.lineTo(x, foot + height * 0.22)
        path.close()
        canvas.setFillColor(ink(token))
        canvas.drawPath(path, stroke=1, fill=1)
    canvas.setFillColor(ink("ink"))
    canvas.setFont(SEMIBOLD, 8.4)
    canvas.drawCentredString(x, y, "N")
    canvas.restoreState()


def panel_size(frame: Frame, said: str, *, longest: float, language: Language) -> tuple[float, float]:
    """Give the size of the panel of scale and north."""
    length, _ = unit_of(frame, longest)
    bar_width = length * 1000 / frame.metres + measure(f"{numbers.plain(length, language)}\u00a0km", REGULAR, _SIZE)
    return max(bar_width, measure(said, REGULAR, _SIZE)) + 2 * _PAD + _ARROW + 8, PANEL_HEIGHT


def panel(canvas: Canvas, frame: Frame, box: Box, said: str, *, longest: float, language: Language) -> None:
    """Draw scale bar, stated scale and north arrow in a box; over land they stand on a plate."""
    left, foot, right, top = box
    if not on_sea(frame, box):
        canvas.setFillColor(ink("surface", 0.9))
        canvas.setStrokeColor(ink("line2"))
        canvas.setLineWidth(0.5)
        canvas.rect(left, foot, right - left, top - foot, stroke=1, fill=1)
    bar(canvas, frame, (left + _PAD + 2, foot + 21), longest=longest, language=language)
    canvas.setFont(REGULAR, _SIZE)
    canvas.setFillColor(ink("ink"))
    canvas.drawString(left + _PAD, foot + 8, said)
    north(canvas, (right - _PAD - _ARROW / 2 + 3, foot + 6), height=26)


def on_sea(frame: Frame, box: Box) -> bool:
    """Tell whether no land of the metropolis and none of its neighbours lies below a box of the page."""
    shape = shapely.box(*box)
    rows = ground.near(ground.metric("neighbours"), frame)
    land = [frame.on_page(metropolis()), *(frame.on_page(other) for other in rows.geometry)]
    return not any(shapely.intersects(one, shape) for one in land)


def corner(
    frame: Frame, size: tuple[float, float], gap: float, *, points: np.ndarray, area: shapely.Geometry,
    taken: tuple[Box, ...] = (),
) -> Box:  # fmt: skip
    """Give the corner of the map that hides least: first symbols (points of the page), then the area, then land."""
    shape = frame.on_page(area)

    def cost(box: Box) -> tuple[float, float, float, int]:
        clash = sum(max(0.0, min(box[2], o[2]) - max(box[0], o[0])) * max(0.0, min(box[3], o[3]) - max(box[1], o[1]))
                    for o in taken)  # fmt: skip
        reach = 6.0
        hidden = 0
        if len(points):
            x, y = points[:, 0], points[:, 1]
            hidden = int(((x > box[0] - reach) & (x < box[2] + reach) & (y > box[1] - reach) & (y < box[3] + reach))
                         .sum())  # fmt: skip
        over = float(shapely.area(shapely.intersection(shapely.make_valid(shape), shapely.box(*box))))
        return clash, float(hidden), round(over), 0 if on_sea(frame, box) else 1

    return min(_corners(frame.box, size, gap), key=cost)


def _corners(frame: Box, size: tuple[float, float], gap: float) -> Iterator[Box]:
    left, foot, right, top = frame
    width, height = size
    middle = (left + right - width) / 2
    for x, y in (
        (right - gap - width, foot + gap), (left + gap, foot + gap), (middle, foot + gap),
        (right - gap - width, top - gap - height), (left + gap, top - gap - height), (middle, top - gap - height),
    ):  # fmt: skip
        yield x, y, x + width, y + height


def code(canvas: Canvas, address: str, x: float, top: float, *, size: float) -> None:
    """Draw an address as a QR code with its upper left corner at a point; it leads there when it is clicked."""
    rows = _modules(address)
    unit = size / (len(rows) + 2 * qr.BORDER)
    canvas.saveState()
    canvas.setFillColor(ink("paper"))
    canvas.rect(x, top - size, size, size, stroke=0, fill=1)
    canvas.setFillColor(ink("ink"))
    for down, row in enumerate(rows):
        for first, length in qr.runs(row):
            left, foot = x + (first + qr.BORDER) * unit, top - (down + qr.BORDER + 1) * unit
            # A hair over its module, or some readers show white lines between rows.
            canvas.rect(
                round(left, 3), round(foot, 3), round(length * unit, 3), round(unit * 1.02, 3), stroke=0, fill=1
            )
    canvas.linkURL(address, (x, top - size, x + size, top), relative=0, thickness=0)
    canvas.restoreState()


@lru_cache(maxsize=8)
def _modules(address: str) -> tuple[bytes, ...]:
    return qr.modules(address)
