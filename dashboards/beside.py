"""Files of layers over their budget (layers/web/beside.py): rows packed once, shapes by ranges of bytes."""

from __future__ import annotations

import gzip
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

from tornado.ioloop import IOLoop
from tornado.web import HTTPError, RequestHandler, StaticFileHandler

from geo.errors import GeoError
from layers import editions
from layers.web import beside, payload

log = logging.getLogger(__name__)

# Where the document asks for the files, seen from map/.
URL = "../beside/"
_FOREVER = "public, max-age=31536000, immutable"
_KINDS = {beside.ROWS: "application/json; charset=utf-8", beside.SHAPES: "application/vnd.pmtiles"}


@cache
def _maker() -> ThreadPoolExecutor:
    # One at a time: two who ask for the same file are not to make it twice, and a server has more to do.
    return ThreadPoolExecutor(1, thread_name_prefix="beside")


_LOCK = threading.Lock()


def prepare() -> None:
    """Make the files of the data folder in force that are not made yet; what cannot be made is logged, not raised."""
    for layer in beside.layers(payload.check_layers(None)):
        for kind in beside.kinds(layer):
            try:
                with _LOCK:
                    beside.made(layer, kind)
            except (GeoError, OSError):
                log.exception("the file of layer %s beside the map was not made", layer)


def start() -> None:
    """Make the files in a thread while the server answers already: once for a table, then they are found."""
    _maker().submit(editions.bound(prepare))


def _found(layer: str, name: str) -> Path | None:
    """Give a file by its name, made where it is the present one; None where nobody can make it any more."""
    path = beside.folder() / name
    if path.is_file():
        return path
    if layer in beside.layers(payload.check_layers(None)) and name in {
        beside.name(layer, kind) for kind in beside.kinds(layer)
    }:
        with _LOCK:
            return beside.made(layer, path.suffix[1:])
    return None


async def _asked(layer: str, name: str) -> Path:
    work: Callable[[], Path | None] = partial(_found, layer, name)
    try:
        path = await IOLoop.current().run_in_executor(_maker(), editions.bound(work))
    except (GeoError, OSError) as error:
        log.exception("the file %s beside the map cannot be made", name)
        raise HTTPError(503) from error
    if path is None:
        raise HTTPError(404)
    return path


class RowsHandler(RequestHandler):
    """Serve the rows of a layer, packed as they are kept."""

    async def head(self, layer: str, digits: str) -> None:
        """Answer with the head of the same answer."""
        await self.get(layer, digits)

    async def get(self, layer: str, digits: str) -> None:
        """Answer with the rows."""
        packed = (await _asked(layer, f"{layer}.{digits}.{beside.ROWS}")).read_bytes()
        self.set_header("Content-Type", _KINDS[beside.ROWS])
        self.set_header("Cache-Control", _FOREVER)
        self.set_header("Vary", "Accept-Encoding")
        self.set_header("X-Content-Type-Options", "nosniff")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.write(packed)
        else:
            self.write(gzip.decompress(packed))


class CardsHandler(RequestHandler):
    """Serve what the cards of some sites say besides their rows, worked out when somebody opens one."""

    async def get(self, digits: str, block: str) -> None:
        """Answer with the cards of a block of rows; those of data no longer in force are gone."""
        if f"industry.{digits}.{beside.ROWS}" != beside.name("industry", beside.ROWS):
            raise HTTPError(404)
        work: Callable[[], bytes] = partial(beside.cards, int(block))
        packed = await IOLoop.current().run_in_executor(_maker(), editions.bound(work))
        self.set_header("Content-Type", _KINDS[beside.ROWS])
        self.set_header("Cache-Control", _FOREVER)
        self.write(gzip.decompress(packed))


class ShapesHandler(StaticFileHandler):
    """Serve the shapes of a layer: whole, or the range of bytes that is asked for."""

    def initialize(self) -> None:
        """Serve from the folder where the files are kept."""
        super().initialize(str(beside.folder()))

    async def head(self, layer: str, digits: str) -> None:  # type: ignore[override]
        """Answer with the head of the same answer."""
        await self._send(layer, digits, include_body=False)

    async def get(self, layer: str, digits: str) -> None:  # type: ignore[override]
        """Answer with the bytes that are asked for."""
        await self._send(layer, digits, include_body=True)

    async def _send(self, layer: str, digits: str, *, include_body: bool) -> None:
        path = await _asked(layer, f"{layer}.{digits}.{beside.SHAPES}")
        await super().get(path.name, include_body)

    @classmethod
    def get_content_version(cls, abspath: str) -> str:
        """Tell one content from another by the name alone: it changes with the data."""
        return Path(abspath).name.split(".")[1]

    def get_content_type(self) -> str:
        """Say what it is."""
        return _KINDS[beside.SHAPES]

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002 (the name is the base class's)
        """Let a browser keep it."""
        self.set_header("Cache-Control", _FOREVER)
        self.set_header("X-Content-Type-Options", "nosniff")


_NAME = r"/beside/([a-z_]+)\.([0-9a-f]{16})\."
PATTERNS: list[tuple[str, type[RequestHandler], dict[str, Any]]] = [
    (_NAME + beside.ROWS, RowsHandler, {}),
    (r"/beside/industry\.([0-9a-f]{16})/([0-9]{1,6})\.json", CardsHandler, {}),
    (_NAME + beside.SHAPES, ShapesHandler, {}),
]
