"""Where each figure of a scene comes from: publisher, year, licence and confidence, ready to be shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from layers import cited, industry
from layers.catalogue import catalogue
from layers.cited import COMMUNES_SOURCE, Figure
from layers.stories import charts
from layers.stories.scene import Scene
from layers.stories.segments import PLACED
from layers.text import both
from layers.view import LANGUAGES, Language

FACTS = "public-pages"


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a scene; figures of the same page and confidence share it, each of its own year."""

    origin: str
    publisher: tuple[str, ...]
    years: tuple[int, ...]
    confidence: str | None
    url: str

    @classmethod
    def of(cls, figure: Figure) -> Source:
        """Give the source of a figure."""
        # A verified or official figure is of its publisher; the attribution would say the licence twice.
        named = _sure(figure.origin) is not None
        record = catalogue().sources[figure.origin]
        publisher = tuple(
            record.word("publisher", language) if named else figure.source[language] for language in LANGUAGES
        )
        return cls(figure.origin, publisher, (figure.year,), figure.confidence, figure.source_url)

    def same(self, other: Source) -> bool:
        """Tell whether another source is this one, whatever the years of its figures."""
        return replace(self, years=()) == replace(other, years=())

    def shown(self) -> dict[str, Any]:
        """Give the source as the document shows it: `said` is ready to be read, in both languages."""
        licence = (
            both("story_source.facts")
            if self.origin == FACTS
            else {language: catalogue().sources[self.origin].word("licence", language) for language in LANGUAGES}
        )
        publisher: dict[Language, str] = dict(zip(LANGUAGES, self.publisher, strict=True))
        sure = both(f"confidence.{self.confidence}" if self.confidence else _sure(self.origin) or _UNRATED)
        said = both(
            "story_source.said",
            publisher=lambda language: publisher[language],
            year=", ".join(map(str, self.years)),
            licence=lambda language: licence[language],
            confidence=lambda language: sure[language],
        )
        return {
            "said": said, "publisher": publisher, "licence": licence, "year": self.years[-1],
            "confidence": self.confidence, "url": self.url,
        }  # fmt: skip


_UNRATED = "story_source.unrated"


def _sure(origin: str) -> str | None:
    """Give what stands for a confidence where nobody rates, because an authority counts or verifies."""
    if origin in industry.ets_sources():
        return "story_source.verified"
    return "story_source.official" if origin == COMMUNES_SOURCE else None


def named(found: Scene) -> list[str]:
    """Give the ids of the figures on the screen of a scene: the key figure first, then those in its words."""
    ids = [found.figure] if found.figure else []
    for words in found.words.values():
        for part, said in words.parts():
            if part != "notes":
                ids += PLACED.findall(said.text)
    return list(dict.fromkeys(ids))


def of_scene(found: Scene) -> list[Source]:
    """Give the sources of what a scene shows, in the order of their letters: key figure, chart, words."""
    ids = named(found)
    key = [Source.of(cited.figure(name)) for name in ids[: 1 if found.figure else 0]]
    drawn = [Source.of(figure) for figure in charts.stand_for(found)] if found.chart else []
    return _distinct([*key, *drawn, *(Source.of(cited.figure(name)) for name in ids)])


def of_figures(ids: Iterable[str]) -> list[Source]:
    """Give the sources of some figures, each once."""
    return _distinct(Source.of(cited.figure(name)) for name in ids)


def _distinct(found: Iterable[Source]) -> list[Source]:
    """Give each source once, with the years of all its figures."""
    sources: list[Source] = []
    for source in found:
        at = place(source, sources)
        if at is None:
            sources.append(source)
        else:
            sources[at] = replace(sources[at], years=tuple(sorted({*sources[at].years, *source.years})))
    return sources


def place(source: Source, among: list[Source]) -> int | None:
    """Give the number of a source among others, None where it is not there."""
    return next((at for at, other in enumerate(among) if other.same(source)), None)
