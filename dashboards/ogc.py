"""OGC API – Features on the map's own server: read only, in JSON and as plain pages, so many requests per address.

A refusal is the exception of the standard, `code` and `description`, with the same sentence in both languages beside.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from tornado.web import RequestHandler

from dashboards import ogc_page, plain_style
from dashboards.limits import Limit
from dashboards.services import MOST_QUERY, Answer, Service
from layers.errors import RequestError
from layers.numbers import number
from layers.ogc import collections, features, openapi, query, resources
from layers.ogc.collections import MissingError
from layers.ogc.resources import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Asker, Resource
from layers.text import both, language_of
from layers.view import LANGUAGES, Language

# A desktop program reads a layer page by page, several at once: a hundred rows a page are let through without a pause.
LIMIT = Limit(burst=300, per_second=30)
_ROOT = "/ogc"
_ASK_AGAIN = "no-cache"
_CODES = {
    HTTPStatus.BAD_REQUEST: "InvalidParameterValue",
    HTTPStatus.NOT_FOUND: "NotFound",
    HTTPStatus.METHOD_NOT_ALLOWED: "MethodNotAllowed",
    HTTPStatus.TOO_MANY_REQUESTS: "TooManyRequests",
    HTTPStatus.SERVICE_UNAVAILABLE: "ServerBusy",
}
_READ = "GET, HEAD"


@dataclass(frozen=True, slots=True)
class Request:
    """What one address is asked: the parts of its path, its parameters, and for whom."""

    parts: tuple[str, ...]
    said: dict[str, str]
    asker: Asker


@dataclass(frozen=True, slots=True)
class Made:
    """A resource, its type as JSON, and its headers."""

    resource: Resource
    kind: str
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """An address of the API: the page it makes, what makes its resource, and the parameters it reads by its path."""

    page: str
    make: Callable[[Request], Made]
    reads: Callable[[tuple[str, ...]], tuple[str, ...]]


class Ogc(Service):
    """Answer one kind of address."""

    def initialize(self, kind: Kind, limit: Limit = LIMIT) -> None:  # type: ignore[override]
        """Take the kind, and the limit all kinds share."""
        self.kind, self.limit = kind, limit

    def prepare(self) -> None:
        """Refuse an address that asks too often, before anything is read."""
        wait = self.limit.wait_where_limited(self.request.remote_ip or "")
        if wait:
            self.set_header("Retry-After", str(math.ceil(wait)))
            self.refuse(HTTPStatus.TOO_MANY_REQUESTS, both("ogc.too_often", n=self.limit.burst))

    async def head(self, *parts: str) -> None:  # type: ignore[override]
        """Answer with the head of the same answer."""
        await self.get(*parts)

    async def get(self, *parts: str) -> None:  # type: ignore[override]
        """Answer, or refuse in both languages."""
        try:
            await self.answer(lambda: self._made(parts))
        except MissingError as error:
            self.refuse(HTTPStatus.NOT_FOUND, error.said)

    def _made(self, parts: tuple[str, ...]) -> Answer:
        """Read the request and make the answer, off the event loop."""
        said = self._said(parts)
        asker = self._asker(query.language(said))
        made = self.kind.make(Request(parts, said, asker))
        vary = ("Vary", "Accept, Accept-Language")
        headers = (vary, ("Content-Language", asker.language), *made.headers)
        as_page = made.kind != SCHEMA and (query.form(said) or _preferred(self.request.headers.get("Accept"))) == "html"
        if not as_page:
            body = json.dumps(made.resource, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
            return Answer(body, made.kind, _ASK_AGAIN, more=headers)
        body = ogc_page.page(self.kind.page, made.resource, asker, parts=parts)
        policy = ("Content-Security-Policy", plain_style.policy(*ogc_page.SHEETS))
        return Answer(body, f"{HTML}; charset=utf-8", _ASK_AGAIN, more=(*headers, policy))

    def _said(self, parts: tuple[str, ...]) -> dict[str, str]:
        """Read the parameters. Raises RequestError, and MissingError where the path names no collection."""
        if len(self.request.query) > MOST_QUERY:
            raise RequestError(
                both("asked.long_query", n=partial(number, len(self.request.query)), most=partial(number, MOST_QUERY))
            )
        try:
            values = {name: [value.decode() for value in found] for name, found in self.request.query_arguments.items()}
        except UnicodeDecodeError as error:
            raise RequestError(both("ogc.no_utf8")) from error
        return query.once(values, self.kind.reads(parts))

    def _asker(self, named: Language | str | None) -> Asker:
        """Tell for whom the answer is: what `lang` says, else what the browser prefers, else all columns."""
        header = self.request.headers.get("Accept-Language", "")
        preferred = language_of(header) if header.strip("* ") else None
        columns = None if named == query.ALL else next((name for name in LANGUAGES if name == named), preferred)
        host = f"{self.request.protocol}://{self.request.host}"
        root = host + self.request.path[: self.request.path.index(_ROOT)] + _ROOT
        return Asker(root, columns or preferred or LANGUAGES[0], columns, {"lang": named} if named else {})

    def refuse(self, status: int, said: dict[Language, str]) -> None:
        """Refuse as the standard says, in the language of the reader and in both."""
        self.set_status(status)
        self.set_header("Content-Type", f"{JSON}; charset=utf-8")
        language = language_of(self.request.headers.get("Accept-Language"))
        code = _CODES.get(HTTPStatus(status), "NoApplicableCode")
        self.finish(json.dumps({"code": code, "description": said[language], "error": said}, ensure_ascii=False))

    def write_error(self, status_code: int, **_: Any) -> None:
        """Refuse in the same form what the server itself refuses; the log has the reason of a fault of ours."""
        said = both("asked.refused", status=status_code)
        if status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            self.set_header("Allow", _READ)
            said = both("ogc.read_only", allowed=_READ)
        self.refuse(status_code, said)


class Elsewhere(Ogc):
    """Refuse every other address below the API."""

    def initialize(self, limit: Limit = LIMIT) -> None:  # type: ignore[override]
        """Take the limit all kinds share."""
        self.limit = limit

    async def get(self, *_: str) -> None:  # type: ignore[override]
        """Say where to begin."""
        self.refuse(HTTPStatus.NOT_FOUND, both("ogc.no_address", root=_ROOT))


def _preferred(accept: str | None) -> str:
    """Choose between JSON and a page by what the Accept header weighs more; JSON where both weigh the same."""
    weights = {"html": 0.0, "json": 0.0}
    for part in (accept or "*/*").lower().split(","):
        kind, *more = (word.strip() for word in part.split(";"))
        weight = 1.0
        for word in more:
            if word.startswith("q="):
                try:
                    weight = float(word[2:])
                except ValueError:
                    weight = 0.0
        if kind in {HTML, "application/xhtml+xml"}:
            weights["html"] = max(weights["html"], weight)
        elif "json" in kind or kind in {"*/*", "application/*"}:
            weights["json"] = max(weights["json"], weight)
    return "html" if weights["html"] > weights["json"] else "json"


def _items(request: Request) -> Made:
    found = collections.collection(request.parts[0])
    read = query.read(found, request.said)
    page = features.page(found, read, language=request.asker.columns)
    return Made(resources.items(found, page, request.asker, request.said), GEOJSON, _crs(read.system))


def _item(request: Request) -> Made:
    found = collections.collection(request.parts[0])
    system = query.system(request.said, "crs")
    return Made(resources.item(found, request.parts[1], request.asker, system=system), GEOJSON, _crs(system))


def _crs(system: str) -> tuple[tuple[str, str], ...]:
    return (("Content-Crs", f"<{system}>"),)


def _columns(parts: tuple[str, ...]) -> tuple[str, ...]:
    return (*query.ITEMS, *(field.name for field in collections.collection(parts[0]).fields))


def _plain(page: str, make: Callable[[Asker], Resource], kind: str = JSON) -> Kind:
    return Kind(page, lambda request: Made(make(request.asker), kind), lambda _: query.COMMON)


def _of_one(page: str, make: Callable[..., Resource], kind: str, reads: tuple[str, ...]) -> Kind:
    return Kind(
        page,
        lambda request: Made(make(collections.collection(request.parts[0]), request.asker), kind),
        lambda _: reads,
    )


_ID = r"/ogc/collections/([^/]+)"
PATTERNS: list[tuple[str, type[RequestHandler], dict[str, Any]]] = [
    (r"/ogc/?", Ogc, {"kind": _plain("landing", resources.landing)}),
    (r"/ogc/api", Ogc, {"kind": _plain("api", openapi.document, OPENAPI)}),
    (r"/ogc/conformance", Ogc, {"kind": _plain("conformance", resources.conformance)}),
    (r"/ogc/collections", Ogc, {"kind": _plain("collections", resources.all_collections)}),
    (_ID, Ogc, {"kind": _of_one("collection", resources.one_collection, JSON, query.COMMON)}),
    (f"{_ID}/schema", Ogc, {"kind": _of_one("schema", resources.schema, SCHEMA, query.COMMON)}),
    (f"{_ID}/items", Ogc, {"kind": Kind("items", _items, _columns)}),
    (f"{_ID}/items/([^/]+)", Ogc, {"kind": Kind("item", _item, lambda _: query.ITEM)}),
    (r"/ogc/.*", Elsewhere, {}),
]
