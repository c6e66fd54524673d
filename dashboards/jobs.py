"""Long work that was asked for: a job is a folder, its files are made one after another, and whoever asked looks again.

What is known of a job lives in its folder, not in a process, so that any process of a server can answer for it:
`state.json` is written beside and renamed, `stop` asks the work to end. The folders lie in a temporary folder of the
server and go with it. Whoever knows the id of a job owns it: ids are long and random, and never become a path unless
they have the form of one.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import re
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from dashboards import metrics
from geo import files
from geo.errors import GeoError
from layers import editions
from layers.errors import RequestError
from layers.numbers import number
from layers.text import both
from layers.view import Language

log = logging.getLogger(__name__)

# Jobs at work in a process, jobs not finished on the whole server, and how long one may take and is kept, in minutes.
AT_ONCE, MOST_OPEN, MOST_MINUTES, KEPT_MINUTES = 2, 8, 10, 60
MOST_KEPT = 40
_PAUSE_S = 0.2
_STATE, _STOP, _ORDER = "state.json", "stop", "order.json"
_ID = re.compile(r"[A-Za-z0-9_-]{22}\Z")
OPEN = frozenset({"waiting", "running"})

Words = dict[Language, str]
Progress = Callable[[int, int, Mapping[Language, str]], None]
Stop = Callable[[], bool]
Make = Callable[[Path, Progress, Stop], object]


class BusyError(GeoError):
    """As many jobs wait as the server takes."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file of a job: its id, the name it is saved as, what it is in words, and what makes it."""

    id: str
    name: str
    title: Words
    make: Make


_removed: list[Callable[[], None]] = []


@cache
def root() -> Path:
    """Give the folder of all jobs, made when first asked for; the process that made it takes it away when it ends."""
    folder, owner = Path(tempfile.mkdtemp(prefix="provence-map-")), os.getpid()

    def remove() -> None:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    _removed.append(remove)
    return folder


def remove_all() -> None:
    """Take the folder of all jobs away, where this process made it: for one that ends without its last rites."""
    for remove in _removed:
        remove()


@cache
def _pool() -> ThreadPoolExecutor:
    # Made when first asked for: threads do not survive the fork of --num-procs.
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="job")


def start(order: Mapping[str, Any], tasks: Sequence[Task]) -> dict[str, Any]:
    """Begin a job and give its state. `order` is kept, to be read again with `order_of`. Raises BusyError."""
    sweep()
    if sum(state["state"] in OPEN for state in _all()) >= MOST_OPEN:
        raise BusyError(f"{MOST_OPEN} jobs are not finished: try again when one is")
    id_ = secrets.token_urlsafe(16)
    folder = root() / id_
    folder.mkdir()
    files.write_text(folder / _ORDER, json.dumps(order))
    rows = [{"id": t.id, "name": t.name, "title": t.title, "state": "waiting", "bytes": 0, "done": 0, "total": 0,
             "words": None, "said": None} for t in tasks]  # fmt: skip
    state = {"id": id_, "state": "waiting", "files": rows, "pid": os.getpid(), "at": time.time(),
             "data": str(editions.in_force())}  # fmt: skip
    _write(folder, state)
    _pool().submit(editions.bound(partial(_run, folder, state, tuple(tasks))))
    return state


def again(id_: str, tasks: Sequence[Task]) -> dict[str, Any] | None:
    """Make what a finished job lacks, and give its state; None when there is none. Raises BusyError."""
    folder, state = _folder(id_), find(id_)
    if folder is None or state is None:
        return None
    if state["state"] in OPEN:
        return state
    if sum(other["state"] in OPEN for other in _all()) >= MOST_OPEN:
        raise BusyError(f"{MOST_OPEN} jobs are not finished: try again when one is")
    (folder / _STOP).unlink(missing_ok=True)
    data = data_of(id_)
    named = {task.id: task for task in tasks}
    for row in state["files"]:
        # Where the data are gone that it began with, all is made anew: files of one job are of the same day.
        if row["state"] != "done" or state["data"] != str(data):
            task = named[row["id"]]
            # What is left of it may be of another day, under another name.
            for name in {row["name"], task.name}:
                (folder / name).unlink(missing_ok=True)
            row |= {"name": task.name, "title": task.title}
            row |= {"state": "waiting", "done": 0, "total": 0, "words": None, "said": None}
    state |= {"state": "waiting", "pid": os.getpid(), "at": time.time(), "data": str(data)}
    _write(folder, state)
    with editions.using(data):
        _pool().submit(editions.bound(partial(_run, folder, state, tuple(tasks))))
    return state


def data_of(id_: str) -> Path:
    """Give the data folder that a job began with, while it is there; else the one in force."""
    state = find(id_)
    data = Path(state["data"]) if state else editions.in_force()
    return data if data.is_dir() else editions.in_force()


