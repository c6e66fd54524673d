"""Areas and lines that official services fill: absent while they are not there, whole when an edition has them."""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pypdf
import pytest
import shapely
from geopandas import GeoDataFrame

from geo import crs, vector
from layers import catalogue, drape, editions, export, filters, planning, sheet, snapshot
from layers.errors import CatalogueError, ChoiceError, UnknownLayerError
from layers.ogc import collections
from layers.ogc.features import page
from layers.ogc.query import Query
from layers.qgis import qml, sld
from layers.qgis.asked import Asked
from layers.snapshot.dictionary import missing
from layers.text import texts
from layers.view import DEFAULT_LAYERS, DRAPES, LANGUAGES, View
from layers.web import drapes as packing
from layers.web import make_map, payload
from tests import drapes

TODAY = date(2026, 11, 24)
ROWS = {"zones": 12, "brownfields": 8, "protected": 6, "rail": 6, "power_lines": 5}
EVERYTHING = View(layers=(*DEFAULT_LAYERS, *DRAPES))


@pytest.fixture
def filled(draped: Path) -> Iterator[Path]:
    """Work on an edition that has them."""
    with editions.using(draped):
        yield draped


def altered(draped: Path, folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """Copy the edition with another edition.json."""
    shutil.copytree(draped, folder)
    said = json.loads((folder / "edition.json").read_text(encoding="utf-8"))
    change(said)
    (folder / "edition.json").write_text(json.dumps(said), encoding="utf-8")
    return folder


def test_without_their_tables_they_are_nowhere() -> None:
    known = catalogue.catalogue()
    assert set(DRAPES) == set(known.absent)
    assert not set(DRAPES) & {*known.layers, *collections.ids(), *snapshot.choosable(), *payload.check_layers(None)}
    assert not set(DRAPES) & {layer["id"] for layer in planning.offer()["layers"]}
    assert {"ign-bdtopo", "patrinat", "cartofriches"}.isdisjoint(known.sources)
    with pytest.raises(UnknownLayerError, match="zones"):
        payload.check_layers(["zones"])
    with pytest.raises(ChoiceError, match="zones"):
        snapshot.choose(layers=["zones"])


def test_the_document_of_the_base_data_carries_nothing_of_them() -> None:
    html = make_map().html
    for part in ("pm.drapeShapes = ", "pm.drapeCards = ", '"drape.zone_plant"', 'provence.layer("zones"', '"drapes":'):
        assert part not in html, part
    assert '"drape.not_here"' in html


@pytest.mark.usefixtures("filled")
def test_an_edition_brings_them_with_their_sources_their_age_and_their_day() -> None:
    known = catalogue.catalogue()
    assert not known.absent
    for layer in DRAPES:
        record = known.layer(layer)
        assert [source.id for source in known.sources_of(layer)] == [drapes.SOURCE_OF[layer]]
        assert (record.vintage, record.refreshed) == ("asked on 2026-11-24", "2026-11-24")
        assert len(catalogue.load(layer)) == ROWS[layer]
    assert known.sources["patrinat"].licence.startswith("not stated")


def test_a_table_that_nobody_answers_for_is_a_fault(draped: Path, tmp_path: Path) -> None:
    folder = altered(draped, tmp_path / "one", lambda said: said["layers"].pop("rail"))
    with pytest.raises(CatalogueError, match=r"layers\.rail has a table, but edition\.json does not say where"):
        catalogue.read(folder)
    folder = altered(draped, tmp_path / "two", lambda said: said["sources"].pop("patrinat"))
    with pytest.raises(CatalogueError, match=r"gives layers\.protected a source it does not date: patrinat"):
        catalogue.read(folder)


def test_a_table_without_rows_is_no_layer(draped: Path, tmp_path: Path) -> None:
    folder = altered(draped, tmp_path / "one", lambda _: None)
    path = folder / "tables" / "brownfields.parquet"
    vector.write(vector.read(path).iloc[:0], path)
    assert list(catalogue.read(folder).absent) == ["brownfields"]


@pytest.mark.usefixtures("filled")
def test_the_document_holds_them_simplified_and_says_what_they_are() -> None:
    config = payload.config(payload.check_layers(None), view=View())
    assert set(DRAPES) <= set(config["included"])
    assert config["layers"]["zones"]["refreshed"] == "2026-11-24"
    assert config["style"]["drapes"]["texts"]["rail"] == "track"
    zones = {row["properties"]["id"]: row for row in payload.features("zones")["features"]}
    first = zones["surfacti0000000000000000"]
    # The commune's name and pole, the class and the source are known from elsewhere.
    assert first["properties"] == {
        "id": "surfacti0000000000000000", "name": "Zone d'exemple 0", "insee": "13055", "area_ha": 100.0,
        "type": "industrial", "detail": "Zone d'exemple", "updated": "2026-01-02",
    }  # fmt: skip
    assert first["geometry"]["type"] == "MultiPolygon"
    rail = {row["properties"]["id"]: row["properties"] for row in payload.features("rail")["features"]}
    assert rail["tronferr0000000000000005"]["class"] == "idle"
    assert rail["tronferr0000000000000005"]["state"] == "unused"
    assert "state" not in rail["tronferr0000000000000001"]
    html = make_map().html
    for part in ("pm.drapeShapes = ", "pm.drapeCards = ", '"drape.zone_plant"', 'provence.layer("zones"', '"drapes":'):
        assert part in html, part


def unpacked(feature: dict[str, Any]) -> Any:
    """Read a packed geometry back, as the script does."""

    def points(steps: list[int]) -> Any:
        xy = [steps[i : i + 2] for i in range(0, len(steps), 2)]
        total = [0, 0]
        out = []
        for dx, dy in xy:
            total = [total[0] + dx, total[1] + dy]
            out.append((total[0] / 100_000, total[1] / 100_000))
        return out

    packed = feature["geometry"]["packed"]
    if feature["geometry"]["type"] == "MultiPolygon":
        return shapely.MultiPolygon([(points(rings[0]), [points(ring) for ring in rings[1:]]) for rings in packed])
    return shapely.MultiLineString([points(line) for line in packed])


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("layer", DRAPES)
def test_what_is_drawn_is_valid_and_lies_where_the_table_says(layer: str) -> None:
    table = catalogue.load(layer)
    drawn = [unpacked(feature) for feature in payload.features(layer)["features"]]
    assert all(shape.is_valid and not shape.is_empty for shape in drawn)
    far = crs.to_metres(GeoDataFrame(geometry=drawn, crs=crs.WGS84)).geometry.hausdorff_distance(
        crs.to_metres(table).geometry
    )
    assert far.max() < 60
    if layer == "zones":
        # Two zones share an edge, before and after.
        assert not shapely.overlaps(drawn[0], drawn[1])
        assert shapely.distance(drawn[0], drawn[1]) == 0


def test_areas_that_touch_still_touch_once_simplified() -> None:
    x = [5.3 + 0.00009 * (i % 2) + 0.00005 * (i % 3) for i in range(60)]
    wavy = [(lon, 43.4 + 0.0001 * i) for i, lon in enumerate(x)]
    west = shapely.Polygon([(5.2, wavy[0][1]), *wavy, (5.2, wavy[-1][1])])
    east = shapely.Polygon([(5.4, wavy[0][1]), *wavy, (5.4, wavy[-1][1])])
    pair = packing.generalised("protected", GeoDataFrame(geometry=[west, east], crs=crs.WGS84))
    assert shapely.get_num_coordinates(pair[0]) < shapely.get_num_coordinates(west)
    assert shapely.area(shapely.intersection(*pair)) == 0
    assert shapely.area(shapely.union_all(pair)) == pytest.approx(shapely.area(shapely.union(west, east)), rel=1e-6)


@pytest.mark.usefixtures("filled")
def test_classes_follow_kind_voltage_and_state() -> None:
    rail = catalogue.load("rail")
    assert list(drape.classes("rail", rail)) == ["high-speed", "main", "service", "tram", "other", "idle"]
    power = catalogue.load("power_lines")
    assert list(drape.classes("power_lines", power)) == ["400", "225", "63", "unsaid", "idle"]
    assert list(drape.classes("power_lines", power.assign(status="unknown")))[-1] == "225"
    at = power.iloc[[0] * 4].assign(voltage_kv=[299, 300, 149, 150])
    assert list(drape.classes("power_lines", at)) == ["225", "400", "63", "225"]


def test_every_word_of_the_tables_has_a_class_and_a_text() -> None:
    from layers.schema import SCHEMAS
    from layers.vocabulary import BROWNFIELD_STATUSES, PROTECTIONS, RAIL_KINDS, ZONE_KINDS

    words = {"zones": ZONE_KINDS, "brownfields": BROWNFIELD_STATUSES, "protected": PROTECTIONS, "rail": RAIL_KINDS}
    for layer, known in words.items():
        styles = drape.AREAS.get(layer) or drape.LINES[layer]
        assert sorted(member for style in styles for member in style.members) == sorted(known)
    for language in LANGUAGES:
        keys = [
            drape.text_key(layer, style.id)
            for layer in DRAPES
            for style in drape.AREAS.get(layer) or drape.LINES[layer]
        ]
        assert [key for key in keys if key not in texts(language)] == []
    assert set(DRAPES) <= set(SCHEMAS)


@pytest.mark.usefixtures("filled")
def test_filters_by_place_leave_alone_what_names_no_place() -> None:
    view = EVERYTHING.with_(filters={"pole": ("martigues-fos",), "status": ("operating",)})
    found = {layer: filters.visible(layer, view) for layer in DRAPES}
    assert set(found["zones"]["pole"]) == {"martigues-fos"}
    assert 0 < len(found["zones"]) < ROWS["zones"]
    assert {layer: len(found[layer]) for layer in drape.UNPLACED} == {layer: ROWS[layer] for layer in drape.UNPLACED}
    assert len(filters.visible("zones", View())) == 0


@pytest.mark.usefixtures("filled")
def test_the_workbook_of_the_table_tells_them_in_words() -> None:
    view = View(layers=DRAPES)
    book = openpyxl.load_workbook(
        io.BytesIO(export.workbook(view, language="fr", address="https://x.example", today=TODAY))
    )
    head, *rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == sum(ROWS.values())
    at = {str(name).split("\n")[0]: i for i, name in enumerate(head)}
    told = {str(row[-1]): row for row in rows}
    rail = told["rail:tronferr0000000000000005"]
    assert "Non exploitée" in rail
    assert "Usage\u202f: Inconnu · Électrifiée\u202f: Inconnu · Voies\u202f: 2" in rail
    assert "Tension inconnue" in told["power:ligneele0000000000000003"]
    assert "Usine" in told["zone:surfacti0000000000000002"], at
    assert "1,5\u00a0ha · Sol pollué\u202f: pollution avérée" in told["brownfield:13055-00000"]
    assert any("PatriNat" in str(cell) for row in book.worksheets[1].iter_rows(values_only=True) for cell in row)


@pytest.mark.usefixtures("filled")
def test_the_ogc_api_gives_them_whole() -> None:
    for layer in DRAPES:
        found = collections.collection(layer)
        assert page(found, Query(limit=100), language="en").matched == ROWS[layer]
    zone = page(collections.collection("zones"), Query(limit=1), language=None).features[0]
    assert zone["geometry"]["type"] == "Polygon"
    assert zone["properties"]["detail"] == "Zone d'exemple"


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("form", [*snapshot.FORMATS, snapshot.BUNDLE])
def test_snapshots_of_every_format_hold_them(form: str, tmp_path: Path) -> None:
    choice = snapshot.choose(layers=DRAPES, format=form)
    single = form in (snapshot.BUNDLE, "fgb", "geojson", "shp", "csv", "parquet")
    ending = ".zip" if single else f".{form}"
    # The report comes after all was read back and compared.
    report = snapshot.export(choice, tmp_path / f"made{ending}")
    assert report.rows == ROWS


@pytest.mark.usefixtures("filled")
def test_a_choice_of_all_layers_cut_at_an_area_holds_them() -> None:
    choice = snapshot.choose(layers=["all"], area="martigues-fos", rule="clip")
    assert set(DRAPES) <= set(choice.layers)
    found = snapshot.frames(choice)
    pole = choice.area.metres().buffer(0.01)
    assert len(found["rail"]) > 0
    assert shapely.covers(pole, found["rail"].geometry.to_numpy()).all()
    assert 0 < len(found["protected"]) <= ROWS["protected"]


@pytest.mark.usefixtures("filled")
def test_each_column_is_in_the_dictionary_and_in_plan() -> None:
    assert missing() == ()
    offer = planning.offer()
    assert set(DRAPES) <= {layer["id"] for layer in offer["layers"]} & set(offer["filterable"])
    assert {layer["id"]: layer["count"] for layer in offer["layers"]}["rail"] == ROWS["rail"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layer", DRAPES)
def test_styles_have_a_rule_for_each_class_and_stand_without_columns(layer: str, language: str, draped: Path) -> None:
    with editions.using(draped):
        columns = tuple(str(name) for name in catalogue.load(layer).columns)
        styles = drape.AREAS.get(layer) or drape.LINES[layer]
        labels = [texts(language)[drape.text_key(layer, style.id)] for style in styles]  # type: ignore[index]
        for some in (columns, tuple(name for name in columns if name not in ("kind", "status", "voltage_kv"))):
            asked = Asked(layer, some, language)  # type: ignore[arg-type]
            rules = ElementTree.fromstring(qml.write(asked)).iter("rule")  # noqa: S314  # our own
            titles = re.findall(r"<se:Title>([^<]+)</se:Title>", sld.write(asked))
            expected = labels if some == columns else labels[:1]
            assert [rule.get("label") for rule in rules] == expected
            assert titles == expected


@pytest.mark.usefixtures("filled")
def test_a_sheet_draws_them_with_their_key_and_their_sources() -> None:
    plan = sheet.Sheet(
        area=snapshot.Area.parse("martigues-fos"), view=EVERYTHING, language="fr", today=TODAY, paper="a3"
    )
    said = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(sheet.write_pdf(plan))).pages)
    said = re.sub(r"\s+", " ", said)
    for words in (
        "Voie de service",
        "Avec projet",
        "Marais salant",
        "Espaces protégés",
        "Ligne hors service",
        "IGN, BD TOPO",
        "PatriNat",
    ):
        assert words in said, words
    plain = sheet.Sheet(area=snapshot.Area.parse("martigues-fos"), view=View(), language="fr", today=TODAY, paper="a3")
    assert len(sheet.write_svg(plan)) > len(sheet.write_svg(plain))


