"""The table of a View as an Excel file: data, sources, and what it is; the same bytes for the same View and day."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from layers import catalogue, numbers
from layers.catalogue import Source
from layers.listing import KIND_OF, Column, Record, Value, columns, records
from layers.style import TOKENS
from layers.text import text
from layers.view import Language, View
from layers.wording import described

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Excel keeps at most so many characters in a cell and in an address.
_MOST_CELL, _MOST_LINK = 32_767, 2_079
_HEAD_HEIGHT, _A4 = 46, 9
_FORMATS = {"whole": "#,##0", "amount": "#,##0.00", "plain": "General", "degrees": "0.00000", "text": "@"}
SOURCE_COLUMNS = {
    "publisher": 34, "source_title": 52, "licence": 30, "licence_url": 44, "source_url": 48, "vintage": 34,
    "retrieved": 18, "attribution": 60, "used": 44,
}  # fmt: skip


def workbook(view: View, *, language: Language, address: str, today: date) -> bytes:
    """Write what a View shows of every layer of points as an Excel file, in the order of its table.

    address: where the View opens, named on the sheet that says what the file is. today: the day it is written.
    Numbers are numbers in the unit of their column's head; every text is written as text, never as a formula.
    """
    rows = records(view, language)
    out = io.BytesIO()
    # Strings are never guessed to be formulas, numbers or addresses: each cell is written as what it is.
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    )
    # Without a day of its own the file would hold the minute it was made.
    book.set_properties({
        "title": text("export.title", language), "author": "Provence Map", "comments": address[:250],
        "created": datetime.combine(today, time(), UTC),
    })  # fmt: skip
    styles = _Styles(book)
    _data(book.add_worksheet(text("export.data", language)), rows, styles, view=view, language=language)
    _sources(book.add_worksheet(text("export.sources", language)), _used(view, rows), styles, language=language)
    about = [
        (text("export.address", language), address),
        (text("export.written", language), numbers.date(today.isoformat(), language)),
        (text("export.version", language), catalogue.data_version()),
        (text("export.rows", language), numbers.number(len(rows), language)),
        *described(view, language),
        (text("export.order", language), _order(view, language)),
        (text("export.cells", language), text("export.cells_said", language)),
        (text("export.positions", language), text("export.positions_said", language)),
        *_layers(view, rows, language),
    ]
    _about(book.add_worksheet(text("export.about", language)), about, styles, title=text("export.title", language))
    book.close()
    return out.getvalue()


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        light = {name: pair[0] for name, pair in TOKENS.items()}
        common = {"valign": "top", "font_color": light["ink"]}
        self.head: Format = book.add_format({
            "bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1, "border_color": light["line2"],
            "bg_color": light["primary"], "font_color": light["on-primary"],
        })  # fmt: skip
        self.cell: dict[str, Format] = {
            holds: book.add_format({**common, "num_format": form}) for holds, form in _FORMATS.items()
        }
        self.unknown: Format = book.add_format({**common, "font_color": light["ink3"], "align": "right"})
        self.link: Format = book.add_format({**common, "font_color": light["primary"], "underline": 1})
        self.title: Format = book.add_format({"bold": True, "font_size": 16, "font_color": light["ink"]})
        self.name: Format = book.add_format({**common, "bold": True, "text_wrap": True})
        self.said: Format = book.add_format({**common, "text_wrap": True})


def _data(sheet: Worksheet, rows: Sequence[Record], styles: _Styles, *, view: View, language: Language) -> None:
    shown = columns()
    heads = [text(f"column.{column.id}", language, year=view.verified_year) for column in shown]
    _head(sheet, heads, [column.width for column in shown], styles, frozen_columns=1)
    for number, row in enumerate(rows, start=1):
        for index, column in enumerate(shown):
            _write(sheet, (number, index), row[column.id], styles, column=column)
    sheet.autofilter(0, 0, max(len(rows), 1), len(shown) - 1)


def _head(
    sheet: Worksheet, heads: Iterable[str], widths: Iterable[float], styles: _Styles, *, frozen_columns: int = 0
) -> None:
    """Write a row of heads that stays in sight, on screen and on each printed page."""
    for index, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.write_string(0, index, head, styles.head)
        sheet.set_column(index, index, width)
    sheet.set_row(0, _HEAD_HEIGHT)
    sheet.freeze_panes(1, frozen_columns)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(_A4)


def _write(sheet: Worksheet, at: tuple[int, int], value: Value, styles: _Styles, *, column: Column) -> None:
    if value is None:
        return
    if not isinstance(value, str):
        sheet.write_number(*at, value, styles.cell[column.holds])
    elif column.holds == "link":
        _link(sheet, at, value, styles)
    else:
        style = styles.cell["text"] if column.holds == "text" else styles.unknown
        sheet.write_string(*at, value[:_MOST_CELL], style)


def _link(sheet: Worksheet, at: tuple[int, int], address: str, styles: _Styles) -> None:
    """Write an address that can be followed when it is one of the web, else as text."""
    if address.startswith(("https://", "http://")) and len(address) <= _MOST_LINK:
        sheet.write_url(*at, address, styles.link, address)
    else:
        sheet.write_string(*at, address[:_MOST_CELL], styles.said)


def _used(view: View, rows: Sequence[Record]) -> dict[Source, list[str]]:
    """Give the sources of the layers that have a row, each with those layers."""
    known, found = catalogue.catalogue(), dict[Source, list[str]]()
    for layer in _filled(view, rows):
        for source in known.sources_of(layer):
            found.setdefault(source, []).append(layer)
    return found


def _filled(view: View, rows: Sequence[Record]) -> list[str]:
    kinds = {str(row["key"]).partition(":")[0] for row in rows}
    return [layer for layer in view.layers if KIND_OF.get(layer) in kinds]


def _sources(sheet: Worksheet, used: dict[Source, list[str]], styles: _Styles, *, language: Language) -> None:
    known = catalogue.catalogue()
    heads = [text(f"export.{name}", language) for name in SOURCE_COLUMNS]
    _head(sheet, heads, SOURCE_COLUMNS.values(), styles)
    for number, (source, layers) in enumerate(used.items(), start=1):
        cells: list[Any] = [
            source.word("publisher", language), source.word("title", language), source.word("licence", language),
            source.licence_url, source.url, source.word("vintage", language),
            numbers.date(source.retrieved, language), source.word("attribution", language),
            ", ".join(known.layers[layer].title(language) for layer in layers),
        ]  # fmt: skip
        for index, (name, value) in enumerate(zip(SOURCE_COLUMNS, cells, strict=True)):
            if name.endswith("_url"):
                _link(sheet, (number, index), value, styles)
            else:
                sheet.write_string(number, index, value, styles.said)


def _order(view: View, language: Language) -> str:
    name = (view.table or "kind").removeprefix("-")
    column = text("export.figure", language) if name == "figure" else text(f"column.{name}", language)
    if (view.table or "").startswith("-"):
        return text("export.downwards", language, column=column)
    return text("export.upwards", language, column=column)


def _layers(view: View, rows: Sequence[Record], language: Language) -> list[tuple[str, str]]:
    """Say how each layer was made and what it cannot say."""
    pairs = []
    for layer in _filled(view, rows):
        record = catalogue.catalogue().layers[layer]
        title, french = record.title(language), language == "fr"
        pairs.append((text("export.method", language, layer=title), record.method_fr if french else record.method_en))
        pairs.append((text("export.limits", language, layer=title), record.limits_fr if french else record.limits_en))
    return pairs


def _about(sheet: Worksheet, pairs: Iterable[tuple[str, str]], styles: _Styles, *, title: str) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 110)
    sheet.write_string(0, 0, title, styles.title)
    for number, (name, said) in enumerate(pairs, start=2):
        sheet.write_string(number, 0, name, styles.name)
        if said.startswith(("https://", "http://")):
            _link(sheet, (number, 1), said, styles)
        else:
            sheet.write_string(number, 1, said[:_MOST_CELL], styles.said)
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
