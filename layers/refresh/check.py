"""The health of the data in force, offline: what is broken, what waits for a person, how old all of it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame

from geo import coverage, crs
from geo.errors import GeoError
from layers import catalogue, editions, numbers, rows, schema
from layers.build.tables import PLAIN_TABLES, POINT_TABLES
from layers.freshness import outdated
from layers.refresh import outcome
from layers.text import both
from layers.view import Language
from layers.vocabulary import OUTSIDE

HEALTHY, TO_SEE = 0, 4
Said = Mapping[Language, str]

# What is looked at, in this order.
TOPICS = ("edition", "schema", "geometry", "coverage", "sources", "positions", "doubts")
# Of each table, the columns that say of when its statuses and figures are.
_AGES = {
    "industry": ("status_year", "co2_year"),
    "decarbonation": ("status_date",),
    "communes": ("population_year",),
    "facts": ("year",),
}
_ROW_SOURCES = {"emissions": "source", "irep": "source", "industry": "sources", "stations": "sources",
                "ports": "sources", "airports": "sources"}  # fmt: skip
_PAGES = {"decarbonation": "source_url", "places": "source_url", "project_sources": "source_url",
          "site_sources": "source_title", "facts": "source"}  # fmt: skip
# A square metre in degrees, roughly: what two unions of the same rounded polygons may differ by.
_NOTHING_DEG2 = 1e-9


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should see: what it is about, where, and in words."""

    topic: str
    table: str
    key: str
    said: Said


@dataclass(frozen=True, slots=True)
class Age:
    """Of when one status or figure is; `old` is more than a year before the day of the check."""

    table: str
    key: str
    column: str
    date: str
    old: bool


@dataclass(slots=True)
class Health:
    """All that was found. `data` is the folder in force, `refreshed` the day of each layer that a refresh brought."""

    data: str
    version: str
    day: str
    edition: str = ""
    tables: dict[str, int] = field(default_factory=dict)
    refreshed: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    ages: list[Age] = field(default_factory=list)

    @property
    def code(self) -> int:
        """Return the exit code: 0 when nothing is to be seen, else 4. Age alone is no fault."""
        return TO_SEE if self.findings else HEALTHY

    def add(self, topic: str, key: str, table: str = "", row: str = "", **values: object) -> None:
        """Add a finding, said by a text of the group `check`."""
        self.findings.append(Finding(topic, table, row, both(f"check.{key}", table=table, row=row, **values)))

    def document(self) -> dict[str, Any]:
        """Return all of it as JSON knows it."""
        return {**asdict(self), "code": self.code}


def check(*, today: date) -> Health:
    """Look at the data in force and at what the last refresh left for a person; nothing is asked of any service."""
    folder, live = editions.in_force(), editions.live_dir()
    health = Health(str(folder), "", today.isoformat())
    _edition(health, folder, live)
    try:
        known = catalogue.catalogue()
        health.version = catalogue.data_version()
    except GeoError as error:
        health.add("schema", "broken", "catalogue", reason=str(error))
        return health
    health.refreshed = {layer.id: layer.refreshed for layer in known.layers.values() if layer.refreshed}
    tables = _tables(health, known, folder)
    for look in (_geometry, _coverage, _sources, _positions):
        look(health, tables)
    _ages(health, tables, today)
    _doubts(health, live)
    health.findings.sort(key=lambda one: TOPICS.index(one.topic))
    return health


def _edition(health: Health, folder: Path, live: Path) -> None:
    """Tell which edition is in force, and why one that is named is not."""
    base = editions.base_dir()
    health.edition = folder.name if folder != base else ""
    try:
        named = editions.read_current(live)
        if named is not None:
            editions.checked(named, base)
    except GeoError as error:
        health.add("edition", "edition", reason=str(error))


def _tables(health: Health, known: catalogue.Catalogue, folder: Path) -> dict[str, DataFrame]:
    """Read every table there is to be, each fault told."""
    found: dict[str, DataFrame] = {}
    readers: dict[str, Callable[[], DataFrame]] = {
        Path(layer.table).stem: partial(catalogue.load, layer.id) for layer in known.layers.values()
    }
    more = [path.stem for path in sorted((folder / "tables").glob("*.csv")) if path.stem in schema.TABLES]
    readers |= {name: partial(catalogue.table, name) for name in (*PLAIN_TABLES, *more)}
    for name, read in readers.items():
        try:
            found[name] = read()
            health.tables[name] = len(found[name])
        except GeoError as error:
            health.add("schema", "broken", name, reason=str(error))
    return found


def _key(frame: DataFrame) -> str:
    """Name the column that names a row."""
    return next((name for name in ("id", "code", "site_id", "key") if name in frame), str(frame.columns[0]))


