"""How old a status is, and who says a cell, on the document, on paper and in figures."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pypdf
import pytest

from layers import around, brief, catalogue, cited, editions, freshness, origins
from layers.view import View
from layers.web import payload

CASES = json.loads((Path(__file__).parent / "age_cases.json").read_text(encoding="utf-8"))
REGISTRY = "georisques-icpe"
FRESH = {"retrieved": "2026-11-24", "vintage": {"en": "November 2026", "fr": "novembre 2026"}}
FOS = "13039"


def test_a_date_is_old_a_year_after_it_ended() -> None:
    wrong = [
        case for case in CASES if freshness.outdated(case["said"], date.fromisoformat(case["today"])) != case["old"]
    ]
    assert wrong == []
    assert not freshness.outdated(None, date(2026, 11, 24))
    assert not freshness.outdated("", date(2026, 11, 24))


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory, make_edition: Callable[..., Path]) -> Iterator[Path]:
    """Work on an edition in which an official source says a Seveso regime, a position and one population."""
    said = {"sources": [REGISTRY], "refreshed": "2026-11-24"}
    folder = make_edition(
        tmp_path_factory.mktemp("live"), "fresh", sources={REGISTRY: FRESH}, layers={"industry": said, "communes": said}
    )
    one = origins.Origin(REGISTRY, "2026-11-24", "")
    cells = [("industry", "arcelormittal-fos", "seveso"), ("industry", "arcelormittal-fos", "geometry")]
    origins.write(folder / "tables" / origins.FILE, dict.fromkeys([*cells, ("communes", FOS, "population")], one))
    with editions.using(folder):
        yield folder


def official(layer: str) -> dict[str, dict[str, str]]:
    """Give the official cells of the features of a layer in the document."""
    told = (feature["properties"] for feature in payload.features(layer)["features"])
    return {row["id"]: row["official"] for row in told if "official" in row}


@pytest.mark.usefixtures("refreshed")
def test_the_document_tells_the_official_cells_and_the_last_refresh() -> None:
    assert official("industry") == {"arcelormittal-fos": {"seveso": REGISTRY, "geometry": REGISTRY}}
    assert official("communes") == {FOS: {"population": REGISTRY}}
    assert official("ports") == {}
    config = payload.config(("industry", "ports"), view=View())
    assert config["layers"]["industry"]["refreshed"] == "2026-11-24"
    assert config["layers"]["ports"]["refreshed"] == ""
    assert config["people"] == [REGISTRY, cited.COMMUNES_SOURCE]
    assert REGISTRY in config["sources"]


@pytest.mark.usefixtures("refreshed")
def test_a_population_is_cited_as_the_service_that_says_it() -> None:
    assert freshness.sources_of("communes", "population", among=[FOS], own="own") == (REGISTRY,)
    assert freshness.sources_of("communes", "population", among=[FOS, "13055"], own="own") == (REGISTRY, "own")
    assert freshness.sources_of("communes", "population", among=["13055"], own="own") == ("own",)
    assert cited.figure("population-martigues-fos").origin == REGISTRY
    assert cited.figure("population-la-ciotat-cassis").origin == cited.COMMUNES_SOURCE
    assert around.around((4.945, 43.44, 1.0)).to_json()["population"]["source"] == REGISTRY


def test_the_base_data_name_no_official_cell_and_no_refresh() -> None:
    with editions.using(editions.base_dir()):
        assert official("industry") == {}
        config = payload.config(("industry",), view=View())
        assert {layer["refreshed"] for layer in config["layers"].values()} == {""}
        assert config["people"] == [cited.COMMUNES_SOURCE]


def test_a_brief_marks_an_old_status_by_sign_and_words() -> None:
    project = catalogue.load("decarbonation").set_index("id").loc["gravithy-fos"]
    year = int(str(project["status_date"])[:4])

    def said(today: date, language: str) -> str:
        pdf = brief.write(
            ["project:gravithy-fos"], year=2022, language=language, address="http://localhost/", today=today  # type: ignore[arg-type]
        )  # fmt: skip
        return " ".join(" ".join(p.extract_text().split()) for p in pypdf.PdfReader(io.BytesIO(pdf)).pages)

    for language, words in (("en", "more than a year ago"), ("fr", "il y a plus d’un an")):
        old, young = said(date(year + 3, 1, 1), language), said(date(year, 12, 31), language)
        assert "▲" in old
        assert words in old
        assert words not in young
