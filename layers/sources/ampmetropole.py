"""data.ampmetropole.fr: what the metropolis itself publishes, listed; a note for a person, no table is made of it.

Which of its datasets hold zones, plans or transport is not known beforehand: the list says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from layers import numbers
from layers.sources import AnswerError, fields, opendatasoft
from layers.sources.connector import Client, Connector, Contribution, Fetched, Received, Smoke, Territory, Told
from layers.sources.fields import Said
from layers.text import both

HOST = "data.ampmetropole.fr"
URL = f"https://{HOST}/api/explore/v2.1/catalog/datasets"
PAGE = 100
# More than this no question may reach.
MOST = 10_000
# What is looked for in names and titles: the text that tells it, and the words it is known by.
TOPICS: dict[str, tuple[str, ...]] = {
    "ampmetropole.zones": (
        "zone-d-activite",
        "zones-d-activite",
        "activites-economiques",
        "espaces-economiques",
        "foncier-eco",
    ),
    "ampmetropole.plans": ("plu", "plui", "urbanisme", "zonage"),
    "ampmetropole.transport": ("transport", "gtfs", "gbfs", "metro", "tramway", "bus", "gare"),
}
SHOWN = 8


def fetch(client: Client, folder: Path, territory: Territory, told: Told) -> Fetched:  # noqa: ARG001 (asked by code)
    """Fetch the list of all datasets, page by page. Raises UnreachableError, AnswerError."""
    received: list[Received] = []
    listed, whole = 0, 1
    while listed < whole:
        told(HOST, listed, whole)
        file = folder / f"catalogue-{len(received) + 1}.json"
        received.append(client.get(URL, file, params={"limit": PAGE, "offset": listed, "order_by": "dataset_id"}))
        rows, whole = _page(file)
        if not rows or whole > MOST:
            fields.complete(HOST, came=listed, said=whole)
        listed += len(rows)
    told(HOST, listed, whole)
    return Fetched(tuple(received), listed)


def _page(path: Path) -> tuple[list[dict[str, Any]], int]:
    said = fields.read_json(path, HOST)
    rows = fields.listed(said, "results", HOST)
    fields.require([said], {"total_count": "integer", "results": "list"}, HOST)
    fields.require(rows, {"dataset_id": "text", "metas": "object?", "has_records": "any?"}, HOST)
    return rows, int(said["total_count"])


def normalise(folder: Path, fetched: Fetched, territory: Territory) -> Contribution:  # noqa: ARG001 (asked by code)
    """Tell how many datasets there are, and which may hold zones, plans or transport, each with its licence.

    Raises AnswerError when the list is not whole.
    """
    found: dict[str, dict[str, Any]] = {}
    whole = 0
    for one in fetched.received:
        rows, whole = _page(folder / one.file)
        found |= {str(row["dataset_id"]): row for row in rows}
    if not found:
        raise AnswerError(both("fields.none", subject=HOST))
    fields.complete(HOST, came=len(found), said=whole)
    with_rows = sum(opendatasoft.flag(row.get("has_records")) is True for row in found.values())
    counts = {"n": partial(numbers.number, len(found)), "rows": partial(numbers.number, with_rows)}
    return Contribution(notes=(both("ampmetropole.listed", **counts), *_topics(found)))


def _topics(found: Mapping[str, Mapping[str, Any]]) -> Iterator[Said]:
    """Name, for each topic, the datasets that seem to be about it, the first few of them."""
    for topic, words in TOPICS.items():
        about = []
        for key, row in sorted(found.items()):
            title, licence = (opendatasoft.meta(row, name) for name in ("title", "license"))
            if any(f"-{word}-" in f"-{opendatasoft.slug(key, title)}-" for word in words):
                about.append(f"{title or key} ({key}, {licence or '?'})")
        more = len(about) - SHOWN
        names = " · ".join(about[:SHOWN]) + (f" (+{more})" if more > 0 else "")
        yield both(topic, names=names or "–")


CONNECTOR = Connector(
    id="ampmetropole",
    tables=(),
    sources=(),
    hosts={HOST: 0.5},
    fetch=fetch,
    normalise=normalise,
    smoke=(Smoke(f"{URL}?limit=1", both("ampmetropole.smoke")),),
)
