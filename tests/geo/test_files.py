"""Files: whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from geo import files
from geo.errors import FormatError


def test_a_written_file_holds_the_text_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    files.write_text(tmp_path / "a.csv", "code,nom\n13028,La Ciotat\n")
    assert (tmp_path / "a.csv").read_bytes() == b"code,nom\n13028,La Ciotat\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_failure_on_the_way_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    files.write_text(path, "old")

    def fail_half_way() -> None:
        with files.replacing(path) as temporary:
            temporary.write_text("new, half")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail_half_way()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_missing_folder_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"cannot write .*a\.txt: no folder .*missing, make it first"):
        files.write_text(tmp_path / "missing" / "a.txt", "x")


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="it is a folder, name a file in it"):
        files.write_text(tmp_path, "x")


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FormatError, match=r"cannot write .*a\.txt: No space left on device; choose a folder"):
        files.write_text(tmp_path / "a.txt", "x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(FormatError, match="Permission denied; choose a folder that exists and can be written"):
        files.write_text(closed / "a.txt", "x")


def test_what_is_made_in_a_folder_takes_its_place_and_the_folder_goes(tmp_path: Path) -> None:
    with files.made_in_folder(tmp_path / "a.txt") as made:
        made.write_text("whole")
        (made.parent / "a.journal").write_text("left by a library")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "whole"


def test_a_library_that_fails_on_a_full_disk_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _: SimpleNamespace(free=4096))
    with (
        pytest.raises(FormatError, match=r"a\.gpkg: the disk is full, 4096 bytes are left; make room"),
        files.made_in_folder(tmp_path / "a.gpkg"),
    ):
        raise FormatError("cannot write GeoPackage: something in the library")
    assert list(tmp_path.iterdir()) == []
