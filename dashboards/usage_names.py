"""What the usage figures are called in both languages: kinds, in the order they are told, and the names of each."""

from __future__ import annotations

from geo.errors import GeoError
from layers import catalogue, stories
from layers.siting.recipe import recipe
from layers.text import text
from layers.view import LANGUAGES, Language

# What was opened, what was looked at, what was taken along, and how.
KINDS = ("page", "layer", "siting", "story", "export", "ogc", "language", "width", "frame")
FROM = ("story", "table", "brief", "siting", "plan")


def called(kind: str, name: str, language: Language) -> str:
    """Return what a name is called; one that is of no list any more, as an old story, as it was counted."""
    if kind == "export":
        place, _, form = name.partition(".")
        return f"{text(f'usage.from_{place}', language)}, {form.upper()}" if place in FROM else name
    if kind in {"page", "width", "frame"}:
        return text(f"usage.{kind}_{name}", language)
    if kind == "language" and name in LANGUAGES:
        return text(f"language.{name}", language)
    try:
        return _title(kind, name, language) or name
    except GeoError:
        return name


def _title(kind: str, name: str, language: Language) -> str | None:
    known = catalogue.catalogue().layers
    if kind in {"layer", "ogc"} and name in known:
        return known[name].title(language)
    if (kind, name) == ("layer", "relief"):
        return text("relief.name", language)
    if kind == "siting" and name in recipe().profiles:
        return recipe().profiles[name].title[language]
    if kind == "story" and name in stories.ids():
        return stories.read(name).title[language]
    return None
