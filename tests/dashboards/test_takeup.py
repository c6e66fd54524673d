"""The running server takes a newer edition up: no error, no page of two editions, then the new data."""

from __future__ import annotations

import hashlib
import http.client
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import geopandas as gpd
import pytest

from dashboards import jobs
from dashboards.takeup import TakeUp
from layers import catalogue, editions
from layers.text import both

DATA = Path(__file__).resolve().parents[2] / "data"
# A machine that does much else at once is slow, not wrong.
WITHIN_S = 240
PAUSE_S = 0.1
CHOICE = "layers=industry,decarbonation&area=metropolis&format=gpkg"
SHEET = {"choice": CHOICE, "title": "A", "paper": "a4", "dpi": "40", "page": "1"}
# What a browser and the programs beside it ask for; all of it is made of data.
ROUTES = (
    "/", "/map/0123456789abcdef.html", "/present", "/plan", "/table.xlsx?layers=industry&table=industry",
    "/around.json?area=5.0,43.4,8", "/brief.pdf?keep=site:arcelormittal-fos,project:gravithy-fos",
    f"/plan/preview.json?{urlencode({'choice': CHOICE, 'formats': 'gpkg'})}",
    f"/plan/rows.json?{urlencode({'choice': CHOICE, 'layer': 'industry'})}", f"/plan/sheet.png?{urlencode(SHEET)}",
    "/story/figures.json", "/stories/pitch.draft.json",
    "/ogc/collections/industry/items?limit=500", "/ogc/collections/communes/items?limit=500&f=html",
    "/ogc/collections/industry/items/arcelormittal-fos",
)  # fmt: skip
# It counts rows, of which both editions have as many.
SAME = {ROUTES[7]}


@pytest.fixture
def edition(make_edition: Callable[..., Path]) -> Callable[[Path, str, str], Path]:
    """Make editions whose every site, project, commune and story has a mark in its name, without naming them."""

    def make(live: Path, id_: str, mark: str) -> Path:
        folder = make_edition(live, id_)
        for table, columns in (
            ("industry", ("name",)), ("decarbonation", ("name", "name_fr")), ("communes", ("name",)),
            ("poles", ("name",)),
        ):  # fmt: skip
            path = folder / "tables" / f"{table}.parquet"
            rows = gpd.read_parquet(path)
            for column in columns:
                rows[column] = rows[column] + f" {mark}"
            rows.to_parquet(path)
        for path in (folder / "stories").glob("*/story.toml"):
            path.write_text(re.sub(r'(?m)^(title_\w\w = ".*)"$', rf'\1 {mark}"', path.read_text("utf-8")), "utf-8")
        return folder

    return make


def ask(port: int, path: str) -> tuple[int, bytes]:
    """Ask as a browser does: follow where an older address leads, from one process to the other until they agree."""
    for _ in range(20):
        connection = http.client.HTTPConnection("localhost", port, timeout=60)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 302:
            return answer.status, body
        path = f"/map/{answer.headers['Location']}"
    return answer.status, body


def told(port: int, path: str) -> str:
    """Name the content of an answer; of the page only the map it shows, since a session's token is in it."""
    status, body = ask(port, path)
    if path == "/" and status == 200:
        body = b"".join(re.findall(rb'data-src="(map/[0-9a-f]{16}\.html)"', body))
    return f"{status} {hashlib.sha256(body).hexdigest()[:16] if status == 200 else body[:200]!r}"


def all_told(port: int) -> dict[str, str]:
    return {path: told(port, path) for path in ROUTES}


def until(look: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not look():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.1)


