"""`provence-map refresh` as a person and as cron run it: exit codes, lines, stopping."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dashboards.cli_refresh import Progress, _since
from layers import editions
from tests.refresh import kit
from tests.services import faults
from tests.services.server import Services

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def started(base: Path, live: Path, services: Services) -> Callable[..., subprocess.Popen[str]]:
    """Begin `provence-map refresh` in a process of its own, with the connectors of the kit."""

    def start(*arguments: str) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "LC_ALL": "en_GB.UTF-8",
            "PYTHONIOENCODING": "utf-8",
            "PROVENCE_MAP_DATA": str(base),
            "PROVENCE_MAP_SERVICES": services.url,
            "PROVENCE_MAP_PACE": "0",
        }
        command = [sys.executable, "-m", "tests.refresh.kit", "refresh", "--out", str(live), *arguments]
        return subprocess.Popen(
            command, cwd=kit.ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    return start


def done(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for a command: its exit code, what it said, what it complained of."""
    said, complained = process.communicate(timeout=120)
    return process.returncode, said, complained


def test_a_job_of_cron_gets_one_line_when_nothing_changed(
    first: object, live: Path, started: Callable[..., subprocess.Popen[str]], services: Services
) -> None:
    assert first
    assert done(started()) == (0, "Nothing new: the map stays as it is.\n", "")
    services.fault("", faults.status(404))
    code, said, complained = done(started("--lang", "fr"))
    assert (code, complained) == (3, "")
    lines = said.splitlines()
    assert lines[0] == "Rien de nouveau\u202f: la carte reste telle quelle."
    assert [line.partition(":")[0] for line in lines[1:]] == list(kit.CONNECTORS)
    assert not list(live.rglob(".part-*"))


def test_a_refresh_says_what_it_did_and_the_second_at_once_is_refused(
    live: Path, started: Callable[..., subprocess.Popen[str]], services: Services
) -> None:
    services.fault(kit.PEOPLE, lambda answer: replace(answer, silent_s=4.0), times=1)
    process = started()
    until(lambda: len(services.asked) > 0)
    code, said, complained = done(started())
    assert (code, said) == (2, "")
    assert f"another refresh of {live} is under way (process {process.pid}, since" in complained
    assert len(complained.splitlines()) == 1
    code, said, complained = done(process)
    assert (code, complained) == (0, "")
    assert "geo_api: taken" in said
    assert "Communes of the metropolis: 0 added, 0 removed, 92 changed" in said
    assert json.loads((live / "report.json").read_text(encoding="utf-8"))["code"] == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_can_be_stopped_while_a_service_is_silent(
    number: signal.Signals, live: Path, started: Callable[..., subprocess.Popen[str]], services: Services
) -> None:
    services.fault(kit.REGISTRY, faults.silence(30))
    process = started()
    until(lambda: any(asked.host == kit.REGISTRY for asked in services.asked))
    begun = time.monotonic()
    process.send_signal(number)
    assert done(process) == (130, "", "provence-map: stopped: the map stays as it is\n")
    assert time.monotonic() - begun < 5
    assert editions.read_current(live) is None
    assert not list(live.rglob(".part-*"))


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something to hold."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_unknown_source_and_a_day_that_is_none_are_refused(command: Command, tmp_path: Path) -> None:
    asked = command("refresh", "nobody", "--out", str(tmp_path / "live"))
    assert asked.returncode == 2
    assert "unknown source 'nobody': expected one of" in asked.stderr
    asked = command("refresh", "--since", "yesterday")
    assert asked.returncode == 2
    assert "'yesterday' is no day (2026-01-31) and no number of days (7d)" in asked.stderr
    assert not (tmp_path / "live").exists()


def test_since_reads_days_and_numbers_of_days() -> None:
    assert _since("2026-01-31").isoformat() == "2026-01-31"
    assert (_since("0d") - _since("7d")).days == 7


def test_progress_is_written_over_on_a_terminal_and_told_to_nobody_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Progress("en")("eutl", "downloading", 1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    progress = Progress("en")
    progress("eutl", "down\x1b[2Jloading", 1, 2)
    progress("irep", "", 0, 0)
    progress.clear()
    said = capsys.readouterr().err
    assert "\r\x1b[Keutl 1/2 down [2Jloading\n\r\x1b[Kirep" in said
    assert said.endswith("\r\x1b[K")
