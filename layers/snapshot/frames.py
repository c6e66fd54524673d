"""The rows of a choice as frames: kept, cut, chosen, in the system asked for, in a fixed order."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from pandas import Series

from geo import crs
from layers import catalogue, filters
from layers.errors import ChoiceError
from layers.schema import SCHEMAS
from layers.snapshot.area import Area, Said
from layers.snapshot.choice import EMISSIONS, Choice, table_of
from layers.text import both
from layers.view import LAYERS, View
from layers.vocabulary import OUTSIDE

_KEYS = ("id", "code", "site_id")
# What is cut at the edge of an area leaves slivers where it only touches: thinner than a millimetre over a kilometre.
_LEAST_M2, _LEAST_M = 1.0, 0.01


def frames(choice: Choice) -> dict[str, GeoDataFrame]:
    """Return the rows of each chosen layer, in the order of the choice; a layer that keeps no row has an empty frame.

    Coordinates are in `choice.crs`, rows sorted by their key, text that is absent null. The frame of "emissions" is a
    plain DataFrame, of the sites that are kept.

    Raises ChoiceError when the system cannot hold the coordinates.
    """
    return {layer: _emissions(choice) if layer == EMISSIONS else _layer(layer, choice) for layer in choice.layers}


def kept(choice: Choice) -> dict[str, GeoDataFrame]:
    """Return the frames that hold a row.

    Raises ChoiceError, which says of each layer why it keeps nothing, when none does.
    """
    found = frames(choice)
    if not any(len(frame) for frame in found.values()):
        raise ChoiceError([why_empty(layer, choice) for layer in found])
    return {layer: frame for layer, frame in found.items() if len(frame)}


def why_empty(layer: str, choice: Choice) -> Said:
    """Say in both languages why a layer keeps no row: the area, or the filters."""
    title = _title(layer)
    base = "industry" if layer == EMISSIONS else layer
    if len(_shown(base, choice.view)) == 0:
        return both("snapshot.empty_filters", layer=title)
    return both("snapshot.empty_area", layer=title, area=choice.area.words)


def key_of(layer: str) -> str:
    """Return the column that names the rows of a layer: id, code, site_id; "" where none does."""
    return next((name for name in _KEYS if name in SCHEMAS[table_of(layer)].columns), "")


def _title(layer: str) -> Any:
    if layer == EMISSIONS:
        return lambda language: both("snapshot.emissions")[language]
    return catalogue.catalogue().layer(layer).title


def _shown(layer: str, view: View) -> GeoDataFrame:
    """Give the rows that the filters keep; context layers are no part of a View and have none."""
    return filters.visible(layer, view.with_(layers=(layer,))) if layer in LAYERS else catalogue.load(layer)


def _layer(layer: str, choice: Choice) -> GeoDataFrame:
    rows = _placed(_shown(layer, choice.view), choice.area, layer=layer)
    tidy = _tidy(catalogue.data_dir(), layer)
    tidy = tidy[tidy.index.isin(rows.index)]
    shapes = rows.geometry.loc[tidy.index]
    found = GeoDataFrame(tidy[columns_for(layer, choice)], geometry=shapes, crs=rows.crs)
    return _projected(found.reset_index(drop=True), choice)


def _emissions(choice: Choice) -> Any:
    sites = _placed(_shown("industry", choice.view), choice.area, layer="industry")
    rows = _tidy(catalogue.data_dir(), EMISSIONS)
    return rows.loc[rows["site_id"].isin(sites["id"]), columns_for(EMISSIONS, choice)].reset_index(drop=True)


@lru_cache(maxsize=32)
def _tidy(_: Path, layer: str) -> Any:
    """Give the whole table of a layer sorted by its key, with plain types: text, whole number, number, yes or no.

    Its index is that of the table. A type is that of the whole table, whichever rows a choice keeps.
    """
    rows = catalogue.table(EMISSIONS) if layer == EMISSIONS else catalogue.load(layer)
    by = ["site_id", "year"] if layer == EMISSIONS else [key_of(layer)]
    out = rows.sort_values(by) if by[0] else rows
    for name in (column for column in out.columns if column != "geometry"):
        if str(out[name].dtype) == "Int64" and not out[name].isna().any():
            out[name] = out[name].astype("int64")
        elif str(out[name].dtype) in {"str", "object", "string"}:
            out[name] = out[name].astype("str").where(out[name].notna() & (out[name] != ""))
    return out


def _placed(rows: GeoDataFrame, area: Area, *, layer: str) -> GeoDataFrame:
    """Keep the rows that lie in an area.

    Where an area is named, a row that names its pole or commune lies there: its point may stand on the quay, outside
    the contours, and contours that only touch are no part.
    """
    if area.kind == "everything":
        return rows
    said = None if area.drawn else _named(rows, area, layer=layer)
    if said is not None:
        rows, cut = rows[said], layer == "poles"
    else:
        cut = True
        rows = rows[_lies_in(rows, area)]
    return _cut(rows, area) if cut and area.rule == "clip" and len(rows) else rows


def _named(rows: GeoDataFrame, area: Area, *, layer: str) -> Any:
    """Tell by its own columns which rows lie in a named area, None where the columns do not say."""
    if layer == "neighbours":
        # The communes around it, which its contours touch with slivers.
        return Series(False, index=rows.index)
    if layer == "poles":
        return rows["id"].isin(area.ids) if area.kind == "pole" else None
    if "pole" not in rows:
        return None
    if area.kind == "metropolis":
        # An idea without a place speaks of the whole metropolis.
        return rows["pole"].ne(OUTSIDE)
    if area.kind == "pole":
        return rows["pole"].isin(area.ids)
    return rows["code" if layer == "communes" else "insee"].isin(area.ids)


def _lies_in(rows: GeoDataFrame, area: Area) -> Series[bool]:
    """Tell which rows lie in a shape: points on its edge do, polygons that only touch it do not."""
    shapes = crs.to_metres(rows).geometry.to_numpy()
    whole = area.metres()
    shapely.prepare(whole)
    meets = shapely.intersects(shapes, whole)
    large = meets & (shapely.get_dimensions(shapes) > 0)
    if large.any():
        parts = shapely.intersection(shapes[large], whole)
        least = np.where(shapely.get_dimensions(shapes[large]) == 2, _LEAST_M2, _LEAST_M)
        meets[large] = np.where(shapely.get_dimensions(parts) == 2, shapely.area(parts), shapely.length(parts)) >= least
    return Series(meets, index=rows.index, dtype="bool")


def _cut(rows: GeoDataFrame, area: Area) -> GeoDataFrame:
    """Cut rows at the edge of an area, in Lambert-93; what a shape keeps is of the kind it was."""
    shapes = crs.to_metres(rows).geometry.to_numpy()
    dimensions = shapely.get_dimensions(shapes)
    inside = shapely.within(shapes, area.metres())
    whole = area.metres()
    parts = [
        shape if within or shape is None else _of_dimension(shapely.intersection(shape, whole), int(dimension))
        for shape, within, dimension in zip(shapes, inside, dimensions, strict=True)
    ]
    # What lies inside keeps its own coordinates, not those that went to metres and back.
    cut = GeoDataFrame(geometry=parts, crs=crs.LAMBERT93, index=rows.index).to_crs(rows.crs).geometry
    return rows.set_geometry(rows.geometry.where(inside, cut))


def _of_dimension(shape: shapely.Geometry, dimension: int) -> shapely.Geometry:
    """Leave of a collection the parts of one dimension: an edge shared with the area is no part of a surface."""
    if shape.geom_type != "GeometryCollection":
        return shape
    parts = [part for part in shape.geoms if shapely.get_dimensions(part) == dimension]
    return shapely.union_all(parts)


def _projected(rows: GeoDataFrame, choice: Choice) -> GeoDataFrame:
    out = rows if choice.crs == 4326 else rows.to_crs(choice.crs)
    if not np.isfinite(shapely.get_coordinates(out.geometry.to_numpy())).all():
        raise ChoiceError([both("snapshot.no_coordinates", code=f"EPSG:{choice.crs}", area=choice.area.words)])
    return out if choice.decimals is None else crs.snapped(out, decimals=choice.decimals)


def columns_for(layer: str, choice: Choice) -> list[str]:
    """Return the columns a choice leaves of a layer, geometry apart: its key always, one language of each pair."""
    names = [name for name in SCHEMAS[table_of(layer)].columns if name != "geometry"]
    other = "_fr" if choice.language == "en" else "_en"
    mine = "_en" if choice.language == "en" else "_fr"
    names = [name for name in names if not (name.endswith(other) and name.removesuffix(other) + mine in names)]
    wanted = choice.attributes.get(layer, ())
    keys = {key_of(layer), *(("year",) if layer == EMISSIONS else ())}
    return [name for name in names if not wanted or name in wanted or name in keys]
