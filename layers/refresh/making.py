"""Build an edition of what sources say; one that cannot be built on tells which source is to blame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from geopandas import GeoDataFrame
from pandas import DataFrame

from geo import vector
from geo.errors import GeoError
from layers import rows
from layers.catalogue import Catalogue
from layers.refresh import RefreshError
from layers.refresh.asking import Words, disk_fault
from layers.refresh.changes import TableChange, summed, totals_of
from layers.refresh.edition import build_tables, prepare
from layers.refresh.merge import Laid, Said, lay_over
from layers.schema import TABLES, typed
from layers.snapshot.diff import compare_tables
from layers.text import both


@dataclass(frozen=True, slots=True)
class Made:
    """What was built of whose word; `faults` says of other sources why nothing can be built with them."""

    said: tuple[Said, ...]
    laid: Laid
    tables: Mapping[str, DataFrame]
    faults: Mapping[str, Words]


def made(
    base: Path, part: Path, choices: Sequence[tuple[Said, ...]], *, known: Catalogue, communes: GeoDataFrame
) -> Made:
    """Lay over the base what each source says, and build the tables of an edition in a folder of its own.

    Of each source the first of its words that can be built with is taken: what is new, else what was kept.

    Raises RefreshError when the base alone cannot be built, or the folder cannot be written.
    """
    prepare(base, part)

    def tried(said: Sequence[Said]) -> tuple[Laid, Mapping[str, DataFrame]]:
        laid = lay_over(base, said, known.authority, communes)
        return laid, build_tables(base, laid, part)

    said = [words[0] for words in choices]
    try:
        return Made(tuple(said), *tried(said), faults={})
    except RefreshError:
        raise
    except GeoError as error:
        _raise_of_disk(error, part)
    try:
        laid, tables = tried([])
    except GeoError as error:
        raise RefreshError(f"the base data cannot be built: {error}") from error
    good: list[Said] = []
    faults: dict[str, Words] = {}
    for words in choices:
        for one in words:
            try:
                laid, tables = tried([*good, one])
            except GeoError as error:
                _raise_of_disk(error, part)
                name = one.connector.id
                faults.setdefault(name, both("refresh.unbuilt", source=name, reason=str(error)))
            else:
                good.append(one)
                break
    # The folder holds what was tried last, which may be what failed.
    laid, tables = tried(good)
    return Made(tuple(good), laid, tables, faults)


def _raise_of_disk(error: GeoError, part: Path) -> None:
    if isinstance(error, RefreshError):
        raise error
    if reason := disk_fault(error, part):
        raise RefreshError(reason) from error


def read_tables(folder: Path) -> dict[str, DataFrame]:
    """Return the tables of a data folder by name, in their order, to compare with: they were checked when made.

    Raises GeoError for one that cannot be read.
    """
    paths = {path.stem: path for path in sorted((folder / "tables").glob("*.*")) if path.stem in TABLES}
    return {
        name: vector.read(paths[name]) if paths[name].suffix == ".parquet" else typed(rows.read(paths[name]), name)
        for name in TABLES
        if name in paths
    }


def compared(old: Mapping[str, DataFrame], new: Mapping[str, DataFrame]) -> Iterator[TableChange]:
    """Give what changed from tables to others, one by one; those without a change are left out.

    Raises GeoError when coordinates cannot be brought together.
    """
    names = {**names_of(old), **{key: {**names_of(old).get(key, {}), **said} for key, said in names_of(new).items()}}
    for found in compare_tables(old, new):
        totals = totals_of(old[found.layer], found.layer) if found.layer in old else {}
        change = summed(found, names.get(found.layer, {}), totals)
        if change.any:
            yield change


def names_of(tables: Mapping[str, DataFrame]) -> dict[str, dict[str, str]]:
    """Return what people call the rows of tables, by key: a name, or the name of the site with the year."""
    found: dict[str, dict[str, str]] = {}
    for table, frame in tables.items():
        key = next((key for key in ("id", "code") if key in frame), None)
        if key and "name" in frame:
            found[table] = dict(zip(frame[key].astype(str), frame["name"].astype(str), strict=True))
    for table in ("emissions", "irep"):
        if table in tables:
            sites = found.get("industry", {})
            pairs = zip(tables[table]["site_id"], tables[table]["year"], strict=True)
            found[table] = {f"{site}/{year}": f"{sites.get(site, site)}, {year}" for site, year in pairs}
    return found
