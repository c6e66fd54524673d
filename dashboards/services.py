"""What the server computes when asked: an area, a workbook, a brief, a QR code.

Each answer is made in a small pool of threads, so that sessions keep answering; a refusal is JSON,
`{"error": {"en": …, "fr": …}}`. Nothing asked for ever becomes a path.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, partial
from http import HTTPStatus
from typing import Any

from tornado.ioloop import IOLoop
from tornado.web import RequestHandler

from dashboards import headers, hosting
from layers import asked, editions, export, qr
from layers.around import around, read
from layers.errors import BriefError, RequestError
from layers.numbers import number
from layers.text import both, language_of
from layers.view import Language, View

log = logging.getLogger(__name__)

# Answers are worked out in pure Python for the most part: more threads would only take turns.
THREADS, MOST_WAITING = 2, 16
MOST_QUERY = 20_000
# A code never changes. Files carry the day they were made, and all else changes with the data, which a refresh may
# bring at any time: the browser asks again, and is told when nothing changed.
_A_DAY, _ASK_AGAIN = "public, max-age=86400", "private, no-cache"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, read: its plain parameters, the View of the others, and where the same View opens."""

    values: dict[str, str]
    view: View
    language: Language
    own_address: str

    @property
    def address(self) -> str:
        """Give the address the document names, else the server's own. Raises RequestError when it is none."""
        return asked.web_address(self.values.get("address") or self.own_address)


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes, their type, how long they may be kept, and the name of the file they are to be saved as.

    `shown` opens in the browser all the same, and has the name when somebody saves it. `more` are further headers.
    """

    body: bytes
    kind: str
    keep: str
    name: str = ""
    shown: bool = False
    more: tuple[tuple[str, str], ...] = ()


@cache
def _pool() -> ThreadPoolExecutor:
    # Made when first asked for: threads do not survive the fork of --num-procs.
    return ThreadPoolExecutor(THREADS, thread_name_prefix="service")


class Service(RequestHandler):
    """Answer with what a function makes of the request."""

    waiting = 0

    def initialize(self, make: Callable[[Asked], Answer], own: frozenset[str]) -> None:
        """Take the function, and the parameters it reads besides those of a View."""
        self.make, self.own = make, own

    def set_default_headers(self) -> None:
        """Keep no refusal."""
        self.set_header("Cache-Control", "no-store")

    def compute_etag(self) -> str | None:
        """Tell one answer from another by who may frame it as well."""
        return headers.etag(super().compute_etag())

    async def head(self) -> None:
        """Answer with the head of the same answer."""
        await self.get()

    async def get(self) -> None:
        """Answer, or refuse in both languages."""
        await self.answer(self._work)

    async def answer(self, work: Callable[[], Answer], *, pool: ThreadPoolExecutor | None = None) -> None:
        """Answer with what a function makes in a thread, of the pool of all by default; refusals are said.

        The data are those in force when the request came, whatever is taken up meanwhile.
        """
        if Service.waiting >= MOST_WAITING:
            self.set_header("Retry-After", "2")
            self.refuse(HTTPStatus.SERVICE_UNAVAILABLE, both("asked.busy"))
            return
        Service.waiting += 1
        try:
            answer = await IOLoop.current().run_in_executor(pool or _pool(), editions.bound(work))
        except RequestError as error:
            self.refuse(HTTPStatus.BAD_REQUEST, error.said)
            return
        finally:
            Service.waiting -= 1
        self.set_header("Content-Type", answer.kind)
        self.set_header("Cache-Control", answer.keep)
        for name, value in answer.more:
            self.set_header(name, value)
        if answer.name:
            self.set_header("Vary", "Accept-Language")
            self.set_header(
                "Content-Disposition", f'{"inline" if answer.shown else "attachment"}; filename="{answer.name}"'
            )
        await self.finish(answer.body)

    def _work(self) -> Answer:
        """Read the request and make the answer, off the event loop: a long query takes its time as well."""
        query = self.request.query
        if len(query) > MOST_QUERY:
            raise RequestError(
                both("asked.long_query", n=partial(number, len(query)), most=partial(number, MOST_QUERY))
            )
        view, strange = View.from_query(query)
        ignored = [part for part in strange if part.partition("=")[0] not in self.own]
        if ignored:
            # By number alone: what was asked is the reader's.
            log.info("%s: parts of a request were ignored (%d)", self.request.path, len(ignored))
        language = view.language or language_of(self.request.headers.get("Accept-Language"))
        own = f"{self.request.protocol}://{self.request.host}{hosting.now().prefix}/"
        here = f"{own}?{view.to_query()}" if view.to_query() else own
        values = {name: self.get_query_argument(name, "") for name in self.own}
        return self.make(Asked(values, view, language, here))

    def refuse(self, status: int, said: dict[Language, str]) -> None:
        """Say in both languages why there is no answer."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps({"error": said}, ensure_ascii=False))

    def write_error(self, status_code: int, **_: Any) -> None:
        """Refuse in the same form when anything else went wrong; the log has the reason."""
        self.refuse(status_code, both("asked.refused", status=status_code))


def _area(request: Asked) -> Answer:
    year = asked.year(request.values["year"]) if request.values["year"] else None
    found = around(read(request.values["area"]), year=year).to_json()
    body = json.dumps(found, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return Answer(body, "application/json; charset=utf-8", _ASK_AGAIN)


def _workbook(request: Asked) -> Answer:
    today = _today()
    body = export.workbook(request.view, language=request.language, address=request.address, today=today)
    return Answer(body, export.MEDIA_TYPE, _ASK_AGAIN, f"provence-map_{today.isoformat()}_{request.language}.xlsx")


def _brief(request: Asked) -> Answer:
    # The typesetter is asked for only when used: the server need not start with it.
    from layers import brief

    view, today = request.view, _today()
    keys = asked.known(view.keep)
    try:
        body = brief.write(
            keys, year=view.verified_year, language=request.language, address=_printed(request, brief.MOST_ADDRESS),
            today=today,
        )  # fmt: skip
    except BriefError as error:
        raise RequestError(both("asked.no_brief", reason=str(error))) from error
    return Answer(body, "application/pdf", _ASK_AGAIN, f"provence-map-brief_{today.isoformat()}_{request.language}.pdf")


def _printed(request: Asked, most: int) -> str:
    """Give the address to print: where it is too long for a code on paper, that of the shortlist alone."""
    address = request.address
    if len(address.encode()) <= most:
        return address
    short = View(language=request.language, keep=request.view.keep, panel="shortlist").to_query()
    return asked.web_address(f"{re.split('[?#]', address)[0]}?{short}", most=most)


def _today() -> date:
    """Give the day where the server stands."""
    return datetime.now(UTC).astimezone().date()


def _code(request: Asked) -> Answer:
    return Answer(qr.svg(request.values["text"]), "image/svg+xml", _A_DAY)


PATTERNS: list[tuple[str, type[RequestHandler], dict[str, Any]]] = [
    (r"/around\.json", Service, {"make": _area, "own": frozenset({"area", "year"})}),
    (r"/table\.xlsx", Service, {"make": _workbook, "own": frozenset({"address"})}),
    (r"/brief\.pdf", Service, {"make": _brief, "own": frozenset({"address"})}),
    (r"/qr\.svg", Service, {"make": _code, "own": frozenset({"text"})}),
]
