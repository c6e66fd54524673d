"""Terrain that a person gives: checked, cut to the metropolis, and taken up in an edition of its own.

The edition is the data folder in force with other terrain: its tables are those there were. The base data are never
touched, `provence-map refresh --back` takes the edition before up again, and a refresh keeps the terrain given.
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pyproj import Transformer
from pyproj.exceptions import ProjError

from geo import crs, raster
from geo.errors import CRSError, FormatError, GeometryError
from layers import editions
from layers.editions import Edition
from layers.refresh.run import in_force
from layers.refresh.store import PART, Live, now, settle, write_json
from layers.relief import ReliefError, terrain
from layers.relief.terrain import FILE, FOLDER, GIVEN, OFFICIAL, Given
from layers.sources.copernicus_dem import NODATA
from layers.text import both

# What a file may say of itself, and how much of it is kept.
_MEASURES, _NOTICE = ("TIFFTAG_IMAGEDESCRIPTION",), ("NOTICE", "TIFFTAG_COPYRIGHT")
_MOST_WORDS = 300
# Finer heights are averaged to cells of about so many metres: the picture is coarser, and memory is not without end.
KEPT_M = 25.0


def read(path: Path) -> raster.Raster:
    """Return the heights of a GeoTIFF around the metropolis, in metres, in EPSG:4326, no finer than about KEPT_M.

    Raises ReliefError for a file that is missing, no raster or broken off, without a coordinate system, of another
    place or turned, or that holds no heights, or such as no land here has.
    """
    if not path.is_file():
        raise ReliefError(both("relief_fault.missing", file=path))
    try:
        return _read(path)
    except CRSError as error:
        raise ReliefError(both("relief_fault.no_system", file=path, example=crs.LAMBERT93)) from error
    except (FormatError, GeometryError) as error:
        key = "relief_fault.no_raster" if isinstance(error, FormatError) else "relief_fault.grid"
        raise ReliefError(both(key, file=path, reason=" ".join(str(error).split()))) from error


def _read(path: Path) -> raster.Raster:
    about = raster.about(path)
    terrain.upright(about, str(path))
    inner = _within(terrain.place(beyond=0), about.crs)
    if not _meet(inner, about.bounds):
        has = ", ".join(f"{value:.6g}" for value in about.bounds)
        raise ReliefError(both("relief_fault.away", file=path, has=has, system=about.crs[:60]))
    finest = _finest(inner)
    found = raster.read(path, bounds=_within(terrain.place(), about.crs), finest=finest)
    metropolis = raster.read(path, bounds=inner, finest=finest)
    for heights in (metropolis, found):
        terrain.check(heights, str(path))
    known = found.values[found.known]
    if known.min() == known.max():
        raise ReliefError(both("relief_fault.level", file=path))
    level = found if found.crs == crs.WGS84 else raster.reproject(found, crs.WGS84)
    values = level.filled(dtype="float32")
    values[~level.known] = NODATA
    return level.with_values(values, nodata=NODATA)


def _within(place: tuple[float, float, float, float], system: str) -> tuple[float, float, float, float]:
    """Return bounds in degrees (EPSG:4326) in another system; infinite where that does not reach so far."""
    try:
        to = Transformer.from_crs(crs.WGS84, system, always_xy=True)
        west, south, east, north = to.transform_bounds(*place)
    except ProjError:
        return (math.inf,) * 4
    return west, south, east, north


def _finest(inner: tuple[float, float, float, float]) -> tuple[float, float]:
    """Return what KEPT_M is in the unit of a system, across and up, by the bounds of the metropolis in it."""
    west, south, east, north = _within(terrain.place(beyond=0), crs.LAMBERT93)
    return KEPT_M * (inner[2] - inner[0]) / (east - west), KEPT_M * (inner[3] - inner[1]) / (north - south)


def _averaged(path: Path) -> str:
    """Return to how many metres the cells of a file are averaged; empty where they are kept as they are."""
    about = raster.about(path)
    finest = _finest(_within(terrain.place(beyond=0), about.crs))
    return f"{KEPT_M:.0f}" if raster.finer(about.transform, finest) else ""


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Tell whether two bounds have a part in common."""
    if not all(map(math.isfinite, one)):
        return False
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _told(tags: Mapping[str, str], names: tuple[str, ...]) -> str:
    """Return what a file says under the first of some names, in one line, not too long."""
    said = next((" ".join(tags[name].split()) for name in names if tags.get(name, "").strip()), "")
    return said if len(said) <= _MOST_WORDS else f"{said[:_MOST_WORDS].rstrip()}…"


def give(path: Path, *, live: Path, base: Path, source: str = "", vintage: str = "") -> Path:
    """Take up an edition with the terrain of a GeoTIFF and return its folder.

    `source` and `vintage` are what the map tells of it; what is left empty is told as not stated.

    Raises what `read` raises, ReliefError for heights that make no picture, RefreshError when the live folder cannot be
    written or a refresh is under way.
    """
    heights, own = read(path), raster.about(path).tags
    terrain.pictured(heights, str(path))
    store = Live(live)
    store.prepare()
    with store.locked():
        store.tidy()
        force = in_force(store, base)
        name = store.edition_name()
        part = store.editions / f"{PART}{name}"
        try:
            _copied(force, base, part)
            (part / FOLDER).mkdir(exist_ok=True)
            tags = {"SOURCE": source or path.name, "AREA_OR_POINT": "Area"}
            tags |= {name: own[name] for name in (*_MEASURES, *_NOTICE) if name in own}
            raster.write_cog(heights, part / FOLDER / FILE, tags=tags, names=["elevation, metres"])
            measures, notice = _told(own, _MEASURES), _told(own, _NOTICE)
            given = Given(path.name, f"{now():%Y-%m-%d}", source, vintage, measures, notice, _averaged(path))
            write_json(part / FOLDER / GIVEN, given.document())
            write_json(part / editions.EDITION, _said(name, force, base).document())
            settle(part)
            part.rename(store.editions / name)
        except (OSError, FormatError) as error:
            raise terrain.unwritten(store.editions, error) from error
        finally:
            shutil.rmtree(part, ignore_errors=True)
        settle(store.editions, deep=False)
        current = store.in_force()
        store.take_up(name, previous=current.name if current else "")
    return store.editions / name


def _copied(force: Path | None, base: Path, part: Path) -> None:
    """Copy what the edition in force holds, or the base, but for its terrain and its own name."""
    if force is not None:
        left = shutil.ignore_patterns(editions.EDITION, FILE, GIVEN)
        shutil.copytree(force, part, ignore=left, copy_function=_linked)
        return
    part.mkdir()
    for name in editions.PARTS:
        whole = (base / name).is_dir()
        (shutil.copytree if whole else shutil.copyfile)(base / name, part / name)


def _linked(path: str, into: str) -> str:
    """Put a file of an edition, which never changes, into another without a second copy where the disk can."""
    try:
        os.link(path, into)
    except OSError:
        shutil.copyfile(path, into)
    return into


def _said(name: str, force: Path | None, base: Path) -> Edition:
    """Return what edition.json is to say: what that of the edition before said, without the terrain it had."""
    before = (editions.read_edition(force) if force else None) or Edition("", "", "")
    sources = {key: one for key, one in before.sources.items() if key != OFFICIAL}
    return replace(before, id=name, made_at=now().isoformat(), base=editions.base_version(base), sources=sources)
