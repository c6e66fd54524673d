"""A story that is being composed, as plain data, to the files of a story and back."""

from __future__ import annotations

import base64
import binascii
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from layers.stories.header import FENCE
from layers.stories.read import STORY_FILE
from layers.stories.scene import USUAL_SECONDS, Faults, Scene, Story, StoryError
from layers.view import LANGUAGES

_SLUG_LETTERS = 40
_LEAST_DIGITS = 2
_PLAIN_KEYS = ("figure", "chart", "transition")


def files(draft: Mapping[str, Any]) -> dict[str, bytes]:
    """Give the files of a story from a draft; scenes are numbered in their order.

    draft: id, title, about, minutes, scenes; of a scene: name, kind, view, highlights, figure, chart, years,
    transition, seconds, asked, topic, title, caption, notes and picture, as `draft` gives them. What is missing or of
    the wrong type is written as it came, so that reading the files names it.

    Raises StoryError where a picture is not in base64.
    """
    written: dict[str, bytes] = {STORY_FILE: _story(draft).encode()}
    scenes = draft.get("scenes")
    given_scenes = scenes if isinstance(scenes, list) else []
    # The hundredth scene would stand before the eleventh with fewer digits: files are read in the order of their names.
    digits = max(_LEAST_DIGITS, len(str(len(given_scenes))))
    for at, scene in enumerate(given_scenes, 1):
        given = scene if isinstance(scene, Mapping) else {}
        name = f"{at:0{digits}d}-{slug(str(given.get('name') or ''))}.md"
        written[name] = _scene(given).encode()
        picture = given.get("picture")
        if isinstance(picture, Mapping) and picture.get("name"):
            written[str(picture["name"])] = _decoded(name, picture)
    return written


def draft(story: Story) -> dict[str, Any]:
    """Give a story as a draft: plain data in which figures still stand as `{id}`."""
    return {
        "id": story.id, "title": dict(story.title), "about": dict(story.about), "minutes": story.minutes,
        "scenes": [_draft(scene) for scene in story.scenes],
    }  # fmt: skip


def slug(name: str) -> str:
    """Give the end of a file's name: what stands after its number, in small letters without accents."""
    bare = unicodedata.normalize("NFKD", re.sub(r"^[0-9]{2,3}-", "", name)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:_SLUG_LETTERS].strip("-") or "scene"


def _draft(scene: Scene) -> dict[str, Any]:
    words = scene.words
    picture = scene.picture
    return {
        "name": scene.name, "kind": scene.kind, "view": scene.view.to_query(), "highlights": list(scene.highlights),
        "figure": scene.figure, "chart": scene.chart, "years": list(scene.years) if scene.years else None,
        "transition": scene.transition, "seconds": scene.seconds, "asked": list(scene.asked),
        "topic": {lang: words[lang].topic.text for lang in LANGUAGES},
        "title": {lang: words[lang].title.text for lang in LANGUAGES},
        "caption": {lang: caption.text if (caption := words[lang].caption) else "" for lang in LANGUAGES},
        "notes": {lang: [note.text for note in words[lang].notes] for lang in LANGUAGES},
        "picture": None if picture is None else {
            "name": picture.name, "data": base64.b64encode(picture.data).decode(), "alt": dict(picture.alt),
            "credit": dict(picture.credit),
        },
    }  # fmt: skip


def _decoded(file: str, picture: Mapping[str, Any]) -> bytes:
    try:
        return base64.b64decode(str(picture.get("data", "")), validate=True)
    except (binascii.Error, ValueError) as error:
        faults = Faults(file)
        faults.add("picture_kind", name=repr(picture.get("name")))
        raise StoryError("draft", faults.found) from error


def _toml(value: Any) -> str:
    """Write a value of a header: JSON's strings, numbers and lists are TOML's as well."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _story(given: Mapping[str, Any]) -> str:
    pairs = [(f"{what}_{lang}", _said(given, what, lang)) for what in ("title", "about") for lang in LANGUAGES]
    return "".join(f"{key} = {_toml(value)}\n" for key, value in [*pairs, ("minutes", given.get("minutes"))] if value)


def _said(given: Mapping[str, Any], key: str, language: str) -> Any:
    value = given.get(key)
    return value.get(language) if isinstance(value, Mapping) else None


def _scene(given: Mapping[str, Any]) -> str:
    pairs: list[tuple[str, Any]] = [("kind", given.get("kind", "scene")), ("view", given.get("view", ""))]
    pairs += [("highlights", given.get("highlights")), ("years", given.get("years")), ("asked", given.get("asked"))]
    pairs += [(key, given.get(key)) for key in _PLAIN_KEYS]
    pairs.append(("seconds", given.get("seconds", USUAL_SECONDS)))
    picture = given.get("picture")
    if isinstance(picture, Mapping):
        pairs.append(("picture", picture.get("name")))
        pairs += [(f"picture_{w}_{lang}", _said(picture, w, lang)) for w in ("alt", "credit") for lang in LANGUAGES]
    header = "".join(f"{key} = {_toml(value)}\n" for key, value in pairs if value or key in {"view", "seconds"})
    return f"{FENCE}\n{header}{FENCE}\n" + "".join(_part(given, language) for language in LANGUAGES)


def _part(given: Mapping[str, Any], language: str) -> str:
    """Write the words of one language; a part without words is left out, and reading the file says so."""
    topic, title, caption = (_line(_said(given, key, language)) for key in ("topic", "title", "caption"))
    notes = _said(given, "notes", language)
    lines = [_line(note) for note in notes] if isinstance(notes, Sequence) and not isinstance(notes, str) else []
    parts = [f"*{topic}*" if topic else "", f"## {title}" if title else "", caption]
    parts.append("### Notes\n\n" + "\n".join(f"- {line}" for line in lines if line) if any(lines) else "")
    return f"\n# {language}\n" + "".join(f"\n{part}\n" for part in parts if part)


# What Markdown would read as more than text. Braces stay: they hold figures.
_MARKS = re.compile(r"([\\`*_\[\]<>#~|!&])")


def _line(value: Any) -> str:
    """Write a text on one line, as text: what Markdown would take for a mark is escaped."""
    said = " ".join(str(value or "").split(" ")).replace("\n", " ").replace("\r", " ").replace("\t", " ").strip(" ")
    escaped = _MARKS.sub(r"\\\1", said)
    # At the start of a line, these would make a list.
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^([-+=])", r"\\\1", escaped))
