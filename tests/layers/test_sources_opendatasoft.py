"""Opendatasoft portals: plants, stations, employment and the metropolis' list, from answers as the dossier has them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from layers.catalogue import load
from layers.sources import AnswerError, SourceError, UnreachableError, ampmetropole, odre, opendatasoft, sncf, urssaf
from layers.sources.connector import Connector, Contribution, Territory
from tests.services import faults
from tests.services.answers import opendatasoft as answers
from tests.services.answers.opendatasoft import Table
from tests.services.run import misnamed, run
from tests.services.server import Fault, Services
from tests.services.territory import territory

OURS = {
    "id": ["exempleville", "marseille-nord", "vieille"],
    "name": ["Exempleville", "Marseille-Nord", "Vieille"],
    "code": ["87999999", "87999002", "87990000"],
    "insee": ["13999", "13055", "04112"],
    "lon": ["5.2501", "5.35", "5.3"],
    "lat": ["43.3501", "43.36", "43.4"],
}
ROWS = "/exports/json"


def address(connector: Connector, part: str = ROWS) -> str:
    """Give the address of a part of a connector's dataset."""
    dataset = {"odre": odre.PLANTS, "sncf": sncf.STATIONS, "urssaf": urssaf.EMPLOYMENT}[connector.id]
    return dataset.url.removeprefix("https://") + part


@pytest.fixture
def tables(services: Services) -> Mapping[str, Table]:
    """Answer as the portals do."""
    return answers.add(services)


def here(**changes: list[str]) -> Territory:
    """Give the territory with our stations."""
    return territory(stations=DataFrame(OURS | changes, dtype="str"))


def contributed(connector: Connector, folder: Path, where: Territory | None = None) -> Contribution:
    """Run a connector and give what it says."""
    return run(connector, folder, where or here())[1]


def english(said: Contribution) -> str:
    """Give all notes."""
    return "\n".join(note["en"] for note in said.notes)


@pytest.mark.usefixtures("tables")
def test_plants_in_service_come_in_kilowatts_each_in_its_commune(services: Services, tmp_path: Path) -> None:
    said = contributed(odre.CONNECTOR, tmp_path)
    plants = said.tables["plants"].set_index("name")
    assert plants["power_kw"]["CENTRALE EXEMPLE"] == 12000.0
    assert plants["id"]["CENTRALE EXEMPLE"] == "17w-exemple-0001-z"
    assert plants["commissioned"]["CENTRALE EXEMPLE"] == "2024-06-30"
    assert pd.isna(plants["power_kw"]["STOCKAGE EXEMPLE"])
    assert plants["commissioned"]["Confidentiel"] == ""
    # Small ones are added up by the register; Marseille by arrondissement is Marseille.
    small = plants.loc["Agrégation des installations de moins de 36KW"]
    assert list(small["insee"]) == ["13055", "13055"]
    assert list(small["installations"]) == [212, 30]
    # Told of the metropolis alone: kept without a commune. Retired, planned, and Arles are not there.
    assert plants["insee"]["Confidentiel"] == ""
    assert set(plants["insee"]) == {"13999", "13055", "84089", "83120", ""}
    assert {"ANCIENNE", "EN PROJET", "ARLES"}.isdisjoint(plants.index)
    assert "no longer in service, left out: 2" in english(said)
    assert said.vintages[odre.SOURCE]["fr"] == "installations mises en service jusqu’au 30 juin 2024"
    assert services.asked[-1].query["where"] == 'codeepci="200054807" or codedepartement in ("13", "83", "84")'


def test_plants_the_register_cannot_tell_apart_stay_two_and_one_given_twice_is_one(
    tables: Mapping[str, Table], tmp_path: Path
) -> None:
    rows = tables["plants"].rows
    rows += [dict(rows[0]), dict(rows[3])]
    said = contributed(odre.CONNECTOR, tmp_path)
    found = said.tables["plants"]["name"].value_counts()
    assert found["CENTRALE EXEMPLE"] == 1
    assert found["BARRAGE EXEMPLE"] == 2
    assert said.tables["plants"]["id"].is_unique
    assert "came again and are taken once: 1" in english(said)


