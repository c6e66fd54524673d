"""Asking a server of the tests as any program does."""

from __future__ import annotations

import asyncio
import http.client
import threading
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from tornado.httpserver import HTTPServer
from tornado.web import Application


def ask(
    server: Any, path: str, values: Mapping[str, Any] | str = "", *, method: str = "", body: Any = None, **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask for a path with parameters, sending a body where there is one; headers are named with `_` for `-`."""
    query = values if isinstance(values, str) else urlencode(values)
    connection = http.client.HTTPConnection("localhost", server.port, timeout=120)
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        address = f"{path}?{query}" if query else path
        connection.request(method or ("GET" if body is None else "POST"), address, body=body, headers=names)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def served(patterns: Sequence[Any]) -> Iterator[Any]:
    """Serve some addresses alone, in a thread of this process."""
    ready, port, loops = threading.Event(), [0], []

    async def run() -> None:
        stop = asyncio.Event()
        server = HTTPServer(Application(list(patterns)))
        server.listen(0, "localhost")
        port[0] = next(iter(server._sockets.values())).getsockname()[1]
        loops.append((asyncio.get_running_loop(), stop))
        ready.set()
        await stop.wait()
        server.stop()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(20)
    yield SimpleNamespace(port=port[0])
    loop, stop = loops[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(20)
