"""The folder of a site: known by its marker, made beside and put in its place by a rename, never over foreign files."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from geo.errors import FormatError
from layers.publish.choices import PublishError
from layers.text import both

MARKER = "provence-map.json"
KIND = "provence-map site"
_MOST_NAMED = 3


def marker(said: Mapping[str, Any], files: Mapping[str, Any]) -> str:
    """Write the marker of a site: what it was made of, and size and sum of each of its files."""
    found = {"kind": KIND, **said, "files": dict(files)}
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def check(folder: Path) -> None:
    """Raise PublishError unless a folder is absent, empty, or holds a site of ours and nothing else."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise PublishError(both("publish.no_folder", folder=folder))
    there = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if not path.is_dir()]
    if not there:
        return
    own = _own(folder / MARKER)
    if own is None:
        raise PublishError(both("publish.not_ours", folder=folder, marker=MARKER))
    foreign = [path for path in there if path not in own and path != MARKER]
    if foreign:
        more = ", …" if len(foreign) > _MOST_NAMED else ""
        raise PublishError(both("publish.foreign", folder=folder, names=", ".join(foreign[:_MOST_NAMED]) + more))


def _own(path: Path) -> set[str] | None:
    """Give the paths that the marker of a site names; None where there is no marker of ours."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("kind") != KIND or not isinstance(found.get("files"), dict):
        return None
    return set(found["files"])


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside; put it in the place of `folder` on success, remove it on any failure.

    Raises PublishError as `check` does, once before anything is made and once before anything is replaced, FormatError
    when the folder above is missing, cannot be written or is full.
    """
    # A link keeps leading to the same place: that place is what is replaced.
    folder = folder.resolve()
    check(folder)
    if not folder.parent.is_dir():
        raise FormatError(f"cannot write {folder}: no folder {folder.parent}, make it first")
    beside = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")
    try:
        beside.mkdir()
        yield beside
        check(folder)
        _swap(beside, folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FormatError(f"cannot write {folder}: {reason}; choose a folder that can be written") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _swap(new: Path, folder: Path) -> None:
    """Put a folder in the place of another; what was there comes back when that fails."""
    _settle(new)
    if not folder.exists():
        new.rename(folder)
        return
    old = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}-old")
    folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _settle(folder: Path) -> None:
    """Have every file on the disk before its folder is renamed: a machine that stops leaves the old site or the new."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as handle:
                os.fsync(handle.fileno())
