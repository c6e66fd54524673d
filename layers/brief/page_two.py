"""The second page: figures side by side, what they say of the poles, sources, limits, the way back to the map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import segno
from reportlab.pdfgen.canvas import Canvas

from layers import catalogue
from layers.brief import chart, poles, tables
from layers.brief.facts import Facts
from layers.brief.figures import emitting, together
from layers.brief.ink import SMALLEST, Block, Drawn, Run, ink, quiet, set_text, strong
from layers.brief.layout import EDGE, FOOT, GUTTER, PAGE_HEIGHT, WIDTH, column_width, flow, heading, stacked
from layers.brief.page_one import Cover, foot_line
from layers.brief.shortlist import Item, of_kinds
from layers.errors import BriefError

_SIDE = 118.0
_LEFT = WIDTH - _SIDE - 2 * GUTTER
_MOST_CHARTS, _CHART_HEIGHT = 4, 92.0
_LEAST_GAP, _MOST_GAP = 9.0, 20.0


@dataclass(frozen=True, slots=True)
class Detail:
    """How much is said, and how large. `charts` and `in_short` are left out where room is short, addresses cut."""

    size: float
    charts: bool = False
    in_short: bool = False
    addresses: bool = False


# From the richest to the leanest: the first that fits the page is taken.
DETAILS = (
    Detail(9.0, charts=True, in_short=True, addresses=True),
    Detail(8.6, charts=True, in_short=True, addresses=True),
    Detail(8.6, charts=True, in_short=True),
    Detail(8.2, charts=True, in_short=True),
    Detail(8.2, in_short=True),
    Detail(8.6, charts=True),
    Detail(8.6),
    Detail(8.2),
    Detail(7.8),
    Detail(SMALLEST),
)


@dataclass(slots=True)
class _Page:
    """Blocks from the top, and the region at the foot."""

    upper: list[Block] = field(default_factory=list)
    lower: Block | None = None

    @property
    def height(self) -> float:
        """Give the least height that everything needs."""
        blocks = [*self.upper, *([self.lower] if self.lower else [])]
        return sum(block.height for block in blocks) + _LEAST_GAP * (len(blocks) - 1)


def draw(canvas: Canvas, items: Sequence[Item], facts: Facts, cover: Cover, *, address: str) -> None:
    """Draw the second page with the most detail that fits.

    Raises BriefError when not even the least does, which no shortlist of the tables brings about.
    """
    room = PAGE_HEIGHT - EDGE - FOOT - 6
    for detail in DETAILS:
        page = _compose(items, facts, detail, address)
        if page.height <= room:
            break
    else:
        raise BriefError(
            [f"{len(items)} features need {page.height - room:.0f} pt more than two pages have"],
            advice="Take some of them off the shortlist.",
        )
    gaps = len(page.upper)
    gap = min(_MOST_GAP, _LEAST_GAP + (room - page.height) / gaps)
    top = PAGE_HEIGHT - EDGE
    for block in page.upper:
        block.draw(canvas, EDGE, top)
        top -= block.height + gap
    if page.lower:
        page.lower.draw(canvas, EDGE, top)
    foot_line(canvas, facts, cover, 2)


def _compose(items: Sequence[Item], facts: Facts, detail: Detail, address: str) -> _Page:
    words = facts.words
    note = words.text("brief.as_announced") if of_kinds(items, "project") else ""
    first, *others = tables.all_of(items, facts, size=detail.size)
    upper: list[Block] = [stacked([heading(words.text("brief.figures"), room=WIDTH, note=note), first], gap=2), *others]
    if of_kinds(items, "site"):
        upper[0] = stacked([upper[0], tables.status_key(facts, room=WIDTH)], gap=4)
    if detail.charts:
        upper += _charts(items, facts)
    if detail.in_short:
        upper += _in_short(items, facts, detail)
    upper += poles.said(items, facts, size=detail.size)
    return _Page(upper, _lower(items, facts, detail, address))


def _charts(items: Sequence[Item], facts: Facts) -> Iterator[Block]:
    """Give the yearly emissions of a few sites with their axes."""
    sites = emitting(items, facts.figures)
    if not 1 <= len(sites) <= _MOST_CHARTS:
        return
    count = max(2, len(sites))
    width = column_width(columns=count, room=WIDTH)

    def paint(canvas: Canvas, x: float, top: float) -> None:
        for at, item in enumerate(sites):
            left = x + at * (width + GUTTER)
            name = set_text([strong(f"{item.number}\u2002"), Run(item.name)], room=width, size=8)
            name.draw(canvas, left, top)
            chart.full(
                canvas,
                facts.figures.sites[item.id].series,
                left,
                top - name.height - 10,
                size=(width, _CHART_HEIGHT - 34),
                year=facts.figures.year,
                token=item.row.family,
                language=facts.language,
            )

    title = heading(facts.words.text("co2.title"), room=WIDTH, note=facts.words.text("brief.ets"))
    yield stacked([title, Drawn(_CHART_HEIGHT, paint)], gap=2)


def _in_short(items: Sequence[Item], facts: Facts, detail: Detail) -> Iterator[Block]:
    """Give what the tables say of the items in words."""
    said = [(item, facts.in_short(item)) for item in items]
    width = column_width(columns=2, room=WIDTH)
    blocks: list[Block] = [
        set_text([strong(f"{item.number}\u2002"), Run(text), facts.origin(item)], room=width, size=detail.size)
        for item, text in said
        if text
    ]
    if blocks:
        title = heading(facts.words.text("project.summary"), room=WIDTH)
        yield stacked([title, flow(blocks, columns=2, room=WIDTH, gap=4)], gap=2)


def _lower(items: Sequence[Item], facts: Facts, detail: Detail, address: str) -> Block:
    """Give sources and limits in two columns, and the way back to the map beside them."""
    parts = flow(list(_notes(items, facts, detail)), columns=2, room=_LEFT, gap=2.6)
    back = _back(facts, address)
    height = max(parts.height, back.height)

    def paint(canvas: Canvas, x: float, top: float) -> None:
        canvas.setStrokeColor(ink("ink"))
        canvas.setLineWidth(0.7)
        canvas.line(x, top, x + WIDTH, top)
        parts.draw(canvas, x, top - 8)
        back.draw(canvas, x + WIDTH - _SIDE, top - 8)

    return Drawn(height + 8, paint)


def _notes(items: Sequence[Item], facts: Facts, detail: Detail) -> Iterator[Block]:
    words = facts.words
    room = column_width(columns=2, room=_LEFT)

    def small(runs: Sequence[Run]) -> Block:
        return set_text(runs, room=room, size=SMALLEST, leading=1.24)

    sections: list[tuple[str, list[list[Run]]]] = [
        (words.text("card.sources"), list(facts.references.entries())),
        (words.text("brief.pages"), facts.references.pages(whole=detail.addresses)),
        (words.text("brief.positions"), list(_positions(items, facts))),
        (words.text("about.limits"), [[Run(text)] for text in _limits(items, facts)]),
    ]
    for title, entries in sections:
        if entries:
            head, *others = entries
            yield stacked([heading(title, room=room), small(head)], gap=1)
            yield from (small(entry) for entry in others)


def _positions(items: Sequence[Item], facts: Facts) -> Iterator[list[Run]]:
    """Say how exact the positions are, items of the same exactness together."""
    grouped: dict[str, list[str]] = {}
    for item in items:
        said = facts.position(item) or facts.words.text("brief.official")
        grouped.setdefault(said, []).append(str(item.number))
    for said, own in grouped.items():
        yield [strong(f"{', '.join(own)}\u2002"), Run(said)]


def _limits(items: Sequence[Item], facts: Facts) -> Iterator[str]:
    words = facts.words
    if of_kinds(items, "site"):
        yield words.text("brief.limit_lines")
    yield words.text("brief.limit_ets")
    if of_kinds(items, "project"):
        yield words.text("brief.limit_projects")
    yield words.text("brief.limit_positions")
    groups: dict[str, list[str]] = {}
    for item in together(items):
        groups.setdefault(item.row.place_group, []).append(item.row.place_group)
    sites = catalogue.load("industry")
    for group in groups:
        names = sites[sites["place_group"] == group]["name"]
        yield words.text("brief.limit_together", names=", ".join(names))


def _back(facts: Facts, address: str) -> Block:
    """Give the address of the map, as a code for a telephone and in letters."""
    side = heading(facts.words.text("brief.open"), room=_SIDE)
    code = segno.make(address, error="l" if len(address) > 300 else "m", micro=False, boost_error=False)
    rows = [bytes(row) for row in code.matrix]
    link = address if address.startswith(("http://", "https://")) else ""
    size = _SIDE
    text = set_text([Run(address, colour="primary", link=link)], room=_SIDE, size=SMALLEST, leading=1.22)

    def paint(canvas: Canvas, x: float, top: float) -> None:
        canvas.setFillColor(ink("ink"))
        step = size / len(rows)
        for down, row in enumerate(rows):
            for start, length in _dark(row):
                canvas.rect(
                    x + start * step, top - (down + 1) * step, length * step, step + 0.02, stroke=0, fill=1
                )
        if link:
            canvas.linkURL(link, (x, top - size, x + size, top), relative=0, thickness=0)

    return stacked([side, Drawn(size + 3, paint), text], gap=2)


def _dark(row: bytes) -> Iterator[tuple[int, int]]:
    """Give each run of dark modules: its first and its length."""
    start = None
    for at, module in enumerate([*row, 0]):
        if module and start is None:
            start = at
        elif not module and start is not None:
            yield start, at - start
            start = None


