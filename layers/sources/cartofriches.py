"""Cartofriches (Cerema): brownfields with their outline, asked by département and kept where the metropolis is.

The inventory is not exhaustive. Commune codes may be arrondissements of Marseille; areas may come as text.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import shapely
from geopandas import GeoDataFrame

from geo import crs, join, measure
from layers import numbers
from layers.sources import AnswerError, fields, geojson, opendatasoft
from layers.sources.connector import Client, Connector, Contribution, Fetched, Received, Smoke, Territory, Told
from layers.sources.fields import Said
from layers.text import both

HOST = "apidf-preprod.cerema.fr"
URL = f"https://{HOST}/cartofriches/geofriches/"
SOURCE = "cartofriches"
SERVICE = "Cartofriches"
PAGE = 500
# More pages than this no département has.
MOST_PAGES = 40

# Of 78 fields: the others are not told as new, since which of them there are is not written down.
_FIELDS = {
    "site_id": "text",
    "site_nom": "text?",
    "site_type": "text?",
    "site_statut": "text",
    "comm_insee": "text",
    "unite_fonciere_surface": "any?",
    "sol_pollution_existe": "text?",
}
_MORE = ("activite_libelle",)
# The official words of `site_statut`, and ours.
STATUSES = {
    "sans projet": "without-project",
    "avec projet": "with-project",
    "potentielle": "potential",
    "reconvertie": "converted",
}
COLUMNS = ("id", "name", "kind", "status", "activity", "area_ha", "pollution", "insee", "commune", "pole", "source")


def fetch(client: Client, folder: Path, territory: Territory, told: Told) -> Fetched:
    """Fetch the brownfields of each département of the territory, page by page.

    Raises UnreachableError, AnswerError for rows that are not whole or not as described.
    """
    received: list[Received] = []
    for done, code in enumerate(territory.departments):
        # Pages that shift while they are asked for give a row twice and lose another: rows are counted once.
        seen: set[Any] = set()
        for page in range(1, MOST_PAGES + 1):
            told(f"{SERVICE}, {code}: {page}", done, len(territory.departments))
            file = folder / f"{code}-{page}.json"
            asked = {"coddep": code, "fields": "all", "ordering": "site_id", "page_size": PAGE, "page": page}
            received.append(client.get(URL, file, params=asked))
            rows, whole, last = _page(file)
            seen |= {row["properties"]["site_id"] for row in rows}
            if len(seen) >= whole or not rows or last:
                break
        fields.complete(f"{SERVICE} ({code})", came=len(seen), said=whole)
    told(SERVICE, len(territory.departments), len(territory.departments))
    return Fetched(tuple(received), len(_features(folder, tuple(received))))


def _page(path: Path) -> tuple[list[dict[str, Any]], int, bool]:
    """Read the features of a page, under `features` or `results`, how many there are in all, and if it is the last.

    Raises AnswerError for another form, or fields that are not as described.
    """
    said = fields.read_json(path, SERVICE)
    fields.require([said] if isinstance(said, dict) else [{}], {"count": "integer"}, SERVICE)
    inner = said.get("results")
    rows = fields.listed(
        said if inner is None else inner if isinstance(inner, dict) else {"features": inner}, "features", SERVICE
    )
    fields.require(rows, {"properties": "object", "geometry": "object?"}, SERVICE)
    fields.require([row["properties"] for row in rows], _FIELDS, SERVICE)
    return rows, int(said["count"]), "next" in said and said["next"] is None


def _features(folder: Path, received: tuple[Received, ...]) -> list[dict[str, Any]]:
    """Read all features of all pages. Raises AnswerError when there are none."""
    rows = [row for one in received for row in _page(folder / one.file)[0]]
    if not rows:
        raise AnswerError(both("fields.none", subject=SERVICE))
    return rows


def normalise(folder: Path, fetched: Fetched, territory: Territory) -> Contribution:
    """Say the brownfields of the metropolis, each in the commune it is registered in.

    Raises AnswerError for fields that are not as described, or outlines that lie elsewhere.
    """
    features = _features(folder, fetched.received)
    read = geojson.frame(features, (*_FIELDS, *_MORE), key="site_id", service=SERVICE)
    near = geojson.inside(read.frame, territory, SERVICE)
    table, notes = _table(near, territory)
    day = max((one.fetched_at for one in fetched.received), default="")[:10]
    return Contribution(
        tables={"brownfields": table},
        notes=(*read.notes, *notes),
        vintages={SOURCE: both("cartofriches.vintage", day=partial(numbers.date, day))},
    )


def _table(near: GeoDataFrame, territory: Territory) -> tuple[GeoDataFrame, list[Said]]:
    """Write rows in the columns of the schema, and tell what was left out and why."""
    communes = territory.communes.set_index("code")
    stands = join.within(
        near.set_geometry(shapely.point_on_surface(near.geometry.to_numpy())), territory.communes, "code"
    )
    registered = near["comm_insee"].map(opendatasoft.commune)
    counts: Counter[str] = Counter()
    rows: list[dict[str, Any]] = []
    measured = measure.area_km2(near) * 100
    for n, found in enumerate(near.to_dict("records")):
        code = str(registered.iloc[n] or stands.fillna("").iloc[n])
        status = next((ours for words, ours in STATUSES.items() if words in str(found["site_statut"]).lower()), "")
        if code not in communes.index:
            continue
        if not status or found["geometry"].geom_type not in ("Polygon", "MultiPolygon"):
            counts["cartofriches.unread" if not status else "fields.unplaced"] += 1
            continue
        counts["cartofriches.elsewhere"] += stands.iloc[n] != code
        said = square_metres(found["unite_fonciere_surface"])
        area = measured.iloc[n] if said is None else said / 1e4
        text = {
            name: _words(found[name]) for name in ("site_id", "site_nom", "site_type", "sol_pollution_existe", *_MORE)
        }
        rows.append(
            {
                "id": opendatasoft.slug(text["site_id"]),
                "name": text["site_nom"] or text["site_id"],
                "kind": text["site_type"],
                "status": status,
                "activity": text["activite_libelle"],
                "area_ha": round(float(area), 4),
                "pollution": text["sol_pollution_existe"],
                "insee": code,
                "commune": communes["name"][code],
                "pole": communes["pole"][code],
                "source": SOURCE,
                "geometry": found["geometry"],
            }
        )
    made = GeoDataFrame(rows, columns=[*COLUMNS, "geometry"], geometry="geometry", crs=crs.WGS84)
    notes = [both(key, subject=SERVICE, n=partial(numbers.number, n)) for key, n in counts.items() if n]
    return crs.rounded(made).sort_values("id", ignore_index=True), notes


def _words(value: Any) -> str:
    """Return the words of a field; empty for none, and for the NA of the file the service is made from."""
    text = " ".join(str(value).split()) if isinstance(value, str) else ""
    return "" if text in ("NA", "null") else text


def square_metres(value: Any) -> float | None:
    """Read an area in m² that may be text, with spaces and a comma; None for none, or for what is no area above 0."""
    plain = re.sub(r"[\s\u00a0\u202f]|m²$", "", str(value)).replace(",", ".")
    found = float(plain) if re.fullmatch(r"\d+(\.\d+)?", plain) else 0.0
    return found if found > 0 else None


CONNECTOR = Connector(
    id="cartofriches",
    tables=("brownfields",),
    sources=(SOURCE,),
    hosts={HOST: 1.0},
    fetch=fetch,
    normalise=normalise,
    smoke=(Smoke(f"{URL}?coddep=13&page_size=1", both("cartofriches.smoke")),),
)
