"""IREP: yearly archives of every age, thresholds that are no zeros, three accounts of CO2 that are never added."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pandas import DataFrame

from layers.sources import AnswerError, SourceError, UnreachableError, irep_files
from layers.sources.connector import Contribution
from layers.sources.irep import CONNECTOR, YEARS, newest
from layers.sources.irep_files import EMISSIONS, kilograms, points, quantity, table
from tests.services import faults
from tests.services.answers import irep
from tests.services.answers.irep import BIOMASS, CATALOGUE, FILES, KIND, TOTAL, archive, establishment, release
from tests.services.run import run
from tests.services.server import Answer, Fault, Services
from tests.services.sites import sites
from tests.services.territory import territory


@pytest.fixture
def official(services: Services) -> Services:
    """Answer as the services do."""
    irep.add(services)
    return services


def contributed(folder: Path, emissions: DataFrame | None = None, **changes: str) -> Contribution:
    """Run the connector and give what it says."""
    where = territory(sites=sites(**changes))
    return run(CONNECTOR, folder, where if emissions is None else replace(where, emissions=emissions))[1]


def with_year(services: Services, year: int = 2023, **more: Any) -> None:
    """Answer with one year alone, of which rows or encoding are other ones."""
    services.answer(CATALOGUE, {"annuel": {str(year): {"lien": f"https://{FILES}/{year}.zip"}}})
    services.answer(f"{FILES}/{year}.zip", Answer(archive(year, **more), kind=KIND))


def ours(year: int, *said: tuple[str, str], number: str = "6400002", unit: str = "kg/an") -> list[str]:
    """Write releases of the site `depot`."""
    return [release(number, year, label, value, unit=unit) for label, value in said]


def rows_of(said: Contribution) -> list[tuple[str, ...]]:
    """Give the rows of the table irep."""
    return list(said.rows["irep"].itertuples(index=False, name=None))


def test_total_and_part_of_biomass_are_taken_in_tonnes(official: Services, tmp_path: Path) -> None:
    fetched, said = run(CONNECTOR, tmp_path, territory(sites=sites()))
    assert rows_of(said) == [("depot", "2022", "23400", "11400", "irep-georisques")]
    assert list(said.rows["irep"].columns) == ["site_id", "year", "co2_t", "co2_biogenic_t", "source"]
    assert (fetched.rows, fetched.vintage) == (30, "2023")
    assert said.vintages["irep-georisques"] == {"en": "declarations of 2022–2023", "fr": "déclarations de 2022–2023"}
    assert [one.path for one in official.asked][1:] == ["/irep/2023.zip", "/irep/2022.zip"]


@pytest.mark.usefixtures("official")
def test_below_the_threshold_is_neither_a_row_nor_zero_and_is_told(tmp_path: Path) -> None:
    said = contributed(tmp_path)
    assert not [row for row in rows_of(said) if row[1] == "2023"]
    assert [note["en"] for note in said.notes if "2023" in note["en"]] == [
        "IREP 2023: CO₂ below the threshold of declaration, so no figure, and not zero either: Dépôt de la Rade."
    ]


def test_a_quantity_is_a_number_or_below_or_nothing() -> None:
    told = {
        "123456789": (123456789.0, False), "12,5": (12.5, False), "1 234.5": (1234.5, False),
        "1.2E+5": (120000.0, False),
        "0": (0.0, False),
        "< seuil": (None, True), "<seuil": (None, True), "": (None, False),
    }  # fmt: skip
    assert {said: quantity(said) for said in told} == told
    for wrong in ("environ 12", "-5", "nan", "inf"):
        with pytest.raises(ValueError, match=r"."):
            quantity(wrong)
    assert [kilograms(unit) for unit in ("kg/an", "T/an", "kg / an")] == [1, 1000, 1]


def test_zero_that_was_declared_is_zero(services: Services, tmp_path: Path) -> None:
    with_year(services, releases=ours(2023, (TOTAL, "0"), (BIOMASS, "0")))
    assert rows_of(contributed(tmp_path)) == [("depot", "2023", "0", "0", "irep-georisques")]


def test_the_parts_are_never_added_and_a_part_is_no_total(services: Services, tmp_path: Path) -> None:
    with_year(services, releases=ours(2023, (BIOMASS, "12000000"), (irep.FOSSIL, "13000000")))
    assert rows_of(contributed(tmp_path)) == []


def test_a_part_larger_than_its_total_or_below_the_threshold_is_left_empty(services: Services, tmp_path: Path) -> None:
    for part in ("99000000", "< seuil"):
        with_year(services, releases=ours(2023, (TOTAL, "20000"), (BIOMASS, part), unit="t/an"))
        assert rows_of(contributed(tmp_path))[0][:4] == ("depot", "2023", "20000", "")


def test_archives_of_every_age_say_the_same(services: Services, tmp_path: Path) -> None:
    said = [
        release("0064.00002", 2017, irep.OLD_TOTAL, "20000000"),
        release("0064.00002", 2017, irep.OLD_BIOMASS, "5000000"),
    ]
    places = [establishment("0064.00002", "DÉPÔT DE L’ÎLE", "13055", "5.36", "43.36")]
    modern = archive(2017, places=places, releases=said)
    old = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(modern)) as whole, zipfile.ZipFile(old, "w") as into:
        for info in whole.infolist():
            lines = whole.read(info).decode("utf-8-sig").replace(";", ",").splitlines()
            head = ",".join(name.title() for name in lines[0].split(","))
            name = f"{Path(info.filename).name.title()[:-4]}.csv"
            into.writestr(name, "\r\n".join([head, *lines[1:]]).encode("cp1252"))
    for body in (modern, old.getvalue(), archive(2017, places=places, releases=said, encoding="cp1252")):
        with_year(services, 2017)
        services.answer(f"{FILES}/2017.zip", Answer(body, kind=KIND))
        assert rows_of(contributed(tmp_path)) == [("depot", "2017", "20000", "5000", "irep-georisques")]


def test_establishments_name_the_system_of_their_points_themselves() -> None:
    rows = [("5.36", "43.36", "4326"), ("890000", "6263000", "EPSG:2154"), ("5,3", "43,4", "4326"), ("0", "0", "4326")]
    rows += [("5.36", "43.36", ""), ("x", "43.36", "4326"), ("1", "1", "99999")]
    found = points(DataFrame(rows, columns=["coordonnees_x", "coordonnees_y", "code_epsg"], dtype="str")).round(2)
    assert found.dropna().to_numpy().tolist() == [[5.36, 43.36], [5.35, 43.44], [5.3, 43.4]]


@pytest.mark.usefixtures("official")
def test_a_verified_account_counts_until_it_ends(tmp_path: Path) -> None:
    assert not [row for row in rows_of(contributed(tmp_path)) if row[0] == "example"]
    kept = DataFrame({"site_id": ["example", "double"], "year": ["2014", "2022"]}, dtype="str")
    ended = contributed(tmp_path, kept)
    assert [row[:3] for row in rows_of(ended) if row[0] == "example"] == [
        ("example", "2022", "90000"),
        ("example", "2023", "90000"),
    ]
    goes_on = contributed(tmp_path, kept.assign(year=["2022", "2022"]))
    assert not [row for row in rows_of(goes_on) if row[0] == "example"]
    assert any("what they declare is not taken: 1" in note["en"] for note in goes_on.notes)


@pytest.mark.usefixtures("official")
def test_an_establishment_of_nobody_with_a_figure_is_a_doubt_and_a_person_is_named_nowhere(tmp_path: Path) -> None:
    said = contributed(tmp_path)
    assert [(doubt.official, doubt.key) for doubt in said.doubts] == [("0006400099", "")]
    assert "declares 15\u00a0kt of CO₂ for 2023" in said.doubts[0].said["en"]
    assert "LOIN" not in repr(said)
    assert "DURAND" not in repr(said)


def test_two_figures_for_one_year_are_none(services: Services, tmp_path: Path) -> None:
    with_year(services, releases=ours(2023, (TOTAL, "20000000"), (TOTAL, "20000000"), (TOTAL, "21000000")))
    said = contributed(tmp_path)
    assert rows_of(said) == []
    assert any("two different figures for one year" in note["en"] for note in said.notes)


def test_the_same_row_twice_is_one(services: Services, tmp_path: Path) -> None:
    with_year(services, releases=ours(2023, (TOTAL, "20000000"), (TOTAL, "20000000")))
    assert len(rows_of(contributed(tmp_path))) == 1


def test_the_newest_years_are_chosen_and_only_from_the_service_itself() -> None:
    years = {str(year): {"lien": f"https://files.georisques.fr/irep/{year}.zip"} for year in range(2003, 2025)}
    assert list(newest({"annuel": {**years, "2025": None}})) == [2024 - back for back in range(YEARS)]
    for link in ("https://georisques.fr.example.org/x.zip", "http://files.georisques.fr/x.zip", "file:///etc/passwd"):
        with pytest.raises(AnswerError, match="it is not followed"):
            newest({"annuel": {"2024": {"lien": link}}})
    for wrong in ([], {}, {"annuel": {}}, {"annuel": {"2024": None}}):
        with pytest.raises(AnswerError, match="years under “annuel”"):
            newest(wrong)


def test_the_extract_tells_rows_below_the_threshold_from_rows_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "irep-2023.zip").write_bytes(archive(2023))
    (chunk,) = table(tmp_path / "irep-2023.zip", "emissions", EMISSIONS)
    assert list(chunk.columns) == list(EMISSIONS)
    assert sum(quantity(said)[1] for said in chunk["quantite"]) == 4


def head(name: str, new: str) -> Fault:
    """Call a column otherwise, in all tables."""

    def spoil(answer: Answer) -> Answer:
        spoilt = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(answer.body)) as whole, zipfile.ZipFile(spoilt, "w") as into:
            for info in whole.infolist():
                into.writestr(info, whole.read(info).decode("utf-8").replace(name, new, 1).encode())
        return replace(answer, body=spoilt.getvalue())

    return spoil


def bytes_of(change: Callable[[bytes], bytes]) -> Fault:
    """Change the bytes of an answer."""
    return lambda answer: replace(answer, body=change(answer.body))


HALF = bytes_of(lambda body: body[: len(body) // 2])
FLIPPED = bytes_of(lambda body: body.replace(body[60:64], b"\0\0\0\0", 1))
OTHER = bytes_of(lambda body: body.replace(b"emissions", b"emissionz"))
FAULTS: dict[str, tuple[Fault, type[SourceError], str]] = {
    "cut": (faults.cut(), UnreachableError, r"broke off in the middle"),
    "half": (HALF, AnswerError, r"cannot be read \(File is not a zip"),
    "flipped": (FLIPPED, AnswerError, r"cannot be read"),
    "a page": (faults.page(), AnswerError, r"a web page, where application/zip"),
    "a page as zip": (faults.page(as_kind=KIND), AnswerError, r"a web page"),
    "another kind": (faults.kind("text/plain"), AnswerError, r"answers with “text/plain”"),
    "missing": (head("polluant;", ""), AnswerError, r"“polluant” is missing"),
    "renamed": (head("code_insee", "codeInsee"), AnswerError, r"“code_insee” is missing, “codeinsee” may be"),
    "no table": (OTHER, AnswerError, r"is not in its archive"),
    "404": (faults.status(404), AnswerError, r"HTTP 404"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_archive_that_is_not_as_described_is_refused_by_name(official: Services, tmp_path: Path, fault: str) -> None:
    spoil, kind, told = FAULTS[fault]
    official.fault(f"{FILES}/2023.zip", spoil)
    with pytest.raises(kind, match=told) as error:
        contributed(tmp_path)
    assert "\n" not in error.value.said["fr"]


def test_a_member_that_unpacks_without_end_is_refused(
    services: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(irep_files, "MOST_BYTES", 3_000_000)
    with_year(services, places=["a" * 5_000_000])
    with pytest.raises(AnswerError, match=r"unpacks to more than the 3,000,000 bytes"):
        contributed(tmp_path)


def test_rows_that_are_none_are_refused_by_name(services: Services, tmp_path: Path) -> None:
    cases: dict[str, dict[str, Any]] = {
        r"holds “environ 12 kg/an” for 6400002": {"releases": ours(2023, (TOTAL, "environ 12"))},
        r"holds “12 livres/an” for 6400002": {"releases": ours(2023, (TOTAL, "12"), unit="livres/an")},
        r"“annee_emission” holds \"x\", a whole number expected": {"releases": [release("1", "x", TOTAL, "1")]},  # type: ignore[arg-type]
        r"IREP 2023 holds a release of 2019": {"releases": ours(2019, (TOTAL, "1"))},
        r"holds no CO₂ under the names known": {"releases": ours(2023, ("CO2 tout court", "1"))},
        r"0 rows as long as its head and 0 of another": {"releases": []},
        r"1 rows as long as its head and 1 of another": {"releases": [*ours(2023, (TOTAL, "1")), "one;two"]},
        r"all 1 rows have latitude before longitude": {"places": [establishment("1", "A", "13055", "43.36", "5.36")]},
        r"all 1 rows lie outside the metropolis": {"places": [establishment("1", "A", "13055", "2.3", "48.8")]},
        r"IREP 2023 gives no row at all for the metropolis": {"places": [establishment("1", "A", "75056", "", "")]},
    }  # fmt: skip
    for told, rows in cases.items():
        with_year(services, **rows)
        with pytest.raises(AnswerError, match=told):
            contributed(tmp_path)
