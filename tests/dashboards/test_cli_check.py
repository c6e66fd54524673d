"""`provence-map check`: sound data are sound, each fault is found and told, and --live tells what came."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from dashboards.cli import main
from layers import editions
from layers.catalogue import data_dir
from layers.refresh.check import TOPICS, check
from layers.sources.registry import CONNECTORS
from tests.services import faults
from tests.services.server import Answer, Services

TODAY = datetime(2026, 11, 24, tzinfo=UTC).date()
SMOKE = [one for connector in CONNECTORS.values() for one in connector.smoke]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English whatever the terminal."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the data to a folder that a test may break; its live folder is inside."""
    folder = tmp_path / "data"
    shutil.copytree(data_dir(), folder, ignore=shutil.ignore_patterns("live"))
    monkeypatch.setenv(editions.DATA_VARIABLE, str(folder))
    monkeypatch.setenv(editions.LIVE_VARIABLE, str(folder / "live"))
    return folder


def change(path: Path, work: Callable[[Any], Any]) -> None:
    """Change a table."""
    if path.suffix == ".parquet":
        work(gpd.read_parquet(path)).to_parquet(path)
    else:
        work(pd.read_csv(path, dtype=str, keep_default_na=False)).to_csv(path, index=False, lineterminator="\n")


def test_the_data_as_shipped_are_sound_and_their_age_is_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    said = capsys.readouterr().out
    assert said.count("✓") == len(TOPICS)
    assert "✗" not in said
    assert "more than a year old" in said
    assert main(["check", "--lang", "fr"]) == 0
    assert "rien à signaler" in capsys.readouterr().out


def test_as_json_every_status_and_figure_has_its_age(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["code"], found["findings"], found["live"]) == (0, [], [])
    ages = {(age["table"], age["key"], age["column"]): age for age in found["ages"]}
    assert len([age for age in found["ages"] if age["table"] == "decarbonation"]) == found["tables"]["decarbonation"]
    assert ages["industry", "arcelormittal-fos", "co2_year"]["date"] == "2022"


def test_each_kind_of_fault_is_found(own_data: Path) -> None:
    tables = own_data / "tables"

    def moved(rows: Any) -> Any:
        rows.loc[rows["id"] == "arcelormittal-fos", "geometry"] = shapely.Point(5.45, 43.53)
        rows.loc[rows["id"] == "arcelormittal-fos", "sources"] = "nobody"
        return rows

    def torn(rows: Any) -> Any:
        shape = rows.loc[rows["code"] == "13001", "geometry"].iloc[0]
        rows.loc[rows["code"] == "13001", "geometry"] = shape.difference(shape.representative_point().buffer(0.01))
        return rows[rows["code"] != "13022"]

    change(tables / "industry.parquet", moved)
    change(tables / "communes.parquet", torn)
    change(tables / "facts.csv", lambda rows: rows.drop(columns="year"))
    bowtie = shapely.Polygon([(5, 43), (5.1, 43.1), (5.1, 43), (5, 43.1)])
    change(tables / "neighbours.parquet", lambda rows: rows.assign(geometry=[bowtie, *rows.geometry[1:]]))
    health = check(today=TODAY)
    found = {(one.topic, one.table, one.key) for one in health.findings}
    assert health.code == 4
    assert ("positions", "industry", "arcelormittal-fos") in found
    assert ("sources", "industry", "arcelormittal-fos") in found
    assert ("schema", "facts", "") in found
    assert {("coverage", "communes", ""), ("coverage", "communes", "13022"), ("coverage", "poles", "")} <= found
    assert "geometry" in {one.topic for one in health.findings} or ("schema", "neighbours", "") in found
    told = next(one.said for one in health.findings if one.topic == "positions")
    assert "outside its commune 13039" in told["en"]
    assert "hors de sa commune 13039" in told["fr"]


def test_what_the_last_refresh_left_for_a_person_is_told(own_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    live = own_data / "live"
    live.mkdir()
    doubt = {"table": "industry", "key": "x", "official": "1", "said": {"en": "two alike", "fr": "deux pareils"}}
    held = {"source": "eutl", "state": "held"}
    (live / "report.json").write_text(json.dumps({"doubts": [doubt], "sources": [held]}), encoding="utf-8")
    (live / "current.json").write_text('{"edition": "gone"}', encoding="utf-8")
    assert main(["check"]) == 4
    said = capsys.readouterr().out
    assert "✗ Left for a person by the last refresh: 2" in said
    assert "two alike" in said
    assert "--accept eutl" in said
    assert "✗ Edition: 1" in said
    assert "Data as shipped:" in said


def test_live_prints_what_each_service_answered(services: Services, capsys: pytest.CaptureFixture[str]) -> None:
    for one in SMOKE:
        services.answer(one.url.removeprefix("https://").partition("?")[0], Answer(b'{"total": 7}\n\x00' + 400 * b"x"))
    assert main(["check", "--live"]) == 0
    said = capsys.readouterr().out
    for one in SMOKE:
        assert f"{one.method} {one.url}" in said
        assert one.expects["en"] in said
    assert said.count("200 · application/json; charset=utf-8 · 414 B") >= len(
        [one for one in SMOKE if one.method == "GET"]
    )
    shown = [line for line in said.splitlines() if line.startswith("    | ")]
    assert {len(line) for line in shown} == {206}
    assert shown[0].startswith('    | {"total": 7} ·xx')
    assert {asked.headers["user-agent"].split("/")[0] for asked in services.asked} == {"provence-map"}


def test_a_service_that_does_not_answer_is_no_traceback(services: Services, capsys: pytest.CaptureFixture[str]) -> None:
    address = SMOKE[0].url.removeprefix("https://").partition("?")[0]
    services.answer(address, {"total": 7})
    services.fault(address, faults.status(503))
    assert main(["check", "--live", "--json"]) == 3
    found = json.loads(capsys.readouterr().out)["live"]
    assert len(found) == len(SMOKE)
    assert (found[0]["status"], found[0]["answered"]) == (503, False)
    services.close()
    assert main(["check", "--live"]) == 3
    assert "ConnectError" in capsys.readouterr().out
