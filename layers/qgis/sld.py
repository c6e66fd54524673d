"""SLD 1.1 for other programs: the same colours and classes, with the marks the standard has.

What it cannot carry: glyphs and icons, stacks, sizes that grow with a figure. Sites are drawn in classes of tonnes, and
places and projects with the nearest mark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

from layers import catalogue, filters, numbers
from layers.drape import AREAS, LINES
from layers.qgis import drapes
from layers.qgis.areas import offsets, tint
from layers.qgis.asked import DETAIL_SCALE, Asked, by_column, sized, tonnes_by_id
from layers.qgis.markup import document, node
from layers.qgis.sld_parts import NAMESPACES, SldRule, area, compare, joined, label, mark, rule
from layers.style import (
    EXPLORE_FACTOR,
    INDUSTRY_FAMILIES,
    PLACE_CLASSES,
    PROJECT_FAMILIES,
    STATUSES,
    WATERLINES,
    circle_radius,
)
from layers.vocabulary import POLES

# From here on circles grow; below they all have the least radius.
_CLASSES = (0, 150_000, 500_000, 1_000_000, 2_000_000, 4_000_000, 20_000_000)
# The nearest mark by name, and how far it is turned; hexagon and pentagon are known to QGIS and GeoTools.
_SHAPES = {
    "h2": ("hexagon", 0.0),
    "proc": ("square", 0.0),
    "ccus": ("triangle", 180.0),
    "renew": ("triangle", 0.0),
    "heat": ("pentagon", 0.0),
    "grid": ("square", 45.0),
    "mob": ("circle", 0.0),
    "oth": ("cross", 0.0),
}
_PLACES = {
    "university": ("square", 0.0, True),
    "research": ("triangle", 0.0, True),
    "health": ("cross", 0.0, True),
    "heritage": ("star", 0.0, True),
    "beach": ("circle", 0.0, False),
    "landscape": ("triangle", 0.0, False),
    "park": ("square", 0.0, False),
    "platform": ("square", 45.0, True),
    "terminal": ("square", 45.0, False),
    "brownfield": ("x", 0.0, True),
    "digital": ("circle", 0.0, True),
}
_ACCESS = {"ports": "square", "stations": "circle", "airports": "triangle"}


def write(asked: Asked) -> str:
    """Write the style of a layer as SLD."""
    return _write(asked, catalogue.data_dir())


@lru_cache(maxsize=64)
def _write(asked: Asked, _folder: Path) -> str:
    # Asked for twice by a bundle: beside its data, and inside them.
    drawn = [rule(said) for said in _RULES[asked.layer](asked)]
    name = node("se:Name", text=asked.layer)
    style = node("UserStyle", None, node("se:Name", text=asked.layer), node("se:FeatureTypeStyle", None, *drawn))
    root = node("StyledLayerDescriptor", NAMESPACES, node("NamedLayer", None, name, style))
    return document(root, doctype='<?xml version="1.0" encoding="UTF-8"?>\n')


def _class_radius(low: int, high: int) -> float:
    """Give the radius of a class in px: that of the mean of its roots, since areas are what is compared."""
    if low == 0:
        return circle_radius(None)
    mean = ((low**0.5 + min(high, 8_000_000) ** 0.5) / 2) ** 2
    return circle_radius(mean, factor=EXPLORE_FACTOR)


def _in_class(asked: Asked, low: int, high: int) -> Element | None:
    """Write the condition that a site's verified tonnes lie in a class; the lowest class takes all others."""
    if by_column(asked):
        year = [compare("EqualTo", "co2_basis", "ets"), compare("EqualTo", "co2_year", asked.year)]
        if low:
            within = [compare("GreaterThanOrEqualTo", "co2_t", low), compare("LessThan", "co2_t", high)]
            return joined("And", year + within)
        # Not "not large": of a site without a figure that would be unknown, and it would not be drawn.
        other = [
            node("ogc:PropertyIsNull", None, node("ogc:PropertyName", text="co2_t")),
            compare("NotEqualTo", "co2_basis", "ets"),
            compare("NotEqualTo", "co2_year", asked.year),
            compare("LessThan", "co2_t", high),
        ]
        return joined("Or", other)
    at_least, below = (low, high) if low else (high, _CLASSES[-1])
    ids = [compare("EqualTo", "id", site) for site, t in tonnes_by_id(asked.year).items() if at_least <= t < below]
    named = joined("Or", ids)
    return named if low or named is None else node("ogc:Not", None, named)


