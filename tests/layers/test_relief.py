"""The relief: absent without terrain, its grid and heights with it, and a person's GeoTIFF taken up or refused."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from geopandas import GeoDataFrame
from rasterio import Affine
from rio_cogeo import cog_validate

from geo import crs, raster
from layers import brief, catalogue, editions, export, listing, siting
from layers.refresh.store import Live
from layers.relief import ReliefError, given, picture, terrain
from layers.view import DEFAULT_LAYERS, View
from layers.web import make_map, payload
from layers.web import relief as packing
from tests import hills
from tests.disks import small_disk

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
        made = terrain.picture()
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


def test_a_table_and_what_is_printed_of_a_view_with_relief_go_with_terrain_and_without(hilly: Path) -> None:
    view, today = View(relief=True), date(2026, 11, 24)
    without = listing.records(view, "fr")
    assert listing.columns() == listing.COLUMNS
    assert "elevation" not in without[0]
    with editions.using(hilly):
        assert [one.id for one in listing.columns() if one not in listing.COLUMNS] == ["elevation", "elevation_source"]
        there = {str(one["key"]): one for one in listing.records(view, "fr")}
        book = export.workbook(view, language="fr", address="/", today=today)
        # Paper has no relief: a brief is what it is without.
        paper = [
            brief.write(
                ("site:arcelormittal-fos",),
                year=2022,
                language="fr",
                address=f"/?{one.to_query()}",
                today=date(2026, 11, 24),
            )
            for one in (view, View())
        ]
    assert len(there) == len(without)
    site = there["site:arcelormittal-fos"]
    assert (site["elevation"], site["elevation_source"]) == (
        500,
        "Terrain du fichier table.tif, SYNTHETIC, for tests, 2026",
    )
    assert {one["elevation"] for one in there.values()} == {500, None}
    assert book[:2] == b"PK"
    assert all(one.startswith(b"%PDF") for one in paper)


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


def test_fine_heights_are_averaged_when_they_are_taken_up_and_said_to_be(tmp_path: Path) -> None:
    # SYNTHETIC 10 m over the middle of the metropolis: the farther east, the higher.
    rise = np.add.outer(np.zeros(2000), np.arange(2000)).astype(np.float32) / 10
    fine = raster.Raster(rise, Affine(10, 0, 890_000, 0, -10, 6_280_000), crs.LAMBERT93, hills.NODATA)
    raster.write_cog(fine, tmp_path / "fine.tif")
    folder = given.give(tmp_path / "fine.tif", live=tmp_path / "live", base=BASE)
    kept = raster.reproject(raster.read(folder / "rasters" / "elevation.tif"), crs.LAMBERT93)
    assert 20 < kept.step[0] < 30
    easts, _ = kept.centres()
    middle = kept.shape[0] // 2
    there = kept.known[middle]
    assert kept.values[middle][there] == pytest.approx((easts[there] - 890_005) / 100, abs=0.4)
    with editions.using(folder):
        found = terrain.in_force()
        assert found is not None
        said = terrain.measures(found)
    assert said["en"].endswith("its heights were averaged to cells of about 25 m.")
    assert said["fr"].endswith("mailles d’environ 25 m.")


def _plain(path: Path, **profile: Any) -> Path:
    """Write a GeoTIFF with as little said of it as is told."""
    about = {"driver": "GTiff", "width": 9, "height": 9, "count": 1, "dtype": "float32"}
    with rasterio.open(path, "w", transform=Affine(0.2, 0, 4.6, 0, -0.2, 44), **about, **profile) as file:
        file.write(np.arange(81, dtype=np.float32).reshape(1, 9, 9))
    return path


def broken(folder: Path) -> dict[str, tuple[Path, str, str]]:
    """Write files that are no terrain: of each the path, and what is said of it as given and as in force."""
    up = slope()
    made = {
        "away": raster.Raster(up.values, Affine(0.005, 0, -70, 0, -0.005, -33), crs.WGS84, hills.NODATA),
        # Longitude and latitude that say they are metres of another place.
        "system": raster.Raster(up.values, up.transform, "EPSG:32632", hills.NODATA),
        "empty": up.with_values(up.values * 0 + hills.NODATA, nodata=hills.NODATA),
        "feet": up.with_values(up.values * 100, nodata=hills.NODATA),
        "level": up.with_values(up.values * 0 + 7, nodata=hills.NODATA),
        "row": raster.Raster(up.values[80:81], Affine(0.005, 0, 4.6, 0, -0.0005, 43.5), crs.WGS84, hills.NODATA),
    }
    for name, heights in made.items():
        raster.write_cog(heights, folder / f"{name}.tif")
    whole = (folder / "feet.tif").read_bytes()
    (folder / "cut.tif").write_bytes(whole[: len(whole) * 2 // 3])
    (folder / "head.tif").write_bytes(whole[:200])
    (folder / "words.tif").write_text("no raster", encoding="utf-8")
    _plain(folder / "plain.tif")
    with rasterio.open(folder / "level.tif") as file:
        kept = dict(file.profile) | {"driver": "GTiff", "transform": Affine(0.005, 0, 4.6, 0, 0.005, 43.05)}
    with rasterio.open(folder / "up.tif", "w", **kept) as file:
        file.write(up.values[::-1][np.newaxis])
    said = {
        "plain": ("has no coordinate system", "is not in longitude and latitude"),
        "away": ("lies elsewhere, in -70, -33.85, -68.65, -33 of EPSG:4326", "does not lie over the metropolis"),
        "system": ("lies elsewhere, in .* of EPSG:32632", "is not in longitude and latitude"),
        "empty": ("every cell there is nodata", "every cell there is nodata"),
        "feet": ("heights in metres were expected, from −100 to 4,900", "from −12,000 to 12,000"),
        "level": ("has one height everywhere", ""),
        "row": ("too few heights beside one another", "too few heights beside one another"),
        "up": ("is turned: cells in rows from north", "is turned: cells in rows from north"),
        "cut": ("cannot be read to its end", "is no raster, or is broken off"),
        "head": ("cannot be read to its end", "is no raster, or is broken off"),
        "words": ("cannot be read to its end", "is no raster, or is broken off"),
    }
    return {name: (folder / f"{name}.tif", *words) for name, words in said.items()}


def test_terrain_that_cannot_be_used_is_refused_with_what_was_expected_and_nothing_changes(tmp_path: Path) -> None:
    live, wrong = tmp_path / "live", []
    cases = [(path, as_given) for path, as_given, _ in broken(tmp_path).values()]
    for path, said in (*cases, (tmp_path / "none.tif", "there is no file"), (tmp_path, "there is no file")):
        with pytest.raises(ReliefError, match=said) as told:
            given.give(path, live=live, base=BASE)
        if str(path) not in told.value.said["fr"] or told.value.said["fr"] == told.value.said["en"]:
            wrong.append((path.name, told.value.said))
    assert wrong == []
    assert not live.exists()


def test_terrain_in_force_that_cannot_be_used_is_told_once_and_the_map_goes_on_without(
    make_edition: Callable[..., Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for name, (path, _, said) in broken(files).items():
        folder = make_edition(tmp_path / name, name)
        (folder / "rasters").mkdir()
        file = shutil.copyfile(path, folder / "rasters" / "elevation.tif")
        if name == "feet":
            _scaled(file, 1000)
        caplog.clear()
        with editions.using(folder):
            told = packing.config(DEFAULT_LAYERS, inside=True) or {}
            if not said:
                assert "columns" in told, name
                continue
            assert re.search(said, told["broken"]["en"]), (name, told)
            assert "provence-map relief --from FICHIER" in told["broken"]["fr"], name
            assert str(tmp_path) not in str(told), name
            assert (packing.grid(), terrain.picture(), terrain.heights(DEFAULT_LAYERS)) == (None, None, {}), name
            if name == "cut":
                assert "is broken off" in siting.at(1000.0).absent["flat"]["en"]
                assert "rasters/elevation.tif" not in make_map(view=View(relief=True)).html
        lines = [record.getMessage() for record in caplog.records if "without terrain" in record.getMessage()]
        assert len(lines) == 1, (name, lines)
        assert str(file) in lines[0], name


def _scaled(path: Path, factor: float) -> None:
    """Make heights higher than anything on Earth."""
    read = raster.read(path)
    raster.write_cog(read.with_values(read.values * factor, nodata=hills.NODATA), path)


def test_words_about_terrain_that_cannot_be_read_are_told_with_their_file(
    make_edition: Callable[..., Path], hilly: Path, tmp_path: Path
) -> None:
    folder = make_edition(tmp_path, "words")
    shutil.copytree(hilly / "rasters", folder / "rasters")
    (folder / "rasters" / "elevation.json").write_text(json.dumps({"file": "a.tif"}), encoding="utf-8")
    with pytest.raises(ReliefError, match=r"elevation\.json is not what `provence-map relief` writes"):
        terrain.of(folder)
    with editions.using(folder):
        assert terrain.in_force() is None
        assert "elevation.json" in (terrain.fault() or {})["fr"]
    # It is carried on as it is: a refresh is not stopped by it.
    (tmp_path / "part").mkdir()
    terrain.carry(folder, tmp_path / "part")
    assert (tmp_path / "part" / "rasters" / "elevation.json").is_file()


def test_what_heights_are_of_is_said_in_the_words_of_the_file_or_of_the_catalogue_or_not_at_all(tmp_path: Path) -> None:
    words = {"TIFFTAG_IMAGEDESCRIPTION": "Bare earth,\n lidar of 2021", "TIFFTAG_COPYRIGHT": "© An office"}
    said = {}
    for name, tags in (("told", words), ("untold", {})):
        raster.write_cog(slope(), tmp_path / f"{name}.tif", tags=tags)
        folder = given.give(tmp_path / f"{name}.tif", live=tmp_path / "live", base=BASE)
        with editions.using(folder):
            found = terrain.in_force()
            assert found is not None
            said[name] = (terrain.measures(found)["en"], found.source.word("attribution", "en"))
    assert "in the words of their source: Bare earth, lidar of 2021." in said["told"][0]
    assert said["told"][1] == "Elevation: © An office"
    assert said["untold"][0].startswith("Whether the heights are those of the ground, or of roofs")
    (folder / "rasters" / "elevation.json").unlink()
    official = replace(found.source, id=terrain.OFFICIAL, title="Of the surface")
    assert "source: Of the surface." in terrain.measures(replace(found, source=official))["en"]


@pytest.mark.parametrize("room", [0.02, 0.3, 0.9])
def test_a_full_disk_is_told_and_the_map_stays_as_it_was(tmp_path: Path, room: float) -> None:
    raster.write_cog(slope(), tmp_path / "slope.tif")
    live = tmp_path / "disk" / "live"
    with small_disk(tmp_path / "disk", 20_000) as disk:
        first = given.give(tmp_path / "slope.tif", live=live, base=BASE)
        needed = sum(path.stat().st_size for path in (first / "rasters").iterdir())
        (disk / "filler").write_bytes(b"\0" * int(shutil.disk_usage(disk).free - room * needed))
        with pytest.raises(ReliefError, match=r"cannot be written: .*[Mm]ake room"):
            given.give(tmp_path / "slope.tif", live=live, base=BASE)
        assert editions.read_current(live) == first
        assert [path.name for path in (live / "editions").iterdir()] == [first.name]
        editions.checked(first, BASE)


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the sample of terrain is not here")
def test_the_sample_of_the_region_has_its_summits_and_its_sea() -> None:
    made = picture.made(given.read(SAMPLE))
    low, high = made.range
    assert low >= -20
    # The Sainte-Victoire has 1,011 m, the Sainte-Baume 1,148 m.
    assert 1000 < high < 1200
    assert 50 < made.ground_m < 60
