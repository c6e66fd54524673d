"""Layers over their budget: what the document then leaves out, what travels beside it, and what a file says."""

from __future__ import annotations

import gzip
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from layers import budget, catalogue, editions
from layers.sources import packages
from layers.text import text
from layers.view import DRAPES
from layers.web import assets, beside, drapes, make_map, payload


@pytest.fixture
def filled(draped: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Work on an edition with areas and lines, and a budget that a dozen rows are over."""
    monkeypatch.setenv(budget.VARIABLE, "0.001")
    monkeypatch.setenv(beside.CACHE_VARIABLE, str(tmp_path))
    with editions.using(draped):
        drapes.over.cache_clear()  # type: ignore[attr-defined]
        yield tmp_path
    drapes.over.cache_clear()  # type: ignore[attr-defined]


def test_the_data_as_shipped_are_within_their_budget() -> None:
    assert beside.layers(payload.check_layers(None)) == ()
    html = make_map(beside="../beside/").html
    assert html == make_map().html
    for part in ("pm.tiles = ", "pm.clusters = ", "PMTiles", '"cluster.sites_one":'):
        assert part not in html, part


@pytest.mark.parametrize("said", ["much", "-1", "nan"])
def test_a_budget_that_is_no_number_is_told(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(budget.VARIABLE, said)
    with pytest.raises(budget.BudgetError, match="expected a number such as 1"):
        budget.of("zones")


def test_only_layers_that_can_grow_have_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(budget.GROWING) == {"industry", *DRAPES}
    assert budget.of("communes").rows == math.inf
    monkeypatch.setenv(budget.VARIABLE, "0.5")
    assert budget.of("industry").rows == budget.SITES.rows / 2


def columns(packed: bytes) -> list[dict[str, Any]]:
    """Read rows back as the script does."""
    told = json.loads(gzip.decompress(packed))
    values = {
        name: column if isinstance(column, list) else [column["of"][i] for i in column["at"]]
        for name, column in told["columns"].items()
    }
    return [{name: of[i] for name, of in values.items() if of[i] is not None} for i in range(told["rows"])]


def test_over_budget_the_document_names_the_files_and_holds_no_row(filled: Path) -> None:
    html = make_map(beside="../beside/").html
    assert "Zone d'exemple" not in html
    assert html.count('"../beside/zones.') == 2
    assert "pm.tiles = " in html
    assert beside.name("zones", beside.ROWS) != beside.name("zones", beside.SHAPES)
    assert not list(filled.iterdir()), "files are made when somebody asks"


@pytest.mark.usefixtures("filled")
def test_rows_beside_say_what_features_inside_say() -> None:
    for layer in ("zones", "rail"):
        inside = [row["properties"] for row in drapes.features(layer, catalogue.load(layer))["features"]]
        assert columns(beside.packed(layer)) == inside
    sites = columns(beside.packed("industry"))
    whole = [row["properties"] for row in payload.features("industry")["features"]]
    assert len(sites) == len(whole)
    assert all(site.items() <= full.items() for site, full in zip(sites, whole, strict=True))
    assert json.loads(gzip.decompress(beside.cards(0)))[3]["alike"] == list(whole[3]["alike"])
    assert json.loads(gzip.decompress(beside.cards(9))) == []


@pytest.mark.usefixtures("filled")
def test_a_file_without_a_server_holds_every_row_and_says_that_its_outlines_are_coarser() -> None:
    html = make_map().html
    assert '"coarse\\":' in html
    assert "Zone d'exemple 0" in html
    assert '"data":' in html
    said = {language: text("drape.coarse", language, n=4) for language in ("en", "fr")}
    assert all("4" in words for words in said.values())
    assert "../beside/" not in html


def test_scripts_of_other_people_stand_with_their_licence_and_ask_nobody() -> None:
    told = (packages.VENDOR / "LICENCES.txt").read_text(encoding="utf-8")
    for package, script in zip(packages.SCRIPTS, assets.tiled(), strict=True):
        assert f"npm package {package.name} {package.version}" in told
        assert not {"eval(", "new Function", "new Worker", "sourceMappingURL"} & set(re.findall(r"[\w ]+\(?", script))
        assert len(script) < 25_000
    assert "Protomaps LLC" in told
    assert "Mapbox" in told
