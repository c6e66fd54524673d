"""Elevation: the Copernicus GLO-30 surface model, read by window over HTTP and kept as one file.

Heights are metres above the geoid EGM2008, of the surface: roofs and treetops included. A tile of one degree is named
by its south-west corner. Where no tile exists there is only sea: 0 m.
"""

from __future__ import annotations

import hashlib
import logging
import math
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.errors import RasterioError
from rasterio.windows import Window

from geo import crs, files, raster
from geo.errors import CRSError, FormatError
from layers import numbers
from layers.sources import AnswerError, MissingError, UnreachableError
from layers.sources.connector import Client, Connector, Contribution, Fetched, Received, Smoke, Territory, Told
from layers.sources.http import agent, placed
from layers.text import both
from layers.view import LANGUAGES

HOST = "copernicus-dem-30m.s3.amazonaws.com"
SOURCE = "copernicus-dem"
FILE = "elevation.tif"
RASTER = "elevation"
NODATA = -32767.0
SIDE = 3600  # cells in a degree
# A tile has 25 to 40 MB; a service that cannot send a part of it may send it whole, up to this.
MOST_BYTES = 64_000_000
# Lower and higher than any land or lake of France and the roofs upon it, in metres.
PLAUSIBLE = (-100.0, 4900.0)

log = logging.getLogger("provence_map.refresh")

# The words the licence asks for, and its disclaimer.
NOTICE = (
    "produced using Copernicus WorldDEM-30 © DLR e.V. 2010-2014 and © Airbus Defence and Space GmbH 2014-2018 "
    "provided under COPERNICUS by the European Union and ESA; all rights reserved"
)
DISCLAIMER = (
    "The organisations in charge of the Copernicus programme by law or by delegation do not incur any liability for "
    "any use of the Copernicus WorldDEM-30"
)

# Files of the service are not kept between two readings: it may have changed meanwhile.
GDAL: dict[str, str | int] = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".tif",
    "CPL_VSIL_CURL_NON_CACHED": "/vsicurl/",
    "CPL_VSIL_CURL_CACHE_SIZE": "64000000",
    "GDAL_HTTP_MERGE_CONSECUTIVE_RANGES": "YES",
    "GDAL_HTTP_VERSION": "2TLS",
    "GDAL_HTTP_CONNECTTIMEOUT": "10",
    "GDAL_HTTP_LOW_SPEED_TIME": "60",
    "GDAL_HTTP_LOW_SPEED_LIMIT": "1",
    "GDAL_HTTP_MAX_RETRY": "3",
    "GDAL_HTTP_RETRY_DELAY": "2",
    "GDAL_CACHEMAX": 64,
}

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Tile:
    """One degree of the model: the latitude and longitude of its south-west corner, in whole degrees."""

    south: int
    west: int

    @property
    def name(self) -> str:
        """Return its name at the service."""
        lat = f"{'S' if self.south < 0 else 'N'}{abs(self.south):02d}"
        lon = f"{'W' if self.west < 0 else 'E'}{abs(self.west):03d}"
        return f"Copernicus_DSM_COG_10_{lat}_00_{lon}_00_DEM"

    @property
    def url(self) -> str:
        """Return its address at the service."""
        return f"https://{HOST}/{self.name}/{self.name}.tif"

    @property
    def shape(self) -> shapely.Geometry:
        """Return its square (EPSG:4326)."""
        return shapely.box(self.west, self.south, self.west + 1, self.south + 1)


def tiles(bounds: tuple[float, float, float, float]) -> list[Tile]:
    """Return the tiles that bounds in degrees (EPSG:4326) lie on, from south to north and west to east."""
    west, south, east, north = bounds
    rows = range(math.floor(south), math.ceil(north))
    return [Tile(row, column) for row in rows for column in range(math.floor(west), math.ceil(east))]


