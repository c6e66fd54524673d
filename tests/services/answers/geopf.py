"""IGN Géoplateforme WFS (dossier §4.1 and §13), with what is known of its ways with boxes, filters and pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.services.faults import EXCEPTION
from tests.services.server import Answer, Asked, Services
from tests.services.territory import square

MOST = 5000
ADDRESS = "data.geopf.fr/wfs/ows"
ZONES, RAIL, POWER = (
    "BDTOPO_V3:zone_d_activite_ou_d_interet",
    "BDTOPO_V3:troncon_de_voie_ferree",
    "BDTOPO_V3:ligne_electrique",
)
PARK, HABITATS, COAST = "patrinat_pn:parc_national", "patrinat_sic:sic", "patrinat_cdl:conservatoire_littoral"


def high(coordinates: Any) -> Any:
    """Give every position a height, as BD TOPO does."""
    if coordinates and isinstance(coordinates[0], (int, float)):
        return [*coordinates, 3.0]
    return [high(inner) for inner in coordinates]


def feature(layer: str, number: int, kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    """Write one feature as GeoServer does."""
    bdtopo = layer.startswith("BDTOPO")
    return {
        "type": "Feature",
        "id": f"{layer.partition(':')[2]}.{number}",
        "geometry": {"type": kind, "coordinates": high(coordinates) if bdtopo else coordinates},
        "geometry_name": "geometrie" if bdtopo else "the_geom",
        "properties": properties,
    }


def zone(number: int, west: float, south: float, size: float = 0.01, **changes: Any) -> dict[str, Any]:
    """Write one activity zone of BD TOPO."""
    given = {
        "cleabs": f"SURFACTI{number:016}",
        "categorie": "Industriel et commercial",
        "nature": "Zone industrielle",
        "nature_detaillee": None,
        "toponyme": f"Zone d'exemple {number}",
        "importance": "3",
        "fictif": False,
        "etat_de_l_objet": "En service",
        "date_modification": f"2026-01-{number % 28 + 1:02}T00:00:00Z",
        "insee_commune": "13055",
        "commune": "Marseille",
        "nom_commercial": None,
    }
    return feature(ZONES, number, "MultiPolygon", [square(west, south, size)], **{**given, **changes})


def track(number: int, *line: list[float], **changes: Any) -> dict[str, Any]:
    """Write one piece of rail of BD TOPO."""
    given = {
        "cleabs": f"TRONFERR{number:016}",
        "nature": "Voie ferrée principale",
        "usage": "Voyageur et fret",
        "electrifie": True,
        "nombre_de_voies": 2,
        "etat_de_l_objet": "En service",
    }
    return feature(RAIL, number, "LineString", list(line), **{**given, **changes})


def wire(number: int, *line: list[float], **changes: Any) -> dict[str, Any]:
    """Write one power line of BD TOPO."""
    given = {
        "cleabs": f"LIGNELEC{number:016}",
        "voltage": "225 kV",
        "gestionnaire": "Gestionnaire exemple",
        "etat_de_l_objet": "En service",
    }
    return feature(POWER, number, "LineString", list(line), **{**given, **changes})


def site(layer: str, number: int, west: float, south: float, size: float = 0.02, **changes: Any) -> dict[str, Any]:
    """Write one protected area of PatriNat."""
    given = {
        "nom_site": f"Site d'exemple {number}",
        "id_mnhn": f"FR{number:07}",
        "gest_site": "Gestionnaire exemple",
        "area_sig": 1.5,
        "marin": "F",
        "url_fiche": "https://inpn.mnhn.fr/exemple",
    }
    return feature(layer, number, "MultiPolygon", [square(west, south, size)], **{**given, **changes})


def rows() -> dict[str, list[dict[str, Any]]]:
    """Write a few rows for each layer: inside, at the limit, outside; of every kind that is treated apart."""
    return {
        ZONES: [
            zone(3, 5.32, 43.32, insee_commune="13201"),
            zone(1, 5.22, 43.32, nature="Usine", nature_detaillee="Raffinerie", insee_commune="13999"),
            zone(2, 5.34, 43.42, nature_detaillee="Zone d'activités", insee_commune=None),
            zone(
                4, 5.195, 43.35, nature="Carrière", insee_commune="13004", toponyme=None, nom_commercial="La Carrière"
            ),
            zone(5, 5.45, 43.35, etat_de_l_objet="En projet", insee_commune="83120"),
            zone(6, 5.36, 43.36, fictif=True),
            # In the box, but of no commune of the metropolis.
            zone(7, 5.22, 43.45, insee_commune="13998"),
            zone(8, 5.33, 43.33, categorie="Santé", nature="Hôpital"),
        ],
        RAIL: [
            track(1, [5.1, 43.35], [5.35, 43.35]),
            track(2, [5.31, 43.31], [5.32, 43.32], nature="Voie de service", usage="Fret", electrifie=False),
            track(3, [5.31, 43.31], [5.31, 43.39], nature="LGV", etat_de_l_objet="En projet"),
            track(
                4,
                [5.33, 43.33],
                [5.34, 43.33],
                nature="Tramway",
                usage=None,
                electrifie=None,
                nombre_de_voies=None,
                etat_de_l_objet=None,
            ),
            track(5, [5.22, 43.45], [5.25, 43.45]),
        ],
        POWER: [
            wire(1, [5.35, 43.35], [5.6, 43.35], voltage="400 kV"),
            wire(2, [5.31, 43.31], [5.32, 43.32], voltage="<63 kV", gestionnaire=None),
            wire(3, [5.31, 43.31], [5.33, 43.32], voltage="Inconnue", etat_de_l_objet="En construction"),
        ],
        PARK: [
            site(PARK, 1, 5.35, 43.29, id_mnhn="FR3400001", zone="Cœur"),
            site(PARK, 2, 5.37, 43.29, id_mnhn="FR3400001", zone="Cœur"),
            site(PARK, 3, 5.35, 43.31, id_mnhn="FR3400001", zone="Aire d'adhésion"),
        ],
        HABITATS: [site(HABITATS, 10, 5.25, 43.35), site(HABITATS, 11, 5.22, 43.45)],
        COAST: [site(COAST, 20, 5.38, 43.38, id_mnhn=None, url_fiche=None)],
    }


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], (int, float)):
        yield coordinates[0], coordinates[1]
        return
    for inner in coordinates:
        yield from _points(inner)


def _touches(row: dict[str, Any], box: list[float]) -> bool:
    west, south, east, north = box
    x, y = zip(*_points(row["geometry"]["coordinates"]), strict=True)
    return min(x) <= east and max(x) >= west and min(y) <= north and max(y) >= south


def wfs(given: dict[str, list[dict[str, Any]]]) -> Any:
    """Answer questions about rows as the service does: box, filter, order, pages of 5,000 at most."""

    def answer(asked: Asked) -> Any:
        query = {name.lower(): value for name, value in asked.query.items()}
        cql = asked.form.get("cql_filter", "")
        if query.get("srsname") != "EPSG:4326" or ("bbox" in query) == bool(cql):
            return Answer(EXCEPTION, kind="application/xml", status=500)
        # Without the system named, a box is in the layer's own axes: nothing is there.
        found = re.search(r"BBOX\(geometrie,([\d.,-]+),'EPSG:4326'\)|^([\d.,-]+),EPSG:4326$", cql or query["bbox"])
        box = [float(value) for value in (found[1] or found[2]).split(",")] if found else [0.0] * 4
        category = re.search(r"categorie='([^']+)'", cql)
        rows = [row for row in given.get(query["typenames"], []) if _touches(row, box)]
        rows = [row for row in rows if not category or row["properties"]["categorie"] == category[1]]
        if query.get("resulttype") == "hits":
            head = f'<?xml version="1.0"?><wfs:FeatureCollection numberMatched="{len(rows)}" numberReturned="0"/>'
            return Answer(head.encode(), kind="text/xml; subtype=gml/3.2")
        rows.sort(key=lambda row: str(row["properties"].get(query["sortby"])))
        start = int(query["startindex"])
        page = rows[start : start + min(int(query["count"]), MOST)]
        return {
            "type": "FeatureCollection",
            "features": page,
            "totalFeatures": len(rows),
            "numberMatched": len(rows),
            "numberReturned": len(page),
            "timeStamp": "2026-01-01T00:00:00Z",
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}},
        }

    return answer


def add(services: Services) -> None:
    """Answer for the WFS of the Géoplateforme."""
    services.answer(ADDRESS, wfs(rows()))
