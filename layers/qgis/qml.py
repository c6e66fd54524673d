"""QML, the style of QGIS itself: it draws a layer as the map does, with all its symbols inside."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from xml.etree.ElementTree import Element

from layers import catalogue
from layers.drape import AREAS, LINES
from layers.qgis import areas, drapes, points
from layers.qgis.asked import Asked
from layers.qgis.markup import document, node

# The oldest QGIS that the styles were looked at in.
VERSION = "3.22.16-Białowieża"
DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_RENDERERS: dict[str, Callable[[Asked], Element]] = {
    "poles": areas.poles,
    "communes": areas.communes,
    "neighbours": areas.neighbours,
    "water": areas.water,
    "industry": points.industry,
    "decarbonation": points.decarbonation,
    "ports": points.access,
    "stations": points.access,
    "airports": points.access,
    "places": points.places,
    "perceptions": points.perceptions,
    **dict.fromkeys(AREAS, drapes.areas),
    **dict.fromkeys(LINES, drapes.lines),
}
STYLED: tuple[str, ...] = tuple(_RENDERERS)


def parts(asked: Asked) -> list[Element]:
    """Make what a style consists of, for a file or for a layer of a project: renderer, and labels where it has some."""
    found = [_RENDERERS[asked.layer](asked)]
    if labelled(asked):
        found.append(areas.names(asked))
    return found


def labelled(asked: Asked) -> bool:
    """Tell whether the style of a layer has labels."""
    return asked.layer == "communes" and asked.has("name")


def write(asked: Asked) -> str:
    """Write the style of a layer as QML."""
    return _write(asked, catalogue.data_dir())


@lru_cache(maxsize=64)
def _write(asked: Asked, _folder: Path) -> str:
    # Asked for twice by a bundle: beside its data, and inside them.
    root = node(
        "qgis",
        {"version": VERSION, "styleCategories": "Symbology|Labeling", "labelsEnabled": int(labelled(asked))},
        *parts(asked),
    )
    return document(root, doctype=DOCTYPE)
