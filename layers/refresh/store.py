"""The live folder: what is kept of each source, what is held for review, the editions, and one lock.

```
live/
  lock                                     one refresh at a time, with the number of its process
  sources/<connector>/<stamp>/             raw answers and fetched.json
  sources/<connector>/current.json         the stamp taken, and when the service was last asked
  held/<connector>.json                    a stamp stopped for review, with the reasons
  editions/<id>/, current.json             layers.editions
```

Everything is made under a name that begins with `.part-`, then renamed; what a killed refresh left is tidied by the
next. A folder of answers never changes once it has its name.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geo import files
from layers import editions
from layers.refresh import RefreshError
from layers.sources.connector import Fetched, Received
from layers.view import Language

PART = ".part-"
# A folder with this file is a live folder, and may be tidied.
MARK = "provence-map.live"
# What `geo.files.replacing` makes beside a file, left by a process that was killed.
_BESIDE = re.compile(r"\.[\w-]+-[0-9a-f]{8}(\.\w+)?")
CURRENT, FETCHED = "current.json", "fetched.json"

log = logging.getLogger(__name__)
Said = Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """The answers of a connector that count: their folder, and when the service last said what it has (ISO, UTC)."""

    stamp: str
    folder: Path
    fetched: Fetched
    checked_at: str

    @property
    def day(self) -> str:
        """Return the day the service was last asked, as YYYY-MM-DD."""
        return self.checked_at[:10]


@dataclass(frozen=True, slots=True)
class Held:
    """Answers that wait for a person: since when, why, and what names what they say."""

    stamp: str
    at: str
    reasons: tuple[Said, ...]
    digest: str


def now() -> datetime:
    """Return the moment, in UTC, to the second."""
    return datetime.now(tz=UTC).replace(microsecond=0)


def stamp_of(moment: datetime) -> str:
    """Return a moment as the name of a folder."""
    return f"{moment:%Y-%m-%d-%H%M%S}"


class Live:
    """A live folder on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sources = root / "sources"
        self.held_dir = root / "held"
        self.editions = root / editions.EDITIONS

    def prepare(self) -> None:
        """Make the folders. Raises RefreshError where they cannot be made or written, or others keep their things.

        What is tidied is removed: a folder that is not empty and that no refresh has marked is not touched.
        """
        mark = self.root / MARK
        if self.root.is_dir() and not mark.is_file() and any(self.root.iterdir()):
            raise RefreshError(
                f"{self.root} holds other things and no {MARK}: with --out name an empty folder, or one a refresh has "
                "made"
            )
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            mark.touch()
            for folder in (self.sources, self.held_dir, self.editions):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RefreshError(
                f"cannot write {self.root}: {error.strerror or error}; choose another folder with --out"
            ) from error

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock; it goes with the process, however that ends.

        Raises RefreshError, naming who holds it, when another process does, or when it cannot be written.
        """
        path = self.root / "lock"
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise RefreshError(
                f"cannot write {path}: {error.strerror or error}; choose another folder with --out"
            ) from error
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                holder = os.read(handle, 200).decode("utf-8", "replace").strip() or "another process"
                raise RefreshError(
                    f"another refresh of {self.root} is under way ({holder}): wait for it to end"
                ) from error
            os.ftruncate(handle, 0)
            with contextlib.suppress(OSError):
                # A full disk does not unlock: it is told when something has to be written.
                os.pwrite(handle, f"process {os.getpid()}, since {now():%Y-%m-%d %H:%M:%S} UTC\n".encode(), 0)
            yield
            os.ftruncate(handle, 0)
        finally:
            os.close(handle)

    # What is kept of sources

    def current(self, connector: str) -> Kept | None:
        """Return the answers of a connector that count; None where there are none that can be read."""
        try:
            said = _read(self.sources / connector / CURRENT)
            return None if said is None else self.kept(connector, said["stamp"], said.get("checked_at", ""))
        except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
            log.warning("what was kept of %s cannot be read and is passed over: %s", connector, error)
            return None

    def kept(self, connector: str, stamp: str, checked_at: str = "") -> Kept:
        """Return the answers of one stamp. Raises OSError, ValueError, TypeError or KeyError when they are broken."""
        if not editions.ID.fullmatch(stamp):
            raise ValueError(f"{stamp!r} is no stamp")
        folder = self.sources / connector / stamp
        said = json.loads((folder / FETCHED).read_text(encoding="utf-8"))
        received = tuple(Received(**one) for one in said["received"])
        for one in received:
            if not (folder / one.file).is_file():
                raise ValueError(f"{folder / one.file} is missing")
        fetched = Fetched(received, int(said["rows"]), str(said["vintage"]))
        return Kept(stamp, folder, fetched, checked_at or max((one.fetched_at for one in received), default=stamp[:10]))

    def begin(self, connector: str) -> Path:
        """Make the folder that a connector writes its answers to."""
        folder = self.sources / connector / f"{PART}{stamp_of(now())}-{os.getpid()}"
        folder.mkdir(parents=True)
        return folder

    def keep(self, connector: str, part: Path, fetched: Fetched) -> str:
        """Give a folder of answers its stamp, and return it."""
        stamp = _free(self.sources / connector, stamp_of(now()))
        write_json(part / FETCHED, asdict(fetched))
        settle(part)
        part.rename(self.sources / connector / stamp)
        settle(self.sources / connector, deep=False)
        return stamp

    def take(self, connector: str, stamp: str, checked_at: str) -> None:
        """Let the answers of a stamp count from now on; nothing of the connector waits any more."""
        self.count(connector, stamp, checked_at)
        (self.held_dir / f"{connector}.json").unlink(missing_ok=True)

    def count(self, connector: str, stamp: str, checked_at: str) -> None:
        """Let the answers of a stamp count from now on, whatever waits."""
        write_json(self.sources / connector / CURRENT, {"stamp": stamp, "checked_at": checked_at})

    def forget(self, connector: str) -> None:
        """Let no answers of a connector count."""
        (self.sources / connector / CURRENT).unlink(missing_ok=True)

    # What is held

    def held(self, connector: str) -> Held | None:
        """Return what of a connector waits for a person; None where nothing does that can be read."""
        try:
            said = _read(self.held_dir / f"{connector}.json")
            if said is None:
                return None
            reasons: tuple[Said, ...] = tuple({"en": str(one["en"]), "fr": str(one["fr"])} for one in said["reasons"])
            found = Held(str(said["stamp"]), str(said["at"]), reasons, str(said["digest"]))
            self.kept(connector, found.stamp)
        except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
            log.warning("what was held of %s cannot be read and is passed over: %s", connector, error)
            return None
        return found

    def hold(self, connector: str, held: Held) -> None:
        """Let the answers of a stamp wait for a person."""
        write_json(self.held_dir / f"{connector}.json", asdict(held))

    # Editions

    def in_force(self) -> Path | None:
        """Return the folder of the edition taken up; None where there is none that is there."""
        try:
            return editions.read_current(self.root)
        except editions.EditionError as error:
            log.warning("%s", error)
            return None

    def previous(self) -> Path | None:
        """Return the folder of the edition before the one taken up; None where it is not kept."""
        with contextlib.suppress(ValueError, TypeError, OSError):
            said = _read(self.root / editions.CURRENT) or {}
            return next((one for one in self._editions() if one.name == said.get("previous")), None)
        return None

    def take_up(self, edition: str, *, previous: str = "") -> None:
        """Take an edition up, and say which was in force before it: one rename."""
        write_json(self.root / editions.CURRENT, {"edition": edition, "previous": previous})
        settle(self.root, deep=False)

    def _editions(self) -> list[Path]:
        if not self.editions.is_dir():
            return []
        return sorted(folder for folder in self.editions.iterdir() if editions.ID.fullmatch(folder.name))

    def edition_name(self) -> str:
        """Return a name for a new edition: later editions sort behind earlier ones, whatever the clock says."""
        name, newest = stamp_of(now()), max((folder.name for folder in self._editions()), default="")
        return _free(self.editions, max(name, newest))

    # Tidying

    def tidy(self) -> None:
        """Remove what killed refreshes left, editions neither in force nor just before, answers nobody counts on."""
        for folder in (self.root, self.held_dir, self.editions, *_folders(self.sources)):
            for left in folder.glob(".*"):
                if left.name.startswith(PART) or _BESIDE.fullmatch(left.name):
                    _remove(left)
        current, previous = self.in_force(), self.previous()
        # Newer than the one taken up are those that were left for an earlier one, or never taken up.
        for folder in self._editions() if current else ():
            # A server that runs may still read an older one.
            if folder not in (current, previous) and not editions.held(folder):
                _remove(folder)
        counted = self._counted()
        for source in _folders(self.sources):
            for folder in _folders(source):
                if folder.name not in counted.get(source.name, set()):
                    _remove(folder)

    def _counted(self) -> dict[str, set[str]]:
        """Name the stamps that something counts on: what is taken, what is held, what editions were made with."""
        found: dict[str, set[str]] = {}
        for source in _folders(self.sources):
            for path in (source / CURRENT, self.held_dir / f"{source.name}.json"):
                with contextlib.suppress(ValueError, TypeError, KeyError, OSError):
                    if said := _read(path):
                        found.setdefault(source.name, set()).add(said["stamp"])
        for folder in self._editions():
            with contextlib.suppress(editions.EditionError):
                edition = editions.read_edition(folder)
                for connector, stamp in edition.stamps.items() if edition else ():
                    found.setdefault(connector, set()).add(stamp)
        return found


def write_json(path: Path, document: Any) -> None:
    """Write a document as JSON, whole or not at all. Raises FormatError."""
    files.write_text(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def _read(path: Path) -> dict[str, Any] | None:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if not isinstance(said, dict):
        raise TypeError(f"{path} holds no object")
    return said


def settle(folder: Path, *, deep: bool = True) -> None:
    """Bring all files of a folder, and the names in it, to the disk before something counts on them."""
    for path in [*(folder.rglob("*") if deep else ()), folder]:
        if path.is_dir() or path.is_file():
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _free(folder: Path, name: str) -> str:
    found, number = name, 2
    while (folder / found).exists():
        found, number = f"{name}-{number}", number + 1
    return found


def _folders(folder: Path) -> Sequence[Path]:
    return [path for path in sorted(folder.iterdir()) if path.is_dir()] if folder.is_dir() else []


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        # Its name goes first, so that half of it is never taken for the whole.
        gone = path if path.name.startswith(".") else path.with_name(f"{PART}old-{path.name}")
        with contextlib.suppress(OSError):
            path.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
