"""Answers with a geometry: read from GeoJSON, flat, each row once, and where the territory is."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from shapely.geometry import shape

from geo import crs
from layers import numbers
from layers.sources import AnswerError
from layers.sources.connector import Territory
from layers.sources.fields import Said
from layers.text import both

log = logging.getLogger("provence_map.refresh")


@dataclass(frozen=True, slots=True)
class Features:
    """The rows of an answer that have a place, in EPSG:4326, and what is to be told of the others."""

    frame: GeoDataFrame
    notes: tuple[Said, ...]


def frame(features: Iterable[Mapping[str, Any]], columns: Iterable[str], *, key: str, service: str) -> Features:
    """Turn features into a table: flat geometries, rows without one and rows that come twice left out and counted.

    `key` is the property that names a row ("" for none). Coordinates are longitude and latitude (EPSG:4326). Polygons
    that cross themselves are put right.

    Raises AnswerError for a geometry that cannot be read.
    """
    names = list(columns)
    rows: dict[str, list[Any]] = {name: [] for name in names}
    shapes: list[Any] = []
    seen: set[Any] = set()
    empty = twice = 0
    for feature in features:
        properties = feature.get("properties") or {}
        if key and properties.get(key) in seen:
            twice += 1
            continue
        drawn = _shape(feature.get("geometry"), service)
        if drawn is None:
            empty += 1
            continue
        seen.add(properties.get(key))
        shapes.append(drawn)
        for name in names:
            rows[name].append(properties.get(name))
    flat = shapely.force_2d(np.asarray(shapes, dtype=object))
    made = GeoDataFrame(rows, geometry=_valid(flat), crs=crs.WGS84)
    notes = [
        both(f"fields.{what}", subject=service, n=partial(numbers.number, n))
        for what, n in (("unplaced", empty), ("twice", twice))
        if n
    ]
    return Features(made, tuple(notes))


def _shape(geometry: Any, service: str) -> Any:
    """Read one geometry; None where the service gives none or an empty one."""
    if not geometry:
        return None
    try:
        drawn = shape(geometry)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, shapely.errors.ShapelyError) as error:
        raise AnswerError(both("fields.no_geometry", subject=service, reason=str(error)[:100])) from error
    return None if drawn.is_empty else drawn


def _valid(shapes: Any) -> Any:
    """Put polygons right that cross themselves, keeping what of them is an area."""
    wrong = ~shapely.is_valid(shapes)
    if wrong.any():
        right = [_areas(one) for one in shapely.make_valid(shapes[wrong])]
        shapes = shapes.copy()
        shapes[wrong] = right
    return shapes


def _areas(made: Any) -> Any:
    """Keep the areas of a collection, or the whole where it has none."""
    parts = [part for part in shapely.get_parts(made) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if parts else made


def inside(table: GeoDataFrame, territory: Territory, service: str) -> GeoDataFrame:
    """Return the rows that touch the communes of the territory, in their order.

    Raises AnswerError as `check_place` does.
    """
    if table.empty:
        return table
    check_place(table, territory.bounds, service)
    communes = territory.communes.geometry.to_numpy()
    hit, _ = shapely.STRtree(communes).query(table.geometry.to_numpy(), predicate="intersects")
    return table.iloc[np.unique(hit)].reset_index(drop=True)


def check_place(table: GeoDataFrame, bounds: tuple[float, float, float, float], service: str) -> None:
    """Refuse rows of which none lies within bounds (west, south, east, north in degrees).

    Raises AnswerError: a wrong box, or latitude given before longitude, which is then said.
    """
    frame, shapes = shapely.box(*bounds), table.geometry.to_numpy()
    if shapely.intersects(shapes, frame).any():
        return
    turned = shapely.transform(shapes, lambda points: points[:, ::-1])
    key = "fields.swapped" if shapely.intersects(turned, frame).any() else "fields.outside"
    box = ", ".join(f"{value:.2f}" for value in bounds)
    at = ", ".join(f"{value:.2f}" for value in table.total_bounds[:2])
    raise AnswerError(both(key, subject=service, n=partial(numbers.number, len(table)), at=at, box=box))


def cut(table: GeoDataFrame, territory: Territory) -> GeoDataFrame:
    """Return lines cut at the limit of the territory; what has no length there is left out."""
    limit = shapely.union_all(territory.communes.geometry.to_numpy())
    shapely.prepare(limit)
    shapes = table.geometry.to_numpy()
    across = ~shapely.covers(limit, shapes)
    cut_off = shapes.copy()
    # Touching the limit leaves points among the lines: only lines are kept.
    cut_off[across] = [_lines(one) for one in shapely.intersection(shapes[across], limit)]
    kept = table.set_geometry(cut_off, crs=table.crs)
    return kept[~kept.geometry.is_empty].reset_index(drop=True)


def _lines(made: Any) -> Any:
    """Keep the lines of what is left of a line, joined where they meet."""
    parts = [part for part in shapely.get_parts(made) if part.geom_type == "LineString"]
    return shapely.line_merge(shapely.multilinestrings(parts)) if parts else shapely.LineString()
