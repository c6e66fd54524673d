"""The picture of a snapshot: the rows that were kept on the map's own ground, as the printed maps draw them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from geopandas import GeoDataFrame
from reportlab.pdfgen.canvas import Canvas

from geo import crs
from layers import filters
from layers.handout.plate import radius_of
from layers.print import drapes, ground, ink, names, raster, symbols
from layers.print import frame as framing
from layers.print.frame import Frame
from layers.print.ink import MM, mixed
from layers.print.placing import Point, Space, around
from layers.snapshot.choice import Choice
from layers.style import PLACE_CLASSES

# Points of the page, twice as many px of the picture.
WIDTH, HEIGHT, FACTOR = 600.0, 420.0, 2.0
# In points: half a pixel of the picture.
_DETAIL = 0.25
_CHIP, _SHAPE, _BUBBLE = 9.0, 11.5, 13.0
# As on the printed maps: coarser than this, small stations and airfields are dots.
_DETAIL_METRES = 60.0
_MINOR = ("station", "airfield", "air base")
_NEAREST, _FARTHEST = 40_000, 1_250_000
_PLACE_CLASS = {category: name for name, categories in PLACE_CLASSES.items() for category in categories}


def png(kept: Mapping[str, Any], choice: Choice) -> bytes:
    """Draw the rows of a choice (any system) as a PNG of 1200 by 840 px; the same rows give the same bytes."""
    ink.letters()
    # A table has no shapes, and what has none cannot be drawn.
    rows = {
        layer: crs.to_metres(frame[frame.geometry.notna() & ~frame.geometry.is_empty])
        for layer, frame in kept.items()
        if isinstance(frame, GeoDataFrame)
    }
    frame = _frame({layer: found for layer, found in rows.items() if len(found)})
    out = io.BytesIO()
    # Its stubs take the name for a number.
    first: Any = ink.REGULAR
    # Not packed: it is unpacked again in a moment.
    canvas = Canvas(out, (WIDTH, HEIGHT), pageCompression=0, invariant=1, initialFontName=first)
    _draw(canvas, rows, frame, choice)
    canvas.showPage()
    canvas.save()
    return _painted(out.getvalue())


def _painted(pdf: bytes) -> bytes:
    image, _ = raster.page(pdf, scale=FACTOR)
    written = io.BytesIO()
    image.save(written, "PNG", compress_level=6)
    return written.getvalue()


def _frame(rows: Mapping[str, GeoDataFrame]) -> Frame:
    """Give the frame that shows the rows, context left aside; the whole metropolis where none has a shape."""
    own = {layer: found for layer, found in rows.items() if layer not in {"neighbours", "water"}}
    boxes = [found.total_bounds for found in own.values()] or [framing.metropolis().bounds]
    west, south = (min(float(box[i]) for box in boxes) for i in (0, 1))
    east, north = (max(float(box[i]) for box in boxes) for i in (2, 3))
    metres = 1.1 * max((east - west) / WIDTH, (north - south) / HEIGHT)
    scale = min(max(round(metres * MM * 1000), _NEAREST), _FARTHEST)
    box = (0.0, 0.0, WIDTH, HEIGHT)
    return framing.centred(box, ((west + east) / 2, (south + north) / 2), scale=scale)


def _draw(canvas: Canvas, rows: Mapping[str, GeoDataFrame], frame: Frame, choice: Choice) -> None:
    ground.draw(canvas, frame)
    land = ground.near(ground.metric("communes"), frame)
    for shape in land.geometry:
        canvas.setFillColor(ink.ink("land"))
        ground.area(canvas, frame.on_page(shape, detail=_DETAIL), fill=True)
    _areas(canvas, rows, frame)
    for layer in drapes.ORDER:
        if layer in rows:
            drapes.draw(canvas, frame, layer, rows[layer])
    space = Space((4, 4, WIDTH - 4, HEIGHT - 4))
    for layer in ("places", "stations", "ports", "airports"):
        for row in _inside(rows, layer, frame):
            icon = layer if layer != "places" else _PLACE_CLASS.get(getattr(row, "category", ""), "university")
            at = frame.at((row.geometry.x, row.geometry.y))
            if frame.metres > _DETAIL_METRES and getattr(row, "kind", "") in _MINOR:
                _dot(canvas, at)
            else:
                symbols.chip(canvas, icon, at, size=_CHIP)
    _sites(canvas, rows, frame, space, choice)
    for row in _inside(rows, "decarbonation", frame):
        at = frame.at((row.geometry.x, row.geometry.y))
        family, status = getattr(row, "family", "h2"), getattr(row, "status", "operating")
        symbols.project(canvas, family, status, at, size=_SHAPE)
        space.take(around(at, _SHAPE / 2))
    for row in _inside(rows, "perceptions", frame):
        at = frame.at((row.geometry.x, row.geometry.y))
        symbols.bubble(canvas, int(getattr(row, "rank", 0)), at, size=_BUBBLE)
    names.draw(canvas, frame, space)
    ground.scale_bar(canvas, frame, (10, 10), language=choice.language)


def _dot(canvas: Canvas, at: Point) -> None:
    """Draw a station or an airfield where the map is too far for chips."""
    canvas.setFillColor(ink.ink("surface"))
    canvas.setStrokeColor(ink.ink("ink2"))
    canvas.setLineWidth(0.6)
    canvas.circle(*at, 1.3, stroke=1, fill=1)


def _areas(canvas: Canvas, rows: Mapping[str, GeoDataFrame], frame: Frame) -> None:
    """Draw the communes that were kept in the tint of their pole, and the outlines of the poles."""
    found = rows.get("communes")
    if found is not None:
        poles = found["pole"] if "pole" in found else [None] * len(found)
        for shape, pole in zip(found.geometry, poles, strict=True):
            canvas.setFillColor(ink.ink("land") if pole is None else mixed(pole, 0.09, "land"))
            canvas.setStrokeColor(ink.ink("com-line"))
            canvas.setLineWidth(0.45)
            ground.area(canvas, frame.on_page(shape, detail=_DETAIL), fill=True, stroke=True)
    found = rows.get("poles")
    if found is not None:
        for pole, shape in zip(found["id"], found.geometry, strict=True):
            for colour, width in ((ink.ink("land"), 3.0), (ink.ink(pole), 1.2)):
                canvas.setStrokeColor(colour)
                canvas.setLineWidth(width)
                ground.area(canvas, frame.on_page(shape, detail=_DETAIL), stroke=True)


def _inside(rows: Mapping[str, GeoDataFrame], layer: str, frame: Frame) -> list[Any]:
    found = rows.get(layer)
    return [] if found is None else list(ground.inside(found, frame).itertuples())


def _sites(canvas: Canvas, rows: Mapping[str, GeoDataFrame], frame: Frame, space: Space, choice: Choice) -> None:
    """Draw the sites by their verified tonnes, the large ones below the small ones."""
    found = rows.get("industry")
    if found is None:
        return
    tonnes = filters.verified(found, choice.view.verified_year).astype("Float64").fillna(-1.0).astype(float)
    found = ground.inside(found.assign(tonnes=tonnes), frame)
    for row in found.sort_values("tonnes", ascending=False, kind="stable").itertuples():
        at, radius = frame.at((row.geometry.x, row.geometry.y)), radius_of(row.tonnes)
        family = getattr(row, "family", "other")
        if getattr(row, "status", "") == "closed":
            symbols.closed_site(canvas, family, at, radius=radius)
        else:
            symbols.site(canvas, family, at, radius=radius, approximate=bool(getattr(row, "approximate", False)))
        space.take(around(at, radius * 0.9))
