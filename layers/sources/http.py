"""The one client of all services: patient, polite, and unwilling to take anything for granted.

Environment: PROVENCE_MAP_SERVICES puts an address before every host (`http://127.0.0.1:8000/geo.api.gouv.fr/epcis`),
for mirrors and tests; PROVENCE_MAP_PACE multiplies every wait (1 when not said, 0 for none); PROVENCE_MAP_TIMEOUT is
how long a service may stay silent, in seconds; HTTPS_PROXY and its kin are honoured.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from layers import numbers
from layers.sources import AnswerError, MissingError, SourceError, UnreachableError, streaming
from layers.sources.connector import Received
from layers.text import both

MOST_BYTES = 256_000_000
RETRIES = 3
TIMEOUT_S = 60.0
CONNECT_S = 10.0
# Nothing of ours is so large that a service may take longer over one answer, however steadily it comes.
LONGEST_S = 1800.0
# A service that wants to be left alone for longer is left alone until the next refresh.
LONGEST_WAIT_S = 120.0
# Between two requests to a host of which nothing is said.
LEAST_S = 0.2
REDIRECTS = 5

_AGAIN = (429, 500, 502, 503, 504)
_MOVED = (301, 302, 303, 307, 308)


def agent() -> str:
    """Return how the program names itself to a service."""
    return f"provence-map/{version('provence-map')} (map of the Aix-Marseille-Provence metropolis, open-data refresh)"


def pace() -> float:
    """Return what every wait is multiplied by. Raises SourceError for a PROVENCE_MAP_PACE that is no number."""
    return _number("PROVENCE_MAP_PACE", 1.0)


def placed(url: str) -> str:
    """Return the address that is asked for a service's own: itself, or under PROVENCE_MAP_SERVICES when that is set."""
    before = os.environ.get("PROVENCE_MAP_SERVICES", "").rstrip("/")
    if not before:
        return url
    asked = httpx.URL(url)
    return f"{before}/{asked.netloc.decode('ascii')}{asked.raw_path.decode('ascii')}"


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked, what is expected, and what is kept of it from before."""

    method: str
    url: httpx.URL
    data: Mapping[str, str] | None
    kinds: tuple[str, ...]
    most_bytes: int
    held: tuple[Path, Received] | None

    @property
    def service(self) -> str:
        """Return host and path: what a person can look up."""
        return f"{self.url.host}{self.url.path}"

    @property
    def conditions(self) -> dict[str, str]:
        """Return the headers that ask only for what changed."""
        if self.held is None:
            return {}
        _, kept = self.held
        given = {"If-None-Match": kept.etag, "If-Modified-Since": kept.last_modified}
        return {name: value for name, value in given.items() if value}


class _AgainError(Exception):
    """Asking again may help, after so many seconds when the service says so; `said` is told when it does not."""

    def __init__(self, said: SourceError, after_s: float = 0.0) -> None:
        self.said = said
        self.after_s = after_s
        super().__init__(str(said))


class Client:
    """Ask services for files: politely, again when it may help, and only for what changed since it was kept."""

    def __init__(
        self,
        *,
        hosts: Mapping[str, float] | None = None,
        wait: Callable[[float], None] = time.sleep,
        timeout_s: float | None = None,
    ) -> None:
        """Make a client; `hosts` to the least seconds between two requests, `wait` sleeps for seconds."""
        self._hosts = dict(hosts or {})
        self._wait = wait
        self._pace = _number("PROVENCE_MAP_PACE", 1.0)
        self._timeout_s = _number("PROVENCE_MAP_TIMEOUT", TIMEOUT_S) if timeout_s is None else timeout_s
        self._kept: dict[str, tuple[Path, Received]] = {}
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()
        self._http = httpx.Client(
            # Only gzip: it is unpacked here, in small steps, so that a bomb is met in time.
            headers={"User-Agent": agent(), "Accept-Encoding": "gzip", "Accept-Language": "fr, en;q=0.5"},
            timeout=httpx.Timeout(self._timeout_s, connect=min(CONNECT_S, self._timeout_s)),
        )

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close its connections."""
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def pace(self, hosts: Mapping[str, float]) -> None:
        """Leave at least so many seconds between two requests to each of these hosts."""
        self._hosts.update(hosts)

    def remember(self, folder: Path, received: Iterable[Received]) -> None:
        """Ask for what is kept in `folder` only if it changed since: what did not is copied from there."""
        for one in received:
            if one.etag or one.last_modified:
                self._kept[one.url] = (folder / one.file, one)

    def kept(self, url: str) -> tuple[Path, Received] | None:
        """Return the file and the record of what is remembered of an address, when the file is still what it was."""
        return self._held(url, Path(), None)

    def get(
        self,
        url: str,
        into: Path,
        *,
        kind: str | Sequence[str] = "application/json",
        params: Mapping[str, Any] | None = None,
        most_bytes: int = MOST_BYTES,
        kept: Received | None = None,
        method: str = "GET",
        data: Mapping[str, str] | None = None,
    ) -> Received:
        """Fetch an address to a file: streamed to `into.part`, checked, brought to the disk, then renamed.

        `kind` is the content type expected, or several ("" or none: any). `most_bytes` counts the unpacked body. `kept`
        is what `into` itself holds from before; see also `remember`. The url of what is received is the service's own,
        its file is the name of `into`.

        Raises UnreachableError when the service does not answer after the retries, AnswerError when it answers with
        something else than expected, SourceError when the file cannot be written.
        """
        asked = httpx.URL(url).copy_merge_params(params) if params else httpx.URL(url)
        kinds = tuple(name for name in ((kind,) if isinstance(kind, str) else kind) if name)
        held = self._held(str(asked), into, kept) if method == "GET" else None
        request = _Request(method, asked, data, kinds, most_bytes, held)
        attempt = 0
        while True:
            try:
                return self._attempt(request, into)
            except _AgainError as again:
                if attempt == RETRIES or again.after_s > LONGEST_WAIT_S:
                    raise again.said from again
                # Jitter: those who were refused together do not come back together.
                backoff = 2.0**attempt * random.uniform(0.5, 1.5)  # noqa: S311 (no secret)
                self._sleep(max(backoff, again.after_s))
            attempt += 1

    def _held(self, url: str, into: Path, kept: Received | None) -> tuple[Path, Received] | None:
        """Find what is kept of an address, whole: its file must still have the hash it had."""
        for path, one in filter(None, ((into, kept) if kept else None, self._kept.get(url))):
            if one.url == url and path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == one.sha256:
                return path, one
        return None

    def _attempt(self, request: _Request, into: Path) -> Received:
        """Ask once. Raises _AgainError where asking again may help; nothing is left of an answer that is refused."""
        part = into.with_name(f"{into.name}.part")
        host = request.url.host
        try:
            return self._follow(request, into, part)
        except httpx.TimeoutException as error:
            said = both("service.slow", service=host, n=partial(numbers.number, self._timeout_s))
            raise _AgainError(UnreachableError(said)) from error
        except (httpx.ReadError, httpx.RemoteProtocolError, streaming.CutError) as error:
            raise _AgainError(UnreachableError(both("service.cut", service=request.service))) from error
        except httpx.TransportError as error:
            # The system's words without its number, which says nothing to a person.
            reason = re.sub(r"^\[Errno -?\d+\] ", "", " ".join(str(error).split()))[:120] or type(error).__name__
            raise _AgainError(UnreachableError(both("service.away", service=host, reason=reason))) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise SourceError(both("service.unwritten", path=into, reason=reason)) from error
        finally:
            part.unlink(missing_ok=True)

    def _follow(self, request: _Request, into: Path, part: Path) -> Received:
        """Ask where the service says the answer now is, a few times at most, and only where nobody can listen."""
        url = request.url
        for _ in range(REDIRECTS + 1):
            self._turn(url.host)
            with self._http.stream(
                request.method, placed(str(url)), data=request.data, headers=request.conditions
            ) as answer:
                if answer.status_code not in _MOVED:
                    return self._take(answer, request, into, part)
                url = url.join(answer.headers.get("location", ""))
            if url.scheme != "https" or request.method == "POST":
                break
        raise AnswerError(both("service.moved", service=request.service, to=str(url)[:120]))

    def _take(self, answer: httpx.Response, request: _Request, into: Path, part: Path) -> Received:
        """Write an answer to its file when it is the one expected."""
        if answer.status_code == httpx.codes.NOT_MODIFIED and request.held:
            return _unchanged(request.held, into, part)
        if answer.status_code != httpx.codes.OK:
            raise _refusal(answer, request)
        headers = answer.headers
        body = streaming.write(
            self._in_time(answer.iter_raw(), request),
            part,
            service=request.service,
            # What HEAD says of a body, it does not send.
            encoding="" if request.method == "HEAD" else headers.get("content-encoding", "").strip().lower(),
            most_bytes=request.most_bytes,
        )
        if request.method != "HEAD":
            came = headers.get("content-type", "").partition(";")[0].strip().lower()
            streaming.check(body, request.kinds, came=came, service=request.service)
        part.replace(into)
        return Received(
            url=str(request.url),
            file=into.name,
            fetched_at=_now(),
            bytes=body.size,
            sha256=body.sha256,
            etag=headers.get("etag", ""),
            last_modified=headers.get("last-modified", ""),
        )

    def _in_time(self, chunks: Iterator[bytes], request: _Request) -> Iterator[bytes]:
        """Give the chunks of a body as long as it does not take for ever."""
        ends = time.monotonic() + LONGEST_S
        for chunk in chunks:
            if time.monotonic() > ends:
                raise UnreachableError(
                    both("service.endless", service=request.service, n=partial(numbers.number, LONGEST_S))
                )
            yield chunk

    def _turn(self, host: str) -> None:
        """Wait until it is the turn of the next request to a host."""
        with self._lock:
            now = time.monotonic()
            at = max(now, self._next.get(host, now))
            self._next[host] = at + self._hosts.get(host, LEAST_S) * self._pace
        if at > now:
            self._wait(at - now)

    def _sleep(self, seconds: float) -> None:
        if seconds * self._pace > 0:
            self._wait(seconds * self._pace)


