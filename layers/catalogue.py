"""The catalogue: what each layer is, where it comes from, and its table, checked and read once per process."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast, get_type_hints

from geopandas import GeoDataFrame
from pandas import DataFrame

from geo import vector
from geo.errors import CRSError, FormatError
from layers import rows
from layers.errors import CatalogueError, TableError, UnknownLayerError
from layers.schema import TABLES, typed, validate

DATA_VARIABLE = "PROVENCE_MAP_DATA"
GROUPS = ("territory", "industry", "decarbonation", "access", "places", "story")
GEOMETRIES = ("polygon", "line", "point")
_OWN = Path(__file__).resolve().parents[1] / "data"


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

    def word(self, name: str, lang: str) -> str:
        """Return the vintage in French for "fr", in English otherwise."""
        return _word(self, name, lang)

    def title(self, lang: str) -> str:
        """Return the title in French for "fr", in English otherwise."""
        return self.title_fr if lang == "fr" else self.title_en


def _word(record: Source | Layer, name: str, lang: str) -> str:
    french = getattr(record, f"{name}_fr") if lang == "fr" else ""
    return cast("str", french or getattr(record, name))


Record = TypeVar("Record", Source, Layer)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All sources and all layers, in the order of the file."""

    sources: Mapping[str, Source]
    layers: Mapping[str, Layer]

    def layer(self, layer_id: str) -> Layer:
        """Return one layer. Raises `UnknownLayerError`, which names the layers there are."""
        if layer_id not in self.layers:
            raise UnknownLayerError(layer_id, tuple(self.layers))
        return self.layers[layer_id]

    def sources_of(self, layer_id: str) -> tuple[Source, ...]:
        """Return the sources of a layer, the main one first."""
        return tuple(self.sources[source] for source in self.layer(layer_id).sources)


def data_dir() -> Path:
    """Return the folder of the data: the one PROVENCE_MAP_DATA names, else data/ of the checkout."""
    named = os.environ.get(DATA_VARIABLE)
    return Path(named) if named else _OWN


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


def data_version() -> str:
    """Return 12 hexadecimal digits that change with any byte of data/tables or of data/catalogue.toml."""
    root = data_dir()
    found = []
    for path in [root / "catalogue.toml", *sorted((root / "tables").glob("*"))]:
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
    path = root / "catalogue.toml"
    try:
        return parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CatalogueError([f"{path} is missing"]) from None
    except UnicodeDecodeError as error:
        raise CatalogueError([f"{path} is not UTF-8: {error}"]) from error


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
    optional = {"id", "time_field", "publisher_fr", "licence_fr", "vintage_fr"}
    records: dict[str, Record] = {}
    for key, values in raw.items():
        where = f"{section}.{key}"
        wanted = [field.name for field in fields(kind) if field.name != "id"]
        wrong = [f"{where} lacks {name}" for name in wanted if name not in values and name not in optional]
        wrong += [f"{where} has an unknown key {name}" for name in values if name not in wanted]
        for name, value in values.items():
            lists = hints.get(name) == tuple[str, ...]
            if lists != isinstance(value, list):
                wrong.append(f"{where}.{name} is {value!r}, expected {'a list' if lists else 'text'}")
            elif not lists and not str(value).strip():
                wrong.append(f"{where}.{name} is empty")
        faults += wrong
        if not wrong:
            plain: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
            }
            records[key] = kind(id=key, **plain)
    return records


def _contradictions(found: Catalogue) -> list[str]:
    """Name sources that are undeclared or unused, and words outside the lists."""
    faults, used = [], set()
    for layer in found.layers.values():
        used |= set(layer.sources)
        faults += [f"layers.{layer.id} names an undeclared source {s}" for s in layer.sources if s not in found.sources]
        if not layer.sources:
            faults.append(f"layers.{layer.id} names no source")
        if layer.group not in GROUPS:
            faults.append(f"layers.{layer.id}.group is {layer.group!r}, expected one of {', '.join(GROUPS)}")
        if layer.geometry not in GEOMETRIES:
            faults.append(f"layers.{layer.id}.geometry is {layer.geometry!r}, expected one of {', '.join(GEOMETRIES)}")
        if Path(layer.table).stem not in TABLES:
            faults.append(f"layers.{layer.id}.table is {layer.table!r}, expected one of {', '.join(TABLES)}")
    return faults + [f"sources.{key} is used by no layer" for key in found.sources if key not in used]


@lru_cache(maxsize=64)
def _table(path: Path) -> DataFrame:
    name = path.stem
    if not path.is_file():
        raise TableError(name, [f"{path} is missing"])
    try:
        frame = vector.read(path) if path.suffix == ".parquet" else typed(rows.read(path), name)
    except (CRSError, FormatError) as error:
        raise TableError(name, [str(error)]) from error
    return validate(frame, name)
