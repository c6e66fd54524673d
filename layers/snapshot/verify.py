"""A written snapshot read back and compared with the frames: every difference is told."""

from __future__ import annotations

import csv
import tempfile
import zipfile
from collections.abc import Mapping
from operator import ne
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pandas import DataFrame, Series
from shapely.errors import ShapelyError

from geo import vector
from geo.errors import FormatError, GeoError
from layers.snapshot import packing, tables
from layers.snapshot.area import Said
from layers.snapshot.carry import Carried, carried, geometric, is_text
from layers.snapshot.choice import Choice
from layers.snapshot.formats import FORMATS, Format
from layers.snapshot.write import layer_path, zipped
from layers.text import both

# How far a coordinate may be off: a text of 15 digits keeps a metre to a billionth, a degree to less.
_EXACT = 1e-7
_SHOWN = 120
# What KML calls a column that it has a place of its own for.
_KML_NAMES = {"Name": "name"}
_RELATIVE = 1e-9
# In an exchange of degrees written with seven decimals, half of the last one.
_HALF_OF_SEVEN = 0.5e-7 + 1e-12

# What readers raise of a file that is cut short or spoiled.
_BROKEN = (GeoError, OSError, ValueError, LookupError, RuntimeError, csv.Error, ShapelyError, zipfile.BadZipFile)


def verify(path: Path, frames: Mapping[str, Any], choice: Choice, *, made: Carried | None = None) -> list[Said]:
    """Read a file back and return every difference from the frames, in both languages; none means it is sound.

    Compared: layers, number of rows, coordinate system, shapes within the precision of the format, each value of each
    column, accents included. What a format is known to lose (`carried`, given as `made` where it was asked already) is
    no difference.

    Raises FormatError for a file that cannot be read at all.
    """
    record = FORMATS[choice.format]
    expected = (made or carried(frames, record.id, decimals=choice.decimals)).frames
    with tempfile.TemporaryDirectory(prefix="provence-map-") as folder:
        files = path
        if zipped(path, record):
            try:
                packing.unpack(path, Path(folder))
            except (OSError, zipfile.BadZipFile) as error:
                raise FormatError(f"cannot read {path.name} back: {_shown(error)}") from error
            files = Path(folder)
        if record.id == "dxf":
            return _drawing(files, expected, record)
        faults: list[Said] = []
        for layer, frame in expected.items():
            try:
                back = _read(files, layer, frame, record=record, choice=choice)
            except _BROKEN as error:
                faults.append(both("snapshot_fault.unread", layer=layer, reason=_shown(error)))
                continue
            faults += compare(layer, frame, back, record=record)
        return faults


def compare(layer: str, frame: Any, back: DataFrame, *, record: Format) -> list[Said]:
    """Return every difference between a frame and what was read back for it, told once per column."""
    if len(frame) != len(back):
        return [both("snapshot_fault.count", layer=layer, expected=len(frame), found=len(back))]
    faults: list[Said] = []
    if geometric(frame):
        faults += _system(layer, frame, back, record=record)
        faults += _shapes(layer, frame, back, record=record)
    for name in (str(column) for column in frame.columns if column != "geometry"):
        if name not in back:
            faults.append(both("snapshot_fault.no_column", layer=layer, column=name))
            continue
        wrong = _differs(frame[name], back[name])
        if wrong.any():
            at = int(np.flatnonzero(wrong)[0])
            came, found = _shown(frame[name].iloc[at]), _shown(back[name].iloc[at])
            faults.append(
                both("snapshot_fault.value", layer=layer, column=name, n=int(wrong.sum()), row=at + 1, expected=came,
                     found=found)
            )  # fmt: skip
    return faults


def _read(files: Path, layer: str, frame: Any, *, record: Format, choice: Choice) -> DataFrame:
    """Read one layer of a snapshot back, with the names of columns it was written with."""
    if record.id == "xlsx":
        return tables.read_xlsx(files, layer=layer, epsg=choice.crs)
    path = layer_path(files, layer, record) if files.is_dir() else files
    if record.record is None:
        return tables.read_csv(path, epsg=choice.crs)
    if record.id == "shp" and not geometric(frame):
        path = path.with_suffix(".dbf")
    back = vector.back(path, record=record.record, layer=layer if record.several else None)
    return back.rename(columns=_KML_NAMES) if record.id == "kml" else back


def _system(layer: str, frame: Any, back: Any, *, record: Format) -> list[Said]:
    if not record.system and record.id != "kml":
        return []
    found = getattr(back, "crs", None)
    # A shapefile tells its system in words of its own: what counts is that it is the same one.
    if found is not None and (found == frame.crs or found.to_epsg(20) == frame.crs.to_epsg(20)):
        return []
    said = "–" if found is None else found.to_string()[:_SHOWN]
    return [both("snapshot_fault.system", layer=layer, expected=frame.crs.to_string(), found=said)]


