"""Géorisques, classified installations (dossier §5.1): pages of JSON, three rows on each."""

from __future__ import annotations

from math import ceil
from typing import Any

from tests.services.server import Asked, Services

ADDRESS = "georisques.gouv.fr/api/v1/installations_classees"
PAGE = 3
HIGH, LOW, NONE = "Seveso seuil haut", "Seveso seuil bas", "Non Seveso"


def row(
    number: str, name: str, insee: str, point: tuple[float, float] | None, seveso: str | None, **more: Any
) -> dict[str, Any]:
    """Write one establishment as the service does."""
    lon, lat = point or (None, None)
    return {
        "raisonSociale": name, "adresse1": "1 rue Fictive", "adresse2": None, "adresse3": None, "codePostal": "13990",
        "codeInsee": insee, "commune": "EXEMPLEVILLE", "codeNaf": "20.14Z", "longitude": lon, "latitude": lat,
        "bovins": False, "porcs": False, "volailles": False, "carriere": False, "eolienne": False, "industrie": True,
        "prioriteNationale": True, "statutSeveso": seveso, "ied": True, "etatActivite": "En exploitation avec titre",
        "codeAIOT": number, "siret": "00000000000000", "coordonneeXAIOT": 856331.0, "coordonneeYAIOT": 6260898.0,
        "systemeCoordonneesAIOT": "2154", "serviceAIOT": "DREAL PACA", "regime": "Autorisation",
        "date_maj": "2026-01-01", "inspections": [], "documentsHorsInspection": [],
        "rubriques": [{"numeroRubrique": "4331", "nature": "Liquides", "quantiteTotale": "1000", "unite": "t"}],
    } | more  # fmt: skip


ROWS: dict[str, list[dict[str, Any]]] = {
    "13": [
        row("0006400001", "EXEMPLE CHIMIE SA", "13999", (5.251, 43.351), HIGH, date_maj="2026-02-03T04:05:06"),
        # Marseille by arrondissement.
        row("0006400002", "STOCKAGES DE LA RADE", "13216", (5.361, 43.361), LOW),
        row("0006400003", "SAS BRASSERIE MODELE", "13055", (5.3502, 43.3501), NONE),
        row("0006400004", "AUTRE CHIMIE", "13055", (5.38, 43.38), "SEVESO SEUIL HAUT"),
        # A natural person: no SIRET.
        row("0006400005", "DURAND MARCEL", "13055", (5.37, 43.37), LOW, siret=None),
        row("0006400006", "LOIN DE TOUT", "13004", (5.15, 43.35), HIGH),
        row("0006400007", "SANS POINT", "13999", None, None),
    ],
    "83": [row("0008300001", "SANS POINT NON PLUS", "83120", None, None)],
    "84": [row("0008400001", "PERTUIS GAZ", "84089", (5.32, 43.42), LOW)],
}


def pages(asked: Asked) -> dict[str, Any]:
    """Write the page asked for."""
    rows = ROWS.get(asked.query["departement"], [])
    page = int(asked.query["page"])
    return {
        "results": len(rows), "page": page, "total_pages": ceil(len(rows) / PAGE),
        "data": rows[(page - 1) * PAGE : page * PAGE], "response_code": None, "message": None,
        "next": "https://elsewhere.example/never-followed", "previous": None,
    }  # fmt: skip


def add(services: Services) -> None:
    """Answer as the service does."""
    services.answer(ADDRESS, pages)
