"""A stop that breaks nothing: what was begun is finished, what is new is refused kindly, then the process ends.

SIGTERM begins it, to the process or, with several, to their parent. Readiness turns 503 at once, so that a proxy sends
new readers elsewhere; a map that is open needs no server to go on.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import Callable
from typing import Any

from tornado.ioloop import IOLoop

from dashboards import hosting, jobs

log = logging.getLogger(__name__)

# Long enough for a proxy that looks every second to see that this process is no longer ready.
_LEAST_S, _LOOK_S, _LAST_S = 1.5, 0.1, 3.0
_begun: list[float] = []
_late: list[bool] = []


def begun() -> bool:
    """Tell whether this process is about to end."""
    return bool(_begun)


def left() -> int:
    """Give the seconds this process still has, at least one: when to try again."""
    return max(1, round(hosting.now().grace - (time.monotonic() - _begun[0]))) if _begun else 1


def end() -> None:
    """End the process at once where a thread is still at work that does not hear: Python would wait for it."""
    if any(_late):
        jobs.remove_all()
        logging.shutdown()
        os._exit(0)


class Cord:
    """What ties the processes of a server to their parent: when it lets go, or dies, they stop as SIGTERM tells one.

    Made before the fork; the parent then only waits for its children.
    """

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        self._parent = os.getpid()
        signal.signal(signal.SIGTERM, self._let_go)

    def _let_go(self, *_: object) -> None:
        # Before it has its own handler, a new process has this one.
        if os.getpid() == self._parent:
            with contextlib.suppress(OSError):
                os.close(self._write)

    def hold(self, loop: IOLoop, stop: Callable[[], None]) -> None:
        """Listen in a process that was forked: `stop` is called once the parent lets go."""
        os.close(self._write)

        def heard(*_: object) -> None:
            loop.remove_handler(self._read)
            stop()

        loop.add_handler(self._read, heard, IOLoop.READ)


def listen(loop: IOLoop, waiting: Callable[[], int], cord: Cord | None = None) -> None:
    """Stop gracefully at SIGTERM, and when the parent lets go. `waiting` counts answers that are being made."""

    def begin() -> None:
        if not _begun:
            _begun.append(time.monotonic())
            loop.add_callback(_drain, loop, waiting)

    def told(*_: Any) -> None:
        loop.add_callback_from_signal(begin)

    signal.signal(signal.SIGTERM, told)
    if cord is not None:
        cord.hold(loop, begin)


async def _drain(loop: IOLoop, waiting: Callable[[], int]) -> None:
    """Wait for what is being made, at most as long as the grace; then stop it, and the loop."""
    grace = hosting.now().grace
    log.info("stopping: new readers are refused, %d exports are finished first", len(jobs.open_here()))
    await _until(lambda: not jobs.open_here() and not waiting(), most=grace, least=min(_LEAST_S, grace))
    unfinished = jobs.open_here()
    for id_ in unfinished:
        jobs.stop(id_)
    if unfinished:
        log.warning("stopping: %d exports took longer than the grace of %g s and are stopped", len(unfinished), grace)
        await _until(lambda: not jobs.open_here(), most=_LAST_S)
        _late.append(bool(jobs.open_here()))
    loop.stop()


async def _until(done: Callable[[], bool], *, most: float, least: float = 0.0) -> None:
    began = time.monotonic()
    while (passed := time.monotonic() - began) < most and (passed < least or not done()):
        await asyncio.sleep(_LOOK_S)
