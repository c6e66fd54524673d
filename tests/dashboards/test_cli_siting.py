"""The command line of siting: what it writes and says, and the one clear line when it cannot."""

from __future__ import annotations

import csv
import logging
from pathlib import Path

import pytest

from dashboards.cli import main
from geo import raster


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English whatever the terminal."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def rows(path: Path) -> list[dict[str, str]]:
    """Read a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_siting_writes_a_surface_a_ranking_and_its_sensitivity(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    out, table, holds = tmp_path / "s.tif", tmp_path / "r.csv", tmp_path / "h.csv"
    with caplog.at_level(logging.INFO):
        assert main([
            "siting", "--profile", "hydrogen", "--step", "400", "--out", str(out), "--ranking", str(table),
            "--sensitivity", str(holds),
        ]) == 0  # fmt: skip
    assert raster.about(out).tags["PROFILE"] == "hydrogen"
    assert rows(table)[0]["name"] == "Fos-sur-Mer"
    assert [row["change"] for row in rows(holds)[:2]] == ["-0.2", "0.2"]
    assert "first screening" in caplog.text
    assert "without track: Official services have not filled “Rail lines” here" in caplog.text


def test_weights_change_those_of_a_profile_as_a_link_does(tmp_path: Path) -> None:
    out = tmp_path / "s.tif"
    given = ["--weights", "port=3, rail=1, users=0,platform=0,hydrogen=0,electricity=0,co2=0", "--exclude", "none"]
    assert main(["siting", "--profile", "hydrogen", *given, "--step", "800", "--out", str(out)]) == 0
    tags = raster.about(out).tags
    # Of the profile, half a point for the people within reach is left.
    assert (tags["WEIGHTS"], tags["EXCLUSIONS"]) == ("port=0.666667,workforce=0.111111,rail=0.222222", "none")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--profile", "casino"], "no profile is called “casino”: hydrogen, data-centre"),
        ([], "nothing is weighed"),
        (["--weights", "port=1", "--rank", "zones"], "have not filled “Activity zones” here: `provence-map refresh`"),
        (["--weights", "port"], "“port” is no weight: a criterion and a number were expected, such as port=3"),
        (["--weights", "port=nan,rail=-1"], "the weight of port is nan"),
        (["--weights", "port=0,rail=0"], "nothing is weighed"),
        (["--weights", "harbour=1"], "no criterion is called “harbour”"),
        (["--weights", "port=1", "--exclude", "forest"], "no exclusion is called “forest”"),
        (["--weights", "port=1", "--step", "10"], "a step of 10 m: a number of metres from 25 to 1000 was expected"),
        (["--weights", "port=1", "--step", "nan"], "a step of nan m"),
        (["--weights", "port=1", "--ranking", "TMP/s.tif"], "the files are to be different ones"),
        (["--weights", "port=1", "--ranking", "TMP/s.txt"], "s.txt does not end with .csv"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(
    given: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [word.replace("TMP", str(tmp_path)) for word in given]
    step = [] if "--step" in given else ["--step", "800"]
    assert main(["siting", *given, *step, "--out", str(tmp_path / "s.tif")]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert len([line for line in told.splitlines() if line.startswith("provence-map:")]) == 1
    assert list(tmp_path.iterdir()) == []
