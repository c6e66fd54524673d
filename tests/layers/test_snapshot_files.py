"""Snapshots on disk: every format read back, the same bytes twice, nothing left behind where something goes wrong."""

from __future__ import annotations

import errno
import os
import resource
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from geopandas import GeoDataFrame

from geo.errors import FormatError
from layers import snapshot
from layers.errors import ChoiceError, SnapshotError, StoppedError
from layers.snapshot.tables import read_csv
from layers.snapshot.verify import differing

SEVERAL = ("poles", "decarbonation", "perceptions", "emissions")
HOSTILE = (
    "=cmd|'/C calc'!A0", "+1+1", "-2", "@SUM(A1)", "\t=1", "'=1", "'", "Étang – œuvre, ç, ’ … ²",
    "<script>alert(1)</script>",
    '"; DROP TABLE gpkg_contents; --', "_x0041_", "%s {n}", "\u202e rtl 😀", "]]>&amp;", "a,b;c\nd", "../../etc/passwd",
)  # fmt: skip


def chosen(format_id: str, *layers: str, **asked: Any) -> snapshot.Choice:
    """Choose layers in a format, in French unless something else is said."""
    made: snapshot.Choice = snapshot.choose(layers=layers, format=format_id, **{"language": "fr", **asked})
    return made


def target(folder: Path, choice: snapshot.Choice) -> Path:
    """Give the path a choice is written to."""
    return folder / f"snap{snapshot.FORMATS[choice.format].file_ending(len(choice.layers))}"


def hostile(crs: int = 2154) -> GeoDataFrame:
    """Make rows whose texts try to be something else."""
    n = len(HOSTILE)
    return GeoDataFrame(
        {
            "id": [f"r{i:02d}" for i in range(n)],
            "name": pd.Series(HOSTILE, dtype="str"),
            "n": pd.array([None if i % 3 else i for i in range(n)], dtype="Int64"),
            "x": [i / 3 if i % 2 else float("nan") for i in range(n)],
            "ok": [bool(i % 2) for i in range(n)],
        },
        geometry=[shapely.Point(900_000 + i / 7, 6_250_000) for i in range(n)],
        crs=2154,
    ).to_crs(crs)


@pytest.mark.parametrize("layers", [("industry",), SEVERAL], ids=["one", "several"])
@pytest.mark.parametrize("format_id", snapshot.FORMATS)
def test_each_format_is_written_read_back_and_the_same_twice(
    format_id: str, layers: tuple[str, ...], tmp_path: Path
) -> None:
    choice = chosen(format_id, *layers, area="martigues-fos", rule="clip")
    made = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        report = snapshot.export(choice, target(tmp_path / name, choice))
        assert [path.name for path in (tmp_path / name).iterdir()] == [report.path.name]
        made.append(report.path.read_bytes())
    assert made[0] == made[1]
    assert report.size == len(made[0])
    assert report.rows == {layer: len(frame) for layer, frame in snapshot.frames(choice).items()}


@pytest.mark.parametrize("format_id", snapshot.FORMATS)
def test_hostile_texts_come_back_as_the_texts_they_are(format_id: str, tmp_path: Path) -> None:
    choice = chosen(format_id, "industry")
    rows = hostile(choice.crs)
    path = target(tmp_path, choice)
    snapshot.FORMATS[format_id].write({"industry": rows}, path, choice)
    assert snapshot.verify(path, {"industry": rows}, choice) == []


def test_no_cell_of_a_csv_file_begins_like_a_formula(tmp_path: Path) -> None:
    choice = chosen("csv", "industry")
    snapshot.FORMATS["csv"].write({"industry": hostile()}, tmp_path / "s.csv", choice)
    raw = pd.read_csv(tmp_path / "s.csv", dtype="str", keep_default_na=False, encoding="utf-8-sig")
    assert not raw["name"].str.match(r"[=+\-@\t\r]").any()
    assert read_csv(tmp_path / "s.csv", epsg=2154)["name"].tolist() == list(HOSTILE)


def test_no_cell_of_a_workbook_is_a_formula_and_it_brings_its_dictionary(tmp_path: Path) -> None:
    choice = chosen("xlsx", "industry")
    snapshot.FORMATS["xlsx"].write({"industry": hostile()}, tmp_path / "s.xlsx", choice)
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")
    assert book.sheetnames == ["industry", "dictionnaire", "à propos"]
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value} <= {
        "s",
        "n",
        "b",
    }
    names = [cell.value for cell in book["industry"]["B"]][1:]
    assert names[:4] == list(HOSTILE[:4])
    listed = {row[1].value: row[4].value for row in book["dictionnaire"].iter_rows(min_row=2)}
    assert listed["co2_t"].startswith("Dioxyde de carbone")
    assert any("EUTL" in str(cell.value) for cell in book["à propos"]["B"])


