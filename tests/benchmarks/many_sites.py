"""A folder of data with thousands of sites, made from the real ones by moving copies about the metropolis.

Only for measuring: names and figures of the copies say nothing about any place. The server reads the folder as it
reads the real one (PROVENCE_MAP_DATA), so that the page carries, indexes and draws the copies as its own.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from geo import crs, join, vector
from layers.catalogue import data_dir, load

# Sites lie in clusters: a copy is moved by a few kilometres at most, as a rule.
JITTER_M = 6000
LEAST, MOST = 0.2, 1.6
SEED = 13


def today() -> int:
    """Count the sites of the data as it is."""
    return len(load("industry"))


def folder(target: Path, count: int) -> Path:
    """Write the data with `count` sites to a new folder and give it.

    Without the story of the pitch: it tells totals in captions that are set for the real ones and refuses longer lines.
    """
    shutil.copytree(data_dir(), target, ignore=shutil.ignore_patterns("extracts", "pitch"))
    tables, random = target / "tables", np.random.default_rng(SEED)
    sites = vector.read(tables / "industry.parquet")
    copies = _moved(sites, vector.read(tables / "communes.parquet"), count - len(sites), random=random)
    origin = copies.pop("origin")
    vector.write(_joined(sites, copies), tables / "industry.parquet")
    path = tables / "emissions.csv"
    emissions = pd.read_csv(path)
    _joined(emissions, _emissions(emissions, dict(zip(copies["id"], origin, strict=True)), random)).to_csv(
        path, index=False
    )
    return target


def _joined(frame: pd.DataFrame, more: pd.DataFrame) -> GeoDataFrame:
    return pd.concat([frame, more[list(frame.columns)]], ignore_index=True)


def _moved(sites: GeoDataFrame, communes: GeoDataFrame, count: int, *, random: np.random.Generator) -> GeoDataFrame:
    """Give copies of sites, each moved to a place on land of the metropolis, with its own commune and pole."""
    kept: list[GeoDataFrame] = []
    missing = count
    while missing > 0:
        drawn = sites.iloc[random.integers(0, len(sites), 2 * missing)].reset_index(drop=True)
        points = crs.to_metres(drawn).geometry
        x, y = (axis + random.normal(0, JITTER_M, len(drawn)) for axis in (points.x, points.y))
        moved = drawn.set_geometry(gpd.points_from_xy(x, y, crs=crs.LAMBERT93)).pipe(crs.to_exchange)
        moved["insee"] = join.within(moved, communes, "code")
        inside = moved[moved["insee"].notna()].head(missing)
        kept.append(inside)
        missing -= len(inside)
    copies: GeoDataFrame = pd.concat(kept, ignore_index=True)
    by_code = communes.set_index("code")
    copies["commune"], copies["pole"] = (copies["insee"].map(by_code[name]) for name in ("name", "pole"))
    copies["origin"] = copies["id"]
    number = copies.index.astype(str)
    copies["id"] = copies["id"] + "-copy-" + number
    copies["name"] = copies["name"] + " (copy " + number + ")"
    copies["place_group"] = ""
    return copies


def _emissions(emissions: pd.DataFrame, origin: dict[str, str], random: np.random.Generator) -> pd.DataFrame:
    """Give each copy the verified tonnes of the site it was made from, times a factor of its own."""
    factors = pd.DataFrame(
        {"copy": list(origin), "site_id": list(origin.values()), "factor": random.uniform(LEAST, MOST, len(origin))}
    )
    made = factors.merge(emissions, on="site_id")
    made["co2_t"] = (made["co2_t"] * made["factor"]).round().astype(int)
    return made.assign(site_id=made["copy"]).drop(columns=["copy", "factor"])
