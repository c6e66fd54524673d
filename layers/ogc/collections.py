"""Each layer as a collection: its columns, its features' ids, its extent, and its shapes in the systems offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import shapely
from geopandas import GeoDataFrame
from pyproj import CRS

from geo.types import Bounds
from layers import catalogue, editions
from layers.catalogue import Layer, Source
from layers.errors import LayerError
from layers.text import both
from layers.view import LANGUAGES, Language

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
# The first is what the tables are in and what comes unless another is asked for.
SYSTEMS: dict[str, str] = {
    CRS84: "OGC:CRS84",
    **{f"{_EPSG}{code}": f"EPSG:{code}" for code in (2154, 4326, 3857, 3944, 25831, 32631)},
}
# A millimetre; a hundred-millionth of a degree is one as well.
_METRES, _DEGREES = 3, 8
_KINDS = {"bool": "boolean", "int64": "integer", "Int64": "integer", "float64": "number"}
# What a layer's features are named by where it has no column `id`.
_CODE = "code"
# How columns end that are in one language only; `name` stays beside `name_fr`.
_ENDING = {language: f"_{language}" for language in LANGUAGES}


class MissingError(LayerError):
    """Tell in both languages that a collection or a feature is not there."""

    def __init__(self, said: Mapping[Language, str]) -> None:
        self.said: dict[Language, str] = dict(said)
        super().__init__(self.said["en"])


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name, its JSON type, and whether a value may be absent."""

    name: str
    kind: str
    nullable: bool


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """A layer's rows in EPSG:4326, the id of each feature in their order, and what its columns hold."""

    id: str
    layer: Layer
    rows: GeoDataFrame
    keys: tuple[str, ...]
    fields: tuple[Field, ...]
    records: tuple[dict[str, Any], ...]

    def told(self, language: Language | None) -> tuple[Field, ...]:
        """Return the columns in one language: those in the other are left out; all of them for None."""
        other = [_ENDING[name] for name in LANGUAGES if language is not None and name != language]
        return tuple(field for field in self.fields if not field.name.endswith(tuple(other)))

    def extent(self) -> Bounds:
        """Return the extent in EPSG:4326."""
        return Bounds.of(self.rows)

    def place(self, key: str) -> int:
        """Return the row of a feature. Raises MissingError."""
        try:
            return self.keys.index(key)
        except ValueError:
            raise MissingError(both("ogc.no_item", id=short(key), collection=self.id)) from None


def ids() -> tuple[str, ...]:
    """Return the ids of all collections: every layer of the catalogue, in its order."""
    return tuple(catalogue.catalogue().layers)


def collection(name: str) -> Collection:
    """Return one collection, read once per process and data. Raises MissingError."""
    if name not in ids():
        raise MissingError(both("ogc.no_collection", id=short(name), known=", ".join(ids())))
    return _collection(name)


def sources(found: Collection) -> tuple[Source, ...]:
    """Return the sources of a collection, the main one first."""
    return catalogue.catalogue().sources_of(found.id)


def shapes(found: Collection, system: str) -> tuple[Any, ...]:
    """Return the shapes of a collection in a system of SYSTEMS, axes in the order of that system, null where none is.

    Metres are rounded to the millimetre, degrees to eight decimals.
    """
    return _shapes(found, system)


def northing_first(system: str) -> bool:
    """Tell whether a system of SYSTEMS gives the northing or latitude before the easting, as EPSG:4326 does."""
    return bool(CRS.from_user_input(SYSTEMS[system]).axis_info[0].direction == "north")


def geographic(system: str) -> bool:
    """Tell whether a system of SYSTEMS is in degrees."""
    return bool(CRS.from_user_input(SYSTEMS[system]).is_geographic)


def short(text: str, *, most: int = 60) -> str:
    """Give the beginning of what came, on one line."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    return line if len(line) <= most else f"{line[:most]}…"


@editions.kept()
def _collection(name: str) -> Collection:
    rows = catalogue.load(name)
    fields = tuple(
        Field(column, _KINDS.get(str(rows[column].dtype), "string"), bool(rows[column].isna().any()))
        for column in rows.columns
        if column != rows.geometry.name
    )
    key = next((column for column in ("id", _CODE) if column in rows), None)
    # Water has no id: its few pieces are numbered in the order of the table.
    keys = tuple(str(value) for value in (rows[key] if key else range(1, len(rows) + 1)))
    records = tuple({field.name: _plain(row[field.name]) for field in fields} for row in rows.to_dict(orient="records"))
    return Collection(name, catalogue.catalogue().layer(name), rows, keys, fields, records)


@editions.kept(most=128)
def _shapes(found: Collection, system: str) -> tuple[Any, ...]:
    moved = found.rows.geometry.to_crs(SYSTEMS[system]).to_numpy() if system != CRS84 else found.rows.geometry
    decimals = _DEGREES if geographic(system) else _METRES
    swap = northing_first(system)

    def tidy(shape: Any) -> Any:
        if shape is None:
            return None
        return shapely.transform(shape, lambda xy: (xy[:, ::-1] if swap else xy).round(decimals))

    return tuple(tidy(shape) for shape in moved)


def _plain(value: Any) -> Any:
    """Give a cell as JSON knows it: nothing for what is absent, numbers of Python."""
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value
