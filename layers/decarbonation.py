"""Decarbonation projects: how many, how far, how much was announced.

Amounts are those published, each as of its own date. A sum keeps to projects inside the metropolis whose amount is
for works there (`investment_scope` is "site") and that are not suspended: BarMar's 2.5 billion is for all of H2med,
most of Rhône Décarbonation is in Isère ("wider"), and the refit yard of La Ciotat is shown as "context".
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd
from geopandas import GeoDataFrame
from pandas import DataFrame

from layers.catalogue import load, table
from layers.vocabulary import OUTSIDE, POLES, PROJECT_STATUSES

STATUSES_SUMMED = tuple(status for status in PROJECT_STATUSES if status != "suspended")


def projects() -> GeoDataFrame:
    """Return the projects, one point each, in EPSG:4326."""
    return load("decarbonation")


def pages() -> DataFrame:
    """Return the further pages behind each project: project_id, source_url, supports_en, supports_fr."""
    return table("project_sources")


def by_status(rows: DataFrame | None = None) -> DataFrame:
    """Return the number of projects with one row per pole (and outside) and one column per status."""
    rows = projects() if rows is None else rows
    counts = pd.crosstab(rows["pole"], rows["status"])
    return counts.reindex(index=[*POLES, OUTSIDE], columns=list(PROJECT_STATUSES), fill_value=0)


def by_start_year(rows: DataFrame | None = None) -> DataFrame:
    """Return the number of projects with one row per year of start, published or expected, and one column per pole.

    Projects without a year are left out.
    """
    rows = projects() if rows is None else rows
    dated = rows[rows["start_year"].notna()]
    counts = pd.crosstab(dated["start_year"].astype("int64"), dated["pole"])
    return counts.reindex(columns=[*POLES, OUTSIDE], fill_value=0)


def investment(rows: DataFrame | None = None, *, statuses: Collection[str] = STATUSES_SUMMED) -> DataFrame:
    """Return the published investment per pole: `investment_meur` (millions of euros) and `projects` that state one.

    Left out: projects outside the metropolis, amounts that are context or for works beyond it, statuses not asked for.
    """
    rows = projects() if rows is None else rows
    summed = rows[(rows["investment_scope"] == "site") & rows["status"].isin(statuses) & rows["pole"].isin(POLES)]
    grouped = summed.groupby("pole")["investment_meur"].agg(["sum", "count"]).reindex(list(POLES), fill_value=0)
    return grouped.rename(columns={"sum": "investment_meur", "count": "projects"})
