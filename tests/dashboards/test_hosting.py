"""The server as it is hosted: headers, what it refuses and how, below a prefix, with a sign-in, until it is stopped."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import http.client
import io
import json
import re
import secrets
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from bokeh.util.token import get_token_payload
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application

from dashboards import headers, hosting, logs, metrics, signin
from dashboards.cli import main
from dashboards.limits import Limit, who
from layers.text import text
from layers.view import LANGUAGES

HTML = "text/html,application/xhtml+xml"
FORM = "application/x-www-form-urlencoded"
PASSWORD = "a long enough one"  # noqa: S105
EMBEDDER = "https://paper.example.org"
# An address of each kind that the server answers: Panel's and Tornado's own, ours, and what is refused.
EVERYWHERE = (
    "", "map/0123456789abcdef.html", "assets/inter.0123456789ab.woff2", "static/js/bokeh.min.js", "favicon.ico",
    "static/extensions/panel/css/loading.css", "present", "plan", "around.json?area=5.2,43.4,5", "qr.svg?text=x",
    "brief.pdf?keep=", "plan/jobs/0123456789012345678901", "ogc", "ogc?f=html", "ogc/nothing", "nothing", "metadata",
    "health/ready", "metrics", "stories/pitch.draft.json", "siting/ranking.csv",
)  # fmt: skip
# Ways out of a folder, plain and encoded once and twice, on every address that names a file.
OUT = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "%252e%252e%252f", "....//", "..%c0%af", "/", "%00/")
NAMED = (
    "static/{}", "static/js/{}", "static/extensions/panel/{}", "map/{}", "assets/{}", "relief/{}", "siting/{}",
    "stories/{}", "plan/jobs/{}", "plan/jobs/0123456789012345678901/{}", "ogc/collections/{}", "components/{}",
)  # fmt: skip


def ask(server: Any, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> Any:
    """Ask below the server's prefix, exactly as written; give the answer with its `body` read."""
    connection = http.client.HTTPConnection("localhost", server.port, timeout=30)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"{server.prefix}/{path}", body=body, headers=named)
        answer: Any = connection.getresponse()
        answer.text = answer.read().decode("utf-8", "replace")
        return answer
    finally:
        connection.close()


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a file of names with one name in it, as `provence-map sign-in` does."""
    path = tmp_path_factory.mktemp("names") / "names.json"
    signin.write(path, "ana", PASSWORD)
    return path


@pytest.fixture(scope="module")
def hosted(start_server: Callable[..., Any], names: Path) -> Any:
    """A server as somebody hosts it: below a prefix, behind a proxy, for few, with sign-in and all limits."""
    return start_server(
        "--prefix", "/map", "--max-sessions", "2", "--trust-proxy", "--sign-in", str(names), "--log", "json",
        "--grace", "30", "--embed-from", EMBEDDER, "--origin", "https://map.example.org",
    )  # fmt: skip


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_tells_the_browser_what_it_may_do(server: Any, path: str) -> None:
    told = ask(server, path, Accept=HTML).headers
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Referrer-Policy"] == "no-referrer"
    assert told["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in told["Permissions-Policy"]
    assert told["X-Frame-Options"] == "SAMEORIGIN"
    assert told["Server"] == "provence-map"
    policies = told.get_all("Content-Security-Policy")
    assert len(policies) == 1
    assert policies[0].endswith("frame-ancestors 'self'")
    assert "unsafe-eval" not in policies[0]
    assert re.search(r"script-src[^;]*unsafe-inline", policies[0]) is None


def test_a_page_runs_one_script_of_ours_by_a_nonce_that_no_other_answer_has(server: Any) -> None:
    seen = set()
    for _ in range(2):
        answer = ask(server, "")
        (nonce,) = re.findall(r"'nonce-([^']{20,})'", answer.headers["Content-Security-Policy"])
        assert re.findall(r'<script nonce="([^"]*)"', answer.text) == [nonce]
        inline = re.findall(r"<script(?![^>]*(?:src=|nonce=|application/json|esms-options))[^>]*>", answer.text)
        assert inline == []
        seen.add(nonce)
    assert len(seen) == 2


@pytest.mark.parametrize("form", NAMED)
def test_no_address_leads_out_of_its_folder(server: Any, form: str) -> None:
    for out in OUT:
        for target in ("etc/passwd", "pyproject.toml", "data/catalogue.toml"):
            answer = ask(server, form.format(out * 6 + target))
            assert answer.status in {302, 400, 403, 404}, (out, target)
            assert "root:" not in answer.text
            assert "[project]" not in answer.text
            assert "[layers" not in answer.text


@pytest.mark.parametrize(
    "path", ["autoload.js?bokeh-autoload-element=x", "metadata", "components/os/path/x/y", "?bokeh-session-id=x"]
)
def test_what_panel_answers_besides_the_map_is_closed(server: Any, path: str) -> None:
    assert ask(server, path).status == 404


def test_what_is_too_large_or_of_no_said_size_is_not_kept(server: Any) -> None:
    large = ask(server, "plan/jobs", method="POST", body=b"x" * 70_000)
    assert large.status == 413
    assert json.loads(large.text)["error"]["en"].endswith("at most 65,536 bytes are read.")
    assert ask(server, "plan/jobs", method="POST", body=iter([b"{}"])).status == 411  # type: ignore[arg-type]
    # A reader's browser is told the same on a page.
    page = ask(server, "", Accept=HTML, Accept_Language="fr", body=b"x" * 70_000)
    assert page.status == 413
    assert text("hosting.large", "fr") in page.text
    assert "65\u202f536" in page.text
    page = ask(server, "", Accept=HTML, body=iter([b"{}"]))  # type: ignore[arg-type]
    assert page.status == 411
    assert text("hosting.length", "en") in page.text
    # Longer than any address of ours: Tornado hangs up without a word.
    with pytest.raises(http.client.RemoteDisconnected):
        ask(server, f"?x={'y' * 40_000}")
    assert ask(server, "health/live").status == 200


def test_it_says_that_it_lives_is_ready_and_how_much_it_did(server: Any) -> None:
    assert json.loads(ask(server, "health/live").text) == {"live": True}
    assert json.loads(ask(server, "health/ready").text) == {"ready": True, "edition": "base", "lacks": []}
    ask(server, "around.json?area=5.2,43.4,5")
    figures = ask(server, "metrics").text
    assert re.search(r'provence_requests_total\{route="/around.json",status="200"\} [1-9]', figures)
    assert 'provence_edition{edition="base"} 1.0' in figures
    assert "127.0.0.1" not in figures
    assert "43.4" not in figures


def join(server: Any, page: Any) -> http.client.HTTPConnection:
    """Ask to join the session of a page, as its script does; the answer is the connection's to give."""
    (token,) = re.findall(r'data-token="([^"]+)"', page.text)
    connection = http.client.HTTPConnection("localhost", server.port, timeout=30)
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13"}
    protocols = {"Sec-WebSocket-Protocol": f"bokeh, {token}"}
    connection.request("GET", f"{server.prefix}/session/ws", headers=upgrade | protocols)
    return connection