def test_a_station_is_matched_by_code_and_what_differs_is_a_doubt(
    tables: Mapping[str, Table], services: Services, tmp_path: Path
) -> None:
    said = contributed(sncf.CONNECTOR, tmp_path / "a")
    cells = said.cells["stations"].set_index("id")
    assert cells.loc["exempleville"].to_dict() == {
        "name": "Exempleville",
        "insee": "13999",
        "lon": "5.25",
        "lat": "43.35",
    }
    # One of two codes is ours; another name, and 811 m away: nothing of that is said.
    assert cells.loc["marseille-nord"].to_dict() == {"name": "", "insee": "13055", "lon": "", "lat": ""}
    doubts = [(doubt.key, doubt.official, doubt.distance_m) for doubt in said.doubts]
    assert doubts[:3] == [
        ("marseille-nord", "87999002", None),
        ("marseille-nord", "87999002", pytest.approx(811, abs=2)),
        ("vieille", "87990000", None),
    ]
    assert doubts[3][:2] == ("", "87999003")
    words = [doubt.said["en"] for doubt in said.doubts]
    assert "is called Marseille-Autrement by SNCF" in words[0]
    assert "lies 811 m from where SNCF has it (5.36000, 43.36000)" in words[1]
    assert "is not among the stations for travellers" in words[2]
    assert "Pertuis Neuve (87999003) is a station of the metropolis for SNCF, and not among ours" in words[3]
    assert 'startswith(codeinsee,"04")' in services.asked[-1].query["where"]
    # Version 1 gave latitude first in a list; codes may be a list; a name may be longer than ours.
    for row in tables["stations"].rows:
        row["position_geographique"] = list(row["position_geographique"].values())[::-1]
        row["codes_uic"] = row["codes_uic"].split(";")
    tables["stations"].rows[0]["nom"] = "Exempleville - St Exemple"
    again = contributed(sncf.CONNECTOR, tmp_path / "b").cells["stations"].set_index("id")
    assert again.loc["exempleville"].to_dict() == cells.loc["exempleville"].to_dict() | {
        "name": "Exempleville - St Exemple"
    }
    assert again.loc["marseille-nord"].to_dict() == cells.loc["marseille-nord"].to_dict()


def test_two_stations_under_one_code_another_commune_and_no_code_are_told(
    tables: Mapping[str, Table], tmp_path: Path
) -> None:
    rows = tables["stations"].rows
    rows[0]["codeinsee"] = "83120"
    rows += [
        answers.station("Double", "13055", "87999002", None),
        answers.station("Halte sans code", "13055", None, None),
        dict(rows[0]),
    ]
    said = contributed(sncf.CONNECTOR, tmp_path)
    words = "\n".join(doubt.said["en"] for doubt in said.doubts)
    assert "Exempleville (87999999) lies in another commune for SNCF: 83120" in words
    assert "SNCF has several stations under this code (Double, Marseille-Autrement)" in words
    assert list(said.cells["stations"]["id"]) == ["exempleville"]
    assert said.cells["stations"]["insee"][0] == ""
    assert "without a UIC code, which cannot be matched: 1" in english(said)
    assert "came again and are taken once: 1" in english(said)


def test_our_own_stations_have_codes_that_can_be_asked_for(tables: Mapping[str, Table], tmp_path: Path) -> None:
    ours = load("stations")
    kept = DataFrame(ours.drop(columns="geometry")).assign(lon=ours.geometry.x, lat=ours.geometry.y).astype("str")
    tables["stations"].rows = [
        answers.station(row["name"], row["insee"], row["code"], {"lon": float(row["lon"]), "lat": float(row["lat"])})
        for row in kept.to_dict("records")
    ]
    said = contributed(sncf.CONNECTOR, tmp_path, Territory(load("communes"), DataFrame(), kept))
    assert said.doubts == ()
    assert list(said.cells["stations"]["name"]) == list(kept["name"])


@pytest.mark.usefixtures("tables")
def test_employment_is_of_the_newest_whole_year_and_what_is_secret_is_not_zero(
    services: Services, tmp_path: Path
) -> None:
    fetched, said = run(urssaf.CONNECTOR, tmp_path, here())
    table = said.tables["employment"].set_index(["insee", "sector"])
    industry = table.xs("GS1 Industrie", level="sector")
    assert industry["employees"].dropna().to_dict() == {"13055": 300, "13999": 3700, "83120": 0}
    assert industry["unsaid"].to_dict() == {"13055": 1, "13999": 0, "83120": 0, "84089": 1}
    # Of the shops of Exempleville one part is secret: the sum is not known, the number of shops is.
    assert pd.isna(table["employees"]["13999", "GS3 Commerce"])
    assert table["establishments"]["13999", "GS3 Commerce"] == 6
    assert pd.isna(table["establishments"]["84089", "GS1 Industrie"])
    assert set(table["year"]) == {2025}
    assert "13004" not in table.index.get_level_values("insee")
    assert (fetched.vintage, said.vintages[urssaf.SOURCE]["fr"]) == ("2025", "31 décembre 2025")
    assert services.asked[-1].query["where"] == 'code_departement in ("13", "83", "84")'
    assert "employees are not known, since a part is secret or absent: 2 of 5" in english(said)


