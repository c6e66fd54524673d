"""What can be taken along: each layer in each format, every layer in one file, stories and the map as files.

Each comes with what a person must know before using it: source, day, licence, system, size and sum.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from layers import catalogue, numbers, snapshot
from layers.publish.choices import Choices
from layers.publish.files import Files
from layers.publish.parts import Told
from layers.snapshot import EMISSIONS, FORMATS
from layers.snapshot.described import Described, describe
from layers.text import text
from layers.view import Language

_TABLES = {"csv", "xlsx"}
_MB, _KB = 1_000_000, 1000


@dataclass(frozen=True, slots=True)
class File:
    """A file to take along: its address from the downloads page, its format, system, size and SHA-256."""

    href: str
    format: str
    crs: str
    size: int
    sha256: str

    def weight(self, language: Language) -> str:
        """Write the size as it reads best."""
        if self.size >= _MB:
            return text("publish.mb", language, n=numbers.number(self.size / _MB, language, decimals=1))
        return text("publish.kb", language, n=numbers.number(max(1, round(self.size / _KB)), language))


@dataclass(frozen=True, slots=True)
class Row:
    """Files of one layer, what is known of it, and how many rows it has; `said` is None for all layers in one file."""

    id: str
    title: str
    said: Described | None
    rows: int
    files: tuple[File, ...]


def layers(files: Files, choices: Choices, language: Language, folder: str) -> list[Row]:
    """Write every chosen layer in every format below a folder of the site, each read back and compared, and list them.

    Raises ChoiceError for a layer without a row, SnapshotError for a file that does not hold what was to be written.
    """
    if not choices.formats:
        return []
    # A layer that a service brought empty has nothing to take along.
    taken = [layer for layer in choices.taken if layer == EMISSIONS or len(catalogue.load(layer))]
    found = [_layer(files, choices, language, folder, layer) for layer in taken]
    mapped = [layer for layer in taken if layer != EMISSIONS]
    if len(mapped) > 1 and "gpkg" in choices.formats:
        whole, rows = _written(files, mapped, "gpkg", language, f"{folder}provence-map.gpkg")
        found.insert(0, Row("all", text("publish.all_layers", language), None, rows, (whole,)))
    return [row for row in found if row.files]


def _layer(files: Files, choices: Choices, language: Language, folder: str, layer: str) -> Row:
    # A table without places has no use for the formats of maps.
    formats = [form for form in choices.formats if layer != EMISSIONS or form in _TABLES]
    made = [_written(files, [layer], form, language, f"{folder}{layer}{FORMATS[form].ending}") for form in formats]
    said = describe(layer, language)
    return Row(layer, said.title, said, made[0][1] if made else 0, tuple(file for file, _ in made))


def _written(files: Files, chosen: list[str], form: str, language: Language, path: str) -> tuple[File, int]:
    """Write layers to one file of the site; give it and the rows it holds."""
    choice = snapshot.choose(layers=chosen, format=form, language=language)
    with tempfile.TemporaryDirectory() as folder:
        report = snapshot.export(choice, Path(folder) / path.rpartition("/")[2])
        data = report.path.read_bytes()
    placed = chosen != [EMISSIONS]
    return _file(files, path, data, FORMATS[form].title, f"EPSG:{choice.crs}" if placed else ""), sum(
        report.rows.values()
    )


def _file(files: Files, path: str, data: bytes, form: str, crs: str) -> File:
    files.put(path, data)
    return File(path.rpartition("/")[2], form, crs, len(data), hashlib.sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class Taken:
    """A story or the map to take along: what it is, and its files."""

    title: str
    about: str
    files: tuple[File, ...]


def handouts(files: Files, told: Sequence[Told], language: Language, folder: str) -> Iterator[Taken]:
    """Write each story as PDF and as one file that needs no network, then the map as one file.

    Raises HandoutError for a story that cannot be put on pages.
    """
    from layers.handout import pdf
    from layers.web import make_map, make_show, show

    for one in told:
        name = f"{folder}provence-map-{one.story.id}_{language}"
        paper = pdf.write(one.resolved, language, show.colophon())
        whole = make_show([one.story], language=language).html.encode()
        made = _file(files, f"{name}.pdf", paper, "PDF", ""), _file(files, f"{name}.html", whole, "HTML", "")
        yield Taken(one.story.title[language], one.story.about[language], made)
    from layers.view import View

    whole = make_map(view=View(language=language)).html.encode()
    made_map = _file(files, f"{folder}provence-map_{language}.html", whole, "HTML", "")
    yield Taken(text("publish.map_file", language), text("publish.map_file_what", language), (made_map,))
