"""A text of a scene with its figures put in: plain, or in pieces that know their source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from layers import amounts, cited
from layers.numbers import formulas
from layers.view import Language

# A figure in a text, by the id of a fact or of a computed figure.
PLACED = re.compile(r"\{([a-z0-9][a-z0-9.-]*)\}")


def plain(text: str, language: Language) -> str:
    """Give a text with its figures written in; one that nobody knows stays as it was written."""

    def put(match: re.Match[str]) -> str:
        try:
            return amounts.written(cited.figure(match[1]), language)
        except KeyError:
            return match[0]

    return formulas(PLACED.sub(put, text))


def pieces(text: str, language: Language, numbers: Mapping[str, int]) -> list[list[Any]]:
    """Give a text as pieces [text, n]: n is the number of the source that the piece is a figure of, else None.

    `numbers` gives the number of each figure's source. Raises KeyError for a figure that nobody knows.
    """
    found: list[list[Any]] = []
    # A pattern with one group splits into text, id, text, id, text.
    for at, part in enumerate(PLACED.split(text)):
        if at % 2:
            found.append([amounts.written(cited.figure(part), language), numbers.get(part)])
        elif part:
            found.append([formulas(part), None])
    return found
