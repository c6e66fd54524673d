"""Vector files: one record per format, with what it cannot carry."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import geopandas
import pyogrio
from geopandas import GeoDataFrame
from pandas import DataFrame, read_parquet
from pyarrow.lib import ArrowException
from pyarrow.parquet import read_metadata, read_schema
from pyogrio.errors import DataLayerError, DataSourceError

from geo import crs, files
from geo.errors import FormatError


@dataclass(frozen=True, slots=True)
class Format:
    """Describe one file format: GDAL's driver ("" where GDAL is not used), its extension, what it cannot carry.

    `several` tells whether one file holds several layers.
    """

    name: str
    driver: str
    extension: str
    cannot_carry: frozenset[str] = frozenset()
    several: bool = False


FORMATS: tuple[Format, ...] = (
    Format("GeoParquet", "", ".parquet"),
    Format("GeoJSON", "GeoJSON", ".geojson", frozenset({"crs"})),
    Format("GeoPackage", "GPKG", ".gpkg", frozenset({"lists"}), several=True),
    Format("FlatGeobuf", "FlatGeobuf", ".fgb", frozenset({"lists", "empty"})),
)
# Formats that are handed on but never read as a layer of the map: they lose too much.
HANDED_ON: tuple[Format, ...] = (
    Format("Shapefile", "ESRI Shapefile", ".shp", frozenset({"lists", "names"})),
    Format("KML", "LIBKML", ".kml", frozenset({"lists", "crs"}), several=True),
    Format("DXF", "DXF", ".dxf", frozenset({"lists", "attributes", "crs"}), several=True),
)

# Whatever is written lies in a place of its own until it is whole, and is synced once, when it is put in place.
pyogrio.set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": "OFF"})

# Seven decimals in GeoJSON; without its index FlatGeobuf keeps the order of the rows; the GeoPackage that tools of 2022
# read without a warning (QGIS 3.22).
_OPTIONS: dict[str, dict[str, str]] = {
    "GeoJSON": {"COORDINATE_PRECISION": "7", "RFC7946": "YES"},
    "GPKG": {"VERSION": "1.3"},
    "FlatGeobuf": {"SPATIAL_INDEX": "NO"},
    "ESRI Shapefile": {"ENCODING": "UTF-8"},
}


def format_of(path: Path) -> Format:
    """Return the format a path's extension names.

    Raises FormatError for an extension that is not in FORMATS.
    """
    suffix = Path(path).suffix.lower()
    for record in FORMATS:
        if record.extension == suffix:
            return record
    known = ", ".join(record.extension for record in FORMATS)
    raise FormatError(f"cannot tell the format of {Path(path).name}: extension {suffix!r}, one of {known} expected")


def count(path: Path) -> int | None:
    """Return how many rows a GeoParquet file says it holds, without reading them; None where it cannot be read."""
    try:
        return int(read_metadata(path).num_rows)
    except (OSError, ArrowException):
        return None


def read(path: Path) -> GeoDataFrame:
    """Read a vector file into a frame in the coordinate system the file declares.

    Raises FormatError when the file is missing or broken or has no geometry, CRSError when it declares no system.
    """
    path = Path(path)
    record = format_of(path)
    if not path.is_file():
        raise FormatError(f"cannot read {path}: no such file")
    try:
        gdf = geopandas.read_parquet(path) if not record.driver else pyogrio.read_dataframe(path, **_opened(record))
    except (OSError, ValueError, ArrowException, DataSourceError, DataLayerError) as error:
        first_line = (str(error).splitlines() or ["no reason given"])[0]
        raise FormatError(f"cannot read {path} as {record.name}: {first_line}") from error
    if not isinstance(gdf, GeoDataFrame):
        raise FormatError(f"cannot read {path} as a layer: it holds no geometry column")
    crs.require(gdf)
    return gdf


def _opened(record: Format) -> dict[str, str]:
    """Give GDAL's options for reading: text that looks like a date stays the text that was written."""
    return {"DATE_AS_STRING": "YES"} if record.driver == "GeoJSON" else {}


