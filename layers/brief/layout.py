"""Columns, tables and flows: blocks put together on a page. Lengths in points."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from layers.print.ink import MM, SMALLEST, Block, Drawn, Run, ink, quiet, set_text, strong

PAGE_WIDTH, PAGE_HEIGHT = A4
EDGE = 12 * MM
WIDTH = PAGE_WIDTH - 2 * EDGE
GUTTER = 14.0
# Above the line at the foot of the page.
FOOT = EDGE + 4

# A cell is asked for its block once the width of its column and the size of the type are known.
Cell = Callable[[float, float], Block]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: what stands over it and how wide it is."""

    head: Cell
    width: float


def said(*runs: Run, align: str = "left") -> Cell:
    """Make a cell of text."""
    return lambda room, size: set_text(runs, room=room, size=size, align=align, leading=1.24)


def headed(*runs: Run, align: str = "left") -> Cell:
    """Make the head of a column."""
    return lambda room, _: set_text(
        [Run(run.text, run.font, "primary" if run.mark else "ink2", run.mark) for run in runs],
        room=room,
        size=SMALLEST,
        align=align,
        leading=1.2,
    )


def stacked(blocks: Iterable[Block], *, gap: float = 0.0) -> Drawn:
    """Put blocks below one another."""
    parts = list(blocks)

    def paint(canvas: Canvas, x: float, top: float) -> None:
        for part in parts:
            part.draw(canvas, x, top)
            top -= part.height + gap

    return Drawn(sum(part.height for part in parts) + gap * max(len(parts) - 1, 0), paint)


def beside(blocks: Sequence[tuple[float, Block]]) -> Drawn:
    """Put blocks side by side, each at its distance from the left edge."""

    def paint(canvas: Canvas, x: float, top: float) -> None:
        for dx, block in blocks:
            block.draw(canvas, x + dx, top)

    return Drawn(max((block.height for _, block in blocks), default=0.0), paint)


def table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, size: float) -> Drawn:
    """Lay out a table: heads over a line, rows parted by fine lines."""
    room = 6.0
    pad = 1.8 if size < 8 else 3.0
    lefts = [sum(column.width for column in columns[:at]) for at in range(len(columns))]

    def line_of(cells: Iterable[Cell]) -> list[tuple[float, Block]]:
        return [(x, cell(c.width - room, size)) for x, c, cell in zip(lefts, columns, cells, strict=True)]

    heads = line_of([column.head for column in columns])
    head_height = max(block.height for _, block in heads)
    body = [beside(line_of(cells)) for cells in rows]
    heights = [max(block.height, 12.6) + 2 * pad for block in body]

    def paint(canvas: Canvas, x: float, top: float) -> None:
        for dx, block in heads:
            block.draw(canvas, x + dx, top - head_height + block.height)
        top -= head_height + 2.5
        _rule(canvas, x, top, "ink", 0.7)
        for at, (block, height) in enumerate(zip(body, heights, strict=True)):
            block.draw(canvas, x, top - pad)
            top -= height
            last = at == len(body) - 1
            _rule(canvas, x, top, "line2" if last else "line", 0.5)

    return Drawn(head_height + 2.5 + sum(heights), paint)


def _rule(canvas: Canvas, x: float, y: float, token: str, thick: float) -> None:
    canvas.setStrokeColor(ink(token))
    canvas.setLineWidth(thick)
    canvas.line(x, y, x + WIDTH, y)


def heading(text: str, *, room: float, note: str = "") -> Drawn:
    """Give the heading of a section, with a remark after it."""
    runs = [strong(text)]
    if note:
        runs.append(quiet(f"\u2003{note}"))
    block = set_text([Run(runs[0].text, runs[0].font)], room=room, size=10.2, leading=1.25)
    if not note:
        return Drawn(block.height + 2, block.draw)
    taken = block.widest + 10
    remark = set_text([quiet(note)], room=room - taken, size=SMALLEST, leading=1.2)
    height = max(block.height, remark.height) + 2

    def paint(canvas: Canvas, x: float, top: float) -> None:
        block.draw(canvas, x, top)
        # On one base line with the heading when it is one line, else from its top.
        remark.draw(canvas, x + taken, top - (2.6 if len(remark.lines) == 1 else 0))

    return Drawn(height, paint)


def flow(blocks: Sequence[Block], *, columns: int, room: float, gap: float) -> Drawn:
    """Fill columns of equal width one after the other, as short as they can be together."""
    width = (room - GUTTER * (columns - 1)) / columns
    whole = sum(block.height + gap for block in blocks)
    limits = sorted({h for h in _limits(blocks, gap) if h >= whole / columns - gap})
    limit = next((h for h in limits if len(_filled(blocks, h, gap)) <= columns), whole)
    parts = [stacked(part, gap=gap) for part in _filled(blocks, limit, gap)]
    return beside([(at * (width + GUTTER), part) for at, part in enumerate(parts)])


def column_width(*, columns: int, room: float) -> float:
    """Give the width of a column of a flow."""
    return (room - GUTTER * (columns - 1)) / columns


def _limits(blocks: Sequence[Block], gap: float) -> Iterable[float]:
    """Give the height of every run of neighbours: the shortest column is one of them."""
    for first in range(len(blocks)):
        height = -gap
        for block in blocks[first:]:
            height += block.height + gap
            yield height + 1e-6


def _filled(blocks: Sequence[Block], limit: float, gap: float) -> list[list[Block]]:
    parts: list[list[Block]] = [[]]
    used = 0.0
    for block in blocks:
        if parts[-1] and used + gap + block.height > limit:
            parts.append([])
            used = 0.0
        used += block.height + (gap if parts[-1] else 0.0)
        parts[-1].append(block)
    return parts
