"""How old what is shown is: statuses more than a year old, and figures that an official service said last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from layers import origins
from layers.catalogue import catalogue

_YEAR_DAYS = 365


def outdated(said: Any, today: date) -> bool:
    """Tell whether a date (`2025`, `2025-07`, `2025-07-14`) ended more than a year before today; never for none.

    The twin of `old` in the script, run against the same cases.
    """
    parts = [int(part) for part in str(said).split("-")] if str(said)[:4].isdecimal() else []
    if not parts:
        return False
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    end = date(year + month // 12, month % 12 + 1, 1)
    return (today - end).days > _YEAR_DAYS


def sources_of(table: str, column: str, *, among: Iterable[str], own: str) -> tuple[str, ...]:
    """Return the sources of some cells of a column: official ones, then `own` where a cell is as shipped.

    An official source that the catalogue of the data in force does not tell is passed over: it could not be shown.
    """
    cells, known = origins.of_table(table), catalogue().sources
    found = [cells.get((str(key), column)) for key in among]
    official = sorted({one.source for one in found if one is not None and one.source in known})
    own_too = not official or any(one is None for one in found)
    return (*official, *((own,) if own_too else ()))


def official_cells(table: str) -> dict[str, dict[str, str]]:
    """Return, by the key of a row, its cells that an official source says: column to source."""
    found: dict[str, dict[str, str]] = {}
    for (key, column), one in origins.of_table(table).items():
        found.setdefault(key, {})[column] = one.source
    return found
