"""What the tests of the program as a whole share: its command line, and its server on a free port."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from layers import editions
from tests import drapes, hills
from tests.services.server import Services

COMMAND = (sys.executable, "-m", "dashboards")
# Whoever refreshed this checkout has an edition in data/live: tests look at the base, those of editions name their own.
os.environ["PROVENCE_MAP_LIVE"] = "/nonexistent/live"
ROOT = Path(__file__).resolve().parents[1]
# Where the site of the tests will lie, as its sitemap and previews name it.
SITE_URL = "https://example.org/dir/"
Made = Callable[[str, Callable[[Path], None]], Path]
Command = Callable[..., subprocess.CompletedProcess[str]]
STARTS_WITHIN_S = 120
STOPS_WITHIN_S = 10


@dataclass
class Server:
    """A real server in a process group of its own."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    prefix: str = ""
    url: str = field(init=False)

    def __post_init__(self) -> None:
        self.url = f"http://localhost:{self.port}{self.prefix}/"

    def wait(self) -> None:
        """Wait until it answers; fail with its own words when it ends instead."""
        deadline = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                pytest.fail(f"the server ended with {self.process.returncode}: {self.log.read_text(encoding='utf-8')}")
            try:
                # Readiness, not the page: that would open a session nobody listens to.
                with urllib.request.urlopen(f"{self.url}health/ready", timeout=5) as answer:  # noqa: S310 (loopback)
                    answer.read()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
            else:
                return
        pytest.fail(f"no answer from {self.url} in {STARTS_WITHIN_S} s: {self.log.read_text(encoding='utf-8')}")

    def stop(self) -> None:
        """End it as Ctrl+C does, then by force."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture(scope="session")
def make_edition() -> Callable[..., Path]:
    """Make editions of the data as shipped in a live folder, as a refresh does; each is taken up only by its name."""

    def make(live: Path, id_: str, *, sources: Any = None, layers: Any = None, base: Path = ROOT / "data") -> Path:
        folder = live / "editions" / id_
        shutil.copytree(base, folder, ignore=shutil.ignore_patterns("live"))
        said = {"id": id_, "made_at": "2026-11-24T10:00:00+00:00", "base": editions.base_version(base)}
        (folder / "edition.json").write_text(
            json.dumps(said | {"sources": sources or {}, "layers": layers or {}}), encoding="utf-8"
        )
        return folder

    return make


@pytest.fixture(scope="session")
def draped(tmp_path_factory: pytest.TempPathFactory, make_edition: Callable[..., Path]) -> Path:
    """Make an edition that holds SYNTHETIC areas and lines; it is in force only under `editions.using`."""
    live = tmp_path_factory.mktemp("draped")
    folder = make_edition(live, "draped", sources=drapes.SOURCES, layers=drapes.LAYERS)
    drapes.fill(folder)
    return folder


@pytest.fixture(scope="session")
def hilly(tmp_path_factory: pytest.TempPathFactory, make_edition: Callable[..., Path]) -> Path:
    """Make an edition with SYNTHETIC terrain that a person gave; it is in force only under `editions.using`."""
    folder = make_edition(tmp_path_factory.mktemp("hilly"), "hilly")
    hills.put(folder, hills.marked())
    return folder


@pytest.fixture(scope="session")
def take_up() -> Callable[[Path, str], None]:
    """Name an edition as the current one, as a refresh does: by one rename."""

    def name(live: Path, id_: str) -> None:
        part = live / ".current.json"
        part.write_text(json.dumps({"edition": id_}), encoding="utf-8")
        part.replace(live / "current.json")

    return name


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """Find ports that nothing listens on."""

    def find() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    return find


@pytest.fixture(scope="session")
def start_server(
    tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]
) -> Iterator[Callable[..., Server]]:
    """Start servers through the command line; all are stopped at the end."""
    started: list[Server] = []

    def start(*arguments: str, **environment: str) -> Server:
        port = free_port()
        log = tmp_path_factory.mktemp("server") / "log.txt"
        command = [*COMMAND, "serve", "--no-open", "--port", str(port), *arguments]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        prefix = arguments[arguments.index("--prefix") + 1] if "--prefix" in arguments else ""
        server = Server(port, process, log, prefix)
        started.append(server)
        server.wait()
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="session")
def server(start_server: Callable[..., Server]) -> Server:
    """One server for all tests that only look at it: more often than any reader would."""
    return start_server("--no-rate")


@pytest.fixture(scope="session")
def command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `provence-map` with its arguments, in English, in a process of its own."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "LC_ALL": "en_GB.UTF-8", "PYTHONIOENCODING": "utf-8", **environment}
        return subprocess.run(
            [*COMMAND, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=300
        )

    return run


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Made:
    """Make a folder of files once for all processes of the tests: whoever asks first makes it, the others wait."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def find(name: str, make: Callable[[Path], None]) -> Path:
        folder, whole = shared / name, shared / f"{name}.whole"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not whole.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                whole.touch()
        return folder

    return find


@pytest.fixture(scope="session")
def map_file(made_once: Made, command: Command) -> Path:
    """Write the whole map to one file, as a person would."""

    def make(folder: Path) -> None:
        done = command("map", "--out", str(folder / "map.html"))
        assert done.returncode == 0, done.stderr

    return made_once("file", make) / "map.html"


@pytest.fixture(scope="session")
def site(made_once: Made, command: Command) -> Path:
    """Publish the map with one story and few layers, as a person would."""

    def make(folder: Path) -> None:
        asked = ("--url", SITE_URL, "--stories", "hydrogen", "--layers", "ports,emissions", "--no-handouts")
        done = command("publish", "--out", str(folder / "dir"), *asked)
        assert done.returncode == 0, done.stderr

    return made_once("published", make) / "dir"


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Stand in for all official services: every host is asked here, and no wait takes real time."""
    stand_in = Services()
    monkeypatch.setenv("PROVENCE_MAP_SERVICES", stand_in.url)
    monkeypatch.setenv("PROVENCE_MAP_PACE", "0")
    monkeypatch.setenv("PROVENCE_MAP_TIMEOUT", "5")
    yield stand_in
    stand_in.close()
