"""The bundle: one zip with data, styles, project, metadata, licences, dictionary, a picture, the sums of all."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from geo import files
from geo.errors import FormatError
from layers import numbers
from layers.errors import ChoiceError, SnapshotError, StoppedError
from layers.print.words import Words
from layers.qgis import qml, sld
from layers.snapshot import metadata, packing, preview, project
from layers.snapshot.area import Said
from layers.snapshot.carry import carried
from layers.snapshot.choice import Choice
from layers.snapshot.described import describe
from layers.snapshot.dictionary import Column, dictionary
from layers.snapshot.formats import FORMATS
from layers.snapshot.frames import frames, why_empty
from layers.snapshot.geopackage import styled
from layers.snapshot.report import Progress, Report, Stop
from layers.snapshot.verify import verify
from layers.snapshot.write import write as write_data
from layers.text import both
from layers.view import LANGUAGES

GEOPACKAGE, PROJECT, SUMS = "data/provence-map.gpkg", "provence-map.qgs", "SHA256SUMS"
LICENCES, DICTIONARY, PREVIEW, PACKAGE = "LICENCES.txt", "dictionary.csv", "preview.png", "datapackage.json"


def write(
    choice: Choice, path: Path | str, *, formats: Sequence[str] = (), progress: Progress | None = None,
    stop: Stop | None = None,
) -> Report:  # fmt: skip
    """Write a bundle, each file of its data read back and compared; it is there whole and sound, or not at all.

    The data come as a GeoPackage, which the project opens, and in each of `formats` besides. The same choice of the
    same data gives the same bytes.

    Raises ChoiceError when nothing is kept, StoppedError, SnapshotError with every difference, FormatError when the
    file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() != ".zip":
        raise FormatError(f"{path.name} does not end with .zip: a bundle is written in a file named so")
    wanted = ("gpkg", *(name for name in dict.fromkeys(formats) if name != "gpkg"))
    tell = _teller(2 * len(wanted) + 4, progress, stop)
    tell("snapshot_step.choose")
    every = frames(choice)
    found = {layer: frame for layer, frame in every.items() if len(frame)}
    empty = [why_empty(layer, choice) for layer in every if layer not in found]
    if not found:
        raise ChoiceError(empty)
    notes = [both("snapshot_note.empty", why=said.__getitem__) for said in empty]
    with files.made_in_folder(path) as made:
        folder = made.parent / "bundle"
        (folder / "data").mkdir(parents=True)
        places = {}
        for name in wanted:
            mine = replace(choice, format=name)
            rows = found if mine.crs == choice.crs else {layer: frames(mine)[layer] for layer in found}
            places[name], told = _data(folder, rows, mine, tell)
            notes += told
        tell("snapshot_file.describe")
        for name, content in _described(found, places, choice):
            put = folder / name
            put.parent.mkdir(exist_ok=True)
            put.write_bytes(content)
        tell("snapshot_file.picture")
        (folder / PREVIEW).write_bytes(preview.png(found, choice))
        tell("snapshot_file.pack")
        _packed(folder, made, choice)
        size = made.stat().st_size
    return Report(path, size, {layer: len(frame) for layer, frame in found.items()}, tuple(notes))


def _teller(total: int, progress: Progress | None, stop: Stop | None) -> Callable[[str], None]:
    done = 0

    def tell(key: str) -> None:
        nonlocal done
        if stop is not None and stop():
            raise StoppedError(both("snapshot_step.stopped"))
        if progress is not None:
            progress(done, total, both(key))
        done += 1

    return tell


def _data(
    folder: Path, rows: Mapping[str, Any], choice: Choice, tell: Callable[[str], None]
) -> tuple[str, Sequence[Said]]:
    """Write the data in one format and compare; give the path in the bundle, and what was changed or left out."""
    record = FORMATS[choice.format]
    ending = record.file_ending(len(rows))
    place = f"data/provence-map{ending}" if ending == record.ending else f"data/provence-map-{record.id}{ending}"
    tell("snapshot_file.write")
    made = carried(rows, record.id, decimals=choice.decimals)
    notes = write_data(rows, folder / place, choice, record=record, made=made)
    tell("snapshot_step.compare")
    faults = verify(folder / place, rows, choice, made=made)
    if faults:
        raise SnapshotError([both("snapshot_fault.differs", name=place), *faults])
    return place, notes


