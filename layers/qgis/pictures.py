"""Symbols as small SVG files: what QGIS cannot put together from its own markers."""

from __future__ import annotations

import base64

from layers.print.symbols import ICONS
from layers.style import INDUSTRY_FAMILIES, PROJECT_FAMILIES, STATUSES, TOKENS

_GLYPHS = {family.id: family.path for family in INDUSTRY_FAMILIES}
_SHAPES = {family.id: family.path for family in PROJECT_FAMILIES}
_STATUSES = {status.id: status for status in STATUSES}
_TINT = 0.38
# Room around the 20 units of a shape, for the halo.
PROJECT_UNITS, CHIP_UNITS, BUBBLE_UNITS, STACK_UNITS = 26, 24, 34, 36


def paint(token: str) -> str:
    """Give a colour token of the light theme: paper and most canvases are light."""
    return TOKENS[token][0]


def encoded(svg: str) -> str:
    """Give an SVG as QGIS takes it inside a style, so that the style needs no file beside it."""
    return "base64:" + base64.b64encode(svg.encode()).decode()


def _svg(left: float, top: float, width: float, height: float, body: str) -> str:
    box = f"{left:g} {top:g} {width:g} {height:g}"
    size = f'width="{width:g}" height="{height:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="{box}">{body}</svg>'


def glyph(family: str) -> str:
    """Draw the glyph of a family of industry in the colour of paper, on 16 units."""
    return _svg(0, 0, 16, 16, f'<path fill="{paint("surface")}" d="{_GLYPHS[family]}"/>')


def project(family: str, status: str) -> str:
    """Draw a project: the shape of its family with the outline of its status, on a halo, on 26 units."""
    look, path = _STATUSES[status], _SHAPES[family]
    colour, surface = paint("ink3" if status == "suspended" else "green"), paint("surface")
    dash = f' stroke-dasharray="{" ".join(f"{step:g}" for step in look.dash)}"' if look.dash else ""
    cap = ' stroke-linecap="round"' if look.dash and look.dash[0] < 1 else ""
    fill = surface if look.fill == "surface" else colour
    opacity = f' fill-opacity="{_TINT:g}"' if look.fill == "tint" else ""
    body = (
        f'<path d="{path}" fill="{surface}" stroke="{paint("halo")}" stroke-width="{look.width + 3:g}"'
        f' stroke-linejoin="round"/><path d="{path}" fill="{fill}"{opacity} stroke="{colour}"'
        f' stroke-width="{look.width:g}" stroke-linejoin="round"{dash}{cap}/>'
    )
    if look.bar:
        body += f'<path d="M2 18 18 2" fill="none" stroke="{colour}" stroke-width="1.6"/>'
    return _svg(-3, -3, PROJECT_UNITS, PROJECT_UNITS, body)


def chip(icon: str) -> str:
    """Draw a white square with an icon of access or of places, on 24 units of which the square takes 22."""
    lines = "".join(f'<path d="{path}"/>' for path in ICONS[icon])
    edge = f'fill="{paint("surface")}" stroke="{paint("ctl")}" stroke-width="1"'
    return _svg(
        0,
        0,
        CHIP_UNITS,
        CHIP_UNITS,
        f'<rect x="0.5" y="0.5" width="23" height="23" rx="6" {edge}/>'
        f'<g transform="translate(4.5 4.5) scale(0.625)" fill="none" stroke="{paint("ink2")}" stroke-width="2"'
        f' stroke-linecap="round" stroke-linejoin="round">{lines}</g>',
    )


def bubble() -> str:
    """Draw the speech bubble of an idea, on 34 by 34 units; the tail ends in the middle of the lower edge."""
    return _svg(
        0,
        0,
        BUBBLE_UNITS,
        BUBBLE_UNITS,
        f'<path d="M9 2h16a6 6 0 0 1 6 6v12a6 6 0 0 1-6 6h-4.500L17 33l-3.500-7H9a6 6 0 0 1-6-6V8a6 6 0 0 1 6-6Z"'
        f' fill="{paint("primary")}" stroke="{paint("halo")}" stroke-width="1.500" stroke-linejoin="round"/>',
    )


def stack() -> str:
    """Draw the square on which the number of projects at one place is set, on 36 by 36 units."""
    green, halo = paint("green"), paint("halo")
    return _svg(
        0,
        0,
        STACK_UNITS,
        STACK_UNITS,
        f'<rect x="6" y="3" width="28" height="24" rx="7" fill="{green}" fill-opacity="0.55"/>'
        f'<rect x="3" y="6" width="28" height="24" rx="8" fill="{green}" stroke="{halo}" stroke-width="1.500"/>',
    )
