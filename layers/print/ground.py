"""The ground of a map: sea, waterlines, neighbouring land, and areas drawn as paths."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import cast

import shapely
from geopandas import GeoDataFrame
from reportlab.pdfgen.canvas import Canvas

from geo import crs
from layers import catalogue, numbers
from layers.print.frame import Frame
from layers.print.ink import REGULAR, SMALLEST, ink
from layers.print.placing import Point
from layers.style import WATERLINES
from layers.view import Language


def metric(layer: str) -> GeoDataFrame:
    """Give the table of a layer in metres of Lambert-93 (EPSG:2154), worked out once; it is only to be read."""
    return _metric(layer, catalogue.data_dir())


@lru_cache(maxsize=32)
def _metric(layer: str, _folder: Path) -> GeoDataFrame:
    return cast("GeoDataFrame", crs.to_metres(catalogue.load(layer)))


def draw(canvas: Canvas, frame: Frame) -> None:
    """Draw the sea, its waterlines and the neighbouring land."""
    left, foot, right, top = frame.box
    canvas.setFillColor(ink("sea"))
    canvas.rect(left, foot, right - left, top - foot, stroke=0, fill=1)
    water = near(metric("water"), frame)
    bands = water[water["kind"] == "waterline"].sort_values("offset_km", ascending=False)
    offsets = sorted(metric("water")["offset_km"].dropna().unique())
    for offset, shape in zip(bands["offset_km"], bands.geometry, strict=True):
        canvas.setFillColor(WATERLINES["light"][offsets.index(offset)])
        area(canvas, frame.on_page(shape), fill=True)
    land = near(metric("neighbours"), frame)
    canvas.setFillColor(ink("neigh"))
    canvas.setStrokeColor(ink("neigh-line"))
    canvas.setLineWidth(0.4)
    for shape in land.geometry:
        area(canvas, frame.on_page(shape), fill=True, stroke=True)


def area(canvas: Canvas, shape: shapely.Geometry, *, fill: bool = False, stroke: bool = False) -> None:
    """Draw a polygon of the page in the canvas's present colours, holes left open."""
    path = canvas.beginPath()
    drawn = False
    for ring in _rings(shape):
        (x, y), *others = shapely.get_coordinates(ring)[:-1].round(2).tolist()
        path.moveTo(x, y)
        for x, y in others:
            path.lineTo(x, y)
        path.close()
        drawn = True
    if drawn:
        canvas.drawPath(path, stroke=int(stroke), fill=int(fill), fillMode=0)


def _rings(shape: shapely.Geometry) -> Iterator[shapely.Geometry]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon" and not part.is_empty:
            yield part.exterior
            yield from part.interiors


def near(frame_of: GeoDataFrame, frame: Frame) -> GeoDataFrame:
    """Give the rows that touch the ground shown."""
    ground = shapely.box(*frame.ground).buffer(6 * frame.metres)
    return frame_of[frame_of.intersects(ground)]


def inside(rows: GeoDataFrame, frame: Frame, *, margin: float = 0.0) -> GeoDataFrame:
    """Give the rows whose point lies on the ground shown, `margin` points from its edge; one without a place is out."""
    west, south, east, north = frame.ground
    margin_m = margin * frame.metres
    points = rows.geometry.to_numpy()
    # What has no place has no number for one, which compares with nothing.
    x, y = shapely.get_x(points), shapely.get_y(points)
    wide, high = (x >= west + margin_m) & (x <= east - margin_m), (y >= south + margin_m) & (y <= north - margin_m)
    return rows[wide & high]


def scale_bar(canvas: Canvas, frame: Frame, at: Point, *, language: Language, longest: float = 84.0) -> None:
    """Draw a bar of round kilometres, at most `longest` points long, with its lower left corner at a point."""
    x, y = at
    km = max((bar for bar in (0.5, 1, 2, 5, 10, 20, 50) if bar * 1000 / frame.metres <= longest), default=0.5)
    length = km * 1000 / frame.metres
    canvas.saveState()
    for colour, width in ((ink("halo", 0.85), 3.2), (ink("sea-ink"), 1.1)):
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(width)
        canvas.lines([(x, y, x + length, y), (x, y, x, y + 4), (x + length, y, x + length, y + 4)])
    said = f"{numbers.plain(km, language)}\u00a0km"
    canvas.setFont(REGULAR, SMALLEST + 0.6)
    canvas.setLineJoin(1)
    canvas.setStrokeColor(ink("halo", 0.85))
    canvas.setLineWidth(2.2)
    canvas.drawCentredString(x + length / 2, y + 3.4, said, mode=1)
    canvas.setFillColor(ink("sea-ink"))
    canvas.drawCentredString(x + length / 2, y + 3.4, said, mode=0)
    canvas.restoreState()
