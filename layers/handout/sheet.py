"""Where everything of a scene stands on a page or a slide of 960 by 540 points. Pages and slides share it.

Lengths in points, y upwards from the foot. Texts take the room that the wider of Inter and Arial asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from layers.handout import chart
from layers.handout.scene import Part, Scene, letter, linked
from layers.print.ink import BOLD, REGULAR, SEMIBOLD, SMALLEST, Run, Setting, measure, set_text
from layers.print.placing import Box

PAGE = (960.0, 540.0)
EDGE = 36.0
COLUMN = 392.0
TOP = PAGE[1] - EDGE
MAP_LEFT, RIGHT = 452.0, PAGE[0] - EDGE
# Above the line at the foot, where the title of the story and the number of the page stand.
FOOT = 50.0
RULE, FOOT_BASE = 39.0, 25.0
INDENT = 15.0
MARK_GAP = "\u202f"
CHART_LEAST, CHART_MOST = 116.0, 190.0
UNIT = 0.45
_COLOPHON_ROW = 15.0
# Helvetica is measured for Arial: the same widths, known to the library.
_ARIAL = {REGULAR: "Helvetica", SEMIBOLD: "Helvetica-Bold", BOLD: "Helvetica-Bold"}
_AS_WIDE = str.maketrans({"₂": "2", "\u202f": " ", "\u00a0": " ", "−": "–", "≈": "+"})
_STEPS = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45)


@dataclass(frozen=True, slots=True)
class Figure:
    """The key figure: value and unit on one base line, and the letter of its source."""

    value: str
    unit: str
    mark: str
    size: float
    top: float

    @property
    def gap(self) -> float:
        """Give the room between value and unit."""
        return self.size * 0.02 if self.unit else 0.0

    @property
    def unit_size(self) -> float:
        """Give the size of the unit's type."""
        return self.size * UNIT

    @property
    def height(self) -> float:
        """Give the height from the top of the digits to a little below the base line."""
        return self.size * 0.86

    @property
    def base(self) -> float:
        """Give the base line."""
        return self.top - self.size * 0.74


@dataclass(frozen=True, slots=True)
class Source:
    """A source with its letter, set in lines, and where it starts."""

    letter: str
    said: str
    url: str
    text: Setting
    top: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on the left of a page, each with its top; and the size of the sources' type."""

    topic: tuple[Setting, float] | None
    title: tuple[Setting, float]
    figure: Figure | None
    caption: tuple[Setting, float] | None
    chart: Box | None
    sources: tuple[Source, ...]
    colophon_top: float


@dataclass(slots=True)
class _Pen:
    """Set a column from its top down."""

    y: float

    def put(self, block: Setting, gap: float) -> tuple[Setting, float]:
        top = self.y - gap
        self.y = top - block.height
        return block, top


def compose(scene: Scene, *, colophon_rows: int = 0, arial: bool = False) -> Sheet:
    """Lay out the texts of a scene as large as they fit; rows of a colophon may stand above the sources.

    arial: leave as much room as the text takes in Arial, where that is more than it takes in Inter.
    """
    for step in _STEPS:
        sheet, free = _try(scene, step, colophon_rows, fitted if arial else set_text)
        if free >= 0 and len(sheet.title[0].lines) <= 3:
            break
    return sheet


def _try(scene: Scene, step: float, colophon_rows: int, put: Callable[..., Setting]) -> tuple[Sheet, float]:
    """Lay out a scene at one size; give what is left free, negative where it does not fit."""
    plain = scene.kind == "scene"
    sources, foot = _sources(scene, max(SMALLEST + 0.2, 8.8 * max(step, 0.86)), put)
    pen = _Pen(TOP + 3 if plain else TOP - 40)
    topic = None
    if scene.topic:
        topic = pen.put(put([Run(scene.topic, SEMIBOLD, "primary")], room=COLUMN, size=13.5, leading=1.25), 0)
    size = (34.0 if plain else 42.0) * step
    title = pen.put(put(_runs(scene.parts("title"), BOLD), room=COLUMN, size=size, leading=1.14), 4)
    figure = _figure(scene, step, pen.y - 24 * step) if scene.figure else None
    if figure:
        pen.y = figure.top - figure.height
    caption = None
    if scene.parts("caption"):
        runs = _runs(scene.parts("caption"), REGULAR, "ink2" if not plain else "ink")
        caption = pen.put(put(runs, room=COLUMN, size=max(11.0, 19 * step), leading=1.32), 12 * step)
    colophon_top = foot + 14 + colophon_rows * _COLOPHON_ROW
    if colophon_rows:
        foot = colophon_top
    free = pen.y - foot - 12
    box = None
    if scene.chart:
        wanted = chart.height_of(scene, COLUMN, least=CHART_LEAST, most=CHART_MOST)
        height = min(wanted, free - 18)
        box = (EDGE, pen.y - 18 - height, EDGE + COLUMN, pen.y - 18)
        free -= min(CHART_LEAST, wanted) + 18
    return Sheet(topic, title, figure, caption, box, tuple(sources), colophon_top), free


def _figure(scene: Scene, step: float, top: float) -> Figure:
    """Set the key figure as large as the column allows."""
    raw = scene.figure or {}
    value, unit = scene.say(raw["value"]), scene.say(raw["unit"])
    mark = "" if raw.get("source") is None else letter(int(raw["source"]))
    size = (66.0 if scene.chart else 116.0) * step
    em = measure(value, BOLD, 1.0) + (measure(unit, BOLD, UNIT) + 0.02 if unit else 0.0)
    size = min(size, (COLUMN - 14) / em)
    return Figure(value, unit, mark, size, top)


def _sources(scene: Scene, size: float, put: Callable[..., Setting]) -> tuple[list[Source], float]:
    """Set the sources from the foot up; give them and the height at which they start."""
    made = []
    for mark, said, url in scene.sources():
        runs = [Run(said, REGULAR, "ink2")]
        if url:
            runs += [Run("\n"), Run(url, REGULAR, "primary", link=linked(url))]
        made.append((mark, said, url, put(runs, room=COLUMN - INDENT, size=size, leading=1.24)))
    y = FOOT + sum(text.height for *_, text in made) + 3.0 * max(len(made) - 1, 0)
    top, placed = y, []
    for mark, said, url, text in made:
        placed.append(Source(mark, said, url, text, y))
        y -= text.height + 3.0
    return placed, top


def fitted(runs: Iterable[Run], *, room: float, size: float, leading: float = 1.3) -> Setting:
    """Set text in Inter or in Arial, whichever takes more lines."""
    given = list(runs)
    inter = set_text(given, room=room, size=size, leading=leading)
    arial = set_text([_in_arial(run) for run in given], room=room, size=size, leading=leading)
    return arial if len(arial.lines) > len(inter.lines) else inter


def _in_arial(run: Run) -> Run:
    """Give a run in the type that has the widths of Arial, letters it lacks as others of their width."""
    text = run.text.translate(_AS_WIDE).encode("cp1252", "replace").decode("cp1252")
    return replace(run, text=text, font=_ARIAL[run.font])


def _runs(parts: Sequence[Part], font: str, colour: str = "ink") -> list[Run]:
    """Give text with the letters of its sources raised after the figures."""
    runs = []
    for said, mark in parts:
        runs.append(Run(said, font, colour))
        if mark:
            runs.append(Run(MARK_GAP + mark, REGULAR, "primary", mark=True))
    return runs
