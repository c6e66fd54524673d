"""The rows of a snapshot: which are kept, how they are cut, and what form they have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

from geo import crs
from layers import catalogue, editions, snapshot
from layers.errors import ChoiceError
from layers.view import LAYERS
from layers.vocabulary import POLES


def frames(*layers: str, **asked: Any) -> dict[str, Any]:
    """Give the frames of a choice."""
    return snapshot.frames(snapshot.choose(layers=layers, **asked))


def test_everything_is_every_row_of_every_layer(draped: Path) -> None:
    with editions.using(draped):
        found = frames(*LAYERS, area="everything")
        assert {layer: len(frame) for layer, frame in found.items()} == {
            layer: len(catalogue.load(layer)) for layer in LAYERS
        }


def test_the_metropolis_leaves_out_only_what_lies_outside_it() -> None:
    found = frames("decarbonation", "stations", "perceptions")
    assert len(found["decarbonation"]) == int((catalogue.load("decarbonation")["pole"] != "outside").sum())
    assert len(found["stations"]) == int((~catalogue.load("stations")["outside"]).sum())
    assert len(found["perceptions"]) == len(catalogue.load("perceptions"))


def test_the_poles_share_the_metropolis_without_a_row_twice() -> None:
    whole = frames("industry", "communes", "places")
    parts = [frames("industry", "communes", "places", area=pole) for pole in POLES]
    for layer, frame in whole.items():
        assert sum(len(part[layer]) for part in parts) == len(frame)


def test_communes_bring_their_own_rows_and_no_neighbour_that_only_touches() -> None:
    found = frames("communes", "industry", "neighbours", area="13039,13056")
    assert found["communes"]["code"].tolist() == ["13039", "13056"]
    assert set(found["industry"]["insee"]) == {"13039", "13056"}
    assert len(found["neighbours"]) == 0


def test_clipping_cuts_at_the_edge_and_intersecting_leaves_whole() -> None:
    box = "5.0,43.3,5.2,43.5"
    area = snapshot.Area.parse(box).metres()
    cut, whole = (frames("communes", area=box, rule=rule, crs=2154)["communes"] for rule in ("clip", "intersect"))
    assert cut["code"].tolist() == whole["code"].tolist()
    assert cut.geometry.difference(area.buffer(0.01)).area.max() < 1e-6
    # Contours of communes leave no gap on land: what is cut off is missing, no more.
    kept = whole.geometry.intersection(area).area
    assert cut.geometry.area.to_numpy() == pytest.approx(kept.to_numpy(), rel=1e-9)
    assert whole.geometry.area.sum() > 1.2 * cut.geometry.area.sum()
    assert set(cut.geom_type) <= {"Polygon", "MultiPolygon"}
    assert cut.geometry.is_valid.all()


def test_what_lies_inside_keeps_its_very_coordinates() -> None:
    cut = frames("communes", area="5.0,43.3,5.2,43.5", rule="clip", crs=4326)["communes"].set_index("code")
    whole = catalogue.load("communes").set_index("code").loc[cut.index]
    box = snapshot.Area.parse("5.0,43.3,5.2,43.5").geometry()
    inside = whole.within(box.buffer(-0.001))
    assert inside.any()
    assert shapely.equals_exact(cut.geometry[inside].to_numpy(), whole.geometry[inside].to_numpy()).all()


def test_a_circle_keeps_what_lies_within_its_radius() -> None:
    found = frames("industry", area="4.95,43.42,5", crs=2154)["industry"]
    centre = crs.to_metres(found.head(1).set_geometry([shapely.Point(4.95, 43.42)], crs=4326)).geometry.iloc[0]
    assert 0 < len(found) < 121
    assert found.distance(centre).max() <= 5000


def test_filters_of_the_view_count() -> None:
    found = frames("decarbonation", "industry", where="status=operating&family=metal")
    assert set(found["decarbonation"]["status"]) == {"operating"}
    assert set(found["industry"]["family"]) == {"metal"}


def test_emissions_are_of_the_sites_that_are_kept() -> None:
    found = frames("industry", "emissions", area="martigues-fos", where="family=metal")
    assert set(found["emissions"]["site_id"]) <= set(found["industry"]["id"])
    assert len(found["emissions"]) > 10
    assert "geometry" not in found["emissions"]


@pytest.mark.parametrize(("language", "other"), [("en", "fr"), ("fr", "en")])
def test_one_language_of_a_pair_is_kept_under_its_own_name(language: str, other: str) -> None:
    columns = frames("industry", language=language)["industry"].columns
    assert f"activity_{language}" in columns
    assert f"activity_{other}" not in columns


def test_rows_come_sorted_by_their_key_which_is_always_there() -> None:
    found = frames("industry", "communes", "emissions", columns="industry:name;communes:name;emissions:co2_t")
    assert list(found["industry"].columns) == ["id", "name", "geometry"]
    assert list(found["communes"].columns) == ["code", "name", "geometry"]
    assert list(found["emissions"].columns) == ["site_id", "year", "co2_t"]
    assert found["industry"]["id"].is_monotonic_increasing
    assert found["emissions"].equals(found["emissions"].sort_values(["site_id", "year"]))


def test_absent_text_is_null_and_types_are_plain() -> None:
    found = frames("industry")["industry"]
    assert not (found["note_en"] == "").any()
    assert found["note_en"].isna().any()
    assert {str(dtype) for dtype in found.dtypes} <= {"str", "int64", "Int64", "bool", "float64", "geometry"}


@pytest.mark.parametrize("code", snapshot.USUAL_CRS)
def test_coordinates_go_to_the_system_and_back(code: int) -> None:
    found = frames("industry", crs=code)["industry"]
    assert found.crs.to_epsg() == code
    there = catalogue.load("industry").sort_values("id", ignore_index=True)
    assert found.to_crs(2154).distance(there.to_crs(2154)).max() < 0.01


def test_decimals_round_in_the_unit_of_the_system() -> None:
    xy = shapely.get_coordinates(frames("ports", decimals=1)["ports"].geometry.to_numpy())
    assert (xy == xy.round(1)).all()
    assert not (xy == xy.round(0)).all()


def test_a_layer_that_stays_empty_says_why() -> None:
    choice = snapshot.choose(layers=["airports", "industry"], area="la-ciotat-cassis", where="family=fuel")
    with pytest.raises(ChoiceError) as caught:
        snapshot.kept(choice)
    assert len(caught.value.faults) == 2
    assert "no row that the filters keep lies in “La Ciotat–Cassis”" in caught.value.said["en"]
    nothing = snapshot.choose(layers=["industry"], where="family=metal&commune=13022")
    with pytest.raises(ChoiceError, match="the filters keep no row"):
        snapshot.kept(nothing)