def test_a_sheet_of_a_view_with_layers_that_are_not_there_is_made_without_them() -> None:
    plan = sheet.Sheet(area=snapshot.Area.parse("martigues-fos"), view=EVERYTHING, language="en", today=TODAY)
    assert b"%PDF" in sheet.write_pdf(plan)[:20]
    view, ignored = View.from_query("layers=industry,zones")
    assert (view.layers, ignored) == (("industry", "zones"), ())
    rows = export.workbook(View(layers=("industry", "rail")), language="en", address="https://x.example", today=TODAY)
    assert openpyxl.load_workbook(io.BytesIO(rows)).worksheets[0].max_row > 100


def test_thousands_of_zones_and_rail_segments_stay_light(draped: Path) -> None:
    with editions.using(draped):
        zones = catalogue.load("zones")
        many = GeoDataFrame(zones.loc[zones.index.repeat(170)].reset_index(drop=True), crs=zones.crs)
        moved = [
            shapely.affinity.translate(shape, i % 40 / 400, i // 40 / 900) for i, shape in enumerate(many.geometry)
        ]
        many = many.set_geometry(moved, crs=many.crs).assign(id=[f"surfacti{i:016}" for i in range(len(many))])
        text = json.dumps(packing.features("zones", many), separators=(",", ":")).encode()
    assert len(many) == 2040
    assert len(gzip.compress(text)) < 60_000
