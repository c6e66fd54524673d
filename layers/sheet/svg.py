"""The calls of a PDF canvas, written as SVG: what draws a sheet draws either. Lengths in points, y upwards.

Only the calls that the drawings of this project make are here. Text stays text: the typeface travels in the file, and
each line is told how long it is, so that a program without the typeface keeps it in its place.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from reportlab.lib.colors import Color

from layers.print.ink import BOLD, MM, REGULAR, SEMIBOLD, measure

_WEIGHTS = {REGULAR: 400, SEMIBOLD: 600, BOLD: 700}
_FONTS = Path(__file__).resolve().parents[1] / "web" / "fonts"
_CAPS, _JOINS = ("butt", "round", "square"), ("miter", "round", "bevel")
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Pen:
    """The state that a canvas saves and brings back; `clips` are the clippings in force."""

    fill: Color = Color(0, 0, 0, 1)  # noqa: RUF009  # colours are not changed once made
    stroke: Color = Color(0, 0, 0, 1)  # noqa: RUF009
    width: float = 1.0
    dash: tuple[float, ...] = ()
    cap: int = 0
    join: int = 0
    font: str = REGULAR
    size: float = 10.0
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    clips: tuple[str, ...] = ()


class SvgPath:
    """A path in the making."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def moveTo(self, x: float, y: float) -> None:  # noqa: N802  # the names are those of reportlab's canvas
        """Lift the pen to a point."""
        self.parts.append(f"M{_n(x)} {_n(y)}")

    def lineTo(self, x: float, y: float) -> None:  # noqa: N802
        """Draw a line to a point."""
        self.parts.append(f"L{_n(x)} {_n(y)}")

    def curveTo(self, *values: float) -> None:  # noqa: N802
        """Draw a curve by two points that pull at it, to a third."""
        self.parts.append("C" + " ".join(map(_n, values)))

    def rect(self, x: float, y: float, width: float, height: float) -> None:
        """Add a rectangle."""
        self.parts.append(f"M{_n(x)} {_n(y)}h{_n(width)}v{_n(height)}h{_n(-width)}Z")

    def close(self) -> None:
        """Go back to where the pen came down."""
        self.parts.append("Z")


