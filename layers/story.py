"""What people may think and what the figures say: the cards of perceptions and every figure on them.

The beliefs are this project's own wording: no survey of opinions is in the data. The figures are facts of the table
of facts, or are computed here from the tables of emissions (EU ETS alone) and of projects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame

from layers import decarbonation, industry, living
from layers.catalogue import catalogue, load, table
from layers.text import text
from layers.view import LANGUAGES
from layers.vocabulary import CONFIDENCE, OUTSIDE

TONNES_IN_MT = 1_000_000
EMISSIONS_SOURCE = "eutl"
NOT_BUILT = ("permitted", "public-consultation", "announced")

Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a card: what it says, its value and unit, its year, where it comes from and how sure it is.

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


def _computed(name: str) -> Figure:
    """Return a figure computed from the tables, one of vocabulary.COMPUTED_FIGURES."""
    if name.startswith("co2-"):
        pole, _, year = name.removeprefix("co2-").rpartition("-")
        return _emissions(name, pole, int(year))
    return _projects(name, NOT_BUILT if name == "projects-not-built" else (name.removeprefix("projects-"),))


def _said(name: str) -> Words:
    return {language: text(f"figure.{name}", language) for language in LANGUAGES}


def _noted(name: str) -> Words:
    return {language: text(f"figure_note.{name}", language) for language in LANGUAGES}


def _emissions(name: str, pole: str, year: int) -> Figure:
    """Return the verified emissions of a pole in a year, in Mt of CO2 (EU ETS)."""
    source = catalogue().sources[EMISSIONS_SOURCE]
    tonnes = industry.by_pole()[pole].loc[year].item()
    return Figure(
        name, EMISSIONS_SOURCE, _said(name), round(tonnes / TONNES_IN_MT, 2), "mt-co2", year,
        {language: source.word("attribution", language) for language in LANGUAGES}, source.url, None,
        _noted("co2"), computed=True,
    )  # fmt: skip


def _projects(name: str, statuses: tuple[str, ...]) -> Figure:
    """Return the number of projects inside the metropolis of some statuses, as of the newest of their pages.

    The confidence is the lowest of the projects counted.
    """
    rows = decarbonation.projects()
    rows = rows[(rows["pole"] != OUTSIDE) & rows["status"].isin(statuses)]
    lowest = max(rows["confidence"], key=CONFIDENCE.index)
    return Figure(
        name, "provence-map", _said(name), float(len(rows)), "projects", int(max(rows["status_date"])[:4]),
        _noted("counted"), "", lowest, _noted("projects"), computed=True,
    )  # fmt: skip


def unit_words() -> dict[str, Words]:
    """Return the words of each unit key in both languages."""
    rows = table("units").set_index("key")
    return {str(key): {language: str(rows.at[key, language]) for language in LANGUAGES} for key in rows.index}
