"""The map of a sheet: what a View shows of some ground in Lambert-93, the area in full strength, the rest pale."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from reportlab.pdfgen.canvas import Canvas

from layers import catalogue, filters
from layers.handout import plate
from layers.print import drapes, ground, names, symbols
from layers.print.frame import Frame
from layers.print.ink import ink
from layers.print.placing import Box, Point, Space, around
from layers.sheet import grid, naming
from layers.sheet.layout import Look
from layers.style import PLACE_CLASSES, circle_radius
from layers.view import DRAPES, LAYERS, Language, View

PLACE_CLASS = {category: name for name, categories in PLACE_CLASSES.items() for category in categories}
POINTS: tuple[str, ...] = LAYERS[2 : -len(DRAPES)]
# Coarser than this, in metres of ground in a point, small stations and airfields are left out, as on the screen.
_DETAIL_METRES = 60.0
# From this scale on symbols are named, each where there is room.
NAMED_FROM = 125_000
_DIM = 0.3
_MINOR_KINDS = {"station", "airfield", "air base"}


@dataclass(frozen=True)
class Chart:
    """One map: a View, the ground it shows, the area in metres (None for the whole metropolis) and how it is drawn.

    `chief` are the codes of the communes whose names stand out: those the sheet is of.
    """

    view: View
    frame: Frame
    area: shapely.Geometry | None
    outline: str
    look: Look
    code: int
    language: Language
    chief: tuple[str, ...] = ()
    _rows: dict[str, GeoDataFrame] = field(default_factory=dict)

    def chosen(self, layer: str) -> GeoDataFrame:
        """Give the rows of a layer that the View shows, wherever they lie, in metres."""
        coarse = layer in {"stations", "airports"} and self.frame.metres > _DETAIL_METRES
        return _chosen(layer, self.view, coarse, catalogue.data_dir())

    def rows(self, layer: str) -> GeoDataFrame:
        """Give the rows of a layer of points that stand within the frame, `inside` telling which lie in the area."""
        if layer not in self._rows:
            # What the edge of the frame would cut in two is left out, as what lies beyond it.
            found = ground.inside(self.chosen(layer), self.frame, margin=self.look.project / 2)
            within = True if self.area is None else shapely.intersects(self.area, found.geometry.to_numpy())
            self._rows[layer] = found.assign(inside=within)
        return self._rows[layer]

    @cached_property
    def sites(self) -> GeoDataFrame:
        """Give the sites within the frame with their verified tonnes, the large ones first."""
        rows = self.rows("industry")
        tonnes = filters.verified(rows, self.view.verified_year).astype("Float64").fillna(-1.0).astype(float)
        return rows.assign(tonnes=tonnes).sort_values("tonnes", ascending=False, kind="stable")

    @cached_property
    def stacks(self) -> list[tuple[Point, list[Any]]]:
        """Gather the projects within the frame that would cover one another."""
        return plate.stacks(self.rows("decarbonation"), self.frame, within=self.look.project * 1.15)

    def at(self, row: Any) -> Point:
        """Give the place of a row on the page."""
        return self.frame.at((row.geometry.x, row.geometry.y))

    def radius(self, tonnes: float) -> float:
        """Give the radius in points of a site's circle."""
        return radius_of(tonnes, self.look)


@lru_cache(maxsize=32)
def _chosen(layer: str, view: View, coarse: bool, _: Path) -> GeoDataFrame:
    # The same for every sheet of an atlas; it is only to be read.
    table = ground.metric(layer)
    rows = table[table.index.isin(filters.visible(layer, view).index)]
    if coarse:
        rows = rows[~rows["kind"].isin(_MINOR_KINDS)]
    return rows[~(rows.geometry.isna() | rows.geometry.is_empty)]


def radius_of(tonnes: float, look: Look) -> float:
    """Give the radius in points of a circle on a paper, that of the smallest ones included."""
    return circle_radius(tonnes) * look.radius


