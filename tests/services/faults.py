"""What goes wrong with an answer: on its way, or in what it holds."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.services.server import Answer, Fault

PAGE = b"<!DOCTYPE html>\n<html lang=fr><title>Maintenance</title><p>Le service est en maintenance.</p></html>"
EXCEPTION = (
    b'<?xml version="1.0" encoding="UTF-8"?><ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1">'
    b'<ows:Exception exceptionCode="InvalidParameterValue"><ows:ExceptionText>Illegal property name: categori'
    b"</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"
)


def status(code: int, *, retry_after: str | None = None, body: bytes = b"{}") -> Fault:
    """Answer with another status."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return lambda _: Answer(body, status=code, headers=headers)


def moved(to: str) -> Fault:
    """Send on to another address."""
    return lambda _: Answer(b"", status=302, headers={"Location": to})


def silence(seconds: float = 5.0) -> Fault:
    """Say nothing for longer than anybody waits."""
    return lambda answer: replace(answer, silent_s=seconds)


def cut(share: float = 0.5) -> Fault:
    """Close the connection in the middle of the body."""
    return lambda answer: replace(answer, cut_at=share)


def bomb(megabytes: int = 1000) -> Fault:
    """Send a small body that unpacks to a large one."""

    def spoil(answer: Answer) -> Answer:
        # Members one after the other are one gzip stream: made without the memory of what it unpacks to.
        member = gzip.compress(b" " * 1_000_000)
        return replace(answer, body=gzip.compress(b"[") + member * megabytes, packed=True)

    return spoil


def kind(name: str) -> Fault:
    """Say that it is of another kind."""
    return lambda answer: replace(answer, kind=name)


def page(*, as_kind: str = "text/html; charset=utf-8") -> Fault:
    """Answer with a web page, which may pretend to be something else."""
    return lambda answer: replace(answer, body=PAGE, kind=as_kind)


def exception(code: int = 200) -> Fault:
    """Answer as an OGC service does that refuses the question: XML, even with 200."""
    return lambda answer: replace(answer, body=EXCEPTION, kind="application/xml", status=code)


def nothing() -> Fault:
    """Answer 200 without a body."""
    return lambda answer: replace(answer, body=b"")


def edited(change: Callable[[Any], Any]) -> Fault:
    """Change what a JSON answer holds; a function that returns nothing has changed it in place."""

    def spoil(answer: Answer) -> Answer:
        said = json.loads(answer.body)
        changed = change(said)
        return replace(answer, body=json.dumps(said if changed is None else changed, ensure_ascii=False).encode())

    return spoil


def rows_of(said: Any) -> list[Any]:
    """Find the list of rows of a JSON answer, whatever the service calls it."""
    if isinstance(said, list):
        return said
    return next(
        said[key] for key in ("features", "results", "data", "observations", "rows") if isinstance(said.get(key), list)
    )


def each(change: Callable[[Any], object]) -> Fault:
    """Change every row of an answer in place."""

    def spoil(said: Any) -> None:
        for row in rows_of(said):
            change(row)

    return edited(spoil)


def _properties(row: dict[str, Any]) -> dict[str, Any]:
    return row["properties"] if isinstance(row.get("properties"), dict) else row


def missing(name: str) -> Fault:
    """Leave a field out of every row."""
    return each(lambda row: _properties(row).pop(name, None))


def renamed(name: str, new: str) -> Fault:
    """Call a field otherwise."""

    def change(row: Any) -> None:
        fields = _properties(row)
        if name in fields:
            fields[new] = fields.pop(name)

    return each(change)


def valued(name: str, value: Any) -> Fault:
    """Give a field, known or new, this value in every row."""
    return each(lambda row: _properties(row).update({name: value}))


def swapped() -> Fault:
    """Give latitude before longitude in every geometry."""

    def turn(part: Any) -> Any:
        if part and isinstance(part[0], (int, float)):
            return [part[1], part[0], *part[2:]]
        return [turn(inner) for inner in part]

    def change(row: Any) -> None:
        if row.get("geometry"):
            row["geometry"]["coordinates"] = turn(row["geometry"]["coordinates"])

    return each(change)


def without_geometry(which: int = 0) -> Fault:
    """Give one row a null geometry."""
    return edited(lambda said: rows_of(said)[which].update(geometry=None))


def twice(which: int = 0) -> Fault:
    """Give one row twice."""
    return edited(lambda said: rows_of(said).append(rows_of(said)[which]))


def emptied() -> Fault:
    """Give no row at all, and say so where the answer counts."""

    def change(said: Any) -> Any:
        if isinstance(said, list):
            return []
        rows_of(said).clear()
        for count in ("numberMatched", "numberReturned", "totalFeatures", "results", "total_count", "count"):
            if isinstance(said.get(count), int):
                said[count] = 0
        return None

    return edited(change)
