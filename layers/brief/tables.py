"""The comparison of the second page: one table per kind of item, every figure with the letter of its source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportlab.pdfgen.canvas import Canvas

from layers import catalogue, industry, numbers
from layers.brief import chart, marks
from layers.brief.facts import CONTOURS, Facts
from layers.brief.figures import REACHED
from layers.brief.layout import WIDTH, Cell, Column, headed, said, stacked, table
from layers.brief.references import OWN
from layers.brief.shortlist import of_kinds
from layers.print import symbols
from layers.print.ink import SMALLEST, Block, Drawn, Run, quiet, set_text, strong
from layers.print.items import Item
from layers.style import STATUSES
from layers.view import FIRST_YEAR
from layers.web.figures import NEAR_KM

_NUMBER, _NAME = 19.0, 131.0
_AREAS, _POINTS = ("commune", "pole"), ("place", "port", "station", "airport")


def all_of(items: Sequence[Item], facts: Facts, *, size: float) -> Iterator[Block]:
    """Give the table of each kind there is."""
    makers = (
        (("site",), _sites),
        (("project",), _projects),
        (_AREAS, _territories),
        (_POINTS, _places),
    )
    for kinds, maker in makers:
        found = of_kinds(items, *kinds)
        if found:
            yield maker(found, facts, size)


def _number(item: Item) -> Cell:
    def paint(canvas: Canvas, x: float, top: float) -> None:
        marks.mark(canvas, item.number, (x + marks.RADIUS, top - 6.4))

    return lambda _room, _size: Drawn(13.0, paint)


def _name(item: Item, *others: str) -> Cell:
    below = " · ".join(other for other in others if other)
    return said(strong(item.name), *([quiet(f"\n{below}")] if below else []))


def _sites(items: Sequence[Item], facts: Facts, size: float) -> Block:
    words, language = facts.words, facts.language
    sources = {what: sorted(_sources_of(layer, _reached(items, facts, what))) for what, layer in REACHED.items()}
    access = facts.references.mark(*(source for found in sources.values() for source in found))
    near = [Run(words.text("paper.nearest")), access]
    within = words.text("paper.within", km=numbers.plain(NEAR_KM, language))
    heads: tuple[tuple[list[Run], float], ...] = (
        ([], _NUMBER),
        ([Run(words.text("kind.site"))], 154.0),
        ([Run(words.text("paper.co2", year=facts.figures.year))], 68.0),
        ([Run(f"{FIRST_YEAR}–{catalogue.last_year()}"), facts.references.mark(*industry.ets_sources())], 50.0),
        ([Run("Seveso")], 48.0),
        (near, 120.0),
        ([Run(within), facts.counted("decarbonation")], WIDTH - _NUMBER - 154 - 68 - 50 - 48 - 120),
    )
    columns = [Column(headed(*runs), width) for runs, width in heads]
    rows = [
        [
            _number(item),
            _name(item, facts.what(item), facts.holder(item)),
            said(*facts.co2(item)),
            _spark(item, facts),
            said(*facts.seveso(item)),
            _nearest(item, facts),
            _statuses(item, facts),
        ]
        for item in items
    ]
    return table(columns, rows, size=size)


def _reached(items: Sequence[Item], facts: Facts, what: str) -> set[str]:
    return {facts.figures.sites[item.id].near[what][0] for item in items}


def _sources_of(layer: str, names: set[str]) -> set[str]:
    frame = catalogue.load(layer)
    return {source for row in frame[frame["name"].isin(names)]["sources"] for source in row.split(";")}


def _spark(item: Item, facts: Facts) -> Cell:
    series = facts.figures.sites[item.id].series

    def make(room: float, size: float) -> Block:
        def paint(canvas: Canvas, x: float, top: float) -> None:
            box = (room - 2, size * 2.2)
            chart.sparkline(canvas, series, x, top - 1, size=box, year=facts.figures.year, token=item.row.family)

        if all(value is None for value in series):
            return set_text([quiet("–")], room=room, size=size)
        return Drawn(size * 2.2 + 2, paint)

    return make


def _nearest(item: Item, facts: Facts) -> Cell:
    near = facts.figures.sites[item.id].near

    def make(room: float, size: float) -> Block:
        lines = []
        for what, layer in REACHED.items():
            name, km = near[what]
            distance = numbers.km(km, facts.language, approximate=bool(item.row.approximate))
            text = set_text([Run(f"{name}, {distance}")], room=room - 11, size=size, leading=1.24)
            lines.append(_with_icon(layer, text, size))
        return stacked(lines)

    return make


def _with_icon(layer: str, text: Block, size: float) -> Block:
    def paint(canvas: Canvas, x: float, top: float) -> None:
        symbols.symbol(canvas, layer, (x + 3.8, top - size * 0.62), size=size)
        text.draw(canvas, x + 11, top)

    return Drawn(text.height, paint)


def _statuses(item: Item, facts: Facts) -> Cell:
    """Draw how many projects are near, then how many of each status: its symbol stands in the key below."""
    counts = facts.figures.sites[item.id].projects
    total = sum(counts.values())

    def make(room: float, size: float) -> Block:
        if not total:
            return set_text([quiet(facts.words.text("pole.none"))], room=room, size=size)
        first = set_text([strong(numbers.number(total, facts.language))], room=room, size=size, leading=1.24)
        across = 3

        def paint(canvas: Canvas, x: float, top: float) -> None:
            first.draw(canvas, x, top)
            for at, (status, n) in enumerate(counts.items(), 1):
                dx, dy = (at % across) * (room / across), (at // across) * size * 1.24
                _counted(canvas, (x + dx, top - dy), status, n, size)

        return Drawn(size * 1.24 * (1 + len(counts) // across), paint)

    return make


def _counted(canvas: Canvas, at: tuple[float, float], status: str, n: int, size: float) -> None:
    x, top = at
    symbols.project(canvas, "h2", status, (x + size * 0.45, top - size * 0.62), size=size * 0.86)
    set_text([Run(str(n))], room=40, size=size, leading=1.24).draw(canvas, x + size * 1.15, top)


def status_key(facts: Facts, *, room: float) -> Block:
    """Give the key of the symbols that stand for the statuses of projects."""
    names = [facts.words.text(f"status.{status.id}") for status in STATUSES]
    texts = [set_text([quiet(name)], room=200, size=SMALLEST) for name in names]
    width = sum(text.widest for text in texts) + len(texts) * 12
    gap = min(14.0, (room - width) / max(1, len(texts) - 1))

    def paint(canvas: Canvas, x: float, top: float) -> None:
        for status, text in zip(STATUSES, texts, strict=True):
            symbols.project(canvas, "h2", status.id, (x + 4, top - 4.8), size=6.6)
            text.draw(canvas, x + 11, top)
            x += text.widest + 12 + gap

    return Drawn(texts[0].height, paint)


def _projects(items: Sequence[Item], facts: Facts, size: float) -> Block:
    words = facts.words
    heads = (
        ("", _NUMBER),
        (words.text("kind.project"), 136.0),
        (words.text("project.holder"), 112.0),
        (words.text("paper.status"), 84.0),
        (words.text("project.capacity"), 62.0),
        (words.text("project.investment"), 72.0),
        (words.text("project.start"), WIDTH - _NUMBER - 136 - 112 - 84 - 62 - 72),
    )
    columns = [Column(headed(Run(head)), width) for head, width in heads]
    rows = [
        [
            _number(item),
            _name(item, facts.what(item)),
            said(Run(facts.holder(item) or item.name)),
            said(*facts.status(item)),
            said(*facts.capacity(item)),
            said(*facts.investment(item)),
            said(*facts.start(item)),
        ]
        for item in items
    ]
    return table(columns, rows, size=size)


def _territories(items: Sequence[Item], facts: Facts, size: float) -> Block:
    words, language = facts.words, facts.language
    heads = (
        (Run(words.text("paper.territory")), None, _NAME),
        (Run(words.text("commune.population")), None, 112.0),
        (Run(words.text("commune.area")), facts.references.mark(CONTOURS), 62.0),
        (Run(words.text("paper.sites")), facts.counted("industry"), 62.0),
        (Run(words.text("paper.projects")), facts.counted("decarbonation"), 48.0),
        (Run(words.text("kind.pole")), facts.references.mark(OWN), WIDTH - _NUMBER - _NAME - 112 - 62 - 62 - 48),
    )
    columns = [Column(headed(Run("")), _NUMBER)]
    columns += [Column(headed(run, *([mark] if mark else [])), width) for run, mark, width in heads]
    rows = []
    for item in items:
        area = facts.figures.communes[item.id] if item.kind == "commune" else facts.figures.poles[item.id]
        rows.append([
            _number(item),
            _name(item, facts.what(item)),
            said(*facts.population(item)),
            said(Run(f"{numbers.number(area.km2, language)}\u00a0km²")),
            said(Run(numbers.number(area.sites, language))),
            said(Run(numbers.number(sum(area.projects.values()), language))),
            said(Run(facts.where(item))),
        ])  # fmt: skip
    return table(columns, rows, size=size)


def _places(items: Sequence[Item], facts: Facts, size: float) -> Block:
    words = facts.words
    columns = [
        Column(headed(Run("")), _NUMBER),
        Column(headed(Run(words.text("kind.place"))), 172),
        Column(headed(Run(words.text("table.kind"))), 88),
        Column(headed(Run(words.text("table.commune"))), 130),
        Column(headed(Run(words.text("paper.origin"))), WIDTH - _NUMBER - 172 - 88 - 130),
    ]
    rows = [
        [
            _number(item),
            said(strong(item.name)),
            said(Run(facts.what(item))),
            said(Run(facts.where(item))),
            said(*facts.code(item)),
        ]
        for item in items
    ]
    return table(columns, rows, size=size)
