"""The data dictionary: of each column its type, its unit, what it means in both languages, and its sources."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from layers.schema import SCHEMAS
from layers.snapshot.choice import Choice, choosable, sources_of, table_of
from layers.snapshot.frames import columns_for
from layers.view import Language

_FILE = Path(__file__).parent / "columns.toml"
_TYPES = {"str": "text", "Int": "integer", "float": "number", "bool": "boolean", "geometry": "geometry"}


@dataclass(frozen=True, slots=True)
class Column:
    """Say what one column holds: `type` is text, integer, number, boolean or geometry; `unit` "" where it has none."""

    layer: str
    column: str
    type: str
    unit: str
    meaning: dict[Language, str]
    sources: tuple[str, ...]


def dictionary(of: Choice | str | None = None) -> tuple[Column, ...]:
    """Return a row for each column of a choice, of one layer, or of all that can be chosen; geometry comes last.

    Raises UnknownLayerError for a layer that the catalogue does not hold.
    """
    if isinstance(of, Choice):
        return tuple(row for layer in of.layers for row in _rows(layer, columns_for(layer, of)))
    layers = choosable() if of is None else (of,)
    return tuple(row for layer in layers for row in _rows(layer, SCHEMAS[table_of(layer)].columns))


def missing() -> tuple[str, ...]:
    """Return every column of every layer that columns.toml says nothing of, as `layer.column`."""
    return tuple(
        f"{layer}.{name}"
        for layer in choosable()
        for name in SCHEMAS[table_of(layer)].columns
        if _entry(layer, name) is None
    )


def _rows(layer: str, names: Iterable[str]) -> list[Column]:
    columns = SCHEMAS[table_of(layer)].columns
    listed = [name for name in names if name != "geometry"]
    if "geometry" in columns:
        listed.append("geometry")
    return [_row(layer, name, str(columns[name].dtype)) for name in listed]


def _row(layer: str, name: str, dtype: str) -> Column:
    entry: dict[str, str] = _entry(layer, name) or {}
    return Column(
        layer=layer,
        column=name,
        type=next(kind for start, kind in _TYPES.items() if dtype.startswith(start)),
        unit=entry.get("unit", ""),
        meaning={"en": entry.get("en", ""), "fr": entry.get("fr", "")},
        sources=sources_of(layer),
    )


def _entry(layer: str, name: str) -> dict[str, str] | None:
    """Find the words of a column: the layer's own before the common ones, the name before that of its pair."""
    base = name.removesuffix("_en").removesuffix("_fr")
    for group in (layer, "common"):
        for key in (name, base):
            if key in (found := meanings().get(group, {})):
                return dict(found[key])
    return None


@cache
def meanings() -> dict[str, Any]:
    """Return what columns.toml says: group, column, then unit and words."""
    with _FILE.open("rb") as file:
        return tomllib.load(file)
