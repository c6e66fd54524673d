"""The report of change: the same in text, JSON and HTML, in both languages, and text from data only ever as text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from geopandas import GeoDataFrame, points_from_xy
from pandas import DataFrame

from layers.refresh import page, report
from layers.refresh.changes import Figure, Place, TableChange
from layers.refresh.making import compared
from layers.refresh.merge import Overruled
from layers.refresh.outcome import Outcome, Report, read
from layers.sources.connector import Doubt
from layers.view import LANGUAGES

HOSTILE = "</style><script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m"
SAID = {"en": f"why: {HOSTILE}", "fr": f"pourquoi : {HOSTILE}"}


def told() -> Report:
    """Make a report in which everything that comes from elsewhere is hostile."""
    change = TableChange(
        "industry", 1, 1, 1, 1, 5,
        {"added": (HOSTILE,), "removed": ("b",), "changed": ("c",), "moved": ("d",)},
        {HOSTILE: 1},
        (Figure(HOSTILE, HOSTILE, HOSTILE, 1000.5, 2500000),),
        tuple(Place(kind, 5.0 + at / 10, 43.4) for at, kind in enumerate(("added", "removed", "changed", "moved"))),
    )  # fmt: skip
    return Report(
        "2026-11-24T10:20:30+00:00",
        "1.2.3",
        edition="2026-11-24-102030",
        sources=[
            Outcome("eutl", "held", (SAID,), 1234, 5_600_000, 3.25, HOSTILE, "2026-11-24"),
            Outcome("irep", "away", (SAID,)),
            Outcome("geo_api", "new", (), 92, 900, 0.1, "2026", "2026-11-23"),
        ],
        tables=[change],
        doubts=[Doubt("industry", HOSTILE, HOSTILE, SAID, 1234.6)],
        notes=[SAID],
        overruled=[Overruled("industry", HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)],
    )


def test_text_from_data_is_only_ever_text_in_the_page() -> None:
    made = page.html(told())
    assert "<script" not in made
    assert "<img" not in made
    assert made.count("&lt;script&gt;") > 10
    assert "\x1b" not in made


def test_the_page_asks_nobody_for_anything_and_runs_nothing() -> None:
    made = page.html(told())
    assert not re.findall(r'(?:src|href)="', made)
    assert set(re.findall(r"https?://[^\"<\s]+", made)) <= {"http://www.w3.org/2000/svg"}
    (style,) = re.findall(r"<style>(.*?)</style>", made, re.DOTALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', made)
    assert policy
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy[1] == f"default-src 'none'; style-src 'sha256-{digest}'"


def test_the_map_has_a_mark_of_each_kind_and_a_title_in_each_language() -> None:
    made = page.html(told())
    maps = re.findall(r'<svg role="img" class="map".*?</svg>', made, re.DOTALL)
    titles = [ET.fromstring(one).findtext("{http://www.w3.org/2000/svg}title") for one in maps]  # noqa: S314 (our own)
    assert titles == ["Map of what changed: 4 places", "Carte de ce qui a changé\u202f: 4 lieux"]
    # A disc each, and what tells them apart without colour.
    marks = maps[0].partition("</defs>")[2]
    assert marks.count("<circle") == 5
    assert len(maps[0]) < 200_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_is_told_in_lines_of_each_language(language: str) -> None:
    said = report.told(told(), language)  # type: ignore[arg-type]
    assert "\x1b" not in said
    shown = {
        "en": (
            "24 November 2026, 10:20 UTC",
            "eutl: held for review · 1,234 rows · 5.6 MB · 3.3 s",
            "1,000.5 → 2,500,000",
            "1 added, 1 removed, 1 changed, 1 moved",
            "(1,235 m apart)",
            "provence-map refresh --accept eutl",
        ),
        "fr": (
            "24 novembre 2026, 10:20 UTC",
            "eutl: à examiner · 1\u202f234 lignes · 5,6 Mo · 3,3 s",
            "1\u202f000,5 → 2\u202f500\u202f000",
            "1 ajoutées, 1 retirées, 1 modifiées, 1 déplacées",
            "(à 1\u202f235 m)",
            "pourquoi : ",
        ),
    }[language]
    assert [part for part in shown if part not in said] == []


def test_the_three_files_say_the_same_run(tmp_path: Path) -> None:
    report.write(told(), tmp_path)
    document = read(tmp_path)
    assert document is not None
    assert (document["code"], document["edition"], document["sources"][0]["state"]) == (3, "2026-11-24-102030", "held")
    assert document == json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    text = (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert "held for review" in text
    assert "à examiner" in text
    assert '<main lang="fr">' in (tmp_path / "report.html").read_text(encoding="utf-8")
    (tmp_path / "report.json").write_text("[", encoding="utf-8")
    assert read(tmp_path) is None


def test_changes_are_summed_by_table_with_the_largest_first() -> None:
    def sites(tonnes: dict[str, int], east: float = 0.0) -> GeoDataFrame:
        frame = DataFrame(
            {"id": list(tonnes), "name": [name.upper() for name in tonnes], "co2_t": list(tonnes.values())}
        )
        points = points_from_xy([5.0 + east * (name == "c") for name in tonnes], [43.4] * len(tonnes), crs=4326)
        return GeoDataFrame(frame, geometry=points)

    (change,) = compared(
        {"industry": sites({"a": 10, "b": 1000, "c": 5, "d": 7})},
        {"industry": sites({"a": 30, "b": 900, "c": 5, "e": 7}, east=0.1)},
    )
    assert (change.added, change.removed, change.changed, change.moved, change.same) == (1, 1, 2, 1, 0)
    assert [(figure.name, figure.before, figure.after) for figure in change.figures] == [
        ("B", 1000, 900),
        ("A", 10, 30),
    ]
    assert {(place.change, round(place.lon, 3)) for place in change.places} == {
        ("changed", 5.0), ("moved", 5.1), ("removed", 5.0), ("added", 5.0),
    }  # fmt: skip
    assert list(compared({"industry": sites({"a": 1})}, {"industry": sites({"a": 1})})) == []
