"""IGN Géoplateforme: zones, rail, power lines and protected areas, and what goes wrong with pages, boxes and rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from geo.measure import length_km
from layers.sources import AnswerError, SourceError, UnreachableError
from layers.sources.connector import Contribution
from layers.sources.geopf import CONNECTOR
from layers.sources.geopf_words import kilovolts, kind_of_zone
from tests.services import faults
from tests.services.answers import geopf
from tests.services.run import run
from tests.services.server import Asked, Fault, Services, of
from tests.services.territory import territory


@pytest.fixture
def official(services: Services) -> Services:
    """Answer as the service does."""
    geopf.add(services)
    return services


def contributed(folder: Path) -> Contribution:
    """Run the connector and give what it says."""
    return run(CONNECTOR, folder, territory())[1]


def told(said: Contribution) -> str:
    """Give all notes in English."""
    return "\n".join(note["en"] for note in said.notes)


def spoil(services: Services, layer: str, fault: Fault, *, hits: bool = False) -> None:
    """Spoil the answers about one layer: its pages, or its count."""
    answer = geopf.wfs(geopf.rows())

    def spoiled(asked: Asked) -> object:
        said = answer(asked)
        if asked.query["typeNames"] != layer or ("resultType" in asked.query) != hits:
            return said
        return fault(of(said))

    services.answer(geopf.ADDRESS, spoiled)


def test_zones_that_touch_the_metropolis_are_whole_and_say_what_they_are(official: Services, tmp_path: Path) -> None:
    said = contributed(tmp_path)
    zones = said.tables["zones"]
    assert list(zones["id"]) == [f"surfacti{n:016}" for n in range(1, 6)]
    assert list(zones["name"]) == [*(f"Zone d'exemple {n}" for n in (1, 2, 3)), "La Carrière", "Zone d'exemple 5"]
    assert list(zones["kind"]) == ["plant", "business", "industrial", "quarry", "industrial"]
    assert list(zones["detail"]) == [
        *("Raffinerie", "Zone d'activités", "Zone industrielle", "Carrière", "Zone industrielle (en projet)")
    ]
    # An arrondissement of Marseille, a commune not told, and one outside are found by place.
    assert list(zones["insee"]) == ["13999", "84089", "13055", "13999", "83120"]
    assert list(zones["commune"]) == ["Exempleville", "Pertuis", "Marseille", "Exempleville", "Saint-Zacharie"]
    assert list(zones["pole"]) == ["martigues-fos", "aix-marseille", "aix-marseille", "martigues-fos", "aix-marseille"]
    assert list(zones["updated"]) == [f"2026-01-{n:02}" for n in range(2, 7)]
    # A hundredth of a degree each way, here: 0.81 km by 1.11 km.
    assert zones["area_ha"].between(89, 91).all()
    assert zones.crs.to_epsg() == 4326
    assert not shapely.has_z(zones.geometry.to_numpy()).any()
    assert set(zones["source"]) == {"ign-bdtopo"}
    assert [note["fr"] for note in said.notes] == [
        "BD TOPO\u202f: zones laissées de côté, dont le contour n’est pas réel (fictif)\u202f: 1.",
    ]
    assert "BD TOPO: zones left out, whose outline is not a real one (fictif): 1." in told(said)
    assert said.vintages["ign-bdtopo"]["en"].endswith("newest change 2026-01-06")
    posted = [one for one in official.asked if one.method == "POST"]
    assert posted[0].form["cql_filter"].startswith("categorie='Industriel et commercial' AND BBOX(geometrie,5.2")


@pytest.mark.usefixtures("official")
def test_lines_are_cut_at_the_limit_and_unknown_stays_unknown(tmp_path: Path) -> None:
    said = contributed(tmp_path)
    rail, power = said.tables["rail"], said.tables["power_lines"]
    # What is not in service is kept and says so; nothing is guessed of what says nothing.
    assert rail[["id", "kind", "use", "electrified", "status"]].to_numpy().tolist() == [
        ["tronferr0000000000000001", "main", "mixed", "yes", "in-service"],
        ["tronferr0000000000000002", "service", "freight", "no", "in-service"],
        ["tronferr0000000000000003", "high-speed", "mixed", "yes", "planned"],
        ["tronferr0000000000000004", "tram", "unknown", "unknown", "unknown"],
    ]
    assert rail["tracks"].fillna(-1).tolist() == [2, 2, 2, -1]
    assert rail.geometry.iloc[0].bounds == (5.2, 43.35, 5.35, 43.35)
    assert power[["voltage_kv", "operator", "status"]].fillna(-1).to_numpy().tolist() == [
        [400, "Gestionnaire exemple", "in-service"],
        [-1, "", "in-service"],
        [-1, "Gestionnaire exemple", "under-construction"],
    ]
    assert power.geometry.iloc[0].bounds == (5.35, 43.35, 5.5, 43.35)
    assert length_km(power).iloc[0] == pytest.approx(12.1, abs=0.1)


@pytest.mark.usefixtures("official")
def test_protected_areas_are_one_row_per_site_and_kind(tmp_path: Path) -> None:
    areas = contributed(tmp_path).tables["protected"]
    assert areas[["id", "kind", "official_id", "url"]].to_numpy().tolist() == [
        ["coastal-site-d-exemple-20", "coastal", "", ""],
        ["natura-habitats-fr0000010", "natura-habitats", "FR0000010", "https://inpn.mnhn.fr/exemple"],
        ["park-buffer-fr3400001", "park-buffer", "FR3400001", "https://inpn.mnhn.fr/exemple"],
        ["park-core-fr3400001", "park-core", "FR3400001", "https://inpn.mnhn.fr/exemple"],
    ]
    core = areas.set_index("id").loc["park-core-fr3400001"]
    # Two pieces side by side, one of which reaches out to sea: kept whole.
    assert core.geometry.geom_type == "Polygon"
    assert core.geometry.bounds == (5.35, 43.29, 5.39, 43.31)
    assert core["area_ha"] == pytest.approx(720, abs=5)


def test_pages_come_one_after_the_other_until_all_rows_are_there(
    official: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = geopf.rows()
    rows[geopf.ZONES] = [geopf.zone(n, 5.3 + n % 9 / 100, 43.3 + n // 9 / 100) for n in range(45, 0, -1)]
    official.answer(geopf.ADDRESS, geopf.wfs(rows))
    # The service gives less than asked for, and does not say so.
    monkeypatch.setattr(geopf, "MOST", 20)
    heard: list[tuple[int, int]] = []
    tmp_path.joinpath("a").mkdir()
    said = contributed(tmp_path / "a")
    assert len(said.tables["zones"]) == 45
    pages = [one.query["startIndex"] for one in official.asked if one.method == "POST" and "startIndex" in one.query]
    assert pages == ["0", "20", "40"]
    assert {one.query["sortBy"] for one in official.asked if one.method == "POST" and "sortBy" in one.query} == {
        "cleabs"
    }
    assert heard == []


COUNTED, PAGES = True, False
OUTSIDE = "all 7 rows lie outside the metropolis (from 2.30, 48.80, where 5.20, 43.30, 5.50, 43.50 was expected)"
SWAPPED = "all 3 rows have latitude before longitude (the first at 43.31, 5.31)"


def body(said: bytes) -> Fault:
    """Answer with another body."""
    return lambda answer: replace(answer, body=said)


def placed(kind: str, coordinates: list[object]) -> Fault:
    """Give every row this geometry."""
    return faults.each(lambda row: row.update(geometry={"type": kind, "coordinates": coordinates}))


def less() -> Fault:
    """Give one row less than said."""
    return faults.edited(lambda said: said["features"].pop() and None)


def refused() -> Fault:
    """Answer 200 with an exception in JSON."""
    return faults.edited(lambda _: {"version": "2.0.0", "exceptions": [{"code": "x", "text": "Feature type unknown"}]})


BROKEN: list[tuple[str, Fault, bool, type[SourceError], str]] = [
    (geopf.ZONES, faults.emptied(), PAGES, AnswerError, "changed while it was read (7 rows, then 0)"),
    (geopf.RAIL, body(b'<x numberMatched="0"/>'), COUNTED, AnswerError, "gives no row at all for the metropolis"),
    (geopf.RAIL, body(b'<x numberMatched="unknown"/>'), COUNTED, AnswerError, "does not say how many rows"),
    (geopf.ZONES, less(), PAGES, AnswerError, "gave 6 rows but says there are 7"),
    (geopf.ZONES, faults.missing("nature"), PAGES, AnswerError, "is not as described: field “nature” is missing"),
    (geopf.RAIL, faults.renamed("electrifie", "electrique"), PAGES, AnswerError, "“electrique” may be its new name"),
    (geopf.RAIL, faults.valued("nombre_de_voies", "deux"), PAGES, AnswerError, 'holds "deux", a whole number'),
    (geopf.POWER, faults.swapped(), PAGES, AnswerError, SWAPPED),
    (geopf.ZONES, placed("Point", [2.3, 48.8]), PAGES, AnswerError, OUTSIDE),
    (geopf.ZONES, placed("Polygon", [[1]]), PAGES, AnswerError, "holds a geometry that cannot be read"),
    (geopf.PARK, faults.exception(), PAGES, AnswerError, "refuses the question: “Illegal property name: categori”"),
    (geopf.PARK, refused(), PAGES, AnswerError, "refuses the question: “Feature type unknown”"),
    (geopf.ZONES, faults.page(), PAGES, AnswerError, "answers with a web page, where application/json"),
    (geopf.ZONES, faults.page(), COUNTED, AnswerError, "answers with a web page"),
    (geopf.ZONES, faults.cut(), PAGES, UnreachableError, "broke off in the middle"),
    (geopf.ZONES, faults.status(429, retry_after="5"), PAGES, UnreachableError, "wants to be left alone for 5 s"),
    (geopf.ZONES, lambda answer: replace(answer, body=answer.body[:-40]), PAGES, AnswerError, "is no whole JSON"),
]


def test_each_fault_is_named_in_one_line_and_nothing_is_taken(official: Services, tmp_path: Path) -> None:
    wrong = []
    for number, (layer, fault, hits, kind, said) in enumerate(BROKEN):
        spoil(official, layer, fault, hits=hits)
        try:
            contributed(tmp_path / str(number))
            wrong.append(f"nothing was said, expected: {said}")
        except SourceError as error:
            if type(error) is not kind or said not in str(error) or "\n" in str(error):
                wrong.append(f"{said}: {type(error).__name__}: {error}")
            if error.said["fr"] == error.said["en"]:
                wrong.append(f"{said}: no French")
    assert not wrong, "\n".join(wrong)


ODD: list[tuple[str, Fault, Callable[[Contribution], int], int, str]] = [
    (geopf.ZONES, faults.without_geometry(0), lambda said: len(said.tables["zones"]), 4, "for want of a geometry: 1"),
    (geopf.ZONES, faults.valued("altitude", 3), lambda said: len(said.tables["zones"]), 5, "not used: altitude"),
    (geopf.ZONES, faults.valued("nature", "Zone rêvée"), lambda said: len(said.tables["zones"]), 5, "Zone rêvée"),
    (geopf.POWER, faults.valued("etat_de_l_objet", "Volé"), lambda said: len(said.tables["power_lines"]), 3, "Volé"),
    (geopf.PARK, faults.valued("zone", "Lune"), lambda said: len(said.tables["protected"]), 2, "known here (Lune): 3"),
]


def test_what_is_odd_but_not_wrong_is_told_and_counted(official: Services, tmp_path: Path) -> None:
    for number, (layer, fault, count, rows, note) in enumerate(ODD):
        spoil(official, layer, fault)
        said = contributed(tmp_path / str(number))
        assert count(said) == rows, note
        assert note in told(said)


def test_a_row_that_comes_twice_is_taken_once_and_told(official: Services, tmp_path: Path) -> None:
    rows = geopf.rows()
    rows[geopf.ZONES].append(geopf.zone(3, 5.32, 43.32))
    official.answer(geopf.ADDRESS, geopf.wfs(rows))
    said = contributed(tmp_path)
    assert list(said.tables["zones"]["id"].str[-1]) == ["1", "2", "3", "4", "5"]
    assert "came again and are taken once: 1" in told(said)


def test_an_outline_that_crosses_itself_is_put_right(official: Services, tmp_path: Path) -> None:
    rows = geopf.rows()
    bow = [[5.33, 43.33], [5.35, 43.35], [5.35, 43.33], [5.33, 43.35], [5.33, 43.33]]
    rows[geopf.ZONES][0]["geometry"]["coordinates"] = [[bow]]
    official.answer(geopf.ADDRESS, geopf.wfs(rows))
    zones = contributed(tmp_path).tables["zones"]
    assert zones.is_valid.all()
    assert set(zones.geom_type) <= {"Polygon", "MultiPolygon"}


def test_official_words_become_ours() -> None:
    assert [kilovolts(said) for said in ("400 kV", "63", "<63 kV", "Hors tension", "Inconnue", None)] == [
        *(400, 63, None, None, None, None)
    ]
    assert kind_of_zone("Zone industrielle", "Zone d’activités") == "business"
    assert kind_of_zone("Centrale électrique", "Centrale photovoltaïque") == "power-plant"
    assert kind_of_zone("Marais salant", "") == "saltworks"


def test_a_service_that_stumbles_twice_still_answers(official: Services, tmp_path: Path) -> None:
    official.fault(geopf.ADDRESS, faults.exception(500), times=2)
    official.fault(geopf.ADDRESS, faults.status(429, retry_after="5"), times=1)
    assert len(contributed(tmp_path).tables["zones"]) == 5


def test_zones_that_are_all_left_out_make_an_empty_table_with_its_columns(official: Services, tmp_path: Path) -> None:
    rows = geopf.rows()
    rows[geopf.ZONES] = [geopf.zone(1, 5.36, 43.36, fictif=True)]
    rows[geopf.RAIL] = [geopf.track(5, [5.22, 43.45], [5.25, 43.45])]
    official.answer(geopf.ADDRESS, geopf.wfs(rows))
    said = contributed(tmp_path)
    assert list(said.tables["zones"].columns) == [
        *("id", "name", "kind", "detail", "insee", "commune", "pole", "area_ha", "updated", "source", "geometry")
    ]
    assert (len(said.tables["zones"]), len(said.tables["rail"])) == (0, 0)
    assert said.tables["rail"]["tracks"].dtype == "Int64"


def test_the_columns_are_those_agreed(official: Services, tmp_path: Path) -> None:
    tables = contributed(tmp_path).tables
    assert official.asked
    assert {name: " ".join(table.columns) for name, table in tables.items()} == {
        "zones": "id name kind detail insee commune pole area_ha updated source geometry",
        "rail": "id kind use electrified tracks status source geometry",
        "power_lines": "id voltage_kv operator status source geometry",
        "protected": "id name kind official_id url area_ha source geometry",
    }