def losses(gdf: GeoDataFrame, record: Format) -> list[str]:
    """Name everything in the frame that the format cannot carry, in words for the user."""
    found = {
        "crs": "coordinates in another system than EPSG:4326 (call to_exchange first)"
        if gdf.crs is not None and gdf.crs.to_epsg() != 4326
        else "",
        "lists": _named("columns with lists", [c for c in _columns(gdf) if _has_lists(gdf, c)]),
        "empty": "a frame without rows" if gdf.empty else "",
    }
    return [text for key, text in found.items() if text and key in record.cannot_carry]


def write(gdf: GeoDataFrame, path: Path) -> None:
    """Write a frame to the format its extension names, whole or not at all; rows keep their order, the index goes.

    GeoParquet and GeoJSON come out with the same bytes for the same frame and the same libraries.

    Raises FormatError when the format cannot carry the frame or the file cannot be written, CRSError without a system.
    """
    path = Path(path)
    record = format_of(path)
    crs.require(gdf)
    lost = losses(gdf, record)
    if lost:
        raise FormatError(f"{record.name} cannot carry {'; '.join(lost)}: choose another format for {path.name}")
    with files.replacing(path) as temporary:
        _write(gdf.reset_index(drop=True), temporary, record=record, layer=path.stem)


def put(frame: DataFrame, path: Path, *, record: Format, layer: str, **options: str) -> None:
    """Write a frame, or a table without geometry, as one layer of a file, beside what a format of several holds.

    `options` are those of GDAL's driver. The file is not replaced as a whole: write into a folder of your own.

    Raises FormatError when the library cannot write it.
    """
    append = record.several and path.exists()
    _write(frame.reset_index(drop=True), path, record=record, layer=layer, append=append, **options)


def back(path: Path, *, record: Format, layer: str | None = None) -> DataFrame:
    """Read one layer of a file back as it lies there, a table without geometry too.

    Raises FormatError for a file or a layer that is missing or broken.
    """
    try:
        if record.driver:
            return cast("DataFrame", pyogrio.read_dataframe(path, layer=layer, **_opened(record)))
        # GeoParquet names its geometry in the metadata of the file; a plain table has none.
        named = b"geo" in (read_schema(path).metadata or {})
        return geopandas.read_parquet(path) if named else read_parquet(path)
    except (OSError, ValueError, ArrowException, RuntimeError) as error:
        first_line = (str(error).splitlines() or ["no reason given"])[0]
        raise FormatError(f"cannot read {path.name} back as {record.name}: {first_line}") from error


def _write(frame: DataFrame, path: Path, *, record: Format, layer: str, append: bool = False, **options: str) -> None:
    """Hand the frame to the library that writes the format."""
    if not record.driver:
        more: dict[str, Any] = {"schema_version": "1.1.0"} if isinstance(frame, GeoDataFrame) else {}
        frame.to_parquet(path, index=False, compression="zstd", **more)
        return
    chosen = {**_OPTIONS.get(record.driver, {}), **options}
    try:
        pyogrio.write_dataframe(frame, path, driver=record.driver, layer=layer, append=append, **chosen)
    # GDAL's own exceptions are RuntimeErrors: a field, a feature or a geometry it cannot write, a disk that is full.
    except (RuntimeError, ValueError) as error:
        first_line = (str(error).splitlines() or ["no reason given"])[0]
        raise FormatError(f"cannot write {record.name}: {first_line}") from error


def _columns(gdf: GeoDataFrame) -> list[str]:
    """Return the names of the columns that are not the geometry."""
    return [str(column) for column in gdf.columns if column != gdf.geometry.name]


def _has_lists(gdf: GeoDataFrame, column: str) -> bool:
    """Tell whether a column holds lists or dictionaries."""
    return bool(gdf[column].map(lambda value: isinstance(value, (list, tuple, dict, set))).any())


def _named(what: str, columns: list[str]) -> str:
    """Join a finding with the columns it concerns, or return nothing when there are none."""
    return f"{what} ({', '.join(columns)})" if columns else ""


def settle(path: Path) -> None:
    """Set the two counters of changes in the head of a GeoPackage: they tell how it was written, not what it holds.

    SQLite's file format keeps them at bytes 24 and 92, and wants them alike.
    """
    with path.open("r+b") as file:
        for at in (24, 92):
            file.seek(at)
            file.write((1).to_bytes(4, "big"))
