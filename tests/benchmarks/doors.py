"""The server as a host runs it: two processes, and nginx before them with deploy/nginx.conf."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import hosts

from tests import nginx as tried

SERVE = ("-m", "dashboards", "serve", "--host", "127.0.0.1", "--port", "0", "--no-open")
WITHIN_S = 10


@contextmanager
def door(folder: Path, *, nginx: bool, options: tuple[str, ...] = ()) -> Iterator[tuple[str, int]]:
    """Run the server with two processes; give the address that visitors use and the process id of the server."""
    before = ("--trust-proxy", "--origin", "http://localhost") if nginx else ()
    with hosts.process(*SERVE, "--num-procs", "2", *before, *options) as (address, pid):
        if not nginx:
            yield address, pid
            return
        with _nginx(folder, server=urlsplit(address).port or 0) as port:
            yield f"http://127.0.0.1:{port}/", pid


@contextmanager
def _nginx(folder: Path, *, server: int) -> Iterator[int]:
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    made = tried.configured(folder, port=port, server=server)
    with subprocess.Popen([program, "-c", str(made), "-p", str(folder)]) as process:
        try:
            _answers(port)
            yield port
        finally:
            process.terminate()
            process.wait()


def _answers(port: int) -> None:
    until = time.monotonic() + WITHIN_S
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nginx does not answer on port {port} within {WITHIN_S} s")
