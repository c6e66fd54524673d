"""Where each cell comes from: `tables/origins.csv` of an edition lists every cell whose value is the official one.

A cell that is not listed is as kept by hand, or computed from cells that are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geo import files
from layers import catalogue, rows

FILE = "origins.csv"
COLUMNS = ("table", "key", "column", "source", "retrieved", "before")
# A position has two cells by hand and is one on the map.
GEOMETRY = "geometry"


@dataclass(frozen=True, slots=True)
class Origin:
    """The official source of a cell (`[official.*]`), the day it was asked, and what stood there by hand."""

    source: str
    retrieved: str
    before: str


def origin(table: str, key: str, column: str) -> Origin | None:
    """Return where a cell of the data in force comes from; None for a cell that no official source says.

    `table` is that of the map (`communes`, `industry`, `emissions`); `key` is its id or code, `site_id/year` for yearly
    rows; the column of a position is `geometry`.

    Raises TableError for a broken origins.csv.
    """
    return _origins(catalogue.data_dir()).get((table, str(key), column))


def of_table(table: str) -> Mapping[tuple[str, str], Origin]:
    """Return the official cells of a table of the data in force: (key, column) to where it comes from.

    Raises TableError for a broken origins.csv.
    """
    found = _origins(catalogue.data_dir())
    return {(key, column): one for (name, key, column), one in found.items() if name == table}


@lru_cache(maxsize=2)
def _origins(folder: Path) -> Mapping[tuple[str, str, str], Origin]:
    return read(folder / "tables" / FILE)


def read(path: Path) -> dict[tuple[str, str, str], Origin]:
    """Read an origins.csv; the base has none. Raises TableError for a broken one."""
    if not path.is_file():
        return {}
    found = rows.read(path, COLUMNS)
    return {
        (row["table"], row["key"], row["column"]): Origin(row["source"], row["retrieved"], row["before"])
        for row in found.to_dict("records")
    }


def write(path: Path, found: Mapping[tuple[str, str, str], Origin]) -> None:
    """Write an origins.csv, sorted. Raises FormatError."""
    files.write_text(path, "".join(_lines(found)))


def _lines(found: Mapping[tuple[str, str, str], Origin]) -> Iterable[str]:
    yield ",".join(COLUMNS) + "\n"
    for (table, key, column), one in sorted(found.items()):
        yield ",".join(_quoted(cell) for cell in (table, key, column, one.source, one.retrieved, one.before)) + "\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ',"\r\n') else cell
