"""Areas and lines that lie over the land, on paper: tints, hatches, dashes and ticks as on the screen.

Lengths in points, y upwards; ground in Lambert-93 (EPSG:2154).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from reportlab.pdfgen.canvas import Canvas

from layers import drape
from layers.drape import AREA_COLUMN, AREAS, LINE_COLUMN, LINES, AreaStyle, Hatch, LineStyle
from layers.print import ground
from layers.print.frame import Frame
from layers.print.ink import ink
from layers.print.placing import Point

# From the lowest to the highest, as on the screen.
ORDER = ("protected", "zones", "brownfields", "power_lines", "rail")
# Points of paper for a px of the screen.
_PX = 0.6
_HATCH = 0.6
# In smaller areas a hatch cannot be told from a tint, in points.
_HATCHED = 8.0
_SWATCH = (13.0, 8.0)


def classes(layer: str, rows: GeoDataFrame) -> Any:
    """Give the class of each row; rows without the columns that tell it are drawn as the first class of the layer."""
    told = {AREA_COLUMN.get(layer) or LINE_COLUMN[layer], *(() if layer in AREAS else ("status",))}
    if told <= set(rows.columns):
        return drape.classes(layer, rows)
    first = (AREAS.get(layer) or LINES[layer])[0].id
    return np.full(len(rows), first)


def draw(canvas: Canvas, frame: Frame, layer: str, rows: GeoDataFrame, *, fade: float = 1.0) -> None:
    """Draw the rows (EPSG:2154) of a layer of areas or lines, its first class on top."""
    rows = ground.near(rows, frame)
    of = np.asarray(classes(layer, rows))
    canvas.saveState()
    canvas.setLineJoin(1)
    for style in reversed(AREAS.get(layer, ())):
        shapes = [frame.on_page(shape) for shape in rows.geometry.to_numpy()[of == style.id]]
        _area(canvas, style, [shape for shape in shapes if not shape.is_empty], fade)
    for line in reversed(LINES.get(layer, ())):
        _line(canvas, line, _joined(frame, rows.geometry.to_numpy()[of == line.id]), fade)
    canvas.restoreState()


def swatch(canvas: Canvas, layer: str, name: str, at: Point) -> None:
    """Draw what stands for a class in a legend, its middle at a point."""
    width, height = _SWATCH
    x, y = at[0] - width / 2, at[1] - height / 2
    canvas.saveState()
    if layer in AREAS:
        style = next(style for style in AREAS[layer] if style.id == name)
        _area(canvas, style, [shapely.box(x, y, x + width, y + height)], 1.0)
    else:
        line = next(style for style in LINES[layer] if style.id == name)
        _line(canvas, line, [np.array([(x, at[1]), (x + width, at[1])])], 1.0)
    canvas.restoreState()


def _area(canvas: Canvas, style: AreaStyle, shapes: Iterable[shapely.Geometry], fade: float) -> None:
    for shape in shapes:
        if style.tint:
            canvas.setFillColor(ink(style.token, style.tint * fade))
            ground.area(canvas, shape, fill=True)
        left, foot, right, top = shape.bounds
        for hatch in style.hatches if max(right - left, top - foot) >= _HATCHED else ():
            canvas.setStrokeColor(ink(style.token, _HATCH * fade))
            canvas.setLineWidth(max(0.3, hatch.width * _PX * 0.8))
            canvas.setDash([])
            _path(canvas, _lines_over(shape, hatch))
        canvas.setStrokeColor(ink(style.token, fade))
        canvas.setLineWidth(style.width * _PX)
        canvas.setDash([step * _PX for step in style.dash])
        ground.area(canvas, shape, stroke=True)
    canvas.setDash([])


def _lines_over(shape: shapely.Geometry, hatch: Hatch) -> Iterator[Any]:
    """Yield the lines of a hatch within an area; they run on from one area to the next."""
    turn = math.radians(hatch.angle)
    along, across = np.array([math.cos(turn), math.sin(turn)]), np.array([-math.sin(turn), math.cos(turn)])
    left, foot, right, top = shape.bounds
    corners = np.array([(left, foot), (left, top), (right, foot), (right, top)])
    (low, high), gap = ((corners @ across).min(), (corners @ across).max()), hatch.gap * _PX
    start, end = (corners @ along).min() - 1, (corners @ along).max() + 1
    steps = np.arange(math.ceil(low / gap), math.floor(high / gap) + 1) * gap
    lines = [(across * step + along * start, across * step + along * end) for step in steps]
    for piece in shapely.get_parts(shapely.intersection(shapely.linestrings(lines), shape)) if lines else ():
        if piece.geom_type == "LineString" and not piece.is_empty:
            yield shapely.get_coordinates(piece)


def _joined(frame: Frame, shapes: Any) -> list[Any]:
    """Join lines end to end, so that their dashes run on, and put them on the page."""
    if not len(shapes):
        return []
    parts = [line for line in shapely.get_parts(shapes) if line.geom_type == "LineString"]
    whole = frame.on_page(shapely.line_merge(shapely.multilinestrings(parts)))
    return [shapely.get_coordinates(line) for line in shapely.get_parts(whole) if line.geom_type == "LineString"]


def _line(canvas: Canvas, style: LineStyle, lines: Iterable[Any], fade: float) -> None:
    drawn = list(lines)
    for stroke in style.strokes if drawn else ():
        canvas.setStrokeColor(ink(stroke.token, fade))
        canvas.setLineWidth(stroke.width * _PX)
        canvas.setDash([step * _PX for step in stroke.dash])
        _path(canvas, drawn)
    canvas.setDash([])


def _path(canvas: Canvas, lines: Iterable[Any]) -> None:
    path, drawn = canvas.beginPath(), False
    for line in lines:
        (x, y), *others = line
        path.moveTo(round(float(x), 2), round(float(y), 2))
        for x, y in others:
            path.lineTo(round(float(x), 2), round(float(y), 2))
        drawn = True
    if drawn:
        canvas.drawPath(path, stroke=1, fill=0)
