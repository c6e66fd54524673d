"""A story resolved: figures put in, sources lettered, charts counted; plain data that screen, page and deck show."""

from __future__ import annotations

from typing import Any

from layers import amounts, cited
from layers.numbers import formulas
from layers.stories import charts, pictures, segments
from layers.stories.scene import Scene, Story, Words
from layers.stories.sources import Source, named, of_figures, of_scene, place
from layers.text import both, text
from layers.view import LANGUAGES, Language

# Layers that the contours of the communes are all there is of.
_OF_CONTOURS = frozenset({"poles", "communes"})


def resolved(story: Story) -> dict[str, Any]:
    """Give a checked story as plain data ready for JSON, in both languages; the same story gives the same data.

    Scenes: view as a query (EPSG:4326 bounds), topic, title, caption and notes as pieces [text, number of a source or
    None], key figure, chart, sources, credit of the map, figures for questions, picture.
    """
    return {
        "id": story.id, "title": dict(story.title), "about": dict(story.about), "minutes": story.minutes,
        "scenes": [_scene(found) for found in story.scenes],
    }  # fmt: skip


def _scene(found: Scene) -> dict[str, Any]:
    sources = of_scene(found)
    numbers = {name: _at(cited.figure(name), sources) for name in named(found)}
    return {
        "id": found.name, "kind": found.kind, "seconds": found.seconds, "transition": found.transition,
        "view": found.view.to_query(), "years": list(found.years) if found.years else None,
        "highlights": list(found.highlights), **_words(found, numbers),
        "figure": _figure(found.figure, sources) if found.figure else None, "chart": _chart(found, sources),
        "sources": [source.shown() for source in sources], "credit": _credit(found), **_asked(found),
        "picture": pictures.shown(found.picture),
    }  # fmt: skip


def _words(found: Scene, numbers: dict[str, int]) -> dict[str, Any]:
    """Give the words; figures in the notes are said without a letter, they are not on the screen."""

    def each(language: Language, words: Words) -> dict[str, Any]:
        caption = segments.pieces(words.caption.text, language, numbers) if words.caption else []
        return {
            "topic": segments.plain(words.topic.text, language),
            "title": segments.pieces(words.title.text, language, numbers),
            "caption": caption,
            "notes": [segments.pieces(note.text, language, {}) for note in words.notes],
        }

    said = {language: each(language, found.words[language]) for language in LANGUAGES}
    return {part: {language: said[language][part] for language in LANGUAGES} for part in said[LANGUAGES[0]]}


def _figure(name: str, sources: list[Source]) -> dict[str, Any]:
    figure = cited.figure(name)
    return {
        "id": name, "value": amounts.value(figure), "unit": amounts.unit(figure),
        "said": _read(figure.said), "year": figure.year, "confidence": figure.confidence, "note": _read(figure.note),
        "source": _at(figure, sources),
    }  # fmt: skip


def _read(words: cited.Words) -> dict[str, str]:
    """Give what a table says as it is read: CO2 in it is CO₂ on the screen."""
    return {language: formulas(said) for language, said in words.items()}


def _at(figure: cited.Figure, sources: list[Source]) -> int:
    """Give the number of the source of a figure."""
    at = place(Source.of(figure), sources)
    if at is None:
        raise ValueError(f"the source of {figure.id} is not among those of its scene")
    return at


def _chart(found: Scene, sources: list[Source]) -> dict[str, Any] | None:
    if found.chart is None:
        return None
    return charts.chart(found) | {"source": _at(charts.stands_for(found), sources)}


def _asked(found: Scene) -> dict[str, Any]:
    """Give the figures for questions: those named, and those the notes speak of."""
    noted = [
        name for words in found.words.values() for note in words.notes for name in segments.PLACED.findall(note.text)
    ]
    ids = list(dict.fromkeys([*found.asked, *noted]))
    sources = of_figures(ids)
    return {"asked": [_figure(name, sources) for name in ids], "asked_sources": [source.shown() for source in sources]}


def _credit(found: Scene) -> dict[Language, str]:
    """Say where what the map shows comes from: the contours, and each layer shown that is not drawn of them."""
    layers = ["base", *(layer for layer in found.view.layers if layer not in _OF_CONTOURS)]
    return both(
        "story_source.map",
        publishers=lambda language: " · ".join(text(f"story_map.{layer}", language) for layer in layers),
    )
