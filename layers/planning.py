"""What the Plan page offers and shows before anything is written: layers, systems, formats; count, extent, size, rows.

A size is an estimate, made of what the rows hold: coordinates and letters, at what each format spends on one.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame

from geo.fitting import fitting
from geo.systems import system
from layers import catalogue, sheet, snapshot
from layers.errors import ChoiceError, RequestError, SheetError
from layers.print import raster
from layers.schema import columns_of
from layers.snapshot.choice import table_of
from layers.snapshot.frames import why_empty
from layers.text import both
from layers.view import DRAPES, LAYERS

# As the form lists them: what the map is about first, what lies around it last.
ORDER = (
    "industry", snapshot.EMISSIONS, "decarbonation", "ports", "poles", "communes", "stations", "airports", "places",
    "perceptions", *DRAPES, "neighbours", "water",
)  # fmt: skip
FIRST_LAYERS = ("industry", snapshot.EMISSIONS, "decarbonation", "poles", "communes")
FIRST_ROWS = 25
SHEETS = ("pdf", "png", "svg")
# Dots in an inch of a sheet that is written as a picture, and the most of a preview.
PNG_DPI, MOST_DPI = 300, 300
_MOST_CELL = 160
# Bytes of a file, of a layer in it, of a cell, of a pair of coordinates, of a letter, and what a zip leaves of several
# layers: measured on the layers themselves.
_SPENT: dict[str, tuple[float, float, float, float, float, float]] = {
    "gpkg": (170_000, 60_000, 2, 16, 1.1, 1),
    "parquet": (2_000, 8_000, 1, 12, 0.45, 0.8),
    "fgb": (0, 1_500, 3, 16, 1.2, 0.33),
    "geojson": (0, 300, 16, 27, 1.2, 0.17),
    "shp": (500, 2_000, 2, 9, 0.3, 1),
    "kml": (1_500, 1_000, 58, 30, 1.3, 1),
    "dxf": (8_000, 3_000, 2, 44, 0, 1),
    "csv": (500, 500, 1, 24, 1.1, 0.29),
    "xlsx": (12_000, 3_000, 3, 8, 0.4, 1),
    "bundle": (250_000, 25_000, 1, 10, 0.6, 1),
}


def offer() -> dict[str, Any]:
    """Return what the form is made of, as plain data: layers with counts and columns, systems, formats."""
    return {
        "layers": [_layer(layer) for layer in ORDER if layer in snapshot.choosable()],
        "first": list(FIRST_LAYERS),
        "filterable": [layer for layer in LAYERS if layer in snapshot.choosable()],
        "systems": [_system(code) for code in snapshot.USUAL_CRS],
        "formats": [
            *({"id": f.id, "title": f.title, "limits": f.limits(), "crs": f.crs} for f in snapshot.FORMATS.values()),
            {"id": snapshot.BUNDLE, "title": "", "limits": both("plan.bundle_what"), "crs": None},
        ],
        "sheet": {
            "files": list(SHEETS),
            "sizes": list(sheet.PAPERS[::-1]),
            "orientations": list(sheet.ORIENTATIONS),
            "scales": list(sheet.SCALES),
            "dpi": PNG_DPI,
        },
        "rows": FIRST_ROWS,
    }


def _layer(layer: str) -> dict[str, Any]:
    columns = [name for name in columns_of(table_of(layer)) if name != "geometry"]
    return {"id": layer, "count": len(_table(layer)), "columns": columns}


def _table(layer: str) -> DataFrame:
    return catalogue.table(layer) if layer == snapshot.EMISSIONS else catalogue.load(layer)


def _system(code: int) -> dict[str, Any]:
    found = system(code)
    return {"code": code, "name": found.name, "use": found.use_name, "degrees": found.degrees}


def systems() -> list[dict[str, Any]]:
    """List every system whose area of use holds the metropolis."""
    extent = snapshot.Area().bounds()
    # The registry's list of countries is long where a system is made for the world: its own short name is told.
    return [_system(s.code) for s in fitting(extent)]


@lru_cache(maxsize=8)
def _frames(_: Path, choice: snapshot.Choice) -> dict[str, GeoDataFrame]:
    # Preview, table and the next change of a form ask for the same rows.
    return snapshot.frames(choice)


def preview(choice: snapshot.Choice, formats: tuple[str, ...] = ()) -> dict[str, Any]:
    """Say what an export would hold: rows of each layer, extent in its system and in EPSG:4326, bytes by format.

    A layer that keeps nothing says why. Raises ChoiceError when no layer keeps anything.
    """
    found = _frames(catalogue.data_dir(), choice)
    empty = {layer: why_empty(layer, choice) for layer, frame in found.items() if not len(frame)}
    if len(empty) == len(found):
        raise ChoiceError(list(empty.values()))
    rows = [{"id": layer, "rows": len(f), "of": len(_table(layer)), "columns": len(f.columns) - _drawn(f),
             "why": empty.get(layer)} for layer, f in found.items()]  # fmt: skip
    return {
        "layers": rows,
        "rows": sum(row["rows"] for row in rows),
        "extent": _extent(found),
        "degrees": system(choice.crs).degrees,
        "km2": choice.area.metres().area / 1e6,
        "name": choice.name(),
        "bytes": {name: estimate(found, name) for name in formats if name in _SPENT},
    }


def _drawn(frame: DataFrame) -> bool:
    return isinstance(frame, GeoDataFrame)


def _extent(found: dict[str, GeoDataFrame]) -> list[float] | None:
    """Give the extent of all rows that have a place, in their system."""
    boxes = [f.total_bounds for f in found.values() if _drawn(f) and not f.geometry.dropna().empty]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return [float(edge) for edge in (min(west), min(south), max(east), max(north))]


def estimate(found: dict[str, GeoDataFrame], name: str) -> int:
    """Estimate the bytes of a format for some frames."""
    file, layer, cell, pair, letter, zipped = _SPENT[name]
    total, layers = file, 0
    for frame in found.values():
        if not len(frame):
            continue
        pairs = shapely.get_num_coordinates(frame.geometry.to_numpy()).sum() if _drawn(frame) else 0
        plain = frame.drop(columns=["geometry"], errors="ignore")
        letters = sum(plain[column].astype("str").str.len().sum() for column in plain)
        layers += 1
        total += layer + cell * plain.size + pair * int(pairs) + letter * int(letters)
    return round(total * zipped if layers > 1 else total)


def filled(choice: snapshot.Choice) -> int:
    """Return how many chosen layers keep a row."""
    return sum(len(frame) > 0 for frame in _frames(catalogue.data_dir(), choice).values())


def rows(choice: snapshot.Choice, layer: str) -> dict[str, Any]:
    """Return the first rows of a chosen layer as they will be written, with what each column is.

    Raises ChoiceError for a layer that was not chosen.
    """
    chosen = snapshot.choose(layers=[layer]) if layer not in choice.layers else choice
    frame = _frames(catalogue.data_dir(), choice).get(layer)
    if frame is None:
        raise ChoiceError([why_empty(layer, chosen)])
    plain = frame.drop(columns=["geometry"], errors="ignore")
    about = {row.column: row for row in snapshot.dictionary(choice) if row.layer == layer}
    columns = [{"name": name, "type": about[name].type, "unit": about[name].unit, "meaning": about[name].meaning}
               for name in plain.columns]  # fmt: skip
    first = plain.head(FIRST_ROWS)
    cells = [[_cell(value) for value in row] for row in first.itertuples(index=False)]
    return {"layer": layer, "rows": len(frame), "columns": columns, "first": cells}


def _cell(value: Any) -> Any:
    """Give a cell as JSON holds it; long text is cut for show."""
    if pd.isna(value):
        return None
    if isinstance(value, bool | int | float):
        return value
    if hasattr(value, "item"):
        return value.item()
    text = str(value)
    return text if len(text) <= _MOST_CELL else f"{text[:_MOST_CELL]}…"


def sheet_of(
    choice: snapshot.Choice, values: Mapping[str, str], *, today: date, address: str = sheet.HERE
) -> sheet.Sheet:
    """Make the sheet of a choice: its layers, filters, area and system, with `title`, `paper`, `orientation`, `scale`.

    Raises RequestError with every fault.
    """
    scale = values.get("scale") or ""
    view = choice.view.with_(layers=tuple(layer for layer in choice.layers if layer in LAYERS))
    asked: dict[str, Any] = {"title": values.get("title") or "", "paper": values.get("paper") or sheet.PAPERS[-1],
                             "orientation": values.get("orientation") or sheet.ORIENTATIONS[0],
                             "scale": int(scale) if scale.isdecimal() and len(scale) < 9 else None}  # fmt: skip
    try:
        return sheet.Sheet(
            area=choice.area, view=view, language=choice.language, crs=choice.crs, today=today, address=address, **asked
        )
    except SheetError as error:
        raise RequestError(both("plan.no_sheet", reason="; ".join(error.faults))) from error


@lru_cache(maxsize=8)
def _pdf(_: str, asked: sheet.Sheet) -> bytes:
    return sheet.write_pdf(asked)


def picture(asked: sheet.Sheet, *, dpi: int, number: int = 1) -> tuple[bytes, int]:
    """Return a page of a sheet as a PNG, of the very PDF that is printed, and how many pages there are.

    A page beyond the last is the last.
    """
    image, pages = raster.page(_pdf(catalogue.data_version(), asked), scale=dpi / 72, number=number)
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=3, dpi=(dpi, dpi))
    return out.getvalue(), pages


def write_sheet(asked: sheet.Sheet, form: str) -> bytes:
    """Write a sheet as pdf, png (the first page, PNG_DPI) or svg."""
    if form == "pdf":
        return _pdf(catalogue.data_version(), asked)
    if form == "svg":
        return sheet.write_svg(asked)
    return sheet.write_png(asked, dpi=PNG_DPI)
