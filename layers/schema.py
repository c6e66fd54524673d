"""The columns of every table: type, unit, range and words allowed, with every fault reported at once.

A unit ends the name of its column (`co2_t`, `area_km2`, `investment_meur`). Text that is absent is an empty string;
numbers and choices that are absent are null.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd
import pandera.pandas as pa
from geopandas import GeoDataFrame
from pandas import DataFrame

from geo.crs import WGS84, require
from geo.errors import CRSError
from layers import schema_optional
from layers.columns import ID, INSEE, YEAR
from layers.columns import area as _area
from layers.columns import between as _between
from layers.columns import choice as _choice
from layers.columns import flag as _flag
from layers.columns import geometry as _geometry
from layers.columns import integer as _integer
from layers.columns import matches as _matches
from layers.columns import number as _number
from layers.columns import one_of as _one_of
from layers.columns import text as _text
from layers.columns import words as _words
from layers.errors import TableError
from layers.vocabulary import (
    CONFIDENCE,
    INVESTMENT_SCOPES,
    OUTSIDE,
    PLACE_CATEGORIES,
    POLES,
    PROJECT_STATUSES,
    SECTOR_FAMILY,
    SITE_STATUSES,
    TECHNOLOGY_FAMILY,
    VERDICTS,
)

POLE = _choice((*POLES, OUTSIDE))
POLE_INSIDE = _choice(POLES)
SOURCES = _text(rf"{ID}(;{ID})*")
POSITION_PRECISIONS = ("site", "address", "street", "approx", "zone", "commune")
# A layer, or one class of it: `industry`, `places.research`.
_LAYER = rf"{ID}(\.{ID})?"
_PLACED = {"insee": _text(INSEE), "commune": _words(), "pole": POLE}


def _connection(kinds: Iterable[str], code: str, **more: pa.Column) -> dict[str, pa.Column]:
    """Columns of a table of stations, ports or airports."""
    return {
        "id": _text(ID, unique=True),
        "name": _words(),
        "kind": _choice(kinds),
        "code": _text(code, unique=True),
        **more,
        **_PLACED,
        "outside": _flag(),
        "sources": SOURCES,
        "geometry": _geometry("Point"),
    }


_COLUMNS: dict[str, dict[str, pa.Column]] = {
    "communes": {
        "code": _text(INSEE, unique=True),
        "name": _words(),
        "pole": POLE_INSIDE,
        "arrondissement": _text(),
        "arrondissement_name": _text(),
        "canton": _text(),
        "canton_name": _text(),
        "population": _integer(0, 3_000_000),
        "population_year": _integer(*YEAR),
        "area_km2": _number(0.1, 1000),
        "mairie_lon": _number(4, 7, nullable=True),
        "mairie_lat": _number(42, 45, nullable=True),
        "geometry": _area(),
    },
    "neighbours": {"code": _text(INSEE, unique=True), "name": _words(), "geometry": _area()},
    "water": {
        "kind": _choice(("sea", "waterline")),
        "offset_km": _number(0, 50, nullable=True),
        "geometry": _area(),
    },
    "poles": {
        "id": pa.Column("str", _one_of(POLES), unique=True),
        "name": _words(),
        "definition_en": _words(),
        "definition_fr": _words(),
        "communes": _integer(1, 92),
        "population": _integer(0, 3_000_000),
        "area_km2": _number(1, 5000),
        "geometry": _area(),
    },
    "industry": {
        "id": _text(ID, unique=True),
        "name": _words(),
        "operator": _text(),
        "activity_en": _words(),
        "activity_fr": _words(),
        "sector": _choice(SECTOR_FAMILY),
        "family": _choice(sorted(set(SECTOR_FAMILY.values()))),
        **_PLACED,
        "status": _choice(SITE_STATUSES),
        "status_evidence": _words(),
        "status_year": _integer(*YEAR, nullable=True),
        "co2_t": _integer(0, 20_000_000, nullable=True),
        "co2_year": _integer(2005, 2030, nullable=True),
        "co2_basis": _choice(("ets", "irep"), nullable=True),
        "co2_biogenic_t": _integer(0, 20_000_000, nullable=True),
        "seveso": _choice(("upper", "lower", "none", "unknown")),
        "seveso_source": _text(),
        "ets_id": _text(r"(FR_\d+(;FR_\d+)*)?"),
        "irep_id": _text(r"(\d{3}\.\d{5})?"),
        "icpe_id": _text(r"(\d{10})?"),
        "capacity_en": _text(),
        "capacity_fr": _text(),
        "position_precision": _choice(("site", "address", "street", "approx")),
        "position_confidence": _choice(CONFIDENCE),
        "position_source": _text(ID),
        "approximate": _flag(),
        "place_group": _text(f"({ID})?"),
        "sources": SOURCES,
        "note_en": _text(),
        "note_fr": _text(),
        "geometry": _geometry("Point"),
    },
    "site_sources": {
        "site_id": _text(ID),
        "source_title": _words(),
        "source_url": _text(r"(https?://\S+)?"),
        "supports_en": _words(),
        "supports_fr": _words(),
    },
    "emissions": {
        "site_id": _text(ID),
        "year": _integer(2005, 2030),
        "co2_t": _integer(0, 20_000_000),
        "source": _choice(("eutl", "eutl-registry")),
    },
    "irep": {
        "site_id": _text(ID),
        "year": _integer(2003, 2030),
        "co2_t": _integer(0, 20_000_000),
        "co2_biogenic_t": _integer(0, 20_000_000, nullable=True),
        "source": _choice(("irep-2015", "irep-2019", "irep-georisques")),
    },
    "decarbonation": {
        "id": _text(ID, unique=True),
        "name": _words(),
        "name_fr": _words(),
        "holder": _words(),
        "technology": _choice(TECHNOLOGY_FAMILY),
        "family": _choice(sorted(set(TECHNOLOGY_FAMILY.values()))),
        **_PLACED,
        "position_precision": _choice(("site", "zone", "commune")),
        "position_source": _text(ID),
        "approximate": _flag(),
        "status": _choice(PROJECT_STATUSES),
        "status_date": _text(r"20\d\d(-(0[1-9]|1[0-2]))?"),
        "capacity_value": _number(0, 1e7, nullable=True),
        "capacity_unit": pa.Column("str", _matches(ID), nullable=True),
        "investment_meur": _number(0, 50_000, nullable=True),
        "investment_scope": _choice(INVESTMENT_SCOPES, nullable=True),
        "jobs": _integer(0, 100_000, nullable=True),
        "start_year": _integer(*YEAR, nullable=True),
        "summary_en": _words(),
        "summary_fr": _words(),
        "source": _words(),
        "source_url": _text(r"https?://\S+"),
        "confidence": _choice(CONFIDENCE),
        "outside": _flag(),
        "geometry": _geometry("Point"),
    },
    "project_sources": {
        "project_id": _text(ID),
        "source_url": _text(r"https?://\S+"),
        "supports_en": _words(),
        "supports_fr": _words(),
    },
    "stations": _connection(("tgv", "station"), r"\d{8}"),
    "ports": _connection(("port",), r"FR[A-Z]{3}"),
    "airports": _connection(("airport", "airfield", "air base"), r"LF[A-Z]{2}", iata=_text(r"([A-Z]{3})?")),
    "places": {
        "id": _text(ID, unique=True),
        "name": _words(),
        "category": _choice(PLACE_CATEGORIES),
        **_PLACED,
        "position_precision": _choice(("site", "approx")),
        "position_source": _text(ID),
        "confidence": _choice(CONFIDENCE),
        "approximate": _flag(),
        "source": _words(),
        "source_url": _text(r"https?://\S+"),
        "note_en": _text(),
        "note_fr": _text(),
        "geometry": _geometry("Point"),
    },
    "perceptions": {
        "id": _text(ID, unique=True),
        "rank": pa.Column("Int64", _between(1, 99), unique=True),
        "verdict": _choice(VERDICTS),
        "belief_en": _words(),
        "belief_fr": _words(),
        "reality_en": _words(),
        "reality_fr": _words(),
        "facts": SOURCES,
        "computed": _text(f"({ID}(;{ID})*)?"),
        "layers": _text(rf"{_LAYER}(;{_LAYER})*"),
        # Where the card stands on the map; a card without a place of its own has none of these.
        "at": _text(rf"({ID}:{ID})?"),
        "insee": _text(f"({INSEE})?"),
        "commune": _text(),
        "pole": _choice((*POLES, OUTSIDE), nullable=True),
        "position_precision": _choice(POSITION_PRECISIONS, nullable=True),
        "position_source": _text(f"({ID})?"),
        "approximate": _flag(),
        "confidence": _choice(CONFIDENCE),
        "geometry": _geometry("Point", nullable=True),
    },
    "facts": {
        "id": _text(ID, unique=True),
        "theme": _words(),
        "fact_en": _words(),
        "fact_fr": _words(),
        "value": _number(0, 1e10, nullable=True),
        "unit": pa.Column("str", _matches(ID), nullable=True),
        "year": _integer(*YEAR),
        "source": _words(),
        "source_url": _text(r"(https?://\S+)?"),
        "confidence": _choice(CONFIDENCE),
        "note_en": _text(),
        "note_fr": _text(),
    },
    "units": {"key": _text(ID, unique=True), "en": _words(), "fr": _words()},
}
_UNIQUE = {"emissions": ["site_id", "year"], "irep": ["site_id", "year"]}

# Tables that only official services fill: a layer of one of them is absent while the table is.
OPTIONAL = tuple(schema_optional.COLUMNS)
_COLUMNS |= schema_optional.COLUMNS
_UNIQUE |= schema_optional.UNIQUE

TABLES = tuple(_COLUMNS)
SCHEMAS: dict[str, pa.DataFrameSchema] = {
    table: pa.DataFrameSchema(columns, unique=_UNIQUE.get(table), name=table) for table, columns in _COLUMNS.items()
}


def columns_of(table: str) -> list[str]:
    """Return the names of a table's columns in their order."""
    return list(_COLUMNS[table])


