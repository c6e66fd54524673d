"""How far each cell lies from the nearest one that is true."""

from __future__ import annotations

import numpy as np

from geo import crs
from geo.errors import GeometryError
from geo.raster.model import Raster, require


def proximity(raster: Raster) -> Raster:
    """Return the distance from the middle of each cell to that of the nearest true cell, in metres (EPSG:2154).

    True is every known number but 0.

    Raises CRSError in another coordinate system, GeometryError when no cell is true.
    """
    # Those who only read rasters need not wait until scipy is loaded.
    from scipy.ndimage import distance_transform_edt

    require(raster, crs.LAMBERT93)
    true = raster.known & (raster.values != 0)
    if not true.any():
        raise GeometryError("no cell is true: there is nothing to be near to")
    wide, high = raster.step
    found = distance_transform_edt(~true, sampling=(high, wide))
    return raster.with_values(np.asarray(found, dtype=np.float32))
