"""The server: answers and faults by address, what it was asked kept for the tests to look at."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request: `host` is the service's, its path and query as the service would see them."""

    method: str
    host: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]

    @property
    def address(self) -> str:
        """Host and path."""
        return f"{self.host}{self.path}"


@dataclass(frozen=True)
class Answer:
    """One answer, and how it goes wrong on its way."""

    body: bytes
    kind: str = "application/json; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    # An answer has an ETag and knows 304, unless this says no.
    tagged: bool = True
    # Packed with gzip already, and said so.
    packed: bool = False
    # Say nothing for so long.
    silent_s: float = 0.0
    # Send so much of the body, then close.
    cut_at: float | None = None


def of(said: Any) -> Answer:
    """Make an answer of what a test gives: itself, bytes, or anything that JSON can say."""
    if isinstance(said, Answer):
        return said
    return Answer(said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode())


Fault = Callable[[Answer], Answer]
Responder = Callable[[Asked], Any]


@dataclass
class _Planned:
    path: str
    fault: Fault
    left: int | None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that go away."""


class Services:
    """All services behind one address: the first part of a path is the host."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._answers: dict[str, Any] = {}
        self._faults: list[_Planned] = []
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"services": self}))
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def answer(self, address: str, said: Any) -> None:
        """Answer addresses that begin so, the longest wins: bytes, JSON, an Answer or a function of what is asked."""
        self._answers[address] = said

    def fault(self, address: str, fault: Fault, *, times: int | None = None) -> None:
        """Spoil answers of addresses that begin so: the next `times`, or all; several faults wait for their turn."""
        self._faults.append(_Planned(address, fault, times))

    def mend(self) -> None:
        """Forget all faults and all that was asked."""
        with self._lock:
            self._faults.clear()
            self.asked.clear()

    def close(self) -> None:
        """Stop, and let go of whoever waits for an answer."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reply(self, asked: Asked) -> Answer:
        """Say what a request is answered."""
        with self._lock:
            self.asked.append(asked)
        known = [address for address in self._answers if asked.address.startswith(address)]
        said = self._answers[max(known, key=len)] if known else Answer(b'{"message": "no such path"}', status=404)
        answer = of(said(asked) if callable(said) else said)
        with self._lock:
            for planned in self._faults:
                if asked.address.startswith(planned.path) and planned.left != 0:
                    planned.left = None if planned.left is None else planned.left - 1
                    return planned.fault(answer)
        return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave together: apart, each answer would wait 40 ms for the client's word.
    wbufsize = -1
    disable_nagle_algorithm = True
    services: Services

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._reply()

    def do_HEAD(self) -> None:
        self._reply()

    def do_POST(self) -> None:
        self._reply()

    def _reply(self) -> None:
        parts = urlsplit(self.path)
        host, _, path = parts.path.lstrip("/").partition("/")
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        asked = Asked(
            self.command,
            host,
            f"/{path}",
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            dict(parse_qsl(body.decode(), keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()},
        )
        answer = self.services.reply(asked)
        if answer.silent_s:
            self.services.closing.wait(answer.silent_s)
        try:
            self._send(asked, answer)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _send(self, asked: Asked, answer: Answer) -> None:
        headers = dict(answer.headers)
        if answer.tagged and answer.status == 200:
            headers["ETag"] = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
            if asked.headers.get("if-none-match") == headers["ETag"]:
                answer = replace(answer, status=304, body=b"", packed=False, cut_at=None)
        body = answer.body
        if answer.packed:
            headers["Content-Encoding"] = "gzip"
        elif (
            len(body) > 1000
            and not answer.kind.startswith("image/")
            and "gzip" in asked.headers.get("accept-encoding", "")
        ):
            body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        self.send_response(answer.status)
        headers = {"Content-Type": answer.kind, **headers}
        for name, value in headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if asked.method == "HEAD":
            return
        if answer.cut_at is not None:
            self.wfile.write(body[: int(len(body) * answer.cut_at)])
            self.close_connection = True
            return
        self.wfile.write(body)
