"""Vector files: one record per format, with what it cannot carry."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas
import pyogrio
from geopandas import GeoDataFrame
from pyarrow.lib import ArrowException
from pyogrio.errors import DataLayerError, DataSourceError

from geo import crs, files
from geo.errors import FormatError


@dataclass(frozen=True, slots=True)
class Format:
    """Describe one file format: GDAL's driver ("" where GDAL is not used), its extension, what it cannot carry."""

    name: str
    driver: str
    extension: str
    cannot_carry: frozenset[str] = frozenset()


FORMATS: tuple[Format, ...] = (
    Format("GeoParquet", "", ".parquet"),
    Format("GeoJSON", "GeoJSON", ".geojson", frozenset({"crs"})),
    Format("GeoPackage", "GPKG", ".gpkg", frozenset({"lists"})),
    Format("FlatGeobuf", "FlatGeobuf", ".fgb", frozenset({"lists", "empty"})),
)

# Seven decimals in GeoJSON; without its index FlatGeobuf keeps the order of the rows.
_OPTIONS: dict[str, dict[str, str]] = {
    "GeoJSON": {"COORDINATE_PRECISION": "7", "RFC7946": "YES"},
    "FlatGeobuf": {"SPATIAL_INDEX": "NO"},
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


def read(path: Path) -> GeoDataFrame:
    """Read a vector file into a frame in the coordinate system the file declares.

    Raises FormatError when the file is missing or broken or has no geometry, CRSError when it declares no system.
    """
    path = Path(path)
    record = format_of(path)
    if not path.is_file():
        raise FormatError(f"cannot read {path}: no such file")
    try:
        gdf = geopandas.read_parquet(path) if not record.driver else pyogrio.read_dataframe(path)
    except (OSError, ValueError, ArrowException, DataSourceError, DataLayerError) as error:
        first_line = (str(error).splitlines() or ["no reason given"])[0]
        raise FormatError(f"cannot read {path} as {record.name}: {first_line}") from error
    if not isinstance(gdf, GeoDataFrame):
        raise FormatError(f"cannot read {path} as a layer: it holds no geometry column")
    crs.require(gdf)
    return gdf


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


def _write(gdf: GeoDataFrame, path: Path, *, record: Format, layer: str) -> None:
    """Hand the frame to the library that writes the format."""
    if not record.driver:
        gdf.to_parquet(path, index=False, compression="zstd", schema_version="1.1.0")
        return
    try:
        pyogrio.write_dataframe(gdf, path, driver=record.driver, layer=layer, **_OPTIONS.get(record.driver, {}))
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise FormatError(f"cannot write {record.name}: {str(error).splitlines()[0]}") from error


def _columns(gdf: GeoDataFrame) -> list[str]:
    """Return the names of the columns that are not the geometry."""
    return [str(column) for column in gdf.columns if column != gdf.geometry.name]


def _has_lists(gdf: GeoDataFrame, column: str) -> bool:
    """Tell whether a column holds lists or dictionaries."""
    return bool(gdf[column].map(lambda value: isinstance(value, (list, tuple, dict, set))).any())


def _named(what: str, columns: list[str]) -> str:
    """Join a finding with the columns it concerns, or return nothing when there are none."""
    return f"{what} ({', '.join(columns)})" if columns else ""
