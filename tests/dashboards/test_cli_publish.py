"""The command `publish`: what it refuses, before any work; what it writes is in tests/layers/test_publish.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.cli import FAILED, main


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--url", "example.org"], "example.org is no address of a site: write one such as https://example.org/map/"),
        (["--lang", "fr,de"], "the languages are de: name one or more of en, fr"),
        (["--stories", "pitch,sagas"], "no story sagas: name some of pitch"),
        (["--layers", "moon"], "unknown layer 'moon'"),
        ([], "holds files but no provence-map.json: it is not a site made by this command and is left as it is"),
    ],
)
def test_what_cannot_be_published_is_one_line_and_nothing_is_touched(
    given: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["publish", "--out", str(tmp_path), *given]) == FAILED
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_refusal_is_in_the_language_of_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert main(["publish", "--out", str(tmp_path), "--stories", "sagas"]) == FAILED
    assert "pas de récit sagas\u202f: nommez-en parmi pitch" in capsys.readouterr().err
