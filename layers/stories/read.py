"""Read a story from a folder, a zip or files in memory, and check all of it: every fault is told at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from layers.catalogue import data_dir
from layers.stories import archive, body, check, header, pictures
from layers.stories.scene import MOST_SCENES, USUAL_SECONDS, Fault, Faults, Scene, Story, StoryError
from layers.text import both
from layers.view import LANGUAGES, View

STORY_FILE = "story.toml"
SCENE_FILE = re.compile(r"[0-9]{2,3}-[a-z0-9-]+\.md\Z")
MOST_MINUTES = 120
MOST_TITLE, MOST_ABOUT = 80, 240
_KEYS = (*(f"{what}_{lang}" for what in ("title", "about") for lang in LANGUAGES), "minutes")


def ids() -> tuple[str, ...]:
    """Give the stories of this installation, in the order of their names; the pitch comes first."""
    folder = data_dir() / "stories"
    found = sorted(path.parent.name for path in folder.glob(f"*/{STORY_FILE}"))
    return tuple(sorted(found, key=lambda name: (name != "pitch", name)))


def read(story: str | Path) -> Story:
    """Read a story: the id of one of `ids`, a folder, or a zip.

    Raises StoryError with every fault, each with its file and line.
    """
    name = str(story)
    path = data_dir() / "stories" / name if name in ids() else Path(story)
    if path.is_dir():
        files = {file.name: _bytes(file) for file in sorted(path.iterdir()) if file.is_file() and file.name[0] != "."}
        return from_files(files, id_=path.name)
    if path.is_file():
        return from_files(archive.unpack(_bytes(path), name=path.name), id_=path.stem)
    raise StoryError(name, [Fault(name, 0, both("story.no_story", id=repr(name), known=", ".join(ids()) or "none"))])


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise StoryError(path.name, [Fault(path.name, 0, both("story.unreadable", why=why))]) from error


def from_files(files: Mapping[str, bytes], *, id_: str = "story") -> Story:
    """Read a story from the bytes of its files by name.

    Raises StoryError with every fault, each with its file and line.
    """
    whole = Faults(STORY_FILE)
    about = _story(files, whole)
    names = sorted(name for name in files if SCENE_FILE.match(name))
    if not names:
        whole.add("no_scenes")
    if len(names) > MOST_SCENES:
        whole.add("too_many_scenes", n=len(names), most=MOST_SCENES)
        names = names[:MOST_SCENES]
    faults, scenes, shown = list(whole), [], set()
    for name in names:
        own = Faults(name)
        scene, picture = _scene(name, files, own)
        shown.add(picture)
        if scene is not None:
            scenes.append(scene)
        faults += sorted(own, key=lambda fault: fault.line)
    faults += _strangers(files, shown)
    if faults:
        raise StoryError(id_, faults)
    return Story(id=id_, scenes=tuple(scenes), **about)


def _strangers(files: Mapping[str, bytes], shown: set[str | None]) -> list[Fault]:
    """Name files that belong to no scene."""
    found = []
    for name in files:
        if name == STORY_FILE or SCENE_FILE.match(name) or name in shown:
            continue
        picture = Path(name).suffix.lower() in pictures.ENDINGS
        found.append(Fault(name, 0, both("story.picture_unused" if picture else "story.strange_file")))
    return found


def _text(data: bytes, faults: Faults) -> str | None:
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        faults.add("not_text", data[: error.start].count(b"\n") + 1)
        return None


def _story(files: Mapping[str, bytes], faults: Faults) -> dict[str, Any]:
    """Read story.toml."""
    if STORY_FILE not in files:
        faults.add("no_story_file")
        return {}
    text = _text(files[STORY_FILE], faults)
    if text is None:
        return {}
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        faults.add("bad_toml", int(at[1]) if at else 1, why=re.sub(r" \(at .*\)", "", str(error)))
        return {}
    lines = {match[1]: at for at, line in enumerate(text.splitlines(), 1) if (match := re.match(r"\s*(\w+)\s*=", line))}
    for key in raw:
        if key not in _KEYS:
            faults.add("unknown_key", lines.get(key, 1), key=key, known=", ".join(_KEYS))
    for key in _KEYS:
        _story_value(key, raw.get(key), lines.get(key, 1), faults)
    if faults.found:
        return {}
    words = {what: {lang: raw[f"{what}_{lang}"] for lang in LANGUAGES} for what in ("title", "about")}
    return {**words, "minutes": raw["minutes"]}


def _story_value(key: str, value: Any, line: int, faults: Faults) -> None:
    if value is None:
        faults.add("missing_key", 1, key=key)
    elif key == "minutes":
        if type(value) is not int or not 1 <= value <= MOST_MINUTES:
            faults.add("out_of_range", line, key=key, value=repr(value), least=1, most=MOST_MINUTES)
    elif not isinstance(value, str) or not value.strip():
        faults.add("wrong_type", line, key=key, value=repr(value), expected="text")
    else:
        most = MOST_TITLE if key.startswith("title") else MOST_ABOUT
        if len(value) > most:
            faults.add("out_of_range", line, key=key, value=len(value), least=1, most=most)
        check.letters(value, line, faults)


def _scene(name: str, files: Mapping[str, bytes], faults: Faults) -> tuple[Scene | None, str | None]:
    """Read one scene; give it, or None where it cannot be built, and the picture it names."""
    text = _text(files[name], faults)
    head = header.parse(text, faults) if text is not None else None
    if text is None or head is None:
        return None, None
    words = body.parse(text, head.body, faults)
    picture = pictures.read(head, files, faults)
    view = _view(head, faults)
    values = head.values
    if view is None:
        return None, values.get("picture")
    years = values.get("years")
    scene = Scene(
        name=name.removesuffix(".md"), kind=values.get("kind", "scene"), view=view, words=words, picture=picture,
        highlights=tuple(values.get("highlights", ())), figure=values.get("figure"), chart=values.get("chart"),
        years=(years[0], years[1]) if years else None, transition=values.get("transition", "fly"),
        seconds=values.get("seconds", USUAL_SECONDS), asked=tuple(values.get("asked", ())), lines=head.lines,
    )  # fmt: skip
    # Checked as far as it goes where a language is missing, so that one look finds all there is to mend.
    check.scene(scene, faults)
    return scene if set(words) == set(LANGUAGES) else None, values.get("picture")


def _view(head: header.Header, faults: Faults) -> View | None:
    """Read the View of a scene: a part that a link would ignore is a fault here."""
    if "view" not in head.values:
        return None
    line = head.lines.get("view", 1)
    view, ignored = View.explain(head.values["view"])
    for part, why in ignored:
        faults.add("bad_view", line, why=f"{part}: {why}")
    strange = check.not_of_a_scene(view)
    if strange:
        faults.add("ignored_view", line, parts=", ".join(strange))
    return None if ignored or strange else view
