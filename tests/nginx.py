"""Try nginx for real: `make try-nginx` puts deploy/nginx.conf before a server, on loopback, and looks what comes out.

Only ports, folders and the name of the host are changed. Looks once without and once with a prefix, then stops the
server and looks at the page that stands in for it.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).resolve().parents[1]
CONFIGURATION = ROOT / "deploy" / "nginx.conf"


def configured(folder: Path, *, port: int, server: int, prefix: str = "") -> Path:
    """Write the whole configuration of an nginx that runs in a folder as whoever asks; give its path."""
    said = CONFIGURATION.read_text(encoding="utf-8")
    said = said.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("127.0.0.1:5006", f"127.0.0.1:{server}")
    said = said.replace("map.example.org", "localhost").replace("/opt/provence-map", str(ROOT))
    said = said.replace("/var/cache/nginx/provence-map", str(folder / "cache"))
    said = said.replace("/var/log/nginx/provence-map.log", str(folder / "access.log"))
    # As docs/hosting.md says for a map below a prefix.
    said = said.replace("location ~ ^/", f"location ~ ^{prefix}/").replace("location = /", f"location = {prefix}/")
    said = said.replace("location /story", f"location {prefix}/story").replace("location / {", f"location {prefix}/ {{")
    path = folder / "nginx.conf"
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    path.write_text(
        # Its workers would be nobody, whom the folder of a test is closed to.
        f"{'user root; ' if os.geteuid() == 0 else ''}pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        "worker_processes 1; daemon off;\n"
        f"events {{ worker_connections 4096; }}\nhttp {{\n{temporary}\n{said}\n}}\n",
        encoding="utf-8",
    )
    return path


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Looked:
    """What was looked at, and whether it was as it should be."""

    def __init__(self, port: int, prefix: str) -> None:
        self.port, self.prefix, self.failed = port, prefix, 0

    def ask(self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> Any:
        """Ask nginx below the prefix; give the answer with its `body` read."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"{self.prefix}/{path}", body=body, headers=named)
        answer: Any = connection.getresponse()
        answer.body = answer.read()
        connection.close()
        return answer

    def say(self, what: str, right: bool, more: object = "") -> None:
        """Write down one look."""
        self.failed += not right
        sys.stdout.write(f"{'ok  ' if right else 'FAIL'} {what} {more}\n")


async def _session(look: Looked, page: bytes) -> tuple[str, str]:
    """Open the session of a page through nginx; give what the server says first, and what to a foreign page."""
    token = re.findall(rb'data-token="([^"]+)"', page)[0].decode()
    address = f"ws://localhost:{look.port}{look.prefix}/session/ws"
    good = HTTPRequest(address, headers={"Origin": f"http://localhost:{look.port}"})
    made = await websocket_connect(good, subprotocols=["bokeh", token])
    first = str(await asyncio.wait_for(made.read_message(), 10))
    made.close()
    foreign = HTTPRequest(address, headers={"Origin": "https://elsewhere.example"})
    try:
        await websocket_connect(foreign, subprotocols=["bokeh", token])
    except Exception as error:
        return first, str(error)
    return first, "let in"


def look_at(look: Looked) -> None:
    """Look at everything that nginx and the server promise together."""
    page = look.ask("", Accept_Encoding="gzip")
    look.say("the page comes, packed", page.status == 200 and page.headers["Content-Encoding"] == "gzip", page.status)
    plain = look.ask("")
    first, foreign = asyncio.run(_session(look, plain.body))
    look.say("the session opens through nginx", '"ACK"' in first)
    look.say("a page of another origin opens none", "403" in foreign, foreign)
    (document,) = re.findall(rb'data-src="(map/[0-9a-f]{16}\.html)"', plain.body)
    kept = [look.ask(document.decode(), Accept_Encoding="gzip") for _ in range(2)][1]
    look.say("the document is packed and kept for good", "immutable" in kept.headers["Cache-Control"], len(kept.body))
    for path in ("", document.decode(), "static/js/bokeh.min.js", "nothing"):
        told = look.ask(path).headers
        names = ("Content-Security-Policy", "X-Content-Type-Options", "Permissions-Policy", "Referrer-Policy")
        look.say(f"/{path[:24]} says its headers, once", all(len(told.get_all(name, [])) == 1 for name in names))
    look.say("health answers this machine", look.ask("health/ready").status == 200)
    look.say("figures answer this machine", look.ask("metrics").status == 200)
    look.say(
        "an upload of a story may be large", look.ask("story.json", method="POST", body=b"x" * 2_000_000).status == 400
    )
    look.say("another upload may not", look.ask("plan/jobs", method="POST", body=b"x" * 100_000).status == 413)
    look.say("a way out of a folder leads nowhere", look.ask("static/..%2f..%2fetc/passwd").status in {400, 404})
    forged = look.ask("ogc?f=json", X_Forwarded_Proto="https", X_Forwarded_For="1.2.3.4").body
    look.say("a reader cannot say who or where he is", b"https://localhost" not in forged)
    statuses = {look.ask("health/live").status for _ in range(50)}
    look.say("fifty at once are let through", statuses == {200}, statuses)


def run(prefix: str) -> int:
    """Start both, look, stop the server, look again; give how many looks failed."""
    port, behind = _free(), _free()
    with tempfile.TemporaryDirectory(prefix="provence-nginx-") as name:
        folder = Path(name)
        command = [
            sys.executable,
            "-m",
            "dashboards",
            "serve",
            "--no-open",
            "--host",
            "127.0.0.1",
            "--port",
            str(behind),
        ]
        more = ["--num-procs", "2", "--trust-proxy", "--origin", f"http://localhost:{port}", "--grace", "3"]
        with (folder / "server.log").open("wb") as log:
            server = subprocess.Popen(
                [*command, *more, *(["--prefix", prefix] if prefix else [])],
                cwd=ROOT,
                stderr=log,
                start_new_session=True,
            )
        nginx = subprocess.Popen(
            ["nginx", "-c", str(configured(folder, port=port, server=behind, prefix=prefix)), "-p", name]
        )
        look = Looked(port, prefix)
        try:
            _until(lambda: look.ask("health/ready").status == 200)
            sys.stdout.write(f"nginx before {'a prefix ' + prefix if prefix else 'the root'}\n")
            look_at(look)
            server.send_signal(signal.SIGTERM)
            look.say("the server stops at SIGTERM", server.wait(30) == 0)
            _away(look)
            look.say(
                "nginx's log names no address and no query", "127.0.0.1" not in (folder / "access.log").read_text()
            )
        finally:
            nginx.terminate()
            nginx.wait(10)
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)
        return look.failed


def _away(look: Looked) -> None:
    for language, said in (("fr", "La carte se renouvelle"), ("en", "The map is being renewed")):
        away = look.ask("", Accept="text/html", Accept_Language=language)
        told = (away.status, away.headers["Retry-After"], away.headers["Content-Type"])
        look.say(f"a page stands in for it in {language}", away.status == 503 and said in away.body.decode(), told)


def _until(right: Any) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if right():
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise TimeoutError("neither nginx nor the server answered in two minutes")


if __name__ == "__main__":
    sys.exit(1 if sum(run(prefix) for prefix in ("", "/map")) else 0)
