"""What the Present page asks of the server: a story checked, packed, opened, or handed over as a file.

A story being written comes as JSON, and goes through the same files and the same checks as a story on disk: what is
accepted here is accepted by the command line. Nothing that is sent becomes a path; a zip is unpacked in memory alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from http import HTTPStatus
from typing import Any

from tornado.web import HTTPError, RequestHandler, stream_request_body

from dashboards.cli import SHOWN
from dashboards.services import Answer, Asked, Service
from layers import cited, editions, living, stories
from layers.amounts import written
from layers.errors import RequestError
from layers.numbers import number
from layers.stories import Fault, StoryError, archive, write
from layers.stories.read import STORY_FILE
from layers.text import both
from layers.view import LANGUAGES, Language

# A story's files in base64 and its words: a third more than archive.MOST_BYTES, and room.
MOST_DRAFT = 20_000_000
# What all who send at once may hold of the memory.
MOST_HELD = 80_000_000
_JSON, _ZIP = "application/json; charset=utf-8", "application/zip"
_NEVER, _ASK_AGAIN = "no-store", "private, no-cache"
_KEY = re.compile(r"\s*(\w+)\s*=")
_HEADING = re.compile(r"# (en|fr)\s*\Z")
_KEYS = ("title_en", "title_fr", "about_en", "about_fr", "minutes")
_KINDS = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


@stream_request_body
class Sent(Service):
    """Answer what was sent with what a function makes of it; every fault of a story is told at once."""

    held = 0

    def initialize(self, take: Callable[[bytes], Answer], most: int) -> None:  # type: ignore[override]
        """Take the function, and how many bytes it reads at most."""
        self.take, self.most = take, most
        self.chunks: list[bytes] = []
        self.size = self.kept = 0
        self.crowded = False

    def data_received(self, chunk: bytes) -> None:
        """Collect what comes, up to the limit; the rest is let go by, since only a request that ended is answered."""
        self.size += len(chunk)
        if self.size <= self.most and not self.crowded:
            self.crowded = Sent.held + len(chunk) > MOST_HELD
            if not self.crowded:
                Sent.held += len(chunk)
                self.kept += len(chunk)
                self.chunks.append(chunk)

    def on_finish(self) -> None:
        """Let go of what was held, however it ended."""
        Sent.held -= self.kept
        self.kept, self.chunks = 0, []

    on_connection_close = on_finish

    async def get(self) -> None:
        """Tell that something must be sent."""
        raise HTTPError(HTTPStatus.METHOD_NOT_ALLOWED)

    async def post(self) -> None:
        """Answer, or refuse in both languages, with the list of faults where the story has some."""
        if self.size > self.most:
            self._too_large(self.size)
            return
        if self.crowded:
            self.set_header("Retry-After", "5")
            self.refuse(HTTPStatus.SERVICE_UNAVAILABLE, both("asked.busy"))
            return
        try:
            await self.answer(lambda: self.take(b"".join(self.chunks)))
        except StoryError as error:
            self.set_status(HTTPStatus.UNPROCESSABLE_ENTITY)
            self.set_header("Content-Type", _JSON)
            said = both("asked.story_faults", n=partial(number, len(error.faults)))
            await self.finish(_dumps({"error": said, "faults": [_told(fault) for fault in error.faults]}))

    def _too_large(self, size: int) -> None:
        self.refuse(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            both("asked.too_large", size=archive.megabytes(size), most=archive.megabytes(self.most)),
        )


def _dumps(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _told(fault: Fault, field: str | None = None) -> dict[str, Any]:
    return {"file": fault.file, "line": fault.line, "said": dict(fault.said), "field": field}


def _draft(body: bytes) -> dict[str, Any]:
    """Read a draft. Raises RequestError when it is no JSON object."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RequestError(both("asked.no_draft")) from error
    if not isinstance(found, dict):
        raise RequestError(both("asked.no_draft"))
    return found


def _read(files: Mapping[str, bytes], id_: str) -> stories.Story:
    """Check the files of a draft as they will be read from the zip. Raises StoryError with every fault."""
    try:
        archive.unpack(archive.pack(files))
    except StoryError as error:
        try:
            stories.from_files(files, id_=id_)
        except StoryError as more:
            raise StoryError(id_, [*error.faults, *more.faults]) from more
        raise
    return stories.from_files(files, id_=id_)


def _id(draft: Mapping[str, Any]) -> str:
    return write.slug(str(draft.get("id") or ""))


def check(body: bytes) -> Answer:
    """Answer a draft with the story resolved, or with every fault, its file, its line, and its field where known."""
    draft = _draft(body)
    files: dict[str, bytes] = {}
    try:
        files = write.files(draft)
        found: dict[str, Any] = {"story": stories.resolved(_read(files, _id(draft)))}
    except StoryError as error:
        found = {"faults": [_told(fault, field_of(fault, files)) for fault in error.faults]}
    return Answer(_dumps(found), _JSON, _NEVER)


def pack(body: bytes) -> Answer:
    """Answer a draft with its zip. Raises StoryError with every fault: a zip is only made of what can be played."""
    draft = _draft(body)
    files = write.files(draft)
    _read(files, _id(draft))
    return Answer(archive.pack(files), _ZIP, _NEVER, f"{_id(draft)}.zip")


