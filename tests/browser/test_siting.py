"""Where exactly: a surface that follows its sliders, explains each cell, ranks communes and comes back by its link."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from layers.view import View
from layers.web import make_map, siting

# The criteria are made when the first reader asks for them.
MADE_WITHIN_MS = 60_000
# The colour of the canvas in the middle of the map, and how much of it is painted.
PAINTED = """(() => {
  const canvas = document.querySelector("canvas.siting-surface");
  if (!canvas) return 0;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3]) sum += data[i] + 256 * data[i + 1];
  return sum;
})()"""
SMALL = """[...document.querySelectorAll("#card button, #card summary, #card input")]
  .filter((node) => node.offsetWidth && (node.offsetHeight < LEAST || node.offsetWidth < LEAST))
  .map((node) => `${node.tagName} ${node.id} ${node.offsetWidth}x${node.offsetHeight}`)"""


def ranked(map_: Any) -> Any:
    """Wait for the ranking with its ranges and give its rows."""
    rows = map_.locator(".siting-ranking tbody tr")
    expect(rows).to_have_count(10, timeout=MADE_WITHIN_MS)
    expect(map_.locator(".siting-ranking")).not_to_contain_text("…", timeout=MADE_WITHIN_MS)
    return rows


def press(map_: Any, lon: float, lat: float) -> None:
    """Click a place of the map as a pointer does."""
    box = map_.locator(".leaflet-container").bounding_box()
    at = map_.doc.evaluate("(at) => map_provence.latLngToContainerPoint(at)", [lat, lon])
    map_.page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])


def adds_up(map_: Any) -> None:
    """Look that what the criteria of a cell add is its score."""
    adds = map_.locator("#siting-cell tbody tr td:last-child").all_inner_texts()
    total = map_.locator(".siting-score b").inner_text().split()[0]
    found = sum(float(one.replace(",", ".")) for one in adds)
    assert adds
    assert abs(found - float(total.replace(",", "."))) < 0.5, "what the criteria add is not the score"


def test_a_profile_is_opened_weighed_by_keyboard_and_restored_by_its_link(reader: Any) -> None:
    map_ = reader.open("panel=siting")
    ranked(map_)
    assert "siting=hydrogen&panel=siting" in map_.query
    expect(map_.locator("#card")).to_contain_text(reader.t("where.screening"))
    before, painted = map_.locator(".siting-ranking").inner_text(), map_.run(PAINTED)
    slider = map_.locator(".weight input").first
    slider.focus()
    map_.page.keyboard.press("End")
    expect(slider).to_be_focused()
    ranked(map_)
    assert "siting=hydrogen;port:5&panel=siting" in map_.query
    assert map_.locator(".siting-ranking").inner_text() != before
    assert map_.run(PAINTED) != painted
    assert map_.run(SMALL.replace("LEAST", "44" if reader.phone else "24")) == []
    after = map_.locator(".siting-ranking").inner_text()
    again = reader.open(map_.query.replace(f"lang={reader.language}&", ""))
    ranked(again)
    assert again.locator(".siting-ranking").inner_text() == after
    again.locator("#card .close").click()
    expect(again.locator("#card")).to_be_hidden()
    assert "siting" not in again.query
    assert again.run(PAINTED) == 0


def test_a_cell_is_explained_and_a_commune_of_the_ranking_opens(reader: Any) -> None:
    map_ = reader.open("layers=communes&siting=logistics&panel=siting")
    ranked(map_)
    # North of the middle, where no sheet lies over the map.
    map_.run("map_provence.setView([43.52, 5.68], 10, {animate: false})")
    for name, (lon, lat) in {"Jouques": (5.63, 43.64), "Peyrolles-en-Provence": (5.58, 43.64)}.items():
        press(map_, lon, lat)
        expect(map_.locator(".siting-score")).to_contain_text(name)
        adds_up(map_)
    press(map_, 5.86, 43.66)
    expect(map_.locator("#notices")).to_contain_text(reader.t("where.click_outside"))
    expect(map_.locator(".siting-score")).to_contain_text("Peyrolles-en-Provence")
    map_.run("map_provence.setView([43.52, 5.42], 12, {animate: false})")
    map_.locator("#siting-here").focus()
    map_.page.keyboard.press("Enter")
    expect(map_.locator(".siting-score")).to_contain_text("Aix-en-Provence")
    expect(map_.locator("#siting-here")).to_be_focused()
    adds_up(map_)
    files = [("#siting-csv", b"\xef\xbb\xbfkind,rank,id"), ("#siting-tif", b"II")]
    # One surface is enough: it takes seconds to make.
    for button, begins in files[:1] if reader.phone else files:
        with map_.page.expect_download(timeout=MADE_WITHIN_MS) as taken:
            map_.locator(button).click()
        assert Path(taken.value.path()).read_bytes().startswith(begins), button
    link = map_.locator(".siting-ranking .link").first
    name = link.inner_text()
    link.click()
    expect(map_.locator("#card-title")).to_contain_text(name)
    map_.locator("#card .close").click()
    expect(map_.locator("#card-title")).to_have_text(reader.t("where.title"))


def test_all_weights_zero_is_said_and_nothing_is_painted_as_a_score(reader: Any) -> None:
    zero = ",".join(f"{one['id']}:0" for one in siting.packed()["criteria"])
    map_ = reader.open(f"siting=hydrogen;{zero}&panel=siting")
    expect(map_.locator(".siting-zero")).to_have_text(reader.t("where.all_zero"), timeout=MADE_WITHIN_MS)
    expect(map_.locator("#card")).to_contain_text(reader.t("where.none_ranked"))


def test_an_unknown_profile_of_a_link_is_named_and_the_first_one_shown(reader: Any) -> None:
    map_ = reader.open("siting=casino;gold:3&panel=siting")
    ranked(map_)
    expect(map_.locator("#notices")).to_contain_text("siting=casino")
    assert "siting=hydrogen&panel=siting" in map_.query


def test_the_file_holds_the_criteria_only_when_asked(open_map: Any, tmp_path: Path) -> None:
    path = make_map(view=View(language="en"), siting={"pack": siting.packed()}).save(tmp_path / "map.html")
    map_ = open_map(f"{path.as_uri()}#siting=maritime&panel=siting", host="file")
    ranked(map_)
    assert map_.run(PAINTED) > 0
    expect(map_.locator("#siting-tif")).to_have_count(0)
    with map_.page.expect_download() as taken:
        map_.locator("#siting-csv").click()
    rows = list(csv.DictReader(Path(taken.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert [row["rank"] for row in rows] == [str(place) for place in range(1, 11)]
    assert [
        word
        for word in ("name", "score", "lon", "weights", "source", "source_retrieved", "licence")
        if not all(row[word] for row in rows)
    ] == []
    plain = make_map(view=View(language="en")).save(tmp_path / "plain.html")
    assert "sitingGrid = " not in plain.read_text(encoding="utf-8")
    without = open_map(f"{plain.as_uri()}#siting=maritime&panel=siting", host="file")
    expect(without.locator("#notices")).to_contain_text("siting=maritime")
    expect(without.locator("#card")).to_be_hidden()