class SvgCanvas:
    """A canvas that writes SVG: each `showPage` puts a document of its own into `pages`."""

    def __init__(self, size: tuple[float, float], *, title: str, language: str) -> None:
        self.size, self.title, self.language = size, title, language
        self.pages: list[bytes] = []
        self._start()

    def _start(self) -> None:
        self._pen, self._saved = _Pen(), list[_Pen]()
        self._body: list[str] = []
        self._clips: list[str] = []

    def showPage(self) -> None:  # noqa: N802
        """End the page."""
        width, height = self.size
        size = f'width="{_n(width / MM)}mm" height="{_n(height / MM)}mm" viewBox="0 0 {_n(width)} {_n(height)}"'
        face = 'font-family="Inter, sans-serif"'
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} xml:lang="{self.language}" {face}>',
            f"<title>{escape(self.title)}</title>",
            f"<defs><style>{_faces()}</style>{''.join(self._clips)}</defs>",
            f'<rect width="{_n(width)}" height="{_n(height)}" fill="#fff"/>',
            *self._body,
            "</svg>\n",
        ]
        self.pages.append("\n".join(lines).encode("utf-8"))
        self._start()

    def saveState(self) -> None:  # noqa: N802
        """Keep the pen as it is."""
        self._saved.append(self._pen)

    def restoreState(self) -> None:  # noqa: N802
        """Take the pen that was kept last."""
        self._pen = self._saved.pop()

    def setFillColor(self, colour: Color | str) -> None:  # noqa: N802
        """Fill with a colour from now on."""
        self._pen = replace(self._pen, fill=_colour(colour))

    def setStrokeColor(self, colour: Color | str) -> None:  # noqa: N802
        """Draw lines in a colour from now on."""
        self._pen = replace(self._pen, stroke=_colour(colour))

    def setLineWidth(self, width: float) -> None:  # noqa: N802
        """Draw lines so wide."""
        self._pen = replace(self._pen, width=width)

    def setDash(self, dash: Sequence[float] | None = None) -> None:  # noqa: N802
        """Break lines."""
        self._pen = replace(self._pen, dash=tuple(dash or ()))

    def setLineCap(self, cap: int) -> None:  # noqa: N802
        """End lines flat, round or square."""
        self._pen = replace(self._pen, cap=cap)

    def setLineJoin(self, join: int) -> None:  # noqa: N802
        """Join lines pointed, round or cut."""
        self._pen = replace(self._pen, join=join)

    def setFont(self, font: str, size: float) -> None:  # noqa: N802
        """Write in a font from now on."""
        self._pen = replace(self._pen, font=font, size=size)

    def translate(self, x: float, y: float) -> None:
        """Move the origin."""
        self._turn((1, 0, 0, 1, x, y))

    def scale(self, x: float, y: float) -> None:
        """Stretch both axes."""
        self._turn((x, 0, 0, y, 0, 0))

    def rotate(self, degrees: float) -> None:
        """Turn to the left by a multiple of 90 degrees, all that a sheet needs."""
        cos, sin = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[int(degrees) % 360]
        self._turn((cos, sin, -sin, cos, 0, 0))

    def _turn(self, by: Matrix) -> None:
        a, b, c, d, e, f = self._pen.matrix
        p, q, r, s, t, u = by
        turned = (p * a + q * c, p * b + q * d, r * a + s * c, r * b + s * d, t * a + u * c + e, t * b + u * d + f)
        self._pen = replace(self._pen, matrix=turned)

    def beginPath(self) -> SvgPath:  # noqa: N802
        """Begin a path."""
        return SvgPath()

    def drawPath(self, path: SvgPath, *, stroke: int = 1, fill: int = 0, fillMode: int = 0) -> None:  # noqa: N802, N803
        """Draw a path; mode 0 leaves what is enclosed twice open."""
        rule = ' fill-rule="evenodd"' if fill and fillMode == 0 else ""
        self._put(f'<path d="{"".join(path.parts)}"{rule}', stroke=stroke, fill=fill)

    def clipPath(self, path: SvgPath, *, stroke: int = 0, fill: int = 0) -> None:  # noqa: ARG002, N802
        """Show from now on only what lies in a path."""
        name = f"c{len(self.pages)}-{len(self._clips)}"
        self._clips.append(
            f'<clipPath id="{name}"><path d="{"".join(path.parts)}" transform="{self._matrix()}"/></clipPath>'
        )
        self._pen = replace(self._pen, clips=(*self._pen.clips, name))

    def rect(self, x: float, y: float, width: float, height: float, *, stroke: int = 1, fill: int = 0) -> None:
        """Draw a rectangle."""
        at = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        self._put(f"<rect {at}", stroke=stroke, fill=fill)

    def roundRect(  # noqa: N802
        self, x: float, y: float, width: float, height: float, radius: float, *, stroke: int = 1, fill: int = 0
    ) -> None:
        """Draw a rectangle with round corners."""
        at = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" rx="{_n(radius)}"'
        self._put(f"<rect {at}", stroke=stroke, fill=fill)

    def circle(self, x: float, y: float, radius: float, *, stroke: int = 1, fill: int = 0) -> None:
        """Draw a circle."""
        self._put(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"', stroke=stroke, fill=fill)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a line."""
        self._put(f'<path d="M{_n(x0)} {_n(y0)}L{_n(x1)} {_n(y1)}"', stroke=1, fill=0)

    def lines(self, lines: Iterable[tuple[float, float, float, float]]) -> None:
        """Draw several lines."""
        for one in lines:
            self.line(*one)

    def drawString(  # noqa: N802
        self,
        x: float,
        y: float,
        text: str,
        mode: int | None = None,
        charSpace: float = 0,  # noqa: N803
    ) -> None:
        """Write a text from a point: filled, or its outline alone in mode 1."""
        if not text.strip():
            return
        pen = self._pen
        length = measure(text, pen.font, pen.size) + charSpace * (len(text) - 1)
        # Letters stand upright in a picture whose y goes upwards.
        head = f'<text transform="{self._matrix()} matrix(1 0 0 -1 {_n(x)} {_n(y)})" font-size="{_n(pen.size)}"'
        weight = _WEIGHTS[pen.font]
        head += f' font-weight="{weight}"' if weight != 400 else ""
        head += f' letter-spacing="{_n(charSpace)}"' if charSpace else ""
        head += f' textLength="{_n(length)}" xml:space="preserve"'
        outline = mode == 1
        self._put(head, stroke=int(outline), fill=int(not outline), text=text)

    def drawCentredString(self, x: float, y: float, text: str, mode: int | None = None) -> None:  # noqa: N802
        """Write a text with its middle over a point."""
        self.drawString(x - measure(text, self._pen.font, self._pen.size) / 2, y, text, mode=mode)

    def drawRightString(self, x: float, y: float, text: str, mode: int | None = None) -> None:  # noqa: N802
        """Write a text that ends at a point."""
        self.drawString(x - measure(text, self._pen.font, self._pen.size), y, text, mode=mode)

    def linkURL(  # noqa: N802
        self,
        url: str,
        rect: tuple[float, float, float, float],
        *,
        relative: int = 0,  # noqa: ARG002
        thickness: int = 0,  # noqa: ARG002
    ) -> None:
        """Lead to an address from a rectangle."""
        x, y, right, top = rect
        at = f'x="{_n(x)}" y="{_n(y)}" width="{_n(right - x)}" height="{_n(top - y)}" fill-opacity="0"'
        self._body.append(f'<a href={quoteattr(url)}><rect {at} transform="{self._matrix()}"/></a>')

    def _matrix(self) -> str:
        a, b, c, d, e, f = self._pen.matrix
        return f"matrix({_n(a)} {_n(-b)} {_n(c)} {_n(-d)} {_n(e)} {_n(self.size[1] - f)})"

    def _put(self, head: str, *, stroke: int, fill: int, text: str | None = None) -> None:
        pen = self._pen
        parts = [head, "" if text is not None else f' transform="{self._matrix()}"']
        parts.append(_paint("fill", pen.fill) if fill else ' fill="none"')
        if stroke:
            parts.append(_paint("stroke", pen.stroke) + f' stroke-width="{_n(pen.width)}"')
            parts.append(f' stroke-dasharray="{" ".join(map(_n, pen.dash))}"' if pen.dash else "")
            parts.append(f' stroke-linecap="{_CAPS[pen.cap]}"' if pen.cap else "")
            parts.append(f' stroke-linejoin="{_JOINS[pen.join]}"' if pen.join else "")
        parts.append("/>" if text is None else f">{escape(text)}</text>")
        drawn = "".join(parts)
        for name in reversed(pen.clips):
            drawn = f'<g clip-path="url(#{name})">{drawn}</g>'
        self._body.append(drawn)


def _paint(name: str, colour: Color) -> str:
    said = "#" + "".join(f"{round(part * 255):02x}" for part in colour.rgb())
    opacity = f' {name}-opacity="{_n(colour.alpha)}"' if colour.alpha < 1 else ""
    return f' {name}="{said}"{opacity}'


def _colour(colour: Color | str) -> Color:
    if isinstance(colour, str):
        return Color(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))
    return colour


def _n(value: float) -> str:
    said = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if said in {"-0", ""} else said


@cache
def _faces() -> str:
    """Give the typeface's three instances as rules of CSS."""
    faces = []
    for name, weight in _WEIGHTS.items():
        data = base64.b64encode((_FONTS / f"{name.lower()}.ttf").read_bytes()).decode()
        source = f"src:url(data:font/ttf;base64,{data})"
        faces.append(f"@font-face{{font-family:Inter;font-weight:{weight};{source}}}")
    return "".join(faces)