@dataclass(slots=True)
class _Mosaic:
    """The cells of the bounds, filled tile by tile; the grid is that of the first tile."""

    bounds: tuple[float, float, float, float]
    values: NDArray[np.float32] | None = None
    place: Affine | None = None

    @property
    def elevation(self) -> raster.Raster | None:
        """Return what was taken; None before the first tile."""
        if self.values is None or self.place is None:
            return None
        return raster.Raster(self.values, self.place, crs.WGS84, NODATA)

    def take(self, found: Any, name: str) -> None:
        """Take the part of a tile that lies in the bounds. Raises AnswerError for a tile of another kind."""
        place = found.transform
        square = abs(place.a * SIDE - 1) < 1e-6 and abs(place.e * SIDE + 1) < 1e-6 and not place.b and not place.d
        kind = (found.count, found.dtypes[0], str(found.crs))
        if not square or kind != (1, "float32", crs.WGS84):
            came = f"{' '.join(map(str, kind))}, {place.a:.3g}° × {-place.e:.3g}°"
            raise AnswerError(both("elevation.kind", tile=name, came=came))
        if self.values is None or self.place is None:
            self.values, self.place = self._empty(place)
        column, row = (place.c - self.place.c) * SIDE, (self.place.f - place.f) * SIDE
        if max(abs(column - round(column)), abs(row - round(row))) > 0.01:
            raise AnswerError(both("elevation.grid", tile=name))
        rows, columns = self.values.shape
        left, top = max(0, round(column)), max(0, round(row))
        right, bottom = min(columns, round(column) + found.width), min(rows, round(row) + found.height)
        if left >= right or top >= bottom:
            return
        window = Window(left - round(column), top - round(row), right - left, bottom - top)
        part = found.read(1, window=window)
        unknown = ~np.isfinite(part) if found.nodata is None else ~np.isfinite(part) | (part == found.nodata)
        self.values[top:bottom, left:right] = np.where(unknown, NODATA, part)

    def _empty(self, place: Any) -> tuple[NDArray[np.float32], Affine]:
        """Return the cells that cover the bounds, all sea, on the grid of a tile."""
        west, south, east, north = self.bounds
        left, right = (math.floor((west - place.c) * SIDE), math.ceil((east - place.c) * SIDE))
        top, bottom = (math.floor((place.f - north) * SIDE), math.ceil((place.f - south) * SIDE))
        values = np.zeros((bottom - top, right - left), dtype=np.float32)
        return values, Affine(1 / SIDE, 0.0, place.c + left / SIDE, 0.0, -1 / SIDE, place.f - top / SIDE)


def fetch(client: Client, folder: Path, territory: Territory, told: Told) -> Fetched:
    """Read the part of each tile that lies in the territory's bounds and write all as one file, `elevation.tif`.

    When no tile has changed since it was kept, what is kept is taken again and nothing is read.

    Raises UnreachableError when the service does not answer, AnswerError when it answers with something else, or has
    no tile where the territory has land.
    """
    needed = tiles(territory.bounds)
    heads: dict[Tile, Received] = {}
    for done, tile in enumerate(needed):
        told(tile.name, done, 2 * len(needed))
        if head := _head(client, tile, folder, territory):
            heads[tile] = head
    if not heads:
        raise AnswerError(both("elevation.nothing", service=HOST))
    if same := _unchanged(client, folder, list(heads.values()), territory):
        return same
    mosaic = _Mosaic(territory.bounds)
    for done, tile in enumerate(heads):
        told(tile.name, len(needed) + done, 2 * len(needed))
        _take(client, tile, folder, mosaic)
    if (elevation := mosaic.elevation) is not None:
        _write(elevation, folder / FILE, list(heads.values()))
    told(FILE, 2 * len(needed), 2 * len(needed))
    return _fetched(folder / FILE, list(heads.values()))


def _head(client: Client, tile: Tile, folder: Path, territory: Territory) -> Received | None:
    """Ask whether there is a tile, and what names its content; None over sea, where there is none."""
    file = folder / f"{tile.name}.head"
    try:
        return client.get(tile.url, file, kind="", method="HEAD")
    except MissingError as error:
        if shapely.intersects(tile.shape, territory.communes.geometry.to_numpy()).any():
            raise AnswerError(both("elevation.no_tile", tile=tile.name, service=HOST)) from error
        return None
    finally:
        file.unlink(missing_ok=True)


def _unchanged(client: Client, folder: Path, heads: list[Received], territory: Territory) -> Fetched | None:
    """Take what is kept again when it was made of these very tiles and covers the territory; None otherwise."""
    kept = [client.kept(head.url) for head in heads]
    same = {
        one[0] if one and head.etag and one[1].etag == head.etag else None
        for one, head in zip(kept, heads, strict=True)
    }
    path = same.pop()
    if path is None or same:
        return None
    if not _covers(raster.about(path).bounds, territory):
        return None
    with files.replacing(folder / FILE) as temporary:
        shutil.copyfile(path, temporary)
    again = _fetched(folder / FILE, heads)
    return replace(again, received=tuple(replace(one, unchanged=True) for one in again.received))


def _covers(bounds: Sequence[float], territory: Territory) -> bool:
    """Tell whether bounds in degrees hold those of the territory."""
    west, south, east, north = territory.bounds
    return bounds[0] <= west and bounds[1] <= south and bounds[2] >= east and bounds[3] >= north