def test_a_page_costs_no_session_and_a_full_server_still_serves_the_whole_map(hosted: Any) -> None:
    pages = [ask(hosted, "", Accept=HTML) for _ in range(5)]
    assert {page.status for page in pages} == {200}
    with contextlib.ExitStack() as stack:
        for n in range(1, 3):
            open_ = stack.enter_context(contextlib.closing(join(hosted, pages[n])))
            assert open_.getresponse().status == 101
            until(lambda n=n: f"provence_sessions_open {n}.0" in ask(hosted, "metrics").text)  # type: ignore[misc]
        refused = stack.enter_context(contextlib.closing(join(hosted, pages[4]))).getresponse()
        assert refused.status == 503
        assert 8 <= int(refused.headers["Retry-After"]) <= 16
        said = json.loads(refused.read())["error"]
        assert said == {language: text("hosting.full_said", language) for language in LANGUAGES}
        assert ask(hosted, "?year=2018", Accept=HTML).status == 200
        assert 'provence_refused_total{why="full"}' in ask(hosted, "metrics").text
    # Who left makes room for who waits.
    until(lambda: "provence_sessions_open 0.0" in ask(hosted, "metrics").text)
    with contextlib.closing(join(hosted, pages[4])) as let_in:
        assert let_in.getresponse().status == 101


