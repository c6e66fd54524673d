"""Usage figures: sums and nothing of who, several writers, files that cannot be written, who may look."""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from dashboards import cli_usage, usage, usage_heard, usage_page
from dashboards.cli import main
from dashboards.usage import Counting, Store
from dashboards.usage_names import KINDS, called
from layers.numbers import number
from layers.text import text
from layers.view import LANGUAGES, Siting, View
from tests.disks import small_disk

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no day end while a test counts."""
    monkeypatch.setattr(usage, "today", lambda: TODAY)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Count into a folder of its own, as long as a test lasts."""
    one = Store(tmp_path / "figures" / usage.FILE)
    usage.begin(one)
    yield one
    usage.end()


def sums(store: Store) -> dict[tuple[str, str], int]:
    """Give what was counted today."""
    usage.store()
    return {(row.kind, row.name): row.n for row in store.rows(TODAY, TODAY)}


class Answered(RequestHandler):
    """Answer every address as the map's server would a good one; `missing` is none."""

    def get(self) -> None:
        """Answer."""
        self.set_status(404 if "missing" in self.request.path else 200)

    head = post = get


def ask(*paths: str, method: str = "GET", provider: Any = None, **headers: str) -> list[HTTPResponse]:
    """Ask a server with the usage page, whose every other address is answered."""

    async def asked() -> list[HTTPResponse]:
        application = Application([*usage_page.PATTERNS, (r"/.*", Answered)])
        application.auth_provider = provider  # type: ignore[attr-defined]
        usage_heard.listen(application)
        (listening,) = bind_unused_port()[:1]
        server = HTTPServer(application)
        server.add_sockets([listening])
        port = listening.getsockname()[1]
        try:
            said = {name.replace("_", "-"): value for name, value in headers.items()}
            return [
                await AsyncHTTPClient().fetch(
                    f"http://127.0.0.1:{port}{path}", method=method, headers=said, raise_error=False,
                    body=b"" if method == "POST" else None,
                )
                for path in paths
            ]  # fmt: skip
        finally:
            server.stop()
            await server.close_all_connections()

    return asyncio.run(asked())


def test_several_writers_share_one_file_and_lose_nothing(tmp_path: Path) -> None:
    store, writers, times = Store(tmp_path / usage.FILE), 4, 25

    def write() -> None:
        one = Counting(Store(store.path))
        for _ in range(times):
            one.count("page", "plan")
            one.write()

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(row.name, row.n) for row in store.rows(TODAY, TODAY)] == [("plan", writers * times)]


def test_a_file_that_is_broken_is_told_once_and_what_was_counted_comes_when_it_is_mended(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store.path.write_text("this is no database, and long enough to be taken for one" * 40, encoding="utf-8")
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            usage.count("page", "plan")
            usage.store()
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        with pytest.raises(usage.UsageError, match="move the file away to begin a new one"):
            store.rows(TODAY, TODAY)
        store.path.unlink()
        assert sums(store) == {("page", "plan"): 3}
    assert "again" in caplog.records[-1].getMessage()


def test_a_full_disk_stops_nothing_and_loses_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with small_disk(tmp_path / "disk", 512) as disk:
        counting, filler = Counting(Store(disk / usage.FILE)), disk / "filler"
        with pytest.raises(OSError, match="No space left"):
            filler.write_bytes(b"x" * 1_000_000)
        for _ in range(2):
            counting.count("page", "plan")
            counting.write()
        assert len(caplog.records) == 1
        assert "the map goes on" in caplog.text
        filler.unlink()
        counting.write()
        assert [(row.name, row.n) for row in counting.store.rows(TODAY, TODAY)] == [("plan", 2)]


def test_old_figures_go(store: Store) -> None:
    for age in (0, store.kept_days - 1, store.kept_days):
        store.add({((TODAY - timedelta(days=age)).isoformat(), "page", "plan"): 1})
    usage.store()
    kept = [row.day for row in store.rows(date(2000, 1, 1), TODAY)]
    assert kept == [TODAY - timedelta(days=store.kept_days - 1), TODAY]


def test_a_request_leaves_a_number_and_no_trace_of_who_asked(store: Store) -> None:
    who = "Mozilla-Someone-Particular"
    ask("/plan", "/stories/pitch.en.html?lang=fr&name=hidden-word", "/brief.pdf?keep=site:hidden-word", "/table.xlsx",
        "/stories/pitch.fr.pptx", "/ogc/collections/industry/items", "/ogc/collections/industry/items?offset=100",
        Cookie="id=hidden-word", User_Agent=who, Accept_Language="fr", Sec_Fetch_Dest="iframe", Referer="http://hidden-word/",
    )  # fmt: skip
    assert sums(store) == {
        ("page", "plan"): 1, ("story", "pitch"): 1, ("export", "brief.pdf"): 1, ("export", "table.xlsx"): 1,
        ("export", "story.pptx"): 1, ("ogc", "industry"): 1, ("language", "fr"): 2, ("frame", "framed"): 2,
    }  # fmt: skip
    with closing(sqlite3.connect(store.path)) as file:
        assert [row[1] for row in file.execute("PRAGMA table_info(counts)")] == ["day", "kind", "name", "n"]
        assert [name for (name,) in file.execute("SELECT name FROM sqlite_master")] == ["counts"]
    kept = b"".join(path.read_bytes() for path in store.path.parent.iterdir())
    assert not re.search(rb"hidden-word|Mozilla|127\.0\.0\.1", kept)


def test_nobody_writes_words_of_their_own_into_the_file(store: Store) -> None:
    ask("/stories/missing.en.html", "/missing", "/plan/jobs/short/gpkg", "/usage?kind=page", "/plan?lang=xx")
    ask("/plan", "/table.xlsx", method="HEAD")
    heard = usage_heard.Heard({}, {})
    heard.opened("enormous", View())
    heard.shown(View(siting=Siting("made-up")))
    assert sums(store) == {("page", "plan"): 1, ("language", "en"): 1, ("frame", "own"): 1}


def test_an_open_page_counts_each_thing_once(store: Store) -> None:
    heard = usage_heard.Heard({"Accept-Language": "fr-FR"}, {})
    view = View(layers=("poles", "industry"))
    heard.opened("narrow framed", view)
    for now in (view.with_(layers=("poles",)), view, view.with_(siting=Siting("hydrogen")), view.with_(language="en")):
        heard.shown(now)
    heard.opened("narrow", view)
    assert sums(store) == {
        ("page", "explore"): 1, ("width", "narrow"): 1, ("frame", "framed"): 1, ("layer", "poles"): 1,
        ("layer", "industry"): 1, ("siting", "hydrogen"): 1, ("language", "fr"): 1, ("language", "en"): 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 200), ({"X_Forwarded_For": "127.0.0.1"}, 403), ({"Forwarded": "for=127.0.0.1"}, 403),
     ({"Host": "map.example"}, 403)],
)  # fmt: skip
def test_the_page_is_for_who_sits_at_the_machine(store: Store, headers: dict[str, str], status: int) -> None:
    assert store
    (answer,) = ask("/usage", **headers)
    assert answer.code == status
    assert answer.headers["Cache-Control"] == "no-store"


