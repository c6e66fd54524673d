"""Layers over their budget: what the document then leaves out, what travels beside it, and what a file says."""

from __future__ import annotations

import gzip
import json
import math
import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from layers import budget, catalogue, editions
from layers.sources import packages
from layers.text import texts
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
    # How much coarser each layer is, which the key, the card and "About" put into their sentence.
    told = {int(n) for n in re.findall(r'"coarse\\":(\d+)', html)}
    assert told
    assert told <= {2**n for n in range(1, 7)}, "twice as far until it fits, 64 times at most"
    for language in ("en", "fr"):
        assert json.dumps(texts(language)["drape.coarse"], ensure_ascii=False)[1:-1] in html
    assert "../beside/" not in html


def test_scripts_of_other_people_stand_with_their_licence_and_ask_nobody() -> None:
    told = (packages.VENDOR / "LICENCES.txt").read_text(encoding="utf-8")
    for package, script in zip(packages.SCRIPTS, assets.tiled(), strict=True):
        assert f"npm package {package.name} {package.version}" in told
        assert not {"eval(", "new Function", "new Worker", "sourceMappingURL"} & set(re.findall(r"[\w ]+\(?", script))
        assert len(script) < 25_000
    assert "Protomaps LLC" in told
    assert "Mapbox" in told


def test_a_file_that_several_ask_for_is_made_once(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    make = beside.packed

    def counted(layer: str) -> bytes:
        calls.append(layer)
        time.sleep(0.05)
        return make(layer)

    monkeypatch.setattr(beside, "packed", counted)
    work = editions.bound(lambda: beside.made("rail", beside.ROWS))
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == ["rail"]
    assert (filled / beside.name("rail", beside.ROWS)).is_file()


def test_a_folder_that_others_write_is_not_taken_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    (tmp_path / "ours").mkdir(mode=0o700)
    (tmp_path / "named").symlink_to(tmp_path / "ours")
    monkeypatch.setenv(beside.CACHE_VARIABLE, str(tmp_path / "named"))
    assert beside.folder() == tmp_path / "named"
    (tmp_path / "ours").chmod(0o770)
    own = tmp_path / "tmp" / f"provence-map-cache-{os.getuid()}"
    assert beside.folder() == own
    assert own.stat().st_mode & 0o777 == 0o700
    assert "chmod go-w" in caplog.text
    own.rmdir()
    own.symlink_to(tmp_path)
    assert beside.folder().parent == tmp_path / "tmp", "a link laid there by another leads nowhere"
    assert beside.folder() != own


def test_files_of_data_long_gone_are_removed_and_nothing_else(filled: Path) -> None:
    old, fresh = filled / f"zones.{'0' * 16}.pmtiles", filled / f"zones.{'1' * 16}.json"
    names = [old, fresh, filled / beside.name("zones", beside.ROWS), filled / "notes.json"]
    for path in names:
        path.write_bytes(b"1")
        if path != fresh:
            os.utime(path, (0, time.time() - 31 * 86_400))
    beside.tidy()
    assert [path for path in names if not path.exists()] == [old]
