"""Snapshots as CSV and as Excel: written so that no cell is ever a formula, and read back by readers of their own."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pyogrio
import shapely
import xlsxwriter
from geopandas import GeoDataFrame
from pandas import DataFrame, isna
from xlsxwriter.worksheet import Worksheet

from geo import files, systems
from geo.errors import FormatError
from layers import catalogue
from layers.errors import LayerError, RequestError
from layers.snapshot.carry import MOST_CELL, geometric, shapely_wkt
from layers.snapshot.choice import Choice
from layers.snapshot.dictionary import dictionary
from layers.text import both, text

# A spreadsheet takes a cell of a CSV file that begins so for a formula; what already stands behind apostrophes too,
# so that reading takes off exactly what writing put on.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_MOST_DICTIONARY_WIDTH = 80
# A shape of ten thousand corners is a longer cell than the reader takes by itself.
_MOST_FIELD = 2**31 - 1


def wkt_column(epsg: int) -> str:
    """Return the name of the column of shapes: GDAL takes it for the geometry, in the system it names."""
    return f"_WKT_EPSG_{epsg}"


def flat(frame: Any, *, epsg: int) -> tuple[list[str], list[list[Any]]]:
    """Return the heads and the rows of a frame, shapes as WKT in the last column, null as None."""
    columns = [str(name) for name in frame.columns if name != "geometry"]
    values = [[_value(cell) for cell in frame[name]] for name in columns]
    if geometric(frame):
        columns.append(wkt_column(epsg))
        values.append([_value(cell) for cell in shapely_wkt(frame)])
    return columns, [list(row) for row in zip(*values, strict=True)]


def _value(cell: Any) -> Any:
    """Give a cell as plain Python: text, whole number, number, yes or no, or None."""
    if isna(cell):
        return None
    return cell.item() if hasattr(cell, "item") else cell


def write_csv(frame: Any, path: Path, *, epsg: int) -> None:
    """Write a frame as CSV: UTF-8 with its mark so that Excel reads the accents, CRLF, numbers with a point."""
    heads, rows = flat(frame, epsg=epsg)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        out = csv.writer(stream, lineterminator="\r\n")
        # Heads may come from a file that somebody else made.
        out.writerow([_cell(head) for head in heads])
        out.writerows([_cell(value) for value in row] for row in rows)


def write_whole(frame: Any, path: Path) -> None:
    """Write a frame without shapes as such a CSV file, whole or not at all.

    Raises RequestError when it cannot be written.
    """
    with writing(path), files.replacing(path) as temporary:
        write_csv(frame, temporary, epsg=0)


def check_place(path: Path) -> None:
    """Refuse a folder, and a file in a folder that there is not, before anything is worked out. Raises RequestError."""
    with writing(path):
        files.place(path)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say in both languages why a file cannot be written. Raises RequestError."""
    try:
        yield
    except FormatError as error:
        raise RequestError(both("write_fault.file", file=path.name, reason=" ".join(str(error).split()))) from error


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    return repr(value)


def read_csv(path: Path, *, epsg: int) -> DataFrame:
    """Read such a CSV file back: every cell as text, shapes as shapes, what made a formula harmless taken off.

    Raises LayerError when it is cut short.
    """
    usual = csv.field_size_limit(_MOST_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream, strict=True))
    finally:
        csv.field_size_limit(usual)
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        raise LayerError(f"{path.name}: its rows are not all as long as its head")
    body = [[_bare(cell) for cell in row] for row in rows[1:]]
    heads = [_bare(head) or "" for head in rows[0]]
    return _framed(DataFrame(body, columns=heads, dtype="object"), epsg=epsg)


def _bare(cell: str) -> str | None:
    return (cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell) or None


