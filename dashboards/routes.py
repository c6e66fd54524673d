"""What the server hands out besides Panel's pages: map document, typeface and criteria of siting.

All are named by the hash of their content, compressed once and kept by the browser for good.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from tornado.ioloop import IOLoop
from tornado.web import HTTPError, RequestHandler

from dashboards import beside, headers, plan, usage
from layers import editions, stories
from layers.text import both
from layers.web import MapDocument, make_map, relief, siting
from layers.web.assets import FONT
from layers.web.plan import make_plan
from layers.web.show import make_desk

_FOREVER = "public, max-age=31536000, immutable"
# The pages of the server: id and address as seen from its root.
PAGES: tuple[dict[str, str], ...] = (
    {"id": "explore", "href": "./"},
    {"id": "present", "href": "present"},
    {"id": "plan", "href": "plan"},
)


def pages(current: str, *, root: str = "./") -> tuple[dict[str, object], ...]:
    """Give the pages for the header of one of them; `root` is where the server's root lies as seen from it."""
    return tuple(
        {"id": page["id"], "href": page["href"] if root == "./" else f"{root}{page['href'].removeprefix('./')}"}
        | ({"current": True} if page["id"] == current else {})
        for page in PAGES
    )


# Where the document asks for the criteria of siting, seen from map/. They are made when first asked for, not before the
# server answers: this name leads to the present one.
SITING_URL = "../siting/criteria.json"


@dataclass(frozen=True)
class Asset:
    """Bytes under a name made of their hash; `packed` is the same bytes in gzip, None where that gains nothing."""

    name: str
    kind: str
    plain: bytes
    packed: bytes | None


@editions.kept()
def document() -> MapDocument:
    """Give the map document of this server: made once per process and data folder, the same for every session."""
    # The document lies in map/, the typeface in assets/: addresses are relative, so that a prefix changes nothing.
    return make_map(
        font=f"../{font_url()}",
        pages=pages("explore", root="../"),
        services="../",
        relief=relief_url(),
        siting={"url": SITING_URL},
        more={"counted": {"title": both("usage.counted"), "what": both("usage.what")}} if usage.on() else None,
        beside=beside.URL,
    )


@editions.kept()
def desk() -> Asset:
    """Give the Present page: made once per process and data folder.

    Raises StoryError for a story of this installation with a fault.
    """
    told = [stories.read(name) for name in stories.ids()]
    made = make_desk(told, map_url=map_url(), font=font_url(), pages=pages("present"), services="./", beside="beside/")
    return _page("present", made)


@editions.kept()
def planner() -> Asset:
    """Give the Plan page: made once per process and data folder."""
    return _page("plan", make_plan(plan.offer(), font=font_url(), pages=pages("plan"), services="./", beside="beside/"))


@editions.kept()
def relief_asset() -> Asset | None:
    """Give the grid of the relief, packed already; None without terrain."""
    plain = relief.grid()
    if plain is None:
        return None
    return Asset(f"{hashlib.sha256(plain).hexdigest()[:16]}.bin", "application/octet-stream", plain, None)


def relief_url() -> str | None:
    """Give the address of the grid of the relief, relative to the map document; None without terrain."""
    found = relief_asset()
    return f"../relief/{found.name}" if found else None


def ready() -> None:
    """Make every document of the data folder in force. Raises GeoError for a table or a story with a fault."""
    map_asset()
    desk()
    planner()


def _page(name: str, made: MapDocument) -> Asset:
    plain = made.html.encode()
    return Asset(name, "text/html; charset=utf-8", plain, gzip.compress(plain, 9, mtime=0))


@editions.kept()
def map_asset() -> Asset:
    """Give the map document as the server sends it."""
    made = document()
    plain = made.html.encode()
    # Who may frame the map goes with the document, which a browser keeps for a year: another answer, another name.
    name = hashlib.sha256(f"{made.digest} {headers.framed()}".encode()).hexdigest()[:16]
    return Asset(f"{name}.html", "text/html; charset=utf-8", plain, gzip.compress(plain, 9, mtime=0))


