"""Run one connector against the stand-in services, as the refresh does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from layers.sources import SourceError
from layers.sources.connector import Connector, Contribution, Fetched, Territory
from layers.sources.http import Client


def run(connector: Connector, folder: Path, territory: Territory) -> tuple[Fetched, Contribution]:
    """Fetch into a folder and say what it means; no wait takes real time."""
    folder.mkdir(exist_ok=True)
    with Client(hosts=connector.hosts) as client:
        fetched = connector.fetch(client, folder, territory, lambda *_: None)
    return fetched, connector.normalise(folder, fetched, territory)


def misnamed(what: str, work: Callable[[], object], kind: type[SourceError], said: str) -> list[str]:
    """Return what is wrong with how a fault is told: its kind, its words, one line, in both languages."""
    try:
        work()
    except SourceError as error:
        wrong = []
        if type(error) is not kind or said not in str(error) or "\n" in str(error):
            wrong.append(f"{what}: {type(error).__name__}: {error}")
        if not error.said["fr"] or error.said["fr"] == error.said["en"]:
            wrong.append(f"{what}: no French")
        return wrong
    return [f"{what}: nothing was said"]