def _tolerance(record: Format) -> float:
    return _HALF_OF_SEVEN if record.id == "geojson" else _EXACT if record.id == "dxf" else 1e-9


def _shapes(layer: str, frame: Any, back: Any, *, record: Format) -> list[Said]:
    if not geometric(back):
        return [both("snapshot_fault.no_shapes", layer=layer)]
    wrong = differing(frame.geometry.to_numpy(), back.geometry.to_numpy(), tolerance=_tolerance(record))
    if not wrong.any():
        return []
    at = int(np.flatnonzero(wrong)[0])
    return [both("snapshot_fault.shape", layer=layer, n=int(wrong.sum()), row=at + 1)]


def differing(left: Any, right: Any, *, tolerance: float) -> Any:
    """Tell of each pair of shapes whether they differ: in parts, in vertices, or by more than the tolerance.

    Where a ring begins and which way it turns, and whether one part is called a multipart, make no difference.
    """
    absent_left, absent_right = _absent(left), _absent(right)
    wrong = absent_left != absent_right
    ask = ~absent_left & ~absent_right
    # The cheap question first: formats that keep everything in its order need no other.
    same = shapely.equals_exact(left, right, tolerance=tolerance)
    for at in np.flatnonzero(ask & ~same):
        one, other = (shapely.normalize(_parts(shape)) for shape in (left[at], right[at]))
        wrong[at] = not shapely.equals_exact(one, other, tolerance=tolerance) and not _near(one, other, tolerance)
    return wrong


def _absent(shapes: Any) -> Any:
    return shapely.is_missing(shapes) | shapely.is_empty(shapes)


def _parts(shape: Any) -> Any:
    """Give a shape as a multipart, each ring turned the same way."""
    parts = shapely.orient_polygons(shapely.get_parts(shape))
    kinds = {0: shapely.multipoints, 1: shapely.multilinestrings, 2: shapely.multipolygons}
    return kinds[int(shapely.get_dimensions(shape))](parts)


def _near(one: Any, other: Any, tolerance: float) -> bool:
    """Tell whether two shapes have the same vertices, whatever order rounding has put them in."""
    if shapely.get_num_coordinates(one) != shapely.get_num_coordinates(other):
        return False
    sorted_both = [_ordered(shapely.get_coordinates(shape), tolerance) for shape in (one, other)]
    return bool(np.abs(sorted_both[0] - sorted_both[1]).max() <= tolerance)


def _ordered(xy: Any, tolerance: float) -> Any:
    steps = np.round(xy / (4 * tolerance))
    return xy[np.lexsort((xy[:, 1], steps[:, 1], steps[:, 0]))]


def _differs(expected: Series[Any], found: Series[Any]) -> Any:
    """Tell of each row whether the values differ; numbers as numbers, whatever type they came back as."""
    if is_text(expected):
        one, other = _texts(expected), _texts(found)
        # Mostly they are all the same, which is seen at once.
        return np.zeros(len(one), dtype=bool) if one == other else np.array([*map(ne, one, other)], dtype=bool)
    plain = pd.to_numeric(found.map(_number), errors="coerce") if is_text(found) else found
    numbers = plain.astype("Float64")
    wanted = expected.astype("Float64")
    gaps = wanted.isna().to_numpy() != numbers.isna().to_numpy()
    a, b = wanted.fillna(0).to_numpy("float64"), numbers.fillna(0).to_numpy("float64")
    # An unreadable number is a gap that was not there; a gap reads 0 on both sides.
    return gaps | ~np.isclose(a, b, rtol=_RELATIVE, atol=0)


def _texts(series: Series[Any]) -> list[str | None]:
    """Give texts as they are, null and empty as None: most formats know no difference."""
    return [value if isinstance(value, str) and value else None for value in series.tolist()]


def _number(value: Any) -> Any:
    return {"true": 1, "false": 0}.get(value, value) if isinstance(value, str) else value


def _shown(value: Any) -> str:
    if pd.isna(value):
        return "–"
    line = "".join(sign if sign.isprintable() else " " for sign in str(value))
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def _drawing(path: Path, expected: Mapping[str, Any], record: Format) -> list[Said]:
    """Compare a drawing: the shapes of each of its layers."""
    assert record.record is not None  # noqa: S101  # for the type checker: this format has one
    back = vector.back(path, record=record.record)
    faults: list[Said] = []
    for layer, frame in expected.items():
        found = back[back["Layer"] == layer]
        if len(found) != len(frame):
            faults.append(both("snapshot_fault.count", layer=layer, expected=len(frame), found=len(found)))
        else:
            faults += _shapes(layer, frame, found, record=record)
    return faults
