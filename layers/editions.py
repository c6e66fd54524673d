"""Which data folder is in force: the base of the checkout, or the newest edition a refresh made of it.

A process pins one folder when it first asks and stays with it, so that no two tables are of different days. The server
works in threads on the folder a request began with (`using`), and takes a newer one up when all of it is made
(`adopt`). What is made of data and kept in memory is kept for the two newest folders (`kept`).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import logging
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from layers.errors import EditionError

log = logging.getLogger("provence_map.editions")

DATA_VARIABLE, LIVE_VARIABLE = "PROVENCE_MAP_DATA", "PROVENCE_MAP_LIVE"
CURRENT, EDITION, EDITIONS = "current.json", "edition.json", "editions"
# What of a base folder an edition is made of.
_PARTS = ("extracts", "hand", "stories", "tables")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}\Z")
_SHOWN, _FOLDERS = 80, 2

P = ParamSpec("P")
T = TypeVar("T")

_using: ContextVar[Path | None] = ContextVar("edition", default=None)
# One pinned folder for each pair of base and live folder: tests and the refresh name others by the environment.
_pinned: dict[tuple[Path, Path], Path] = {}
_held: OrderedDict[Path, int] = OrderedDict()
_lock = threading.RLock()


def base_dir() -> Path:
    """Return the data folder that people edit: the one PROVENCE_MAP_DATA names, else data/ of the checkout."""
    named = os.environ.get(DATA_VARIABLE)
    return Path(named) if named else Path(__file__).resolve().parents[1] / "data"


def live_dir() -> Path:
    """Return the folder that refreshes write to: the one PROVENCE_MAP_LIVE names, else live/ in the base folder."""
    named = os.environ.get(LIVE_VARIABLE)
    return Path(named) if named else base_dir() / "live"


def folder() -> Path:
    """Return the data folder in force here: the one worked on by `using`, else the one this process pinned."""
    return _using.get() or _pin()


def _pin() -> Path:
    key = (base_dir(), live_dir())
    found = _pinned.get(key)
    if found is None:
        with _lock:
            found = _pinned.get(key) or choose(live=key[1], base=key[0])
            _hold(found)
            _pinned[key] = found
    return found


@contextmanager
def using(folder: Path) -> Iterator[None]:
    """Work on another data folder inside the block, in this thread or task alone."""
    token = _using.set(folder)
    try:
        yield
    finally:
        _using.reset(token)


def adopt(folder: Path) -> None:
    """Pin another data folder for this process from now on; who works under `using` stays with theirs."""
    with _lock:
        _hold(folder)
        _pinned[base_dir(), live_dir()] = folder


def read_current(live: Path) -> Path | None:
    """Return the folder of the edition that current.json names, None where there is none yet.

    Raises EditionError for a current.json that cannot be read or names no folder beside it.
    """
    path = live / CURRENT
    if not path.exists():
        return None
    id_ = read_json(path).get("edition")
    if not isinstance(id_, str) or not _ID.match(id_):
        raise EditionError(f"{path}: edition is {str(id_)[:_SHOWN]!r}, expected the name of a folder in {EDITIONS}/")
    found = live / EDITIONS / id_
    if not found.is_dir():
        raise EditionError(f"{path} names the edition {id_!r}, but there is no folder {found}")
    return found


def read_json(path: Path) -> dict[str, Any]:
    """Read a file of the live folder as an object. Raises EditionError when it is missing, unreadable or no object."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EditionError(f"{path} cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise EditionError(f"{path} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise EditionError(f"{path} holds {type(found).__name__}, expected an object")
    return found


def base_version(base: Path) -> str:
    """Return 12 hexadecimal digits that change with any byte an edition is made of; `base` in edition.json is this.

    That is catalogue.toml and all files of hand/, extracts/, stories/ and tables/.
    """
    digest = hashlib.sha256()
    found = (path for part in _PARTS for path in sorted((base / part).rglob("*")) if path.is_file())
    for path in (base / "catalogue.toml", *found):
        # An editor's or a writer's temporary file is no data.
        if path.is_file() and not path.name.startswith("."):
            name = path.relative_to(base).as_posix().encode()
            digest.update(name + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def choose(*, live: Path, base: Path) -> Path:
    """Return the edition to be shown, or the base folder with one log line where there is none that can be.

    An edition of base data that have changed since is not shown: what people wrote would be missing in it.
    """
    try:
        found = read_current(live)
        if found is None:
            return base
        check(found, base=base)
    except EditionError as error:
        log.warning("the data as shipped are shown: %s", error)
        return base
    return found


def check(edition: Path, *, base: Path) -> None:
    """Check that an edition can be shown: made of these base data, with a catalogue that can be read.

    Raises EditionError with what to do.
    """
    # The catalogue asks this module for its folder.
    from layers import catalogue
    from layers.errors import CatalogueError

    again = "run `provence-map refresh --kept`, which makes an edition of what is kept without asking anyone"
    made_of = read_json(edition / EDITION).get("base")
    if made_of != base_version(base):
        raise EditionError(f"the data in {base} have changed since the edition {edition.name} was made: {again}")
    try:
        with using(edition):
            catalogue.catalogue()
    except CatalogueError as error:
        raise EditionError(f"the edition {edition.name} cannot be shown: {error} Or {again}") from error


def _hold(folder: Path) -> None:
    """Keep a refresh from removing an edition shown here, by a shared lock on its edition.json; two are held."""
    with _lock:
        if folder in _held:
            _held.move_to_end(folder)
            return
        # The base folder has no such file.
        with contextlib.suppress(OSError):
            _held[folder] = os.open(folder / EDITION, os.O_RDONLY)
            # Some network folders know no locks. Who asks `held` does so for no longer than an instant.
            fcntl.flock(_held[folder], fcntl.LOCK_SH)
        while len(_held) > _FOLDERS:
            os.close(_held.popitem(last=False)[1])


def held(edition: Path) -> bool:
    """Tell whether a process shows an edition: its tables may still be read, so that it must not be removed yet."""
    try:
        with (edition / EDITION).open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def kept(*, most: int | None = None) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Make a decorator that keeps what a function makes of data, for the two data folders last asked for.

    `most` results are kept of each folder, all of them by default. Arguments must be hashable. Two threads that ask
    at once may both make the result, as with `functools.lru_cache`.
    """

    def decorate(make: Callable[P, T]) -> Callable[P, T]:
        caches: OrderedDict[Path, Callable[..., T]] = OrderedDict()
        lock = threading.Lock()

        @wraps(make)
        def found(*args: P.args, **kwargs: P.kwargs) -> T:
            here = folder()
            with lock:
                if here not in caches:
                    caches[here] = lru_cache(maxsize=most)(make)
                cache = caches[here]
                caches.move_to_end(here)
                while len(caches) > _FOLDERS:
                    caches.popitem(last=False)
            return cache(*args, **kwargs)

        found.cache_clear = caches.clear  # type: ignore[attr-defined]
        return found

    return decorate
