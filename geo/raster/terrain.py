"""What the shape of the ground gives: slope, and light and shadow of the hills."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod, Transformer

from geo import crs
from geo.errors import GeometryError
from geo.raster.model import Raster

# Light from the north-west as maps have it, and from three sides more, so that no valley lies in the dark.
AZIMUTHS = (225.0, 270.0, 315.0, 360.0)
ALTITUDE = 45.0
# Cells that are worked on at once.
STRIP = 200_000

Numbers = NDArray[np.float64]


def slope_degrees(elevation: Raster) -> Raster:
    """Return how steep the ground is, in degrees from the level, by Horn's method; heights are in metres.

    Cells may be of any coordinate system: what they measure on the ground is taken into account. Unknown where the
    height, or every neighbour's on one axis, is unknown.

    Raises GeometryError when no height is known.
    """
    return _in_strips(elevation, lambda part: np.degrees(np.arctan(np.hypot(*_gradient(part)))))


def hillshade(
    elevation: Raster, *, azimuths: Sequence[float] = AZIMUTHS, altitude: float = ALTITUDE, exaggeration: float = 1.0
) -> Raster:
    """Return light and shadow, 0 (dark) to 1 (light), of suns at azimuths in degrees from north, clockwise.

    Of several suns each counts most where the ground faces across its light, as in the method of the USGS for
    multi-directional shading. Level ground has the sine of the altitude (degrees above the horizon).

    Raises GeometryError when no height is known, or for no sun or one below the horizon.
    """
    if not azimuths or not 0 < altitude <= 90:
        raise GeometryError(f"suns at {list(azimuths)}, {altitude}° high: at least one above the horizon was expected")
    suns, high = np.radians(azimuths), float(np.radians(altitude))
    return _in_strips(elevation, lambda part: _light(part, suns, high, exaggeration))


def _light(elevation: Raster, suns: Numbers, high: float, exaggeration: float) -> Numbers:
    """Return the light of suns at azimuths and a height in radians."""
    east, north = (exaggeration * part for part in _gradient(elevation))
    aspect = np.arctan2(-east, -north)  # where the ground falls, from north, clockwise
    level = np.sqrt(1 + east**2 + north**2)
    total, weight = np.zeros(elevation.shape), np.zeros(elevation.shape)
    for sun in suns:
        light = np.sin(high) - np.cos(high) * (east * np.sin(sun) + north * np.cos(sun))
        # The little that is added keeps a slope that faces every sun from being divided by nothing.
        share = np.sin(aspect - sun) ** 2 + 1e-6
        total += share * np.clip(light / level, 0.0, 1.0)
        weight += share
    return np.asarray(total / weight)


def _in_strips(elevation: Raster, make: Callable[[Raster], Numbers]) -> Raster:
    """Make numbers of heights, some rows at a time with one more on either side: a tenth of the memory, and sooner.

    Raises GeometryError when no height is known.
    """
    if not elevation.known.any():
        raise GeometryError("no height is known: every cell is nodata; check the file or its bounds")
    rows, columns = elevation.shape
    many = max(1, STRIP // columns)
    made = np.empty(elevation.shape, dtype=np.float32)
    for top in range(0, rows, many):
        above, end = max(0, top - 1), min(rows, top + many)
        part = elevation.part(slice(above, min(rows, end + 1)), slice(0, columns))
        made[top:end] = make(part)[top - above : end - above]
    return elevation.with_values(made)


def _gradient(elevation: Raster) -> tuple[Numbers, Numbers]:
    """Return how much the ground rises eastward and northward, metres by metre."""
    height = elevation.filled()
    padded = np.pad(height, 1, constant_values=np.nan)
    level = _across(padded, height, (0, 1))
    upright = _across(padded, height, (-1, 0))
    rising, falling = _across(padded, height, (-1, 1)), _across(padded, height, (1, 1))
    east = _first(2 * level + rising + falling, 4 * level, 2 * (rising + falling)) / 4
    north = _first(2 * upright + rising - falling, 4 * upright, 2 * (rising - falling)) / 4
    wide, high = ground_steps(elevation)
    return east / wide[:, np.newaxis], north / high[:, np.newaxis]


def _across(padded: Numbers, height: Numbers, to: tuple[int, int]) -> Numbers:
    """Return how much the ground rises over one cell in a direction (rows, columns).

    It is half of the rise from one neighbour to the opposite one, or that to the only one known: so a plane is as steep
    at the borders as in its midst.
    """
    down, right = to
    rows, columns = height.shape
    ahead = padded[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
    behind = padded[1 - down : 1 - down + rows, 1 - right : 1 - right + columns]
    rise = _first((ahead - behind) / 2, ahead - height, height - behind)
    return np.where(np.isnan(height), np.nan, rise)


def _first(*choices: Numbers) -> Numbers:
    """Return for each cell the first of the numbers that is known."""
    found = choices[0]
    for choice in choices[1:]:
        found = np.where(np.isnan(found), choice, found)
    return found


def ground_steps(raster: Raster) -> tuple[Numbers, Numbers]:
    """Return for each row what a cell measures on the ground eastward and northward, in metres.

    In EPSG:2154 that is the step itself; in another system it is measured on the ellipsoid at the middle column.
    """
    rows, _ = raster.shape
    wide, high = raster.step
    if raster.crs == crs.LAMBERT93:
        return np.full(rows, wide), np.full(rows, high)
    easts, norths = raster.centres()
    middle = np.full(rows, easts[len(easts) // 2])
    to_degrees = Transformer.from_crs(raster.crs, crs.WGS84, always_xy=True)
    ellipsoid = Geod(ellps="WGS84")

    def length(by: float, up: float) -> Numbers:
        start, end = to_degrees.transform(middle - by, norths - up), to_degrees.transform(middle + by, norths + up)
        return np.asarray(ellipsoid.inv(*start, *end)[2], dtype=float)

    return length(wide / 2, 0.0), length(0.0, high / 2)
