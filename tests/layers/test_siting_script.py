"""The script of the page against Python, on the real criteria: the same scores, ranks and answer to "does it hold"."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from layers import editions, siting
from layers.siting import ranking
from layers.siting.model import NODATA
from layers.web import siting as pack
from tests.layers.test_script import ROOT, node

STEP = 200.0
ZONES_STEP = 100.0
# A value is kept in 254 steps and a score is cut to a 256th of one.
QUANTUM = 0.5 / 254 + 1 / 254 / 256
SHOWN = ranking.MOST


@pytest.fixture(scope="module")
def packed() -> dict[str, Any]:
    return pack.packed(STEP)


def cases(packed: dict[str, Any]) -> list[dict[str, Any]]:
    """Give each profile with its own weights, and with weights a reader may choose: one lower, one higher, one new."""
    found = []
    for profile in packed["profiles"]:
        first, *_, last = profile["weights"]
        other = next(one["id"] for one in packed["criteria"] if one["id"] not in profile["weights"])
        changed = {**profile["weights"], first: 0.5, last: 4.5, other: 2.5}
        found += [{"name": profile["id"], "weights": profile["weights"], "exclusions": profile["exclusions"]}]
        found += [{"name": f"{profile['id']}, changed", "weights": changed, "exclusions": profile["exclusions"]}]
    return found


def worked_out(packed: dict[str, Any], asked: list[dict[str, Any]]) -> dict[str, Any]:
    """Let the document's own scripts work the cases out."""
    done = subprocess.run(
        [node(), "tests/web/siting_worked.mjs"],
        cwd=ROOT, input=json.dumps({"pack": packed, "cases": asked}), capture_output=True, encoding="utf-8",
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_the_script_scores_ranks_and_tries_as_python_does(packed: dict[str, Any]) -> None:
    made, asked = siting.at(STEP), cases(packed)
    told = worked_out(packed, asked)
    cells = np.frombuffer(base64.b64decode(told["cells"]), np.int32)
    assert np.array_equal(cells, np.flatnonzero(made.communes))
    wrong: list[str] = []
    for case, worked in zip(asked, told["worked"], strict=True):
        name, surface = case["name"], made.surface(case["weights"], case["exclusions"]).values
        expected, scores = surface.ravel()[cells], np.frombuffer(base64.b64decode(worked["scores"]), np.uint16)
        none = scores == told["none"]
        if not np.array_equal(none, expected == NODATA):
            wrong.append(f"{name}: other cells have no score")
            continue
        if (most := np.abs(scores / told["full"] - expected)[~none].max()) > QUANTUM:
            wrong.append(f"{name}: a score is {most:.5f} off, at most {QUANTUM:.5f} expected")
        table = ranking.ranked(made, surface)
        table = table[table["kind"] == "communes"]
        shown = worked["ranked"][:SHOWN]
        if [row["id"] for row in shown] != list(table["id"]):
            wrong.append(f"{name}: the script ranks {shown}, Python {table[['id', 'score']].to_dict('records')}")
        if [row["cells"] for row in shown] != list(table["cells"]):
            wrong.append(f"{name}: other numbers of cells")
        if max(abs(row["score"] - score) for row, score in zip(shown, table["score"], strict=True)) > QUANTUM:
            wrong.append(f"{name}: a commune's score is off")
        tried = siting.sensitivity(made, case["weights"], case["exclusions"])
        if (worked["firstHolds"], worked["tried"]) != (tried["first"].sum(), len(tried)):
            wrong.append(f"{name}: the first holds {worked['firstHolds']} of {worked['tried']}, Python otherwise")
        moved = max(abs(place - rank) for rank, row in enumerate(worked["ranges"], 1) for place in row)
        # Two communes a thousandth apart may change places by the steps that values are kept in.
        if abs(moved - tried["moved"].max()) > 1:
            wrong.append(f"{name}: ranks move by up to {moved}, in Python by {tried['moved'].max()}")
    assert wrong == [], "\n".join(wrong)


def test_the_script_ranks_zones_as_python_does(draped: Path) -> None:
    with editions.using(draped):
        made, packed = siting.at(ZONES_STEP), pack.packed(ZONES_STEP)
        profile = packed["profiles"][0]
        asked = {"weights": profile["weights"], "exclusions": profile["exclusions"], "kind": "zones"}
        (worked,) = worked_out(packed, [asked])["worked"]
        surface = made.surface(asked["weights"], asked["exclusions"]).values
        table = ranking.ranked(made, surface, kind="zones")
        tried = siting.sensitivity(made, asked["weights"], asked["exclusions"], kind="zones")
    shown = worked["ranked"][:SHOWN]
    assert shown
    assert [(row["id"], row["cells"]) for row in shown] == list(zip(table["id"], table["cells"], strict=True))
    assert max(abs(row["score"] - score) for row, score in zip(shown, table["score"], strict=True)) <= QUANTUM
    assert (worked["firstHolds"], worked["tried"]) == (tried["first"].sum(), len(tried))
