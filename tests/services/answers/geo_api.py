"""API Géo and INSEE Melodi (dossier §3 and §15.1)."""

from __future__ import annotations

from typing import Any

from tests.services.server import Asked, Services
from tests.services.territory import COMMUNES, NEIGHBOURS, square

EPCI = "200054807"
YEAR = "2023"


def feature(properties: dict[str, Any], coordinates: list[Any]) -> dict[str, Any]:
    """Write one feature as the service does."""
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": coordinates}}


def commune(code: str, name: str, west: float, south: float, people: int) -> dict[str, Any]:
    """Write one member commune."""
    given = {"nom": name, "code": code, "codeEpci": EPCI, "codeDepartement": code[:2], "population": people}
    return feature(given, square(west, south))


def collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    """Write an answer with a geometry: it names no coordinate system."""
    return {"type": "FeatureCollection", "features": features}


def members() -> dict[str, Any]:
    """Write the communes of the metropolis."""
    return collection([commune(code, name, west, south, n) for code, name, _, west, south, n in COMMUNES])


def by_arrondissement(said: dict[str, Any]) -> None:
    """Give Marseille as its sixteen arrondissements, strips of its square."""
    (town,) = (row for row in said["features"] if row["properties"]["code"] == "13055")
    said["features"].remove(town)
    for n in range(16):
        west, east = round(5.3 + n * 0.00625, 6), round(5.3 + (n + 1) * 0.00625, 6)
        ring = [[[west, 43.3], [east, 43.3], [east, 43.4], [west, 43.4], [west, 43.3]]]
        given = town["properties"] | {"code": str(13201 + n), "nom": f"Marseille {n + 1}", "population": 500}
        said["features"].append(feature(given, ring))


def observation(code: str, people: int, year: str = YEAR, level: str = "COM") -> dict[str, Any]:
    """Write one population."""
    where = {"GEO": f"2025-{level}-{code}", "FREQ": "A", "TIME_PERIOD": year, "POPREF_MEASURE": "PMUN"}
    return {"dimensions": where, "measures": {"OBS_VALUE_NIVEAU": {"value": float(people)}}, "attributes": {}}


def populations(asked: Asked) -> dict[str, Any]:
    """Write the populations, or only how many there are."""
    rows = [observation(row[0], row[5], year) for year in ("2022", YEAR) for row in COMMUNES]
    title = {"fr": "Populations de référence", "en": "Reference populations"}
    paging: dict[str, Any] = {"first": "https://api.insee.fr/melodi/data/DS_POPULATIONS_REFERENCE"}
    if asked.query.get("totalCount") == "TRUE":
        paging["count"] = len(rows)
    given = [] if asked.query.get("maxResult") == "0" else rows
    return {"identifier": "DS_POPULATIONS_REFERENCE", "title": title, "observations": given, "paging": paging}


def department(asked: Asked) -> dict[str, Any]:
    """Write the communes of one département: those of the metropolis are among them."""
    code = asked.path.split("/")[2]
    rows = [(row[0], row[1], row[3], row[4]) for row in COMMUNES] + list(NEIGHBOURS)
    return collection(
        [feature({"nom": name, "code": one}, square(w, s)) for one, name, w, s in rows if one.startswith(code)]
    )


def add(services: Services) -> None:
    """Answer for API Géo and INSEE."""
    people = sum(row[5] for row in COMMUNES)
    epci = {"nom": "Métropole d'Aix-Marseille-Provence", "code": EPCI, "population": people, "_score": 1.0}
    services.answer(f"geo.api.gouv.fr/epcis/{EPCI}", {key: epci[key] for key in ("nom", "code", "population")})
    services.answer(f"geo.api.gouv.fr/epcis/{EPCI}/communes", members())
    services.answer("geo.api.gouv.fr/departements/", department)
    services.answer("api.insee.fr/melodi/data/DS_POPULATIONS_REFERENCE", populations)
