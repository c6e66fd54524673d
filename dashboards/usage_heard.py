"""What is counted, from what comes to the server anyway: requests that were answered, and the View of a session.

No page sends anything for this. A name that is counted stands in a list of ours, so that nobody can fill the file with
words of their own: the rules below are for addresses that were answered, and a View is checked before it is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import panel as pn
from tornado.web import Application, RequestHandler

from dashboards import usage
from dashboards.map_view import MapView
from dashboards.state import Session
from geo.errors import GeoError
from layers.siting.recipe import recipe
from layers.text import language_of
from layers.view import LANGUAGES, View

WIDTHS = ("narrow", "wide")
FRAMES = ("own", "framed")
PAGES = ("explore", "present", "plan", "ogc")
_ANSWERED = {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}
_EMBED = "embed"

# An address that was answered, and what it counts as: kind and name, with the groups of the address.
_ASKED: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), kind, name)
    for pattern, kind, name in (
        (r"/(present|plan|ogc)/?", "page", "{0}"),
        (r"/stories/([a-z0-9-]+)\.(?:en|fr)\.html", "story", "{0}"),
        (r"/stories/[a-z0-9-]+\.(?:en|fr)\.(pdf|pptx)", "export", "story.{0}"),
        (r"/story\.(zip)", "export", "story.{0}"),
        (r"/(table)\.xlsx", "export", "{0}.xlsx"),
        (r"/(brief)\.pdf", "export", "{0}.pdf"),
        (r"/siting/surface\.(tif)", "export", "siting.{0}"),
        (r"/siting/ranking\.(csv)", "export", "siting.{0}"),
        (r"/plan/jobs/[A-Za-z0-9_-]{22}/([a-z]{2,12})", "export", "plan.{0}"),
        (r"/ogc/collections/([a-z_]+)/items", "ogc", "{0}"),
    )
)


def listen(application: Application, prefix: str = "") -> None:
    """Count the requests of a server from now on, beside what it writes into its log already.

    `prefix` stands before every address of the server.
    """
    plain = application.log_request

    def heard(handler: RequestHandler) -> None:
        plain(handler)
        requested(handler, prefix)

    application.log_request = heard  # type: ignore[method-assign]


def requested(handler: RequestHandler, prefix: str = "") -> None:
    """Count what a request was for, once it is answered: a page, a story or a file; each page of OGC API once."""
    request = handler.request
    path = request.path.removeprefix(prefix)
    if handler.get_status() not in _ANSWERED or request.method not in {"GET", "POST"}:
        return
    for pattern, kind, name in _ASKED:
        found = pattern.fullmatch(path)
        if found is None or (kind == "ogc" and handler.get_query_argument("offset", "0") not in {"", "0"}):
            continue
        usage.count(kind, name.format(*found.groups()))
        if kind in {"page", "story"}:
            _reader(handler)
        return


def _reader(handler: RequestHandler) -> None:
    """Count the language of a page and whether it stands in another."""
    named = handler.get_query_argument("lang", "")
    usage.count(
        "language", named if named in LANGUAGES else language_of(handler.request.headers.get("Accept-Language"))
    )
    usage.count("frame", _frame(handler.request.headers, handler.request.query_arguments))


def _frame(headers: Mapping[str, str], arguments: Mapping[str, Any]) -> str:
    """Tell whether a page stands in another: by its address, else as the browser says of what it fetches a page for."""
    said = {name.lower(): value for name, value in headers.items()}.get("sec-fetch-dest", "")
    return FRAMES[_EMBED in arguments or said == "iframe"]


class Heard:
    """What one open Explore page has shown so far: each thing counts once a page. It goes with the page."""

    def __init__(self, headers: Mapping[str, str], arguments: Mapping[str, Any]) -> None:
        """Take of the request what is counted, and nothing else."""
        self._prefers = language_of({n.lower(): v for n, v in headers.items()}.get("accept-language"))
        self._frame = _frame(headers, arguments)
        self._seen: set[tuple[str, str]] = set()
        self._open = False

    def opened(self, said: str, view: View) -> None:
        """Count the page: a browser has it on its screen, `narrow` or `wide`, and `framed` after that or not."""
        width, _, frame = said.partition(" ")
        if self._open or width not in WIDTHS:
            return
        self._open = True
        self._frame = FRAMES[1] if frame == FRAMES[1] else self._frame
        for kind, name in (("page", PAGES[0]), ("width", width), ("frame", self._frame)):
            usage.count(kind, name)
        self.shown(view)

    def shown(self, view: View) -> None:
        """Count what a View shows that this page had not shown before."""
        if not self._open:
            return
        now = {("layer", layer) for layer in view.layers} | {("language", view.language or self._prefers)}
        if view.relief:
            now.add(("layer", "relief"))
        if view.siting is not None and view.siting.profile in _profiles():
            now.add(("siting", view.siting.profile))
        for kind, name in sorted(now - self._seen):
            usage.count(kind, name)
        self._seen |= now


def follow(session: Session, view: MapView) -> None:
    """Count what a session shows, where counting is on."""
    if not usage.on():
        return
    heard = Heard(pn.state.headers, pn.state.session_args)
    view.counted = True
    view.param.watch(lambda event: heard.opened(event.new, session.view), "width_class")
    session.param.watch(lambda event: heard.shown(event.new), "view")


def _profiles() -> set[str]:
    try:
        return set(recipe().profiles)
    except GeoError:
        return set()
