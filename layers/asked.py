"""What a person may ask of the server: checked here, and refused in one sentence in both languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from urllib.parse import urlsplit

from layers import catalogue
from layers.errors import RequestError
from layers.listing import KIND_OF
from layers.numbers import number
from layers.text import both
from layers.view import DRAPES, MOST_KEPT

MOST_ADDRESS = 4_000
LAYER_OF = {kind: layer for layer, kind in KIND_OF.items() if layer not in DRAPES} | {
    "commune": "communes",
    "pole": "poles",
}

_YEAR = re.compile(r"[0-9]{4}\Z")
_SHOWN = 60


def web_address(text: str, *, most: int = MOST_ADDRESS) -> str:
    """Return an address of the web as it came.

    Raises RequestError unless it is http(s) with a host, at most `most` characters, printable and without a space.
    """
    try:
        parts = urlsplit(text)
        fit = parts.scheme in {"http", "https"} and bool(parts.hostname) and "\\" not in text
    except ValueError:
        fit = False
    if not fit or len(text) > most or not text.isprintable() or " " in text:
        raise RequestError(both("asked.no_address", address=_short(text), most=partial(number, most)))
    return text


def year(text: str) -> int:
    """Return a year written in four digits. Raises RequestError."""
    if not _YEAR.match(text):
        raise RequestError(both("asked.no_year", year=_short(text)))
    return int(text)


def known(keys: Sequence[str]) -> tuple[str, ...]:
    """Return the keys, `kind:id`, in their order.

    Raises RequestError for none at all, and one that names every key the layers do not hold.
    """
    if not keys:
        raise RequestError(both("asked.no_keys", most=MOST_KEPT, form="kind:id"))
    strange = [key for key in keys if not _held(key)]
    if strange:
        raise RequestError(both("asked.unknown_keys", keys=", ".join(strange)))
    return tuple(keys)


def _held(key: str) -> bool:
    kind, _, name = key.partition(":")
    if kind not in LAYER_OF:
        return False
    rows = catalogue.load(LAYER_OF[kind])
    return name in set(rows["code" if kind == "commune" else "id"])


def _short(text: str) -> str:
    """Give the beginning of what came, on one line."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
