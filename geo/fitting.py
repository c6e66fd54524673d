"""Coordinate systems that fit a place: every EPSG code of two axes whose area of use holds it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType

from geo.types import Bounds


@dataclass(frozen=True, slots=True)
class Fitting:
    """Hold a code of EPSG, the name of its system, where it may be used, and whether it counts in degrees."""

    code: int
    name: str
    use: str
    degrees: bool


@lru_cache(maxsize=8)
def fitting(extent: Bounds) -> tuple[Fitting, ...]:
    """Return the systems whose area of use holds an extent (EPSG:4326), those withdrawn left out, by their code."""
    found = query_crs_info(
        auth_name="EPSG",
        pj_types=[PJType.PROJECTED_CRS, PJType.GEOGRAPHIC_2D_CRS],
        area_of_interest=AreaOfInterest(extent.west, extent.south, extent.east, extent.north),
        contains=True,
    )
    rows = [
        Fitting(int(info.code), info.name, (info.area_of_use.name or "") if info.area_of_use else "",
                info.type is PJType.GEOGRAPHIC_2D_CRS)
        for info in found
        if info.code.isdigit() and not info.deprecated
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: row.code))
