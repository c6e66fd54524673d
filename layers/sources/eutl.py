"""EU ETS: verified emissions of the French installations in the Union Registry, year by year.

Two daily extracts of the European Commission (gzip, comma, no coordinates), CC BY 4.0. An installation's number is only
unique within its registry; -1 says that there is no figure. Tonnes of CO2 equivalent, verified.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from pandas import DataFrame

from layers import numbers
from layers.sources import AnswerError, fields, matching, names
from layers.sources.connector import Client, Connector, Contribution, Doubt, Fetched, Smoke, Territory, Told
from layers.sources.lines import bounded
from layers.text import both
from layers.view import Language

ID = "eutl"
SOURCE = "eutl-registry"
SERVICE = "EU ETS"
REGISTRY = "FR"
_EXTRACTS = "https://dlsclimabi.blob.core.windows.net/public-data/eutlpublic/extracts/_all_extracts"
URLS = {
    "operators": f"{_EXTRACTS}/operator/operators_daily.csv.gz",
    "yearly": f"{_EXTRACTS}/operators_yearly_activity/operators_yearly_activity_daily.csv.gz",
}
GZIPS = ("application/gzip", "application/x-gzip", "application/octet-stream", "text/csv", "binary/octet-stream")
# Packed they are 2 and 5 MB; unpacked, some 120 MB.
MOST_BYTES, MOST_UNPACKED = 500_000_000, 2_000_000_000
CHECKED_ROWS = 20_000
# Rows of another length than the head: more than this share is another format.
RAGGED = 0.01

OPERATORS = {
    "REGISTRY_CODE": "text",
    "INSTALLATION_IDENTIFIER": "integer",
    "INSTALLATION_NAME": "text?",
    "ACTIVITY_TYPE_CODE": "text?",
    "PERMIT_REVOCATION_DATE": "text?",
    "CITY": "text?",
    "POSTAL_CODE": "text?",
    "YEAR_OF_FIRST_EMISSIONS": "number?",
    "YEAR_OF_LAST_EMISSIONS": "number?",
    "SNAPSHOT_DATE": "text?",
}
YEARLY = {
    "REGISTRY_CODE": "text",
    "INSTALLATION_IDENTIFIER": "integer",
    "PERIOD_YEAR": "integer",
    "VERIFIED_EMISSIONS": "number?",
}
TABLES = {"operators": OPERATORS, "yearly": YEARLY}

# Aircraft operators, then ships and sellers of fuel: none of them is a place.
_MOVING = frozenset({"10", *(str(code) for code in range(50, 90))})


@dataclass(slots=True)
class Account:
    """One French installation: what it is called, where, when it is in the scheme, and its figures by year (tonnes)."""

    number: str
    name: str = ""
    activity: str = ""
    city: str = ""
    postal: str = ""
    first: int | None = None
    last: int | None = None
    figures: dict[int, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return how our sites name it."""
        return f"{REGISTRY}_{self.number}"

    def counts_in(self, year: int) -> bool:
        """Tell whether the installation was in the scheme that year, so that a figure of it must be there."""
        known = sorted(self.figures)
        first = self.first or (known[0] if known else None)
        last = self.last or 9999
        return first is not None and first <= year <= last


def fetch(client: Client, folder: Path, _: Territory, told: Told) -> Fetched:
    """Leave both extracts in the folder, `<table>.csv.gz`, each read through.

    Raises UnreachableError, AnswerError for an extract that is cut, is no gzip or lacks a column.
    """
    received, rows, newest = [], 0, ""
    for done, (table, url) in enumerate(URLS.items()):
        told(f"{SERVICE} {table}", done, len(URLS))
        into = folder / f"{table}.csv.gz"
        received.append(client.get(url, into, kind=GZIPS, most_bytes=MOST_BYTES))
        count, french = Count(), 0
        for row in read(into, table, count):
            french += 1
            newest = max(newest, _day(row.get("SNAPSHOT_DATE", "")))
        if not french:
            raise AnswerError(both("eutl.no_french", subject=f"{SERVICE} {table}"))
        rows += count.rows
    return Fetched(tuple(received), rows, newest)


@dataclass(slots=True)
class Count:
    """How many rows of all countries an extract holds."""

    rows: int = 0
    ragged: int = 0


