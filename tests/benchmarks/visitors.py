"""Visitors of the served page, many at once: each opens it as a browser does, joins its session and changes its View.

What a browser does is done over real sockets: the page, the token in it, the websocket, the document of the session,
then a message for every change. Only drawing is left out, so that one process can be a thousand of them.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

TOKEN = re.compile(rb'data-token="([^"]+)"')
PATIENCE_S = 60.0
VIEWS = ("lang=en", "lang=fr&theme=dark", "lang=en&layers=industry", "lang=fr&layers=industry,decarbonation")
_numbers = count(1)


@dataclass
class Seen:
    """What the visitors met: times in ms, faults by what they were."""

    page_ms: list[float] = field(default_factory=list)
    joined_ms: list[float] = field(default_factory=list)
    change_ms: list[float] = field(default_factory=list)
    kind: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    open: int = 0
    most: int = 0


@dataclass(frozen=True)
class Crowd:
    """How many come, how fast, how long each stays and how often it changes its View."""

    visitors: int
    per_second: float
    stay_s: float
    pause_s: float


class Full(Exception):  # noqa: N818 (no fault: what a full server says)
    """The server said kindly that it is full."""


class Visitor:
    """One open page."""

    def __init__(self, root: str, seen: Seen) -> None:
        """Take the address of the page, with a slash at its end, and where to note what happens."""
        self.root, self.seen = root, seen
        number = next(_numbers)
        self.home = f"127.{1 + number // 62_500 % 250}.{1 + number // 250 % 250}.{1 + number % 250}"
        self.socket: WebSocketClientConnection
        self.model = ""

    async def open(self) -> None:
        """Fetch the page, join its session and wait for the session's document."""
        began = time.perf_counter()
        # Each from an address of its own, all of them of this machine: hosts limit what one address may ask.
        home = {"network_interface": self.home, "request_timeout": PATIENCE_S, "connect_timeout": PATIENCE_S}
        ask = HTTPRequest(self.root, decompress_response=True, **home)
        page = await AsyncHTTPClient().fetch(ask, raise_error=False)
        if page.code == 503 and page.headers.get("Retry-After"):
            raise Full
        page.rethrow()
        self.seen.page_ms.append((time.perf_counter() - began) * 1000)
        found = TOKEN.search(page.body)
        if not found:
            raise RuntimeError("the page holds no session")
        cookie = ";".join(value.partition(";")[0] for value in page.headers.get_list("Set-Cookie"))
        address = HTTPRequest(
            self.root.replace("http", "ws", 1) + "session/ws",
            headers={"Origin": self.root.rstrip("/"), **({"Cookie": cookie} if cookie else {})},
            **home,
        )
        self.socket = await websocket_connect(address, subprotocols=["bokeh", found[1].decode()])
        # As browsers do: a message is three small writes, and none may wait for the answer to the one before.
        self.socket.protocol.set_nodelay(True)
        await self._message()
        reply = await self._ask("PULL-DOC-REQ", {})
        # The one root of the page is the component beside the map; its parameters are the model that it holds as data.
        self.model = reply["doc"]["roots"][0]["attributes"]["data"]["id"]
        self.seen.joined_ms.append((time.perf_counter() - began) * 1000)

    async def change(self, query: str) -> None:
        """Change the View and wait until the session has taken it."""
        began = time.perf_counter()
        event = {"kind": "ModelChanged", "model": {"id": self.model}, "attr": "query", "new": query}
        await self._ask("PATCH-DOC", {"events": [event]})
        self.seen.change_ms.append((time.perf_counter() - began) * 1000)

    def leave(self) -> None:
        """Close the page."""
        self.socket.close()

    async def _ask(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        number = str(next(_numbers))
        for part in ({"msgid": number, "msgtype": kind}, {}, content):
            await self.socket.write_message(json.dumps(part))
        while True:
            header, answer = await self._message()
            if header.get("reqid") == number:
                if header["msgtype"] == "ERROR":
                    raise RuntimeError(answer.get("text", "the session answers with an error"))
                return answer

    async def _message(self) -> tuple[dict[str, Any], dict[str, Any]]:
        parts = []
        for _ in range(3):
            part = await asyncio.wait_for(self.socket.read_message(), PATIENCE_S)
            if part is None:
                raise RuntimeError(f"the websocket was closed: {self.socket.close_code} {self.socket.close_reason}")
            parts.append(json.loads(part))
        return parts[0], parts[2]


async def crowd(root: str, plan: Crowd, seen: Seen, *, seed: int = 0) -> None:
    """Let visitors come one after another at a steady pace, whether or not the server keeps up; wait for the last.

    Each changes its View about every `pause_s` seconds for `stay_s` seconds, then leaves. What goes wrong is counted in
    `seen.faults` and never stops the others.
    """
    AsyncHTTPClient.configure(None, max_clients=plan.visitors)
    chance = random.Random(seed)  # noqa: S311 (the same crowd each time)
    began = time.perf_counter()
    coming = []
    for number in range(plan.visitors):
        await asyncio.sleep(max(0.0, began + number / plan.per_second - time.perf_counter()))
        coming.append(asyncio.create_task(_visit(root, plan, seen, chance)))
    await asyncio.gather(*coming)


async def _visit(root: str, plan: Crowd, seen: Seen, chance: random.Random) -> None:
    visitor = Visitor(root, seen)
    try:
        await visitor.open()
    except Full:
        seen.kind += 1
        return
    except Exception as error:
        seen.faults[f"opening: {type(error).__name__}: {error}"[:160]] += 1
        return
    seen.open += 1
    seen.most = max(seen.most, seen.open)
    until = time.perf_counter() + plan.stay_s
    try:
        while (left := until - time.perf_counter()) > 0:
            await asyncio.sleep(min(left, plan.pause_s * chance.uniform(0.5, 1.5)))
            await visitor.change(f"{chance.choice(VIEWS)}&year={chance.randint(2013, 2024)}")
    except Exception as error:
        seen.faults[f"changing: {type(error).__name__}: {error}"[:160]] += 1
    finally:
        seen.open -= 1
        visitor.leave()
