"""What stands for an item of the shortlist: its number on a disc, its symbol in a list."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from layers.print import symbols
from layers.print.ink import SEMIBOLD, ink, measure
from layers.print.items import Item
from layers.style import PLACE_CLASSES

RADIUS = 6.3
_PLACE_CLASS = {category: name for name, categories in PLACE_CLASSES.items() for category in categories}
_CHIP_OF = {"port": "ports", "station": "stations", "airport": "airports", "commune": "communes", "pole": "poles"}


def icon_of(item: Item) -> str:
    """Give the icon of an item that is neither a site nor a project."""
    return _CHIP_OF.get(item.kind) or _PLACE_CLASS[item.row.category]


def badge(canvas: Canvas, item: Item, at: tuple[float, float]) -> None:
    """Draw the symbol of an item for a list, of the same size for all."""
    if item.kind == "site":
        symbols.site(canvas, item.row.family, at, radius=symbols.BADGE_RADIUS)
    elif item.kind == "project":
        symbols.project(canvas, item.row.family, item.row.status, at, size=10.5)
    else:
        symbols.chip(canvas, icon_of(item), at, size=11)


def mark(canvas: Canvas, number: int, at: tuple[float, float]) -> None:
    """Draw the number of an item on a dark disc."""
    x, y = at
    canvas.saveState()
    canvas.setFillColor(ink("ink"))
    canvas.setStrokeColor(ink("halo"))
    canvas.setLineWidth(1)
    canvas.circle(x, y, RADIUS, stroke=1, fill=1)
    canvas.setFillColor(ink("surface"))
    canvas.setFont(SEMIBOLD, 7.6)
    canvas.drawString(x - measure(str(number), SEMIBOLD, 7.6) / 2, y - 2.75, str(number))
    canvas.restoreState()
