"""What can go wrong around a refresh: a full disk, an unwritable folder, files edited by hand, two at once."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from layers import editions
from layers.refresh import RefreshError
from layers.refresh.outcome import Report
from layers.refresh.run import Order, refresh
from layers.refresh.store import Live
from tests.disks import small_disk
from tests.refresh import kit
from tests.services.server import Services

Run = Callable[..., Report]


def in_force(base: Path, live: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder a process that starts now reads."""
    monkeypatch.setenv(editions.DATA_VARIABLE, str(base))
    monkeypatch.setenv(editions.LIVE_VARIABLE, str(live))
    monkeypatch.setattr(editions, "_pinned", {})
    return editions.in_force()


@pytest.mark.parametrize("kilobytes", [60, 700, 1500])
def test_a_full_disk_is_told_in_one_line_and_the_map_stays(
    first: Report, base: Path, live: Path, services: Services, tmp_path: Path, kilobytes: int
) -> None:
    kit.serve(services, step=2)
    with small_disk(tmp_path / "disk", 3000 + kilobytes) as disk:
        small = disk / "live"
        shutil.copytree(live, small)
        free = shutil.disk_usage(disk).free
        (disk / "filler").write_bytes(b"\0" * max(0, free - kilobytes * 1000))
        with pytest.raises(RefreshError, match=r"cannot write .*(No space left|full).*make room") as told:
            refresh(Order(), kit.CONNECTORS, live=small, base=base)
        assert "\n" not in str(told.value)
        folder = editions.read_current(small)
        assert folder is not None
        assert folder.name == first.edition
        editions.checked(folder, base)
        (disk / "filler").unlink()


def test_a_folder_that_cannot_be_written_is_named(base: Path, tmp_path: Path, services: Services) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(RefreshError, match=r"cannot write .*file/live: .*choose another folder with --out"):
        refresh(Order(), kit.CONNECTORS, live=tmp_path / "file" / "live", base=base)
    assert services.asked == []


def test_a_second_refresh_is_refused_and_told_who_is_at_it(live: Path, run: Run) -> None:
    store = Live(live)
    store.prepare()
    with store.locked(), pytest.raises(RefreshError, match=rf"another refresh of .* \(process {os.getpid()}, since 20"):
        run()
    # A lock of a process that is gone does not block.
    (live / "lock").write_text("process 999999, since long ago\n", encoding="utf-8")
    assert run("geo_api").code == 0


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("{", "cannot read .*current.json"),
        ("[]", "names no edition"),
        ('{"edition": "../../etc"}', "names no edition"),
        ('{"edition": "2020-01-01-000000"}', "names 2020-01-01-000000, which is not there"),
    ],
)
@pytest.mark.usefixtures("first")
def test_a_broken_current_json_sends_the_map_to_the_base_with_one_line(
    said: str, reason: str, base: Path, live: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (live / "current.json").write_text(said, encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert in_force(base, live, monkeypatch) == base
        editions.in_force()
    assert len(caplog.records) == 1
    with pytest.raises(editions.EditionError, match=reason):
        editions.read_current(live)


@pytest.mark.parametrize("name", ["edition.json", "catalogue.toml"])
def test_an_edition_edited_by_hand_sends_the_map_to_the_base_and_the_next_refresh_mends_it(
    name: str,
    first: Report,
    base: Path,
    live: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = live / "editions" / first.edition
    (folder / name).write_text("[broken", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert in_force(base, live, monkeypatch) == base
    assert len(caplog.records) == 1
    assert name in caplog.text
    report = run(kept=True)
    assert report.edition != first.edition
    assert in_force(base, live, monkeypatch) == live / "editions" / report.edition


def test_broken_records_of_a_source_are_passed_over_with_a_warning(
    first: Report, live: Path, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    (live / "sources" / "geo_api" / "current.json").write_text('{"stamp": "../.."}', encoding="utf-8")
    (live / "held" / "eutl.json").write_text("no json", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        report = run()
    assert report.code == 0
    assert "what was kept of geo_api cannot be read" in caplog.text
    assert "what was held of eutl cannot be read" in caplog.text
    assert json.loads((live / "sources" / "geo_api" / "current.json").read_text(encoding="utf-8"))["stamp"]
    assert first.edition


def test_a_broken_catalogue_of_the_base_is_one_clear_error(base: Path, run: Run) -> None:
    path = base / "catalogue.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[limits]\n", encoding="utf-8")
    with pytest.raises(Exception, match="not TOML") as told:
        run()
    assert "\n" not in str(told.value)


def test_a_folder_of_other_things_is_not_tidied(base: Path, services: Services, tmp_path: Path) -> None:
    kit.serve(services)
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh" / "id").write_text("mine")
    with pytest.raises(RefreshError, match=r"holds other things and no provence-map\.live"):
        refresh(Order(), kit.CONNECTORS, live=home, base=base)
    assert [path.name for path in home.rglob("*")] == [".ssh", "id"]
