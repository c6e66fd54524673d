"""The server: Panel's pages and the map's assets on one port."""

from __future__ import annotations

import errno
import logging
import webbrowser
from typing import Any

import panel as pn
from tornado.web import GZipContentEncoding

from dashboards import beside, explore, jobs, ogc, plan, routes, services, siting_files, stories
from dashboards.takeup import TakeUp
from geo.errors import GeoError
from layers.ogc.resources import GEOJSON, OPENAPI, SCHEMA

log = logging.getLogger(__name__)

# Whose addresses are answered beside Panel's own.
_PARTS = (routes, beside, services, siting_files, stories, plan, ogc)


class ServeError(GeoError):
    """The server cannot start."""


def make(*, host: str, port: int, num_procs: int = 1, **options: Any) -> Any:
    """Make the server without starting it. Raises ServeError when the port cannot be had.

    The documents are made first: a broken table or story stops the server before it answers anyone. A newer edition of
    the data is taken up while it runs.
    """
    take_up = TakeUp()
    take_up.begin()
    if num_procs != 1:
        # Before the fork: every process answers for the jobs of all.
        jobs.root()
    # Tornado packs text and plain JSON for a reader that takes gzip; the API's own kinds of JSON as well.
    GZipContentEncoding.CONTENT_TYPES |= {kind.partition(";")[0] for kind in (GEOJSON, OPENAPI, SCHEMA)}
    names = dict.fromkeys((host, "localhost", "127.0.0.1"))
    try:
        server = pn.io.server.get_server(
            {"/": explore.page},
            port=port,
            address=host,
            websocket_origin=[f"{name}:{port}" for name in names] if port else ["*"],
            title="Provence Map",
            location=False,
            num_procs=num_procs,
            extra_patterns=[pattern for part in _PARTS for pattern in part.PATTERNS],
            compress_response=True,
            **options,
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ServeError(
                f"port {port} of {host} is in use: stop what holds it or choose another with --port"
            ) from error
        raise ServeError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    # After the fork: each process looks for itself.
    server.io_loop.add_callback(take_up.start)
    server.io_loop.add_callback(beside.start)
    return server


def serve(*, host: str, port: int, num_procs: int = 1, show: bool = True) -> None:
    """Run the map until it is stopped; open a browser where there is one."""
    server = make(host=host, port=port, num_procs=num_procs)
    shown = "localhost" if host in {"0.0.0.0", "::", "127.0.0.1"} else host  # noqa: S104 (compared, not bound)
    address = f"http://{shown}:{server.port}/"
    log.info("Provence Map is at %s (stop with Ctrl+C)", address)
    server.start()
    if show:
        server.io_loop.add_callback(_open, address)
    try:
        server.io_loop.start()
    except KeyboardInterrupt:
        pass
    finally:
        log.info("Provence Map has stopped")


def _open(address: str) -> None:
    try:
        webbrowser.get().open(address)
    except webbrowser.Error:
        log.info("no browser to open here: go to %s", address)
