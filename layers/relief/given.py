"""Terrain that a person gives: checked, cut to the metropolis, and taken up in an edition of its own.

The edition is the data folder in force with other terrain: its tables are those there were. The base data are never
touched, `provence-map refresh --back` takes the edition before up again, and a refresh keeps the terrain given.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

from geopandas import GeoDataFrame
from pyproj import Transformer

from geo import crs, raster
from geo.errors import GeometryError
from geo.types import Bounds
from layers import catalogue, editions
from layers.editions import Edition
from layers.refresh.run import in_force
from layers.refresh.store import PART, Live, now, settle, write_json
from layers.relief import ReliefError
from layers.relief.picture import MARGIN
from layers.relief.terrain import FILE, FOLDER, GIVEN, OFFICIAL, Given
from layers.sources.copernicus_dem import NODATA, PLAUSIBLE


def read(path: Path) -> raster.Raster:
    """Return the heights of a GeoTIFF around the metropolis, in metres, in EPSG:4326.

    Raises FormatError for a file that is no raster or broken off, CRSError without a coordinate system, ReliefError
    when it lies elsewhere, is too fine, or holds no heights, or such as no land here has.
    """
    about = raster.about(path)
    communes = catalogue.load("communes")
    west, south, east, north = communes.total_bounds
    place = (west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    try:
        own = Transformer.from_crs(crs.WGS84, about.crs, always_xy=True).transform_bounds(*place)
        found = raster.read(path, bounds=own)
        metropolis = raster.read(path, bounds=_inner(communes, about.crs))
    except GeometryError as error:
        raise ReliefError(
            f"{error}; terrain of the metropolis of Aix-Marseille-Provence was expected, no finer than 5 m "
            "(gdalwarp -tr makes it coarser)"
        ) from error
    if not metropolis.known.any():
        raise ReliefError(f"{path} knows no height in the metropolis: every cell there is nodata; give another file")
    known = found.values[found.known]
    low, high = float(known.min()), float(known.max())
    if low < PLAUSIBLE[0] or high > PLAUSIBLE[1] or low == high:
        raise ReliefError(
            f"{path} holds numbers from {low:.0f} to {high:.0f}: heights in metres were expected, "
            f"from {PLAUSIBLE[0]:.0f} to {PLAUSIBLE[1]:.0f}; check its band and its unit"
        )
    level = found if found.crs == crs.WGS84 else raster.reproject(found, crs.WGS84)
    values = level.filled(dtype="float32")
    values[~level.known] = NODATA
    return level.with_values(values, nodata=NODATA)


def _inner(communes: GeoDataFrame, system: str) -> tuple[float, float, float, float]:
    """Return the bounds of the metropolis in another system."""
    edges = Bounds.of(communes)
    to = Transformer.from_crs(crs.WGS84, system, always_xy=True)
    west, south, east, north = to.transform_bounds(edges.west, edges.south, edges.east, edges.north)
    return west, south, east, north


def give(path: Path, *, live: Path, base: Path, source: str = "", vintage: str = "") -> Path:
    """Take up an edition with the terrain of a GeoTIFF and return its folder.

    `source` and `vintage` are what the map tells of it; what is left empty is told as not stated.

    Raises what `read` raises, RefreshError when the live folder cannot be written or a refresh is under way.
    """
    heights = read(path)
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
            raster.write_cog(heights, part / FOLDER / FILE, tags=tags, names=["elevation, metres"])
            given = Given(path.name, f"{now():%Y-%m-%d}", source, vintage)
            write_json(part / FOLDER / GIVEN, given.document())
            write_json(part / editions.EDITION, _said(name, force, base).document())
            settle(part)
            part.rename(store.editions / name)
        except OSError as error:
            raise ReliefError(
                f"cannot write {store.editions}: {error.strerror or error}; choose another folder with --out"
            ) from error
        finally:
            shutil.rmtree(part, ignore_errors=True)
        settle(store.editions, deep=False)
        store.take_up(name)
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
