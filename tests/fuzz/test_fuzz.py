"""Links and messages that nobody means: whatever comes, no fault of the server, and the session answers at the end.

Seeded, so that a failure comes again. A run of the tests takes some hundreds of each; `make fuzz` takes 10,000.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import random
import re
from typing import Any
from urllib.parse import quote

import pytest
from tornado.httpclient import HTTPRequest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from dashboards.state import Session
from layers.view import LAYERS, View

TURNS = int(os.environ.get("PROVENCE_MAP_FUZZ", "400"))
SEED = 8
PARAMETERS = (
    "layers", "hidden", "bounds", "year", "pole", "sector", "co2", "seveso", "status", "capacity", "investment",
    "start", "select", "compare", "keep", "area", "panel", "table", "lang", "theme", "relief", "siting", "embed", "f",
    "limit", "offset", "bbox", "crs", "choice", "formats", "layer", "dpi", "page", "text", "address", "rank",
)  # fmt: skip
WORDS = (
    *LAYERS, "site:arcelormittal-fos", "commune:13039", "4.8,43.35,5.2,43.55", "2018", "martigues-fos", "1000..",
    "..", "fr", "en", "dark", "hydrogen;port:3,rail:1", "5.2,43.4,5", "NaN", "Infinity", "-1", "1e999", "0x10", "٣",
    "", " ", ",", ":", "../../etc/passwd", "<img src=x onerror=alert(1)>", "'; DROP TABLE sites; --", "${7*7}",
    "{{7*7}}", "%s%n", "\x00", "\n", "\ud7ff", "\U0001f4a3", "a" * 3_000, "," * 500, "é" * 200, "null", "true", "[]",
    "{}", "__proto__", "constructor",
)  # fmt: skip
ROUTES = (
    "", "around.json", "qr.svg", "brief.pdf", "plan/preview.json", "plan/rows.json", "plan/jobs/x", "ogc",
    "ogc/collections", "ogc/collections/industry/items", "ogc/collections/poles/items", "siting/ranking.csv",
    "story.json", "present", "plan", "stories/pitch.draft.json", "map/x.html", "static/x", "%2e%2e/", "login", "ws",
    "metrics", "table.xls", "around.json/",
)  # fmt: skip


def link(dice: random.Random) -> str:
    """Make the query of a link: parameters we know with values that fit, that do not, and bytes that are no text."""
    parts = []
    for _ in range(dice.randint(0, 6)):
        name = dice.choice(PARAMETERS) if dice.random() < 0.9 else dice.choice(WORDS)[:40]
        value = dice.choice((",", ";", ":", "", "&", "=")).join(dice.choices(WORDS, k=dice.randint(0, 4)))
        parts.append(f"{quote(name)}={quote(value) if dice.random() < 0.8 else quote(dice.randbytes(8))}")
    made = "&".join(parts)[:16_000]
    return made if dice.random() < 0.9 else made[: dice.randint(0, len(made))]


def test_no_link_is_a_fault_of_the_server(server: Any) -> None:
    dice = random.Random(SEED)  # noqa: S311 (the same each time)
    session = Session()
    before = server.log.stat().st_size
    connection = http.client.HTTPConnection("localhost", server.port, timeout=30)
    seen: dict[int, int] = {}
    try:
        for turn in range(TURNS):
            query = link(dice)
            session.query = query
            assert View.from_query(session.view.to_query())[0] == session.view, query
            # A page costs a session of its own: one in forty is asked for.
            path = dice.choice(ROUTES[1:]) if turn % 40 else ""
            connection.request("GET", f"/{path}?{query}", headers={"Accept": dice.choice(("*/*", "text/html"))})
            answer = connection.getresponse()
            answer.read()
            assert answer.status < 500, (answer.status, path, query)
            seen[answer.status] = seen.get(answer.status, 0) + 1
    finally:
        connection.close()
    assert {200, 400, 404} <= set(seen), seen
    assert b"Traceback" not in server.log.read_bytes()[before:]


def message(kind: str, content: Any, number: int) -> list[str | bytes]:
    """Write a message as BokehJS does: header, metadata, content."""
    return [json.dumps({"msgid": f"m{number}", "msgtype": kind}), "{}", json.dumps(content)]


def told(root: str, query: Any, attr: str = "query") -> dict[str, Any]:
    """Write what the component sends when the View changes."""
    return {"events": [{"kind": "ModelChanged", "model": {"id": root}, "attr": attr, "new": query}]}


def odd(dice: random.Random, root: str, number: int) -> list[str | bytes]:
    """Make a message to the component: most are of its form, with what no map would say."""
    value: Any = dice.choice((
        dice.choice(WORDS), link(dice), 1, -1.5, None, True, [], {}, [dice.choice(WORDS)] * 3, {"type": "ndarray"},
        {"type": "map", "entries": []}, {"id": root},
        {"type": "object", "name": dice.choice(("Div", "panel.models.esm.ReactComponent"))},
    ))  # fmt: skip
    turn = dice.random()
    if turn < 0.5:
        return message("PATCH-DOC", told(root, value), number)
    if turn < 0.65:
        return message(
            "PATCH-DOC", told(root, value, dice.choice(("esm", "data", "name", "tags", "x", "__class__", ""))), number
        )
    if turn < 0.75:
        kind = dice.choice(
            ("ModelChanged", "MessageSent", "RootAdded", "RootRemoved", "TitleChanged", "ColumnsPatched", "X")
        )
        return message(
            "PATCH-DOC",
            {"events": [{"kind": kind, "model": {"id": dice.choice((root, "p0", ""))}, "msg_type": "x"}]},
            number,
        )
    if turn < 0.85:
        return message(
            dice.choice(("PULL-DOC-REQ", "SERVER-INFO-REQ", "ACK", "ERROR", "OK", "PUSH-DOC", "NONE")), value, number
        )
    if turn < 0.93:
        return [dice.choice(("{", "[]", "null", '{"msgid":1}', '{"msgtype":[]}', "\x00", "[" * 2_000))]
    return [dice.randbytes(dice.randint(1, 300))]


def _holder(told: Any) -> str:
    """Find the id of the model that holds the View in what the server says of a page."""
    if isinstance(told, list):
        return next(filter(None, map(_holder, told)), "")
    if not isinstance(told, dict):
        return ""
    if isinstance(told.get("data"), dict) and "id" in told["data"]:
        return str(told["data"]["id"])
    return _holder(list(told.values()))


class Reader:
    """A browser's end of a session, without the browser."""

    def __init__(self, server: Any) -> None:
        self.server, self.number, self.ended = server, 0, False
        connection = http.client.HTTPConnection("localhost", server.port, timeout=30)
        connection.request("GET", "/")
        page = connection.getresponse().read().decode()
        connection.close()
        (self.token,) = re.findall(r'data-token="([^"]+)"', page)
        self.root = ""

    async def open(self) -> WebSocketClientConnection:
        """Connect, and wait until the server listens."""
        request = HTTPRequest(
            f"{self.server.url.replace('http', 'ws')}session/ws", headers={"Origin": self.server.url.rstrip("/")}
        )
        self.ended = False
        made = await websocket_connect(request, subprotocols=["bokeh", self.token])
        for _ in range(3):
            await asyncio.wait_for(made.read_message(), 10)
        if not self.root:
            for part in message("PULL-DOC-REQ", {}, 0):
                await made.write_message(part)
            parts = [await asyncio.wait_for(made.read_message(), 10) for _ in range(3)]
            self.root = _holder(json.loads(parts[2] or "{}"))
            assert self.root, "no model of the page holds the View"
        return made

    async def answered(self, made: WebSocketClientConnection) -> bool:
        """Ask for a change of the View and wait for the answer to it; False where the connection is closed."""
        self.number += 1
        for part in message("PATCH-DOC", told(self.root, f"year={2005 + self.number % 18}"), self.number):
            await made.write_message(part)
        while (part := await asyncio.wait_for(made.read_message(), 10)) is not None:
            if isinstance(part, str) and f'"reqid":"m{self.number}"' in part.replace(" ", ""):
                return True
        self.ended = True
        return False


