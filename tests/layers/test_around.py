"""What is around here, on the real data: shares of communes, sums by the rules of the house, one clear error."""

from __future__ import annotations

import json
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import measure
from geo.types import LonLat
from layers import decarbonation, industry
from layers.around import NEAREST, Around, around, read
from layers.catalogue import load
from layers.errors import RequestError
from layers.sources.contours import FRAME
from layers.view import LEAST_KM, MOST_KM

FOS = (4.95, 43.43, 10.0)
MARSEILLE = (5.37, 43.30, 5.45, 43.31, 5.4, 43.25)
WHOLE = (4.1, 42.8, 6.4, 42.8, 6.4, 44.2, 4.1, 44.2)
SEA = (5.0, 43.0, 3.0)

circles = st.tuples(st.floats(4.7, 5.9), st.floats(43.1, 43.8), st.floats(LEAST_KM, MOST_KM))


@pytest.fixture(scope="module")
def fos() -> Around:
    """What lies within ten kilometres of Fos."""
    return around(FOS)


def test_the_whole_frame_holds_every_inhabitant_site_project_and_place() -> None:
    found = around(WHOLE)
    communes = load("communes")
    assert found.population == int(communes["population"].sum())
    assert {part.code for part in found.communes} == set(communes["code"])
    assert all(part.share == 1.0 and part.counted == part.population for part in found.communes)
    assert found.land_km2 == pytest.approx(measure.area_km2(communes).sum(), abs=0.1)
    for layer, ids in (("industry", found.sites), ("decarbonation", found.projects), ("places", found.places)):
        assert set(ids) == set(load(layer)["id"])
    assert found.nearest_sites == () == found.nearest_projects


def test_the_sums_of_the_whole_frame_are_those_of_the_themes() -> None:
    found = around(WHOLE, year=2010)
    assert found.co2_t == industry.by_pole().at[2010, industry.METROPOLIS]
    assert found.co2_sites == (industry.emissions()["year"] == 2010).sum()
    known = decarbonation.investment()
    assert found.investment_meur == pytest.approx(known["investment_meur"].sum())
    assert found.investment_projects == known["projects"].sum()
    stating = load("decarbonation")["investment_meur"].notna().sum()
    assert found.investment_left_out == stating - known["projects"].sum() > 0


@settings(max_examples=12, deadline=None)
@given(circles)
def test_a_circle_counts_what_its_communes_hold(area: tuple[float, float, float]) -> None:
    found = around(area)
    assert found.km2 == pytest.approx(math.pi * area[2] ** 2, rel=1e-4, abs=0.001)
    assert found.land_km2 <= found.km2 + 0.05
    assert found.population == sum(part.counted for part in found.communes)
    for part in found.communes:
        assert 0 <= part.share <= 1
        assert part.counted == pytest.approx(part.population * part.share, abs=0.5 + part.population * 1e-6)


@settings(max_examples=12, deadline=None)
@given(circles)
def test_nearest_outside_a_circle_lie_beyond_its_radius_in_order(area: tuple[float, float, float]) -> None:
    found = around(area)
    for near, inside in ((found.nearest_sites, found.sites), (found.nearest_projects, found.projects)):
        kilometres = [item.km for item in near]
        assert kilometres == sorted(kilometres)
        assert all(km >= area[2] - 0.01 for km in kilometres)
        assert not {item.id for item in near} & set(inside)


def test_a_site_is_inside_when_it_is_nearer_than_the_radius(fos: Around) -> None:
    sites = load("industry")
    away = measure.distance_km(sites, LonLat(*FOS[:2]))
    assert set(fos.sites) == set(sites["id"][away <= FOS[2]])
    beyond = away[away > FOS[2]].sort_values().head(NEAREST)
    assert [near.km for near in fos.nearest_sites] == beyond.round(2).tolist()
    assert "arcelormittal-fos" in fos.sites


def test_emissions_are_those_of_the_year_and_never_later_than_verified(fos: Around) -> None:
    rows = industry.emissions()
    expected = rows[(rows["year"] == 2022) & rows["site_id"].isin(fos.sites)]
    assert (fos.co2_t, fos.co2_sites, fos.year) == (expected["co2_t"].sum(), len(expected), 2022)
    assert around(FOS, year=2030) == fos
    assert around(FOS, year=2005).co2_t != fos.co2_t


def test_no_figure_is_not_zero() -> None:
    found = around(SEA)
    assert (found.co2_t, found.co2_sites) == (None, 0)
    assert (found.investment_meur, found.investment_projects) == (None, 0)
    assert (found.population, found.communes, found.land_km2) == (0, (), 0)


