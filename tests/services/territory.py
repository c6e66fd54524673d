"""A small territory that the made-up answers are about: four communes in three départements, side by side."""

from __future__ import annotations

import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame

from geo.crs import WGS84
from layers.sources.connector import Territory

# Squares of a tenth of a degree: code, name, pole, west, south, people.
COMMUNES = (
    ("13055", "Marseille", "aix-marseille", 5.3, 43.3, 8000),
    ("13999", "Exempleville", "martigues-fos", 5.2, 43.3, 1234),
    ("83120", "Saint-Zacharie", "aix-marseille", 5.4, 43.3, 600),
    ("84089", "Pertuis", "aix-marseille", 5.3, 43.4, 2000),
)
# Around: Arles is of département 13 but not of the metropolis.
NEIGHBOURS = (
    ("13004", "Arles", 5.1, 43.3),
    ("13998", "Voisine", 5.2, 43.4),
    ("83001", "Lointaine", 5.5, 43.3),
    ("84001", "Haute", 5.3, 43.5),
    ("04001", "Une", 6.0, 44.0),
    ("05001", "Deux", 6.0, 44.2),
    ("26001", "Trois", 5.0, 44.2),
    ("30001", "Quatre", 4.5, 43.8),
    ("34001", "Cinq", 4.1, 43.6),
    # Of a département around, but out of sight.
    ("34002", "Loin", 3.1, 43.6),
)
SITE = ("id", "name", "operator", "insee", "lon", "lat", "position_precision", "ets_id", "irep_id")
STATION = ("id", "name", "code", "lon", "lat")


def square(west: float, south: float, size: float = 0.1) -> list[list[list[float]]]:
    """Give the coordinates of a square as GeoJSON has them, longitude first."""
    east, north = round(west + size, 6), round(south + size, 6)
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def territory(*, sites: DataFrame | None = None, stations: DataFrame | None = None) -> Territory:
    """Make the territory; `sites` and `stations` are rows of text, none when not given."""
    rows = {name: [row[n] for row in COMMUNES] for n, name in enumerate(("code", "name", "pole"))}
    shapes = [shapely.box(row[3], row[4], round(row[3] + 0.1, 6), round(row[4] + 0.1, 6)) for row in COMMUNES]
    return Territory(
        GeoDataFrame(rows, geometry=shapes, crs=WGS84),
        DataFrame(columns=list(SITE), dtype="str") if sites is None else sites,
        DataFrame(columns=list(STATION), dtype="str") if stations is None else stations,
    )
