"""The map of a scene on paper: what its View shows, in Lambert-93 and in vectors, with its highlights called out."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from reportlab.pdfgen.canvas import Canvas

from geo import crs
from layers import catalogue, filters
from layers.errors import HandoutError
from layers.handout import callouts
from layers.print import frame as frames
from layers.print import ground, items, names, symbols
from layers.print.frame import Frame
from layers.print.ink import MM, ink, mixed
from layers.print.items import Item
from layers.print.placing import Box, Point, Space, around
from layers.print.words import Words
from layers.style import PLACE_CLASSES, STATUSES, circle_radius
from layers.view import Language, View

# From px of the screen's symbols to points of a page of 960 by 540.
SIZE_FACTOR = 0.58
_PROJECT, _CHIP, _MINOR, _STACK, _BUBBLE = 13.0, 12.0, 8.6, 14.0, 14.0
# Projects nearer than this, in points, are one stack.
_STACKED_WITHIN = 15.0
# Coarser than this, stations and airfields are left out and places are small, as on the screen.
_DETAIL_METRES = 60.0
_DIM = 0.35
_NAME_FACTOR = 1.2
_STATUS_ORDER = {status.id: at for at, status in enumerate(STATUSES)}
_PLACE_CLASS = {category: name for name, categories in PLACE_CLASSES.items() for category in categories}


@dataclass(frozen=True, slots=True)
class Plate:
    """What a map shows: a View, the items called out, the reader's language."""

    view: View
    highlights: tuple[Item, ...]
    language: Language

    @property
    def focus(self) -> str | None:
        """Give the pole that is selected, the others stand back then."""
        kind, _, name = (self.view.selection or "").partition(":")
        return name if kind == "pole" else None


def read(query: str, *, highlights: Sequence[str], years: Sequence[int] | None, language: Language) -> Plate:
    """Read the View of a scene and its highlights; years that are played end on the last of them.

    Raises HandoutError naming highlights that are not in the tables or have no place.
    """
    view, _ = View.from_query(query)
    if years:
        view = view.with_(year=years[-1])
    words = Words(language)
    found = {key: items.row_of(key) for key in highlights}
    faults = [f"highlight {key!r} is not known" for key, row in found.items() if row is None]
    faults += [
        f"highlight {key!r} has no place"
        for key, row in found.items()
        if row is not None and (row.geometry is None or row.geometry.is_empty)
    ]
    if faults:
        raise HandoutError(faults, advice="Name features of the map as kind:id, such as site:arcelormittal-fos.")
    return Plate(
        view, tuple(items.item(at, key, row, words) for at, (key, row) in enumerate(found.items(), 1)), language
    )


def frame_of(plate: Plate, box: Box) -> Frame:
    """Give the frame that shows the bounds of the View, or the whole metropolis, centred in a box of the page."""
    bounds = plate.view.bounds
    if bounds is None:
        west, south, east, north = frames.metropolis().bounds
        margin = 1.06
    else:
        lons = (bounds.west, bounds.east, bounds.east, bounds.west)
        lats = (bounds.south, bounds.south, bounds.north, bounds.north)
        corners = GeoSeries(shapely.points(lons, lats), crs=crs.WGS84).to_crs(crs.LAMBERT93)
        west, south, east, north = (float(value) for value in corners.total_bounds)
        margin = 1.0
    width, height = box[2] - box[0], box[3] - box[1]
    metres = margin * max((east - west) / width, (north - south) / height)
    return frames.centred(box, ((west + east) / 2, (south + north) / 2), scale=math.ceil(metres * MM * 1000))


@dataclass(slots=True)
class Shown:
    """What a map turned out to show, for its key and its description."""

    sites: int = 0
    tonnes: float = 0.0
    approximate: bool = False
    projects: int = 0
    statuses: tuple[str, ...] = ()
    stacks: bool = False
    ports: int = 0
    stations: int = 0
    airports: int = 0
    places: int = 0
    place_classes: tuple[str, ...] = ()
    perceptions: int = 0
    poles: tuple[str, ...] = ()


def survey(plate: Plate, frame: Frame) -> Shown:
    """Tell what a map shows within its frame."""
    sites, projects = _rows(plate, frame, "industry"), _rows(plate, frame, "decarbonation")
    tonnes = filters.verified(sites, plate.view.verified_year)
    places = _rows(plate, frame, "places")
    classes = set(places["category"].map(_PLACE_CLASS))
    poles = ground.near(ground.metric("poles"), frame) if "poles" in plate.view.layers else None
    return Shown(
        sites=len(sites),
        tonnes=float(tonnes.max()) if tonnes.notna().any() else 0.0,
        approximate=bool(sites["approximate"].any()),
        projects=len(projects),
        statuses=tuple(status for status in _STATUS_ORDER if status in set(projects["status"])),
        stacks=any(len(group) > 1 for _, group in stacks(projects, frame)),
        ports=len(_rows(plate, frame, "ports")),
        stations=len(_rows(plate, frame, "stations")),
        airports=len(_rows(plate, frame, "airports")),
        places=len(places),
        place_classes=tuple(name for name in PLACE_CLASSES if name in classes),
        perceptions=len(_rows(plate, frame, "perceptions")),
        poles=() if poles is None else tuple(str(name) for name in poles["id"]),
    )


