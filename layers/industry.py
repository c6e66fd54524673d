"""Industrial sites and what they emit.

Two accounts of CO2 exist and are never mixed. EU ETS (`emissions`): fossil CO2 of the installations covered, verified
each year; every total here uses it alone. IREP (`declared_releases`): all CO2 with its biogenic part, for the sites
without an ETS figure. The ETS scope widened in 2013: totals before and after that year are not comparable.
"""

from __future__ import annotations

import pandas as pd
from geopandas import GeoDataFrame
from pandas import DataFrame

from layers.catalogue import load, table
from layers.vocabulary import POLES

METROPOLIS = "metropolis"
SCOPE_WIDENED = 2013


def sites() -> GeoDataFrame:
    """Return the industrial sites, one point each, in EPSG:4326."""
    return load("industry")


def emissions() -> DataFrame:
    """Return the verified EU ETS emissions: site_id, year, co2_t (tonnes of fossil CO2), source."""
    return table("emissions")


def ets_sources(year: int | None = None) -> tuple[str, ...]:
    """Return the sources of the verified emissions of a year, or of all years, that of the most tonnes first.

    A refresh brings years, and corrects others, from an official source of its own (`[official.…]`). A year without
    any figure has the sources of all years.
    """
    rows = emissions()
    within = rows[rows["year"] == year]
    tonnes = (within if len(within) else rows).groupby("source")["co2_t"].sum()
    return tuple(str(source) for source in tonnes.sort_values(ascending=False, kind="stable").index)


def declared_releases() -> DataFrame:
    """Return the IREP releases: site_id, year, co2_t (tonnes, biogenic included), co2_biogenic_t, source."""
    return table("irep")


def by_site(rows: DataFrame | None = None) -> DataFrame:
    """Return tonnes of CO2 with one row per site and one column per year; null where a site reported nothing."""
    rows = emissions() if rows is None else rows
    wide = rows.pivot(index="site_id", columns="year", values="co2_t").astype("Int64")
    years = range(int(rows["year"].min()), int(rows["year"].max()) + 1)
    return wide.reindex(columns=pd.Index(list(years), name="year")).sort_index()


def by_pole(rows: DataFrame | None = None, places: DataFrame | None = None) -> DataFrame:
    """Return tonnes of CO2 with one row per year and one column per pole, and `metropolis`, their sum."""
    return _by("pole", rows, places, expected=POLES)


def by_family(rows: DataFrame | None = None, places: DataFrame | None = None) -> DataFrame:
    """Return tonnes of CO2 with one row per year and one column per family of industry, and `metropolis`."""
    return _by("family", rows, places, expected=())


def by_group(rows: DataFrame | None = None, places: DataFrame | None = None) -> DataFrame:
    """Return tonnes of CO2 with one row per year and one column per group of sites that are read together."""
    rows = emissions() if rows is None else rows
    places = sites() if places is None else places
    grouped = places[places["place_group"] != ""]
    wide = _totals("place_group", rows[rows["site_id"].isin(grouped["id"])], grouped)
    return wide.reindex(columns=sorted(wide.columns))


def _by(column: str, rows: DataFrame | None, places: DataFrame | None, *, expected: tuple[str, ...]) -> DataFrame:
    rows = emissions() if rows is None else rows
    places = sites() if places is None else places
    wide = _totals(column, rows, places)
    wide = wide.reindex(columns=list(expected) or sorted(wide.columns)).fillna(0).astype("int64")
    return wide.assign(**{METROPOLIS: wide.sum(axis=1)})


def _totals(column: str, rows: DataFrame, places: DataFrame) -> DataFrame:
    """Sum tonnes by year and by a column of the sites."""
    labels = rows["site_id"].map(places.set_index("id")[column])
    sums = rows.assign(**{column: labels}).groupby(["year", column])["co2_t"].sum()
    return sums.unstack(column)
