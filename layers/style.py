"""Colours, symbols and classes of the map, defined once for the web map, the printed sheet and QGIS.

Nothing here draws: the values are plain data. Paths of glyphs are on a 16-unit grid, paths of shapes on a 20-unit
grid with its centre at (10, 10), both with y downwards as in SVG.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

from layers.vocabulary import POLES, SECTOR_FAMILY, TECHNOLOGY_FAMILY

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")

# Each token: (light, dark). Contrasts between them are held by tests/layers/test_palette.py.
TOKENS: dict[str, tuple[str, str]] = {
    "page": ("#F5F3EE", "#0C151D"),
    "surface": ("#FFFFFF", "#14202B"),
    "surface2": ("#F4F2EC", "#1B2935"),
    "line": ("#E2DED4", "#2A3946"),
    "line2": ("#C9C4B8", "#3D4E5C"),
    "ctl": ("#7C8791", "#7E8D99"),
    "ink": ("#14212D", "#EEF3F6"),
    "ink2": ("#45525F", "#B9C5CE"),
    "ink3": ("#5C6873", "#98A6B1"),
    "primary": ("#0E4F79", "#7FC0EA"),
    "primary-soft": ("#E3EEF5", "#1B3A50"),
    "on-primary": ("#FFFFFF", "#08202F"),
    "ok": ("#1B6E45", "#7FD6A6"),
    "warn": ("#8A5200", "#F2B661"),
    "err": ("#B3261E", "#FF9A91"),
    "sea": ("#D9E6ED", "#0B1A26"),
    "sea-ink": ("#365A6D", "#7FA3B8"),
    "land": ("#FBFAF6", "#22303B"),
    "neigh": ("#ECE9E2", "#17232D"),
    "neigh-line": ("#DDD9CF", "#22303A"),
    "com-line": ("#D9D4C8", "#33434F"),
    "halo": ("#FFFFFF", "#0C151D"),
    # Behind a QR code, which readers expect dark on light in either theme.
    "paper": ("#FFFFFF", "#FFFFFF"),
    "place": ("#2E3A45", "#DCE5EA"),
    "aix-marseille": ("#2F6BC9", "#BED0FF"),
    "la-ciotat-cassis": ("#6B044B", "#EF688C"),
    "martigues-fos": ("#9A6200", "#FFD251"),
    "metal": ("#2B2626", "#E9EEF1"),
    "fuel": ("#770000", "#DF7A45"),
    "chem": ("#2733B8", "#9886F9"),
    "power": ("#976628", "#F0D14E"),
    "miner": ("#45523E", "#ABEDB6"),
    "adv": ("#8A679D", "#DDC6FB"),
    "port": ("#004754", "#34A5A9"),
    "other": ("#747373", "#AAA08D"),
    "green": ("#0B7350", "#5FD8A6"),
    "green-soft": ("#E0F1EA", "#153A30"),
    # A scene is dark in either theme: veil, text from strong to quiet, what the eye is led to, dots of its progress.
    "veil": ("#08141E", "#08141E"),
    "scene": ("#F4F8FA", "#F4F8FA"),
    "scene2": ("#E3ECF1", "#E3ECF1"),
    "scene3": ("#B9C9D3", "#B9C9D3"),
    "spot": ("#FFD251", "#FFD251"),
    # What lies over the land (layers/drape.py): zones of activity, brownfields, protected areas, rail, power lines.
    "zone": ("#6B5442", "#D2BDA6"),
    "waste": ("#A03C14", "#F6A27E"),
    "nature": ("#2F6F2A", "#93D58A"),
    "rail": ("#343F49", "#DCE4E9"),
    "wire": ("#A8175F", "#FFA3D1"),
    # The suitability surface, from 0 to 1; lightness runs one way, so that it reads without hue as well.
    "suit-low": ("#FFF6D6", "#1D2B3A"),
    "suit-mid": ("#6DB7A5", "#2F8C8C"),
    "suit-high": ("#14416F", "#F4E58A"),
    "dot": ("#4A6070", "#4A6070"),
    "dot-done": ("#9FB4C2", "#9FB4C2"),
}

# Water within 0.7, 1.7, 3.2, 5.4 and 8.5 km of land, nearest first; decoration, never in the legend.
WATERLINES: dict[Theme, tuple[str, ...]] = {
    "light": ("#C0D5E0", "#C6D9E3", "#CBDCE6", "#D0E0E8", "#D5E3EB"),
    "dark": ("#122A3D", "#102637", "#0E2232", "#0D1F2D", "#0C1C29"),
}


# The relief over the land of a theme: tints as metres, colour and opacity, and what falls away from the light or faces
# it at the most. Low land has no tint and level land no shade: there the map's own ground is seen.
RELIEF: dict[Theme, dict[str, Any]] = {
    "light": {
        "tints": (
            (10, "#CBD8B4", 0.0), (60, "#CBD8B4", 0.45), (250, "#E6DDB2", 0.6), (500, "#DCC391", 0.68),
            (800, "#C4A27A", 0.72), (1200, "#B08E74", 0.75),
        ),
        "shadow": ("#3A3228", 0.5),
        "light": ("#FFFFFF", 0.55),
    },
    "dark": {
        "tints": (
            (10, "#2C4038", 0.0), (60, "#2C4038", 0.5), (250, "#3F4636", 0.6), (500, "#514B39", 0.68),
            (800, "#5C4F42", 0.72), (1200, "#6A5D54", 0.75),
        ),
        "shadow": ("#02070B", 0.7),
        "light": ("#C9D6DE", 0.3),
    },
}  # fmt: skip

# Glyph of each family of industry and shape of each family of projects; what belongs to them is in the vocabulary.
_GLYPHS: dict[str, str] = {
    "metal": "M2 11.5 4.2 6h7.6L14 11.5Z",
    "fuel": "M8 1.8C10.8 5.2 12.6 7.4 12.6 9.8a4.6 4.6 0 0 1-9.2 0C3.4 7.4 5.2 5.2 8 1.8Z",
    "chem": "M6 2h4v1.4h-.7v3L12.8 12a1.4 1.4 0 0 1-1.2 2.1H4.4A1.4 1.4 0 0 1 3.2 12l3.5-5.6v-3H6Z",
    "power": "M9.2 1.5 3.6 9h3.5l-.5 5.5L12.4 7H8.7Z",
    "miner": "M2 12.8 6.2 4.6 8.6 8.8 10 6.6l4 6.2Z",
    "adv": "M8 1.6 9 6.2l5.2 3v1.6L9 9.6v2.6l1.7 1.3v1L8 13.8l-2.7.7v-1L7 12.2V9.6l-5.2 1.2V9.2L7 6.2Z",
    "port": (
        "M7.1 4.9a1.8 1.8 0 1 1 1.8 0V6.2h2.3v1.6H8.9v4.5c1.7-.3 2.8-1.4 3.1-2.9l-1 .3.9-2.4 2 1.8-.6.1"
        "c-.2 3-2.4 5-5.3 5.2-2.9-.2-5.1-2.2-5.3-5.2l-.6-.1 2-1.8.9 2.4-1-.3c.3 1.5 1.4 2.6 3.1 2.9V7.8H4.8V6.2h2.3Z"
    ),
    "other": "M3 3h4.2v4.2H3zM8.8 3H13v4.2H8.8zM3 8.8h4.2V13H3zM8.8 8.8H13V13H8.8z",
}
_SHAPES: dict[str, str] = {
    "h2": "M10 1.5 17.4 5.75v8.5L10 18.5 2.6 14.25v-8.5Z",
    "proc": "M3 3h14v14H3Z",
    "ccus": "M1.6 3.6h16.8L10 18Z",
    "renew": "M10 2 18.4 16.8H1.6Z",
    "heat": "M10 1.6 18.4 7.8 15.2 17.6H4.8L1.6 7.8Z",
    "grid": "M10 1 19 10 10 19 1 10Z",
    "mob": "M6 4.6h8a5.4 5.4 0 0 1 0 10.8H6a5.4 5.4 0 0 1 0-10.8Z",
    "oth": "M7 1.8h6v5.2h5.2v6H13v5.2H7V13H1.8V7H7Z",
}


@dataclass(frozen=True, slots=True)
class Family:
    """One class of a theme: its drawing, and the table's values that belong to it."""

    id: str
    path: str
    members: tuple[str, ...]


