"""An atlas as its reader opens it: index with links, one key on A4, a page a commune, the same from any process."""

from __future__ import annotations

import io
from datetime import date
from functools import cache
from typing import Any

import pytest
from pypdf import PdfReader

from layers import catalogue
from layers.errors import SheetError
from layers.sheet import Sheet, atlas
from layers.snapshot.area import Area

TODAY = date(2026, 11, 24)
FEW = "13022,13028,13039"


def plan(area: str = FEW, **changes: Any) -> Sheet:
    """Plan an atlas."""
    given: dict[str, Any] = {"paper": "a4", "today": TODAY}
    return Sheet(area=Area.parse(area), **(given | changes))


@cache
def made() -> bytes:
    """Write an atlas of three communes in this process."""
    return atlas.write(plan()).pdf


def targets(reader: PdfReader) -> list[int]:
    """Give the pages, counted from one, that the links of the index lead to."""
    pages = {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages, start=1)}  # type: ignore[union-attr]
    links = [link.get_object() for link in reader.pages[0]["/Annots"]]  # type: ignore[attr-defined]
    return [pages[link["/Dest"][0].idnum] for link in links if "/Dest" in link]


def test_an_atlas_is_index_key_and_one_page_a_commune() -> None:
    reader = PdfReader(io.BytesIO(made()), strict=True)
    assert len(reader.pages) == 2 + 3
    texts = [page.extract_text() for page in reader.pages]
    assert "Atlas of" in texts[0]
    assert "Sources and licences" in texts[1]
    for text, name, number in zip(texts[2:], ("Cassis", "La Ciotat", "Fos-sur-Mer"), (1, 2, 3), strict=True):
        assert name in text
        assert f"sheet {number} of 3" in " ".join(text.split())
        assert "Legend and sources: page 2" in text


def test_the_index_leads_to_each_sheet_from_its_row_and_from_its_map() -> None:
    reader = PdfReader(io.BytesIO(made()), strict=True)
    assert sorted(targets(reader)) == [3, 3, 4, 4, 5, 5]
    titles = [str(entry.title) for entry in reader.outline]  # type: ignore[union-attr]
    assert titles == ["Index", "Legend and sources", "Cassis", "La Ciotat", "Fos-sur-Mer"]


def test_two_processes_make_the_same_bytes_as_one_and_tell_how_far_they_are() -> None:
    told: list[tuple[int, int]] = []
    found = atlas.write(plan(), processes=2, progress=lambda done, of: told.append((done, of)))
    assert found.pdf == made()
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert len(found.sheets) == 3
    assert found.each > 0


def test_an_atlas_of_poles_on_a3_has_no_key_of_its_own() -> None:
    reader = PdfReader(io.BytesIO(atlas.write(plan("la-ciotat-cassis", paper="a3"), by="pole").pdf), strict=True)
    assert len(reader.pages) == 2
    assert "Sources and licences" in reader.pages[1].extract_text()


def test_every_commune_has_a_sheet_pole_by_pole_and_one_index_page() -> None:
    sheets = atlas.sheets(plan("metropolis"), "commune")
    assert [sheet.number for sheet in sheets] == list(range(1, 93))
    assert {sheet.area.ids[0] for sheet in sheets} == set(catalogue.load("communes")["code"])
    assert {sheet.key for sheet in sheets} == {2}
    poles = catalogue.load("communes").set_index("code")["pole"]
    order = [poles[sheet.area.ids[0]] for sheet in sheets]
    assert order == sorted(order, key=list(dict.fromkeys(order)).index)


def test_a_drawn_area_gives_the_communes_it_touches() -> None:
    names = {sheet.place for sheet in atlas.sheets(plan("5.50,43.19,5.56,43.23"), "commune")}
    assert "Cassis" in names
    assert len(names) < 6


def test_what_cannot_be_made_is_refused_in_words() -> None:
    with pytest.raises(SheetError, match="'house' is not one of pole, commune"):
        atlas.write(plan(), by="house")
    with pytest.raises(SheetError, match="holds no pole"):
        atlas.write(plan(), by="pole")
    with pytest.raises(SheetError, match="0 processes are not from 1 to 64"):
        atlas.write(plan(), processes=0)


def test_a_cluster_that_is_not_there_or_cannot_be_asked_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(SheetError, match=r"needs the package distributed.*Install provence-map\[dask\]"):
        atlas.write(plan(), dask="tcp://127.0.0.1:1")


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_makes_the_same_bytes() -> None:
    distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, host="127.0.0.1", protocol="tcp"
    ) as cluster:
        assert atlas.write(plan(), dask=cluster.scheduler_address).pdf == made()
