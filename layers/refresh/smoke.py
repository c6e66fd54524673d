"""What each official service answers to the requests of its connector's smoke list, told as it came.

This asks the network; besides it only a refresh does. Nothing of an answer is kept, and no answer is an error here.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import httpx

from layers.sources.connector import Connector, Smoke
from layers.sources.http import CONNECT_S, LEAST_S, agent, pace, placed
from layers.view import Language

SHOWN, MOST_BYTES, LONGEST_S = 200, 1_000_000, 60.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer: status (None when none came), type, bytes told or counted, seconds, its beginning, what was wrong.

    `whole` tells that all of it was read; `expects` is what a person should find in it.
    """

    connector: str
    method: str
    url: str
    expects: dict[Language, str]
    status: int | None = None
    kind: str = ""
    bytes: int = 0
    whole: bool = True
    seconds: float = 0.0
    first: str = ""
    failed: str = ""

    @property
    def answered(self) -> bool:
        """Tell whether the service answered with what it has."""
        return self.status is not None and httpx.codes.is_success(self.status)

    def document(self) -> dict[str, Any]:
        """Return all of it as JSON knows it."""
        return {**asdict(self), "answered": self.answered}


def walk(connectors: Iterable[Connector]) -> Iterator[Seen]:
    """Ask each service what its smoke list says, one after another; each answer is told as soon as it came."""
    timeout = httpx.Timeout(LONGEST_S, connect=CONNECT_S)
    headers = {"User-Agent": agent(), "Accept-Encoding": "gzip"}
    with httpx.Client(headers=headers, timeout=timeout, follow_redirects=True, max_redirects=5) as client:
        for connector in connectors:
            for one in connector.smoke:
                yield _look(client, connector, one)
                time.sleep(pace() * max(LEAST_S, connector.hosts.get(httpx.URL(one.url).host, 0.0)))


def _look(client: httpx.Client, connector: Connector, one: Smoke) -> Seen:
    asked = Seen(connector.id, one.method, one.url, dict(one.expects))
    begun = time.monotonic()
    try:
        with client.stream(one.method, placed(one.url)) as answer:
            body, whole = _beginning(answer, begun)
            told = answer.headers.get("content-length", "")
            size = len(body) if whole and one.method != "HEAD" else int(told) if told.isdecimal() else len(body)
            return replace(
                asked, status=answer.status_code, kind=answer.headers.get("content-type", ""), bytes=size,
                whole=whole, seconds=round(time.monotonic() - begun, 2), first=_plain(body),
            )  # fmt: skip
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return replace(asked, seconds=round(time.monotonic() - begun, 2), failed=_plain(why.encode()))


def _beginning(answer: httpx.Response, begun: float) -> tuple[bytes, bool]:
    """Read an answer up to a limit of bytes and time; tell whether that was all."""
    body = b""
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > MOST_BYTES or time.monotonic() - begun > LONGEST_S:
            return body[:MOST_BYTES], False
    return body, True


def _plain(body: bytes) -> str:
    """Give the first 200 characters on one line; what cannot be shown is a dot."""
    text = body[: 4 * SHOWN].decode("utf-8", "replace")[:SHOWN]
    return "".join(sign if sign.isprintable() else " " if sign.isspace() else "·" for sign in text)
