"""SYNTHETIC areas for measuring growth: as many as France has communes, of their size and with as many corners.

No file of all communes can be fetched here, so they are made: cells around seeded points on a square as large as
France, whose edges are roughened once and shared by both neighbours, so that they tile without a gap. Names and figures
say nothing about any place. They come into the map as the layer of zones, which an edition brings from a refresh.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from geo import crs, vector
from layers import editions
from layers.catalogue import load
from layers.vocabulary import ZONE_KINDS

SEED = 35
FRANCE_M2 = 551_500e6
# The corner of the square in EPSG:2154; the metropolis lies in its south-east, as it does in France.
CORNER = (350_000.0, 6_180_000.0)
# Each edge is halved so many times: 4 gives some 96 corners an area. (ours, simplified by their publisher: 39.)
HALVINGS = 4
ROUGH = 0.12


@cache
def areas(count: int) -> GeoDataFrame:
    """Make `count` areas that tile a square of France's area per commune, as rows of the table of zones (EPSG:4326)."""
    random = np.random.default_rng(SEED)
    side = float(np.sqrt(FRANCE_M2 * count / 35_000))
    # Fewer areas are as large as many: their square is smaller, and lies around the metropolis.
    middle = load("communes").to_crs(crs.LAMBERT93).total_bounds.reshape(2, 2).mean(axis=0)
    corner = np.array(CORNER) if count >= 35_000 else middle - side / 2
    cells = _tiled(corner + random.uniform(0, side, (count + int(8 * np.sqrt(count)), 2)), random)[:count]
    kinds = random.choice(ZONE_KINDS, len(cells))
    number = np.arange(len(cells))
    home = load("communes")
    placed = home.iloc[number % len(home)]
    rows = GeoDataFrame(
        {
            "id": [f"area-{n}" for n in number],
            "name": [f"SYNTHETIC {n}" for n in number],
            "kind": kinds,
            "detail": "made for measuring",
            "insee": placed["code"].to_numpy(),
            "commune": placed["name"].to_numpy(),
            "pole": placed["pole"].to_numpy(),
            "area_ha": np.round(shapely.area(cells) / 1e4, 1).clip(0, 100_000),
            "updated": "2026-01-02",
            "source": "ign-bdtopo",
        },
        geometry=cells,
        crs=crs.LAMBERT93,
    )
    return crs.rounded(rows.to_crs(crs.WGS84))


def _tiled(points: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.object_]:
    edges = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), only_edges=True))
    # Edges on their way to infinity are left out, and with them the cells at the rim.
    edges = edges[shapely.covered_by(edges, shapely.box(*points.min(axis=0), *points.max(axis=0)))]
    cells = shapely.get_parts(
        shapely.polygonize([shapely.LineString(_rough(shapely.get_coordinates(edge), random)) for edge in edges])
    )
    return np.asarray(cells[shapely.is_valid(cells)])


def _rough(line: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Move the middle of each piece aside by a part of its length, again and again."""
    for _ in range(HALVINGS):
        step = np.diff(line, axis=0)
        middle = (line[:-1] + line[1:]) / 2
        middle += np.column_stack((-step[:, 1], step[:, 0])) * random.uniform(-ROUGH, ROUGH, (len(step), 1))
        longer = np.empty((2 * len(line) - 1, 2))
        longer[0::2], longer[1::2] = line, middle
        line = longer
    return line


def edition(folder: Path, count: int, *, base: Path) -> Path:
    """Make a data folder whose layer of zones holds `count` areas, and give it: an edition, as a refresh leaves one."""
    said = {"retrieved": "2026-11-24", "vintage": {"en": "SYNTHETIC", "fr": "SYNTHÉTIQUE"}}
    edition_ = {
        "id": folder.name,
        "made_at": "2026-11-24T10:00:00+00:00",
        "base": editions.base_version(base),
        "sources": {"ign-bdtopo": said},
        "layers": {"zones": {"sources": ["ign-bdtopo"], "refreshed": "2026-11-24"}},
    }
    (folder / "edition.json").write_text(json.dumps(edition_), encoding="utf-8")
    vector.write(areas(count), folder / "tables" / "zones.parquet")
    return folder
