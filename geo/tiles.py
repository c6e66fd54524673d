"""Vector tiles: shapes generalised for each zoom, cut into tiles by GDAL, kept in one PMTiles archive.

An archive is read by ranges of bytes, from any server or file host that answers those, so that a map fetches what it
shows and no more. The tiles are those of Web Mercator (EPSG:3857), as Mapbox Vector Tiles packed with gzip.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pyogrio
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pmtiles.reader import MmapSource, all_tiles
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from geo import crs, files
from geo.errors import FormatError
from geo.types import Bounds

_MERCATOR = "EPSG:3857"
# Of 4,096 steps across a tile: what is drawn or pointed at beside its edge is in it too (16 px of 512).
_EDGE = 128
# A corner nearer to the line through its neighbours than 0.6 px of the screen changes nothing seen; a tile is drawn
# twice as large as its zoom says, 512 px, since a quarter as many are then fetched and cut.
_PX = 0.3
_MERCATOR_M_PER_PX = 156_543.034


def tolerance_m(zoom: int, *, latitude: float) -> float:
    """Return how far, in metres on the ground, a line may move at a zoom of Web Mercator without being seen to."""
    return float(_PX * _MERCATOR_M_PER_PX * math.cos(math.radians(latitude)) / 2**zoom)


def generalised(shapes: NDArray[Any], tolerance: float) -> NDArray[Any]:
    """Return shapes with fewer corners, in the system they came in; none of them becomes empty or invalid.

    tolerance: in the units of that system. Areas that share an edge share it afterwards too (Visvalingam-Whyatt on the
    coverage); areas that overlap are no coverage: where that spoils one, it stays as it was. Lines by Douglas-Peucker.
    """
    if not len(shapes):
        return shapes
    areas = shapely.get_dimensions(shapes).max() == 2
    simple = shapely.coverage_simplify(shapes, tolerance) if areas else shapely.simplify(shapes, tolerance)
    wrong = ~shapely.is_valid(simple) | shapely.is_empty(simple)
    simple[wrong] = shapes[wrong]
    return simple  # type: ignore[no-any-return]


def levels(frame: GeoDataFrame, zooms: range, *, least_m: float) -> Iterator[tuple[int, GeoDataFrame]]:
    """Yield the frame for each zoom, from the closest to the farthest, its shapes generalised for it (EPSG:2154).

    least_m: metres a line may move even at the closest zoom. Each level is made from the one before.
    """
    metric = crs.to_metres(frame)
    latitude = float(crs.to_exchange(metric).total_bounds[[1, 3]].mean())
    shapes = metric.geometry.to_numpy()
    for zoom in reversed(zooms):
        shapes = generalised(shapes, max(least_m, tolerance_m(zoom, latitude=latitude)))
        yield zoom, metric.set_geometry(shapes, crs=metric.crs)


def write(frame: GeoDataFrame, path: Path, *, name: str, zooms: range, least_m: float, within: Bounds) -> None:
    """Write rows to a PMTiles archive, whole or not at all; each feature keeps the frame's columns.

    name: of the one layer in the tiles; within: degrees (EPSG:4326), rows that do not touch it are left out; zooms,
    least_m: see `levels`. Raises CRSError without a system, FormatError when it cannot be written.
    """
    crs.require(frame)
    seen = crs.to_exchange(frame).intersects(shapely.box(within.west, within.south, within.east, within.north))
    kept = frame[seen.to_numpy()]
    if kept.empty:
        raise FormatError(f"cannot write {path}: none of the {len(frame)} rows touches {within}; look at the layer")
    with tempfile.TemporaryDirectory(prefix="provence-map-tiles-") as folder, files.replacing(Path(path)) as target:
        parts = {
            zoom: _level(rows, Path(folder), zoom, name=name) for zoom, rows in levels(kept, zooms, least_m=least_m)
        }
        _bound(parts, target, name=name, within=within)


def _level(rows: GeoDataFrame, folder: Path, zoom: int, *, name: str) -> Path:
    """Let GDAL cut one zoom; it does not generalise by itself, since it knows no neighbours."""
    path = folder / f"{zoom}.pmtiles"
    options = {"MINZOOM": zoom, "MAXZOOM": zoom, "BUFFER": _EDGE, "SIMPLIFICATION": 0, "SIMPLIFICATION_MAX_ZOOM": 0}
    # By its own limits GDAL leaves out features of full tiles, without a word.
    options |= {"MAX_SIZE": 50_000_000, "MAX_FEATURES": 1_000_000}
    try:
        pyogrio.write_dataframe(
            rows.to_crs(_MERCATOR), path, driver="PMTiles", layer=name, dataset_options=options, promote_to_multi=True
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeError) as error:
        raise FormatError(f"GDAL {pyogrio.__gdal_version_string__} cannot cut tiles of zoom {zoom}: {error}") from error
    return path


def _bound(parts: Mapping[int, Path], target: Path, *, name: str, within: Bounds) -> None:
    """Put the tiles of all zooms into one archive, in the order that lets a reader fetch neighbours together."""
    tiles: list[tuple[int, bytes]] = []
    for path in parts.values():
        with path.open("rb") as handle:
            tiles += [(zxy_to_tileid(*zxy), data) for zxy, data in all_tiles(MmapSource(handle))]
    corners = {
        f"{side}_{axis}_e7": round(value * 1e7)
        for side, axis, value in (
            ("min", "lon", within.west), ("min", "lat", within.south),
            ("max", "lon", within.east), ("max", "lat", within.north),
            ("center", "lon", (within.west + within.east) / 2), ("center", "lat", (within.south + within.north) / 2),
        )
    }  # fmt: skip
    low, high = min(parts), max(parts)
    header = {
        "tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "min_zoom": low, "max_zoom": high,
        "center_zoom": low, **corners,
    }  # fmt: skip
    with target.open("wb") as handle:
        writer = Writer(handle)
        with closing(writer.tile_f):
            for tile, data in sorted(tiles):
                writer.write_tile(tile, data)
            writer.finalize(header, {"vector_layers": [{"id": name, "fields": {}, "minzoom": low, "maxzoom": high}]})
