"""The Excel file of a View, read back: numbers are numbers, text is text, and everything says where it comes from."""

from __future__ import annotations

import io
import shutil
import time
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from geo import vector
from layers import catalogue
from layers.catalogue import load, table
from layers.export import workbook
from layers.filters import visible
from layers.listing import COLUMNS, KIND_OF, records
from layers.text import text
from layers.view import DRAPES, LANGUAGES, Language, View
from layers.wording import described

ADDRESS = "https://map.example/?lang=fr&pole=martigues-fos"
TODAY = date(2026, 11, 24)
ALL = View(layers=tuple(KIND_OF))
SHEETS = {"en": ["Data", "Sources", "About"], "fr": ["Données", "Sources", "À propos"]}
NNBSP = "\u202f"


def written(view: View, language: Language = "en", address: str = ADDRESS) -> bytes:
    """Write a View as a workbook, on one day."""
    return workbook(view, language=language, address=address, today=TODAY)


@cache
def opened(view: View, language: Language = "en", address: str = ADDRESS) -> Workbook:
    """Open the workbook of a View, once: it is only looked at."""
    return openpyxl.load_workbook(io.BytesIO(written(view, language, address)))


def heads(sheet: Worksheet) -> list[str]:
    """Return the heads of a sheet."""
    return [str(cell.value) for cell in sheet[1]]


def rows_of(sheet: Worksheet) -> list[dict[str, Any]]:
    """Return the rows of a sheet by the ids of the columns."""
    names = [column.id for column in COLUMNS]
    return [dict(zip(names, values, strict=True)) for values in sheet.iter_rows(min_row=2, values_only=True)]


def by_key(view: View, language: Language = "en") -> dict[str, dict[str, Any]]:
    """Return the rows of a View's workbook by their key."""
    return {row["key"]: row for row in rows_of(opened(view, language).worksheets[0])}


