"""The first pages of an atlas: an index map with the sheets' numbers, a list with their pages, and one key for all."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely
from reportlab.pdfgen.canvas import Canvas

from layers import catalogue, numbers
from layers.print import frame as frames
from layers.print import ground, ink
from layers.print.ink import MM, REGULAR, SEMIBOLD, SMALLEST, Run, measure, quiet, set_text, strong
from layers.print.placing import Box, Space
from layers.print.words import Words
from layers.sheet import column, page
from layers.sheet.layout import OUTER
from layers.sheet.model import Sheet
from layers.snapshot.area import Area

FIRST = 1
_ROW, _SIZE = 9.7, 7.4
_LIST_WIDTH = 62 * MM
_HEAD = 50.0


@dataclass(frozen=True, slots=True)
class Front:
    """The first pages as a PDF, and their links: page, box, page it leads to, counted from one."""

    pdf: bytes
    links: tuple[tuple[int, Box, int], ...]


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place in the list: its page, its left edge and the top of its row."""

    number: int
    x: float
    top: float
    width: float


def title(plan: Sheet) -> str:
    """Give the title of an atlas."""
    return plan.title.strip() or Words(plan.language).text("sheet.atlas", area=plan.place)


def pages(plan: Sheet, areas: Sequence[Area]) -> int:
    """Tell how many pages the index of some areas takes."""
    return _slots(plan, len(_rows(areas)))[-1].number


def write(plan: Sheet, sheets: Sequence[Sheet], starts: Sequence[int]) -> Front:
    """Write the index of sheets that start on given pages and, on a paper without a column, the key of all of them."""
    ink.letters()
    out = io.BytesIO()
    # Its stubs take the name for a number.
    first: Any = ink.REGULAR
    canvas = Canvas(out, plan.layout.size, pageCompression=1, invariant=1, lang=plan.language, initialFontName=first)
    rows = _rows([sheet.area for sheet in sheets])
    slots = _slots(plan, len(rows))
    links: list[tuple[int, Box, int]] = []
    _head(canvas, plan, len(sheets))
    links += _map(canvas, plan, sheets, starts)
    current = 1
    for row, slot in zip(rows, slots, strict=True):
        if slot.number != current:
            canvas.showPage()
            current = slot.number
        if isinstance(row, str):
            set_text([strong(row)], room=slot.width, size=7.8).draw(canvas, slot.x, slot.top + 1)
            continue
        start = starts[row]
        _row(canvas, sheets[row], start, slot)
        links.append((slot.number, (slot.x, slot.top - _ROW, slot.x + slot.width, slot.top), start))
    canvas.showPage()
    if plan.layout.columns == 0:
        key = replace(plan, key=0, number=1, total=len(sheets))
        page.draw(canvas, key, first=False)
    canvas.save()
    return Front(out.getvalue(), tuple(links))


def _rows(areas: Sequence[Area]) -> list[str | int]:
    """Give the rows of the list, areas by their place in it: poles as headings over their communes, else without."""
    rows: list[str | int] = []
    poles = catalogue.load("poles").set_index("id")["name"]
    communes = catalogue.load("communes").set_index("code")["pole"]
    last = ""
    for at, area in enumerate(areas):
        pole = "" if area.kind == "pole" else str(communes[area.ids[0]])
        if pole != last:
            rows.append(str(poles[pole]))
            last = pole
        rows.append(at)
    return rows


