"""Renderers of QGIS: rules with their symbols, and the stacks of points that stand too near to one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from layers.qgis.markup import node
from layers.qgis.symbols import mm

# A rule that no feature follows stands in the legend only.
NEVER = "FALSE"


@dataclass(frozen=True, slots=True)
class Rule:
    """Features that keep a filter (an expression of QGIS) are drawn with symbol layers, between two scales.

    The scales are denominators, 0 leaves that side open: drawn from 1:`nearest` to 1:`farthest`. A rule without symbol
    layers is a heading.
    """

    label: str
    keeps: str = ""
    layers: Sequence[Element] = ()
    nearest: int = 0
    farthest: int = 0
    under: Sequence[Rule] = field(default=())


def renderer(rules: Sequence[Rule], *, kind: str, key: str, order: str = "") -> Element:
    """Make a renderer of rules; kind: of its symbols; key: begins the names of its rules; order: what is drawn last."""
    symbols = node("symbols")
    held = node("rules", {"key": f"{{{key}}}"})
    for at, rule in enumerate(rules):
        held.append(_rule(rule, kind, f"{key}-{at}", symbols))
    made = node("renderer-v2", _attributes("RuleRenderer", ordered=bool(order)), held, symbols)
    if order:
        clause = node("orderByClause", {"asc": 1, "nullsFirst": 1}, text=order)
        made.append(node("orderby", None, clause))
    return made


def _attributes(kind: str, *, ordered: bool = False) -> dict[str, object]:
    return {"type": kind, "symbollevels": 0, "enableorderby": int(ordered), "forceraster": 0}


def _rule(rule: Rule, kind: str, key: str, symbols: Element) -> Element:
    attributes: dict[str, object] = {"key": f"{{{key}}}", "label": rule.label}
    if rule.keeps:
        attributes["filter"] = rule.keeps
    if rule.nearest:
        attributes["scalemindenom"] = rule.nearest
    if rule.farthest:
        attributes["scalemaxdenom"] = rule.farthest
    if rule.layers:
        attributes["symbol"] = len(symbols)
        symbols.append(symbol(kind, rule.layers, name=str(len(symbols))))
    made = node("rule", attributes)
    made.extend(_rule(child, kind, f"{key}-{at}", symbols) for at, child in enumerate(rule.under))
    return made


def symbol(kind: str, layers: Sequence[Element], *, name: str) -> Element:
    """Put symbol layers together, bottom to top; kind: marker, fill or line."""
    attributes = {"type": kind, "name": name, "alpha": 1, "clip_to_extent": 1, "force_rhr": 0}
    return node("symbol", attributes, *layers)


def stacked(inner: Element, within_px: float, layers: Sequence[Element]) -> Element:
    """Make a renderer that draws points nearer than so many px as one symbol, `@cluster_size` of them, else `inner`."""
    attributes = {**_attributes("pointCluster"), "tolerance": mm(within_px), "toleranceUnit": "MM"}
    return node(
        "renderer-v2",
        {**attributes, "toleranceUnitScale": "3x:0,0,0,0,0,0"},
        inner,
        symbol("marker", layers, name="centerSymbol"),
    )
