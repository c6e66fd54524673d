"""Which data folder is in force: base, edition, another one for a while; what is kept in memory of each."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from layers import catalogue, editions
from layers.editions import EditionError

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of the data as the base folder, its live folder inside."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("live", "extracts"))
    monkeypatch.setenv(editions.DATA_VARIABLE, str(folder))
    monkeypatch.delenv(editions.LIVE_VARIABLE, raising=False)
    return folder


@pytest.fixture
def make(base: Path, make_edition: Callable[..., Path], take_up: Callable[[Path, str], None]) -> Callable[[str], Path]:
    """Make editions as a refresh does, and take each up."""

    def edition(id_: str) -> Path:
        made = make_edition(base / "live", id_, base=base)
        take_up(base / "live", id_)
        return made

    return edition


def test_without_an_edition_the_base_folder_is_in_force(base: Path) -> None:
    assert editions.live_dir() == base / "live"
    assert editions.read_current(editions.live_dir()) is None
    assert catalogue.data_dir() == base


def test_a_process_stays_with_the_edition_it_first_read(base: Path, make: Callable[[str], Path]) -> None:
    first = make("one")
    assert catalogue.data_dir() == first
    second = make("two")
    assert editions.read_current(base / "live") == second
    assert catalogue.data_dir() == first
    editions.adopt(second)
    assert catalogue.data_dir() == second


def test_another_folder_is_worked_on_in_one_thread_alone(base: Path, make: Callable[[str], Path]) -> None:
    other = make("one")
    editions.adopt(base)
    seen: list[Path] = []
    with editions.using(other):
        thread = threading.Thread(target=lambda: seen.append(catalogue.data_dir()))
        thread.start()
        thread.join()
        assert catalogue.data_dir() == other
    assert seen == [base]
    assert catalogue.data_dir() == base


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda live, _: (live / "current.json").write_text("{"), "cannot read"),
        (lambda live, _: (live / "current.json").write_text("[]"), "names no edition"),
        (lambda live, _: (live / "current.json").write_text('{"edition": "../../x"}'), "names no edition"),
        (lambda live, _: (live / "current.json").write_text('{"edition": 7}'), "names no edition"),
        (lambda live, _: (live / "current.json").write_text('{"edition": "gone"}'), "which is not there"),
        (lambda _, made: (made / "edition.json").unlink(), "holds no edition.json"),
        (lambda _, made: (made / "edition.json").write_text("no"), "is not what a refresh writes"),
        (lambda _, made: (made / "catalogue.toml").write_text("[layers"), "cannot be read"),
        (lambda live, _: (live.parent / "hand" / "facts.csv").write_text("other"), "refresh --kept"),
    ],
)
def test_an_edition_that_cannot_be_shown_leaves_the_base_with_one_line(
    base: Path, make: Callable[[str], Path], caplog: pytest.LogCaptureFixture, spoil: Callable[..., None], said: str
) -> None:
    made = make("one")
    spoil(base / "live", made)
    with caplog.at_level(logging.WARNING):
        assert catalogue.data_dir() == base
        assert catalogue.data_dir() == base
    assert len(caplog.messages) == 1
    assert "the base data are used" in caplog.messages[0]
    assert said in caplog.messages[0]
    assert "\n" not in caplog.messages[0]


def test_current_says_what_is_wrong_with_it(base: Path) -> None:
    (base / "live").mkdir()
    (base / "live" / "current.json").write_text("7")
    with pytest.raises(EditionError, match="names no edition"):
        editions.read_current(base / "live")


def test_the_version_of_the_base_changes_with_each_part_an_edition_is_made_of(base: Path) -> None:
    seen = {editions.base_version(base)}
    for part in ("catalogue.toml", "hand/facts.csv", "tables/facts.csv", "stories/living/story.toml"):
        with (base / part).open("a", encoding="utf-8") as handle:
            handle.write("\n")
        seen.add(editions.base_version(base))
    assert len(seen) == 5
    (base / "live").mkdir()
    (base / "live" / "report.txt").write_text("x")
    (base / "hand" / ".facts-1234.csv").write_text("x")
    assert editions.base_version(base) in seen


def test_what_is_made_of_data_is_kept_for_the_two_newest_folders(tmp_path: Path) -> None:
    made: list[tuple[Path, int]] = []

    @editions.kept()
    def double(number: int) -> int:
        made.append((editions.in_force(), number))
        return 2 * number

    a, b, c = (tmp_path / name for name in "abc")
    for folder in (a, b, a, b):
        with editions.using(folder):
            assert double(4) == 8
    assert made == [(a, 4), (b, 4)]
    for folder in (c, b, a):
        with editions.using(folder):
            double(4)
    assert made == [(a, 4), (b, 4), (c, 4), (a, 4)]


def test_an_edition_shown_by_another_process_is_held(make: Callable[[str], Path]) -> None:
    made = make("one")
    assert not editions.held(made)
    script = "from layers import catalogue; print(catalogue.data_dir().name, flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", script], cwd=DATA.parent, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "one\n"
        assert editions.held(made)
        process.communicate("\n")
    assert not editions.held(made)
