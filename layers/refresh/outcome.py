"""What a refresh did, as plain data: what became of each source, what changed in each table, what a person must see."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from layers.refresh.changes import TableChange
from layers.refresh.merge import Overruled
from layers.sources.connector import Doubt
from layers.view import Language

# Taken; as it was; stopped for review; not reached; answered wrongly; not asked, as kept.
State = Literal["new", "same", "held", "away", "refused", "kept"]
Said = Mapping[Language, str]

DONE, AWAY, HELD = 0, 3, 4
REPORT = "report"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source; `day` is when its service was last asked (YYYY-MM-DD), `said` are the reasons."""

    source: str
    state: State
    said: tuple[Said, ...] = ()
    rows: int = 0
    bytes: int = 0
    seconds: float = 0.0
    vintage: str = ""
    day: str = ""


@dataclass(slots=True)
class Report:
    """All of one run. `edition` is empty when none was made; `previous` is what was in force before, or the base."""

    at: str
    version: str
    dry_run: bool = False
    edition: str = ""
    previous: str = ""
    back: bool = False
    sources: list[Outcome] = field(default_factory=list)
    tables: list[TableChange] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)
    overruled: list[Overruled] = field(default_factory=list)

    def states(self, *states: State) -> list[Outcome]:
        """Return the sources in one of these states."""
        return [one for one in self.sources if one.state in states]

    @property
    def code(self) -> int:
        """Return the exit code: 3 when a source was not reached or answered wrongly, 4 when one is held, else 0."""
        if self.states("away", "refused"):
            return AWAY
        return HELD if self.states("held") else DONE

    def document(self) -> dict[str, Any]:
        """Return all of it as JSON knows it."""
        return {**asdict(self), "code": self.code}


def read(live: Path) -> dict[str, Any] | None:
    """Return the document of the last run in a live folder; None where there is none that can be read."""
    try:
        said = json.loads((live / f"{REPORT}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) else None
