"""The catalogue: what each layer is, where it comes from, and its table, checked and read once per process.

In an edition (`layers.editions`) the official sources it was refreshed from stand among the sources of its layers. A
layer that only official services fill (`optional = true`) is there only where an edition holds its table.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast, get_type_hints

from geopandas import GeoDataFrame
from pandas import DataFrame

from geo import vector
from geo.errors import CRSError, FormatError
from layers import editions, rows
from layers.authority import Authority, Limits, Official, read_authority, read_limits
from layers.errors import CatalogueError, TableError, UnknownLayerError
from layers.schema import TABLES, typed, validate

DATA_VARIABLE = editions.DATA_VARIABLE
GROUPS = ("territory", "industry", "decarbonation", "access", "places", "story", "ground", "networks")
GEOMETRIES = ("polygon", "line", "point")


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from, under which licence, and the words that must be displayed."""

    id: str
    publisher: str
    title: str
    licence: str
    licence_url: str
    attribution: str
    url: str
    retrieved: str
    vintage: str
    title_fr: str
    attribution_fr: str
    # Left out where the words are the same in both languages: names, versions, years, licences with a name.
    publisher_fr: str = ""
    licence_fr: str = ""
    vintage_fr: str = ""

    def word(self, name: str, lang: str) -> str:
        """Return title, publisher, licence, vintage or attribution in French for "fr", in English otherwise."""
        return _word(self, name, lang)


@dataclass(frozen=True, slots=True)
class Layer:
    """What one layer shows, its table, its sources, how it was made and what it cannot say."""

    id: str
    title_en: str
    title_fr: str
    group: str
    geometry: str
    table: str
    sources: tuple[str, ...]
    style: str
    fields: tuple[str, ...]
    vintage: str
    method_en: str
    method_fr: str
    limits_en: str
    limits_fr: str
    time_field: str = ""
    vintage_fr: str = ""
    # Absent while its table is: filled by official services alone, whose ids are its sources and whose age is its own.
    optional: bool = False
    # The day a refresh last brought it up to date; empty as shipped. Said by edition.json, never by the catalogue.
    refreshed: str = ""

    def word(self, name: str, lang: str) -> str:
        """Return the vintage in French for "fr", in English otherwise."""
        return _word(self, name, lang)

    def title(self, lang: str) -> str:
        """Return the title in French for "fr", in English otherwise."""
        return self.title_fr if lang == "fr" else self.title_en


def _word(record: Source | Layer, name: str, lang: str) -> str:
    french = getattr(record, f"{name}_fr") if lang == "fr" else ""
    return cast("str", french or getattr(record, name))


