"""The second page: figures side by side, what they say of the poles, sources, limits, the way back to the map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import segno
from reportlab.pdfgen.canvas import Canvas

from layers import catalogue, qr
from layers.brief import chart, poles, tables
from layers.brief.facts import Facts
from layers.brief.figures import emitting, together
from layers.brief.layout import EDGE, FOOT, GUTTER, PAGE_HEIGHT, WIDTH, column_width, flow, heading, stacked
from layers.brief.page_one import Cover, foot_line
from layers.brief.references import numbered
from layers.brief.shortlist import of_kinds
from layers.errors import BriefError
from layers.print.ink import SMALLEST, Block, Drawn, Run, Setting, by_line, ink, set_text, strong
from layers.print.items import Item

_COLUMNS, _LEAST_CODE = 3, 72.0
_MOST_CHARTS, _CHART_HEIGHT = 4, 92.0
_LEAST_GAP, _MOST_GAP = 8.0, 20.0
_ROOM = PAGE_HEIGHT - EDGE - FOOT - 6


@dataclass(frozen=True, slots=True)
class Detail:
    """How much is said, and how large.

    charts, in_short: sections left out where room is short. whole: titles of sources and pages, not only who they are.
    poles, limits: on this page, or else on the first.
    """

    size: float
    charts: bool = False
    in_short: bool = False
    whole: bool = True
    poles: bool = True
    limits: bool = True


# Of more than a few items, charts and texts never fit: their details need not be tried.
_FEW, _OF_MANY = 6, 5

# From the richest to the leanest: the first that fits the page is taken.
DETAILS = (
    Detail(9.0, charts=True, in_short=True),
    Detail(8.6, charts=True, in_short=True),
    Detail(8.2, charts=True, in_short=True),
    Detail(8.2, in_short=True),
    Detail(8.6, charts=True),
    Detail(8.6),
    Detail(8.2),
    Detail(8.2, whole=False),
    Detail(7.8, whole=False),
    Detail(SMALLEST, whole=False),
    Detail(SMALLEST, whole=False, poles=False),
    Detail(SMALLEST, whole=False, poles=False, limits=False),
)


@dataclass(frozen=True, slots=True)
class Page:
    """Blocks from the top, and the region at the foot."""

    upper: list[Block]
    lower: Block

    @property
    def height(self) -> float:
        """Give the least height that everything needs."""
        blocks = [*self.upper, self.lower]
        return sum(block.height for block in blocks) + _LEAST_GAP * (len(blocks) - 1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the second page holds, and what it had no room for."""

    page: Page
    moved: tuple[Block, ...] = ()


def plan(items: Sequence[Item], facts: Facts, *, address: str) -> Plan:
    """Compose the second page with the most detail that fits; what has no room goes to the first page.

    Raises BriefError when not even that is enough, which no shortlist of the tables brings about.
    """
    for detail in DETAILS if len(items) <= _FEW else DETAILS[_OF_MANY:]:
        page = _compose(items, facts, detail, address)
        if page.height <= _ROOM:
            return Plan(page, tuple(_moved(items, facts, detail)))
    raise BriefError(
        [f"{len(items)} features need {page.height - _ROOM:.0f} pt more than two pages have"],
        advice="Take some of them off the shortlist.",
    )


def _moved(items: Sequence[Item], facts: Facts, detail: Detail) -> Iterator[Block]:
    if not detail.poles:
        yield from poles.said(facts, size=detail.size, running=not detail.whole)
    if not detail.limits:
        runs = [strong(f"{facts.words.text('about.limits')}\u00a0\u00a0"), Run(" ".join(_limits(items, facts)))]
        yield set_text(runs, room=WIDTH, size=SMALLEST, leading=1.22)


def draw(canvas: Canvas, facts: Facts, cover: Cover, page: Page) -> None:
    """Draw the second page; room that is left goes between its sections."""
    gap = min(_MOST_GAP, _LEAST_GAP + (_ROOM - page.height) / len(page.upper))
    top = PAGE_HEIGHT - EDGE
    for block in page.upper:
        block.draw(canvas, EDGE, top)
        top -= block.height + gap
    page.lower.draw(canvas, EDGE, top)
    foot_line(canvas, facts, cover, 2)


def _compose(items: Sequence[Item], facts: Facts, detail: Detail, address: str) -> Page:
    words = facts.words
    note = words.text("paper.as_announced") if of_kinds(items, "project") else ""
    first, *others = tables.all_of(items, facts, size=detail.size)
    upper: list[Block] = [
        stacked([heading(words.count("paper.figures", len(items)), room=WIDTH, note=note), first], gap=2),
        *others,
    ]
    if of_kinds(items, "site"):
        upper[0] = stacked([upper[0], tables.status_key(facts, room=WIDTH)], gap=3)
    if detail.charts:
        upper += _charts(items, facts)
    if detail.in_short:
        upper += _in_short(items, facts, detail)
    if detail.poles:
        upper += poles.said(facts, size=detail.size, running=not detail.whole)
    return Page(upper, _lower(items, facts, detail, address))


def _charts(items: Sequence[Item], facts: Facts) -> Iterator[Block]:
    """Give the yearly emissions of a few sites with their axes."""
    sites = emitting(items, facts.figures)
    if not 1 <= len(sites) <= _MOST_CHARTS:
        return
    count, height = len(sites), _CHART_HEIGHT + (24 if len(sites) == 1 else 0)
    width = column_width(columns=count, room=WIDTH)

    def paint(canvas: Canvas, x: float, top: float) -> None:
        for at, item in enumerate(sites):
            left = x + at * (width + GUTTER)
            name = set_text([strong(f"{item.number}\u00a0\u00a0"), Run(item.name)], room=width, size=8)
            name.draw(canvas, left, top)
            chart.full(
                canvas,
                facts.figures.sites[item.id].series,
                left,
                top - name.height - 10,
                size=(width, height - name.height - 10),
                year=facts.figures.year,
                token=item.row.family,
                language=facts.language,
            )

    title = heading(facts.words.text("co2.title"), room=WIDTH, note=facts.words.text("paper.ets"))
    yield stacked([title, Drawn(height, paint)], gap=2)


