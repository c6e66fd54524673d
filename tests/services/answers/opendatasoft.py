"""Portals that run Opendatasoft: ODRÉ, SNCF, Urssaf and the metropolis (dossier §7, §8, §9 and §15.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from layers.sources.ampmetropole import HOST as METROPOLIS
from layers.sources.odre import PLANTS
from layers.sources.opendatasoft import Dataset
from layers.sources.sncf import STATIONS
from layers.sources.urssaf import EMPLOYMENT
from tests.services.server import Answer, Asked, Services

EPCI = "200054807"
OPEN = "Licence Ouverte v2.0 (Etalab)"
ODBL = "Open Database License (ODbL)"


@dataclass
class Table:
    """One dataset as its portal has it: fields with their types, rows, licence; answers as the Explore API does."""

    dataset: Dataset
    types: dict[str, str]
    rows: list[dict[str, Any]]
    licence: str | None
    labels: dict[str, str] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Any:
        """Answer for the description, the count or the rows."""
        path = asked.path.removeprefix(f"/api/explore/v2.1/catalog/datasets/{self.dataset.id}")
        if not path:
            return self.described()
        chosen = asked.query["select"].split(",")
        if unknown := [name for name in chosen if name not in self.types]:
            message = f"ODSQL query is malformed: Unknown field: {unknown[0]}"
            return Answer(b'{"error_code": "ODSQLError", "message": "%s"}' % message.encode(), status=400)
        rows = [{name: row.get(name) for name in chosen} for row in self.rows]
        if path == "/records":
            limit = int(asked.query.get("limit", 10))
            return {"total_count": len(rows), "results": rows[:limit]}
        return rows if path == "/exports/json" else Answer(b"{}", status=404)

    def described(self) -> dict[str, Any]:
        """Write the dataset's description of itself."""
        named = [
            {"name": name, "label": self.labels.get(name, name), "type": kind, "annotations": {}, "description": None}
            for name, kind in self.types.items()
        ]
        default = {
            "title": self.dataset.name,
            "license": self.licence,
            "modified": "2019-01-01T00:00:00+00:00",
            "data_processed": "2026-09-10T06:00:00+00:00",
            "records_count": len(self.rows),
        }
        return {"dataset_id": self.dataset.id, "has_records": True, "fields": named, "metas": {"default": default}}


def plant(name: str, commune: str | None, kilowatts: float | None, **more: Any) -> dict[str, Any]:
    """Write one row of the register."""
    given = {
        "nominstallation": name,
        "codeeicresourceobject": None,
        "codeinseecommune": commune,
        "codeiris": None,
        "codeepci": EPCI,
        "filiere": "Solaire",
        "technologie": "Photovoltaïque",
        "puismaxinstallee": kilowatts,
        "nbinstallations": 1,
        "regime": "En service",
        "datemiseenservice_format_date": "2024-06-30",
        "datederaccordement": None,
        "gestionnaire": "Enedis",
    }
    return given | more


def plants() -> Table:
    """Give the register: three départements, one commune that is not ours, small installations added up."""
    numbers = ("puismaxinstallee", "nbinstallations")
    types = {name: "double" if name in numbers else "text" for name in (*PLANTS.fields, *PLANTS.passed_over)}
    rows = [
        plant("CENTRALE EXEMPLE", "13999", 12000.0, codeeicresourceobject="17W-EXEMPLE-0001-Z"),
        plant("Agrégation des installations de moins de 36KW", "13055", 900.5, nbinstallations=212),
        plant("Agrégation des installations de moins de 36KW", "13203", 80.0, nbinstallations=30, codeiris="132030101"),
        plant("BARRAGE EXEMPLE", "84089", 50000.0, filiere="Hydraulique", technologie="Fil de l'eau"),
        plant("STOCKAGE EXEMPLE", "83120", None, filiere="Stockage non hydraulique", technologie=None),
        plant("Confidentiel", None, 36.0, datemiseenservice_format_date=None),
        plant("ANCIENNE", "13999", 500.0, datederaccordement="2020-01-01"),
        plant("EN PROJET", "13999", 500.0, regime="En projet"),
        plant("ARLES", "13004", 700.0, codeepci="241300417"),
    ]
    return Table(PLANTS, types, rows, OPEN, {"puismaxinstallee": "Puissance maximale installée (kW)"})


