"""A site's verified emissions as a line from the first to the last year, small or with its axis."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from reportlab.pdfgen.canvas import Canvas

from layers import numbers
from layers.print.ink import REGULAR, SMALLEST, ink, measure
from layers.view import FIRST_YEAR, Language

Series = Sequence[float | None]


def sparkline(
    canvas: Canvas, series: Series, x: float, top: float, *, size: tuple[float, float], year: int, token: str
) -> None:
    """Draw the series from zero up in a small box, the year as a dot; nothing where there is no figure."""
    width, height = size
    highest = max((value for value in series if value is not None), default=0.0)
    canvas.setStrokeColor(ink("line2"))
    canvas.setLineWidth(0.5)
    canvas.line(x, top - height, x + width, top - height)
    if highest:
        _curve(canvas, series, (x + 1.5, top - height, width - 3, height - 3), highest, token)
        _dot(canvas, series, (x + 1.5, top - height, width - 3, height - 3), highest, (year, token))


def full(
    canvas: Canvas, series: Series, x: float, top: float, *, size: tuple[float, float], year: int, token: str,
    language: Language,
) -> None:  # fmt: skip
    """Draw the series with its axis in Mt or kt and its years."""
    width, height = size
    highest = nice_top(max([100.0, *(value for value in series if value is not None)]))
    divisor, unit = (1e6, "Mt") if highest >= 1e6 else (1e3, "kt")
    left, foot = x + 25, top - height + 12
    box = (left + 2, foot, width - 33, height - 20)
    canvas.setFont(REGULAR, SMALLEST)
    for part in (0.0, 0.5, 1.0):
        y = foot + part * box[3]
        canvas.setStrokeColor(ink("line2" if part == 0 else "line"))
        canvas.setLineWidth(0.5)
        canvas.line(left, y, x + width, y)
        said = numbers.plain(highest * part / divisor, language) + (f"\u00a0{unit}" if part == 1 else "")
        canvas.setFillColor(ink("ink3"))
        if part == 1:
            canvas.drawString(x, y + 3, said)
        else:
            canvas.drawRightString(left - 4, y - 2.6, said)
    _curve(canvas, series, box, highest, token)
    _dot(canvas, series, box, highest, (year, token))
    canvas.setFillColor(ink("ink3"))
    for tick in _ticks(FIRST_YEAR + len(series) - 1):
        at = box[0] + (tick - FIRST_YEAR) / (len(series) - 1) * box[2]
        wide = measure(str(tick), REGULAR, SMALLEST)
        canvas.drawString(min(max(at - wide / 2, left), x + width - wide), foot - 9.5, str(tick))


def _ticks(last: int) -> tuple[int, ...]:
    """Give the years named below a chart: first, last, and every fifth that leaves the last one its room."""
    return (FIRST_YEAR, *range(FIRST_YEAR + 5, last - 2, 5), last)


def nice_top(value: float) -> float:
    """Give a round top for an axis: 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value or 1))
    return next((step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value), value)


def _curve(canvas: Canvas, series: Series, box: tuple[float, float, float, float], highest: float, token: str) -> None:
    """Draw each run of years in a row as a line over a pale area; a year alone is a dot."""
    foot = box[1]
    for run in _runs(series):
        points = [_at(i, value, box, highest, len(series)) for i, value in run]
        if len(points) == 1:
            canvas.setFillColor(ink(token))
            canvas.circle(*points[0], 1.1, stroke=0, fill=1)
            continue
        path = canvas.beginPath()
        path.moveTo(points[0][0], foot)
        for point in points:
            path.lineTo(*point)
        path.lineTo(points[-1][0], foot)
        path.close()
        canvas.setFillColor(ink(token, 0.13))
        canvas.drawPath(path, stroke=0, fill=1)
        line = canvas.beginPath()
        line.moveTo(*points[0])
        for point in points[1:]:
            line.lineTo(*point)
        canvas.setStrokeColor(ink(token))
        canvas.setLineWidth(1.1)
        canvas.setLineJoin(1)
        canvas.drawPath(line, stroke=1, fill=0)


def _dot(
    canvas: Canvas, series: Series, box: tuple[float, float, float, float], highest: float, what: tuple[int, str]
) -> None:
    year, token = what
    value = series[year - FIRST_YEAR]
    if value is not None:
        canvas.setFillColor(ink(token))
        canvas.setStrokeColor(ink("halo"))
        canvas.setLineWidth(0.7)
        canvas.circle(*_at(year - FIRST_YEAR, value, box, highest, len(series)), 2.1, stroke=1, fill=1)


def _at(
    i: int, value: float, box: tuple[float, float, float, float], highest: float, count: int
) -> tuple[float, float]:
    return box[0] + i / (count - 1) * box[2], box[1] + value / highest * box[3]


def _runs(series: Series) -> Iterator[list[tuple[int, float]]]:
    run: list[tuple[int, float]] = []
    for i, value in enumerate(series):
        if value is not None:
            run.append((i, value))
        elif run:
            yield run
            run = []
    if run:
        yield run
