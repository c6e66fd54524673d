"""Everyone: axe-core finds nothing on any state of Explore, in each language, on each device (point 9)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

AXE = Path(__file__).resolve().parents[1] / "web" / "node_modules" / "axe-core" / "axe.min.js"
BAD = ("moderate", "serious", "critical")
# What a part alone cannot tell: landmarks and headings are asked of whole documents only.
LOOK = """async ([part, bad]) => {
  const told = await axe.run(part ? { include: [[part]] } : document, { resultTypes: ["violations"] });
  return told.violations.filter(({ impact }) => bad.includes(impact)).flatMap(({ id, impact, nodes }) =>
    nodes.map((node) => `${id} (${impact}): ${node.html.slice(0, 160)} ${node.any[0]?.message || ""}`));
}"""
THEME = {("en", "desktop"): "light", ("en", "phone"): "dark", ("fr", "desktop"): "dark", ("fr", "phone"): "light"}
KEPT = "keep=site:arcelormittal-fos,commune:13039,site:naphtachimie-lavera"
NARROWED = "status=announced&co2=100000..&start=..2030"
# A View of each state that a link can lead to, and the part of the document that it changes.
VIEWS: dict[str, tuple[str, str]] = {
    "a site": ("select=site:arcelormittal-fos", "#card"),
    "a project": ("select=project:{project}", "#card"),
    "a commune": ("select=commune:13039", "#card"),
    "a place": ("select=place:{place}&layers=places", "#card"),
    "a perception": ("select=perception:{perception}&layers=perceptions", "#card"),
    "a pole": ("select=pole:martigues-fos", "#card"),
    "poles compared": ("panel=compare", "#card"),
    "sites compared": ("compare=site:arcelormittal-fos,site:naphtachimie-lavera&panel=compare", "#card"),
    "communes compared": ("compare=commune:13039,commune:13056&panel=compare", "#card"),
    "an empty shortlist": ("panel=shortlist", "#card"),
    "a shortlist": (f"{KEPT}&panel=shortlist", ""),
    "where exactly": ("siting=hydrogen&panel=siting", "#card"),
    "an announced year": ("year=2030", "#timeline"),
    "nothing left": ("status=operating&start=2034..&co2=99999999..&seveso=upper", "#stage"),
    "a table": ("table=-figure&pole=la-ciotat-cassis", "#table"),
}


@cache
def axe() -> str:
    """Read axe-core; skip the test where it is not installed, fail in CI."""
    if AXE.exists():
        return AXE.read_text(encoding="utf-8")
    reason = "no axe-core in tests/web/node_modules: install it with `npm ci --prefix tests/web`"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def links(map_: Any) -> Iterator[tuple[str, str]]:
    """Lead through the states that a View holds."""
    start = map_.query
    ids = {kind: map_.run(f"provence.model.live.items.{layer}[0].id") for kind, layer in (
        ("project", "decarbonation"), ("place", "places"), ("perception", "perceptions"))}  # fmt: skip
    for name, (query, part) in VIEWS.items():
        map_.doc.evaluate("(query) => provence.apply(query)", f"{start}&{query.format(**ids)}")
        if "siting=" in query:
            # Its criteria are made when the first reader asks for them.
            expect(map_.locator(".siting-ranking tbody tr")).to_have_count(10, timeout=60_000)
            map_.run("document.querySelectorAll('#card details').forEach((node) => { node.open = true; })")
            map_.locator("#siting-here").click()
        yield name, part
    map_.doc.evaluate("(query) => provence.apply(query)", start)


def panels(reader: Any, map_: Any) -> Iterator[tuple[str, str]]:
    """Lead through the panel: filters open and set, what a layer is."""
    map_.page.keyboard.press("f")
    expect(map_.locator("#tab-filters")).to_be_focused()
    map_.run("document.querySelectorAll('#filters details').forEach((node) => { node.open = true; })")
    yield "filters open", "#panel"
    map_.doc.evaluate("(query) => provence.apply(query)", f"{map_.query}&{NARROWED}")
    expect(map_.locator("#filters-n")).to_have_text("3")
    yield "filters set", "#panel"
    map_.locator("#tab-layers").click()
    yield "layers", "#panel"
    map_.locator("#tree .i").first.click()
    if reader.phone:
        map_.locator("#close-panel").click()
    yield "filters over the map", "#stage"
    yield "about a layer", "#card"
    map_.page.keyboard.press("Escape")


def around(reader: Any, map_: Any) -> Iterator[tuple[str, str]]:
    """Lead through the area: choosing, being measured, measured, refused."""
    map_.locator("#open-around").click()
    expect(map_.card).to_have_text(reader.t("around.title"))
    for mode in ("polygon", "typed", "circle"):
        map_.locator(f"#mode-{mode}").click()
        yield f"choosing an area, {mode}", "#card"
    held: list[Any] = []
    map_.page.route("**/around.json*", lambda route: held.append(route))
    map_.locator("#card").get_by_role("button", name=reader.t("around.centre")).click()
    expect(map_.locator("#card .skeleton")).to_be_visible()
    yield "an area being measured", "#card"
    held[0].continue_()
    expect(map_.locator("#card .tiles")).to_be_visible()
    yield "an area measured", "#card"
    map_.page.unroute("**/around.json*")
    map_.page.route("**/around.json*", lambda route: route.abort())
    map_.page.keyboard.press("]")
    map_.page.keyboard.press("[")
    map_.doc.evaluate("(query) => provence.apply(query)", f"{map_.query.split('&area')[0]}&area=5.1,43.4,2")
    expect(map_.locator("#card [role=alert]")).to_be_visible()
    yield "an area refused", "#card"
    map_.page.unroute("**/around.json*")
    map_.watch.errors.clear()
    map_.page.keyboard.press("Escape")


def small(reader: Any, map_: Any) -> Iterator[tuple[str, str]]:
    """Lead through what is no part of a View: search, share, keys, the network gone."""
    for words, found in (("arcelor", "#found [role=option]"), ("zzqqx", "#found .empty")):
        map_.locator("#search").fill(words)
        map_.locator("#search").focus()
        expect(map_.locator(found).first).to_be_visible()
        yield f"search for {words}", "#searchbox"
    map_.locator("#search").fill("")
    map_.page.keyboard.press("Escape")
    map_.locator(".share-button").click()
    expect(map_.locator("#share-link")).to_be_visible()
    yield "share", "#card"
    map_.page.keyboard.press("Escape")
    map_.locator(".leaflet-container").focus()
    map_.page.keyboard.press("?")
    expect(map_.card).to_have_text(reader.t("keys.title"))
    yield "keys", "#card"
    map_.page.keyboard.press("Escape")
    map_.page.context.set_offline(True)
    expect(map_.locator("#notices")).to_contain_text(reader.t("notice.offline"))
    yield "offline", "#notices"
    map_.page.context.set_offline(False)
    expect(map_.locator("#notices")).not_to_contain_text(reader.t("notice.offline"))


def walk(reader: Any, map_: Any) -> Iterator[tuple[str, str]]:
    """Lead through every state of the page: its name, and the part it changed ("" is the whole document)."""
    yield "a broken link", ""
    map_.button(reader.t("notice.close"), "#notices").click()
    map_.doc.evaluate("(query) => provence.apply(query)", map_.query)
    yield "as it opens", ""
    yield from links(map_)
    yield from panels(reader, map_)
    yield from around(reader, map_)
    yield from small(reader, map_)


def test_axe_finds_nothing_on_any_state(reader: Any) -> None:
    source = axe()
    theme = THEME[reader.language, reader.device]
    map_ = reader.open(f"theme={theme}&layers=nonsense")
    for place in (map_.page, map_.doc):
        place.evaluate(source)
    found = {"the page around": map_.page.evaluate(LOOK, ["", BAD])}
    for name, part in walk(reader, map_):
        found[name] = map_.doc.evaluate(LOOK, [part, BAD])
    assert len(found) > 30
    told = "\n".join(f"{name}: {one}" for name, all_ in found.items() for one in all_)
    assert told == "", f"axe-core found:\n{told}"