def read(path: Path, table: str, count: Count | None = None) -> Iterator[dict[str, str]]:
    """Give the French rows of an extract as text, in the columns expected, checked, without ever holding all of them.

    Raises AnswerError for a broken archive, a missing or renamed column, and cells that are not what they should be.
    """
    subject, expected = f"{SERVICE} {table}", TABLES[table]
    batch: list[dict[str, str]] = []
    try:
        # A few names hold bytes that are no UTF-8: they are seen to be, and stop nothing.
        with closing(io.TextIOWrapper(_opened(path), encoding="utf-8-sig", errors="replace", newline="")) as lines:
            for row in _french(
                bounded(lines, most=MOST_UNPACKED, subject=subject), expected, subject, count or Count()
            ):
                batch.append(row)
                if len(batch) == CHECKED_ROWS:
                    fields.require(DataFrame(batch), expected, subject)
                    yield from batch
                    batch = []
    except (gzip.BadGzipFile, zlib.error) as error:
        raise AnswerError(both("service.no_gzip", service=subject)) from error
    except EOFError as error:
        raise AnswerError(both("eutl.cut", subject=subject)) from error
    except csv.Error as error:
        raise AnswerError(both("fields.broken", subject=subject, reason=f"{error}"[:100])) from error
    if batch:
        fields.require(DataFrame(batch), expected, subject)
        yield from batch


