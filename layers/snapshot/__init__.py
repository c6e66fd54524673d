"""Snapshots of the layers for a planner: chosen, written, read back and compared.

In three lines:

    from layers import snapshot
    choice = snapshot.choose(layers=["industry", "decarbonation"], area="martigues-fos", crs=2154, format="gpkg")
    snapshot.export(choice, "fos.gpkg")
"""

from __future__ import annotations

from layers.snapshot.area import Area
from layers.snapshot.choice import BUNDLE, EMISSIONS, USUAL_CRS, Choice, choosable, choose
from layers.snapshot.dictionary import Column, dictionary
from layers.snapshot.export import export, notes_of
from layers.snapshot.formats import FORMATS, Format
from layers.snapshot.frames import frames, kept, key_of, why_empty
from layers.snapshot.report import Report
from layers.snapshot.verify import verify

__all__ = [
    "BUNDLE",
    "EMISSIONS",
    "FORMATS",
    "USUAL_CRS",
    "Area",
    "Choice",
    "Column",
    "Format",
    "Report",
    "choosable",
    "choose",
    "dictionary",
    "export",
    "frames",
    "kept",
    "key_of",
    "notes_of",
    "verify",
    "why_empty",
]
