"""The columns of the tables that only official services fill (`provence-map refresh`): absent until they are asked."""

from __future__ import annotations

import pandera.pandas as pa

from layers.columns import ID, INSEE, YEAR, area, choice, geometry, integer, number, text, words
from layers.vocabulary import (
    ANSWERS,
    BROWNFIELD_STATUSES,
    LINE_STATES,
    OUTSIDE,
    POLES,
    PROTECTIONS,
    RAIL_KINDS,
    RAIL_USES,
    ZONE_KINDS,
)

_DAY = r"(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?"

_ADDRESS = r"(https?://\S+)?"
_PLACED = {"insee": text(INSEE), "commune": words(), "pole": choice((*POLES, OUTSIDE))}

COLUMNS: dict[str, dict[str, pa.Column]] = {
    # Zones of activity, whole where they touch the metropolis.
    "zones": {
        "id": text(ID, unique=True),
        "name": text(),
        "kind": choice(ZONE_KINDS),
        # The official words, in French; a zone that is not in use says so here.
        "detail": text(),
        **_PLACED,
        "area_ha": number(0, 100_000),
        "updated": text(_DAY),
        "source": text(ID),
        "geometry": area(),
    },
    "brownfields": {
        "id": text(ID, unique=True),
        "name": words(),
        # The inventory's own words, in French, as are activity and pollution.
        "kind": text(),
        "status": choice(BROWNFIELD_STATUSES),
        "activity": text(),
        "area_ha": number(0, 100_000),
        "pollution": text(),
        **_PLACED,
        "source": text(ID),
        "geometry": area(),
    },
    # Protected areas and inventories of nature, whole where they touch the metropolis.
    "protected": {
        "id": text(ID, unique=True),
        "name": words(),
        "kind": choice(PROTECTIONS),
        "official_id": text(),
        "url": text(_ADDRESS),
        "area_ha": number(0, 10_000_000),
        "source": text(ID),
        "geometry": area(),
    },
    # Rail and power lines, cut at the limit of the metropolis.
    "rail": {
        "id": text(ID, unique=True),
        "kind": choice(RAIL_KINDS),
        "use": choice(RAIL_USES),
        "electrified": choice(ANSWERS),
        "tracks": integer(0, 100, nullable=True),
        "status": choice(LINE_STATES),
        "source": text(ID),
        "geometry": geometry("LineString", "MultiLineString"),
    },
    "power_lines": {
        "id": text(ID, unique=True),
        # Null where the service tells a range, or nothing.
        "voltage_kv": integer(1, 1500, nullable=True),
        "operator": text(),
        "status": choice(LINE_STATES),
        "source": text(ID),
        "geometry": geometry("LineString", "MultiLineString"),
    },
    # Power plants and storage. `insee` is empty where the register tells the metropolis and not the commune.
    "plants": {
        "id": text(ID, unique=True),
        "name": text(),
        "insee": text(f"({INSEE})?"),
        # The register's own words, in French.
        "sector": words(),
        "technology": text(),
        "power_kw": number(0, 5_000_000, nullable=True),
        # More than one where the register adds small installations up.
        "installations": integer(0, 1_000_000, nullable=True),
        "commissioned": text(_DAY),
        "source": text(ID),
    },
    # Employees of the private sector on the last day of a year.
    "employment": {
        "insee": text(INSEE),
        "year": integer(*YEAR),
        # The service's own words, in French.
        "sector": words(),
        # Null where one activity of the sector has establishments and keeps its employees secret: never a part for a
        # whole, never zero for what is not said.
        "employees": integer(0, 1_000_000, nullable=True),
        "establishments": integer(0, 1_000_000, nullable=True),
        # How many activities of the sector have no figure at all for the year: absent, or secret.
        "unsaid": integer(0, 10_000),
        "source": text(ID),
    },
}
UNIQUE = {"employment": ["insee", "year", "sector"]}
