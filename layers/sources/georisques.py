"""Géorisques: the classified installations of France, with their Seveso regime, by département.

API v1 of georisques.gouv.fr (no key, 1000 requests a minute), Licence Ouverte 2.0. Rows without a SIRET may be natural
persons (farms, sole traders): they serve to look up a number of ours, and their names never leave the raw answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from pandas import DataFrame

from layers import numbers
from layers.sources import AnswerError, fields, matching, place
from layers.sources.connector import Client, Connector, Contribution, Doubt, Fetched, Received, Smoke, Territory, Told
from layers.text import both, text
from layers.view import Language

ID = "georisques"
SOURCE = "georisques-icpe"
SERVICE = "Géorisques ICPE"
URL = "https://georisques.gouv.fr/api/v1/installations_classees"
PAGE_SIZE = 1000
# Far more than a département holds, should a page be of a hundred rows.
MOST_PAGES = 400

EXPECTED = {
    "codeAIOT": "text",
    "raisonSociale": "text?",
    "codeInsee": "text?",
    "commune": "text?",
    "siret": "text?",
    "longitude": "number?",
    "latitude": "number?",
    "statutSeveso": "text?",
    "date_maj": "text?",
}
# Given as well, and not used: no news.
KNOWN = frozenset({
    "adresse1", "adresse2", "adresse3", "codePostal", "codeNaf", "bovins", "porcs", "volailles", "carriere",
    "eolienne", "industrie", "prioriteNationale", "ied", "etatActivite", "coordonneeXAIOT", "coordonneeYAIOT",
    "systemeCoordonneesAIOT", "serviceAIOT", "regime", "inspections", "documentsHorsInspection", "rubriques",
})  # fmt: skip

# An official point replaces an estimated one this near; farther off a person looks first.
MOVED_M = 2_000.0

_NUMBER = re.compile(r"\d{10}")
# Older releases write the short forms.
_SHORT = {"sh": "upper", "sb": "lower", "ns": "none"}


def fetch(client: Client, folder: Path, territory: Territory, told: Told) -> Fetched:
    """Leave every page of every département of the territory in the folder, `icpe-<département>-<page>.json`.

    Raises UnreachableError, AnswerError for pages that do not add up or rows that lack a field.
    """
    received: list[Received] = []
    rows, newest = 0, ""
    for done, department in enumerate(territory.departments):
        told(f"{SERVICE} {department}", done, len(territory.departments))
        came, said, page, pages = 0, -1, 1, 1
        while page <= pages:
            into = folder / f"icpe-{department}-{page:03d}.json"
            params = {"departement": department, "page": page, "page_size": PAGE_SIZE}
            received.append(client.get(URL, into, params=params))
            answer = fields.read_json(into, SERVICE)
            found = fields.listed(answer, "data", SERVICE)
            fields.require(found, EXPECTED, SERVICE)
            count, pages = _envelope(answer)
            if count != (said if page > 1 else count):
                raise AnswerError(both("georisques.moved", department=department))
            came, said, page = came + len(found), count, page + 1
            newest = max([newest, *(_date(row) for row in found)])
        fields.complete(f"{SERVICE} {department}", came=came, said=said)
        if not came:
            raise AnswerError(both("georisques.none", department=department))
        rows += came
    return Fetched(tuple(received), rows, newest)


def _envelope(answer: Any) -> tuple[int, int]:
    """Return how many rows and pages there are in all. Raises AnswerError when the answer does not say."""
    counts = [{name: answer.get(name) for name in ("results", "total_pages")}]
    fields.require(counts, {"results": "integer", "total_pages": "integer"}, SERVICE)
    count, pages = int(counts[0]["results"]), int(counts[0]["total_pages"])
    if pages > MOST_PAGES:
        raise AnswerError(both("georisques.pages", n=partial(numbers.number, pages)))
    return count, pages


def normalise(folder: Path, fetched: Fetched, territory: Territory) -> Contribution:
    """Say what the establishments mean for the table of industry: number, Seveso regime, position.

    Raises AnswerError for a renamed, missing or retyped field, and when no point lies in the metropolis.
    """
    notes: list[Mapping[Language, str]] = []
    rows = read(folder, fetched, territory, notes=notes)
    matched = matching.match(rows, territory)
    by_key = rows.set_index("key")
    doubts = [*matched.doubts]
    cells = []
    sites = territory.sites.set_index("id")
    for pair in matched.pairs:
        row, site = by_key.loc[pair.key], sites.loc[pair.site]
        moved, doubt = _position(pair, row, site)
        doubts += [doubt] if doubt else []
        cells.append({"id": pair.site, "icpe_id": pair.key, **_regime(row), **moved})
    doubts += _candidates(rows, matched, territory)
    notes += _counted(rows, matched, territory)
    newest = fetched.vintage
    said = both("georisques.vintage", date=partial(numbers.date, newest)) if newest else both("georisques.no_date")
    columns = ["id", "icpe_id", "seveso", "seveso_source", *POSITION]
    table = DataFrame(cells, columns=columns, dtype="str").fillna("").sort_values("id", ignore_index=True)
    return Contribution(cells={"industry": table}, doubts=tuple(doubts), notes=tuple(notes), vintages={SOURCE: said})


POSITION = ("lon", "lat", "position_precision", "position_confidence", "position_source")


def read(folder: Path, fetched: Fetched, territory: Territory, *, notes: list[Mapping[Language, str]]) -> DataFrame:
    """Return the establishments, one row each: the columns of matching, and seveso, updated, point, inside.

    `point` is the commune of the metropolis the point lies in (empty outside, None without a point). A name is only
    kept where there is a SIRET. Raises AnswerError.
    """
    kept = DataFrame(_rows(folder, fetched, notes=notes))
    whole = len(kept)
    kept = kept.drop_duplicates()
    if whole > len(kept):
        notes.append(both("fields.twice", subject=SERVICE, n=partial(numbers.number, whole - len(kept))))
    split = kept["key"].duplicated(keep=False) | ~kept["key"].str.fullmatch(_NUMBER)
    if split.any():
        notes.append(both("georisques.split", n=partial(numbers.number, kept.loc[split, "key"].nunique())))
    kept = kept[~split].sort_values("key", ignore_index=True)
    kept["point"] = place.located(kept["lon"].to_numpy(), kept["lat"].to_numpy(), territory, subject=SERVICE)
    kept["insee"] = kept["insee"].where(kept["insee"] != "", kept["point"].fillna(""))
    ours = set(territory.communes["code"])
    kept["inside"] = [
        bool(point) if point is not None else code in ours
        for point, code in zip(kept["point"], kept["insee"], strict=True)
    ]
    carried = matching.site_numbers(territory.sites)
    # Of all others only what lies in the metropolis is looked at, wherever its number points to.
    return kept[kept["inside"] | kept["number"].isin(list(carried))].reset_index(drop=True)


def _rows(folder: Path, fetched: Fetched, *, notes: list[Mapping[Language, str]]) -> Iterator[dict[str, Any]]:
    """Give the few fields that are used of every row, page by page; a new field is noted once."""
    new: dict[str, Mapping[Language, str]] = {}
    strange: set[str] = set()
    for one in fetched.received:
        found = fields.listed(fields.read_json(folder / one.file, SERVICE), "data", SERVICE)
        told = [{name: value for name, value in row.items() if name not in KNOWN} for row in found]
        for note in fields.require(told, EXPECTED, SERVICE):
            new[note["en"]] = note
        for row in found:
            regime = seveso(row.get("statutSeveso"))
            if regime is None:
                strange.add(str(row["statutSeveso"])[:60])
            company = bool((row.get("siret") or "").strip())
            yield {
                "key": row["codeAIOT"].strip(),
                "number": matching.number(row["codeAIOT"]),
                "name": (row.get("raisonSociale") or "").strip() if company else "",
                "insee": place.commune(row.get("codeInsee")),
                "lon": _degrees(row.get("longitude")),
                "lat": _degrees(row.get("latitude")),
                "seveso": regime or "",
                "updated": _date(row),
            }
    notes += list(new.values())
    if strange:
        notes.append(both("georisques.strange", words=", ".join(sorted(strange)[:5])))


def seveso(said: str | None) -> str | None:
    """Return upper, lower or none; empty when the register says nothing, None when it says something unknown."""
    words = " ".join((said or "").lower().split())
    if not words:
        return ""
    if words in _SHORT:
        return _SHORT[words]
    for sign, regime in (("non seveso", "none"), ("seuil haut", "upper"), ("seuil bas", "lower")):
        if sign in words:
            return regime
    return None


def _degrees(value: float | None) -> float:
    # 0, 0 stands for no point in several registers.
    return float(value) if value else float("nan")


def _date(row: Mapping[str, Any]) -> str:
    """Return the day a row was last changed, ISO 8601; empty when it does not say one."""
    try:
        return date.fromisoformat(str(row.get("date_maj") or "")[:10]).isoformat()
    except ValueError:
        return ""


def _regime(row: Any) -> dict[str, str]:
    """Return the Seveso regime with where it is said: nothing where the register says nothing, which is not none."""
    if not row["seveso"]:
        return {"seveso": "", "seveso_source": ""}
    when = f", {row['updated']}" if row["updated"] else ""
    return {"seveso": row["seveso"], "seveso_source": f"Géorisques, ICPE {row.name}{when}"}


def _position(pair: matching.Pair, row: Any, site: Any) -> tuple[dict[str, str], Doubt | None]:
    """Return the official position where ours is a guess and nothing speaks against it, or what does."""
    if pair.distance_m is None or pair.how != "number":
        return {}, None
    vague = site["position_precision"] in matching.VAGUE
    wrong, far = row["point"] != site["insee"], pair.distance_m > (MOVED_M if vague else matching.NEAR_M)
    if vague and not wrong and not far:
        where = {"lon": f"{row['lon']:.6f}", "lat": f"{row['lat']:.6f}"}
        return {
            **where, "position_precision": "site", "position_confidence": "medium", "position_source": SOURCE,
        }, None  # fmt: skip
    if far or (vague and wrong):
        key = "georisques.point_elsewhere" if wrong else "georisques.point_far"
        said = both(key, site=site["name"], number=pair.key, distance=matching.metres_said(pair.distance_m))
        return {}, Doubt(matching.TABLE, pair.site, pair.key, said, pair.distance_m)
    return {}, None


def _candidates(rows: DataFrame, matched: matching.Matched, territory: Territory) -> list[Doubt]:
    """Return a doubt for each Seveso establishment of the metropolis that no site of ours stands for."""
    known = set(matched.sites) | matched.doubted
    communes = dict(zip(territory.communes["code"], territory.communes["name"], strict=True))
    classed = rows["seveso"].isin(["upper", "lower"]) & rows["inside"] & (rows["name"] != "")
    doubts = []
    for row in rows[classed & ~rows["key"].isin(list(known))].to_dict("records"):
        key, where = str(row["key"]), communes.get(row["point"] or row["insee"], "")
        regime = partial(_regime_said, upper=row["seveso"] == "upper")
        values: dict[str, Any] = {"official": row["name"], "number": key, "commune": where, "regime": regime}
        said, nowhere = "georisques.candidate", "georisques.candidate_nowhere"
        doubts.append(matching.stranger(key, matched, territory, said=said, nowhere=nowhere, values=values))
    return doubts


def _regime_said(language: Language, *, upper: bool) -> str:
    return text("georisques.upper", language) if upper else text("georisques.lower", language)


def _counted(rows: DataFrame, matched: matching.Matched, territory: Territory) -> list[Mapping[Language, str]]:
    """Say how many establishments there are, and what of them could not be used."""
    inside = rows[rows["inside"]]
    counts = {"n": len(inside), "seveso": int(inside["seveso"].isin(["upper", "lower"]).sum())}
    counts |= {"sites": len(set(matched.sites.values())), "silent": int((inside["seveso"] == "").sum())}
    said = {name: partial(numbers.number, count) for name, count in counts.items()}
    notes: list[Mapping[Language, str]] = [both("georisques.counted", **said)]
    unnamed = inside["seveso"].isin(["upper", "lower"]) & (inside["name"] == "") & ~inside["key"].isin(matched.sites)
    if unnamed.any():
        notes.append(both("georisques.unnamed", n=partial(numbers.number, int(unnamed.sum()))))
    communes = set(territory.communes["code"])
    astray = (rows["point"] == "") & rows["insee"].isin(communes)
    if astray.any():
        notes.append(both("georisques.astray", n=partial(numbers.number, int(astray.sum()))))
    found = set(rows["number"])
    carried = matching.site_numbers(territory.sites)
    called = dict(zip(territory.sites["id"], territory.sites["name"], strict=True))
    lost = {called[site] for said, ids in carried.items() if said not in found for site in ids}
    if lost:
        notes.append(both("georisques.lost", sites=matching.listed(lost)))
    return notes


CONNECTOR = Connector(
    id=ID,
    tables=("industry",),
    sources=(SOURCE,),
    # 1000 requests a minute are allowed.
    hosts={"georisques.gouv.fr": 0.2},
    fetch=fetch,
    normalise=normalise,
    smoke=(Smoke(f"{URL}?departement=13&page=1&page_size=1", both("georisques.smoke")),),
)
