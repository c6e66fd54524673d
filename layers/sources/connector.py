"""What a connector is: how one official service is asked, and what its answer says about our tables.

A connector is one module with a `CONNECTOR`. `fetch` leaves the raw answers in a folder, whole and checked against the
fields the service is known to give; `normalise` reads that folder, without any network, and says what it means for the
tables. `layers.refresh` decides what of it is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from geopandas import GeoDataFrame
from pandas import DataFrame

from layers.view import Language

# Told what is being done and how far it is: words of one line, parts done, parts in all (0 when not known).
Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Territory:
    """What answers are clipped to and matched with.

    `communes`: code, name, pole, geometry (EPSG:4326). `sites`: the hand-kept rows of industry as text, among them id,
    name, operator, insee, lon, lat, position_precision, ets_id, irep_id, icpe_id. `stations`: the hand-kept rows of
    stations as text. `emissions`: the hand-kept rows of verified emissions as text (site_id, year), where given.
    """

    communes: GeoDataFrame
    sites: DataFrame
    stations: DataFrame
    emissions: DataFrame = field(default_factory=DataFrame)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north of the communes in degrees (EPSG:4326)."""
        west, south, east, north = (float(value) for value in self.communes.total_bounds)
        return west, south, east, north

    @property
    def departments(self) -> tuple[str, ...]:
        """Return the two-digit codes of the départements its communes lie in, in order."""
        return tuple(sorted({str(code)[:2] for code in self.communes["code"]}))


@dataclass(frozen=True, slots=True)
class Received:
    """One answer as it came: what was asked, when (ISO 8601, UTC), and what names this very content."""

    url: str
    file: str
    fetched_at: str
    bytes: int
    sha256: str
    etag: str = ""
    last_modified: str = ""
    # The service said that what was kept is still what it has.
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """All answers of one connector; `rows` counts what they hold, `vintage` is what the data say of their own age."""

    received: tuple[Received, ...]
    rows: int
    vintage: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A match or a contradiction that a person must decide: nothing of it is taken."""

    table: str
    key: str
    official: str
    said: Mapping[Language, str]
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What the answers of a connector say about our tables.

    `cells`: hand-kept table to rows of text, its key column and the columns spoken of; an empty cell says nothing.
    `rows`: hand-kept table to whole rows of text, by its key (emissions: site_id, year): they replace or add.
    `tables`: tables of their own (zones, rail…), in the columns of `layers.schema`.
    `rasters`: name to a GeoTIFF in the folder.
    `said_by`: hand-kept table to its columns to the id of the official source that says them, where that is not the
    first source of the connector and rows have no `source` of their own.
    `vintages`: id of a source (`[official.…]` of the catalogue) to what its data say of their age, in both languages.
    """

    cells: Mapping[str, DataFrame] = field(default_factory=dict)
    rows: Mapping[str, DataFrame] = field(default_factory=dict)
    tables: Mapping[str, DataFrame] = field(default_factory=dict)
    rasters: Mapping[str, Path] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[Mapping[Language, str], ...] = ()
    vintages: Mapping[str, Mapping[Language, str]] = field(default_factory=dict)
    said_by: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Client(Protocol):
    """What connectors need of `layers.sources.http.Client`: each answer is streamed to a file, checked, then named."""

    def get(self, url: str, into: Path, **options: Any) -> Received:
        """Fetch an address to a file. Options and errors: `layers.sources.http.Client.get`."""
        ...

    def kept(self, url: str) -> tuple[Path, Received] | None:
        """Return the file and the record of what is kept of an address from before."""
        ...


@dataclass(frozen=True, slots=True)
class Smoke:
    """One request that tells whether a service answers as the dossier says; `expects` is a phrase for a person."""

    url: str
    expects: Mapping[Language, str]
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class Connector:
    """One service: what it brings up to date, whose word it is, and how it is asked and read.

    `tables` are those it may change. `sources` are the ids of `[official.…]` in the catalogue. `hosts` to the least
    seconds between two requests. `fetch` raises SourceError, `normalise` raises SourceError for a renamed, missing or
    retyped field, each named.
    """

    id: str
    tables: tuple[str, ...]
    sources: tuple[str, ...]
    hosts: Mapping[str, float]
    fetch: Callable[[Client, Path, Territory, Told], Fetched]
    normalise: Callable[[Path, Fetched, Territory], Contribution]
    smoke: tuple[Smoke, ...] = ()
