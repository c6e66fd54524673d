"""What the server writes down: as lines for a person, or as JSON for a machine; and never who asked.

Tornado names the reader's address in what it logs of a request that failed, and the whole address of the page, which
says what the reader looked at. Both are taken out of every line.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler

from dashboards.hosting import Log

_PROBES = frozenset({"/health", "/metrics"})
access = logging.getLogger("dashboards.access")
# `GET /map?year=2018 (203.0.113.7)`, as Tornado sums a request up.
_SUMMARY = re.compile(r"\b(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\S*) \([^()\s]*\)")
_REQUEST = re.compile(r"HTTPServerRequest\(.*?\)", re.DOTALL)
_OWN = frozenset(vars(logging.makeLogRecord({})) | {"message": None, "asctime": None, "event": None})


def without_reader(said: str) -> str:
    """Take the reader's address and what follows `?` out of what Tornado says of a request."""
    said = _REQUEST.sub("HTTPServerRequest(…)", said)
    return _SUMMARY.sub(lambda found: f"{found[1]} {found[2].partition('?')[0]}", said)


class Discreet(logging.Filter):
    """Let every line through, without the reader."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean a record of a library; ours name no reader."""
        if record.name.startswith(("tornado", "bokeh", "panel", "asyncio")):
            args = record.args if isinstance(record.args, tuple) else (record.args,) if record.args else ()
            # A request is only asked for its address when the line is made.
            record.args = tuple("a request" if isinstance(arg, HTTPServerRequest) else arg for arg in args)
            record.msg, record.args = without_reader(record.getMessage()), ()
        return True


class AsJson(logging.Formatter):
    """Write a record as one line of JSON: time (UTC), level, logger, event, message, what else it holds."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": getattr(record, "event", "message"),
            "message": record.getMessage(),
        }
        told |= {key: value for key, value in vars(record).items() if key not in _OWN}
        if record.exc_info and record.exc_info[0] is not None:
            told["exception"] = "".join(traceback.format_exception(*record.exc_info))
        return json.dumps(told, ensure_ascii=False, default=str)


def begin(form: Log) -> None:
    """Write as asked from now on. The libraries' debug lines are left out."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson() if form == "json" else logging.Formatter("%(message)s"))
    handler.addFilter(Discreet())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # A line for each answer is for machines.
    access.disabled = form != "json"


def answered(handler: RequestHandler, route: str) -> None:
    """Write down that an answer was given: by its route, without what was asked and by whom; probes are left out."""
    if route in _PROBES and handler.get_status() < 400:
        return
    access.info(
        "%s %s %d", handler.request.method, route, handler.get_status(),
        extra={
            "event": "request", "method": handler.request.method, "route": route, "status": handler.get_status(),
            "seconds": round(handler.request.request_time(), 4),
        },
    )  # fmt: skip
