"""Elevation: parts of tiles are read, not tiles; sea is told from a tile that is missing; one file is left, whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from pandas import DataFrame
from rio_cogeo.cogeo import cog_validate

from geo import raster
from layers.catalogue import load
from layers.sources import AnswerError, UnreachableError
from layers.sources import copernicus_dem as dem
from layers.sources.connector import Territory
from layers.sources.http import Client
from tests.services import faults
from tests.services.answers import copernicus_dem as answers
from tests.services.server import Answer, Services

SAMPLE = Path("/work/shared/samples/dem_srtm3_90m.tif")
SIDE = dem.SIDE


def territory(*codes: str) -> Territory:
    """Give the territory of some communes."""
    communes = load("communes")
    return Territory(communes[communes["code"].isin(codes)].reset_index(drop=True), DataFrame(), DataFrame())


# Port-de-Bouc and Martigues lie on both sides of the meridian where two tiles meet.
BOTH = territory("13077", "13056")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nothing between two tries."""
    monkeypatch.setitem(dem.GDAL, "GDAL_HTTP_RETRY_DELAY", "0.01")


@pytest.fixture
def bucket(services: Services) -> answers.Bucket:
    """Stand in for the bucket of tiles."""
    return answers.add(services)


@pytest.fixture
def fetched(tmp_path: Path) -> Iterator[Callable[[Territory], raster.Raster]]:
    """Fetch a territory's elevation to the test's folder, normalise it, and read what is left."""

    def run(place: Territory) -> raster.Raster:
        with Client() as client:
            said = dem.normalise(tmp_path, dem.fetch(client, tmp_path, place, lambda *_: None), place)
        return raster.read(said.rasters[dem.RASTER])

    yield run
    assert {path.name for path in tmp_path.iterdir()} <= {dem.FILE}


@cache
def made_up(south: int, west: int) -> NDArray[np.float32]:
    """Give the heights of a tile once."""
    return answers.heights(south, west)


def expected(grid: raster.Raster) -> NDArray[np.float32]:
    """Give the heights that the formula says for a grid that lies on two tiles side by side."""
    row, column = round((44 + 0.5 / SIDE - grid.bounds[3]) * SIDE), round((grid.bounds[0] - 4 + 0.5 / SIDE) * SIDE)
    rows, columns = grid.values.shape
    whole = np.hstack([made_up(43, 4)[row : row + rows], made_up(43, 5)[row : row + rows]])
    return whole[:, column : column + columns]


def test_tiles_are_named_by_their_south_west_corner() -> None:
    assert [tile.name for tile in dem.tiles((4.73, 43.15, 5.82, 43.78))] == [
        "Copernicus_DSM_COG_10_N43_00_E004_00_DEM",
        "Copernicus_DSM_COG_10_N43_00_E005_00_DEM",
    ]
    assert [(tile.south, tile.west) for tile in dem.tiles((-0.5, -1.0, 0.5, 1.0))] == [
        (-1, -1),
        (-1, 0),
        (0, -1),
        (0, 0),
    ]
    assert dem.Tile(-1, -1).name == "Copernicus_DSM_COG_10_S01_00_W001_00_DEM"


def test_a_small_part_of_two_tiles_becomes_one_file_that_says_whose_it_is(
    fetched: Callable[[Territory], raster.Raster], bucket: answers.Bucket, tmp_path: Path
) -> None:
    grid = fetched(BOTH)
    assert np.array_equal(grid.values, expected(grid))
    west, south, east, north = BOTH.bounds
    assert grid.bounds == pytest.approx((west, south, east, north), abs=1 / SIDE)
    whole = sum(len(made()) for made in bucket.tiles.values())
    assert 0 < bucket.sent < whole / 10, f"{bucket.sent} of {whole} bytes were sent"
    valid, wrong, odd = cog_validate(tmp_path / dem.FILE, strict=True, quiet=True)
    assert (valid, wrong, odd) == (True, [], [])
    with rasterio.open(tmp_path / dem.FILE) as found:
        assert (str(found.crs), found.nodata, found.dtypes) == ("EPSG:4326", dem.NODATA, ("float32",))
        assert dem.NOTICE in found.tags()["TIFFTAG_COPYRIGHT"]
        assert dem.DISCLAIMER in found.tags()["NOTICE"]


