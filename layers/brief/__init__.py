"""The investor's brief: a shortlist on two pages of A4, with map, figures, sources and date.

from layers import brief

pdf = brief.write(["site:arcelormittal-fos"], year=2022, language="en", address="https://…", today=date.today())
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from layers import catalogue
from layers.brief import figures, page_one, page_two, shortlist
from layers.brief.facts import Facts
from layers.brief.layout import stacked
from layers.brief.page_one import Cover
from layers.brief.references import References
from layers.errors import BriefError
from layers.print import ink
from layers.print.words import Words
from layers.view import FIRST_YEAR, Language

__all__ = ["MOST_ADDRESS", "MOST_TITLE", "BriefError", "write"]

# What a code of 118 points can still show a telephone, and two lines of a title can hold.
MOST_ADDRESS, MOST_TITLE = 1000, 120


def write(
    keys: Sequence[str], *, year: int, language: Language, address: str, today: date, title: str | None = None
) -> bytes:
    """Write the brief of a shortlist as a PDF of two A4 pages: the same input gives the same bytes.

    keys: one to twelve `kind:id`, in the order of their numbers. year: a year with verified emissions (tonnes of CO₂,
    EU ETS). address: where the same View opens, printed in letters and as a QR code. title: the name of the only
    feature, or the number of features, when left out.

    Raises BriefError naming every fault: an empty or too long list, unknown keys, a year, an address or a title that
    cannot be used.
    """
    faults = _faults(year=year, address=address, title=title)
    if faults:
        raise BriefError(faults, advice="Ask again with these corrected.")
    words = Words(language)
    items = shortlist.read(keys, words)
    found = figures.of(items, shortlist.poles_of(items), year=year)
    facts = Facts(words, found, References(words), today)
    for item in items:
        facts.note_pages(item)
    many = words.count("paper.title", len(items)) if len(items) > 1 else items[0].name
    cover = Cover((title or "").strip() or many, today)
    out = io.BytesIO()
    # Its stubs take the name for a number.
    first: Any = ink.REGULAR
    # Without a first font of ours, reportlab names Helvetica on each page and embeds nothing for it.
    canvas = Canvas(out, page_one.SIZE, pageCompression=1, invariant=1, lang=language, initialFontName=first)
    canvas.setTitle(f"{cover.title} · Provence Map")
    canvas.setAuthor("Provence Map")
    canvas.setSubject(words.text("paper.kind"))
    # The day of issue, not the moment of writing: the same input gives the same bytes.
    canvas.setDateFormatter(lambda *_: f"D:{today:%Y%m%d}000000+00'00'")
    listed = page_one.listing(items, facts)
    plan = page_two.plan(items, facts, address=address)
    page_one.draw(canvas, items, facts, cover, listed=stacked([*plan.moved, listed], gap=8))
    canvas.showPage()
    page_two.draw(canvas, facts, cover, plan.page)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _faults(*, year: int, address: str, title: str | None) -> list[str]:
    """Name what is wrong with everything but the keys."""
    faults = []
    last = catalogue.last_year()
    if not FIRST_YEAR <= year <= last:
        faults.append(f"year {year} is not between {FIRST_YEAR} and {last}, the years with verified emissions")
    if not 0 < len(address.encode()) <= MOST_ADDRESS or not address.isprintable() or " " in address:
        faults.append(
            f"the address of {len(address.encode())} bytes is not one of 1 to {MOST_ADDRESS} without spaces: "
            "leave filters and a drawn area out of it"
        )
    known = ink.letters()
    missing = sorted({letter for letter in title or "" if ord(letter) not in known})
    if missing:
        faults.append(f"the title has letters that the typeface lacks: {' '.join(map(repr, missing))}")
    if len(title or "") > MOST_TITLE:
        faults.append(f"the title has {len(title or '')} letters, at most {MOST_TITLE} fit")
    return faults
