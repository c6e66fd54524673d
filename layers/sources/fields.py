"""The fields an answer must have: what is missing, renamed or of another type is named, what is new is only told.

A kind is "text", "integer", "number", "flag", "list", "object" or "any"; a question mark after it ("text?") allows
null, and a row without the field. Cells of a table that was read as text count as what they can be read as.
"""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pandas import DataFrame

from layers import numbers
from layers.sources import AnswerError
from layers.text import both, text
from layers.view import LANGUAGES, Language

Said = dict[Language, str]

_WHOLE = re.compile(r"\s*[+-]?\d+\s*")
_DECIMAL = re.compile(r"\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?\s*")
_FLAGS = ("true", "false", "vrai", "faux", "oui", "non", "0", "1", "t", "f")


def _whole(value: Any) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())


_JSON: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "integer": _whole,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "flag": lambda value: isinstance(value, bool),
    "list": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "any": lambda _: True,
}
_TEXT: dict[str, Callable[[Any], bool]] = _JSON | {
    "integer": lambda value: _WHOLE.fullmatch(value) is not None if isinstance(value, str) else _whole(value),
    "number": lambda value: _DECIMAL.fullmatch(value) is not None if isinstance(value, str) else _JSON["number"](value),
    "flag": lambda value: isinstance(value, bool) or str(value).strip().lower() in _FLAGS,
}


def require(
    rows: DataFrame | Sequence[Mapping[str, Any]],
    expected: Mapping[str, str],
    subject: str,
    *,
    known: Collection[str] = (),
) -> list[Said]:
    """Refuse rows that lack an expected field or hold another type in it; return a note on the fields that are new.

    `subject` names service and table; `known` are fields that may be there and are not used. Nothing is said of no rows
    at all, unless they are a table with its columns.

    Raises AnswerError with every fault found, each field named.
    """
    table = isinstance(rows, DataFrame)
    if not table and not len(rows):
        return []
    found = (
        list(rows.columns) if isinstance(rows, DataFrame) else list(dict.fromkeys(name for row in rows for name in row))
    )
    new = [str(name) for name in found if name not in expected and name not in known]
    faults: list[Said] = []
    for name, kind in expected.items():
        if name not in found:
            near = _near(name, new)
            faults.append(both("fields.renamed", name=name, near=near) if near else both("fields.missing", name=name))
        elif fault := _retyped(rows, name, kind):
            faults.append(fault)
    if faults:
        listed: Said = {language: "; ".join(fault[language] for fault in faults) for language in LANGUAGES}
        listed["fr"] = listed["fr"].replace("; ", "\u202f; ")
        raise AnswerError(both("fields.changed", subject=subject, faults=listed.__getitem__))
    return [both("fields.new", subject=subject, names=", ".join(new))] if new else []


def _retyped(rows: DataFrame | Sequence[Mapping[str, Any]], name: str, kind: str) -> Said | None:
    """Say what a field holds that it should not; None when it holds what it should."""
    nullable, kind = kind.endswith("?"), kind.removesuffix("?")
    if isinstance(rows, DataFrame):
        column = rows[name]
        # A table repeats itself: each value is looked at once.
        values, checks, absent = column.unique().tolist(), _TEXT, int((column.isna() | (column == "")).sum())
        values = [value for value in values if not (value is None or value == "" or value != value)]
    else:
        values, checks = [value for row in rows if (value := row.get(name)) is not None], _JSON
        absent = len(rows) - len(values)
    if absent and not nullable:
        return both(
            "fields.absent", name=name, n=partial(numbers.number, absent), of=partial(numbers.number, len(rows))
        )
    if wrong := next((value for value in values if not checks[kind](value)), None):
        came = _short(wrong)
        return both("fields.retyped", name=name, came=came, kind=lambda language: text(f"fields.kind_{kind}", language))
    return None


def _short(value: Any) -> str:
    """Show a value as JSON would, cut short."""
    said = json.dumps(value, ensure_ascii=False, default=str)
    return said if len(said) <= 40 else f"{said[:40]}…"


def _near(name: str, new: Sequence[str]) -> str:
    """Find the new field that may be the missing one: alike but for case, accents and signs, or nearly alike."""
    plain = {_plain(other): other for other in new}
    if _plain(name) in plain:
        return plain[_plain(name)]
    within = [other for key, other in plain.items() if len(_plain(name)) > 2 and _plain(name) in key]
    alike = difflib.get_close_matches(_plain(name), list(plain), n=1, cutoff=0.7)
    return plain[alike[0]] if alike else (within[0] if within else "")


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe"))
    return "".join(letter for letter in letters if letter.isalnum())


def read_json(path: Path, service: str) -> Any:
    """Read an answer that is JSON. Raises AnswerError when it is not, or not whole."""
    try:
        return json.loads(path.read_bytes())
    except ValueError as error:
        reason = f"{error}"[:100]
        raise AnswerError(both("fields.broken", subject=service, reason=reason)) from error
    except RecursionError as error:
        raise AnswerError(both("fields.broken", subject=service, reason="nested too deeply")) from error


def listed(said: Any, key: str, service: str) -> list[dict[str, Any]]:
    """Return the list of objects an answer holds under a key. Raises AnswerError when there is none."""
    rows = said.get(key) if isinstance(said, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise AnswerError(both("fields.no_list", subject=service, key=key))
    return rows


def complete(service: str, *, came: int, said: int) -> None:
    """Refuse an answer that does not hold as many rows as the service says there are. Raises AnswerError."""
    if came != said:
        counts = {"came": partial(numbers.number, came), "said": partial(numbers.number, said)}
        raise AnswerError(both("fields.incomplete", subject=service, **counts))