def station(name: str, insee: str, codes: Any, at: Any) -> dict[str, Any]:
    """Write one station for travellers."""
    return {"id": "0", "nom": name, "codeinsee": insee, "codes_uic": codes, "position_geographique": at}


def stations() -> Table:
    """Give stations: one as ours, one called and placed otherwise, one that is new, one outside."""
    types = dict.fromkeys((*STATIONS.fields, *STATIONS.passed_over), "text")
    types["position_geographique"] = "geo_point_2d"
    rows = [
        station("Exempleville", "13999", "87999999", {"lon": 5.25, "lat": 43.35}),
        station("Marseille-Autrement", "13203", "87999001;87999002", {"lon": 5.36, "lat": 43.36}),
        station("Pertuis Neuve", "84089", "87999003", {"lon": 5.35, "lat": 43.45}),
        station("Arles", "13004", "87999004", {"lon": 5.15, "lat": 43.35}),
    ]
    return Table(STATIONS, types, rows, ODBL)


def jobs(commune: str, activity: str, sector: str, employees: float | None, places: float | None) -> dict[str, Any]:
    """Write the newest year of one activity in one commune."""
    return {
        "code_commune": commune,
        "code_ape": activity,
        "grand_secteur_d_activite": sector,
        "code_departement": commune[:2],
        "effectifs_salaries_2025": employees,
        "nombre_d_etablissements_2025": places,
    }


def employment() -> Table:
    """Give employment up to 2025; 2026 is announced by one of its two fields only."""
    years = [
        f"{kind}_{year}" for year in range(2006, 2026) for kind in ("effectifs_salaries", "nombre_d_etablissements")
    ]
    types = dict.fromkeys((*EMPLOYMENT.fields, *EMPLOYMENT.passed_over), "text")
    types |= dict.fromkeys((*years, "nombre_d_etablissements_2026"), "double")
    industry, trade = "GS1 Industrie", "GS3 Commerce"
    rows = [
        jobs("13999", "2014Z", industry, 1200, 3),
        jobs("13999", "2410Z", industry, 2500, 1),
        jobs("13999", "4711F", trade, None, 2),
        jobs("13999", "4712Z", trade, 40, 4),
        jobs("13055", "2014Z", industry, 300, 5),
        jobs("13055", "2015Z", industry, None, None),
        jobs("83120", "2014Z", industry, 0, 0),
        jobs("84089", "2014Z", industry, None, None),
        jobs("13004", "2014Z", industry, 999, 9),
    ]
    return Table(EMPLOYMENT, types, rows, ODBL)


# Of what the portal of the metropolis lists: id, title, licence, whether it has rows.
LISTED: tuple[tuple[str, str, str | None, Any], ...] = (
    ("exemple-zones-d-activite", "Zones d’activité (exemple)", OPEN, True),
    ("exemple-plui", "Zonage du PLUi (exemple)", None, "True"),
    ("ls-stations-de-metro", "Stations de métro (exemple)", OPEN, "False"),
    *((f"exemple-{n:03d}", f"Autre {n}", OPEN, True) for n in range(150)),
)


def catalogue(asked: Asked) -> dict[str, Any]:
    """List the datasets of the metropolis, page by page."""
    offset, limit = int(asked.query.get("offset", 0)), min(100, int(asked.query.get("limit", 10)))
    rows = [
        {"dataset_id": key, "metas": {"default": {"title": title, "license": licence}}, "has_records": full}
        for key, title, licence, full in sorted(LISTED, key=lambda row: row[0])
    ]
    return {"total_count": len(rows), "results": rows[offset : offset + limit]}


def add(services: Services) -> Mapping[str, Table]:
    """Answer for the four portals."""
    tables = {"plants": plants(), "stations": stations(), "employment": employment()}
    for table in tables.values():
        services.answer(table.dataset.url.removeprefix("https://"), table)
    services.answer(f"{METROPOLIS}/api/explore/v2.1/catalog/datasets", catalogue)
    return tables
