"""The Union Registry: accounts, figures that are there or not, sums, and installations that are nobody's."""

from __future__ import annotations

import gzip
import importlib
from dataclasses import replace
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from layers.sources import AnswerError, SourceError, UnreachableError, eutl
from layers.sources.connector import Contribution
from layers.sources.eutl import CONNECTOR, Account, read, sums
from layers.sources.http import Client
from layers.sources.registry import CONNECTORS
from tests.services import faults
from tests.services.answers import eutl as answers
from tests.services.answers.eutl import (
    KIND,
    OPERATORS,
    OPERATORS_HEAD,
    YEARLY,
    YEARLY_HEAD,
    operator,
    operators,
    packed,
    yearly,
)
from tests.services.run import run
from tests.services.server import Answer, Fault, Services
from tests.services.sites import sites
from tests.services.territory import territory


@pytest.fixture
def official(services: Services) -> Services:
    """Answer as the service does."""
    answers.add(services)
    return services


def contributed(folder: Path, **changes: str) -> Contribution:
    """Run the connector and give what it says."""
    return run(CONNECTOR, folder, territory(sites=sites(**changes)))[1]


def figures(said: Contribution, site: str) -> dict[str, str]:
    """Give tonnes by year of a site."""
    rows = said.rows["emissions"]
    return dict(zip(rows["year"][rows["site_id"] == site], rows["co2_t"][rows["site_id"] == site], strict=True))


@pytest.mark.usefixtures("official")
def test_figures_of_our_accounts_are_taken_and_minus_one_is_none_and_zero_is_one(tmp_path: Path) -> None:
    fetched, said = run(CONNECTOR, tmp_path, territory(sites=sites()))
    assert figures(said, "example") == {"2022": "100000", "2023": "0", "2024": "90000"}
    assert set(said.rows["emissions"]["source"]) == {"eutl-registry"}
    assert list(said.rows["emissions"].columns) == ["site_id", "year", "co2_t", "source"]
    assert (fetched.rows, fetched.vintage) == (26, "2026-07-30")
    assert said.vintages["eutl-registry"]["en"] == "verified to 2024, registry of 30 July 2026"


@pytest.mark.usefixtures("official")
def test_a_sum_needs_every_account_that_counts_that_year(tmp_path: Path) -> None:
    said = contributed(tmp_path)
    # The first alone, both, the first without a figure, the second alone.
    assert figures(said, "double") == {"2021": "10", "2022": "22", "2024": "4"}
    assert [note["en"] for note in said.notes] == [
        "Complexe Double: no sum for 2023, since one of its accounts has no figure."
    ]


def test_accounts_that_follow_one_another_are_one_series() -> None:
    first = Account("1", first=2005, last=2012, figures={2011: 5, 2012: 6})
    second = Account("2", first=2013, figures={2013: 7, 2014: 8})
    assert sums([first, second]) == ({2011: 5, 2012: 6, 2013: 7, 2014: 8}, [])
    # When the registry does not say that the first ended, its silence is no zero.
    assert sums([replace(first, last=None), second]) == ({2011: 5, 2012: 6}, [2013, 2014])
    assert sums([Account("3")]) == ({}, [])


@pytest.mark.usefixtures("official")
def test_an_installation_of_nobody_is_a_doubt_the_newest_figures_first(tmp_path: Path) -> None:
    doubts = contributed(tmp_path).doubts
    assert [(doubt.official, doubt.key, doubt.distance_m) for doubt in doubts] == [
        ("FR_900004", "", None),
        # A hamlet is in the metropolis when an account of ours has its postal code.
        ("FR_900005", "", None),
    ]
    assert "CHAUFFERIE NOUVELLE (FR_900004), Marseille: an EU ETS installation" in doubts[0].said["en"]
    assert "dernier chiffre 8\u00a0kt en 2024" in doubts[0].said["fr"]


@pytest.mark.usefixtures("official")
def test_a_site_whose_account_is_not_there_gets_nothing_and_is_a_doubt(tmp_path: Path) -> None:
    said = contributed(tmp_path, double="ets_id=FR_900002;FR_77")
    assert figures(said, "double") == {}
    assert [doubt.official for doubt in said.doubts if doubt.key == "double"] == ["FR_77"]


def test_the_same_row_twice_is_one_and_two_figures_are_none(official: Services, tmp_path: Path) -> None:
    more = ["FR,900001,2022,100000,0", "FR,900001,2024,90001,0", "FR,900001,2024,90000,0"]
    official.answer(YEARLY, Answer(packed(YEARLY_HEAD, [*yearly(), *more]), kind=KIND))
    said = contributed(tmp_path)
    assert figures(said, "example") == {"2022": "100000", "2023": "0"}
    assert any("two different figures for one year, neither taken: FR_900001" in note["en"] for note in said.notes)


def test_bytes_that_are_no_utf8_and_new_columns_stop_nothing(official: Services, tmp_path: Path) -> None:
    table = "".join(f"{line},NEW\n" for line in (OPERATORS_HEAD, *operators())).encode("latin-1")
    official.answer(OPERATORS, Answer(gzip.compress(table.replace(b"DOUBLE SA A", b"DOUBL\xe9\0 A")), kind=KIND))
    assert figures(contributed(tmp_path), "double")["2022"] == "22"


