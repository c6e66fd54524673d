"""The map of the brief: vectors in Lambert-93, numbered marks, names that give way, all drawn from the tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pandas as pd
import shapely
from reportlab.pdfgen.canvas import Canvas

from geo import crs
from layers import catalogue, industry
from layers.brief import marks
from layers.print import ground, names, symbols
from layers.print.frame import Frame, fit, metropolis
from layers.print.ink import ink
from layers.print.items import Item
from layers.print.placing import Box, Point, Space, around
from layers.style import circle_radius

# From px of the screen's symbols to points of the page.
SIZE_FACTOR = 0.52
LOCATOR = (92.0, 78.0)
_LOCATOR_GAP = 7.0
_CONTEXT_RADIUS = 1.7


def co2_of(items: Iterable[Item], year: int) -> dict[str, float | None]:
    """Give the verified tonnes of each site in a year, None where nothing was verified."""
    wide = industry.by_site()
    known = {str(site): value for site, value in wide[year].items()} if year in wide else {}
    found = {item.id: known.get(item.id) for item in items if item.kind == "site"}
    return {key: None if value is None or pd.isna(value) else float(value) for key, value in found.items()}


def radius_of(tonnes: float | None) -> float:
    """Give the radius in points of a site's circle on the page."""
    return circle_radius(tonnes, factor=SIZE_FACTOR)


def draw(canvas: Canvas, items: Sequence[Item], box: Box, *, year: int) -> Frame:
    """Draw the map into a box of the page and give the frame it shows."""
    frame = fit([item.shape for item in items], box)
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(box[0], box[1], box[2] - box[0], box[3] - box[1])
    canvas.clipPath(clip, stroke=0, fill=0)
    ground.draw(canvas, frame)
    _areas(canvas, frame, items)
    _context(canvas, frame, items)
    space = Space(box)
    inset = _locator_box(frame, items)
    if inset:
        space.take(inset)
    radii = _symbols(canvas, frame, items, year, space)
    places = _marks(frame, items, radii, space)
    names.draw(canvas, frame, space)
    _draw_marks(canvas, items, places, radii)
    if inset:
        _locator(canvas, frame, inset)
    canvas.restoreState()
    canvas.setStrokeColor(ink("ink"))
    canvas.setLineWidth(0.7)
    canvas.rect(box[0], box[1], box[2] - box[0], box[3] - box[1], stroke=1, fill=0)
    return frame


def _areas(canvas: Canvas, frame: Frame, items: Sequence[Item]) -> None:
    """Draw communes in the tint of their pole, the outlines of poles, and what is kept among them."""
    communes = ground.near(crs.to_metres(catalogue.load("communes")), frame)
    for shape, pole in zip(communes.geometry, communes["pole"], strict=True):
        drawn = frame.on_page(shape)
        canvas.setFillColor(ink("land"))
        canvas.setStrokeColor(ink("com-line"))
        canvas.setLineWidth(0.45)
        ground.area(canvas, drawn, fill=True, stroke=True)
        canvas.setFillColor(ink(pole, 0.09))
        ground.area(canvas, drawn, fill=True)
    canvas.setLineJoin(1)
    poles = crs.to_metres(catalogue.load("poles"))
    for token, width in (("land", 2.6), ("", 1.0)):
        for shape, pole in zip(poles.geometry, poles["id"], strict=True):
            canvas.setStrokeColor(ink(token or pole))
            canvas.setLineWidth(width)
            ground.area(canvas, frame.on_page(shape), stroke=True)
    for item in items:
        if item.kind in {"commune", "pole"}:
            drawn = frame.on_page(item.shape)
            canvas.setFillColor(ink(item.pole, 0.14))
            ground.area(canvas, drawn, fill=True)
            for colour, width in ((ink("halo"), 3.4), (ink("ink" if item.kind == "commune" else item.pole), 1.6)):
                canvas.setStrokeColor(colour)
                canvas.setLineWidth(width)
                ground.area(canvas, drawn, stroke=True)


def _context(canvas: Canvas, frame: Frame, items: Sequence[Item]) -> None:
    """Draw the other sites and projects, small and pale."""
    kept = {(item.kind, item.id) for item in items}
    for layer, kind, token in (("industry", "site", "ink3"), ("decarbonation", "project", "green")):
        table = ground.near(crs.to_metres(catalogue.load(layer)), frame)
        canvas.setFillColor(ink(token, 0.6))
        for key, point in zip(table["id"], table.geometry, strict=True):
            if (kind, key) not in kept:
                context(canvas, kind, frame.at((point.x, point.y)))


