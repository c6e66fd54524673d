"""What the Plan page asks of the server: a preview, the first rows, systems to choose among, and exports as jobs.

A choice comes as the query that a link or the command line has, and is read by the same code. Files are made in the
folder of a job (`dashboards/jobs.py`); nothing that is sent becomes a path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tornado.web import RequestHandler

from dashboards import hosting, jobs
from dashboards.services import Answer, Asked, Service
from dashboards.stories import Sent
from geo import files
from layers import editions, planning, sheet, snapshot
from layers.errors import ChoiceError, RequestError
from layers.numbers import number
from layers.text import both

MOST_ORDER = 40_000
MOST_FILES = 14
_JSON, _NEVER, _ASK_AGAIN = "application/json; charset=utf-8", "no-store", "private, no-cache"
_SHEET = ("title", "paper", "orientation", "scale")
_CHUNK = 1 << 20
_KINDS = {
    ".gpkg": "application/geopackage+sqlite3",
    ".geojson": "application/geo+json",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".zip": "application/zip",
}


def _dumps(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def offer() -> dict[str, Any]:
    """Return what the form is made of, the limits of a job included."""
    limits = {"at_once": jobs.AT_ONCE, "minutes": jobs.MOST_MINUTES, "kept": jobs.KEPT_MINUTES, "open": jobs.MOST_OPEN}
    return planning.offer() | {"limits": limits}


def _faults(query: str) -> dict[str, list[dict[str, str]]]:
    """Say what is wrong with a choice by the step of the form that it belongs to; empty where nothing is."""
    parts = dict(parse_qsl(query, keep_blank_values=True))
    if not parts.get("layers"):
        return {"layers": [both("plan.no_layers")]}
    try:
        snapshot.Area.parse(parts.get("area", ""), rule=parts.get("rule", "intersect"))
    except ChoiceError as error:
        return {"area": list(error.faults)}
    try:
        snapshot.Choice.from_query(query)
    except ChoiceError as error:
        alone = {**parts, "crs": "2154", "format": "gpkg"}
        try:
            snapshot.Choice.from_query(urlencode(alone))
        except ChoiceError:
            return {"layers": list(error.faults)}
        return {"crs": list(error.faults)}
    return {}


def _preview(request: Asked) -> Answer:
    query, formats = request.values["choice"], tuple(request.values["formats"].split(","))
    found: dict[str, Any] = {"faults": _faults(query)}
    if not found["faults"]:
        try:
            found |= planning.preview(snapshot.Choice.from_query(query), formats[:MOST_FILES])
        except ChoiceError as error:
            found["faults"] = {"area": list(error.faults)}
    return Answer(_dumps(found), _JSON, _ASK_AGAIN)


def _rows(request: Asked) -> Answer:
    choice = snapshot.Choice.from_query(request.values["choice"])
    return Answer(_dumps(planning.rows(choice, request.values["layer"])), _JSON, _ASK_AGAIN)


@editions.kept()
def _systems() -> bytes:
    return _dumps(planning.systems())


def _sheet(request: Asked) -> Answer:
    values, least = request.values, 36
    numbers = {name: values[name] for name in ("dpi", "page")}
    if not all(word.isdecimal() and len(word) < 5 for word in numbers.values()):
        raise RequestError(both("plan.no_dpi", came=numbers["dpi"][:20], least=least, most=planning.MOST_DPI))
    dpi, page = int(numbers["dpi"]), int(numbers["page"])
    if not least <= dpi <= planning.MOST_DPI:
        raise RequestError(both("plan.no_dpi", came=dpi, least=least, most=planning.MOST_DPI))
    asked = _sheet_of(values["choice"], values, request.own_address)
    body, pages = planning.picture(asked, dpi=dpi, number=page)
    told = (("X-Pages", str(pages)), ("X-Scale", str(asked.frame().scale)), ("X-Cut", str(int(asked.cut))))
    return Answer(body, "image/png", _ASK_AGAIN, more=told)


def _sheet_of(query: str, values: Mapping[str, str], address: str) -> sheet.Sheet:
    """Make the sheet of a choice as of today. `address` is where the server stands."""
    choice = snapshot.Choice.from_query(query)
    root = re.split(r"plan[/?]|[?]", address)[0]
    return planning.sheet_of(choice, values, today=datetime.now(UTC).astimezone().date(), address=root)


def _list_systems(_: Asked) -> Answer:
    return Answer(_systems(), _JSON, _ASK_AGAIN)


def _order(body: bytes) -> dict[str, Any]:
    """Read what is to be exported: `choice`, a query, and `files`, ids of formats. Raises RequestError."""
    try:
        found = json.loads(body)
        query, wanted = found["choice"], found["files"]
        fit = isinstance(query, str) and isinstance(wanted, list) and all(isinstance(name, str) for name in wanted)
    except (ValueError, RecursionError, KeyError, TypeError):
        fit = False
    if not fit:
        raise RequestError(both("plan.no_order"))
    wanted = list(dict.fromkeys(wanted))
    if not 0 < len(wanted) <= MOST_FILES:
        raise RequestError(both("plan.no_files", most=MOST_FILES))
    laid = found.get("sheet")
    values = {name: str(laid[name]) for name in _SHEET if name in laid} if isinstance(laid, dict) else {}
    return {"choice": query, "files": wanted, "sheet": values}


def _tasks(order: Mapping[str, Any]) -> list[jobs.Task]:
    """Give the files of an order. Raises ChoiceError with every fault."""
    query, laid = str(order["choice"]), order["sheet"]
    return [_sheet_task(query, name, laid, order["address"]) if name in planning.SHEETS else _task(query, name)
            for name in order["files"]]  # fmt: skip


def _sheet_task(query: str, form: str, laid: Mapping[str, str], address: str) -> jobs.Task:
    asked = _sheet_of(query, laid, address)

    def make(path: Path, progress: jobs.Progress, stop: jobs.Stop) -> None:
        progress(0, 1, both("plan.drawing_sheet"))
        drawn = planning.write_sheet(asked, form)
        if not stop():
            files.write_bytes(path, drawn)

    name = f"{snapshot.Choice.from_query(query).name()}_{asked.paper}.{form}"
    return jobs.Task(form, name, both(f"plan.sheet_{form}"), make)


def _task(query: str, format_: str) -> jobs.Task:
    choice = snapshot.Choice.from_query(
        urlencode({**dict(parse_qsl(query, keep_blank_values=True)), "format": format_})
    )
    record = snapshot.FORMATS.get(format_)
    ending = record.file_ending(planning.filled(choice)) if record else ".zip"
    title = dict.fromkeys(("en", "fr"), record.title) if record else both("plan.bundle")
    # Two formats may both come as a zip: the name says which one this is.
    name = f"{choice.name()}{ending if record and ending == record.ending else f'_{format_}{ending}'}"

    def make(path: Path, progress: jobs.Progress, stop: jobs.Stop) -> None:
        snapshot.export(choice, path, progress=progress, stop=stop)

    return jobs.Task(format_, name, title, make)  # type: ignore[arg-type]


def _told(state: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out of a job's state what is the server's own."""
    return {key: value for key, value in state.items() if key not in {"pid", "at", "data"}}


