"""The websocket of a session, held to what a person can do: messages of a size and so many a second.

What comes faster is no reader. The connection is closed and the session let go; the map on the screen stays.
"""

from __future__ import annotations

from typing import Any

from bokeh.server.urls import per_app_patterns
from panel.io.server import WSHandler

from dashboards.limits import Limit

# A View is at most 20,000 characters; nothing else is sent.
MOST_BYTES = 131_072
# Each message comes in three parts; a slider that is dragged makes twelve a second.
_BURST, _PER_SECOND = 600, 120.0
# Who listens to no session for so long has none: its page keeps the map, and has one again when it is loaded.
UNUSED_MS, LOOK_MS, KEEP_ALIVE_MS = 12_000, 4_000, 37_000
_TOO_MUCH = 1008


class Wire(WSHandler):
    """Panel's websocket, with a limit of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limit = Limit(burst=_BURST, per_second=_PER_SECOND, most=1)

    def open(self) -> None:
        """Begin to listen. A message is three small writes: none may wait until the one before is confirmed."""
        self.set_nodelay(True)
        super().open()

    async def on_message(self, fragment: str | bytes) -> None:
        """Take a part of a message; close where too many come."""
        if self._limit.wait("") or self.receiver is None:
            # Nothing may come before the server has said that it listens.
            self.close(_TOO_MUCH, "too many messages")
            return
        await super().on_message(fragment)


def put_in_place() -> None:
    """Let every page's websocket be this one."""
    per_app_patterns[:] = [
        (pattern[0], Wire) if issubclass(pattern[1], WSHandler) else pattern for pattern in per_app_patterns
    ]
