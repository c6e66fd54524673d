"""An edition: a whole data folder made beside, with the very build the base was made with, then read back.

Nothing of it has its name before every table of it was read back and keeps its schema.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from geopandas import GeoDataFrame
from pandas import DataFrame

from geo import files, vector
from layers import catalogue, editions, origins
from layers.build.__main__ import build, write
from layers.catalogue import Catalogue
from layers.editions import Edition, Freshness, Refreshed
from layers.origins import Origin
from layers.refresh import RefreshError
from layers.refresh.merge import CONTOURS, METROPOLIS, Cell, Laid, Said, path_of
from layers.refresh.store import settle, write_json

RASTERS = "rasters"
_COPIED = ("hand", "extracts", "stories")
# What a table or a file that is laid over shows in, besides the layers read from that very table.
_SHOWN_IN: dict[str, tuple[str, ...]] = {
    METROPOLIS: ("communes", "poles"),
    CONTOURS: ("communes", "poles", "neighbours", "water"),
    "emissions": ("industry",),
    "irep": ("industry",),
}


def prepare(base: Path, part: Path) -> None:
    """Copy what an edition is built from out of the base data. Raises RefreshError when it cannot be written."""
    try:
        part.mkdir(parents=True)
        for name in _COPIED:
            shutil.copytree(base / name, part / name)
        shutil.copyfile(base / "catalogue.toml", part / "catalogue.toml")
    except (OSError, shutil.Error) as error:
        raise _unwritten(part, error) from error


def build_tables(base: Path, laid: Laid, part: Path) -> dict[str, DataFrame]:
    """Put what was laid over into a prepared folder, and build its tables without writing them.

    May be called again with something else: every file laid over before is then as in the base.

    Raises GeoError when they cannot be built, RefreshError when the folder cannot be written.
    """
    try:
        for name in ("hand", "extracts"):
            shutil.copytree(base / name, part / name, dirs_exist_ok=True)
        for table, frame in laid.frames.items():
            files.write_text(path_of(part, table), frame.to_csv(index=False, lineterminator="\n"))
        if laid.contours is not None:
            vector.write(laid.contours, part / "extracts" / f"{CONTOURS}.parquet")
    except (OSError, shutil.Error) as error:
        raise _unwritten(part, error) from error
    return {**build(part), **laid.tables}


def write_edition(
    part: Path, tables: Mapping[str, DataFrame], laid: Laid, found: Mapping[tuple[str, str, str], Origin], said: Edition
) -> dict[str, DataFrame]:
    """Write tables, origins, rasters and edition.json of a built folder, and return its tables as read back, checked.

    Raises GeoError when something written is not what was to be written, RefreshError when it cannot be written.
    """
    paths = write(dict(tables), part / "tables")
    origins.write(part / "tables" / origins.FILE, found)
    try:
        (part / RASTERS).mkdir(exist_ok=True)
        for name, path in laid.rasters.items():
            _linked(path, part / RASTERS / f"{name}{path.suffix}")
        write_json(part / editions.EDITION, said.document())
        read = {path.stem: catalogue.read_table(path) for path in paths}
        if short := [name for name, table in read.items() if len(table) != len(tables[name])]:
            raise RefreshError(f"table {short[0]} does not hold the rows written: the disk may be failing")
        known = catalogue.read(part)
        missing = [layer.table for layer in known.layers.values() if Path(layer.table).stem in tables]
        missing = [name for name in missing if not (part / "tables" / name).is_file()]
        if missing:
            raise RefreshError(f"the edition lacks {', '.join(missing)}: this is a fault of the program")
        origins.read(part / "tables" / origins.FILE)
        settle(part)
    except OSError as error:
        raise _unwritten(part, error) from error
    return read


def _linked(path: Path, into: Path) -> None:
    """Put a file that never changes into another folder, without a second copy where the disk can."""
    try:
        os.link(path, into)
    except OSError:
        shutil.copyfile(path, into)


def _unwritten(part: Path, error: Exception) -> RefreshError:
    reason = getattr(error, "strerror", None) or str(error)
    return RefreshError(f"cannot write {part.parent}: {reason}; make room, or choose another folder with --out")


def origins_of(laid: Laid, tables: Mapping[str, DataFrame]) -> dict[tuple[str, str, str], Origin]:
    """Return where the official cells of the built tables come from: figures that follow from one carry its origin."""
    found: dict[tuple[str, str, str], Origin] = {}
    for cell in laid.cells.values():
        name = "communes" if cell.table == METROPOLIS else cell.table
        column, before = cell.column, cell.before
        if column in ("lon", "lat"):
            # Longitude first: what stood there is told as one.
            other = laid.cells.get((cell.table, cell.key, "lat"))
            column, before = origins.GEOMETRY, f"{cell.before} {other.before if other else ''}".strip()
            if cell.column == "lat":
                continue
        elif name in tables and column not in tables[name]:
            continue
        found[name, cell.key, column] = Origin(cell.source, cell.retrieved, before)
    industry = tables.get("industry")
    if industry is not None:
        found |= dict(_derived(industry, laid.cells))
    return found


def _derived(
    industry: DataFrame, cells: Mapping[tuple[str, str, str], Cell]
) -> Iterator[tuple[tuple[str, str, str], Origin]]:
    """Give the origin of the figures of sites that are read from a yearly row."""
    accounts = {"ets": "emissions", "irep": "irep"}
    columns = ["id", "co2_year", "co2_basis"]
    for site, year, basis in industry[columns].dropna().itertuples(index=False):
        for column in ("co2_t", "co2_biogenic_t"):
            cell = cells.get((accounts[basis], f"{site}/{int(year)}", column))
            if cell is not None:
                yield ("industry", str(site), column), Origin(cell.source, cell.retrieved, "")


def described(
    name: str, made_at: str, base: str, *, said: Sequence[Said], laid: Laid, stamps: Mapping[str, str], known: Catalogue
) -> Edition:
    """Return what edition.json is to say: which sources, of which day, show in which layers.

    Raises RefreshError when a connector names a source that the catalogue does not declare.
    """
    used = _used(said, laid)
    days = {source: one.day for one in said for source in one.connector.sources}
    ages = {source: age for one in said for source, age in one.contribution.vintages.items()}
    named = dict.fromkeys(source for sources in used.values() for source in sources)
    if strange := [source for source in named if source not in known.official]:
        raise RefreshError(f"data/catalogue.toml declares no [official.{strange[0]}]: add it at the end of the file")
    sources = {key: Freshness(days[key], ages.get(key) or {"en": days[key], "fr": days[key]}) for key in named}
    layers = {}
    for layer in (*known.layers.values(), *known.absent.values()):
        stem = Path(layer.table).stem
        tables = [stem, *(table for table, shown in _SHOWN_IN.items() if layer.id in shown)]
        fresh = [one.day for one in said if set(tables) & set(_spoken(one))]
        if fresh:
            own = dict.fromkeys(source for table in tables for source in used.get(table, {}))
            layers[layer.id] = Refreshed(tuple(own), max(fresh))
    return Edition(name, made_at, base, sources, layers, dict(stamps))


def _spoken(one: Said) -> tuple[str, ...]:
    """Name the tables a connector says something of."""
    return (*one.contribution.cells, *one.contribution.rows, *one.contribution.tables)


def _used(said: Sequence[Said], laid: Laid) -> dict[str, dict[str, None]]:
    """Name, by table or raster, the official sources that some cell or row of it comes from."""
    used: dict[str, dict[str, None]] = {}
    for cell in laid.cells.values():
        used.setdefault(cell.table, {})[cell.source] = None
    for one in said:
        known = one.connector.sources
        for table, frame in one.contribution.tables.items():
            own = [source for source in frame["source"].unique() if source in known] if "source" in frame else []
            if not isinstance(frame, GeoDataFrame) or len(frame):
                used.setdefault(table, {}).update(dict.fromkeys(own or known[:1]))
        for name in one.contribution.rasters:
            used.setdefault(name, {}).update(dict.fromkeys(known[:1]))
    return used
