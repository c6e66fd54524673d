"""CSV files read as text: what is wrong with a file is said in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers import rows
from layers.errors import TableError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "few.csv"


def test_cells_stay_text_and_empty_ones_stay_empty(path: Path) -> None:
    path.write_text("code,name\n04242,\n", encoding="utf-8")
    assert rows.read(path).to_dict("records") == [{"code": "04242", "name": ""}]


def test_a_missing_file_is_told(path: Path) -> None:
    with pytest.raises(TableError) as caught:
        rows.read(path)
    assert str(caught.value) == f"table few: 1 fault: {path} is missing. Restore it, or run `make data`."


def test_a_folder_in_place_of_a_file_is_told(path: Path) -> None:
    path.mkdir()
    with pytest.raises(TableError, match=r"^table few: 1 fault: few\.csv cannot be read as CSV in UTF-8: "):
        rows.read(path)


def test_a_file_in_latin_1_is_told(path: Path) -> None:
    path.write_bytes("name\nLa Mède\n".encode("latin-1"))
    with pytest.raises(TableError, match=r"few\.csv cannot be read as CSV in UTF-8: .*Correct the file by hand\.$"):
        rows.read(path)


def test_an_empty_file_is_told(path: Path) -> None:
    path.write_text("", encoding="utf-8")
    with pytest.raises(TableError, match=r"^table few: 1 fault: few\.csv is empty\. "):
        rows.read(path)


def test_missing_columns_double_columns_and_short_rows_are_told_at_once(path: Path) -> None:
    path.write_text("id,id\na,b\nc\n", encoding="utf-8")
    with pytest.raises(TableError) as caught:
        rows.read(path, ("id", "name"))
    assert caught.value.faults == (
        "column name is missing from few.csv",
        "column id appears twice in few.csv",
        "row 3 of few.csv has 1 cells, expected 2",
    )


def test_a_quote_that_never_closes_is_told(path: Path) -> None:
    path.write_text('id,name\na,"b\n', encoding="utf-8")
    with pytest.raises(TableError, match=r"cannot be read as CSV in UTF-8: unexpected end of data"):
        rows.read(path)
