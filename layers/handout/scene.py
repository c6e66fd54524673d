"""One scene of a resolved story in one language: texts with the letters of their sources, ready to be set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layers.errors import HandoutError
from layers.print import ink
from layers.print.words import Words
from layers.view import LANGUAGES, Language

Story = Mapping[str, Any]
# Some text, and the letter of its source where it is a figure.
Part = tuple[str, str]


def letter(source: int) -> str:
    """Give the letter of a source: a to z, then aa, ab..."""
    return (letter(source // 26 - 1) if source >= 26 else "") + chr(ord("a") + source % 26)


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene as it is read in one language; `raw` is the resolved scene."""

    raw: Mapping[str, Any]
    language: Language

    @property
    def kind(self) -> str:
        """Give opening, scene or closing."""
        return str(self.raw["kind"])

    @property
    def topic(self) -> str:
        """Give the topic, empty where there is none."""
        return str(self.raw["topic"][self.language])

    def parts(self, name: str) -> list[Part]:
        """Give the title or the caption as text with letters."""
        return [_part(segment) for segment in self.raw[name][self.language]]

    @property
    def title(self) -> str:
        """Give the title without letters."""
        return "".join(said for said, _ in self.parts("title"))

    @property
    def figure(self) -> Mapping[str, Any] | None:
        """Give the key figure."""
        found: Mapping[str, Any] | None = self.raw["figure"]
        return found

    @property
    def chart(self) -> Mapping[str, Any] | None:
        """Give the chart."""
        found: Mapping[str, Any] | None = self.raw["chart"]
        return found

    @property
    def picture(self) -> Mapping[str, Any] | None:
        """Give the picture."""
        return self.raw.get("picture")

    @property
    def credit(self) -> str:
        """Give where the map's own content comes from, and the picture."""
        said = [str(self.raw["credit"][self.language])]
        if self.picture:
            said.append(str(self.picture["credit"][self.language]))
        return " · ".join(text for text in said if text)

    def sources(self) -> list[tuple[str, str, str]]:
        """Give letter, text and address of each source."""
        return [
            (letter(n), self.say(source["said"]), str(source["url"])) for n, source in enumerate(self.raw["sources"])
        ]

    def notes(self) -> list[list[Part]]:
        """Give the speaker's notes."""
        return [[_part(segment) for segment in note] for note in self.raw["notes"][self.language]]

    def asked(self) -> list[tuple[str, str, str, str]]:
        """Give value, what it is, source and address of each figure for questions."""
        found = []
        for figure in self.raw["asked"]:
            source = self.raw["asked_sources"][figure["source"]]
            found.append((self.amount(figure), self.say(figure["said"]), self.say(source["said"]), str(source["url"])))
        return found

    def amount(self, figure: Mapping[str, Any]) -> str:
        """Give value and unit of a figure in one text."""
        value, unit = self.say(figure["value"]), self.say(figure["unit"])
        if not unit or (unit == "%" and self.language == "en"):
            return value + unit
        return f"{value}\u202f{unit}" if unit == "%" else f"{value}\u00a0{unit}"

    def say(self, words: Mapping[str, str]) -> str:
        """Give a text in the scene's language."""
        return str(words[self.language])

    def texts(self) -> Iterator[str]:
        """Give every text that is printed."""
        yield self.topic
        for name in ("title", "caption"):
            yield from (said for said, _ in self.parts(name))
        if self.figure:
            yield self.amount(self.figure)
        if self.chart:
            yield from (self.say(self.chart[name]) for name in ("title", "unit", "note"))
            for item in self.chart["items"]:
                yield from (self.say(item["label"]), self.say(item["said"]))
        for _, said, url in self.sources():
            yield from (said, url)
        yield self.credit


def scenes_of(story: Story, language: Language) -> list[Scene]:
    """Give the scenes of a story. Raises HandoutError when it has none or the language is not known."""
    faults = [] if story["scenes"] else [f"story {story['id']!r} has no scene, at least one is needed"]
    if language not in LANGUAGES:
        faults.append(f"language {language!r} is not one of {', '.join(LANGUAGES)}")
    if faults:
        raise HandoutError(faults, advice="Ask again with these corrected.")
    return [Scene(raw, language) for raw in story["scenes"]]


def check_letters(story: Story, scenes: Sequence[Scene], language: Language) -> None:
    """Raise HandoutError naming each scene with letters that the typeface of the pages lacks."""
    known = ink.letters() | {ord("\n")}
    printed = [("the story's title", [str(story["title"][language]), str(story["about"][language])])]
    printed += [(f"scene {scene.raw['id']}", list(scene.texts())) for scene in scenes]
    faults = []
    for where, texts in printed:
        missing = sorted({sign for text in texts for sign in text if ord(sign) not in known})
        if missing:
            faults.append(f"{where} has letters that the typeface lacks: {' '.join(map(ascii, missing))}")
    if faults:
        raise HandoutError(faults, advice="Write these texts with the letters of French and English.")


def linked(url: str) -> str:
    """Give an address that may be made a link, empty where it is anything but a page of the web."""
    return url if url.startswith(("https://", "http://")) else ""


def words_of(scene: Scene) -> Words:
    """Give the texts in the scene's language."""
    return Words(scene.language)


def _part(segment: Sequence[Any]) -> Part:
    said, source = segment
    return str(said), "" if source is None else letter(int(source))
