"""Lines of equal coordinate of any system, drawn on the ground of Lambert-93 (EPSG:2154)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError as ProjError

from geo import crs
from geo.errors import CRSError

Box = tuple[float, float, float, float]
# Points along a line: bent by less than a hair at any scale of a sheet.
_POINTS = 49
# Not for print: its metres are of the equator, and a reader would measure with them.
_PSEUDO_MERCATOR = 3857


@dataclass(frozen=True, slots=True)
class Line:
    """A line of one coordinate: `axis` 0 for eastings or longitudes, 1 for northings or latitudes; in EPSG:2154."""

    axis: int
    value: float
    shape: shapely.Geometry


@cache
def system(code: int) -> CRS:
    """Return the system of an EPSG code that can be drawn as a grid.

    Raises CRSError for an unknown code, for anything but two horizontal axes in metres or degrees, and for 3857.
    """
    try:
        found = CRS.from_epsg(code)
    except ProjError as error:
        raise CRSError(f"EPSG:{code} is not known: name a code such as 2154, 3944 or 4326") from error
    units = {axis.unit_name for axis in found.axis_info}
    if len(found.axis_info) != 2 or not (found.is_projected or found.is_geographic) or len(units) != 1:
        raise CRSError(f"EPSG:{code} ({found.name}) is not a system of two horizontal axes: name one that is")
    if not units <= {"metre", "degree"}:
        raise CRSError(f"EPSG:{code} ({found.name}) counts in {', '.join(units)}, metres or degrees expected")
    if code == _PSEUDO_MERCATOR:
        raise CRSError(f"EPSG:{code} ({found.name}) is not printed: its metres are not those of the ground")
    return found


def in_degrees(code: int) -> bool:
    """Tell whether a system counts in degrees. Raises CRSError as `system` does."""
    return bool(system(code).is_geographic)


def check_use(code: int, ground: Box) -> None:
    """Refuse a system that is not made for some ground (EPSG:2154).

    Raises CRSError naming the area of use.
    """
    found = system(code)
    use = found.area_of_use
    west, south, east, north = _between(crs.LAMBERT93, crs.WGS84).transform_bounds(*ground)
    if use is not None and not (use.west <= west and use.east >= east and use.south <= south and use.north >= north):
        raise CRSError(f"EPSG:{code} ({found.name}) is made for {use.name}: choose a system of this area")


@lru_cache(maxsize=32)
def _between(one: CRS | str, other: CRS | str) -> Transformer:
    # Each sheet of an atlas asks for the same two, and finding the way takes longer than going it.
    return Transformer.from_crs(one, other, always_xy=True)


def lines(ground: Box, code: int, step: float) -> Iterator[Line]:
    """Yield the lines at every multiple of `step` (metres or degrees) that may cross some ground (EPSG:2154).

    Raises CRSError as `system` does.
    """
    to, back = _between(crs.LAMBERT93, system(code)), _between(system(code), crs.LAMBERT93)
    box = to.transform_bounds(*ground, densify_pts=21)
    for axis in (0, 1):
        low, high = box[1 - axis], box[3 - axis]
        along = [low + (high - low) * at / (_POINTS - 1) for at in range(_POINTS)]
        for number in range(math.ceil(box[axis] / step), math.floor(box[axis + 2] / step) + 1):
            value = number * step
            pair = ([value] * _POINTS, along)
            xs, ys = back.transform(*(pair if axis == 0 else pair[::-1]))
            yield Line(axis, value, shapely.LineString(list(zip(xs, ys, strict=True))))
