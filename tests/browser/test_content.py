"""What the map shows when it opens, with the network cut, in both its hosts, languages and themes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

LIVE = "Object.fromEntries(Object.entries(provence.model.live.items).map(([layer, items]) => [layer, items.length]))"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_whole_territory_is_there_with_the_network_cut(show: Callable, language: str) -> None:
    # The fixture fails for any request that leaves the machine and for any error on the console.
    map_ = show(f"lang={language}")
    held = map_.run(LIVE)
    assert (held["communes"], held["poles"], held["industry"], held["decarbonation"]) == (92, 3, 121, 60)
    assert map_.locator("path.commune").count() == 92
    assert map_.locator("path.pole-line").count() == 3
    assert map_.symbols("site") == 121
    assert map_.symbols("project") == 60
    assert map_.locator("html").get_attribute("lang") == language


def test_what_is_asked_for_comes_from_the_host_alone(show: Callable) -> None:
    map_ = show()
    assert map_.watch.requests
    assert map_.watch.foreign == []
    if map_.host == "file":
        assert [url for url in map_.watch.requests if not url.startswith("data:")] == [map_.page.url]


@pytest.mark.parametrize(("locale", "language"), [("fr-FR", "fr"), ("en-GB", "en"), ("de-DE", "en")])
def test_the_language_is_the_readers_own_where_the_link_names_none(show: Callable, locale: str, language: str) -> None:
    map_ = show(locale=locale)
    expect(map_.locator("html")).to_have_attribute("lang", language)
    assert map_.page.evaluate("document.documentElement.lang") == language


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_is_the_systems_own_until_chosen(show: Callable, scheme: str) -> None:
    map_ = show(color_scheme=scheme)
    other = "light" if scheme == "dark" else "dark"
    expect(map_.locator("html")).to_have_attribute("data-theme", scheme)
    map_.button(f"{other.capitalize()} theme").click()
    expect(map_.locator("html")).to_have_attribute("data-theme", other)
    assert map_.address == f"theme={other}"


def test_the_theme_changes_the_colours(show: Callable) -> None:
    colours = {
        show(f"theme={theme}").run("getComputedStyle(document.querySelector('#header')).backgroundColor")
        for theme in ("light", "dark")
    }
    assert len(colours) == 2


def test_changing_the_language_keeps_the_map_where_it_is(show: Callable) -> None:
    map_ = show()
    map_.run("window.sameDocument = true")
    map_.button("Zoom in").click()
    map_.still()
    before = map_.frame
    map_.button("FR – Français").click()
    expect(map_.locator("html")).to_have_attribute("lang", "fr")
    expect(map_.button("Toute la métropole")).to_be_visible()
    expect(map_.page).to_have_title("Explorer – Provence Map")
    assert map_.frame == before
    assert map_.run("window.sameDocument"), "the document was loaded again"


def test_the_title_and_the_name_of_the_frame_are_said_for_screen_readers(show: Callable) -> None:
    map_ = show()
    expect(map_.page).to_have_title("Explore – Provence Map")
    if map_.host == "page":
        assert (map_.page.locator("#map").get_attribute("title") or "").startswith("Map of the Aix-Marseille")
    assert map_.locator("#provence, .folium-map").first.get_attribute("aria-label")