def unpack(body: bytes) -> Answer:
    """Answer a zip with the draft it holds, or with every fault."""
    try:
        found: dict[str, Any] = {"draft": write.draft(stories.from_files(archive.unpack(body)))}
    except StoryError as error:
        found = {"faults": [_told(fault) for fault in error.faults]}
    return Answer(_dumps(found), _JSON, _NEVER)


def field_of(fault: Fault, files: Mapping[str, bytes]) -> str | None:
    """Give the field of the form that a fault belongs to: `title.fr`, `view`; None where it cannot be told."""
    for key in _KEYS:
        if fault.said == both("story.missing_key", key=key):
            return _dotted(key)
    lines = files.get(fault.file, b"").decode("utf-8", "replace").splitlines()
    if not 1 <= fault.line <= len(lines):
        return None
    if fault.file == STORY_FILE:
        key_here = _KEY.match(lines[fault.line - 1])
        return _dotted(key_here[1]) if key_here else None
    return _in_scene(fault, lines)


def _in_scene(fault: Fault, lines: list[str]) -> str | None:
    """Give the field of a scene's file that a line belongs to."""
    for language in LANGUAGES:
        for part in ("topic", "title", "notes"):
            if fault.said == both("story.no_part", part=part, language=language):
                return f"{part}.{language}"
    fences, language_here, notes = 0, "", False
    for line in lines[: fault.line]:
        fences += line == "+++"
        heading = _HEADING.match(line)
        if heading:
            language_here, notes = heading[1], False
        notes = notes or line == "### Notes"
    line = lines[fault.line - 1]
    if fences < 2:
        key = _KEY.match(line)
        return _dotted(key[1]) if key else None
    if not language_here or line.startswith("# "):
        return None
    part = "notes" if notes else "title" if line.startswith("## ") else "topic" if line.startswith("*") else "caption"
    return f"{part}.{language_here}"


def _dotted(key: str) -> str:
    """Write a key of a file as the form names it: `title_en` is `title.en`, `picture_alt_fr` is `picture.alt.fr`."""
    return key.replace("_", ".")


@editions.kept()
def _figures() -> bytes:
    """List every figure that a text may name: what it says, its value as written, its year, source and confidence."""
    names = [*living.facts()["id"], *cited.computed_names()]
    rows = []
    for figure in map(cited.figure, names):
        if figure.value is None:
            continue
        shown: dict[Language, str] = {language: written(figure, language) for language in LANGUAGES}
        rows.append({
            "id": figure.id, "said": figure.said, "written": shown, "year": figure.year, "source": figure.source,
            "confidence": figure.confidence,
        })  # fmt: skip
    return _dumps(rows)


def _list_figures(_: Asked) -> Answer:
    return Answer(_figures(), _JSON, _ASK_AGAIN)


class StoryFile(Service):
    """Hand over a story of this installation as a file, or as a draft to be changed."""

    def initialize(self) -> None:  # type: ignore[override]
        """Take nothing: the address says all."""

    async def head(self, *parts: str) -> None:  # type: ignore[override]
        """Answer with the head of the same answer."""
        await self.get(*parts)

    async def get(self, *parts: str) -> None:  # type: ignore[override]
        """Answer with the file; a story that is not there is refused."""
        id_, kind = parts[0], parts[-1]
        if id_ not in stories.ids():
            self.refuse(HTTPStatus.NOT_FOUND, both("asked.no_story", id=id_, known=", ".join(stories.ids())))
        elif kind == "draft.json":
            await self.answer(lambda: Answer(_draft_of(id_), _JSON, _ASK_AGAIN))
        else:
            language: Language = "fr" if parts[1] == "fr" else "en"
            name = f"provence-map-{id_}_{language}.{kind}"
            # A story in HTML plays at its address as well.
            shown = kind == "html"
            await self.answer(
                lambda: Answer(_made(id_, language, kind), _KINDS[kind], _ASK_AGAIN, name, shown), pool=_files()
            )


@editions.kept()
def _draft_of(id_: str) -> bytes:
    return _dumps(write.draft(stories.read(id_)))


@cache
def _files() -> ThreadPoolExecutor:
    # A thread of their own, one: files that take seconds keep no other answer waiting, and each is made once.
    return ThreadPoolExecutor(1, thread_name_prefix="story-file")


@editions.kept()
def _made(id_: str, language: Language, kind: str) -> bytes:
    return SHOWN[f".{kind}"](stories.read(id_), language)


PATTERNS: list[tuple[str, type[RequestHandler], dict[str, Any]]] = [
    (r"/story\.json", Sent, {"take": check, "most": MOST_DRAFT}),
    (r"/story\.zip", Sent, {"take": pack, "most": MOST_DRAFT}),
    (r"/story/open", Sent, {"take": unpack, "most": archive.MOST_BYTES}),
    (r"/story/figures\.json", Service, {"make": _list_figures, "own": frozenset()}),
    (r"/stories/([a-z0-9-]+)\.(draft\.json)", StoryFile, {}),
    (r"/stories/([a-z0-9-]+)\.(en|fr)\.(html|pdf|pptx)", StoryFile, {}),
]
