"""An address as a QR code."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial

import segno

from layers.asked import web_address
from layers.errors import RequestError
from layers.numbers import number
from layers.text import both

MOST_TEXT = 2_000
# Four modules of white around the code, as the standard asks; black on white in both themes, or telephones fail.
BORDER = 4


def svg(text: str) -> bytes:
    """Write an address of the web as a QR code in SVG, black on white, as large as the place it is put in.

    The code can still be read with 15 % of it hidden. Raises RequestError for anything but an http(s) address of at
    most 2,000 characters.
    """
    code = _code(text)
    out = io.BytesIO()
    code.save(out, kind="svg", border=BORDER, dark="#000", light="#fff", omitsize=True, xmldecl=False, nl=False)
    return out.getvalue()


def modules(text: str) -> tuple[bytes, ...]:
    """Give the rows of the QR code of an address of the web, 1 for a dark module, without the border around them.

    Raises RequestError as `svg` does.
    """
    return tuple(bytes(row) for row in _code(text).matrix)


def runs(row: bytes) -> Iterator[tuple[int, int]]:
    """Give each run of dark modules of a row: its first and its length, in modules."""
    start = None
    for at, module in enumerate([*row, 0]):
        if module and start is None:
            start = at
        elif not module and start is not None:
            yield start, at - start
            start = None


def _code(text: str) -> segno.QRCode:
    address = web_address(text, most=MOST_TEXT)
    try:
        # Left alone, segno writes é in Latin-1, which some telephones read as UTF-8.
        return segno.make(address, error="m", micro=False, encoding="utf-8")
    except segno.DataOverflowError as error:
        # Letters outside ASCII take several bytes each.
        raise RequestError(both("asked.too_long", n=partial(number, len(address.encode())))) from error
