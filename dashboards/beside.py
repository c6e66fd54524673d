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


@cache
def _dealer() -> ThreadPoolExecutor:
    # Cards take part of a second: whoever opens one does not wait for the file of a layer to be made.
    return ThreadPoolExecutor(1, thread_name_prefix="cards")


# Blocks of cards being worked out or waited for; beyond, a reader is asked to come again.
MOST_WAITING = 32
_waiting = 0
_cards = editions.kept(most=256)(beside.cards)
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


def _begin() -> None:
    prepare()
    beside.tidy()


def start() -> None:
    """Make the files in a thread while the server answers already: once for a table, then they are found."""
    _maker().submit(editions.bound(_begin))


def _made(layer: str, name: str) -> Path | None:
    """Make a file where it is a present one; None where nobody can make it any more."""
    if layer in beside.layers(payload.check_layers(None)) and name in {
        beside.name(layer, kind) for kind in beside.kinds(layer)
    }:
        with _LOCK:
            return beside.made(layer, Path(name).suffix[1:])
    return None


async def _asked(layer: str, name: str) -> Path:
    try:
        # What is there is handed out at once, whatever is being made.
        path = beside.folder() / name
        if not path.is_file():
            work: Callable[[], Path | None] = partial(_made, layer, name)
            made = await IOLoop.current().run_in_executor(_maker(), editions.bound(work))
            if made is None:
                raise HTTPError(404)
            path = made
    except (GeoError, OSError) as error:
        log.exception("the file %s beside the map cannot be made", name)
        raise HTTPError(503) from error
    return path


async def _dealt(block: int) -> bytes:
    # Only the event loop counts.
    global _waiting
    if _waiting >= MOST_WAITING:
        raise HTTPError(503)
    _waiting += 1
    try:
        work: Callable[[], bytes] = partial(_cards, block)
        return await IOLoop.current().run_in_executor(_dealer(), editions.bound(work))
    finally:
        _waiting -= 1


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
        # Beyond the last site every block is the same empty one.
        packed = await _dealt(min(int(block), beside.blocks()))
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