def draw(canvas: Canvas, plate: Plate, box: Box) -> Frame:
    """Draw the map into a box of the page and give the frame it shows."""
    frame = frame_of(plate, box)
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(box[0], box[1], box[2] - box[0], box[3] - box[1])
    canvas.clipPath(clip, stroke=0, fill=0)
    _base(canvas, plate, frame)
    space = Space((box[0] + 4, box[1] + 4, box[2] - 4, box[3] - 4))
    space.take((box[0], box[1], box[0] + 110, box[1] + 24))
    _access(canvas, plate, frame, space)
    _sites(canvas, plate, frame, space)
    _projects(canvas, plate, frame, space)
    _perceptions(canvas, plate, frame, space)
    callouts.draw(canvas, plate.highlights, frame, space, size_of=lambda item: _reach(item, plate))
    names.draw(canvas, frame, space, factor=_NAME_FACTOR)
    ground.scale_bar(canvas, frame, (box[0] + 9, box[1] + 9), language=plate.language)
    canvas.restoreState()
    canvas.setStrokeColor(ink("line2"))
    canvas.setLineWidth(0.7)
    canvas.rect(box[0], box[1], box[2] - box[0], box[3] - box[1], stroke=1, fill=0)
    return frame


def _base(canvas: Canvas, plate: Plate, frame: Frame) -> None:
    """Draw the ground once for all the pages that show the same: they then share it in the file."""
    drawn = ("poles" in plate.view.layers, "communes" in plate.view.layers, plate.focus)
    name = hashlib.sha256(repr((frame, drawn)).encode()).hexdigest()[:16]
    if not canvas.hasForm(name):
        # Its stubs take lengths for whole numbers.
        edges: Any = frame.box
        canvas.beginForm(name, *edges)
        ground.draw(canvas, frame)
        _communes(canvas, plate, frame)
        if "poles" in plate.view.layers:
            _outlines(canvas, plate, frame)
        canvas.endForm()
    canvas.doForm(name)
    _areas(canvas, plate, frame)


def _communes(canvas: Canvas, plate: Plate, frame: Frame) -> None:
    """Draw the communes, in the tint of their pole where poles are shown."""
    rows = ground.near(ground.metric("communes"), frame)
    for shape, pole in zip(rows.geometry, rows["pole"], strict=True):
        drawn = frame.on_page(shape)
        canvas.setFillColor(ink("land"))
        canvas.setStrokeColor(ink("com-line" if "communes" in plate.view.layers else "land"))
        canvas.setLineWidth(0.45)
        ground.area(canvas, drawn, fill=True, stroke=True)
        if "poles" in plate.view.layers:
            share = 0.09 if plate.focus is None else 0.2 if plate.focus == pole else 0.03
            # A form of the library keeps no transparency, so that colours are mixed beforehand.
            canvas.setFillColor(mixed(pole, share, "land"))
            ground.area(canvas, drawn, fill=True)


def _outlines(canvas: Canvas, plate: Plate, frame: Frame) -> None:
    """Draw the outlines of the poles over a line in the colour of land, that of the focus last."""
    poles = ground.near(ground.metric("poles"), frame)
    order = sorted(zip(poles["id"], poles.geometry, strict=True), key=lambda pair: pair[0] == plate.focus)
    canvas.setLineJoin(1)
    for pole, shape in order:
        drawn = frame.on_page(shape)
        focused = pole == plate.focus
        canvas.setStrokeColor(ink("land"))
        canvas.setLineWidth(3.2)
        ground.area(canvas, drawn, stroke=True)
        canvas.setStrokeColor(mixed(pole, 1.0 if focused or plate.focus is None else 0.45, "land"))
        canvas.setLineWidth(1.8 if focused else 1.2)
        ground.area(canvas, drawn, stroke=True)


def _areas(canvas: Canvas, plate: Plate, frame: Frame) -> None:
    """Mark the communes and poles that are called out."""
    for item in plate.highlights:
        if item.kind in {"commune", "pole"}:
            drawn = frame.on_page(item.shape)
            canvas.setFillColor(ink(item.pole, 0.14))
            ground.area(canvas, drawn, fill=True)
            for token, width in (("halo", 3.4), ("ink" if item.kind == "commune" else item.pole, 1.6)):
                canvas.setStrokeColor(ink(token))
                canvas.setLineWidth(width)
                ground.area(canvas, drawn, stroke=True)


def _rows(plate: Plate, frame: Frame, layer: str) -> GeoDataFrame:
    """Give the rows of a layer that the View shows and the frame holds, in metres; highlights are always shown."""
    return _found(plate, frame, layer, catalogue.data_dir())