def test_gdal_reads_the_system_of_a_csv_file_and_its_accents(tmp_path: Path) -> None:
    path = snapshot.export(chosen("csv", "communes"), tmp_path / "c.csv").path
    back = pyogrio.read_dataframe(path)
    assert back.crs.to_epsg() == 2154
    assert "Saint-Paul-lès-Durance" in set(back["name"])
    assert back.geometry.notna().all()


def test_a_geopackage_holds_every_layer_and_the_day_of_its_data(tmp_path: Path) -> None:
    path = snapshot.export(chosen("gpkg", *SEVERAL), tmp_path / "s.gpkg").path
    assert {name for name, _ in pyogrio.list_layers(path)} == {*SEVERAL, "layer_styles"}
    with sqlite3.connect(path) as book:
        days = {day for (day,) in book.execute("SELECT last_change FROM gpkg_contents")}
    book.close()
    assert days == {"2026-11-23T00:00:00.000Z"}


def test_geojson_is_as_rfc_7946_wants_it(tmp_path: Path) -> None:
    path = snapshot.export(chosen("geojson", "communes"), tmp_path / "c.geojson").path
    text = path.read_text(encoding="utf-8")
    assert '"crs"' not in text
    back = pyogrio.read_dataframe(path)
    rings = shapely.get_exterior_ring(shapely.get_parts(back.geometry.to_numpy()))
    assert shapely.is_ccw(rings).all()
    xy = shapely.get_coordinates(back.geometry.to_numpy())
    assert (xy == xy.round(7)).all()
    assert ((xy[:, 0] > 4) & (xy[:, 0] < 7)).all()


def test_a_shapefile_lists_what_it_renamed_and_cut(tmp_path: Path) -> None:
    report = snapshot.export(chosen("shp", "decarbonation", language="en"), tmp_path / "s.zip")
    said = " ".join(note["en"] for note in report.notes)
    assert "investment_meur → investment, investment_scope → investme_2" in said
    assert "column summary_en was cut to 254 bytes" in said
    with zipfile.ZipFile(report.path) as packed:
        assert packed.namelist() == [f"decarbonation.{end}" for end in ("cpg", "dbf", "prj", "shp", "shx")]
        assert packed.read("decarbonation.cpg") == b"UTF-8"


def test_a_drawing_says_what_it_leaves_out_and_has_a_layer_per_layer(tmp_path: Path) -> None:
    report = snapshot.export(chosen("dxf", "communes", "industry", "perceptions", "emissions"), tmp_path / "s.dxf")
    said = [note["en"] for note in report.notes]
    assert said[0] == "perceptions: 3 rows have no position and are left out."
    assert said[1:] == ["emissions is a table without shapes and is left out."]
    back = pyogrio.read_dataframe(report.path)
    assert set(back["Layer"]) == {"communes", "industry", "perceptions"}
    with pytest.raises(FormatError, match="DXF can carry nothing of this: emissions is a table"):
        snapshot.export(chosen("dxf", "emissions"), tmp_path / "e.dxf")


def test_layers_that_stay_empty_are_left_out_and_named(tmp_path: Path) -> None:
    report = snapshot.export(chosen("gpkg", "airports", "industry", area="la-ciotat-cassis"), tmp_path / "s.gpkg")
    assert set(report.rows) == {"industry"}
    assert report.notes[0]["en"].endswith("choose another area. The layer is left out.")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda rows: rows.iloc[1:], "industry: 120 rows were read back, 121 expected"),
        (lambda rows: rows.assign(name=rows["name"].str.replace("é", "e")), "industry: column name differs in"),
        (lambda rows: rows.assign(co2_t=rows["co2_t"] + 1), "industry: column co2_t differs in"),
        (lambda rows: rows.assign(co2_t=rows["co2_t"].fillna(0)), "industry: column co2_t differs in"),
        (lambda rows: rows.set_geometry(rows.translate(0.01)), "industry: 121 shapes read back differ"),
        (lambda rows: rows.set_crs(3944, allow_override=True), "industry: the coordinate system read back is EPSG:39"),
        (lambda rows: rows.drop(columns="pole"), "industry: column pole was not read back"),
    ],
)  # fmt: skip
def test_whatever_differs_is_named(spoil: Any, said: str, tmp_path: Path) -> None:
    choice = chosen("gpkg", "industry")
    found = snapshot.frames(choice)
    snapshot.FORMATS["gpkg"].write({"industry": spoil(found["industry"])}, tmp_path / "s.gpkg", choice)
    faults = snapshot.verify(tmp_path / "s.gpkg", found, choice)
    assert any(fault["en"].startswith(said) for fault in faults), faults