def test_statuses_and_categories_add_up(fos: Around) -> None:
    assert sum(fos.projects_by_status.values()) == len(fos.projects) > 10
    assert sum(fos.places_by_category.values()) == len(fos.places)
    assert fos.approximate["decarbonation"] <= len(fos.projects)


def test_what_is_near_is_measured_from_the_centre_of_a_circle_and_the_edge_of_a_polygon(fos: Around) -> None:
    assert fos.measured_from == "centre"
    ports = load("ports").set_index("id")
    port = fos.nearest["port"]
    assert port.km == round(measure.distance_km(ports.loc[[port.id]], LonLat(*FOS[:2])).iloc[0], 2) > 0
    polygon = around(MARSEILLE)
    assert polygon.measured_from == "edge"
    assert polygon.nearest["station"].id in polygon.access["stations"]
    assert polygon.nearest["station"].km == 0
    assert polygon.nearest["airport"].km > 5
    assert set(polygon.nearest) == {"station", "tgv", "port", "airport"}


def test_the_answer_is_plain_data_with_its_methods_in_both_languages(fos: Around) -> None:
    found = json.loads(json.dumps(fos.to_json(), allow_nan=False))
    assert found["sites"]["count"] == len(found["sites"]["ids"])
    assert found["population"]["year"] == 2023
    assert "evenly" in found["population"]["method"]["en"]
    assert "également" in found["population"]["method"]["fr"]
    assert "centre" in found["near"]["method"]["en"]
    assert found["near"]["sites"][0].keys() == {"id", "km"}


@pytest.mark.parametrize(
    ("area", "message"),
    [
        ((), "The area came as 0 numbers"),
        ((5.0, 43.4), "The area came as 2 numbers: write 3 for a circle"),
        ((5.0, 43.4, 5.1, 43.4), "The area came as 4 numbers"),
        ((5.0, 43.4, 5.1, 43.4, 5.2), "The area came as 5 numbers"),
        (tuple([5.0, 43.4] * 61), "The area came as 122 numbers"),
        ((math.nan, 43.4, 5.0), "Position nan, 43.4 is outside the map"),
        ((5.0, math.inf, 5.0), "Position 5, inf is outside the map"),
        ((43.4, 5.0, 5.0), "Position 43.4, 5 is outside the map: a longitude from 4 to 6.5"),
        ((5.0, 43.4, 5.1, 43.5, 5.2, 45.0), "Position 5.2, 45 is outside the map"),
        ((5.0, 43.4, 0.05), "A radius of 0.05 km came: choose one from 0.1 to 50 km"),
        ((5.0, 43.4, 51.0), "A radius of 51 km came"),
        ((5.0, 43.4, math.nan), "A radius of nan km came"),
        ((5.0, 43.4, 5.1, 43.5, 5.1, 43.4, 5.0, 43.5), "The edges of this polygon cross or enclose nothing"),
        ((5.0, 43.4, 5.1, 43.5, 5.0, 43.4), "The edges of this polygon cross or enclose nothing"),
    ],
)
def test_an_area_that_makes_no_sense_is_refused_in_both_languages(area: tuple[float, ...], message: str) -> None:
    with pytest.raises(RequestError, match=re.escape(message)) as caught:
        around(area)
    assert caught.value.said["fr"] != caught.value.said["en"]


def test_messages_name_the_limits_there_are() -> None:
    with pytest.raises(RequestError) as caught:
        around((0.0, 0.0, 5.0))
    for edge in (FRAME.west, FRAME.east, FRAME.south, FRAME.north):
        assert f"{edge:g}" in caught.value.said["en"]
        assert f"{edge:g}".replace(".", ",") in caught.value.said["fr"]
    with pytest.raises(RequestError) as caught:
        around((5.0, 43.4, 99.5))
    assert "99,5 km" in caught.value.said["fr"]
    assert f"from {LEAST_KM:g} to {MOST_KM:g} km" in caught.value.said["en"]


def test_a_year_that_is_not_of_the_map_is_refused() -> None:
    with pytest.raises(RequestError, match="Year 1999 came: choose one from 2005 to 2035"):
        around(FOS, year=1999)


def test_an_area_is_read_from_an_address() -> None:
    assert read("4.95,43.43,10") == (4.95, 43.43, 10.0)
    assert len(read(",".join(["5.1", "43.2"] * 500))) == 121


@pytest.mark.parametrize("text", ["", "a", "5,43,nan", "5,43,1e3", "5, 43,1", "5,43,", "٥,43,1", "5,43,0x10"])
def test_a_word_that_is_no_number_is_named(text: str) -> None:
    with pytest.raises(RequestError, match="is not a number: write the area as lon,lat,km"):
        read(text)
