"""Data in which every free text is hostile: what a bad source could send."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd

from geo import vector
from layers import catalogue
from layers.catalogue import data_dir
from layers.schema import SCHEMAS

HOSTILE = '<img src=x onerror="window.hacked=1">'
# What a column of free text may be held to; any other check is a form (identifier, date, address, enumeration).
FREE = {"is not empty"}
BESIDE = ("site_sources", "project_sources", "units", "facts")


def free_texts(table: str) -> list[str]:
    """Name the columns of a table that hold any text at all."""
    columns = SCHEMAS[table].columns.items()
    return [
        name
        for name, column in columns
        if str(column.dtype).startswith("str") and {str(check.error) for check in column.checks} <= FREE
    ]


def poison(frame: Any, table: str) -> Any:
    """Put the hostile text into every free text of a table."""
    return frame.assign(**dict.fromkeys(free_texts(table), HOSTILE))


def poisoned_data(folder: Path) -> None:
    """Copy the data with the hostile text in the table of every layer and in all that stands beside them."""
    shutil.copytree(data_dir(), folder, ignore=shutil.ignore_patterns("extracts"))
    for layer in catalogue.catalogue().layers.values():
        path = folder / "tables" / layer.table
        vector.write(poison(vector.read(path), path.stem), path)
    for name in BESIDE:
        beside = folder / "tables" / f"{name}.csv"
        poison(pd.read_csv(beside, dtype=str, keep_default_na=False), name).to_csv(beside, index=False)
