"""What travels beside the document: layers over their budget, as files that are fetched when they are shown.

A layer of areas or lines is two files. `<layer>.<digits>.json` has its rows, column by column, with the box around each
shape: all that filters, search, table and cards read. `<layer>.<digits>.pmtiles` has the shapes, generalised for each
zoom, with the number of their row. Both are static, may lie on any host that answers ranges of bytes, and are made once
for a table: they are kept in a folder of the machine, under digits that change with the data.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import gzip
import hashlib
import json
import logging
import os
import re
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo import files, tiles
from geo.errors import FormatError
from layers import budget, catalogue, drape
from layers.sources.contours import FRAME
from layers.web import drapes, figures, payload

log = logging.getLogger(__name__)

CACHE_VARIABLE = "PROVENCE_MAP_CACHE"
# From where the whole frame fits a phone to where a px is less than what shapes are generalised by anyway.
ZOOMS = range(6, 13)
# The form of the files: another one makes new files.
_FORM = 2
ROWS, SHAPES = "json", "pmtiles"
# What map, filters, search, table and tips read of a site, by its name there: its column.
_SITE = {
    **{name: name for name in ("id", "name", "operator", "sector", "family", "insee", "commune", "pole", "status")},
    **{name: name for name in ("status_year", "co2_t", "co2_year", "seveso", "approximate")},
    "precision": "position_precision", "confidence": "position_confidence", "group": "place_group",
}  # fmt: skip
# Long enough for the edition before to be taken up again; names of files that we make, and of their locks.
UNUSED_DAYS = 30
_KEPT = re.compile(r"\.?[a-z_]+\.[0-9a-f]{16}\.(json|pmtiles)(\.lock)?")
# Cards of so many sites come in one answer of some ten kilobytes.
CARDS_EACH = 32


def layers(chosen: Sequence[str]) -> tuple[str, ...]:
    """Give those of some layers that travel beside the document. Raises BudgetError, TableError."""
    return tuple(layer for layer in chosen if layer in budget.GROWING and _over(layer))


def _over(layer: str) -> bool:
    return drapes.over(layer) if drape.drapes(layer) else budget.sites_over()


def kinds(layer: str) -> tuple[str, ...]:
    """Give the kinds of file that a layer has; sites are points, which their rows hold."""
    return (ROWS, SHAPES) if drape.drapes(layer) else (ROWS,)


def name(layer: str, kind: str) -> str:
    """Give the name of a file of a layer: the same for the same data, whether it is made yet or not."""
    sign = f"{_FORM} {catalogue.data_version()} {layer} {drapes.TOLERANCE_M.get(layer)}"
    return f"{layer}.{hashlib.sha256(sign.encode()).hexdigest()[:16]}.{kind}"


def config(chosen: Sequence[str], *, url: str | None) -> dict[str, dict[str, Any]]:
    """Give what the script needs to fetch each of some layers; `url` is the folder of the files, seen from it.

    Without one the rows of sites stand in it, packed (gzip, base64); areas and lines are then inside the document.
    """
    return {layer: _config(layer, url) for layer in chosen}


def _config(layer: str, url: str | None) -> dict[str, Any]:
    count = {"rows": len(catalogue.load(layer))}
    if url is None:
        return {**count, "data": base64.b64encode(packed(layer)).decode()}
    found = {**count, "url": f"{url}{name(layer, ROWS)}"}
    if SHAPES in kinds(layer):
        return {**found, "tiles": f"{url}{name(layer, SHAPES)}", "zooms": [ZOOMS[0], ZOOMS[-1]]}
    return {**found, "cards": f"{url}{name(layer, ROWS).removesuffix('.json')}/", "cards_each": CARDS_EACH}


def folder() -> Path:
    """Return where the files are kept: the folder that PROVENCE_MAP_CACHE names, else the user's own for such files.

    A folder that is another's, or that others may write, is not taken: what lies there would be shown as ours. Then,
    and where none can be made, the files lie in a folder of this user in that of temporary files, or, where somebody
    has made that one first, in one that is new with each process.
    """
    named = os.environ.get(CACHE_VARIABLE)
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    first = Path(named) if named else home / "provence-map"
    temporary = Path(tempfile.gettempdir()) / f"provence-map-cache-{os.getuid()}"
    # A container may have no home that can be written.
    for found in (first, temporary):
        with contextlib.suppress(OSError):
            found.mkdir(parents=True, exist_ok=True, mode=0o700)
            # systemd names the folder of a service by a link; where everybody writes, a link is somebody's trap.
            if _ours(found.lstat() if found == temporary else found.stat()) and os.access(found, os.W_OK):
                return found
        _warn(found)
    return _own()


def _ours(said: os.stat_result) -> bool:
    """Tell whether a folder is this user's and no other can write there."""
    return stat.S_ISDIR(said.st_mode) and said.st_uid == os.getuid() and not said.st_mode & 0o022


