"""Within everyone's reach: a thumb, the keys alone, a narrow screen, large text, no motion, a dark room (point 9)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import TimeoutError as TooLong
from playwright.sync_api import expect

LEAST_PX = {"phone": 44, "desktop": 24}
# Controls that are smaller than they must be: with the label that belongs to them, and what is drawn before them to
# widen them. Links within running text may be as high as its line.
SMALL = """(least) => [...document.querySelectorAll("button, summary, input, select, textarea, a[href], [role=option]")]
  .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest("[inert], .hidden, .skip"))
  .filter((node) => !node.matches(".skip, p a, .said a"))
  .map((node) => {
    const boxes = [node, ...(node.labels || [])].map((held) => held.getBoundingClientRect());
    const before = getComputedStyle(node, "::before");
    const [width, height] = [parseFloat(before.width), parseFloat(before.height)];
    if (before.position === "absolute") boxes.push({ width, height });
    const most = (side) => Math.max(...boxes.map((box) => box[side]));
    return { width: most("width"), height: most("height"), html: node.outerHTML.slice(0, 140) };
  })
  .filter(({ width, height }) => width > 0 && Math.min(width, height) < least - 0.5)
  .map(({ width, height, html }) => `${width.toFixed(0)} x ${height.toFixed(0)}: ${html}`)"""
VIEWS = (
    "", "select=site:arcelormittal-fos", "select=commune:13039", "select=pole:martigues-fos", "panel=compare",
    "compare=site:arcelormittal-fos,site:naphtachimie-lavera&panel=compare",
    "keep=site:arcelormittal-fos,commune:13039&panel=shortlist", "area=4.95,43.42,5", "siting=hydrogen&panel=siting",
    "table=name&pole=la-ciotat-cassis",
    "status=announced&co2=100000..", "status=operating&start=2034..&co2=99999999..&seveso=upper",
)  # fmt: skip
WIDER = "document.documentElement.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth"
# What is cut off at the right edge of the screen, other than inside something that scrolls sideways.
CUT = """[...document.querySelectorAll("button, input, select, h2, h3, p, dd, li")]
  .filter((node) => node.checkVisibility({ visibilityProperty: true }))
  .filter((node) => !node.closest(".hidden, .skip, .scroller, .scroll, #themes, #active, #map_provence, [inert]"))
  .map((node) => ({ node, box: node.getBoundingClientRect() }))
  .filter(({ box }) => box.width && (box.right > innerWidth + 1 || box.left < -1))
  .map(({ node }) => node.outerHTML.slice(0, 120))"""
FOCUSED = """(() => {
  const node = document.activeElement;
  const parts = ["skip", "header", "searchbox", "poles", "tabs", "tree", "foot", "controls", "key", "timeline"];
  const held = node.closest([...parts, "themes", "active", "map_provence"].map((id) => `#${id}`).join()) || node;
  return held.id || held.className || held.tagName;
})()"""
RUNNING = "document.getAnimations().filter((one) => one.playState === 'running').length"


def all_fits(map_: Any) -> None:
    """Give what measures itself the frame it needs, then look for what is too wide or cut off."""
    with suppress(TooLong):
        map_.doc.wait_for_function(f"() => !({WIDER}) && !({CUT}).length", timeout=10_000)
    assert not map_.run(WIDER), map_.query
    assert map_.run(CUT) == [], map_.query


def show_view(map_: Any, start: str, query: str) -> None:
    """Show a View of the same reader in place."""
    map_.doc.evaluate("(query) => provence.apply(query)", f"{start}&{query}")
    if "area=" in query:
        expect(map_.locator("#card .tiles")).to_be_visible()
    if "siting=" in query:
        # Its criteria are made when the first reader asks for them.
        expect(map_.locator(".siting-ranking tbody tr")).to_have_count(10, timeout=60_000)
        map_.run("document.querySelectorAll('#card details').forEach((node) => { node.open = true; })")
        map_.locator("#siting-here").click()


def test_nothing_to_press_is_smaller_than_a_finger_or_a_pointer_needs(reader: Any) -> None:
    map_ = reader.open()
    least, start, found = LEAST_PX[reader.device], map_.query, []
    for query in VIEWS:
        show_view(map_, start, query)
        found += [f"{query or 'as it opens'}: {one}" for one in map_.doc.evaluate(SMALL, least)]
    show_view(map_, start, "")
    if reader.phone:
        map_.locator("#open-years").tap()
        found += [f"years: {one}" for one in map_.doc.evaluate(SMALL, least)]
        map_.locator("#open-years").tap()
    map_.locator("#search").fill("arcelor")
    expect(map_.locator("#found [role=option]").first).to_be_visible()
    found += [f"search: {one}" for one in map_.doc.evaluate(SMALL, least)]
    map_.locator("#search").fill("")
    map_.page.keyboard.press("Escape")
    map_.page.keyboard.press("f")
    map_.run("document.querySelectorAll('#filters details').forEach((node) => { node.open = true; })")
    found += [f"filters: {one}" for one in map_.doc.evaluate(SMALL, least)]
    map_.locator("#tab-layers").click()
    map_.run("document.querySelectorAll('#tree button.fold[aria-expanded=false]').forEach((node) => node.click())")
    found += [f"layers: {one}" for one in map_.doc.evaluate(SMALL, least)]
    assert found == [], "\n".join(found)


def test_the_keys_alone_reach_everything_and_come_back(reader: Any) -> None:
    map_ = reader.open("status=announced")
    keyboard, reached = map_.page.keyboard, []
    for _ in range(120):
        keyboard.press("Tab")
        reached.append(map_.run(FOCUSED))
        if map_.page.evaluate("document.activeElement.id") != "map":
            break
    there = {"skip", "header", "searchbox", "map_provence", "active", "controls"}
    there |= {"themes", "key"} if reader.phone else {"poles", "tabs", "tree", "foot", "timeline"}
    assert there <= set(reached), f"not reached: {there - set(reached)}"


def test_the_drawer_takes_the_focus_and_gives_it_back(reader: Any) -> None:
    map_ = reader.open()
    keyboard = map_.page.keyboard
    for opener, close in ((".share-button", "Escape"), (".keep-button", "Escape"), ("#open-around", "Enter")):
        map_.locator(opener).focus()
        keyboard.press("Enter")
        expect(map_.card).to_be_focused()
        if close == "Enter":
            map_.locator("#card .close").focus()
        keyboard.press(close)
        expect(map_.locator("#card")).to_be_hidden()
        expect(map_.locator(opener)).to_be_focused()
    map_.locator(".leaflet-container").focus()
    keyboard.press("n")
    expect(map_.card).to_be_focused()
    keyboard.press("Escape")
    expect(map_.locator(".leaflet-container")).to_be_focused()


def test_a_layer_is_switched_and_a_year_set_by_keys(reader: Any) -> None:
    map_ = reader.open()
    keyboard = map_.page.keyboard
    keyboard.press("l")
    box = map_.locator("#tree input").first
    box.focus()
    keyboard.press("Space")
    assert "hidden=industry." in map_.query
    map_.locator("#tab-layers").focus()
    keyboard.press("ArrowRight")
    expect(map_.locator("#tab-filters")).to_be_focused()
    expect(map_.locator("#filters")).to_be_visible()
    if reader.phone:
        keyboard.press("Escape")
        map_.locator("#open-years").focus()
        keyboard.press("Enter")
    map_.locator("#timeline input.years").focus()
    keyboard.press("ArrowRight")
    assert "year=2023" in map_.query


def test_what_a_sheet_covers_takes_no_focus_and_gets_it_back(reader: Any) -> None:
    if not reader.phone:
        pytest.skip("there are no sheets on a wide screen")
    map_ = reader.open()
    layers = map_.locator("#controls .phone button").first
    layers.focus()
    map_.page.keyboard.press("Enter")
    expect(map_.locator("#close-panel")).to_be_focused()
    assert map_.run("document.getElementById('stage').inert")
    map_.page.keyboard.press("Escape")
    expect(layers).to_be_focused()
    assert not map_.run("document.getElementById('stage').inert")
    map_.page.keyboard.press("t")
    expect(map_.locator("#table-title")).to_be_focused()
    assert map_.run("document.getElementById('map_provence').inert && !document.getElementById('table').inert")
    map_.page.keyboard.press("Escape")
    assert not map_.run("document.getElementById('map_provence').inert")


def test_nothing_moves_by_itself_for_who_asks_for_no_motion(reader: Any) -> None:
    map_ = reader.open("year=2029")
    if reader.phone:
        map_.locator("#open-years").tap()
    map_.button(reader.t("time.step"), "#timeline").click()
    assert "year=2030" in map_.query
    map_.search("arcelormittal")
    map_.page.keyboard.press("Enter")
    expect(map_.card).to_be_visible()
    frame = map_.frame
    assert map_.run(RUNNING) == 0
    map_.page.wait_for_timeout(900)
    assert map_.frame == frame, "the map is where it was sent to at once"
    assert "year=2030" in map_.query


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("large", [False, True], ids=["320px", "200percent"])
def test_nothing_is_wider_than_a_narrow_screen_or_cut_off_in_large_text(
    show: Callable, language: str, large: bool
) -> None:
    width = 640 if large else 320
    map_ = show(f"lang={language}", viewport={"width": width, "height": 720}, has_touch=True)
    if large:
        map_.run("(document.documentElement.style.zoom = '2', dispatchEvent(new Event('resize')))")
    start = map_.query
    for query in VIEWS:
        if map_.host == "file" and ("area=" in query or "siting=" in query):
            continue
        show_view(map_, start, query)
        all_fits(map_)
    show_view(map_, start, "")
    map_.page.keyboard.press("f")
    all_fits(map_)


def test_the_theme_is_the_one_the_screen_asks_for(reader: Any) -> None:
    map_ = reader.open()
    surface = "getComputedStyle(document.getElementById('header')).backgroundColor"
    light = map_.run(surface)
    map_.page.emulate_media(color_scheme="dark")
    expect(map_.locator("html")).to_have_attribute("data-theme", "dark")
    expect(map_.page.locator("html")).to_have_attribute("data-theme", "dark")
    assert map_.run(surface) != light
    assert "theme=" not in map_.query


def test_a_sheet_stops_where_buttons_or_a_finger_leave_it_and_the_map_stays(reader: Any) -> None:
    if not reader.phone:
        pytest.skip("a card is no sheet on a wide screen")
    map_ = reader.open("select=site:arcelormittal-fos")
    card = map_.locator("#card")
    for name, stop in (("larger", "full"), ("smaller", "half"), ("smaller", "peek"), ("larger", "half")):
        map_.button(reader.t(f"card.{name}"), "#card").tap()
        expect(card).to_have_attribute("data-stop", stop)
    map_.still()
    frame = map_.frame
    for to, stop in ((90, "full"), (430, "half"), (800, "peek"), (420, "half")):
        drag_grip(map_, to)
        expect(card).to_have_attribute("data-stop", stop)
    map_.still()
    assert map_.frame == pytest.approx(frame, abs=1e-6)


def drag_grip(map_: Any, to: float) -> None:
    """Drag the grip of the sheet with a finger to a height of the page, in px from the top."""
    map_.run("Promise.all(document.getElementById('card').getAnimations().map((one) => one.finished))")
    box = map_.locator("#card .grip .bar").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = map_.page.context.new_cdp_session(map_.page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 6):
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": "touchMove", "touchPoints": [{"x": x, "y": y + (to - y) * step / 5}]},
        )
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    touch.detach()


def test_a_map_that_does_not_come_says_so_and_can_be_asked_for_again(server: Any, browser: Any) -> None:
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    page.route("**/map/*.html", lambda route: route.abort())
    page.goto(server.url)
    opening = page.locator("#opening")
    expect(opening).to_contain_text("La carte n’est pas venue")
    page.unroute("**/map/*.html")
    opening.get_by_role("button", name="Réessayer").click()
    expect(page.locator("#map").content_frame.locator("html")).to_have_attribute("data-painted", "true")
    expect(opening).to_be_hidden()
    context.close()
