"""Urssaf: employees and establishments of the private sector at the end of the newest year, by commune and sector.

The service counts by activity (APE). An activity without a figure is absent or secret, never zero: where one that has
establishments keeps its employees secret, the sum of its sector is not known either.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from layers import numbers
from layers.sources import AnswerError, opendatasoft
from layers.sources.connector import Client, Connector, Contribution, Fetched, Smoke, Territory, Told
from layers.sources.geo_api import MARSEILLE
from layers.sources.opendatasoft import Dataset
from layers.text import both

SOURCE = "urssaf-employment"
EMPLOYMENT = Dataset(
    host="open.urssaf.fr",
    id="etablissements-et-effectifs-salaries-au-niveau-commune-x-ape-last",
    name="effectifs",
    fields={
        "code_commune": "text",
        "code_ape": "text?",
        "grand_secteur_d_activite": "text",
        "code_departement": "text",
    },
    passed_over=(
        *("commune", "intitule_commune", "ape", "departement", "code_region", "region", "ancienne_region", "epci"),
        *("code_ancienne_region", "code_epci", "zone_d_emploi", "code_zone_d_emploi"),
        *("secteur_na17", "secteur_na38", "secteur_na88"),
    ),
    licence=("odbl", "open database", "licence ouverte", "open licence"),
)
# Employees and establishments of one activity; None is absent or secret.
Part = tuple[float | None, float | None]
_EMPLOYEES, _ESTABLISHMENTS = "effectifs_salaries", "nombre_d_etablissements"
_YEARLY = re.compile(rf"({_EMPLOYEES}|{_ESTABLISHMENTS})_(\d{{4}})")


def fetch(client: Client, folder: Path, territory: Territory, told: Told) -> Fetched:
    """Fetch the newest year of the territory's départements. Raises UnreachableError, AnswerError."""
    told(EMPLOYMENT.service, 0, 1)
    first, described = opendatasoft.describe(EMPLOYMENT, client, folder)
    dataset, known = _of_newest(described)
    where = opendatasoft.among("code_departement", territory.departments)
    received, rows = opendatasoft.ask(dataset, client, folder, where=where, known=known)
    told(EMPLOYMENT.service, 1, 1)
    return Fetched((first, *received), rows, _year(dataset))


def _of_newest(described: Mapping[str, Any]) -> tuple[Dataset, list[str]]:
    """Return the dataset with the two fields of the newest year that has both, and the fields of all years.

    Raises AnswerError when no year has both.
    """
    has = opendatasoft.names(described)
    yearly = [(found[1], found[2]) for name in has if (found := _YEARLY.fullmatch(name))]
    both_of = {year for kind, year in yearly if kind == _EMPLOYEES} & {y for k, y in yearly if k == _ESTABLISHMENTS}
    if not both_of:
        raise AnswerError(both("urssaf.no_year", subject=EMPLOYMENT.service))
    year = max(both_of)
    pair = {f"{_EMPLOYEES}_{year}": "number?", f"{_ESTABLISHMENTS}_{year}": "number?"}
    return replace(EMPLOYMENT, fields={**EMPLOYMENT.fields, **pair}), [name for name in has if _YEARLY.fullmatch(name)]


def _year(dataset: Dataset) -> str:
    return max(name for name in dataset.fields if name.startswith(_EMPLOYEES))[-4:]


def normalise(folder: Path, fetched: Fetched, territory: Territory) -> Contribution:  # noqa: ARG001 (asked by code)
    """Say employees and establishments by commune and sector; Marseille by arrondissement is Marseille.

    Raises AnswerError for fields that are not as described, or a year without any figure.
    """
    dataset, known = _of_newest(opendatasoft.description(EMPLOYMENT, folder))
    answer, year = opendatasoft.read(dataset, folder, known=known), _year(dataset)
    pair = (f"{_EMPLOYEES}_{year}", f"{_ESTABLISHMENTS}_{year}")
    cells, twice = _cells(answer.rows, pair, set(territory.communes["code"]))
    rows = [_row(code, sector, year, parts) for (code, sector), parts in sorted(cells.items())]
    if not any(employees is not None for parts in cells.values() for employees, _ in parts):
        raise AnswerError(both("urssaf.empty_year", subject=dataset.service, year=year))
    secret = sum(not row["employees"] for row in rows)
    notes = [
        both(key, subject=dataset.service, n=partial(numbers.number, n), of=partial(numbers.number, len(rows)))
        for key, n in (("fields.twice", twice), ("urssaf.secret", secret))
        if n
    ]
    return Contribution(
        tables={"employment": opendatasoft.table(rows, "employment", dataset.service)},
        notes=(*answer.notes, *notes),
        vintages={SOURCE: both("urssaf.vintage", year=year)},
    )


def _cells(
    rows: Iterable[Mapping[str, Any]], pair: tuple[str, str], members: set[str]
) -> tuple[dict[tuple[str, str], list[Part]], int]:
    """Give the figures of each activity by commune and sector, and how many rows came twice."""
    rows = list(rows)
    # Where Marseille is there as a commune, its arrondissements would be counted twice.
    apart = {MARSEILLE} & {str(row["code_commune"]) for row in rows}
    cells: dict[tuple[str, str], list[Part]] = defaultdict(list)
    seen: set[tuple[Any, ...]] = set()
    twice = 0
    for row in rows:
        code, sector = opendatasoft.commune(row["code_commune"]), str(row["grand_secteur_d_activite"]).strip()
        if code not in members or (code in apart and code != row["code_commune"]):
            continue
        key = (row["code_commune"], row.get("code_ape"), sector)
        twice += key in seen
        if key not in seen:
            seen.add(key)
            cells[code, sector].append((row.get(pair[0]), row.get(pair[1])))
    return cells, twice


def _row(code: str, sector: str, year: str, parts: Sequence[Part]) -> dict[str, str]:
    """Add up the activities of a sector: no sum where a part of it is secret, or where there is no figure at all."""
    secret = any(employees is None and establishments for employees, establishments in parts)
    return {
        "insee": code,
        "year": year,
        "sector": sector,
        "employees": "" if secret else _sum(employees for employees, _ in parts),
        "establishments": _sum(establishments for _, establishments in parts),
        "unsaid": str(sum(part == (None, None) for part in parts)),
        "source": SOURCE,
    }


def _sum(values: Iterable[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{sum(known):.0f}" if known else ""


CONNECTOR = Connector(
    id="urssaf",
    tables=("employment",),
    sources=(SOURCE,),
    hosts={EMPLOYMENT.host: 0.5},
    fetch=fetch,
    normalise=normalise,
    smoke=(
        Smoke(EMPLOYMENT.url, both("urssaf.smoke_fields")),
        Smoke(f"{EMPLOYMENT.url}/records?limit=1&where=code_departement%3D%2213%22", both("urssaf.smoke")),
    ),
)
