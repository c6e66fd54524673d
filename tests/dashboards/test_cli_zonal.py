"""The command that measures a raster by zone: what it writes and says, and the one clear line when it cannot."""

from __future__ import annotations

import csv
import logging
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from rasterio import Affine

from dashboards.cli import main
from geo import crs, raster, vector
from geo.testing import squares
from layers import catalogue, zonal
from layers.errors import RequestError

SCORE, PORT = "Score, 0 to 1", "Seaport (port), 0 to 1"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English whatever the terminal."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def siting(tmp_path: Path) -> Path:
    """Write a raster of two bands over the metropolis in Lambert-93: 1 everywhere, and the easting in kilometres."""
    communes = catalogue.load("communes").to_crs(crs.LAMBERT93)
    place, shape = raster.grid(tuple(communes.total_bounds), 200.0)
    ones = raster.Raster(np.ones(shape, dtype=np.float32), place, crs.LAMBERT93, math.nan)
    east = np.broadcast_to(ones.centres()[0] / 1000, shape).astype(np.float32)
    raster.write_cog([ones, ones.with_values(east)], tmp_path / "siting.tif", names=[SCORE, PORT])
    return tmp_path / "siting.tif"


def rows(path: Path) -> list[dict[str, str]]:
    """Read a table as a spreadsheet would."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_commune_has_its_row_and_its_area(siting: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    out = tmp_path / "table.csv"
    with caplog.at_level(logging.INFO):
        assert main(["zonal", "--raster", str(siting), "--zones", "communes", "--out", str(out)]) == 0
    assert "table.csv: 92 zones, Score, 0 to 1 of siting.tif" in caplog.text
    found, communes = rows(out), catalogue.load("communes").to_crs(crs.LAMBERT93).sort_values("code")
    told = ["raster", "raster_source", "zones_source"]
    assert list(found[0]) == ["code", "name", "count", "mean", "min", "max", *told]
    assert [found[0][name][:21] for name in told] == ["siting.tif", "its file does not say", "Contours: IGN (data-f"]
    assert [row["code"] for row in found] == communes["code"].tolist()
    # A cell has four hectares.
    areas = [float(row["count"]) * 0.04 for row in found]
    assert areas == pytest.approx((communes.area / 1e6).tolist(), rel=1e-5)
    assert {row["mean"] for row in found} == {"1.0"}


def test_bands_statistics_and_zones_are_chosen(siting: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    beyond = squares(1, 1).assign(code="Z9").set_geometry([shapely.box(0, 0, 10, 10)], crs=crs.LAMBERT93)
    zones = pd.concat([squares(2, 1), beyond], ignore_index=True)
    file, out = tmp_path / "zones.gpkg", tmp_path / "table.csv"
    vector.write(zones.to_crs(crs.WGS84), file)
    asked = ["--statistics", "mean,sum", "--bands", "port,score", "--lang", "fr"]
    with caplog.at_level(logging.INFO):
        assert main(["zonal", "--raster", str(siting), "--zones", str(file), *asked, "--out", str(out)]) == 0
    assert "zones sans cellule connue\u202f: 1" in caplog.text
    found = rows(out)
    measures = [f"{band}.{name}" for band in (PORT, SCORE) for name in ("mean", "sum")]
    assert list(found[0]) == ["code", *measures, "raster", "raster_source", "zones_source"]
    assert (found[0]["raster_source"], found[0]["zones_source"]) == ("son fichier ne le dit pas", "zones.gpkg")
    assert [row["code"] for row in found] == ["A1", "B1", "Z9"]
    # The first square reaches from 890 to 891 km; there and back through degrees costs less than a metre.
    assert float(found[0][f"{PORT}.mean"]) == pytest.approx(890.5, abs=1e-3)
    assert float(found[1][f"{SCORE}.sum"]) == pytest.approx(25, rel=1e-4)
    # A number, a name in full or without its unit, an id in brackets: all name the same band.
    for name in ("2", "Seaport (port)", "PORT"):
        assert zonal.zoned(siting, "poles", bands=[name]).bands == (PORT,)
    assert zonal.zoned(siting, "poles", bands=["all"]).bands == (SCORE, PORT)
    assert (found[2][f"{PORT}.mean"], found[2][f"{SCORE}.sum"]) == ("", "0.0")


def test_a_raster_of_which_nothing_is_known_gives_empty_cells(
    siting: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole, out = raster.read(siting), tmp_path / "table.csv"
    raster.write_cog(whole.with_values(np.full_like(whole.values, np.nan)), tmp_path / "unknown.tif")
    with caplog.at_level(logging.INFO):
        assert main(["zonal", "--raster", str(tmp_path / "unknown.tif"), "--zones", "poles", "--out", str(out)]) == 0
    assert "zones without a known cell: 3; their cells are empty" in caplog.text
    assert [(row["count"], row["mean"], row["max"]) for row in rows(out)] == [("0.0", "", "")] * 3


def test_what_cannot_be_measured_is_told_in_one_line(
    siting: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cut.tif").write_bytes(siting.read_bytes()[:-9_000])
    (tmp_path / "text.tif").write_text("no raster")
    ones = np.ones((4, 4), dtype=np.float32)
    far = raster.Raster(ones, Affine(1.0, 0.0, 100.0, 0.0, -1.0, 100.0), crs.LAMBERT93)
    raster.write_cog(far, tmp_path / "far.tif")
    profile = {"driver": "GTiff", "height": 4, "width": 4, "count": 1, "dtype": "float32", "transform": far.transform}
    with rasterio.open(tmp_path / "nowhere.tif", "w", **profile) as made:
        made.write(ones, 1)
    cases: list[tuple[list[str], str]] = [
        (["--raster", str(tmp_path / "none.tif")], "cannot read"),
        (
            ["--raster", str(tmp_path / "nowhere.tif")],
            "nowhere.tif has no coordinate system, and one was expected:",
        ),
        (["--raster", str(tmp_path / "text.tif")], "not recognized as being in a supported file format"),
        (["--raster", str(tmp_path / "cut.tif"), "--bands", "port"], "cut.tif as a raster"),
        (["--raster", str(tmp_path / "far.tif")], "no zone lies on the raster, which covers 100, 96, 104, 100"),
        (["--zones", "stations"], "There are no zones “stations”: choose from poles, communes"),
        (["--zones", "zones.xyz"], "extension '.xyz'"),
        (["--bands", "rail"], "There is no band “rail”: this raster has 1 Score, 0 to 1; 2 Seaport (port), 0 to 1."),
        (["--statistics", "mode"], "There is no statistic “mode”: choose from count, sum"),
        (["--out", str(tmp_path / "table.xls")], "table.xls does not end with .csv"),
        (["--out", str(tmp_path / "none" / "t.csv")], "make it first"),
    ]
    for given, said in cases:
        assert main(["zonal", "--raster", str(siting), "--out", str(tmp_path / "t.csv"), *given]) == 2, said
        told = capsys.readouterr().err
        assert told.startswith("provence-map: ")
        assert said in told
        assert told.count("\n") == 1
    for name in ("nowhere.tif", "cut.tif", "far.tif"):
        with pytest.raises(RequestError) as caught:
            zonal.zoned(tmp_path / name, "poles", bands=["all"])
        assert caught.value.said["fr"].startswith(f"{name} ne ") or "n’a pas de système" in caught.value.said["fr"], (
            name
        )
    assert not list(tmp_path.glob("t*.csv"))
