"""ODRÉ: the national register of power plants and storage, from 36 kW up; smaller ones are added up by place.

The register gives no positions, only communes. Power is in kW.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from layers import numbers
from layers.sources import AnswerError, opendatasoft
from layers.sources.connector import Client, Connector, Contribution, Fetched, Smoke, Territory, Told
from layers.sources.contours import EPCI
from layers.sources.fields import Said
from layers.sources.opendatasoft import Dataset, slug
from layers.text import both

SOURCE = "odre-plants"
PLANTS = Dataset(
    host="odre.opendatasoft.com",
    id="registre-national-installation-production-stockage-electricite-agrege",
    name="registre",
    fields={
        "nominstallation": "text?",
        "codeeicresourceobject": "text?",
        "codeinseecommune": "text?",
        "codeiris": "text?",
        "codeepci": "text?",
        "filiere": "text",
        "technologie": "text?",
        "puismaxinstallee": "number?",
        "nbinstallations": "number?",
        "regime": "text?",
        "datemiseenservice_format_date": "text?",
        "datederaccordement": "text?",
        "gestionnaire": "text?",
    },
    passed_over=(
        *("commune", "epci", "codedepartement", "departement", "coderegion", "region", "codeinseecommuneimplantation"),
        *("codefiliere", "codecombustible", "combustible", "codetechnologie", "typestockage", "energiestockable"),
        *("maxpuis", "puismaxrac", "puismaxcharge", "puismaxraccharge", "puismaxinstalleedischarge", "nbgroupes"),
        *("energieannuelleglissanteinjectee", "energieannuelleglissantesoutiree", "productible", "capacitereservoir"),
        *("dateraccordement", "datemiseenservice", "datedebutversion", "tensionraccordement", "moderaccordement"),
        *("postesource", "codes3renr", "codegestionnaire", "hauteurchute", "debitmaximal", "datemiseenservice_date"),
    ),
    licence=("licence ouverte", "open licence", "etalab"),
)


def fetch(client: Client, folder: Path, territory: Territory, told: Told) -> Fetched:
    """Fetch the plants of the territory's départements, and those that are told of the metropolis alone.

    Raises UnreachableError, AnswerError.
    """
    where = f'codeepci="{EPCI}" or {opendatasoft.among("codedepartement", territory.departments)}'
    return opendatasoft.fetch(PLANTS, client, folder, where=where, told=told)


def normalise(folder: Path, fetched: Fetched, territory: Territory) -> Contribution:
    """Say the plants of the metropolis that are in service, each in its commune where the register tells it.

    Raises AnswerError for fields that are not as described, or a power in another unit than kW.
    """
    answer = opendatasoft.read(PLANTS, folder)
    _in_kilowatts(answer.description)
    day = max((one.fetched_at for one in fetched.received), default="")[:10]
    counts: Counter[str] = Counter()
    kept = list(_here(answer.rows, territory, day, counts))
    if not kept:
        raise AnswerError(both("fields.none", subject=PLANTS.service))
    rows = _named(kept)
    notes = [_note(what, n) for what, n in counts.items()]
    newest = max((row["commissioned"] for row in rows if row["commissioned"] <= day), default="")
    return Contribution(
        tables={"plants": opendatasoft.table(rows, "plants", PLANTS.service)},
        notes=(*answer.notes, *notes),
        vintages={SOURCE: both("odre.vintage", day=partial(numbers.date, newest)) if newest else both("odre.undated")},
    )


def _in_kilowatts(description: Mapping[str, Any]) -> None:
    """Refuse a power that the dataset itself says is in another unit."""
    (field,) = [one for one in description["fields"] if one["name"] == "puismaxinstallee"][:1]
    words = f"{field.get('label') or ''} {field.get('description') or ''}"
    if "MW" in words and "kw" not in words.lower():
        raise AnswerError(both("odre.unit", subject=PLANTS.service, words=words.strip()[:80]))


def _here(
    rows: list[dict[str, Any]], territory: Territory, day: str, counts: Counter[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the rows of the metropolis that are in service, each with its commune or "", once; count the others."""
    members = set(territory.communes["code"])
    seen: set[tuple[Any, ...]] = set()
    for row in rows:
        code = opendatasoft.commune(row.get("codeinseecommune") or str(row.get("codeiris") or "")[:5])
        if code not in members and (code or row.get("codeepci") != EPCI):
            continue
        gone = str(row.get("datederaccordement") or "")[:10]
        if (gone and gone <= day) or not str(row.get("regime") or "en service").lower().startswith("en service"):
            counts["retired"] += 1
            continue
        # Two rows alike with a number are one plant; without one they may well be two.
        alike = tuple(sorted((name, str(value)) for name, value in row.items()))
        if row.get("codeeicresourceobject") and alike in seen:
            counts["twice"] += 1
            continue
        seen.add(alike)
        counts["without_commune"] += not code
        yield code, row
    counts += Counter()


def _named(kept: list[tuple[str, dict[str, Any]]]) -> list[dict[str, str]]:
    """Write rows of text with an identifier: the number of the register, else place, kind, day and name.

    Rows that the register cannot tell apart get a number, in the order of their power.
    """
    rows = [_row(code, row) for code, row in kept]
    rows.sort(key=lambda row: (row["id"], float(row["power_kw"] or 0), row["installations"], row["technology"]))
    given: Counter[str] = Counter()
    taken = {row["id"] for row in rows}
    for row in rows:
        base = row["id"]
        given[base] += 1
        while given[base] > 1 and f"{base}-{given[base]}" in taken:
            given[base] += 1
        if given[base] > 1:
            row["id"] = f"{base}-{given[base]}"
    return sorted(rows, key=lambda row: row["id"])


def _row(code: str, row: Mapping[str, Any]) -> dict[str, str]:
    name, sector = str(row.get("nominstallation") or "").strip(), str(row["filiere"]).strip()
    day = str(row.get("datemiseenservice_format_date") or "")[:10]
    number = slug(str(row.get("codeeicresourceobject") or ""))
    power, count = row.get("puismaxinstallee"), row.get("nbinstallations")
    return {
        "id": number or slug(str(row.get("codeiris") or code or "metropole"), sector, day, name),
        "name": name,
        "insee": code,
        "sector": sector,
        "technology": str(row.get("technologie") or "").strip(),
        "power_kw": "" if power is None else repr(float(power)),
        "installations": "" if count is None else f"{float(count):.0f}",
        "commissioned": day,
        "source": SOURCE,
    }


def _note(what: str, n: int) -> Said:
    counted = {"subject": PLANTS.service, "n": partial(numbers.number, n)}
    keys = {"retired": "odre.retired", "twice": "fields.twice", "without_commune": "odre.without_commune"}
    return both(keys[what], **counted)


CONNECTOR = Connector(
    id="odre",
    tables=("plants",),
    sources=(SOURCE,),
    hosts={PLANTS.host: 0.5},
    fetch=fetch,
    normalise=normalise,
    smoke=(
        Smoke(f"{PLANTS.url}/records?limit=1&where=codeepci%3D%22{EPCI}%22", both("odre.smoke")),
        Smoke(f"{PLANTS.url}/records?limit=1&where=codedepartement%3D%2213%22", both("odre.smoke")),
    ),
)