Record = TypeVar("Record", Source, Layer, Official)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All sources and all layers, in the order of the file; whose word counts, and what a refresh holds for review."""

    sources: Mapping[str, Source]
    layers: Mapping[str, Layer]
    official: Mapping[str, Official] = field(default_factory=dict)
    authority: Authority = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    # Optional layers whose table is not there.
    absent: Mapping[str, Layer] = field(default_factory=dict)

    def layer(self, layer_id: str) -> Layer:
        """Return one layer. Raises `UnknownLayerError`, which names the layers there are."""
        if layer_id not in self.layers:
            raise UnknownLayerError(layer_id, tuple(self.layers))
        return self.layers[layer_id]

    def sources_of(self, layer_id: str) -> tuple[Source, ...]:
        """Return the sources of a layer, the main one first."""
        return tuple(self.sources[source] for source in self.layer(layer_id).sources)


def data_dir() -> Path:
    """Return the folder of the data in force: the edition taken up, else the base (`layers.editions`)."""
    return editions.in_force()


def catalogue() -> Catalogue:
    """Return the catalogue, read once per process and per folder.

    Raises `CatalogueError` with every fault.
    """
    return _catalogue(data_dir())


def load(layer_id: str) -> GeoDataFrame:
    """Return the table of a layer in EPSG:4326, checked; read once, each caller gets its own copy.

    Raises `UnknownLayerError` or `TableError`.
    """
    record = catalogue().layer(layer_id)
    return cast("GeoDataFrame", _table(data_dir() / "tables" / record.table).copy())


def table(name: str) -> DataFrame:
    """Return a table without geometry (emissions, facts, units...), checked; read once, given as a copy.

    Raises `TableError`.
    """
    return _table(data_dir() / "tables" / f"{name}.csv").copy()


@editions.kept()
def last_year() -> int:
    """Return the newest year of the table of emissions: the last one with verified figures. Raises `TableError`."""
    return int(table("emissions")["year"].max())


def data_version() -> str:
    """Return 12 hexadecimal digits that change with any byte of the data in force: tables, catalogue, edition.json."""
    root = data_dir()
    found = []
    for path in [root / "catalogue.toml", root / editions.EDITION, *sorted((root / "tables").glob("*"))]:
        if path.is_file():
            held = path.stat()
            found.append((path, held.st_mtime_ns, held.st_size, held.st_ino))
    return _version(tuple(found))


@lru_cache(maxsize=4)
def _version(found: tuple[tuple[Path, int, int, int], ...]) -> str:
    # Each layer of a snapshot asks: files that nobody has touched are read once.
    digest = hashlib.sha256()
    for path, *_ in found:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=4)
def _catalogue(root: Path) -> Catalogue:
    return read(root)


def read(root: Path) -> Catalogue:
    """Read the catalogue of a data folder anew, with what its edition.json adds.

    Raises `CatalogueError` with every fault, `EditionError` when edition.json is faulty.
    """
    path = root / "catalogue.toml"
    try:
        found = parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CatalogueError([f"{path} is missing"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError([f"{path} cannot be read in UTF-8: {error}"]) from error
    there = {key: layer for key, layer in found.layers.items() if not layer.optional or _has(root, layer)}
    absent = {key: layer for key, layer in found.layers.items() if key not in there}
    found = replace(found, layers=there, absent=absent)
    return _refreshed(found, editions.read_edition(root) or editions.Edition("", "", ""))


def _has(root: Path, layer: Layer) -> bool:
    """Tell whether the table of an optional layer is there and holds a row; its faults are told when it is read."""
    path = root / "tables" / layer.table
    return path.is_file() and vector.count(path) != 0


def _refreshed(found: Catalogue, edition: editions.Edition) -> Catalogue:
    """Add the official sources of an edition, with the day and age it says, to the layers that use them."""
    said = {key: layer for key, layer in edition.layers.items() if key not in found.absent}
    faults = [
        f"edition.json names an undeclared official source {key}"
        for key in edition.sources
        if key not in found.official
    ]
    faults += [f"edition.json names an unknown layer {key}" for key in said if key not in found.layers]
    faults += [
        f"edition.json gives layers.{key} a source it does not date: {source}"
        for key, layer in said.items()
        for source in layer.sources
        if source not in edition.sources
    ]
    faults += [
        f"layers.{key} has a table, but edition.json does not say where it comes from: refresh again, or remove it"
        for key, layer in found.layers.items()
        if layer.optional and not (key in said and set(layer.sources) <= edition.sources.keys())
    ]
    if faults:
        raise CatalogueError(faults)
    sources = dict(found.sources)
    for key, fresh in edition.sources.items():
        english, french = fresh.vintage["en"], fresh.vintage["fr"]
        words = {record.name: getattr(found.official[key], record.name) for record in fields(Official)}
        sources[key] = Source(**words, retrieved=fresh.retrieved, vintage=english, vintage_fr=french)
    layers = dict(found.layers)
    for key, layer in said.items():
        added = tuple(source for source in layer.sources if source not in layers[key].sources)
        layers[key] = replace(layers[key], sources=(*layers[key].sources, *added), refreshed=layer.refreshed)
        if layers[key].optional:
            first = sources[layers[key].sources[0]]
            layers[key] = replace(layers[key], vintage=first.vintage, vintage_fr=first.vintage_fr)
    return replace(found, sources=sources, layers=layers)


def parse(text: str) -> Catalogue:
    """Read the text of a catalogue.

    Raises `CatalogueError` with every fault: broken TOML, keys missing or unknown, sources undeclared or unused.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError([f"not TOML: {error}"]) from error
    faults: list[str] = []
    found = Catalogue(
        sources=_records(Source, raw.get("sources", {}), "sources", faults=faults),
        layers=_records(Layer, raw.get("layers", {}), "layers", faults=faults),
        official=_records(Official, raw.get("official", {}), "official", faults=faults),
        authority=read_authority(raw.get("authority", {}), faults=faults),
        limits=read_limits(raw.get("limits", {}), faults=faults),
    )
    faults += _contradictions(found)
    if faults:
        raise CatalogueError(faults)
    return found


