"""Stations, ports and airports, and how far each point is from the nearest of them.

Distances are straight lines in Lambert-93 (EPSG:2154): never a road or a rail distance.
"""

from __future__ import annotations

from geopandas import GeoDataFrame
from pandas import DataFrame

from geo import join
from layers.catalogue import load

# Column of the answer: (layer, kinds of it that count). An air base or an airfield is no airport for a visitor.
REACHED = {
    "station": ("stations", ("station", "tgv")),
    "tgv": ("stations", ("tgv",)),
    "port": ("ports", ("port",)),
    "airport": ("airports", ("airport",)),
}


def nearest(points: GeoDataFrame) -> DataFrame:
    """Return, for each point, the nearest station, TGV station, port and airport.

    Columns: `station` (its name) and `station_km` (straight line), and likewise tgv, port and airport; same index as
    the points.
    """
    columns: dict[str, object] = {}
    for what, (layer, kinds) in REACHED.items():
        there = load(layer)
        found = join.nearest(points, there[there["kind"].isin(kinds)], "name")
        columns |= {what: found["name"], f"{what}_km": found["distance_km"].round(2)}
    return DataFrame(columns, index=points.index)
