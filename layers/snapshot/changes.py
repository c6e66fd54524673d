"""The difference of two snapshots written down: as text, a table (CSV, JSON), or layers with a column `change`."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyogrio
from geopandas import GeoDataFrame
from pandas import DataFrame
from pyogrio.errors import DataLayerError, DataSourceError

from geo import crs, files, vector
from geo.errors import FormatError
from layers.numbers import plain as said_number
from layers.snapshot.diff import ADDED, CHANGED, MOVED, REMOVED, Difference, DiffError, LayerDiff
from layers.snapshot.opening import plain
from layers.text import text
from layers.view import Language

COLUMNS = ("layer", "key", "change", "column", "before", "after", "moved_m")
SUMMARY = "summary"
# A difference has no day of its own, and the same one is to give the same bytes.
_NO_DAY = "1970-01-01T00:00:00.000Z"
_MOST_LINES = 200
# Signs that make a spreadsheet read a text as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(found: Difference, path: Path) -> None:
    """Write a difference as the ending of the path says, whole or not at all.

    Raises DiffError for an ending that is none of these, FormatError when the file cannot be written.
    """
    WRITTEN[check(path)](found, Path(path))


def check(path: Path) -> str:
    """Return the ending of a path that a difference can be written to. Raises DiffError for another."""
    ending = Path(path).suffix.lower()
    if ending not in WRITTEN:
        raise DiffError(f"--out is {Path(path).name!r}: name a file that ends with {', '.join(WRITTEN)}")
    return ending


def told(found: Difference, language: Language) -> str:
    """Tell a difference in lines: a summary of each layer, then change by change."""
    lines = []
    for layer in found.layers:
        counts = {kind: len(layer.keys(kind)) for kind in (ADDED, REMOVED, CHANGED, MOVED)}
        lines.append(text("diff.layer", language, layer=plain(layer.layer), same=layer.same, **counts))
        for key, columns in (("columns_added", layer.columns_added), ("columns_removed", layer.columns_removed)):
            if columns:
                lines.append("  " + text(f"diff.{key}", language, columns=plain(", ".join(columns))))
    changes = found.changes
    for change in changes[:_MOST_LINES]:
        line = f"{plain(change.layer)} {plain(change.key)} {text(f'diff.{change.change}', language)}"
        if change.moved_m is not None:
            line += f" {said_number(change.moved_m, language)}\u00a0m"
        elif change.column:
            line += f" {plain(change.column)} ({_shown(change.before)} → {_shown(change.after)})"
        lines.append(line)
    if len(changes) > _MOST_LINES:
        lines.append(text("diff.more", language, n=len(changes) - _MOST_LINES))
    if not changes:
        lines.append(text("diff.none", language))
    return "\n".join(lines) + "\n"


def _shown(value: Any) -> str:
    return "–" if value is None else plain(str(value))


def _csv(found: Difference, path: Path) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for change in found.changes:
        writer.writerow([_cell(value) for value in (getattr(change, name) for name in COLUMNS)])
    # The mark tells spreadsheets that the file is UTF-8.
    files.write_bytes(path, out.getvalue().encode("utf-8-sig"))


def _cell(value: Any) -> Any:
    """Keep a text a text: a quote before what a spreadsheet would run."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _json(found: Difference, path: Path) -> None:
    document = {
        "before": found.before,
        "after": found.after,
        "layers": [_counts(layer) for layer in found.layers],
        "changes": [asdict(change) for change in found.changes],
    }
    files.write_text(path, json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n")


def _counts(layer: LayerDiff) -> dict[str, Any]:
    return {
        "layer": layer.layer,
        **{kind: len(layer.keys(kind)) for kind in (ADDED, REMOVED, CHANGED, MOVED)},
        "same": layer.same,
        "columns_added": list(layer.columns_added),
        "columns_removed": list(layer.columns_removed),
    }


def frame(layer: LayerDiff) -> DataFrame:
    """Return the rows of a layer that differ: key, change, columns, metres moved; in EPSG:2154 where it has geometry.

    `change` is `changed` where a row changed and moved; its geometry is the new one, the old one of a row removed.
    """
    rows: dict[str, dict[str, Any]] = {}
    for change in layer.changes:
        row = rows.setdefault(change.key, {"key": change.key, "change": change.change, "columns": [], "moved_m": None})
        if change.change == CHANGED:
            row["change"] = CHANGED
        row["moved_m"] = change.moved_m if change.moved_m is not None else row["moved_m"]
        row["columns"] += [change.column] if change.column else []
    made = DataFrame([{**row, "columns": ", ".join(row["columns"])} for row in rows.values()])
    made["moved_m"] = made["moved_m"].astype("float64")
    return (
        GeoDataFrame(made, geometry=[layer.shapes[key] for key in rows], crs=crs.LAMBERT93) if layer.spatial else made
    )


def _gpkg(found: Difference, path: Path) -> None:
    counts = DataFrame([_counts(layer) for layer in found.layers])
    for name in ("columns_added", "columns_removed"):
        counts[name] = counts[name].map(", ".join)
    named = {_free(layer.layer): frame(layer) for layer in found.layers if layer.changes}
    with files.replacing(path) as temporary:
        try:
            for name, made in {**named, SUMMARY: counts}.items():
                more = {"geometry_type": "Unknown"} if isinstance(made, GeoDataFrame) else {}
                pyogrio.write_dataframe(made, temporary, driver="GPKG", layer=name, append=temporary.exists(), **more)
            with closing(sqlite3.connect(temporary)) as book, book:
                book.execute("UPDATE gpkg_contents SET last_change = ?", (_NO_DAY,))
            vector.settle(temporary)
        except (DataSourceError, DataLayerError, ValueError, sqlite3.Error) as error:
            raise FormatError(f"cannot write {path.name}: {plain(str(error))}") from error


def _free(name: str) -> str:
    """Give a layer's name, another where the summary has it."""
    return f"{name}_" if name == SUMMARY else name


WRITTEN = {".csv": _csv, ".json": _json, ".gpkg": _gpkg}
