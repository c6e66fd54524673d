"""The pages of a sheet: the map with what stands beside it, and a page more for what finds no room there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from reportlab.pdfgen.canvas import Canvas

from layers import numbers
from layers.brief.layout import stacked
from layers.print import frame as frames
from layers.print.ink import MM, SEMIBOLD, Block, Run, ink, quiet, set_text, strong
from layers.print.placing import Box
from layers.print.words import Words
from layers.sheet import column, drawing, furniture, legend
from layers.sheet import grid as grids
from layers.sheet import layout as layouts
from layers.sheet.drawing import Chart
from layers.sheet.model import Sheet

_GAP = 8.0
_MOST_CHIEF = 3
_GUTTER = 8 * MM
# The inset: its size on A3, its scale, and the middle of the zone of Fos in Lambert-93.
_INSET, _INSET_SCALE, _FOS = (112 * MM, 84 * MM), 125_000, (852_000.0, 6_260_900.0)
_STRIP = 17.0


def charts(sheet: Sheet) -> list[Chart]:
    """Give the maps of a sheet: the main one, and the inset of Fos where the whole metropolis is on A3."""
    frame = sheet.frame()
    area = None if sheet.whole else sheet.shape
    # Of few communes each is the subject; of many none is.
    chief = sheet.area.ids if sheet.area.kind == "communes" and len(sheet.area.ids) <= _MOST_CHIEF else ()
    main = Chart(sheet.view, frame, area, column.outline(sheet), sheet.look, sheet.crs, sheet.language, chief)
    if not (sheet.whole and sheet.paper == "a3" and frame.scale > 2 * _INSET_SCALE and _worth(main)):
        return [main]
    left, foot, _, _ = frame.box
    gap = sheet.look.gap
    box = (left + gap + 4, foot + gap + 4, left + gap + 4 + _INSET[0], foot + gap + 4 + _INSET[1])
    inset = frames.centred(box, _FOS, scale=_INSET_SCALE)
    return [main, Chart(sheet.view, inset, None, "ink", sheet.look, sheet.crs, sheet.language)]


def _worth(main: Chart) -> bool:
    """Tell whether anything shown stands in the zone of Fos."""
    west, south, east, north = _FOS[0] - 7e3, _FOS[1] - 5e3, _FOS[0] + 7e3, _FOS[1] + 5e3
    rows = [main.rows(layer) for layer in ("industry", "decarbonation")]
    return any(len(found.cx[west:east, south:north]) for found in rows)


def draw(canvas: Canvas, sheet: Sheet, *, first: bool = True, second: bool = True) -> int:
    """Draw the pages of a sheet and give how many they are; `showPage` is called after each."""
    made = charts(sheet)
    room = sheet.layout
    rest = _side(canvas, sheet, made) if first else []
    if first:
        _map(canvas, sheet, made)
        canvas.showPage()
    else:
        rest = list(_blocks(sheet, made, width=_second_width(sheet)))
    if not (second and rest):
        return int(first)
    further(canvas, sheet, rest if room.columns == 0 else _again(sheet, made, rest))
    canvas.showPage()
    return int(first) + 1


def _blocks(sheet: Sheet, made: Sequence[Chart], *, width: float) -> list[Block]:
    """Give the blocks of the column in their order, between the titles and the title block."""
    words, year = Words(sheet.language), sheet.view.verified_year
    table = column.figures(sheet, room=width)
    found: list[Block] = [] if table is None else [table]
    found += legend.blocks(legend.survey(made), words, sheet.look, year=year, room=width)
    return [*found, column.sources(sheet, made, room=width)]


def _second_width(sheet: Sheet) -> float:
    box, columns = layouts.second(sheet.layout)
    return (box[2] - box[0] - _GUTTER * (columns - 1)) / columns


def _again(sheet: Sheet, made: Sequence[Chart], rest: Sequence[Block]) -> list[Block]:
    """Set the blocks that found no room in the width of the next page."""
    return _blocks(sheet, made, width=_second_width(sheet))[-len(rest) :]


def _side(canvas: Canvas, sheet: Sheet, made: Sequence[Chart]) -> list[Block]:
    """Draw what stands beside or below the map; give the blocks that find no room."""
    at = sheet.layout
    left, foot, right, top = at.side
    if at.columns == 0:
        _strip(canvas, sheet)
        return [] if sheet.key else _blocks(sheet, made, width=_second_width(sheet))
    width = (right - left - _GUTTER * (at.columns - 1)) / at.columns
    # Beside the map the column begins level with the grid’s figures.
    lift = 9.0 if at.columns == 1 else 2.0
    titles, block = column.head(sheet, room=width), column.block(sheet, room=width)
    titles.draw(canvas, left, top + lift)
    block.draw(canvas, left, foot + block.height)
    # Columns of what is free: the first one ends at the title block.
    rooms = [(left, top + lift - titles.height - 5, foot + block.height + 6)]
    rooms += [(left + n * (width + _GUTTER), top, foot) for n in range(1, at.columns)]
    rest = _blocks(sheet, made, width=width)
    for x, upper, lower in rooms:
        taken: list[Block] = []
        while rest and sum(b.height + _GAP for b in taken) + rest[0].height <= upper - lower:
            taken.append(rest.pop(0))
        last = not rest and at.columns == 1
        spare = upper - lower - sum(b.height for b in taken)
        gap = min(18.0, spare / max(len(taken), 1)) if at.columns == 1 else _GAP
        y = upper
        for number, one in enumerate(taken):
            if last and number == len(taken) - 1:
                # Sources stand at the foot, above the title block.
                y = min(y, lower + one.height + 2)
            one.draw(canvas, x, y)
            y -= one.height + gap
    if rest:
        words = Words(sheet.language)
        set_text([quiet(words.text("sheet.continued"))], room=width, size=sheet.look.text).draw(
            canvas, left, foot + block.height + 14
        )
    return rest


def _strip(canvas: Canvas, sheet: Sheet) -> None:
    """Draw the titles and the title block below the map of an A4."""
    left, foot, right, top = sheet.layout.side
    words = Words(sheet.language)
    width = 92 * MM
    block = column.block(sheet, room=width)
    block.draw(canvas, right - width, top)
    room = right - left - width - 8 * MM
    titles = column.head(sheet, room=room, brand=False)
    titles.draw(canvas, left, top + 2)
    page = words.text("sheet.more_key", page=sheet.key) if sheet.key else words.text("sheet.more")
    set_text([Run("Provence Map", SEMIBOLD, "primary"), quiet(f" · {page}")], room=room, size=7.6).draw(
        canvas, left, foot + 10
    )


def _map(canvas: Canvas, sheet: Sheet, made: Sequence[Chart]) -> None:
    """Draw the map, its grid's figures, the inset, scale and north."""
    words, look = Words(sheet.language), sheet.look
    main = made[0]
    frame = main.frame
    taken: tuple[Box, ...] = ()
    if len(made) > 1:
        left, foot, right, top = made[1].frame.box
        taken += ((left - 4, foot - 4, right + 4, top + _STRIP + 4), _letter(main, made[1]), *_edges(main, made[1]))
    said = words.text("sheet.scale", scale=_scale(frame.scale, words), paper=sheet.paper.upper())
    size = furniture.panel_size(frame, said, longest=look.bar, language=sheet.language)
    place = furniture.corner(frame, size, look.gap, points=_points(main), area=sheet.shape, taken=taken)
    below = (lambda: _mark(canvas, main, made[1])) if len(made) > 1 else None
    drawing.draw(canvas, main, taken=(*taken, place), below=below)
    grids.figures(canvas, frame, sheet.crs, language=sheet.language)
    furniture.panel(canvas, frame, place, said, longest=look.bar, language=sheet.language)
    if len(made) > 1:
        _inset(canvas, sheet, made[1])


