"""What is counted of the running server, for Prometheus: how much, how fast, how often; never who.

With several processes each counts in files that all share (Prometheus's multiprocess mode), so that any of them
answers for the whole server. `share` says where, before this module is imported.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)
from tornado.ioloop import PeriodicCallback
from tornado.web import RequestHandler

from dashboards import hosting

CONTENT_TYPE = CONTENT_TYPE_LATEST
SHARED = "PROMETHEUS_MULTIPROC_DIR"
_SLOW = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LONG = (0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
# The heads of our addresses. Whatever else is asked for is one row, or a stranger could make as many as he likes.
_ROUTES = frozenset({
    "", "around.json", "assets", "beside", "brief.pdf", "favicon.ico", "health", "login", "logout", "map", "metrics",
    "ogc", "plan", "present", "qr.svg", "relief", "session", "siting", "static", "stories", "story", "story.json",
    "story.zip", "table.xlsx", "usage",
})  # fmt: skip

SESSIONS = Gauge("provence_sessions_open", "Sessions that are open now.", multiprocess_mode="livesum")
OPENED = Counter("provence_sessions_opened", "Sessions that were opened.")
REFUSED = Counter("provence_refused", "Requests that were refused before they were read.", ["why"])
REQUESTS = Counter("provence_requests", "Requests that were answered.", ["route", "status"])
SECONDS = Histogram("provence_request_seconds", "Seconds until a request was answered.", ["route"], buckets=_SLOW)
EXPORTS = Gauge("provence_exports_running", "Exports that are being made now.", multiprocess_mode="livesum")
EXPORT_SECONDS = Histogram("provence_export_seconds", "Seconds an export took.", ["state"], buckets=_LONG)
EDITION = Gauge("provence_edition", "1 for the edition of the data that is shown.", ["edition"],
                multiprocess_mode="livemax")  # fmt: skip
_shown: set[str] = set()


def route(path: str) -> str:
    """Name the address of a request by its head, one of a fixed few."""
    head = path.removeprefix(hosting.now().prefix).lstrip("/").split("/")[0]
    return f"/{head}" if head in _ROUTES else "other"


def answered(handler: RequestHandler) -> None:
    """Count an answer; the server calls this as each one ends."""
    named = route(handler.request.path)
    REQUESTS.labels(named, str(handler.get_status())).inc()
    SECONDS.labels(named).observe(handler.request.request_time())


@contextlib.contextmanager
def export() -> Iterator[Callable[[str], None]]:
    """Count an export while the block runs; the function given takes the state it ended in."""
    began, ended = time.monotonic(), ["failed"]
    EXPORTS.inc()
    try:
        yield lambda state: ended.__setitem__(0, state)
    finally:
        EXPORTS.dec()
        EXPORT_SECONDS.labels(ended[0]).observe(time.monotonic() - began)


def showing(edition: str) -> None:
    """Say which edition is shown, and that no other is."""
    for other in _shown - {edition}:
        EDITION.labels(other).set(0)
    _shown.add(edition)
    EDITION.labels(edition).set(1)


def follow(count: Callable[[], int]) -> None:
    """Note every second how many sessions this process holds, as long as its event loop runs."""
    PeriodicCallback(lambda: SESSIONS.set(count()), 1_000).start()


def text() -> bytes:
    """Return all figures in Prometheus's text format, of every process that lives."""
    folder = os.environ.get(SHARED)
    if not folder:
        return bytes(generate_latest(REGISTRY))
    for path in Path(folder).glob("gauge_live*_*.db"):
        pid = path.stem.rpartition("_")[2]
        # A process that was killed no longer holds sessions.
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
            multiprocess.mark_process_dead(int(pid))
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return bytes(generate_latest(registry))
