"""CSV files of the project, read as text: UTF-8, one head, rows of one length. Types come later, from the schema."""

from __future__ import annotations

import csv
from pathlib import Path

from pandas import DataFrame

from layers.errors import TableError

_FAULT = "Correct the file by hand."


def read(path: Path, columns: tuple[str, ...] = ()) -> DataFrame:
    """Read a CSV file as text, with the columns asked for at least.

    Raises `TableError` when the file is missing, is not UTF-8, has a row of another length or lacks a column.
    """
    table = path.stem
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream, strict=True))
    except FileNotFoundError:
        raise TableError(table, [f"{path} is missing"], advice="Restore it, or run `make data`.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TableError(table, [f"{path.name} cannot be read as CSV in UTF-8: {error}"], advice=_FAULT) from error
    if not rows:
        raise TableError(table, [f"{path.name} is empty"], advice=_FAULT)
    head, body = rows[0], rows[1:]
    faults = [f"column {name} is missing from {path.name}" for name in columns if name not in head]
    faults += [f"column {name} appears twice in {path.name}" for name in dict.fromkeys(head) if head.count(name) > 1]
    for number, row in enumerate(body, start=2):
        if len(row) != len(head):
            faults.append(f"row {number} of {path.name} has {len(row)} cells, expected {len(head)}")
    if faults:
        raise TableError(table, faults, advice=_FAULT)
    return DataFrame(body, columns=head, dtype="str")
