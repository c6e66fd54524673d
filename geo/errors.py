"""What can go wrong below the map, one class per thing that failed.

GeoError
├── CRSError        coordinates without a system, or in another one than required
├── FormatError     a file that cannot be read or written
├── GeometryError   coordinates, bounds or shapes that make no sense
├── CoverageError   polygons that should tile an area and do not
└── JoinError       two tables that cannot be brought together
"""

from __future__ import annotations


class GeoError(Exception):
    """Say in one line what came, what was expected and what to do."""


class CRSError(GeoError):
    """Coordinates without a coordinate system, or in another one than required."""


class FormatError(GeoError):
    """A file that cannot be read or written."""


class GeometryError(GeoError):
    """Coordinates, bounds or shapes that make no sense."""


class CoverageError(GeoError):
    """Polygons that should tile an area and do not."""


class JoinError(GeoError):
    """Two tables that cannot be brought together."""
