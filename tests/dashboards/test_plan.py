"""The Plan page's server as it runs: previews, rows, sheets, and exports that are followed, stopped and taken."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pypdf
import pytest
from PIL import Image

from dashboards import jobs
from dashboards.plan import offer
from layers import planning, snapshot
from layers.errors import StoppedError
from layers.text import both
from tests.asking import ask

CHOICE = "layers=industry,decarbonation&area=martigues-fos&crs=2154&lang=fr"
WAITS_S = 30


def found(server: Any, path: str, **values: str) -> Any:
    """Return the JSON of an answer."""
    answer, body = ask(server, f"{path}?{urlencode(values)}")
    assert answer.status == 200, body[:300]
    return json.loads(body)


def begin(server: Any, choice: str, *names: str, **more: Any) -> dict[str, Any]:
    """Begin an export."""
    answer, body = ask(server, "/plan/jobs", method="POST", body=json.dumps({"choice": choice, "files": names, **more}))
    assert answer.status == 200, body[:300]
    state: dict[str, Any] = json.loads(body)
    return state


def ended(look: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Wait until a job is over."""
    until = time.monotonic() + WAITS_S
    while time.monotonic() < until:
        state = look()
        if state["state"] not in jobs.OPEN:
            return state
        time.sleep(0.05)
    raise AssertionError("the job does not end")


def test_a_preview_counts_what_the_export_will_hold(server: Any) -> None:
    told = found(server, "/plan/preview.json", choice=CHOICE, formats="gpkg,csv")
    frames = snapshot.frames(snapshot.Choice.from_query(CHOICE))
    assert told["faults"] == {}
    assert {row["id"]: row["rows"] for row in told["layers"]} == {name: len(f) for name, f in frames.items()}
    assert told["rows"] == sum(map(len, frames.values()))
    west, south, east, north = told["extent"]
    assert [west, south] == [min(f.total_bounds[i] for f in frames.values()) for i in (0, 1)]
    assert [east, north] == [max(f.total_bounds[i] for f in frames.values()) for i in (2, 3)]
    assert set(told["bytes"]) == {"gpkg", "csv"}


@pytest.mark.parametrize(
    ("choice", "step", "message"),
    [
        ("layers=", "layers", "Choose a layer"),
        ("layers=nothing", "layers", "There is no layer “nothing”"),
        ("layers=industry&area=5,43,5.2,43.4,5.2,43,5,43.4", "area", "cross"),
        ("layers=industry&area=5,43", "area", "The area came as 2 numbers"),
        ("layers=industry&crs=999999", "crs", "EPSG:999999 is not known"),
        ("layers=industry&crs=2056", "crs", "EPSG:2056"),
        ("layers=ports&area=13001", "area", "Ports"),
    ],
)
def test_what_keeps_an_export_from_being_made_is_said_at_its_step(
    server: Any, choice: str, step: str, message: str
) -> None:
    faults = found(server, "/plan/preview.json", choice=choice, formats="gpkg")["faults"]
    assert list(faults) == [step]
    assert message in faults[step][0]["en"]
    assert faults[step][0]["fr"] != faults[step][0]["en"]


def test_the_first_rows_are_those_that_are_written_with_what_each_column_means(server: Any) -> None:
    told = found(server, "/plan/rows.json", choice=CHOICE, layer="industry")
    frame = snapshot.frames(snapshot.Choice.from_query(CHOICE))["industry"]
    assert [column["name"] for column in told["columns"]] == [name for name in frame.columns if name != "geometry"]
    assert all(column["meaning"]["fr"] and column["type"] for column in told["columns"])
    assert [row[0] for row in told["first"]] == list(frame["id"].head(planning.FIRST_ROWS))
    assert told["rows"] == len(frame)


def test_systems_to_choose_among_all_fit_the_metropolis(server: Any) -> None:
    codes = {row["code"] for row in found(server, "/plan/systems.json")}
    assert {2154, 3944, 4326, 25831, 32631} <= codes
    assert not codes & {2056, 27700, 3812}