def draw(
    canvas: Canvas, chart: Chart, *, taken: tuple[Box, ...] = (), below: Callable[[], None] | None = None
) -> Space:
    """Draw the map within its frame; names keep off `taken` and lie over what `below` draws. Give what is taken."""
    frame = chart.frame
    left, foot, right, top = frame.box
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(left, foot, right - left, top - foot)
    canvas.clipPath(clip, stroke=0, fill=0)
    ground.draw(canvas, frame)
    _communes(canvas, chart)
    _drapes(canvas, chart)
    grid.draw(canvas, frame, chart.code)
    _outlines(canvas, chart)
    _area(canvas, chart)
    space = Space((left + 3, foot + 3, right - 3, top - 3), list(taken))
    _access(canvas, chart, space)
    _sites(canvas, chart, space)
    _projects(canvas, chart, space)
    _perceptions(canvas, chart, space)
    if below is not None:
        below()
    names.draw(canvas, frame, space, factor=chart.look.names, chief=chart.chief)
    if frame.scale <= NAMED_FROM:
        naming.draw(canvas, list(_named(chart)), space, size=chart.look.text)
    canvas.restoreState()
    canvas.setStrokeColor(ink("ink"))
    canvas.setLineWidth(1.1)
    canvas.rect(left, foot, right - left, top - foot, stroke=1, fill=0)
    return space


def _communes(canvas: Canvas, chart: Chart) -> None:
    """Draw the communes, in the tint of their pole where poles are shown, paler outside the area."""
    rows = ground.near(ground.metric("communes"), chart.frame)
    lines = "communes" in chart.view.layers
    within = [True] * len(rows)
    if chart.area is not None:
        within = list(shapely.intersects(chart.area, rows.geometry.representative_point().to_numpy()))
    canvas.setLineWidth(0.45)
    for shape, pole, inside in zip(rows.geometry, rows["pole"], within, strict=True):
        drawn = chart.frame.on_page(shape)
        canvas.setFillColor(ink("land"))
        canvas.setStrokeColor(ink("line2" if lines and inside else "com-line" if lines else "land"))
        ground.area(canvas, drawn, fill=True, stroke=True)
        if "poles" in chart.view.layers:
            canvas.setFillColor(ink(pole, 0.1 if inside else 0.025))
            ground.area(canvas, drawn, fill=True)


def drapes_of(chart: Chart) -> dict[str, GeoDataFrame]:
    """Give the areas and lines that the View shows within the frame, by layer, in metres; none that are not there."""
    there = catalogue.catalogue().layers
    found = {layer: ground.near(chart.chosen(layer), chart.frame) for layer in drapes.ORDER if layer in there}
    return {layer: rows for layer, rows in found.items() if len(rows)}


def _drapes(canvas: Canvas, chart: Chart) -> None:
    """Draw what lies over the land, paler outside the area."""
    for layer, rows in drapes_of(chart).items():
        within = np.full(len(rows), True)
        if chart.area is not None:
            within = shapely.intersects(chart.area, rows.geometry.to_numpy())
            drapes.draw(canvas, chart.frame, layer, rows[~within], fade=_DIM)
        drapes.draw(canvas, chart.frame, layer, rows[within])


def _outlines(canvas: Canvas, chart: Chart) -> None:
    """Draw the outlines of the poles over a line in the colour of land."""
    if "poles" not in chart.view.layers:
        return
    poles = ground.near(ground.metric("poles"), chart.frame)
    canvas.setLineJoin(1)
    shapes = [chart.frame.on_page(shape) for shape in poles.geometry]
    for shape in shapes:
        canvas.setStrokeColor(ink("land"))
        canvas.setLineWidth(3.0)
        ground.area(canvas, shape, stroke=True)
    for shape, pole in zip(shapes, poles["id"], strict=True):
        canvas.setStrokeColor(ink(pole, 1.0 if chart.area is None else 0.5))
        canvas.setLineWidth(1.2)
        ground.area(canvas, shape, stroke=True)


