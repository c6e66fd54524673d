"""A raster's numbers by zone: of communes, poles or any layer or file of polygons, as a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame
from pandas import DataFrame

from geo import crs, raster, vector
from geo.errors import CRSError, FormatError, GeoError, GeometryError
from geo.raster import About
from layers import catalogue
from layers.errors import RequestError
from layers.snapshot import tables
from layers.text import both, text
from layers.view import Language

ALL = "all"
ENDING = ".csv"
# What may name a zone: the first of the keys there is, and its name beside.
_KEYS = ("code", "id")
_DIGITS = 7
# Tags that say whose a raster is: our own, then those of GDAL and TIFF.
_CREDITS = ("SOURCES", "TERRAIN", "SOURCE", "VINTAGE", "NOTICE", "TIFFTAG_COPYRIGHT", "LICENCE")
_ID = re.compile(r"\(([\w-]+)\)$")


@dataclass(frozen=True, slots=True)
class Zoned:
    """Hold the table, a row a zone, the bands that were measured, and how many zones have no known cell in any."""

    table: DataFrame
    bands: tuple[str, ...]
    empty: int


def zoned(path: Path, zones: str, *, statistics: Sequence[str] = raster.USUAL, bands: Sequence[str] = ()) -> Zoned:
    """Measure a raster file in each zone: a layer of polygons of the catalogue, or a file of polygons.

    `bands` are numbers from 1 or names (also without the unit, or by the id in brackets), `all` for every one, the
    first unless told; columns of several bands begin with the band's name. Zones are brought into the raster's system.
    A cell counts by the share of it that lies in a zone.

    Raises RequestError for zones, bands or statistics that there are not, and for a raster or file of zones that cannot
    be read, has no coordinate system, or lies elsewhere.
    """
    strange = [name for name in statistics if name not in raster.STATISTICS]
    if strange or not statistics:
        raise RequestError(
            both("zonal.no_statistic", came=", ".join(strange) or "–", known=", ".join(raster.STATISTICS))
        )
    with _told(path):
        about = raster.about(path)
    chosen = _bands(about, bands)
    frame = _zones(zones)
    there = frame.to_crs(about.crs)
    named = DataFrame({name: frame[name].to_numpy() for name in _naming(frame)} or {"zone": range(1, len(frame) + 1)})
    parts, known = [named], pd.Series(False, index=named.index)
    for number, name in chosen:
        with _told(path):
            found = raster.zonal(path, there, ["count", *statistics], band=number).reset_index(drop=True)
        known |= found.iloc[:, 0] > 0
        kept = found.iloc[:, 1:].map(_rounded)
        parts.append(kept.add_prefix(f"{name}." if len(chosen) > 1 else ""))
    table = pd.concat(parts, axis=1).sort_values(named.columns[0], kind="stable", ignore_index=True)
    return Zoned(table, tuple(name for _, name in chosen), int((~known).sum()))


def write(found: Zoned, path: Path, *, measured: Path, zones: str, language: Language) -> None:
    """Write the table as CSV for spreadsheets (UTF-8 with its mark, a point for decimals), whole or not at all.

    Each row ends with what it was measured in and on, as the raster's own tags and the catalogue say it.

    Raises RequestError for a name of another ending, and when the file cannot be written.
    """
    check(path)
    table = found.table.assign(
        raster=measured.name, raster_source=_source(measured, language), zones_source=_drawn_by(zones, language)
    )
    tables.write_whole(table, path)


def _source(path: Path, language: Language) -> str:
    """Return whose a raster is, in its own words, or that it does not say."""
    with _told(path):
        tags = raster.about(path).tags
    said = [tags[name] for name in _CREDITS if tags.get(name, "none") != "none"]
    return " | ".join(dict.fromkeys(said)) or text("zonal.no_source", language)


def _drawn_by(zones: str, language: Language) -> str:
    """Return the attribution of a layer, or the name of a file."""
    if zones not in polygon_layers():
        return Path(zones).name
    known = catalogue.catalogue()
    return " | ".join(known.sources[name].word("attribution", language) for name in known.layers[zones].sources)


def check(path: Path) -> None:
    """Refuse a name that does not end with .csv, or that cannot be written. Raises RequestError."""
    if path.suffix.lower() != ENDING:
        raise RequestError(both("zonal.no_ending", name=path.name, ending=ENDING))
    tables.check_place(path)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in both languages what is wrong with a raster. Raises RequestError."""
    try:
        yield
    except CRSError as error:
        raise RequestError(both("zonal_fault.no_system", file=path.name, example=crs.LAMBERT93)) from error
    except (FormatError, GeometryError) as error:
        key = "zonal_fault.unreadable" if isinstance(error, FormatError) else "zonal_fault.apart"
        raise RequestError(both(key, file=path.name, reason=" ".join(str(error).split()))) from error


def polygon_layers() -> tuple[str, ...]:
    """Return the layers of the catalogue that can be zones."""
    return tuple(layer.id for layer in catalogue.catalogue().layers.values() if layer.geometry == "polygon")


def _zones(zones: str) -> GeoDataFrame:
    """Return the zones of a layer or a file. Raises RequestError for unknown ones, or a file of none."""
    if zones in polygon_layers():
        return catalogue.load(zones)
    file = Path(zones)
    if file.suffix:
        try:
            frame = vector.read(file)
        except GeoError as error:
            reason = " ".join(str(error).split())
            raise RequestError(both("zonal_fault.zones", file=file.name, reason=reason)) from error
        if frame.empty:
            raise RequestError(both("zonal.no_rows", name=file.name))
        return frame
    raise RequestError(both("zonal.no_zones", came=zones[:60], known=", ".join(polygon_layers())))


def _naming(frame: GeoDataFrame) -> list[str]:
    """Return the columns that say which zone a row is: its key and its name, where there are such."""
    keys = [name for name in _KEYS if name in frame.columns][:1]
    return [*keys, *(name for name in ("name",) if name in frame.columns)]


def _bands(about: About, asked: Sequence[str]) -> list[tuple[int, str]]:
    """Return number and name of each band asked for. Raises RequestError for those there are not."""
    numbered = list(enumerate(about.names, start=1))
    if not asked:
        return numbered[:1]
    if list(asked) == [ALL]:
        return numbered
    places: dict[str, int] = {}
    # A number means the band of that number, whatever the others are called.
    for names in (map(str, range(1, len(numbered) + 1)), about.names, *zip(*map(_short, about.names), strict=True)):
        for number, name in enumerate(names, start=1):
            places.setdefault(name.casefold(), number)
    strange = [name for name in asked if name.casefold() not in places]
    if strange:
        known = "; ".join(f"{number} {name}" for number, name in numbered)
        raise RequestError(both("zonal.no_band", came=", ".join(strange)[:60], known=known))
    return [(number, about.names[number - 1]) for number in dict.fromkeys(places[name.casefold()] for name in asked)]


def _short(name: str) -> tuple[str, str]:
    """Return what a band such as "Seaport (port), 0 to 1" may be called for short: without its unit, and by its id."""
    bare = name.partition(", ")[0]
    found = _ID.search(bare)
    return bare, found[1] if found else bare


def _rounded(value: float) -> Any:
    """Round to what a raster of single decimals knows; whole numbers stay whole."""
    short = float(f"{value:.{_DIGITS}g}")
    return short if pd.notna(short) else None
