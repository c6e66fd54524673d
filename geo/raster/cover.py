"""How much of each cell a polygon covers, exactly: shares of polygons that tile an area add up to one in every cell."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.raster.model import Raster

Numbers = NDArray[np.float64]


def cover(polygon: shapely.Geometry, like: Raster) -> Numbers:
    """Return the share of each cell that lies in a polygon or several, from 0 to 1, in the cells of `like`.

    Coordinates are those of the raster's system. Each edge is cut where it passes from cell to cell; a piece adds to
    its own cell the area between it and the cell's eastern side, and to all cells further east its height (as fonts are
    drawn with exact coverage). What is no polygon covers nothing.
    """
    rows, columns = like.shape
    place = like.transform
    area, height = np.zeros((rows, columns)), np.zeros((rows, columns + 1))
    for ring, sign in _rings(polygon):
        x, y = (ring[:, 0] - place.c) / place.a, (ring[:, 1] - place.f) / place.e
        x0, y0, x1, y1 = _cut(x, y)
        row = np.floor((y0 + y1) / 2).astype(int)
        # What lies west of the raster still stands for all cells to the east of it.
        column = np.maximum(np.floor((x0 + x1) / 2), 0).astype(int)
        inside = (row >= 0) & (row < rows) & (column < columns)
        row, column = row[inside], column[inside]
        fall = sign * (y1 - y0)[inside]
        east = column + 1 - np.maximum((x0 + x1)[inside] / 2, 0)
        np.add.at(area, (row, column), fall * east)
        np.add.at(height, (row, column + 1), fall)
    return np.clip(area + np.cumsum(height, axis=1)[:, :columns], 0.0, 1.0)


def _rings(polygon: shapely.Geometry) -> list[tuple[Numbers, int]]:
    """Return the rings with the sign of what they add: outer ones count, holes are taken away."""
    found: list[tuple[Numbers, int]] = []
    for part in shapely.get_parts(polygon):
        if shapely.get_type_id(part) != shapely.GeometryType.POLYGON or shapely.is_empty(part):
            continue
        outer = shapely.get_exterior_ring(part)
        holes = [shapely.get_interior_ring(part, n) for n in range(shapely.get_num_interior_rings(part))]
        for ring, sign in ((outer, 1), *((hole, -1) for hole in holes)):
            # On paper, y goes up and in the raster rows go down: a ring against the clock falls on its western side.
            turn = 1 if shapely.is_ccw(ring) else -1
            found.append((shapely.get_coordinates(ring), sign * turn))
    return found


def _cut(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Cut the edges of a ring where they cross columns and rows: each piece lies in one cell. Return their ends."""
    x0, y0, x1, y1 = x[:-1], y[:-1], x[1:], y[1:]
    edges = np.arange(len(x0))
    owner, at = [edges], [np.zeros(len(edges))]
    for one, two in ((x0, x1), (y0, y1)):
        low, high = np.minimum(one, two), np.maximum(one, two)
        first = np.floor(low) + 1
        many = np.maximum(np.ceil(high) - first, 0).astype(int)
        edge = np.repeat(edges, many)
        nth = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        owner.append(edge)
        at.append((first[edge] + nth - one[edge]) / (two - one)[edge])
    owners, ats = np.concatenate(owner), np.clip(np.concatenate(at), 0.0, 1.0)
    order = np.lexsort((ats, owners))
    edge, start = owners[order], ats[order]
    last = np.append(edge[1:] != edge[:-1], True)
    end = np.where(last, 1.0, np.append(start[1:], 1.0))
    wide, high = (x1 - x0)[edge], (y1 - y0)[edge]
    # The end of an edge is taken as it is, so that rings close to the last digit.
    return (
        x0[edge] + start * wide,
        y0[edge] + start * high,
        np.where(last, x1[edge], x0[edge] + end * wide),
        np.where(last, y1[edge], y0[edge] + end * high),
    )
