"""Names on the map: cities, towns and waters, each in a free place or left out, the larger before the smaller."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from geopandas import GeoSeries
from reportlab.pdfgen.canvas import Canvas

from geo import crs
from layers import catalogue
from layers.print.frame import Frame, metropolis
from layers.print.ink import REGULAR, SEMIBOLD, ink, measure
from layers.print.placing import Box, Point, Space
from layers.print.words import tidy
from layers.web import labels

# How many pixels of the web map a point of the page is worth.
_PX_IN_A_POINT = 1.6
# How much more of a name than of its anchor may lie on water.
_MOST_WET = 0.35


@dataclass(frozen=True, slots=True)
class _Type:
    font: str
    size: float
    colour: str
    spacing: float = 0.0
    halo: bool = True


_TYPES = {
    "city": _Type(SEMIBOLD, 9.6, "place"),
    "town": _Type(REGULAR, 7.6, "ink2"),
    "water": _Type(REGULAR, 7.6, "sea-ink", 1.1, halo=False),
}


def draw(canvas: Canvas, frame: Frame, space: Space, *, factor: float = 1.0, chief: Collection[str] = ()) -> None:
    """Draw the names that find a place, those of the highest rank first, their type `factor` times its size.

    chief: the codes of communes that the map is of; they come first and are set as a city.
    """
    zoom = math.log2(labels.METRES_AT_0 / (frame.metres / _PX_IN_A_POINT * factor))
    shown = [
        _raised(label, chief)
        for label in _known(catalogue.data_dir())
        if label["zoom"] <= zoom < label.get("until", math.inf)
    ]
    points = GeoSeries(shapely.points([[label["lon"], label["lat"]] for label in shown]), crs=crs.WGS84)
    metric = points.to_crs(crs.LAMBERT93)
    land = frame.on_page(metropolis())
    written: set[str] = set()
    for label, point in sorted(zip(shown, metric, strict=True), key=lambda pair: int(pair[0]["rank"])):
        # A sea has several anchors: the first that is free is enough.
        if label["name"] in written:
            continue
        at = frame.at((point.x, point.y))
        look = _TYPES[label["kind"]]
        look = replace(look, size=look.size * factor, spacing=look.spacing * factor)
        lines = _lines(label)
        boxes = _boxes(at, _size(lines, look), label["kind"])
        if label["kind"] == "water":
            # The name of a water never lies over a coast or an island.
            boxes = (box for box in boxes if not land.intersects(shapely.box(*box)))
        else:
            boxes = ashore(list(boxes), land)
        box = space.name(boxes)
        if box:
            _write(canvas, lines, look, box)
            written.add(label["name"])


def _raised(label: dict[str, Any], chief: Collection[str]) -> dict[str, Any]:
    named = str(label["id"]).removesuffix("-town-hall") in chief
    return {**label, "kind": "city", "rank": 0} if named else label


@lru_cache(maxsize=4)
def _known(_folder: Path) -> list[dict[str, Any]]:
    return labels.names()


def _lines(label: dict[str, Any]) -> list[str]:
    return tidy(str(label["name"])).split("\n")


def _size(lines: list[str], look: _Type) -> tuple[float, float]:
    width = max(measure(line, look.font, look.size) + look.spacing * (len(line) - 1) for line in lines)
    return width, look.size * 1.15 * len(lines)


def _boxes(at: Point, size: tuple[float, float], kind: str) -> Iterator[Box]:
    """Give the places a name may take: on its anchor, then beside, above and below."""
    width, height = size
    beside, above = width / 2 + 5, height / 2 + 5
    moves = [(0.0, 0.0)]
    if kind == "water":
        # A name of water only gives way a little, or it would name another.
        aside = width * 0.4
        moves += [(aside, 0), (-aside, 0), (0, height), (0, -height), (aside, height), (aside, -height)]
        moves += [(-aside, height), (-aside, -height)]
    else:
        moves += [(0, above), (0, -above), (beside / 2, 0), (-beside / 2, 0), (beside, 0), (-beside, 0)]
        moves += [(beside / 2, above), (-beside / 2, above), (beside, above), (-beside, above)]
        moves += [(beside, -above), (-beside, -above), (0, 2 * above), (0, -2 * above)]
        moves += [(side, up) for up in (2 * above, 3 * above) for side in (0, beside / 2, -beside / 2)]
    for dx, dy in moves:
        x, y = at[0] + dx, at[1] + dy
        yield x - width / 2 - 1, y - height / 2, x + width / 2 + 1, y + height / 2


def ashore(boxes: list[Box], land: shapely.Geometry) -> Iterator[Box]:
    """Put last the places far more of which lies on water than of the anchor: there a name would name the water."""
    shapes = shapely.box(*np.array(boxes).T)
    wet = 1 - shapely.area(shapely.intersection(shapes, land)) / shapely.area(shapes)
    yield from (boxes[at] for at in np.argsort(wet > wet[0] + _MOST_WET, kind="stable"))


def _write(canvas: Canvas, lines: list[str], look: _Type, box: Box) -> None:
    canvas.saveState()
    canvas.setFont(look.font, look.size)
    canvas.setLineJoin(1)
    for at, line in enumerate(lines):
        width = measure(line, look.font, look.size) + look.spacing * (len(line) - 1)
        x = (box[0] + box[2] - width) / 2
        y = box[3] - look.size * (0.93 + 1.15 * at)
        if look.halo:
            canvas.setStrokeColor(ink("halo", 0.85))
            canvas.setLineWidth(2.2)
            canvas.drawString(x, y, line, mode=1, charSpace=look.spacing)
        canvas.setFillColor(ink(look.colour))
        canvas.drawString(x, y, line, mode=0, charSpace=look.spacing)
    canvas.restoreState()
