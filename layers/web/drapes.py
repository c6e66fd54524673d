"""The areas and lines that lie over the land, as the document carries them: generalised, and written in few letters.

Generalised in EPSG:2154, then rounded to a hundred-thousandth of a degree (EPSG:4326), about a metre. Shapes that share
an edge share it afterwards too. In exports, in Plan and in the OGC API shapes are whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo import crs, tiles
from layers import budget, catalogue, drape, editions

# Metres. A px at the closest zoom is 1.7 m; protected areas are large and their edges seldom sharp on the ground.
TOLERANCE_M = {"zones": 6.0, "brownfields": 4.0, "protected": 15.0, "rail": 3.0, "power_lines": 3.0}
STEPS = 100_000
# How often a layer over its budget is generalised twice as far for a file that can fetch nothing.
_DOUBLINGS = 7
# Thousands of rows say the same; their twin stands in drape_shapes.js.
_USUAL = {"state": "in-service", "use": "unknown", "electrified": "unknown"}


def features(layer: str, frame: GeoDataFrame) -> dict[str, Any]:
    """Give a layer of areas or lines for the document; coordinates are steps of 0.00001°, each from the one before."""
    shapes, times = fitted(layer, frame)
    rows = frame.assign(drawn=drape.classes(layer, frame))
    found = [
        {"type": "Feature", "properties": properties(layer, row), "geometry": packed(shape)}
        for row, shape in zip(rows.itertuples(), shapes, strict=True)
    ]
    # Said where it is so, since it is so in a file alone.
    return {"type": "FeatureCollection", "features": found, **({"coarse": times} if times > 1 else {})}


@editions.kept()
def over(layer: str) -> bool:
    """Tell whether a layer, generalised as the document carries it, is more than the document may carry."""
    frame, allowed = catalogue.load(layer), budget.of(layer)
    if len(frame) > allowed.rows:
        return True
    return not allowed.holds(frame) and not allowed.holds(frame.set_geometry(generalised(layer, frame), crs=crs.WGS84))


def fitted(layer: str, frame: GeoDataFrame) -> tuple[Any, int]:
    """Return the shapes of a layer for the document, EPSG:4326, and how many times farther they are generalised.

    Once for a layer within its budget; else as far as brings its corners within it, if that can be.
    """
    corners = budget.of(layer).corners
    for doubling in range(_DOUBLINGS):
        shapes = generalised(layer, frame, times=2**doubling)
        if int(shapely.get_num_coordinates(shapes).sum()) <= corners:
            break
    return shapes, 2**doubling


def generalised(layer: str, frame: GeoDataFrame, *, times: int = 1) -> Any:
    """Return the shapes of a layer with fewer corners, in EPSG:4326; none of them becomes empty or invalid."""
    metric = crs.to_metres(frame)
    simple = tiles.generalised(metric.geometry.to_numpy(), TOLERANCE_M[layer] * times)
    return GeoDataFrame(geometry=simple, crs=metric.crs).to_crs(crs.WGS84).geometry.to_numpy()


def packed(shape: shapely.Geometry) -> dict[str, Any]:
    """Write a shape as GeoJSON whose `packed` holds, for each ring or line, its steps in one flat list.

    The closing point of a ring is left out. The twin that reads it is `pm.drapeShapes.unpacked`.
    """
    parts: list[Any]
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        # Rings around turn one way and holes the other, so that many areas can be filled as one path.
        shape = shapely.normalize(shape)
        parts = [[ring for ring in map(_ring, _rings(part)) if ring] for part in shapely.get_parts(shape)]
        return {"type": "MultiPolygon", "packed": [part for part in parts if part]}
    parts = [_steps(np.rint(shapely.get_coordinates(line) * STEPS)) for line in shapely.get_parts(shape)]
    return {"type": "MultiLineString", "packed": parts}


def _rings(polygon: shapely.Geometry) -> Iterator[shapely.Geometry]:
    yield polygon.exterior
    yield from polygon.interiors


def _ring(ring: shapely.Geometry) -> list[int]:
    """Give the steps of a ring; none for one that closes on itself once it is rounded."""
    found = _steps(np.rint(shapely.get_coordinates(ring)[:-1] * STEPS))
    return found if len(found) >= 6 else []


def _steps(points: Any) -> list[int]:
    moved = np.diff(points, axis=0, prepend=np.zeros((1, 2)))
    kept = np.any(moved != 0, axis=1)
    kept[0] = True
    return [int(value) for value in moved[kept].ravel()]


def properties(layer: str, row: Any) -> dict[str, Any]:
    """Give what a row says; what is empty, or what the script knows by itself, is left out.

    `pm.drapeShapes.whole` puts it back: the commune's name and pole, the class where the type says it, usual states.
    """
    told = {"id": row.id, "class": row.drawn, **_TOLD[layer](row)}
    if told["class"] == told.get("type"):
        del told["class"]
    return {key: value for key, value in told.items() if value is not None and value != "" and value != _USUAL.get(key)}


def _placed(row: Any) -> dict[str, Any]:
    return {"name": row.name, "insee": row.insee, "area_ha": row.area_ha}


def _zone(row: Any) -> dict[str, Any]:
    return {**_placed(row), "type": row.kind, "detail": row.detail, "updated": row.updated}


def _brownfield(row: Any) -> dict[str, Any]:
    said = {"type": row.kind, "status": row.status, "activity": row.activity, "pollution": row.pollution}
    return {**_placed(row), **said}


def _protected(row: Any) -> dict[str, Any]:
    said = {"type": row.kind, "number": row.official_id, "url": row.url}
    return {"name": row.name, "area_ha": row.area_ha, **said}


def _rail(row: Any) -> dict[str, Any]:
    tracks = None if pd.isna(row.tracks) else int(row.tracks)
    return {"type": row.kind, "use": row.use, "electrified": row.electrified, "tracks": tracks, "state": row.status}


def _power(row: Any) -> dict[str, Any]:
    kv = None if pd.isna(row.voltage_kv) else int(row.voltage_kv)
    return {"kv": kv, "operator": row.operator, "state": row.status}


_TOLD: dict[str, Callable[[Any], dict[str, Any]]] = {
    "zones": _zone,
    "brownfields": _brownfield,
    "protected": _protected,
    "rail": _rail,
    "power_lines": _power,
}
