"""API Géo and INSEE: communes, contours and populations from answers as the dossier has them, and their faults."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from layers.sources import AnswerError, SourceError, UnreachableError
from layers.sources.connector import Contribution, Territory
from layers.sources.geo_api import CONNECTOR
from layers.sources.http import Client
from tests.services import faults
from tests.services.answers import geo_api
from tests.services.run import misnamed, run
from tests.services.server import Fault, Services
from tests.services.territory import territory

COMMUNES = f"geo.api.gouv.fr/epcis/{geo_api.EPCI}/communes"
AROUND = "geo.api.gouv.fr/departements"
MELODI = "api.insee.fr/melodi"


@pytest.fixture
def official(services: Services) -> Services:
    """Answer as the services do."""
    geo_api.add(services)
    return services


def contributed(folder: Path, where: Territory | None = None) -> Contribution:
    """Run the connector and give what it says."""
    return run(CONNECTOR, folder, where or territory())[1]


def test_communes_of_three_departments_come_with_population_and_its_year(official: Services, tmp_path: Path) -> None:
    fetched, said = run(CONNECTOR, tmp_path, territory())
    assert said.cells["metropolis"].to_dict("records") == [
        {"code": "13055", "population": "8000", "population_year": "2023"},
        {"code": "13999", "population": "1234", "population_year": "2023"},
        {"code": "83120", "population": "600", "population_year": "2023"},
        {"code": "84089", "population": "2000", "population_year": "2023"},
    ]
    assert said.doubts == ()
    assert said.notes == ()
    assert fetched.vintage == "population 2023"
    assert said.vintages["insee-populations"] == {"en": "population 2023", "fr": "population 2023"}
    around = said.tables["contours"]
    assert list(around.columns) == ["code", "name", "geometry"]
    near = ["13004", "13055", "13998", "13999", "83001", "83120", "84001", "84089"]
    assert list(around["code"]) == ["04001", "05001", *near[:4], "26001", "30001", "34001", *near[4:]]
    assert around.crs.to_epsg() == 4326
    # `*` of Melodi's question arrives as it must, and every host is asked for what it is.
    assert {one.query["GEO"] for one in official.asked if one.host == "api.insee.fr"} == {f"EPCI-{geo_api.EPCI}*COM"}


def test_marseille_by_arrondissement_is_the_commune_with_all_its_people(official: Services, tmp_path: Path) -> None:
    official.fault(COMMUNES, faults.edited(geo_api.by_arrondissement))
    said = contributed(tmp_path)
    cells = said.cells["metropolis"].set_index("code")["population"]
    assert cells["13055"] == "8000"
    contours = said.tables["contours"].set_index("code").geometry
    assert contours["13055"].equals(territory().communes.set_index("code").geometry["13055"])


def test_a_part_of_marseille_is_not_marseille(official: Services, tmp_path: Path) -> None:
    said = geo_api.members()
    geo_api.by_arrondissement(said)
    said["features"] = [row for row in said["features"] if row["properties"]["code"] != "13216"]
    official.answer(COMMUNES, said)
    with pytest.raises(AnswerError, match=r"gives Marseille by arrondissement, but without 13216"):
        contributed(tmp_path)


TYPED = '“population” holds "douze", a whole number expected'
PEOPLE = "have 9,834 inhabitants together but the metropolis has 11,834"
YEARLESS = "field “TIME_PERIOD” is missing"
BROKEN: list[tuple[str, str, Fault, type[SourceError], str]] = [
    ("empty", COMMUNES, faults.emptied(), AnswerError, "gives no row at all for the metropolis"),
    ("missing field", COMMUNES, faults.missing("population"), AnswerError, "field “population” is missing"),
    ("renamed", COMMUNES, faults.renamed("nom", "nom_officiel"), AnswerError, "“nom_officiel” may be its new name"),
    ("retyped", COMMUNES, faults.valued("population", "douze"), AnswerError, TYPED),
    ("swapped", COMMUNES, faults.swapped(), AnswerError, "all 4 rows have latitude before longitude"),
    ("one less", COMMUNES, faults.edited(lambda said: said["features"].pop() and None), AnswerError, PEOPLE),
    ("page", COMMUNES, faults.page(), AnswerError, "answers with a web page"),
    ("cut", COMMUNES, faults.cut(), UnreachableError, "broke off in the middle"),
    ("melodi empty", MELODI, faults.emptied(), AnswerError, "gave 0 rows but says there are"),
    ("melodi busy", MELODI, faults.status(429), UnreachableError, "too many requests"),
    ("no year", MELODI, faults.each(lambda row: row["dimensions"].pop("TIME_PERIOD")), AnswerError, YEARLESS),
    ("no figure", MELODI, faults.each(lambda row: row.update(measures={})), AnswerError, "field “value” is empty"),
    ("around, none", f"{AROUND}/04", faults.emptied(), AnswerError, "(département 04) gives no row at all"),
    (
        "around, swapped",
        f"{AROUND}/84",
        faults.swapped(),
        AnswerError,
        "have latitude before longitude (the first at 43.4",
    ),
    ("around", f"{AROUND}/83", faults.status(502), UnreachableError, "HTTP 502"),
]


def test_each_fault_is_named_in_one_line_and_nothing_is_taken(official: Services, tmp_path: Path) -> None:
    wrong: list[str] = []
    for number, (what, address, fault, kind, said) in enumerate(BROKEN):
        official.mend()
        official.fault(address, fault)
        wrong += misnamed(what, partial(contributed, tmp_path / str(number)), kind, said)
    assert not wrong, "\n".join(wrong)


def test_what_is_odd_but_not_wrong_is_told(official: Services, tmp_path: Path) -> None:
    official.fault(COMMUNES, faults.valued("siren", "211399990"))
    assert [note["en"] for note in contributed(tmp_path / "new").notes] == [
        "geo.api.gouv.fr (communes) has new fields, which are not used: siren."
    ]
    official.mend()
    official.fault(COMMUNES, faults.twice(1))
    assert "came again and are taken once: 1" in contributed(tmp_path / "twice").notes[0]["en"]
    official.mend()
    official.fault(f"{AROUND}/84", faults.without_geometry(1))
    assert "for want of a geometry: 1" in contributed(tmp_path / "unplaced").notes[0]["en"]


@pytest.mark.usefixtures("official")
def test_a_commune_that_joined_left_or_is_called_otherwise_is_a_doubt(tmp_path: Path) -> None:
    here = territory()
    communes = here.communes.replace({"name": {"Pertuis": "Pertuise"}, "code": {"13999": "13997"}})
    said = contributed(tmp_path, Territory(communes, here.sites, here.stations))
    assert [(doubt.key, doubt.said["en"].split(":")[0]) for doubt in said.doubts] == [
        ("13999", "13999 Exempleville is now a commune of the metropolis"),
        ("13997", "13997 Exempleville is no longer a commune of the metropolis"),
        ("84089", "84089 is officially called Pertuis, here Pertuise"),
    ]
    assert "13999" not in set(said.cells["metropolis"]["code"])


def test_the_newest_year_that_all_communes_have_is_taken(official: Services, tmp_path: Path) -> None:
    def half(said: dict[str, list[dict[str, dict[str, str]]]]) -> None:
        newest = [row for row in said["observations"] if row["dimensions"]["TIME_PERIOD"] == "2023"]
        for row in newest[:1]:
            row["dimensions"]["TIME_PERIOD"] = "2021"

    official.fault(MELODI, faults.edited(half))
    assert set(contributed(tmp_path).cells["metropolis"]["population_year"]) == {"2022"}


def test_what_has_not_changed_is_not_sent_again(official: Services, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    before, said = run(CONNECTOR, old, territory())
    new.mkdir()
    official.answer(COMMUNES, {**geo_api.members(), "generated": "today"})
    with Client(hosts=CONNECTOR.hosts) as client:
        client.remember(old, before.received)
        again = CONNECTOR.fetch(client, new, territory(), lambda *_: None)
    assert [one.file for one in again.received if not one.unchanged] == ["communes.json"]
    # The folder is whole all the same: the old one may go.
    cells = CONNECTOR.normalise(new, again, territory()).cells["metropolis"]
    assert cells.equals(said.cells["metropolis"])


def test_a_service_that_stumbles_twice_still_answers(official: Services, tmp_path: Path) -> None:
    official.fault(COMMUNES, faults.status(500), times=2)
    official.fault(MELODI, faults.status(429, retry_after="1"), times=2)
    assert len(contributed(tmp_path).cells["metropolis"]) == 4
