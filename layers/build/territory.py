"""The territory's tables: communes, their neighbours, the water between them, and the poles."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo import coverage, crs, join, measure, vector
from layers.errors import LayerError
from layers.sources.contours import FRAME

# The package names INSEE's page 8680726, the reference populations of 2023 (municipal), in force on 1 January 2026.
POPULATION_YEAR = 2023

# The generalised contours leave one empty triangle of 3 ha inland, near Berre-l'Étang; real water is far wider.
GAP_M = 200.0
NEIGHBOUR_TOLERANCE_M = 250.0

# Waterlines are drawn, not measured: five bands from the shore, coarser as they go out.
WATERLINES_KM = (0.7, 1.7, 3.2, 5.4, 8.5)
SHORE_TOLERANCE_M = 60.0

# A commune with less of its area in one canton is shared by several; the contours of both were generalised apart.
SPLIT_SHARE = 0.99


class TerritoryError(LayerError):
    """Extracts or poles that do not make a territory."""


def build(extracts: Path, hand: Path) -> dict[str, GeoDataFrame]:
    """Build the four tables of the territory from the extracts and the hand-kept poles, each in WGS 84.

    Raises TerritoryError with every fault of the poles, CoverageError when the contours cannot be made to tile.
    """
    contours = coverage.repair(vector.read(extracts / "contours.parquet"), gap_m=GAP_M)
    codes = _codes(extracts / "metropolis.csv")
    metropolis = contours["code"].isin(codes["code"])
    communes = _communes(contours[metropolis], codes, vector.read(extracts / "cantons.parquet"))
    poles = read_poles(hand / "poles.toml")
    communes = _with_poles(communes, poles)
    return {
        "communes": communes,
        "neighbours": _neighbours(contours[~metropolis]),
        "water": _water(contours),
        "poles": _poles(communes, poles),
    }


def read_poles(path: Path) -> list[dict[str, Any]]:
    """Read the hand-kept poles: id, name, rule, definition_en, definition_fr, communes (codes).

    Raises TerritoryError when the file is missing, is no TOML, or a pole lacks a field.
    """
    try:
        poles = tomllib.loads(path.read_text(encoding="utf-8")).get("poles", [])
    except (OSError, ValueError) as error:
        raise TerritoryError(f"cannot read {path}: {error}") from error
    wanted = ("id", "name", "rule", "definition_en", "definition_fr", "communes")
    faults = [f"pole {n} has no {key}" for n, pole in enumerate(poles, 1) for key in wanted if not pole.get(key)]
    if faults or not poles:
        raise TerritoryError(f"{path.name}: {'; '.join(faults) or 'no [[poles]] in it'}")
    return list(poles)


def _codes(path: Path) -> pd.DataFrame:
    """Read the official rows of the metropolis."""
    try:
        return pd.read_csv(path, dtype={"code": str, "arrondissement": str})
    except (OSError, ValueError) as error:
        raise TerritoryError(f"cannot read {path}: {error}; run the extract step with `make data`") from error


def _communes(contours: GeoDataFrame, codes: pd.DataFrame, cantons: GeoDataFrame) -> GeoDataFrame:
    """Join contours, codes and cantons; population is municipal, area in square kilometres."""
    merged = contours[["code", "geometry"]].merge(codes, on="code", validate="one_to_one")
    table = merged.sort_values("code", ignore_index=True)
    if len(table) != len(codes):
        raise TerritoryError(
            f"{len(codes)} communes have a code but {len(table)} a contour: run the extract step again"
        )
    table["canton"] = _canton_codes(table, cantons)
    table["canton_name"] = table["canton"].map(cantons.set_index("code")["name"])
    # A refresh writes the year beside the population; the packages do not say it.
    table["population_year"] = table.get("population_year", POPULATION_YEAR)
    table["area_km2"] = measure.area_km2(table).round(3)
    return table


def _canton_codes(communes: GeoDataFrame, cantons: GeoDataFrame) -> pd.Series[str]:
    """Return the canton that holds each commune whole, or the town's own code where several cantons share it."""
    whole = cantons[~cantons["town"]].reset_index(drop=True)
    metric, areas = crs.to_metres(communes), crs.to_metres(whole)
    code = join.within(_inside(communes), whole, "code")
    shape = areas.set_index("code").geometry.reindex(code.to_numpy()).to_numpy()
    shared = shapely.area(shapely.intersection(metric.geometry.to_numpy(), shape)) / metric.area.to_numpy()
    town = join.within(_inside(communes), cantons[cantons["town"]].reset_index(drop=True), "code")
    result = code.where(shared >= SPLIT_SHARE, town)
    if result.isna().any():
        raise TerritoryError(f"no canton holds {', '.join(communes['name'][result.isna()])}: look at cantons.parquet")
    return result


