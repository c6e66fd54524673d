"""How QGIS and other programs draw the areas and lines over the land: tint, hatch and outline; dashes and ticks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element

from layers.drape import AREA_COLUMN, AREAS, IDLE, LINE_COLUMN, LINES, USED, AreaStyle, Hatch, LineStyle, text_key
from layers.qgis.asked import Asked
from layers.qgis.markup import node
from layers.qgis.rules import Rule, renderer, symbol
from layers.qgis.sld_parts import SldRule, area, compare, hatched, joined, line
from layers.qgis.symbols import fill, hatch, rgba, stroke

_HATCH, _DOT = 0.55, 2.0
_NAMES = {0: "horline", 45: "slash", 90: "vertline", 135: "backslash"}


def areas(asked: Asked) -> Element:
    """Draw a layer of areas, each class by the value that tells it."""
    layer, column = asked.layer, AREA_COLUMN[asked.layer]
    styles = AREAS[layer] if asked.has(column) else AREAS[layer][:1]
    rules = [
        Rule(
            _said(asked, style.id), f'"{column}" IN ({_list(style.members)})' if asked.has(column) else "", _qml(style)
        )
        for style in styles
    ]
    return renderer(rules, kind="fill", key=layer)


def lines(asked: Asked) -> Element:
    """Draw a layer of lines: what is in service by its kind or voltage, the rest as not in service."""
    rules = [
        Rule(
            _said(asked, style.id),
            _keeps(asked, style),
            [stroke(rgba(s.token), s.width, s.dash) for s in style.strokes],
        )
        for style in _told(asked)
    ]
    return renderer(rules, kind="line", key=asked.layer)


def sld_areas(asked: Asked) -> list[SldRule]:
    """Give the rules of a layer of areas; a program that knows no hatch still draws tint and outline."""
    column = AREA_COLUMN[asked.layer]
    styles = AREAS[asked.layer] if asked.has(column) else AREAS[asked.layer][:1]
    found = []
    for style in styles:
        drawn = [area(fill=style.token, opacity=style.tint, edge=style.token, width=style.width, dash=style.dash)]
        drawn += [
            hatched(_NAMES[round(one.angle)], one.gap, token=style.token, width=one.width) for one in style.hatches
        ]
        keeps = joined("Or", [compare("EqualTo", column, value) for value in style.members])
        found.append(SldRule(_said(asked, style.id), keeps if asked.has(column) else None, drawn))
    return found


def sld_lines(asked: Asked) -> list[SldRule]:
    """Give the rules of a layer of lines."""
    return [
        SldRule(_said(asked, style.id), _kept(asked, style), [line(s.token, s.width, s.dash) for s in style.strokes])
        for style in _told(asked)
    ]


def _said(asked: Asked, name: str) -> str:
    return asked.words.text(text_key(asked.layer, name))


def _list(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _qml(style: AreaStyle) -> list[Element]:
    tint = rgba(style.token, style.tint) if style.tint else ""
    # QGIS has its own two broken edges; the shorter dash is the dotted one.
    edge = "solid" if not style.dash else "dot" if style.dash[0] < _DOT else "dash"
    return [
        fill(tint, edge=rgba(style.token), width=style.width, style=edge),
        *(_hatch(style.token, one) for one in style.hatches),
    ]


def _hatch(token: str, one: Hatch) -> Element:
    made = hatch(rgba(token, _HATCH), one.angle, one.gap, width=one.width)
    made.append(symbol("line", [stroke(rgba(token, _HATCH), one.width)], name="@0@0"))
    return made


def _told(asked: Asked) -> Sequence[LineStyle]:
    """Give the classes that the columns can tell; without any, the first stands for all."""
    known = asked.has(LINE_COLUMN[asked.layer])
    found = [style for style in LINES[asked.layer] if (asked.has("status") if style.id == IDLE else known)]
    return found or LINES[asked.layer][:1]


def _limits(style: LineStyle) -> list[tuple[str, int]]:
    ends = (("GreaterThanOrEqualTo", style.least), ("LessThan", None if style.most is None else style.most + 1))
    return [(name, value) for name, value in ends if value is not None]


def _keeps(asked: Asked, style: LineStyle) -> str:
    """Write the condition of a class as QGIS does."""
    column, used = LINE_COLUMN[asked.layer], f'"status" IN ({_list(USED)})'
    if style.id == IDLE:
        return f"NOT ({used})"
    signs = {"GreaterThanOrEqualTo": ">=", "LessThan": "<"}
    parts = [f'"{column}" IN ({_list(style.members)})'] if style.members else []
    parts += [f'"{column}" {signs[name]} {value}' for name, value in _limits(style)] or (
        [] if parts else [f'"{column}" IS NULL']
    )
    return " AND ".join([*(parts if asked.has(column) else []), *([used] if asked.has("status") else [])])


def _kept(asked: Asked, style: LineStyle) -> Element | None:
    """Write the condition of a class as SLD does."""
    column = LINE_COLUMN[asked.layer]
    used = node("ogc:Or", None, *(compare("EqualTo", "status", value) for value in USED))
    if style.id == IDLE:
        return node("ogc:Not", None, used)
    parts = [compare("EqualTo", column, value) for value in style.members]
    parts = (
        [joined("Or", parts) or parts[0]] if parts else [compare(name, column, value) for name, value in _limits(style)]
    )
    parts = parts or [node("ogc:PropertyIsNull", None, node("ogc:PropertyName", text=column))]
    return joined("And", [*(parts if asked.has(column) else []), *([used] if asked.has("status") else [])])
