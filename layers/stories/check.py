"""What a scene may say and show: figures that exist, digits that are figures, words that fit on the screen."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import parse_qsl

from layers import catalogue, cited, editions
from layers.asked import LAYER_OF
from layers.print import ink
from layers.stories import charts
from layers.stories.scene import MOST_SOURCES, Faults, Line, Scene, Words
from layers.stories.segments import PLACED, plain
from layers.stories.sources import of_scene
from layers.style import INDUSTRY_FAMILIES, PLACE_CLASSES, PROJECT_FAMILIES
from layers.view import DRAPES, Language, View
from layers.vocabulary import PROJECT_STATUSES, TECHNOLOGY_FAMILY

# What a scene cannot show of a View, by the names its query has.
NOT_OF_A_SCENE = ("lang", "theme", "area", "compare", "keep", "panel", "table")
TITLE_PX, TITLE_SIZE, TITLE_LINES = 780.0, 68.0, 3
CAPTION_PX, CAPTION_SIZE, CAPTION_LINES, SUBTITLE_LINES = 720.0, 38.0, 3, 5
MOST_TOPIC = 40
# Years are read as years, and the digits of formulas and of names of programmes are no figures.
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]\d|\d)")
_NAME = re.compile(r"\b(?:CO|H)2\b|\b(?!EUR)[A-Z][A-Za-z]{0,11}-?\d{1,4}\b")
_DIGITS = re.compile(r"\d[\d\s.,\u202f\u00a0]*")
_TRACKING = -0.026


def scene(found: Scene, faults: Faults) -> None:
    """Check a scene that could be read. Every fault is added with its line."""
    _view(found, faults)
    _highlights(found, faults)
    _figures(found, faults)
    for language, words in found.words.items():
        _words(found, language, words, faults)
    if found.chart is not None and not charts.fits(found):
        faults.add("chart_empty", found.lines.get("chart", 1), kind=found.chart)
    if not faults.found:
        sources = of_scene(found)
        if len(sources) > MOST_SOURCES:
            faults.add("too_many_sources", 1, n=len(sources), most=MOST_SOURCES)


def not_of_a_scene(view: View) -> list[str]:
    """Name what a View holds that a scene cannot show; areas and lines over the land are not painted there."""
    parts = [f"{key}={value}" for key, value in parse_qsl(view.to_query()) if key in NOT_OF_A_SCENE]
    return parts + [f"layers={layer}" for layer in view.layers if layer in DRAPES]


@editions.kept()
def _values(key: str) -> frozenset[str]:
    """Give the values a filter may have."""
    if key == "commune":
        return frozenset(catalogue.load("communes")["code"])
    return frozenset({
        "pole": [*catalogue.load("poles")["id"], "outside"],
        "family": [family.id for family in (*INDUSTRY_FAMILIES, *PROJECT_FAMILIES)],
        "technology": list(TECHNOLOGY_FAMILY),
        "status": list(PROJECT_STATUSES),
        "seveso": list(catalogue.load("industry")["seveso"]),
    }[key])  # fmt: skip


@cache
def _classes() -> frozenset[str]:
    """Give what `hidden` may name."""
    families = {"industry": INDUSTRY_FAMILIES, "decarbonation": PROJECT_FAMILIES}
    named = [f"{layer}.{family.id}" for layer, members in families.items() for family in members]
    own = ("ports", "stations", "airports", "poles", "communes", "perceptions")
    return frozenset([*named, *(f"places.{name}" for name in PLACE_CLASSES), *(f"{name}.{name}" for name in own)])


def _view(found: Scene, faults: Faults) -> None:
    """Name what the View points at and the map does not hold."""
    strange = [f"{key}={value}" for key, values in found.view.filters.items() for value in values
               if value not in _values(key)]  # fmt: skip
    strange += [f"hidden={name}" for name in found.view.hidden if name not in _classes()]
    if found.view.selection and not held(found.view.selection):
        strange.append(f"select={found.view.selection}")
    for name in strange:
        faults.add("unknown_in_view", found.lines.get("view", 1), name=name)


def held(key: str, *, placed: bool = False) -> bool:
    """Tell whether the layers hold `kind:id`; `placed` asks for one with a place on the map."""
    kind, _, name = key.partition(":")
    layer = LAYER_OF.get(kind)
    if layer is None:
        return False
    rows = catalogue.load(layer)
    row = rows[rows["code" if kind == "commune" else "id"] == name]
    return bool(len(row)) and not (placed and row.geometry.iloc[0] is None)


def _highlights(found: Scene, faults: Faults) -> None:
    for key in found.highlights:
        if not held(key, placed=True):
            faults.add("unknown_highlight", found.lines.get("highlights", 1), key=repr(key), form="kind:id")


def _figures(found: Scene, faults: Faults) -> None:
    """Check the ids of the key figure and of those for questions."""
    for what, names in (("figure", (found.figure,)), ("asked", found.asked)):
        for name in names:
            if name is not None:
                _figure(what, name, found.lines.get(what, 1), faults, shown=what == "figure")


def _figure(what: str, name: str, line: int, faults: Faults, *, shown: bool) -> None:
    try:
        figure = cited.figure(name)
    except KeyError:
        faults.add("unknown_figure", line, what=what, id=repr(name))
        return
    if shown and figure.value is None:
        faults.add("no_value", line, id=repr(name))
    if not figure.source["en"].strip():
        faults.add("no_source", line, id=repr(name))


def _words(found: Scene, language: Language, words: Words, faults: Faults) -> None:
    for part, said in words.parts():
        for name in PLACED.findall(said.text):
            _figure("{…}", name, said.line, faults, shown=True)
        digits = unsourced(said.text)
        if digits:
            faults.add("no_digits", said.line, part=part, digits=", ".join(digits), example="{fos-jobs}")
        letters(said.text, said.line, faults)
    if len(words.topic.text) > MOST_TOPIC:
        faults.add("topic_long", words.topic.line, n=len(words.topic.text), language=language, most=MOST_TOPIC)
    _fits("title_long", words.title, language, faults)
    if words.caption is not None:
        _fits("caption_long", words.caption, language, faults, quiet=not (found.figure or found.chart))


def unsourced(text: str) -> list[str]:
    """Give the digits of a text that are neither a figure by its id, nor a year, nor part of a name."""
    for known in (PLACED, _NAME, _YEAR):
        text = known.sub(" ", text)
    return [digits.strip() for digits in _DIGITS.findall(text)]


def letters(text: str, line: int, faults: Faults) -> None:
    """Refuse letters that the typeface cannot draw."""
    missing = sorted({letter for letter in text if ord(letter) not in ink.letters()})
    if missing:
        faults.add("letters", line, letters=" ".join(map(repr, missing)))


def _fits(key: str, said: Line, language: Language, faults: Faults, *, quiet: bool = False) -> None:
    """Refuse what takes more lines than the screen has, at 1920 × 1080."""
    title = key == "title_long"
    most = TITLE_LINES if title else SUBTITLE_LINES if quiet else CAPTION_LINES
    n = lines_of(plain(said.text, language), title=title)
    if n > most:
        faults.add(key, said.line, n=n, language=language, most=most)


def lines_of(text: str, *, title: bool) -> int:
    """Count the lines that a title or a caption takes at 1920 × 1080."""
    size, room = (TITLE_SIZE, TITLE_PX) if title else (CAPTION_SIZE, CAPTION_PX)
    font, tracking = (ink.BOLD, _TRACKING * size) if title else (ink.REGULAR, 0.0)
    lines, used = 1, 0.0
    space = ink.measure(" ", font, size) + tracking
    for word in text.split(" "):
        width = ink.measure(word, font, size) + tracking * len(word)
        if used and used + space + width > room:
            lines, used = lines + 1, width
        else:
            used += width + (space if used else 0.0)
    return lines