def _framed(frame: DataFrame, *, epsg: int) -> DataFrame:
    """Turn the column of WKT back into shapes."""
    name = wkt_column(epsg)
    if name not in frame:
        return frame
    shapes = shapely.from_wkt([None if isna(cell) else cell for cell in frame[name]])
    made: DataFrame = GeoDataFrame(frame.drop(columns=name), geometry=shapes, crs=epsg)
    return made


def write_xlsx(frames: Mapping[str, Any], path: Path, choice: Choice, *, notes: list[str]) -> None:
    """Write frames as a workbook: a sheet per layer, the data dictionary, and what the file is with its sources."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    )
    day = datetime.combine(date.fromisoformat(choice.date()), time(), UTC)
    book.set_properties({"title": choice.name(), "author": "Provence Map", "created": day})
    head = book.add_format({"bold": True, "bottom": 1})
    # Excel keeps such a cell as text even after somebody has edited it.
    quoted = book.add_format({"quote_prefix": True})
    for layer, frame in frames.items():
        heads, rows = flat(frame, epsg=choice.crs)
        _sheet(book.add_worksheet(layer), heads, rows, head=head, quoted=quoted)
    language = choice.language
    words = [text(f"snapshot_dictionary.{name}", language) for name in ("layer", "column", "type", "unit", "meaning")]
    rows = [[c.layer, c.column, c.type, c.unit or None, c.meaning[language]] for c in dictionary(choice)]
    _sheet(book.add_worksheet(text("snapshot_dictionary.title", language)), words, rows, head=head, quoted=quoted)
    about = [[name, said] for name, said in _about(choice)] + [["", note] for note in notes]
    _sheet(book.add_worksheet(text("snapshot_dictionary.about", language)), ["", ""], about, head=head, quoted=quoted)
    book.close()
    path.write_bytes(out.getvalue())


def _about(choice: Choice) -> list[tuple[str, str]]:
    """Say what the workbook is: area, system, date of the data, and each source with its licence."""
    language, known = choice.language, catalogue.catalogue()
    system = f"EPSG:{choice.crs} – {systems.system(choice.crs).name}"
    pairs = [
        (text("snapshot_dictionary.area", language), choice.area.words(language)),
        (text("snapshot_dictionary.system", language), system),
        (text("snapshot_dictionary.date", language), choice.date()),
    ]
    for source in (known.sources[key] for key in choice.sources()):
        said = f"{source.word('attribution', language)} · {source.word('licence', language)} · {source.url}"
        pairs.append((text("snapshot_dictionary.source", language), said))
    return pairs


def _sheet(sheet: Worksheet, heads: list[str], rows: list[list[Any]], *, head: Any, quoted: Any) -> None:
    for index, name in enumerate(heads):
        sheet.write_string(0, index, name, head)
        longest = max((len(str(row[index])) for row in rows[:200] if row[index] is not None), default=0)
        sheet.set_column(index, index, min(max(longest, len(name), 8), _MOST_DICTIONARY_WIDTH))
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for index, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_boolean(number, index, value)
            elif isinstance(value, str):
                style = quoted if _FORMULA.match(value) else None
                sheet.write_string(number, index, value[:MOST_CELL], style)
            elif value is not None:
                sheet.write_number(number, index, value)
    sheet.autofilter(0, 0, max(len(rows), 1), max(len(heads) - 1, 0))


def read_xlsx(path: Path, *, layer: str, epsg: int) -> DataFrame:
    """Read one sheet of such a workbook back, every cell as text, shapes as shapes.

    Raises LayerError when any cell of the workbook is a formula.
    """
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/") and b"<f>" in book.read(name):
                raise LayerError(f"{path.name}: {name} holds a formula")
    frame = pyogrio.read_dataframe(path, layer=layer, HEADERS="FORCE", FIELD_TYPES="STRING")
    found = frame.astype("object").map(lambda cell: _unescaped(cell) if isinstance(cell, str) else None)
    return _framed(found, epsg=epsg)


def _unescaped(cell: str) -> str:
    """Turn Excel's way of writing a sign by its number back into the sign."""
    return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), cell)
