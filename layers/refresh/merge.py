"""What connectors say laid over what is kept by hand, cell by cell, by the rules of authority of the catalogue.

Everything is text here, as in the hand-kept files; types come with the build. Where a connector is the authority of a
column its word wins; elsewhere it fills what is empty. A position is taken whole or not at all: only where the one kept
by hand is approximate and the official one lies in the row's commune.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame

from geo import vector
from layers import rows
from layers.authority import EVERY, Authority
from layers.schema import TABLES
from layers.sources import SourceError
from layers.sources.connector import Connector, Contribution

METROPOLIS, CONTOURS = "metropolis", "contours"
KEYS: dict[str, tuple[str, ...]] = {
    METROPOLIS: ("code",),
    "emissions": ("site_id", "year"),
    "irep": ("site_id", "year"),
    "employment": ("insee", "year", "sector"),
    "units": ("key",),
}
POSITION = ("lon", "lat", "position_precision", "position_confidence", "position_source")
# Positions of these precisions may give way to an official one.
_LOOSE = frozenset({"approx", "street"})
# Columns that a hand-kept file may lack until a service fills them.
_FILLED = {METROPOLIS: ("population_year",)}
# Tables of rows that belong to rows of another: the other names its sources.
_OWNERS = {"emissions": ("industry", "site_id"), "irep": ("industry", "site_id")}


@dataclass(frozen=True, slots=True)
class Said:
    """What a connector says, and the day (YYYY-MM-DD) its service was last asked."""

    connector: Connector
    contribution: Contribution
    day: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell whose value is the official one, and what stood there by hand; `table` as the hand-kept file is called."""

    table: str
    key: str
    column: str
    source: str
    retrieved: str
    before: str


@dataclass(frozen=True, slots=True)
class Overruled:
    """A cell where the hand-kept word stays against an official one, which is no authority there."""

    table: str
    key: str
    column: str
    kept: str
    official: str
    source: str


@dataclass(slots=True)
class Laid:
    """Hand-kept tables with what was laid over them (text), contours, own tables and rasters, and what came whence."""

    base: Path
    frames: dict[str, DataFrame] = field(default_factory=dict)
    contours: GeoDataFrame | None = None
    tables: dict[str, DataFrame] = field(default_factory=dict)
    rasters: dict[str, Path] = field(default_factory=dict)
    cells: dict[tuple[str, str, str], Cell] = field(default_factory=dict)
    overruled: list[Overruled] = field(default_factory=list)
    # Hand-kept table to how many official rows stand in none of its rows.
    strangers: dict[str, int] = field(default_factory=dict)

    def table(self, name: str) -> DataFrame | None:
        """Return a table as it stands, laid over or as kept; None where there is none."""
        if name == CONTOURS:
            contours: DataFrame = self.contours if self.contours is not None else _kept_contours(self.base)
            return contours
        if name in self.tables or name in self.frames:
            return self.tables[name] if name in self.tables else self.frames[name]
        path = path_of(self.base, name)
        found: DataFrame | None = rows.read(path, key_of(name)) if path.is_file() else None
        return found


def key_of(table: str) -> tuple[str, ...]:
    """Return the columns that name the rows of a hand-kept table."""
    return KEYS.get(table, ("id",))


def path_of(base: Path, table: str) -> Path:
    """Return the file of a hand-kept table in a data folder."""
    return base / "extracts" / f"{table}.csv" if table == METROPOLIS else base / "hand" / f"{table}.csv"


def lay_over(base: Path, said: Sequence[Said], rules: Authority, communes: GeoDataFrame) -> Laid:
    """Lay what connectors say, in their order, over the hand-kept tables of a data folder, which is not changed.

    `communes` (code, geometry in EPSG:4326) tells whether an official position lies in its commune.

    Raises SourceError when a connector speaks of a table, column or row it may not, TableError for a broken hand-kept
    file, FormatError for broken contours.
    """
    laid = Laid(base)
    shapes = dict(zip(communes["code"], communes.geometry, strict=True))
    for one in said:
        for table, frame in one.contribution.cells.items():
            _Table(laid, table, one, rules, shapes).lay(frame, whole=False)
        for table, frame in one.contribution.rows.items():
            _Table(laid, table, one, rules, shapes).lay(frame, whole=True)
        _own(laid, base, one)
    _name_sources(laid)
    return laid