def _industry(asked: Asked) -> list[SldRule]:
    words, rules = asked.words, []
    classes = list(pairwise(_CLASSES)) if sized(asked) else [(0, _CLASSES[-1])]
    for (low, high), families in reversed(list(_present(asked, classes).items())):
        r = _class_radius(low, high)
        size = _in_class(asked, low, high) if sized(asked) else None
        limits = f"{numbers.plain(low / 1e6, asked.language)}\u2013{numbers.plain(high / 1e6, asked.language)}"
        said = words.text("qgis.tonnes", year=str(asked.year), limits=limits)
        for family in families:
            own = compare("EqualTo", "family", family) if asked.has("family") else None
            if own is None and family != families[0]:
                continue
            name = words.text(f"family.{family}" if own is not None else "kind.site_other")
            colour = family if own is not None else "other"
            drawn = [mark("circle", 2 * r, fill=colour, opacity=0.92, edge="halo", width=1.4)]
            keeps = joined("And", [part for part in (own, size) if part is not None])
            rules.append(SldRule(f"{name}, {said}" if low else name, keeps, drawn))
    marks: tuple[tuple[str, str, object, Element], ...] = (
        (
            "qgis.approximate",
            "approximate",
            "true",
            mark("circle", 12, fill="surface", opacity=0, edge="ink2", dash=(1.3, 1.5)),
        ),
        ("site_status.closed", "status", "closed", mark("x", 8, edge="ink", width=1.5)),
    )
    for key, column, value, drawing in marks:
        if asked.has(column):
            rules.append(SldRule(words.text(key), compare("EqualTo", column, value), [drawing]))
    return rules


def _present(asked: Asked, classes: Sequence[tuple[int, int]]) -> dict[tuple[int, int], list[str]]:
    """Give the families that have a site in each class, so that a legend lists no class that cannot occur."""
    table = catalogue.load("industry")
    found = filters.verified(table, asked.year).fillna(0)
    order = [family.id for family in INDUSTRY_FAMILIES]
    return {
        (low, high): [f for f in order if ((found >= low) & (found < high) & (table["family"] == f)).any()]
        if low
        else order
        for low, high in classes
    }


def _decarbonation(asked: Asked) -> list[SldRule]:
    words, rules = asked.words, []
    table = catalogue.load("decarbonation")
    pairs = set(zip(table["family"], table["status"], strict=True))
    shapes = [f.id for f in PROJECT_FAMILIES] if asked.has("family") else ["h2"]
    statuses = STATUSES if asked.has("status") else STATUSES[:1]
    for family in shapes:
        for status in statuses:
            if asked.has("family", "status") and (family, status.id) not in pairs:
                continue
            keeps, said = [], []
            if asked.has("family"):
                keeps.append(compare("EqualTo", "family", family))
                said.append(words.text(f"technology.{family}"))
            if asked.has("status"):
                keeps.append(compare("EqualTo", "status", status.id))
                said.append(words.text(f"status.{status.id}"))
            colour = "ink3" if status.id == "suspended" else "green"
            shape, turned = _SHAPES[family]
            fill = "surface" if status.fill == "surface" else colour
            drawn = [mark(shape, 18, fill=fill, opacity=0.38 if status.fill == "tint" else 1, edge=colour,
                          width=status.width, dash=status.dash, turned=turned)]  # fmt: skip
            if status.bar:
                drawn.append(mark("x", 12, edge=colour, width=1.6))
            rules.append(SldRule(", ".join(said) or words.text("kind.project_other"), joined("And", keeps), drawn))
    return rules


