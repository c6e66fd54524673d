"""Tiny frames made in memory, and a comparison of geometry that says what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely
from geopandas import GeoDataFrame

from geo import crs

# A round corner in Lambert-93, some kilometres north of Marseille.
ORIGIN_M = (890_000.0, 6_260_000.0)


def points(*positions: tuple[float, float], **columns: Sequence[Any]) -> GeoDataFrame:
    """Return a frame of points in WGS 84, longitude first, with the columns given."""
    return GeoDataFrame(dict(columns), geometry=[shapely.Point(x, y) for x, y in positions], crs=crs.WGS84)


def squares(across: int = 2, up: int = 2, *, side_m: float = 1000.0, to: str = crs.LAMBERT93) -> GeoDataFrame:
    """Return squares that tile a rectangle, in rows from the south-west, with a column `code` (A1, B1, A2, …)."""
    x0, y0 = ORIGIN_M
    cells = [(i, j) for j in range(up) for i in range(across)]
    boxes = [
        shapely.box(x0 + i * side_m, y0 + j * side_m, x0 + (i + 1) * side_m, y0 + (j + 1) * side_m) for i, j in cells
    ]
    codes = [f"{chr(ord('A') + i)}{j + 1}" for i, j in cells]
    return GeoDataFrame({"code": codes}, geometry=boxes, crs=crs.LAMBERT93).to_crs(to)


def assert_same_geometry(left: GeoDataFrame, right: GeoDataFrame, *, tolerance: float = 1e-9) -> None:
    """Fail with every row that differs, unless both frames have one system, one length and the same shapes.

    tolerance: how far two vertices may lie apart, in the unit of the coordinate system.
    """
    if left.crs != right.crs:
        raise AssertionError(f"coordinate systems differ: {left.crs} and {right.crs}")
    if len(left) != len(right):
        raise AssertionError(f"{len(left)} rows and {len(right)} rows")
    one, other = (shapely.normalize(frame.geometry.to_numpy()) for frame in (left, right))
    differing = [str(i) for i, same in enumerate(shapely.equals_exact(one, other, tolerance=tolerance)) if not same]
    if differing:
        raise AssertionError(f"geometry differs in rows {', '.join(differing)}")
