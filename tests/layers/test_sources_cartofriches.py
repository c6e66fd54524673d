"""Cartofriches: brownfields page by page, in whatever wrapper they come, and their faults."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from layers.sources import AnswerError, SourceError, UnreachableError
from layers.sources.cartofriches import CONNECTOR, SOURCE, square_metres
from layers.sources.connector import Contribution
from tests.services import faults
from tests.services.answers import cartofriches as answers
from tests.services.run import misnamed, run
from tests.services.server import Fault, Services
from tests.services.territory import territory

PATH = answers.PATH


@pytest.fixture
def official(services: Services) -> Services:
    """Answer as the service does."""
    answers.add(services)
    return services


def contributed(folder: Path) -> Contribution:
    """Run the connector and give what it says."""
    return run(CONNECTOR, folder, territory())[1]


def wrapped(how: str) -> Fault:
    """Give the features under another key."""

    def change(said: dict[str, Any]) -> dict[str, Any]:
        rows = said.pop("features")
        inner = {"type": "FeatureCollection", "features": rows} if how == "collection" else rows
        return said | {"results": inner}

    return faults.edited(change)


def test_brownfields_of_three_departments_come_page_by_page(official: Services, tmp_path: Path) -> None:
    said = contributed(tmp_path)
    table = said.tables["brownfields"].set_index("id")
    assert list(table.index) == ["13055-00003", "13203-00002", "13999-00001", "83120-00005", "84089-00006"]
    assert table.loc["13203-00002", ["insee", "commune", "pole"]].to_list() == ["13055", "Marseille", "aix-marseille"]
    assert table["area_ha"]["13203-00002"] == pytest.approx(0.35005, abs=1e-4)
    assert table["status"].to_dict() == {
        "13055-00003": "potential",
        "13203-00002": "with-project",
        "13999-00001": "without-project",
        "83120-00005": "converted",
        "84089-00006": "without-project",
    }
    # A text that is no area: the outline is measured (81 m by 111 m).
    assert table["area_ha"]["13055-00003"] == pytest.approx(0.90, abs=0.01)
    assert table["area_ha"]["13999-00001"] == 1.2
    assert table.loc["84089-00006", ["name", "activity"]].to_list() == ["84089_00006", ""]
    assert table["pollution"]["83120-00005"] == ""
    assert set(table["source"]) == {SOURCE}
    assert (table.crs.to_epsg(), said.notes) == (4326, ())
    asked = [(one.query["coddep"], one.query["page"]) for one in official.asked]
    assert asked == [("13", "1"), ("13", "2"), ("83", "1"), ("84", "1")]
    day = said.vintages[SOURCE]["en"]
    assert day.startswith("inventory as of ")


def test_every_wrapper_the_service_may_use_gives_the_same_rows(official: Services, tmp_path: Path) -> None:
    plain = contributed(tmp_path / "features").tables["brownfields"]
    for how in ("list", "collection"):
        official.mend()
        official.fault(PATH, wrapped(how))
        assert contributed(tmp_path / how).tables["brownfields"].equals(plain), how


def test_areas_come_as_numbers_or_as_text() -> None:
    read = {12000: 12000.0, "12000": 12000.0, "3 500,5": 3500.5, "1\u202f200 m²": 1200.0, 7.5: 7.5}
    assert {value: square_metres(value) for value in read} == read
    assert [square_metres(value) for value in (None, "NA", "", "-3", 0, "douze")] == [None] * 6


def test_what_is_left_out_is_counted(official: Services, tmp_path: Path) -> None:
    def change(said: dict[str, Any]) -> None:
        for row in said["features"]:
            if row["properties"]["site_id"] == "13999_00001":
                row["properties"]["site_statut"] = "en friche"
            if row["properties"]["site_id"] == "13055_00003":
                row["geometry"] = None
            if row["properties"]["site_id"] == "84089_00006":
                row["properties"]["comm_insee"] = "83120"
                row["geometry"]["coordinates"] = [answers.square(5.32, 43.42, 0.001)]

    official.fault(PATH, faults.edited(change))
    said = contributed(tmp_path)
    assert list(said.tables["brownfields"]["id"]) == ["13203-00002", "83120-00005", "84089-00006"]
    assert sorted(note["en"] for note in said.notes) == [
        "Cartofriches: outlines whose middle lies in another commune than the one they are registered in: 1.",
        "Cartofriches: rows left out for want of a geometry: 1.",
        "Cartofriches: rows left out, since their status is none of those known: 1.",
    ]


def test_a_row_given_twice_is_one(official: Services, tmp_path: Path) -> None:
    official.fault(PATH, faults.edited(_again))
    said = contributed(tmp_path)
    assert said.tables["brownfields"]["id"].is_unique
    assert "came again and are taken once" in said.notes[0]["en"]


def _again(said: dict[str, Any]) -> None:
    said["features"].append(said["features"][0])


def _shifted(said: dict[str, Any]) -> None:
    said["features"][:1] = answers.ROWS["13"][:1] if said["features"] else []


FULL: list[tuple[str, Fault, type[SourceError], str]] = [
    ("empty", faults.emptied(), AnswerError, "gives no row at all for the metropolis"),
    ("short", faults.edited(lambda said: said.update(count=99)), AnswerError, "gave 4 rows but says there are 99"),
    ("shifted", faults.edited(_shifted), AnswerError, "gave 3 rows but says there are 4"),
    ("uncounted", faults.edited(lambda said: said.pop("count") and None), AnswerError, "field “count” is missing"),
    ("no rows", faults.edited(lambda _: {"count": 1}), AnswerError, "no list of rows under “features”"),
    ("missing", faults.missing("site_id"), AnswerError, "field “site_id” is missing"),
    ("renamed", faults.renamed("comm_insee", "commune_insee"), AnswerError, "“commune_insee” may be its new name"),
    ("retyped", faults.valued("site_statut", 3), AnswerError, "field “site_statut” holds 3, text expected"),
    ("swapped", faults.swapped(), AnswerError, "have latitude before longitude"),
    ("flat", faults.edited(lambda said: said["features"][0].pop("properties") and None), AnswerError, "“properties”"),
    ("page", faults.page(), AnswerError, "answers with a web page"),
    ("cut", faults.cut(), UnreachableError, "broke off in the middle"),
    ("busy", faults.status(429), UnreachableError, "too many requests"),
    ("kind", faults.kind("text/csv"), AnswerError, "answers with “text/csv”"),
]


def test_each_fault_is_named_in_one_line_and_nothing_is_taken(official: Services, tmp_path: Path) -> None:
    wrong: list[str] = []
    for number, (what, fault, kind, said) in enumerate(FULL):
        official.mend()
        official.fault(PATH, fault)
        wrong += misnamed(what, partial(contributed, tmp_path / str(number)), kind, said)
    assert not wrong, "\n".join(wrong)