def _begin(body: bytes, address: str) -> Answer:
    order = _order(body) | {"address": address}
    return Answer(_dumps(_told(jobs.start(order, _tasks(order)))), _JSON, _NEVER)


def _again(id_: str) -> Answer:
    """Make what a job lacks, with the data it began with. Raises LookupError where there is no such job."""
    order = jobs.order_of(id_)
    with editions.using(jobs.data_of(id_)):
        state = None if order is None else jobs.again(id_, _tasks(order))
    if state is None:
        raise LookupError(id_)
    return Answer(_dumps(_told(state)), _JSON, _NEVER)


class Orders(Sent):
    """Begin a job."""

    def initialize(self) -> None:  # type: ignore[override]
        """Read an order of a size that one has."""
        super().initialize(partial(_begin, address=_root(self)), MOST_ORDER)

    async def post(self) -> None:
        """Answer with the state of a new job, or refuse."""
        try:
            await super().post()
        except jobs.BusyError:
            _busy(self)


def _root(handler: Service) -> str:
    """Give the address at which this server stands."""
    return f"{handler.request.protocol}://{handler.request.host}{hosting.now().prefix}/"


def _busy(handler: Service) -> None:
    handler.set_header("Retry-After", "10")
    handler.refuse(HTTPStatus.SERVICE_UNAVAILABLE, both("plan.busy", n=partial(number, jobs.MOST_OPEN)))


