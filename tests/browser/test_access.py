"""The map without a pointer and without sight."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

NAMELESS = """[...document.querySelectorAll("button, a[href], input, [role=button], [role=switch], [role=option]")]
  .filter((node) => node.checkVisibility())
  .filter((node) => ![node, ...(node.labels || [])].some((held) => held.ariaLabel || held.textContent.trim()))
  .map((node) => node.outerHTML.slice(0, 120))"""
TWICE = """[...document.querySelectorAll("[id]")].map((node) => node.id)
  .filter((id, i, all) => all.indexOf(id) !== i)"""
LOST = """["aria-controls", "aria-labelledby", "aria-activedescendant"]
  .flatMap((name) => [...document.querySelectorAll(`[${name}]`)].map((node) => node.getAttribute(name)))
  .filter((id) => !document.getElementById(id))"""
FOCUS = """(() => {
  const node = document.activeElement;
  // A checkbox is drawn by the box beside it, the search field by what holds it.
  const drawn = node.type === "checkbox" ? node.nextElementSibling : node.closest("#searchbox") || node;
  const style = getComputedStyle(drawn);
  const said = `${[...document.querySelectorAll("*")].indexOf(node)} ${node.outerHTML.slice(0, 100)}`;
  return [said, style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2];
})()"""


def test_the_first_tab_stop_leads_to_the_map_and_the_second_to_the_table(show: Callable) -> None:
    map_ = show()
    map_.page.keyboard.press("Tab")
    expect(map_.locator("#skip")).to_be_focused()
    expect(map_.locator("#skip")).to_be_in_viewport()
    map_.page.keyboard.press("Enter")
    expect(map_.locator(".leaflet-container")).to_be_focused()
    map_.locator("#skip").focus()
    map_.page.keyboard.press("Tab")
    expect(map_.locator("#skip-table")).to_be_focused()
    map_.page.keyboard.press("Enter")
    expect(map_.locator("#table-title")).to_be_focused()


def test_the_focus_is_always_seen(show: Callable) -> None:
    map_ = show()
    seen = []
    for _ in range(25):
        map_.page.keyboard.press("Tab")
        name, visible = map_.run(FOCUS)
        seen.append(name)
        assert visible, f"the focus cannot be seen on {name}"
    assert len(set(seen)) == 25


def test_every_control_has_a_name_and_every_reference_an_end(show: Callable) -> None:
    map_ = show("select=site:arcelormittal-fos")
    map_.page.keyboard.press("t")
    expect(map_.locator("#table")).to_be_visible()
    map_.run("document.querySelectorAll('#tree button.fold[aria-expanded=false]').forEach((fold) => fold.click())")
    assert map_.run(NAMELESS) == []
    assert map_.run(TWICE) == []
    assert map_.run(LOST) == []


def test_keys_move_the_map_itself(show: Callable) -> None:
    map_ = show("bounds=5,43.3,5.2,43.45")
    before = map_.frame
    map_.locator(".leaflet-container").focus()
    map_.page.keyboard.press("ArrowRight")
    map_.still()
    assert map_.frame[0] > before[0]
    map_.page.keyboard.press("+")
    map_.still()
    assert map_.frame[2] > before[2]
