"""The reader's language: texts, counts and the texts of tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from layers import numbers
from layers.text import text
from layers.view import Language


def tidy(said: str) -> str:
    """Give a text of a table as it is printed: formulas with their subscript, the true apostrophe."""
    return numbers.formulas(said).replace("'", "’")


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that is said, in one language."""

    language: Language

    def text(self, key: str, **values: object) -> str:
        """Give one text with its placeholders filled."""
        return text(key, self.language, **values)

    def count(self, key: str, n: int, **values: object) -> str:
        """Choose between `key_one` and `key_other`; French counts 0 as singular."""
        one = n < 2 if self.language == "fr" else n == 1
        return text(f"{key}_{'one' if one else 'other'}", self.language, n=numbers.number(n, self.language), **values)

    def pick(self, row: Any, column: str) -> str:
        """Give a text of a row in this language, or in the other where one is missing."""
        other = "en" if self.language == "fr" else "fr"
        return tidy(getattr(row, f"{column}_{self.language}") or getattr(row, f"{column}_{other}"))