def _area(canvas: Canvas, chart: Chart) -> None:
    """Draw the outline of the area strongest."""
    if chart.area is None:
        return
    drawn = chart.frame.on_page(chart.area)
    canvas.setLineJoin(1)
    for token, width in (("halo", 4.0), (chart.outline, 1.9)):
        canvas.setStrokeColor(ink(token))
        canvas.setLineWidth(width)
        ground.area(canvas, drawn, stroke=True)


def _ring(row: Any) -> float:
    """Give how far the broken ring of an approximate position stands out."""
    return 2.2 if row.approximate else 0.0


def _fade(inside: bool) -> float:
    return 1.0 if inside else _DIM


def _access(canvas: Canvas, chart: Chart, space: Space) -> None:
    """Draw the chips of places, then those of access."""
    coarse = chart.frame.metres > _DETAIL_METRES
    for layer in ("places", "stations", "airports", "ports"):
        for row in chart.rows(layer).itertuples():
            minor = coarse if layer == "places" else row.kind not in {"port", "airport"}
            size = chart.look.minor if minor else chart.look.chip
            icon = PLACE_CLASS[row.category] if layer == "places" else layer
            symbols.chip(canvas, icon, chart.at(row), size=size, fade=_fade(row.inside))
            space.take(around(chart.at(row), size / 2))


def _sites(canvas: Canvas, chart: Chart, space: Space) -> None:
    """Draw the sites by their verified tonnes, the large ones below the small ones."""
    for row in chart.sites.itertuples():
        at, radius, fade = chart.at(row), chart.radius(row.tonnes), _fade(row.inside)
        if row.status == "closed":
            symbols.closed_site(canvas, row.family, at, radius=radius, fade=fade)
        else:
            symbols.site(canvas, row.family, at, radius=radius, approximate=bool(row.approximate), fade=fade)
        space.take(around(at, radius + 0.8 + _ring(row)))


def _projects(canvas: Canvas, chart: Chart, space: Space) -> None:
    """Draw the projects, several of one place as a stack."""
    size = chart.look.project
    for at, members in chart.stacks:
        fade = max(_fade(member.inside) for member in members)
        if len(members) > 1:
            symbols.stack(canvas, len(members), at, size=size * 1.06, fade=fade)
        else:
            symbols.project(canvas, members[0].family, members[0].status, at, size=size, fade=fade)
        space.take(around(at, size / 2 + 1.5))


def _perceptions(canvas: Canvas, chart: Chart, space: Space) -> None:
    """Draw the ideas that have a place, their number in a bubble over it."""
    size = chart.look.bubble
    for row in chart.rows("perceptions").itertuples():
        x, y = chart.at(row)
        symbols.bubble(canvas, int(row.rank), (x, y), size=size, fade=_fade(row.inside))
        space.take((x - size * 0.6, y, x + size * 0.6, y + size * 1.3))


def _named(chart: Chart) -> Any:
    """Yield what may be named, the most important first: symbols of the area that stand alone."""
    french = chart.language == "fr"
    for row in chart.sites[chart.sites["inside"]].itertuples():
        yield naming.Name(
            row.name, chart.at(row), chart.radius(row.tonnes) + _ring(row), row.family if row.tonnes > 0 else "ink2"
        )
    for at, members in chart.stacks:
        if len(members) == 1 and members[0].inside:
            name = (members[0].name_fr if french else "") or members[0].name
            yield naming.Name(name, at, chart.look.project / 2 + 1.8, "green")
    for layer in ("ports", "airports", "stations", "places"):
        rows = chart.rows(layer)
        for row in rows[rows["inside"]].itertuples():
            yield naming.Name(row.name, chart.at(row), chart.look.chip / 2, "ink2")


def farthest(chart: Chart) -> float:
    """Give the tonnes of the largest site within the frame, 0 where none has a figure."""
    tonnes = chart.sites["tonnes"]
    largest = float(tonnes.max()) if len(tonnes) else 0.0
    return 0.0 if math.isnan(largest) else max(largest, 0.0)
