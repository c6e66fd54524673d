"""The relief: terrain that an edition holds, how high things stand on it, and its picture under the symbols.

Terrain is there only where a refresh brought it (`provence-map refresh copernicus_dem`) or a person gave it
(`provence-map relief --from FILE`). Without it nothing of this is in the map, and a link that asks for it is told how
to get it.
"""

from __future__ import annotations

from layers.errors import RequestError

__all__ = ["ReliefError"]


class ReliefError(RequestError):
    """Say, in both languages, why terrain cannot be used, and what to do."""
