"""Vector tiles: neighbours share their edges at every zoom, an archive is whole or not there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from pmtiles.reader import MmapSource, Reader, all_tiles

from geo import crs, tiles
from geo.errors import FormatError
from geo.types import Bounds

FRAME = Bounds(5.0, 43.0, 6.0, 44.0)
ZOOMS = range(7, 10)


def wavy_pair() -> GeoDataFrame:
    """Make two areas that meet in a border of two hundred corners, in EPSG:4326."""
    y = np.linspace(43.2, 43.8, 200)
    border = np.column_stack((5.5 + 0.002 * np.sin(np.arange(200)), y))
    west = shapely.Polygon([(5.2, 43.2), *border, (5.2, 43.8)])
    east = shapely.Polygon([(5.8, 43.2), *border, (5.8, 43.8)])
    return GeoDataFrame({"n": [0, 1]}, geometry=[west, east], crs=crs.WGS84)


def test_each_zoom_has_fewer_corners_and_neighbours_still_share_their_border() -> None:
    found = dict(tiles.levels(wavy_pair(), ZOOMS, least_m=5))
    corners = [int(shapely.get_num_coordinates(found[zoom].geometry.to_numpy()).sum()) for zoom in ZOOMS]
    assert corners == sorted(corners)
    assert corners[0] < corners[-1] < 400
    for rows in found.values():
        west, east = rows.geometry
        assert shapely.area(shapely.intersection(west, east)) == 0
        assert shapely.union(west, east).geom_type == "Polygon"
    assert tiles.tolerance_m(10, latitude=60) == pytest.approx(tiles.tolerance_m(11, latitude=0), rel=1e-9)


def test_an_archive_holds_the_zooms_asked_for_in_the_order_that_readers_fetch(tmp_path: Path) -> None:
    path = tmp_path / "made.pmtiles"
    tiles.write(wavy_pair(), path, name="made", zooms=ZOOMS, least_m=5, within=FRAME)
    with path.open("rb") as handle:
        source = MmapSource(handle)
        header = Reader(source).header()
        places = [place for place, _ in all_tiles(source)]
    assert (header["min_zoom"], header["max_zoom"], header["clustered"]) == (7, 9, True)
    assert {zoom for zoom, *_ in places} == set(ZOOMS)
    assert list(tmp_path.iterdir()) == [path]


def test_rows_that_nobody_can_be_shown_are_refused_by_name(tmp_path: Path) -> None:
    far = Bounds(0.0, 48.0, 1.0, 49.0)
    with pytest.raises(FormatError, match="none of the 2 rows touches"):
        tiles.write(wavy_pair(), tmp_path / "none.pmtiles", name="none", zooms=ZOOMS, least_m=5, within=far)
    assert list(tmp_path.iterdir()) == []
