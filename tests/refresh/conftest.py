"""What tests of refreshes share: data to refresh, the local server, a refresh run in this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from layers.refresh.outcome import Report
from layers.refresh.run import Order, refresh
from tests.refresh import kit
from tests.services.server import Services


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A copy of the data to refresh."""
    return kit.data_copy(tmp_path / "data")


@pytest.fixture
def live(tmp_path: Path) -> Path:
    """A live folder that is not there yet."""
    return tmp_path / "live"


@pytest.fixture(scope="session")
def _first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """A live folder after a first refresh, and its report: made once, copied for each test."""
    folder = tmp_path_factory.mktemp("first")
    made = Services()
    kit.serve(made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROVENCE_MAP_SERVICES", made.url)
        patch.setenv("PROVENCE_MAP_PACE", "0")
        report = refresh(Order(), kit.CONNECTORS, live=folder / "live", base=kit.data_copy(folder / "data"))
    made.close()
    return folder / "live", report


@pytest.fixture
def first(_first: tuple[Path, Report], live: Path) -> Report:
    """Let the live folder be as after a first refresh; give the report of that."""
    shutil.copytree(_first[0], live)
    return _first[1]


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """The three services of the kit, on a local server that the client asks in their place, without waits."""
    made = Services()
    kit.serve(made)
    monkeypatch.setenv("PROVENCE_MAP_SERVICES", made.url)
    monkeypatch.setenv("PROVENCE_MAP_PACE", "0")
    monkeypatch.setenv("PROVENCE_MAP_TIMEOUT", "5")
    yield made
    made.close()


@pytest.fixture
def run(base: Path, live: Path, services: Services) -> Callable[..., Report]:
    """Run a refresh in this process, against the local server."""
    assert services.url

    def once(*sources: str, **order: object) -> Report:
        return refresh(Order(sources=sources, **order), kit.CONNECTORS, live=live, base=base)  # type: ignore[arg-type]

    return once
