"""Coordinates whose order is a property of a type, in WGS 84 degrees; the flip to Leaflet's order lives here only."""

from __future__ import annotations

import math
from dataclasses import dataclass

import shapely
from geopandas import GeoDataFrame
from shapely.geometry.base import BaseGeometry

from geo import crs
from geo.errors import GeometryError


def _degree_faults(*, lons: dict[str, float], lats: dict[str, float]) -> list[str]:
    """Name every value that is no longitude or latitude."""
    faults = [f"{k} is {v!r}, a longitude from -180 to 180 expected" for k, v in lons.items() if not _within(v, 180)]
    faults += [f"{k} is {v!r}, a latitude from -90 to 90 expected" for k, v in lats.items() if not _within(v, 90)]
    return faults


def _within(value: float, limit: float) -> bool:
    """Tell whether the value is a finite number from -limit to limit."""
    return math.isfinite(value) and abs(value) <= limit


@dataclass(frozen=True, slots=True)
class LonLat:
    """Hold one position in WGS 84 degrees.

    Raises GeometryError when a value is not a longitude or a latitude.
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        faults = _degree_faults(lons={"lon": self.lon}, lats={"lat": self.lat})
        if faults:
            raise GeometryError(f"not a position: {'; '.join(faults)} (longitude comes first)")

    def to_leaflet(self) -> list[float]:
        """Return [latitude, longitude], the order Leaflet expects."""
        return [self.lat, self.lon]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Hold an extent in WGS 84 degrees; a single point is an extent too.

    Raises GeometryError when a value is out of range or an edge is on the wrong side of its opposite.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        faults = _degree_faults(
            lons={"west": self.west, "east": self.east}, lats={"south": self.south, "north": self.north}
        )
        if self.west > self.east:
            faults.append(f"west {self.west!r} is east of east {self.east!r}")
        if self.south > self.north:
            faults.append(f"south {self.south!r} is north of north {self.north!r}")
        if faults:
            raise GeometryError(f"not an extent: {'; '.join(faults)} (the order is west, south, east, north)")

    @classmethod
    def of(cls, gdf: GeoDataFrame) -> Bounds:
        """Return the extent of a frame in WGS 84.

        Raises CRSError when the frame is in another system, GeometryError when it holds no coordinate.
        """
        crs.require(gdf, crs.WGS84)
        west, south, east, north = (float(value) for value in gdf.total_bounds)
        if math.isnan(west):
            raise GeometryError("an empty frame has no extent: check the filter that made it")
        return cls(west, south, east, north)

    def to_leaflet(self) -> list[list[float]]:
        """Return [[south, west], [north, east]], the corners as Leaflet expects them."""
        return [[self.south, self.west], [self.north, self.east]]

    def polygon(self) -> BaseGeometry:
        """Return the extent as a rectangle in degrees, longitude first."""
        return shapely.box(self.west, self.south, self.east, self.north)

    def expand(self, deg: float) -> Bounds:
        """Return the extent grown by a margin in degrees on every side, cut at the poles and the antimeridian.

        Raises GeometryError when a negative margin turns the extent inside out.
        """
        return Bounds(
            max(self.west - deg, -180.0),
            max(self.south - deg, -90.0),
            min(self.east + deg, 180.0),
            min(self.north + deg, 90.0),
        )

    def contains(self, point: LonLat) -> bool:
        """Tell whether the point lies inside the extent or on its edge."""
        return self.west <= point.lon <= self.east and self.south <= point.lat <= self.north
