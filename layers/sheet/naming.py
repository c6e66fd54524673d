"""Names of single symbols on a map of large scale: beside, above or below, in up to two lines, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from layers.print.ink import REGULAR, ink, measure
from layers.print.placing import Box, Point, Space
from layers.print.words import tidy

_LEADING = 1.14
_GAP = 2.4
# A line of a name is parted when it is longer than so many times its type size.
_LONG = 13.0


@dataclass(frozen=True, slots=True)
class Name:
    """A symbol to be named: where it stands, how far it reaches, and the colour of its name."""

    said: str
    at: Point
    reach: float
    colour: str


def draw(canvas: Canvas, wanted: Sequence[Name], space: Space, *, size: float) -> None:
    """Write the names that find a free place, the first ones first."""
    for name in wanted:
        for lines in _settings(tidy(name.said), size):
            width = max(measure(line, REGULAR, size) for line in lines)
            box = space.name(_boxes(name, width, size * _LEADING * len(lines)))
            if box:
                _write(canvas, name, lines, box, size=size)
                break


def _settings(said: str, size: float) -> Iterator[list[str]]:
    """Give a name in one line, and in two where it is long."""
    words = said.split(" ")
    parted = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    if measure(said, REGULAR, size) <= _LONG * size or not parted:
        yield [said]
    if parted:
        yield list(min(parted, key=lambda pair: max(measure(line, REGULAR, size) for line in pair)))


def _boxes(name: Name, width: float, height: float) -> Iterator[Box]:
    """Give the places beside, above and below, then at the corners."""
    (x, y), gap = name.at, name.reach + _GAP
    aslant = name.reach * 0.72 + 1.6
    places = (
        (x + gap, y - height / 2), (x - gap - width, y - height / 2), (x - width / 2, y + gap),
        (x - width / 2, y - gap - height), (x + aslant, y + aslant), (x + aslant, y - aslant - height),
        (x - aslant - width, y + aslant), (x - aslant - width, y - aslant - height),
    )  # fmt: skip
    for left, foot in places:
        yield left, foot, left + width, foot + height


def _write(canvas: Canvas, name: Name, lines: Sequence[str], box: Box, *, size: float) -> None:
    """Write a name towards its symbol, over a halo."""
    left, _, right, top = box
    canvas.saveState()
    canvas.setFont(REGULAR, size)
    canvas.setLineJoin(1)
    for at, line in enumerate(lines):
        width = measure(line, REGULAR, size)
        x = left if left >= name.at[0] else right - width if right <= name.at[0] else (left + right - width) / 2
        y = top - size * (0.9 + _LEADING * at)
        canvas.setStrokeColor(ink("halo", 0.85))
        canvas.setLineWidth(2.0)
        canvas.drawString(x, y, line, mode=1)
        canvas.setFillColor(ink(name.colour))
        canvas.drawString(x, y, line, mode=0)
    canvas.restoreState()
