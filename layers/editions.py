"""Editions: whole data folders made by a refresh, and which data folder the map reads.

The base is the data folder that is kept in version control; `provence-map refresh` makes editions of it in a live
folder beside. `live/current.json` names the edition taken up. An edition that cannot be read, or that was made from
other base data, is passed over: the map then reads the base and says so in one log line.

A process pins one folder when it first asks and stays with it, so that no two tables are of different days. The server
answers in threads by the folder a request began with (`using`), and takes a newer one up when all of it is made
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
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from layers.errors import LayerError
from layers.view import LANGUAGES, Language

DATA_VARIABLE = "PROVENCE_MAP_DATA"
LIVE_VARIABLE = "PROVENCE_MAP_LIVE"
CURRENT, EDITION, EDITIONS = "current.json", "edition.json", "editions"
ID = re.compile(r"[0-9a-z]+(-[0-9a-z]+)*")
# What an edition is made from: the folders and files of the base, and the code that makes tables of them.
PARTS = ("catalogue.toml", "hand", "extracts", "stories", "tables")
_ROOM = Path(__file__).resolve().parent
_CODE = ("build", "schema.py", "schema_optional.py", "columns.py", "vocabulary.py", "rows.py", "catalogue.py")

# Folders whose results are kept in memory, and whose editions no refresh may remove: the new one, and the one before.
_FOLDERS = 2

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

_using: ContextVar[Path | None] = ContextVar("edition", default=None)
# One pinned folder for each pair of base and live folder: tests name others by the environment.
_pinned: dict[tuple[Path, Path], Path] = {}
_held: OrderedDict[Path, int] = OrderedDict()
_lock = threading.RLock()


class EditionError(LayerError):
    """An edition, or the file that names the one taken up, is not what it should be."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """When an official source was last retrieved (YYYY-MM-DD) and what its data say of their own age."""

    retrieved: str
    vintage: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh added to a layer: official sources, and the day (YYYY-MM-DD) it was last brought up to date."""

    sources: tuple[str, ...]
    refreshed: str


