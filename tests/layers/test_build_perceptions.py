"""From the hand-kept cards to their table: what a card points at must exist, and its place is never typed twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from geopandas import GeoDataFrame
from pandas import DataFrame

from layers.build import perceptions
from layers.build.tables import build
from layers.catalogue import load, table
from layers.errors import TableError

HAND = Path(__file__).resolve().parents[2] / "data" / "hand"
HEAD = "id,rank,verdict,belief_en,belief_fr,reality_en,reality_fr,facts,computed,layers,at\n"


def tables() -> dict[str, DataFrame | GeoDataFrame]:
    """Return the tables that cards point at."""
    return {name: load(name) for name in ("places", "stations", "industry")} | {"facts": table("facts")}


def made(tmp_path: Path, *rows: str) -> GeoDataFrame:
    """Build the table from some rows."""
    (tmp_path / "perceptions.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return perceptions.build(tmp_path, tables())


def test_the_place_is_that_of_the_feature_and_the_confidence_the_lowest(tmp_path: Path) -> None:
    frame = made(
        tmp_path,
        "b,1,partly,B,B,R,R,amu-students;employment-rate,,industry,places:mucem",
        "a,2,holds,A,A,R,R,employment-rate,projects-operating,places.research,",
    ).set_index("id")
    assert list(frame.index) == ["a", "b"]
    assert frame.loc["b", "commune"] == "Marseille"
    assert frame.loc["b", "geometry"] == load("places").set_index("id").loc["mucem", "geometry"]
    assert frame["confidence"].to_dict() == {"a": "high", "b": "low"}
    assert frame.loc["a", "geometry"] is None
    assert not frame.loc["a", "approximate"]


def test_a_station_is_a_precise_place_of_its_register(tmp_path: Path) -> None:
    frame = made(tmp_path, "a,1,partly,B,B,R,R,amu-students,,stations,stations:aix-en-provence-tgv")
    assert frame["position_precision"].tolist() == ["site"]
    assert frame["position_source"].tolist() == ["trainline-stations"]


def test_everything_a_card_points_at_in_vain_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        made(tmp_path, "a,1,partly,B,B,R,R,amu-students;rumour,gold,places.nature;rivers,places:atlantis")
    told = caught.value.faults
    assert told[0] == "facts of a: 'rumour' is no fact"
    assert told[1].startswith("computed of a: 'gold' is not one of co2-martigues-fos-2013, ")
    assert told[2] == "layers of a: 'places.nature' is no layer and no class of one"
    assert told[3] == "layers of a: 'rivers' is no layer and no class of one"
    assert told[4] == "at of a: 'places:atlantis' is no feature, expected layer:id"
    assert len(told) == 5


@pytest.mark.parametrize("at", ["mucem", "facts", "roads:a6"])
def test_a_place_that_is_not_written_layer_and_id_is_told(at: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=rf"at of a: '{at}' is no feature, expected layer:id"):
        made(tmp_path, f"a,1,partly,B,B,R,R,amu-students,,industry,{at}")


def test_a_card_without_a_fact_is_told(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"facts of a: '' is no fact"):
        made(tmp_path, "a,1,partly,B,B,R,R,,projects-operating,industry,")


def test_two_cards_of_one_rank_and_an_unknown_verdict_are_told(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        made(tmp_path, "a,1,true,B,B,R,R,amu-students,,industry,", "b,1,partly,B,B,R,R,amu-students,,industry,")
    told = "; ".join(caught.value.faults)
    assert "verdict of a: 'true' breaks the rule: is one of holds, partly, otherwise" in told
    assert "rank of a: 1 appears more than once" in told


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    shutil.copytree(HAND, tmp_path / "hand")
    (tmp_path / "hand" / "perceptions.csv").unlink()
    with pytest.raises(TableError, match=r"table perceptions: 1 fault: .*perceptions\.csv is missing"):
        build(tmp_path / "hand", load("communes"))
