"""The header of a scene: TOML between two lines `+++`, each key checked, every fault with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from layers.stories.scene import (
    CHARTS,
    KINDS,
    LEAST_SECONDS,
    MOST_ASKED,
    MOST_HIGHLIGHTS,
    MOST_SECONDS,
    TRANSITIONS,
    Faults,
)
from layers.view import FIRST_YEAR, HORIZON, LANGUAGES

FENCE = "+++"
PICTURE_KEYS: tuple[str, ...] = tuple(f"picture_{what}_{lang}" for what in ("alt", "credit") for lang in LANGUAGES)
KEYS: tuple[str, ...] = (
    "kind", "view", "highlights", "figure", "chart", "years", "transition", "seconds", "asked", "picture",
    *PICTURE_KEYS,
)  # fmt: skip
_ONE_OF: dict[str, tuple[str, ...]] = {"kind": KINDS, "transition": TRANSITIONS, "chart": CHARTS}
_MOST = {"highlights": MOST_HIGHLIGHTS, "asked": MOST_ASKED}


@dataclass(frozen=True, slots=True)
class Header:
    """The values of a header that are sound, and the line each key stands on."""

    values: Mapping[str, Any]
    lines: Mapping[str, int]
    # The first line after the header.
    body: int


def parse(text: str, faults: Faults) -> Header | None:
    """Read the header of a scene; None where there is none to be read. Every fault is added."""
    lines = text.splitlines()
    ends = [at for at, line in enumerate(lines) if line.strip() == FENCE]
    if len(ends) < 2 or ends[0] != 0:
        faults.add("no_header", 1)
        return None
    source = lines[1 : ends[1]]
    try:
        raw = tomllib.loads("\n".join(source))
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        faults.add("bad_toml", 1 + (int(at[1]) if at else 1), why=re.sub(r" \(at .*\)", "", str(error)))
        return None
    where = {match[1]: at + 2 for at, line in enumerate(source) if (match := re.match(r"\s*([A-Za-z_]+)\s*=", line))}
    values = {}
    for key, value in raw.items():
        line = where.get(key, 1)
        if key not in KEYS:
            faults.add("unknown_key", line, key=key, known=", ".join(KEYS))
        elif _sound(key, value, line=line, faults=faults):
            values[key] = value
    if "view" not in raw:
        faults.add("missing_key", 1, key="view")
    return Header(values, where, ends[1] + 2)


def _sound(key: str, value: Any, *, line: int, faults: Faults) -> bool:
    """Check one value."""
    before = len(faults.found)
    checks: dict[str, Callable[[], None]] = {
        "years": lambda: _years(value, line, faults),
        "seconds": lambda: _seconds(value, line, faults),
        "highlights": lambda: _list(key, value, line, faults),
        "asked": lambda: _list(key, value, line, faults),
    }
    checks.get(key, lambda: _word(key, value, line, faults))()
    return len(faults.found) == before


def _word(key: str, value: Any, line: int, faults: Faults) -> None:
    if not isinstance(value, str) or (key != "view" and not value.strip()):
        faults.add("wrong_type", line, key=key, value=repr(value), expected="text")
    elif key in _ONE_OF and value not in _ONE_OF[key]:
        faults.add("not_one_of", line, key=key, value=repr(value), known=", ".join(_ONE_OF[key]))


def _list(key: str, value: Any, line: int, faults: Faults) -> None:
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        faults.add("wrong_type", line, key=key, value=repr(value), expected='["…", "…"]')
    elif len(value) > _MOST[key]:
        faults.add("too_many", line, what=key, n=len(value), most=_MOST[key])


def _years(value: Any, line: int, faults: Faults) -> None:
    sound = isinstance(value, list) and len(value) == 2 and all(type(year) is int for year in value)
    if not sound or not FIRST_YEAR <= value[0] < value[1] <= HORIZON:
        faults.add("bad_years", line, value=repr(value), first=FIRST_YEAR, last=HORIZON)


def _seconds(value: Any, line: int, faults: Faults) -> None:
    if type(value) is not int or not LEAST_SECONDS <= value <= MOST_SECONDS:
        faults.add("out_of_range", line, key="seconds", value=repr(value), least=LEAST_SECONDS, most=MOST_SECONDS)
