"""What a story is made of: scenes, their words, their map, their figures; and the faults a story may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from layers.errors import LayerError
from layers.text import both
from layers.view import Language, View

Kind = Literal["opening", "scene", "closing"]
Transition = Literal["fly", "fade", "cut"]
KINDS: tuple[Kind, ...] = get_args(Kind)
TRANSITIONS: tuple[Transition, ...] = get_args(Transition)
CHARTS: tuple[str, ...] = ("emissions", "families", "statuses", "starts", "technologies", "poles")
LEAST_SECONDS, MOST_SECONDS, USUAL_SECONDS = 10, 300, 45
MOST_HIGHLIGHTS, MOST_ASKED, MOST_SOURCES, MOST_SCENES = 6, 6, 4, 300


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a story: the file, the line (0 where it is the whole file), what is wrong in both languages."""

    file: str
    line: int
    said: Mapping[Language, str]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.said['en']}" if self.line else f"{self.file}: {self.said['en']}"


class StoryError(LayerError):
    """List every fault of a story, each with its file and line."""

    def __init__(self, story: str, faults: Sequence[Fault]) -> None:
        self.story = story
        self.faults = tuple(faults)
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(f"story {story}: {count}: {'; '.join(map(str, faults))}. Correct the files and try again.")


@dataclass(slots=True)
class Faults:
    """Collect the faults of one file."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def add(self, key: str, line: int = 0, /, **values: object) -> None:
        """Note a fault by the key of its text."""
        self.found.append(Fault(self.file, line, both(f"story.{key}", **values)))

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.found)


@dataclass(frozen=True, slots=True)
class Line:
    """A text and the line of the file it stands on."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Words:
    """What a scene says in one language; figures stand in it as `{id}`."""

    topic: Line
    title: Line
    caption: Line | None
    notes: tuple[Line, ...]

    def parts(self) -> Iterator[tuple[str, Line]]:
        """Give each text with the name of its part."""
        yield "topic", self.topic
        yield "title", self.title
        if self.caption is not None:
            yield "caption", self.caption
        for note in self.notes:
            yield "notes", note


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture shown in place of the map: a PNG or JPEG file, what it shows in words, whose it is."""

    name: str
    data: bytes
    alt: Mapping[Language, str]
    credit: Mapping[Language, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One scene: a View, what is pointed at, a key figure, a chart, words in both languages.

    `name` is that of its file without the ending. `highlights` are `kind:id` with a place. `figure` and `asked` are
    ids of facts or computed figures. `years` are played when the scene opens. `lines` are those of the header's keys.
    """

    name: str
    kind: Kind
    view: View
    words: Mapping[Language, Words]
    highlights: tuple[str, ...] = ()
    figure: str | None = None
    chart: str | None = None
    years: tuple[int, int] | None = None
    transition: Transition = "fly"
    seconds: int = USUAL_SECONDS
    asked: tuple[str, ...] = ()
    picture: Picture | None = None
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Scenes in their order, a title and a sentence about them, the minutes they are meant for."""

    id: str
    title: Mapping[Language, str]
    about: Mapping[Language, str]
    minutes: int
    scenes: tuple[Scene, ...]