def _take(client: Client, tile: Tile, folder: Path, mosaic: _Mosaic) -> None:
    """Read a tile by window; whole, from a file, where the service does not send parts."""

    def read(path: str) -> Callable[[], None]:
        def take() -> None:
            with rasterio.open(path) as found:
                mosaic.take(found, tile.name)

        return take

    try:
        with rasterio.Env(**GDAL, GDAL_HTTP_USERAGENT=agent()):
            return read(f"/vsicurl/{placed(tile.url)}")()
    except RasterioError as error:
        if not _no_parts(error):
            raise _refusal(tile, error) from error
    whole = folder / f"{tile.name}.tif"
    log.warning("%s sends no parts of files: %s is fetched whole, up to %d MB", HOST, tile.name, MOST_BYTES // 10**6)
    try:
        client.get(tile.url, whole, kind="", most_bytes=MOST_BYTES)
        read(str(whole))()
    except RasterioError as error:
        raise _refusal(tile, error) from error
    finally:
        whole.unlink(missing_ok=True)


def _causes(error: BaseException | None) -> Iterator[str]:
    """Give the words of an error and of all that lie behind it."""
    while error is not None:
        yield " ".join(str(error).split())
        error = error.__cause__ or error.__context__


def _no_parts(error: RasterioError) -> bool:
    return any("range downloading not supported" in words.lower() for words in _causes(error))


def _refusal(tile: Tile, error: RasterioError) -> AnswerError | UnreachableError:
    """Say why a tile cannot be read: it is no raster, or broke off on its way."""
    words = list(_causes(error))
    if any("not recognized" in said for said in words):
        return AnswerError(both("elevation.unreadable", tile=tile.name))
    reason = words[-1].replace(f"/vsicurl/{placed(tile.url)}", tile.name)
    return UnreachableError(both("elevation.cut", tile=tile.name, reason=reason[:120]))


def _write(elevation: raster.Raster, path: Path, heads: list[Received]) -> None:
    """Write the mosaic with the words its licence asks for."""
    tags = {
        "TIFFTAG_COPYRIGHT": NOTICE,
        "TIFFTAG_IMAGEDESCRIPTION": "Elevation of the surface, metres above EGM2008 (Copernicus GLO-30, extract)",
        "NOTICE": f"{NOTICE}. {DISCLAIMER}.",
        "SOURCE": " ".join(head.url for head in heads),
        "AREA_OR_POINT": "Area",
    }
    raster.write_cog(elevation, path, tags=tags, names=["elevation, metres"])


def _fetched(path: Path, heads: list[Received]) -> Fetched:
    """Say what was kept of which tiles: size and hash are those of the file made of them."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    size = path.stat().st_size
    received = tuple(
        Received(head.url, FILE, head.fetched_at, size, digest, head.etag, head.last_modified) for head in heads
    )
    days = [_day(head.last_modified) for head in heads]
    return Fetched(received, rows=len(heads), vintage=max(days))


def _day(last_modified: str) -> str:
    """Read the day (YYYY-MM-DD) of a date of HTTP; empty when there is none."""
    try:
        return parsedate_to_datetime(last_modified).date().isoformat()
    except ValueError:
        return ""


def normalise(folder: Path, fetched: Fetched, territory: Territory) -> Contribution:
    """Say that there is elevation for the territory, after a look at its place and its heights.

    Raises AnswerError when it does not cover the territory or holds heights that no land has.
    """
    try:
        elevation = raster.read(folder / FILE, crs=crs.WGS84)
    except (FormatError, CRSError) as error:
        raise AnswerError(both("elevation.unreadable", tile=FILE)) from error
    if not _covers(elevation.bounds, territory):
        raise AnswerError(both("elevation.elsewhere", came=", ".join(f"{value:.3f}" for value in elevation.bounds)))
    known = elevation.values[elevation.known]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    if not known.size or low < PLAUSIBLE[0] or high > PLAUSIBLE[1] or low == high:
        raise AnswerError(both("elevation.heights", low=_metres(low), high=_metres(high)))
    have = {one.url for one in fetched.received}
    absent = [tile.name for tile in tiles(territory.bounds) if tile.url not in have]
    notes = (both("elevation.sea", tiles=", ".join(absent)),) if absent else ()
    return Contribution(rasters={RASTER: folder / FILE}, notes=notes, vintages={SOURCE: _vintage(fetched)})


def _metres(value: float) -> Callable[[Any], str]:
    return lambda language: numbers.number(value, language)


def _vintage(fetched: Fetched) -> Mapping[Any, str]:
    """Say of which year the tiles are, where the service says so."""
    year = fetched.vintage[:4]
    return both("elevation.vintage", year=year) if year else dict.fromkeys(LANGUAGES, "GLO-30")


CONNECTOR = Connector(
    id="copernicus_dem",
    tables=(),
    sources=(SOURCE,),
    hosts={HOST: 0.1},
    fetch=fetch,
    normalise=normalise,
    smoke=(Smoke(Tile(43, 4).url, both("elevation.smoke"), method="HEAD"),),
)
