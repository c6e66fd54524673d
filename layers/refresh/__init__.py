"""Refresh: ask the official services, decide what of their answers is taken, make an edition, say what changed.

`run.refresh` does it. Nothing the map reads is ever changed in place: an edition is made whole beside, and one rename
takes it up (`layers.editions`).
"""

from __future__ import annotations

from layers.errors import LayerError


class RefreshError(LayerError):
    """A refresh cannot be done as a whole; nothing the map reads was changed."""
