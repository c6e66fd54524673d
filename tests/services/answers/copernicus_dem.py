"""The Copernicus bucket: tiles made up by a formula, handed out whole or by range, every byte counted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.io import MemoryFile
from rasterio.shutil import copy

from layers.sources.copernicus_dem import HOST, SIDE, Tile
from tests.services.server import Answer, Asked, Services


def heights(south: int, west: int) -> NDArray[np.float32]:
    """Make up the surface of a tile: a slope that goes on from tile to tile, and waves."""
    east, up = np.arange(SIDE, dtype=np.float32), np.arange(SIDE, dtype=np.float32)[::-1]
    slope = 0.05 * (east + SIDE * (west - 4))[np.newaxis, :] + 0.03 * (up + SIDE * (south - 43))[:, np.newaxis]
    waves = 40 * np.sin(up / 40)[:, np.newaxis] * np.cos(east / 40)[np.newaxis, :]
    # To a quarter of a metre: such numbers pack, and read back as they were.
    return ((50 + slope + waves) * 4).round().astype(np.float32) / 4


def packed(values: NDArray[np.float32], of: Tile) -> bytes:
    """Make a tile as the service has them: a COG of float32, cells shifted by half of one, no nodata."""
    profile = {"height": SIDE, "width": SIDE, "count": 1, "dtype": "float32", "crs": "EPSG:4326"}
    place = Affine(1 / SIDE, 0.0, of.west - 0.5 / SIDE, 0.0, -1 / SIDE, of.south + 1 + 0.5 / SIDE)
    with MemoryFile() as raw, MemoryFile(ext=".tif") as made:
        with raw.open(driver="GTiff", transform=place, **profile) as plain:
            plain.write(values, 1)
        with raw.open() as plain:
            copy(plain, made.name, driver="COG", compress="ZSTD", level=1, blocksize=512)
        return bytes(made.read())


@cache
def tile(of: Tile) -> bytes:
    """Make a tile of made-up heights, once."""
    return packed(heights(of.south, of.west), of)


@dataclass
class Bucket:
    """Tiles by name; `sent` counts the bytes of bodies, `ranges` says whether parts are sent."""

    tiles: dict[str, Callable[[], bytes]] = field(default_factory=dict)
    ranges: bool = True
    sent: int = 0

    def __call__(self, asked: Asked) -> Answer:
        """Answer with a tile, a part of it, or 404 as the bucket does."""
        name = asked.path.split("/")[1]
        if name not in self.tiles:
            return Answer(b"<Error><Code>NoSuchKey</Code></Error>", kind="application/xml", status=404)
        body = self.tiles[name]()
        dated = {"Last-Modified": format_datetime(datetime(2021, 4, 22, tzinfo=UTC), usegmt=True)}
        part = re.fullmatch(r"bytes=(\d+)-(\d*)", asked.headers.get("range", ""))
        if asked.method == "HEAD" or not (part and self.ranges):
            self.sent += 0 if asked.method == "HEAD" else len(body)
            return Answer(body, kind="image/tiff", headers=dated)
        first, last = int(part[1]), min(int(part[2] or len(body)), len(body) - 1)
        if first >= len(body):
            return Answer(b"", kind="image/tiff", status=416, headers={"Content-Range": f"bytes */{len(body)}"})
        self.sent += last - first + 1
        where = {"Content-Range": f"bytes {first}-{last}/{len(body)}", "Accept-Ranges": "bytes"}
        return Answer(body[first : last + 1], kind="image/tiff", status=206, headers={**dated, **where})


def add(services: Services) -> Bucket:
    """Answer with the two tiles of the metropolis, made when they are first asked for."""
    bucket = Bucket({one.name: partial(tile, one) for one in (Tile(43, 4), Tile(43, 5))})
    services.answer(HOST, bucket)
    return bucket
