"""Pictures of scenes: PNG or JPEG, not too large, with words for who cannot see them."""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Mapping
from typing import Any

from PIL import Image

from layers.stories.archive import megabytes
from layers.stories.header import PICTURE_KEYS, Header
from layers.stories.scene import Faults, Picture
from layers.view import LANGUAGES

MOST_PICTURE_BYTES = 600_000
MOST_SIDE = 4096
ENDINGS: dict[str, str] = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_FORMATS = ("PNG", "JPEG")


def read(header: Header, files: Mapping[str, bytes], faults: Faults) -> Picture | None:
    """Give the picture a header names, checked; None where it names none or it cannot be shown."""
    name = header.values.get("picture")
    if name is None:
        return None
    before, line = len(faults.found), header.lines.get("picture", 1)
    for key in PICTURE_KEYS:
        if key not in header.values:
            faults.add("picture_words", line, key=key)
    if name not in files:
        faults.add("picture_missing", line, name=repr(name))
    else:
        _check(name, files[name], line, faults)
    if len(faults.found) > before:
        return None
    words = {what: {lang: str(header.values[f"picture_{what}_{lang}"]) for lang in LANGUAGES} for what in _WORDS}
    return Picture(name, files[name], **words)


_WORDS = ("alt", "credit")


def _check(name: str, data: bytes, line: int, faults: Faults) -> None:
    if len(data) > MOST_PICTURE_BYTES:
        faults.add("picture_large", line, name=name, size=megabytes(len(data)), most=megabytes(MOST_PICTURE_BYTES))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                width, height = image.size
                if max(width, height) <= MOST_SIDE:
                    image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        faults.add("picture_kind", line, name=name)
        return
    if max(width, height) > MOST_SIDE:
        faults.add("picture_wide", line, name=name, width=width, height=height, most=MOST_SIDE)


def shown(picture: Picture | None) -> dict[str, Any] | None:
    """Give a picture as the document shows it: its bytes as a data address, its words."""
    if picture is None:
        return None
    kind = ENDINGS[f".{picture.name.rpartition('.')[2].lower()}"]
    data = f"data:{kind};base64,{base64.b64encode(picture.data).decode()}"
    return {"name": picture.name, "data": data, "alt": dict(picture.alt), "credit": dict(picture.credit)}
