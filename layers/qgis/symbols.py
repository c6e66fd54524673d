"""Symbols of QGIS: markers, fills and lines in millimetres, made from lengths in px of the screen (1/96 inch)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

from layers.qgis import pictures
from layers.qgis.markup import driven, node, options

PX_MM = 25.4 / 96


def mm(px: float) -> str:
    """Write a length in px of the screen as millimetres."""
    return f"{px * PX_MM:.4f}".rstrip("0").rstrip(".")


def rgba(token: str, alpha: float = 1.0) -> str:
    """Write a colour token as QGIS does: red, green, blue and opacity from 0 to 255."""
    return ",".join(str(part) for part in (*rgb(token), round(alpha * 255)))


def rgb(token: str) -> tuple[int, int, int]:
    """Give red, green and blue of a colour token, or of a colour written #RRGGBB."""
    colour = token if token.startswith("#") else pictures.paint(token)
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mixed(token: str, share: float, over: str) -> str:
    """Give the colour #RRGGBB of a token laid over another so thinly."""
    parts = zip(rgb(token), rgb(over), strict=True)
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02X}" for a, b in parts)


def _layer(kind: str, values: Mapping[str, str], by: Mapping[str, str]) -> Element:
    attributes = {"class": kind, "enabled": 1, "locked": 0, "pass": 0}
    return node("layer", attributes, options(values), driven(by))


def marker(
    shape: str, px: float, *, fill: str, edge: str = "", width: float = 0.0, style: str = "solid", angle: float = 0.0,
    by: Mapping[str, str] | None = None,
) -> Element:  # fmt: skip
    """Make one of QGIS's own marks; without an edge it has none, with a fill of "" it is hollow.

    px: its size; width: of its edge, in px; by: expressions that set its properties for each feature.
    """
    values = {
        "name": shape,
        "size": mm(px),
        "size_unit": "MM",
        "color": fill or "255,255,255,0",
        "outline_color": edge or "255,255,255,0",
        "outline_style": style if edge else "no",
        "outline_width": mm(width),
        "outline_width_unit": "MM",
        "angle": f"{angle:g}",
        "joinstyle": "round",
        "horizontal_anchor_point": "1",
        "vertical_anchor_point": "1",
        "offset": "0,0",
        "offset_unit": "MM",
        "scale_method": "diameter",
    }
    return _layer("SimpleMarker", values, by or {})


def picture(svg: str, px: float, *, up: float = 0.0, by: Mapping[str, str] | None = None) -> Element:
    """Make a mark of an SVG that the style holds itself; px: its width; up: how far above its place, in px."""
    values = {
        "name": pictures.encoded(svg),
        "size": mm(px),
        "size_unit": "MM",
        "color": "255,255,255,255",
        "outline_color": "0,0,0,255",
        "outline_width": "0",
        "fixedAspectRatio": "0",
        "horizontal_anchor_point": "1",
        "vertical_anchor_point": "1",
        "offset": f"0,{mm(-up)}",
        "offset_unit": "MM",
        "scale_method": "diameter",
    }
    return _layer("SvgMarker", values, by or {})


def number(expression: str, px: float, *, colour: str, up: float = 0.0, by: Mapping[str, str] | None = None) -> Element:
    """Make a mark of the number that an expression gives; px: the size of its letters."""
    values = {
        "chr": "1",
        "font": "Inter",
        "font_style": "Bold",
        "size": mm(px),
        "size_unit": "MM",
        "color": rgba(colour),
        "outline_width": "0",
        "horizontal_anchor_point": "1",
        "vertical_anchor_point": "1",
        "offset": f"0,{mm(-up)}",
        "offset_unit": "MM",
    }
    return _layer("FontMarker", values, {"char": expression, **(by or {})})


def fill(colour: str, *, edge: str = "", width: float = 0.0, style: str = "solid") -> Element:
    """Make a plain fill; width: of its edge, in px; style: of its edge, solid, dash or dot."""
    values = {
        "color": colour or "255,255,255,0",
        "style": "solid" if colour else "no",
        "outline_color": edge or "255,255,255,0",
        "outline_style": style if edge else "no",
        "outline_width": mm(width),
        "outline_width_unit": "MM",
        "joinstyle": "round",
    }
    return _layer("SimpleFill", values, {})


def hatch(colour: str, angle: float, gap: float, *, width: float) -> Element:
    """Make a fill of parallel lines; gap and width in px. The symbol of its lines is to be put into it."""
    values = {
        "angle": f"{angle:g}",
        "distance": mm(gap),
        "distance_unit": "MM",
        "color": colour,
        "line_width": mm(width),
        "line_width_unit": "MM",
        "offset": "0",
        "offset_unit": "MM",
    }
    return _layer("LinePatternFill", values, {})


def stroke(colour: str, width: float, dash: Sequence[float] = ()) -> Element:
    """Make a line; width and dash in px."""
    values = {
        "line_color": colour,
        "line_style": "solid",
        "line_width": mm(width),
        "line_width_unit": "MM",
        "capstyle": "flat",
        "joinstyle": "round",
        "use_custom_dash": "1" if dash else "0",
        "customdash": ";".join(mm(step) for step in dash),
        "customdash_unit": "MM",
    }
    return _layer("SimpleLine", values, {})
