"""Geometry, coordinate systems, file formats, measuring and joining: no Provence, no map and no network here."""
