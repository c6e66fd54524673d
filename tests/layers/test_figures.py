"""The figures of the cards against the tables they are computed from, each computed here in another way."""

from __future__ import annotations

from typing import Any

import pytest

from geo.measure import distance_km
from geo.types import LonLat
from layers import catalogue, decarbonation, industry
from layers.view import FIRST_YEAR
from layers.vocabulary import OUTSIDE, POLES
from layers.web import figures

SITES = catalogue.load("industry")
PROJECTS = catalogue.load("decarbonation")
COMMUNES = catalogue.load("communes")


def place(table: Any, row: str) -> LonLat:
    """Give the point of a row by its id."""
    point = table.set_index("id").geometry[row]
    return LonLat(point.x, point.y)


def test_the_high_speed_station_of_a_site_is_the_nearest_of_its_kind() -> None:
    stations = catalogue.load("stations")
    fast = stations[stations["kind"] == "tgv"].reset_index(drop=True)
    reached = figures.access(SITES)
    for site in SITES["id"][::9]:
        distances = distance_km(fast, place(SITES, site))
        name, kilometres = reached[site]["tgv"]
        assert name == fast["name"][distances.idxmin()]
        assert kilometres == pytest.approx(distances.min(), abs=0.06)


def test_whatever_can_be_the_nearest_has_a_source_under_its_name() -> None:
    reached, known = figures.reached(), catalogue.catalogue().sources
    for site in figures.access(SITES).values():
        for layer, name, _ in [*site["near"], ("stations", *site["tgv"])]:
            assert reached[layer][name]
            assert set(reached[layer][name]) <= set(known)


@pytest.mark.parametrize("points", [SITES, PROJECTS, figures.town_halls(COMMUNES)], ids=["sites", "projects", "halls"])
def test_life_talent_and_the_terminal_near_a_point_are_the_nearest_places_of_their_category(points: Any) -> None:
    places, lived = catalogue.load("places"), figures.lived(points)
    assert set(lived) == set(points["id"])
    for name in points["id"][::13]:
        assert list(lived[name]) == ["university", "research", "hospital", "beach", "port-terminal"]
        for category, (found, kilometres) in lived[name].items():
            own = places[places["category"] == category].reset_index(drop=True)
            distances = distance_km(own, place(points, name))
            assert found == own["id"][distances.idxmin()]
            assert kilometres == pytest.approx(distances.min(), abs=0.06)


def test_every_place_that_a_distance_is_told_to_has_its_page() -> None:
    named, places = figures.named_places(), catalogue.load("places").set_index("id")
    reached = {found for near in figures.lived(SITES).values() for found, _ in near.values()}
    assert reached <= set(named)
    for key, said in named.items():
        assert said["name"] == places["name"][key]
        assert said["approximate"] == places["approximate"][key]
        assert said["source"]


@pytest.mark.parametrize("layer", ["industry", "decarbonation"])
def test_a_port_has_around_it_what_lies_within_the_distance_nearest_first(layer: str) -> None:
    ports, targets = catalogue.load("ports"), catalogue.load(layer).reset_index(drop=True)
    for port, found in figures.within(ports, layer).items():
        distances = distance_km(targets, place(ports, port))
        assert set(targets["id"][distances < figures.NEAR_KM - 0.01]) <= {row for row, _ in found}
        assert len(found) <= (distances <= figures.NEAR_KM + 0.01).sum()
        assert [km for _, km in found] == sorted(km for _, km in found)


def test_sites_proposed_for_comparison_are_the_nearest_of_the_family() -> None:
    alike, family = figures.alike(SITES), SITES.set_index("id")["family"]
    for site in SITES["id"][::11]:
        others = SITES[(SITES["family"] == family[site]) & (SITES["id"] != site)].reset_index(drop=True)
        distances = distance_km(others, place(SITES, site))
        assert site not in alike[site]
        assert {family[other] for other in alike[site]} == {family[site]}
        furthest = max(distances[others["id"] == other].iloc[0] for other in alike[site])
        assert (distances < furthest - 1e-6).sum() < len(alike[site])


