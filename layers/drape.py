"""What lies over the land and below the symbols: areas and lines that only official services fill.

How each class is drawn is said once, for the screen, for paper and for QGIS: plain data, as in `layers.style`. Lengths
are in px of the screen at zoom 13; a hatch turns to the left of the horizontal by its angle in degrees.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, cast

from geopandas import GeoDataFrame
from pandas import Series

# Layers whose rows name neither a commune nor a pole: filters by place leave them alone.
UNPLACED = ("protected", "rail", "power_lines")
# The states in which a line is drawn by what it is; in the others it is drawn as out of service.
USED = ("in-service", "unknown")
IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Hatch:
    """Parallel lines over an area, `gap` px apart."""

    angle: float
    gap: float
    width: float


@dataclass(frozen=True, slots=True)
class AreaStyle:
    """A class of areas: the values of the layer's column that belong to it, a thin tint, an outline, hatches."""

    id: str
    members: tuple[str, ...]
    token: str
    tint: float
    width: float
    dash: tuple[float, ...] = ()
    hatches: tuple[Hatch, ...] = ()


@dataclass(frozen=True, slots=True)
class Stroke:
    """One line of a drawing; a dash much shorter than the width is a tick across the line."""

    token: str
    width: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class LineStyle:
    """A class of lines: strokes from the lowest to the highest.

    members: values of the layer's column that belong to it; least, most: those of a figure, both included, instead.
    """

    id: str
    strokes: tuple[Stroke, ...]
    members: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None


_CROSSED = (Hatch(45, 6, 1), Hatch(135, 6, 1))
_NATURA = ("natura-habitats", "natura-birds", "ramsar")

AREA_COLUMN = {"zones": "kind", "brownfields": "status", "protected": "kind"}
LINE_COLUMN = {"rail": "kind", "power_lines": "voltage_kv"}

AREAS: dict[str, tuple[AreaStyle, ...]] = {
    "zones": (
        AreaStyle("industrial", ("industrial",), "zone", 0.16, 1.2, hatches=(Hatch(45, 8, 0.9),)),
        AreaStyle("plant", ("plant",), "zone", 0.26, 1.3, hatches=(Hatch(45, 4, 1.0),)),
        AreaStyle("power-plant", ("power-plant",), "zone", 0.20, 1.3, hatches=(Hatch(90, 5, 1.0),)),
        AreaStyle("business", ("business",), "zone", 0.16, 1.1),
        AreaStyle("quarry", ("quarry",), "zone", 0.12, 1.1, hatches=(Hatch(135, 5, 0.9),)),
        AreaStyle("saltworks", ("saltworks",), "zone", 0.06, 1.1, hatches=(Hatch(0, 5, 0.8),)),
        AreaStyle("other", ("other",), "zone", 0.06, 1.1, (3, 2.5)),
    ),
    "brownfields": (
        AreaStyle("without-project", ("without-project",), "waste", 0.24, 1.5, hatches=_CROSSED),
        AreaStyle("with-project", ("with-project",), "waste", 0.24, 1.5, hatches=(Hatch(135, 6, 1.0),)),
        AreaStyle("potential", ("potential",), "waste", 0.08, 1.4, (3, 2.5)),
        AreaStyle("converted", ("converted",), "waste", 0.0, 1.4),
    ),
    "protected": (
        AreaStyle("strict", ("park-core", "reserve", "biotope"), "nature", 0.22, 1.8, hatches=(Hatch(135, 6, 1.0),)),
        AreaStyle("natura", _NATURA, "nature", 0.10, 1.2, hatches=(Hatch(135, 12, 0.8),)),
        AreaStyle("site", ("coastal", "classified-site"), "nature", 0.10, 1.2, hatches=(Hatch(90, 9, 0.8),)),
        AreaStyle("park", ("park-buffer",), "nature", 0.04, 1.8, (8, 3)),
        AreaStyle("inventory", ("znieff1", "znieff2"), "nature", 0.03, 1.2, (1.5, 2.5)),
    ),
}  # fmt: skip
LINES: dict[str, tuple[LineStyle, ...]] = {
    "rail": (
        LineStyle("high-speed", (Stroke("rail", 4.4), Stroke("land", 2.2, (11, 7))), ("high-speed",)),
        LineStyle("main", (Stroke("rail", 3.0), Stroke("land", 1.4, (5, 5))), ("main",)),
        LineStyle("service", (Stroke("rail", 1.0), Stroke("rail", 4.4, (1, 9))), ("service",)),
        LineStyle("tram", (Stroke("rail", 2.2, (2.2, 2.2)),), ("tram", "metro")),
        LineStyle("other", (Stroke("rail", 1.2, (7, 3)),), ("other",)),
        LineStyle(IDLE, (Stroke("rail", 1.0, (2, 4)), Stroke("rail", 4.0, (1, 17)))),
    ),
    "power_lines": (
        LineStyle("400", (Stroke("wire", 2.8),), least=300),
        LineStyle("225", (Stroke("wire", 2.0, (10, 3)),), least=150, most=299),
        LineStyle("63", (Stroke("wire", 1.4, (5, 3)),), most=149),
        LineStyle("unsaid", (Stroke("wire", 1.3, (1.5, 3)),)),
        LineStyle(IDLE, (Stroke("wire", 1.0, (9, 3, 1.5, 3)),)),
    ),
}


# The group of texts that names the classes of each layer.
_TEXTS = {"zones": "zone", "brownfields": "brownfield", "protected": "nature", "rail": "track", "power_lines": "power"}


def text_key(layer: str, name: str) -> str:
    """Return the key of the text that names a class."""
    return f"drape.{_TEXTS[layer]}_{name}"


def drapes(layer: str) -> bool:
    """Tell whether a layer is one of areas or lines that lie over the land."""
    return layer in AREAS or layer in LINES


def classes(layer: str, rows: GeoDataFrame) -> Series[str]:
    """Return the id of the class that each row of a layer is drawn by."""
    if layer in AREAS:
        of = {member: style.id for style in AREAS[layer] for member in style.members}
        return cast("Series[str]", rows[AREA_COLUMN[layer]].map(of).astype("str"))
    values = rows[LINE_COLUMN[layer]]
    if layer == "rail":
        of = {member: style.id for style in LINES[layer] for member in style.members}
        found = values.map(of)
    else:
        found = values.map(_by_voltage, na_action="ignore").fillna("unsaid")
    return cast("Series[str]", found.astype("str").where(rows["status"].isin(USED), IDLE))


def _by_voltage(kv: int) -> str:
    return next(
        style.id
        for style in LINES["power_lines"]
        if (style.least or style.most) and (style.least or 0) <= kv <= (style.most or kv)
    )


def for_script() -> dict[str, Any]:
    """Give what the map's script needs to draw these layers and their legend, ready for JSON."""
    areas = {layer: [asdict(style) for style in styles] for layer, styles in AREAS.items()}
    lines = {layer: [asdict(style) for style in styles] for layer, styles in LINES.items()}
    return {"areas": areas, "lines": lines, "texts": _TEXTS}
