"""A raster is written whole as a Cloud Optimized GeoTIFF, with its place, its tags and what is not known."""

from __future__ import annotations

import math
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from rasterio import Affine
from rio_cogeo.cogeo import cog_validate

from geo import crs, raster
from geo.errors import CRSError, FormatError, GeometryError
from geo.raster import reading
from geo.testing import squares


def slope(rows: int = 700, columns: int = 900) -> raster.Raster:
    """Make a slope with one unknown cell."""
    values = np.add.outer(np.arange(rows), np.arange(columns)).astype(np.float32)
    values[3:4, 4:5] = -1.0
    return raster.Raster(values, Affine(1 / 3600, 0.0, 5.0, 0.0, -1 / 3600, 43.5), crs.WGS84, nodata=-1.0)


def metres(values: NDArray[Any], nodata: float | None = None, *, step: float = 100.0) -> raster.Raster:
    """Put numbers into cells of Lambert-93 near Marseille."""
    return raster.Raster(values, Affine(step, 0.0, 890_000.0, 0.0, -step, 6_260_000.0), crs.LAMBERT93, nodata)


def plain(path: Path, values: NDArray[Any], **profile: Any) -> Path:
    """Write a GeoTIFF as somebody else would."""
    usual = {"driver": "GTiff", "height": values.shape[0], "width": values.shape[1], "count": 1}
    place = Affine(100.0, 0.0, 890_000.0, 0.0, -100.0, 6_260_000.0)
    usual |= {"dtype": values.dtype.name, "crs": crs.LAMBERT93, "transform": place}
    with rasterio.open(path, "w", **(usual | profile)) as made:
        made.write(values, 1)
    return path


def assert_same(one: raster.Raster, two: raster.Raster) -> None:
    """Fail unless both lie upon each other and hold the same numbers, known and unknown."""
    raster.require_same(one, two)
    assert np.array_equal(one.known, two.known)
    assert np.array_equal(one.values[one.known], two.values[two.known])


def assert_cog(path: Path) -> None:
    """Fail unless a file is a Cloud Optimized GeoTIFF with nothing to be said against it."""
    assert cog_validate(path, strict=True, quiet=True) == (True, [], []), path


def test_a_grid_comes_back_as_it_was_with_its_place_and_tags(tmp_path: Path) -> None:
    path, made = tmp_path / "a.tif", slope()
    raster.write_cog(made, path, tags={"NOTICE": "© somebody, all rights reserved"})
    back = raster.read(path)
    assert np.array_equal(back.values, made.values)
    assert back.bounds == pytest.approx((5.0, 43.5 - 700 / 3600, 5.25, 43.5))
    assert back.nodata == -1.0
    assert raster.about(path).tags["NOTICE"] == "© somebody, all rights reserved"
    assert_cog(path)
    with rasterio.open(path) as found:
        assert found.overviews(1) == [2]
    assert [found.name for found in tmp_path.iterdir()] == ["a.tif"]


@given(data=st.data(), dtype=st.sampled_from(["uint8", "int16", "int32", "float32", "float64", "bool"]))
def test_any_numbers_come_back_as_they_were(
    data: st.DataObject, dtype: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows, columns = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 9))
    random = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    values = random.integers(0, 2 if dtype == "bool" else 100, (rows, columns)).astype(dtype)
    nodata = None if dtype == "bool" else data.draw(st.sampled_from([None, 7.0]))
    if dtype.startswith("float") and data.draw(st.booleans()):
        values[random.random(values.shape) < 0.3], nodata = np.nan, math.nan
    made = metres(values, nodata, step=data.draw(st.sampled_from([25.0, 100.0, 333.3])))
    path = tmp_path_factory.mktemp("round") / "a.tif"
    raster.write_cog(made, path, kind="classes")
    back = raster.read(path, crs=crs.LAMBERT93)
    assert_same(made.with_values(values.astype(np.uint8)) if dtype == "bool" else made, back)
    assert_cog(path)