def test_the_preview_of_a_sheet_is_a_picture_of_the_pdf_that_is_exported(server: Any) -> None:
    values = {"choice": CHOICE, "dpi": "40", "page": "1", "paper": "a4", "title": "Été"}
    answer, body = ask(server, f"/plan/sheet.png?{urlencode(values)}")
    assert answer.headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(body)).size == (468, 331)
    state = begin(server, CHOICE, "pdf", sheet={"paper": "a4", "title": "Été"})
    done = ended(lambda: json.loads(ask(server, f"/plan/jobs/{state['id']}")[1]))
    assert done["files"][0]["name"].endswith("_a4.pdf")
    pages = pypdf.PdfReader(io.BytesIO(ask(server, f"/plan/jobs/{state['id']}/pdf")[1])).pages
    assert len(pages) == int(answer.headers["X-Pages"])
    assert "Été" in pages[0].extract_text()


@pytest.mark.parametrize(
    ("values", "message"),
    [({"dpi": "9"}, "“9” is no resolution"), ({"dpi": "x"}, "“x” is no"), ({"paper": "a9"}, "paper 'a9'")],
)
def test_a_sheet_that_cannot_be_drawn_is_refused_in_both_languages(
    server: Any, values: dict[str, str], message: str
) -> None:
    answer, body = ask(server, f"/plan/sheet.png?{urlencode({'choice': CHOICE, 'dpi': '50', 'page': '1', **values})}")
    assert answer.status == 400
    assert message in json.loads(body)["error"]["en"]


