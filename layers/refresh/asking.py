"""Ask one source, and read what it says: what goes wrong with one never stops the others."""

from __future__ import annotations

import contextlib
import errno
import logging
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from geopandas import GeoDataFrame

from geo import vector
from geo.errors import FormatError, GeoError
from layers import rows
from layers.refresh import RefreshError
from layers.refresh.merge import Said, digest
from layers.refresh.outcome import Outcome
from layers.refresh.store import Kept
from layers.sources import SourceError, UnreachableError
from layers.sources.connector import Connector, Contribution, Fetched, Territory, Told
from layers.sources.http import Client
from layers.text import both
from layers.view import LANGUAGES, Language

log = logging.getLogger(__name__)

# What keeps a folder from being written, as against an answer that cannot be unpacked.
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE}
_LITTLE = 1_000_000

Words = Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source says now: the folder of its answers, and the stamp when it has one yet."""

    source: str
    folder: Path
    fetched: Fetched
    contribution: Contribution
    digest: str
    seconds: float
    stamp: str = ""

    @property
    def checked_at(self) -> str:
        """Return when the service was asked (ISO 8601, UTC)."""
        return max((one.fetched_at for one in self.fetched.received), default="")

    def says_as(self, other: Answer) -> bool:
        """Tell whether another answer says the same, of the same age."""
        return self.digest == other.digest and self.contribution.vintages == other.contribution.vintages

    def moved(self, stamp: str, parent: Path) -> Answer:
        """Return the same, kept under a stamp."""
        folder = parent / stamp
        rasters = {name: folder / path.relative_to(self.folder) for name, path in self.contribution.rasters.items()}
        contribution = replace(self.contribution, rasters=rasters)
        return replace(self, folder=folder, stamp=stamp, contribution=contribution)

    def said(self, connector: Connector) -> Said:
        """Return it as what is laid over the tables."""
        return Said(connector, self.contribution, self.checked_at[:10])


def territory(base: Path) -> Territory:
    """Return what answers are clipped to and matched with, from the base data.

    Raises GeoError when a table of it is missing or broken.
    """
    communes: GeoDataFrame = vector.read(base / "tables" / "communes.parquet")
    kept = [rows.read(base / "hand" / f"{name}.csv") for name in ("industry", "stations", "emissions")]
    return Territory(communes[["code", "name", "pole", "geometry"]], *kept)


def ask(
    connector: Connector, folder: Path, place: Territory, told: Told, *, kept: Kept | None, known: Answer | None
) -> Answer | Outcome:
    """Ask a source into a folder of its own: its answer, or why there is none.

    `kept` are the answers that count, `known` what they say: the same bytes are not read twice.

    Raises RefreshError when the folder cannot be written.
    """
    begun = time.monotonic()
    try:
        with Client(hosts=connector.hosts) as client:
            if kept is not None:
                client.remember(kept.folder, kept.fetched.received)
            asking: Any = client
            fetched = connector.fetch(asking, folder, place, told)
        if kept is not None and known is not None and _hashes(fetched) == _hashes(kept.fetched):
            # The very bytes that were read a moment ago.
            return replace(known, fetched=fetched, seconds=time.monotonic() - begun)
        contribution = connector.normalise(folder, fetched, place)
        said = digest(contribution)
    except UnreachableError as error:
        return Outcome(connector.id, "away", (error.said,), seconds=time.monotonic() - begun)
    except Exception as error:
        return _refused(connector, folder, error, time.monotonic() - begun)
    return Answer(connector.id, folder, fetched, contribution, said, time.monotonic() - begun)


def _hashes(fetched: Fetched) -> list[tuple[str, str]]:
    return sorted((one.url, one.sha256) for one in fetched.received)


def reread(connector: Connector, kept: Kept, place: Territory) -> Answer | Outcome:
    """Read what is kept of a source once more, without asking anyone.

    Raises RefreshError when the folder cannot be read.
    """
    begun = time.monotonic()
    try:
        contribution = connector.normalise(kept.folder, kept.fetched, place)
        said = digest(contribution)
    except Exception as error:
        return _refused(connector, kept.folder, error, time.monotonic() - begun)
    return Answer(connector.id, kept.folder, kept.fetched, contribution, said, time.monotonic() - begun, kept.stamp)


def _refused(connector: Connector, folder: Path, error: Exception, seconds: float) -> Outcome:
    """Say why the answers of a source are not taken; what is no fault of the source is raised."""
    if reason := disk_fault(error, folder):
        raise RefreshError(reason) from error
    if isinstance(error, SourceError):
        said: Words = dict(error.said)
    elif isinstance(error, GeoError):
        said = dict.fromkeys(LANGUAGES, str(error))
    else:
        # A connector that stumbles over an answer nobody foresaw must not keep the others from their refresh.
        log.debug("%s stumbled", connector.id, exc_info=error)
        said = both("refresh.stumbled", source=connector.id, reason=f"{type(error).__name__}: {error}")
    return Outcome(connector.id, "refused", (said,), seconds=seconds)


def disk_fault(error: BaseException, folder: Path) -> str:
    """Say in one line that a folder cannot be written, where that is what an error comes from; else nothing."""
    causes = [one for one in (error, error.__cause__, error.__context__) if isinstance(one, OSError)]
    causes = [one for one in causes if one.errno in _DISK]
    left = _LITTLE
    with contextlib.suppress(OSError):
        left = shutil.disk_usage(folder.parent).free
    if not causes and not (left < _LITTLE and isinstance(error, FormatError | OSError)):
        return ""
    reason = causes[0].strerror if causes else "No space left on device"
    return f"cannot write {folder.parent}: {reason}; make room, or choose another folder with --out"


# Told of each source as it goes: its id, words of one line, parts done, parts in all (0 when not known).
Watch = Callable[[str, str, int, int], None]
