"""A request for features, read: how many, from where, in which box and system, which rows, in which language."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from layers.errors import RequestError
from layers.numbers import number
from layers.ogc.collections import CRS84, SYSTEMS, Collection, Field, geographic, northing_first, short
from layers.text import both
from layers.view import LANGUAGES, Language

MOST, USUAL = 1000, 100
MOST_OFFSET = 999_999_999
MOST_VALUE = 500
FORMATS = ("json", "html")
ALL = "all"
# What a request for features may say besides the columns of the layer, and what every request may.
COMMON = ("f", "lang")
ITEM = (*COMMON, "crs")
ITEMS = (*ITEM, "bbox", "bbox-crs", "datetime", "limit", "offset")

_WHOLE = re.compile(r"[0-9]{1,18}\Z")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\Z")
_BOX, _BOX_WITH_HEIGHT = 4, 6
_MOST_LON = 180


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a collection; `boxes` are x, y, x, y with the easting first, in `box_system`."""

    limit: int = USUAL
    offset: int = 0
    system: str = CRS84
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    box_system: str = CRS84
    equal: tuple[tuple[str, Any], ...] = ()


def once(values: Mapping[str, Sequence[str]], known: Sequence[str]) -> dict[str, str]:
    """Return each parameter with its one value.

    Raises RequestError for a parameter that is not known, came twice or is too long.
    """
    for name, said in values.items():
        if name not in known:
            raise RequestError(both("ogc.no_parameter", name=short(name), known=", ".join(known)))
        if len(said) > 1:
            raise RequestError(both("ogc.twice", name=name))
        if len(said[0]) > MOST_VALUE:
            raise RequestError(
                both("ogc.long_value", name=name, n=partial(number, len(said[0])), most=partial(number, MOST_VALUE))
            )
    return {name: said[0] for name, said in values.items()}


def language(said: Mapping[str, str]) -> Language | str | None:
    """Return what `lang` says: a language, ALL, or None without it. Raises RequestError for another word."""
    return _choice(said, "lang", (*LANGUAGES, ALL))


def form(said: Mapping[str, str]) -> str | None:
    """Return what `f` says, one of FORMATS, None without it. Raises RequestError for another word."""
    return _choice(said, "f", FORMATS)


def system(said: Mapping[str, str], name: str) -> str:
    """Return the system that `crs` or `bbox-crs` names, CRS84 without it. Raises RequestError for one not offered."""
    return _choice(said, name, tuple(SYSTEMS)) or CRS84


def read(found: Collection, said: Mapping[str, str]) -> Query:
    """Read the parameters of a request for the features of a collection. Raises RequestError."""
    columns = {field.name: field for field in found.fields}
    if "datetime" in said:
        # No layer has an instant or period of its own: all rows match, but nonsense is refused.
        _instants(said["datetime"])
    # More than the most is no fault: fewer come, with a link to those that follow (17-069r4, fc-limit-definition).
    query = Query(
        limit=min(_whole(said, "limit", USUAL, least=1), MOST),
        offset=_whole(said, "offset", 0, least=0, most=MOST_OFFSET),
        system=system(said, "crs"),
        box_system=system(said, "bbox-crs"),
        equal=tuple((name, _value(columns[name], said[name])) for name in said if name in columns),
    )
    return replace(query, boxes=_boxes(said["bbox"], query.box_system)) if "bbox" in said else query


def _choice(said: Mapping[str, str], name: str, known: tuple[str, ...]) -> str | None:
    value = said.get(name)
    if value is not None and value not in known:
        raise RequestError(both("ogc.no_choice", name=name, value=short(value), known=", ".join(known)))
    return value


def _whole(said: Mapping[str, str], name: str, usual: int, *, least: int, most: int | None = None) -> int:
    text = said.get(name)
    if text is None:
        return usual
    value = int(text) if _WHOLE.match(text) else None
    if value is None or value < least or (most is not None and value > most):
        raise RequestError(both("ogc.no_whole", name=name, value=short(text), least=least))
    return value


def _number(name: str, text: str) -> float:
    value = float(text) if _NUMBER.match(text) else math.inf
    if not math.isfinite(value):
        raise RequestError(both("ogc.no_number", name=name, value=short(text)))
    return value


def _boxes(text: str, box_system: str) -> tuple[tuple[float, float, float, float], ...]:
    """Read a box; heights are let go by, and one across the 180th meridian becomes two."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in {_BOX, _BOX_WITH_HEIGHT}:
        raise RequestError(both("ogc.no_box", value=short(text)))
    values = [_number("bbox", part) for part in parts]
    half = len(values) // 2
    (west, south), (east, north) = values[:2], values[half : half + 2]
    if northing_first(box_system):
        west, south, east, north = south, west, north, east
    if south > north or (west > east and not geographic(box_system)):
        raise RequestError(both("ogc.turned_box", value=short(text)))
    if west > east:
        return (west, south, _MOST_LON, north), (-_MOST_LON, south, east, north)
    return ((west, south, east, north),)


def _value(field: Field, text: str) -> Any:
    """Read a value to compare a column with."""
    if field.kind == "boolean":
        return _choice({field.name: text}, field.name, ("true", "false")) == "true"
    return text if field.kind == "string" else _number(field.name, text)


def _instants(text: str) -> None:
    """Refuse what is no instant and no period of RFC 3339; an open end is empty or `..`."""
    parts = text.split("/")
    opened = [part in {"", ".."} for part in parts]
    fit = len(parts) == 1 or (len(parts) == 2 and not all(opened))
    try:
        read = [datetime.fromisoformat(part) for part, free in zip(parts, opened, strict=True) if not free]
    except ValueError:
        fit = False
    else:
        fit = fit and bool(read) and all("T" in part or len(part) == 10 for part in parts if part not in {"", ".."})
    if not fit:
        raise RequestError(both("ogc.no_instant", value=short(text)))