def test_an_export_is_followed_file_by_file_and_taken(server: Any, tmp_path: Path) -> None:
    state = begin(server, CHOICE, "gpkg", "csv")
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", state["id"])
    done = ended(lambda: json.loads(ask(server, f"/plan/jobs/{state['id']}")[1]))
    assert (done["state"], [file["state"] for file in done["files"]]) == ("done", ["done", "done"])
    answer, body = ask(server, f"/plan/jobs/{state['id']}/gpkg")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{done["files"][0]["name"]}"'
    assert re.match(
        r"provence-map_martigues-fos_industry\+decarbonation_2154_\d{4}-\d\d-\d\d\.gpkg", done["files"][0]["name"]
    )
    (tmp_path / "fos.gpkg").write_bytes(body)
    with sqlite3.connect(tmp_path / "fos.gpkg") as read:
        rows = read.execute("select count(*) from industry").fetchone()[0]
    assert rows == len(snapshot.frames(snapshot.Choice.from_query(CHOICE))["industry"])
    packed = zipfile.ZipFile(io.BytesIO(ask(server, f"/plan/jobs/{state['id']}/csv")[1]))
    assert sum(name.endswith(".csv") for name in packed.namelist()) >= 2


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
def test_a_job_of_nobody_is_not_there(server: Any, method: str) -> None:
    for id_ in ("A" * 22, "-" * 22):
        answer, body = ask(server, f"/plan/jobs/{id_}", method=method)
        assert answer.status == 404
        assert "Export again" in json.loads(body)["error"]["en"]
    assert ask(server, "/plan/jobs/../../etc/passwd")[0].status == 404


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "is no export"),
        ('{"choice": 5, "files": ["gpkg"]}', "is no export"),
        ('{"choice": "layers=industry", "files": []}', "Choose 1 to"),
        ('{"choice": "layers=industry", "files": ["exe"]}', "There is no format “exe”"),
        ('{"choice": "layers=", "files": ["gpkg"]}', "layer"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(server: Any, body: str, message: str) -> None:
    answer, told = ask(server, "/plan/jobs", method="POST", body=body)
    assert answer.status == 400, told
    assert message in json.loads(told)["error"]["en"]


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep jobs of this process in a folder of the test."""
    monkeypatch.setattr(jobs, "root", lambda: tmp_path)
    jobs._pool.cache_clear()
    yield
    jobs._pool().shutdown()
    jobs._pool.cache_clear()


def task(name: str, make: Callable[..., object]) -> jobs.Task:
    """Return a file of a job."""
    return jobs.Task(name, f"{name}.txt", both("plan.bundle"), make)


def writes(path: Path, *_: Any) -> None:
    """Make a file at once."""
    path.write_text("whole", encoding="utf-8")


@pytest.mark.usefixtures("alone")
def test_a_stop_keeps_the_finished_files_and_leaves_nothing_of_the_rest() -> None:
    began = threading.Event()

    def waits(_: Path, progress: jobs.Progress, stop: jobs.Stop) -> None:
        progress(1, 3, both("plan.bundle"))
        began.set()
        while not stop():
            time.sleep(0.01)
        raise StoppedError(both("plan.bundle"))

    id_ = jobs.start({}, [task("one", writes), task("two", waits), task("three", writes)])["id"]
    assert began.wait(10)
    assert jobs.stop(id_) is not None
    state = ended(lambda: jobs.find(id_) or {})
    assert [row["state"] for row in state["files"]] == ["done", "stopped", "stopped"]
    assert jobs.file(id_, "one") is not None
    assert jobs.file(id_, "two") is None


@pytest.mark.usefixtures("alone")
def test_a_file_that_fails_keeps_the_others_and_is_tried_again() -> None:
    calls = []

    def fails_once(path: Path, *_: Any) -> None:
        calls.append("two")
        if len(calls) == 1:
            raise OSError("no space left on device")
        writes(path)

    def counts(path: Path, *_: Any) -> None:
        calls.append("one")
        writes(path)

    tasks = [task("two", fails_once), task("one", counts)]
    id_ = jobs.start({}, tasks)["id"]
    state = ended(lambda: jobs.find(id_) or {})
    assert (state["state"], [row["state"] for row in state["files"]]) == ("failed", ["failed", "done"])
    assert "could not be made" in state["files"][0]["said"]["en"]
    jobs.again(id_, tasks)
    assert ended(lambda: jobs.find(id_) or {})["state"] == "done"
    assert calls == ["two", "one", "two"]


@pytest.mark.usefixtures("alone")
def test_more_jobs_than_the_server_takes_are_refused_until_one_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_OPEN", 1)
    goes = threading.Event()
    id_ = jobs.start({}, [task("one", lambda *_: goes.wait(10))])["id"]
    with pytest.raises(jobs.BusyError, match="1 jobs are not finished"):
        jobs.start({}, [task("one", writes)])
    goes.set()
    ended(lambda: jobs.find(id_) or {})
    jobs.start({}, [task("one", writes)])


@pytest.mark.usefixtures("alone")
def test_a_job_that_takes_too_long_ends_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_MINUTES", 0.001)

    def slow(_: Path, __: jobs.Progress, stop: jobs.Stop) -> None:
        while not stop():
            time.sleep(0.01)

    id_ = jobs.start({}, [task("one", slow), task("two", writes)])["id"]
    state = ended(lambda: jobs.find(id_) or {})
    assert state["state"] == "failed"
    assert "minutes at most" in state["files"][1]["said"]["en"]


@pytest.mark.usefixtures("alone")
def test_a_job_whose_process_is_gone_says_so(tmp_path: Path) -> None:
    id_ = jobs.start({}, [task("one", writes)])["id"]
    state = ended(lambda: jobs.find(id_) or {})
    gone = {**state, "state": "running", "pid": 2**22 - 1, "files": [{**state["files"][0], "state": "running"}]}
    (tmp_path / id_ / "state.json").write_text(json.dumps(gone), encoding="utf-8")
    assert "started again" in (jobs.find(id_) or {})["files"][0]["said"]["en"]


@pytest.mark.usefixtures("alone")
def test_finished_jobs_are_taken_away_after_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = jobs.start({}, [task("one", writes)])["id"]
    ended(lambda: jobs.find(id_) or {})
    monkeypatch.setattr(jobs, "KEPT_MINUTES", -1)
    jobs.sweep()
    assert jobs.find(id_) is None


def test_the_form_offers_every_layer_and_format_that_can_be_chosen() -> None:
    told = offer()
    assert {layer["id"] for layer in told["layers"]} == set(snapshot.choosable())
    assert {row["id"] for row in told["formats"]} == {*snapshot.FORMATS, snapshot.BUNDLE}
    assert [row["code"] for row in told["systems"]] == list(snapshot.USUAL_CRS)


@pytest.mark.parametrize("name", ["gpkg", "geojson", "csv", "xlsx", "parquet", "kml"])
def test_an_estimate_is_of_the_size_of_the_file(name: str, tmp_path: Path) -> None:
    choice = snapshot.choose(layers=["industry", "decarbonation", "communes"], format=name)
    record = snapshot.FORMATS[name]
    path = tmp_path / f"all{record.file_ending(3)}"
    snapshot.export(choice, path)
    told = planning.preview(choice, (name,))["bytes"][name]
    assert 0.6 < told / path.stat().st_size < 1.7
