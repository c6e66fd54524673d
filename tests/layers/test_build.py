"""The build: offline, the same bytes each time, and one clear line when a source is faulty."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from layers.build import __main__ as build
from layers.build import territory
from layers.build.territory import TerritoryError

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "data" / "tables"


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build every table into a folder of its own; the test run has no network."""
    folder = tmp_path_factory.mktemp("tables")
    build.write(build.build(), folder)
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the extracts and the hand-kept rows to break."""
    for name in ("extracts", "hand"):
        shutil.copytree(ROOT / "data" / name, tmp_path / name)
    return tmp_path


def change(data: Path, old: str, new: str) -> None:
    """Replace a text in the hand-kept poles."""
    path = data / "hand" / "poles.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_rebuild_makes_the_files_that_are_committed(rebuilt: Path) -> None:
    made, kept = ({path.name for path in folder.iterdir()} for folder in (rebuilt, TABLES))
    assert made == kept, "data/tables holds other files than the build makes: run `make data`"


@pytest.mark.parametrize("name", sorted(path.name for path in TABLES.iterdir()))
def test_a_rebuild_gives_the_bytes_that_are_committed(name: str, rebuilt: Path) -> None:
    assert (rebuilt / name).read_bytes() == (TABLES / name).read_bytes(), f"{name} is out of step: run `make data`"


def test_a_second_build_gives_the_same_bytes(rebuilt: Path, tmp_path: Path) -> None:
    paths = build.write(build.build(), tmp_path)
    assert paths
    for path in paths:
        assert path.read_bytes() == (rebuilt / path.name).read_bytes(), path.name


def test_every_fault_of_the_poles_is_told_at_once(data: Path) -> None:
    change(data, '"13028",  # La Ciotat\n', '"13055",  # Marseille a second time\n  "75056",  # Paris\n')
    with pytest.raises(TerritoryError, match=r"13055 is in 2 poles; 75056 is no commune .*; 13028 is in no pole"):
        territory.build(data / "extracts", data / "hand")


def test_a_pole_without_a_field_is_told(data: Path) -> None:
    change(data, 'definition_fr = "Définition propre à ce projet : les 7', 'autre = "les 7')
    with pytest.raises(TerritoryError, match=r"poles\.toml: pole 2 has no definition_fr"):
        territory.read_poles(data / "hand" / "poles.toml")


def test_poles_that_are_no_toml_are_told(tmp_path: Path) -> None:
    (tmp_path / "poles.toml").write_text("[[poles]\n", encoding="utf-8")
    with pytest.raises(TerritoryError, match=r"cannot read .*poles\.toml: "):
        territory.read_poles(tmp_path / "poles.toml")
    (tmp_path / "poles.toml").write_text("", encoding="utf-8")
    with pytest.raises(TerritoryError, match=r"no \[\[poles\]\] in it"):
        territory.read_poles(tmp_path / "poles.toml")


def test_a_missing_extract_is_one_line_and_exit_code_2(
    data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (data / "extracts" / "metropolis.csv").unlink()
    monkeypatch.setattr(build.build, "__defaults__", (data,))
    monkeypatch.setattr(build, "DATA", data)
    assert build.main() == 2
    assert "metropolis.csv" in caplog.text
    assert "run the extract step with `make data`" in caplog.text
    assert not (data / "tables").exists()


def test_a_table_without_geometry_is_written_as_csv(tmp_path: Path) -> None:
    table = build.build()["communes"].drop(columns="geometry").head(1)[["code", "name"]]
    build.write({"few": table}, tmp_path)
    assert (tmp_path / "few.csv").read_bytes() == b"code,name\n13001,Aix-en-Provence\n"
