"""SNCF: the stations for travellers, matched with ours by UIC code; what differs is for a person to decide.

Published under the Open Database License: what is taken of it stays a table of its own words and positions.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
from geopandas import GeoSeries
from pandas import DataFrame

from geo import crs, join
from layers import numbers
from layers.sources import AnswerError, opendatasoft
from layers.sources.connector import Client, Connector, Contribution, Doubt, Fetched, Smoke, Territory, Told
from layers.sources.fields import Said
from layers.sources.opendatasoft import Dataset, slug
from layers.text import both

SOURCE = "sncf-stations"
STATIONS = Dataset(
    host="ressources.data.sncf.com",
    id="gares-de-voyageurs",
    name="gares",
    fields={"nom": "text", "codeinsee": "text?", "codes_uic": "any?", "position_geographique": "any?"},
    passed_over=("id", "libellecourt", "segment_drg", "niveau_de_service"),
    licence=("odbl", "open database"),
)
# A station has several entrances: nearer than this, two positions are the same place, in metres.
APART_M = 300.0


@dataclass(frozen=True, slots=True)
class Official:
    """One station as SNCF has it: its UIC codes of eight digits, its commune, its position (EPSG:4326) or none."""

    codes: tuple[str, ...]
    name: str
    insee: str
    at: tuple[float, float] | None


def fetch(client: Client, folder: Path, territory: Territory, told: Told) -> Fetched:
    """Fetch the stations of the départements of the territory and of our own stations.

    Raises UnreachableError, AnswerError.
    """
    ours = territory.stations.get("insee", ())
    codes = sorted({*territory.departments, *(str(insee)[:2] for insee in ours if insee)})
    where = " or ".join(f'startswith(codeinsee,"{code}")' for code in codes)
    return opendatasoft.fetch(STATIONS, client, folder, where=where, told=told)


def normalise(folder: Path, fetched: Fetched, territory: Territory) -> Contribution:
    """Say name, commune and position of the stations whose UIC code is ours; the others become doubts.

    A doubt is a station that only one side has, several for one code, another name or commune, or a position more
    than `APART_M` away; of what is in doubt nothing is said. Raises AnswerError for fields that are not as described.
    """
    answer = opendatasoft.read(STATIONS, folder)
    found, notes = _stations(answer.rows)
    _placed(found, territory)
    by_code: dict[str, list[Official]] = defaultdict(list)
    for station in found:
        for code in station.codes:
            by_code[code].append(station)
    cells: list[dict[str, str]] = []
    doubts: list[Doubt] = []
    taken: set[Official] = set()
    for ours in territory.stations.to_dict("records"):
        matched = by_code.get(str(ours["code"]), [])
        taken |= set(matched)
        cell, said = _compared({str(k): str(v) for k, v in ours.items()}, matched)
        cells += cell
        doubts += said
    doubts += _unknown([station for station in found if station not in taken], territory)
    columns = ["id", "name", "insee", "lon", "lat"]
    day = fetched.vintage
    return Contribution(
        cells={"stations": DataFrame(cells, columns=columns, dtype="str")},
        doubts=tuple(doubts),
        notes=(*answer.notes, *notes),
        vintages={SOURCE: both("sncf.vintage", day=partial(numbers.date, day)) if day else both("sncf.undated")},
    )


def _stations(rows: list[dict[str, Any]]) -> tuple[list[Official], list[Said]]:
    """Read the rows that have a code, each once; tell the others. Raises AnswerError for what is no point."""
    found: dict[Official, None] = {}
    twice = codeless = 0
    for row in rows:
        try:
            at = opendatasoft.point(row.get("position_geographique"))
        except ValueError as error:
            came = repr(row["position_geographique"])[:60]
            raise AnswerError(both("sncf.no_point", subject=STATIONS.service, name=row["nom"], came=came)) from error
        codes = _codes(row.get("codes_uic"))
        station = Official(codes, row["nom"].strip(), opendatasoft.commune(row.get("codeinsee")), at)
        twice += station in found
        codeless += not codes
        if codes:
            found[station] = None
    if not found:
        raise AnswerError(both("fields.none", subject=STATIONS.service))
    notes = [
        both(key, subject=STATIONS.service, n=partial(numbers.number, n))
        for key, n in (("fields.twice", twice), ("sncf.codeless", codeless))
        if n
    ]
    return list(found), notes


def _codes(value: Any) -> tuple[str, ...]:
    """Read UIC codes: a list, or text with `;` between them."""
    parts = value if isinstance(value, list) else re.split(r"[;,/\s]+", str(value or ""))
    return tuple(sorted({str(part).strip() for part in parts if re.fullmatch(r"\d{8}", str(part).strip())}))


def _placed(found: list[Official], territory: Territory) -> None:
    """Refuse positions none of which lies near the territory. Raises AnswerError."""
    west, south, east, north = territory.bounds
    placed = [station.at for station in found if station.at]
    near = [at for at in placed if west - 1 < at[0] < east + 1 and south - 1 < at[1] < north + 1]
    if placed and not near:
        lon, lat = placed[0]
        box = f"{west:.2f}, {south:.2f}, {east:.2f}, {north:.2f}"
        turned = west - 1 < lat < east + 1 and south - 1 < lon < north + 1
        key = "fields.swapped" if turned else "fields.outside"
        n = partial(numbers.number, len(placed))
        raise AnswerError(both(key, subject=STATIONS.service, n=n, at=f"{lon:.2f}, {lat:.2f}", box=box))


def _compared(ours: Mapping[str, str], matched: list[Official]) -> tuple[list[dict[str, str]], list[Doubt]]:
    """Set one of our stations beside what SNCF has under its code: the cells that agree, and the doubts."""
    code = ours["code"]
    if not matched:
        return [], [_doubt(ours, code, "sncf.absent")]
    if len(matched) > 1:
        return [], [_doubt(ours, code, "sncf.several", theirs=", ".join(sorted(one.name for one in matched)))]
    (theirs,) = matched
    cell, doubts = {"id": ours["id"]}, []
    if _same_name(ours["name"], theirs.name):
        cell["name"] = theirs.name
    else:
        doubts.append(_doubt(ours, code, "sncf.named", theirs=theirs.name))
    if theirs.insee and ours.get("insee") not in (theirs.insee, None, ""):
        doubts.append(_doubt(ours, code, "sncf.commune", theirs=theirs.insee))
    else:
        cell["insee"] = theirs.insee
    if theirs.at:
        away = _metres((float(ours["lon"]), float(ours["lat"])), theirs.at)
        if away > APART_M:
            said = {"n": partial(numbers.number, round(away)), "at": f"{theirs.at[0]:.5f}, {theirs.at[1]:.5f}"}
            doubts.append(_doubt(ours, code, "sncf.away", away=away, **said))
        else:
            cell |= {"lon": _degrees(theirs.at[0]), "lat": _degrees(theirs.at[1])}
    return [{name: cell.get(name, "") for name in ("id", "name", "insee", "lon", "lat")}], doubts


def _doubt(ours: Mapping[str, str], code: str, key: str, *, away: float | None = None, **said: Any) -> Doubt:
    words = both(key, name=ours["name"], code=code, **said)
    return Doubt("stations", ours["id"], code, words, distance_m=None if away is None else round(away, 1))


def _same_name(ours: str, theirs: str) -> bool:
    """Tell whether two names say the same place: the words of the one are among those of the other."""
    one, other = (set(re.sub(r"\bst\b", "saint", slug(name).replace("-", " ")).split()) for name in (ours, theirs))
    return one <= other or other <= one


def _unknown(stations: list[Official], territory: Territory) -> Iterator[Doubt]:
    """Give a doubt for each station of the metropolis that none of ours is, with the nearest of ours."""
    members = set(territory.communes["code"])
    inside = _communes(stations, territory)
    for station in stations:
        # Where it stands says more than the code it is given.
        if inside.get(station, station.insee) not in members:
            continue
        near = [
            (_metres((float(row["lon"]), float(row["lat"])), station.at), str(row["name"]))
            for row in territory.stations.to_dict("records")
            if station.at
        ]
        code = station.codes[0]
        if not near:
            yield Doubt("stations", "", code, both("sncf.new", name=station.name, code=code))
            continue
        away, name = min(near)
        n = partial(numbers.number, round(away))
        said = both("sncf.new_near", name=station.name, code=code, near=name, n=n)
        yield Doubt("stations", "", code, said, distance_m=round(away, 1))


def _communes(stations: list[Official], territory: Territory) -> dict[Official, str]:
    """Return the commune of ours that each station with a position stands in, or ""."""
    placed = {station: station.at for station in stations if station.at}
    if not placed:
        return {}
    lons, lats = zip(*placed.values(), strict=True)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lons, lats), crs=crs.WGS84)
    found = join.within(points, territory.communes, "code").fillna("")
    return dict(zip(placed, found, strict=True))


def _metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    ends = GeoSeries(gpd.points_from_xy([a[0], b[0]], [a[1], b[1]]), crs=crs.WGS84).to_crs(crs.LAMBERT93)
    return float(ends.iloc[0].distance(ends.iloc[1]))


def _degrees(value: float) -> str:
    return repr(round(value, crs.EXCHANGE_DECIMALS))


CONNECTOR = Connector(
    id="sncf",
    tables=("stations",),
    sources=(SOURCE,),
    hosts={STATIONS.host: 0.5},
    fetch=fetch,
    normalise=normalise,
    smoke=(Smoke(f"{STATIONS.url}/records?limit=1&where=startswith(codeinsee%2C%2213%22)", both("sncf.smoke")),),
)
