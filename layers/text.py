"""Every sentence a person reads, in French and in English, from one table per language.

A text is named by a dotted key (`tree.reset`). Placeholders are written `{name}`. The same tables serve the map's
script, the dashboard and the command line.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from geo.errors import GeoError
from layers.view import LANGUAGES, Language

_FOLDER = Path(__file__).parent / "locale"


class TextError(GeoError):
    """A text was asked for under a key that no table has."""


@cache
def texts(language: Language) -> dict[str, str]:
    """Give the whole table of a language: dotted key to text."""
    with (_FOLDER / f"{language}.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {f"{group}.{key}": text for group, table in tables.items() for key, text in table.items()}


def text(key: str, language: Language, /, **values: object) -> str:
    """Give one text with its placeholders filled. Raises TextError for a key that is not in the table."""
    try:
        return texts(language)[key].format(**values)
    except KeyError as error:
        raise TextError(f"text {key!r} in {language!r} lacks {error}: see layers/locale/{language}.toml") from error


def both(key: str, /, **values: object) -> dict[Language, str]:
    """Give one text in both languages; a value that is a function is asked with the language, to write a number in it.

    Raises TextError for a key that is not in the tables.
    """

    def filled(language: Language) -> dict[str, object]:
        return {name: value(language) if callable(value) else value for name, value in values.items()}

    return {language: text(key, language, **filled(language)) for language in LANGUAGES}


def language_of(tag: str | None) -> Language:
    """Choose the language for a tag such as `fr-FR` or `en_GB.UTF-8`: French where it says so, else English."""
    return LANGUAGES[1] if (tag or "").lower().startswith("fr") else LANGUAGES[0]
