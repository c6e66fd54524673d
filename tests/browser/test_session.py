"""The page and its Python session: few bytes, both ways, and a map that outlives the server."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

MOST_BYTES_A_TOGGLE = 1000
LISTENS = "() => window.Bokeh?.documents.length && Bokeh.documents[0].is_idle"


def exchange(map_: Any, act: Callable[[], None]) -> tuple[str, int]:
    """Do something and wait for the answer of the session: what was sent, and the bytes both ways."""
    map_.page.wait_for_function(LISTENS)
    sent, received = len(map_.watch.sent), len(map_.watch.received)
    act()
    for _ in range(200):
        told = "".join(map(str, map_.watch.sent[sent:]))
        if "ModelChanged" in told and len(map_.watch.received) >= received + 3:
            break
        map_.page.evaluate("new Promise(requestAnimationFrame)")
    frames = map_.watch.sent[sent:] + map_.watch.received[received:]
    return told, sum(len(frame) for frame in frames)


def test_a_toggle_costs_under_a_kilobyte_and_reaches_the_session(server: Any, open_map: Callable) -> None:
    map_ = open_map(server.url)
    switch = map_.locator("#tree").get_by_role("switch", name="Show Industry")
    told, size = exchange(map_, switch.click)
    assert '"attr":"query","new":"layers=poles,communes,decarbonation,ports,stations,airports"' in told
    assert 0 < size < MOST_BYTES_A_TOGGLE


def test_the_session_hears_the_link_the_page_was_opened_with(server: Any, open_map: Callable) -> None:
    map_ = open_map(f"{server.url}?layers=no-layer-of-ours")
    map_.page.wait_for_function(LISTENS)
    expected = "parts of a link were ignored (1)"
    for _ in range(200):
        if expected in server.log.read_text(encoding="utf-8"):
            break
        map_.page.evaluate("new Promise(requestAnimationFrame)")
    said = server.log.read_text(encoding="utf-8")
    assert expected in said
    assert "no-layer-of-ours" not in said


def test_the_document_is_fetched_once_whatever_is_done_with_it(server: Any, open_map: Callable) -> None:
    map_ = open_map(server.url)
    for name in ("FR – Français", "Thème sombre"):
        map_.button(name).click()
    map_.locator("#tree [role=switch]").first.click()
    expect(map_.locator("html")).to_have_attribute("data-theme", "dark")
    assert len([url for url in map_.watch.requests if re.search(r"/map/\w+\.html", url)]) == 1


def test_a_server_that_stops_leaves_the_map_usable(start_server: Callable, open_map: Callable) -> None:
    server = start_server()
    map_ = open_map(server.url)
    map_.page.wait_for_function(LISTENS)
    server.stop()
    map_.locator("#tree").get_by_role("switch", name="Show Industry").click()
    assert map_.symbols("site") == 0
    map_.search("cassis")
    map_.page.keyboard.press("Enter")
    expect(map_.card).to_contain_text("Cassis")
    map_.button("FR – Français").click()
    expect(map_.locator("html")).to_have_attribute("lang", "fr")
    # Closed first, or the next try to connect would be reported after these lines.
    map_.page.close()
    # The browser itself reports the lost connection; anything else is an error of ours.
    lost = re.compile(r"WebSocket|ERR_CONNECTION|not connected|connect")
    map_.watch.errors[:] = [error for error in map_.watch.errors if not lost.search(error)]


def test_without_a_script_the_page_says_what_it_needs(server: Any, map_file: Any, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for url in (server.url, map_file.as_uri()):
        page.goto(url)
        expect(page.locator("noscript p")).to_contain_text("JavaScript")
    context.close()


@pytest.mark.parametrize("address", ["map/0000000000000000.html"])
def test_an_old_address_of_the_document_leads_to_the_present_one(server: Any, open_map: Callable, address: str) -> None:
    map_ = open_map(server.url + address, host="file")
    assert map_.symbols("site") == 121
    assert re.search(r"/map/\w{16}\.html$", map_.page.url)
