"""The criteria of siting as the document carries them: one byte a cell, packed once; the script adds them up.

`packed()` gives plain data, to be written as JSON:

    version     1
    crs         "EPSG:2154"
    step        side of a cell in metres
    west, north outer corner of the first cell, metres (easting, northing)
    rows, columns
    lattice     from Web Mercator to cells, without formulas of Lambert-93: {"west", "south", "east", "north": metres of
                EPSG:3857, "rows", "columns", "at": [column, row, column, row, ...]}. Nodes are evenly spaced, row by
                row from the north, the first and the last lie on the bounds. `column` and `row` are fractions counted
                from the outer corner of the first cell: the cell is their floor. Between nodes: bilinear, right to
                under a tenth of a cell of 100 m
    communes    [{"insee", "name", "pole"}], in the order of the plane "communes"
    criteria    [{"id", "kind", "title", "curve", "limits": both languages, "sources": ids of the catalogue,
                 "credit": words that the terrain's file asks for, else "", "full_m", "zero_m", "known": for what share
                 of the land (0 to 1) its value is known}], in the order of the planes. For "near" a value tells the
                 distance back: zero_m + value × (full_m − zero_m), "up to" at 1 and "from" at 0. full_m and zero_m are
                 null for others
    absent      [{"id", "title", "reason"}]: criteria that take no part because their data are not here
    exclusions  [{"id", "bit", "title", "limits", "sources", "credit"}]; `bit` is the number of the bit, 0 the lowest;
                the rest as for criteria. The limits of slope end with what the heights in force are said to be of
    profiles    [{"id", "title", "about", "weights": {criterion: number}, "exclusions": [ids]}]; absent ones left out
    rule        {"share": 0.1, "least": 20, "most": 10}: of a commune, the mean of its best tenth of cells that count;
                communes with fewer cells than `least` are not ranked; `most` are shown
    zones       null where zones of activity are not here, and only communes can be ranked. Else {"list":
                [{"id", "name", "commune": "" where it lies outside}], "limits": both languages, "sources": ids,
                "least": 4 in place of that of `rule`, all else of which holds, "bytes", "planes": as `planes` below,
                but two: low, then high byte of 0 for no zone, else 1 + the index in `list`}. In a View a zone is
                "zone:" + id
    no_zones    why there are none, both languages; null where there are
    bytes       length of the planes before packing
    planes      base64 of the gzip of the planes one after another, each rows × columns bytes, row by row from north:
                  1. communes: 0 outside the metropolis, else 1 + the index in `communes`
                  2. exclusions: the bits of what excludes the cell
                  3. one for each criterion: 0 to 254 for 0 to 1, 255 where the value is not known and outside

The score of a cell is Σ weight × value / Σ weight over the criteria whose weight is not 0; it has none outside the
metropolis, where an exclusion of the profile stands, or where one of those values is 255.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from geo import crs
from layers import catalogue, editions
from layers.siting import STEP, Cells, Siting, at, ranking, terrain
from layers.siting.criteria import KM
from layers.siting.grid import metropolis
from layers.siting.origins import sources
from layers.siting.recipe import Criterion, Rule
from layers.siting.words import curve_said

VERSION = 1
UNKNOWN, HIGHEST = 255, 254
MERCATOR = "EPSG:3857"
ZONES = "zones"
# Nodes of the lattice on each side: between them the two projections part by under a tenth of a cell of 100 m.
NODES = 33


@editions.kept(most=1)
def packed(step: float = STEP) -> dict[str, Any]:
    """Return the grids of the data in force, and all that is said of them, as the module's head states it.

    Raises SitingError for a step out of bounds.
    """
    siting = at(step)
    cells, said = siting.cells, siting.recipe
    communes, outside = metropolis(), siting.communes == 0
    planes = [
        siting.communes.astype(np.uint8),
        _bits(siting),
        *(_bytes(siting.criterion(one), outside) for one in siting.measures),
    ]
    known = [round(float((plane[~outside] != UNKNOWN).mean()), 4) for plane in planes[2:]]
    names = communes[["code", "name", "pole"]].itertuples(index=False, name=None)
    return {
        "version": VERSION,
        "crs": crs.LAMBERT93,
        **{name: getattr(cells, name) for name in ("step", "west", "north", "rows", "columns")},
        "lattice": lattice(cells),
        "communes": [{"insee": code, "name": name, "pole": pole} for code, name, pole in names],
        "criteria": [
            _criterion(said.criteria[name], known=share) for name, share in zip(siting.measures, known, strict=True)
        ],
        "absent": _absent(siting),
        "exclusions": _exclusions(siting),
        "profiles": _profiles(siting),
        "rule": {"share": ranking.SHARE, "least": ranking.least("communes", step), "most": ranking.MOST},
        "zones": _zones(siting),
        "no_zones": ranking.absent(ZONES),
        **_planes(planes),
    }


def _planes(planes: Sequence[NDArray[np.uint8]]) -> dict[str, Any]:
    flat = b"".join(plane.tobytes() for plane in planes)
    return {"bytes": len(flat), "planes": base64.b64encode(gzip.compress(flat, 6, mtime=0)).decode()}


def _zones(siting: Siting) -> dict[str, Any] | None:
    """Give the zones that can be ranked, and which cell is whose."""
    if ranking.absent(ZONES):
        return None
    rows, owner = ranking.areas(siting, ZONES)
    layer = catalogue.catalogue().layer(ZONES)
    names = rows.where(rows.notna(), "").itertuples(index=False, name=None)
    return {
        "list": [{"id": id_, "name": name, "commune": commune} for id_, name, commune in names],
        "limits": {"en": layer.limits_en, "fr": layer.limits_fr},
        "sources": [*layer.sources],
        "least": ranking.least(ZONES, siting.cells.step),
        **_planes([(owner & 0xFF).astype(np.uint8), (owner >> 8).astype(np.uint8)]),
    }


def _bytes(values: NDArray[np.float32], outside: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Write 0..1 as 0..254, and what is not known, or lies outside the metropolis, as 255."""
    unknown = np.isnan(values) | outside
    made: NDArray[np.uint8] = np.rint(np.where(unknown, 0.0, values) * HIGHEST).astype(np.uint8)
    made[unknown] = UNKNOWN
    return made


