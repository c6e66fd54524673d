"""A sheet as PDF, PNG and SVG: the PDF is the one drawing, the PNG a picture of it, the SVG the same calls again."""

from __future__ import annotations

import io
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from layers.errors import SheetError
from layers.print import ink, raster
from layers.print.words import Words
from layers.sheet import page
from layers.sheet.model import Sheet
from layers.sheet.svg import SvgCanvas

# Dots in an inch: from a preview to what a printer can show. An A3 of 600 holds 70 million.
DPI = (36, 600)


def write_pdf(sheet: Sheet) -> bytes:
    """Write a sheet as a PDF, vectors and embedded fonts alone: the same sheet gives the same bytes.

    What finds no room beside the map goes to a second page; on A4 that is all but the titles.
    """
    ink.letters()
    out = io.BytesIO()
    # Its stubs take the name for a number.
    first: Any = ink.REGULAR
    # Without a first font of ours, reportlab names Helvetica on each page and embeds nothing for it.
    canvas = Canvas(
        out, sheet.layout.size, pageCompression=1, invariant=1, lang=sheet.language, initialFontName=first
    )  # fmt: skip
    canvas.setTitle(f"{sheet.heading} · {sheet.place} · Provence Map")
    canvas.setAuthor("Provence Map")
    canvas.setCreator("Provence Map")
    canvas.setSubject(_alt(sheet))
    # The day of issue, not the moment of writing: the same sheet gives the same bytes.
    canvas.setDateFormatter(lambda *_: f"D:{sheet.today:%Y%m%d}000000+00'00'")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    page.draw(canvas, sheet)
    canvas.save()
    return out.getvalue()


def write_png(sheet: Sheet, *, dpi: int = 150, number: int = 1) -> bytes:
    """Write one page of a sheet as a PNG, drawn from the same PDF; the picture tells its dots in an inch.

    Raises SheetError for a resolution out of `DPI` or a page that the sheet lacks.
    """
    if not DPI[0] <= dpi <= DPI[1]:
        raise SheetError([f"{dpi} dots in an inch are not from {DPI[0]} to {DPI[1]}"], advice="Ask for another number.")
    image, total = raster.page(write_pdf(sheet), scale=dpi / 72, number=number)
    if not 1 <= number <= total:
        raise _no_page(number, total)
    written = io.BytesIO()
    image.save(written, "PNG", compress_level=6, dpi=(dpi, dpi))
    return written.getvalue()


def write_svg(sheet: Sheet, *, number: int = 1) -> bytes:
    """Write one page of a sheet as an SVG of its size in millimetres: text as text, its typeface embedded.

    Raises SheetError for a page that the sheet lacks.
    """
    ink.letters()
    canvas = SvgCanvas(sheet.layout.size, title=_alt(sheet), language=sheet.language)
    drawn: Any = canvas
    page.draw(drawn, sheet)
    if not 1 <= number <= len(canvas.pages):
        raise _no_page(number, len(canvas.pages))
    return canvas.pages[number - 1]


def pages(sheet: Sheet) -> int:
    """Tell how many pages a sheet has: one, or two where the column does not hold all."""
    ink.letters()
    counted: Any = SvgCanvas(sheet.layout.size, title="", language=sheet.language)
    return page.draw(counted, sheet)


def _alt(sheet: Sheet) -> str:
    words = Words(sheet.language)
    scale = f"1:{sheet.frame().scale:,}".replace(",", "\u202f")
    return words.text("sheet.map_alt", area=sheet.place, scale=scale)


def _no_page(number: int, total: int) -> SheetError:
    return SheetError([f"page {number} came, the sheet has {total}"], advice="Ask for one of these.")
