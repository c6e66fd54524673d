"""The key of a scene's map: only what the map shows, in rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from layers import catalogue, numbers
from layers.handout import plate
from layers.handout.plate import Plate, Shown
from layers.print import symbols
from layers.print.ink import REGULAR, ink, measure
from layers.print.words import Words

ROW = 15.0
_SIZE = 8.6
_GAP = 13.0
# Round tonnages whose circle is lower than a row.
_TONNES = (100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Entry:
    """One symbol and what it means; `paint` is given its left edge and the middle of the row."""

    said: str
    width: float
    paint: Callable[[Canvas, float, float], None]

    @property
    def whole(self) -> float:
        """Give the width with the text."""
        return self.width + (4 + measure(self.said, REGULAR, _SIZE) if self.said else 0)


def rows(made: Plate, shown: Shown, *, room: float) -> list[list[Entry]]:
    """Set the entries of a map's key in rows no wider than `room`."""
    lines: list[list[Entry]] = [[]]
    used = 0.0
    for entry in _entries(made, shown):
        if lines[-1] and used + entry.whole > room:
            lines.append([])
            used = 0.0
        lines[-1].append(entry)
        used += entry.whole + _GAP
    return [line for line in lines if line]


def draw(canvas: Canvas, lines: list[list[Entry]], x: float, top: float) -> None:
    """Draw the rows from their top left corner."""
    for at, line in enumerate(lines):
        left, middle = x, top - ROW * (at + 0.5)
        for entry in line:
            entry.paint(canvas, left, middle)
            canvas.setFillColor(ink("ink2"))
            canvas.setFont(REGULAR, _SIZE)
            canvas.drawString(left + entry.width + 4, middle - _SIZE * 0.364, entry.said)
            left += entry.whole + _GAP


def _entries(made: Plate, shown: Shown) -> Iterator[Entry]:
    words = Words(made.language)
    if shown.tonnes:
        yield _sizes(made, words)
    if shown.approximate:
        yield Entry(words.text("key.approximate"), 12, lambda c, x, y: symbols.site(
            c, "ink3", (x + 6, y), radius=3.4, approximate=True))  # fmt: skip
    for status in shown.statuses:
        yield Entry(words.text(f"status.{status}"), 11, _project(status))
    if shown.stacks:
        yield Entry(words.text("key.stack"), 14, lambda c, x, y: symbols.stack(c, 3, (x + 7, y), size=10.5))
    for layer, there in (("ports", shown.ports), ("stations", shown.stations), ("airports", shown.airports)):
        if there:
            yield Entry(words.text(f"layer.{layer}"), 11, _chip(layer))
    for name in shown.place_classes:
        yield Entry(words.text(f"place.{name}"), 11, _chip(name))
    if shown.perceptions:
        yield Entry(words.text("layer.perceptions"), 11, lambda c, x, y: symbols.bubble(c, 1, (x + 6, y - 7), size=9))
    named = catalogue.load("poles").set_index("id")["name"]
    for pole in shown.poles:
        yield Entry(str(named[pole]), 13, _pole(pole))


def _sizes(made: Plate, words: Words) -> Entry:
    """Give the size of circles: the year, then round tonnages at the map's own size."""
    year = made.view.verified_year
    title = words.text("key.sizes", year=year)
    said = [f"{numbers.plain(tonnes / 1e6, made.language)}\u00a0Mt" for tonnes in _TONNES]
    radii = [plate.radius_of(tonnes) for tonnes in _TONNES]
    lengths = [measure(title, REGULAR, _SIZE) + 7]
    lengths += [2 * r + 3 + measure(text, REGULAR, _SIZE) + 7 for r, text in zip(radii, said, strict=True)]

    def paint(canvas: Canvas, x: float, y: float) -> None:
        canvas.setFont(REGULAR, _SIZE)
        canvas.setFillColor(ink("ink2"))
        base = y - _SIZE * 0.364
        canvas.drawString(x, base, title)
        x += lengths[0]
        for radius, text, length in zip(radii, said, lengths[1:], strict=True):
            canvas.setStrokeColor(ink("ink2"))
            canvas.setLineWidth(0.7)
            canvas.circle(x + radius, y, radius, stroke=1, fill=0)
            canvas.drawString(x + 2 * radius + 3, base, text)
            x += length

    return Entry("", sum(lengths) - 7, paint)


def _project(status: str) -> Callable[[Canvas, float, float], None]:
    return lambda canvas, x, y: symbols.project(canvas, "h2", status, (x + 5.5, y), size=10.5)


def _chip(icon: str) -> Callable[[Canvas, float, float], None]:
    return lambda canvas, x, y: symbols.chip(canvas, icon, (x + 5.5, y), size=10.5)


def _pole(pole: str) -> Callable[[Canvas, float, float], None]:
    def paint(canvas: Canvas, x: float, y: float) -> None:
        canvas.setFillColor(ink(pole, 0.16))
        canvas.setStrokeColor(ink(pole))
        canvas.setLineWidth(1.2)
        canvas.rect(x + 0.6, y - 4.2, 11, 8.4, stroke=1, fill=1)

    return paint
