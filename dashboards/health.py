"""Whether this server lives, whether it can be sent readers, and its figures: for machines that look after it."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from tornado.web import RequestHandler

from dashboards import metrics, routes, stopping
from geo.errors import GeoError
from layers import editions


class Live(RequestHandler):
    """Answer as long as the event loop turns."""

    def head(self) -> None:
        """Answer with the head of the same answer."""
        self.get()

    def get(self) -> None:
        """Say that the process lives."""
        self.set_header("Cache-Control", "no-store")
        self.finish({"live": True})


class Ready(RequestHandler):
    """Answer 200 while readers may be sent here: the documents are made, their data are there, no stop is under way."""

    def head(self) -> None:
        """Answer with the head of the same answer."""
        self.get()

    def get(self) -> None:
        """Say whether it is ready, with which edition, and what lacks."""
        lacks = [name for name, there in checks().items() if not there]
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.set_status(HTTPStatus.SERVICE_UNAVAILABLE if lacks else HTTPStatus.OK)
        self.finish(json.dumps({"ready": not lacks, "edition": edition(), "lacks": lacks}))


class Metrics(RequestHandler):
    """Give the figures to Prometheus."""

    def get(self) -> None:
        """Answer in its text format."""
        metrics.showing(edition())
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", metrics.CONTENT_TYPE)
        self.finish(metrics.text())


def edition() -> str:
    """Name the data that are shown: the id of an edition, or `base`."""
    found = editions.in_force()
    return "base" if found == editions.base_dir() else found.name


def checks() -> dict[str, bool]:
    """Look at what a reader would need, by its name."""
    folder = editions.in_force()
    whole = (folder / "catalogue.toml").is_file() and (folder / "tables").is_dir()
    try:
        # Made when the server began, or when an edition was taken up: this looks, it makes nothing.
        made = bool(routes.map_asset().plain) and bool(routes.desk().plain) and bool(routes.planner().plain)
    except GeoError:
        made = False
    return {"staying": not stopping.begun(), "data": whole, "documents": made}


PATTERNS: list[tuple[str, type[RequestHandler], dict[str, Any]]] = [
    (r"/health/live", Live, {}),
    (r"/health/ready", Ready, {}),
    (r"/metrics", Metrics, {}),
]
