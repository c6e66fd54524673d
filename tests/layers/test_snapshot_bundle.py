"""The bundle: all that belongs to a snapshot in one zip, the same bytes twice, read by others."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pyogrio
import pytest
from PIL import Image

from geo.errors import FormatError
from layers import catalogue, snapshot
from layers.errors import StoppedError
from layers.qgis.markup import clean, document, node
from layers.qgis.pictures import paint
from layers.snapshot import bundle, described, project

LAYERS = ("poles", "communes", "industry", "decarbonation", "ports", "emissions")
GMD = "{http://www.isotc211.org/2005/gmd}"
# Debian's QGIS speaks to Debian's Python.
SYSTEM_PYTHON = "/usr/bin/python3"


def choice(**more: object) -> snapshot.Choice:
    plain: dict[str, object] = {"layers": LAYERS, "area": "martigues-fos", "format": "bundle", "language": "fr"}
    return snapshot.choose(**{**plain, **more})  # type: ignore[arg-type, no-any-return]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bundle") / "fos.zip"
    bundle.write(choice(), path)
    return path


@pytest.fixture(scope="module")
def unpacked(made: Path) -> Path:
    folder = made.parent / "unpacked"
    with zipfile.ZipFile(made) as packed:
        packed.extractall(folder)
    return folder


def xml(path: Path) -> ElementTree.Element:
    return ElementTree.fromstring(path.read_bytes())  # noqa: S314  # our own


def test_a_bundle_holds_data_styles_project_metadata_licences_dictionary_and_picture(made: Path) -> None:
    with zipfile.ZipFile(made) as packed:
        names = set(packed.namelist())
    drawn = [layer for layer in LAYERS if layer != "emissions"]
    assert names == {
        "data/provence-map.gpkg", "provence-map.qgs", "datapackage.json", "dictionary.csv", "LICENCES.txt",
        "preview.png", "SHA256SUMS", *(f"metadata/{layer}.xml" for layer in LAYERS),
        *(f"styles/{layer}.{kind}" for layer in drawn for kind in ("qml", "sld")),
    }  # fmt: skip


def test_the_same_choice_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    bundle.write(choice(), again)
    assert again.read_bytes() == made.read_bytes()


def test_the_sums_hold_for_every_file(unpacked: Path) -> None:
    listed = dict(reversed(line.split("  ", 1)) for line in (unpacked / "SHA256SUMS").read_text().splitlines())
    files = {str(f.relative_to(unpacked)): f for f in unpacked.rglob("*") if f.is_file() and f.name != "SHA256SUMS"}
    assert listed == {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()}


def test_the_project_names_its_layers_in_the_language_and_finds_them_beside_it(unpacked: Path) -> None:
    root = xml(unpacked / "provence-map.qgs")
    titles = {node.get("name") for node in root.iter("layer-tree-layer")}
    assert {"Sites industriels", "Projets de décarbonation", "Pôles économiques"} <= titles
    assert [group.get("name") for group in root.findall("layer-tree-group/layer-tree-group")] == [
        "Décarbonation", "Industrie", "Accès", "Territoire",
    ]  # fmt: skip
    sources = [node.text or "" for node in root.iter("datasource")]
    inside = {name for name, _ in pyogrio.list_layers(unpacked / "data/provence-map.gpkg")}
    for source in sources:
        place, _, layer = source.partition("|layername=")
        assert place.startswith("./")
        assert (unpacked / place).is_file()
        assert layer in inside
    assert len(sources) == len(LAYERS)
    assert {node.text for node in root.iter("authid")} == {"EPSG:2154"}


def test_land_that_was_not_taken_along_is_not_painted_as_sea() -> None:
    def background(*layers: str) -> str:
        asked = choice(layers=layers, area="everything")
        root = ElementTree.fromstring(project.write(snapshot.frames(asked), "data.gpkg", asked))  # noqa: S314  # our own
        parts = [root.findtext(f"properties/Gui/CanvasColor{name}Part", "") for name in ("Red", "Green", "Blue")]
        return "#" + "".join(f"{int(part):02X}" for part in parts)

    assert background("communes", "water", "neighbours") == paint("sea")
    assert background("communes", "water") == paint("neigh")
    assert background("communes") == paint("surface")


def test_the_extent_of_the_project_holds_what_was_kept(unpacked: Path) -> None:
    edges = {
        node.tag: float(node.text or "nan") for node in xml(unpacked / "provence-map.qgs").findall("mapcanvas/extent/*")
    }
    west, south, east, north = pyogrio.read_dataframe(unpacked / "data/provence-map.gpkg", layer="poles").total_bounds
    assert edges["xmin"] < west
    assert edges["ymin"] < south
    assert edges["xmax"] > east
    assert edges["ymax"] > north


def test_the_geopackage_carries_a_default_style_and_metadata_of_each_layer(unpacked: Path) -> None:
    with sqlite3.connect(unpacked / "data/provence-map.gpkg") as held:
        styles = held.execute(
            "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles"
        ).fetchall()
        shapes = dict(held.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
        said = held.execute(
            "SELECT r.table_name, m.md_standard_uri, m.metadata FROM gpkg_metadata_reference r"
            " JOIN gpkg_metadata m ON m.id = r.md_file_id"
        ).fetchall()
        dates = {row[0] for row in held.execute("SELECT last_change FROM gpkg_contents")}
    assert {(name, column): default for name, column, _, default in styles} == dict.fromkeys(shapes.items(), 1)
    for name, _, qml, _ in styles:
        assert qml == (unpacked / f"styles/{name}.qml").read_text(encoding="utf-8")
    assert {name for name, uri, _ in said if uri.endswith("gmd")} == set(LAYERS)
    assert {name for name, uri, _ in said if uri.endswith("qgis.dtd")} == set(LAYERS)
    assert dates == {f"{choice().date()}T00:00:00.000Z"}


def test_iso_metadata_tells_title_extent_system_lineage_licences_and_that_no_contact_is_known(unpacked: Path) -> None:
    root = xml(unpacked / "metadata/industry.xml")
    text = "\n".join(root.itertext())
    record = catalogue.catalogue().layer("industry")
    assert record.title_fr in text
    assert record.method_fr in text
    assert record.limits_fr in text
    assert "EPSG/0/2154" in text
    for source in catalogue.catalogue().sources_of("industry"):
        assert source.attribution_fr in text
        assert source.word("licence", "fr") in text
    assert root.find(f".//{GMD}contactInfo").get("{http://www.isotc211.org/2005/gco}nilReason") == "unknown"  # type: ignore[union-attr]
    frame = snapshot.frames(choice())["industry"].to_crs(4326)
    west = float(root.find(f".//{GMD}westBoundLongitude/*").text)  # type: ignore[union-attr, arg-type]
    assert west == pytest.approx(frame.total_bounds[0], abs=0.01)
    assert west <= frame.total_bounds[0] + 1e-6


def test_the_data_package_describes_each_layer_with_types_and_meanings(unpacked: Path) -> None:
    package = json.loads((unpacked / "datapackage.json").read_text(encoding="utf-8"))
    by_layer = {resource["layer"]: resource for resource in package["resources"] if "layer" in resource}
    assert set(by_layer) == set(LAYERS)
    fields = {field["name"]: field for field in by_layer["industry"]["schema"]["fields"]}
    assert fields["co2_t"]["type"] == "integer"
    assert fields["approximate"]["type"] == "boolean"
    assert all(field["description"] for field in fields.values())
    assert by_layer["industry"]["count"] == len(
        pyogrio.read_dataframe(unpacked / by_layer["industry"]["path"], layer="industry")
    )
    assert all((unpacked / resource["path"]).is_file() for resource in package["resources"])


def test_licences_are_told_in_both_languages_and_missing_ones_are_told_too(unpacked: Path) -> None:
    text = (unpacked / "LICENCES.txt").read_text(encoding="utf-8")
    for source in catalogue.catalogue().sources_of("industry"):
        assert source.attribution in text
        assert source.attribution_fr in text
    assert "none stated" in text
    assert "non indiquée" in text


def test_the_dictionary_has_a_row_for_each_column_of_the_data(unpacked: Path) -> None:
    rows = list(csv.DictReader(io.StringIO((unpacked / "dictionary.csv").read_text(encoding="utf-8-sig"))))
    told = {(row["layer"], row["column"]) for row in rows}
    for layer, frame in snapshot.frames(choice()).items():
        assert {(layer, str(column)) for column in frame.columns} <= told
    assert all(row["meaning_en"] and row["meaning_fr"] for row in rows)


def test_the_picture_shows_the_sites_in_the_colours_of_their_families(unpacked: Path) -> None:
    picture = Image.open(unpacked / "preview.png")
    assert picture.size == (1200, 840)
    # Steel stands out at Fos: dark, and large.
    dark = sum(n for n, (r, g, b) in picture.getcolors(1 << 20) if max(r, g, b) < 80)
    assert dark > 1500


def test_other_formats_come_beside_the_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "ports.zip"
    bundle.write(choice(layers=("ports", "airports")), path, formats=("geojson", "xlsx"))
    with zipfile.ZipFile(path) as packed:
        data = {name for name in packed.namelist() if name.startswith("data/")}
    assert data == {"data/provence-map.gpkg", "data/provence-map-geojson.zip", "data/provence-map.xlsx"}


def test_a_layer_that_keeps_no_row_is_told_and_left_out(tmp_path: Path) -> None:
    report = bundle.write(choice(layers=("ports", "poles"), area="13001"), tmp_path / "aix.zip")
    assert set(report.rows) == {"poles"}
    assert any("Ports" in note["en"] for note in report.notes)


def test_a_single_place_makes_a_bundle_in_degrees_too(tmp_path: Path) -> None:
    path = tmp_path / "one.zip"
    report = bundle.write(choice(layers=("ports",), area="13028", crs=4326), path)
    assert report.rows == {"ports": 1}
    with zipfile.ZipFile(path) as packed:
        root = ElementTree.fromstring(packed.read("provence-map.qgs"))  # noqa: S314
    edges = [float(node.text or "nan") for node in root.findall("mapcanvas/extent/*")]
    assert edges[2] - edges[0] == pytest.approx(0.02)
    assert root.findtext("mapcanvas/units") == "degrees"


def test_a_stop_leaves_nothing_behind(tmp_path: Path) -> None:
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 3

    with pytest.raises(StoppedError, match="stopped"):
        bundle.write(choice(layers=("ports",)), tmp_path / "ports.zip", stop=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_name_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"fos\.gpkg does not end with \.zip"):
        bundle.write(choice(), tmp_path / "fos.gpkg")


def test_hostile_texts_cannot_break_the_markup() -> None:
    hostile = 'a"<b>&\x00\x1b\ud800]]>'
    root = ElementTree.fromstring(document(node("x", {"y": hostile}, text=hostile)))  # noqa: S314
    assert root.text == root.get("y") == clean(hostile)
    assert "\x00" not in clean(hostile)


def test_the_extent_of_a_bent_edge_is_not_that_of_its_corners() -> None:
    frame = snapshot.frames(choice(layers=("communes",)))["communes"]
    box = described.extent([frame])
    exact = frame.to_crs(4326).total_bounds
    assert box is not None
    assert box.west <= exact[0] + 1e-6
    assert box.south <= exact[1] + 1e-6
    assert box.east >= exact[2] - 1e-6
    assert box.north >= exact[3] - 1e-6


_LOOK = """
import sys
from qgis.core import QgsApplication, QgsProject, QgsVectorLayer
app = QgsApplication([], False); app.initQgis()
project = QgsProject.instance()
assert project.read(sys.argv[1] + "/provence-map.qgs"), project.error()
for layer in project.mapLayers().values():
    print(layer.name(), layer.isValid(), layer.featureCount(), sep="|")
print("system", project.crs().authid(), sep="|")
alone = QgsVectorLayer(sys.argv[1] + "/data/provence-map.gpkg|layername=industry", "x", "ogr")
print("style", alone.renderer().type(), alone.metadata().title(), sep="|")
print("rules", len(alone.renderer().rootRule().children()), sep="|")
"""


def _qgis() -> bool:
    if not shutil.which("qgis") or not Path(SYSTEM_PYTHON).is_file():
        return False
    return subprocess.run([SYSTEM_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _qgis(), reason="QGIS with its Python is not on this machine (Debian: qgis, python3-qgis)")
def test_qgis_opens_project_and_geopackage_drawn(unpacked: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [SYSTEM_PYTHON, "-c", _LOOK, str(unpacked)],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
        check=False,
    )
    said = [line.split("|") for line in done.stdout.splitlines() if "|" in line]
    assert done.returncode == 0, done.stderr
    kept = snapshot.frames(choice())
    assert ["Sites industriels", "True", str(len(kept["industry"]))] in said
    assert ["Projets de décarbonation", "True", str(len(kept["decarbonation"]))] in said
    assert ["system", "EPSG:2154"] in said
    assert ["style", "RuleRenderer", "Sites industriels"] in said
    assert ["rules", "11"] in said
