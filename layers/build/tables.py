"""The hand-kept rows, completed and checked: what the map reads of industry, projects, connections, places and facts.

Nothing is guessed: a pole follows from the commune, a family from the sector, a latest emission from the yearly
rows, `approximate` from how the position was obtained.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from geopandas import GeoDataFrame, points_from_xy
from pandas import DataFrame

from geo.crs import WGS84, rounded
from geo.join import within
from layers import rows
from layers.build import perceptions
from layers.errors import TableError
from layers.schema import columns_of, typed, validate
from layers.vocabulary import OUTSIDE, SECTOR_FAMILY, TECHNOLOGY_FAMILY

POINT_TABLES = ("industry", "decarbonation", "stations", "ports", "airports", "places")
PLAIN_TABLES = ("emissions", "irep", "site_sources", "project_sources", "facts", "units")
SEA = "sea"  # in position_exceptions.csv: the point lies in no commune at all

# Positions of these precisions, or read from these sources, are drawn as approximate: estimated by the project, a
# street instead of a site, a commercial geocoder's answer, or a file whose licence is not stated.
APPROXIMATE_PRECISIONS = frozenset({"approx", "street", "zone", "commune"})
APPROXIMATE_SOURCES = frozenset({"provence-map", "euets-info", "tle-hotspots"})

_HAND_FAULT = "Correct the file by hand."
_EXCEPTIONS = ("table", "id", "found", "reason_en", "reason_fr")


def build(hand: Path, communes: GeoDataFrame) -> dict[str, DataFrame | GeoDataFrame]:
    """Return every table made from the hand-kept files, validated, in a fixed order of rows and columns.

    `hand` is the folder of the CSV files; `communes` needs code, name, pole and geometry in EPSG:4326.

    Raises `TableError` with every fault of the first table that has one: a missing file or column, a cell out of
    range, a point outside its commune that position_exceptions.csv does not declare.
    """
    exceptions = rows.read(hand / "position_exceptions.csv", _EXCEPTIONS)
    tables: dict[str, DataFrame | GeoDataFrame] = {}
    for name in PLAIN_TABLES:
        tables[name] = validate(typed(rows.read(hand / f"{name}.csv"), name), name)
    for name in POINT_TABLES:
        frame = _completed(rows.read(hand / f"{name}.csv", ("id", "insee", "lon", "lat")), name, tables=tables)
        located = _located(typed(_with_poles(frame, name, communes=communes), name), name)
        faults = _position_faults(located, communes, declared=exceptions[exceptions["table"] == name])
        if faults:
            raise TableError(name, faults, advice="Correct the position or declare it in position_exceptions.csv.")
        tables[name] = validate(located, name)
    _check_references(tables)
    tables[perceptions.TABLE] = perceptions.build(hand, tables)
    return tables


def latest_co2(emissions: DataFrame, irep: DataFrame) -> DataFrame:
    """Return the newest figure of each site (index site_id), with its account: ETS, or IREP when that is newer.

    The two are never added: ETS counts fossil CO2 of the installations it covers, IREP all CO2 with the biogenic part.
    """
    accounts = [emissions.assign(co2_basis="ets", preferred=1), irep.assign(co2_basis="irep", preferred=0)]
    newest = pd.concat(accounts).sort_values(["year", "preferred"]).groupby("site_id").tail(1).set_index("site_id")
    columns = {"co2_t": "co2_t", "year": "co2_year", "co2_biogenic_t": "co2_biogenic_t", "co2_basis": "co2_basis"}
    return newest[list(columns)].rename(columns=columns)


def _completed(frame: DataFrame, name: str, *, tables: dict[str, DataFrame | GeoDataFrame]) -> DataFrame:
    """Add the columns that follow from others."""
    if name == "industry":
        frame = frame.assign(family=frame["sector"].map(SECTOR_FAMILY).fillna(""))
        co2 = latest_co2(tables["emissions"], tables["irep"]).reindex(frame["id"]).reset_index(drop=True)
        for column in ("co2_t", "co2_year", "co2_biogenic_t", "co2_basis"):
            frame[column] = co2[column].astype("str").fillna("")
    elif name == "decarbonation":
        frame = frame.assign(family=frame["technology"].map(TECHNOLOGY_FAMILY).fillna(""))
    if "position_precision" in frame:
        frame["approximate"] = frame["position_precision"].isin(APPROXIMATE_PRECISIONS) | frame["position_source"].isin(
            APPROXIMATE_SOURCES
        )
    return frame


def _with_poles(frame: DataFrame, name: str, *, communes: GeoDataFrame) -> DataFrame:
    """Name the commune and the pole of each row by its INSEE code; a row outside the metropolis names its commune."""
    known = communes.set_index("code")
    inside = frame["insee"].isin(known.index)
    if not inside.all() and "commune" not in frame:
        strange = [f"insee of {i}: {c!r} is not one of the communes" for i, c in _pairs(frame[~inside], "id", "insee")]
        raise TableError(name, strange, advice=_HAND_FAULT)
    given = frame.get("commune", "")
    out = frame.assign(
        commune=frame["insee"].map(known["name"]).where(inside, given),
        pole=frame["insee"].map(known["pole"]).where(inside, OUTSIDE),
    )
    return out.assign(outside=~inside) if name in ("decarbonation", "stations", "ports", "airports") else out


def _located(frame: DataFrame, name: str) -> GeoDataFrame:
    """Turn lon and lat into points, sort by id and put the columns in the order of the schema."""
    faults = [
        f"{column} of {row}: {value!r} is not a number"
        for column in ("lon", "lat")
        for row, value in _pairs(frame[pd.to_numeric(frame[column], errors="coerce").isna()], "id", column)
    ]
    if faults:
        raise TableError(name, faults, advice=_HAND_FAULT)
    points = points_from_xy(frame["lon"].astype(float), frame["lat"].astype(float), crs=WGS84)
    located = rounded(GeoDataFrame(frame.drop(columns=["lon", "lat"]), geometry=points))
    known = [column for column in columns_of(name) if column in located]
    strange = [column for column in located.columns if column not in known]
    return located[[*known, *strange]].sort_values("id").reset_index(drop=True)


def _position_faults(points: GeoDataFrame, communes: GeoDataFrame, *, declared: DataFrame) -> list[str]:
    """Name the points that lie outside their commune without being declared, and the declarations nothing needs."""
    inside = points[points["pole"] != OUTSIDE]
    found = within(inside, communes, "code").fillna(SEA)
    reasons = dict(_pairs(declared, "id", "found"))
    faults = []
    for row, expected, lies in zip(inside["id"], inside["insee"], found, strict=True):
        allowed = reasons.pop(row, None)
        if lies == expected and allowed is not None:
            faults.append(f"{row} lies in its commune {expected}: its exception is not needed")
        elif lies not in (expected, allowed):
            faults.append(f"{row} lies in {lies}, expected commune {expected}")
    return faults + [f"exception for {row}: no such row" for row in reasons]


def _check_references(tables: dict[str, DataFrame | GeoDataFrame]) -> None:
    """Refuse rows that point at a site, a project or a unit which does not exist."""
    links = (
        ("emissions", "site_id", "industry", "id"),
        ("irep", "site_id", "industry", "id"),
        ("site_sources", "site_id", "industry", "id"),
        ("project_sources", "project_id", "decarbonation", "id"),
        ("decarbonation", "capacity_unit", "units", "key"),
        ("facts", "unit", "units", "key"),
    )
    for table, column, target, key in links:
        strange = sorted(set(tables[table][column].dropna()) - set(tables[target][key]))
        if strange:
            faults = [f"{column} {value!r} is no {key} of {target}" for value in strange]
            raise TableError(table, faults, advice=_HAND_FAULT)


def _pairs(frame: DataFrame, left: str, right: str) -> list[tuple[str, str]]:
    """Return two columns as pairs of text."""
    return list(zip(frame[left].map(str), frame[right].map(str), strict=True))
