"""What a View shows, on the real data: shared cases, and the document's script asked the same questions."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from layers import editions
from layers.catalogue import load
from layers.errors import UnknownLayerError
from layers.filters import classes, verified, visible
from layers.view import FILTERS, LAYERS, RANGES, View
from layers.web import payload

ROOT = Path(__file__).resolve().parents[2]
CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "filter_cases.json").read_text(encoding="utf-8"))
QUESTIONS = 120

# Values that occur, and one of each that does not.
FILTER_VALUES = {
    "pole": ["aix-marseille", "la-ciotat-cassis", "martigues-fos", "outside"],
    "commune": ["13039", "13055", "13001", "84089", "75056"],
    "family": ["metal", "fuel", "chem", "port", "other", "h2", "proc", "renew", "oth", "volcano"],
    "technology": ["hydrogen", "ccus", "solar-pv", "grid", "other", "volcano"],
    "status": ["operating", "announced", "suspended", "permitted"],
    "seveso": ["upper", "lower", "none", "unknown"],
}
RANGE_VALUES = {
    "co2": ["0..", "1000..", "..50000", "10000..1000000", "0..0"],
    "capacity": ["mw:..", "mw:100..", "km:..50", "t-h2-yr:1000..", "volcanoes:.."],
    "investment": ["100..", "..50", "0..", "600..600"],
    "start": ["2027..", "..2020", "2026..2030"],
}
HIDDEN = ["industry.metal", "decarbonation.h2", "places.nature", "ports.ports", "communes.communes", "stations.x"]


@pytest.fixture
def every_layer(draped: Path) -> Iterator[None]:
    """Work on an edition that has every layer of a View."""
    with editions.using(draped):
        yield


def ids(layer: str, view: View) -> list[str]:
    """Return the ids a View shows of a layer."""
    rows = visible(layer, view)
    return [str(value) for value in rows["id" if "id" in rows else "code"]]


def questions(seed: int) -> list[str]:
    """Make queries of any mixture of layers, hidden classes, years, filters and ranges, the same each time."""
    draw = random.Random(seed)  # noqa: S311 (no secret)
    found = []
    for _ in range(QUESTIONS):
        parts = [f"layers={','.join(LAYERS if draw.random() < 0.7 else draw.sample(LAYERS, draw.randint(0, 8)))}"]
        if draw.random() < 0.3:
            parts.append(f"hidden={','.join(draw.sample(HIDDEN, draw.randint(1, 3)))}")
        if draw.random() < 0.4:
            parts.append(f"year={draw.randint(2005, 2035)}")
        for key, values in FILTER_VALUES.items():
            if draw.random() < 0.2:
                parts.append(f"{key}={','.join(draw.sample(values, draw.randint(1, 3)))}")
        parts += [f"{key}={draw.choice(values)}" for key, values in RANGE_VALUES.items() if draw.random() < 0.2]
        found.append("&".join(parts))
    return found


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_view_shows_what_the_shared_cases_say(case: dict[str, Any]) -> None:
    view, ignored = View.from_query(case["query"])
    assert ignored == ()
    shown = {layer: ids(layer, view) for layer in case["counts"]}
    assert {layer: len(found) for layer, found in shown.items()} == case["counts"]
    for key in case["in"]:
        layer, _, name = key.partition(":")
        assert name in shown[layer]
    for key in case["out"]:
        layer, _, name = key.partition(":")
        assert name not in shown[layer]


def test_names_of_cases_are_unique_and_every_filter_and_range_has_one() -> None:
    names = [case["name"] for case in CASES]
    assert sorted(set(names)) == sorted(names)
    asked = "&".join(case["query"] for case in CASES)
    assert [key for key in (*FILTERS, *RANGES, "hidden", "year") if f"{key}=" not in asked] == []
    assert set(FILTER_VALUES) == set(FILTERS)
    assert set(RANGE_VALUES) == set(RANGES)


@pytest.mark.usefixtures("every_layer")
def test_the_script_of_the_document_shows_the_same() -> None:
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no node on the PATH")
        pytest.skip("no node on the PATH")
    queries = [case["query"] for case in CASES] + questions(1)
    given = {
        "layers": {layer: payload.features(layer) for layer in LAYERS},
        "config": payload.config(LAYERS, view=View()),
        "queries": queries,
    }
    done = subprocess.run(
        [node, "tests/web/shown.mjs"],
        cwd=ROOT, input=json.dumps(given), capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for query, told in zip(queries, json.loads(done.stdout), strict=True):
        view = View.from_query(query)[0]
        # Cards of perceptions are read in their own order there; which ones are shown is the question here.
        expected = {layer: sorted(ids(layer, view)) for layer in LAYERS}
        assert expected == {layer: sorted(found) for layer, found in told.items()}, query


def test_a_layer_that_is_not_shown_is_empty_and_keeps_its_columns() -> None:
    found = visible("places", View())
    assert len(found) == 0
    assert list(found.columns) == list(load("places").columns)
    assert found.crs == load("places").crs


def test_rows_keep_the_index_of_their_table() -> None:
    found = visible("industry", View(filters={"pole": ("la-ciotat-cassis",)}))
    assert 0 < len(found) < len(load("industry"))
    assert (load("industry").loc[found.index, "id"] == found["id"]).all()


def test_an_unknown_layer_is_named() -> None:
    with pytest.raises(UnknownLayerError, match="unknown layer 'volcanoes'"):
        visible("volcanoes", View())


@pytest.mark.usefixtures("every_layer")
def test_every_row_has_a_class_that_may_be_hidden() -> None:
    for layer in LAYERS:
        found = classes(layer, load(layer))
        assert found.notna().all()
        view = View(layers=LAYERS, hidden=tuple(f"{layer}.{name}" for name in set(found)))
        assert len(visible(layer, view)) == 0


def test_tonnes_are_those_of_the_year_or_missing() -> None:
    sites = load("industry")
    tonnes = verified(sites, 2022)
    assert tonnes.notna().sum() == 39
    assert tonnes[sites["id"] == "arcelormittal-fos"].item() > 5_000_000
