"""What is looked at before a request is read: may it come in now? A refusal is kind, and says when to come back.

The gate is a rule that stands before all addresses of the server, Panel's included. It keeps nothing of who asked but a
keyed hash (limits.py).
"""

from __future__ import annotations

import json
import math
import random
import re
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from bokeh.util.token import check_token_signature, get_session_id
from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher, Rule
from tornado.web import Application, RequestHandler, stream_request_body

from dashboards import headers, hosting, kind_page, metrics, signin, stopping
from dashboards.explore import SESSION
from dashboards.limits import Limit
from layers.numbers import number
from layers.text import both

# A page asks for a dozen files, a classroom behind one address for some hundreds; then what people can click.
EVERY = Limit(burst=600, per_second=60)
# Files that take seconds of a core each.
EXPORTS = Limit(burst=20, per_second=0.5)
# What is sent to an address that reads no file.
MOST_BODY = 65_536
# Where sessions are joined. The page itself is served whatever there is room for: the map needs no session.
_JOIN = f"/{SESSION}/ws"
# Panel answers these as well; nothing of ours asks for them, and each could make a session or import a module.
_CLOSED = re.compile(r"/(session/?(autoload.js|metadata)?|autoload.js|metadata|components/.*|rest/.*)", re.DOTALL)
_WATCHED = re.compile(r"/(health/(live|ready)|metrics)")
_UPLOADS = re.compile(r"/story(\.json|\.zip|/open)")
_DRAFTS = re.compile(r"/(present|story(\.json|\.zip|/open|/figures\.json)|stories/[^/]+\.draft\.json)")
_EXPORTED = re.compile(
    r"/(brief\.pdf|table\.xlsx|plan/jobs(/[^/]+)?|stories/[^/]+\.(pdf|pptx)|siting/(surface\.tif|ranking\.csv))"
)
# Readers who are sent away together are not to come back together.
_AGAIN_S = (8, 16)
# Nobody tries again within a second; and pages speak of seconds.
_LEAST_S = 2


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not let in: the name of its words, the status, the seconds until it may be, and where to go."""

    why: str
    status: int
    wait: int = 0
    leads: str = ""


def _later() -> int:
    return random.randint(*_AGAIN_S)  # noqa: S311 (no secret)


class Gate(Matcher):
    """Match the requests that are refused."""

    def __init__(self, application: Any) -> None:
        self.application = application

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        """Give the refusal of a request, None where it may come in."""
        found = self.look(request)
        if found is None:
            if _path(request) == "/":
                # The page's script reads the address itself: what it says, text or not, need not go into the session.
                request.arguments = {}
            return None
        metrics.REFUSED.labels(found.why).inc()
        return {"target_kwargs": {"refusal": found}}

    def look(self, request: HTTPServerRequest) -> Refusal | None:
        """Look at a request before it is read."""
        path = _path(request)
        if _WATCHED.fullmatch(path):
            return None
        return self._form(request, path) or self._often(request, path) or self._room(request, path)

    def _form(self, request: HTTPServerRequest, path: str) -> Refusal | None:
        # A session that is named from outside, by its id or its token, could be another reader's.
        named = "bokeh-" in request.query.lower() or "Bokeh-Session-Id" in request.headers
        if named or _CLOSED.fullmatch(path) or _astray(path):
            return Refusal("closed", HTTPStatus.NOT_FOUND)
        length = request.headers.get("Content-Length", "0")
        if _UPLOADS.fullmatch(path):
            return None
        if "Transfer-Encoding" in request.headers:
            return Refusal("length", HTTPStatus.LENGTH_REQUIRED)
        if not length.isdecimal() or int(length) > MOST_BODY:
            return Refusal("large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return None

    def _often(self, request: HTTPServerRequest, path: str) -> Refusal | None:
        address = request.remote_ip or ""
        wait = EVERY.wait_where_limited(address)
        made = request.method == "POST" or not path.startswith("/plan/jobs")
        if not wait and made and request.method != "DELETE" and _EXPORTED.fullmatch(path):
            wait = EXPORTS.wait_where_limited(address)
        return Refusal("often", HTTPStatus.TOO_MANY_REQUESTS, max(_LEAST_S, math.ceil(wait))) if wait else None

    def _room(self, request: HTTPServerRequest, path: str) -> Refusal | None:
        if _DRAFTS.fullmatch(path) and signin.wanted() and not signin.user(self.application, request):
            return Refusal("sign_in", HTTPStatus.UNAUTHORIZED, leads=f"{hosting.now().prefix}/login")
        begins = path == "/" or (path == "/plan/jobs" and request.method == "POST")
        opens = path == _JOIN
        if stopping.begun() and (begins or opens):
            return Refusal("stopping", HTTPStatus.SERVICE_UNAVAILABLE, min(max(stopping.left(), _LEAST_S), 10))
        if opens:
            return self._socket(request)
        return None

    def _socket(self, request: HTTPServerRequest) -> Refusal | None:
        """Let a connection to a session in; one that would make a session needs room, and a token we signed."""
        token = request.headers.get("Sec-WebSocket-Protocol", "").partition(",")[2].strip()
        try:
            app = self.application
            sound = check_token_signature(token, secret_key=app.secret_key, signed=app.sign_sessions)
            session = get_session_id(token)
        except Exception:
            # Whatever a stranger wrote there.
            sound, session = False, ""
        if not sound:
            return Refusal("closed", HTTPStatus.FORBIDDEN)
        known = any(session in {one.id for one in context.sessions} for context in app.applications.values())
        if not known and self.open() >= hosting.now().max_sessions:
            return Refusal("full", HTTPStatus.SERVICE_UNAVAILABLE, _later())
        return None

    def open(self) -> int:
        """Count the sessions of this process."""
        return sum(len(list(context.sessions)) for context in self.application.applications.values())


def _astray(path: str) -> bool:
    """Tell whether a path climbs, or holds what no name holds, however often it is encoded."""
    for _ in range(3):
        path = unquote(path, errors="replace")
    return ".." in re.split(r"[/\\]", path) or any(ord(sign) < 32 for sign in path)


def _path(request: HTTPServerRequest) -> str:
    """Give the path below the server's prefix; empty beside it, where nothing is."""
    prefix = hosting.now().prefix
    return request.path.removeprefix(prefix) if request.path.startswith(f"{prefix}/") else ""


