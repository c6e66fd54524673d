"""A raster is written whole as a Cloud Optimized GeoTIFF, with its place, its tags and what is not known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasterio import Affine
from rio_cogeo.cogeo import cog_validate

from geo import crs, raster
from geo.errors import FormatError, GeometryError


def slope(rows: int = 700, columns: int = 900) -> raster.Raster:
    """Make a slope with one unknown cell."""
    values = np.add.outer(np.arange(rows), np.arange(columns)).astype(np.float32)
    values[3:4, 4:5] = -1.0
    return raster.Raster(values, Affine(1 / 3600, 0.0, 5.0, 0.0, -1 / 3600, 43.5), crs.WGS84, nodata=-1.0)


def test_a_grid_comes_back_as_it_was_with_its_place_and_tags(tmp_path: Path) -> None:
    path, made = tmp_path / "a.tif", slope()
    raster.write_cog(made, path, tags={"NOTICE": "© somebody, all rights reserved"})
    back = raster.read(path)
    assert np.array_equal(back.values, made.values)
    assert back.bounds == pytest.approx((5.0, 43.5 - 700 / 3600, 5.25, 43.5))
    assert back.nodata == -1.0
    assert raster.about(path).tags["NOTICE"] == "© somebody, all rights reserved"
    assert cog_validate(path, strict=True, quiet=True) == (True, [], [])
    assert [found.name for found in tmp_path.iterdir()] == ["a.tif"]


def test_what_cannot_be_written_or_read_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(GeometryError, match=r"a grid of shape \(0, 5\) has no cells"):
        raster.write_cog(slope(0, 5), tmp_path / "a.tif", tags={})
    with pytest.raises(FormatError, match=r"no folder .*, make it first"):
        raster.write_cog(slope(), tmp_path / "none" / "a.tif", tags={})
    (tmp_path / "b.tif").write_bytes(b"II*\0 and nothing more")
    with pytest.raises(FormatError, match=r"cannot read .*b.tif as a raster"):
        raster.read(tmp_path / "b.tif")
    assert [found.name for found in tmp_path.iterdir()] == ["b.tif"]
