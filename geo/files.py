"""Write a file whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import FormatError

# So few bytes left on a disk explain that something could not be written.
_LITTLE = 1_000_000


def place(path: Path) -> Path:
    """Return where a file may be written. Raises FormatError for a folder, or where its folder is missing.

    Asked first: GDAL reports a missing folder in its own words and its own exception.
    """
    path = Path(path)
    if path.is_dir():
        raise FormatError(f"cannot write {path}: it is a folder, name a file in it")
    if not path.parent.is_dir():
        raise FormatError(f"cannot write {path}: no folder {path.parent}, make it first")
    return path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; put it in its place on success, remove it on any failure.

    The temporary name ends like the real one, because some drivers look at the extension.

    Raises FormatError when the folder is missing, not writable or full.
    """
    path = place(path)
    temporary = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}")
    try:
        yield temporary
        with temporary.open("rb+") as handle:
            os.fsync(handle.fileno())
        temporary.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FormatError(f"cannot write {path}: {reason}; choose a folder that exists and can be written") from error
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def made_in_folder(path: Path) -> Iterator[Path]:
    """Yield where to make the file, in a folder of its own beside `path`; put it in place on success.

    For libraries that leave journals or sidecars beside what they write: the folder goes with all of it.

    Raises FormatError when the folder beside is missing, not writable or full, OSError's reason told.
    """
    path = place(path)
    folder = path.with_name(f".{path.stem[:40]}-{secrets.token_hex(4)}")
    try:
        folder.mkdir()
        made = folder / path.name
        yield made
        with made.open("rb+") as handle:
            os.fsync(handle.fileno())
        made.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FormatError(f"cannot write {path}: {reason}; choose a folder that exists and can be written") from error
    except FormatError as error:
        # Libraries seldom say why they could not write.
        left = shutil.disk_usage(path.parent).free
        if left < _LITTLE:
            raise FormatError(f"cannot write {path}: the disk is full, {left} bytes are left; make room") from error
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes to a file, whole or not at all.

    Raises FormatError.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Write text to a file in UTF-8 with the line ends it came with, whole or not at all.

    Raises FormatError.
    """
    write_bytes(path, text.encode("utf-8"))
