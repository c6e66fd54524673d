"""Run one connector against the stand-in services, as the refresh does."""

from __future__ import annotations

from pathlib import Path

from layers.sources.connector import Connector, Contribution, Fetched, Territory
from layers.sources.http import Client


def run(connector: Connector, folder: Path, territory: Territory) -> tuple[Fetched, Contribution]:
    """Fetch into a folder and say what it means; no wait takes real time."""
    folder.mkdir(exist_ok=True)
    with Client(hosts=connector.hosts) as client:
        fetched = connector.fetch(client, folder, territory, lambda *_: None)
    return fetched, connector.normalise(folder, fetched, territory)
