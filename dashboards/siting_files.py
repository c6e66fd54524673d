"""Files of siting from the page: surface as a GeoTIFF and ranking as CSV, the same that the command line writes.

One at a time, in a thread of their own, so that no other answer waits for one; of cells of one size, so that none asks
for more than the server has.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tornado.web import RequestHandler

from dashboards.limits import Limit
from dashboards.services import Answer, Asked, Service
from layers import siting
from layers.errors import RequestError
from layers.siting import STEP, Siting, export
from layers.text import both

# Each takes a second or two of one core.
LIMIT = Limit(burst=20, per_second=0.2)
_ASK_AGAIN = "private, no-cache"
_OWN = frozenset({"siting", "rank"})
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """A siting, read and checked: its profile with the weights of the View in place of its own."""

    made: Siting
    profile: str
    weights: dict[str, float]
    exclusions: tuple[str, ...]


@cache
def _pool() -> ThreadPoolExecutor:
    # Made when first asked for: threads do not survive the fork of --num-procs.
    return ThreadPoolExecutor(1, thread_name_prefix="siting")


class SitingFile(Service):
    """Answer with a file; an address that asks too often is refused before anything is read."""

    def initialize(self, make: Callable[[Asked], Answer], limit: Limit | None = None) -> None:
        """Take the function, and how often an address may ask."""
        super().initialize(make, _OWN)
        self.limit = limit or LIMIT

    def prepare(self) -> None:
        """Refuse an address that asks too often."""
        wait = self.limit.wait_where_limited(self.request.remote_ip or "")
        if wait:
            self.set_header("Retry-After", str(math.ceil(wait)))
            self.refuse(HTTPStatus.TOO_MANY_REQUESTS, both("ogc.too_often", n=self.limit.burst))

    async def get(self) -> None:
        """Answer, or refuse in both languages."""
        await self.answer(self._work, pool=_pool())


def _wanted(request: Asked) -> Wanted:
    """Read what is looked for. Raises RequestError."""
    asked = request.view.siting
    if asked is None:
        came = request.values["siting"][:_SHOWN]
        raise RequestError(both("siting_asked.form", came=came, example="siting=hydrogen;port:3,rail:1"))
    made = siting.at(STEP)
    profile = made.profile(asked.profile)
    return Wanted(made, profile.id, {**profile.weights, **asked.weights}, profile.exclusions)


def _written(name: str, write: Callable[[Path], object]) -> bytes:
    """Return the bytes of a file that is written for this answer alone."""
    with tempfile.TemporaryDirectory(prefix="provence-map-") as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()


def _surface(request: Asked) -> Answer:
    one = _wanted(request)
    body = _written(
        "surface.tif",
        lambda path: export.write(
            one.made, path, weights=one.weights, exclusions=one.exclusions, profile=one.profile
        ),
    )  # fmt: skip
    return Answer(body, "image/tiff; application=geotiff; profile=cloud-optimized", _ASK_AGAIN, _name(one, "tif"))


def _ranking(request: Asked) -> Answer:
    one = _wanted(request)
    score = one.made.surface(one.weights, one.exclusions)
    table = siting.ranked(one.made, score.values, kind=request.values["rank"])
    told = export.told(
        one.made, table, weights=one.weights, exclusions=one.exclusions, profile=one.profile, language=request.language
    )
    body = _written("ranking.csv", lambda path: export.write_table(told, path))
    return Answer(body, "text/csv; charset=utf-8", _ASK_AGAIN, _name(one, "csv"))


def _name(one: Wanted, ending: str) -> str:
    """Name the file: a profile is named in data/siting.toml, never by who asks."""
    return f"provence-map_siting_{one.profile}.{ending}"


PATTERNS: list[tuple[str, type[RequestHandler], dict[str, Any]]] = [
    (r"/siting/surface\.tif", SitingFile, {"make": _surface}),
    (r"/siting/ranking\.csv", SitingFile, {"make": _ranking}),
]
