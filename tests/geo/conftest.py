"""Settings of the property tests."""

from __future__ import annotations

from hypothesis import settings

# The first example pays for PROJ's start: a time limit per example would fail on a slow machine for no fault of ours.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
