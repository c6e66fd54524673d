"""What the figures say of the poles concerned: sentences made of the tables, side by side."""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.pdfgen.canvas import Canvas

from layers import catalogue, industry, numbers
from layers.brief.facts import Facts, population_sources
from layers.brief.figures import AreaFigures
from layers.brief.layout import GUTTER, WIDTH, beside, column_width, heading, stacked
from layers.brief.references import OWN
from layers.print.ink import Block, Drawn, Run, ink, set_text, strong


def said(facts: Facts, *, size: float, running: bool) -> Iterator[Block]:
    """Give the section, nothing when no item lies in a pole; `running` sets the sentences in one paragraph."""
    areas = facts.figures.poles
    if not areas:
        return
    names = catalogue.load("poles").set_index("id")["name"]
    width = column_width(columns=len(areas), room=WIDTH)
    parts = [_pole(pole, str(names[pole]), area, facts, (width, size), running=running) for pole, area in areas.items()]
    title = heading(facts.words.text("paper.says"), room=WIDTH)
    yield stacked([title, beside([(at * (width + GUTTER), part) for at, part in enumerate(parts)])], gap=2)


def _pole(pole: str, name: str, area: AreaFigures, facts: Facts, room: tuple[float, float], *, running: bool) -> Block:
    width, size = room
    sentences = list(_sentences(area, facts))
    if running:
        sentences = [[run for sentence in sentences for run in (*sentence, Run(" "))]]
    texts = [
        set_text([strong(name, pole), facts.references.mark(OWN)], room=width, size=size + 0.8),
        *(set_text(runs, room=width, size=size, leading=1.25) for runs in sentences),
    ]
    body = stacked(texts, gap=1.2)

    def paint(canvas: Canvas, x: float, top: float) -> None:
        canvas.setFillColor(ink(pole))
        canvas.rect(x, top - 2, width, 2, stroke=0, fill=1)
        body.draw(canvas, x, top - 4.5)

    return Drawn(body.height + 4.5, paint)


def _sentences(area: AreaFigures, facts: Facts) -> Iterator[list[Run]]:
    words, language, year = facts.words, facts.language, facts.figures.year
    share = numbers.percent(area.population_share or 0.0, language)
    people = numbers.number(area.population, language)
    text = words.text("paper.pole_people", population=people, year=area.year, share=share)
    yield [Run(text), facts.references.mark(*population_sources())]
    if area.co2_t is None:
        yield [Run(words.text("pole.no_ets")), facts.references.mark(*industry.ets_sources(year))]
    else:
        co2, share = numbers.co2(area.co2_t, language), numbers.percent(area.co2_share or 0.0, language)
        text = words.text("paper.pole_co2", co2=co2, year=year, share=share)
        if area.co2_since is not None:
            change = numbers.change(area.co2_since, language)
            text += words.text("paper.pole_change", change=change, year=industry.SCOPE_WIDENED)
        yield [Run(f"{text}."), facts.references.mark(*industry.ets_sources(year))]
    yield [Run(words.count("paper.pole_sites", area.sites)), facts.counted("industry")]
    total = sum(area.projects.values())
    # The name before the number: French would have to agree otherwise.
    statuses = (f"{words.text(f'status.{status}').lower()}\u00a0{n}" for status, n in area.projects.items())
    text = words.count("paper.pole_projects", total, statuses=", ".join(statuses))
    yield [Run(text), facts.counted("decarbonation")]
    if area.amounts:
        amount = numbers.money(area.amount_meur, language)
        yield [Run(words.count("paper.pole_amount", area.amounts, amount=amount)), facts.counted("decarbonation")]
