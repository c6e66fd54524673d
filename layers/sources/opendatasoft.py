"""Datasets of portals that run Opendatasoft: their own description, how many rows there are, and all rows, checked.

Explore API 2.1: `exports` has no limit of rows; `records` says how many rows a question has, `catalog/datasets/{id}`
which fields a dataset has and under which licence it is published. https://help.opendatasoft.com/apis/ods-explore-v2/
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pandas import DataFrame

from layers import schema
from layers.errors import TableError
from layers.sources import AnswerError, fields
from layers.sources.connector import Client, Fetched, Received, Told
from layers.sources.fields import Said
from layers.sources.geo_api import PARTS
from layers.text import both

# Of one dataset, a few départements: never near as much.
MOST_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Dataset:
    """One dataset: where it is, the fields that are read with their kinds (`layers.sources.fields`), those passed over.

    `licence` holds words of which its licence must have one, in lower case.
    """

    host: str
    id: str
    name: str
    fields: Mapping[str, str]
    passed_over: tuple[str, ...] = ()
    licence: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Return its address."""
        return f"https://{self.host}/api/explore/v2.1/catalog/datasets/{self.id}"

    @property
    def service(self) -> str:
        """Return how it is called in a message."""
        return f"{self.host} ({self.name})"

    def file(self, part: str) -> str:
        """Return the file of a part of its answers: dataset, count or rows."""
        return f"{self.name}.{part}.json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a dataset answers: its description, its rows, and what is to be told of them."""

    description: Mapping[str, Any]
    rows: list[dict[str, Any]]
    notes: tuple[Said, ...]


def describe(dataset: Dataset, client: Client, folder: Path) -> tuple[Received, Mapping[str, Any]]:
    """Fetch the dataset's description of itself. Raises UnreachableError, AnswerError."""
    received = client.get(dataset.url, folder / dataset.file("dataset"))
    return received, description(dataset, folder)


def description(dataset: Dataset, folder: Path) -> Mapping[str, Any]:
    """Read the description kept of a dataset. Raises AnswerError when it names no fields."""
    said = fields.read_json(folder / dataset.file("dataset"), dataset.service)
    fields.require(fields.listed(said, "fields", dataset.service), {"name": "text"}, dataset.service)
    return dict(said)


def names(described: Mapping[str, Any]) -> list[str]:
    """Return the names of the fields that a dataset says it has."""
    return [str(one["name"]) for one in described["fields"]]


def ask(
    dataset: Dataset, client: Client, folder: Path, *, where: str, known: Iterable[str] = ()
) -> tuple[list[Received], int]:
    """Fetch count and rows of a question in ODSQL to a described dataset; return what came and how many rows it holds.

    `known` names more fields that are passed over without a word.

    Raises UnreachableError, AnswerError for a field that is gone, rows that are not whole, or none at all.
    """
    _fields(dataset, description(dataset, folder), known)
    asked = {"select": ",".join(dataset.fields), "where": where}
    count = client.get(f"{dataset.url}/records", folder / dataset.file("count"), params={**asked, "limit": 1})
    rows = client.get(
        f"{dataset.url}/exports/json",
        folder / dataset.file("rows"),
        params={**asked, "timezone": "UTC", "lang": "fr"},
        most_bytes=MOST_BYTES,
    )
    return [count, rows], len(read(dataset, folder, known=known).rows)


def fetch(dataset: Dataset, client: Client, folder: Path, *, where: str, told: Told) -> Fetched:
    """Fetch description, count and rows of a question in ODSQL. Raises UnreachableError, AnswerError."""
    told(dataset.service, 0, 1)
    first, described = describe(dataset, client, folder)
    received, rows = ask(dataset, client, folder, where=where)
    told(dataset.service, 1, 1)
    return Fetched((first, *received), rows, processed(described))