def test_no_message_sticks_a_session_or_is_a_fault_of_the_server(server: Any) -> None:
    dice = random.Random(SEED)  # noqa: S311 (the same each time)
    closed = asyncio.run(_send(Reader(server), dice))
    # Most of what is malformed ends the connection, and the next one finds the same session.
    assert 0 < closed < TURNS
    connection = http.client.HTTPConnection("localhost", server.port, timeout=30)
    connection.request("GET", "/health/ready")
    assert connection.getresponse().status == 200
    connection.close()


async def _hang_up(reader: Reader, made: WebSocketClientConnection) -> None:
    made.close()
    while not reader.ended:
        reader.ended = await asyncio.wait_for(made.read_message(), 10) is None


async def _say(reader: Reader, made: WebSocketClientConnection, dice: random.Random, *, ask: bool) -> bool:
    """Send one message, and ask whether the session still listens; False where it ended the connection."""
    reader.number += 1
    try:
        for part in odd(dice, reader.root, reader.number):
            await made.write_message(part, binary=isinstance(part, bytes))
        return not ask or await reader.answered(made)
    except (WebSocketClosedError, StreamClosedError):
        return False


async def _send(reader: Reader, dice: random.Random) -> int:
    closed, made = 0, await reader.open()
    for turn in range(TURNS):
        # A session that is stuck would not answer in ten seconds: TimeoutError.
        if not await _say(reader, made, dice, ask=turn % 10 == 9):
            closed += 1
            await _hang_up(reader, made)
            made = await reader.open()
    await _hang_up(reader, made)
    made = await reader.open()
    assert await reader.answered(made), "the session does not answer at the end"
    await _hang_up(reader, made)
    return closed


@pytest.mark.parametrize("size", [140_000])
def test_a_message_larger_than_any_view_ends_the_connection_and_not_the_session(server: Any, size: int) -> None:
    async def act() -> None:
        reader = Reader(server)
        made = await reader.open()
        await made.write_message(message("PATCH-DOC", told(reader.root, "x" * size), 1)[2])
        assert await asyncio.wait_for(made.read_message(), 10) is None
        made.close()
        made = await reader.open()
        assert await reader.answered(made)
        await _hang_up(reader, made)

    asyncio.run(act())


def test_more_than_a_person_can_send_ends_the_connection_whatever_an_address_may_ask(server: Any) -> None:
    # This server runs with --no-rate.
    async def send() -> int | None:
        reader = Reader(server)
        made = await reader.open()
        parts = message("PATCH-DOC", told(reader.root, "year=2018"), 1)
        with contextlib.suppress(WebSocketClosedError, StreamClosedError):
            for _ in range(1_000):
                for part in parts:
                    await made.write_message(part)
        await _hang_up(reader, made)
        return made.close_code

    assert asyncio.run(send()) == 1008
