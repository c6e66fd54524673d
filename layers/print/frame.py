"""The map's frame: which part of Lambert-93 (EPSG:2154) is shown, at which round scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import shapely
from geopandas import GeoSeries

from geo import crs
from layers import catalogue, editions
from layers.print.ink import MM
from layers.print.placing import Box, Point
from layers.sources.contours import FRAME

# Round scales only, none larger than positions that are good to two kilometres allow.
SCALES = (75, 100, 125, 150, 200, 250, 300, 350, 400, 450, 500, 550, 600, 650, 700, 750, 800, 900, 1000, 1250)
# Room for numbers around the outermost symbols, in points.
MARGIN = 30.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of the page and the ground it shows: `west`, `south` in metres, `scale` as 1:scale."""

    box: Box
    west: float
    south: float
    scale: int

    @property
    def metres(self) -> float:
        """Give the metres of ground in one point of the page."""
        return self.scale / MM / 1000

    @property
    def ground(self) -> Box:
        """Give the ground shown, in metres of Lambert-93."""
        left, foot, right, top = self.box
        east, north = self.west + (right - left) * self.metres, self.south + (top - foot) * self.metres
        return self.west, self.south, east, north

    def at(self, point: Point) -> Point:
        """Give the place on the page of a point in Lambert-93."""
        return (
            self.box[0] + (point[0] - self.west) / self.metres,
            self.box[1] + (point[1] - self.south) / self.metres,
        )

    def on_page(self, shape: shapely.Geometry, *, detail: float = 0.2) -> shapely.Geometry:
        """Give a shape in points of the page, cut a little outside the frame and as fine as `detail` points."""
        left, foot, right, top = self.box
        moved = shapely.transform(shape, lambda xy: (xy - (self.west, self.south)) / self.metres + (left, foot))
        return shapely.clip_by_rect(shapely.simplify(moved, detail), left - 6, foot - 6, right + 6, top + 6)


def fit(shapes: Sequence[shapely.Geometry], box: Box) -> Frame:
    """Give the frame that shows all shapes (EPSG:2154) with room around them, at the largest round scale."""
    bounds = shapely.total_bounds(shapes)
    west, south, east, north = (float(value) for value in bounds)
    width, height = box[2] - box[0], box[3] - box[1]
    for thousands in SCALES:
        metres = thousands / MM
        if east - west <= (width - 2 * MARGIN) * metres and north - south <= (height - 2 * MARGIN) * metres:
            break
    return centred(box, ((west + east) / 2, (south + north) / 2), scale=thousands * 1000)


def centred(box: Box, centre: Point, *, scale: int) -> Frame:
    """Give the frame of a scale around a point (EPSG:2154), moved where there is no more land to draw."""
    width, height = ((box[i + 2] - box[i]) * scale / MM / 1000 for i in (0, 1))
    return Frame(box, _within(centre[0] - width / 2, width, 0), _within(centre[1] - height / 2, height, 1), scale)


@editions.kept()
def metropolis() -> shapely.Geometry:
    """Give the outline of the metropolis in Lambert-93."""
    return shapely.union_all(crs.to_metres(catalogue.load("poles")).geometry.to_numpy())


def _within(low: float, length: float, axis: int) -> float:
    """Move an edge so that the frame stays where there is land to draw around the metropolis."""
    known = _known()
    return max(known[axis], min(low, known[axis + 2] - length)) if length < known[axis + 2] - known[axis] else low


@cache
def _known() -> Box:
    """Give the ground that the tables cover, as an upright rectangle in it."""
    # East of 3°E, edges of degrees only lean one way in Lambert-93: their corners are their extremes.
    lons, lats = (FRAME.west, FRAME.east, FRAME.west, FRAME.east), (FRAME.south, FRAME.south, FRAME.north, FRAME.north)
    corners = GeoSeries(shapely.points(lons, lats), crs=crs.WGS84).to_crs(crs.LAMBERT93)
    (sw, se, nw, ne) = ((float(point.x), float(point.y)) for point in corners)
    return max(sw[0], nw[0]), max(sw[1], se[1]), min(se[0], ne[0]), min(nw[1], ne[1])
