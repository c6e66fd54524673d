"""What is told of a snapshot while it is written, and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from layers.snapshot.area import Said

Progress = Callable[[int, int, Said], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Report:
    """Say what was written: the file, its bytes, the rows of each layer, and what was changed or left out."""

    path: Path
    size: int
    rows: dict[str, int]
    notes: tuple[Said, ...]
