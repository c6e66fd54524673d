"""Vector files: what goes in comes out, and what cannot be carried is said."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geo import crs, vector
from geo.errors import CRSError, FormatError
from geo.testing import assert_same_geometry, points, squares


@pytest.mark.parametrize("record", vector.FORMATS, ids=lambda record: record.name)
def test_a_frame_survives_each_format(record: vector.Format, tmp_path: Path) -> None:
    tiles = crs.rounded(squares(to=crs.WGS84))
    path = tmp_path / f"tiles{record.extension}"
    vector.write(tiles, path)
    back = vector.read(path)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert back["code"].tolist() == tiles["code"].tolist()
    assert_same_geometry(back, tiles, tolerance=1e-7)


@pytest.mark.parametrize("extension", [".parquet", ".geojson"])
def test_the_same_frame_gives_the_same_bytes(extension: str, tmp_path: Path) -> None:
    one, other = tmp_path / f"one{extension}", tmp_path / "again" / f"one{extension}"
    other.parent.mkdir()
    for path in (one, other):
        vector.write(squares(to=crs.WGS84), path)
    assert one.read_bytes() == other.read_bytes()


def test_geoparquet_keeps_lists_and_metres(tmp_path: Path) -> None:
    tiles = squares().assign(sources=[["a", "b"], ["a"], [], ["c"]])
    vector.write(tiles, tmp_path / "t.parquet")
    back = vector.read(tmp_path / "t.parquet")
    assert back.crs == tiles.crs
    assert [list(value) for value in back["sources"]] == [["a", "b"], ["a"], [], ["c"]]


def test_the_index_is_left_and_the_order_of_rows_kept(tmp_path: Path) -> None:
    tiles = squares().iloc[::-1]
    vector.write(tiles, tmp_path / "t.parquet")
    back = vector.read(tmp_path / "t.parquet")
    assert list(back.index) == [0, 1, 2, 3]
    assert back["code"].tolist() == ["B2", "A2", "B1", "A1"]


def test_geojson_refuses_metres(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"GeoJSON cannot carry coordinates in another system.*to_exchange"):
        vector.write(squares(), tmp_path / "t.geojson")
    assert list(tmp_path.iterdir()) == []


def test_a_format_without_lists_names_the_columns(tmp_path: Path) -> None:
    tiles = squares().assign(sources=[["a"]] * 4)
    with pytest.raises(FormatError, match=r"GeoPackage cannot carry columns with lists \(sources\): choose another"):
        vector.write(tiles, tmp_path / "t.gpkg")


def test_an_unknown_extension_is_told_with_the_known_ones() -> None:
    with pytest.raises(FormatError, match=r"extension '\.kml', one of \.parquet, \.geojson, \.gpkg, \.fgb expected"):
        vector.format_of(Path("a.kml"))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"cannot read .*none\.parquet: no such file"):
        vector.read(tmp_path / "none.parquet")


@pytest.mark.parametrize("name", ["broken.parquet", "broken.geojson", "broken.gpkg"])
def test_a_broken_file_is_told_in_one_line(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"not at all what the name says")
    with pytest.raises(FormatError, match=rf"cannot read .*{name} as") as caught:
        vector.read(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_table_without_geometry_is_no_layer(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "t.parquet")
    with pytest.raises(FormatError, match=r"t\.parquet"):
        vector.read(tmp_path / "t.parquet")


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"no folder .*nowhere, make it first"):
        vector.write(squares(), tmp_path / "nowhere" / "t.gpkg")


def test_a_frame_without_a_system_is_not_written(tmp_path: Path) -> None:
    bare = points((5, 43)).set_crs(None, allow_override=True)
    with pytest.raises(CRSError, match="has no coordinate system"):
        vector.write(bare, tmp_path / "t.parquet")