def typed(frame: DataFrame, table: str) -> DataFrame:
    """Give the columns of a table read as text the types the schema declares.

    An empty cell becomes null in a numeric or nullable column and stays an empty string elsewhere.

    Raises `TableError` with every cell that is not a number where one is expected.
    """
    out, faults = frame.copy(), []
    for name, column in _COLUMNS[table].items():
        kind = str(column.dtype)
        if name not in out or not kind.startswith(("Int64", "float64", "str")):
            continue
        text = out[name]
        if kind.startswith("str"):
            out[name] = text.astype("str").where(text != "") if column.nullable else text.astype("str")
            continue
        numbers = pd.to_numeric(text.where(text != ""), errors="coerce").astype("Float64")
        whole = kind == "Int64"
        wrong = (numbers.isna() & (text != "")) | (whole & (numbers % 1 != 0).fillna(False))
        expected = "a whole number" if whole else "a number"
        faults += [f"{name} of {_name(out, row)}: {text[row]!r} is not {expected}" for row in out.index[wrong]]
        if not faults:
            out[name] = numbers.astype("Int64") if whole else numbers.astype("float64")
    if faults:
        raise TableError(table, faults)
    return out


def validate(frame: DataFrame, table: str) -> DataFrame:
    """Return the frame when it keeps its schema.

    Raises `TableError` with every fault: absent and unknown columns, other CRS than EPSG:4326, cells out of range.
    """
    columns = _COLUMNS[table]
    faults = [f"column {name} is missing" for name in columns if name not in frame]
    faults += [f"column {name} is not in the schema" for name in frame.columns if name not in columns]
    if "geometry" in columns and isinstance(frame, GeoDataFrame):
        try:
            require(frame, WGS84)
        except CRSError as error:
            faults.append(str(error))
    elif "geometry" in columns:
        faults.append("expected a table with geometry, found none")
    try:
        SCHEMAS[table].validate(DataFrame(frame), lazy=True)
    except pa.errors.SchemaErrors as error:
        faults += _cell_faults(frame, error.failure_cases)
    if faults:
        raise TableError(table, faults)
    return frame


def _cell_faults(frame: DataFrame, cases: DataFrame) -> list[str]:
    """Say each fault pandera found in one phrase; missing columns are already told."""
    faults: dict[str, None] = {}
    for case in cases.to_dict("records"):
        column, check, index = case["column"], str(case["check"]), case["index"]
        if check == "column_in_dataframe":
            continue
        where = "" if pd.isna(index) else f" of {_name(frame, index)}"
        value = "" if "geometry" in str(column) else f"{case['failure_case']!r} "
        if case["schema_context"] == "DataFrameSchema":
            column, check = "row", "unique"
        faults[f"{column}{where}: {value}{_phrase(check)}"] = None
    return list(faults)


def _phrase(check: str) -> str:
    if "unique" in check:
        return "appears more than once"
    if check == "not_nullable":
        return "must not be null"
    found = re.match(r"dtype\('(.*)'\)", check)
    return f"is the type found, expected {found[1]}" if found else f"breaks the rule: {check}"


def _name(frame: DataFrame, row: Any) -> str:
    """Name a row by its identifier, else by its number."""
    for key in ("id", "code", "site_id", "project_id", "key"):
        if key in frame:
            return str(frame[key].loc[row])
    return f"row {row}"
