"""The yearly archives of IREP: members found by name, read in chunks, whatever their encoding, separator and case.

Up to 2019 names are capitalised and parted by commas, later ones by semicolons; encodings are UTF-8, with or without a
mark, or Windows-1252. Nothing is unpacked to the disk.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from geopandas import GeoSeries, points_from_xy
from pandas import DataFrame
from pyproj.exceptions import CRSError

from geo.crs import WGS84
from layers import numbers
from layers.sources import AnswerError, fields, names
from layers.sources.lines import bounded
from layers.text import both

# A year's largest member unpacks to some 10 MB.
MOST_BYTES = 500_000_000
CHUNK_ROWS = 10_000
# Rows of another length than the head: a stray separator in a name. More than this share is another format.
RAGGED = 0.01

ESTABLISHMENTS = {
    "identifiant": "text",
    "nom_etablissement": "text?",
    "numero_siret": "text?",
    "commune": "text?",
    "code_insee": "text?",
    "coordonnees_x": "any?",
    "coordonnees_y": "any?",
    "code_epsg": "any?",
}
EMISSIONS = {
    "identifiant": "text",
    "annee_emission": "integer",
    "milieu": "text?",
    "polluant": "text?",
    "quantite": "text?",
    "unite": "text?",
}

# Kilograms in a unit.
_UNITS = {"kg": 1.0, "t": 1e3, "g": 1e-3}


def table(path: Path, member: str, expected: Mapping[str, str]) -> Iterator[DataFrame]:
    """Give the rows of a member (`etablissements`, `emissions`) as text, in chunks, with the columns expected.

    Raises AnswerError for a broken archive, a member or column that is not there, and rows that are none.
    """
    subject = f"IREP {path.stem.removeprefix('irep-')} {member}.csv"
    try:
        with zipfile.ZipFile(path) as archive:
            info = _member(archive, member, subject)
            encoding = _encoding(archive, info, subject)
            with closing(io.TextIOWrapper(archive.open(info), encoding=encoding, newline="")) as lines:
                yield from _chunks(bounded(lines, most=MOST_BYTES, subject=subject), expected, subject)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, csv.Error, OSError) as error:
        reason = " ".join(str(error).split())[:100] or type(error).__name__
        raise AnswerError(both("irep.broken", subject=subject, reason=reason)) from error


def _member(archive: zipfile.ZipFile, member: str, subject: str) -> zipfile.ZipInfo:
    """Find a member in whatever folder and case it is."""
    found = [one for one in archive.infolist() if Path(one.filename).name.lower() == f"{member}.csv"]
    if len(found) != 1:
        held = ", ".join(Path(one.filename).name for one in archive.infolist()[:12])
        raise AnswerError(both("irep.no_member", subject=subject, held=held or "–"))
    return found[0]


def _encoding(archive: zipfile.ZipFile, info: zipfile.ZipInfo, subject: str) -> str:
    """Return the encoding that reads the whole member. Reading it to its end also checks its sum and its size."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    size, encoding = 0, "utf-8-sig"
    with archive.open(info) as stream:
        while block := stream.read(1 << 20):
            size += len(block)
            if size > MOST_BYTES:
                raise AnswerError(both("irep.large", subject=subject, most=partial(numbers.number, MOST_BYTES)))
            if encoding == "utf-8-sig":
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    encoding = "cp1252"
    # Five letters of Windows-1252 stand for nothing; Latin-1 reads them.
    return encoding if encoding == "utf-8-sig" or _reads(archive, info, encoding) else "latin-1"


def _reads(archive: zipfile.ZipFile, info: zipfile.ZipInfo, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with archive.open(info) as stream:
        try:
            while block := stream.read(1 << 20):
                decoder.decode(block)
        except UnicodeDecodeError:
            return False
    return True


def _chunks(lines: Iterator[str], expected: Mapping[str, str], subject: str) -> Iterator[DataFrame]:
    """Cut the lines into tables of the columns expected, each checked."""
    first = next(lines, "")
    separator = max(";,\t", key=first.count)
    head = [names.plain(name).lower().replace(" ", "_") for name in next(csv.reader([first], delimiter=separator), [])]
    wanted = [head.index(name) for name in expected if name in head]
    if len(wanted) < len(expected):
        fields.require(DataFrame(columns=head), expected, subject)
    chunk: list[list[str]] = []
    rows = ragged = 0
    for row in csv.reader(lines, delimiter=separator):
        if len(row) != len(head):
            ragged += bool(row)
            continue
        rows += 1
        chunk.append([row[at].strip() for at in wanted])
        if len(chunk) == CHUNK_ROWS:
            yield _checked(chunk, expected, subject)
            chunk = []
    if ragged > RAGGED * max(rows, 1) or not rows:
        counts = {"n": partial(numbers.number, ragged), "rows": partial(numbers.number, rows)}
        raise AnswerError(both("irep.ragged", subject=subject, **counts))
    if chunk:
        yield _checked(chunk, expected, subject)


def _checked(chunk: list[list[str]], expected: Mapping[str, str], subject: str) -> DataFrame:
    frame = DataFrame(chunk, columns=list(expected), dtype="str")
    fields.require(frame, expected, subject)
    return frame


def quantity(said: str) -> tuple[float | None, bool]:
    """Return a declared quantity, and whether it is below the threshold of declaration: that is neither zero nor none.

    Raises ValueError for anything else than a number, `< …` or nothing.
    """
    bare = said.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if not bare:
        return None, False
    if bare.startswith("<"):
        return None, True
    value = float(bare.replace(",", "."))
    if not 0 <= value < float("inf"):
        raise ValueError(said)
    return value, False


def kilograms(unit: str) -> float:
    """Return how many kilograms a unit is, as `kg/an`. Raises KeyError for an unknown one."""
    return _UNITS[unit.lower().replace(" ", "").removesuffix("/an")]


def points(frame: DataFrame) -> DataFrame:
    """Return lon and lat (EPSG:4326, null where none) of establishments, each in the system it names itself."""
    east = pd.to_numeric(frame["coordonnees_x"].str.replace(",", "."), errors="coerce")
    north = pd.to_numeric(frame["coordonnees_y"].str.replace(",", "."), errors="coerce")
    out = DataFrame({"lon": float("nan"), "lat": float("nan")}, index=frame.index, dtype="float64")
    codes = frame["code_epsg"].str.extract(r"(\d{4,6})", expand=False)
    for code, rows in codes.dropna().groupby(codes):
        known = rows.index[(east[rows.index].abs() + north[rows.index].abs() > 0).to_numpy()]
        try:
            moved = GeoSeries(points_from_xy(east[known], north[known]), crs=f"EPSG:{code}").to_crs(WGS84)
        except CRSError:
            continue
        finite = np.isfinite(moved.x.to_numpy()) & np.isfinite(moved.y.to_numpy())
        out.loc[known[finite], "lon"] = moved.x.to_numpy()[finite]
        out.loc[known[finite], "lat"] = moved.y.to_numpy()[finite]
    return out
