"""The command line of snapshots: what it writes and says, and the one clear line when it cannot."""

from __future__ import annotations

import logging
from pathlib import Path

import pyogrio
import pytest

from dashboards.cli import main


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English whatever the terminal."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def test_export_writes_the_layers_of_an_area(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    out = tmp_path / "fos.gpkg"
    with caplog.at_level(logging.INFO):
        assert main([
            "export", "--layers", "industry,decarbonation", "--area", "martigues-fos", "--crs", "2154",
            "--where", "family=metal", "--columns", "industry:name,co2_t", "--out", str(out),
        ]) == 0  # fmt: skip
    back = pyogrio.read_dataframe(out, layer="industry")
    assert list(back.columns) == ["id", "name", "co2_t", "geometry"]
    assert back.crs.to_epsg() == 2154
    assert f"EPSG:2154, read back and compared): {len(back)} industry, 39 decarbonation" in caplog.text


def test_export_says_what_a_format_changed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        out = str(tmp_path / "c.zip")
        assert main(["export", "--layers", "communes", "--format", "shp", "--lang", "fr", "--out", out]) == 0
    assert "note: communes: columns renamed to ten letters: arrondissement → arrondisse" in caplog.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--crs", "5720", "--format", "exe"], "There is no format “exe”"),
        (["--crs", "5720"], "EPSG:5720 only measures heights"),
        (["--area", "5,43.2,5.2,43.4,5.2,43.2,5,43.4"], "The edges of this polygon cross"),
        (
            ["--layers", "airports", "--area", "la-ciotat-cassis"],
            "Airports and airfields: no row that the filters",
        ),
        (["--format", "csv"], "s.gpkg does not end with .csv"),
    ],
)
def test_a_choice_that_cannot_be_is_told_in_one_line(
    given: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "--layers", "industry", "--out", str(tmp_path / "s.gpkg"), *given]) == 2
    told = capsys.readouterr().err
    assert told.startswith("provence-map: ")
    assert said in told
    assert told.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