def test_bands_lie_upon_each_other_and_keep_their_names(tmp_path: Path) -> None:
    path = tmp_path / "bands.tif"
    port, rail = metres(np.eye(600, dtype=np.float32)), metres(np.full((600, 600), 0.5, dtype=np.float32))
    raster.write_cog([port, rail], path, names=["port", "rail"], tags={"RECIPE": '{"port": 3}'})
    assert_cog(path)
    assert raster.about(path).names == ("port", "rail")
    assert_same(raster.read(path, band=2), rail)
    moved = raster.Raster(rail.values, Affine(100.0, 0.0, 890_050.0, 0.0, -100.0, 6_260_000.0), rail.crs)
    elsewhere = raster.Raster(rail.values, rail.transform, "EPSG:3857")
    cases: list[tuple[list[raster.Raster], list[str], type[Exception], str]] = [
        ([port, moved], [], GeometryError, "grids differ: .*call onto"),
        ([port, elsewhere], [], CRSError, "the raster is in EPSG:3857, EPSG:2154 expected"),
        ([port, port.with_values(port.values.astype(float))], [], GeometryError, "bands of several types"),
        ([port, rail], ["port"], GeometryError, "1 names for 2 bands"),
        ([], [], GeometryError, "no band to write"),
    ]
    for bands, names, kind, said in cases:
        with pytest.raises(kind, match=said):
            raster.write_cog(bands, tmp_path / "b.tif", names=names)
    with pytest.raises(GeometryError, match="has 2 bands: a band from 1 to 2 was expected, not 3"):
        raster.read(path, band=3)
    assert [found.name for found in tmp_path.iterdir()] == ["bands.tif"]


def test_a_window_is_the_part_of_the_whole(tmp_path: Path) -> None:
    path, made = tmp_path / "a.tif", slope()
    raster.write_cog(made, path)
    west, south, east, north = 5.0 + 10 / 3600, 43.5 - 30 / 3600, 5.0 + 25 / 3600, 43.5 - 20 / 3600
    assert_same(raster.read(path, bounds=(west, south, east, north)), made.part(slice(20, 30), slice(10, 25)))
    # Half a cell more on each side takes the cells it lies in; beyond the edge there is nothing to take.
    half = 0.5 / 3600
    wider = raster.read(path, bounds=(west - half, south - half, east + half, north + half))
    assert_same(wider, made.part(slice(19, 31), slice(9, 26)))
    assert_same(raster.read(path, bounds=(0.0, north, west, 50.0)), made.part(slice(0, 20), slice(0, 10)))
    with pytest.raises(GeometryError, match=r"nothing of .*a.tif lies in what was asked for \(2, 48, 3, 49\)"):
        raster.read(path, bounds=(2, 48, 3, 49))


def test_blocks_make_the_same_file_as_the_whole(tmp_path: Path) -> None:
    random = np.random.default_rng(7).random((130, 170)).astype(np.float32) * 40
    random[50:60, 60:70] = -9.0
    height = metres(random, -9.0, step=25.0)
    raster.write_cog(height, tmp_path / "height.tif")
    whole = raster.slope_degrees(height)
    with raster.writer(whole, tmp_path / "slope.tif", names=["slope"]) as put:
        for block in raster.blocks(tmp_path / "height.tif", 64, margin=1):
            assert max(block.wide.shape) <= 66
            put(block.inner(raster.slope_degrees(block.wide)), 1)
    back = raster.read(tmp_path / "slope.tif")
    assert np.array_equal(back.known, whole.known)
    assert np.allclose(back.filled(), whole.filled(), equal_nan=True, atol=1e-5)
    assert_cog(tmp_path / "slope.tif")
    with (
        pytest.raises(GeometryError, match=r"a block at column 0\.500, row 0\.000 is not of the file's grid"),
        raster.writer(whole, tmp_path / "b.tif") as put,
    ):
        put(raster.Raster(whole.values, Affine(25.0, 0.0, 890_012.5, 0.0, -25.0, 6_260_000.0), crs.LAMBERT93), 1)
    with pytest.raises(GeometryError, match="blocks of 0 cells"):
        next(raster.blocks(tmp_path / "height.tif", 0))
    assert sorted(found.name for found in tmp_path.iterdir()) == ["height.tif", "slope.tif"]


def test_a_mask_and_a_scale_of_the_file_are_understood(tmp_path: Path) -> None:
    path = plain(tmp_path / "a.tif", np.array([[10, 20], [30, 40]], dtype=np.int16))
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (0.5,), (100.0,)
        file.write_mask(np.array([[True, True], [True, False]]))
    found = raster.read(path)
    assert np.array_equal(found.filled(), [[105, 110], [115, np.nan]], equal_nan=True)


def test_what_cannot_be_written_or_read_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(GeometryError, match=r"a grid of shape \(0, 5\) has no cells"):
        slope(0, 5)
    with pytest.raises(FormatError, match=r"no folder .*, make it first"):
        raster.write_cog(slope(), tmp_path / "none" / "a.tif")
    (tmp_path / "b.tif").write_bytes(b"II*\0 and nothing more")
    with pytest.raises(FormatError, match=r"cannot read .*b.tif as a raster"):
        raster.read(tmp_path / "b.tif")
    assert [found.name for found in tmp_path.iterdir()] == ["b.tif"]


