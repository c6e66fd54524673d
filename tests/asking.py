"""Asking a server of the tests as any program does."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode


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
