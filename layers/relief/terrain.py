"""Which terrain is in force, where it comes from, and how high features stand on it.

A data folder holds it as `rasters/elevation.tif` (EPSG:4326, metres); beside it lies `elevation.json` where a person
gave it. Heights of a point are read between the cells of the file, those of an area are its lowest and highest cell.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from geopandas import GeoDataFrame

from geo import crs, raster
from geo.raster import Raster
from layers import catalogue, editions
from layers.catalogue import Source
from layers.relief import ReliefError
from layers.text import both
from layers.view import LANGUAGES, Language

FOLDER, FILE, GIVEN = "rasters", "elevation.tif", "elevation.json"
# What a refresh brings says it is from here; what a person gave has no entry in the catalogue.
# The part of an area whose heights must be known: at a coast some cells are of the sea.
WHOLE = 0.98
OFFICIAL, OWN = "copernicus-dem", "given-terrain"


@dataclass(frozen=True, slots=True)
class Terrain:
    """Heights in force: their file, and the source that they are told with."""

    path: Path
    source: Source


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of terrain that a person gave: the name of the file, the day (YYYY-MM-DD), the words told of it."""

    file: str
    day: str
    source: str = ""
    vintage: str = ""

    def document(self) -> dict[str, str]:
        """Return what elevation.json holds."""
        return {"file": self.file, "day": self.day, "source": self.source, "vintage": self.vintage}


def in_force() -> Terrain | None:
    """Return the terrain of the data folder in force; None where it has none.

    Raises ReliefError when elevation.json is not what was written.
    """
    return of(editions.in_force())


def of(folder: Path) -> Terrain | None:
    """Return the terrain of a data folder; None where it has none. Raises ReliefError as `in_force` does."""
    path = folder / FOLDER / FILE
    if not path.is_file():
        return None
    given = given_of(folder)
    if given is not None:
        return Terrain(path, _own(given))
    official = catalogue.catalogue().sources.get(OFFICIAL)
    return Terrain(path, official or _own(Given(FILE, "")))


def given_of(folder: Path) -> Given | None:
    """Return what is said of the terrain that a person gave; None where none was given. Raises ReliefError."""
    path = folder / FOLDER / GIVEN
    try:
        said: Any = json.loads(path.read_text(encoding="utf-8"))
        return Given(**{name: str(said[name]) for name in ("file", "day", "source", "vintage")})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReliefError(
            f"{path} is not what `provence-map relief` writes: {error}; give the terrain again"
        ) from error


def _own(given: Given) -> Source:
    """Say of terrain that a person gave what is known of it, and of the rest that it is not."""
    title, unsaid = both("relief.given", file=given.file), both("relief.unsaid")
    publisher = {language: given.source or unsaid[language] for language in unsaid}
    vintage = {language: given.vintage or unsaid[language] for language in unsaid}
    credit = both("relief.credit", source=lambda language: publisher[language])
    return Source(
        id=OWN, publisher=publisher["en"], title=title["en"], licence=unsaid["en"], licence_url="",
        attribution=credit["en"], url="", retrieved=given.day, vintage=vintage["en"], title_fr=title["fr"],
        attribution_fr=credit["fr"], publisher_fr=publisher["fr"], licence_fr=unsaid["fr"], vintage_fr=vintage["fr"],
    )  # fmt: skip


def point_heights(like: Raster, points: GeoDataFrame) -> list[float | None]:
    """Return how high each point stands on terrain, in metres; None beyond it or where it is unknown.

    Raises CRSError for points in another system than the terrain.
    """
    return [None if np.isnan(value) else float(value) for value in raster.sample(like, points, between=True)]


def area_heights(like: Raster, areas: GeoDataFrame) -> list[tuple[float, float] | None]:
    """Return the lowest and highest cell of each area on terrain, in metres; None where some of it is not known.

    Raises CRSError for areas in another system than the terrain.
    """
    numbered = areas.assign(number=np.arange(1.0, len(areas) + 1))
    where = raster.rasterize(numbered, like, column="number").values
    inside = like.known & np.isfinite(where)
    number, height = where[inside].astype(int), like.values[inside].astype(float)
    low, high = np.full(len(areas) + 1, np.inf), np.full(len(areas) + 1, -np.inf)
    np.minimum.at(low, number, height)
    np.maximum.at(high, number, height)
    # The ends of an area of which the terrain holds only a part would be those of that part.
    cells = np.bincount(where[np.isfinite(where)].astype(int), minlength=len(areas) + 1)[1:]
    whole = np.bincount(number, minlength=len(areas) + 1)[1:] >= WHOLE * np.maximum(cells, 1)
    west, south, east, north = like.bounds
    edges = areas.geometry.bounds.to_numpy()
    whole &= (edges >= (west, south, west, south)).all(axis=1) & (edges <= (east, north, east, north)).all(axis=1)
    return [(float(a), float(b)) if all_ else None for a, b, all_ in zip(low[1:], high[1:], whole, strict=True)]


# The kind that a feature of a layer is in keys of the map.
_KINDS: dict[str, str] = {
    "industry": "site", "decarbonation": "project", "places": "place", "ports": "port", "stations": "station",
    "airports": "airport",
}  # fmt: skip
AREAS: dict[str, str] = {"communes": "commune"}


def heights(layers: tuple[str, ...]) -> dict[str, list[int]]:
    """Return by key of the map (`site:…`) the height of points, the lowest and the highest of communes, whole metres.

    What lies beyond the terrain is left out, all of it without terrain. Raises FormatError when it cannot be read.
    """
    found = in_force()
    return {} if found is None else dict(_heights(raster.read(found.path, crs=crs.WGS84), layers))


def _heights(like: Raster, layers: tuple[str, ...]) -> Iterator[tuple[str, list[int]]]:
    for layer, kind in _KINDS.items():
        if layer in layers:
            frame = catalogue.load(layer)
            for key, height in zip(frame["id"], point_heights(like, frame), strict=True):
                if height is not None:
                    yield f"{kind}:{key}", [round(height)]
    for layer, kind in AREAS.items():
        frame = catalogue.load(layer)
        for key, span in zip(frame["code"], area_heights(like, frame), strict=True):
            if span is not None:
                yield f"{kind}:{key}", [round(span[0]), round(span[1])]


def words(source: Source) -> Mapping[Language, str]:
    """Return the source in one line, in both languages: title, publisher, vintage."""
    named = ("title", "publisher", "vintage")
    return {language: ", ".join(source.word(name, language) for name in named) for language in LANGUAGES}


def carry(before: Path | None, part: Path) -> None:
    """Put the terrain that a person gave into a new edition, in the place of what a refresh brought.

    Raises ReliefError as `in_force` does, or when it cannot be written.
    """
    if before is None or given_of(before) is None:
        return
    into = part / FOLDER
    try:
        into.mkdir(exist_ok=True)
        for name in (FILE, GIVEN):
            (into / name).unlink(missing_ok=True)
            shutil.copyfile(before / FOLDER / name, into / name)
    except OSError as error:
        raise ReliefError(f"cannot write {into}: {error.strerror or error}; make room there") from error