def _own(laid: Laid, base: Path, one: Said) -> None:
    """Take the tables and rasters that are a connector's own."""
    for table, frame in one.contribution.tables.items():
        if table == CONTOURS:
            laid.contours = _contours(base, frame, one)
        elif table not in TABLES or table in laid.tables or path_of(base, table).is_file():
            raise SourceError(f"{one.connector.id} brings a table {table!r}, which is none of its own")
        else:
            laid.tables[table] = frame
    laid.rasters.update(one.contribution.rasters)


def _contours(base: Path, frame: DataFrame, one: Said) -> GeoDataFrame:
    """Put official contours in the place of those kept, commune by commune; those around stay."""
    kept = _kept_contours(base)
    if not isinstance(frame, GeoDataFrame) or not {"code", "name"} <= set(frame.columns):
        raise SourceError(f"{one.connector.id} brings contours without code, name or geometry")
    others = kept[~kept["code"].isin(frame["code"])]
    joined = pd.concat([others, frame[["code", "name", "geometry"]]], ignore_index=True)
    return GeoDataFrame(joined.sort_values("code", ignore_index=True), geometry="geometry", crs=kept.crs)


def _kept_contours(base: Path) -> GeoDataFrame:
    return vector.read(base / "extracts" / f"{CONTOURS}.parquet")


@dataclass(slots=True)
class _Table:
    """One hand-kept table while a connector's word is laid over it."""

    laid: Laid
    table: str
    one: Said
    rules: Authority
    shapes: Mapping[str, Any]

    def lay(self, frame: DataFrame, *, whole: bool) -> None:
        """Lay rows of text over the table; `whole` rows may also be new where the connector is an authority."""
        hand = self._hand(frame, whole=whole)
        key = list(key_of(self.table))
        records = {"/".join(str(row[name]) for name in key): row for row in hand.to_dict("records")}
        for row in frame.fillna("").astype(str).to_dict("records"):
            name = "/".join(row[column] for column in key)
            if name in records:
                self._row(records[name], row, name, whole=whole)
            elif whole:
                records[name] = dict.fromkeys(hand.columns, "") | {str(k): v for k, v in row.items()}
                for column, value in row.items():
                    if value and column not in key:
                        self._mark(name, str(column), row, before="")
            else:
                self.laid.strangers[self.table] = self.laid.strangers.get(self.table, 0) + 1
        self.laid.frames[self.table] = DataFrame(list(records.values()), columns=hand.columns, dtype="str")

    def _hand(self, frame: DataFrame, *, whole: bool) -> DataFrame:
        """Return the table as it stands, when the connector may speak of it in these columns."""
        hand = None if self.table in self.laid.tables else self.laid.table(self.table)
        if hand is None:
            raise SourceError(f"{self.one.connector.id} speaks of a table {self.table!r}, which is not kept by hand")
        added = [column for column in _FILLED.get(self.table, ()) if column in frame and column not in hand]
        hand = hand.assign(**dict.fromkeys(added, ""))
        strange = [str(column) for column in frame.columns if column not in hand]
        strange += [column for column in key_of(self.table) if column not in frame]
        if strange:
            raise SourceError(
                f"{self.one.connector.id} speaks of {', '.join(strange)} in {self.table}: its columns are "
                f"{', '.join(hand.columns)}"
            )
        if whole and not any(self._rules(column) for column in frame.columns):
            raise SourceError(f"{self.one.connector.id} may add no row to {self.table}: it is no authority there")
        return hand

    def _rules(self, column: str) -> bool:
        """Tell whether the connector is the authority of a column."""
        of = self.rules.get(self.table, {})
        return of.get(column, of.get(EVERY)) == self.one.connector.id

    def _row(self, hand: dict[Any, str], official: Mapping[Any, str], name: str, *, whole: bool) -> None:
        """Decide the cells of one row; one whose every word is official keeps no part of what it was."""
        moves = self._moves(hand, official)
        if whole and self._rules(EVERY) and any(v and not same(str(hand[c]), v) for c, v in official.items()):
            for column in [column for column, value in official.items() if not value and hand[column]]:
                self._mark(name, str(column), official, before=str(hand[column]))
                hand[column] = ""
        for column, value in official.items():
            if not value or column in key_of(self.table):
                continue
            before = str(hand[column])
            if column in POSITION and moves is False:
                continue
            wins = (column in POSITION and moves) or self._rules(str(column)) or not before
            if wins or same(before, value):
                hand[column] = before if same(before, value) else value
                self._mark(name, str(column), official, before=before)
            elif column not in POSITION:
                source = self._source(str(column), official)
                self.laid.overruled.append(Overruled(self.table, name, str(column), before, value, source))

    def _moves(self, hand: Mapping[Any, str], official: Mapping[Any, str]) -> bool | None:
        """Tell whether an official position takes the place of the one kept by hand; None where none is given."""
        if not official.get("lon") or not official.get("lat") or "lon" not in hand:
            return None
        try:
            point = shapely.Point(float(official["lon"]), float(official["lat"]))
        except ValueError as error:
            raise SourceError(
                f"{self.one.connector.id} gives a position that is no number: {official['lon']!r}, {official['lat']!r}"
            ) from error
        shape = self.shapes.get(str(hand.get("insee", "")))
        loose = str(hand.get("position_precision", "")) in _LOOSE
        return loose and shape is not None and bool(shape.covers(point))

    def _mark(self, key: str, column: str, official: Mapping[Any, str], *, before: str) -> None:
        """Keep that a cell is the official one."""
        cell = Cell(self.table, key, column, self._source(column, official), self.one.day, before)
        self.laid.cells[self.table, key, column] = cell

    def _source(self, column: str, official: Mapping[Any, str]) -> str:
        known = self.one.connector.sources
        own = str(official.get("source", ""))
        said = self.one.contribution.said_by.get(self.table, {})
        return own if own in known else said.get(column, known[0])


