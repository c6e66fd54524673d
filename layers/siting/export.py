"""Take a surface out: one Cloud Optimized GeoTIFF with the score, the criteria as bands and the recipe in its tags.

The file is in EPSG:2154, float32, -1 where there is no score or a criterion is not known.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
from pandas import DataFrame

from geo import crs, raster
from geo.raster import Raster
from layers import catalogue
from layers.siting import terrain
from layers.siting.fields import Values
from layers.siting.model import NODATA, Siting
from layers.siting.origins import sources
from layers.siting.recipe import Rule
from layers.siting.words import curve_said
from layers.snapshot import tables
from layers.text import text
from layers.view import Language

METHOD = "weighted linear combination of criteria normalised from 0 to 1 by straight lines"
# So that the whole grid is announced before there is a block of it.
_CORNER = np.zeros((1, 1), dtype=np.float32)


def write(
    siting: Siting, path: Path, *, weights: Mapping[str, float], exclusions: Collection[str], profile: str = ""
) -> Raster:
    """Write the score as the first band, then each criterion that is weighed; return the score.

    Raises SitingError for weights or exclusions that cannot be used, RequestError when the file cannot be written.
    """
    score, usable = siting.surface(weights, exclusions), siting.weights(weights)
    cells = siting.cells
    like = Raster(_CORNER, cells.transform, crs.LAMBERT93, NODATA)
    titles = [f"{siting.recipe.criteria[name].title['en']} ({name}), 0 to 1" for name in usable]
    tags = _tags(siting, usable, siting.here(exclusions), profile)
    names = ["Score, 0 to 1", *titles]
    made = raster.writer(like, path, shape=cells.shape, count=len(names), tags=tags, names=names)
    with tables.writing(path), made as put:
        put(score, 1)
        for rows, part, found in siting.blocks(usable):
            outside = siting.communes[rows] == 0
            for band, name in enumerate(usable, start=2):
                put(Raster(_shown(found[name], outside), part.transform, crs.LAMBERT93, NODATA), band)
    return score


def _shown(values: Values, outside: np.ndarray) -> Values:
    return np.where(outside | np.isnan(values), np.float32(NODATA), values)


def _tags(siting: Siting, usable: Mapping[str, float], exclusions: Collection[str], profile: str) -> dict[str, str]:
    """Say how the surface was made, so that it can be made again and disputed."""
    said, every = siting.recipe, _every(siting, usable, exclusions)
    return {
        "TIFFTAG_IMAGEDESCRIPTION": f"Suitability, 0 to 1. {text('siting_said.screening', 'en')}",
        "METHOD": METHOD,
        "PROFILE": profile or "none",
        "WEIGHTS": ",".join(f"{name}={weight:.6g}" for name, weight in usable.items()),
        "EXCLUSIONS": ",".join(exclusions) or "none",
        "CURVES": json.dumps({name: curve_said(said.criteria[name])["en"] for name in usable}, ensure_ascii=False),
        "LIMITS": json.dumps({one.id: terrain.limits(one)["en"] for one in every}, ensure_ascii=False),
        "UNKNOWN": f"{siting.unknown(usable):.4f}",
        "ABSENT": ",".join(siting.absent) or "none",
        "STEP_M": f"{siting.cells.step:g}",
        "DATA_VERSION": catalogue.data_version(),
        "SOURCES": " | ".join(_credits(every, "en", terrain_too=False)),
        "TERRAIN": terrain.credit() if any(map(terrain.needed, every)) else "none",
        "AREA_OR_POINT": "Area",
    }


def _every(siting: Siting, usable: Collection[str], exclusions: Collection[str]) -> list[Rule]:
    said = siting.recipe
    return [*(said.criteria[name] for name in usable), *(said.exclusions[name] for name in exclusions)]


def _credits(every: Sequence[Rule], language: Language, *, terrain_too: bool = True) -> list[str]:
    """Return the attribution of each source that something is measured from, once, that of the terrain last."""
    known = catalogue.catalogue().sources
    used = dict.fromkeys(source for one in every for source in sources(one.origins))
    hills = terrain_too and any(map(terrain.needed, every))
    said = [known[source].word("attribution", language) for source in used if source in known]
    return [*said, *([terrain.credit()] if hills and terrain.credit() else [])]


def told(
    siting: Siting,
    table: DataFrame,
    *,
    weights: Mapping[str, float],
    exclusions: Collection[str],
    profile: str = "",
    language: Language = "en",
) -> DataFrame:
    """Return a ranking or a sensitivity with what it was made from in each row, so that a row can be cited alone.

    `unknown` is the share of the land that has no score because a criterion is not known there.
    """
    usable = siting.weights(weights)
    tags = _tags(siting, usable, siting.here(exclusions), profile)
    columns = ("PROFILE", "WEIGHTS", "EXCLUSIONS", "STEP_M", "UNKNOWN", "DATA_VERSION")
    sources = " | ".join(_credits(_every(siting, usable, siting.here(exclusions)), language))
    named = {name.lower(): tags[name] for name in columns}
    return table.assign(**named, sources=sources, note=text("siting_said.screening", language))


def write_table(table: DataFrame, path: Path) -> None:
    """Write a ranking or a sensitivity as CSV for spreadsheets (UTF-8 with its mark), whole or not at all.

    Raises RequestError when the file cannot be written.
    """
    tables.write_whole(table, path)