def _bits(siting: Siting) -> NDArray[np.uint8]:
    bits: NDArray[np.uint8] = np.zeros(siting.cells.shape, dtype=np.uint8)
    for bit, name in enumerate(siting.masks):
        bits |= siting.mask(name).astype(np.uint8) << np.uint8(bit)
    return bits


def lattice(cells: Cells) -> dict[str, Any]:
    """Return nodes in EPSG:3857 over the cells, each with its column and row in EPSG:2154, as fractions."""
    west, south, east, north = Transformer.from_crs(crs.LAMBERT93, MERCATOR, always_xy=True).transform_bounds(
        *cells.bounds, densify_pts=NODES
    )
    x, y = np.meshgrid(np.linspace(west, east, NODES), np.linspace(north, south, NODES))
    easting, northing = Transformer.from_crs(MERCATOR, crs.LAMBERT93, always_xy=True).transform(x, y)
    column, row = (easting - cells.west) / cells.step, (cells.north - northing) / cells.step
    at_nodes = np.stack([column, row], axis=-1).round(4).ravel().tolist()
    return {"west": west, "south": south, "east": east, "north": north, "rows": NODES, "columns": NODES, "at": at_nodes}


def _criterion(spec: Criterion, *, known: float) -> dict[str, Any]:
    near = spec.kind == "near"
    return {
        "id": spec.id,
        "kind": spec.kind,
        "title": dict(spec.title),
        "curve": curve_said(spec),
        "limits": dict(terrain.limits(spec)),
        "sources": sources(spec.origins),
        "credit": terrain.credit() if terrain.needed(spec) else "",
        "full_m": spec.numbers["full"] * KM if near else None,
        "known": known,
        "zero_m": spec.numbers["zero"] * KM if near else None,
    }


def _absent(siting: Siting) -> list[dict[str, Any]]:
    every: dict[str, Rule] = {**siting.recipe.criteria, **siting.recipe.exclusions}
    return [
        {"id": name, "title": dict(every[name].title), "reason": dict(said)} for name, said in siting.absent.items()
    ]


def _exclusions(siting: Siting) -> list[dict[str, Any]]:
    found = [siting.recipe.exclusions[name] for name in siting.masks]
    return [
        {
            "id": one.id,
            "bit": bit,
            "title": dict(one.title),
            "limits": dict(terrain.limits(one)),
            "sources": sources(one.origins),
            "credit": terrain.credit() if terrain.needed(one) else "",
        }
        for bit, one in enumerate(found)
    ]


def _profiles(siting: Siting) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "title": dict(one.title),
            "about": dict(one.about),
            "weights": {name: weight for name, weight in one.weights.items() if name in siting.measures},
            "exclusions": siting.here(one.exclusions),
        }
        for one in siting.recipe.profiles.values()
    ]
