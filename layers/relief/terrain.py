"""Which terrain is in force, where it comes from, and how high features stand on it.

A data folder holds it as `rasters/elevation.tif` (EPSG:4326, metres); beside it lies `elevation.json` where a person
gave it. Heights of a point are read between the cells of the file, those of an area are its lowest and highest cell.
Terrain that cannot be used is passed over, as if there were none; `fault` says why.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from geopandas import GeoDataFrame

from geo import crs, raster
from geo.errors import CRSError, GeoError, GeometryError
from geo.raster import Raster
from layers import catalogue, editions, numbers
from layers.catalogue import Source
from layers.relief import ReliefError
from layers.relief.picture import Picture, made
from layers.sources.copernicus_dem import PLAUSIBLE
from layers.text import both
from layers.view import LANGUAGES, Language

FOLDER, FILE, GIVEN = "rasters", "elevation.tif", "elevation.json"
# What a refresh brings says it is from here; what a person gave has no entry in the catalogue.
OFFICIAL, OWN = "copernicus-dem", "given-terrain"
# The part of an area whose heights must be known: at a coast some cells are of the sea.
WHOLE = 0.98
# Where the hills end in the neighbouring departments, in degrees beyond the metropolis.
MARGIN = 0.12
# Deeper and higher than anything on Earth: such numbers are no metres, whoever put them there.
EARTHLY = (-12_000.0, 12_000.0)

Words = Mapping[Language, str]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Terrain:
    """Heights in force: their file, and the source that they are told with."""

    path: Path
    source: Source


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of terrain that a person gave: the name of the file, the day (YYYY-MM-DD), the words told of it.

    `measures` is what the file itself says it holds, `notice` whose it is; empty where it says nothing.
    `averaged` is to how many metres its cells were; empty where they are as they were.
    """

    file: str
    day: str
    source: str = ""
    vintage: str = ""
    measures: str = ""
    notice: str = ""
    averaged: str = ""

    def document(self) -> dict[str, str]:
        """Return what elevation.json holds."""
        return asdict(self)


@editions.kept()
def in_force() -> Terrain | None:
    """Return the terrain of the data folder in force; None where it has none, or none that can be used."""
    return None if fault() else of(editions.in_force())


def fault() -> Words | None:
    """Say why the terrain in force cannot be used and how to bring it again; None where it can, or there is none.

    Asked once per process and data folder; what is wrong is told in one log line as well.
    """
    return _tried()[1]


def picture() -> Picture | None:
    """Return the picture of the terrain in force, made once per process and data folder.

    None without terrain, or where it cannot be used.
    """
    return _tried()[0]


def pictured(heights: Raster, name: str) -> Picture:
    """Return the picture of heights, in metres, of a file of a name. Raises ReliefError where it would be empty."""
    try:
        return made(heights)
    except GeometryError as error:
        raise ReliefError(both("relief_fault.no_shade", file=name)) from error


@editions.kept()
def _tried() -> tuple[Picture | None, Words | None]:
    """Return the picture of the terrain in force, or else why it cannot be used; neither without terrain."""
    try:
        found = of(editions.in_force())
        return (None if found is None else pictured(around(found.path), found.path.name)), None
    except GeoError as error:
        path = editions.in_force() / FOLDER / FILE
        log.warning("%s cannot be used: %s; the map goes on without terrain", path, " ".join(str(error).split()))
        said = error.said if isinstance(error, ReliefError) else both("relief_fault.unreadable", file=path.name)
        return None, both("relief.broken", reason=lambda language: said[language])


def place(*, beyond: float = MARGIN) -> tuple[float, float, float, float]:
    """Return west, south, east, north of the metropolis and so many degrees around it (EPSG:4326)."""
    west, south, east, north = map(float, catalogue.load("communes").total_bounds)
    return west - beyond, south - beyond, east + beyond, north + beyond


def around(path: Path) -> Raster:
    """Read the heights of a data folder's terrain around the metropolis, in metres (EPSG:4326).

    Raises FormatError when it cannot be read, ReliefError when it is in another system, turned, of another place, or
    holds no heights, or such as no land here has.
    """
    try:
        upright(raster.about(path), path.name)
        read = raster.read(path, bounds=place(), crs=crs.WGS84)
    except CRSError as error:
        raise ReliefError(both("relief_fault.system", file=path.name, system=crs.WGS84)) from error
    except GeometryError as error:
        raise ReliefError(both("relief_fault.elsewhere", file=path.name)) from error
    check(read, path.name, EARTHLY)
    return read


