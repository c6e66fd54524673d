"""Every figure that is told with its source: the facts of the table of facts, and what is counted in the tables.

Cards of perceptions and scenes of stories name figures by id. The beliefs of the cards are this project's own wording:
no survey of opinions is in the data. Computed figures come from the tables of communes, sites, emissions (EU ETS
alone) and projects.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import pandas as pd
from geopandas import GeoDataFrame

from layers import decarbonation, editions, freshness, industry, living
from layers.catalogue import catalogue, data_dir, last_year, load, table
from layers.industry import METROPOLIS
from layers.text import text
from layers.view import FIRST_YEAR, LANGUAGES
from layers.vocabulary import CONFIDENCE, POLES, TECHNOLOGY_FAMILY

TONNES_IN_MT = 1_000_000
COMMUNES_SOURCE = "decoupage-administratif"
WHERE: tuple[str, ...] = (METROPOLIS, *POLES)
STATUS_GROUPS: dict[str, tuple[str, ...]] = {
    "operating": ("operating",),
    "under-construction": ("under-construction",),
    "not-built": ("permitted", "public-consultation", "announced"),
}
_PROJECT_FAMILIES: tuple[str, ...] = tuple(dict.fromkeys(TECHNOLOGY_FAMILY.values()))
_COUNTED: tuple[str, ...] = ("population", "communes", "sites", "projects", "investment")

Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it says, its value and unit, its year, where it comes from and how sure it is.

    `origin` is the source of the catalogue it comes under. `unit` is a key of the table of units, None where there is
    no value. `source_url` is empty where there is no page. `confidence` is None where nobody rated the figure.
    `computed` figures come from the project's own tables.
    """

    id: str
    origin: str
    said: Words
    value: float | None
    unit: str | None
    year: int
    source: Words
    source_url: str
    confidence: str | None
    note: Words
    computed: bool = False


def perceptions() -> GeoDataFrame:
    """Return the cards in the order they are read, in EPSG:4326; a card without a place has no geometry."""
    return load("perceptions").sort_values("rank").reset_index(drop=True)


def figures(facts: str, computed: str = "") -> list[Figure]:
    """Return the figures of a card from the ids of its facts and the names of its computed ones, parted by `;`.

    Computed figures come first. Raises KeyError for a name that the tables do not hold, which the build refuses.
    """
    known = living.facts().set_index("id")
    counted = [_computed(name) for name in computed.split(";") if name]
    return counted + [_fact(name, known.loc[name]) for name in facts.split(";") if name]


def _both(record: Any, name: str) -> Words:
    return {language: str(record[f"{name}_{language}"]) for language in LANGUAGES}


def _fact(name: str, row: Any) -> Figure:
    """Return a row of the table of facts."""
    return Figure(
        name, "public-pages", _both(row, "fact"), None if pd.isna(row["value"]) else float(row["value"]),
        None if pd.isna(row["unit"]) else str(row["unit"]), int(row["year"]), dict.fromkeys(LANGUAGES, row["source"]),
        str(row["source_url"]), str(row["confidence"]), _both(row, "note"),
    )  # fmt: skip


def figure(name: str) -> Figure:
    """Return one figure, a fact or a computed one. Raises KeyError for a name that the tables do not hold."""
    return _kept(name, data_dir())


# A story names the same figures again and again; they are read once per process and per folder, as the tables are.
@lru_cache(maxsize=1024)
def _kept(name: str, folder: Path) -> Figure:  # noqa: ARG001 (part of the key)
    return (figures("", name) if name in computed_names() else figures(name))[0]


@editions.kept()
def computed_names() -> tuple[str, ...]:
    """Return the name of every figure that can be computed, in a fixed order.

    `<what>-<where>` with what is counted and METROPOLIS or a pole, `co2-<where>-<year>`, `projects-<status group>`
    and `projects-<technology family>`, both inside the metropolis.
    """
    years = range(FIRST_YEAR, last_year() + 1)
    return (
        *(f"{what}-{where}" for what in _COUNTED for where in WHERE),
        *(f"projects-{name}" for name in (*STATUS_GROUPS, *_PROJECT_FAMILIES)),
        *(f"co2-{where}-{year}" for where in WHERE for year in years),
    )


def _computed(name: str) -> Figure:
    """Return a figure computed from the tables."""
    if name not in computed_names():
        raise KeyError(name)
    what, _, rest = name.partition("-")
    if what == "co2":
        where, _, year = rest.rpartition("-")
        return _emissions(name, where, int(year))
    if what == "projects":
        return _projects(name, rest)
    return {"population": _population, "communes": _communes, "sites": _sites, "investment": _investment}[what](
        name, rest
    )


def _said(key: str, where: str = METROPOLIS, **values: object) -> Words:
    """Give what a figure says; `{where}` is the metropolis or a pole in words."""
    poles = load("poles").set_index("id")["name"]
    names = {
        language: text("figure.metropolis", language) if where == METROPOLIS else
        text("figure.pole", language, pole=poles[where])
        for language in LANGUAGES
    }  # fmt: skip
    return {language: text(f"figure.{key}", language, where=names[language], **values) for language in LANGUAGES}