def test_a_refresh_is_taken_up_by_every_process_while_people_look(
    tmp_path: Path, start_server: Callable[..., Any], edition: Callable[..., Path], take_up: Callable[..., None]
) -> None:
    live = tmp_path / "live"
    edition(live, "first", "F")
    take_up(live, "first")
    server = start_server("--num-procs", "2", PROVENCE_MAP_LIVE=str(live))

    def count(words: str) -> int:
        return server.log.read_text(encoding="utf-8").count(words)

    before = all_told(server.port)
    assert [path for path, said in before.items() if not said.startswith("200 ")] == [], before
    seen: dict[str, list[str]] = {path: [] for path in ROUTES}
    over = threading.Event()

    def look(paths: tuple[str, ...]) -> None:
        while not over.is_set():
            for path in paths:
                seen[path].append(told(server.port, path))
                # Readers, not a flood: the server is to have time for what it is asked to take up.
                time.sleep(PAUSE_S)

    lookers = [threading.Thread(target=look, args=(paths,)) for paths in (ROUTES[::2], ROUTES[1::2])]
    for looker in lookers:
        looker.start()
    try:
        edition(live, "second", "S")
        take_up(live, "second")
        until(lambda: count("the data of second are shown from now on") == 2)
    finally:
        over.set()
        for looker in lookers:
            looker.join()
    after = all_told(server.port)
    assert {path for path in ROUTES if before[path] == after[path]} <= SAME
    mixed = {path: set(said) - {before[path], after[path]} for path, said in seen.items()}
    assert {path: strange for path, strange in mixed.items() if strange} == {}
    assert all(seen.values()), "no route was looked at during the change"
    _refused(server, count, after, edition(live, "third", "T"), take_up)
    take_up(live, "first")
    until(lambda: count("the data of first are shown from now on") == 2)
    assert told(server.port, ROUTES[1]) == before[ROUTES[1]]
    log = server.log.read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert log.count("refused") == 4


def _refused(
    server: Any, count: Callable[[str], int], after: dict[str, str], broken: Path, take_up: Callable[..., None]
) -> None:
    """An edition that cannot be shown, and a current.json that cannot be read, change nothing."""
    live = broken.parents[1]
    (broken / "tables" / "industry.parquet").write_bytes(b"PAR1 cut short")
    take_up(live, "third")
    until(lambda: count("a new edition of the data was refused, the present one stays: table industry") == 2)
    assert told(server.port, "/") == after["/"]
    assert told(server.port, ROUTES[1]) == after[ROUTES[1]]
    (live / "current.json").write_text("{")
    until(lambda: count("the present one stays: cannot read") == 2)
    assert told(server.port, "/") == after["/"]


def test_a_server_that_starts_with_a_broken_edition_shows_the_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    edition: Callable[..., Path], take_up: Callable[..., None],
) -> None:  # fmt: skip
    live = tmp_path / "live"
    broken = edition(live, "first", "F")
    (broken / "tables" / "facts.csv").write_text("id\n1\n")
    take_up(live, "first")
    monkeypatch.setenv(editions.LIVE_VARIABLE, str(live))
    assert catalogue.data_dir() == broken
    TakeUp().begin()
    assert catalogue.data_dir() == DATA
    assert len(caplog.messages) == 1
    assert "the base data are used: edition first cannot be shown: table facts" in caplog.messages[0]


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edition: Callable[..., Path]) -> Iterator[tuple[Path, Path]]:
    """Two editions, the first in force."""
    monkeypatch.setenv(editions.LIVE_VARIABLE, str(tmp_path))
    found = edition(tmp_path, "first", "F"), edition(tmp_path, "second", "S")
    editions.adopt(found[0])
    yield found
    editions.adopt(DATA)


def test_a_job_keeps_the_data_it_began_with_and_is_tried_again_with_them(two: tuple[Path, Path]) -> None:
    first, second = two
    begun, go = threading.Event(), threading.Event()

    def write(path: Path, *_: Any) -> None:
        begun.set()
        assert go.wait(10)
        path.write_text(catalogue.load("industry")["name"].iloc[0], encoding="utf-8")

    def fail(path: Path, *_: Any) -> None:
        raise ValueError(path)

    def tasks(make: Callable[..., None]) -> list[jobs.Task]:
        return [jobs.Task("a", "a.txt", both("plan.bundle"), write), jobs.Task("b", "b.txt", both("plan.bundle"), make)]

    def ended() -> dict[str, Any]:
        until(lambda: (jobs.find(job) or {})["state"] not in jobs.OPEN)
        return jobs.find(job) or {}

    def said(which: str) -> str:
        return (jobs.root() / job / f"{which}.txt").read_text(encoding="utf-8")

    job = jobs.start({}, tasks(fail))["id"]
    assert begun.wait(10)
    editions.adopt(second)
    go.set()
    assert [row["state"] for row in ended()["files"]] == ["done", "failed"]
    assert said("a").endswith(" F")
    jobs.again(job, tasks(write))
    assert [row["state"] for row in ended()["files"]] == ["done", "done"]
    assert said("b").endswith(" F")
    # The data it began with are gone: all of it is made anew.
    shutil.rmtree(first)
    jobs.again(job, tasks(write))
    ended()
    assert (said("a")[-2:], said("b")[-2:]) == (" S", " S")
