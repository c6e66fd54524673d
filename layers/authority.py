"""Whose word counts: official sources, the columns they are the authority of, and what a refresh holds for review.

Read from `[official.*]`, `[authority.*]` and `[limits]` of data/catalogue.toml by `layers.catalogue`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from layers.schema import TABLES

# Hand-kept table to its columns to the connector whose word wins there. `*` speaks for all columns of a table.
Authority = Mapping[str, Mapping[str, str]]
EVERY = "*"


@dataclass(frozen=True, slots=True)
class Official:
    """An official source as `[sources.*]` says it, without day and vintage: those come with each refresh."""

    id: str
    publisher: str
    title: str
    licence: str
    licence_url: str
    attribution: str
    url: str
    title_fr: str
    attribution_fr: str
    publisher_fr: str = ""
    licence_fr: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What stops a source for review.

    `rows_lost`: share of a table's rows. `figure_factor`: how many times larger or smaller a figure becomes.
    `total_moved`: share of a column's sum. `floor`: a figure that stays below it moves freely, in the unit of its
    column; `floors` says other floors by column.
    """

    rows_lost: float = 0.1
    figure_factor: float = 2.0
    total_moved: float = 0.3
    floor: float = 100.0
    floors: Mapping[str, float] = field(default_factory=dict)

    def floor_of(self, column: str) -> float:
        """Return below what the figures of a column move freely, in its unit."""
        return self.floors.get(column, self.floor)


def read_authority(raw: Any, *, faults: list[str]) -> Authority:
    """Read `[authority.<table>]`: column to connector; every fault is added to the list."""
    found: dict[str, dict[str, str]] = {}
    for table, columns in _tables(raw, "authority", faults=faults).items():
        if table not in {*TABLES, "metropolis"}:
            faults.append(f"authority.{table} is no table, expected one of {', '.join((*TABLES, 'metropolis'))}")
        elif not isinstance(columns, dict) or not all(isinstance(name, str) and name for name in columns.values()):
            faults.append(f"authority.{table} is {columns!r}, expected columns, each with the name of a connector")
        else:
            found[table] = dict(columns)
    return found


def read_limits(raw: Any, *, faults: list[str]) -> Limits:
    """Read `[limits]`, each a number above zero; every fault is added to the list."""
    said = dict(_tables(raw, "limits", faults=faults))
    floors = dict(_tables(said.pop("floors", {}), "limits.floors", faults=faults))
    known = [one.name for one in fields(Limits) if one.name != "floors"]
    wrong = [f"limits has an unknown key {key}" for key in said if key not in known]
    for section, numbers in (("limits", said), ("limits.floors", floors)):
        wrong += [
            f"{section}.{key} is {value!r}, expected a number above zero"
            for key, value in numbers.items()
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < float("inf")
        ]
    if not wrong and said.get("figure_factor", 2) <= 1:
        wrong.append(f"limits.figure_factor is {said['figure_factor']!r}, expected a number above one")
    faults += wrong
    return Limits() if wrong else Limits(**{key: float(value) for key, value in said.items()}, floors=floors)


def _tables(raw: Any, section: str, *, faults: list[str]) -> Mapping[str, Any]:
    if isinstance(raw, dict):
        return raw
    faults.append(f"{section} is {raw!r}, expected a table")
    return {}
