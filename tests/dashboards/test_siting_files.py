"""Files of siting from the page: what the command line writes, byte by byte; refusals; not too many at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from dashboards.cli import main
from dashboards.limits import Limit
from dashboards.siting_files import PATTERNS
from geo import raster
from tests.asking import ask, served


@pytest.fixture(scope="module")
def free() -> Iterator[Any]:
    """Serve the files, as often as anybody asks."""
    limit = Limit(burst=1_000_000, per_second=1_000_000)
    yield from served([(path, handler, {**options, "limit": limit}) for path, handler, options in PATTERNS])


def test_files_are_those_of_the_command_line(free: Any, tmp_path: Path) -> None:
    """With the profile's weights, and with some of the View's in their place."""
    own = {"users": 3, "platform": 3, "hydrogen": 3, "electricity": 2, "lines": 2, "co2": 1.5, "port": 9.5, "zones": 1,
           "flat": 1, "workforce": 0, "rail": 1}  # fmt: skip
    for query, weights in (("hydrogen", {}), ("hydrogen;port:9.5,rail:1,workforce:0", own)):
        tif, csv = tmp_path / "s.tif", tmp_path / "r.csv"
        given = ["--weights", ",".join(f"{name}={weight}" for name, weight in weights.items())] if weights else []
        files = ["--out", str(tif), "--ranking", str(csv), "--lang", "fr"]
        assert main(["siting", "--profile", "hydrogen", *given, *files]) == 0
        for name, path in (("surface.tif", tif), ("ranking.csv", csv)):
            answer, body = ask(free, f"/siting/{name}", {"siting": query, "lang": "fr"})
            assert answer.status == 200, body[:300]
            assert body == path.read_bytes(), (query, name)
            ending = name.partition(".")[2]
            assert (
                answer.headers["Content-Disposition"] == f'attachment; filename="provence-map_siting_hydrogen.{ending}"'
            )
    assert raster.about(tif).tags["WEIGHTS"].startswith("users=0.")
    told = csv.read_text(encoding="utf-8-sig").splitlines()
    assert told[0] == (
        "kind,rank,id,name,commune,score,cells,lon,lat,profile,weights,exclusions,step_m,unknown,data_version,sources,note"
    )
    assert "premier tri" in told[1]


def test_what_cannot_be_asked_is_refused_in_both_languages(free: Any, server: Any) -> None:
    """Bad profiles, weights and ranks; what came is never longer than a line."""
    wrong = []
    for query, said in (
        ("", "“” says no siting: a profile and its weights were expected"),
        ("siting=", "“” says no siting"),
        ("siting=casino", "no profile is called “casino”: hydrogen, data-centre"),
        ("siting=hydrogen;port:nan", "“hydrogen;port:nan” says no siting"),
        ("siting=hydrogen;port:inf", "“hydrogen;port:inf” says no siting"),
        ("siting=hydrogen;port:-1", "“hydrogen;port:-1” says no siting"),
        ("siting=hydrogen;port:11", "“hydrogen;port:11” says no siting"),
        ("siting=hydrogen;harbour:1", "no criterion is called “harbour”"),
        ("siting=maritime;" + ",".join(f"{name}:0" for name in (
            "shipyard", "port", "sea", "terminal", "business", "rail", "workforce", "zones")), "nothing is weighed"),
        ("siting=hydrogen&rank=zones", "have not filled “Activity zones” here"),
        ("siting=hydrogen&rank=poles", "no ranking is called “poles”"),
        (f"siting={quote('../../etc/passwd')}", "“../../etc/passwd” says no siting"),
    ):  # fmt: skip
        answer, body = ask(free, "/siting/ranking.csv", query)
        told = json.loads(body)["error"]
        if answer.status != 400 or said not in told["en"] or not told["fr"] or told["fr"] == told["en"]:
            wrong.append((query, answer.status, told))
    assert wrong == []
    answer, body = ask(server, "/siting/surface.tif", "siting=casino")
    assert (answer.status, "casino" in json.loads(body)["error"]["fr"]) == (400, True), "the server answers as well"
    answer, body = ask(free, "/siting/surface.tif", f"siting={'x' * 5_000}")
    assert (answer.status, len(json.loads(body)["error"]["en"]) < 300) == (400, True)


def test_an_address_that_asks_too_often_waits() -> None:
    limit = Limit(burst=1, per_second=0.5)
    for few in served([(path, handler, {**options, "limit": limit}) for path, handler, options in PATTERNS]):
        assert ask(few, "/siting/ranking.csv", "siting=casino")[0].status == 400
        answer, body = ask(few, "/siting/surface.tif", "siting=casino")
        assert (answer.status, answer.headers["Retry-After"]) == (429, "2")
        assert "Too many requests" in json.loads(body)["error"]["en"]
