"""Geometry, coordinate systems, file formats, measuring and joining: nothing here knows Provence, a map or the network."""
