"""Frames written to a file in one of the formats: one file for all layers, or a zip of one file a layer."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from geo import vector
from geo.errors import FormatError
from layers.snapshot import geopackage, packing, tables
from layers.snapshot.area import Said
from layers.snapshot.carry import Carried, carried
from layers.snapshot.choice import Choice
from layers.snapshot.formats import Format

Step = Callable[[str], None]
_SIDECARS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def write(
    frames: Mapping[str, Any],
    path: Path,
    choice: Choice,
    *,
    record: Format,
    step: Step | None = None,
    made: Carried | None = None,
) -> tuple[Said, ...]:
    """Write frames and return what was changed or left out.

    `step` is called with the layer before each is written; `made` is what `carried` gave, where it was asked already.

    Raises FormatError when the file cannot be written, or the format can carry none of the frames.
    """
    found = made or carried(frames, record.id, decimals=choice.decimals)
    if not found.frames:
        said = "; ".join(note["en"] for note in found.notes)
        raise FormatError(f"{record.title} can carry nothing of this: {said} Choose another format.")
    try:
        _written(found, path, choice, record=record, step=step or (lambda _: None))
    except OSError as error:
        reason = error.strerror or str(error)
        raise FormatError(f"cannot write {path.name}: {reason}; choose a folder that can be written") from error
    return found.notes


def layer_path(folder: Path, layer: str, record: Format) -> Path:
    """Return where a format of one file a layer writes a layer; a table without shapes has no .shp but a .dbf."""
    return folder / f"{layer}{record.ending}"


def zipped(path: Path, record: Format) -> bool:
    """Tell whether a written file is a zip of files, rather than the format itself."""
    return path.suffix.lower() == ".zip" and record.ending != ".zip"


def _written(found: Carried, path: Path, choice: Choice, *, record: Format, step: Step) -> None:
    if record.id == "xlsx":
        for layer in found.frames:
            step(layer)
        tables.write_xlsx(found.frames, path, choice, notes=[note[choice.language] for note in found.notes])
    elif record.id == "dxf":
        for layer in found.frames:
            step(layer)
        assert record.record is not None  # noqa: S101  # for the type checker: this format has one
        vector.put(pd.concat(found.frames.values()), path, record=record.record, layer="entities")
    elif record.several:
        for layer, frame in found.frames.items():
            step(layer)
            _put(frame, path, choice, record=record, layer=layer)
        if record.id == "gpkg":
            geopackage.dress(path, found.frames, choice)
    elif zipped(path, record):
        _zip(found, path, choice, record=record, step=step)
    else:
        ((layer, frame),) = found.frames.items()
        step(layer)
        _put(frame, path, choice, record=record, layer=layer)


def _put(frame: Any, path: Path, choice: Choice, *, record: Format, layer: str) -> None:
    if record.record is None:
        tables.write_csv(frame, path, epsg=choice.crs)
        return
    options: dict[str, str] = {}
    if record.id == "geojson" and choice.decimals is not None:
        options["COORDINATE_PRECISION"] = str(min(choice.decimals, 7))
    if record.id == "shp":
        # Else the head of the table holds the day it was written.
        options["DBF_DATE_LAST_UPDATE"] = choice.date()
    vector.put(frame, path, record=record.record, layer=layer, **options)


def _zip(found: Carried, path: Path, choice: Choice, *, record: Format, step: Step) -> None:
    folder = path.with_name(f"{path.stem}.files")
    folder.mkdir()
    for layer, frame in found.frames.items():
        step(layer)
        _put(frame, layer_path(folder, layer, record), choice, record=record, layer=layer)
    made = sorted(folder.iterdir(), key=lambda file: file.name)
    known = [file for file in made if record.id != "shp" or file.suffix in _SIDECARS]
    packing.pack([(file.name, file) for file in known], path, day=choice.date())
    shutil.rmtree(folder)
