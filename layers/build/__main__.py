"""Run `python -m layers.build`: make data/tables from data/extracts and data/hand, without any network."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import sys
from pathlib import Path

import pandas as pd
from geopandas import GeoDataFrame

from geo import files, vector
from geo.errors import GeoError
from layers.build import territory

log = logging.getLogger("provence_map.build")

DATA = Path(__file__).resolve().parents[2] / "data"


def build(data: Path = DATA) -> dict[str, pd.DataFrame]:
    """Build every table from a data folder's extracts and hand-kept rows, without writing anything.

    Raises GeoError with a clear line when a source is missing or faulty.
    """
    hand = data / "hand"
    tables: dict[str, pd.DataFrame] = dict(territory.build(data / "extracts", hand))
    # The tables kept by hand stand on the communes.
    if importlib.util.find_spec("layers.build.tables") is not None:
        kept = importlib.import_module("layers.build.tables")
        tables |= kept.build(hand, tables["communes"])
    return tables


def write(tables: dict[str, pd.DataFrame], into: Path) -> list[Path]:
    """Write each table to a folder, GeoParquet where it has a geometry and CSV where it has none; return the paths.

    Raises FormatError when a file cannot be written.
    """
    into.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, table in tables.items():
        if isinstance(table, GeoDataFrame):
            paths.append(into / f"{name}.parquet")
            vector.write(table, paths[-1])
        else:
            paths.append(into / f"{name}.csv")
            files.write_text(paths[-1], table.to_csv(index=False, lineterminator="\n"))
    return paths


def main() -> int:
    """Run the build step and return the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    try:
        tables = build()
        write(tables, DATA / "tables")
    except GeoError as error:
        log.error("%s", error)  # noqa: TRY400 (one line for the user, not a traceback)
        return 2
    log.info("wrote %s", ", ".join(f"{name} ({len(table)})" for name, table in tables.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
