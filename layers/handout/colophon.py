"""What the last page says of itself: version, day and version of the data, checksum of the story."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from layers import numbers
from layers.handout.scene import Story
from layers.print.words import Words
from layers.view import Language

_DIGITS = 16


def lines(story: Story, colophon: Mapping[str, str], language: Language) -> tuple[tuple[str, str], ...]:
    """Give the name and the value of each line.

    The checksum is that of the colophon; where it is blank (all zeros) or missing, that of the resolved story.
    """
    words = Words(language)
    sum_ = colophon.get("checksum", "").strip("0") and colophon["checksum"]
    return (
        (words.text("handout.version"), f"Provence Map {colophon['version']}"),
        (words.text("handout.data"), numbers.date(colophon["data"], language)),
        (words.text("handout.data_version"), colophon.get("data_version", "")),
        (words.text("handout.checksum"), sum_ or checksum(story)),
    )


def checksum(story: Story) -> str:
    """Give the first 16 digits of the SHA-256 of a resolved story written as JSON, keys in order."""
    written = json.dumps(story, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:_DIGITS]