def test_marseille_by_arrondissement_is_added_up_once(tables: Mapping[str, Table], tmp_path: Path) -> None:
    rows = tables["employment"].rows
    parts = [answers.jobs(code, "2014Z", "GS1 Industrie", 10, 1) for code in ("13201", "13216")]
    rows += [*parts, dict(parts[0])]
    both_ways = contributed(urssaf.CONNECTOR, tmp_path / "a").tables["employment"]
    assert list(both_ways["employees"][both_ways["insee"] == "13055"]) == [300]
    tables["employment"].rows = [row for row in rows if row["code_commune"] != "13055"]
    said = contributed(urssaf.CONNECTOR, tmp_path / "b")
    alone = said.tables["employment"]
    assert list(alone["employees"][alone["insee"] == "13055"]) == [20]
    assert "came again and are taken once: 1" in english(said)


@pytest.mark.usefixtures("tables")
def test_the_list_of_the_metropolis_is_a_note(services: Services, tmp_path: Path) -> None:
    said = contributed(ampmetropole.CONNECTOR, tmp_path)
    portal = "data.ampmetropole.fr"
    zones = "Zones d’activité (exemple) (exemple-zones-d-activite, Licence Ouverte v2.0 (Etalab))"
    stations = "Stations de métro (exemple) (ls-stations-de-metro, Licence Ouverte v2.0 (Etalab))"
    assert [note["en"] for note in said.notes] == [
        f"{portal} lists 153 datasets, 152 of them with rows.",
        f"{portal}, datasets that may hold activity zones: {zones}.",
        f"{portal}, datasets that may hold town plans: Zonage du PLUi (exemple) (exemple-plui, ?).",
        f"{portal}, datasets about transport: {stations}.",
    ]
    assert (said.tables, said.cells, said.vintages) == ({}, {}, {})
    assert [one.query["offset"] for one in services.asked] == ["0", "100"]


def test_the_licence_is_the_one_the_dataset_itself_names(tables: Mapping[str, Table], tmp_path: Path) -> None:
    for n, (licence, told) in enumerate(
        (
            (answers.OPEN, "published under “Licence Ouverte v2.0 (Etalab)”, as its own description says"),
            ("CC BY-NC 4.0", "now says “CC BY-NC 4.0”, which is not the licence in the catalogue"),
            (None, "names no licence: check it before publishing"),
        )
    ):
        tables["plants"].licence = licence
        assert told in english(contributed(odre.CONNECTOR, tmp_path / str(n)))


def test_a_point_and_a_flag_are_read_in_every_form_they_were_given_in() -> None:
    forms: list[Any] = [{"lon": 5.2, "lat": 43.3}, [43.3, 5.2], {"type": "Point", "coordinates": [5.2, 43.3]}]
    forms.append({"type": "Feature", "geometry": forms[2], "properties": {}})
    assert {opendatasoft.point(form) for form in forms} == {(5.2, 43.3)}
    assert opendatasoft.point(None) is None
    for wrong in ("43.3, 5.2", {"lon": None, "lat": 1}, [1, 2, 3], {"lon": float("nan"), "lat": 1.0}):
        with pytest.raises(ValueError, match="is no point"):
            opendatasoft.point(wrong)
    values = [True, "True", "true", False, "False", None, "N"]
    assert [opendatasoft.flag(value) for value in values] == [True, True, True, False, False, None, None]


def described(change: Any) -> Fault:
    """Change the fields of a dataset's description."""

    def edit(said: dict[str, Any]) -> None:
        for one in said["fields"]:
            change(one)

    return faults.edited(edit)


def _called(old: str, new: str) -> Fault:
    return described(lambda one: one.update(name=new) if one["name"] == old else None)


def _labelled(name: str, label: str) -> Fault:
    return described(lambda one: one.update(label=label) if one["name"] == name else None)


def _swapped(said: list[dict[str, Any]]) -> None:
    for row in said:
        at = row["position_geographique"]
        at["lon"], at["lat"] = at["lat"], at["lon"]


