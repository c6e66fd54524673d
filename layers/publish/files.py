"""The files of a site before they are written: bytes by path, those that never change named by their sum."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Hosts that look for a packed file beside the plain one need not pack it each time.
_PACKED = (".html", ".js", ".css", ".json", ".xml", ".svg", ".txt", ".webmanifest", ".geojson", ".csv")
_LEAST_PACKED = 500
_DIGITS = 12


@dataclass(slots=True)
class Files:
    """Hold the files of a site by path, with `/` between folders; each is put once."""

    held: dict[str, bytes] = field(default_factory=dict)

    def put(self, path: str, data: bytes | str) -> str:
        """Put a file and give its path. Raises ValueError for a path that is taken: two makers share a name."""
        if path in self.held:
            raise ValueError(f"two files of the site are called {path}: name one of them otherwise")
        self.held[path] = data.encode() if isinstance(data, str) else data
        return path

    def asset(self, name: str, data: bytes | str) -> str:
        """Put a file that pages share under assets/, its sum in its name, and give its path."""
        plain = data.encode() if isinstance(data, str) else data
        stem, dot, ending = name.rpartition(".")
        path = f"assets/{stem}.{hashlib.sha256(plain).hexdigest()[:_DIGITS]}{dot}{ending}"
        self.held[path] = plain
        return path

    def sum_of(self, path: str) -> str:
        """Give the SHA-256 of a file in base64, as a browser computes it."""
        return base64.b64encode(hashlib.sha256(self.held[path]).digest()).decode()

    def listed(self) -> Mapping[str, list[int | str]]:
        """Give size in bytes and SHA-256 of each file, by path in their order."""
        return {path: [len(data), hashlib.sha256(data).hexdigest()] for path, data in sorted(self.packed().items())}

    def packed(self) -> dict[str, bytes]:
        """Give every file, and beside each that gains by it the same in gzip."""
        found = dict(self.held)
        for path, data in self.held.items():
            if path.endswith(_PACKED) and len(data) >= _LEAST_PACKED:
                found[f"{path}.gz"] = gzip.compress(data, 9, mtime=0)
        return found

    def write(self, folder: Path) -> None:
        """Write every file into a folder that is there and empty. Raises OSError."""
        for path, data in self.packed().items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
