"""The figures of the cards that are computed before the page opens: what is near, and what a pole or a commune has.

Distances are straight lines measured in EPSG:2154, told in kilometres to a tenth.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from scipy.spatial import KDTree

from geo import crs
from layers import catalogue, cited, connections, decarbonation, freshness, industry, living
from layers.style import INDUSTRY_FAMILIES, PLACE_CLASSES, PROJECT_FAMILIES
from layers.view import FIRST_YEAR
from layers.vocabulary import POLES

NEAR_KM = 5.0
# How many sites of the same family, or communes, a card can propose to compare with: three at least beside two chosen.
_PROPOSED = 5
# Looked at besides, so that of those as far as each other the first are proposed.
_SPARE = 8
# Layer of the answer and column of `connections.nearest`.
_REACHED = {"ports": "port", "stations": "station", "airports": "airport"}
_LIVED = (*living.TALENT, living.TERMINAL)
PLACE_CLASS = {category: name for name, categories in PLACE_CLASSES.items() for category in categories}
# A capacity names the register it was read in by these words; a page is named by its title.
_REGISTERS = {
    "powerplantmatching": "powerplantmatching",
    "OPSD": "opsd",
    "WRI": "gppd",
    "SciGRID_gas": "scigrid-gas",
    "Spatial Finance Initiative": "sfi-cement",
}


def access(frame: GeoDataFrame) -> dict[str, dict[str, Any]]:
    """Give what each point reaches: `near`, the nearest port, station and airport, and `tgv`, the nearest TGV station.

    An entry of `near` is layer, name, kilometres; `tgv` is name, kilometres. Airfields and air bases do not count.
    """
    near: Any = connections.nearest(frame)
    found = {}
    for i, row in zip(frame.index, frame["id"], strict=True):
        reached = [(layer, near.at[i, what], _km(near.at[i, f"{what}_km"])) for layer, what in _REACHED.items()]
        found[str(row)] = {"near": reached, "tgv": (near.at[i, "tgv"], _km(near.at[i, "tgv_km"]))}
    return found


def reached() -> dict[str, dict[str, list[str]]]:
    """Give the sources of each port, station and airport, by layer and name: a distance to it cites them."""
    return {
        layer: {str(row.name): row.sources.split(";") for row in catalogue.load(layer).itertuples(index=False)}
        for layer in _REACHED
    }


def lived(frame: GeoDataFrame) -> dict[str, dict[str, tuple[str, float]]]:
    """Give the nearest place of each category of `living.nearest` to each point: its id and kilometres."""
    near: Any = living.nearest(frame)
    return {
        str(row): {what: (str(near.at[i, what]), _km(near.at[i, f"{what}_km"])) for what in _LIVED}
        for i, row in zip(frame.index, frame["id"], strict=True)
    }


def named_places() -> dict[str, dict[str, Any]]:
    """Give name, class, page and certainty of each place that `lived` can name: a distance to it cites its page."""
    rows: Any = living.places().itertuples(index=False)
    columns = ("name", "source", "source_url", "confidence", "approximate")
    return {
        row.id: {"class": PLACE_CLASS[row.category], **{name: getattr(row, name) for name in columns}}
        for row in rows
        if row.category in _LIVED
    }


def within(frame: GeoDataFrame, layer: str) -> dict[str, list[tuple[str, float]]]:
    """Give the features of a layer within NEAR_KM of each point, nearest first: id and kilometres."""
    targets = catalogue.load(layer)
    found = {}
    for row, distances in zip(frame["id"], _kilometres(frame, targets), strict=True):
        order = [i for i in np.argsort(distances, kind="stable") if distances[i] <= NEAR_KM]
        found[str(row)] = [(str(targets["id"].iloc[i]), _km(distances[i])) for i in order]
    return found


def alike(frame: GeoDataFrame, among: GeoDataFrame | None = None) -> dict[str, list[str]]:
    """Give the nearest other sites of the family of each site, nearest first, from all sites of `among`."""
    all_ = frame if among is None else among
    places = shapely.get_coordinates(crs.to_metres(all_).geometry.to_numpy())
    here = shapely.get_coordinates(crs.to_metres(frame).geometry.to_numpy())
    ids, families = all_["id"].to_numpy(), all_["family"].to_numpy()
    found: dict[str, list[str]] = {}
    # A tree for each family: every pair of a hundred thousand sites would be more than a machine holds.
    for family in frame["family"].unique():
        own = np.flatnonzero(families == family)
        asked = np.flatnonzero((frame["family"] == family).to_numpy())
        tree = KDTree(places[own])
        metres, near = tree.query(here[asked], k=min(len(own), _PROPOSED + _SPARE))
        for row, far, others in zip(asked, metres.reshape(len(asked), -1), near.reshape(len(asked), -1), strict=True):
            site = str(frame["id"].iloc[row])
            # As far as each other: in the order of the table.
            order = [str(ids[own[others[i]]]) for i in np.lexsort((others, far))]
            found[site] = [other for other in order if other != site][:_PROPOSED]
    return {str(site): found[str(site)] for site in frame["id"]}


def beside(halls: GeoDataFrame) -> dict[str, list[str]]:
    """Give the nearest other communes of each commune, from town hall to town hall."""
    return _nearest_others(halls, _kilometres(halls, halls))


def town_halls(communes: GeoDataFrame) -> GeoDataFrame:
    """Give the town hall of each commune as a point in EPSG:4326, with `id` and `stated`.

    Where the source has no position of the town hall (`stated` is False), the point is one inside the commune.
    """
    inside = communes.geometry.representative_point()
    stated = communes["mairie_lon"].notna()
    points = GeoSeries.from_xy(communes["mairie_lon"].fillna(inside.x), communes["mairie_lat"].fillna(inside.y))
    columns = {"id": communes["code"].to_numpy(), "stated": stated.to_numpy()}
    return GeoDataFrame(columns, geometry=points.to_numpy(), crs=crs.WGS84)


def emissions() -> dict[str, list[int | None]]:
    """Give the verified tonnes of each site, one value a year, None where nothing was verified."""
    years = list(range(FIRST_YEAR, catalogue.last_year() + 1))
    wide = industry.by_site().reindex(columns=years)
    rows = zip(wide.index, wide.to_numpy(), strict=True)
    return {str(site): [None if pd.isna(value) else int(value) for value in row] for site, row in rows}


def ets_sources() -> list[list[str]]:
    """Give the sources of the verified tonnes of each year from FIRST_YEAR on."""
    return [list(industry.ets_sources(year)) for year in range(FIRST_YEAR, catalogue.last_year() + 1)]


def people_sources() -> list[str]:
    """Give the sources of the populations of communes, and so of the poles, their sums."""
    codes = catalogue.load("communes")["code"]
    return list(freshness.sources_of("communes", "population", among=codes, own=cited.COMMUNES_SOURCE))


def declared_in() -> dict[tuple[str, int], str]:
    """Give the edition of IREP behind each declared figure, by site and year."""
    rows = industry.declared_releases()
    return {
        (str(site), int(year)): str(source)
        for site, year, source in zip(rows["site_id"], rows["year"], rows["source"], strict=True)
    }


def capacity_sources(capacity: str, pages: list[tuple[str, ...]]) -> list[str]:
    """Give the registers, or else the titles of the pages, that the text of a capacity names."""
    registers = [source for word, source in _REGISTERS.items() if word in capacity]
    return registers or [title for title, *_ in pages if title in capacity]


def families() -> dict[str, list[dict[str, Any]]]:
    """Give the families of sites and of projects, each with its members."""
    both = {"industry": INDUSTRY_FAMILIES, "decarbonation": PROJECT_FAMILIES}
    return {layer: [{"id": f.id, "members": list(f.members)} for f in found] for layer, found in both.items()}


def near_poles() -> dict[str, Any]:
    """Give the figures of the poles, and what tells what is near: see `poles`, `reached`, `named_places`."""
    return {"poles": poles(), "reached": reached(), "named_places": named_places(), "near_km": NEAR_KM}


def data_years() -> str:
    """Give the years the newest figures are of: the last verified emissions and the last status of a project."""
    last = max(str(value)[:4] for value in catalogue.load("decarbonation")["status_date"])
    return f"{catalogue.last_year()}–{last}"


def poles() -> dict[str, dict[str, Any]]:
    """Give the figures of each pole.

    `co2`: verified tonnes a year from FIRST_YEAR on, None for a pole without a site in the EU ETS; `statuses`,
    `starts` (suspended projects left out) and `undated`: numbers of projects; `investment`: millions of euros by the
    rule of `decarbonation.investment`, and how many projects state one; `access`: kind, id and name of each port,
    station and airport; `places`: how many by category.
    """
    sites, projects = catalogue.load("industry"), decarbonation.projects()
    coming = projects[projects["status"] != "suspended"]
    totals, statuses = industry.by_pole(), decarbonation.by_status(projects)
    starts, invested = decarbonation.by_start_year(coming), decarbonation.investment(projects).to_dict("index")
    lived, ways = living.by_category(), _ways()
    found: dict[str, dict[str, Any]] = {}
    for pole in POLES:
        undated = coming["start_year"].isna() & (coming["pole"] == pole)
        found[pole] = {
            "sites": int((sites["pole"] == pole).sum()),
            "projects": int((projects["pole"] == pole).sum()),
            "co2": [int(tonnes) for tonnes in totals[pole]] if totals[pole].any() else None,
            "statuses": {str(status): int(n) for status, n in statuses.loc[pole].items() if n},
            "starts": [[int(str(year)), int(n)] for year, n in starts[pole].items() if n],
            "undated": int(undated.sum()),
            "investment": [round(invested[pole]["investment_meur"], 3), int(invested[pole]["projects"])],
            "access": [way[1:] for way in ways if way[0] == pole],
            "places": {str(category): int(n) for category, n in lived[pole].items() if n},
        }
    return found


def _ways() -> list[list[str]]:
    """List every port, station and airport: pole, kind, id, name."""
    tables = [catalogue.load(layer)[["pole", "kind", "id", "name"]] for layer in _REACHED]
    rows = pd.concat([pd.DataFrame(table) for table in tables]).to_numpy()
    return [[pole, kind.replace(" ", "-"), id_, name] for pole, kind, id_, name in rows]


def _km(value: Any) -> float:
    return round(float(value), 1)


def _kilometres(a: GeoDataFrame, b: GeoDataFrame) -> Any:
    """Measure every pair of two tables of points."""
    here, there = (crs.to_metres(table).geometry.to_numpy() for table in (a, b))
    return shapely.distance(here[:, None], there[None, :]) / 1000


def _nearest_others(frame: GeoDataFrame, kilometres: Any) -> dict[str, list[str]]:
    """Give, for each row, the ids of the nearest others; infinity counts as none."""
    ids, found = frame["id"].to_numpy(), {}
    np.fill_diagonal(kilometres, np.inf)
    for row, distances in zip(ids, kilometres, strict=True):
        order = np.argsort(distances, kind="stable")[:_PROPOSED]
        found[str(row)] = [str(ids[i]) for i in order if np.isfinite(distances[i])]
    return found
