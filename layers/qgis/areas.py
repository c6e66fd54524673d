"""How QGIS draws the layers of areas: communes in the tint of their pole, poles as outlines, neighbours, water."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from layers import catalogue, numbers
from layers.qgis.asked import Asked
from layers.qgis.markup import driven, node
from layers.qgis.rules import Rule, renderer
from layers.qgis.symbols import PX_MM, fill, mixed, mm, rgba
from layers.style import WATERLINES
from layers.vocabulary import POLES
from layers.web import labels

# Sizes of names in px, as on the screen.
_CITY_PX, _TOWN_PX = 15.0, 12.0


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
    """Label communes with their name on a halo, cities larger; each from the scale on at which the map names it."""
    style = {
        "fieldName": "name",
        "isExpression": 0,
        "fontFamily": "Inter",
        "fontSize": mm(_TOWN_PX),
        "fontSizeUnit": "MM",
        "fontWeight": 50,
        "namedStyle": "Regular",
        "textColor": rgba("ink2"),
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
    by = driven(_named_as_on_the_map()) if asked.has("code") else None
    if by is not None:
        by.tag = "dd_properties"
        settings.append(by)
    return node("labeling", {"type": "simple"}, settings)


def _named_as_on_the_map() -> dict[str, str]:
    """Give the expressions that show, size and colour the name of a commune as the map does at the same scale."""
    first: dict[str, float] = {}
    cities = set()
    for label in labels.names():
        code = str(label["id"]).removesuffix("-town-hall")
        first[code] = min(float(label["zoom"]), first.get(code, 99.0))
        if label["kind"] == "city":
            cities.add(code)
    scales = ", ".join(f"'{code}', {_scale(zoom)}" for code, zoom in sorted(first.items()) if code.isdigit())
    city = f'"code" IN ({", ".join(repr(code) for code in sorted(cities))})'
    return {
        # A map that does not know its scale names all.
        "Show": f'coalesce(@map_scale <= map_get(map({scales}), "code"), TRUE)',
        "Size": f"if({city}, {mm(_CITY_PX)}, {mm(_TOWN_PX)})",
        "Bold": city,
        "Color": f"if({city}, '{rgba('place')}', '{rgba('ink2')}')",
    }


def _scale(zoom: float) -> int:
    """Give the denominator of the scale at which the map is at a zoom, on a screen of 96 dots an inch."""
    return int(round(labels.METRES_AT_0 / 2**zoom / (PX_MM / 1000), -2))
