"""Layers of the IGN's WFS: counted first, fetched page by page, and taken only when every row has come.

Dossier: https://data.geopf.fr/wfs/ows. Boxes are given longitude first, with the system named: in CQL, where there is a
filter, else in the short form of BBOX; other forms silently answer with nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from layers import numbers
from layers.sources import AnswerError, fields, geojson
from layers.sources.connector import Client, Received, Territory
from layers.sources.fields import Said
from layers.text import both

URL = "https://data.geopf.fr/wfs/ows"
# The service gives no more at once, whatever is asked, and does not say so.
PAGE = 5000

_MATCHED = re.compile(rb'\bnumberMatched="(\d+)"')


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: its name, the property that names and sorts its rows, what it must hold, and a filter in CQL.

    `known` are properties that are described but not used. `named` says whether a row has a property that is its own;
    without it, rows are never taken for the same. `needed` refuses an answer without any row.
    """

    typename: str
    key: str
    fields: Mapping[str, str]
    known: tuple[str, ...] = ()
    where: str = ""
    named: bool = True
    needed: bool = True

    @property
    def service(self) -> str:
        """Return host and layer, for a person."""
        return f"data.geopf.fr ({self.typename})"

    @property
    def stem(self) -> str:
        """Return how its files begin."""
        return re.sub(r"\W+", "-", self.typename.lower())


def fetch(
    client: Client,
    folder: Path,
    layer: Layer,
    bounds: tuple[float, float, float, float],
    told: Callable[[int, int], None],
) -> tuple[list[Received], int]:
    """Fetch a layer within bounds (west, south, east, north in degrees): its count, then its pages; return the count.

    `told` hears rows fetched and rows in all. Raises UnreachableError, AnswerError.
    """
    received = [_ask(client, folder / f"{layer.stem}-hits.xml", layer, bounds, {"resultType": "hits"}, kind="")]
    matched = _hits(folder, layer)
    if not matched and layer.needed:
        raise AnswerError(both("fields.none", subject=layer.service))
    came = 0
    while came < matched:
        told(came, matched)
        file = folder / f"{layer.stem}-{len(received):04}.json"
        paging = {"count": PAGE, "startIndex": came, "sortBy": layer.key}
        received.append(_ask(client, file, layer, bounds, paging, kind="application/json"))
        rows = _page(file, layer, matched)
        if not rows:
            fields.complete(layer.service, came=came, said=matched)
        # Fewer than asked for is no end: the service may give smaller pages some day.
        came += len(rows)
    told(came, matched)
    return received, matched


def _ask(
    client: Client,
    file: Path,
    layer: Layer,
    bounds: tuple[float, float, float, float],
    more: Mapping[str, Any],
    *,
    kind: str,
) -> Received:
    """Ask for a layer: with its filter in the form, where it may be long, or with the box alone."""
    box = ",".join(f"{value:.6f}" for value in bounds)
    params = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": layer.typename}
    params |= {"outputFormat": "application/json", "srsName": "EPSG:4326", **more}
    if not layer.where:
        return client.get(URL, file, kind=kind, params={**params, "bbox": f"{box},EPSG:4326"})
    # A box beside a filter is refused with HTTP 500: it goes into the filter.
    cql = f"{layer.where} AND BBOX(geometrie,{box},'EPSG:4326')"
    return client.get(URL, file, kind=kind, params=params, method="POST", data={"cql_filter": cql})


def _hits(folder: Path, layer: Layer) -> int:
    """Read how many rows the service says there are."""
    found = _MATCHED.search((folder / f"{layer.stem}-hits.xml").read_bytes())
    if found is None:
        raise AnswerError(both("geopf.no_count", subject=layer.service))
    return int(found[1])


def _page(file: Path, layer: Layer, matched: int) -> list[dict[str, Any]]:
    """Read one page; it must know of as many rows as were counted, and hold as many as it says."""
    said = fields.read_json(file, layer.service)
    if isinstance(said, dict) and (refused := said.get("exceptions")):
        words = " ".join(str(refused[0].get("text", "") if isinstance(refused, list) else refused).split())[:160]
        raise AnswerError(both("service.exception", service=layer.service, said=words))
    rows = fields.listed(said, "features", layer.service)
    fields.require([said], {"numberMatched": "integer", "numberReturned": "integer"}, layer.service)
    if said["numberMatched"] != matched:
        counts = {"now": partial(numbers.number, said["numberMatched"]), "then": partial(numbers.number, matched)}
        raise AnswerError(both("geopf.count_changed", subject=layer.service, **counts))
    fields.complete(layer.service, came=len(rows), said=said["numberReturned"])
    return rows


def read(folder: Path, layer: Layer, territory: Territory) -> geojson.Features:
    """Read a fetched layer: the rows that touch the territory, flat, in EPSG:4326.

    Raises AnswerError for fields that are not as described, rows that lack, or rows that all lie elsewhere.
    """
    notes: dict[str, Said] = {}
    matched, came = _hits(folder, layer), 0

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal came
        for file in sorted(folder.glob(f"{layer.stem}-[0-9]*.json")):
            page = _page(file, layer, matched)
            came += len(page)
            properties = [row.get("properties") or {} for row in page]
            new = fields.require(properties, layer.fields, layer.service, known=layer.known)
            notes.update((note["en"], note) for note in new)
            yield from page

    found = geojson.frame(rows(), layer.fields, key=layer.key if layer.named else "", service=layer.service)
    fields.complete(layer.service, came=came, said=matched)
    kept = geojson.inside(found.frame, territory, layer.service)
    return geojson.Features(kept, (*notes.values(), *found.notes))