class Job(Service):
    """Tell how far a job is, try again what failed, or stop it."""

    def initialize(self) -> None:  # type: ignore[override]
        """Take nothing: the address says all."""

    async def head(self, *parts: str) -> None:  # type: ignore[override]
        """Answer with the head of the same answer."""
        await self.get(*parts)

    async def get(self, *parts: str) -> None:  # type: ignore[override]
        """Answer with the state of the job."""
        self._tell(jobs.find(parts[0]))

    async def delete(self, *parts: str) -> None:
        """Stop the job, keep the files that are finished, and answer with its state."""
        self._tell(jobs.stop(parts[0]))

    async def post(self, *parts: str) -> None:
        """Make the files that are not finished, and answer with the state."""
        try:
            await self.answer(partial(_again, parts[0]))
        except LookupError:
            self._tell(None)
        except jobs.BusyError:
            _busy(self)

    def _tell(self, state: Mapping[str, Any] | None) -> None:
        if state is None:
            self.refuse(HTTPStatus.NOT_FOUND, both("plan.no_job", minutes=jobs.KEPT_MINUTES))
            return
        self.set_header("Content-Type", _JSON)
        self.finish(_dumps(_told(state)))


class JobFile(Service):
    """Hand over a finished file of a job."""

    def initialize(self) -> None:  # type: ignore[override]
        """Take nothing: the address says all."""

    async def head(self, *parts: str) -> None:  # type: ignore[override]
        """Answer with the head of the same answer."""
        await self.get(*parts)

    async def get(self, *parts: str) -> None:  # type: ignore[override]
        """Answer with the file, piece by piece."""
        found = jobs.file(parts[0], parts[1])
        if found is None:
            self.refuse(HTTPStatus.NOT_FOUND, both("plan.no_job", minutes=jobs.KEPT_MINUTES))
            return
        path, name = found
        self.set_header("Content-Type", _KINDS.get(path.suffix, "application/octet-stream"))
        self.set_header("Content-Length", str(path.stat().st_size))
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        if self.request.method == "HEAD":
            await self.finish()
            return
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                self.write(chunk)
                await self.flush()
        await self.finish()


PATTERNS: list[tuple[str, type[RequestHandler], dict[str, Any]]] = [
    (r"/plan/preview\.json", Service, {"make": _preview, "own": frozenset({"choice", "formats"})}),
    (r"/plan/rows\.json", Service, {"make": _rows, "own": frozenset({"choice", "layer"})}),
    (r"/plan/sheet\.png", Service, {"make": _sheet, "own": frozenset({"choice", "dpi", "page", *_SHEET})}),
    (r"/plan/systems\.json", Service, {"make": _list_systems, "own": frozenset()}),
    (r"/plan/jobs", Orders, {}),
    (r"/plan/jobs/([A-Za-z0-9_-]{22})", Job, {}),
    (r"/plan/jobs/([A-Za-z0-9_-]{22})/([a-z]{2,12})", JobFile, {}),
]