@cache
def _warn(found: Path) -> None:
    log.warning(
        "%s is not used for files beside the map: expected a folder of this user that can be made and that no other "
        "writes; name one with %s, or correct it with chmod go-w", found, CACHE_VARIABLE,
    )  # fmt: skip


@cache
def _own() -> Path:
    return Path(tempfile.mkdtemp(prefix="provence-map-cache-"))


def made(layer: str, kind: str) -> Path:
    """Give a file of a layer, made where it is not yet; takes up to a minute for tens of thousands of shapes.

    One process makes it, others that ask meanwhile wait and find it. Raises FormatError where it cannot be written.
    """
    path = folder() / name(layer, kind)
    if path.is_file():
        return path
    with _locked(path):
        if path.is_file():
            return path
        if kind == ROWS:
            files.write_bytes(path, packed(layer))
        else:
            frame = catalogue.load(layer)
            numbered = GeoDataFrame({"n": np.arange(len(frame))}, geometry=frame.geometry.to_numpy(), crs=frame.crs)
            tiles.write(numbered, path, name=layer, zooms=ZOOMS, least_m=drapes.TOLERANCE_M[layer], within=FRAME)
    return path


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file that is made; it goes with the process, however that ends."""
    try:
        handle = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        reason = error.strerror or error
        raise FormatError(f"cannot write {path}: {reason}; name another folder with {CACHE_VARIABLE}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def tidy() -> None:
    """Remove files that data no longer in force left: those that nobody has read or written for UNUSED_DAYS."""
    before = time.time() - UNUSED_DAYS * 86_400
    present = {name(layer, kind) for layer in budget.GROWING for kind in (ROWS, SHAPES)}
    for path in folder().iterdir():
        if not _KEPT.fullmatch(path.name) or path.name.removeprefix(".").removesuffix(".lock") in present:
            continue
        with contextlib.suppress(OSError):
            said = path.stat()
            if max(said.st_atime, said.st_mtime) < before:
                path.unlink()


def packed(layer: str) -> bytes:
    """Give the rows of a layer as they travel: JSON, gzip."""
    return _gzip(rows(layer) if drape.drapes(layer) else sites())


def blocks() -> int:
    """Give how many blocks of cards there are."""
    return -(-len(catalogue.load("industry")) // CARDS_EACH)


def cards(block: int) -> bytes:
    """Give what the cards of CARDS_EACH sites say, as JSON in gzip; an empty list beyond the last."""
    frame = catalogue.load("industry").iloc[block * CARDS_EACH : (block + 1) * CARDS_EACH]
    return _gzip([feature["properties"] for feature in payload.industry_features(frame)["features"]])


def _gzip(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return gzip.compress(text.encode(), 9, mtime=0)


def sites() -> dict[str, Any]:
    """Give the rows of the sites as `rows` does, with `at` (longitude, latitude, steps) in place of the boxes.

    `series` has the verified tonnes of the sites that have some, by the number of their row.
    """
    frame, series = catalogue.load("industry"), figures.emissions()
    columns = {key: _column([_plain(value) for value in frame[name]]) for key, name in _SITE.items()}
    at = np.rint(shapely.get_coordinates(frame.geometry.to_numpy()) * drapes.STEPS).astype(int)
    return {
        "rows": len(frame), "columns": columns, "at": at.ravel().tolist(),
        "series": {str(row): series[site] for row, site in enumerate(frame["id"]) if site in series},
    }  # fmt: skip


def rows(layer: str) -> dict[str, Any]:
    """Give the rows of a layer column by column: what its features say in a document, and `box` (steps of 0.00001°).

    A column in which values come again is `{"of": values, "at": numbers}`; null is what a row does not say. `box` is
    west, south, east, north for each row.
    """
    frame = catalogue.load(layer)
    drawn = frame.assign(drawn=drape.classes(layer, frame))
    said = [drapes.properties(layer, row) for row in drawn.itertuples()]
    names = dict.fromkeys(key for one in said for key in one)
    box = np.rint(frame.geometry.bounds.to_numpy() * drapes.STEPS).astype(int)
    columns = {key: _column([one.get(key) for one in said]) for key in names}
    return {"rows": len(frame), "columns": columns, "box": box.ravel().tolist()}


def _plain(value: Any) -> Any:
    """Turn a cell into what JSON holds; what a card would leave out is null."""
    plain: Any = getattr(value, "item", lambda: value)()
    missing: bool = bool(pd.isna(plain))
    # Zero is a figure and stays; False equals it, and is none.
    if missing or plain is False or plain == "":
        return None
    return int(plain) if isinstance(plain, float) and plain.is_integer() else plain


def _column(values: list[Any]) -> list[Any] | dict[str, list[Any]]:
    known = list(dict.fromkeys(values))
    if len(known) > len(values) / 4:
        return values
    numbers = {value: number for number, value in enumerate(known)}
    return {"of": known, "at": [numbers[value] for value in values]}