def test_a_difference_ends_the_export_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pyogrio.write_dataframe

    def loses_a_row(frame: Any, *given: Any, **named: Any) -> None:
        whole(frame.iloc[1:], *given, **named)

    monkeypatch.setattr(pyogrio, "write_dataframe", loses_a_row)
    with pytest.raises(SnapshotError, match=r"s\.gpkg was not kept.*120 rows were read back, 121 expected") as caught:
        snapshot.export(chosen("gpkg", "industry"), tmp_path / "s.gpkg")
    assert len(caught.value.faults) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format_id", snapshot.FORMATS)
def test_a_stop_in_the_middle_leaves_nothing_and_keeps_what_was_there(format_id: str, tmp_path: Path) -> None:
    choice = chosen(format_id, "industry", "ports")
    path = target(tmp_path, choice)
    path.write_bytes(b"before")
    told: list[str] = []
    with pytest.raises(StoppedError, match="stopped; nothing was left behind"):
        snapshot.export(choice, path, progress=lambda _, __, said: told.append(said["en"]), stop=lambda: len(told) > 2)
    assert told == ["Choosing the rows", "Writing industry", "Writing ports"]
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"before"


def test_progress_counts_up_to_its_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    snapshot.export(
        chosen("gpkg", "industry", "ports"), tmp_path / "s.gpkg", progress=lambda done, of, _: told.append((done, of))
    )
    assert told[-1] == (4, 4)
    assert [done for done, _ in told] == [0, 1, 2, 3, 4]


def test_a_disk_that_is_full_when_the_file_is_put_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(FormatError, match=r"cannot write .*s\.gpkg: No space left on device; choose a folder"):
        snapshot.export(chosen("gpkg", "ports"), tmp_path / "s.gpkg")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format_id", snapshot.FORMATS)
def test_a_file_that_may_not_grow_is_told_in_one_line_and_leaves_nothing(format_id: str, tmp_path: Path) -> None:
    choice = chosen(format_id, "communes", "emissions")
    snapshot.frames(choice)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Every write beyond so many bytes fails as on a full disk, whichever library writes.
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, before[1]))
    try:
        with pytest.raises((FormatError, SnapshotError)) as caught:
            snapshot.export(choice, target(tmp_path, choice))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["none/s.gpkg", "folder", "s.shp"])
def test_a_path_that_cannot_be_written_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(FormatError, match=r"no folder|it is a folder|does not end with \.gpkg"):
        snapshot.export(chosen("gpkg", "ports"), tmp_path / name)
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_an_empty_selection_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ChoiceError, match="Ports: no row that the filters keep lies in"):
        snapshot.export(chosen("gpkg", "ports", area="5.5,43.6,1"), tmp_path / "s.gpkg")
    assert list(tmp_path.iterdir()) == []


def test_the_order_of_a_ring_is_no_difference_but_a_hole_or_a_vertex_is() -> None:
    outer, hole = [(0, 0), (9, 0), (9, 9), (0, 9)], [(2, 2), (4, 2), (4, 4), (2, 4)]
    one = shapely.Polygon(outer, [hole])
    other = shapely.MultiPolygon([shapely.Polygon(outer[2:] + outer[:2], [hole[::-1]])])
    moved = shapely.transform(other, lambda xy: xy + np.array([0.002, 0.0]))
    filled = shapely.Polygon(one.exterior)
    left = np.array([one, one, one, None, one], dtype="object")
    right = np.array([other, moved, filled, None, None], dtype="object")
    assert differing(left, right, tolerance=0.001).tolist() == [False, True, True, False, True]


@pytest.mark.parametrize("format_id", ["gpkg", "shp", "csv", "xlsx", "geojson", "parquet"])
def test_a_spoiled_file_is_a_fault_and_no_crash(format_id: str, tmp_path: Path) -> None:
    choice = chosen(format_id, "ports")
    path = snapshot.export(choice, target(tmp_path, choice)).path
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found = snapshot.frames(choice)
    if path.suffix == ".zip":
        with pytest.raises(FormatError, match=r"cannot read snap\.zip back"):
            snapshot.verify(path, found, choice)
    else:
        assert snapshot.verify(path, found, choice)


def test_a_shape_of_many_corners_is_one_cell_of_a_csv_file(tmp_path: Path) -> None:
    choice = chosen("csv", "communes")
    rows = snapshot.frames(choice)["communes"].head(1)
    rows = rows.set_geometry(rows.centroid.buffer(5000, quad_segs=2500))
    snapshot.FORMATS["csv"].write({"communes": rows}, tmp_path / "c.csv", choice)
    assert (tmp_path / "c.csv").stat().st_size > 200_000
    assert snapshot.verify(tmp_path / "c.csv", {"communes": rows}, choice) == []
