"""Features of a collection as GeoJSON, page by page: rows of the layer's table and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping

from layers.ogc.collections import Collection, northing_first, shapes
from layers.ogc.query import Query
from layers.view import Language

Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Some features, how many there are in all, and where the next and the previous page begin."""

    features: list[Feature]
    matched: int
    next: int | None
    previous: int | None


def page(found: Collection, query: Query, *, language: Language | None) -> Page:
    """Return the features a query asks for, in the order of the table; columns of one language, all for None."""
    rows = _matching(found, query)
    shown = rows[query.offset : query.offset + query.limit]
    end = query.offset + query.limit
    return Page(
        [feature(found, int(row), system=query.system, language=language) for row in shown],
        len(rows),
        end if end < len(rows) else None,
        max(0, query.offset - query.limit) if query.offset else None,
    )


def feature(found: Collection, row: int, *, system: str, language: Language | None) -> Feature:
    """Return one row as a feature; its geometry is null where the row has no place."""
    shape, record = shapes(found, system)[row], found.records[row]
    return {
        "type": "Feature",
        "id": found.keys[row],
        "geometry": None if shape is None else mapping(shape),
        "properties": {field.name: record[field.name] for field in found.told(language)},
    }


def _matching(found: Collection, query: Query) -> Any:
    """Return the rows that meet every condition; a row without a place lies in no box."""
    keep = np.ones(len(found.keys), dtype=bool)
    for name, wanted in query.equal:
        keep &= np.fromiter((record[name] == wanted for record in found.records), bool, len(keep))
    if query.boxes:
        here = np.array(shapes(found, query.box_system), dtype=object)
        turned = northing_first(query.box_system)
        keep &= np.any([shapely.intersects(here, _box(box, turned=turned)) for box in query.boxes], axis=0)
    return np.flatnonzero(keep)


def _box(box: tuple[float, float, float, float], *, turned: bool) -> Any:
    west, south, east, north = box
    return shapely.box(south, west, north, east) if turned else shapely.box(west, south, east, north)
