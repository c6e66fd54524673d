"""The figures of a shortlist, computed once. Distances are straight lines in Lambert-93 (EPSG:2154), in kilometres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame

from geo import crs
from layers import catalogue, connections, decarbonation, industry
from layers.brief.shortlist import of_kinds
from layers.print.items import Item
from layers.style import STATUSES
from layers.view import FIRST_YEAR
from layers.web.figures import NEAR_KM

# The access named for a site: column of the connections, layer it comes from.
REACHED = {"port": "ports", "station": "stations", "airport": "airports"}


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """What is known of a site: tonnes by year (None where nothing was verified), what is near and how far."""

    series: tuple[float | None, ...]
    near: Mapping[str, tuple[str, float]]
    projects: Mapping[str, int]

    def at(self, year: int) -> float | None:
        """Give the verified tonnes of a year."""
        return self.series[year - FIRST_YEAR]

    @property
    def first_year(self) -> int | None:
        """Give the first year with a verified figure."""
        return next((FIRST_YEAR + i for i, value in enumerate(self.series) if value is not None), None)

    def change(self, year: int) -> tuple[float, int] | None:
        """Give the change to a year since the first year with a figure, and that year; None without both."""
        first, now = self.first_year, self.at(year)
        if first is None or now is None or first >= year:
            return None
        before = self.at(first)
        return (now / before - 1, first) if before else None


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """What is known of a commune or a pole. `co2_since` is the change since the scope widened, `amounts` in M€."""

    population: int
    year: int
    km2: float
    communes: int
    sites: int
    projects: Mapping[str, int]
    co2_t: float | None = None
    co2_share: float | None = None
    co2_since: float | None = None
    population_share: float | None = None
    amount_meur: float = 0.0
    amounts: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one brief."""

    year: int
    sites: Mapping[str, SiteFigures]
    communes: Mapping[str, AreaFigures]
    poles: Mapping[str, AreaFigures]
    units: Mapping[str, Any] = field(default_factory=dict)


def of(items: Sequence[Item], poles: Sequence[str], *, year: int) -> Figures:
    """Compute the figures of the items, and of the poles named."""
    return Figures(
        year,
        _sites(of_kinds(items, "site")),
        {item.id: _commune(item) for item in of_kinds(items, "commune")},
        {pole: _pole(pole, year) for pole in poles},
        {str(row.key): row for row in catalogue.table("units").itertuples()},
    )


def by_status(rows: pd.DataFrame) -> dict[str, int]:
    """Count projects by status, the most certain first; a status without any is left out."""
    counts = rows["status"].value_counts()
    return {status.id: int(counts[status.id]) for status in STATUSES if status.id in counts.index}


def _sites(items: Sequence[Item]) -> dict[str, SiteFigures]:
    if not items:
        return {}
    wide = industry.by_site().reindex(columns=range(FIRST_YEAR, catalogue.last_year() + 1))
    points = GeoDataFrame({"id": [item.id for item in items]}, geometry=[i.shape for i in items], crs=crs.LAMBERT93)
    near: Any = connections.nearest(points)
    projects = crs.to_metres(decarbonation.projects())
    found = {}
    for at, item in enumerate(items):
        row = list(wide.loc[item.id]) if item.id in wide.index else [pd.NA] * len(wide.columns)
        close = projects[projects.distance(item.shape) <= NEAR_KM * 1000]
        reached = {what: (str(near.at[at, what]), float(near.at[at, f"{what}_km"])) for what in REACHED}
        series = tuple(None if pd.isna(value) else float(value) for value in row)
        found[item.id] = SiteFigures(series, reached, by_status(close))
    return found


def _commune(item: Item) -> AreaFigures:
    sites, projects = industry.sites(), decarbonation.projects()
    return AreaFigures(
        population=int(item.row.population),
        year=int(item.row.population_year),
        km2=float(item.row.area_km2),
        communes=1,
        sites=int((sites["insee"] == item.id).sum()),
        projects=by_status(projects[projects["insee"] == item.id]),
    )


def _pole(pole: str, year: int) -> AreaFigures:
    row: Any = catalogue.load("poles").set_index("id").loc[pole]
    communes = catalogue.load("communes")
    sites, projects = industry.sites(), decarbonation.projects()
    wide: Any = industry.by_pole()
    co2 = float(wide.at[year, pole])
    before = float(wide.at[industry.SCOPE_WIDENED, pole])
    amounts: Any = decarbonation.investment()
    return AreaFigures(
        population=int(row["population"]),
        year=int(communes["population_year"].iloc[0]),
        km2=float(row["area_km2"]),
        communes=int(row["communes"]),
        sites=int((sites["pole"] == pole).sum()),
        projects=by_status(projects[projects["pole"] == pole]),
        co2_t=co2 or None,
        co2_share=co2 / float(wide.at[year, industry.METROPOLIS]),
        co2_since=co2 / before - 1 if before and year > industry.SCOPE_WIDENED else None,
        population_share=float(row["population"]) / float(communes["population"].sum()),
        amount_meur=float(amounts.at[pole, "investment_meur"]),
        amounts=int(amounts.at[pole, "projects"]),
    )


def emitting(items: Sequence[Item], figures: Figures) -> tuple[Item, ...]:
    """Give the sites with at least one verified figure."""
    return tuple(i for i in of_kinds(items, "site") if figures.sites[i.id].first_year is not None)


def together(items: Sequence[Item]) -> tuple[Item, ...]:
    """Give the sites whose emissions are to be read with those of others."""
    return tuple(item for item in of_kinds(items, "site") if item.row.place_group)
