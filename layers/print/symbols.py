"""Symbols on paper: circles of sites, shapes of projects, chips of access and places, the logo."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from layers.print import paths
from layers.print.ink import SEMIBOLD, ink, measure
from layers.style import GLYPH_FROM_RADIUS_PX, INDUSTRY_FAMILIES, PROJECT_FAMILIES, STATUSES

# Stroke icons on a 24-unit grid, as the script draws them: tests/layers/test_brief_plate.py compares.
ICONS: dict[str, tuple[str, ...]] = {
    "ports": (
        "M4 15.5 5.5 20h13l1.5-4.5-8-3-8 3Z",
        "M7 14V8.5h10V14M12 8.5V4.5",
    ),
    "stations": (
        "M9 3.5h6a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3H9a3 3 0 0 1-3-3v-7a3 3 0 0 1 3-3Z",
        "M6 10.5h12M8.5 20l1.5-3.5M15.5 20 14 16.5",
    ),
    "airports": (
        "m3.5 13.5 17-9-5 16-4-6.5-8-.5Z",
        "m11.5 14 9-9.5",
    ),
    "university": (
        "m12 5 9.5 4.5L12 14 2.5 9.5 12 5Z",
        "M6.5 11.5V16c1.5 1.6 3.4 2.4 5.5 2.4s4-.8 5.5-2.4v-4.5",
    ),
    "research": (
        "M9.5 4h5M10.500 4v6L5 18.500a1 1 0 0 0 .9 1.500h12.200a1 1 0 0 0 .9-1.500L13.500 10V4",
        "M7.500 15h9",
    ),
    "health": ("M9.5 4h5v5.500H20v5h-5.500V20h-5v-5.500H4v-5h5.500V4Z",),
    "heritage": (
        "M4 19.500h16M5.5 17V10M10 17V10M14 17V10M18.5 17V10",
        "M3.5 10 12 4.5 20.5 10h-17Z",
    ),
    "beach": (
        "M12 4a8 8 0 0 1 8 7.500H4A8 8 0 0 1 12 4Z",
        "M12 11.500V17M3 19.500c1.500-1.500 3-1.500 4.500 0s3 1.500 4.500 0 3-1.500 4.500 0 3 1.500 4.500 0",
    ),
    "landscape": (
        "M12 3.5 18.5 14h-13L12 3.500Z",
        "M12 14v6.5",
    ),
    "park": (
        "M4 8.500h16V19H4V8.500Z",
        "M9 8.500V5.500h6v3M4 13h16",
    ),
    "platform": ("M3.500 19.500V11l5 3v-3l5 3V4.500h4V14l3 1.500v4h-17Z",),
    "terminal": (
        "M6 20V5h11M6 9.500 10.500 5M3.500 20h6M15 5v5",
        "M11.500 10h7v5h-7v-5ZM13 18.500h8",
    ),
    "brownfield": (
        "M4 19.500V9l6-3.500v6M10 19.500v-8M4 19.500h16",
        "M16 19.500v-4.500M16 15c0-2.500 1.500-4 4-4 0 2.500-1.500 4-4 4ZM16 16.500c0-2-1.200-3-3-3 0 2 1.200 3 3 3Z",
    ),
    "digital": (
        "M5 4.500h14v6H5v-6ZM5 13.500h14v6H5v-6Z",
        "M8 7.500v.01M8 16.500v.01",
    ),
    "communes": (
        "M4 6.5 10 4l4.5 3L20 5v12.500L14 20l-4.5-3L4 19V6.500Z",
        "M10 4l-.5 13M14.5 7 14 20",
    ),
    "poles": ("M4 6.5 10 4l4.5 3L20 5v12.500L14 20l-4.5-3L4 19V6.500Z",),
}
_GLYPHS = {family.id: family.path for family in INDUSTRY_FAMILIES}
_SHAPES = {family.id: family.path for family in PROJECT_FAMILIES}
_STATUSES = {status.id: status for status in STATUSES}


def site(
    canvas: Canvas, family: str, at: tuple[float, float], *, radius: float, approximate: bool = False,
    fade: float = 1.0,
) -> None:  # fmt: skip
    """Draw a site's circle, its glyph where there is room; pale with a broken ring where the position is not exact.

    fade: how much of its opacity is left, for what is not in focus.
    """
    canvas.saveState()
    canvas.setStrokeColor(ink("halo", fade))
    canvas.setFillColor(ink("halo", fade))
    canvas.setLineWidth(1.4)
    canvas.circle(*at, radius + 0.5, stroke=1, fill=1)
    canvas.setFillColor(ink(family, (0.62 if approximate else 0.92) * fade))
    canvas.circle(*at, radius, stroke=0, fill=1)
    if approximate:
        canvas.setStrokeColor(ink("ink2", fade))
        canvas.setLineWidth(0.7)
        canvas.setDash([1.3, 1.5])
        canvas.circle(*at, radius + 2, stroke=1, fill=0)
    if radius >= GLYPH_FROM_RADIUS_PX * 0.75 or radius == BADGE_RADIUS:
        canvas.setFillColor(ink("surface", fade))
        paths.place(canvas, *at, grid=16, size=min(radius * 1.15, 17))
        paths.draw(canvas, _GLYPHS.get(family, _GLYPHS["other"]))
    canvas.restoreState()


BADGE_RADIUS = 5.2


def closed_site(canvas: Canvas, family: str, at: tuple[float, float], *, radius: float, fade: float = 1.0) -> None:
    """Draw a site that is closed: hollow, with a bar."""
    x, y = at
    reach = radius * 0.7
    canvas.saveState()
    canvas.setFillColor(ink("surface", fade))
    canvas.setStrokeColor(ink(family, fade))
    canvas.setLineWidth(1.1)
    canvas.circle(x, y, radius, stroke=1, fill=1)
    canvas.line(x - reach, y - reach, x + reach, y + reach)
    canvas.restoreState()


def project(
    canvas: Canvas, family: str, status: str, at: tuple[float, float], *, size: float = 13.0, fade: float = 1.0
) -> None:
    """Draw a project's shape with the outline of its status; fade: see `site`."""
    look = _STATUSES[status]
    colour = "ink3" if status == "suspended" else "green"
    path = _SHAPES.get(family, _SHAPES["oth"])
    canvas.saveState()
    paths.place(canvas, *at, grid=20, size=size)
    canvas.setLineJoin(1)
    canvas.setStrokeColor(ink("halo", fade))
    canvas.setFillColor(ink("surface", fade))
    canvas.setLineWidth(look.width + 3)
    paths.draw(canvas, path, stroke=True)
    canvas.setStrokeColor(ink(colour, fade))
    fills = {"solid": ink(colour, fade), "tint": ink(colour, 0.38 * fade), "surface": ink("surface", fade)}
    canvas.setFillColor(fills[look.fill])
    canvas.setLineWidth(look.width)
    if look.dash:
        canvas.setDash(list(look.dash))
        canvas.setLineCap(1 if look.dash[0] < 1 else 0)
    paths.draw(canvas, path, stroke=True)
    if look.bar:
        paths.draw(canvas, "M2 18 18 2", fill=False, stroke=True)
    canvas.restoreState()