def _opened(path: Path) -> IO[bytes]:
    """Open an extract, packed or already unpacked on its way here."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path)) if packed else path.open("rb")


def _french(lines: Iterator[str], expected: Mapping[str, str], subject: str, count: Count) -> Iterator[dict[str, str]]:
    """Give the French rows, and count all."""
    reader = csv.reader(lines)
    head = [name.strip() for name in next(reader, [])]
    wanted = {name: head.index(name) for name in expected if name in head}
    if len(wanted) < len(expected):
        fields.require(DataFrame(columns=head), expected, subject)
    country, length = wanted["REGISTRY_CODE"], len(head)
    for row in reader:
        if len(row) != length:
            count.ragged += bool(row)
            continue
        count.rows += 1
        if row[country] == REGISTRY:
            yield {name: row[at].replace("\x00", "").strip() for name, at in wanted.items()}
    if count.ragged > RAGGED * max(count.rows, 1) or not count.rows:
        counts = {"n": partial(numbers.number, count.ragged), "rows": partial(numbers.number, count.rows)}
        raise AnswerError(both("irep.ragged", subject=subject, **counts))


def normalise(folder: Path, fetched: Fetched, territory: Territory) -> Contribution:
    """Say what was verified for our sites, year by year (rows of emissions), and which accounts no site stands for.

    Raises AnswerError for a renamed, missing or retyped field.
    """
    accounts, torn = read_accounts(folder)
    rows: list[dict[str, str]] = []
    notes: list[Mapping[Language, str]] = []
    doubts: list[Doubt] = []
    for site in territory.sites.sort_values("id").to_dict("records"):
        held = [said for said in str(site["ets_id"]).split(";") if said]
        lost = [said for said in held if said not in accounts]
        for said in lost:
            told = both("eutl.lost", site=site["name"], account=said)
            doubts.append(Doubt(matching.TABLE, str(site["id"]), said, told))
        if held and not lost:
            own, open_years = sums([accounts[said] for said in held])
            rows += [
                {"site_id": str(site["id"]), "year": str(year), "co2_t": str(tonnes), "source": SOURCE}
                for year, tonnes in own.items()
            ]
            if open_years:
                years = ", ".join(map(str, open_years))
                notes.append(both("eutl.open", site=site["name"], years=years))
    table = DataFrame(rows, columns=["site_id", "year", "co2_t", "source"], dtype="str")
    doubts += _strangers(accounts, territory)
    if torn:
        notes.append(both("eutl.torn", accounts=", ".join(sorted({account for account, _ in torn})[:10])))
    last = max((year for one in accounts.values() for year in one.figures), default=None)
    return Contribution(
        rows={"emissions": table}, doubts=tuple(doubts), notes=tuple(notes), vintages=_vintage(last, fetched.vintage)
    )


def read_accounts(folder: Path) -> tuple[dict[str, Account], set[tuple[str, int]]]:
    """Return the French installations with their figures, by the id our sites use (`FR_628`), and those left out.

    Left out are years (account, year) for which an account has two figures. Raises AnswerError.
    """
    accounts: dict[str, Account] = {}
    for row in read(folder / "operators.csv.gz", "operators"):
        one = Account(
            number=str(int(row["INSTALLATION_IDENTIFIER"])),
            name=row["INSTALLATION_NAME"],
            activity=row["ACTIVITY_TYPE_CODE"].partition("-")[0].strip(),
            city=row["CITY"],
            postal=row["POSTAL_CODE"].replace(" ", ""),
            first=_year(row["YEAR_OF_FIRST_EMISSIONS"]),
            last=_year(row["YEAR_OF_LAST_EMISSIONS"]) or _year(_day(row["PERMIT_REVOCATION_DATE"])[:4]),
        )
        accounts.setdefault(one.id, one)
    torn: set[tuple[str, int]] = set()
    for row in read(folder / "yearly.csv.gz", "yearly"):
        owner = accounts.get(f"{REGISTRY}_{int(row['INSTALLATION_IDENTIFIER'])}")
        tonnes = float((row["VERIFIED_EMISSIONS"] or "-1").replace(",", "."))
        # -1 and nothing both say that there is no figure; 0 is one.
        if owner is None or tonnes < 0:
            continue
        year = int(row["PERIOD_YEAR"])
        if owner.figures.setdefault(year, round(tonnes)) != round(tonnes):
            torn.add((owner.id, year))
    for account, year in torn:
        del accounts[account].figures[year]
    return accounts, torn


def sums(accounts: list[Account]) -> tuple[dict[int, int], list[int]]:
    """Return tonnes by year of a site with these accounts, and the years in which one that counts has no figure.

    Accounts may follow one another: in a year each that is in the scheme must have its figure, else there is no sum.
    """
    years = sorted({year for one in accounts for year in one.figures})
    found: dict[int, int] = {}
    open_years = []
    for year in years:
        figures = [one.figures.get(year) for one in accounts if year in one.figures or one.counts_in(year)]
        if None in figures:
            open_years.append(year)
        else:
            found[year] = sum(figure for figure in figures if figure is not None)
    return found, open_years


def _strangers(accounts: Mapping[str, Account], territory: Territory) -> list[Doubt]:
    """Return a doubt for each installation of the metropolis that no site of ours stands for, the newest figures first.

    There are no coordinates: it lies in the metropolis when its postal code is of one of its départements and its city
    is one of its communes, or when an account of a site of ours has the same postal code (Lavéra is no commune).
    """
    ours = {said for ids in territory.sites["ets_id"] for said in ids.split(";") if said}
    towns = {names.town(name): name for name in territory.communes["name"]}
    shared = {accounts[said].postal for said in ours if said in accounts} - {""}
    doubts: list[tuple[int, int, Doubt]] = []
    for said, one in accounts.items():
        if said in ours or one.activity in _MOVING or one.postal[:2] not in territory.departments:
            continue
        if names.town(one.city) in towns or one.postal in shared:
            last = max(one.figures, default=None)
            where = towns.get(names.town(one.city), one.city.title())
            values: dict[str, Any] = {"official": one.name, "account": said, "commune": where}
            if last is None:
                doubts.append((0, 0, Doubt(matching.TABLE, "", said, both("eutl.stranger_silent", **values))))
                continue
            values |= {"year": str(last), "co2": partial(numbers.co2, one.figures[last])}
            doubts.append((last, one.figures[last], Doubt(matching.TABLE, "", said, both("eutl.stranger", **values))))
    return [doubt for _, _, doubt in sorted(doubts, key=lambda one: (-one[0], -one[1], one[2].official))]


def _vintage(last: int | None, day: str) -> Mapping[str, Mapping[Language, str]]:
    """Say up to which year there are figures, and of which day the extract is."""
    if last is None:
        return {}
    if not day:
        return {SOURCE: both("eutl.vintage_year", year=str(last))}
    return {SOURCE: both("eutl.vintage", year=str(last), date=partial(numbers.date, day))}


def _year(said: str) -> int | None:
    year = int(float(said.replace(",", "."))) if said else 0
    return year if year > 0 else None


def _day(said: str) -> str:
    """Return a day as ISO 8601 writes it, empty when it is none."""
    try:
        return date.fromisoformat(said[:10]).isoformat()
    except ValueError:
        return ""


CONNECTOR = Connector(
    id=ID,
    tables=("emissions",),
    sources=(SOURCE,),
    hosts={"dlsclimabi.blob.core.windows.net": 1.0},
    fetch=fetch,
    normalise=normalise,
    smoke=(Smoke(URLS["operators"], both("eutl.smoke"), "HEAD"), Smoke(URLS["yearly"], both("eutl.smoke"), "HEAD")),
)
