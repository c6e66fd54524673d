"""Coordinate systems by their EPSG code: what each is, and where on Earth it may be used."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pyproj import CRS
from pyproj.exceptions import CRSError as ProjError

from geo.errors import CRSError
from geo.types import Bounds

Kind = Literal["flat", "degrees", "vertical", "compound", "three", "other", "unknown"]
_HIGHEST_CODE = 999_999
# A tenth of a metre or so: an area that touches the edge of a system's area of use lies in it.
_SLACK_DEG = 1e-6


@dataclass(frozen=True, slots=True)
class System:
    """Hold one system of two axes: its code, its name, whether it counts in degrees, its area of use in degrees.

    `use` is west, south, east, north in EPSG:4326, west greater than east across the antimeridian, None if not stated.
    """

    code: int
    name: str
    degrees: bool
    use: tuple[float, float, float, float] | None
    use_name: str

    def holds(self, extent: Bounds) -> bool:
        """Tell whether an extent lies in the area of use; True where none is stated."""
        if self.use is None:
            return True
        west, south, east, north = self.use
        upright = south - _SLACK_DEG <= extent.south and extent.north <= north + _SLACK_DEG
        after, before = west - _SLACK_DEG <= extent.west, extent.east <= east + _SLACK_DEG
        return upright and (after and before if west <= east else after or before)


@lru_cache(maxsize=256)
def kind(code: int) -> Kind:
    """Tell what an EPSG code stands for: only "flat" (metres or feet) and "degrees" have two axes and make a map."""
    crs = _crs(code)
    if crs is None:
        return "unknown"
    if crs.is_compound:
        return "compound"
    if crs.is_vertical:
        return "vertical"
    if len(crs.axis_info) != 2:
        return "three"
    if crs.is_projected:
        return "flat"
    return "degrees" if crs.is_geographic else "other"


@lru_cache(maxsize=256)
def system(code: int) -> System:
    """Return the system of an EPSG code.

    Raises CRSError for a code that is unknown or whose coordinates are not two on a surface.
    """
    crs, found = _crs(code), kind(code)
    if crs is None or found not in {"flat", "degrees"}:
        raise CRSError(f"EPSG:{code} is {found}: choose a code of two axes on a surface, as 2154 or 4326")
    use = crs.area_of_use
    return System(
        code=code,
        name=str(crs.name),
        degrees=found == "degrees",
        use=None if use is None else (float(use.west), float(use.south), float(use.east), float(use.north)),
        use_name="" if use is None else str(use.name or ""),
    )


def _crs(code: int) -> CRS | None:
    if not 0 < code <= _HIGHEST_CODE:
        return None
    try:
        return CRS.from_epsg(code)
    except ProjError:
        return None
