"""What people call the tables that a refresh speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from layers import catalogue
from layers.text import text
from layers.view import Language

# Tables and files that are no layer of their own.
TITLES: Mapping[str, str] = {
    "contours": "refresh.table_contours",
    "emissions": "refresh.table_emissions",
    "employment": "refresh.table_employment",
    "irep": "refresh.table_irep",
    "metropolis": "refresh.table_metropolis",
    "plants": "refresh.table_plants",
}


def table_title(table: str, language: Language) -> str:
    """Name a table as the map does; one that nobody named stays as it is."""
    if table in TITLES:
        return text(TITLES[table], language)
    return _layers().get(table, {}).get(language, table)


@cache
def _layers() -> dict[str, dict[Language, str]]:
    known = catalogue.catalogue()
    return {
        Path(one.table).stem: {"en": one.title_en, "fr": one.title_fr}
        for one in (*known.layers.values(), *known.absent.values())
    }