def _scale(scale: int, words: Words) -> str:
    said = numbers.number(scale, words.language).replace(",", "\u202f")
    return f"1:{said}"


def _points(chart: Chart) -> np.ndarray[Any, Any]:
    """Give the places of the area's symbols on the page."""
    rows = (chart.rows(layer) for layer in drawing.POINTS)
    found = [shapely.get_coordinates(some.geometry.to_numpy()[some["inside"].to_numpy()]) for some in rows]
    frame = chart.frame
    on_page: np.ndarray[Any, Any] = (np.concatenate(found) - (frame.west, frame.south)) / frame.metres + frame.box[:2]
    return on_page


def _extent(main: Chart, inset: Chart) -> Box:
    west, south, east, north = inset.frame.ground
    return *main.frame.at((west, south)), *main.frame.at((east, north))


def _letter(main: Chart, inset: Chart) -> Box:
    """Give the box of the inset's letter on the main map."""
    x0, _, _, y1 = _extent(main, inset)
    return x0, y1, x0 + 12, y1 + 11


def _edges(main: Chart, inset: Chart) -> tuple[Box, ...]:
    """Give the lines of the inset's extent as boxes, which no name crosses."""
    x0, y0, x1, y1 = _extent(main, inset)
    return (
        (x0 - 1, y0 - 1, x1 + 1, y0 + 1), (x0 - 1, y1 - 1, x1 + 1, y1 + 1),
        (x0 - 1, y0, x0 + 1, y1), (x1 - 1, y0, x1 + 1, y1),
    )  # fmt: skip