@cache
def font_asset() -> Asset:
    """Give the typeface; woff2 is compressed already."""
    plain = FONT.read_bytes()
    return Asset(f"inter.{hashlib.sha256(plain).hexdigest()[:12]}.woff2", "font/woff2", plain, None)


@editions.kept()
def siting_asset() -> Asset:
    """Give the criteria of siting: made once per process and data folder, when somebody first asks where exactly."""
    plain = json.dumps(siting.packed(), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    name = f"{hashlib.sha256(plain).hexdigest()[:16]}.json"
    return Asset(name, "application/json; charset=utf-8", plain, gzip.compress(plain, 9, mtime=0))


def map_url() -> str:
    """Give the address of the map document, relative to the page."""
    return f"map/{map_asset().name}"


def font_url() -> str:
    """Give the address of the typeface, relative to the page."""
    return f"assets/{font_asset().name}"


class PageHandler(RequestHandler):
    """Serve a page beside Explore: asked for each time, sent again only when it changed."""

    def initialize(self, find: Callable[[], Asset]) -> None:
        """Take the function that gives the page."""
        self.find = find

    def compute_etag(self) -> str | None:
        """Tell one answer from another by who may frame it as well."""
        return headers.etag(super().compute_etag())

    def head(self) -> None:
        """Answer with the head of the same answer."""
        self.get()

    def get(self) -> None:
        """Answer with the page."""
        page = self.find()
        self.set_header("Content-Type", page.kind)
        self.set_header("Cache-Control", "no-cache")
        self.set_header("Vary", "Accept-Encoding")
        packed = page.packed if "gzip" in self.request.headers.get("Accept-Encoding", "") else None
        if packed is not None:
            self.set_header("Content-Encoding", "gzip")
        self.write(packed or page.plain)


class AssetHandler(RequestHandler):
    """Serve one asset; an older name leads to the present one."""

    def initialize(self, find: Any) -> None:
        """Take the function that gives the asset."""
        self.find = find

    def head(self, name: str) -> None:
        """Answer with the head of the same answer."""
        self.get(name)

    def get(self, name: str) -> None:
        """Answer with the bytes, or lead an older address to the present one."""
        asset: Asset | None = self.find()
        if asset is None:
            raise HTTPError(404)
        if name != asset.name:
            self.set_header("Cache-Control", "no-store")
            self.redirect(asset.name)
            return
        self.set_header("Content-Type", asset.kind)
        self.set_header("Cache-Control", _FOREVER)
        self.set_header("Vary", "Accept-Encoding")
        if asset.packed is not None and "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.write(asset.packed)
        else:
            self.write(asset.plain)


class SlowAssetHandler(AssetHandler):
    """Serve an asset that takes seconds to make: in a thread the first time, so that sessions keep answering."""

    async def head(self, name: str) -> None:  # type: ignore[override]
        """Answer with the head of the same answer."""
        await self.get(name)

    async def get(self, name: str) -> None:  # type: ignore[override]
        """Make the asset where it is not made yet, then answer."""
        made: Asset = await IOLoop.current().run_in_executor(None, editions.bound(self.find))
        self.find = lambda: made
        super().get(name)


PATTERNS: list[tuple[str, type[RequestHandler], dict[str, Any]]] = [
    (r"/map/([0-9a-f]{16}\.html)", AssetHandler, {"find": map_asset}),
    (r"/relief/([0-9a-f]{16}\.bin)", AssetHandler, {"find": relief_asset}),
    (r"/present", PageHandler, {"find": desk}),
    (r"/plan", PageHandler, {"find": planner}),
    (r"/siting/([0-9a-f]{16}\.json|criteria\.json)", SlowAssetHandler, {"find": siting_asset}),
    (r"/assets/(inter\.[0-9a-f]{12}\.woff2)", AssetHandler, {"find": font_asset}),
]
