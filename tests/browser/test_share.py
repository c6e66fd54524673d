"""Share: the link restores everything, anywhere; what it cannot restore it names (point 8)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

EVERYTHING = (
    "layers=poles,communes,industry,decarbonation&hidden=industry.other&bounds=4.8,43.35,5.2,43.55&year=2018"
    "&pole=martigues-fos&co2=1000..&select=site:arcelormittal-fos&compare=site:arcelormittal-fos&keep=commune:13039&table=-figure"
)


def test_a_link_restores_everything_and_comes_out_as_it_went_in(reader: Any) -> None:
    map_ = reader.open(f"theme=dark&{EVERYTHING}".replace("theme=dark&", ""))
    map_.still()
    assert map_.query.split("&bounds")[0] == f"lang={reader.language}&{EVERYTHING}".split("&bounds")[0]
    for part in EVERYTHING.split("&"):
        assert part.split("=")[0] in map_.query
    link = map_.page.url
    again = reader.open_(link)
    again.still()
    kept = re.sub(r"bounds=[^&]*", "", map_.query)
    assert re.sub(r"bounds=[^&]*", "", again.query) == kept
    assert again.symbols("site") == map_.symbols("site")


def test_the_link_is_copied_shown_as_a_code_and_as_a_frame(reader: Any) -> None:
    map_ = reader.open("select=commune:13039&keep=commune:13039")
    map_.locator(".share-button").click()
    link = map_.locator("#share-link").input_value()
    assert f"lang={reader.language}" in link
    assert "keep=commune:13039" in link
    assert "select=commune:13039" in link
    map_.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    map_.button(reader.t("share.copy"), "#card").click()
    expect(map_.locator("#notices")).to_contain_text(reader.t("share.copied"))
    assert map_.run("navigator.clipboard.readText()") == link
    code = map_.locator("#card img.qr")
    expect(code).to_be_visible()
    map_.doc.wait_for_function("() => document.querySelector('img.qr').naturalWidth > 0")
    frame = map_.locator("#share-embed").input_value()
    assert frame.startswith('<iframe src="http')
    assert link.replace("&", "&amp;") in frame


def test_back_and_forward_walk_through_what_was_opened(reader: Any) -> None:
    map_ = reader.open("select=commune:13039")
    map_.locator(".keep-button").click()
    expect(map_.card).to_have_text(reader.t("shortlist.title"))
    map_.page.wait_for_url(lambda url: "panel=shortlist" in url)
    map_.page.go_back()
    expect(map_.card).to_have_text("Fos-sur-Mer")
    map_.page.go_forward()
    expect(map_.card).to_have_text(reader.t("shortlist.title"))


@pytest.mark.parametrize(
    "broken", ["year=soon", "select=site:nowhere", "keep=site:nowhere", "pole=atlantis", "volcano=etna"]
)
def test_a_hand_broken_link_opens_the_rest_and_names_what_it_ignored(reader: Any, broken: str) -> None:
    if reader.phone and broken != "year=soon":
        pytest.skip("one broken link is enough on the phone")
    map_ = reader.open(f"{broken}&layers=communes,industry")
    notice = map_.locator("#notices")
    expect(notice).to_contain_text(reader.t("notice.ignored"))
    expect(notice).to_contain_text(broken)
    assert map_.symbols("site") == 121
    map_.button(reader.t("notice.close"), "#notices").or_(
        notice.get_by_role("button", name=reader.t("notice.close"))
    ).first.click()
    expect(notice).not_to_contain_text(broken)
