"""Pictures that stand for the site elsewhere: a preview for each page that is shared, and the icons of the product.

All are drawn from the vectors of the printed map, without a browser: the same data give the same bytes.
"""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from layers.handout import page, plate
from layers.print import ink, raster, symbols
from layers.print.ink import BOLD, SEMIBOLD, Run, quiet, set_text
from layers.style import TOKENS
from layers.view import Language

# What Open Graph and Twitter ask of a large picture.
WIDTH, HEIGHT = 1200, 630
# Points of the drawing: its type is that of a page, read at a third of its size in a message.
_SCALE = 2.0
_WIDE, _HIGH = WIDTH / _SCALE, HEIGHT / _SCALE
_EDGE, _TEXT = 24.0, 196.0
_SIZES, _LEAST = (27.0, 24.0, 21.0, 18.0, 15.0), 11.0
# A launcher may cut a maskable icon down to a circle of 0.8 of its width.
_SAFE = 0.62
_COLOURS = 128


def preview(title: str, about: str, query: str, language: Language) -> bytes:
    """Draw a preview of 1200 × 630 px as PNG: mark, title and a sentence at the left, the map of a View at the right.

    Raises HandoutError when the View cannot be drawn.
    """
    ink.letters()
    out = io.BytesIO()
    # Its stubs take the name for a number.
    first: Any = ink.REGULAR
    canvas = Canvas(out, (_WIDE, _HIGH), pageCompression=0, invariant=1, initialFontName=first)
    canvas.setFillColor(ink.ink("surface"))
    canvas.rect(0, 0, _WIDE, _HIGH, stroke=0, fill=1)
    top = _HIGH - _EDGE
    symbols.logo(canvas, _EDGE, top - 24, size=24)
    canvas.setFont(SEMIBOLD, 14)
    canvas.setFillColor(ink.ink("ink"))
    canvas.drawString(_EDGE + 32, top - 17, "Provence Map")
    told = quiet(about)
    for size in _SIZES:
        head = set_text([Run(title, BOLD)], room=_TEXT, size=size, leading=1.14)
        body = set_text([told], room=_TEXT, size=max(_LEAST, size * 0.5), leading=1.34)
        if head.height + body.height < top - 24 - 3 * _EDGE:
            break
    head.draw(canvas, _EDGE, top - 24 - _EDGE)
    body.draw(canvas, _EDGE, top - 24 - _EDGE - head.height - 10)
    made = plate.read(query, highlights=(), years=None, language=language)
    page.map_with_key(canvas, made, (_EDGE + _TEXT + 16, _EDGE * 0.6, _WIDE - _EDGE * 0.6, _HIGH - _EDGE * 0.6))
    canvas.showPage()
    canvas.save()
    image, _ = raster.page(out.getvalue(), scale=_SCALE)
    return _png(image.quantize(_COLOURS, dither=Image.Dither.NONE))


def icon(size: int, *, maskable: bool = False) -> bytes:
    """Draw the mark so many px wide as PNG; a maskable one fills its square, for launchers that cut their own shape."""
    # Drawn four times as large and brought down, so that edges are smooth.
    large = size * 4
    unit = large * (_SAFE if maskable else 1.0) / 28
    shift = large * (1 - _SAFE) / 2 if maskable else 0.0
    ground, mark = TOKENS["primary"][0], TOKENS["on-primary"][0]
    image = Image.new("RGBA", (large, large), ground if maskable else "#00000000")
    draw = ImageDraw.Draw(image)

    def at(x: float, y: float) -> tuple[float, float]:
        return shift + x * unit, shift + y * unit

    if not maskable:
        draw.rounded_rectangle((0, 0, large - 1, large - 1), 8 * unit, fill=ground)
    corners = [at(*corner) for corner in ((8.5, 10.5), (19.1, 8.6), (15.5, 19.6))]
    line = "#{:02x}{:02x}{:02x}".format(
        *(round(0.3 * a + 0.7 * b) for a, b in zip(_rgb(ground), _rgb(mark), strict=True))
    )
    draw.line([*corners, corners[0]], fill=line, width=round(1.6 * unit), joint="curve")
    for (x, y), radius in zip(corners, (3.0, 2.2, 2.6), strict=True):
        draw.ellipse((x - radius * unit, y - radius * unit, x + radius * unit, y + radius * unit), fill=mark)
    return _png(image.resize((size, size), Image.Resampling.LANCZOS))


def svg() -> str:
    """Write the mark as SVG, as it stands in the tab of the browser."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><rect width="28" height="28" rx="8" '
        f'fill="{TOKENS["primary"][0]}"/><path d="M8.5 10.5 19 8.5l-3.5 11Z" fill="none" stroke="#fff" '
        'stroke-opacity=".7" stroke-width="1.6"/><g fill="#fff"><circle cx="8.5" cy="10.5" r="3"/>'
        '<circle cx="19" cy="8.6" r="2.2"/><circle cx="15.5" cy="19.6" r="2.6"/></g></svg>\n'
    )


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.lstrip("#")))


def _png(image: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
