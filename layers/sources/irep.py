"""IREP: what establishments declare to release, of which the map takes the carbon dioxide, by year.

Yearly archives of files.georisques.fr named by a catalogue, Licence Ouverte 2.0. `< seuil` says that less than the
threshold of declaration (10 kt of CO2 a year) was released: no figure, and not zero either. Quantities are kilograms a
year; the table holds tonnes, the total with its part from biomass, as the rows kept by hand do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
from pandas import DataFrame

from layers import numbers
from layers.sources import AnswerError, fields, irep_files, matching, names, place
from layers.sources.connector import Client, Connector, Contribution, Doubt, Fetched, Smoke, Territory, Told
from layers.text import both
from layers.view import Language

ID = "irep"
SOURCE = "irep-georisques"
SERVICE = "IREP"
CATALOGUE = "https://georisques.gouv.fr/webappReport/ws/telechargement/irep"
# So many of the newest years are read: older ones no longer change.
YEARS = 5
MOST_BYTES = 200_000_000
ZIPS = ("application/zip", "application/x-zip-compressed", "application/octet-stream")

# The three accounts of CO2, as they are written since 2018 or so, and before. Nothing else is CO2: a search for
# "carbone" finds the monoxide as well.
TOTAL, BIOMASS, FOSSIL = "total", "biomass", "fossil"
LABELS = {
    "Dioxyde de carbone (CO2) total (d'origine biomasse et non biomasse)": TOTAL,
    "CO2 Total (CO2 d'origine biomasse et non biomasse)": TOTAL,
    "Dioxyde de carbone (CO2) d'origine biomasse": BIOMASS,
    "CO2 Total d'origine biomasse uniquement": BIOMASS,
    "Dioxyde de carbone (CO2) d'origine non biomasse": FOSSIL,
    "CO2 Total d'origine non biomasse uniquement": FOSSIL,
}
_LABELS = {names.plain(label): account for label, account in LABELS.items()}


@dataclass(frozen=True, slots=True)
class Release:
    """What one establishment declares of one account in one year: kilograms, or that it is below the threshold."""

    number: str
    year: int
    account: str
    kg: float | None
    below_threshold: bool


@dataclass(slots=True)
class _Read:
    """What the archives hold that matters: establishments by number, their releases of CO2, what was odd."""

    establishments: dict[str, dict[str, Any]] = field(default_factory=dict)
    releases: dict[tuple[str, int, str], Release] = field(default_factory=dict)
    # Numbers of which an account says two things for one year.
    torn: set[tuple[str, int]] = field(default_factory=set)
    strange: set[str] = field(default_factory=set)


def fetch(client: Client, folder: Path, _: Territory, told: Told) -> Fetched:
    """Leave the catalogue and the archives of the newest years in the folder, `irep-<year>.zip`, each read through.

    Raises UnreachableError, AnswerError for a catalogue or an archive that is not as described.
    """
    told(SERVICE, 0, YEARS + 1)
    received = [client.get(CATALOGUE, folder / "catalogue.json")]
    links = newest(fields.read_json(folder / "catalogue.json", SERVICE))
    rows = 0
    for done, (year, link) in enumerate(links.items(), start=1):
        told(f"{SERVICE} {year}", done, len(links) + 1)
        into = folder / f"irep-{year}.zip"
        received.append(client.get(link, into, kind=ZIPS, most_bytes=MOST_BYTES))
        for name, expected in (("etablissements", irep_files.ESTABLISHMENTS), ("emissions", irep_files.EMISSIONS)):
            rows += sum(len(chunk) for chunk in irep_files.table(into, name, expected))
    return Fetched(tuple(received), rows, str(max(links)))


def newest(catalogue: Any) -> dict[int, str]:
    """Return the addresses of the newest years that the catalogue names, the newest first.

    Raises AnswerError when it names none, or one that is not Géorisques' own.
    """
    years = catalogue.get("annuel") if isinstance(catalogue, dict) else None
    if not isinstance(years, dict):
        raise AnswerError(both("irep.catalogue", subject=CATALOGUE))
    named = {
        int(year): str(said["lien"])
        for year, said in years.items()
        if str(year).isdecimal() and isinstance(said, dict) and said.get("lien")
    }
    if not named:
        raise AnswerError(both("irep.catalogue", subject=CATALOGUE))
    links = {year: named[year] for year in sorted(named, reverse=True)[:YEARS]}
    for link in links.values():
        try:
            url = httpx.URL(link)
        except httpx.InvalidURL:
            url = httpx.URL()
        if url.scheme != "https" or not f".{url.host}".endswith((".georisques.fr", ".georisques.gouv.fr")):
            raise AnswerError(both("irep.link", link=link[:120]))
    return links


def normalise(folder: Path, fetched: Fetched, territory: Territory) -> Contribution:
    """Say what was declared by the establishments that are sites of ours, year by year: rows of the table irep.

    Raises AnswerError for a renamed, missing or retyped field, a year without CO2, and when no point lies in the
    metropolis.
    """
    years = sorted(int(one.file[5:9]) for one in fetched.received if one.file.startswith("irep-"))
    found = _Read()
    # The newest last: what an establishment is called is what it is called now.
    for year in years:
        _read(folder / f"irep-{year}.zip", year, territory, found)
    official = DataFrame(found.establishments.values(), columns=[*matching.COLUMNS, "inside"])
    matched = matching.match(official, territory)
    rows, notes = _rows(found, matched, territory)
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[-1])
    doubts = (*matched.doubts, *_candidates(found, matched, territory))
    if found.strange:
        notes.append(both("irep.strange", labels=", ".join(sorted(found.strange)[:5])))
    return Contribution(
        rows={"irep": rows}, doubts=doubts, notes=tuple(notes), vintages={SOURCE: both("irep.vintage", years=span)}
    )


def _read(path: Path, year: int, territory: Territory, found: _Read) -> None:
    """Read one archive: the establishments of the metropolis, or that carry a number of ours, and their CO2."""
    carried = matching.site_numbers(territory.sites)
    listed = _placed(pd.concat(irep_files.table(path, "etablissements", irep_files.ESTABLISHMENTS)), territory, year)
    if not listed["inside"].any():
        raise AnswerError(both("fields.none", subject=f"IREP {year}"))
    kept = listed[listed["inside"] | listed["number"].isin(list(carried))]
    found.establishments |= {row["number"]: row for row in kept.to_dict("records")}
    counted = 0
    for chunk in irep_files.table(path, "emissions", irep_files.EMISSIONS):
        counted += _releases(chunk, year, set(kept["number"]), found)
    if not counted:
        raise AnswerError(both("irep.no_co2", year=str(year), label=next(iter(LABELS))))


def _placed(listed: DataFrame, territory: Territory, year: int) -> DataFrame:
    """Return establishments as matching reads them, and whether they lie in the metropolis: by point, else by code."""
    listed = listed.reset_index(drop=True)
    points = irep_files.points(listed)
    east, north = points["lon"].to_numpy(), points["lat"].to_numpy()
    lies = place.located(east, north, territory, subject=f"IREP {year}")
    insee = listed["code_insee"].map(place.commune)
    ours = set(territory.communes["code"])
    inside = [bool(point) if point is not None else code in ours for point, code in zip(lies, insee, strict=True)]
    return DataFrame(
        {
            "key": listed["identifiant"],
            "number": listed["identifiant"].map(matching.number),
            # Without a SIRET it may be a natural person: the name stays in the archive.
            "name": listed["nom_etablissement"].where(listed["numero_siret"] != "", ""),
            "insee": [code or point or "" for code, point in zip(insee, lies, strict=True)],
            "lon": east,
            "lat": north,
            "inside": inside,
        }
    )


def _releases(chunk: DataFrame, year: int, kept: set[str], found: _Read) -> int:
    """Take the releases of CO2 to the air of the establishments kept; return how many rows of CO2 there are in all."""
    carbon = chunk[chunk["polluant"].str.contains("CO2", regex=False)]
    known = {label: _LABELS.get(names.plain(label)) for label in carbon["polluant"].unique()}
    accounts = carbon["polluant"].map(known)
    found.strange.update(carbon.loc[accounts.isna(), "polluant"].unique()[:5])
    carried = carbon["identifiant"].map(matching.number)
    ours = accounts.notna() & (carbon["milieu"].str.lower() == "air") & carried.isin(list(kept))
    for row in carbon[ours].assign(account=accounts[ours], number=carried[ours]).to_dict("records"):
        number = row["number"]
        if int(row["annee_emission"]) != year:
            raise AnswerError(both("irep.year", year=str(year), came=row["annee_emission"]))
        one = Release(number, year, row["account"], *_declared(row))
        if found.releases.setdefault((number, year, one.account), one) != one:
            found.torn.add((number, year))
    return int(accounts.notna().sum())


def _declared(row: Mapping[Any, Any]) -> tuple[float | None, bool]:
    """Return kilograms, and whether they are below the threshold. Raises AnswerError for what is no quantity."""
    try:
        value, below = irep_files.quantity(row["quantite"])
        factor = irep_files.kilograms(row["unite"]) if value is not None else 1.0
    except (ValueError, KeyError) as error:
        came = f"{row['quantite']} {row['unite']}"[:40]
        raise AnswerError(both("irep.quantity", number=row["identifiant"], came=came)) from error
    return (None if value is None else value * factor), below


def _rows(
    found: _Read, matched: matching.Matched, territory: Territory
) -> tuple[DataFrame, list[Mapping[Language, str]]]:
    """Return the rows of our table, and notes on what has no row: below the threshold, torn, or verified elsewhere."""
    number_of = {row["key"]: number for number, row in found.establishments.items()}
    called = dict(zip(territory.sites["id"], territory.sites["name"], strict=True))
    rows: list[dict[str, str]] = []
    below: dict[int, list[str]] = {}
    torn: set[str] = set()
    verified: set[str] = set()
    last = _verified(territory)
    for pair in sorted(matched.pairs, key=lambda pair: pair.site):
        number = number_of[pair.key]
        for year in sorted({year for other, year, _ in found.releases if other == number}):
            total, biogenic = (found.releases.get((number, year, account)) for account in (TOTAL, BIOMASS))
            if (number, year) in found.torn:
                torn.add(called[pair.site])
            elif total is None:
                continue
            elif year <= last.get(pair.site, 0):
                verified.add(pair.site)
            elif total.below_threshold:
                below.setdefault(year, []).append(called[pair.site])
            elif total.kg is not None:
                rows.append({"site_id": pair.site, "year": str(year), **_tonnes(total.kg, biogenic), "source": SOURCE})
    notes: list[Mapping[Language, str]] = [
        both("irep.below", year=str(year), sites=matching.listed(sites))
        for year, sites in sorted(below.items(), reverse=True)
    ]
    notes += [both("irep.torn", sites=matching.listed(torn))] if torn else []
    notes += [both("irep.verified", n=partial(numbers.number, len(verified)))] if verified else []
    columns = ["site_id", "year", "co2_t", "co2_biogenic_t", "source"]
    return DataFrame(rows, columns=columns, dtype="str"), notes


def _tonnes(kg: float, biogenic: Release | None) -> dict[str, str]:
    """Return total and part from biomass in tonnes; a part absent, below the threshold or too large is empty."""
    part = None if biogenic is None else biogenic.kg
    stated = part is not None and part <= kg
    return {"co2_t": str(round(kg / 1e3)), "co2_biogenic_t": str(round((part or 0) / 1e3)) if stated else ""}


def _verified(territory: Territory) -> dict[str, int]:
    """Return the last year each site has a verified figure for: that account counts, IREP follows where it ended.

    A site with an EU ETS account is verified to the end of time, unless the kept emissions tell that its account ended
    before the others.
    """
    sites = territory.sites[territory.sites["ets_id"] != ""]
    last = dict.fromkeys(sites["id"], 9999)
    if len(territory.emissions):
        years = territory.emissions["year"].astype(int)
        ended = years.groupby(territory.emissions["site_id"]).max()
        last |= {str(site): int(year) for site, year in ended.items() if year < years.max()}
    return last


def _candidates(found: _Read, matched: matching.Matched, territory: Territory) -> list[Doubt]:
    """Return a doubt for each establishment of the metropolis that declares CO2 and that no site of ours stands for."""
    communes = dict(zip(territory.communes["code"], territory.communes["name"], strict=True))
    totals: dict[str, Release] = {}
    for (number, year, account), one in found.releases.items():
        newer = number not in totals or totals[number].year < year
        if account == TOTAL and one.kg is not None and newer and (number, year) not in found.torn:
            totals[number] = one
    doubts = []
    for number, one in sorted(totals.items(), key=lambda item: -(item[1].kg or 0)):
        row = found.establishments[number]
        key = str(row["key"])
        if not row["inside"] or not row["name"] or key in matched.sites or key in matched.doubted:
            continue
        values: dict[str, Any] = {"official": row["name"], "number": key, "commune": communes.get(row["insee"], "")}
        values |= {"co2": partial(numbers.co2, (one.kg or 0) / 1e3), "year": str(one.year)}
        said, nowhere = "irep.candidate", "irep.candidate_nowhere"
        doubts.append(matching.stranger(key, matched, territory, said=said, nowhere=nowhere, values=values))
    return doubts


CONNECTOR = Connector(
    id=ID,
    tables=("irep",),
    sources=(SOURCE,),
    hosts={"georisques.gouv.fr": 0.2, "files.georisques.fr": 1.0},
    fetch=fetch,
    normalise=normalise,
    smoke=(
        Smoke(CATALOGUE, both("irep.smoke_catalogue")),
        Smoke("https://files.georisques.fr/irep/2024.zip", both("irep.smoke_zip"), "HEAD"),
    ),
)