class Provider:
    """A sign-in that knows somebody, as Panel's own tell it."""

    def __init__(self, user: str | None) -> None:
        self.get_user_async, self.get_user = None, lambda _: user


def test_whoever_is_signed_in_may_look_from_elsewhere_and_a_guest_may_not(store: Store) -> None:
    assert store
    known = [
        ask("/usage", provider=Provider(user), X_Forwarded_For="9.9.9.9")[0].code for user in ("ada", "guest", None)
    ]
    assert known == [200, 403, 403]


def test_where_nothing_is_counted_there_is_no_page() -> None:
    (answer,) = ask("/usage")
    assert answer.code == 404
    assert text("usage.off", "fr").encode() in answer.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_no_small_number_in_words_or_in_bars(store: Store, language: str) -> None:
    for name, n in (("explore", 1234), ("plan", 3), ("present", 1)):
        store.add({(TODAY.isoformat(), "page", name): n})
    (answer,) = ask(f"/usage?lang={language}&days=7")
    said = answer.body.decode()
    few = "&lt; 5"
    assert said.count(f'<td class="n">{few}</td>') == 2
    assert f'<td class="n">{number(1234, language)}</td>' in said  # type: ignore[arg-type]
    assert len(set(re.findall(r'<rect width="([\d.]+)" height="6"/>', said))) == 2
    assert "<script" not in said
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("days", "said"), [(1, "gardés un jour."), (2, "gardés 2 jours.")])
def test_one_day_is_one(tmp_path: Path, days: int, said: str) -> None:
    usage.begin(Store(tmp_path / usage.FILE, kept_days=days))
    try:
        assert said in usage_page.page("fr", 7).decode()
    finally:
        usage.end()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_of_no_list_any_more_is_told_as_it_was_counted(kind: str, language: str) -> None:
    if kind not in {"page", "width", "frame"}:
        assert called(kind, "of-old", language) == "of-old"  # type: ignore[arg-type]


def test_the_command_tells_and_writes_what_was_counted(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.add(
        {("2026-03-01", "page", "plan"): 3, ("2026-03-02", "page", "plan"): 4, ("2026-04-01", "story", "pitch"): 9}
    )
    asked = ["usage", "--usage", str(store.path.parent), "--from", "2026-03-01", "--to", "2026-03-31", "--lang", "fr"]
    assert main(asked) == 0
    assert re.search(r"^ +7  Planifier$", capsys.readouterr().out, re.MULTILINE)
    assert main([*asked, "--csv", str(tmp_path / "out.csv")]) == 0
    assert (
        tmp_path / "out.csv"
    ).read_bytes() == b"day,kind,name,n\r\n2026-03-01,page,plan,3\r\n2026-03-02,page,plan,4\r\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [([], "give --usage DIR, or set PROVENCE_MAP_USAGE"), (["--usage", "/nonexistent"], "nothing was counted there")],
)
def test_the_command_says_what_it_lacks(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(usage.VARIABLE, raising=False)
    assert main(["usage", *arguments]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "environment", "folder"),
    [
        ([], "", None), ([], "/env", "/env"), (["--usage", "/own"], "/env", "/own"), (["--no-usage"], "/env", None),
        (["--usage", "/own", "--no-usage"], "/env", None),
    ],
)  # fmt: skip
def test_counting_is_off_until_asked_for_and_one_switch_ends_it(
    arguments: list[str], environment: str, folder: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(usage.VARIABLE, environment)
    parser = ArgumentParser()
    cli_usage.add_to_serve(parser, "en")
    found = cli_usage.figures(parser.parse_args(arguments))
    assert (found and str(found.path.parent)) == folder


def test_a_folder_that_cannot_be_is_told_before_the_server_starts(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(usage.UsageError, match=r"cannot keep usage figures in .*file/in: .*name another folder"):
        usage.begin(Store(tmp_path / "file" / "in" / usage.FILE))


def test_off_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    usage.count("page", "plan")
    assert usage.store() is None
    assert list(tmp_path.iterdir()) == []
