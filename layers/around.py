"""What is around here: the inhabitants, sites, projects and places of a circle or a polygon, and what is near it.

Everything is measured in Lambert-93 (EPSG:2154) on the full contours of the communes, which leave out the sea and the
étang de Berre; an area comes as EPSG:4326. Distances are straight lines: never a road or a rail distance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any

from geopandas import GeoDataFrame

from geo import area as ground
from geo import crs, join, measure
from geo.errors import GeometryError
from geo.types import LonLat
from layers import catalogue, connections, decarbonation, freshness, industry
from layers.errors import RequestError
from layers.numbers import plain
from layers.sources.contours import FRAME
from layers.text import both
from layers.view import FIRST_YEAR, HORIZON, LEAST_KM, MOST_CORNERS, MOST_KM, Language
from layers.vocabulary import PLACE_CATEGORIES, PROJECT_STATUSES

# How many of the nearest sites and projects outside the area are named.
NEAREST = 5
POPULATION_SOURCE = "decoupage-administratif"
ACCESS = ("ports", "stations", "airports")

_NUMBER = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,12})?\Z")
_FROM = {"centre": lambda: both("surroundings.from_centre"), "edge": lambda: both("surroundings.from_edge")}
_KM_DECIMALS, _AREA_DECIMALS, _SHARE_DECIMALS = 2, 3, 6


@dataclass(frozen=True, slots=True)
class Part:
    """A commune's part in the area: its surface there, its share from 0 to 1, its inhabitants and those counted."""

    code: str
    km2: float
    share: float
    population: int
    counted: int


