"""The body of a scene: Markdown, one part a language, with topic, title, caption and speaker's notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from layers.stories.scene import Faults, Line, Words
from layers.view import LANGUAGES, Language

# Names of parts as the faults say them.
_PARTS = ("topic", "title", "caption", "notes")
_SPACES = re.compile(r"[ \t\r\n]+")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["autolink", "entity"])


@dataclass(slots=True)
class _Part:
    """What was read of one language so far."""

    line: int
    texts: dict[str, Line] = field(default_factory=dict)
    notes: list[Line] = field(default_factory=list)
    in_notes: bool = False


def parse(text: str, first_line: int, faults: Faults) -> dict[Language, Words]:
    """Read the words of a scene from the lines after its header. Every fault is added, with its line in the file."""
    source = "\n".join(text.splitlines()[first_line - 1 :])
    parts: dict[Language, _Part] = {}
    current: _Part | None = None
    for tag, said, at in _blocks(_MARKDOWN.parse(source)):
        line = at + first_line
        if tag == "h1":
            current = _language(said, line, parts, faults)
        elif current is None:
            # After a broken heading of a language its text is not told as broken a second time.
            if not parts and not any(fault.line >= first_line for fault in faults):
                faults.add("before_language", line)
        else:
            _take(current, tag, said, line=line, language=_name(parts, current), faults=faults)
    return {name: words for name in LANGUAGES if (words := _words(name, parts.get(name), first_line, faults))}


def _blocks(tokens: list[Token]) -> Iterator[tuple[str, str, int]]:
    """Give each block as (tag, text, line from 0): h1 to h6, topic, p, li, or the name of anything else."""
    inside: list[str] = []
    for token in tokens:
        if token.nesting == 1:
            inside.append(token.tag)
        elif token.nesting == -1:
            inside.pop()
        line = token.map[0] if token.map else 0
        if token.type == "inline":
            children = token.children or []
            # Spaces that hold words together, as French has them before a colon, stay what they are.
            said = _SPACES.sub(" ", "".join(_plain(children))).strip()
            tag = "li" if "li" in inside else inside[-1]
            if tag == "p" and len(children) >= 3 and (children[0].type, children[-1].type) == ("em_open", "em_close"):
                tag = "topic"
            yield (tag if "blockquote" not in inside else "blockquote"), said, line
        elif token.nesting == 0 and token.type != "inline":
            yield token.type, token.content[:40].strip(), line


def _plain(children: list[Token]) -> Iterator[str]:
    """Give the text of a block without its marks; what is no text (a picture, raw HTML) is given as it was written."""
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            yield " "
        else:
            yield child.content


def _language(said: str, line: int, parts: dict[Language, _Part], faults: Faults) -> _Part | None:
    name = next((language for language in LANGUAGES if language == said.lower()), None)
    if name is None:
        faults.add("strange_part", line, found=f"# {said}")
        return None
    if name in parts:
        faults.add("twice_language", line, language=name)
    parts[name] = _Part(line)
    return parts[name]


def _name(parts: dict[Language, _Part], wanted: _Part) -> Language:
    return next(name for name, part in parts.items() if part is wanted)


def _take(part: _Part, tag: str, said: str, *, line: int, language: Language, faults: Faults) -> None:
    """Put one block where it belongs."""
    if tag == "h3" and said.lower() == "notes" and not part.in_notes:
        part.in_notes = True
    elif tag == "li" and part.in_notes:
        part.notes.append(Line(said, line))
    elif (name := {"h2": "title", "p": "caption", "topic": "topic"}.get(tag)) and not part.in_notes:
        if name in part.texts:
            faults.add("twice_part", line, part=name, language=language)
        part.texts[name] = Line(said, line)
    else:
        faults.add("strange_part", line, found=said or tag)


def _words(name: Language, part: _Part | None, first_line: int, faults: Faults) -> Words | None:
    if part is None:
        faults.add("no_language", first_line, language=name)
        return None
    missing = [word for word in _PARTS[:2] if word not in part.texts or not part.texts[word].text]
    if not part.notes:
        missing.append("notes")
    for word in missing:
        faults.add("no_part", part.line, part=word, language=name)
    if missing:
        return None
    return Words(part.texts["topic"], part.texts["title"], part.texts.get("caption"), tuple(part.notes))
