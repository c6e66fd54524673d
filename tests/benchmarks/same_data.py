"""What every page of the benchmark shows: our own payload, so that all draw the very same features."""

from __future__ import annotations

from typing import Any

from layers.view import DEFAULT_LAYERS
from layers.web import payload

AREAS: tuple[str, ...] = ("neighbours", "water", "communes", "poles")
POINTS: tuple[str, ...] = tuple(layer for layer in DEFAULT_LAYERS if layer not in AREAS)
# What the observer in observe.js counts.
CLASSES = {"communes": "commune", "industry": "site", "decarbonation": "project"}
TOGGLED = "industry"
# What the filter leaves of it.
FAMILY = "metal"


def features() -> dict[str, dict[str, Any]]:
    """Give the GeoJSON of each layer, bottom to top, places included: our document carries them too, undrawn."""
    return {layer: payload.features(layer) for layer in (*AREAS, *POINTS, "places")}


def centre() -> tuple[float, float]:
    """Give the middle of the metropolis as Leaflet takes it: latitude, longitude."""
    home = payload.home()
    return (home.south + home.north) / 2, (home.west + home.east) / 2