def _records(
    kind: type[Record], raw: Mapping[str, Mapping[str, Any]], section: str, *, faults: list[str]
) -> dict[str, Record]:
    """Turn the tables of one section into records; every fault is added to the list."""
    hints = get_type_hints(kind)
    optional = {"id", "time_field", "publisher_fr", "licence_fr", "vintage_fr", "optional"}
    records: dict[str, Record] = {}
    for key, values in raw.items():
        where = f"{section}.{key}"
        wanted = [one.name for one in fields(kind) if one.name not in ("id", "refreshed")]
        # An optional layer is as old as its source says in the edition that holds it.
        spared = optional | ({"vintage"} if values.get("optional") else set())
        wrong = [f"{where} lacks {name}" for name in wanted if name not in values and name not in spared]
        wrong += [f"{where} has an unknown key {name}" for name in values if name not in wanted]
        for name, value in values.items():
            lists = hints.get(name) == tuple[str, ...]
            if (hints.get(name) is bool) != isinstance(value, bool):
                wrong.append(f"{where}.{name} is {value!r}, expected {'true or false' if hints.get(name) else 'text'}")
            elif lists != isinstance(value, list):
                wrong.append(f"{where}.{name} is {value!r}, expected {'a list' if lists else 'text'}")
            elif not lists and not str(value).strip():
                wrong.append(f"{where}.{name} is empty")
        faults += wrong
        if not wrong:
            plain: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
            }
            if "vintage" in spared:
                plain.setdefault("vintage", "")
            records[key] = kind(id=key, **plain)
    return records


def _contradictions(found: Catalogue) -> list[str]:
    """Name sources that are undeclared or unused, and words outside the lists."""
    faults, used = [], set()
    for layer in found.layers.values():
        used |= set(layer.sources)
        declared = found.official if layer.optional else found.sources
        faults += [f"layers.{layer.id} names an undeclared source {s}" for s in layer.sources if s not in declared]
        if not layer.sources:
            faults.append(f"layers.{layer.id} names no source")
        if layer.group not in GROUPS:
            faults.append(f"layers.{layer.id}.group is {layer.group!r}, expected one of {', '.join(GROUPS)}")
        if layer.geometry not in GEOMETRIES:
            faults.append(f"layers.{layer.id}.geometry is {layer.geometry!r}, expected one of {', '.join(GEOMETRIES)}")
        if Path(layer.table).stem not in TABLES:
            faults.append(f"layers.{layer.id}.table is {layer.table!r}, expected one of {', '.join(TABLES)}")
    faults += [f"official.{key} is also declared as sources.{key}" for key in found.official if key in found.sources]
    return faults + [f"sources.{key} is used by no layer" for key in found.sources if key not in used]


@lru_cache(maxsize=64)
def _table(path: Path) -> DataFrame:
    return read_table(path)


def read_table(path: Path) -> DataFrame:
    """Read the file of a table anew, checked; GeoParquet in EPSG:4326 or CSV.

    Raises `TableError` with every fault.
    """
    name = path.stem
    if not path.is_file():
        raise TableError(name, [f"{path} is missing"])
    try:
        frame = vector.read(path) if path.suffix == ".parquet" else typed(rows.read(path), name)
    except (CRSError, FormatError) as error:
        raise TableError(name, [str(error)]) from error
    return validate(frame, name)
