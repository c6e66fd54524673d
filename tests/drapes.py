"""SYNTHETIC areas and lines, laid on real communes: what an edition holds once official services have filled it.

Every name says that it is an example; nothing of this is in data/.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo import crs, vector
from layers import catalogue

FRESH = {"retrieved": "2026-11-24", "vintage": {"en": "asked on 2026-11-24", "fr": "demandé le 2026-11-24"}}
SOURCE_OF = {
    "zones": "ign-bdtopo", "brownfields": "cartofriches", "protected": "patrinat", "rail": "ign-bdtopo",
    "power_lines": "ign-bdtopo",
}  # fmt: skip
SOURCES = dict.fromkeys(dict.fromkeys(SOURCE_OF.values()), FRESH)
LAYERS = {layer: {"sources": [source], "refreshed": "2026-11-24"} for layer, source in SOURCE_OF.items()}

_ZONES = ("industrial", "business", "plant", "quarry", "saltworks", "power-plant", "other")
_BROWNFIELDS = ("without-project", "with-project", "potential", "converted")
_PROTECTED = ("park-core", "natura-habitats", "reserve", "znieff1", "coastal", "park-buffer")
_RAIL = ("high-speed", "main", "service", "tram", "other", "main")
_VOLTAGES = (400, 225, 63, None, 225)


def _places(count: int) -> list[Any]:
    """Give the largest communes, one after the other, with a point in the middle of each in metres (EPSG:2154)."""
    communes = crs.to_metres(catalogue.load("communes")).sort_values("population", ascending=False).head(count)
    return [(row, row.geometry.representative_point()) for row in communes.itertuples()]


def _square(point: Any, side: float, east: float = 0.0) -> Any:
    return shapely.box(point.x + east - side, point.y - side, point.x + east + side, point.y + side)


def _frame(rows: list[dict[str, Any]], source: str) -> GeoDataFrame:
    made = GeoDataFrame(rows, geometry="geometry", crs=crs.LAMBERT93).assign(source=source)
    columns = [*(name for name in made.columns if name != "geometry"), "geometry"]
    return crs.rounded(made[columns].to_crs(crs.WGS84))


def zones() -> GeoDataFrame:
    """Make a zone of each kind and five more, two of which share an edge; two have no name, one is planned."""
    kinds = [*_ZONES, *_ZONES[:5]]
    rows = [
        {"id": f"surfacti{n:016}", "name": "" if n % 6 == 5 else f"Zone d'exemple {n}", "kind": kind,
         "detail": "Zone industrielle (en projet)" if n == 3 else "Zone d'exemple", "insee": row.code,
         "commune": row.name, "pole": row.pole, "area_ha": 100.0 + n, "updated": "2026-01-02",
         "geometry": _square(at, 500)}
        for n, (kind, (row, at)) in enumerate(zip(kinds, _places(12), strict=True))
    ]  # fmt: skip
    rows[1] |= {"insee": rows[0]["insee"], "commune": rows[0]["commune"], "pole": rows[0]["pole"]}
    rows[1]["geometry"] = _square(_places(1)[0][1], 500, east=1000)
    return _frame(rows, SOURCE_OF["zones"])


def brownfields() -> GeoDataFrame:
    """Make two brownfields of each status."""
    rows = [
        {"id": f"13055-{n:05}", "name": f"Friche d'exemple {n}", "kind": "friche industrielle",
         "status": _BROWNFIELDS[n % 4], "activity": "" if n % 2 else "raffinerie", "area_ha": 1.5 + n,
         "pollution": "" if n % 3 else "pollution avérée", "insee": row.code, "commune": row.name, "pole": row.pole,
         "geometry": _square(at, 90, east=1700)}
        for n, (row, at) in enumerate(_places(8))
    ]  # fmt: skip
    return _frame(rows, SOURCE_OF["brownfields"])


def protected() -> GeoDataFrame:
    """Make six protected areas, the third of two pieces with a hole."""
    rows = [
        {"id": f"{kind}-fr{n:07}", "name": f"Site protégé d'exemple {n}", "kind": kind, "official_id": f"FR{n:07}",
         "url": "https://inpn.mnhn.fr/exemple", "area_ha": 900.0 + n, "geometry": at.buffer(2000 + 300 * n)}
        for n, (kind, (_, at)) in enumerate(zip(_PROTECTED, _places(12)[6:], strict=True))
    ]  # fmt: skip
    hollow = rows[2]["geometry"].difference(rows[2]["geometry"].buffer(-1200))
    rows[2]["geometry"] = shapely.union_all([hollow, rows[2]["geometry"].buffer(-1700)])
    return _frame(rows, SOURCE_OF["protected"])


def rail() -> GeoDataFrame:
    """Make a line of each kind from commune to commune, the last not in use and in two pieces."""
    at = [point for _, point in _places(7)]
    rows = [
        {"id": f"tronferr{n:016}", "kind": kind, "use": ("freight", "mixed", "unknown")[n % 3],
         "electrified": ("yes", "no", "unknown")[n % 3], "tracks": None if n == 3 else 1 + n % 2,
         "status": "unused" if n == 5 else "in-service", "geometry": shapely.LineString([at[n], at[n + 1]])}
        for n, kind in enumerate(_RAIL)
    ]  # fmt: skip
    rows[5]["geometry"] = shapely.MultiLineString(
        [[(at[0].x, at[0].y - 900 * n), (at[0].x + 6000, at[0].y - 900 * n)] for n in (1, 2)]
    )
    made = _frame(rows, SOURCE_OF["rail"])
    return made.assign(tracks=made["tracks"].astype("Int64"))


def power_lines() -> GeoDataFrame:
    """Make a line of each class of voltage, the last under construction."""
    at = [point for _, point in _places(6)]
    rows = [
        {"id": f"ligneele{n:016}", "voltage_kv": kv, "operator": "" if kv is None else "Gestionnaire exemple",
         "status": "under-construction" if n == 4 else "in-service",
         "geometry": shapely.LineString([(at[n].x, at[n].y + 800), (at[n].x + 9000, at[n].y + 5000)])}
        for n, kv in enumerate(_VOLTAGES)
    ]  # fmt: skip
    made = _frame(rows, SOURCE_OF["power_lines"])
    return made.assign(voltage_kv=pd.array(made["voltage_kv"].astype("Float64"), dtype="Int64"))


MAKERS: dict[str, Callable[[], GeoDataFrame]] = {
    "zones": zones,
    "brownfields": brownfields,
    "protected": protected,
    "rail": rail,
    "power_lines": power_lines,
}


def fill(folder: Path) -> None:
    """Write all tables into a data folder."""
    for name, make in MAKERS.items():
        vector.write(make(), folder / "tables" / f"{name}.parquet")
