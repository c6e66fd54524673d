"""A feature that is named on paper: its row, its name in the reader's language, its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import shapely

from geo import crs
from layers import catalogue
from layers.print import ground
from layers.print.words import Words, tidy

LAYER_OF = {
    "site": "industry",
    "project": "decarbonation",
    "commune": "communes",
    "pole": "poles",
    "place": "places",
    "port": "ports",
    "station": "stations",
    "airport": "airports",
    "perception": "perceptions",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One feature that is named on paper. `at` is its point and `shape` its geometry in Lambert-93 (EPSG:2154)."""

    number: int
    kind: str
    row: Any
    name: str
    at: tuple[float, float]
    shape: shapely.Geometry

    @property
    def id(self) -> str:
        """Give the identifier of the row."""
        return str(self.row.code if self.kind == "commune" else self.row.id)

    @property
    def pole(self) -> str:
        """Give the pole it lies in, or `outside`."""
        return str(self.row.id if self.kind == "pole" else self.row.pole)


def row_of(key: str) -> Any:
    """Give the row of a key `kind:id` in Lambert-93, None when there is none."""
    kind, _, name = key.partition(":")
    if kind not in LAYER_OF:
        return None
    table = ground.metric(LAYER_OF[kind])
    hit = table[table["code" if kind == "commune" else "id"] == name]
    return None if hit.empty else next(hit.itertuples())


def item(number: int, key: str, row: Any, words: Words) -> Item:
    """Make the item of a row found by its key."""
    kind = key.partition(":")[0]
    if kind == "perception":
        name = words.pick(row, "belief")
    else:
        name = tidy(row.name_fr if kind == "project" and words.language == "fr" else row.name)
    return Item(number, kind, row, name, _point(kind, row), row.geometry)


def _point(kind: str, row: Any) -> tuple[float, float]:
    """Give the place of the number: the point, the town hall of a commune, a point well inside a pole."""
    point = row.geometry
    if kind == "commune" and not pd.isna(row.mairie_lon):
        hall = catalogue.load("communes").set_index("code").loc[[row.code]]
        hall = hall.set_geometry([shapely.Point(row.mairie_lon, row.mairie_lat)], crs=crs.WGS84)
        point = crs.to_metres(hall).geometry.iloc[0]
    elif kind in {"commune", "pole"}:
        point = shapely.point_on_surface(row.geometry)
    return float(point.x), float(point.y)
