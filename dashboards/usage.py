"""Local usage figures: sums per day in a SQLite file that the host owns, off until a folder is named.

What is kept is a day, a kind, a name and a number. Nothing is kept of who asked: no address, no cookie, no identifier,
no user agent. Counts are added in memory and written every few seconds in a thread; a disk that is full or a file that
is broken costs one line in the log, and the map goes on.
"""

from __future__ import annotations

import atexit
import logging
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from geo.errors import GeoError

log = logging.getLogger(__name__)

VARIABLE = "PROVENCE_MAP_USAGE"
FILE = "usage.sqlite"
KEPT_DAYS, MOST_DAYS = 400, 4_000
WRITE_MS = 3_000
# Names come from lists of ours, so that a day has some hundred; more than this are of a file that cannot be written.
MOST_UNWRITTEN = 20_000
_WAIT_S = 5.0
_TABLE = (
    "CREATE TABLE IF NOT EXISTS counts (day TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, "
    "n INTEGER NOT NULL, PRIMARY KEY (day, kind, name)) WITHOUT ROWID"
)
_ADD = "INSERT INTO counts VALUES (?, ?, ?, ?) ON CONFLICT (day, kind, name) DO UPDATE SET n = n + excluded.n"

# What is counted: (day, kind, name).
Key = tuple[str, str, str]


class UsageError(GeoError):
    """The usage figures cannot be kept or read where they were asked for."""


@dataclass(frozen=True, slots=True)
class Row:
    """How often something was asked for on a day."""

    day: date
    kind: str
    name: str
    n: int


@dataclass(frozen=True, slots=True)
class Store:
    """The file of the figures. Every call opens and closes it, so that several processes may share it."""

    path: Path
    kept_days: int = KEPT_DAYS

    def add(self, counts: Mapping[Key, int]) -> None:
        """Add counts, all or none. Raises sqlite3.Error where the file cannot be written."""
        with closing(self._open()) as file, file:
            file.executemany(_ADD, [(*key, n) for key, n in counts.items()])

    def forget(self, today: date) -> None:
        """Take away what is older than the days that are kept. Raises sqlite3.Error."""
        with closing(self._open()) as file, file:
            file.execute("DELETE FROM counts WHERE day <= ?", [(today - timedelta(days=self.kept_days)).isoformat()])

    def rows(self, first: date, last: date) -> list[Row]:
        """Return the figures from `first` to `last`, both included, by day, kind and name; none while there is no file.

        Raises UsageError where the file is not one of ours.
        """
        if not self.path.is_file():
            return []
        try:
            with closing(self._open()) as file:
                asked = "SELECT day, kind, name, n FROM counts WHERE day BETWEEN ? AND ? ORDER BY day, kind, name"
                found = file.execute(asked, [first.isoformat(), last.isoformat()]).fetchall()
        except sqlite3.Error as error:
            raise UsageError(f"cannot read {self.path}: {error}; move the file away to begin a new one") from error
        return [Row(date.fromisoformat(day), kind, name, n) for day, kind, name, n in found]

    def _open(self) -> sqlite3.Connection:
        file = sqlite3.connect(self.path, timeout=_WAIT_S)
        try:
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("PRAGMA synchronous = NORMAL")
            file.execute(_TABLE)
        except sqlite3.Error:
            file.close()
            raise
        return file


@dataclass
class Counting:
    """What one process has counted and not yet written."""

    store: Store
    _open: Counter[Key] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _writing: threading.Lock = field(default_factory=threading.Lock)
    _failed: bool = False
    _forgotten: date | None = None

    def count(self, kind: str, name: str) -> None:
        """Count one more; costs a dictionary entry and never raises."""
        with self._lock:
            if len(self._open) < MOST_UNWRITTEN:
                self._open[today().isoformat(), kind, name] += 1

    def write(self) -> None:
        """Write what was counted. What cannot be written is kept for the next time, and said once."""
        with self._writing:
            with self._lock:
                counted, self._open = self._open, Counter()
            try:
                if self._forgotten != today():
                    self.store.forget(today())
                    self._forgotten = today()
                if counted:
                    self.store.add(counted)
            except (sqlite3.Error, OSError) as error:
                with self._lock:
                    self._open.update(counted)
                if not self._failed:
                    log.warning("usage figures cannot be written to %s: %s; the map goes on", self.store.path, error)
                self._failed = True
                return
            if self._failed:
                log.info("usage figures are written to %s again", self.store.path)
            self._failed = False


_counting: Counting | None = None


def begin(store: Store) -> None:
    """Count from now on, into a file whose folder is made where it is missing. Raises UsageError where it cannot be."""
    global _counting
    folder = store.path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"cannot keep usage figures in {folder}: {reason}; name another folder with --usage"
        ) from error
    if not os.access(folder, os.W_OK):
        raise UsageError(f"cannot keep usage figures in {folder}: it cannot be written; name another with --usage")
    _counting = Counting(store)


def start() -> None:
    """Write every few seconds on this process's event loop, and a last time when the process ends.

    Called after the fork of --num-procs.
    """
    if _counting is None:
        return
    # Asked for here: the command line, which reads the figures, need not wait for a server.
    from tornado.ioloop import IOLoop, PeriodicCallback

    atexit.register(_counting.write)

    async def write() -> None:
        if _counting is not None:
            await IOLoop.current().run_in_executor(None, _counting.write)

    PeriodicCallback(write, WRITE_MS).start()


def end() -> None:
    """Write what is left, and count no more."""
    global _counting
    if _counting is not None:
        _counting.write()
        with suppress(ValueError):
            atexit.unregister(_counting.write)
    _counting = None


def on() -> bool:
    """Tell whether anything is counted."""
    return _counting is not None


def store() -> Store | None:
    """Return the file of the figures, with all that this process counted in it; None where nothing is counted."""
    if _counting is None:
        return None
    _counting.write()
    return _counting.store


def count(kind: str, name: str) -> None:
    """Count one more of a name from a list of ours; nothing where counting is off."""
    if _counting is not None:
        _counting.count(kind, name)


def today() -> date:
    """Return the day where the server stands."""
    return datetime.now(UTC).astimezone().date()


def folder_of(named: Path | None, *, off: bool = False) -> Path | None:
    """Return the folder to count into: as named, else from the environment; None where counting is off."""
    if off:
        return None
    said = os.environ.get(VARIABLE, "")
    return named or (Path(said) if said else None)
