"""The relief: absent without terrain, its grid and heights with it, and a person's GeoTIFF taken up or refused."""

from __future__ import annotations

import base64
import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from geopandas import GeoDataFrame
from rasterio import Affine
from rio_cogeo import cog_validate

from geo import crs, raster
from geo.errors import CRSError, FormatError, GeoError
from layers import catalogue, editions
from layers.refresh.store import Live
from layers.relief import ReliefError, given, picture, terrain
from layers.view import DEFAULT_LAYERS, View
from layers.web import make_map, payload
from layers.web import relief as packing
from tests import hills

SAMPLE = Path("/work/shared/samples/dem_srtm3_90m.tif")
BASE = Path(__file__).resolve().parents[2] / "data"


def slope() -> raster.Raster:
    """Make SYNTHETIC terrain that rises to the north-east, in metres (EPSG:4326)."""
    rise = np.add.outer(np.arange(170, 0, -1), np.arange(270)).astype(np.float32)
    return raster.Raster(rise, Affine(0.005, 0, 4.6, 0, -0.005, 43.9), crs.WGS84, hills.NODATA)


def test_without_terrain_nothing_of_it_is_in_the_document_but_how_to_get_it() -> None:
    assert terrain.in_force() is None
    assert packing.grid() is None
    config = payload.config(DEFAULT_LAYERS, view=View(relief=True))
    assert "relief" not in config
    assert {key for key in config["texts"]["en"] if key.startswith("relief.")} == {"relief.not_here"}
    html = make_map().html
    assert "pm.relief = {" not in html


def test_the_grid_is_of_pixels_of_the_world_and_comes_back_from_its_bytes(hilly: Path) -> None:
    with editions.using(hilly):
        made = picture.picture()
        said = packing.config(DEFAULT_LAYERS, inside=True)
    assert made is not None
    assert said is not None
    rows, columns = made.heights.shape
    assert (said["rows"], said["columns"], said["px"]) == (rows, columns, pytest.approx(2.0**-picture.ZOOM))
    for corner in (said["left"], said["top"]):
        assert corner / said["px"] == pytest.approx(round(corner / said["px"]), abs=1e-4)
    plain = gzip.decompress(base64.b64decode(said["data"]))
    low, high, shades = np.frombuffer(plain, np.uint8).reshape(3, rows, columns)
    steps = (low.astype(np.uint16) | (high.astype(np.uint16) << 8)).view(np.int16)
    assert np.array_equal(np.cumsum(steps, axis=1, dtype=np.int16), made.heights)
    assert np.array_equal(shades, made.shades)
    # A table is level everywhere, and known but for its holes.
    assert set(np.unique(shades)) == {made.flat, picture.UNKNOWN}
    assert set(np.unique(made.heights[shades != picture.UNKNOWN])) == {500}


def test_a_slope_is_brighter_towards_the_light_than_away_from_it() -> None:
    up = slope()
    # Turned over it falls to the north-west or to the south-east: the lights stand from south-west to north.
    toward, away = (
        picture.made(up.with_values(values * 20, nodata=hills.NODATA))
        for values in (up.values[::-1], up.values[:, ::-1])
    )
    assert np.median(away.shades) < toward.flat < np.median(toward.shades)


def test_points_and_communes_are_as_high_as_the_terrain_and_unknown_beyond_it() -> None:
    like = slope()
    points = GeoDataFrame(geometry=[*_points((5.0, 43.5), (7.0, 43.5))], crs=crs.WGS84)
    inside, beyond = terrain.point_heights(like, points)
    # Columns of 0.005° from 4.6 and rows from 43.05 up, read between the middles of cells.
    assert inside == pytest.approx(80 + 90, abs=1.01)
    assert beyond is None
    communes = catalogue.load("communes").set_index("code").loc[["13055"]]
    ((low, high),) = [span for span in terrain.area_heights(like, communes) if span]
    west, south, east, north = communes.total_bounds
    cut = raster.Raster(like.values[:, :150], like.transform, like.crs, like.nodata)
    assert terrain.area_heights(cut, communes) == [None]
    assert (west - 4.6 + south - 43.05) / 0.005 - 3 <= low < high <= (east - 4.6 + north - 43.05) / 0.005 + 3


def _points(*places: tuple[float, float]) -> GeoDataFrame:
    return GeoDataFrame(geometry=[], crs=crs.WGS84).geometry.from_xy(*zip(*places, strict=True))


