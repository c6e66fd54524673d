"""How QGIS draws the layers of areas: communes in the tint of their pole, poles as outlines, neighbours, water."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from layers import catalogue, numbers
from layers.qgis.asked import Asked
from layers.qgis.markup import driven, node
from layers.qgis.rules import Rule, renderer
from layers.qgis.symbols import fill, mixed, mm, rgba
from layers.style import WATERLINES
from layers.vocabulary import POLES


def offsets() -> list[float]:
    """Give the distances of the waterlines in km, nearest first."""
    return sorted(float(km) for km in catalogue.load("water")["offset_km"].dropna().unique())


def tint(pole: str) -> str:
    """Give the colour #RRGGBB of a commune of a pole: its pole's, laid thinly over land."""
    return mixed(pole, 0.09, "land")


def communes(asked: Asked) -> Element:
    """Draw communes in the tint of their pole."""
    words, edge = asked.words, rgba("com-line")
    if not asked.has("pole"):
        rules = [Rule(words.text("layer.communes"), "", [fill(rgba("land"), edge=edge, width=0.8)])]
    else:
        rules = [
            Rule(_pole(pole), f"\"pole\" = '{pole}'", [fill(rgba(tint(pole)), edge=edge, width=0.8)]) for pole in POLES
        ]
    return renderer(rules, kind="fill", key="communes")


def poles(asked: Asked) -> Element:
    """Draw the outlines of the poles over a line in the colour of land."""

    def drawn(token: str) -> list[Element]:
        return [fill("", edge=rgba("land", 0.9), width=4.5), fill("", edge=rgba(token, 0.95), width=1.7)]

    if not asked.has("id"):
        rules = [Rule(asked.words.text("layer.poles"), "", drawn("ink"))]
    else:
        rules = [Rule(_pole(pole), f"\"id\" = '{pole}'", drawn(pole)) for pole in POLES]
    return renderer(rules, kind="fill", key="poles")


def _pole(pole: str) -> str:
    table = catalogue.load("poles")
    return str(table.loc[table["id"] == pole, "name"].iloc[0])


def neighbours(asked: Asked) -> Element:
    """Draw the land around the metropolis."""
    layers = [fill(rgba("neigh"), edge=rgba("neigh-line"), width=0.7)]
    return renderer([Rule(asked.words.text("qgis.neighbours"), "", layers)], kind="fill", key="neighbours")


def water(asked: Asked) -> Element:
    """Draw the sea, and the bands of water near land from the widest to the nearest."""
    sea = Rule(asked.words.text("qgis.sea"), "\"kind\" = 'sea'" if asked.has("kind") else "", [fill(rgba("sea"))])
    if not asked.has("kind", "offset_km"):
        return renderer([sea], kind="fill", key="water")
    bands = [
        Rule(
            asked.words.text("qgis.waterline", km=numbers.plain(km, asked.language)),
            f'"offset_km" = {km:g}',
            [fill(rgba(WATERLINES["light"][at]))],
        )
        for at, km in enumerate(offsets())
    ]
    return renderer([sea, *bands], kind="fill", key="water", order='-coalesce("offset_km", 1000)')


def names(asked: Asked) -> Element:
    """Label communes with their name, dark on a halo; from afar only those with many inhabitants."""
    style = {
        "fieldName": "name",
        "isExpression": 0,
        "fontFamily": "Inter",
        "fontSize": mm(12.5),
        "fontSizeUnit": "MM",
        "fontWeight": 63,
        "namedStyle": "SemiBold",
        "textColor": rgba("place"),
        "textOpacity": 1,
    }
    buffer = node(
        "text-buffer",
        {"bufferDraw": 1, "bufferSize": mm(2), "bufferSizeUnits": "MM", "bufferColor": rgba("halo"),
         "bufferOpacity": 0.9, "bufferJoinStyle": 128},
    )  # fmt: skip
    settings = node(
        "settings",
        {"calloutType": "simple"},
        node("text-style", style, buffer),
        node("placement", {"placement": 1, "centroidWhole": 1, "centroidInside": 1, "priority": 5}),
        node("rendering", {"drawLabels": 1, "obstacle": 0, "scaleVisibility": 0, "fitInPolygonOnly": 0}),
    )
    if asked.has("population"):
        shown = "if(@map_scale > 400000, 20000, if(@map_scale > 200000, 8000, 0))"
        by = driven({"Show": f'"population" >= {shown}'})
        by.tag = "dd_properties"
        settings.append(by)
    return node("labeling", {"type": "simple"}, settings)