def until(seen: Callable[[], bool]) -> None:
    """Look again and again for what takes the server a few seconds."""
    for _ in range(300):
        if seen():
            return
        time.sleep(0.1)
    pytest.fail("it never came to that")


def test_below_a_prefix_every_address_stands_below_it(hosted: Any) -> None:
    assert ask(hosted, "present", Accept=HTML).headers["Location"].startswith("/map/login?next=/map/present")
    assert ask(hosted, "ogc", X_Forwarded_Proto="https").text.count(f"https://localhost:{hosted.port}/map/ogc") > 2
    assert ask(hosted, "health/ready").status == 200
    bare = http.client.HTTPConnection("localhost", hosted.port, timeout=10)
    bare.request("GET", "/present")
    answer = bare.getresponse()
    answer.read()
    bare.close()
    assert answer.status == 404


def test_only_named_pages_may_hold_the_map_in_a_frame(hosted: Any) -> None:
    told = ask(hosted, "plan", Accept=HTML).headers
    assert told["Content-Security-Policy"].endswith(f"frame-ancestors 'self' {EMBEDDER}")
    assert told["X-Frame-Options"] is None


def test_who_writes_stories_signs_in_and_who_reads_gets_no_cookie(hosted: Any, names: Path) -> None:
    assert ask(hosted, "plan").headers["Set-Cookie"] is None
    assert ask(hosted, "story.json", method="POST", body=b"{}").status == 401
    page = ask(hosted, "login?next=/map/present&lang=fr", Accept_Language="en")
    assert text("hosting.sign_in", "fr") in page.text
    assert "<script" not in page.text

    def enter(**said: str) -> Any:
        form = urlencode({"username": "ana", "password": PASSWORD, "next": "/map/present", **said}).encode()
        return ask(hosted, "login", method="POST", body=form, Content_Type=FORM, X_Forwarded_Proto="https")

    assert enter(password="wrong").status == enter(username="bob").status == 403  # noqa: S106
    entered = enter()
    assert (entered.status, entered.headers["Location"]) == (302, "/map/present")
    cookie = entered.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Secure", "Path=/map"))
    kept = cookie.partition(";")[0]
    assert ask(hosted, "present", Cookie=kept).status == 200
    assert ask(hosted, "present", Cookie=kept.replace("user=", "user=x")).status == 401
    assert enter(next="https://elsewhere.example").headers["Location"] == "/map/present"
    assert enter(next="//elsewhere.example").headers["Location"] == "/map/present"
    # Who is taken out of the file is nobody at once, whatever his cookie says.
    before = names.read_text(encoding="utf-8")
    signin.write(names, "eve", PASSWORD)
    names.write_text(json.dumps({"eve": signin.read(names)["eve"]}), encoding="utf-8")
    assert ask(hosted, "present", Cookie=kept).status == 401
    names.write_text(before, encoding="utf-8")
    assert ask(hosted, "present", Cookie=kept).status == 200


@pytest.fixture
def decided() -> Iterator[Callable[..., None]]:
    """Host otherwise for a moment."""
    before = hosting.now()
    yield lambda **otherwise: hosting.decide(replace(before, **otherwise))
    hosting.decide(before)


def enter(*forms: dict[str, str]) -> list[HTTPResponse]:
    """Sign in at the root of a host, by the page alone; give the answers, which are not followed."""

    async def entered() -> list[HTTPResponse]:
        server = HTTPServer(Application([("/login", signin.Login)], cookie_secret="x" * 32))
        (listening,) = bind_unused_port()[:1]
        server.add_sockets([listening])
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/login"
        said = [{"username": "ana", "password": PASSWORD, **form} for form in forms]
        try:
            return [
                await AsyncHTTPClient().fetch(
                    address, method="POST", body=urlencode(form), raise_error=False, follow_redirects=False
                )
                for form in said
            ]
        finally:
            server.stop()
            await server.close_all_connections()

    return asyncio.run(entered())


ASTRAY = (
    "/\t/elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "/\n/elsewhere.example", "/ /elsewhere",
    "https://elsewhere.example", "elsewhere", "", "\t//elsewhere.example",
)  # fmt: skip


