"""The map as others would make it: streamlit-folium and dash-leaflet, each in an environment that the bench makes once.

They are no dependencies of the project: the environments lie in `.cache/bench`, with the versions pinned beside this
file. Neither is given an advantage or a handicap on purpose: the same GeoJSON, plain circles, one checkbox that takes
the sites off and one that leaves a single family.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import same_data
from hosts import ROOT, Host

_HERE = Path(__file__).parent
_CACHE = ROOT / ".cache" / "bench"
_STARTS_WITHIN_S = 60


class EnvironmentMissingError(RuntimeError):
    """An environment of another library cannot be made here: said in one line, and its page is left out."""


def python(name: str) -> Path:
    """Give the Python of an environment with `requirements-<name>.txt`, made when it is not there or was other.

    Raises EnvironmentMissingError where it cannot be made, as with the registry cut.
    """
    wanted = (_HERE / f"requirements-{name}.txt").read_text(encoding="utf-8")
    folder, stamp = _CACHE / name, _CACHE / name / "made-from.txt"
    found = folder / "bin" / "python"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return found
    uv = os.environ.get("UV", "uv")
    uv = str(ROOT / ".venv/bin/uv") if (ROOT / ".venv/bin/uv").exists() else uv
    path = _HERE / f"requirements-{name}.txt"
    try:
        for command in (
            [uv, "venv", "--quiet", "--clear", str(folder)],
            [uv, "pip", "install", "--quiet", "--python", str(found), "-r", str(path)],
        ):
            subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", None) or str(error)
        raise EnvironmentMissingError(f"{name}: no environment: {' '.join(said.split())[-200:]}") from error
    stamp.write_text(wanted, encoding="utf-8")
    return found


def _told(folder: Path) -> Path:
    """Write what every page shows, for a process that knows nothing of the project."""
    path = folder / "same.json"
    told = {
        "data": same_data.features(), "areas": same_data.AREAS, "points": same_data.POINTS,
        "classes": same_data.CLASSES, "toggled": same_data.TOGGLED, "family": same_data.FAMILY,
        "centre": same_data.centre(),
    }  # fmt: skip
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: list[str], environment: dict[str, str], port: int, folder: Path) -> Iterator[tuple[str, int]]:
    """Run a server until the block ends; give its address once it answers, and its process id."""
    log = folder / "server.log"
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command, env=os.environ | environment, stdout=out, stderr=out, cwd=folder)
    address = f"http://127.0.0.1:{port}/"
    try:
        until = time.monotonic() + _STARTS_WITHIN_S
        while True:
            try:
                urllib.request.urlopen(address, timeout=2).close()
                break
            except OSError as error:
                if process.poll() is not None or time.monotonic() > until:
                    said = " ".join(log.read_text(encoding="utf-8").split())[-300:]
                    raise EnvironmentMissingError(f"{command[0]} did not answer: {said}") from error
                time.sleep(0.2)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def streamlit(folder: Path, leaflet: str) -> Iterator[Host]:
    """Run the streamlit-folium app; `leaflet` is where Leaflet's files are, since folium's addresses are cut off."""
    interpreter, port = python("streamlit"), _free_port()
    options = ("--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1")
    command = [str(interpreter), "-m", "streamlit", "run", str(_HERE / "others/streamlit_app.py"), *options]
    command += ["--browser.gatherUsageStats=false", "--server.fileWatcherType=none"]
    environment = {"BENCH_DATA": str(_told(folder)), "BENCH_LEAFLET": leaflet}
    with _running(command, environment, port, folder) as (address, pid):
        labels = "[data-testid=stCheckbox] label"
        yield Host("streamlit-folium", address, f"{labels} >> nth=0", None, pid, True, f"{labels} >> nth=1")


@contextmanager
def dash(folder: Path) -> Iterator[Host]:
    """Run the dash-leaflet app."""
    interpreter, port = python("dash"), _free_port()
    (folder / "assets").mkdir(exist_ok=True)
    environment = {
        "BENCH_DATA": str(_told(folder)), "BENCH_PORT": str(port), "BENCH_ASSETS": str(folder / "assets"),
    }  # fmt: skip
    command = [str(interpreter), str(_HERE / "others/dash_app.py")]
    with _running(command, environment, port, folder) as (address, pid):
        boxes = "#boxes input"
        yield Host("dash-leaflet", address, f"{boxes} >> nth=0", None, pid, True, f"{boxes} >> nth=1")
