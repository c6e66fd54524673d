"""Files packed into one zip, streamed from disk: the same files on the same day give the same bytes."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

_READABLE = 0o644 << 16
_LEVEL = 6


def pack(files: Iterable[tuple[str, Path]], path: Path, *, day: str) -> None:
    """Pack files under their names into a zip at `path`, in the order they come, all dated `day` (2026-11-23)."""
    year, month, date = (int(part) for part in day.split("-"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as packed:
        for name, source in files:
            entry = zipfile.ZipInfo(name, (year, month, date, 0, 0, 0))
            entry.external_attr = _READABLE
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.file_size = 3, source.stat().st_size
            with source.open("rb") as read, packed.open(entry, "w") as write:
                shutil.copyfileobj(read, write, 1 << 20)


def unpack(path: Path, folder: Path) -> list[Path]:
    """Unpack a zip that this program has just written, and return its files."""
    with zipfile.ZipFile(path) as packed:
        packed.extractall(folder)
        return [folder / name for name in packed.namelist()]
