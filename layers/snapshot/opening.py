"""A snapshot opened to be read: a GeoPackage, or the GeoPackages of a bundle, as one frame per layer.

Nothing of what is opened is believed: sizes are bounded, and only what is a GeoPackage by its first bytes is handed to
GDAL, which would follow the paths that other formats name.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import warnings
import zipfile
import zlib
from pathlib import Path

import pyogrio
from geopandas import GeoDataFrame
from pandas import DataFrame
from pyogrio.errors import DataLayerError, DataSourceError

from geo import crs
from geo.errors import CRSError
from layers.errors import LayerError

MOST_BYTES, MOST_FILES = 2_000_000_000, 100
ENDINGS = (".gpkg", ".zip")
_INSIDE = re.compile(r"data/[^/\\]+\.gpkg\Z")
# How a GeoPackage begins: as any SQLite file, and its own mark (GP10 and GP11 before version 1.2).
_SQLITE, _MARK_AT, _MARKS = b"SQLite format 3\0", 68, (b"GPKG", b"GP10", b"GP11")
# Tables that tell how layers are drawn and described, not what they hold.
_ABOUT = re.compile(r"(layer_styles|qgis_projects|gpkg_.*)\Z")
_SHOWN = 120


class OpeningError(LayerError):
    """A snapshot cannot be opened."""


def layers_of(path: Path) -> dict[str, DataFrame]:
    """Return the layers and tables of a snapshot by name; those with geometry in the system the file declares.

    Raises OpeningError when it is missing, neither a GeoPackage nor a bundle with some in data/, broken or too large.
    """
    path = Path(path)
    if not path.is_file():
        raise OpeningError(f"cannot compare {path}: no such file")
    if path.suffix.lower() not in ENDINGS:
        raise OpeningError(f"cannot compare {path}: a bundle (.zip) or a GeoPackage (.gpkg) expected")
    if path.suffix.lower() == ".gpkg":
        if (size := path.stat().st_size) > MOST_BYTES:
            raise OpeningError(f"cannot compare {path.name}: {size} bytes, at most {MOST_BYTES} are read")
        return _read(path, path.name)
    with tempfile.TemporaryDirectory(prefix="provence-map-") as folder:
        found: dict[str, DataFrame] = {}
        for name, file in _unpacked(path, Path(folder)).items():
            for layer, frame in _read(file, f"{path.name}: {name}").items():
                if layer in found:
                    raise OpeningError(f"cannot compare {path.name}: it holds layer {plain(layer)!r} twice")
                found[layer] = frame
        return found


def _unpacked(path: Path, folder: Path) -> dict[str, Path]:
    """Unpack the GeoPackages of a bundle under names of our own."""
    try:
        with zipfile.ZipFile(path) as book:
            inside = [entry for entry in book.infolist() if _INSIDE.match(entry.filename)]
            if not inside:
                raise OpeningError(
                    f"cannot compare {path.name}: no data/*.gpkg in it; write it with --format bundle or gpkg"
                )
            size = sum(entry.file_size for entry in inside)
            if len(inside) > MOST_FILES or size > MOST_BYTES:
                raise OpeningError(
                    f"cannot compare {path.name}: {len(inside)} files of {size} bytes, at most {MOST_FILES} of "
                    f"{MOST_BYTES} in all are read"
                )
            found = {}
            for number, entry in enumerate(inside):
                file = folder / f"{number}.gpkg"
                with book.open(entry) as source, file.open("wb") as target:
                    shutil.copyfileobj(source, target)
                found[plain(entry.filename)] = file
            return found
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        # RuntimeError is what an encrypted entry raises, NotImplementedError among it an unknown compression.
        raise OpeningError(f"cannot compare {path.name}: not a zip that can be read ({plain(str(error))})") from error


def _read(path: Path, said: str) -> dict[str, DataFrame]:
    with path.open("rb") as file:
        head = file.read(_MARK_AT + len(_MARKS[0]))
    if not head.startswith(_SQLITE) or head[_MARK_AT:] not in _MARKS:
        raise OpeningError(f"cannot compare {said}: not a GeoPackage")
    try:
        with warnings.catch_warnings():
            # What GDAL mutters about a file on its way to refusing it.
            warnings.simplefilter("ignore")
            names = [str(name) for name in pyogrio.list_layers(path)[:, 0] if not _ABOUT.match(str(name))]
            found = {name: pyogrio.read_dataframe(path, layer=name) for name in names}
    except (DataSourceError, DataLayerError, ValueError, RuntimeError) as error:
        raise OpeningError(f"cannot compare {said}: a broken GeoPackage ({plain(str(error))})") from error
    if not found:
        raise OpeningError(f"cannot compare {said}: it holds no layer")
    for name, frame in found.items():
        if isinstance(frame, GeoDataFrame):
            try:
                crs.require(frame)
            except CRSError as error:
                raise OpeningError(f"cannot compare {said}, layer {plain(name)!r}: {error}") from error
    return found


def plain(text: str) -> str:
    """Give a text of a file as one printable line, shortened."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