def _noted(name: str) -> Words:
    return {language: text(f"figure_note.{name}", language) for language in LANGUAGES}


def _words_of(source: str, name: str) -> Words:
    """Give a word of a source of the catalogue in both languages."""
    record = catalogue().sources[source]
    return {language: record.word(name, language) for language in LANGUAGES}


def _inside(rows: GeoDataFrame, where: str) -> GeoDataFrame:
    """Keep the rows of a pole, or all inside the metropolis."""
    kept = rows["pole"].isin(POLES) if where == METROPOLIS else rows["pole"] == where
    return cast("GeoDataFrame", rows[kept])


def _official(name: str, key: str, where: str, value: float, unit: str) -> Figure:
    """Return a figure of the official list of communes, or of the populations that a refresh brought."""
    codes, year = _inside(load("communes"), where)["code"], int(load("communes")["population_year"].iloc[0])
    origin = freshness.sources_of("communes", key, among=codes, own=COMMUNES_SOURCE)[0]
    return Figure(
        name, origin, _said(key, where), value, unit, year, _words_of(origin, "publisher"),
        catalogue().sources[origin].url, None, _noted(key), computed=True,
    )  # fmt: skip


def _population(name: str, where: str) -> Figure:
    """Return the inhabitants of a pole or of the metropolis: municipal populations, added."""
    rows = _inside(load("communes"), where)
    return _official(name, "population", where, float(rows["population"].sum()), "inhabitants")


def _communes(name: str, where: str) -> Figure:
    """Return the number of communes."""
    return _official(name, "communes", where, float(len(_inside(load("communes"), where))), "communes")


def _counted(name: str, key: str, where: str, value: float | None, unit: str, **how: Any) -> Figure:
    """Return what is counted in a table of the project's own; None where there is no figure, which is not zero."""
    return Figure(
        name, "provence-map", _said(key, where), value, None if value is None else unit, how["year"],
        _noted(how["by"]), "", how["confidence"], _noted(how["note"]), computed=True,
    )  # fmt: skip


def _sites(name: str, where: str) -> Figure:
    """Return the number of industrial sites on this map, as of the day the tables were made."""
    rows = _inside(load("industry"), where)
    year = int(catalogue().sources["provence-map"].retrieved[:4])
    return _counted(
        name, "sites", where, float(len(rows)), "sites", year=year, by="counted_sites", note="sites", confidence=None
    )


def _emissions(name: str, where: str, year: int) -> Figure:
    """Return the verified emissions of a pole or the metropolis in a year, in Mt of CO2 (EU ETS)."""
    origin = industry.ets_sources(year)[0]
    tonnes = industry.by_pole()[where].loc[year].item()
    return Figure(
        name, origin, _said(f"co2_{'metropolis' if where == METROPOLIS else 'pole'}", where, year=year),
        round(tonnes / TONNES_IN_MT, 2), "mt-co2", year, _words_of(origin, "attribution"),
        catalogue().sources[origin].url, None, _noted("co2"), computed=True,
    )  # fmt: skip


def _projects(name: str, which: str) -> Figure:
    """Return the number of projects inside the metropolis: of a group of statuses, of a family, or of a pole.

    The year is that of the newest of their pages, the confidence the lowest of the projects counted.
    """
    rows = _inside(decarbonation.projects(), which if which in WHERE else METROPOLIS)
    if which in STATUS_GROUPS:
        rows = rows[rows["status"].isin(STATUS_GROUPS[which])]
    elif which in _PROJECT_FAMILIES:
        rows = rows[rows["family"] == which]
    key = f"projects-{which}" if which not in WHERE else "projects"
    return _counted(
        name, key, which if which in WHERE else METROPOLIS, float(len(rows)), "projects", year=_newest(rows),
        by="counted", note="projects", confidence=_least_sure(rows),
    )  # fmt: skip


def _investment(name: str, where: str) -> Figure:
    """Return the published investment, in millions of euros, by the rule of `decarbonation.investment`.

    None where no project states an amount.
    """
    rows = _inside(decarbonation.projects(), where)
    found = decarbonation.investment(rows)
    amount = round(float(found["investment_meur"].sum()), 3) if found["projects"].sum() else None
    stated = rows[rows["investment_meur"].notna() & (rows["investment_scope"] == "site")]
    return _counted(
        name, "investment", where, amount, "meur", year=_newest(stated), by="counted", note="investment",
        confidence=_least_sure(stated),
    )  # fmt: skip


def _newest(rows: GeoDataFrame) -> int:
    """Give the year of the newest page behind some projects."""
    return int(max(rows["status_date"], default=str(FIRST_YEAR))[:4])


def _least_sure(rows: GeoDataFrame) -> str | None:
    """Give the lowest confidence of some projects."""
    return max(rows["confidence"], key=CONFIDENCE.index, default=None)


def unit_words() -> dict[str, Words]:
    """Return the words of each unit key in both languages."""
    rows = table("units").set_index("key")
    return {str(key): {language: str(rows.at[key, language]) for language in LANGUAGES} for key in rows.index}
