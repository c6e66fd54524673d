"""Two snapshots compared: rows added, removed and changed, by layer and column, and how far geometry moved.

Rows are matched by their key. Distances are metres in EPSG:2154: between points their distance, else the Hausdorff
distance, how far the farthest point of one shape lies from the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame
from pyproj.exceptions import ProjError
from shapely.errors import GEOSException

from geo import crs
from layers.errors import LayerError
from layers.snapshot.opening import layers_of, plain

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
GEOMETRY = "geometry"
# Nearer than a centimetre is the rounding of formats and systems, not a move.
LEAST_M = 0.01
_DECIMALS = 3
_KEYS: tuple[tuple[str, ...], ...] = (
    ("id",),
    ("code",),
    ("site_id", "year"),
    ("insee", "year", "sector"),
    ("key",),
)


class DiffError(LayerError):
    """Two snapshots cannot be compared."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: of a whole row, or of one of its columns; `moved_m` where its geometry moved."""

    layer: str
    key: str
    change: str
    column: str = ""
    before: Any = None
    after: Any = None
    moved_m: float | None = None


@dataclass(slots=True)
class LayerDiff:
    """What differs in one layer; `shapes` are the rows that differ, in EPSG:2154, where the layer has geometry."""

    layer: str
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    shapes: dict[str, Any] = field(default_factory=dict)
    spatial: bool = False

    def keys(self, change: str) -> list[str]:
        """Return the rows with a kind of change, each once; a row both changed and moved is among both."""
        return list(dict.fromkeys(found.key for found in self.changes if found.change == change))


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two snapshots, layer by layer, and what they are called."""

    before: str
    after: str
    layers: tuple[LayerDiff, ...]

    @property
    def changes(self) -> list[Change]:
        """Return every change, layer by layer."""
        return [change for layer in self.layers for change in layer.changes]


def compare(before: Path, after: Path) -> Difference:
    """Compare two snapshots, each a bundle or a GeoPackage.

    Raises OpeningError when one cannot be read, DiffError when their coordinates cannot be brought together.
    """
    return Difference(Path(before).name, Path(after).name, compare_tables(layers_of(before), layers_of(after)))


def compare_tables(old: Mapping[str, DataFrame], new: Mapping[str, DataFrame]) -> tuple[LayerDiff, ...]:
    """Compare tables by name, each with or without geometry; a table that only one side has is rows that came or went.

    Raises DiffError when coordinates cannot be brought together.
    """
    return tuple(_layer(name, old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new]))


def _layer(name: str, old: DataFrame | None, new: DataFrame | None) -> LayerDiff:
    """Compare one layer; a layer that only one side has is rows that came or went."""
    found = LayerDiff(name, spatial=any(isinstance(frame, GeoDataFrame) for frame in (old, new)))
    if old is not None and new is not None:
        columns = [_columns(frame) for frame in (old, new)]
        found.columns_removed = tuple(column for column in columns[0] if column not in columns[1])
        found.columns_added = tuple(column for column in columns[1] if column not in columns[0])
    frames = [frame for frame in (old, new) if frame is not None]
    key = next((key for key in _KEYS if all(_fit(frame, key) for frame in frames)), None)
    try:
        sides = [_rows(frame, key) for frame in (old, new)]
        _compared(found, *sides)
    except (ProjError, GEOSException) as error:
        raise DiffError(
            f"cannot compare layer {plain(name)!r}: its coordinates make no sense ({plain(str(error))})"
        ) from error
    return found


def _columns(frame: DataFrame) -> list[str]:
    geometry = frame.geometry.name if isinstance(frame, GeoDataFrame) else None
    return [str(column) for column in frame.columns if column != geometry]


def _fit(frame: DataFrame, key: tuple[str, ...]) -> bool:
    """Tell whether columns name the rows of a frame."""
    if not all(column in frame for column in key):
        return False
    return not bool(frame[list(key)].isna().any(axis=None) or frame.duplicated(list(key)).any())


Row = tuple[dict[str, Any], Any]


def _rows(frame: DataFrame | None, key: tuple[str, ...] | None) -> dict[str, Row]:
    """Give the rows by key: their values, and their shape in EPSG:2154."""
    if frame is None:
        return {}
    columns = _columns(frame)
    shapes: Iterable[Any] = [None] * len(frame)
    if isinstance(frame, GeoDataFrame):
        moved = crs.to_metres(frame).geometry.to_numpy()
        # What cannot be said in Lambert-93 comes out infinite.
        if not _finite(moved):
            raise ProjError("not on the ground of EPSG:2154")
        shapes = moved
    records = [{column: _value(row[column]) for column in columns} for row in frame.to_dict(orient="records")]
    found: dict[str, Row] = {}
    times: Counter[str] = Counter()
    for record, shape in zip(records, shapes, strict=True):
        said = "/".join(str(record[column]) for column in key) if key else _whole(record, shape)
        times[said] += 1
        # Without a key the same row may stand there several times.
        found[said if key or times[said] == 1 else f"{said} ({times[said]})"] = (record, shape)
    return found


def _finite(shapes: Any) -> bool:
    bounds = shapely.bounds(shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))])
    return not bool(pd.isna(bounds).any() or (abs(bounds) == float("inf")).any())


def _whole(record: Mapping[str, Any], shape: Any) -> str:
    """Name a row without a key by all it holds: it is the same or it is another."""
    said = ", ".join(f"{name}={value}" for name, value in record.items() if value is not None)
    if shape is None:
        return said
    middle = shapely.centroid(shape)
    place = "" if middle.is_empty else f" @ {middle.x:.1f} {middle.y:.1f}"
    return f"{said}{place} ({shapely.get_num_coordinates(shape)})"


def _value(value: Any) -> Any:
    """Give a cell as Python and JSON know it; absent is None, and so is empty text."""
    if not pd.api.types.is_scalar(value):
        return str(value)
    if pd.isna(value) or value == "":
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    value = value.item() if hasattr(value, "item") else value
    # Whole numbers of a column with gaps are read as floats.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _compared(found: LayerDiff, old: dict[str, Row], new: dict[str, Row]) -> None:
    """Put what differs between two sides into the record of their layer."""
    shared = set(found.columns_added) | set(found.columns_removed)
    for key in dict.fromkeys([*old, *new]):
        if key not in new or key not in old:
            found.changes.append(Change(found.layer, key, REMOVED if key in old else ADDED))
            found.shapes[key] = (new.get(key) or old[key])[1]
            continue
        changes = list(_cells(found.layer, key, old[key], new[key], apart=shared))
        found.changes += changes
        if changes:
            found.shapes[key] = new[key][1]
        else:
            found.same += 1


def _cells(layer: str, key: str, old: Row, new: Row, *, apart: set[str]) -> Iterable[Change]:
    """Give the changes of one row, column by column, the geometry last; `apart` are columns one side lacks."""
    for column, value in old[0].items():
        if column not in apart and value != new[0][column]:
            yield Change(layer, key, CHANGED, column, value, new[0][column])
    before, after = old[1], new[1]
    if before is None and after is None:
        return
    if before is None or after is None or before.is_empty or after.is_empty:
        kinds = ["" if shape is None or shape.is_empty else shape.geom_type for shape in (before, after)]
        if kinds[0] != kinds[1]:
            yield Change(layer, key, CHANGED, GEOMETRY, kinds[0] or None, kinds[1] or None)
        return
    if shapely.equals_exact(before, after, LEAST_M):
        return
    metres = float(shapely.hausdorff_distance(before, after))
    if metres > LEAST_M or before.geom_type.removeprefix("Multi") != after.geom_type.removeprefix("Multi"):
        yield Change(layer, key, MOVED, GEOMETRY, before.geom_type, after.geom_type, round(metres, _DECIMALS))