def upright(about: raster.About, name: str) -> None:
    """Refuse a turned grid, whose bounds say nothing of its place, by the name of its file. Raises ReliefError."""
    try:
        raster.require_upright(about.transform)
    except GeometryError as error:
        raise ReliefError(both("relief_fault.grid", file=name, reason=str(error))) from error


def check(heights: Raster, name: str, within: tuple[float, float] = PLAUSIBLE) -> None:
    """Refuse numbers that are no heights, in metres, by the name of their file. Raises ReliefError."""
    known = heights.values[heights.known]
    if not known.size:
        raise ReliefError(both("relief_fault.empty", file=name))
    low, high = float(known.min()), float(known.max())
    if low < within[0] or high > within[1]:
        least, most, first, last = (_metres(value) for value in (*within, low, high))
        raise ReliefError(both("relief_fault.heights", file=name, low=first, high=last, least=least, most=most))


def _metres(value: float) -> Callable[[Language], str]:
    return lambda language: numbers.number(value, language)


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
        told = {name: str(said[name]) for name in ("file", "day", "source", "vintage")}
        # Editions made before these were kept do not have them.
        return Given(**told, **{name: str(said.get(name, "")) for name in ("measures", "notice", "averaged")})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReliefError(both("relief_fault.words", file=path.name)) from error


def _own(given: Given) -> Source:
    """Say of terrain that a person gave what is known of it, and of the rest that it is not."""
    title, unsaid = both("relief.given", file=given.file), both("relief.unsaid")
    publisher = {language: given.source or unsaid[language] for language in unsaid}
    vintage = {language: given.vintage or unsaid[language] for language in unsaid}
    named = {language: given.notice or publisher[language] for language in unsaid}
    credit = both("relief.credit", source=lambda language: named[language])
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


@editions.kept(most=4)
def heights(layers: tuple[str, ...]) -> dict[str, list[int]]:
    """Return by key of the map (`site:…`) the height of points, the lowest and the highest of communes, whole metres.

    What lies beyond the terrain is left out, all of it without terrain.
    """
    found = in_force()
    return {} if found is None else dict(_heights(around(found.path), layers))


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


def words(source: Source) -> Words:
    """Return the source in one line, in both languages: title, publisher, vintage."""
    named = ("title", "publisher", "vintage")
    return {language: ", ".join(source.word(name, language) for name in named) for language in LANGUAGES}


def told(language: Language) -> str:
    """Return the source of the terrain in force in one line; empty without terrain."""
    found = in_force()
    return words(found.source)[language] if found else ""


def measures(found: Terrain) -> Words:
    """Return what terrain measures in the words of its catalogue or of its own file; that it is not stated, else.

    Heights that were averaged as they were taken up are said to be.
    """
    given = given_of(found.path.parents[1])
    of_what, said = _measures(found, given), averaged(given)
    return {language: f"{of_what[language]} {said[language]}".strip() for language in LANGUAGES}


def averaged(given: Given | None) -> Words:
    """Say that heights a person gave were averaged, and to what cells; empty where they were not."""
    if given is None or not given.averaged:
        return dict.fromkeys(LANGUAGES, "")
    return both("relief_cli.averaged", n=given.averaged)


def _measures(found: Terrain, given: Given | None) -> Words:
    if given is None and found.source.id == OFFICIAL:
        return both("relief.measures", words=lambda language: found.source.word("title", language))
    if given is not None and given.measures:
        return both("relief.measures", words=given.measures)
    return both("relief.measures_unsaid")


def carry(before: Path | None, part: Path) -> None:
    """Put the terrain that a person gave into a new edition, in the place of what a refresh brought, as it is.

    Raises ReliefError when it cannot be written.
    """
    names = (FILE, GIVEN)
    if before is None or not all((before / FOLDER / name).is_file() for name in names):
        return
    into = part / FOLDER
    try:
        into.mkdir(exist_ok=True)
        for name in names:
            (into / name).unlink(missing_ok=True)
            shutil.copyfile(before / FOLDER / name, into / name)
    except OSError as error:
        raise unwritten(into, error) from error


def unwritten(folder: Path, error: Exception) -> ReliefError:
    """Say that a folder cannot be written, and why."""
    reason = error.strerror if isinstance(error, OSError) else ""
    return ReliefError(both("relief_fault.write", folder=folder, reason=reason or " ".join(str(error).split())))