@dataclass(frozen=True, slots=True)
class Near:
    """Something near the area, and the straight line to it in kilometres."""

    id: str
    km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What an area holds and what is near it; ids are those of the layers.

    `km2` is the whole surface, `land_km2` the part inside communes of the metropolis. `co2_t` sums verified EU ETS
    tonnes of `year`, None where no site has a figure. `investment_meur` sums published amounts by the rule of
    `decarbonation.investment`, over `investment_projects`; `investment_left_out` projects state an amount that is not
    summed. Distances are from the centre of a circle or the edge of a polygon, `measured_from`.
    """

    area: tuple[float, ...]
    year: int
    km2: float
    land_km2: float
    population: int
    population_year: int
    population_source: str
    communes: tuple[Part, ...]
    sites: tuple[str, ...]
    co2_t: int | None
    co2_sites: int
    projects: tuple[str, ...]
    projects_by_status: dict[str, int]
    investment_meur: float | None
    investment_projects: int
    investment_left_out: int
    places: tuple[str, ...]
    places_by_category: dict[str, int]
    access: dict[str, tuple[str, ...]]
    approximate: dict[str, int]
    nearest: dict[str, Near]
    nearest_sites: tuple[Near, ...]
    nearest_projects: tuple[Near, ...]

    @property
    def measured_from(self) -> str:
        """Give `centre` for a circle, `edge` for a polygon."""
        return "centre" if len(self.area) == 3 else "edge"

    def to_json(self) -> dict[str, Any]:
        """Give plain data for JSON: ids, numbers, and how they were found in both languages."""
        return {
            "area": {"numbers": list(self.area), "km2": self.km2, "land_km2": self.land_km2},
            "population": {
                "inhabitants": self.population, "year": self.population_year, "source": self.population_source,
                "communes": [asdict(part) for part in self.communes], "method": both("surroundings.population_method"),
            },
            "sites": {
                "ids": list(self.sites), "count": len(self.sites), "approximate": self.approximate["industry"],
                "co2": {"tonnes": self.co2_t, "year": self.year, "sites": self.co2_sites,
                        "source": industry.ets_sources(self.year)[0], "method": both("surroundings.co2_method")},
            },
            "projects": {
                "ids": list(self.projects), "count": len(self.projects),
                "approximate": self.approximate["decarbonation"], "by_status": self.projects_by_status,
                "investment": {"meur": self.investment_meur, "projects": self.investment_projects,
                               "left_out": self.investment_left_out, "method": both("surroundings.investment_method")},
            },
            "places": {
                "ids": list(self.places), "count": len(self.places), "approximate": self.approximate["places"],
                "by_category": self.places_by_category,
            },
            "access": {layer: list(ids) for layer, ids in self.access.items()},
            "near": {
                "from": self.measured_from,
                "access": {what: asdict(near) for what, near in self.nearest.items()},
                "sites": [asdict(near) for near in self.nearest_sites],
                "projects": [asdict(near) for near in self.nearest_projects],
                "method": _FROM[self.measured_from](),
            },
            "method": both("surroundings.method"),
            "version": catalogue.data_version(),
        }  # fmt: skip


def read(text: str) -> tuple[float, ...]:
    """Read an area as an address holds it: `lon,lat,km`, or the corners `lon,lat,lon,lat,...`.

    Raises RequestError for a word that is no plain number.
    """
    words = text.split(",")[: 2 * MOST_CORNERS + 1]
    for word in words:
        if not _NUMBER.match(word):
            raise RequestError(both("surroundings.no_number", word=word[:40]))
    return tuple(float(word) for word in words)


def around(area: tuple[float, ...], *, year: int | None = None) -> Around:
    """Say what lies in an area and what is near it.

    area: `(lon, lat, km)`, a circle of 0.1 to 50 km, or the 3 to 60 corners of a polygon, in EPSG:4326.
    year: that of the verified emissions; None, or one after the last verified year, gives the last one.

    Raises RequestError, one clear sentence in both languages, for an area or a year that makes no sense.
    """
    last = catalogue.last_year()
    year = last if year is None else year
    if not FIRST_YEAR <= year <= HORIZON:
        raise RequestError(both("surroundings.no_year", year=year, first=FIRST_YEAR, last=HORIZON))
    shape, origin = _shape(area)
    inside = {layer: _inside(layer, shape) for layer in ("industry", "decarbonation", "places", *ACCESS)}
    parts = _parts(shape)
    projects, places = inside["decarbonation"], inside["places"]
    return Around(
        area=area,
        km2=round(float(measure.area_km2(shape).iloc[0]), _AREA_DECIMALS),
        communes=parts,
        land_km2=round(sum(part.km2 for part in parts), _AREA_DECIMALS),
        population=sum(part.counted for part in parts),
        population_year=int(catalogue.load("communes")["population_year"].iloc[0]),
        population_source=_population_source(parts),
        sites=_ids(inside["industry"]),
        **_emissions(inside["industry"], min(year, last)),
        projects=_ids(projects),
        projects_by_status=_counts(projects["status"], PROJECT_STATUSES),
        **_investment(projects),
        places=_ids(places),
        places_by_category=_counts(places["category"], PLACE_CATEGORIES),
        access={layer: _ids(inside[layer]) for layer in ACCESS},
        approximate={
            layer: int(inside[layer]["approximate"].sum()) for layer in ("industry", "decarbonation", "places")
        },
        nearest=_nearest(origin),
        nearest_sites=_outside("industry", shape, origin),
        nearest_projects=_outside("decarbonation", shape, origin),
    )


def _shape(area: tuple[float, ...]) -> tuple[GeoDataFrame, GeoDataFrame]:
    """Give the area and what distances are measured from, each one row in Lambert-93."""
    circle = len(area) == 3
    if not circle and (len(area) % 2 or not 3 <= len(area) // 2 <= MOST_CORNERS):
        raise RequestError(both("surroundings.no_area", n=len(area), most=MOST_CORNERS))
    pairs = area[:2] if circle else area
    for lon, lat in zip(pairs[::2], pairs[1::2], strict=True):
        # Written so that NaN, which is neither less nor more than anything, is refused as well.
        if not (FRAME.west <= lon <= FRAME.east and FRAME.south <= lat <= FRAME.north):
            raise RequestError(both("surroundings.out_of_frame", lon=_said(lon), lat=_said(lat)))
    corners = [LonLat(lon, lat) for lon, lat in zip(pairs[::2], pairs[1::2], strict=True)]
    if circle:
        if not LEAST_KM <= area[2] <= MOST_KM:
            raise RequestError(both("surroundings.bad_radius", km=_said(area[2])))
        return ground.circle(corners[0], area[2]), ground.point(corners[0])
    try:
        shape = ground.polygon(corners)
    except GeometryError as error:
        raise RequestError(both("surroundings.crossing")) from error
    return shape, shape


def _said(value: float) -> Callable[[Language], str]:
    """Write a number that came in the language it is read in; NaN and the like as they are."""
    return lambda language: plain(value, language, most=5) if isfinite(value) else str(value)


def _parts(shape: GeoDataFrame) -> tuple[Part, ...]:
    """Give the communes the area touches, the most inhabitants first; only those of the metropolis are known."""
    communes = _communes(catalogue.data_dir())
    found = communes.join(ground.shares(communes, shape).rename(columns={"area_km2": "km2"}))
    parts = [
        Part(
            code=str(row.code),
            km2=round(float(row.km2), _AREA_DECIMALS),
            share=round(float(row.share), _SHARE_DECIMALS),
            population=int(row.population),
            counted=round(int(row.population) * float(row.share)),
        )
        for row in found[found["share"] > 0].itertuples()
    ]
    return tuple(sorted(parts, key=lambda part: (-part.counted, part.code)))


@lru_cache(maxsize=2)
def _communes(_: Path) -> GeoDataFrame:
    """Give the communes in metres, brought there once: it is the slow part of an answer."""
    return crs.to_metres(catalogue.load("communes"))


def _inside(layer: str, shape: GeoDataFrame) -> GeoDataFrame:
    rows = catalogue.load(layer)
    return rows[ground.holds(shape, rows)]


def _population_source(parts: tuple[Part, ...]) -> str:
    """Give the main source of the inhabitants of these communes."""
    return freshness.sources_of("communes", "population", among=[part.code for part in parts], own=POPULATION_SOURCE)[0]


def _ids(rows: GeoDataFrame) -> tuple[str, ...]:
    return tuple(str(value) for value in rows["id"])


def _counts(values: Any, known: Iterable[str]) -> dict[str, int]:
    """Count the values in the order of the vocabulary, those that do not occur left out."""
    counted = values.value_counts()
    return {value: int(counted[value]) for value in known if value in counted}


def _emissions(sites: GeoDataFrame, year: int) -> dict[str, Any]:
    rows = industry.emissions()
    rows = rows[(rows["year"] == year) & rows["site_id"].isin(sites["id"])]
    return {"year": year, "co2_t": int(rows["co2_t"].sum()) if len(rows) else None, "co2_sites": len(rows)}


def _investment(projects: GeoDataFrame) -> dict[str, Any]:
    summed = decarbonation.investment(projects).sum()
    stated, stating = int(summed["projects"]), int(projects["investment_meur"].notna().sum())
    return {
        "investment_meur": round(float(summed["investment_meur"]), 3) if stated else None,
        "investment_projects": stated,
        "investment_left_out": stating - stated,
    }


def _nearest(origin: GeoDataFrame) -> dict[str, Near]:
    """Give the nearest station, TGV station, port and airport, wherever they lie."""
    found: dict[str, Near] = {}
    for what, (layer, kinds) in connections.REACHED.items():
        there = catalogue.load(layer)
        near = join.nearest(origin, there[there["kind"].isin(kinds)], "id").iloc[0]
        found[what] = Near(str(near["id"]), round(float(near["distance_km"]), _KM_DECIMALS))
    return found


def _outside(layer: str, shape: GeoDataFrame, origin: GeoDataFrame) -> tuple[Near, ...]:
    """Give the nearest rows of a layer that the area does not hold, nearest first."""
    rows = catalogue.load(layer)
    rows = rows[~ground.holds(shape, rows)]
    away = ground.distance_km(rows, origin).sort_values(kind="stable").head(NEAREST)
    return tuple(Near(str(rows["id"].loc[i]), round(float(km), _KM_DECIMALS)) for i, km in away.items())