def find(id_: str) -> dict[str, Any] | None:
    """Give the state of a job, None when there is none."""
    folder = _folder(id_)
    if folder is None:
        return None
    try:
        state: dict[str, Any] = json.loads((folder / _STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if state["state"] in OPEN and not _lives(state["pid"]):
        # The process that made it is gone: nobody will finish it.
        _end(state, both("job.lost"))
    return state


def order_of(id_: str) -> dict[str, Any] | None:
    """Give what a job was asked for."""
    folder = _folder(id_)
    try:
        found: dict[str, Any] | None = folder and json.loads((folder / _ORDER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def stop(id_: str) -> dict[str, Any] | None:
    """Ask a job to end, and give its state; what is finished stays. None when there is no such job."""
    folder, state = _folder(id_), find(id_)
    if folder is None or state is None:
        return None
    if state["state"] in OPEN:
        (folder / _STOP).touch()
    return state


def file(id_: str, name: str) -> tuple[Path, str] | None:
    """Give a finished file of a job and the name it is saved as, by the id of the file; None when there is none."""
    folder, state = _folder(id_), find(id_)
    for row in state["files"] if state else ():
        if row["id"] == name and row["state"] == "done" and folder is not None:
            return folder / row["name"], row["name"]
    return None


def open_here() -> list[str]:
    """Give the ids of the jobs of this process that are not finished."""
    return [state["id"] for state in _all() if state["state"] in OPEN and state["pid"] == os.getpid()]


def sweep() -> None:
    """Take away finished jobs that are older than KEPT_MINUTES, or more than MOST_KEPT."""
    over = sorted((s for s in _all() if s["state"] not in OPEN), key=lambda state: state["at"], reverse=True)
    for place, state in enumerate(over):
        if place >= MOST_KEPT or time.time() - state["at"] > 60 * KEPT_MINUTES:
            shutil.rmtree(root() / state["id"], ignore_errors=True)


def _folder(id_: str) -> Path | None:
    folder = root() / id_ if _ID.match(id_) else None
    return folder if folder is not None and folder.is_dir() else None


def _all() -> list[dict[str, Any]]:
    # Other files of the server may lie beside the jobs.
    return [state for path in root().iterdir() if (state := find(path.name)) is not None]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _write(folder: Path, state: Mapping[str, Any]) -> None:
    files.write_text(folder / _STATE, json.dumps(state, ensure_ascii=False))


def _end(state: dict[str, Any], said: Words | None) -> None:
    """Set the state of a job and of its files once nothing more is done; `said` is why the rest is not made."""
    for row in state["files"]:
        if row["state"] in OPEN:
            row |= {"state": "failed" if said else "stopped", "said": said}
    states = {row["state"] for row in state["files"]}
    state["state"] = next((name for name in ("failed", "stopped") if name in states), "done")


def _run(folder: Path, state: dict[str, Any], tasks: tuple[Task, ...]) -> None:
    """Make the files of a job one after another; one that fails keeps no other from being made."""
    with metrics.export() as ended_as:
        _run_counted(folder, state, tasks)
        ended_as(state["state"])


def _run_counted(folder: Path, state: dict[str, Any], tasks: tuple[Task, ...]) -> None:
    began = time.monotonic()
    ended = threading.Event()

    def late() -> bool:
        return time.monotonic() - began > 60 * MOST_MINUTES

    def stopped() -> bool:
        if not ended.is_set() and (late() or (folder / _STOP).exists()):
            ended.set()
        return ended.is_set()

    try:
        state["state"] = "running"
        for task in tasks:
            row = next(row for row in state["files"] if row["id"] == task.id)
            if row["state"] == "waiting" and not stopped():
                _make(folder, state, row=row, task=task, stopped=stopped)
        _end(state, both("job.too_long", n=partial(number, MOST_MINUTES)) if late() else None)
        state["at"] = time.time()
        _write(folder, state)
    except Exception:
        # A full disk, most often: the last state that was written stands, and says so if it can.
        log.exception("a job ended without its state")
        _end(state, both("job.failed"))
        with suppress(GeoError, OSError):
            _write(folder, state)


def _make(folder: Path, state: dict[str, Any], *, row: dict[str, Any], task: Task, stopped: Callable[[], bool]) -> None:
    """Make one file, and keep the state of the job in step; what went wrong is said in its row."""
    path, last = folder / task.name, 0.0

    def progress(done: int, total: int, words: Mapping[Language, str]) -> None:
        nonlocal last
        row.update(done=done, total=total, words=dict(words))
        if time.monotonic() - last > _PAUSE_S:
            last = time.monotonic()
            _write(folder, state)

    row["state"] = "running"
    _write(folder, state)
    said: Words | None = None
    try:
        task.make(path, progress, stopped)
    except RequestError as error:
        said = error.said
    except GeoError as error:
        said = both("job.failed_why", reason=str(error))
    except Exception:
        log.exception("a file of a job could not be made")
        said = both("job.failed")
    if path.is_file() and said is None:
        row |= {"state": "done", "bytes": path.stat().st_size, "words": None}
    elif not stopped():
        row |= {"state": "failed", "said": said or both("job.failed"), "words": None}
    _write(folder, state)