@stream_request_body
class Refused(RequestHandler):
    """Say why: as a page to a reader, as JSON in both languages to a program. What is sent is let go by, not kept."""

    def initialize(self, refusal: Refusal) -> None:
        """Take why."""
        self.refusal = refusal

    def data_received(self, chunk: bytes) -> None:
        """Keep nothing."""

    def check_xsrf_cookie(self) -> None:
        """Change nothing, so that nothing need be checked."""

    def get(self) -> None:
        """Refuse."""
        found = self.refusal
        page = self.request.method == "GET" and "text/html" in self.request.headers.get("Accept", "")
        self.set_header("Cache-Control", "no-store")
        if found.leads and page:
            self.redirect(signin.leading(found.leads, self.request))
            return
        self.set_status(found.status)
        self.set_header("Vary", "Accept, Accept-Language")
        if found.wait:
            self.set_header("Retry-After", str(found.wait))
        if page and found.status != HTTPStatus.NOT_FOUND:
            self.set_header("Content-Type", "text/html; charset=utf-8")
            self.set_header("Content-Security-Policy", headers.PLAIN_PAGE)
            self.finish(kind_page.refusal(self.request, found.why, found.wait, most=MOST_BODY))
            return
        self.set_header("Content-Type", "application/json; charset=utf-8")
        said = both(f"hosting.{found.why}_said", most=partial(number, MOST_BODY))
        self.finish(json.dumps({"error": said}, ensure_ascii=False))

    head = post = put = patch = delete = options = get


def put_before(application: Application) -> Gate:
    """Let a gate look at every request of an application first."""
    gate = Gate(application)
    application.default_router.rules.insert(0, Rule(gate, Refused))
    return gate
