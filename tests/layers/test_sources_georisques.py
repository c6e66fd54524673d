"""Géorisques: pages, Seveso regime, positions and candidates from answers as the dossier has them, and their faults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from layers.sources import AnswerError, SourceError, UnreachableError
from layers.sources.connector import Contribution
from layers.sources.georisques import CONNECTOR, seveso
from tests.services import faults
from tests.services.answers import georisques
from tests.services.answers.georisques import ADDRESS, HIGH, ROWS, row
from tests.services.run import run
from tests.services.server import Fault, Services
from tests.services.sites import sites
from tests.services.territory import territory


@pytest.fixture
def official(services: Services) -> Services:
    """Answer as the service does."""
    georisques.add(services)
    return services


def contributed(folder: Path, **changes: str) -> Contribution:
    """Run the connector and give what it says."""
    return run(CONNECTOR, folder, territory(sites=sites(**changes)))[1]


def with_rows(services: Services, monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, Any]]) -> None:
    """Answer with other rows for département 13."""
    georisques.add(services)
    monkeypatch.setitem(ROWS, "13", rows)


def test_all_pages_of_three_departments_are_read_and_matched(official: Services, tmp_path: Path) -> None:
    fetched, said = run(CONNECTOR, tmp_path, territory(sites=sites()))
    asked = [(one.query["departement"], one.query["page"], one.query["page_size"]) for one in official.asked]
    assert asked == [
        ("13", "1", "1000"),
        ("13", "2", "1000"),
        ("13", "3", "1000"),
        ("83", "1", "1000"),
        ("84", "1", "1000"),
    ]
    assert (fetched.rows, fetched.vintage) == (9, "2026-02-03")
    cells = said.cells["industry"].set_index("id")
    assert cells["icpe_id"].to_dict() == {"brewery": "0006400003", "depot": "0006400002", "example": "0006400001"}
    assert cells["seveso"].to_dict() == {"brewery": "none", "depot": "lower", "example": "upper"}
    assert cells.loc["example", "seveso_source"] == "Géorisques, ICPE 0006400001, 2026-02-03"
    assert said.vintages["georisques-icpe"]["fr"] == "fiches mises à jour jusqu’au 3 février 2026"
    # Neighbours of the same départements are clipped away.
    assert "LOIN DE TOUT" not in str(said)
    assert "in the metropolis: 8, of them Seveso: 5" in said.notes[0]["en"]


@pytest.mark.usefixtures("official")
def test_a_seveso_establishment_of_nobody_is_a_doubt_with_its_distance(tmp_path: Path) -> None:
    doubts = {doubt.official: doubt for doubt in contributed(tmp_path).doubts}
    assert set(doubts) == {"0006400004", "0008400001"}
    assert doubts["0006400004"].distance_m == pytest.approx(2750, abs=20)
    assert "Seveso establishment, upper tier" in doubts["0006400004"].said["en"]
    assert "Le site le plus proche, Dépôt de la Rade, est à 2,8\u00a0km" in doubts["0006400004"].said["fr"]
    assert doubts["0006400004"].key == ""


@pytest.mark.usefixtures("official")
def test_a_person_is_named_nowhere(tmp_path: Path) -> None:
    said = contributed(tmp_path)
    assert "DURAND" not in repr(said)
    assert any(
        "without a SIRET, not named here, to be looked for in the raw answer: 1" in note["en"] for note in said.notes
    )
    assert "DURAND" in "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("icpe-*"))


@pytest.mark.usefixtures("official")
def test_an_official_point_replaces_only_a_guess_nearby_in_its_commune(tmp_path: Path) -> None:
    place = ["lon", "lat", "position_precision", "position_confidence", "position_source"]

    def of(**changes: str) -> tuple[list[str], list[str]]:
        said = contributed(tmp_path, **changes)
        cells = said.cells["industry"].set_index("id").loc["example", place]
        return list(cells), [doubt.said["en"] for doubt in said.doubts if doubt.key == "example"]

    assert of() == (["5.251000", "43.351000", "site", "medium", "georisques-icpe"], [])
    assert of(example="position_precision=site") == ([""] * 5, [])
    far, told = of(example="lon=5.21")
    assert far == [""] * 5
    assert "the official point lies 3.3\u00a0km from ours" in told[0]
    elsewhere, told = of(example="insee=13055")
    assert elsewhere == [""] * 5
    assert "the official point lies in another commune" in told[0]


def test_no_word_on_seveso_is_unknown_and_never_none() -> None:
    said = {
        None: "",
        " ": "",
        "Non Seveso": "none",
        HIGH: "upper",
        "SEVESO SEUIL BAS": "lower",
        "SH": "upper",
        "NS": "none",
    }
    assert {words: seveso(words) for words in said} == said
    assert seveso("Seveso seuil moyen") is None


def test_a_site_of_which_the_register_says_nothing_keeps_what_it_has(
    services: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    strange = row("0006400002", "X", "13055", (5.36, 43.36), "Seveso seuil moyen")
    with_rows(services, monkeypatch, [row("0006400001", "X", "13999", (5.25, 43.35), None), strange])
    said = contributed(tmp_path)
    cells = said.cells["industry"]
    assert list(cells["seveso"]) == list(cells["seveso_source"]) == ["", ""]
    assert any("Seveso seuil moyen" in note["en"] for note in said.notes)


def test_rows_without_a_point_are_placed_by_their_code(official: Services, tmp_path: Path) -> None:
    official.fault(ADDRESS, faults.valued("longitude", None))
    said = contributed(tmp_path)
    assert set(said.cells["industry"]["id"]) == {"depot", "example"}
    assert any("has no point" in doubt.said["en"] for doubt in said.doubts if doubt.key == "brewery")
    assert any("without a point" in doubt.said["en"] for doubt in said.doubts if doubt.key == "")


def test_rows_that_come_twice_are_taken_once_and_torn_ones_not_at_all(
    services: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one, two = (
        row("0006400001", "X", "13999", (5.25, 43.35), HIGH),
        row("0006400002", "Y", "13055", (5.36, 43.36), HIGH),
    )
    with_rows(services, monkeypatch, [one, two, one, two | {"statutSeveso": "Non Seveso"}])
    said = contributed(tmp_path)
    assert list(said.cells["industry"]["id"]) == ["example"]
    told = " ".join(note["en"] for note in said.notes)
    assert "rows that came again and are taken once: 1" in told
    assert "stand for several establishments that differ, or are no ten digits, left out: 1" in told


def test_a_new_field_is_a_note_and_a_lost_number_too(official: Services, tmp_path: Path) -> None:
    official.fault(ADDRESS, faults.valued("nouveauChamp", 1))
    told = " ".join(note["en"] for note in contributed(tmp_path, double="irep_id=064.77777").notes)
    assert "new fields, which are not used: nouveauChamp" in told
    assert "no establishment carries the number of these sites any more: Complexe Double" in told


def swap(said: Any) -> None:
    for one in said["data"]:
        one["longitude"], one["latitude"] = one["latitude"], one["longitude"]


def short(said: Any) -> None:
    said["data"] = said["data"][:-1]


FAULTS: dict[str, tuple[Fault, type[SourceError], str]] = {
    "two rows short": (faults.edited(short), AnswerError, r"gave 4 rows but says there are 7"),
    "no row": (faults.emptied(), AnswerError, r"no establishment for département 13"),
    "missing": (faults.missing("statutSeveso"), AnswerError, r"“statutSeveso” is missing"),
    "renamed": (faults.renamed("codeAIOT", "code_aiot"), AnswerError, r"“codeAIOT” is missing, “code_aiot” may be"),
    "retyped": (faults.valued("longitude", "5,25"), AnswerError, r"“longitude” holds \"5,25\", a number expected"),
    "no count": (
        faults.edited(lambda said: said.pop("results") and None),
        AnswerError,
        r"“results” is empty in 1 of 1",
    ),
    "many pages": (faults.edited(lambda said: said.update(total_pages=9999)), AnswerError, r"speaks of 9,999 pages"),
    "swapped": (faults.edited(swap), AnswerError, r"latitude before longitude"),
    "elsewhere": (faults.valued("longitude", 2.35), AnswerError, r"lie outside the metropolis"),
    "a page": (faults.page(), AnswerError, r"a web page, where application/json was expected"),
    "nothing": (faults.nothing(), AnswerError, r"nothing at all"),
    "cut": (faults.cut(), UnreachableError, r"broke off in the middle"),
    "500": (faults.status(500), UnreachableError, r"HTTP 500"),
    "429": (faults.status(429, retry_after="1"), UnreachableError, r"HTTP 429"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_answer_that_is_not_as_described_is_refused_by_name(official: Services, tmp_path: Path, fault: str) -> None:
    spoil, kind, told = FAULTS[fault]
    official.fault(ADDRESS, spoil)
    with pytest.raises(kind, match=told) as error:
        contributed(tmp_path)
    assert "\n" not in error.value.said["fr"]


def test_an_answer_that_changes_between_pages_is_refused(official: Services, tmp_path: Path) -> None:
    official.fault(ADDRESS, lambda answer: answer, times=1)
    official.fault(ADDRESS, faults.edited(lambda said: said.update(results=8)))
    with pytest.raises(AnswerError, match="changed its answer for département 13 while it was read"):
        contributed(tmp_path)


def test_faults_that_pass_are_waited_out_and_what_is_kept_is_not_sent_again(official: Services, tmp_path: Path) -> None:
    official.fault(ADDRESS, faults.status(500), times=2)
    official.fault(ADDRESS, faults.status(429), times=1)
    assert len(contributed(tmp_path).cells["industry"]) == 3
    assert json.loads((tmp_path / "icpe-13-001.json").read_bytes())["results"] == len(ROWS["13"])