def test_files_without_a_place_or_cut_short_are_refused(tmp_path: Path) -> None:
    values = np.arange(360_000, dtype=np.float32).reshape(600, 600)
    whole = plain(tmp_path / "whole.tif", values)
    (tmp_path / "cut.tif").write_bytes(whole.read_bytes()[:-200_000])
    turned = plain(tmp_path / "turned.tif", values, transform=Affine(1.0, 0.5, 0.0, 0.5, -1.0, 0.0))
    south_up = plain(tmp_path / "up.tif", values, transform=Affine(100.0, 0.0, 890_000.0, 0.0, 100.0, 6_200_000.0))
    nowhere = plain(tmp_path / "nowhere.tif", values, crs=None)
    raster.write_cog(slope(), tmp_path / "degrees.tif")
    cases: list[tuple[Path, type[Exception], str]] = [
        (nowhere, CRSError, "the raster has no coordinate system: say which it is in"),
        (tmp_path / "degrees.tif", CRSError, r"the raster is in EPSG:4326, EPSG:2154 expected: call reproject"),
        (tmp_path / "cut.tif", FormatError, r"cannot read .*cut\.tif as a raster: \S+"),
        (tmp_path / "missing.tif", FormatError, r"cannot read .*missing\.tif as a raster"),
        (turned, GeometryError, "turned or upside down"),
        (south_up, GeometryError, "turned or upside down"),
    ]
    for path, kind, said in cases:
        with pytest.raises(kind, match=said):
            raster.read(path, crs=crs.LAMBERT93)
    with pytest.raises(GeometryError, match="turned or upside down"):
        raster.read(south_up, bounds=(890_000.0, 6_210_000.0, 900_000.0, 6_220_000.0))
    with pytest.raises(GeometryError, match="turned or upside down"):
        raster.zonal(south_up, squares())
    with pytest.raises(CRSError, match="'EPSG:nothing' is no coordinate system"):
        raster.Raster(values, Affine(1.0, 0.0, 0.0, 0.0, -1.0, 0.0), "EPSG:nothing")


def test_finer_cells_are_averaged_as_they_are_read_and_stay_in_their_place(tmp_path: Path) -> None:
    values = np.arange(3_600, dtype=np.float32).reshape(60, 60)
    values[:5, :5] = -9.0
    made = metres(values, -9.0, step=5.0)
    raster.write_cog(made, tmp_path / "fine.tif")
    found = raster.read(tmp_path / "fine.tif", finest=(25.0, 25.0))
    assert (found.shape, found.bounds) == ((12, 12), made.bounds)
    assert found.filled()[1:] == pytest.approx(made.filled().reshape(12, 5, 12, 5).mean(axis=(1, 3))[1:], abs=0.01)
    assert np.array_equal(np.argwhere(~found.known), [[0, 0]])
    # What is hardly finer is left as it is.
    assert_same(raster.read(tmp_path / "fine.tif", finest=(5.4, 5.4)), made)


def test_no_more_is_read_at_once_than_memory_should_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raster.write_cog(slope(60, 60), tmp_path / "a.tif")
    monkeypatch.setattr(reading, "MOST_CELLS", 1_000)
    with pytest.raises(GeometryError, match=r"has 3,600 cells, at most 1,000 at once: ask for bounds or blocks"):
        raster.read(tmp_path / "a.tif")
    assert sum(block.wide.values.size for block in raster.blocks(tmp_path / "a.tif", 30)) == 3_600


def test_numbers_are_held_unchanged_and_unknown_ones_are_told() -> None:
    own = np.array([[1.0, np.inf], [np.nan, -9.0]])
    made = metres(own, -9.0)
    assert made.known.tolist() == [[True, False], [False, False]]
    with pytest.raises(ValueError, match="read-only"):
        made.values[0, 0] = 2.0
    own[0, 0] = 1.0  # whoever made the array may still write to it
    assert np.isnan(made.filled()[1]).all()
    with pytest.raises(GeometryError, match=r"an array of shape \(1, 2\) for a grid of \(2, 2\)"):
        made.with_values(own[:1])


@pytest.mark.skipif(shutil.which("gdalinfo") is None, reason="no gdalinfo on this machine")
def test_gdal_of_the_system_reads_what_is_written(tmp_path: Path) -> None:
    raster.write_cog(
        [metres(np.ones((900, 900), np.float32), math.nan)] * 2, tmp_path / "a.tif", names=["port", "rail"]
    )
    said = subprocess.run(["gdalinfo", tmp_path / "a.tif"], capture_output=True, text=True, check=True).stdout
    for word in (
        "LAYOUT=COG",
        "RGF93",
        "Pixel Size = (100.0",
        "NoData Value=nan",
        "Description = rail",
        "Overviews: 450x450",
    ):
        assert word in said, said
