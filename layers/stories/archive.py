"""A story as one zip: packed to the same bytes each time, opened without trust."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from layers.stories.scene import MOST_SCENES, Faults, StoryError

MOST_BYTES = 12_000_000
# Scenes, pictures beside them, and the file of the story itself.
MOST_FILES = 2 * MOST_SCENES
# The first day a zip can name: a story has no other date than those of its figures.
_DAY = (1980, 1, 1, 0, 0, 0)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_READABLE = 0o644 << 16


def pack(files: Mapping[str, bytes]) -> bytes:
    """Pack files into a zip, in the order of their names: the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.external_attr = _READABLE
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, files[name])
    return out.getvalue()


def unpack(data: bytes, *, name: str = "zip") -> dict[str, bytes]:
    """Open a zip that somebody sent: plain files in it, or in one folder of it; nothing is written anywhere.

    Raises StoryError with every fault: no zip at all, paths that lead outside, too many files or bytes once
    unpacked, a name twice, an encrypted file.
    """
    faults = Faults(name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir() and not _of_a_system(entry.filename)]
            names = _checked(entries, faults)
            found = {} if faults.found else _read(packed, entries, names, faults)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError):
        faults.found.clear()
        faults.add("no_zip")
    if faults.found:
        raise StoryError(name, faults.found)
    return found


def _of_a_system(name: str) -> bool:
    """Tell what computers add on their own when a folder is packed by hand."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2] in {".DS_Store", "Thumbs.db", "desktop.ini"}


def _checked(entries: list[zipfile.ZipInfo], faults: Faults) -> list[str]:
    """Check the list of a zip before anything is unpacked, and give the plain name of each file."""
    folders = {entry.filename.rpartition("/")[0] for entry in entries}
    # Packing a folder by hand puts its name before each file's.
    folder = f"{folders.pop()}/" if len(folders) == 1 else ""
    inside = folder if re.fullmatch(r"[\w .-]+/|", folder) and not folder.startswith(".") else ""
    names = []
    for entry in entries:
        plain = entry.filename.removeprefix(inside)
        if not _NAME.match(plain) or ".." in plain:
            faults.add("zip_path", name=repr(entry.filename))
        elif plain in names:
            Faults(plain, faults.found).add("zip_twice")
        if entry.flag_bits & 1:
            Faults(plain, faults.found).add("zip_locked")
        names.append(plain)
    if len(entries) > MOST_FILES:
        faults.add("zip_many", n=len(entries), most=MOST_FILES)
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES:
        faults.add("zip_large", size=megabytes(total), most=megabytes(MOST_BYTES))
    return names


def _read(
    packed: zipfile.ZipFile, entries: list[zipfile.ZipInfo], names: list[str], faults: Faults
) -> dict[str, bytes]:
    """Unpack into memory, never more than the list promised."""
    found = {}
    for entry, plain in zip(entries, names, strict=True):
        with packed.open(entry) as file:
            data = file.read(entry.file_size + 1)
        if len(data) > entry.file_size:
            faults.add("zip_large", size=f"> {megabytes(entry.file_size)}", most=megabytes(MOST_BYTES))
        found[plain] = data
    return found


def megabytes(size: int) -> str:
    """Write a size in megabytes, the same in both languages."""
    return f"{size / 1e6:.0f} MB" if size >= 10e6 else f"{size / 1e3:.0f} kB"