def _unchanged(held: tuple[Path, Received], into: Path, part: Path) -> Received:
    """Take what is kept for the answer: the service says it still is."""
    path, kept = held
    if path != into:
        shutil.copyfile(path, part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(into)
    return replace(kept, file=into.name, fetched_at=_now(), unchanged=True)


def _refusal(answer: httpx.Response, request: _Request) -> Exception:
    """Say why an answer is none, and whether asking again may help."""
    status, host = answer.status_code, request.url.host
    after = _seconds(answer.headers.get("retry-after", ""))
    if status == httpx.codes.TOO_MANY_REQUESTS:
        said = both("service.busy", service=host, n=partial(numbers.number, round(after)))
        return _AgainError(UnreachableError(said if after else both("service.busy_some_time", service=host)), after)
    words = streaming.words(answer.iter_raw(), answer.headers.get("content-encoding", "").strip().lower())
    told = f"HTTP {status}" + (f", “{words}”" if words else "")
    if status in _AGAIN:
        return _AgainError(UnreachableError(both("service.fault", service=request.service, told=told)), after)
    kind = MissingError if status == httpx.codes.NOT_FOUND else AnswerError
    return kind(both("service.status", service=request.service, told=told))


def _seconds(after: str) -> float:
    """Read how long a service wants to be left alone: seconds or a date of HTTP; 0 when it says nothing readable."""
    if after.strip().isdecimal():
        return float(after)
    try:
        return max(0.0, (parsedate_to_datetime(after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _number(name: str, default: float) -> float:
    """Read a number of the environment. Raises SourceError for anything else."""
    said = os.environ.get(name, "")
    try:
        value = float(said) if said else default
    except ValueError:
        value = -1.0
    if not 0 <= value <= 3600:
        raise SourceError(both("service.no_number", name=name, came=repr(said[:40])))
    return value
