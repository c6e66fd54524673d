"""Places to study, work and live, and the figures of the territory in two languages."""

from __future__ import annotations

import pandas as pd
from geopandas import GeoDataFrame
from pandas import DataFrame

from geo import join
from layers.catalogue import load, table
from layers.vocabulary import OUTSIDE, PLACE_CATEGORIES, POLES

# What people who come to work and live ask for, and where goods are handled: categories of the table.
TALENT = ("university", "research", "hospital", "beach")
TERMINAL = "port-terminal"


def places() -> GeoDataFrame:
    """Return the places, one point each, in EPSG:4326."""
    return load("places")


def facts(theme: str | None = None) -> DataFrame:
    """Return the figures of the territory, each with its year, its source and how far it can be trusted."""
    rows = table("facts")
    return rows if theme is None else rows[rows["theme"] == theme].reset_index(drop=True)


def units(lang: str) -> dict[str, str]:
    """Return the words of each unit key, in French for "fr", in English otherwise."""
    rows = table("units")
    return dict(zip(rows["key"], rows["fr" if lang == "fr" else "en"], strict=True))


def nearest(points: GeoDataFrame) -> DataFrame:
    """Return, for each point, the nearest place of each category of TALENT and the nearest port terminal.

    Columns: the category (the id of the place) and `<category>_km`, a straight line in Lambert-93 (EPSG:2154); same
    index as the points. The table is a chosen list and a place may be approximate: another may be nearer.
    """
    columns: dict[str, object] = {}
    there = places()
    for category in (*TALENT, TERMINAL):
        found = join.nearest(points, there[there["category"] == category], "id")
        columns |= {category: found["id"], f"{category}_km": found["distance_km"].round(2)}
    return DataFrame(columns, index=points.index)


def by_category(rows: DataFrame | None = None) -> DataFrame:
    """Return the number of places with one row per category and one column per pole."""
    rows = places() if rows is None else rows
    counts = pd.crosstab(rows["category"], rows["pole"])
    poles = [*POLES, OUTSIDE] if OUTSIDE in counts else list(POLES)
    return counts.reindex(index=list(PLACE_CATEGORIES), columns=poles, fill_value=0)