P, S, U, M = odre.CONNECTOR, sncf.CONNECTOR, urssaf.CONNECTOR, ampmetropole.CONNECTOR
LIST = f"{ampmetropole.HOST}/api"
ONE_LESS = faults.edited(lambda said: said.pop() and None)
BROKEN: list[tuple[str, Connector, str, Fault, type[SourceError], str]] = [
    (
        "renamed",
        P,
        address(P, ""),
        _called("filiere", "filiere_energie"),
        AnswerError,
        "“filiere_energie” may be its new",
    ),
    ("gone", P, address(P, ""), _called("puismaxinstallee", "x"), AnswerError, "field “puismaxinstallee” is missing"),
    ("megawatts", P, address(P, ""), _labelled("puismaxinstallee", "Puissance (MW)"), AnswerError, "kW were expected"),
    ("no fields", P, address(P, ""), faults.edited(lambda _: {"dataset_id": "x"}), AnswerError, "under “fields”"),
    ("missing", P, address(P), faults.missing("filiere"), AnswerError, "field “filiere” is missing"),
    (
        "retyped",
        P,
        address(P),
        faults.valued("puismaxinstallee", "12 MW"),
        AnswerError,
        'holds "12 MW", a number expected',
    ),
    ("one less", P, address(P), ONE_LESS, AnswerError, "gave 8 rows but says there are 9"),
    ("empty", P, address(P), faults.emptied(), AnswerError, "gave 0 rows but says there are 9"),
    ("cut", P, address(P), faults.cut(), UnreachableError, "broke off in the middle"),
    ("page", P, address(P), faults.page(), AnswerError, "answers with a web page"),
    (
        "bad cell",
        P,
        address(P),
        faults.valued("datemiseenservice_format_date", "juin"),
        AnswerError,
        "holds what its table",
    ),
    ("busy", P, address(P, "/records"), faults.status(429), UnreachableError, "too many requests"),
    ("uncounted", P, address(P, "/records"), faults.edited(lambda _: {"results": []}), AnswerError, "“total_count”"),
    ("swapped", S, address(S), faults.edited(_swapped), AnswerError, "all 4 rows have latitude before longitude"),
    ("no point", S, address(S), faults.valued("position_geographique", "43,5"), AnswerError, "longitude and latitude"),
    ("no code", S, address(S), faults.valued("codes_uic", "8799"), AnswerError, "gives no row at all"),
    ("500", S, address(S), faults.status(500), UnreachableError, "HTTP 500"),
    (
        "no year",
        U,
        address(U, ""),
        described(lambda one: one.update(name=one["name"][:18])),
        AnswerError,
        "no year with both",
    ),
    ("text", U, address(U), faults.valued("effectifs_salaries_2025", "s"), AnswerError, 'holds "s", a number expected'),
    (
        "all null",
        U,
        address(U),
        faults.valued("effectifs_salaries_2025", None),
        AnswerError,
        "no figure at all for 2025",
    ),
    (
        "list short",
        M,
        LIST,
        faults.edited(lambda said: said.update(total_count=900)),
        AnswerError,
        "says there are 900",
    ),
    ("list empty", M, LIST, faults.emptied(), AnswerError, "gives no row at all"),
    ("list changed", M, LIST, faults.renamed("dataset_id", "id"), AnswerError, "field “dataset_id” is missing"),
]


@pytest.mark.usefixtures("tables")
def test_each_fault_is_named_in_one_line_and_nothing_is_taken(services: Services, tmp_path: Path) -> None:
    wrong: list[str] = []
    for number, (what, connector, where, fault, kind, said) in enumerate(BROKEN):
        services.mend()
        # What follows an address is another part of the dataset.
        services.fault(where, fault, times=1 if where == address(P, "") and connector is P else None)
        wrong += misnamed(what, partial(contributed, connector, tmp_path / str(number)), kind, said)
    assert not wrong, "\n".join(wrong)


@pytest.mark.usefixtures("tables")
def test_a_dataset_without_a_row_for_the_metropolis_is_refused_and_a_new_field_is_told(
    services: Services, tables: Mapping[str, Table], tmp_path: Path
) -> None:
    tables["plants"].types["puissance_future"] = "double"
    said = contributed(odre.CONNECTOR, tmp_path / "a")
    assert "odre.opendatasoft.com (registre) has new fields, which are not used: puissance_future." in english(said)
    for n, (name, connector) in enumerate((("plants", odre.CONNECTOR), ("employment", urssaf.CONNECTOR))):
        tables[name].rows = []
        with pytest.raises(AnswerError, match="gives no row at all for the metropolis"):
            contributed(connector, tmp_path / f"b{n}")
    assert services.asked