def _described(found: Mapping[str, Any], places: Mapping[str, str], choice: Choice) -> Iterator[tuple[str, bytes]]:
    """Give all that stands beside the data, by its path in the bundle."""
    for asked in styled(found, choice):
        yield f"styles/{asked.layer}.qml", qml.write(asked).encode()
        yield f"styles/{asked.layer}.sld", sld.write(asked).encode()
    # As the GeoPackage asks for it: then it is made already.
    data = replace(choice, format="gpkg")
    for layer, frame in found.items():
        yield f"metadata/{layer}.xml", metadata.iso(layer, frame, data).encode()
    yield PROJECT, project.write(found, GEOPACKAGE, choice).encode()
    columns = [row for row in dictionary(choice) if row.layer in found]
    meanings = {(row.layer, row.column): _meaning(row, choice) for row in columns}
    paths = {layer: tuple(places.values()) for layer in found}
    yield PACKAGE, metadata.package(found, paths, choice, meanings).encode()
    yield DICTIONARY, _dictionary(columns)
    yield LICENCES, _licences(tuple(found)).encode()


def _meaning(row: Column, choice: Choice) -> str:
    unit = f" ({row.unit})" if row.unit else ""
    return f"{row.meaning[choice.language]}{unit}"


def _dictionary(columns: Sequence[Column]) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["layer", "column", "type", "unit", *(f"meaning_{lang}" for lang in LANGUAGES), "sources"])
    for row in columns:
        meanings = [row.meaning[lang] for lang in LANGUAGES]
        rows.writerow([row.layer, row.column, row.type, row.unit, *meanings, ";".join(row.sources)])
    # With the mark that makes spreadsheets read accents right.
    return out.getvalue().encode("utf-8-sig")


def _licences(layers: Sequence[str]) -> str:
    """Write under which licence each source comes and what must be displayed, in both languages."""
    blocks = []
    for lang in LANGUAGES:
        words, colon = Words(lang), "\u202f: " if lang == "fr" else ": "
        told = {layer: describe(layer, lang) for layer in layers}
        lines = [f"Provence Map \u2013 {words.text('snapshot_file.licences')}", ""]
        for source in dict.fromkeys(source for said in told.values() for source in said.sources):
            of = ", ".join(said.title for said in told.values() if source in said.sources)
            lines += [
                f"{source.word('title', lang)} \u2013 {source.word('publisher', lang)}",
                f"  {words.text('snapshot_file.licence')}{colon}{source.word('licence', lang)} <{source.licence_url}>",
                f"  {words.text('snapshot_file.attribution')}{colon}{source.word('attribution', lang)}",
                f"  {words.text('snapshot_file.vintage')}{colon}{source.word('vintage', lang)}",
                f"  {words.text('snapshot_file.retrieved')} {numbers.date(source.retrieved, lang)}, {source.url}",
                f"  {words.text('snapshot_file.layers')}{colon}{of}",
                "",
            ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _packed(folder: Path, path: Path, choice: Choice) -> None:
    """Pack all files with their sums, then read the zip again and compare the sums."""
    names = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    sums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    (folder / SUMS).write_text("".join(f"{sums[name]}  {name}\n" for name in names), encoding="utf-8")
    packing.pack([(name, folder / name) for name in (*names, SUMS)], path, day=choice.date())
    with zipfile.ZipFile(path) as packed:
        wrong = [name for name in names if hashlib.sha256(packed.read(name)).hexdigest() != sums[name]]
    if wrong:
        raise SnapshotError([both("snapshot_file.broken", names=", ".join(wrong))])