def context(canvas: Canvas, kind: str, at: Point) -> None:
    """Draw a site or a project that is not on the shortlist: a dot, a small diamond."""
    x, y = at
    canvas.setFillColor(ink("ink3" if kind == "site" else "green", 0.62))
    if kind == "site":
        canvas.circle(x, y, _CONTEXT_RADIUS, stroke=0, fill=1)
        return
    r = _CONTEXT_RADIUS * 1.35
    path = canvas.beginPath()
    path.moveTo(x, y + r)
    for dx, dy in ((r, 0), (0, -r), (-r, 0)):
        path.lineTo(x + dx, y + dy)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _symbols(canvas: Canvas, frame: Frame, items: Sequence[Item], year: int, space: Space) -> dict[int, float]:
    """Draw the kept symbols, large ones first, and give their radii; areas have none."""
    tonnes = co2_of(items, year)
    radii = {item.number: radius_of(tonnes[item.id]) if item.kind == "site" else 6.5 for item in items}
    radii |= {item.number: 0.0 for item in items if item.kind in {"commune", "pole"}}
    for item in sorted(items, key=lambda item: (item.kind != "site", -radii[item.number])):
        at = frame.at(item.at)
        if item.kind == "site":
            symbols.site(canvas, item.row.family, at, radius=radii[item.number], approximate=bool(item.row.approximate))
        elif item.kind == "project":
            symbols.project(canvas, item.row.family, item.row.status, at)
        elif radii[item.number]:
            symbols.chip(canvas, marks.icon_of(item), at)
        if radii[item.number]:
            space.take(around(at, radii[item.number] * 0.9))
    return radii


def _marks(
    frame: Frame, items: Sequence[Item], radii: dict[int, float], space: Space
) -> dict[int, tuple[Point, Point]]:
    """Find the place of each number: from its symbol to its disc."""
    found: dict[int, tuple[Point, Point]] = {}
    for item in sorted(items, key=lambda item: (radii[item.number] == 0, item.number)):
        at = frame.at(item.at)
        lines = list(found.values())
        disc = space.number(at, gap=radii[item.number], radius=marks.RADIUS, lines=lines)
        found[item.number] = (at, disc)
    return found


def _draw_marks(
    canvas: Canvas, items: Sequence[Item], places: dict[int, tuple[Point, Point]], radii: dict[int, float]
) -> None:
    for number, (at, disc) in places.items():
        if math.dist(at, disc) <= radii[number] + marks.RADIUS + 2.5:
            continue
        for token, width in (("halo", 2.2), ("ink", 0.8)):
            canvas.setStrokeColor(ink(token))
            canvas.setLineWidth(width)
            canvas.line(*at, *disc)
        canvas.setFillColor(ink("ink"))
        canvas.circle(*at, 1.3, stroke=0, fill=1)
    for item in items:
        marks.mark(canvas, item.number, places[item.number][1])


def _locator_box(frame: Frame, items: Sequence[Item]) -> Box | None:
    """Choose the corner for the locator, the one with fewest items; None where the whole metropolis is nearly seen."""
    west, south, east, north = metropolis().bounds
    ground = frame.ground
    seen = max(0.0, min(ground[2], east) - max(ground[0], west)) * max(
        0.0, min(ground[3], north) - max(ground[1], south)
    )
    if seen > 0.6 * (east - west) * (north - south):
        return None
    left, foot, right, top = frame.box
    width, height = LOCATOR
    gap = _LOCATOR_GAP
    xs, ys = (left + gap, right - gap - width), (foot + gap, top - gap - height)
    corners = [(x, y, x + width, y + height) for y in ys for x in xs]
    places = [frame.at(item.at) for item in items]

    def crowd(box: Box) -> float:
        return sum(box[0] - 22 < x < box[2] + 22 and box[1] - 22 < y < box[3] + 22 for x, y in places)

    best = min(corners, key=crowd)
    return best if crowd(best) == 0 else None


def _locator(canvas: Canvas, frame: Frame, box: Box) -> None:
    """Draw the metropolis, its poles, and the ground the map shows."""
    left, foot, right, top = box
    canvas.setFillColor(ink("surface"))
    canvas.setStrokeColor(ink("ink"))
    canvas.setLineWidth(0.5)
    canvas.rect(left, foot, right - left, top - foot, stroke=1, fill=1)
    west, south, east, north = metropolis().bounds
    pad = 6.0
    scale = max((east - west) / (right - left - 2 * pad), (north - south) / (top - foot - 2 * pad))
    dx = left + (right - left - (east - west) / scale) / 2
    dy = foot + (top - foot - (north - south) / scale) / 2

    def moved(shape: shapely.Geometry) -> shapely.Geometry:
        page = shapely.transform(shape, lambda xy: (xy - (west, south)) / scale + (dx, dy))
        return shapely.simplify(page, 0.3)

    poles = crs.to_metres(catalogue.load("poles"))
    for shape, pole in zip(poles.geometry, poles["id"], strict=True):
        canvas.setFillColor(ink(pole, 0.16))
        canvas.setStrokeColor(ink(pole))
        canvas.setLineWidth(0.5)
        ground.area(canvas, moved(shape), fill=True, stroke=True)
    shown = shapely.clip_by_rect(moved(shapely.box(*frame.ground)), left + 1, foot + 1, right - 1, top - 1)
    canvas.setStrokeColor(ink("err"))
    canvas.setLineWidth(1.1)
    ground.area(canvas, shown, stroke=True)
