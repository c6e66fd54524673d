"""Layers over their budget, as a reader meets them: the same tree, key, click, card, search and table as the others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from layers import budget, editions, stories
from layers.web import beside, make_show
from tests.browser.conftest import PHONE
from tests.browser.test_drapes import INKED

ZONE = "zone:surfacti0000000000000000"
# Between the middle of its box and a corner, in px of the window.
AT = """(key) => {
  const [[[a, , c]]] = provence.model.live.byKey.get(key).geometry.coordinates;
  const { x, y } = map_provence.latLngToContainerPoint([(a[1] + c[1]) / 2, a[0] + (c[0] - a[0]) * 0.3]);
  const box = map_provence.getContainer().getBoundingClientRect();
  return [x + box.left, y + box.top];
}"""
DRAWN = "() => provence.waiting() === 0 && provence.model.live.items.zones.length === 12"


@pytest.fixture(scope="module")
def grown(start_server: Callable[..., Any], draped: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Serve an edition with SYNTHETIC areas and lines under a budget that they and the sites are over."""
    environment = {
        budget.VARIABLE: "0.001",
        beside.CACHE_VARIABLE: str(tmp_path_factory.mktemp("cache")),
        editions.DATA_VARIABLE: str(draped),
    }
    return start_server(**environment).url


def test_areas_come_as_tiles_and_answer_a_pointer_a_click_and_a_filter(
    grown: str, open_map: Callable[..., Any]
) -> None:
    map_ = open_map(f"{grown}?lang=en&layers=poles,communes,zones&select={ZONE}")
    map_.page.keyboard.press("Escape")
    map_.doc.wait_for_function(DRAWN)
    assert any(url.endswith(".pmtiles") for url in map_.watch.requests)
    map_.still()
    assert map_.doc.evaluate(INKED)[0] > 500
    expect(map_.locator("#key")).to_contain_text("Power station")
    map_.page.mouse.move(*map_.doc.evaluate(AT, ZONE))
    expect(map_.locator(".tip")).to_contain_text("Zone d'exemple 0")
    map_.page.mouse.click(*map_.doc.evaluate(AT, ZONE))
    expect(map_.card).to_have_text("Zone d'exemple 0")
    expect(map_.locator("#card")).to_contain_text("BD TOPO")
    map_.doc.evaluate("provence.apply('layers=zones&pole=la-ciotat-cassis&table=kind')")
    few = map_.locator("#table tbody tr").count()
    map_.doc.evaluate("provence.apply('layers=zones&table=kind')")
    expect(map_.locator("#table tbody tr")).to_have_count(12)
    assert few < 12


def test_what_nobody_has_fetched_is_counted_and_found_and_fetched_when_switched_on(
    grown: str, open_map: Callable[..., Any]
) -> None:
    map_ = open_map(f"{grown}?lang=en&layers=poles,communes")
    row = map_.locator("#tree li", has_text="Rail lines")
    expect(row.locator(".n")).to_have_text("6")
    # Poles add up the sites, shown or not.
    expect(map_.locator("#poles")).to_contain_text("Mt")
    assert map_.run("provence.model.live.items.rail.length") == 0
    row.locator("label").click()
    map_.doc.wait_for_function("() => provence.model.live.items.rail.length === 6 && provence.waiting() === 0")
    expect(map_.locator("canvas.drapes")).to_have_attribute("aria-label", "6 lines on the map")
    map_.search("friche d'exemple 3")
    map_.page.keyboard.press("Enter")
    expect(map_.card).to_have_text("Friche d'exemple 3")


def test_sites_stand_in_clusters_that_keys_open_and_their_cards_come_whole(
    grown: str, open_map: Callable[..., Any]
) -> None:
    map_ = open_map(f"{grown}?lang=fr&layers=industry", viewport=PHONE)
    map_.doc.wait_for_function("() => provence.model.live.items.industry.length === 121")
    assert (
        map_.symbols("site") + sum(int(key.split(":")[1]) for key in map_.on_map() if key.startswith("cluster:")) == 121
    )
    map_.doc.evaluate("provence.apply('layers=industry&lang=fr&select=site:arcelormittal-fos')")
    expect(map_.locator("#card")).to_contain_text("Registres")
    expect(map_.locator("#card")).not_to_contain_text("arrive")


def test_sites_that_do_not_come_are_said_to_be_missing_and_never_to_be_none(
    grown: str, open_map: Callable[..., Any]
) -> None:
    page = open_map(f"{grown}?lang=en&layers=industry").page
    page.route("**/beside/industry.*.json", lambda route: route.fulfill(body="cut off"))
    page.reload()
    doc = page.frame_locator("#map")
    expect(doc.locator("#notices")).to_contain_text("Industry: the layer did not come from the server")
    expect(doc.locator("#poles")).to_contain_text("Awaited")
    expect(doc.locator("#poles")).not_to_contain_text("None")
    expect(doc.locator("#timeline")).to_contain_text("not here yet")
    expect(doc.locator("#tree .none")).to_have_count(0)
    page.unroute("**/beside/industry.*.json")
    doc.get_by_role("button", name="Try again").click()
    expect(doc.locator("#timeline")).to_contain_text("39 sites")
    expect(doc.locator("#poles")).to_contain_text("Mt")


def test_a_show_has_its_sites_before_its_first_scene(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_map: Callable[..., Any]
) -> None:
    monkeypatch.setenv(budget.VARIABLE, "0.01")
    made = make_show([stories.read("hydrogen")])
    (tmp_path / "show.html").write_text(made.html, encoding="utf-8")
    map_ = open_map((tmp_path / "show.html").as_uri(), host="file")
    assert map_.doc.evaluate("provence.layers.industry.features.length") == 121