@dataclass(frozen=True, slots=True)
class Edition:
    """What edition.json says: its id, when it was made (ISO 8601, UTC), from which base, with which sources.

    `stamps`: connector to the answers in the live folder that it was made with.
    """

    id: str
    made_at: str
    base: str
    sources: Mapping[str, Freshness] = field(default_factory=dict)
    layers: Mapping[str, Refreshed] = field(default_factory=dict)
    stamps: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return what edition.json holds."""
        sources = {
            key: {"retrieved": one.retrieved, "vintage": {language: one.vintage[language] for language in LANGUAGES}}
            for key, one in self.sources.items()
        }
        layers = {key: {"sources": list(one.sources), "refreshed": one.refreshed} for key, one in self.layers.items()}
        own = {"id": self.id, "made_at": self.made_at, "base": self.base}
        return {**own, "sources": sources, "layers": layers, "stamps": dict(self.stamps)}


def base_dir() -> Path:
    """Return the folder of the base data: the one PROVENCE_MAP_DATA names, else data/ of the checkout."""
    named = os.environ.get(DATA_VARIABLE)
    return Path(named) if named else _ROOM.parent / "data"


def live_dir() -> Path:
    """Return the folder where refreshes keep their work: the one PROVENCE_MAP_LIVE names, else live/ of the base."""
    named = os.environ.get(LIVE_VARIABLE)
    return Path(named) if named else base_dir() / "live"


def read_current(live: Path) -> Path | None:
    """Return the folder of the edition that a live folder names as taken up; None where it names none.

    Raises EditionError when current.json cannot be read, or names an edition that is not there.
    """
    path = live / CURRENT
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise EditionError(f"cannot read {path}: {error}; remove it, or run `provence-map refresh --kept`") from error
    name = said.get("edition") if isinstance(said, dict) else None
    if not isinstance(name, str) or not ID.fullmatch(name):
        raise EditionError(f'{path} names no edition: {{"edition": "<id>"}} expected; remove it')
    folder = live / EDITIONS / name
    if not folder.is_dir():
        raise EditionError(f"{path} names {name}, which is not there; run `provence-map refresh --kept`")
    return folder


def read_edition(folder: Path) -> Edition | None:
    """Return what the edition.json of a data folder says; None for the base, which has none.

    Raises EditionError when it is not what a refresh writes.
    """
    path = folder / EDITION
    try:
        return _edition(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise EditionError(f"{path} is not what a refresh writes: {reason}; make another edition") from error


def _edition(said: dict[str, Any]) -> Edition:
    texts = {key: said[key] for key in ("id", "made_at", "base")}
    sources = {
        key: Freshness(_text(one["retrieved"]), {language: _text(one["vintage"][language]) for language in LANGUAGES})
        for key, one in said["sources"].items()
    }
    layers = {
        key: Refreshed(tuple(_text(source) for source in one["sources"]), _text(one["refreshed"]))
        for key, one in said["layers"].items()
    }
    stamps = {key: _text(value) for key, value in said.get("stamps", {}).items()}
    return Edition(**{key: _text(value) for key, value in texts.items()}, sources=sources, layers=layers, stamps=stamps)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


@lru_cache(maxsize=4)
def _code_version() -> str:
    """Return what changes with the code that makes tables: an edition of other code is not to be read by this."""
    digest = hashlib.sha256()
    for name in _CODE:
        path = _ROOM / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(_ROOM).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def base_version(base: Path) -> str:
    """Return 12 hexadecimal digits that change with any byte an edition of a base data folder is made from."""
    digest = hashlib.sha256(_code_version().encode())
    for name in PARTS:
        path = base / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and not file.name.startswith("."):
                said = file.relative_to(base).as_posix().encode()
                digest.update(said + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]


def checked(folder: Path, base: Path) -> Edition:
    """Return what an edition says, when the map can read it: made from this base, with a sound catalogue.

    Raises EditionError otherwise.
    """
    # The catalogue reads editions itself.
    from layers import catalogue

    edition = read_edition(folder)
    if edition is None:
        raise EditionError(f"{folder} holds no {EDITION}; run `provence-map refresh --kept`")
    if edition.base != base_version(base):
        raise EditionError(
            f"edition {edition.id} was made from other base data than {base}; run `provence-map refresh --kept`"
        )
    try:
        catalogue.read(folder)
    except LayerError as error:
        raise EditionError(f"edition {edition.id} cannot be read: {error}") from error
    return edition


def choose(base: Path, live: Path) -> Path:
    """Return the edition taken up, or the base with one log line where that cannot be read."""
    try:
        folder = read_current(live)
        if folder is not None:
            checked(folder, base)
    except EditionError as error:
        log.warning("the base data are used: %s", error)
        return base
    return folder or base


def in_force() -> Path:
    """Return the data folder to read here: the one worked on by `using`, else the one this process pinned."""
    return _using.get() or _pin()


def _pin() -> Path:
    key = (base_dir(), live_dir())
    if key not in _pinned:
        with _lock:
            if key not in _pinned:
                chosen = choose(*key)
                _hold(chosen)
                _pinned[key] = chosen
    return _pinned[key]


@contextmanager
def using(folder: Path) -> Iterator[None]:
    """Read another data folder inside the block, in this thread or task alone."""
    token = _using.set(folder)
    try:
        yield
    finally:
        _using.reset(token)


def bound(work: Callable[[], T]) -> Callable[[], T]:
    """Return work to be done in another thread, later, by the data folder in force here and now."""
    folder = in_force()

    def run() -> T:
        with using(folder):
            return work()

    return run


def adopt(folder: Path) -> None:
    """Pin another data folder for this process from now on; who works under `using` stays with theirs."""
    with _lock:
        _hold(folder)
        _pinned[base_dir(), live_dir()] = folder


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
            here = in_force()
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
