"""The first page: what this is, the map, and the numbered list with the one thing to know of each item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from geo import crs
from layers import catalogue, industry, numbers
from layers.brief import marks, plate
from layers.brief.facts import CONTOURS, Facts
from layers.brief.layout import EDGE, FOOT, GUTTER, PAGE_HEIGHT, WIDTH, beside, stacked
from layers.brief.references import OWN
from layers.print import symbols
from layers.print.frame import Frame
from layers.print.ink import (
    BOLD,
    REGULAR,
    SEMIBOLD,
    SMALLEST,
    Block,
    Drawn,
    Run,
    Setting,
    ink,
    measure,
    quiet,
    set_text,
    strong,
)
from layers.print.items import Item

# A4 upright, in points.
SIZE = A4
_TITLE_SIZES = (24.0, 21.0, 18.5, 16.0, 14.0)
_STRIP = 58.0
# Left of an entry's text: its number and its symbol.
_INDENT = 38.0
_BARS_KM = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40)


@dataclass(frozen=True, slots=True)
class Cover:
    """What the first page says besides the items."""

    title: str
    issued: date


def draw(canvas: Canvas, items: Sequence[Item], facts: Facts, cover: Cover, *, listed: Block) -> None:
    """Draw the first page: the map takes what the head and the blocks below it leave."""
    top = _head(canvas, facts, cover, PAGE_HEIGHT - EDGE)
    foot = FOOT + 14 + listed.height
    box = (EDGE, foot + _STRIP + 12, EDGE + WIDTH, top - 10)
    frame = plate.draw(canvas, items, box, year=facts.figures.year)
    _strip(canvas, items, facts, frame, box[1])
    listed.draw(canvas, EDGE, FOOT + 12 + listed.height)
    foot_line(canvas, facts, cover, 1)


def foot_line(canvas: Canvas, facts: Facts, cover: Cover, page: int) -> None:
    """Draw the line at the foot of a page: product, title, date, page."""
    said = facts.words.text("paper.page", n=page)
    issued = facts.words.text("paper.issued", date=numbers.date(cover.issued.isoformat(), facts.language))
    y = EDGE - 8
    canvas.setFont(REGULAR, SMALLEST)
    canvas.setFillColor(ink("ink3"))
    canvas.drawRightString(EDGE + WIDTH, y, said)
    room = WIDTH - measure(said, REGULAR, SMALLEST) - 16
    title = cover.title
    while measure(f"Provence Map · {title} · {issued}", REGULAR, SMALLEST) > room and " " in title:
        title = title.removesuffix("…").rstrip().rsplit(" ", 1)[0] + "…"
    canvas.drawString(EDGE, y, f"Provence Map · {title} · {issued}")
    canvas.setStrokeColor(ink("line2"))
    canvas.setLineWidth(0.5)
    canvas.line(EDGE, y + 10.5, EDGE + WIDTH, y + 10.5)


def _head(canvas: Canvas, facts: Facts, cover: Cover, top: float) -> float:
    """Draw product, title and what the figures are of; give the height at which they end."""
    symbols.logo(canvas, EDGE, top - 20, size=20)
    canvas.setFillColor(ink("ink"))
    canvas.setFont(SEMIBOLD, 11.5)
    canvas.drawString(EDGE + 27, top - 14, "Provence Map")
    canvas.setFont(REGULAR, 9)
    canvas.setFillColor(ink("ink2"))
    issued = facts.words.text("paper.issued", date=numbers.date(cover.issued.isoformat(), facts.language))
    canvas.drawRightString(EDGE + WIDTH, top - 13.5, f"{facts.words.text('paper.kind')} · {issued}")
    top -= 33
    title = _title(cover.title)
    title.draw(canvas, EDGE, top)
    top -= title.height + 3
    newest = max(str(value) for value in catalogue.load("decarbonation")["status_date"])
    subtitle = facts.words.text("paper.subtitle", year=facts.figures.year, date=numbers.date(newest, facts.language))
    block = set_text([quiet(subtitle)], room=WIDTH, size=9)
    block.draw(canvas, EDGE, top)
    return top - block.height


def _title(title: str) -> Setting:
    """Set the title in one line where it fits, else as large as two lines allow."""
    tries = [(size, 1) for size in _TITLE_SIZES[:3]] + [(size, 2) for size in _TITLE_SIZES[1:]]
    for size, most in tries:
        block = set_text([Run(title, BOLD)], room=WIDTH, size=size, leading=1.18)
        if len(block.lines) <= most:
            break
    return block


def listing(items: Sequence[Item], facts: Facts) -> Block:
    """Lay out the numbered list in two columns, one item in a single one.

    It comes before everything else, so that letters are given to sources in the order of reading.
    """
    size = 9.0 if len(items) <= 4 else 8.2 if len(items) <= 8 else 7.8
    columns = 1 if len(items) == 1 else 2
    width = (WIDTH - GUTTER * (columns - 1)) / columns
    entries = [_entry(item, facts, width, size) for item in items]
    split = -(-len(entries) // columns)
    facts.references.mark(CONTOURS, OWN)
    parts = [stacked(entries[at : at + split], gap=size * 0.62) for at in range(0, len(entries), split)]
    return beside([(at * (width + GUTTER), part) for at, part in enumerate(parts)])


def _entry(item: Item, facts: Facts, width: float, size: float) -> Block:
    room = width - _INDENT
    name = set_text([strong(item.name), facts.origin(item)], room=room, size=size + 0.6, leading=1.22)
    what = set_text([quiet(f"{facts.what(item)} · {facts.where(item)}")], room=room, size=size, leading=1.25)
    key = set_text(facts.key(item), room=room, size=size, leading=1.25)
    body = stacked([name, what, key])

    def paint(canvas: Canvas, x: float, top: float) -> None:
        marks.mark(canvas, item.number, (x + marks.RADIUS, top - 6.6))
        marks.badge(canvas, item, (x + 25, top - 6.6))
        body.draw(canvas, x + _INDENT, top)

    return Drawn(max(body.height, 15.0), paint)


def _strip(canvas: Canvas, items: Sequence[Item], facts: Facts, frame: Frame, top: float) -> None:
    """Draw what belongs to the map under it: scale, north, what is drawn, where the lines come from."""
    top -= 6
    right = _scale_bar(canvas, facts, frame, EDGE, top)
    _north(canvas, right + 24, top)
    _key(canvas, items, facts, right + 52, top)
    note = set_text(
        [
            quiet(facts.words.text("paper.map_note")),
            facts.references.mark(CONTOURS, OWN),
            quiet(f" · {facts.words.text('paper.projection', code=crs.LAMBERT93)}"),
        ],
        room=WIDTH, size=SMALLEST,
    )  # fmt: skip
    note.draw(canvas, EDGE, top - 40)


def _scale_bar(canvas: Canvas, facts: Facts, frame: Frame, x: float, top: float) -> float:
    """Draw a bar that measures right with a ruler, and give its right end."""
    longest = 140 * frame.metres / 1000
    km = max((bar for bar in _BARS_KM if bar <= longest), default=_BARS_KM[0])
    length = km * 1000 / frame.metres
    y = top - 15
    parts = 4 if km % 4 == 0 else 2 if km % 2 == 0 else 3 if km % 3 == 0 else 5 if km % 5 == 0 else 1
    canvas.setStrokeColor(ink("ink"))
    canvas.setLineWidth(0.6)
    canvas.setFont(REGULAR, SMALLEST)
    for part in range(parts):
        canvas.setFillColor(ink("ink" if part % 2 == 0 else "surface"))
        canvas.rect(x + part * length / parts, y, length / parts, 3.6, stroke=1, fill=1)
    canvas.setFillColor(ink("ink2"))
    canvas.drawString(x, y + 6.4, "0")
    if parts > 1:
        canvas.drawCentredString(x + length / 2, y + 6.4, numbers.plain(km / 2, facts.language))
    canvas.drawRightString(x + length + 11, y + 6.4, f"{km}\u00a0km")
    scale = facts.words.text("paper.scale", scale=f"1:{numbers.number(frame.scale, facts.language)}")
    canvas.drawString(x, y - 9.4, scale)
    return x + max(length, measure(scale, REGULAR, SMALLEST))


def _north(canvas: Canvas, x: float, top: float) -> None:
    """Draw an arrow to the north of the grid."""
    for side, token in ((-1, "ink"), (1, "surface")):
        path = canvas.beginPath()
        path.moveTo(x, top - 1)
        path.lineTo(x + side * 4.6, top - 17)
        path.lineTo(x, top - 13.6)
        path.close()
        canvas.setFillColor(ink(token))
        canvas.setStrokeColor(ink("ink"))
        canvas.setLineWidth(0.6)
        canvas.setLineJoin(1)
        canvas.drawPath(path, stroke=1, fill=1)
    canvas.setFillColor(ink("ink"))
    canvas.setFont(SEMIBOLD, SMALLEST)
    canvas.drawCentredString(x, top - 25.4, "N")


def _key(canvas: Canvas, items: Sequence[Item], facts: Facts, x: float, top: float) -> None:
    """Draw the key: context symbols in a column, then the size of circles where sites are kept."""
    words = facts.words
    canvas.setFont(REGULAR, SMALLEST)
    rows = (("site", "paper.key_sites"), ("project", "paper.key_projects"))
    said = {"paper.key_sites": words.text("paper.key_sites"), "paper.key_projects": words.text("paper.key_projects")}
    for at, (kind, key) in enumerate(rows):
        y = top - 6.5 - at * 11
        plate.context(canvas, kind, (x + 3, y))
        canvas.setFillColor(ink("ink2"))
        canvas.drawString(x + 11, y - 2.6, said[key])
    first = x
    x += 11 + max(measure(text, REGULAR, SMALLEST) for text in said.values()) + 22
    tonnes = [value for value in plate.co2_of(items, facts.figures.year).values() if value]
    if tonnes:
        _sizes(canvas, facts, max(tonnes), x, top)
    if any(item.kind == "site" and item.row.approximate for item in items):
        # Under the two rows of context, where a long name has room in both languages.
        symbols.site(canvas, "ink3", (first + 3, top - 30), radius=2.6, approximate=True)
        canvas.setFont(REGULAR, SMALLEST)
        canvas.setFillColor(ink("ink2"))
        canvas.drawString(first + 11, top - 32.6, words.text("key.approximate"))


def _sizes(canvas: Canvas, facts: Facts, highest: float, x: float, top: float) -> None:
    """Draw circles of round tonnages at the map's own size."""
    steps = [mt for mt in (0.1, 1.0, 6.5) if mt * 1e6 <= max(highest * 1.3, 1e6)]
    title = facts.words.text("key.sizes", year=facts.figures.year)
    canvas.setFont(REGULAR, SMALLEST)
    canvas.setFillColor(ink("ink2"))
    block = set_text(
        [quiet(title), facts.references.mark(*industry.ets_sources(facts.figures.year))], room=78, size=SMALLEST
    )
    block.draw(canvas, x, top - 19 + block.height / 2)
    x += block.widest + 10
    for mt in steps:
        radius = plate.radius_of(mt * 1e6)
        said = numbers.plain(mt, facts.language) + ("\u00a0Mt" if mt == steps[-1] else "")
        canvas.setStrokeColor(ink("ink2"))
        canvas.setLineWidth(0.6)
        canvas.circle(x + radius, top - 19, radius, stroke=1, fill=0)
        canvas.setFillColor(ink("ink2"))
        canvas.setFont(REGULAR, SMALLEST)
        canvas.drawString(x + 2 * radius + 3, top - 21.6, said)
        x += 2 * radius + 3 + measure(said, REGULAR, SMALLEST) + 9
