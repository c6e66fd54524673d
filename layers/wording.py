"""A View in words: what it shows, hides and keeps, each as a pair of a name and a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from layers import catalogue, living
from layers.numbers import plain
from layers.style import INDUSTRY_FAMILIES
from layers.text import text, texts
from layers.view import Language, Range, View

Pair = tuple[str, str]

# Where the words of a filter's values stand; a family is one of sites or one of projects.
_WORDS = {"technology": "tech", "status": "status", "seveso": "seveso"}
_CLASSES = {"industry": "family", "decarbonation": "technology", "places": "place"}
_SITE_FAMILIES = frozenset(family.id for family in INDUSTRY_FAMILIES)


def described(view: View, language: Language) -> list[Pair]:
    """Say what a View keeps: time, layers, hidden classes, filters and ranges, in the order of its address."""
    known = catalogue.catalogue().layers
    pairs = [(text("export.time", language), _time(view, language))]
    shown = ", ".join(known[layer].title(language) for layer in view.layers if layer in known)
    pairs.append((text("export.shown", language), shown or "–"))
    if view.hidden:
        pairs.append((text("export.hidden", language), _listed(_hidden(name, language) for name in view.hidden)))
    for key, values in view.filters.items():
        pairs.append((text(f"filter.{key}", language), _listed(_value(key, value, language) for value in values)))
    for key, limits in view.ranges.items():
        pairs.append((_range_name(key, limits, language), _range(key, limits, language)))
    return pairs


def _listed(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))


def _time(view: View, language: Language) -> str:
    if view.year is None:
        return text("export.overview", language, year=view.verified_year)
    return text("export.in_year", language, shown=view.year, year=view.verified_year)


def _word(key: str, language: Language, *, otherwise: str) -> str:
    """Give a text, or the bare value where a link names one that the map does not know."""
    return texts(language).get(key, otherwise)


def _hidden(name: str, language: Language) -> str:
    layer, _, value = name.partition(".")
    return _word(f"{_CLASSES.get(layer, 'layer')}.{value}", language, otherwise=value)


def _value(key: str, value: str, language: Language) -> str:
    if key == "pole":
        poles = catalogue.load("poles")
        named = dict(zip(poles["id"], poles["name"], strict=True)) | {"outside": text("pole.outside", language)}
        return str(named.get(value, value))
    if key == "commune":
        communes = catalogue.load("communes")
        return str(dict(zip(communes["code"], communes["name"], strict=True)).get(value, value))
    group = _WORDS.get(key) or ("family" if value in _SITE_FAMILIES else "technology")
    return _word(f"{group}.{value}", language, otherwise=value)


def _range_name(key: str, limits: Range, language: Language) -> str:
    units = {
        "co2": "t",
        "capacity": living.units(language).get(limits.unit or "", limits.unit or ""),
        "investment": text("filter.unit_investment", language),
        "start": "",
    }
    return f"{text(f'filter.{key}', language)}{f' ({units[key]})' if units[key] else ''}"


def _range(key: str, limits: Range, language: Language) -> str:
    def said(value: float) -> str:
        # A year is written without a sign for thousands.
        return f"{value:g}" if key == "start" else plain(value, language)

    if limits.least is not None and limits.most is not None:
        return text("filter.between", language, least=said(limits.least), most=said(limits.most))
    if limits.least is not None:
        return text("filter.from", language, least=said(limits.least))
    if limits.most is not None:
        return text("filter.up_to", language, most=said(limits.most))
    return text("export.any", language)
