"""The server as it runs: headers, compression, addresses, several processes."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import gzip
import http.client
import json
import re
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application

from dashboards import beside as handed
from layers import budget, editions
from layers.web import beside

FOREVER = "public, max-age=31536000, immutable"


def get(server: Any, path: str, *, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask the server for a path, without following where it leads."""
    connection = http.client.HTTPConnection("localhost", server.port, timeout=10)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def children_of(process: int) -> list[str]:
    """Give the processes that a process started, as /proc tells."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1] == str(process):
                found.append(stat.parent.name)
    return found


@pytest.fixture(scope="module")
def page(server: Any) -> str:
    """Give the page at /."""
    answer, body = get(server, "/")
    assert answer.status == 200
    return body.decode()


@pytest.fixture(scope="module")
def map_path(page: str) -> str:
    """Give the path of the map document that the page names."""
    found = re.search(r'data-src="(map/[0-9a-f]{16}\.html)"', page)
    assert found
    return f"/{found[1]}"


@pytest.fixture(scope="module")
def font_path(server: Any, map_path: str) -> str:
    """Give the path of the typeface that the map document names."""
    found = re.search(r'href="\.\./(assets/inter\.[0-9a-f]{12}\.woff2)"', get(server, map_path)[1].decode())
    assert found
    return f"/{found[1]}"


def test_the_page_names_no_address_of_another_server(page: str) -> None:
    fetched = re.findall(r'(?:src|href|data-src)="([^"]+)"', page)
    assert fetched
    assert [address for address in fetched if re.match(r"(https?:)?//", address)] == []
    assert not re.search(r"(?:url\(|@import|import\()\s*['\"]?(?:https?:)?//", page)


def test_the_page_is_no_empty_shell(page: str) -> None:
    # A broken Panel application answers 200 with an empty page.
    assert '<iframe id="map"' in page
    assert "Bokeh" in page or "bokeh" in page


def test_the_document_is_kept_for_good(server: Any, map_path: str) -> None:
    answer, body = get(server, map_path)
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == FOREVER
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Encoding"] is None
    assert body.startswith(b"<!doctype html>")


def test_the_document_is_compressed_for_those_who_can_read_it(server: Any, map_path: str) -> None:
    plain = get(server, map_path)[1]
    answer, packed = get(server, map_path, Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(packed)
    assert len(packed) < len(plain) / 2
    assert gzip.decompress(packed) == plain


def test_the_typeface_is_kept_for_good_and_not_compressed_again(server: Any, font_path: str) -> None:
    answer, body = get(server, font_path, Accept_Encoding="gzip")
    assert answer.headers["Cache-Control"] == FOREVER
    assert answer.headers["Content-Type"] == "font/woff2"
    assert answer.headers["Content-Encoding"] is None
    assert body.startswith(b"wOF2")


def test_the_head_of_the_document_may_be_asked_for_alone(server: Any, map_path: str) -> None:
    whole, body = get(server, map_path)
    head, nothing = get(server, map_path, method="HEAD")
    assert (head.status, nothing) == (200, b"")
    assert head.headers["Content-Length"] == whole.headers["Content-Length"] == str(len(body))


def test_the_criteria_of_siting_are_made_when_asked_for_and_kept_for_good(server: Any) -> None:
    leads, _ = get(server, "/siting/criteria.json")
    assert (leads.status, leads.headers["Cache-Control"]) == (302, "no-store")
    path = f"/siting/{leads.headers['Location']}"
    answer, packed = get(server, path, Accept_Encoding="gzip")
    assert answer.headers["Cache-Control"] == FOREVER
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    told = json.loads(gzip.decompress(packed))
    planes = gzip.decompress(base64.b64decode(told["planes"]))
    assert len(planes) == told["bytes"] == told["rows"] * told["columns"] * (2 + len(told["criteria"]))
    assert get(server, path, method="HEAD")[1] == b""


def test_an_older_name_leads_to_the_present_one(server: Any, map_path: str, font_path: str) -> None:
    for older, path in (("/map/0123456789abcdef.html", map_path), ("/assets/inter.0123456789ab.woff2", font_path)):
        answer, _ = get(server, older)
        assert answer.status == 302
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Location"] == path.rpartition("/")[2]


@pytest.mark.parametrize("path", ["/map/../pyproject.toml", "/map/x.html", "/assets/inter.woff2", "/nothing"])
def test_anything_else_is_not_found(server: Any, path: str) -> None:
    assert get(server, path)[0].status == 404


def test_the_document_asks_its_own_server_for_the_typeface_only(server: Any, map_path: str, font_path: str) -> None:
    html = get(server, map_path)[1].decode()
    assert f"url(..{font_path})" in html
    assert "font/woff2;base64" not in html


def test_two_processes_share_the_port_and_answer_alike(start_server: Callable[..., Any]) -> None:
    two = start_server("--num-procs", "2")
    assert len(children_of(two.process.pid)) == 2
    named = set()
    for _ in range(8):
        answer, body = get(two, "/")
        assert answer.status == 200
        named |= set(re.findall(rb'data-src="(map/[0-9a-f]{16}\.html)"', body))
    assert len(named) == 1
    for _ in range(4):
        assert get(two, f"/{next(iter(named)).decode()}")[0].status == 200


def test_it_stops_when_told_to_and_says_so(start_server: Callable[..., Any]) -> None:
    own = start_server()
    own.process.send_signal(signal.SIGINT)
    assert own.process.wait(10) == 0
    said = own.log.read_text(encoding="utf-8")
    assert f"Provence Map is at http://localhost:{own.port}/" in said
    assert "Provence Map has stopped" in said
    assert "Traceback" not in said


def test_what_lies_beside_the_map_is_handed_out_while_another_file_is_made(
    draped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(budget.VARIABLE, "0.001")
    monkeypatch.setenv(beside.CACHE_VARIABLE, str(tmp_path))
    worked, release, cards = [], threading.Event(), beside.cards
    monkeypatch.setattr(handed, "_cards", editions.kept(most=4)(lambda block: (worked.append(block), cards(block))[1]))

    async def asked() -> list[int]:
        (listening,) = bind_unused_port()[:1]
        server = HTTPServer(Application(handed.PATTERNS))
        server.add_sockets([listening])
        stem = beside.name("industry", "json").removesuffix(".json")
        paths = [beside.name("rail", "json"), f"{stem}/3.json", f"{stem}/3.json", f"{stem}/9.json", f"{stem}/99.json"]

        async def code(path: str) -> int:
            address = f"http://127.0.0.1:{listening.getsockname()[1]}/beside/{path}"
            return (await AsyncHTTPClient().fetch(address, raise_error=False, request_timeout=8)).code

        try:
            codes = [await code(path) for path in paths]
            monkeypatch.setattr(handed, "MOST_WAITING", 0)
            return [*codes, await code(paths[1])]
        finally:
            release.set()
            server.stop()
            await server.close_all_connections()

    with editions.using(draped):
        beside.made("rail", beside.ROWS)
        # The thread that makes files has one to make that takes its time.
        handed._maker().submit(release.wait)
        assert asyncio.run(asked()) == [200, 200, 200, 200, 200, 503]
    assert worked == [3, beside.blocks()], "a block is worked out once, those beyond the last site as one"
