"""Two snapshots compared: what came, went, changed and moved, and files that are none."""

from __future__ import annotations

import csv
import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame

from dashboards.cli import main
from layers import catalogue
from layers.snapshot import changes
from layers.snapshot.diff import Change, DiffError, compare
from layers.snapshot.opening import OpeningError


def put(path: Path, **frames: DataFrame) -> Path:
    """Write frames as layers of a GeoPackage."""
    for name, frame in frames.items():
        pyogrio.write_dataframe(frame, path, driver="GPKG", layer=name, append=path.exists())
    return path


def bundle(path: Path, package: Path, *, name: str = "data/layers.gpkg") -> Path:
    """Put a GeoPackage into a zip as a bundle holds it."""
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("dictionary.csv", "layer,column\n")
        book.write(package, name)
    return path


@pytest.fixture
def sites() -> GeoDataFrame:
    return catalogue.load("industry").head(8).to_crs(2154)


@pytest.fixture
def pair(tmp_path: Path, sites: GeoDataFrame) -> tuple[Path, Path]:
    """A snapshot, and the same after a year: one site came, one went, one changed twice, one moved by 5 m."""
    after = sites.copy()
    after.loc[1, "status"], after.loc[1, "co2_t"] = "closed", 7
    after.loc[2, "geometry"] = shapely.transform(after.geometry[2], lambda xy: np.add(xy, (3.0, 4.0)))
    before = put(tmp_path / "a.gpkg", industry=sites.drop(index=7))
    return before, put(tmp_path / "b.gpkg", industry=after.drop(index=0).iloc[::-1])


def test_rows_that_came_went_changed_and_moved_are_told(pair: tuple[Path, Path], sites: GeoDataFrame) -> None:
    (layer,) = compare(*pair).layers
    ids = list(sites["id"])
    assert (layer.layer, layer.same) == ("industry", 4)
    assert set(layer.changes) == {
        Change("industry", ids[0], "removed"),
        Change("industry", ids[1], "changed", "status", sites["status"][1], "closed"),
        Change("industry", ids[1], "changed", "co2_t", _int(sites["co2_t"][1]), 7),
        Change("industry", ids[2], "moved", "geometry", "Point", "Point", 5.0),
        Change("industry", ids[7], "added"),
    }


