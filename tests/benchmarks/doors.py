"""The server as a host runs it: two processes, and nginx before them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hosts


@contextmanager
def door(folder: Path, *, nginx: bool) -> Iterator[tuple[str, int]]:
    """Run the server with two processes; give the address that visitors use and the process id of the server."""
    command = ("-m", "dashboards", "serve", "--host", "127.0.0.1", "--port", "0", "--no-open", "--num-procs", "2")
    with hosts.process(*command) as (address, pid):
        yield address, pid