@lru_cache(maxsize=64)
def _found(plate: Plate, frame: Frame, layer: str, _folder: Path) -> GeoDataFrame:
    # The key is made of the same rows as the map, and scenes that follow one another often show the same.
    chosen = filters.visible(layer, plate.view).index
    table = ground.metric(layer)
    forced = [item.id for item in plate.highlights if items.LAYER_OF[item.kind] == layer]
    found: Any = table[table.index.isin(chosen) | table["id"].isin(forced)]
    if layer in {"stations", "airports"} and frame.metres > _DETAIL_METRES:
        found = found[~found["kind"].isin({"station", "airfield", "air base"}) | found["id"].isin(forced)]
    return ground.inside(found, frame)


def _faded(plate: Plate, pole: str) -> float:
    return 1.0 if plate.focus in {None, pole} else _DIM


def _at(frame: Frame, point: shapely.Point) -> Point:
    return frame.at((point.x, point.y))


def _access(canvas: Canvas, plate: Plate, frame: Frame, space: Space) -> None:
    """Draw the chips of places, then those of access."""
    for layer in ("places", "stations", "ports", "airports"):
        for row in _rows(plate, frame, layer).itertuples():
            at = _at(frame, row.geometry)
            minor = row.kind != "port" and row.kind != "airport" if layer != "places" else frame.metres > _DETAIL_METRES
            size = _MINOR if minor else _CHIP
            icon = _PLACE_CLASS[row.category] if layer == "places" else layer
            symbols.chip(canvas, icon, at, size=size, fade=_faded(plate, row.pole))
            space.take(around(at, size / 2))


def radius_of(tonnes: float | None) -> float:
    """Give the radius in points of a site's circle."""
    return circle_radius(tonnes, factor=SIZE_FACTOR)


def _sites(canvas: Canvas, plate: Plate, frame: Frame, space: Space) -> None:
    """Draw the sites by their verified tonnes, the large ones below the small ones."""
    rows = _rows(plate, frame, "industry")
    tonnes = filters.verified(rows, plate.view.verified_year).astype("Float64").fillna(-1.0).astype(float)
    rows = rows.assign(tonnes=tonnes).sort_values("tonnes", ascending=False, kind="stable")
    for row in rows.itertuples():
        at, radius, fade = _at(frame, row.geometry), radius_of(row.tonnes), _faded(plate, row.pole)
        if row.status == "closed":
            symbols.closed_site(canvas, row.family, at, radius=radius, fade=fade)
        else:
            symbols.site(canvas, row.family, at, radius=radius, approximate=bool(row.approximate), fade=fade)
        space.take(around(at, radius * 0.9))


def stacks(
    rows: GeoDataFrame, frame: Frame, *, within: float = _STACKED_WITHIN
) -> list[tuple[Point, list[Any]]]:  # fmt: skip
    """Gather projects nearer than `within` points to one another, each with the first group it is near to."""
    order = rows.assign(order=rows["status"].map(_STATUS_ORDER)).sort_values("order", kind="stable")
    groups: list[tuple[Point, list[Any]]] = []
    for row in order.itertuples():
        at = _at(frame, row.geometry)
        near = next((i for i, (centre, _) in enumerate(groups) if math.dist(centre, at) < within), None)
        if near is None:
            groups.append((at, [row]))
            continue
        (x, y), members = groups[near]
        members.append(row)
        groups[near] = ((x + (at[0] - x) / len(members), y + (at[1] - y) / len(members)), members)
    return groups


def _projects(canvas: Canvas, plate: Plate, frame: Frame, space: Space) -> None:
    """Draw the projects, several of one place as a stack; one that is called out stands alone, over the others."""
    rows = _rows(plate, frame, "decarbonation")
    alone = rows["id"].isin({item.id for item in plate.highlights if item.kind == "project"})
    for at, members in stacks(rows[~alone], frame) + [
        (_at(frame, row.geometry), [row]) for row in rows[alone].itertuples()
    ]:
        fade = max(_faded(plate, member.pole) for member in members)
        if len(members) > 1:
            symbols.stack(canvas, len(members), at, size=_STACK, fade=fade)
        else:
            symbols.project(canvas, members[0].family, members[0].status, at, size=_PROJECT, fade=fade)
        space.take(around(at, _PROJECT / 2 + 1))


def _perceptions(canvas: Canvas, plate: Plate, frame: Frame, space: Space) -> None:
    """Draw the ideas that have a place, their number in a bubble over it."""
    for row in _rows(plate, frame, "perceptions").itertuples():
        x, y = _at(frame, row.geometry)
        symbols.bubble(canvas, int(row.rank), (x, y), size=_BUBBLE)
        space.take((x - _BUBBLE * 0.6, y, x + _BUBBLE * 0.6, y + _BUBBLE * 1.3))


def _reach(item: Item, plate: Plate) -> float:
    """Give how far the symbol of an item reaches from its place, 0 for an area."""
    if item.kind == "site":
        tonnes = filters.verified(ground.metric("industry"), plate.view.verified_year)
        value = tonnes[ground.metric("industry")["id"] == item.id].iloc[0]
        return radius_of(None if pd.isna(value) else float(value))
    return {"commune": 0.0, "pole": 0.0, "project": _PROJECT / 2}.get(item.kind, _CHIP / 2)
