"""The rows a criterion or an exclusion is measured from; what is absent says so and takes no part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from geo import crs
from layers import catalogue
from layers.siting.recipe import Origin
from layers.text import both
from layers.view import Language


class AbsentError(Exception):
    """Say in both languages why a criterion takes no part: its data are not here."""

    def __init__(self, said: Mapping[Language, str]) -> None:
        self.said = dict(said)
        super().__init__(self.said["en"])


def rows(origins: Sequence[Origin]) -> GeoDataFrame:
    """Return the shapes that count, in EPSG:2154, empty ones left out.

    Raises AbsentError when a layer is not here, or none of its rows counts.
    """
    found = [_rows(origin) for origin in origins]
    shapes = pd.concat([crs.to_metres(frame).geometry for frame in found], ignore_index=True)
    shapes = shapes[shapes.notna() & ~shapes.is_empty]
    if shapes.empty:
        raise AbsentError(both("siting_said.absent_rows", layer=lambda language: _title(origins[0].layer, language)))
    return GeoDataFrame(geometry=shapes, crs=crs.LAMBERT93)


def _rows(origin: Origin) -> GeoDataFrame:
    known = catalogue.catalogue()
    if origin.layer in known.absent:
        raise AbsentError(both("siting_said.absent_layer", layer=lambda language: _title(origin.layer, language)))
    frame = catalogue.load(origin.layer)
    counts = np.ones(len(frame), dtype=bool)
    if origin.column:
        counts &= frame[origin.column].isin(origin.values).to_numpy()
    if origin.status == "operating":
        counts &= (frame["status"] == "operating").to_numpy()
    elif origin.status == "live":
        counts &= (frame["status"] != "suspended").to_numpy()
    for column, least in origin.least.items():
        counts &= frame[column].to_numpy(dtype=float, na_value=np.nan) >= least
    return frame[counts]


def _title(layer: str, language: Language) -> str:
    known = catalogue.catalogue()
    record = known.absent.get(layer) or known.layer(layer)
    return record.title(language)


def sources(origins: Sequence[Origin]) -> tuple[str, ...]:
    """Return the ids of the sources of the layers something is measured from, those that are here, in their order."""
    known = catalogue.catalogue()
    named = [known.layers[one.layer].sources for one in origins if one.layer in known.layers]
    return tuple(dict.fromkeys(source for layer in named for source in layer))