def stack(canvas: Canvas, count: int, at: tuple[float, float], *, size: float = 13.0, fade: float = 1.0) -> None:
    """Draw several projects of one place: their number on a green square with a second edge behind."""
    x, y = at
    said = str(count)
    type_size = size * 0.62
    width = max(size * 1.16, measure(said, SEMIBOLD, type_size) + size * 0.55)
    canvas.saveState()
    for shift, token in ((size * 0.1, "green"), (0.0, "green")):
        canvas.setFillColor(ink(token, fade))
        canvas.setStrokeColor(ink("halo", fade))
        canvas.setLineWidth(size * 0.07)
        canvas.roundRect(
            x - width / 2 + shift, y - size / 2 + shift, width, size, size * 0.3, stroke=1, fill=1
        )  # fmt: skip
    canvas.setFillColor(ink("surface", fade))
    canvas.setFont(SEMIBOLD, type_size)
    canvas.drawCentredString(x, y - type_size * 0.364, said)
    canvas.restoreState()


def bubble(canvas: Canvas, number: int, at: tuple[float, float], *, size: float = 15.0, fade: float = 1.0) -> None:
    """Draw the number of an idea in a speech bubble whose tail points at its place; fade: see `site`."""
    x, y = at
    foot = y + size * 0.3
    canvas.saveState()
    canvas.setFillColor(ink("primary", fade))
    canvas.setStrokeColor(ink("halo", fade))
    canvas.setLineWidth(1)
    path = canvas.beginPath()
    path.moveTo(x - size * 0.18, foot + size * 0.1)
    path.lineTo(x, y)
    path.lineTo(x + size * 0.2, foot + size * 0.1)
    path.close()
    canvas.drawPath(path, stroke=1, fill=1)
    canvas.roundRect(x - size * 0.6, foot, size * 1.2, size, size * 0.32, stroke=1, fill=1)
    if fade == 1:
        canvas.drawPath(path, stroke=0, fill=1)
    canvas.setFillColor(ink("on-primary"))
    canvas.setFont(SEMIBOLD, size * 0.6)
    canvas.drawCentredString(x, foot + size * 0.28, str(number))
    canvas.restoreState()


def chip(canvas: Canvas, icon: str, at: tuple[float, float], *, size: float = 13.0, fade: float = 1.0) -> None:
    """Draw a white square with an icon in it; fade: see `site`."""
    x, y = at
    canvas.saveState()
    canvas.setFillColor(ink("surface", fade))
    canvas.setStrokeColor(ink("ctl", fade))
    canvas.setLineWidth(0.6)
    canvas.roundRect(x - size / 2, y - size / 2, size, size, size * 0.25, stroke=1, fill=1)
    canvas.restoreState()
    symbol(canvas, icon, at, size=size * 0.74, fade=fade)


def symbol(canvas: Canvas, icon: str, at: tuple[float, float], *, size: float, fade: float = 1.0) -> None:
    """Draw an icon alone."""
    canvas.saveState()
    paths.place(canvas, *at, grid=24, size=size)
    canvas.setStrokeColor(ink("ink2", fade))
    canvas.setLineWidth(2)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    for path in ICONS[icon]:
        paths.draw(canvas, path, fill=False, stroke=True)
    canvas.restoreState()


def logo(canvas: Canvas, x: float, y: float, *, size: float) -> None:
    """Draw the product's mark with its lower left corner at (x, y)."""
    canvas.saveState()
    paths.place(canvas, x + size / 2, y + size / 2, grid=28, size=size)
    canvas.setFillColor(ink("primary"))
    canvas.roundRect(0, 0, 28, 28, 8, stroke=0, fill=1)
    canvas.setStrokeColor(ink("on-primary", 0.7))
    canvas.setLineWidth(1.6)
    paths.draw(canvas, "M8.5 10.5 19 8.5l-3.5 11Z", fill=False, stroke=True)
    canvas.setFillColor(ink("on-primary"))
    for cx, cy, radius in ((8.5, 10.5, 3), (19.2, 8.6, 2.2), (15.5, 19.6, 2.6)):
        canvas.circle(cx, cy, radius, stroke=0, fill=1)
    canvas.restoreState()
