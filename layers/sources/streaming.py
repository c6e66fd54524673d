"""The body of an answer on its way to a file: unpacked in small steps, counted, hashed, looked at, never believed."""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx

from layers import numbers
from layers.sources import AnswerError
from layers.text import both

# So much is unpacked at once at most, however little came: a bomb is met in steps of this size.
_STEP = 1 << 18
# So much of the start tells a page or an exception from data.
_HEAD = 4096
_EXCEPTION = re.compile(
    rb"<(?:\w+:)?(?:ExceptionText|ServiceException)\b[^>]*>(?:<!\[CDATA\[)?\s*([^<\]]+)", re.IGNORECASE
)
_PAGE = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)


class CutError(Exception):
    """The body ended before its end: asking again may help."""


@dataclass(slots=True)
class Body:
    """What was written: how many bytes, unpacked, and their SHA-256."""

    size: int = 0
    head: bytes = b""
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    @property
    def sha256(self) -> str:
        """Return the hash of what was written, in hexadecimal."""
        return self.digest.hexdigest()


def write(chunks: Iterable[bytes], path: Path, *, service: str, encoding: str, most_bytes: int) -> Body:
    """Write a body to a file, unpacked, and bring it to the disk.

    Raises AnswerError for more than `most_bytes` unpacked or an encoding that was not asked for, CutError for a body
    that ends too soon, OSError when it cannot be written.
    """
    body = Body()
    with path.open("wb") as file:
        for part in _unpacked(chunks, encoding, service):
            body.size += len(part)
            if body.size > most_bytes:
                raise AnswerError(both("service.large", service=service, most=partial(numbers.number, most_bytes)))
            if len(body.head) < _HEAD:
                body.head += part[: _HEAD - len(body.head)]
            body.digest.update(part)
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    return body


def _unpacked(chunks: Iterable[bytes], encoding: str, service: str) -> Iterator[bytes]:
    """Undo the content encoding of a body: none, or gzip with one or several members."""
    if encoding in ("", "identity"):
        yield from chunks
        return
    if encoding not in ("gzip", "x-gzip"):
        raise AnswerError(both("service.encoding", service=service, came=repr(encoding[:40])))
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if unpack.eof:
                    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
                yield unpack.decompress(rest, _STEP)
                rest = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
    except zlib.error as error:
        raise AnswerError(both("service.no_gzip", service=service)) from error
    # The last bytes may hold more than one step.
    while not unpack.eof and (more := unpack.decompress(unpack.unconsumed_tail, _STEP)):
        yield more
    if not unpack.eof:
        raise CutError


def check(body: Body, kinds: tuple[str, ...], *, came: str, service: str) -> None:
    """Refuse a body that is empty, or of another kind than one of those expected (none: any).

    A page or an exception of the service is named, whatever kind it says it is. Raises AnswerError.
    """
    wanted = " / ".join(kinds)
    if not body.size:
        raise AnswerError(both("service.empty", service=service))
    if "text/html" not in kinds and (came == "text/html" or _PAGE.match(body.head)):
        raise AnswerError(both("service.html", service=service, kind=wanted or "data"))
    if said := exception(body.head):
        raise AnswerError(both("service.exception", service=service, said=said))
    as_json = any(kind.endswith("json") for kind in kinds)
    if kinds and came not in kinds and not (as_json and came.endswith(("/json", "+json"))):
        raise AnswerError(both("service.kind", service=service, came=came or "?", kind=wanted))
    if as_json and body.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        raise AnswerError(both("service.no_json", service=service))


def exception(head: bytes) -> str:
    """Return what an OGC service says is wrong, cut short; empty when the body is no exception."""
    found = _EXCEPTION.search(head)
    return " ".join(found[1].decode("utf-8", "replace").split())[:160] if found else ""


def words(chunks: Iterable[bytes], encoding: str) -> str:
    """Return the first words of a refusal that is no page, cut short, on one line: the service may say why."""
    head = b""
    try:
        for part in _unpacked(chunks, encoding, ""):
            head += part
            if len(head) >= _HEAD:
                break
    except (AnswerError, CutError, httpx.HTTPError):
        return ""
    if _PAGE.match(head):
        return ""
    said = exception(head) or " ".join(head[:_HEAD].decode("utf-8", "replace").split())[:160]
    return "".join(letter for letter in said if letter.isprintable())
