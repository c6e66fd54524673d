"""The charts of scenes as plain data, counted in the tables: the screen, the page and the deck draw the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pandas as pd
from geopandas import GeoDataFrame

from layers import catalogue, cited, filters, industry
from layers.cited import Figure, Words
from layers.numbers import co2, number
from layers.stories.scene import Scene
from layers.style import INDUSTRY_FAMILIES, PROJECT_FAMILIES
from layers.text import text
from layers.view import FIRST_YEAR, LANGUAGES, View
from layers.vocabulary import CONFIDENCE, POLES, PROJECT_STATUSES

Item = dict[str, Any]
_SUSPENDED = "suspended"
_OF_PROJECTS = ("statuses", "starts", "technologies")


def chart(scene: Scene) -> dict[str, Any]:
    """Give the chart of a scene: kind, title, unit, note and items, each with label, value, words and colour token.

    A value is None where there is no figure, which is not zero. Emissions are in Mt of CO2 (EU ETS), of the sites the
    View keeps in any year; projects are those inside the metropolis that it keeps; people are counted by pole.
    """
    view, kind = scene.view, str(scene.chart)
    items = _ITEMS[kind](view)
    words = {"families": {"year": view.verified_year}, "poles": {"year": _population_year()}}.get(kind, {})
    unit = "projects" if kind in _OF_PROJECTS else "people" if kind == "poles" else "co2"
    return {
        "kind": kind, "title": _named(f"story_chart.{kind}", **words), "unit": _named(f"story_chart.unit_{unit}"),
        "note": _note(kind, view), "items": items,
    }  # fmt: skip


def fits(scene: Scene) -> bool:
    """Tell whether the View of a scene keeps anything its chart can show."""
    return any(item["value"] for item in _ITEMS[str(scene.chart)](scene.view))


def stands_for(scene: Scene) -> Figure:
    """Give a figure with the source of the chart: of the verified emissions, the communes, or the projects counted."""
    if scene.chart in {"emissions", "families"}:
        year = scene.view.verified_year if scene.chart == "families" else catalogue.last_year()
        return cited.figure(f"co2-metropolis-{year}")
    if scene.chart == "poles":
        return cited.figure("population-metropolis")
    rows = _projects(scene.view)
    whole = cited.figure("projects-metropolis")
    year = max((int(str(date)[:4]) for date in rows["status_date"]), default=whole.year)
    sure = max(rows["confidence"], key=CONFIDENCE.index, default=None)
    return Figure(
        "projects-of-a-view", whole.origin, whole.said, float(len(rows)), whole.unit, year, whole.source, "", sure,
        whole.note, computed=True,
    )  # fmt: skip


def _population_year() -> int:
    return int(catalogue.load("communes")["population_year"].iloc[0])


def _kept(layer: str, view: View) -> GeoDataFrame:
    """Give the rows that the View keeps in any year; a pole in focus keeps its own."""
    bare = view.with_(layers=(layer,), year=None)
    if view.selection and view.selection.startswith("pole:") and "pole" not in view.filters:
        bare = bare.with_(filters={**view.filters, "pole": (view.selection.partition(":")[2],)})
    return filters.visible(layer, bare)


def _projects(view: View) -> GeoDataFrame:
    rows = _kept("decarbonation", view)
    return cast("GeoDataFrame", rows[rows["pole"].isin(POLES)])


def _item(label: Words, value: float | None, said: Words, token: str, year: int | None = None) -> Item:
    return {"label": label, "value": value, "said": said, "token": token, "year": year}


def _tonnes(value: float | None) -> Words:
    return {language: co2(value, language) for language in LANGUAGES}


def _n(value: float) -> Words:
    return {language: number(value, language) for language in LANGUAGES}


def stand_for(scene: Scene) -> list[Figure]:
    """Give figures with all sources of the chart, `stands_for` first: years of emissions may come from several."""
    first = stands_for(scene)
    if scene.chart != "emissions":
        return [first]
    rows = industry.emissions()
    newest = rows[rows["source"] != first.origin].groupby("source")["year"].max()
    others = (cited.figure(f"co2-metropolis-{year}") for year in newest)
    return [first, *(figure for figure in others if figure.origin != first.origin)]


def _named(key: str, **values: object) -> Words:
    return {language: text(key, language, **values) for language in LANGUAGES}


def _emissions(view: View) -> list[Item]:
    rows = industry.emissions()
    rows = rows[rows["site_id"].isin(_kept("industry", view)["id"])]
    sums = rows.groupby("year")["co2_t"].sum()
    items = []
    for year in range(FIRST_YEAR, catalogue.last_year() + 1):
        tonnes = float(sums[year]) if year in sums.index else None
        value = None if tonnes is None else round(tonnes / 1e6, 3)
        items.append(_item(dict.fromkeys(LANGUAGES, str(year)), value, _tonnes(tonnes), "fuel", year))
    return items


def _families(view: View) -> list[Item]:
    rows = _kept("industry", view)
    sums = filters.verified(rows, view.verified_year).astype("float64").groupby(rows["family"]).sum(min_count=1)
    found = [(family.id, float(sums[family.id])) for family in INDUSTRY_FAMILIES if pd.notna(sums.get(family.id))]
    found.sort(key=lambda pair: -pair[1])
    return [_item(_named(f"family.{id_}"), round(t / 1e6, 3), _tonnes(t), id_) for id_, t in found]


def _counts(rows: GeoDataFrame, column: str, ids: tuple[str, ...], group: str) -> list[Item]:
    counts = rows[column].value_counts()
    shown = [(id_, int(counts[id_])) for id_ in ids if id_ in counts.index]
    return [_item(_named(f"{group}.{id_}"), n, _n(n), "ink3" if id_ == _SUSPENDED else "green") for id_, n in shown]


def _statuses(view: View) -> list[Item]:
    return _counts(_projects(view), "status", PROJECT_STATUSES, "status")


def _technologies(view: View) -> list[Item]:
    items = _counts(_projects(view), "family", tuple(family.id for family in PROJECT_FAMILIES), "technology")
    return sorted(items, key=lambda item: -item["value"])


def _coming(view: View) -> GeoDataFrame:
    rows = _projects(view)
    return cast("GeoDataFrame", rows[rows["status"] != _SUSPENDED])


def _starts(view: View) -> list[Item]:
    counts = _coming(view)["start_year"].dropna().astype("int64").value_counts()
    if counts.empty:
        return []
    years = range(int(counts.index.min()), int(counts.index.max()) + 1)
    return [
        _item(
            dict.fromkeys(LANGUAGES, str(year)), int(counts.get(year, 0)), _n(int(counts.get(year, 0))), "green", year
        )
        for year in years
    ]


def _poles(_: View) -> list[Item]:
    names = catalogue.load("poles").set_index("id")["name"]
    items = []
    for pole in POLES:
        value = cited.figure(f"population-{pole}").value or 0.0
        items.append(_item(dict.fromkeys(LANGUAGES, str(names[pole])), value, _n(value), pole))
    return items


def _note(kind: str, view: View) -> Words:
    """Say what must be known to read a chart right."""
    if kind == "starts":
        undated = int(_coming(view)["start_year"].isna().sum())
        return _named("story_chart.undated_note" if undated else "story_chart.starts_note", undated=undated)
    key = {"emissions": "emissions_note", "families": "", "poles": "poles_note"}.get(kind, "projects_note")
    return _named(f"story_chart.{key}") if key else dict.fromkeys(LANGUAGES, "")


_ITEMS: dict[str, Callable[[View], list[Item]]] = {
    "emissions": _emissions,
    "families": _families,
    "statuses": _statuses,
    "starts": _starts,
    "technologies": _technologies,
    "poles": _poles,
}
