"""The running server takes a newer edition of the data up: without a restart, and with no page of two editions.

Every few seconds current.json of the live folder is looked at. Where it names another edition, the documents of that
are made in a thread while the present ones are served; then, in one step, every new request is answered by it.
Requests that began before keep the data they began with. An edition that cannot be shown is refused with one log line.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tornado.ioloop import PeriodicCallback

from dashboards import beside, routes
from geo.errors import GeoError
from layers import editions

log = logging.getLogger(__name__)

LOOK_MS = 3_000

# What tells one current.json from the next: a renamed file is another one.
Stamp = tuple[int, int, int] | None


class TakeUp:
    """What one process of the server has seen of current.json."""

    def __init__(self) -> None:
        # Before any data are read: what comes later is seen as new.
        self._seen = _stamp(editions.live_dir())
        self._making = False

    def begin(self) -> None:
        """Make the documents the server begins with; an edition that cannot be shown leaves the base data.

        Raises GeoError where those cannot be shown either.
        """
        try:
            routes.ready()
        except GeoError as error:
            base, found = editions.base_dir(), editions.in_force()
            if found == base:
                raise
            log.warning(
                "the base data are used: edition %s cannot be shown: %s", found.name, " ".join(str(error).split())
            )
            editions.adopt(base)
            routes.ready()

    def start(self) -> None:
        """Look every few seconds from now on, as long as this process's event loop runs."""
        PeriodicCallback(self.look, LOOK_MS).start()

    async def look(self) -> None:
        """Take the edition up that current.json names, where that is another one than was seen before."""
        stamp = _stamp(editions.live_dir())
        if stamp == self._seen or self._making:
            return
        self._seen, self._making = stamp, True
        try:
            # A thread of its own for this once: what people ask for waits for none.
            with ThreadPoolExecutor(1, thread_name_prefix="take-up") as pool:
                made = await asyncio.get_running_loop().run_in_executor(pool, _make)
        finally:
            self._making = False
        if made is not None:
            editions.adopt(made)
            log.info("the data of %s are shown from now on", made.name)


def _stamp(live: Path) -> Stamp:
    try:
        found = (live / editions.CURRENT).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _make() -> Path | None:
    """Make the documents of the edition named now; give its folder, None where nothing is to be taken up."""
    present, base = editions.in_force(), editions.base_dir()
    try:
        named = editions.read_current(editions.live_dir()) or base
        if named == present:
            return None
        if named != base:
            editions.checked(named, base)
        with editions.using(named):
            routes.ready()
            # Before anybody is shown a map that asks for them.
            beside.prepare()
    except Exception as error:
        # Whatever may be wrong with data: the pages of the present edition stay whole.
        why = str(error) if isinstance(error, GeoError) else f"{type(error).__name__}: {error}"
        log.warning("a new edition of the data was refused, the present one stays: %s", " ".join(why.split()))
        return None
    return named
