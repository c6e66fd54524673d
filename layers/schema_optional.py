"""The columns of the tables that only official services fill (`provence-map refresh`): absent until they are asked."""

from __future__ import annotations

import pandera.pandas as pa

from layers.columns import ID, INSEE, YEAR, integer, number, text, words

_DAY = r"(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?"

COLUMNS: dict[str, dict[str, pa.Column]] = {
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
