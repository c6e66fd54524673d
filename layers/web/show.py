"""The show: stories with the whole map in one file that opens by double click and needs nobody.

It is the map document with the stories beside it; the script plays them, and opens the explorer on the same map when
somebody asks. The same stories and data give the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from layers import stories
from layers.catalogue import catalogue, data_version
from layers.stories import Story
from layers.view import Language, View
from layers.web.document import DocumentError, MapDocument, make_map

MOST_BYTES = 40_000_000
_PRODUCT = "provence-map"
_DIGITS = 16
# Stands where the checksum goes while it is computed: a file cannot hold the sum of itself.
_BLANK = "0" * _DIGITS
_CHECKSUM = re.compile(r'"checksum":"([0-9a-f]{16})"')


def colophon() -> dict[str, str]:
    """Give what a reader needs to name this edition: version of the product, day and version of the data.

    `data` is the day the newest source was carried into the tables, `data_version` changes with any byte of them.
    """
    newest = max(source.retrieved for source in catalogue().sources.values())
    return {"version": version(_PRODUCT), "data": newest, "data_version": data_version(), "checksum": _BLANK}


def make_show(
    told: Sequence[Story], *, language: Language | None = None, font: str | None = None, **config: Any
) -> MapDocument:
    """Make the document that plays stories, opening on the first of them.

    `language` is what it opens in, the reader's own when None; it holds both. `font` and the other options are those
    of `make_map`. Its last slide carries version, day of the data and a checksum, which `verify` computes again.
    Raises ValueError without any story, and what `make_map` raises.
    """
    show = _shown(told)
    view = View(language=language, theme="dark")
    made = make_map(view=view, font=font, more={"show": show}, **config)
    return MapDocument(_CHECKSUM.sub(f'"checksum":"{_sum(made.html)}"', made.html, count=1), view)


def make_desk(told: Sequence[Story], *, map_url: str, font: str | None = None, **config: Any) -> MapDocument:
    """Make the document of the Present page: stories to play and to take along, and the composer.

    `map_url` is where the map document lies, to be explored during a show. The options are those of `make_show`. It is
    no file to keep, so its colophon has no checksum. Raises ValueError without any story, and what `make_map` raises.
    """
    show = _shown(told)
    show["colophon"]["checksum"] = ""
    return make_map(font=font, more={"show": show, "desk": {"map": map_url}}, frames=True, **config)


def _shown(told: Sequence[Story]) -> dict[str, Any]:
    """Give what the script needs to play stories."""
    if not told:
        raise ValueError("no story to show: give one at least")
    return {"stories": [stories.resolved(story) for story in told], "first": told[0].id, "colophon": colophon()}


def _sum(blank: str) -> str:
    """Give the first digits of the SHA-256 of a document whose checksum is blank."""
    return hashlib.sha256(blank.encode()).hexdigest()[:_DIGITS]


def verify(path: Path) -> tuple[str, bool]:
    """Give the checksum that a show's file names, and whether the file is as it was made.

    Raises DocumentError when the file cannot be read or is no show.
    """
    try:
        html = path.read_bytes()[:MOST_BYTES].decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise DocumentError(f"cannot read {path}: {reason}; name a file made by `provence-map present`") from error
    named = _CHECKSUM.search(html)
    if named is None:
        raise DocumentError(f"{path} holds no checksum: name an HTML file made by `provence-map present`")
    blank = f"{html[: named.start(1)]}{_BLANK}{html[named.end(1) :]}"
    return named[1], _sum(blank) == named[1]
