"""The client of the services: what it takes, what it refuses, how patient and how polite it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.sources.http import Client
from tests.services.server import Services

PLACE = "geo.api.gouv.fr/epcis"
URL = f"https://{PLACE}"
ROWS = [{"code": "13055", "nom": "Marseille"}]


@pytest.fixture
def client(services: Services) -> Iterator[Client]:
    """Make a client of the stand-in, which answers with a small list."""
    services.answer(PLACE, ROWS)
    with Client() as made:
        yield made


def test_an_answer_is_written_whole_and_what_names_it_is_told(
    client: Client, services: Services, tmp_path: Path
) -> None:
    got = client.get(URL, tmp_path / "a.json", params={"fields": "nom,code", "GEO": "EPCI-2*COM"})
    assert json.loads((tmp_path / "a.json").read_bytes()) == ROWS
    assert got.url.startswith("https://geo.api.gouv.fr/epcis?fields=nom")
    assert got.file == "a.json"
    assert got.bytes == (tmp_path / "a.json").stat().st_size
    assert got.etag
    assert services.asked[0].headers["user-agent"].startswith("provence-map/")
    assert services.asked[0].query == {"fields": "nom,code", "GEO": "EPCI-2*COM"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json"]
