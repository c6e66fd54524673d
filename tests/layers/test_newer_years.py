"""When a refresh brings verified emissions of newer years, everything that speaks of the last year follows."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pypdf
import pytest

from layers import around, brief, catalogue, cited, editions, export, filters, industry, stories
from layers.qgis.asked import Asked
from layers.stories import charts
from layers.view import HORIZON, View
from layers.web import payload

SITE, REGISTRY = "arcelormittal-fos", "eutl-registry"
TONNES = {2023: 5_123_456, 2024: 4_987_654}
FRESH = {"retrieved": "2026-11-24", "vintage": {"en": "to 2024", "fr": "jusqu’en 2024"}}


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory, make_edition: Callable[..., Path]) -> Iterator[Path]:
    """Work on an edition in which one site has figures of 2023 and 2024, from the registry."""
    live = tmp_path_factory.mktemp("live")
    layers = {"industry": {"sources": [REGISTRY], "refreshed": "2026-11-24"}}
    folder = make_edition(live, "newer", sources={REGISTRY: FRESH}, layers=layers)
    path = folder / "tables" / "emissions.csv"
    rows = pd.read_csv(path)
    more = [{"site_id": SITE, "year": year, "co2_t": t, "source": REGISTRY} for year, t in TONNES.items()]
    pd.concat([rows, pd.DataFrame(more)]).to_csv(path, index=False, lineterminator="\n")
    with editions.using(folder):
        yield folder


@pytest.mark.usefixtures("newer")
def test_the_last_year_is_that_of_the_newest_verified_figure() -> None:
    assert catalogue.last_year() == 2024
    years = [View(year=year).verified_year for year in (None, 2010, 2022, 2023, HORIZON)]
    assert years == [2024, 2010, 2022, 2023, 2024]


@pytest.mark.usefixtures("newer")
def test_an_old_link_means_what_it_meant() -> None:
    view, ignored = View.from_query("year=2022&co2=1000..")
    assert not ignored
    assert view.to_query() == "year=2022&co2=1000.."
    assert len(filters.visible("industry", view)) > 1


@pytest.mark.usefixtures("newer")
def test_the_document_has_the_newer_years_and_their_sources() -> None:
    config = payload.config(("industry",), view=View())
    assert config["last_year"] == 2024
    assert config["emissions"][SITE][-2:] == list(TONNES.values())
    assert {len(row) for row in config["emissions"].values()} == {20}
    assert len(config["ets"]) == 20
    assert config["ets"][-3:] == [["eutl"], [REGISTRY], [REGISTRY]]
    assert REGISTRY in config["sources"]
    assert config["data_years"].startswith("2024–")


def test_a_figure_named_by_its_year_stays_that_of_its_year(newer: Path) -> None:
    assert "co2-martigues-fos-2024" in cited.computed_names()
    found = cited.figure("co2-martigues-fos-2024")
    assert (found.origin, found.year, found.value) == (REGISTRY, 2024, round(TONNES[2024] / 1e6, 2))
    named = cited.figure("co2-martigues-fos-2022")
    with editions.using(editions.base_dir()):
        assert "co2-martigues-fos-2024" not in cited.computed_names()
        assert cited.figure("co2-martigues-fos-2022") == named
    assert editions.in_force() == newer


@pytest.mark.usefixtures("newer")
def test_an_area_a_table_and_a_brief_speak_of_the_newest_year() -> None:
    told = around.around((4.93, 43.43, 5.0)).to_json()["sites"]["co2"]
    assert (told["year"], told["source"]) == (2024, REGISTRY)
    written = export.workbook(View(), language="en", address="http://localhost/", today=date(2026, 11, 24))
    sheet = openpyxl.load_workbook(io.BytesIO(written))
    assert any("2024" in str(cell.value) for row in sheet.worksheets[0].iter_rows(max_row=8) for cell in row)
    pdf = brief.write([f"site:{SITE}"], year=2024, language="en", address="http://localhost/", today=date(2026, 11, 24))
    said = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert "2005–2024" in said
    assert "4.99" in said


@pytest.mark.usefixtures("newer")
def test_stories_and_styles_follow_as_well() -> None:
    told = [scene for name in stories.ids() for scene in stories.read(name).scenes if scene.chart == "emissions"]
    assert told
    items = charts.chart(told[0])["items"]
    assert items[-1]["year"] == 2024
    resolved = [scene for name in stories.ids() for scene in stories.resolved(stories.read(name))["scenes"]]
    drawn = next(scene for scene in resolved if scene["chart"] and scene["chart"]["kind"] == "emissions")
    assert {source["year"] for source in drawn["sources"]} >= {2022, 2024}
    assert Asked("industry", ("id",)).year == 2024
    assert industry.ets_sources(2030) == industry.ets_sources()
