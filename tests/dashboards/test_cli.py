"""The command line: what it prints and writes, and the one clear line when it cannot."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from dashboards.cli import main
from layers.catalogue import DATA_VARIABLE, data_dir
from layers.view import DRAPES, LAYERS

Command = Callable[..., "subprocess.CompletedProcess[str]"]
LAYER_KEYS = {"id", "title", "features", "geometry", "source", "licence", "vintage"}


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English whatever the terminal."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the data to a folder that a test may break."""
    folder = tmp_path / "data"
    shutil.copytree(data_dir(), folder, ignore=shutil.ignore_patterns("extracts", "README.md"))
    monkeypatch.setenv(DATA_VARIABLE, str(folder))
    return folder


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """Give what was said, which must be one line on standard error and nothing else."""
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("provence-map: ")
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err
    return said.err


def test_layers_lists_each_layer_with_its_figures_and_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["layers"]) == 0
    said = capsys.readouterr().out
    assert "industry: Industrial sites\n  121 × point" in said
    assert "communes: Communes of the metropolis\n  92 × polygon" in said
    assert "Licence Ouverte" in said


def test_layers_as_json_holds_every_layer_and_every_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["layers", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert set(LAYERS) - set(DRAPES) <= {row["id"] for row in listed}
    assert {row["id"]: row["features"] for row in listed}.items() >= {"decarbonation": 60, "poles": 3}.items()
    for row in listed:
        assert set(row) == LAYER_KEYS
        assert all(row.values()), row


@pytest.mark.parametrize(("lang", "title"), [("fr", "Sites industriels"), ("en", "Industrial sites")])
def test_layers_speaks_the_language_asked_for(capsys: pytest.CaptureFixture[str], lang: str, title: str) -> None:
    assert main(["layers", "--lang", lang]) == 0
    assert title in capsys.readouterr().out


def test_map_writes_one_file_and_says_where(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "map.html"
    with caplog.at_level("INFO"):
        assert main(["map", "--layers", "poles,industry,decarbonation", "--lang", "fr", "--out", str(path)]) == 0
    assert f"wrote {path}" in caplog.text
    html = path.read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    assert '<html lang="fr">' in html
    assert [entry.name for entry in tmp_path.iterdir()] == ["map.html"]


def test_the_same_map_is_written_to_the_same_bytes_by_any_process(tmp_path: Path, map_file: Path) -> None:
    again = tmp_path / "again.html"
    assert main(["map", "--out", str(again)]) == 0
    assert again.read_bytes() == map_file.read_bytes()


def test_brief_writes_two_pages_and_says_where(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "brief.pdf"
    keep = "site:edf-martigues, commune:13056"
    with caplog.at_level("INFO"):
        assert main(["brief", "--keep", keep, "--lang", "fr", "--title", "Un titre", "--out", str(path)]) == 0
    assert f"wrote {path}" in caplog.text
    first, second = (page.extract_text() for page in PdfReader(path).pages)
    assert "Un titre" in first
    shown = "".join(second.split())
    assert "http://localhost:5006/?lang=fr&keep=site:edf-martigues,commune:13056&panel=shortlist" in shown
    assert [entry.name for entry in tmp_path.iterdir()] == ["brief.pdf"]


def test_a_brief_of_unknown_keys_is_one_line_and_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["brief", "--keep", "site:nope,foo:bar", "--out", str(tmp_path / "brief.pdf")]) == 2
    assert "'site:nope' is not known; 'foo:bar' is not known" in one_line(capsys)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_layer_is_named_with_those_there_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", "--layers", "poles,nope", "--out", str(tmp_path / "map.html")]) == 2
    said = one_line(capsys)
    assert "unknown layer 'nope'" in said
    assert "industry" in said
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", "--layers", "ports", "--out", str(tmp_path / "no" / "map.html")]) == 2
    assert f"no folder {tmp_path / 'no'}, make it first" in one_line(capsys)


def test_a_folder_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", "--layers", "ports", "--out", str(tmp_path)]) == 2
    assert "it is a folder, name a file in it" in one_line(capsys)


def test_a_place_that_cannot_be_written_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    # Nobody may make a file in /proc, not even root.
    assert main(["map", "--layers", "ports", "--out", "/proc/map.html"]) == 2
    assert "cannot write /proc/map.html" in one_line(capsys)


def test_an_older_file_stays_whole_when_the_new_one_cannot_be_made(
    own_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "map.html"
    path.write_text("older", encoding="utf-8")
    (own_data / "tables" / "industry.parquet").unlink()
    assert main(["map", "--out", str(path)]) == 2
    assert "table industry: 1 fault" in one_line(capsys)
    assert path.read_text(encoding="utf-8") == "older"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["data", "map.html"]


@pytest.mark.parametrize("arguments", [["layers"], ["map", "--out", "map.html"], ["serve", "--no-open"]])
@pytest.mark.parametrize(
    ("fault", "message"), [("missing", "is missing"), ("truncated", "cannot read"), ("catalogue", "catalogue.toml")]
)
def test_missing_and_broken_data_are_told_in_one_line(
    own_data: Path, capsys: pytest.CaptureFixture[str], fault: str, message: str, arguments: list[str]
) -> None:
    table = own_data / "tables" / "decarbonation.parquet"
    if fault == "missing":
        table.unlink()
    elif fault == "truncated":
        table.write_bytes(table.read_bytes()[:1000])
    else:
        (own_data / "catalogue.toml").unlink()
    assert main(arguments) == 2
    assert message in one_line(capsys)
    assert not Path("map.html").exists()


def test_a_folder_of_data_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "no-data"))
    assert main(["layers"]) == 2
    assert "catalogue.toml is missing" in one_line(capsys)


def test_a_table_beside_the_layers_that_is_broken_is_told(
    own_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_data / "tables" / "emissions.csv").write_text("site_id,year,co2_t,source\nx,abc,1,eutl\n", encoding="utf-8")
    assert main(["map", "--out", str(tmp_path / "map.html")]) == 2
    assert "'abc' is not a whole number" in one_line(capsys)
    assert not (tmp_path / "map.html").exists()


def test_a_port_in_use_is_named(server: Any, command: Command) -> None:
    done = command("serve", "--no-open", "--port", str(server.port))
    assert done.returncode == 2
    assert done.stderr.startswith(f"provence-map: port {server.port} of localhost is in use: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "-1"], "argument --port: '-1' is not a whole number from 0 to 65535"),
        (["--port", "65536"], "argument --port: '65536' is not a whole number from 0 to 65535"),
        (["--port", "http"], "argument --port: 'http' is not a whole number from 0 to 65535"),
        (["--num-procs", "0"], "argument --num-procs: '0' is not a whole number from 1 to 64"),
        (["--num-procs", "-2"], "argument --num-procs: '-2' is not a whole number from 1 to 64"),
        (["--num-procs", "1000"], "argument --num-procs: '1000' is not a whole number from 1 to 64"),
    ],
)
def test_a_number_out_of_range_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["serve", "--no-open", *arguments])
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


def test_an_address_that_is_not_this_machines_is_told(command: Command) -> None:
    # 192.0.2.0/24 is kept for documentation: no machine has such an address.
    done = command("serve", "--no-open", "--host", "192.0.2.1", "--port", "0")
    assert done.returncode == 2
    assert "cannot listen on 192.0.2.1" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["nope"], ["map"], ["map", "--lang", "de", "--out", "x"]])
def test_a_command_that_is_not_understood_ends_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


def test_help_speaks_the_language_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    assert "nombre de processus" in capsys.readouterr().out
