"""What is told of a layer wherever it goes: title, what it is, how it was made, what it cannot say, whose it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from geopandas import GeoDataFrame
from pyproj import CRS, Transformer

from geo.types import Bounds
from layers import catalogue
from layers.catalogue import Source
from layers.print.words import Words
from layers.snapshot.choice import EMISSIONS, Choice, sources_of
from layers.view import Language


@dataclass(frozen=True, slots=True)
class Described:
    """A chosen layer in words: `method` is its lineage, `limits` what it cannot say, `sources` the main one first."""

    id: str
    title: str
    method: str
    limits: str
    vintage: str
    sources: tuple[Source, ...]
    language: Language

    @property
    def abstract(self) -> str:
        """Give what it is in a few sentences: title, age, limits."""
        colon = "\u202f: " if self.language == "fr" else ": "
        about = f"{self.title}. {Words(self.language).text('snapshot_file.vintage')}{colon}{self.vintage}."
        return f"{about} {self.limits}".strip()

    @property
    def attribution(self) -> str:
        """Give the words that must be displayed with it."""
        return "; ".join(source.word("attribution", self.language) for source in self.sources)

    @property
    def date(self) -> str:
        """Give the day its youngest rows were carried into the data, as 2026-11-23."""
        return max(source.retrieved for source in self.sources)


def describe(layer: str, language: Language) -> Described:
    """Describe a chosen layer; the table of emissions as its source does."""
    return _describe(layer, language, catalogue.data_dir())


@lru_cache(maxsize=64)
def _describe(layer: str, language: Language, _: Path) -> Described:
    known = catalogue.catalogue()
    found = tuple(known.sources[source] for source in sources_of(layer))
    if layer == EMISSIONS:
        words = Words(language)
        method = found[0].word("title", language)
        limits = known.layer("industry").limits_fr if language == "fr" else known.layer("industry").limits_en
        title, vintage = words.text("snapshot.emissions"), found[0].word("vintage", language)
        return Described(layer, title, method, limits, vintage, found, language)
    record = known.layer(layer)
    french = language == "fr"
    return Described(
        id=layer,
        title=record.title(language),
        method=record.method_fr if french else record.method_en,
        limits=record.limits_fr if french else record.limits_en,
        vintage=record.word("vintage", language),
        sources=found,
        language=language,
    )


def extent(frames: Iterable[Any]) -> Bounds | None:
    """Give the extent of frames in EPSG:4326, None where none of them has a shape."""
    boxes = []
    for frame in frames:
        # Of shapes that are all absent or empty nothing is known.
        if isinstance(frame, GeoDataFrame) and np.isfinite(frame.total_bounds).all():
            # Edges of a projected box bend on their way to degrees: points along them, not corners alone.
            left, foot, right, top = (float(edge) for edge in frame.total_bounds)
            boxes.append(_to_degrees(frame.crs).transform_bounds(left, foot, right, top, densify_pts=21))
    if not boxes:
        return None
    west, south = (round(min(box[i] for box in boxes), 7) for i in (0, 1))
    east, north = (round(max(box[i] for box in boxes), 7) for i in (2, 3))
    return Bounds(west, south, east, north)


@lru_cache(maxsize=16)
def _to_degrees(crs: CRS) -> Transformer:
    return Transformer.from_crs(crs, 4326, always_xy=True)


def system(choice: Choice) -> CRS:
    """Give the coordinate system of a choice."""
    return _system(choice.crs)


@cache
def _system(code: int) -> CRS:
    return CRS.from_epsg(code)