def _geometry(health: Health, tables: Mapping[str, DataFrame]) -> None:
    for name, frame in tables.items():
        if not isinstance(frame, GeoDataFrame):
            continue
        shapes, keys = frame.geometry.to_numpy(), frame[_key(frame)].astype(str).to_numpy()
        stands = ~shapely.is_missing(shapes)
        for at in (stands & ~shapely.is_valid(shapes)).nonzero()[0]:
            health.add("geometry", "invalid", name, keys[at], reason=str(shapely.is_valid_reason(shapes[at])))
        for at in (stands & shapely.is_empty(shapes)).nonzero()[0]:
            health.add("geometry", "empty", name, keys[at])


def _coverage(health: Health, tables: Mapping[str, DataFrame]) -> None:
    """Communes cover the metropolis without gap or overlap, poles are made of them, none is missing."""
    communes, poles = tables.get("communes"), tables.get("poles")
    if not isinstance(communes, GeoDataFrame):
        return
    try:
        for at in coverage.faults(communes).index:
            health.add("coverage", "overlap", "communes", str(communes.at[at, "code"]))
        whole = shapely.union_all(communes.geometry.to_numpy())
        holes = sum(shapely.get_num_interior_rings(part) for part in shapely.get_parts(whole))
        if holes:
            health.add("coverage", "gap", "communes", n=partial(numbers.number, int(holes)))
        if isinstance(poles, GeoDataFrame):
            apart = shapely.symmetric_difference(whole, shapely.union_all(poles.geometry.to_numpy()))
            if shapely.area(apart) > _NOTHING_DEG2:
                health.add("coverage", "poles", "poles")
    except (GeoError, shapely.errors.GEOSException) as error:
        health.add("coverage", "broken", "communes", reason=str(error))
    try:
        wanted = set(rows.read(editions.in_force() / "extracts" / "metropolis.csv")["code"])
    except GeoError:
        return
    for code in sorted(wanted ^ set(communes["code"])):
        health.add("coverage", "commune", "communes", code)


def _sources(health: Health, tables: Mapping[str, DataFrame]) -> None:
    """Every row names a source of the catalogue, or a page."""
    known = set(catalogue.catalogue().sources)
    for name, column in _ROW_SOURCES.items():
        frame = tables.get(name, DataFrame(columns=[column, "id"]))
        for said, lines in frame.groupby(frame[column].fillna("").astype(str), sort=True):
            strange = [source for source in str(said).split(";") if source not in known]
            if strange:
                first = str(lines[_key(lines)].iloc[0])
                health.add(
                    "sources", "source", name, first, n=partial(numbers.number, len(lines)), came=repr(strange[0])
                )
    for name, column in _PAGES.items():
        frame = tables.get(name, DataFrame(columns=[column, "id"]))
        for key in frame[frame[column].fillna("") == ""][_key(frame)]:
            health.add("sources", "page", name, str(key))


def _positions(health: Health, tables: Mapping[str, DataFrame]) -> None:
    """Points lie in their commune, but for those that position_exceptions.csv gives a reason for."""
    communes = tables.get("communes")
    if not isinstance(communes, GeoDataFrame):
        return
    metric = crs.to_metres(communes).set_index("code").geometry
    try:
        declared = rows.read(editions.in_force() / "hand" / "position_exceptions.csv", ("table", "id", "found"))
    except GeoError:
        declared = DataFrame(columns=["table", "id", "found"])
    reasons = set(zip(declared["table"], declared["id"], strict=True))
    for name in POINT_TABLES:
        frame = tables.get(name)
        if not isinstance(frame, GeoDataFrame):
            continue
        inside = crs.to_metres(frame[frame["pole"] != OUTSIDE])
        for key, code, point in zip(inside["id"], inside["insee"], inside.geometry, strict=True):
            away = float(metric[code].distance(point)) if code in metric.index else None
            if (away is None or away > 0) and (name, key) not in reasons:
                metres = partial(numbers.number, round(away)) if away is not None else "?"
                health.add("positions", "outside", name, str(key), commune=str(code), metres=metres)


def _ages(health: Health, tables: Mapping[str, DataFrame], today: date) -> None:
    for name, columns in _AGES.items():
        frame = tables.get(name)
        for column in columns if frame is not None else ():
            health.ages += _dated(name, frame, column, today)
    frame = tables.get("emissions")
    if frame is not None:
        newest = frame.groupby("site_id")["year"].max()
        health.ages += _dated("emissions", newest.rename("year").reset_index(), "year", today)


def _dated(table: str, frame: Any, column: str, today: date) -> Iterator[Age]:
    for key, said in zip(frame[_key(frame)], frame[column], strict=True):
        when = "" if pd.isna(said) else str(said)
        yield Age(table, str(key), column, when, outdated(when, today))


def _doubts(health: Health, live: Path) -> None:
    """Tell what the last refresh left for a person: doubtful matches, and sources that are held."""
    last = outcome.read(live) or {}
    for one in last.get("doubts", ()):
        health.findings.append(Finding("doubts", str(one["table"]), str(one["key"]), dict(one["said"])))
    for one in last.get("sources", ()):
        if one.get("state") == "held":
            health.add("doubts", "held", row=str(one["source"]))