@pytest.fixture(scope="module")
def english() -> dict[str, dict[str, Any]]:
    """Every row there is, in English."""
    return by_key(ALL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_three_sheets_with_heads_in_the_language(language: Language) -> None:
    book = opened(ALL, language)
    assert book.sheetnames == SHEETS[language]
    expected = [text(f"column.{column.id}", language, year=2022) for column in COLUMNS]
    assert heads(book.worksheets[0]) == expected
    assert len(set(expected)) == len(expected)


def test_every_symbol_of_the_view_is_a_row_once(english: dict[str, dict[str, Any]]) -> None:
    expected = {
        f"{kind}:{name}" for layer, kind in KIND_OF.items() if layer not in DRAPES for name in load(layer)["id"]
    }
    assert set(english) == expected


def test_the_rows_are_those_the_view_shows() -> None:
    view = View.from_query("pole=la-ciotat-cassis&year=2030&seveso=unknown")[0]
    expected = {
        f"{kind}:{name}"
        for layer, kind in KIND_OF.items()
        if layer not in DRAPES
        for name in visible(layer, view)["id"]
    }
    assert set(by_key(view)) == expected
    assert 0 < len(expected) < 20


def test_numbers_are_numbers_and_what_is_not_known_says_so(english: dict[str, dict[str, Any]]) -> None:
    tonnes = table("emissions").query("year == 2022").set_index("site_id")["co2_t"]
    for row in load("industry").itertuples():
        expected = int(tonnes[row.id]) if row.id in tonnes else "No published figure"
        assert english[f"site:{row.id}"]["co2"] == expected
    for row in load("decarbonation").to_dict("records"):
        found = english[f"project:{row['id']}"]
        assert found["investment"] == (row["investment_meur"] if row["investment_meur"] > 0 else "Not published")
        assert (found["lon"], found["lat"]) == (round(row["geometry"].x, 6), round(row["geometry"].y, 6))
        assert found["co2"] is None
    assert english["project:air-liquide-h2-la-mede"]["start"] == 2028
    assert english["port:marseille"]["insee"] == "13055"


def test_declared_emissions_have_a_column_of_their_own(english: dict[str, dict[str, Any]]) -> None:
    irep = load("industry").query("co2_basis == 'irep'")
    assert len(irep) > 0
    for row in irep.itertuples():
        found = english[f"site:{row.id}"]
        assert (found["declared"], found["declared_year"]) == (row.co2_t, row.co2_year)
    assert sum(row["declared"] is not None for row in english.values()) == len(irep)


def test_the_year_of_the_view_is_that_of_the_tonnes_and_of_their_head() -> None:
    view = ALL.with_(year=2010)
    assert "Verified CO₂ in 2010 (t, EU ETS, fossil)" in heads(opened(view).worksheets[0])
    tonnes = table("emissions").query("year == 2010 and site_id == 'arcelormittal-fos'")["co2_t"].item()
    assert by_key(view)["site:arcelormittal-fos"]["co2"] == tonnes
    assert "Verified CO₂ in 2022 (t, EU ETS, fossil)" in heads(opened(ALL.with_(year=2030)).worksheets[0])


def test_every_row_has_its_source_page_date_and_licence(english: dict[str, dict[str, Any]]) -> None:
    for key, row in english.items():
        for name in ("source", "page", "dated", "retrieved", "licence"):
            assert row[name], f"{key} lacks {name}"
        assert row["page"].startswith(("http://", "https://"))
        if key.partition(":")[0] in {"site", "project", "place"}:
            assert row["precision"], key
            assert row["confidence"], key
            assert row["position_source"], key


def test_words_and_dates_are_those_of_the_language() -> None:
    found = by_key(ALL, "fr")["project:air-liquide-h2-la-mede"]
    assert found["name"] == "Hydrogène biogénique de La Mède"
    assert found["status_date"] == "novembre 2024"
    assert found["capacity_unit"] == "t d’H₂ par an"
    assert by_key(ALL, "fr")["site:arcelormittal-fos"]["status_date"] == "2022"
    assert by_key(ALL, "fr")["site:arcelormittal-fos"]["retrieved"] == "23 novembre 2026"


def test_a_perception_stands_with_what_the_figures_say_and_their_sources() -> None:
    for row in load("perceptions").itertuples():
        found = by_key(ALL, "fr")[f"perception:{row.id}"]
        assert found["name"].startswith(row.belief_fr[:20])
        assert found["note"].replace("CO₂", "CO2") == row.reality_fr
        assert (found["lon"] is None) == (row.geometry is None)
        assert (found["precision"] is None) == (row.geometry is None)
        assert found["confidence"]


def test_the_heads_stay_in_sight_and_may_be_filtered() -> None:
    sheet = opened(ALL).worksheets[0]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:AJ{len(records(ALL, 'en')) + 1}"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.column_dimensions["A"].width > 30


@pytest.mark.parametrize(
    ("column", "down"), [("name", False), ("name", True), ("commune", False), ("pole", True), ("family", False)]
)
def test_rows_are_sorted_by_the_words_of_a_column(column: str, down: bool) -> None:
    found = [str(row[column] or "") for row in records(ALL.with_(table=f"{'-' if down else ''}{column}"), "fr")]
    plain = [word.translate(str.maketrans("ÉÈÎÔàâéèêëîïôûç", "EEIOaaeeeeiiouc")).casefold() for word in found]
    assert plain == sorted(plain, reverse=down)


def test_rows_are_sorted_by_kind_first_then_by_figure_when_nothing_is_said() -> None:
    found = records(ALL, "en")
    kinds = [str(row["key"]).partition(":")[0] for row in found]
    assert kinds == sorted(kinds, key=list(KIND_OF.values()).index)
    tonnes = [row["co2"] for row in found if isinstance(row["co2"], int)]
    assert tonnes == sorted(tonnes, reverse=True)


def test_rows_are_sorted_by_figure_downwards_with_the_unknown_last() -> None:
    found = records(View(layers=("industry",), table="-figure"), "en")
    assert found[0]["key"] == "site:arcelormittal-fos"
    assert found[-1]["co2"] == "No published figure"
    upwards = records(View(layers=("industry",), table="figure"), "en")
    assert upwards[-1]["key"] == "site:arcelormittal-fos"


def test_rows_are_sorted_by_status_the_most_certain_first() -> None:
    found = [row["status"] for row in records(View(layers=("decarbonation",), table="status"), "en")]
    assert found[0] == "Operating"
    assert found[-1] == "Suspended"


def test_a_text_that_looks_like_a_formula_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = ["=1+1", '=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "{=1}", "http://x.example", "12"]
    shutil.copytree(catalogue.data_dir(), tmp_path / "data")
    frame = load("industry")
    frame.loc[frame.index[: len(hostile)], "name"] = hostile
    vector.write(frame, tmp_path / "data" / "tables" / "industry.parquet")
    monkeypatch.setenv(catalogue.DATA_VARIABLE, str(tmp_path / "data"))
    book = opened(View(layers=("industry",)), address='=cmd|"/c calc"!A1')
    cells = [row[0] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert {cell.value for cell in cells} >= set(hostile)
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_pages_can_be_followed() -> None:
    sheet = opened(ALL).worksheets[0]
    index = [column.id for column in COLUMNS].index("page")
    pages = [row[index] for row in sheet.iter_rows(min_row=2)]
    assert all(cell.hyperlink and cell.hyperlink.target for cell in pages)
    assert [cell.value for cell in pages if cell.hyperlink.target.rstrip("/") != str(cell.value).rstrip("/")] == []


def test_the_sources_of_the_layers_are_named_with_licence_and_attribution() -> None:
    sheet = opened(View(layers=("stations", "ports"))).worksheets[1]
    found = {row[1]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
    known = catalogue.catalogue()
    expected = {source.title: source for layer in ("stations", "ports") for source in known.sources_of(layer)}
    assert set(found) == set(expected)
    for title, row in found.items():
        source = expected[title]
        assert row[0] == source.publisher
        assert row[2:5] == (source.licence, source.licence_url, source.url)
        assert row[7] == source.attribution


def test_the_last_sheet_says_what_the_file_is() -> None:
    view = View.from_query("pole=martigues-fos&commune=13039&family=metal,h2&co2=1000..&start=2026..2030&year=2031")[0]
    found = {row[0]: row[1] for row in opened(view).worksheets[2].iter_rows(values_only=True) if row[0]}
    assert found["Address of this View"] == ADDRESS
    assert found["Written on"] == "24 November 2026"
    assert found["Pole"] == "Martigues–Fos"
    assert found["Commune"] == "Fos-sur-Mer"
    assert found["Sector family"] == "Hydrogen and e-fuels, Steel and metals"
    assert found["Verified CO₂ (t)"] == "1,000 or more"
    assert found["Start year"] == "2026 to 2030"
    assert found["Time"].startswith("In 2031: verified CO₂ of 2022")
    assert found["Version of the data"] == catalogue.data_version()
    assert "widened in 2013" in found["Limits: Industrial sites"]


def test_a_view_in_words_is_set_as_french_is_set() -> None:
    view = View.from_query("pole=outside&hidden=industry.metal,places.nature&capacity=mw:..50&investment=..1000")[0]
    found = dict(described(view, "fr"))
    assert found["Classes masquées"] == "Acier et métaux, Plages, Nature"
    assert found["Capacité (MW)"] == "50 ou moins"
    assert found["Investissement publié (M€)"] == f"1{NNBSP}000 ou moins"
    assert found["Période"] == f"Vue d’ensemble{NNBSP}: CO₂ vérifié de 2022, tous les projets"


def test_words_the_map_does_not_know_stand_as_they_came() -> None:
    view = View.from_query("pole=etna&commune=00000&status=erupting&capacity=craters:..&hidden=ports.quay")[0]
    found = dict(described(view, "en"))
    assert found["Pole"] == "etna"
    assert found["Commune"] == "00000"
    assert found["Status"] == "erupting"
    assert found["Capacity (craters)"] == "any figure"
    assert found["Classes hidden"] == "quay"


def test_a_view_that_shows_nothing_is_an_empty_table() -> None:
    book = opened(View(layers=()))
    assert book.worksheets[0].max_row == 1
    assert book.worksheets[1].max_row == 1


def test_the_same_view_gives_the_same_bytes() -> None:
    first = written(ALL, "fr")
    time.sleep(1.1)  # a second is the grain of the times in such a file
    assert written(ALL, "fr") == first
    assert written(ALL, "en") != first