def _families(paths: dict[str, str], family_of: dict[str, str]) -> tuple[Family, ...]:
    return tuple(Family(key, path, tuple(m for m, of in family_of.items() if of == key)) for key, path in paths.items())


INDUSTRY_FAMILIES = _families(_GLYPHS, SECTOR_FAMILY)
PROJECT_FAMILIES = _families(_SHAPES, TECHNOLOGY_FAMILY)


@dataclass(frozen=True, slots=True)
class StatusStyle:
    """How a project's status draws the outline of its shape; lengths in px on a 20 px shape."""

    id: str
    fill: Literal["solid", "tint", "surface"]
    width: float
    dash: tuple[float, ...] = ()
    bar: bool = False


# Order is also the order in which projects are stacked and listed: the most certain first.
STATUSES: tuple[StatusStyle, ...] = (
    StatusStyle("operating", "solid", 1.6),
    StatusStyle("under-construction", "tint", 2.0),
    StatusStyle("permitted", "surface", 2.6),
    StatusStyle("public-consultation", "surface", 2.2, (4, 2.4)),
    StatusStyle("announced", "surface", 2.3, (0.1, 3.3)),
    StatusStyle("suspended", "surface", 1.6, (), True),
)

# Places: class of the layer, and the categories of the table it gathers. No class is called `learning`, `business` or
# `nature`: in older links these were wider ones (layers/view.py reads them so).
PLACE_CLASSES: dict[str, tuple[str, ...]] = {
    "university": ("university",),
    "research": ("research",),
    "health": ("hospital",),
    "heritage": ("heritage",),
    "beach": ("beach",),
    "landscape": ("nature",),
    "park": ("business-park",),
    "platform": ("industrial-platform",),
    "terminal": ("port-terminal",),
    "brownfield": ("brownfield",),
    "digital": ("data-centre",),
}
# The groups of the tree that share the layer of places.
PLACE_GROUPS: dict[str, tuple[str, ...]] = {
    "life": ("university", "research", "health", "heritage", "beach", "landscape"),
    "land": ("park", "platform", "terminal", "brownfield", "digital"),
}

