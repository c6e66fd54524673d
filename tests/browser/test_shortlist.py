"""Compare and shortlist: three on one grid, a list that travels in the link, a brief for the board (point 5)."""

from __future__ import annotations

from typing import Any

import pypdf
from playwright.sync_api import expect

KEEP = "keep=site:arcelormittal-fos,commune:13039,site:naphtachimie-lavera"


def test_what_is_saved_travels_in_the_link_and_keeps_its_order(reader: Any) -> None:
    map_ = reader.open("select=site:arcelormittal-fos")
    map_.button(reader.t("read.keep"), "#card").click()
    assert "keep=site:arcelormittal-fos" in map_.query
    map_.search("fos-sur-mer")
    map_.locator("#found .option", has_text=reader.t("pole.profile")).or_(
        map_.locator("#found [id^=found-]", has_text="13039")
    ).first.click()
    map_.button(reader.t("read.keep"), "#card").click()
    map_.locator(".keep-button").click()
    expect(map_.locator(".kept li")).to_have_count(2)
    map_.locator(".kept li").nth(1).get_by_role("button", name=reader.t("shortlist.up", name="Fos-sur-Mer")).click()
    assert "keep=commune:13039,site:arcelormittal-fos" in map_.query
    again = reader.open_(map_.page.url, viewport={"width": 1000, "height": 800})
    expect(again.locator(".kept li").first).to_contain_text("Fos-sur-Mer")


def test_up_to_three_sites_stand_on_one_grid(reader: Any) -> None:
    map_ = reader.open("compare=site:arcelormittal-fos,site:naphtachimie-lavera&panel=compare")
    heads = map_.locator("#card thead th[scope=col]")
    expect(heads.filter(has_text="ArcelorMittal")).to_have_count(1)
    expect(heads.filter(has_text="Naphtachimie")).to_have_count(1)
    assert not map_.run("document.documentElement.scrollWidth > innerWidth")
    expect(map_.locator("#card tbody")).to_contain_text("6.45" if reader.language == "en" else "6,45")


def test_the_brief_of_a_shortlist_is_two_pages_in_the_readers_language(reader: Any) -> None:
    map_ = reader.open(f"{KEEP}&panel=shortlist")
    with map_.page.expect_download(timeout=90_000) as told:
        map_.locator("#make-brief").click()
    brief = pypdf.PdfReader(told.value.path())
    assert len(brief.pages) == 2
    words = " ".join(page.extract_text() for page in brief.pages)
    assert "ArcelorMittal" in words
    assert ("6.45" if reader.language == "en" else "6,45") in words
    assert ("Sources") in words


def test_a_brief_that_cannot_be_made_says_so_and_the_map_goes_on(reader: Any) -> None:
    map_ = reader.open(f"{KEEP}&panel=shortlist")
    map_.page.route("**/brief.pdf*", lambda route: route.abort())
    map_.locator("#make-brief").click()
    expect(map_.locator("#card [role=alert]")).to_contain_text(reader.t("server.silent"))
    map_.watch.errors.clear()
    map_.locator(".kept .item").first.click()
    expect(map_.card).to_contain_text("ArcelorMittal")