def test_no_tile_over_sea_is_the_sea_and_none_over_land_is_an_error(
    fetched: Callable[[Territory], raster.Raster], bucket: answers.Bucket, tmp_path: Path
) -> None:
    land = territory("13055")
    bucket.tiles.pop(dem.Tile(43, 4).name)
    with pytest.raises(AnswerError, match=r"has no tile Copernicus_DSM_COG_10_N43_00_E004_00_DEM, where .* has land"):
        fetched(BOTH)
    sea = _Wide(land.communes, DataFrame(), DataFrame())
    with Client() as client:
        got = dem.fetch(client, tmp_path, sea, lambda *_: None)
    said = dem.normalise(tmp_path, got, sea)
    grid = raster.read(tmp_path / dem.FILE)
    border = round((5 - 0.5 / SIDE - grid.bounds[0]) * SIDE)
    assert not grid.values[:, :border].any()
    assert grid.values[:, border:].min() > 0
    assert (
        said.notes[0]["en"] == "Elevation: taken as sea, at 0 m, where no tile exists (" + dem.Tile(43, 4).name + ")."
    )
    bucket.tiles.clear()
    with pytest.raises(AnswerError, match="has land"):
        fetched(land)


class _Wide(Territory):
    """Marseille, in bounds that reach out to sea."""

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return bounds that begin in the tile to the west."""
        _, _, east, _ = super().bounds
        return 4.99, 43.25, min(east, 5.3), 43.3


def test_tiles_that_did_not_change_are_not_read_again(bucket: answers.Bucket, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("first", "again", "wider", "changed")]
    for folder in folders:
        folder.mkdir()
    first, again, wider, changed = folders
    with Client() as client:
        got = dem.fetch(client, first, BOTH, lambda *_: None)
    with Client() as client:
        client.remember(first, got.received)
        sent = bucket.sent
        same = dem.fetch(client, again, BOTH, lambda *_: None)
        assert bucket.sent == sent
        assert all(one.unchanged for one in same.received)
        assert (again / dem.FILE).read_bytes() == (first / dem.FILE).read_bytes()
        # What is kept is of too small a place, or of another tile: it is read again.
        for folder, place in ((wider, territory("13077", "13056", "13039")), (changed, BOTH)):
            if folder is changed:
                flat = np.full((SIDE, SIDE), 7.0, dtype=np.float32)
                bucket.tiles[dem.Tile(43, 4).name] = partial(answers.packed, flat, dem.Tile(43, 4))
            fresh = dem.fetch(client, folder, place, lambda *_: None)
            assert bucket.sent > sent
            assert not any(one.unchanged for one in fresh.received)
            sent = bucket.sent
    assert raster.read(changed / dem.FILE).values[0, 0] == 7.0


def test_a_service_without_ranges_sends_the_tile_whole_up_to_a_limit(
    fetched: Callable[[Territory], raster.Raster],
    bucket: answers.Bucket,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bucket.ranges = False
    grid = fetched(BOTH)
    assert np.array_equal(grid.values, expected(grid))
    said = [record.getMessage() for record in caplog.records if "sends no parts" in record.getMessage()]
    assert len(said) == len(bucket.tiles)
    assert "is fetched whole, up to 64 MB" in said[0]
    monkeypatch.setattr(dem, "MOST_BYTES", 1_000_000)
    with pytest.raises(AnswerError, match="answers with more than the 1,000,000 bytes expected at most"):
        fetched(BOTH)


def test_a_service_that_stumbles_is_asked_again_and_one_that_breaks_off_is_told(
    fetched: Callable[[Territory], raster.Raster], bucket: answers.Bucket, services: Services
) -> None:
    services.fault(dem.HOST, faults.status(500), times=2)
    assert fetched(BOTH).values.min() > 0
    for fault, said in (
        (faults.cut(), "broke off"),
        (faults.status(503), r"HTTP 503"),
        (faults.status(429, retry_after="1"), "wants to be left alone"),
    ):
        services.mend()
        services.fault(dem.HOST, fault)
        with pytest.raises(UnreachableError, match=said):
            fetched(BOTH)
    assert bucket.sent


def test_what_is_no_tile_is_refused(
    fetched: Callable[[Territory], raster.Raster], bucket: answers.Bucket, services: Services, tmp_path: Path
) -> None:
    def other(**changes: object) -> Answer:
        profile = {"height": 360, "width": 360, "count": 1, "dtype": "float32", "crs": "EPSG:4326"} | changes
        profile.setdefault("transform", rasterio.Affine(1 / 360, 0.0, 4.0, 0.0, -1 / 360, 44.0))
        with rasterio.MemoryFile() as raw:
            with raw.open(driver="GTiff", **profile) as made:
                made.write(np.ones((360, 360), dtype=str(profile["dtype"])), 1)
            return Answer(bytes(raw.read()), kind="image/tiff")

    fine = rasterio.Affine(1 / SIDE, 0.0, 4.0, 0.0, -1 / SIDE, 44.0)
    cases = {
        "another raster .*0.00278° × 0.00278°": other(),
        "another raster .*EPSG:2154": other(crs="EPSG:2154", transform=fine),
        "another raster .*int16": other(dtype="int16", transform=fine),
        "cannot be read as a raster": Answer(faults.PAGE * 200, kind="text/html"),
    }
    for said, answer in cases.items():
        services.answer(dem.HOST, answer)
        with pytest.raises(AnswerError, match=said):
            fetched(BOTH)
    assert bucket.sent == 0
    assert not list(tmp_path.iterdir())


def test_elevation_kept_for_another_place_or_without_relief_is_refused(
    fetched: Callable[[Territory], raster.Raster], bucket: answers.Bucket, tmp_path: Path
) -> None:
    fetched(BOTH)
    kept = dem.Fetched((), 0)
    with pytest.raises(AnswerError, match="not the whole metropolis: refresh copernicus_dem again"):
        dem.normalise(tmp_path, kept, territory("13001"))
    grid = raster.read(tmp_path / dem.FILE)
    for values, said in ((grid.values * 0, "from 0 m to 0 m"), (grid.values * 1000, "which no land of France does")):
        raster.write_cog(replace(grid, values=values), tmp_path / dem.FILE, tags={})
        with pytest.raises(AnswerError, match=said):
            dem.normalise(tmp_path, kept, BOTH)
    assert bucket.sent


@pytest.mark.skipif(not SAMPLE.is_file(), reason=f"no sample of real elevation at {SAMPLE}")
def test_real_relief_comes_through_unchanged(services: Services, fetched: Callable[[Territory], raster.Raster]) -> None:
    with rasterio.open(SAMPLE) as found:
        real, place = found.read(1), found.transform

    def heights(south: int, west: int) -> NDArray[np.float32]:
        lon = (np.arange(SIDE) / SIDE + west - place.c) / place.a
        lat = (south + 1 - np.arange(SIDE) / SIDE - place.f) / place.e
        inside = np.ix_(lat.astype(int).clip(0, real.shape[0] - 1), lon.astype(int).clip(0, real.shape[1] - 1))
        return real[inside].astype(np.float32)

    tiles = {
        tile.name: partial(answers.packed, heights(43, tile.west), tile) for tile in dem.tiles((4.7, 43.2, 5.8, 43.7))
    }
    bucket = answers.Bucket(tiles)
    services.answer(dem.HOST, bucket)
    # Vauvenargues lies between the Sainte-Victoire (1,011 m) and the valley of the Infernet.
    grid = fetched(territory("13111"))
    assert 900 < grid.values.max() < 1030
    assert 150 < grid.values.min() < 450
    size = len(tiles[dem.Tile(43, 5).name]())
    assert 0 < bucket.sent < size / 4, f"{bucket.sent} of {size} bytes were sent"