def _int(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def test_the_same_in_another_system_and_a_bundle_differs_in_nothing(tmp_path: Path) -> None:
    frames = {name: catalogue.load(name) for name in ("poles", "water", "perceptions")}
    there = put(tmp_path / "a.gpkg", **frames)
    here = put(tmp_path / "b.gpkg", **{name: frame.to_crs(2154).iloc[::-1] for name, frame in frames.items()})
    found = compare(there, bundle(tmp_path / "b.zip", here))
    assert [(layer.layer, layer.same) for layer in found.layers] == [("poles", 3), ("water", 6), ("perceptions", 12)]
    assert found.changes == []
    assert "Rien ne diffère." in changes.told(found, "fr")


def test_layers_and_columns_that_one_side_lacks_are_told(tmp_path: Path, sites: GeoDataFrame) -> None:
    before = put(tmp_path / "a.gpkg", industry=sites[["id", "name", "geometry"]])
    years = DataFrame({"site_id": ["x", "x"], "year": [2021, 2022], "co2_t": [1, 2]})
    after = put(tmp_path / "b.gpkg", industry=sites[["id", "sector", "geometry"]], emissions=years)
    industry, emissions = compare(before, after).layers
    assert (industry.columns_removed, industry.columns_added, industry.changes) == (("name",), ("sector",), [])
    assert emissions.keys("added") == ["x/2021", "x/2022"]


def test_a_figure_of_a_table_is_matched_by_site_and_year(tmp_path: Path) -> None:
    years = DataFrame({"site_id": ["x", "x"], "year": [2021, 2022], "co2_t": [1, 2]})
    before = put(tmp_path / "a.gpkg", emissions=years)
    after = put(tmp_path / "b.gpkg", emissions=years.assign(co2_t=[1, 5]))
    assert compare(before, after).changes == [Change("emissions", "x/2022", "changed", "co2_t", 2, 5)]


def test_a_polygon_moves_by_how_far_its_edge_went(tmp_path: Path) -> None:
    def square(east: float) -> GeoDataFrame:
        shape = [shapely.box(900_000, 6_250_000, 901_000 + east, 6_251_000)]
        return GeoDataFrame({"code": ["13000"]}, geometry=shape, crs=2154)

    before, after = put(tmp_path / "a.gpkg", communes=square(0)), put(tmp_path / "b.gpkg", communes=square(25))
    (change,) = compare(before, after).changes
    assert (change.change, change.moved_m) == ("moved", 25.0)


def test_the_layer_of_changes_lies_where_rows_are_now_or_were(pair: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "changes.gpkg"
    changes.write(compare(*pair), out)
    first = out.read_bytes()
    changes.write(compare(*pair), out)
    assert out.read_bytes() == first
    found = pyogrio.read_dataframe(out, layer="industry").set_index("key")
    assert found.crs.to_epsg() == 2154
    assert sorted(found["change"]) == ["added", "changed", "moved", "removed"]
    assert found[found["change"] == "changed"]["columns"].tolist() == ["status, co2_t"]
    after = pyogrio.read_dataframe(pair[1]).set_index("id")
    moved = found.index[found["change"] == "moved"][0]
    assert found.geometry[moved].equals(after.geometry[moved])
    assert found["moved_m"][moved] == 5.0
    counts = pyogrio.read_dataframe(out, layer="summary").iloc[0]
    assert [counts[name] for name in ("added", "removed", "changed", "moved", "same")] == [1, 1, 1, 1, 4]


def test_a_table_of_changes_holds_no_formula(tmp_path: Path, sites: GeoDataFrame) -> None:
    bad = "=cmd|'/c calc'!A1"
    before, after = put(tmp_path / "a.gpkg", industry=sites), put(tmp_path / "b.gpkg", industry=sites.assign(name=bad))
    found = compare(before, after)
    changes.write(found, tmp_path / "c.csv")
    with (tmp_path / "c.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 8
    assert {row["after"] for row in rows} == {f"'{bad}"}
    changes.write(found, tmp_path / "c.json")
    told = json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))
    assert told["layers"][0] | {"changed": 8, "same": 0} == told["layers"][0]
    assert {change["after"] for change in told["changes"]} == {bad}


def test_a_text_with_signs_for_the_terminal_is_told_as_one_plain_line(tmp_path: Path, sites: GeoDataFrame) -> None:
    before = put(tmp_path / "a.gpkg", industry=sites.head(1))
    after = put(tmp_path / "b.gpkg", industry=sites.head(1).assign(name="\x1b[2Jgone\nnext"))
    said = changes.told(compare(before, after), "en")
    assert "\x1b" not in said
    assert "[2Jgone next" in said


def hostile(folder: Path, kind: str) -> Path:
    """Make a file that is no snapshot."""
    path = folder / ("x.gpkg" if kind.endswith("gpkg") else "x.zip")
    if kind == "a list that names other files, called gpkg":
        path.write_text('<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>')
    elif kind == "a database that is no gpkg":
        with sqlite3.connect(path) as book:
            book.execute("CREATE TABLE x (y)")
        book.close()
    elif kind == "half a gpkg":
        whole = put(folder / "whole.gpkg", poles=catalogue.load("poles")).read_bytes()
        path.write_bytes(whole[: len(whole) // 3])
    elif kind == "not a zip":
        path.write_bytes(b"PK\x03\x04 no")
    elif kind == "a zip without data":
        bundle(path, Path(__file__), name="data/../x.gpkg")
    elif kind == "a zip of text":
        bundle(path, Path(__file__))
    return path


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("no such gpkg", "no such file"),
        ("a list that names other files, called gpkg", "not a GeoPackage"),
        ("a database that is no gpkg", "x.gpkg: not a GeoPackage"),
        ("half a gpkg", "a broken GeoPackage"),
        ("not a zip", "not a zip that can be read"),
        ("a zip without data", r"no data/\*\.gpkg in it"),
        ("a zip of text", r"x\.zip: data/layers\.gpkg: not a GeoPackage"),
    ],
)
def test_what_is_no_snapshot_is_refused_in_one_line(tmp_path: Path, kind: str, message: str) -> None:
    path = hostile(tmp_path, kind)
    with pytest.raises(OpeningError, match=message) as caught:
        compare(path, path)
    assert "\n" not in str(caught.value)


def test_a_bundle_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bundle(tmp_path / "x.zip", put(tmp_path / "x.gpkg", poles=catalogue.load("poles")))
    monkeypatch.setattr("layers.snapshot.opening.MOST_BYTES", 1000)
    with pytest.raises(OpeningError, match="at most 100 of 1000 in all are read"):
        compare(path, path)


def test_coordinates_off_the_earth_are_refused(tmp_path: Path) -> None:
    def at(lon: float) -> GeoDataFrame:
        return GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(lon, 43)], crs=4326)

    before, after = put(tmp_path / "a.gpkg", x=at(5)), put(tmp_path / "b.gpkg", x=at(1e30))
    with pytest.raises(DiffError, match="cannot compare layer 'x': its coordinates make no sense"):
        compare(before, after)


def test_the_command_tells_writes_and_refuses(
    pair: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["diff", *map(str, pair), "--lang", "en"]
    assert main(given) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[0] == "industry: 1 added, 1 removed, 1 changed, 1 moved, 4 the same"
    assert "moved by 5\u00a0m" in told
    assert main([*given, "--out", str(tmp_path / "x.json")]) == 0
    assert len(json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))["changes"]) == 5
    capsys.readouterr()
    assert main([*given, "--out", str(tmp_path / "x.pdf")]) == 2
    said = capsys.readouterr().err
    assert said == "provence-map: --out is 'x.pdf': name a file that ends with .csv, .json, .gpkg\n"
