"""The parts of SLD 1.1: rules, filters, marks, fills. Lengths are in px, the unit of SLD where none is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from layers.qgis.markup import node
from layers.qgis.pictures import paint

NAMESPACES = {
    "xmlns": "http://www.opengis.net/sld",
    "xmlns:se": "http://www.opengis.net/se",
    "xmlns:ogc": "http://www.opengis.net/ogc",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": "http://www.opengis.net/sld http://schemas.opengis.net/sld/1.1.0/StyledLayerDescriptor.xsd",
    "version": "1.1.0",
}


@dataclass(frozen=True, slots=True)
class SldRule:
    """Features that keep a filter are drawn with symbolizers, between two scales (denominators, 0 leaves one open)."""

    label: str
    keeps: Element | None
    drawn: Sequence[Element]
    nearest: int = 0
    farthest: int = 0


def compare(kind: str, column: str, value: object) -> Element:
    """Compare a column with a value; kind: EqualTo, NotEqualTo, GreaterThanOrEqualTo, LessThan."""
    name, literal = node("ogc:PropertyName", text=column), node("ogc:Literal", text=str(value))
    return node(f"ogc:PropertyIs{kind}", None, name, literal)


def joined(how: str, parts: Sequence[Element]) -> Element | None:
    """Join conditions with And or Or; one alone stands alone, none is no condition."""
    if len(parts) < 2:
        return parts[0] if parts else None
    return node(f"ogc:{how}", None, *parts)


def rule(said: SldRule) -> Element:
    """Write a rule, its parts in the order the standard asks for."""
    made = node("se:Rule", None, node("se:Name", text=said.label))
    made.append(node("se:Description", None, node("se:Title", text=said.label)))
    if said.keeps is not None:
        made.append(node("ogc:Filter", None, said.keeps))
    if said.nearest:
        made.append(node("se:MinScaleDenominator", text=str(said.nearest)))
    if said.farthest:
        made.append(node("se:MaxScaleDenominator", text=str(said.farthest)))
    made.extend(said.drawn)
    return made


def _colour(token: str) -> str:
    return token if token.startswith("#") else paint(token)


def _parameters(values: dict[str, str]) -> list[Element]:
    return [node("se:SvgParameter", {"name": name}, text=value) for name, value in values.items()]


def _fill(token: str, opacity: float = 1.0) -> Element:
    values = {"fill": _colour(token)} | ({"fill-opacity": f"{opacity:g}"} if opacity < 1 else {})
    return node("se:Fill", None, *_parameters(values))


def _stroke(token: str, width: float, dash: Sequence[float] = ()) -> Element:
    values = {"stroke": _colour(token), "stroke-width": f"{width:g}", "stroke-linejoin": "round"}
    if dash:
        values["stroke-dasharray"] = " ".join(f"{step:g}" for step in dash)
    return node("se:Stroke", None, *_parameters(values))


def mark(
    shape: str, px: float, *, fill: str = "", opacity: float = 1.0, edge: str = "", width: float = 1.0,
    dash: Sequence[float] = (), turned: float = 0.0,
) -> Element:  # fmt: skip
    """Draw a point as a mark that every program knows by name, turned by so many degrees."""
    made = node("se:Mark", None, node("se:WellKnownName", text=shape))
    if fill:
        made.append(_fill(fill, opacity))
    if edge:
        made.append(_stroke(edge, width, dash))
    graphic = node("se:Graphic", None, made, node("se:Size", text=f"{px:.2f}".rstrip("0").rstrip(".")))
    if turned:
        graphic.append(node("se:Rotation", None, node("ogc:Literal", text=f"{turned:g}")))
    return node("se:PointSymbolizer", None, graphic)


def area(
    *, fill: str = "", opacity: float = 1.0, edge: str = "", width: float = 1.0, dash: Sequence[float] = ()
) -> Element:
    """Draw an area with a fill, an edge or both; a fill without opacity is none."""
    made = node("se:PolygonSymbolizer")
    if fill and opacity:
        made.append(_fill(fill, opacity))
    if edge:
        made.append(_stroke(edge, width, dash))
    return made


def hatched(name: str, gap: float, *, token: str, width: float) -> Element:
    """Draw parallel lines over an area; name: horline, vertline, slash or backslash; gap in px."""
    made = node("se:Mark", None, node("se:WellKnownName", text=f"shape://{name}"), _stroke(token, width))
    graphic = node("se:Graphic", None, made, node("se:Size", text=f"{gap:g}"))
    return node("se:PolygonSymbolizer", None, node("se:Fill", None, node("se:GraphicFill", None, graphic)))


def line(token: str, width: float, dash: Sequence[float] = ()) -> Element:
    """Draw a line with flat ends: a program that puts squares on them would close the gaps of its dashes."""
    drawn = _stroke(token, width, dash)
    drawn.extend(_parameters({"stroke-linecap": "butt"}))
    return node("se:LineSymbolizer", None, drawn)


def label(column: str, px: float, *, ink: str, halo: str = "") -> Element:
    """Write a column at its place."""
    font = {"font-family": "Inter", "font-weight": "bold", "font-size": f"{px:g}"}
    made = node("se:TextSymbolizer", None, node("se:Label", None, node("ogc:PropertyName", text=column)))
    made.append(node("se:Font", None, *_parameters(font)))
    half = [node(f"se:AnchorPoint{axis}", text="0.5") for axis in "XY"]
    middle = node("se:PointPlacement", None, node("se:AnchorPoint", None, *half))
    made.append(node("se:LabelPlacement", None, middle))
    if halo:
        made.append(node("se:Halo", None, node("se:Radius", text="2"), _fill(halo)))
    made.append(_fill(ink))
    return made