def _name_sources(laid: Laid) -> None:
    """Add the official sources of its cells, and of the rows that belong to it, to the sources a row names."""
    wanted: dict[tuple[str, str], dict[str, None]] = {}
    for cell in laid.cells.values():
        table, key = cell.table, cell.key
        if table in _OWNERS:
            table, key = _OWNERS[table][0], key.partition("/")[0]
        wanted.setdefault((table, key), {})[cell.source] = None
    for table in dict.fromkeys(table for table, _ in wanted):
        frame = laid.table(table)
        if frame is None or "sources" not in frame:
            continue
        keys = frame[list(key_of(table))].agg("/".join, axis=1)
        said = [
            ";".join(dict.fromkeys([*filter(None, known.split(";")), *wanted.get((table, key), {})]))
            for key, known in zip(keys, frame["sources"], strict=True)
        ]
        laid.frames[table] = frame.assign(sources=said)


def same(before: str, value: str) -> bool:
    """Tell whether two cells say the same, as text or as numbers."""
    if before == value:
        return True
    try:
        return float(before) == float(value)
    except ValueError:
        return False


def digest(contribution: Contribution) -> str:
    """Return what changes with anything a contribution says of the tables, however and whenever it was asked."""
    made = hashlib.sha256()
    for part in _parts(contribution):
        made.update(part)
        made.update(b"\0")
    return made.hexdigest()


def _parts(contribution: Contribution) -> Iterator[bytes]:
    groups = (("cells", contribution.cells), ("rows", contribution.rows), ("tables", contribution.tables))
    for group, frames in groups:
        for table, frame in sorted(frames.items()):
            yield f"{group} {table}".encode()
            plain = frame
            if isinstance(frame, GeoDataFrame):
                shapes = shapely.to_wkb(frame.geometry.to_numpy(), byte_order=1)
                plain = DataFrame(frame.drop(columns=frame.geometry.name))
                plain[frame.geometry.name] = ["" if shape is None else shape.hex() for shape in shapes]
            ordered = plain[sorted(plain.columns)]
            yield "\n".join(sorted(ordered.to_csv(index=False, lineterminator="\n").splitlines())).encode()
    for name, path in sorted(contribution.rasters.items()):
        yield f"raster {name}".encode()
        with path.open("rb") as file:
            yield hashlib.file_digest(file, "sha256").digest()