ACCESS_CLASSES: tuple[str, ...] = ("ports", "stations", "airports")

RADIUS_PX_AT_REFERENCE = 31.0
REFERENCE_CO2_T = 6_500_000.0
MINIMUM_RADIUS_PX = 4.0
EXPLORE_FACTOR = 0.85
GLYPH_FROM_RADIUS_PX = 9.5


def circle_radius(co2_t: float | None, *, factor: float = 1.0) -> float:
    """Give the radius in px of a site's circle: its area is proportional to the verified CO₂ of the year, in tonnes.

    Sites without a figure (None or NaN) and the smallest ones take the minimum, which does not scale with `factor`.
    """
    if co2_t is None or not co2_t > 0:
        return MINIMUM_RADIUS_PX
    return max(MINIMUM_RADIUS_PX, RADIUS_PX_AT_REFERENCE * sqrt(co2_t / REFERENCE_CO2_T) * factor)


def css_variables() -> str:
    """Write the tokens as CSS custom properties: light on `:root`, dark under `[data-theme=dark]`."""
    blocks = []
    for index, theme in enumerate(THEMES):
        selector = ":root" if theme == "light" else "[data-theme=dark]"
        values = [f"--{name}:{pair[index]}" for name, pair in TOKENS.items()]
        values += [f"--waterline-{i}:{colour}" for i, colour in enumerate(WATERLINES[theme], start=1)]
        blocks.append(f"{selector}{{{';'.join(values)};color-scheme:{theme}}}")
    return "\n".join(blocks)


def for_script() -> dict[str, object]:
    """Give what the map's script needs to draw symbols and their legend, ready for JSON."""
    return {
        "industry": [{"id": f.id, "path": f.path} for f in INDUSTRY_FAMILIES],
        "projects": [{"id": f.id, "path": f.path} for f in PROJECT_FAMILIES],
        "statuses": [
            {"id": s.id, "fill": s.fill, "width": s.width, "dash": list(s.dash), "bar": s.bar} for s in STATUSES
        ],
        "places": list(PLACE_CLASSES),
        "place_groups": {group: list(names) for group, names in PLACE_GROUPS.items()},
        "access": list(ACCESS_CLASSES),
        "poles": list(POLES),
        "size": {
            "radius": RADIUS_PX_AT_REFERENCE,
            "reference": REFERENCE_CO2_T,
            "minimum": MINIMUM_RADIUS_PX,
            "factor": EXPLORE_FACTOR,
            "glyph": GLYPH_FROM_RADIUS_PX,
        },
    }