def _inside(polygons: GeoDataFrame) -> GeoDataFrame:
    """Return one point inside each polygon."""
    metric = crs.to_metres(polygons)
    return metric.set_geometry(metric.representative_point())


def _with_poles(communes: GeoDataFrame, poles: list[dict[str, Any]]) -> GeoDataFrame:
    """Add each commune's pole and put the columns in their order; the poles must share the communes out exactly."""
    named = [(code, pole["id"]) for pole in poles for code in pole["communes"]]
    counts = pd.Series([code for code, _ in named], dtype="str").value_counts()
    known = set(communes["code"])
    faults = [f"{code} is in {n} poles" for code, n in sorted(counts.items()) if n > 1]
    faults += [f"{code} is no commune of the metropolis" for code in sorted(set(counts.index) - known)]
    faults += [f"{code} is in no pole" for code in sorted(known - set(counts.index))]
    if faults:
        raise TerritoryError(f"poles.toml does not share the communes out: {'; '.join(faults)}")
    columns = ["code", "name", "pole", "arrondissement", "arrondissement_name", "canton", "canton_name"]
    columns += ["population", "population_year", "area_km2", "mairie_lon", "mairie_lat", "geometry"]
    return communes.assign(pole=communes["code"].map(dict(named)))[columns]


def _poles(communes: GeoDataFrame, poles: list[dict[str, Any]]) -> GeoDataFrame:
    """Dissolve the communes into the poles, in the order of the file, with their population and area."""
    shapes = coverage.dissolve(communes, by="pole").set_index("pole").geometry
    sums = communes.groupby("pole").agg(population=("population", "sum"), area_km2=("area_km2", "sum"))
    ids = [pole["id"] for pole in poles]
    table = pd.DataFrame(
        {key: [pole[key] for pole in poles] for key in ("id", "name", "definition_en", "definition_fr")}
    )
    table["communes"] = [len(pole["communes"]) for pole in poles]
    table["population"] = sums["population"].reindex(ids).to_numpy()
    table["area_km2"] = sums["area_km2"].reindex(ids).round(3).to_numpy()
    return GeoDataFrame(table, geometry=shapes.reindex(ids).to_numpy(), crs=crs.WGS84)


def _neighbours(contours: GeoDataFrame) -> GeoDataFrame:
    """Thin the communes around; their outer edges stay exact, so that they meet the metropolis and the water."""
    table = contours[["code", "name", "geometry"]].sort_values("code", ignore_index=True)
    return coverage.simplify(table, NEIGHBOUR_TOLERANCE_M, outer=False)


def _water(contours: GeoDataFrame) -> GeoDataFrame:
    """Return what no commune covers within the frame (sea, étang de Berre), then the bands along the shore."""
    land = shapely.coverage_union_all(contours.geometry.to_numpy())
    sea = shapely.difference(FRAME.polygon(), land)
    rows = GeoDataFrame({"kind": ["sea"], "offset_km": [np.nan]}, geometry=[sea], crs=crs.WGS84)
    metric = crs.to_metres(rows).geometry.iloc[0]
    shore = crs.to_metres(GeoDataFrame(geometry=[land], crs=crs.WGS84)).geometry.iloc[0]
    bands = [_band(metric, shore.simplify(SHORE_TOLERANCE_M), offset_km) for offset_km in WATERLINES_KM]
    lines = GeoDataFrame(
        {"kind": "waterline", "offset_km": list(WATERLINES_KM)}, geometry=bands, crs=crs.LAMBERT93
    ).sort_values("offset_km", ascending=False)
    table = pd.concat([rows, crs.to_exchange(lines)], ignore_index=True)
    return crs.rounded(GeoDataFrame(table, geometry="geometry", crs=crs.WGS84))


def _band(water: shapely.Geometry, shore: shapely.Geometry, offset_km: float) -> shapely.Geometry:
    """Return the water within a distance of the shore."""
    reach = shapely.simplify(shapely.buffer(shore, offset_km * 1000, quad_segs=4), offset_km * 40)
    return shapely.intersection(water, reach)
