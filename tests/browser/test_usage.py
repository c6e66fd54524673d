"""Counting as it runs: a page opened, what it showed, and what the host’s file holds once the server stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from dashboards import usage
from layers.text import text
from tests.browser.conftest import PHONE


def test_what_people_look_at_is_counted_told_to_them_and_kept(
    start_server: Callable[..., Any], open_map: Callable[..., Any], tmp_path: Path
) -> None:
    server = start_server("--usage", str(tmp_path))
    map_ = open_map(f"{server.url}?layers=poles,industry&lang=fr", viewport=PHONE)
    page = map_.page.context.new_page()

    def counted(kind: str, name: str) -> int:
        rows = usage.Store(tmp_path / usage.FILE).rows(usage.today(), usage.today())
        return sum(row.n for row in rows if (row.kind, row.name) == (kind, name))

    # The server writes every few seconds: the page waits with us.
    for _ in range(200):
        if counted("page", "explore"):
            break
        map_.page.wait_for_timeout(100)
    page.goto(f"{server.url}usage?lang=fr")
    expect(page.get_by_role("heading", name=text("usage.kind_layer", "fr"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    map_.run("document.querySelector('#foot button:nth-of-type(2)').click()")
    expect(map_.locator("#counted")).to_contain_text(text("usage.what", "fr"))
    assert map_.page.context.cookies() == []
    server.stop()
    found = {key: counted(*key) for key in [("page", "explore"), ("width", "narrow"), ("layer", "industry"),
                                            ("layer", "ports"), ("language", "fr"), ("language", "en")]}  # fmt: skip
    assert list(found.values()) == [1, 1, 1, 0, 1, 0]