def _inset(canvas: Canvas, sheet: Sheet, inset: Chart) -> None:
    """Draw the inset on a plate, its title and its own scale above it."""
    words = Words(sheet.language)
    left, foot, right, top = inset.frame.box
    canvas.setFillColor(ink("surface"))
    canvas.rect(left - 4, foot - 4, right - left + 8, top - foot + _STRIP + 8, stroke=0, fill=1)
    drawing.draw(canvas, inset)
    title = words.text("sheet.inset", scale=_scale(_INSET_SCALE, words))
    longest = 32 * MM
    bar = right - longest - 24
    set_text([strong(title)], room=bar - left - 6, size=7.6, leading=1.15).draw(canvas, left, top + 14)
    furniture.bar(canvas, inset.frame, (bar, top + 4), longest=longest, language=sheet.language)


def _mark(canvas: Canvas, main: Chart, inset: Chart) -> None:
    """Draw the extent of the inset and its letter on the main map."""
    x0, y0, x1, y1 = _extent(main, inset)
    for token, width in (("halo", 2.0), ("ink", 0.9)):
        canvas.setStrokeColor(ink(token))
        canvas.setLineWidth(width)
        canvas.rect(x0, y0, x1 - x0, y1 - y0, stroke=1, fill=0)
    canvas.setFont(SEMIBOLD, 8.6)
    canvas.setStrokeColor(ink("halo"))
    canvas.setLineWidth(2.2)
    canvas.drawString(x0 + 2, y1 + 3, "A", mode=1)
    canvas.setFillColor(ink("ink"))
    canvas.drawString(x0 + 2, y1 + 3, "A", mode=0)


def further(canvas: Canvas, sheet: Sheet, rest: Sequence[Block]) -> None:
    """Draw a page of blocks in columns of one width, as short as they can be together."""
    box, columns = layouts.second(sheet.layout)
    words = Words(sheet.language)
    left, foot, right, top = box
    width = _second_width(sheet)
    line = f"{sheet.heading} · {sheet.place}"
    head = set_text([strong(words.text("sheet.legend")), quiet(f"  ·  {line}")], room=right - left, size=11)
    head.draw(canvas, left, top)
    upper = top - head.height - 10
    for number, part in enumerate(_balanced(rest, columns, upper - foot)):
        stacked(part, gap=_GAP).draw(canvas, left + number * (width + _GUTTER), upper)


def _balanced(blocks: Sequence[Block], columns: int, room: float) -> list[list[Block]]:
    """Part blocks into columns, in their order, each as short as can be."""
    step = room / 40
    for limit in (step * n for n in range(1, 41)):
        parts: list[list[Block]] = [[]]
        for block in blocks:
            if parts[-1] and sum(b.height + _GAP for b in parts[-1]) + block.height > limit:
                parts.append([])
            parts[-1].append(block)
        if len(parts) <= columns and all(sum(b.height + _GAP for b in part) - _GAP <= limit for part in parts):
            return parts
    return parts
