"""Where the tables come from: one small module per source, run by `make data` and `refresh`, never by the map.

SourceError
├── UnreachableError   a service does not answer: network cut, no such name, too slow, its own fault, too busy
└── AnswerError        a service answers, but not with what it should
    └── MissingError   a service has nothing at this address (HTTP 404)
"""

from __future__ import annotations

from collections.abc import Mapping

from layers.errors import LayerError
from layers.view import LANGUAGES, Language


class SourceError(LayerError):
    """A source that cannot be fetched, or does not hold what it should; `said` tells it in both languages."""

    def __init__(self, said: str | Mapping[Language, str]) -> None:
        self.said: dict[Language, str] = dict.fromkeys(LANGUAGES, said) if isinstance(said, str) else dict(said)
        super().__init__(self.said["en"])


class UnreachableError(SourceError):
    """Say which service could not be asked and why; what was kept of it is still good."""


class AnswerError(SourceError):
    """Say which service answered what, and what was expected: nothing of the answer is taken."""


class MissingError(AnswerError):
    """Say which address a service has nothing at."""