def test_a_refresh_keeps_what_a_person_gave_in_the_place_of_what_it_brought(hilly: Path, tmp_path: Path) -> None:
    part = tmp_path / "part"
    (part / "rasters").mkdir(parents=True)
    (part / "rasters" / "elevation.tif").write_bytes(b"brought")
    terrain.carry(hilly, part)
    assert terrain.given_of(part) == hills.SAID
    assert (part / "rasters" / "elevation.tif").read_bytes() == (hilly / "rasters" / "elevation.tif").read_bytes()
    shutil.rmtree(part / "rasters")
    for before in (None, BASE):
        terrain.carry(before, part)
        assert not (part / "rasters").exists()


def test_terrain_given_is_an_edition_with_the_tables_in_force_and_its_own_words(tmp_path: Path) -> None:
    file = tmp_path / "slope.tif"
    raster.write_cog(raster.reproject(slope(), crs.LAMBERT93), file)
    live = tmp_path / "live"
    first = given.give(file, live=live, base=BASE)
    second = given.give(file, live=live, base=BASE, source="Survey of the example", vintage="1999")
    assert editions.read_current(live) == second != first
    assert Live(live).previous() == first
    assert editions.checked(second, BASE).base == editions.base_version(BASE)
    same = [path.relative_to(BASE) for path in (BASE / "tables").iterdir()]
    assert [str(path) for path in same if (second / path).read_bytes() != (BASE / path).read_bytes()] == []
    valid, errors, warnings = cog_validate(second / "rasters" / "elevation.tif", strict=True)
    assert (valid, errors, warnings) == (True, [], [])
    with editions.using(second):
        found = terrain.in_force()
        assert found is not None
        assert "Survey of the example, 1999" in terrain.words(found.source)["en"]
    with editions.using(first):
        found = terrain.in_force()
        assert found is not None
        assert terrain.words(found.source) == {
            "en": "Terrain of the file slope.tif, not stated, not stated",
            "fr": "Terrain du fichier slope.tif, non précisé, non précisé",
        }


def _write(path: Path, change: Callable[[raster.Raster], raster.Raster]) -> Path:
    raster.write_cog(change(slope()), path)
    return path


def test_terrain_that_cannot_be_used_is_refused_with_what_was_expected_and_nothing_changes(tmp_path: Path) -> None:
    import rasterio

    plain = tmp_path / "plain.tif"
    with rasterio.open(plain, "w", driver="GTiff", width=9, height=9, count=1, dtype="float32",
                       transform=Affine(0.2, 0, 4.6, 0, -0.2, 44)) as file:  # fmt: skip
        file.write(np.ones((1, 9, 9), dtype=np.float32))
    away = _write(
        tmp_path / "away.tif",
        lambda up: raster.Raster(up.values, Affine(0.005, 0, -70, 0, -0.005, -33), crs.WGS84, hills.NODATA),
    )
    empty = _write(tmp_path / "empty.tif", lambda up: up.with_values(up.values * 0 + hills.NODATA, nodata=hills.NODATA))
    feet = _write(tmp_path / "feet.tif", lambda up: up.with_values(up.values * 100, nodata=hills.NODATA))
    cut = tmp_path / "cut.tif"
    cut.write_bytes(feet.read_bytes()[:5000])
    broken = _write(tmp_path / "words.tif", lambda up: up)
    broken.write_text("no raster", encoding="utf-8")
    cases: list[tuple[Path, type[GeoError], str]] = [
        (plain, CRSError, "no coordinate system"),
        (away, ReliefError, "terrain of the metropolis of Aix-Marseille-Provence was expected"),
        (empty, ReliefError, "every cell there is nodata"),
        (feet, ReliefError, "heights in metres were expected"),
        (cut, FormatError, "cannot read"),
        (broken, FormatError, "cannot read"),
        (tmp_path / "none.tif", FormatError, "cannot read"),
    ]
    live = tmp_path / "live"
    for path, kind, said in cases:
        with pytest.raises(kind, match=said):
            given.give(path, live=live, base=BASE)
    assert not (live / "current.json").exists()


def test_words_about_terrain_that_cannot_be_read_are_told_with_their_file(hilly: Path, tmp_path: Path) -> None:
    (tmp_path / "rasters").mkdir()
    shutil.copyfile(hilly / "rasters" / "elevation.tif", tmp_path / "rasters" / "elevation.tif")
    (tmp_path / "rasters" / "elevation.json").write_text(json.dumps({"file": "a.tif"}), encoding="utf-8")
    with pytest.raises(ReliefError, match=r"elevation\.json is not what `provence-map relief` writes: 'day'"):
        terrain.of(tmp_path)


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the sample of terrain is not here")
def test_the_sample_of_the_region_has_its_summits_and_its_sea() -> None:
    made = picture.made(given.read(SAMPLE))
    low, high = made.range
    assert low >= -20
    # The Sainte-Victoire has 1,011 m, the Sainte-Baume 1,148 m.
    assert 1000 < high < 1200
    assert 50 < made.ground_m < 60