def test_after_the_sign_in_nobody_is_led_elsewhere(
    decided: Callable[..., None], names: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(sign_in=names)
    monkeypatch.setattr(signin, "_TRIES", Limit(burst=20, per_second=1))
    led = [answer.headers["Location"] for answer in enter(*({"next": there} for there in (*ASTRAY, "/plan?lang=fr")))]
    assert led == ["/present"] * len(ASTRAY) + ["/plan?lang=fr"]


def test_without_limits_of_requests_tries_of_a_password_are_limited_all_the_same(
    decided: Callable[..., None], names: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(sign_in=names, rate=False)
    limit = Limit(burst=2, per_second=0.1, clock=lambda: 0.0)
    monkeypatch.setattr(signin, "_TRIES", limit)
    assert [answer.code for answer in enter(*[{"password": "wrong"}] * 3)] == [403, 403, 429]
    assert limit.wait_where_limited("127.0.0.1") == 0


def test_who_may_frame_the_map_goes_with_what_a_browser_keeps(
    server: Any, hosted: Any, decided: Callable[..., None]
) -> None:
    # The same document of two servers: of one that nobody may frame, and of one that somebody may.
    names = [re.findall(r'data-src="map/([0-9a-f]{16})\.html"', ask(one, "").text) for one in (server, hosted)]
    assert [len(found) for found in names] == [1, 1]
    assert names[0] != names[1]
    plans = [ask(one, "plan") for one in (server, hosted)]
    assert plans[0].text == plans[1].text
    assert plans[0].headers["ETag"] != plans[1].headers["ETag"]
    again = ask(hosted, "plan", If_None_Match=plans[1].headers["ETag"])
    assert again.status == 304
    alone = headers.etag('"tag"')
    decided(embed_from=(EMBEDDER,))
    assert headers.etag('"tag"') != alone
    assert headers.etag(None) is None


def test_the_token_of_a_session_holds_nothing_of_the_reader(server: Any) -> None:
    page = ask(server, "?lang=fr", Cookie="of=somebody", Accept_Language="fr", User_Agent="Particular")
    (token,) = re.findall(r'data-token="([^"]+)"', page.text)
    # All three are there, and empty: what were absent Bokeh would take from the websocket's own request.
    held = get_token_payload(token)
    assert held.pop("session_expiry")
    assert held == {"headers": {}, "cookies": {}, "arguments": {}}


@pytest.mark.parametrize("variable", ["PROVENCE_MAP_SECRET", "PANEL_COOKIE_SECRET"])
def test_a_secret_that_can_be_guessed_stops_the_server_before_it_begins(
    variable: str,
    names: Path,
    decided: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    decided()
    monkeypatch.setenv(variable, "change-me")
    assert main(["serve", "--no-open", "--port", "0", "--sign-in", str(names)]) == 2
    assert f"{variable} has 9 characters: at least 32 expected" in capsys.readouterr().err
    monkeypatch.setenv(variable, "x" * 32)
    assert hosting.secret(variable) == "x" * 32
    monkeypatch.delenv(variable)
    assert hosting.secret(variable) is None


def test_figures_know_every_address_of_ours_and_no_stranger_makes_a_new_row() -> None:
    from dashboards import server

    heads = {re.findall(r"^/([a-z.-]*)", pattern[0].replace("\\", ""))[0]
             for part in server._PARTS for pattern in part.PATTERNS}  # fmt: skip
    assert len(heads) > 12
    assert {metrics.route(f"/{head}") for head in heads} == {f"/{head}" for head in heads}
    assert metrics.route("/stranger") == "other"


def test_an_address_that_exports_too_often_is_asked_to_wait(hosted: Any) -> None:
    one, other = "203.0.113.7", "203.0.113.8"
    # The bucket fills again while it is emptied: a slow machine asks longer, and no machine for ever.
    answers = (ask(hosted, "brief.pdf?keep=", X_Forwarded_For=one) for _ in range(200))
    let_in, refused = 0, next(answers)
    while refused.status == 400:
        let_in, refused = let_in + 1, next(answers)
    assert refused.status == 429
    assert let_in >= 20
    # Never one second: pages speak of seconds.
    assert int(refused.headers["Retry-After"]) >= 2
    assert ask(hosted, "brief.pdf?keep=", X_Forwarded_For=other).status == 400
    assert ask(hosted, "health/live", X_Forwarded_For=one).status == 200


# Last of the module: it ends the server.
def test_told_to_stop_it_finishes_what_it_began_and_names_no_reader_in_its_log(hosted: Any) -> None:
    order = json.dumps({"choice": "layers=industry&crs=2154", "files": ["gpkg", "geojson"]}).encode()
    job = json.loads(ask(hosted, "plan/jobs", method="POST", body=order, X_Forwarded_For="198.51.100.23").text)
    hosted.process.send_signal(signal.SIGTERM)
    refused = _until(lambda: ask(hosted, "?secret=1", Accept=HTML, X_Forwarded_For="198.51.100.23"), 503)
    assert text("hosting.stopping", "en") in refused.text
    assert json.loads(ask(hosted, "health/ready").text)["lacks"] == ["staying"]
    assert hosted.process.wait(40) == 0
    lines = [json.loads(line) for line in hosted.log.read_text(encoding="utf-8").splitlines()]
    assert {"time", "level", "logger", "event", "message"} <= set(lines[0])
    said = [line["message"] for line in lines]
    assert "Provence Map has stopped" in said
    assert not [line for line in said if "took longer than the grace" in line], job
    assert ("request", "/", 503) in [(line["event"], line.get("route"), line.get("status")) for line in lines]
    whole = hosted.log.read_text(encoding="utf-8")
    assert not re.search(r"198\.51\.100|203\.0\.113|secret=1|127\.0\.0\.1", whole)


def _until(look: Callable[[], Any], status: int) -> Any:
    """Ask until a status comes; a stop is heard between two turns of the event loop."""
    deadline = time.monotonic() + 10
    while (answer := look()).status != status or text("hosting.stopping", "en") not in answer.text:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return answer


def test_an_address_is_kept_as_a_hash_and_a_home_of_ipv6_is_one() -> None:
    assert "203.0.113.7" not in who("203.0.113.7")
    assert who("203.0.113.7") == who("203.0.113.7") != who("203.0.113.8")
    assert who("2001:db8:1:2::1") == who("2001:db8:1:2:ffff::9") != who("2001:db8:1:3::1")
    now = [0.0]
    limit = Limit(burst=2, per_second=0.5, clock=lambda: now[0])
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 2]
    assert limit.wait("b") == 0
    now[0] = 2.0
    assert limit.wait("a") == 0


def test_what_tornado_says_of_a_request_names_neither_reader_nor_view() -> None:
    said = "500 GET /map?select=site:x (203.0.113.7) 3ms HTTPServerRequest(protocol='http', remote_ip='203.0.113.7')"
    assert logs.without_reader(said) == "500 GET /map 3ms HTTPServerRequest(…)"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--prefix", "/a b"], "--prefix is '/a b': a path expected, as /map"),
        (["--prefix", "/../x"], "--prefix is '/../x': a path expected"),
        (["--embed-from", "example.org"], "--embed-from is 'example.org': an origin expected"),
        (["--embed-from", "https://x.org; script-src *"], "an origin expected"),
        (["--origin", "https://x.org/path"], "--origin is 'https://x.org/path': an origin expected"),
        (["--sign-in", "/nonexistent/names.json"], "cannot read /nonexistent/names.json"),
    ],
)
def test_a_server_that_cannot_be_hosted_as_asked_says_what_was_expected(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = hosting.now()
    try:
        assert main(["serve", "--no-open", "--port", "0", *arguments]) == 2
    finally:
        hosting.decide(before)
    assert said in capsys.readouterr().err


def test_names_are_added_with_their_password_as_a_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "names.json"
    for words, code in ((f"{PASSWORD}\n", 0), ("short\n", 2)):
        monkeypatch.setattr(sys, "stdin", io.StringIO(words))
        assert main(["sign-in", "--file", str(path), "--name", "ana"]) == code
    kept = signin.read(path)
    assert list(kept) == ["ana"]
    assert PASSWORD not in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0
    path.write_text('{"ana": "plain"}', encoding="utf-8")
    with pytest.raises(hosting.HostingError, match="no plain passwords"):
        signin.read(path)