def test_communes_proposed_for_comparison_are_the_nearest_by_their_town_halls() -> None:
    halls = figures.town_halls(COMMUNES)
    beside = figures.beside(halls)
    assert set(beside) == set(COMMUNES["code"])
    distances = distance_km(halls, place(halls, "13039")).set_axis(halls["id"])
    assert beside["13039"] == list(distances.drop("13039").sort_values().index[: len(beside["13039"])])


def test_a_town_hall_without_a_position_is_replaced_by_a_point_of_the_commune_and_told_apart() -> None:
    halls = figures.town_halls(COMMUNES)
    inside = COMMUNES.set_index("code").geometry
    unstated = halls[~halls["stated"]]
    assert set(unstated["id"]) == set(COMMUNES["code"][COMMUNES["mairie_lon"].isna()])
    assert len(unstated) == 3
    assert all(inside[row.id].contains(row.geometry) for row in unstated.itertuples())


def test_every_capacity_has_its_source_and_every_declared_figure_its_edition() -> None:
    known, declared = catalogue.catalogue().sources, figures.declared_in()
    pages = catalogue.table("site_sources").groupby("site_id")["source_title"].apply(list).to_dict()
    rows: Any = SITES.itertuples()
    for row in rows:
        if row.capacity_en:
            own = pages.get(row.id, [])
            found = figures.capacity_sources(row.capacity_en, [(title,) for title in own])
            assert found, f"{row.id}: {row.capacity_en} names no source"
            assert set(found) <= {*known, *own}
        if row.co2_basis == "irep":
            assert declared[row.id, row.co2_year] in known


def test_a_capacity_that_names_nobody_has_no_source() -> None:
    assert figures.capacity_sources("90 MW", [("A page",)]) == []
    assert figures.capacity_sources("90 MW (A page)", [("A page",)]) == ["A page"]
    assert figures.capacity_sources("90 MW (OPSD, RTE)", []) == ["opsd"]


@pytest.mark.parametrize("pole", POLES)
def test_a_pole_emits_what_its_sites_emit_or_nothing_is_said(pole: str) -> None:
    shown = figures.poles()[pole]["co2"]
    sites = set(SITES["id"][SITES["pole"] == pole])
    rows = industry.emissions()
    own = rows[rows["site_id"].isin(sites)]
    if own.empty:
        assert shown is None
        return
    assert shown == [
        int(own["co2_t"][own["year"] == year].sum()) for year in range(FIRST_YEAR, catalogue.last_year() + 1)
    ]


@pytest.mark.parametrize("pole", POLES)
def test_the_projects_of_a_pole_are_counted_once_by_status_and_once_by_start(pole: str) -> None:
    shown, own = figures.poles()[pole], PROJECTS[PROJECTS["pole"] == pole]
    assert sum(shown["statuses"].values()) == shown["projects"] == len(own)
    suspended = shown["statuses"].get("suspended", 0)
    assert sum(n for _, n in shown["starts"]) + shown["undated"] + suspended == len(own)
    coming = own[own["status"] != "suspended"]
    for year, n in shown["starts"]:
        assert n == (coming["start_year"] == year).sum()


@pytest.mark.parametrize("pole", POLES)
def test_the_investment_of_a_pole_keeps_to_works_there_that_are_not_suspended(pole: str) -> None:
    meur, stating = figures.poles()[pole]["investment"]
    own = PROJECTS[
        (PROJECTS["pole"] == pole)
        & (PROJECTS["status"] != "suspended")
        & PROJECTS["investment_scope"].eq("site").fillna(value=False)
    ]
    assert meur == pytest.approx(own["investment_meur"].sum())
    assert stating == own["investment_meur"].notna().sum()
    assert meur == pytest.approx(decarbonation.investment().at[pole, "investment_meur"])


def test_the_ways_in_and_the_places_of_the_poles_are_those_of_the_tables() -> None:
    shown = figures.poles()
    for layer in ("ports", "stations", "airports"):
        table = catalogue.load(layer)
        inside = table[table["pole"] != OUTSIDE]
        kinds = {kind.replace(" ", "-") for kind in table["kind"]}
        listed = {(pole, id_) for pole in POLES for kind, id_, _ in shown[pole]["access"] if kind in kinds}
        assert listed == set(zip(inside["pole"], inside["id"], strict=True))
    places = catalogue.load("places")
    for pole in POLES:
        assert sum(shown[pole]["places"].values()) == (places["pole"] == pole).sum()
