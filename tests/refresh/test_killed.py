"""A refresh killed at any moment: the map starts, every table is whole, old or new, never mixed.

Real processes against the local server, killed by SIGKILL. PROVENCE_MAP_KILLS says at how many moments (5 when not
said), PROVENCE_MAP_SEED which.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from layers import editions
from layers.refresh.making import read_tables
from tests.refresh import kit
from tests.services.server import Services

KILLS = int(os.environ.get("PROVENCE_MAP_KILLS", "5"))
# Their processes start with all of it imported: the moments are those of refreshing, not of starting.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.refresh.kit", "layers.refresh.run", "layers.refresh.page"])


def started(base: Path, live: Path, services: Services) -> multiprocessing.context.ForkServerProcess:
    """Begin a refresh."""
    process = PROCESSES.Process(target=kit.once, args=(base, live, services.url))
    process.start()
    return process


def content(live: Path) -> str:
    """Hash every table in force: the same rows give the same bytes, in whichever edition."""
    folder = editions.read_current(live)
    assert folder is not None
    made = hashlib.sha256()
    for path in sorted((folder / "tables").iterdir()):
        made.update(path.name.encode() + b"\0" + path.read_bytes())
    return made.hexdigest()


@pytest.mark.usefixtures("first")
def test_a_killed_refresh_leaves_the_old_edition_or_the_new_one(
    base: Path, live: Path, services: Services, command: Callable[..., CompletedProcess[str]]
) -> None:
    kit.serve(services, step=2)
    whole = Path(shutil.copytree(live, live.with_name("whole")))
    # The server of processes starts once: that is no part of a refresh.
    warm = PROCESSES.Process(target=kit.data_copy, args=(live.with_name("unused"),))
    warm.start()
    warm.join()
    begun = time.monotonic()
    process = started(base, live, services)
    process.join()
    lasts = time.monotonic() - begun
    assert process.exitcode == 0
    old, new = content(whole), content(live)
    assert old != new
    chance = random.Random(os.environ.get("PROVENCE_MAP_SEED", "1"))  # noqa: S311
    ended = 0
    for moment in sorted(chance.uniform(0, lasts) for _ in range(KILLS)):
        shutil.rmtree(live)
        shutil.copytree(whole, live)
        process = started(base, live, services)
        time.sleep(moment)
        process.kill()
        process.join()
        assert content(live) in (old, new), f"mixed when killed after {moment:.3f} s of {lasts:.3f} s"
        folder = editions.read_current(live)
        assert folder is not None
        editions.checked(folder, base)
        ended += process.exitcode == 0
    assert ended < KILLS / 2, "most were over before they were killed"
    # The last was killed late, with most left behind: the map starts, and the next refresh puts all in order.
    read_tables(folder)
    done = command("layers", PROVENCE_MAP_DATA=str(base), PROVENCE_MAP_LIVE=str(live))
    assert (done.returncode, done.stderr) == (0, "")
    kit.once(base, live, services.url)
    assert content(live) == new
    assert not [path for path in live.rglob(".*") if path.name != ".gitignore"]
