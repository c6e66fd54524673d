"""Official rows and our sites, brought together: by number first, then by name and place; never when in doubt.

A number that both carry is enough, unless the places contradict it. Without one, a pair is certain only when the names
are the same, the points lie close, and nothing else fits either of them. Every other pair that might be one becomes a
Doubt, with the reasons, for a person. One official row never goes to two sites, nor one site to two rows by name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from geopandas import GeoSeries, points_from_xy
from numpy.typing import NDArray
from pandas import DataFrame
from rapidfuzz import fuzz

from geo.crs import LAMBERT93, WGS84
from layers import numbers
from layers.sources import names
from layers.sources.connector import Doubt, Territory
from layers.text import both, text
from layers.view import Language

TABLE = "industry"

# Columns of the official rows: `key` names a row, `number` is as `number()` writes it, lon and lat are floats or null.
COLUMNS = ("key", "number", "name", "insee", "lon", "lat")

# The same name this near is the same site; a name alike may be sought as far as large platforms reach.
SURE_M, NEAR_M = 500.0, 3_000.0
# Likeness of names from 0 to 100: from here on the same, from here on worth a look.
SAME, ALIKE = 95.0, 80.0
# So many names are written in a note.
SHOWN = 12
# Shorter cores (EDF, CEA) are found in too many names.
LETTERS = 4

# Positions of ours that were estimated or stand for a street: distances from them decide nothing.
VAGUE = frozenset({"approx", "street"})

Distances = NDArray[np.float64]
_Reason = Callable[[Language], str]


@dataclass(frozen=True, slots=True)
class Pair:
    """An official row (its key) and a site (its id) that are one; metres apart in EPSG:2154, null without a point."""

    key: str
    site: str
    how: str
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class Matched:
    """What belongs together, what might, and how far every official row is from the nearest site (metres, id)."""

    pairs: tuple[Pair, ...]
    doubts: tuple[Doubt, ...]
    # Keys of the rows that a doubt names.
    doubted: frozenset[str]
    nearest: Mapping[str, tuple[float, str]]

    @property
    def sites(self) -> dict[str, str]:
        """Return the site of each official row that has one."""
        return {pair.key: pair.site for pair in self.pairs}


@dataclass(frozen=True, slots=True)
class _Candidate:
    row: int
    site: int
    likeness: float
    same: bool
    distance_m: float


def number(said: str) -> str:
    """Return the number of an establishment as registers compare it: 064.01052, 6401052 and 0006401052 are one."""
    return said.replace(".", "").replace(" ", "").strip().lstrip("0")


def site_numbers(sites: DataFrame) -> dict[str, list[str]]:
    """Return number to ids of the sites that carry it, from the columns icpe_id and irep_id."""
    found: dict[str, list[str]] = {}
    for column in ("icpe_id", "irep_id"):
        for site, said in zip(sites["id"], sites.get(column, pd.Series("", index=sites.index)), strict=True):
            if said and site not in found.setdefault(number(said), []):
                found[number(said)].append(site)
    return found


def metres(lon: Iterable[float], lat: Iterable[float]) -> NDArray[np.float64]:
    """Return points of EPSG:4326 as rows of easting and northing in EPSG:2154; null stays null."""
    east, north = np.array(list(lon), dtype="float64"), np.array(list(lat), dtype="float64")
    known = np.isfinite(east) & np.isfinite(north)
    moved = GeoSeries(points_from_xy(east[known], north[known]), crs=WGS84).to_crs(LAMBERT93)
    out = np.full((len(east), 2), np.nan)
    out[known] = np.column_stack([moved.x, moved.y])
    return out


def match(official: DataFrame, territory: Territory) -> Matched:
    """Match official rows (COLUMNS, key unique) with the sites of the territory; distances in EPSG:2154, metres."""
    sites = territory.sites.reset_index(drop=True)
    rows = official.reset_index(drop=True)
    here = metres(pd.to_numeric(sites["lon"]), pd.to_numeric(sites["lat"]))
    apart = _apart(metres(rows["lon"], rows["lat"]), here)
    pairs, doubts, doubted = _by_number(rows, sites, apart)
    settled = {pair.key for pair in pairs} | doubted
    taken = {pair.site for pair in pairs} | {doubt.key for doubt in doubts}
    candidates = _candidates(rows, sites, apart, places=names.towns(territory.communes["name"]))
    free = [one for one in candidates if rows["key"][one.row] not in settled and sites["id"][one.site] not in taken]
    for one, reasons in _chosen(free, rows, sites):
        key, site = str(rows["key"][one.row]), str(sites["id"][one.site])
        distance = _known(one.distance_m)
        if not reasons:
            pairs.append(Pair(key, site, "name", distance))
            continue
        said = both(
            "matching.maybe",
            official=rows["name"][one.row],
            number=key,
            site=sites["name"][one.site],
            reasons=partial(_listed, reasons=reasons),
        )
        doubts.append(Doubt(TABLE, site, key, said, distance))
        doubted.add(key)
    return Matched(tuple(pairs), tuple(doubts), frozenset(doubted), _nearest(rows, sites, apart))


def _apart(there: NDArray[np.float64], here: NDArray[np.float64]) -> Distances:
    """Return metres from each official row (down) to each site (across), null without a point."""
    found: Distances = np.hypot(there[:, None, 0] - here[None, :, 0], there[:, None, 1] - here[None, :, 1])
    return found


def _nearest(rows: DataFrame, sites: DataFrame, apart: Distances) -> dict[str, tuple[float, str]]:
    found = {}
    for row, key in enumerate(rows["key"]):
        if np.isfinite(apart[row]).any():
            site = int(np.nanargmin(apart[row]))
            found[key] = (float(apart[row, site]), str(sites["id"][site]))
    return found


def stranger(
    key: str, matched: Matched, territory: Territory, *, said: str, nowhere: str, values: Mapping[str, Any]
) -> Doubt:
    """Return the doubt of an official row that no site of ours stands for, with the nearest site where it has a point.

    `said` and `nowhere` are keys of its words, with and without a nearest site; `values` fill them.
    """
    if key not in matched.nearest:
        return Doubt(TABLE, "", key, both(nowhere, **values))
    distance, nearest = matched.nearest[key]
    called = territory.sites.set_index("id")["name"]
    near = {"site": str(called[nearest]), "distance": metres_said(distance)}
    return Doubt(TABLE, "", key, both(said, **values, **near), distance)


def metres_said(distance_m: float) -> Callable[[Language], str]:
    """Return how a distance is written: metres below one kilometre, else kilometres with one decimal."""
    if distance_m < 999.5:
        return lambda language: f"{numbers.number(round(distance_m, -1), language)}\u00a0m"
    return lambda language: f"{numbers.number(distance_m / 1e3, language, decimals=1)}\u00a0km"


def listed(said: Iterable[str]) -> Callable[[Language], str]:
    """Return how many names are written in a note: the first dozen, and how many more there are."""
    every = sorted(said)
    first, more = ", ".join(every[:SHOWN]), len(every) - SHOWN
    if more <= 0:
        return lambda _: first
    return lambda language: text("matching.more", language, names=first, n=numbers.number(more, language))


def _known(distance_m: float) -> float | None:
    return float(distance_m) if np.isfinite(distance_m) else None


def _by_number(rows: DataFrame, sites: DataFrame, apart: Distances) -> tuple[list[Pair], list[Doubt], set[str]]:
    """Pair rows and sites that carry the same number; a number given twice or a place that contradicts is a doubt."""
    carried, place = site_numbers(sites), {site: at for at, site in enumerate(sites["id"])}
    wanted = rows[rows["number"].isin(list(carried))]
    claims: dict[str, int] = {}
    for said in wanted["number"]:
        for site in carried[said]:
            claims[site] = claims.get(site, 0) + 1
    pairs, doubts, doubted = [], [], set()
    for at, row in wanted.iterrows():
        ids = carried[row["number"]]
        for site in ids:
            mine = sites.loc[place[site]]
            distance = float(apart[rows.index.get_loc(at), place[site]])
            near = np.isfinite(distance) and distance <= NEAR_M
            reason = ""
            if len(ids) > 1 or claims[site] > 1:
                reason = "matching.number_twice"
            elif row["insee"] != mine["insee"] and not near:
                reason = "matching.number_elsewhere"
            if not reason:
                pairs.append(Pair(str(row["key"]), site, "number", _known(distance)))
                continue
            said = both(
                reason,
                official=row["name"] or row["key"],
                site=mine["name"],
                number=row["key"],
                distance=_far(distance),
            )
            doubts.append(Doubt(TABLE, site, str(row["key"]), said, _known(distance)))
            doubted.add(str(row["key"]))
    return pairs, doubts, doubted


def _far(distance_m: float) -> Callable[[Language], str]:
    """Write a distance, or that there is none."""
    return metres_said(distance_m) if np.isfinite(distance_m) else partial(text, "matching.nowhere")


def _candidates(rows: DataFrame, sites: DataFrame, apart: Distances, *, places: re.Pattern[str]) -> list[_Candidate]:
    """Return every pair whose names are alike and whose places allow it."""
    official = [names.core(name, places) if name else "" for name in rows["name"]]
    ours = [
        sorted({names.core(said, places) for said in (name, operator) if said})
        for name, operator in zip(sites["name"], sites["operator"], strict=True)
    ]
    one_commune = rows["insee"].to_numpy()[:, None] == sites["insee"].to_numpy()[None, :]
    # Without a point, or with one that is a guess of ours, the commune has to do.
    blind = ~np.isfinite(apart) | sites["position_precision"].isin(VAGUE).to_numpy()[None, :]
    found = []
    for row, site in zip(*np.nonzero((apart <= NEAR_M) | (blind & one_commune)), strict=True):
        if len(official[row]) < LETTERS:
            continue
        alike = max((_likeness(official[row], mine) for mine in ours[site]), default=(0.0, False))
        if alike[0] >= ALIKE:
            found.append(_Candidate(int(row), int(site), *alike, float(apart[row, site])))
    return found


def _likeness(official: str, ours: str) -> tuple[float, bool]:
    """Return how much two cores have in common (0 to 100), and whether they are the same name."""
    if len(ours) < LETTERS:
        return 0.0, False
    return fuzz.token_set_ratio(official, ours), fuzz.token_sort_ratio(official, ours) >= SAME


def _chosen(
    candidates: list[_Candidate], rows: DataFrame, sites: DataFrame
) -> Iterable[tuple[_Candidate, list[_Reason]]]:
    """Give each row and each site its best candidate alone, with what speaks against it: nothing when it is certain."""
    row_of, site_of = Counter(one.row for one in candidates), Counter(one.site for one in candidates)
    rows_gone, sites_gone = set(), set()
    for one in sorted(candidates, key=lambda c: (not c.same, -c.likeness, not np.isfinite(c.distance_m), c.distance_m)):
        if one.row in rows_gone or one.site in sites_gone:
            continue
        rows_gone.add(one.row)
        sites_gone.add(one.site)
        rivals = max(row_of[one.row], site_of[one.site]) - 1
        yield one, _reasons(one, rows.iloc[one.row], sites.iloc[one.site], rivals=rivals)


def _reasons(one: _Candidate, row: pd.Series[str], site: pd.Series[str], *, rivals: int) -> list[_Reason]:
    """Return everything that keeps a pair of the same or like names from being certain."""
    reasons: list[_Reason] = []
    if not one.same:
        likeness = round(one.likeness)
        reasons.append(lambda language: text("matching.names_alike", language, n=likeness))
    if not np.isfinite(one.distance_m):
        reasons.append(lambda language: text("matching.no_point", language))
    elif site["position_precision"] in VAGUE:
        reasons.append(lambda language: text("matching.vague", language))
    elif one.distance_m > SURE_M:
        far = metres_said(one.distance_m)
        reasons.append(lambda language: text("matching.apart", language, distance=far(language)))
    if row["insee"] != site["insee"]:
        reasons.append(lambda language: text("matching.other_commune", language))
    carried = site.get("icpe_id", "") or site.get("irep_id", "")
    if carried:
        reasons.append(lambda language: text("matching.other_number", language, number=carried))
    if rivals:
        reasons.append(lambda language: text("matching.rivals", language))
    return reasons


def _listed(language: Language, *, reasons: list[_Reason]) -> str:
    return ", ".join(reason(language) for reason in reasons)
