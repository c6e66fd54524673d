"""A hostile text of the data stays text in every file and page that is made of it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pypdf
import pytest

from dashboards import ogc, ogc_page
from layers import brief, export, planning, snapshot
from layers.catalogue import DATA_VARIABLE
from layers.ogc.resources import Asker
from layers.view import View
from tests.poison import HOSTILE, poisoned_data

# Pictures inside, parts of the same file, and where the map stands: a link a person may follow.
OWN = ("data:image/", "#", "http://localhost:5006/")
TODAY = date(2026, 11, 30)
ALL = "layers=poles,communes,industry,decarbonation,ports,stations,airports,places"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Read data in which every free text is hostile."""
    folder = tmp_path_factory.mktemp("hostile") / "data"
    poisoned_data(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(folder))
        yield folder


def acts(root: ET.Element) -> list[str]:
    """Name what could act in a document of XML: elements of HTML, scripts, handlers, addresses of elsewhere."""
    found = []
    for node in root.iter():
        name = str(node.tag).rpartition("}")[2].lower()
        if name in {"script", "img", "iframe", "object", "embed", "foreignobject"}:
            found.append(name)
        for key, value in node.attrib.items():
            word = key.rpartition("}")[2].lower()
            if word.startswith("on") or (word in {"href", "src"} and not value.startswith(OWN)):
                found.append(f"{name} {key}={value[:40]}")
    return found


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("form", ["svg", "pdf"])
def test_a_sheet_shows_the_text_and_nothing_acts(form: str) -> None:
    made = planning.sheet_of(snapshot.Choice.from_query(ALL), {"title": HOSTILE}, today=TODAY)
    drawn = planning.write_sheet(made, form)
    if form == "svg":
        assert acts(ET.fromstring(drawn)) == []  # noqa: S314 (ours)
    else:
        assert_quiet(drawn)


def assert_quiet(data: bytes) -> None:
    """Fail for a PDF that would act when it is opened, or that lost the text."""
    assert not re.search(rb"/(JavaScript|JS|Launch|OpenAction|AA|SubmitForm|EmbeddedFile)\b", data)
    said = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    assert "<img" in said


@pytest.mark.usefixtures("hostile")
def test_a_brief_shows_the_text_and_nothing_acts() -> None:
    keys = ("site:arcelormittal-fos", "commune:13039", "project:gravithy-fos")
    assert_quiet(brief.write(keys, year=2022, language="en", address="http://localhost/", today=TODAY, title=HOSTILE))


@pytest.mark.usefixtures("hostile")
def test_a_workbook_holds_the_text_and_no_formula() -> None:
    view = View(layers=("industry", "decarbonation", "communes"))
    book = openpyxl.load_workbook(
        io.BytesIO(export.workbook(view, language="fr", address="http://localhost/", today=TODAY))
    )
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert any(cell.value == HOSTILE for cell in cells)


@pytest.mark.usefixtures("hostile")
def test_a_kml_file_holds_the_text_and_no_element_of_html(tmp_path: Path) -> None:
    choice = snapshot.Choice.from_query("layers=industry&format=kml&crs=4326")
    snapshot.export(choice, tmp_path / "x.kml")
    root = ET.fromstring((tmp_path / "x.kml").read_text(encoding="utf-8"))  # noqa: S314 (ours)
    assert any(node.text == HOSTILE for node in root.iter())
    assert acts(root) == []


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("name", ["industry", "communes", "decarbonation"])
def test_a_page_of_the_api_shows_the_text_and_nothing_acts(name: str) -> None:
    asker = Asker("http://localhost/ogc", "en", "en", {})
    made: Any = ogc._items(ogc.Request((name,), {}, asker))
    page = ogc_page.page("items", made.resource, asker, parts=(name,))
    page = page.decode() if isinstance(page, bytes) else page
    assert "&lt;img" in page
    assert "<img" not in page
