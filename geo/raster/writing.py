"""Write rasters as Cloud Optimized GeoTIFF: tiles, overviews, the number for unknown, names and tags; whole or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio import Affine
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError
from rasterio.shutil import copy
from rasterio.windows import Window

from geo import files
from geo.errors import FormatError, GeometryError
from geo.raster.model import SAME, Raster, require, require_same

BLOCK = 512

Put = Callable[[Raster, int], None]


def write_cog(
    bands: Raster | Sequence[Raster],
    path: Path,
    *,
    tags: Mapping[str, str] | None = None,
    names: Sequence[str] = (),
    kind: str = "continuous",
) -> None:
    """Write one raster, or several of one grid as bands, as a Cloud Optimized GeoTIFF with overviews.

    `names` are those of the bands, `tags` go into the metadata of the file. Overviews are means, of `kind` classes or
    mask what most cells have. A mask of true and false is written as 1 and 0.

    Raises CRSError or GeometryError for bands that do not lie upon each other or are of several types, FormatError
    when the file cannot be written.
    """
    given = [bands] if isinstance(bands, Raster) else list(bands)
    if not given:
        raise GeometryError("no band to write: at least one raster was expected")
    require_same(*given)
    kinds = {(str(one.values.dtype), str(one.nodata)) for one in given}
    if len(kinds) > 1:
        raise GeometryError(f"bands of several types {sorted(kinds)}: one type and one nodata were expected")
    with writer(given[0], path, count=len(given), tags=tags, names=names, kind=kind) as put:
        for number, one in enumerate(given, start=1):
            put(one, number)


@contextmanager
def writer(
    like: Raster,
    path: Path,
    *,
    shape: tuple[int, int] | None = None,
    count: int = 1,
    tags: Mapping[str, str] | None = None,
    names: Sequence[str] = (),
    kind: str = "continuous",
) -> Iterator[Put]:
    """Yield a function that puts a raster into a band (from 1) where it belongs: large files are made block by block.

    System, corner, cells, type and nodata are those of `like`; so is the shape in rows and columns, unless told.

    Raises FormatError when the file cannot be written, GeometryError for other names than bands.
    """
    if names and len(names) != count:
        raise GeometryError(f"{len(names)} names for {count} bands: one each was expected")
    rows, columns = shape or like.shape
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "height": rows,
        "width": columns,
        "count": count,
        "dtype": _stored(like).dtype.name,
        "crs": like.crs,
        "transform": like.transform,
        "nodata": like.nodata,
        "tiled": True,
        "blockxsize": BLOCK,
        "blockysize": BLOCK,
        "interleave": "band",
        "bigtiff": "IF_SAFER",
        "sparse_ok": True,
    }
    with files.made_in_folder(path) as made:
        plain = made.with_name("plain.tif")
        try:
            with rasterio.open(plain, "w", **profile) as file:
                file.update_tags(**(tags or {}))
                for number, name in enumerate(names, start=1):
                    file.set_band_description(number, name)
                yield _putting(file, like)
            _optimise(plain, made, kind, np.dtype(profile["dtype"]))
            _read_back(plain, made)
        except (RasterioError, CPLE_BaseError) as error:
            # While it copies, rasterio lets what GDAL says through as it is.
            raise FormatError(f"cannot write {path}: {error}; make room or choose another folder") from error


def _putting(file: Any, like: Raster) -> Put:
    """Make the function that puts a raster where it belongs in the file."""

    def put(raster: Raster, band: int) -> None:
        require(raster, like.crs)
        wide, high = like.step
        column, row = (raster.transform.c - like.transform.c) / wide, (like.transform.f - raster.transform.f) / high
        off = max(abs(column - round(column)), abs(row - round(row)))
        steps = max(abs(one / two - 1) for one, two in zip(raster.step, like.step, strict=True))
        rows, columns = raster.shape
        inside = 0 <= round(column) <= file.width - columns and 0 <= round(row) <= file.height - rows
        if off > 100 * SAME or steps > SAME or not inside:
            raise GeometryError(f"a block at column {column:.3f}, row {row:.3f} is not of the file's grid")
        file.write(_stored(raster), band, window=Window(round(column), round(row), columns, rows))

    return put


def _stored(raster: Raster) -> Any:
    """Return the numbers as GeoTIFF has them: no true and false, no whole numbers of 64 bits."""
    values = raster.values
    if values.dtype == bool:
        return values.astype(np.uint8)
    if values.dtype in (np.int64, np.uint64):
        if values.size and max(abs(int(values.min())), abs(int(values.max()))) > np.iinfo(np.int32).max:
            raise FormatError("whole numbers beyond 32 bits do not fit a GeoTIFF that others read: make them decimals")
        return values.astype(np.int32)
    return values


def _optimise(plain: Path, made: Path, kind: str, dtype: np.dtype[Any]) -> None:
    """Copy a plain GeoTIFF into one that is cloud optimized."""
    floating = np.issubdtype(dtype, np.floating)
    copy(
        plain,
        made,
        driver="COG",
        compress="DEFLATE",
        predictor="FLOATING_POINT" if floating else "STANDARD",
        blocksize=BLOCK,
        overview_resampling="AVERAGE" if kind == "continuous" else "MODE",
        bigtiff="IF_SAFER",
    )


def _read_back(plain: Path, made: Path) -> None:
    """Compare a copy with what it was made from: of a disk that is full at the very end GDAL says nothing.

    Raises FormatError.
    """
    with rasterio.open(plain) as one, rasterio.open(made) as other:
        decimals = np.issubdtype(np.dtype(one.dtypes[0]), np.floating)
        for _, window in one.block_windows(1):
            for band in one.indexes:
                before, after = one.read(band, window=window), other.read(band, window=window)
                if not np.array_equal(before, after, equal_nan=bool(decimals)):
                    raise FormatError(f"cannot write {made.name}: what was written is not what is read back; make room")


def grid(bounds: tuple[float, float, float, float], step: float) -> tuple[Affine, tuple[int, int]]:
    """Return place and shape of the cells that cover bounds; edges are whole multiples of the step.

    So grids of one step lie upon each other, whatever their bounds. Raises GeometryError for a step or bounds that make
    no sense.
    """
    west, south, east, north = bounds
    if not (np.isfinite([*bounds, step]).all() and step > 0 and east > west and north > south):
        raise GeometryError(
            f"bounds {bounds} with a step of {step}: west, south, east, north and a step above 0 were expected"
        )
    # What misses an edge by a rounding error lies on it.
    left, bottom = np.floor(west / step + 1e-9), np.floor(south / step + 1e-9)
    right, top = np.ceil(east / step - 1e-9), np.ceil(north / step - 1e-9)
    return Affine(step, 0.0, left * step, 0.0, -step, top * step), (int(top - bottom), int(right - left))
