"""Cartofriches (dossier §10.1): brownfields by département, in pages."""

from __future__ import annotations

from typing import Any

from layers.sources.cartofriches import HOST
from tests.services.server import Asked, Services
from tests.services.territory import square

PATH = f"{HOST}/cartofriches/geofriches/"


def brownfield(number: int, commune: str, west: float, south: float, **more: Any) -> dict[str, Any]:
    """Write one brownfield as the service does."""
    properties = {
        "site_id": f"{commune}_{number:05d}",
        "site_nom": f"Friche exemple {number}",
        "site_type": "friche industrielle",
        "site_statut": "friche sans projet",
        "comm_insee": commune,
        "comm_nom": "Exempleville",
        "unite_fonciere_surface": 12000,
        "sol_pollution_existe": "pollution supposée",
        "activite_libelle": "Chimie",
        "urba_zone_type": "U",
        "proprio_nom": "Nom anonymisé",
        "source_nom": "exemple",
    } | more
    geometry = {"type": "MultiPolygon", "coordinates": [square(west, south, 0.001)]}
    return {"type": "Feature", "id": properties["site_id"], "geometry": geometry, "properties": properties}


# By département; Arles is of 13 and not ours.
ROWS: dict[str, list[dict[str, Any]]] = {
    "13": [
        brownfield(1, "13999", 5.22, 43.32),
        brownfield(2, "13203", 5.32, 43.32, site_statut="friche avec projet", unite_fonciere_surface="3 500,5"),
        brownfield(3, "13055", 5.33, 43.33, site_statut="friche potentielle", unite_fonciere_surface="NA"),
        brownfield(4, "13004", 5.12, 43.32),
    ],
    "83": [brownfield(5, "83120", 5.42, 43.32, site_statut="friche reconvertie", sol_pollution_existe=None)],
    "84": [brownfield(6, "84089", 5.32, 43.42, site_nom=None, activite_libelle=None)],
}


def pages(asked: Asked, *, most: int = 2) -> dict[str, Any]:
    """Answer with a page, of two rows at most whatever is asked for."""
    rows, page = ROWS[asked.query["coddep"]], int(asked.query.get("page", 1))
    chosen = rows[(page - 1) * most : page * most]
    following = f"https://{PATH}?coddep={asked.query['coddep']}&page={page + 1}" if page * most < len(rows) else None
    return {"type": "FeatureCollection", "count": len(rows), "next": following, "previous": None, "features": chosen}


def add(services: Services) -> None:
    """Answer for the API."""
    services.answer(PATH, pages)
