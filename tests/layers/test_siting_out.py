"""What siting gives away: the packed grids of the page, and the GeoTIFF with its recipe."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer
from rio_cogeo.cogeo import cog_validate

from geo import crs, raster
from layers import editions, siting
from layers.errors import RequestError, SitingError
from layers.siting import export, ranking
from layers.siting.grid import metropolis
from layers.siting.model import NODATA
from layers.web import siting as pack
from tests.disks import small_disk

STEP = 400.0


def test_the_score_worked_out_from_packed_grids_is_that_of_the_surface() -> None:
    made, packed = siting.at(STEP), pack.packed(STEP)
    flat = np.frombuffer(gzip.decompress(base64.b64decode(packed["planes"])), dtype=np.uint8)
    assert flat.size == packed["bytes"] == (2 + len(packed["criteria"])) * packed["rows"] * packed["columns"]
    planes = flat.reshape(-1, packed["rows"], packed["columns"])
    place = {one["id"]: planes[2 + number] for number, one in enumerate(packed["criteria"])}
    bit = {one["id"]: one["bit"] for one in packed["exclusions"]}
    for profile in packed["profiles"]:
        total = sum(weight * place[name].astype(float) / 254 for name, weight in profile["weights"].items())
        found = total / sum(profile["weights"].values())
        out = planes[0] == 0
        for name in profile["exclusions"]:
            out |= (planes[1] >> bit[name] & 1) == 1
        said = made.recipe.profiles[profile["id"]]
        score = made.surface(said.weights, said.exclusions).values
        assert np.array_equal(out, score == NODATA), profile["id"]
        assert np.abs(found - score)[~out].max() <= 0.5 / 254 + 1e-5, profile["id"]


def test_packed_grids_name_the_commune_of_each_cell() -> None:
    made, packed = siting.at(STEP), pack.packed(STEP)
    assert [one["insee"] for one in packed["communes"]] == list(metropolis()["code"])
    assert len(packed["communes"]) < 255, "a byte has to hold them all"
    assert made.communes.max() == len(packed["communes"])


def test_packed_grids_are_plain_data_in_both_languages() -> None:
    packed = json.loads(json.dumps(pack.packed(STEP)))
    wrong = [
        f"{one['id']}.{word}"
        for group in ("criteria", "absent", "exclusions", "profiles")
        for one in packed[group]
        for word in ("title", "about", "limits", "reason", "curve")
        if word in one and not (one[word]["en"] and one[word]["fr"])
    ]
    assert wrong == []
    assert {"track", "lines", "flat", "slope"} <= {one["id"] for one in packed["absent"]}
    port = next(one for one in packed["criteria"] if one["id"] == "port")
    assert (port["full_m"], port["zero_m"]) == (2000, 20000)
    assert port["curve"]["fr"] == "1 jusqu’à 2 km, 0 à partir de 20 km, en ligne droite entre les deux"
    assert port["sources"]


def test_the_pack_ranks_zones_as_python_does_where_they_are_here(draped: Path) -> None:
    without = pack.packed(STEP)
    assert without["zones"] is None
    assert "Activity zones" in without["no_zones"]["en"]
    with editions.using(draped):
        made, packed = siting.at(100.0), pack.packed(100.0)
        zones = packed["zones"]
        assert packed["no_zones"] is None
        low, high = np.frombuffer(gzip.decompress(base64.b64decode(zones["planes"])), np.uint8).reshape(2, -1)
        assert low.size * 2 == zones["bytes"] == 2 * made.cells.size
        owner = (low.astype(np.uint16) | high.astype(np.uint16) << 8).reshape(made.cells.shape)
        score = made.surface({"port": 1, "rail": 1}).values
        again = ranking.best_tenths(owner, score, len(zones["list"]), least=zones["least"])
        table = siting.ranked(made, score, kind="zones")
        assert 3 < len(table) <= 10
        assert [zones["list"][place]["id"] for place in again.order[:10]] == table["id"].tolist()
        held = siting.sensitivity(made, {"port": 1, "rail": 1}, kind="zones")
        assert held["kept"].le(len(table)).all()
    with pytest.raises(SitingError, match="have not filled “Activity zones” here"):
        siting.ranked(siting.at(STEP), np.zeros(siting.at(STEP).cells.shape, np.float32), kind="zones")
    with pytest.raises(SitingError, match="no ranking is called “poles”: communes, zones are"):
        siting.ranked(siting.at(STEP), np.zeros(siting.at(STEP).cells.shape, np.float32), kind="poles")


def test_all_packed_grids_take_about_a_megabyte() -> None:
    assert len(gzip.compress(json.dumps(pack.packed()).encode())) < 1_200_000


def test_the_lattice_leads_from_the_screen_to_the_cell() -> None:
    packed = pack.packed(STEP)
    lattice = packed["lattice"]
    nodes = np.array(lattice["at"]).reshape(lattice["rows"], lattice["columns"], 2)
    seed = np.random.default_rng(7)
    x, y = seed.uniform(lattice["west"], lattice["east"], 500), seed.uniform(lattice["south"], lattice["north"], 500)
    across = (x - lattice["west"]) / (lattice["east"] - lattice["west"]) * (lattice["columns"] - 1)
    down = (lattice["north"] - y) / (lattice["north"] - lattice["south"]) * (lattice["rows"] - 1)
    i, j = across.astype(int), down.astype(int)
    u, v = (across - i)[:, None], (down - j)[:, None]
    read = (nodes[j, i] * (1 - u) + nodes[j, i + 1] * u) * (1 - v) + (
        nodes[j + 1, i] * (1 - u) + nodes[j + 1, i + 1] * u
    ) * v
    easting, northing = Transformer.from_crs("EPSG:3857", crs.LAMBERT93, always_xy=True).transform(x, y)
    metres = np.stack([packed["west"] + read[:, 0] * STEP - easting, packed["north"] - read[:, 1] * STEP - northing])
    assert np.abs(metres).max() < 10


def test_a_surface_is_written_with_its_criteria_and_its_recipe(tmp_path: Path) -> None:
    made, path = siting.at(STEP), tmp_path / "siting.tif"
    profile = made.profile("maritime")
    score = export.write(made, path, weights=profile.weights, exclusions=profile.exclusions, profile="maritime")
    valid, errors, _warnings = cog_validate(path)
    assert valid, errors
    about = raster.about(path)
    usable = made.weights(profile.weights)
    assert len(about.names) == 1 + len(usable)
    assert about.names[0] == "Score, 0 to 1"
    assert "(shipyard)" in about.names[1]
    bands = [raster.read(path, band=band) for band in range(1, len(about.names) + 1)]
    assert all(band.same_grid(score) and band.crs == crs.LAMBERT93 for band in bands)
    assert np.array_equal(bands[0].values, score.values)
    inside = bands[0].known
    again = sum(weight * band.values for weight, band in zip(usable.values(), bands[1:], strict=True))
    assert np.abs(again - bands[0].values)[inside].max() < 1e-5
    assert about.tags["PROFILE"] == "maritime"
    assert about.tags["WEIGHTS"].startswith("shipyard=0.")
    assert json.loads(about.tags["CURVES"])["shipyard"] == "1 up to 1 km, 0 from 8 km, straight between"
    assert "first screening" in about.tags["TIFFTAG_IMAGEDESCRIPTION"]
    assert "sea-ports 0.0.9, MIT" in about.tags["SOURCES"]


def test_the_weights_in_the_tags_make_the_same_surface_again(tmp_path: Path) -> None:
    made, path = siting.at(STEP), tmp_path / "a.tif"
    score = export.write(made, path, weights={"port": 3, "rail": 1, "hubs": 3}, exclusions=["dense"])
    words = raster.about(path).tags["WEIGHTS"].split(",")
    weights = {name: float(weight) for name, weight in (word.split("=") for word in words)}
    again = made.surface(weights, raster.about(path).tags["EXCLUSIONS"].split(","))
    assert np.abs(again.values - score.values).max() < 1e-5


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    made = siting.at(STEP)
    with pytest.raises(SitingError, match="weight of port is nan"):
        export.write(made, tmp_path / "a.tif", weights={"port": float("nan")}, exclusions=[])
    with pytest.raises(RequestError, match=r"a\.tif is not written: .*no folder") as caught:
        export.write(made, tmp_path / "none" / "a.tif", weights={"port": 1}, exclusions=[])
    assert caught.value.said["fr"].startswith("a.tif n’est pas écrit")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    made = siting.at(STEP)
    table = siting.ranked(made, made.surface({"port": 1}).values, most=None)
    told = export.told(made, table, weights={"port": 1}, exclusions=[])
    weights = {"port": 1, "rail": 1}
    full = []
    # Full at once, in the plain file, in the first and in the last bytes of the one that is cloud optimized.
    for kilobytes in (8, 2_000, 3_100, 3_180):
        with small_disk(tmp_path / f"disk{kilobytes}", kilobytes) as disk:
            with pytest.raises(RequestError, match=r"a\.tif is not written: .*make room") as caught:
                export.write(made, disk / "a.tif", weights=weights, exclusions=[])
            full.append(caught.value.said["fr"].startswith("a.tif n’est pas écrit"))
            assert list(disk.iterdir()) == [], kilobytes
            if kilobytes == 8:
                with pytest.raises(RequestError, match=r"a\.csv is not written: .*No space left on device"):
                    export.write_table(told, disk / "a.csv")
                assert list(disk.iterdir()) == []
    assert full == [True] * 4