def _in_short(items: Sequence[Item], facts: Facts, detail: Detail) -> Iterator[Block]:
    """Give what the tables say of the items in words."""
    said = [(item, facts.in_short(item)) for item in items]
    width = column_width(columns=2, room=WIDTH)
    blocks: list[Block] = [
        set_text([strong(f"{item.number}\u00a0\u00a0"), Run(text), facts.origin(item)], room=width, size=detail.size)
        for item, text in said
        if text
    ]
    if blocks:
        title = heading(facts.words.text("project.summary"), room=WIDTH)
        yield stacked([title, flow(blocks, columns=2, room=WIDTH, gap=4)], gap=2)


def _lower(items: Sequence[Item], facts: Facts, detail: Detail, address: str) -> Block:
    """Give sources, pages, limits and the way back to the map, in columns under a line."""
    parts = flow([*_notes(items, facts, detail), _back(facts, address)], columns=_COLUMNS, room=WIDTH, gap=0)

    def paint(canvas: Canvas, x: float, top: float) -> None:
        canvas.setStrokeColor(ink("ink"))
        canvas.setLineWidth(0.7)
        canvas.line(x, top, x + WIDTH, top)
        parts.draw(canvas, x, top - 8)

    return Drawn(parts.height + 8, paint)


def _notes(items: Sequence[Item], facts: Facts, detail: Detail) -> Iterator[Block]:
    words = facts.words
    room = column_width(columns=_COLUMNS, room=WIDTH)

    def small(runs: Sequence[Run]) -> Setting:
        return set_text(runs, room=room, size=SMALLEST, leading=1.19)

    sections: list[tuple[str, list[list[Run]]]] = [
        (words.text("card.sources"), list(facts.references.entries(whole=detail.whole))),
        (words.text("paper.pages"), facts.references.pages(whole=detail.whole)),
        (words.text("paper.positions"), list(_positions(items, facts))),
        (words.text("about.limits"), [[Run(text)] for text in _limits(items, facts) if detail.limits]),
    ]
    for title, entries in sections:
        if not entries:
            continue
        blocks: list[Block] = [stacked([small(entry), Drawn(2.2, _nothing)]) for entry in entries]
        if not detail.whole:
            # One running text, line by line: a paragraph for each would end in half an empty line each.
            blocks = [*by_line(small([run for entry in entries for run in (*entry, Run("  "))]))]
        yield stacked([Drawn(4, _nothing), heading(title, room=room), blocks[0]])
        yield from blocks[1:]


def _nothing(_canvas: Canvas, _x: float, _top: float) -> None:
    """Draw nothing: the block is room alone."""


def _positions(items: Sequence[Item], facts: Facts) -> Iterator[list[Run]]:
    """Say how exact the positions are, items of the same exactness together."""
    grouped: dict[str, list[int]] = {}
    for item in items:
        said = facts.position(item) or facts.words.text("paper.official")
        grouped.setdefault(said, []).append(item.number)
    for said, own in grouped.items():
        yield [numbered(own), Run(said)]


def _limits(items: Sequence[Item], facts: Facts) -> Iterator[str]:
    words = facts.words
    if of_kinds(items, "site"):
        yield words.text("paper.limit_lines")
    yield words.text("paper.limit_ets")
    if of_kinds(items, "project"):
        yield words.text("paper.limit_projects")
    yield words.text("paper.limit_positions")
    sites = catalogue.load("industry")
    groups = dict.fromkeys(item.row.place_group for item in together(items))
    names = [", ".join(sites[sites["place_group"] == group]["name"]) for group in groups]
    if names:
        yield words.text("paper.limit_together", names=" / ".join(names))


def _back(facts: Facts, address: str) -> Block:
    """Give the address of the map, as a code for a telephone and in letters."""
    room = column_width(columns=_COLUMNS, room=WIDTH)
    side = heading(facts.words.text("paper.open"), room=room)
    rows = _modules(address)
    link = address if address.startswith(("http://", "https://")) else ""
    # A module of 1.02 points, 0.36 mm, is read by any telephone.
    size = max(_LEAST_CODE, len(rows) * 1.02)
    text = set_text([Run(address, colour="primary", link=link)], room=room, size=SMALLEST, leading=1.22)

    def paint(canvas: Canvas, x: float, top: float) -> None:
        canvas.setFillColor(ink("ink"))
        step = size / len(rows)
        for down, row in enumerate(rows):
            for start, length in qr.runs(row):
                canvas.rect(x + start * step, top - (down + 1) * step, length * step, step + 0.02, stroke=0, fill=1)
        if link:
            canvas.linkURL(link, (x, top - size, x + size, top), relative=0, thickness=0)

    return stacked([Drawn(4, _nothing), side, Drawn(size + 2, paint), text], gap=1)


@lru_cache(maxsize=8)
def _modules(address: str) -> tuple[bytes, ...]:
    """Give the rows of the code, 1 for a dark module; long addresses take the least correction."""
    code = segno.make(address, error="l" if len(address) > 300 else "m", micro=False, boost_error=False)
    return tuple(bytes(row) for row in code.matrix)
