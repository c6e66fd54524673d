"""The grid of a sheet: fine lines over the land and their figures outside the frame."""

from __future__ import annotations

import shapely
from reportlab.pdfgen.canvas import Canvas

from geo import graticule
from geo.graticule import Line
from layers import numbers
from layers.print.frame import Frame
from layers.print.ink import MM, REGULAR, ink, measure
from layers.view import Language

# Lines no nearer to one another than this on paper.
_APART = 18 * MM
_METRES = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
_MINUTES = (0.5, 1, 2, 5, 10, 20, 30, 60)
# A minute of longitude at 43.5°N, the shorter of the two.
_METRES_IN_A_MINUTE = 1_347
_SIZE = 6.6


def step(frame: Frame, code: int) -> float:
    """Give the distance of lines, in metres or degrees of the system: round, and not too dense on paper."""
    if graticule.in_degrees(code):
        fit = (m for m in _MINUTES if m * _METRES_IN_A_MINUTE / frame.metres >= _APART)
        return float(next(fit, _MINUTES[-1]) / 60)
    return float(next((m for m in _METRES if m / frame.metres >= _APART), _METRES[-1]))


def step_said(frame: Frame, code: int, language: Language) -> str:
    """Say the distance of lines: `10 km`, `5′`."""
    value = step(frame, code)
    if graticule.in_degrees(code):
        return f"{numbers.plain(value * 60, language)}′"
    return f"{numbers.plain(value / 1000, language)}\u00a0km"


def said(line: Line, code: int, language: Language) -> str:
    """Write the figure of a line: `840 km`, `5°10′E`."""
    if not graticule.in_degrees(code):
        return f"{numbers.plain(line.value / 1000, language)}\u00a0km"
    minutes = round(abs(line.value) * 60, 3)
    west = "O" if language == "fr" else "W"
    sign = ("E" if line.value >= 0 else west) if line.axis == 0 else ("N" if line.value >= 0 else "S")
    return f"{int(minutes // 60)}°{numbers.plain(minutes % 60, language).rjust(2, '0')}′{sign}"


def draw(canvas: Canvas, frame: Frame, code: int) -> None:
    """Draw the lines within the frame."""
    canvas.saveState()
    canvas.setStrokeColor(ink("sea-ink", 0.17))
    canvas.setLineWidth(0.35)
    for line in graticule.lines(frame.ground, code, step(frame, code)):
        for part in shapely.get_parts(frame.on_page(line.shape, detail=0.05)):
            points = shapely.get_coordinates(part)
            if len(points) > 1:
                path = canvas.beginPath()
                path.moveTo(*(round(float(v), 2) for v in points[0]))
                for point in points[1:]:
                    path.lineTo(*(round(float(v), 2) for v in point))
                canvas.drawPath(path, stroke=1, fill=0)
    canvas.restoreState()


def figures(canvas: Canvas, frame: Frame, code: int, *, language: Language) -> None:
    """Write eastings above the frame and northings at its left, where their lines meet it."""
    left, foot, right, top = frame.box
    west, south, east, north = frame.ground
    edges = (shapely.LineString([(west, north), (east, north)]), shapely.LineString([(west, south), (west, north)]))
    canvas.saveState()
    canvas.setFont(REGULAR, _SIZE)
    canvas.setFillColor(ink("ink2"))
    canvas.setStrokeColor(ink("ink"))
    canvas.setLineWidth(0.4)
    last = [left - 20.0, foot - 20.0]
    for line in graticule.lines(frame.ground, code, step(frame, code)):
        hit = shapely.intersection(line.shape, edges[line.axis])
        if hit.is_empty or hit.geom_type != "Point":
            continue
        x, y = frame.at((hit.x, hit.y))
        text = said(line, code, language)
        half = measure(text, REGULAR, _SIZE) / 2
        at, low, high = (x, left, right) if line.axis == 0 else (y, foot, top)
        # A figure never stands over a corner, nor against its neighbour.
        if at - half < max(low, last[line.axis] + 4) or at + half > high:
            continue
        last[line.axis] = at + half
        canvas.saveState()
        canvas.translate(*((x, top) if line.axis == 0 else (left, y)))
        if line.axis:
            canvas.rotate(90)
        canvas.line(0, 0, 0, 2)
        canvas.drawCentredString(0, 4.2, text)
        canvas.restoreState()
    canvas.restoreState()