def read(dataset: Dataset, folder: Path, *, known: Iterable[str] = ()) -> Answer:
    """Read what was fetched of a dataset: whole, with the fields expected, and its licence told.

    Raises AnswerError with every field that is missing, renamed or retyped, or when rows are missing.
    """
    described = description(dataset, folder)
    notes = _fields(dataset, described, known)
    said = fields.read_json(folder / dataset.file("rows"), dataset.service)
    rows = fields.listed({"rows": said}, "rows", dataset.service)
    counted = fields.read_json(folder / dataset.file("count"), dataset.service)
    fields.require([counted], {"total_count": "integer"}, f"{dataset.service}, records")
    fields.complete(dataset.service, came=len(rows), said=int(counted["total_count"]))
    if not rows:
        raise AnswerError(both("fields.none", subject=dataset.service))
    fields.require(rows, dataset.fields, dataset.service)
    return Answer(described, rows, (*notes, licence(dataset, described)))


def _fields(dataset: Dataset, described: Mapping[str, Any], known: Iterable[str]) -> list[Said]:
    """Name fields that are gone before anything is asked of them; tell those that are new."""
    # A field that is passed over is no new name of one that is gone.
    has = [name for name in names(described) if name not in {*dataset.passed_over, *known} - set(dataset.fields)]
    fields.require([dict.fromkeys(has, True)], dict.fromkeys(dataset.fields, "any"), dataset.service)
    new = [name for name in has if name not in dataset.fields]
    return [both("fields.new", subject=dataset.service, names=", ".join(new))] if new else []


def meta(described: Mapping[str, Any], name: str) -> str:
    """Return what a dataset says of itself under `metas.default`; empty when it says nothing."""
    metas = described.get("metas")
    default = metas.get("default") if isinstance(metas, dict) else None
    value = default.get(name) if isinstance(default, dict) else None
    return str(value).strip() if value else ""


def licence(dataset: Dataset, described: Mapping[str, Any]) -> Said:
    """Tell the licence that the dataset itself names, and whether it is the one the catalogue gives it."""
    said = meta(described, "license")
    if not said:
        return both("ods.no_licence", subject=dataset.service)
    expected = any(word in said.lower() for word in dataset.licence)
    return both("ods.licence" if expected else "ods.other_licence", subject=dataset.service, licence=said)


def processed(described: Mapping[str, Any]) -> str:
    """Return the day (YYYY-MM-DD) on which the portal last took in data; empty when it does not say.

    The day of `modified` is not looked at: it may be years off.
    """
    found = re.match(r"\d{4}-\d{2}-\d{2}", meta(described, "data_processed"))
    return found[0] if found else ""


def point(value: Any) -> tuple[float, float] | None:
    """Return longitude and latitude (EPSG:4326) of a point as this API has given it over time; None for no point.

    `{"lon", "lat"}`, a GeoJSON point, or `[lat, lon]` as of version 1. Raises ValueError for anything else.
    """
    if value is None:
        return None
    if isinstance(value, Mapping):
        place = value.get("geometry", value)
        said = place.get("coordinates", [place.get("lon"), place.get("lat")]) if isinstance(place, Mapping) else None
    else:
        said = value[::-1] if isinstance(value, list) else None
    pair = said if isinstance(said, list) else []
    if len(pair) != 2 or not all(isinstance(one, int | float) and math.isfinite(one) for one in pair):
        raise ValueError(f"{value!r} is no point")
    return float(pair[0]), float(pair[1])


def flag(value: Any) -> bool | None:
    """Return whether a field says yes: true, or the text of it; None for anything else."""
    return {"true": True, "false": False}.get(str(value).strip().lower())


def commune(code: Any) -> str:
    """Return the code of a commune: an arrondissement of Marseille is Marseille."""
    return PARTS.get(str(code or "").strip(), str(code or "").strip())


def among(field: str, values: Iterable[str]) -> str:
    """Ask in ODSQL for one of these values."""
    listed = ", ".join(f'"{value}"' for value in values)
    return f"{field} in ({listed})"


def slug(*parts: str) -> str:
    """Return an identifier of words: lower case letters and digits, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", " ".join(parts)).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def table(rows: list[dict[str, str]], name: str, service: str) -> DataFrame:
    """Make an optional table of rows of text, in the columns and types of the schema.

    Raises AnswerError with every cell that the schema does not allow.
    """
    frame = DataFrame(rows, columns=schema.columns_of(name), dtype="str")
    try:
        return schema.validate(schema.typed(frame, name), name)
    except TableError as error:
        faults = "; ".join(error.faults[:5])
        raise AnswerError(both("ods.cells", subject=service, faults=faults)) from error
