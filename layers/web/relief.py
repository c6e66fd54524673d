"""The relief as the document carries it: what the script needs to know beside the map, and the grid in few bytes.

The grid is gzip of three planes of one byte a cell, by rows from the north: the low and the high bytes of the step
from each height to the next (a row begins at 0 m; whole metres, 16 bits), then the shades. Its twin is
`pm.relief.unpack`.
"""

from __future__ import annotations

import base64
import gzip
from typing import Any

import numpy as np

from layers import editions
from layers.relief import picture, terrain
from layers.style import RELIEF


@editions.kept()
def grid() -> bytes | None:
    """Return the grid of the terrain in force, packed; None without terrain, or where it cannot be used."""
    found = terrain.picture()
    return None if found is None else packed(found)


def packed(found: picture.Picture) -> bytes:
    """Pack the grid of a picture."""
    steps = np.diff(found.heights.astype(np.int32), axis=1, prepend=0).astype(np.int16).view(np.uint16)
    planes = ((steps & 255).astype(np.uint8), (steps >> 8).astype(np.uint8), found.shades)
    return gzip.compress(b"".join(plane.tobytes() for plane in planes), 9, mtime=0)


def config(layers: tuple[str, ...], *, url: str | None = None, inside: bool = False) -> dict[str, Any] | None:
    """Give the script heights for the cards and, with an address or inside, the picture; None without terrain.

    `url` is where the grid is fetched, `inside` puts it into the document. Of terrain that cannot be used there is only
    why, `broken`.
    """
    broken = terrain.fault()
    if broken is not None:
        return {"broken": dict(broken), "heights": {}}
    there, found = terrain.in_force(), terrain.picture()
    if there is None or found is None:
        return None
    told = {
        "source": there.source.id, "said": dict(terrain.words(there.source)),
        "measures": dict(terrain.measures(there)), "heights": terrain.heights(layers),
    }  # fmt: skip
    if not (url or inside):
        return told
    rows, columns = found.heights.shape
    low, high = found.range
    px = picture.WORLD_PX / picture.WORLD_M
    place = {
        "columns": columns, "rows": rows, "px": found.step * px,
        "left": (found.west + picture.WORLD_M / 2) * px, "top": (picture.WORLD_M / 2 - found.north) * px,
    }  # fmt: skip
    levels = {"flat": found.flat, "most": picture.MOST}
    look = {"low": min(low, 0), "high": high, "levels": levels, "cell_m": round(found.ground_m), "looks": RELIEF}
    data = {"url": url} if url else {"data": base64.b64encode(grid() or b"").decode()}
    return told | place | look | data