def test_an_extract_that_is_unpacked_on_its_way_is_read_too(official: Services, tmp_path: Path) -> None:
    official.answer(YEARLY, Answer(packed(YEARLY_HEAD, yearly()), kind="text/csv", packed=True))
    assert figures(contributed(tmp_path), "example")["2024"] == "90000"


def test_a_few_rows_of_another_length_are_left_out(tmp_path: Path) -> None:
    rows = [f"FR,900001,{year},5,0" for year in range(2000, 2200)]
    (tmp_path / "yearly.csv.gz").write_bytes(packed(YEARLY_HEAD, [*rows, "FR,900001", ""]))
    count = eutl.Count()
    assert len(list(read(tmp_path / "yearly.csv.gz", "yearly", count))) == 200
    assert (count.rows, count.ragged) == (200, 1)


def changed(head: str, rows: list[str]) -> Fault:
    """Answer with another table."""
    return lambda answer: replace(answer, body=packed(head, rows))


def bytes_of(share: float) -> Fault:
    """Give only the first part of an archive, as if it were whole."""
    return lambda answer: replace(answer, body=answer.body[: int(len(answer.body) * share)])


FAULTS: dict[str, tuple[Fault, type[SourceError], str]] = {
    "missing": (changed(YEARLY_HEAD.replace("PERIOD_YEAR", "X"), yearly()), AnswerError, r"“PERIOD_YEAR” is missing"),
    "renamed": (
        changed(YEARLY_HEAD.replace("VERIFIED_EMISSIONS", "VERIFIED_EMISSIONS_T"), yearly()),
        AnswerError,
        r"“VERIFIED_EMISSIONS” is missing, “VERIFIED_EMISSIONS_T” may be its new name",
    ),
    "retyped": (
        changed(YEARLY_HEAD, [*yearly(), "FR,900001,2024,many,0"]),
        AnswerError,
        r"“VERIFIED_EMISSIONS” holds \"many\", a number expected",
    ),
    "ragged": (
        changed(YEARLY_HEAD, [*yearly(), "a", "b"]),
        AnswerError,
        r"17 rows as long as its head and 2 of another",
    ),
    "only others": (changed(YEARLY_HEAD, ["DE,1,2024,5,0"]), AnswerError, r"holds no French row"),
    "no rows": (changed(YEARLY_HEAD, []), AnswerError, r"0 rows as long as its head"),
    "empty": (faults.nothing(), AnswerError, r"nothing at all"),
    "a page": (faults.page(), AnswerError, r"a web page"),
    "a page as gzip": (faults.page(as_kind=KIND), AnswerError, r"a web page"),
    "half": (bytes_of(0.6), AnswerError, r"cut off in the middle"),
    "broken": (lambda a: replace(a, body=a.body[:-8] + b"\0" * 8), AnswerError, r"says its answer is packed"),
    "cut": (faults.cut(), UnreachableError, r"broke off in the middle"),
    "404": (faults.status(404), AnswerError, r"HTTP 404"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_extract_that_is_not_as_described_is_refused_by_name(official: Services, tmp_path: Path, fault: str) -> None:
    spoil, kind, told = FAULTS[fault]
    official.fault(YEARLY, spoil)
    with pytest.raises(kind, match=told) as error:
        contributed(tmp_path)
    assert "\n" not in error.value.said["fr"]


def test_a_bomb_of_one_line_is_met_before_it_fills_the_memory(
    official: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(eutl, "MOST_UNPACKED", 3_000_000)
    for body in (b"a" * 4_000_000, f"{OPERATORS_HEAD}\n{operator(1, 'X', 'Y', '13001')}\n".encode() * 12_000):
        official.answer(OPERATORS, Answer(gzip.compress(body), kind=KIND))
        with pytest.raises(AnswerError, match=r"more than the 3,000,000 bytes expected at most"):
            contributed(tmp_path)


@pytest.mark.parametrize("name", ["georisques", "irep", "eutl"])
def test_what_has_not_changed_is_not_sent_again_and_says_the_same(
    services: Services, tmp_path: Path, name: str
) -> None:
    importlib.import_module(f"tests.services.answers.{name}").add(services)
    connector, where = CONNECTORS[name], territory(sites=sites())
    (tmp_path / "new").mkdir()
    before, said = run(connector, tmp_path / "old", where)
    with Client(hosts=connector.hosts) as client:
        client.remember(tmp_path / "old", before.received)
        after = connector.fetch(client, tmp_path / "new", where, lambda *_: None)
    assert all(one.unchanged for one in after.received)
    assert (after.rows, after.vintage) == (before.rows, before.vintage)
    again = connector.normalise(tmp_path / "new", after, where)
    for table, frame in {**said.cells, **said.rows}.items():
        assert_frame_equal(frame, {**again.cells, **again.rows}[table])
    assert (again.doubts, again.notes) == (said.doubts, said.notes)