def _access(asked: Asked) -> list[SldRule]:
    words, layer = asked.words, asked.layer
    shape = _ACCESS[layer]
    large = {"ports": "port", "stations": "tgv", "airports": "airport"}[layer]
    big = [mark(shape, 14, fill="surface", edge="ink2", width=2.4)]
    if layer == "ports" or not asked.has("kind"):
        return [SldRule(words.text(f"layer.{layer}"), None, big)]
    minor = words.text("access.station" if layer == "stations" else "access.airfield")
    rest = ("NotEqualTo", "kind", large)
    return [
        SldRule(words.text(f"access.{large}"), compare("EqualTo", "kind", large), big),
        SldRule(minor, compare(*rest), [mark(shape, 10, fill="surface", edge="ink2", width=1.6)], 0, DETAIL_SCALE),
        SldRule(
            f"{minor} ({words.text('qgis.far')})",
            compare(*rest),
            [mark(shape, 6, fill="surface", edge="ink2", width=1.2)],
            DETAIL_SCALE,
        ),
    ]


def _places(asked: Asked) -> list[SldRule]:
    words = asked.words
    if not asked.has("category"):
        return [SldRule(words.text("kind.place_other"), None, [mark("square", 9, fill="surface", edge="ink2")])]
    rules = []
    for name, categories in PLACE_CLASSES.items():
        shape, turned, solid = _PLACES[name]
        drawn = mark(shape, 11, fill="ink2" if solid else "surface", edge="ink2", width=1.6, turned=turned)
        keeps = joined("Or", [compare("EqualTo", "category", category) for category in categories])
        rules.append(SldRule(words.text(f"place.{name}"), keeps, [drawn]))
    return rules


def _perceptions(asked: Asked) -> list[SldRule]:
    drawn = [mark("circle", 22, fill="primary", edge="halo", width=1.5)]
    if asked.has("rank"):
        drawn.append(label("rank", 12, ink="on-primary"))
    return [SldRule(asked.words.text("layer.perceptions"), None, drawn)]


def _communes(asked: Asked) -> list[SldRule]:
    names = [label("name", 12.5, ink="place", halo="halo")] if asked.has("name") else []
    if not asked.has("pole"):
        plain = area(fill="land", edge="com-line", width=0.8)
        return [SldRule(asked.words.text("layer.communes"), None, [plain, *names])]
    return [
        SldRule(
            _pole(pole), compare("EqualTo", "pole", pole), [area(fill=tint(pole), edge="com-line", width=0.8), *names]
        )
        for pole in POLES
    ]


def _poles(asked: Asked) -> list[SldRule]:
    casing = area(edge="land", width=4.5)
    if not asked.has("id"):
        return [SldRule(asked.words.text("layer.poles"), None, [casing, area(edge="ink", width=1.7)])]
    return [
        SldRule(_pole(pole), compare("EqualTo", "id", pole), [area(edge="land", width=4.5), area(edge=pole, width=1.7)])
        for pole in POLES
    ]


def _pole(pole: str) -> str:
    table = catalogue.load("poles")
    return str(table.loc[table["id"] == pole, "name"].iloc[0])


def _neighbours(asked: Asked) -> list[SldRule]:
    return [SldRule(asked.words.text("qgis.neighbours"), None, [area(fill="neigh", edge="neigh-line", width=0.7)])]


def _water(asked: Asked) -> list[SldRule]:
    sea = compare("EqualTo", "kind", "sea") if asked.has("kind") else None
    rules = [SldRule(asked.words.text("qgis.sea"), sea, [area(fill="sea")])]
    if not asked.has("kind", "offset_km"):
        return rules
    for at, km in reversed(list(enumerate(offsets()))):
        said = asked.words.text("qgis.waterline", km=numbers.plain(km, asked.language))
        rules.append(SldRule(said, compare("EqualTo", "offset_km", f"{km:g}"), [area(fill=WATERLINES["light"][at])]))
    return rules


_RULES: dict[str, Callable[[Asked], list[SldRule]]] = {
    "poles": _poles,
    "communes": _communes,
    "neighbours": _neighbours,
    "water": _water,
    "industry": _industry,
    "decarbonation": _decarbonation,
    "ports": _access,
    "stations": _access,
    "airports": _access,
    "places": _places,
    "perceptions": _perceptions,
    **dict.fromkeys(AREAS, drapes.sld_areas),
    **dict.fromkeys(LINES, drapes.sld_lines),
}
