"""The shortlist as it was kept: keys read into items, each with its row, its place and its number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import shapely

from geo import crs
from layers import catalogue
from layers.errors import BriefError
from layers.print.words import Words, tidy
from layers.view import MOST_KEPT
from layers.vocabulary import OUTSIDE, POLES

LAYER_OF = {
    "site": "industry",
    "project": "decarbonation",
    "commune": "communes",
    "pole": "poles",
    "place": "places",
    "port": "ports",
    "station": "stations",
    "airport": "airports",
}
_ADVICE = "Name one to {most} features as kind:id, with a kind of {kinds} and an id of the tables."


@dataclass(frozen=True, slots=True)
class Item:
    """One feature of the shortlist. `at` is its point and `shape` its geometry in Lambert-93 (EPSG:2154)."""

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


def read(keys: Sequence[str], words: Words) -> tuple[Item, ...]:
    """Read the keys in their order, each once.

    Raises BriefError naming every key that is not known, and a list that is empty or too long.
    """
    wanted = list(dict.fromkeys(keys))
    faults = [] if wanted else ["the shortlist is empty"]
    if len(wanted) > MOST_KEPT:
        faults.append(f"{len(wanted)} features are on the shortlist, at most {MOST_KEPT} fit on two pages")
    found = [_find(key) for key in wanted]
    faults += [f"{key!r} is not known" for key, row in zip(wanted, found, strict=True) if row is None]
    if faults:
        raise BriefError(faults, advice=_ADVICE.format(most=MOST_KEPT, kinds=", ".join(LAYER_OF)))
    return tuple(_item(number, key, row, words) for number, (key, row) in enumerate(zip(wanted, found, strict=True), 1))


def of_kinds(items: Iterable[Item], *kinds: str) -> tuple[Item, ...]:
    """Give the items of some kinds, in their order."""
    return tuple(item for item in items if item.kind in kinds)


def poles_of(items: Iterable[Item]) -> tuple[str, ...]:
    """Give the poles the items lie in, in the order of the poles."""
    found = {item.pole for item in items} - {OUTSIDE}
    return tuple(pole for pole in POLES if pole in found)


def _find(key: str) -> Any:
    """Give the row of a key in Lambert-93, None when there is none."""
    kind, _, name = key.partition(":")
    if kind not in LAYER_OF:
        return None
    frame = catalogue.load(LAYER_OF[kind])
    hit = frame[frame["code" if kind == "commune" else "id"] == name]
    return None if hit.empty else next(crs.to_metres(hit).itertuples())


def _item(number: int, key: str, row: Any, words: Words) -> Item:
    kind = key.partition(":")[0]
    french = kind == "project" and words.language == "fr"
    name = tidy(row.name_fr if french else row.name)
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
