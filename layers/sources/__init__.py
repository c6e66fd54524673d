"""Where the tables come from: one small module per source, run by `make data`, never by the map."""

from __future__ import annotations

from layers.errors import LayerError


class SourceError(LayerError):
    """A source that cannot be fetched, or does not hold what it should."""
