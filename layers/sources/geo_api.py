"""API Géo and INSEE: which communes there are, their contours, and their populations with the year they are stated for.

Dossier: https://geo.api.gouv.fr/decoupage-administratif; populations from https://api.insee.fr/melodi, which says the
year; API Géo gives populations without one, so they only serve to check that no commune is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo import coverage
from layers import numbers
from layers.sources import AnswerError, fields, geojson
from layers.sources.connector import Client, Connector, Contribution, Doubt, Fetched, Smoke, Territory, Told
from layers.sources.contours import EPCI, FRAME
from layers.sources.fields import Said
from layers.text import both

_GEO = "https://geo.api.gouv.fr"
_MELODI = "https://api.insee.fr/melodi/data/DS_POPULATIONS_REFERENCE"
_MEMBERS = f"{_GEO}/epcis/{EPCI}"
_POPULATION = {"GEO": f"EPCI-{EPCI}*COM", "POPREF_MEASURE": "PMUN"}
# The départements whose communes can be seen around the metropolis (contours.FRAME).
AROUND = ("04", "05", "13", "26", "30", "34", "83", "84")
MARSEILLE = "13055"
# Marseille's arrondissements, which some answers give in its place.
PARTS = {str(code): MARSEILLE for code in range(13201, 13217)}

# The service draws to 5 m; the map is drawn to the grain of the contours it came with.
GRAIN_M = 100.0
GAP_M = 20.0

_COMMUNE = {"nom": "text", "code": "text", "codeEpci": "text?", "codeDepartement": "text", "population": "integer?"}
_NEIGHBOUR = {"nom": "text", "code": "text"}
_EPCI = {"nom": "text", "code": "text", "population": "integer"}
_OBSERVATION = {"dimensions": "object", "measures": "object"}
_DIMENSIONS = {"GEO": "text", "TIME_PERIOD": "text", "POPREF_MEASURE": "text"}


def fetch(client: Client, folder: Path, territory: Territory, told: Told) -> Fetched:  # noqa: ARG001 (asked by code)
    """Fetch the communes of the metropolis, those around, and the populations; check that each list is whole.

    Raises UnreachableError, AnswerError.
    """
    contour = {"format": "geojson", "geometry": "contour"}
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("epci.json", _MEMBERS, {"fields": ",".join(_EPCI)}),
        ("communes.json", f"{_MEMBERS}/communes", {"fields": ",".join(_COMMUNE), **contour}),
        ("count.json", _MELODI, {**_POPULATION, "totalCount": "TRUE", "maxResult": 0}),
        ("populations.json", _MELODI, {**_POPULATION, "idTerritoire": "TRUE", "maxResult": 100_000}),
    ]
    steps += [
        (f"around-{code}.json", f"{_GEO}/departements/{code}/communes", {"fields": "nom,code", **contour})
        for code in AROUND
    ]
    received = []
    for done, (file, url, params) in enumerate(steps):
        told(f"API Géo, INSEE: {file.removesuffix('.json')}", done, len(steps))
        received.append(client.get(url, folder / file, params=params))
    told("API Géo, INSEE", len(steps), len(steps))
    members, _ = _members(folder)
    year, people = _populations(folder, set(members["code"]))
    return Fetched(tuple(received), len(members) + len(people), f"population {year}")


def normalise(folder: Path, fetched: Fetched, territory: Territory) -> Contribution:
    """Say the populations with their year, the contours of all communes the map shows, and what changed its members.

    Raises AnswerError for fields that are not as described, contours elsewhere, or lists that are not whole.
    """
    members, notes = _members(folder)
    geojson.inside(members, territory, "geo.api.gouv.fr (communes)")
    year, people = _populations(folder, set(members["code"]))
    doubts = _changes(members, territory)
    known = [code for code in members["code"] if code in set(territory.communes["code"])]
    cells = pd.DataFrame({"code": known, "population": [str(people[code]) for code in known]}, dtype="str")
    cells["population_year"] = year
    around, more = _around(folder, members)
    day = min(one.fetched_at for one in fetched.received)[:10]
    return Contribution(
        cells={"metropolis": cells},
        tables={"contours": around},
        doubts=tuple(doubts),
        notes=(*notes, *more),
        vintages={
            "geo-api": both("geo_api.vintage", day=day),
            "insee-populations": both("geo_api.vintage_population", year=year),
        },
        said_by={"metropolis": dict.fromkeys(("population", "population_year"), "insee-populations")},
    )


def _members(folder: Path) -> tuple[GeoDataFrame, list[Said]]:
    """Read the communes of the metropolis, Marseille as one; they must have the people the metropolis has."""
    service = "geo.api.gouv.fr (communes)"
    said = fields.listed(fields.read_json(folder / "communes.json", service), "features", service)
    if not said:
        raise AnswerError(both("fields.none", subject=service))
    properties = [row.get("properties") or {} for row in said]
    notes = fields.require(properties, _COMMUNE, service)
    read = geojson.frame(said, _COMMUNE, key="code", service=service)
    epci = fields.read_json(folder / "epci.json", "geo.api.gouv.fr (epci)")
    fields.require([epci], _EPCI, "geo.api.gouv.fr (epci)")
    members = _one_marseille(read.frame, service)
    came, whole = int(members["population"].fillna(0).sum()), int(epci["population"])
    if came != whole and members["population"].notna().all() and not read.notes:
        counts = {"came": partial(numbers.number, came), "said": partial(numbers.number, whole)}
        raise AnswerError(both("geo_api.missing_people", subject=service, **counts))
    return members, [*notes, *read.notes]


def _one_marseille(table: GeoDataFrame, service: str) -> GeoDataFrame:
    """Join arrondissements of Marseille into the commune; where the commune is there as well, it is the one taken."""
    parts = table["code"].isin(PARTS.keys())
    if not parts.any():
        return table.sort_values("code", ignore_index=True)
    rest = table[~parts]
    if MARSEILLE not in set(rest["code"]):
        lacking = sorted(set(PARTS) - set(table["code"][parts]))
        if lacking:
            raise AnswerError(both("geo_api.part_of_marseille", subject=service, codes=", ".join(lacking)))
        town = {name: table[name][parts].iloc[0] for name in table.columns if name != "geometry"}
        town |= {"code": MARSEILLE, "nom": "Marseille"}
        if "population" in town:
            town["population"] = table["population"][parts].sum()
        united = shapely.union_all(table.geometry[parts].to_numpy())
        one = GeoDataFrame({name: [value] for name, value in town.items()}, geometry=[united], crs=table.crs)
        rest = pd.concat([rest, one], ignore_index=True)
    return rest.sort_values("code", ignore_index=True)


def _populations(folder: Path, codes: set[str]) -> tuple[str, dict[str, int]]:
    """Read the municipal populations of the newest year for which every commune has one: year, code to people."""
    service = "api.insee.fr (DS_POPULATIONS_REFERENCE)"
    said = fields.read_json(folder / "populations.json", service)
    rows = fields.listed(said, "observations", service)
    counted = fields.read_json(folder / "count.json", service)
    paging = counted.get("paging") if isinstance(counted, dict) else None
    fields.require([paging or {}], {"count": "integer"}, f"{service}, paging")
    fields.complete(service, came=len(rows), said=int((paging or {})["count"]))
    fields.require(rows, _OBSERVATION, service)
    fields.require([row["dimensions"] for row in rows], _DIMENSIONS, service)
    years: dict[str, dict[str, int]] = {}
    for row in rows:
        where, year = row["dimensions"]["GEO"].rpartition("-")[2], row["dimensions"]["TIME_PERIOD"][:4]
        if row["dimensions"]["POPREF_MEASURE"] == "PMUN":
            people = _measure(row["measures"], service)
            years.setdefault(year, {})[where] = people
    for year in sorted(years, reverse=True):
        of_year = _with_marseille(years[year])
        if codes <= set(of_year):
            return year, {code: of_year[code] for code in sorted(codes)}
    newest = max(years, default="")
    lacking = sorted(codes - set(_with_marseille(years.get(newest, {}))))
    raise AnswerError(both("geo_api.no_population", subject=service, codes=", ".join(lacking[:10])))


def _measure(measures: Mapping[str, Any], service: str) -> int:
    """Return the one value of an observation: its name differs from dataset to dataset."""
    first = next(iter(measures.values()), None)
    value = first.get("value") if isinstance(first, dict) else None
    fields.require([{"value": value}], {"value": "integer"}, service)
    return int(value or 0)


def _with_marseille(people: Mapping[str, int]) -> dict[str, int]:
    """Add Marseille where only its arrondissements are counted, all of them."""
    if MARSEILLE in people or not all(code in people for code in PARTS):
        return dict(people)
    return {**people, MARSEILLE: sum(people[code] for code in PARTS)}


def _changes(members: GeoDataFrame, territory: Territory) -> list[Doubt]:
    """Name communes that joined, left or are called otherwise: a person changes poles.toml and runs `make data`."""
    ours = dict(zip(territory.communes["code"], territory.communes["name"], strict=True))
    theirs = dict(zip(members["code"], members["nom"], strict=True))
    found = [("joined", code, theirs[code]) for code in sorted(set(theirs) - set(ours))]
    found += [("left", code, ours[code]) for code in sorted(set(ours) - set(theirs))]
    found += [("named", code, theirs[code]) for code in sorted(set(ours) & set(theirs)) if ours[code] != theirs[code]]
    return [
        Doubt("metropolis", code, code, both(f"geo_api.{what}", code=code, name=name, ours=ours.get(code, "")))
        for what, code, name in found
    ]


def _around(folder: Path, members: GeoDataFrame) -> tuple[GeoDataFrame, list[Said]]:
    """Join the contours of the metropolis and around it: what the map can show, tiling, to the grain of the map."""
    parts: list[GeoDataFrame] = [members[["code", "nom", "geometry"]]]
    notes: list[Said] = []
    for code in AROUND:
        service = f"geo.api.gouv.fr (département {code})"
        said = fields.listed(fields.read_json(folder / f"around-{code}.json", service), "features", service)
        if not said:
            raise AnswerError(both("fields.none", subject=service))
        fields.require([row.get("properties") or {} for row in said], _NEIGHBOUR, service)
        read = geojson.frame(said, _NEIGHBOUR, key="code", service=service)
        notes += read.notes
        geojson.check_place(read.frame, astuple(FRAME), service)
        parts.append(_one_marseille(read.frame, service)[["code", "nom", "geometry"]])
    table = pd.concat(parts, ignore_index=True).drop_duplicates("code")
    table = gpd.GeoDataFrame(table, geometry="geometry", crs=members.crs)
    table = table[table.intersects(FRAME.polygon())].sort_values("code", ignore_index=True)
    whole = coverage.repair(table.rename(columns={"nom": "name"}), gap_m=GAP_M)
    return coverage.simplify(whole, GRAIN_M), notes


CONNECTOR = Connector(
    id="geo_api",
    tables=("metropolis", "contours"),
    sources=("geo-api", "insee-populations"),
    # 50 requests a second and 30 a minute are allowed.
    hosts={"geo.api.gouv.fr": 0.1, "api.insee.fr": 2.5},
    fetch=fetch,
    normalise=normalise,
    smoke=(
        Smoke(f"{_MEMBERS}/communes?fields=code,nom,population,surface", both("geo_api.smoke")),
        Smoke(
            f"{_MELODI}?GEO=EPCI-{EPCI}%2ACOM&POPREF_MEASURE=PMUN&totalCount=TRUE&maxResult=0",
            both("geo_api.smoke_population"),
        ),
    ),
)
