"""The legend of a sheet: blocks that hold only what its maps show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from layers import drape, numbers
from layers.print import drapes, symbols
from layers.print.ink import REGULAR, Block, Drawn, Run, ink, measure, set_text, strong
from layers.print.words import Words
from layers.sheet.drawing import PLACE_CLASS, Chart, drapes_of, farthest, radius_of
from layers.sheet.layout import Look
from layers.style import INDUSTRY_FAMILIES, PLACE_CLASSES, PROJECT_FAMILIES, STATUSES

_ROW = 12.0
_INDENT = 19.0
# Round tonnages of the key of sizes, the largest that is needed being the last.
_TONNES = (100_000, 1_000_000, 6_500_000)
_ACCESS = ("ports", "stations", "airports")


@dataclass(frozen=True, slots=True)
class Entry:
    """A symbol and what it means; `paint` is given the symbol's middle."""

    said: str
    paint: Callable[[Canvas, float, float], None]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the maps of a sheet show, for the legend: ids of classes in the order of the style."""

    families: tuple[str, ...] = ()
    tonnes: float = 0.0
    approximate: bool = False
    closed: bool = False
    technologies: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    stacks: bool = False
    access: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    perceptions: bool = False
    drapes: tuple[tuple[str, str], ...] = ()


def survey(charts: Sequence[Chart]) -> Shown:
    """Tell what maps show within their frames."""

    def found(layer: str, column: str) -> set[str]:
        return {str(value) for chart in charts for value in chart.rows(layer)[column]}

    families, technologies = found("industry", "family"), found("decarbonation", "family")
    statuses = found("decarbonation", "status")
    places = {PLACE_CLASS[category] for category in found("places", "category")}
    sites = [chart.rows("industry") for chart in charts]
    return Shown(
        families=tuple(family.id for family in INDUSTRY_FAMILIES if family.id in families),
        tonnes=max((farthest(chart) for chart in charts), default=0.0),
        approximate=any(bool(rows["approximate"].any()) for rows in sites),
        closed="closed" in found("industry", "status"),
        technologies=tuple(family.id for family in PROJECT_FAMILIES if family.id in technologies),
        statuses=tuple(status.id for status in STATUSES if status.id in statuses),
        stacks=any(len(members) > 1 for chart in charts for _, members in chart.stacks),
        access=tuple(layer for layer in _ACCESS if any(len(chart.rows(layer)) for chart in charts)),
        places=tuple(name for name in PLACE_CLASSES if name in places),
        perceptions=any(len(chart.rows("perceptions")) for chart in charts),
        drapes=tuple(_draped(charts)),
    )


def _draped(charts: Sequence[Chart]) -> Iterator[tuple[str, str]]:
    """Yield layer and class of the areas and lines that are shown, in the order of the style."""
    found = {
        (layer, str(name))
        for chart in charts
        for layer, rows in drapes_of(chart).items()
        for name in drape.classes(layer, rows)
    }
    listed = [(layer, style.id) for layer, styles in drape.AREAS.items() for style in styles]
    listed += [(layer, style.id) for layer, styles in drape.LINES.items() for style in styles]
    yield from (one for one in listed if one in found)


def blocks(shown: Shown, words: Words, look: Look, *, year: int, room: float) -> Iterator[Block]:
    """Yield the parts of the legend, each under its heading, `room` points wide."""
    if shown.families:
        body: list[Block] = [_grid([_family(name, words) for name in shown.families], look, room=room)]
        marks = []
        if shown.approximate:
            marks.append(Entry(words.text("key.approximate"), lambda c, x, y: symbols.site(
                c, "ink3", (x, y), radius=3.0, approximate=True)))  # fmt: skip
        if shown.closed:
            marks.append(Entry(words.text("site_status.closed"), lambda c, x, y: symbols.closed_site(
                c, "ink3", (x, y), radius=3.6)))  # fmt: skip
        body += [_grid(marks, look, room=room)] if marks else []
        body += [_sizes(shown.tonnes, words, look, year=year, room=room)] if shown.tonnes else []
        yield section(words.text("sheet.industry"), body, look, room=room)
    if shown.technologies:
        body = [
            _grid([_technology(name, words) for name in shown.technologies], look, room=room),
            _grid([_status(name, words) for name in shown.statuses], look, room=room),
            *([_grid(_stack(words), look, room=room)] if shown.stacks else []),
        ]
        yield section(words.text("sheet.projects"), body, look, room=room)
    for layer in dict.fromkeys(layer for layer, _ in shown.drapes):
        entries = [_drape(layer, name, words) for of, name in shown.drapes if of == layer]
        yield section(words.text(f"layer.{layer}"), [_grid(entries, look, room=room)], look, room=room)
    others = [_chip(name, words.text(f"layer.{name}")) for name in shown.access]
    others += [_chip(name, words.text(f"place.{name}")) for name in shown.places]
    if shown.perceptions:
        others.append(Entry(words.text("layer.perceptions"), lambda c, x, y: symbols.bubble(c, 1, (x, y - 7), size=10)))
    if others:
        title = words.text("sheet.places" if shown.places or shown.perceptions else "group.access")
        yield section(title, [_grid(others, look, room=room)], look, room=room)


def _drape(layer: str, name: str, words: Words) -> Entry:
    said = words.text(drape.text_key(layer, name))
    return Entry(said, lambda c, x, y: drapes.swatch(c, layer, name, (x, y)))


def section(title: str, body: Sequence[Block], look: Look, *, room: float) -> Drawn:
    """Put blocks under a heading with a line."""
    head = set_text([strong(title)], room=room, size=look.text + 1.6, leading=1.25)
    rule = head.height + 2.0
    height = rule + 4.0 + sum(block.height for block in body) + 3.0 * max(len(body) - 1, 0)

    def paint(canvas: Canvas, x: float, top: float) -> None:
        head.draw(canvas, x, top)
        canvas.setStrokeColor(ink("ink"))
        canvas.setLineWidth(0.6)
        canvas.line(x, top - rule, x + room, top - rule)
        y = top - rule - 4.0
        for block in body:
            block.draw(canvas, x, y)
            y -= block.height + 3.0

    return Drawn(height, paint)


def _grid(entries: Sequence[Entry], look: Look, *, room: float) -> Drawn:
    """Set entries in two or three columns, filled downwards, as few rows as their texts allow."""
    widest = max((measure(entry.said, REGULAR, look.text) for entry in entries), default=0.0) + _INDENT + 6
    columns = max(1, min(3, int(room // widest)))
    if columns == 1 and len(entries) > 1 and room // 2 > _INDENT + 60:
        columns = 2
    width = room / columns
    texts = [set_text([Run(entry.said)], room=width - _INDENT - 5, size=look.text, leading=1.16) for entry in entries]
    rows = -(-len(entries) // columns)
    order = [list(range(row, len(entries), rows)) for row in range(rows)]
    heights = [max(_ROW, max(texts[at].height for at in row) + 2.5) for row in order]

    def paint(canvas: Canvas, x: float, top: float) -> None:
        for row, height in zip(order, heights, strict=True):
            for column, at in enumerate(row):
                left, middle = x + column * width, top - height / 2
                entries[at].paint(canvas, left + 7, middle)
                texts[at].draw(canvas, left + _INDENT, middle + texts[at].height / 2)
            top -= height

    return Drawn(sum(heights), paint)


def _sizes(tonnes: float, words: Words, look: Look, *, year: int, room: float) -> Drawn:
    """Draw the key of sizes at the maps' own size."""
    known = [value for value in _TONNES if value <= tonnes * 1.5] or [_TONNES[0]]
    radii = [radius_of(value, look) for value in known]
    labels = [f"{numbers.plain(value / 1e6, words.language)}\u00a0Mt" for value in known]
    wide = [max(2 * r, measure(text, REGULAR, look.text)) + 12 for r, text in zip(radii, labels, strict=True)]
    title = set_text(
        [Run(words.text("sheet.sizes", year=year))], room=room - sum(wide) - 4, size=look.text, leading=1.2
    )
    height = max(2 * max(radii) + look.text + 6, title.height)

    def paint(canvas: Canvas, x: float, top: float) -> None:
        base = top - height + look.text + 4
        title.draw(canvas, x, min(top, base + max(radii) + title.height / 2))
        left = x + room - sum(wide)
        canvas.setFont(REGULAR, look.text)
        for radius, text, width in zip(radii, labels, wide, strict=True):
            canvas.setStrokeColor(ink("ink"))
            canvas.setLineWidth(0.6)
            canvas.circle(left + width / 2, base + radius, radius, stroke=1, fill=0)
            canvas.setFillColor(ink("ink"))
            canvas.drawCentredString(left + width / 2, base - look.text - 1, text)
            left += width

    return Drawn(height + 2, paint)


def _family(name: str, words: Words) -> Entry:
    return Entry(
        words.text(f"family.{name}"), lambda c, x, y: symbols.site(c, name, (x, y), radius=symbols.BADGE_RADIUS)
    )


def _technology(name: str, words: Words) -> Entry:
    return Entry(
        words.text(f"technology.{name}"), lambda c, x, y: symbols.project(c, name, "operating", (x, y), size=10)
    )


def _status(name: str, words: Words) -> Entry:
    return Entry(words.text(f"status.{name}"), lambda c, x, y: symbols.project(c, "h2", name, (x, y), size=10))


def _stack(words: Words) -> list[Entry]:
    return [Entry(words.text("sheet.stack"), lambda c, x, y: symbols.stack(c, 3, (x, y), size=10))]


def _chip(icon: str, said: str) -> Entry:
    return Entry(said, lambda c, x, y: symbols.chip(c, icon, (x, y), size=10))
