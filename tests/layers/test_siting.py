"""Siting: cells, curves, weights, exclusions, ranking and sensitivity, on the shipped data and on small grids."""

from __future__ import annotations

import math
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from rasterio import Affine

from geo import crs, raster
from geo.raster import Raster
from layers import catalogue, editions, siting
from layers.errors import SitingError, TableError
from layers.siting import fields, ranking, score
from layers.siting.grid import Cells, cells, metropolis
from layers.siting.model import NODATA
from layers.siting.recipe import parse
from layers.web import siting as pack

SOURCE = (editions.base_dir() / "siting.toml").read_text(encoding="utf-8")
SMALL = Cells(850_000.0, 6_260_000.0, 100.0, 30, 40)


@pytest.fixture(scope="module")
def made() -> siting.Siting:
    """Give the siting of the shipped data, coarse so as to be quick."""
    return siting.at(400.0)


@pytest.fixture(scope="module")
def hilly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the shipped data with a terrain: level in the west, 20 % steep in the east, unknown in the north of all."""
    folder = tmp_path_factory.mktemp("hilly") / "data"
    shutil.copytree(editions.base_dir(), folder, ignore=shutil.ignore_patterns("live", "extracts"))
    (folder / "rasters").mkdir()
    west, south, east, north = cells(1000.0).bounds
    step = 100.0
    rows, columns = round((north - south) / step) + 40, round((east - west) / step) + 40
    place = Affine(step, 0, west - 20 * step, 0, -step, north + 20 * step)
    along = place.c + (np.arange(columns) + 0.5) * step
    heights = np.tile(np.maximum(along - (west + east) / 2, 0) * 0.2, (rows, 1)).astype(np.float32)
    # 1.5 km of the rectangle: less than one part in a hundred of the land.
    heights[:35] = -9999.0
    terrain = Raster(heights, place, crs.LAMBERT93, -9999.0)
    there = raster.reproject(terrain, crs.WGS84)
    raster.write_cog(there, folder / "rasters" / "elevation.tif", tags={"NOTICE": "made for a test"})
    return folder


def test_cells_lie_on_whole_steps_and_cover_the_metropolis() -> None:
    for step in (25.0, 100.0, 300.0, 1000.0):
        grid = cells(step)
        west, south, east, north = grid.bounds
        bounds = metropolis().total_bounds
        assert west <= bounds[0] < west + step, step
        assert north - step < bounds[3] <= north, step
        assert south <= bounds[1], step
        assert east >= bounds[2], step
        assert (west % step, north % step) == (0, 0), step


@pytest.mark.parametrize("step", [24.0, 1001.0, 0.0, -100.0, math.nan, math.inf])
def test_a_step_out_of_bounds_is_refused_in_both_languages(step: float) -> None:
    with pytest.raises(SitingError, match=r"a step of .* m: a number of metres from 25 to 1000 was expected") as caught:
        siting.at(step)
    assert "un pas de" in caught.value.said["fr"]


def test_blocks_put_together_are_the_whole(monkeypatch: pytest.MonkeyPatch, made: siting.Siting) -> None:
    profile = made.profile("data-centre")
    whole = made.surface(profile.weights, profile.exclusions)
    for module in ("layers.siting.grid", "layers.siting.model"):
        monkeypatch.setattr(f"{module}.MOST_WHOLE", 1000)
    monkeypatch.setattr("layers.siting.grid.BLOCK_ROWS", 37)
    assert sum(1 for _ in made.cells.blocks()) > 3
    again = made.surface(profile.weights, profile.exclusions)
    assert np.abs(whole.values - again.values).max() < 1e-5


@given(st.lists(st.tuples(st.floats(-3e4, 3e4), st.floats(-3e4, 3e4)), min_size=1, max_size=5))
def test_distances_to_points_are_those_of_shapely(offsets: list[tuple[float, float]]) -> None:
    points = np.array(offsets) + np.array([SMALL.west, SMALL.north])
    found = fields.to_points(points)(SMALL)
    centres = shapely.points(*np.meshgrid(SMALL.eastings(), SMALL.northings()))
    assert found == pytest.approx(shapely.distance(centres, shapely.multipoints(points)), abs=0.2)


def test_distances_to_shapes_are_right_to_a_step_of_the_lattice_and_zero_inside() -> None:
    west, _south, _east, north = SMALL.bounds
    square = shapely.box(west + 1000, north - 2000, west + 2000, north - 1000)
    found = fields.to_shapes([square], SMALL, 3000.0)(SMALL)
    centres = shapely.points(*np.meshgrid(SMALL.eastings(), SMALL.northings()))
    true = shapely.distance(centres, square)
    assert np.abs(found - np.minimum(true, 3400)).max() < 100
    assert found[15, 15] == 0


def test_people_within_reach_add_up_to_all_where_the_reach_is_wide() -> None:
    west, south, east, north = SMALL.bounds
    halves = [shapely.box(west, south, west + 2000, north), shapely.box(west + 2000, south, east, north)]
    people = np.array([1000.0, 500.0])
    everyone = fields.within_reach(halves, people, SMALL, 20_000.0)(SMALL)
    assert everyone == pytest.approx(1500, rel=1e-4)
    near = fields.within_reach(halves, people, SMALL, 400.0)(SMALL)
    assert near.max() < 400
    assert near[:, :10].mean() > near[:, 30:].mean()


@given(st.floats(0, 1e5), st.floats(0.1, 1e4), st.floats(20, 1e4))
def test_a_curve_falls_from_one_to_zero_and_never_leaves_them(value: float, full: float, width: float) -> None:
    values = np.array([0.0, full, value, full + width, 1e6, np.nan], dtype=np.float32)
    made = fields.curve(values, full, full + width)
    assert made[:2] == pytest.approx(1, abs=1e-3)
    assert made[3:5] == pytest.approx(0, abs=1e-3)
    assert 0 <= made[2] <= 1
    assert np.isnan(made[5])


@given(st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1.7e308, allow_subnormal=False), min_size=1))
def test_weights_add_up_to_one_in_their_proportions(given_weights: dict[str, float]) -> None:
    if not any(given_weights.values()):
        return
    found = score.weighted(given_weights, "abcdef")
    assert sum(found.values()) == pytest.approx(1)
    assert max(found, key=lambda name: found[name]) in [
        name for name, weight in given_weights.items() if weight >= 0.999999 * max(given_weights.values())
    ]


def test_bad_weights_are_refused_all_at_once(made: siting.Siting) -> None:
    bad = {"port": math.nan, "rail": -1.0, "airport": math.inf, "harbour": 1.0, "hubs": -math.inf}
    with pytest.raises(SitingError) as caught:
        made.surface(bad)
    assert len(caught.value.faults) == 5
    for words in (
        "weight of port is nan",
        "weight of rail is -1",
        "weight of airport is inf",
        "no criterion is called",
    ):
        assert words in str(caught.value), words
    assert "aucun critère ne s’appelle «\u202fharbour\u202f»" in caught.value.said["fr"]


@pytest.mark.parametrize("weights", [{}, {"port": 0.0, "rail": 0.0}, {"flat": 3.0}, {"port": -0.0}])
def test_weights_of_which_nothing_is_left_are_refused(made: siting.Siting, weights: dict[str, float]) -> None:
    with pytest.raises(SitingError, match="nothing is weighed: give at least one of port"):
        made.surface(weights)


def test_a_score_is_the_weighted_mean_of_its_criteria(made: siting.Siting) -> None:
    surface = made.surface({"port": 3, "rail": 1, "airport": 0})
    expected = 0.75 * made.criterion("port") + 0.25 * made.criterion("rail")
    inside = made.communes > 0
    assert surface.values[inside] == pytest.approx(expected[inside], abs=1e-5)
    assert (surface.values[~inside] == NODATA).all()
    assert (surface.crs, surface.step, surface.nodata) == (crs.LAMBERT93, (400.0, 400.0), NODATA)


def test_the_size_of_weights_changes_nothing_only_their_proportion(made: siting.Siting) -> None:
    small, large = made.surface({"port": 1e-300, "hubs": 2e-300}), made.surface({"port": 1e300, "hubs": 2e300})
    assert np.array_equal(small.values, large.values)


def test_what_is_excluded_has_no_score(made: siting.Siting) -> None:
    all_of_it, left = made.surface({"rail": 1}).values, made.surface({"rail": 1}, ["dense", "seveso"]).values
    marseille = made.communes == 1 + list(metropolis()["name"]).index("Marseille")
    assert (left[marseille] == NODATA).all()
    assert (all_of_it[marseille] >= 0).all()
    kept = left != NODATA
    assert np.array_equal(left[kept], all_of_it[kept])
    with pytest.raises(SitingError, match="no exclusion is called “forest”: water, slope"):
        made.surface({"rail": 1}, ["forest"])


def test_what_has_no_data_says_so_and_takes_no_part(made: siting.Siting) -> None:
    assert set(made.absent) == {"track", "lines", "zones", "brownfields", "flat", "slope", "protected"}
    assert made.absent["track"]["fr"].startswith("Les services officiels n’ont pas rempli «\u202fVoies ferrées\u202f»")
    assert "no terrain here" in made.absent["flat"]["en"]
    with_absent = made.surface({"port": 1, "track": 5}, ["slope"])
    assert np.array_equal(with_absent.values, made.surface({"port": 1}).values)


def test_official_layers_take_part_once_they_are_here(draped: Path) -> None:
    with editions.using(draped):
        full = siting.at(400.0)
        assert {"track", "lines", "zones", "brownfields"} <= set(full.measures)
        assert "protected" in full.masks
        zone = crs.to_metres(catalogue.load("zones")).query("kind == 'industrial'").geometry.iloc[0].centroid
        row = int((full.cells.north - zone.y) // 400)
        column = int((zone.x - full.cells.west) // 400)
        assert full.criterion("zones")[row, column] > 0.8
        table = siting.ranked(full, full.surface({"zones": 1}).values, most=None)
        assert set(table["kind"]) <= {"communes", "zones"}
    assert "zones" in siting.at(400.0).absent


def test_slope_counts_where_there_is_terrain_and_is_unknown_where_it_is_not(hilly: Path) -> None:
    for step in (400.0, 40.0):
        with editions.using(hilly):
            grid = cells(step)
            steep = siting.Siting(grid, siting.recipe()) if step == 400.0 else siting.at(step)
            assert "flat" in steep.measures, step
            part = Cells(grid.west, grid.north - 20_000, step, 20, grid.columns)
            flat = steep.criterion("flat", part)
            quarter = grid.columns // 4
            assert flat[:, 20:quarter] == pytest.approx(1), step
            # 20 % are 11.3 degrees.
            assert flat[:, -quarter:-20] == pytest.approx((12 - math.degrees(math.atan(0.2))) / 10, abs=0.02), step
            assert not steep.mask("slope", part).any(), step
    with editions.using(hilly):
        made = siting.at(400.0)
        gap = (made.surface({"port": 1}).values >= 0) & (made.surface({"port": 1, "flat": 1}).values == NODATA)
        assert gap[:5].any()
        assert not gap[5:].any()
        assert made.unknown({"port": 1, "flat": 1}) == pytest.approx(gap.sum() / (made.communes > 0).sum())
        assert 0 < made.unknown({"port": 1, "flat": 1}) < 0.01
        assert made.unknown({"port": 1}) == 0
        packed = pack.packed(400.0)
        slopes = [one for one in (*packed["criteria"], *packed["exclusions"]) if one["id"] in ("flat", "slope")]
        # Words that are not of this terrain are not said of it.
        for one in slopes:
            assert one["credit"] == "made for a test", one["id"]
            assert one["limits"]["en"].endswith("how exact they are, is not stated."), one["id"]
            assert "surface" not in str(one["limits"]), one["id"]
        known = next(one["known"] for one in slopes if one["id"] == "flat")
        assert known == pytest.approx(1 - made.unknown({"flat": 1}), abs=1e-4)


def test_terrain_that_covers_a_part_takes_no_part_and_says_how_much_it_covers(hilly: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(hilly, folder)
    path = folder / "rasters" / "elevation.tif"
    whole = raster.read(path)
    west = whole.values.copy()
    west[:, west.shape[1] // 2 :] = whole.nodata
    raster.write_cog(whole.with_values(west), path)
    with editions.using(folder):
        made = siting.at(500.0)
        reason = made.absent["flat"]
        assert made.absent["slope"] == reason
        share = re.search(r"covers (\d+)% of the metropolis; slope counts from 99% on", reason["en"])
        assert share, reason
        assert 30 < int(share[1]) < 70
        assert f"couvre {share[1]}\u202f% de la métropole" in reason["fr"]
        assert (made.surface({"port": 1, "flat": 1}).values[made.communes > 0] != NODATA).all()


def test_terrain_that_lies_elsewhere_is_no_terrain(hilly: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(hilly, folder)
    far = Raster(np.ones((50, 50), np.float32), Affine(0.01, 0, 20.0, 0, -0.01, 50.0), crs.WGS84, -1.0)
    raster.write_cog(far, folder / "rasters" / "elevation.tif")
    with editions.using(folder):
        assert "elevation.tif does not lie over the metropolis" in siting.at(500.0).absent["flat"]["en"]


def test_a_best_tenth_is_the_mean_of_the_best_cells_that_count() -> None:
    owner = np.array([[1] * 30, [2] * 30, [0] * 30, [3] * 30], dtype=np.uint16)
    score_of = np.tile(np.linspace(0, 1, 30, dtype=np.float32), (4, 1))
    score_of[1, 25:] = NODATA
    score_of[3, 5:] = NODATA
    found = ranking.best_tenths(owner, score_of, 4, least=20)
    assert found.cells.tolist() == [30, 25, 5, 0]
    assert found.score[0] == pytest.approx(score_of[0, -3:].mean())
    assert found.score[1] == pytest.approx(score_of[1, 22:25].mean())
    assert np.isnan(found.score[2:]).all()
    assert found.best.tolist() == [29, 54, 94, -1]
    assert found.order.tolist() == [0, 1]


def test_a_ranking_of_nothing_is_empty() -> None:
    none = ranking.best_tenths(np.zeros((3, 3), np.uint16), np.full((3, 3), NODATA, np.float32), 2, least=1)
    assert none.order.size == 0


def test_each_profile_tells_what_is_known_of_the_place(made: siting.Siting) -> None:
    """Fos for hydrogen and logistics, Marseille for cables, La Ciotat for its yards; plants not where people sleep."""
    first = {
        name: siting.ranked(made, made.surface(one.weights, one.exclusions).values)
        for name, one in made.recipe.profiles.items()
    }
    assert list(first) == ["hydrogen", "data-centre", "manufacturing", "logistics", "maritime"]
    assert {name: table["name"].iloc[0] for name, table in first.items() if name != "manufacturing"} == {
        "hydrogen": "Fos-sur-Mer",
        "data-centre": "Marseille",
        "logistics": "Fos-sur-Mer",
        "maritime": "La Ciotat",
    }
    assert "Marseille" not in set(first["hydrogen"]["name"])
    assert "Fos-sur-Mer" in first["manufacturing"]["name"].iloc[:4].tolist()
    for name, table in first.items():
        assert table["rank"].tolist() == list(range(1, 11)), name
        assert table["score"].is_monotonic_decreasing, name


def test_the_best_cell_of_a_commune_lies_in_it(made: siting.Siting) -> None:
    table = siting.ranked(made, made.surface({"rail": 1}).values)
    places = crs.to_metres(catalogue.load("communes")).set_index("code").geometry
    at = crs.to_metres(_points(table["lon"], table["lat"])).geometry
    assert all(places[code].covers(point) for code, point in zip(table["id"], at, strict=True))


def _points(lon: object, lat: object) -> object:
    from geopandas import GeoDataFrame, points_from_xy

    return GeoDataFrame(geometry=points_from_xy(lon, lat), crs=crs.WGS84)


def test_sensitivity_moves_each_weight_both_ways(made: siting.Siting) -> None:
    profile = made.profile("hydrogen")
    found = siting.sensitivity(made, profile.weights, profile.exclusions)
    usable = made.weights(profile.weights)
    assert found["criterion"].tolist() == [name for name in usable for _ in range(2)]
    assert found["change"].tolist() == [-0.2, 0.2] * len(usable)
    assert found["first"].all(), "Fos leads by far"
    assert found["kept"].between(0, 10).all()
    assert (found["score"] < 0.2).all()


def test_one_weight_alone_has_nothing_to_be_sensitive_to(made: siting.Siting) -> None:
    found = siting.sensitivity(made, {"port": 5.0})
    assert found[["kept", "moved", "score"]].to_numpy().tolist() == [[10, 0, 0]] * 2


def test_surfaces_of_all_sessions_share_their_criteria(made: siting.Siting) -> None:
    assert siting.at(400.0) is siting.at(400.0)
    assert made.criterion("port") is made.criterion("port")
    with pytest.raises(ValueError, match="read-only"):
        made.criterion("port")[0, 0] = 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('full = 2\nzero = 20\ntitle_en = "Seaport"', 'full = 20\nzero = 2\ntitle_en = "Seaport"'), "wrong way round"),
        (('kind = "reach"', 'kind = "gravity"'), r"criteria\.workforce: kind 'gravity', one of near, reach, slope"),
        (("reach = 25", "reach = nan"), r"criteria\.workforce\.reach is nan: a number that is not negative"),
        (("users = 3, platform", "users = -3, platform"), r"profiles\.hydrogen\.users is -3"),
        (('"protected", "dense"]', '"protected", "forest"]'), r"profiles\.hydrogen names forest, which is not defined"),
        (('title_fr = "Gare"\n', ""), r"criteria\.rail\.title_fr is missing"),
        (("[profiles.hydrogen]", "[profiles.hydrogen"), "not TOML"),
    ],
)
def test_a_recipe_that_is_not_fit_is_refused_with_its_fault(change: tuple[str, str], said: str) -> None:
    assert change[0] in SOURCE
    with pytest.raises(TableError, match=rf"table siting: .*{said}.*Correct data/siting\.toml by hand\."):
        parse(SOURCE.replace(*change))


def test_every_layer_column_and_value_of_the_recipe_is_known() -> None:
    known = catalogue.catalogue()
    said = siting.recipe()
    for one in [*said.criteria.values(), *said.exclusions.values()]:
        for origin in one.origins:
            assert origin.layer in known.layers or origin.layer in known.absent, one.id
            if origin.layer in known.layers and origin.column:
                present = set(catalogue.load(origin.layer)[origin.column])
                assert set(origin.values) <= present, one.id