def _slots(plan: Sheet, count: int) -> list[_Slot]:
    """Give the places of so many rows: right of the index map or below it, then over whole pages."""
    width, height = plan.layout.size
    edge = OUTER + 4 * MM
    left, foot, right, top = _map_box(plan)
    wide = width > height
    regions = [(right + 8 * MM, edge, width - OUTER, top)] if wide else [(left, edge, width - OUTER, foot - 6 * MM)]
    slots: list[_Slot] = []
    number = 1
    while len(slots) < count:
        x0, low, x1, high = regions[0] if number == 1 else (edge, edge, width - OUTER, height - edge)
        columns = max(1, int((x1 - x0 + 6 * MM) // (_LIST_WIDTH * 0.78)))
        wide_each = (x1 - x0 - (columns - 1) * 6 * MM) / columns
        for at in range(columns):
            x, rows = x0 + at * (wide_each + 6 * MM), int((high - low) // _ROW)
            slots += [_Slot(number, x, high - step * _ROW, wide_each) for step in range(rows)]
        number += 1
    return slots[:count]


def _map_box(plan: Sheet) -> Box:
    """Give the box of the index map: half a lying page, the upper part of an upright one."""
    width, height = plan.layout.size
    edge = OUTER + 4 * MM
    top = height - edge - _HEAD
    west, south, east, north = shapely.bounds(frames.metropolis())
    ratio = float((north - south) / (east - west))
    if width > height:
        wide = min(width * 0.5 - edge, (top - edge) / ratio)
        return edge, top - wide * ratio, edge + wide, top
    wide = (width - edge - OUTER) * (0.72 if plan.paper == "a4" else 0.9)
    return edge, top - wide * ratio, edge + wide, top


def _head(canvas: Canvas, plan: Sheet, count: int) -> None:
    width, height = plan.layout.size
    edge = OUTER + 4 * MM
    words = Words(plan.language)
    room = width - edge - OUTER
    top = height - edge
    set_text([strong(title(plan))], room=room, size=20, leading=1.1).draw(canvas, edge, top)
    said = words.count("sheet.atlas_about", count, theme=plan.theme)
    day = numbers.date(plan.today.isoformat(), plan.language)
    line = [Run("Provence Map", SEMIBOLD, "primary"), quiet(f" · {said} · {words.text('sheet.issued')} {day}")]
    set_text(line, room=room, size=8.6).draw(canvas, edge, top - 29)


def _map(
    canvas: Canvas, plan: Sheet, sheets: Sequence[Sheet], starts: Sequence[int]
) -> list[tuple[int, Box, int]]:  # fmt: skip
    """Draw what each sheet shows, with its number; give the links of the numbers."""
    left, foot, right, top = _map_box(plan)
    west, south, east, _ = (float(value) for value in shapely.bounds(frames.metropolis()))
    scale = (east - west) / (right - left)

    def moved(shape: shapely.Geometry) -> shapely.Geometry:
        page_of = shapely.transform(shape, lambda xy: (xy - (west, south)) / scale + (left, foot))
        return shapely.simplify(page_of, 0.2)

    links = []
    canvas.setLineWidth(0.5)
    areas = [moved(sheet.shape) for sheet in sheets]
    for sheet, shape in zip(sheets, areas, strict=True):
        pole = sheet.area.ids[0] if sheet.area.kind == "pole" else column.outline(sheet)
        canvas.setFillColor(ink.ink(pole, 0.13))
        canvas.setStrokeColor(ink.ink("surface"))
        ground.area(canvas, shape, fill=True, stroke=True)
    poles = ground.metric("poles")
    canvas.setLineWidth(1.1)
    for name, shape in zip(poles["id"], poles.geometry, strict=True):
        canvas.setStrokeColor(ink.ink(str(name)))
        ground.area(canvas, moved(shape), stroke=True)
    space = Space((left - 20, foot - 20, right + 20, top + 20))
    canvas.setFillColor(ink.ink("ink"))
    canvas.setFont(SEMIBOLD, SMALLEST)
    for sheet, shape, start in zip(sheets, areas, starts, strict=True):
        box = _number_box(shape, str(sheet.number), space)
        canvas.drawCentredString((box[0] + box[2]) / 2, box[1] + 1.2, str(sheet.number))
        links.append((1, (box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2), start))
    return links


def _number_box(shape: shapely.Geometry, said: str, space: Space) -> Box:
    """Find the place of a number: the widest part of its area, or near it where another number stands."""
    (x, y), *_ = shapely.get_coordinates(shapely.maximum_inscribed_circle(shape, tolerance=1.0))
    half, high = measure(said, SEMIBOLD, SMALLEST) / 2 + 0.3, SMALLEST * 0.5
    moves = [(0, 0), *((dx, dy) for reach in (3, 6) for dx in (-reach, 0, reach) for dy in (-reach, 0, reach))]
    boxes = [(x + dx - half, y + dy - high, x + dx + half, y + dy + high) for dx, dy in moves]
    return space.name(boxes) or boxes[0]


def _row(canvas: Canvas, sheet: Sheet, start: int, slot: _Slot) -> None:
    """Write a row: number, name, a fine line, the page."""
    base = slot.top - _ROW / 2 - _SIZE * 0.364
    canvas.setFont(REGULAR, _SIZE)
    canvas.setFillColor(ink.ink("ink2"))
    canvas.drawRightString(slot.x + 13, base, str(sheet.number))
    page_said = str(start)
    name = sheet.place
    room = slot.width - 19 - measure(page_said, SEMIBOLD, _SIZE) - 8
    while measure(name, REGULAR, _SIZE) > room:
        name = name[:-2].rstrip(" -’…") + "…"
    canvas.setFillColor(ink.ink("ink"))
    canvas.drawString(slot.x + 19, base, name)
    canvas.setFont(SEMIBOLD, _SIZE)
    canvas.drawRightString(slot.x + slot.width, base, page_said)
    end = slot.x + 19 + measure(name, REGULAR, _SIZE) + 4
    stop = slot.x + slot.width - measure(page_said, SEMIBOLD, _SIZE) - 4
    if stop > end:
        canvas.setStrokeColor(ink.ink("line2"))
        canvas.setLineWidth(0.4)
        canvas.line(end, base + 1.5, stop, base + 1.5)
