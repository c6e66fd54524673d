"""The server: Panel's pages and the map's assets on one port."""

from __future__ import annotations

import errno
import logging
import secrets
import webbrowser
from functools import partial
from typing import Any

import panel as pn
from tornado.netutil import bind_sockets
from tornado.web import GZipContentEncoding, RequestHandler

from dashboards import (
    beside,
    explore,
    gate,
    headers,
    health,
    hosting,
    jobs,
    logs,
    metrics,
    ogc,
    plan,
    routes,
    services,
    signin,
    siting_files,
    stopping,
    stories,
    usage,
    usage_heard,
    usage_page,
    wire,
)
from dashboards.takeup import TakeUp
from geo.errors import GeoError
from layers.ogc.resources import GEOJSON, OPENAPI, SCHEMA

log = logging.getLogger(__name__)

# Whose addresses are answered beside Panel's own.
_PARTS = (health, explore, routes, beside, services, siting_files, stories, plan, ogc, usage_page)
# Of what a browser sends at once: headers with the address, a body. A story with its pictures is the largest.
_MOST_HEAD, _MOST_BODY = 32_768, 24_000_000
# Seconds for a body to come, and that a connection may be silent: who sends a byte a minute holds none for long.
_BODY_S, _SILENT_S = 120, 75
# Several machines that serve one map share it, so that a page of one opens its session at another.
SECRET_VARIABLE = "PROVENCE_MAP_SECRET"  # noqa: S105 (the name of a variable)


class ServeError(GeoError):
    """The server cannot start."""


def make(*, host: str, port: int, num_procs: int = 1, figures: usage.Store | None = None, **options: Any) -> Any:
    """Make the server without starting it; `figures` keeps its usage figures, None counts nothing.

    Raises ServeError when the port cannot be had, UsageError when no figures can be kept there.

    The documents are made first: a broken table or story stops the server before it answers anyone. A newer edition of
    the data is taken up while it runs. How it is hosted is read from `hosting.now()`.
    """
    # What cannot be hosted as asked is said before the documents are made, which takes seconds.
    asked = _options(host, port) | options
    _try_port(host, port)
    if figures is not None:
        # Before the documents are made: they say what is counted.
        usage.begin(figures)
    take_up = TakeUp()
    take_up.begin()
    cord = None
    if num_procs != 1:
        # Before the fork: every process answers for the jobs of all, and stops when the parent does.
        jobs.root()
        cord = stopping.Cord()
    # Tornado packs text and plain JSON for a reader that takes gzip; the API's own kinds of JSON as well.
    GZipContentEncoding.CONTENT_TYPES |= {kind.partition(";")[0] for kind in (GEOJSON, OPENAPI, SCHEMA)}
    wire.put_in_place()
    try:
        server = pn.io.server.get_server(
            {f"/{explore.SESSION}": explore.session},
            port=port,
            address=host,
            title="Provence Map",
            location=False,
            num_procs=num_procs,
            extra_patterns=[pattern for part in _PARTS for pattern in part.PATTERNS],
            **asked,
        )
    except OSError as error:
        raise _unheard(host, port, error) from error
    # After the fork: each process looks for itself, and counts its own.
    doors = gate.put_before(server._tornado)
    metrics.follow(doors.open)
    server.io_loop.add_callback(take_up.start)
    stopping.listen(server.io_loop, lambda: services.Service.waiting, cord)
    if usage.on():
        usage_heard.listen(server._tornado, hosting.now().prefix)
        server.io_loop.add_callback(usage.start)
    server.io_loop.add_callback(beside.start)
    return server


def _try_port(host: str, port: int) -> None:
    """Listen for a moment. Raises ServeError when the port cannot be had."""
    try:
        for listening in bind_sockets(port, host):
            listening.close()
    except OSError as error:
        raise _unheard(host, port, error) from error


def _unheard(host: str, port: int, error: OSError) -> ServeError:
    if error.errno == errno.EADDRINUSE:
        return ServeError(f"port {port} of {host} is in use: stop what holds it or choose another with --port")
    return ServeError(f"cannot listen on {host}:{port}: {error.strerror or error}")


def _options(host: str, port: int) -> dict[str, Any]:
    """Give what Panel, Bokeh and Tornado are told of how the server is hosted."""
    asked = hosting.now()
    names = dict.fromkeys((host, "localhost", "127.0.0.1"))
    secret = hosting.secret(SECRET_VARIABLE) or secrets.token_urlsafe(32)
    return {
        "websocket_origin": [*(f"{name}:{port}" for name in names), *hosting.hosts(asked.origins)] if port else ["*"],
        "prefix": asked.prefix,
        "use_xheaders": asked.trust_proxy,
        # Nobody makes a session but by a page of ours, whose token says all that it may know of a reader (explore.py).
        "secret_key": secret.encode(),
        "sign_sessions": True,
        "check_unused_sessions_milliseconds": wire.LOOK_MS,
        "unused_session_lifetime_milliseconds": wire.UNUSED_MS,
        "keep_alive_milliseconds": wire.KEEP_ALIVE_MS,
        "websocket_max_message_size": wire.MOST_BYTES,
        "transforms": [headers.Hardened, GZipContentEncoding],
        "log_function": _answered,
        "http_server_kwargs": {
            "max_header_size": _MOST_HEAD,
            "max_body_size": _MOST_BODY,
            "body_timeout": _BODY_S,
            "idle_connection_timeout": _SILENT_S,
        },
        **signin.options(),
    }


def _answered(handler: RequestHandler) -> None:
    metrics.answered(handler)
    logs.answered(handler, metrics.route(handler.request.path))


def serve(*, host: str, port: int, num_procs: int = 1, show: bool = True, figures: usage.Store | None = None) -> None:
    """Run the map until it is stopped; open a browser where there is one. `figures` is as for `make`."""
    server = make(host=host, port=port, num_procs=num_procs, figures=figures)
    shown = "localhost" if host in {"0.0.0.0", "::", "127.0.0.1"} else host  # noqa: S104 (compared, not bound)
    address = f"http://{shown}:{server.port}{hosting.now().prefix}/"
    log.info("Provence Map is at %s (stop with Ctrl+C)", address)
    server.start()
    if show:
        server.io_loop.add_callback(partial(_open, address))
    try:
        server.io_loop.start()
    except KeyboardInterrupt:
        pass
    finally:
        usage.end()
        log.info("Provence Map has stopped")
        stopping.end()


def _open(address: str) -> None:
    try:
        webbrowser.get().open(address)
    except webbrowser.Error:
        log.info("no browser to open here: go to %s", address)
