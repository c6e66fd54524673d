"""A text of the data that looks like HTML stays text, in every layer and wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from dashboards.cli import main
from layers import catalogue
from layers.catalogue import DATA_VARIABLE
from tests.poison import HOSTILE, poisoned_data

# Shows each feature, its card, its tooltip and its row, every other one in the other language, and tells what became
# of the text.
WALK = """async (layer) => {
  const frame = () => new Promise(requestAnimationFrame);
  const map = document.querySelector(".leaflet-container");
  let shown = 0;
  for (const [turn, language] of ["en", "fr"].entries()) {
    provence.apply(`lang=${language}&layers=communes,poles,industry,decarbonation,ports,stations,airports,places,perceptions`);
    for (const item of (provence.model.live.items[layer] || []).filter((_, i) => i % 2 === turn)) {
      provence.apply(`lang=${language}&layers=communes,poles,${layer}&select=${item.key}`);
      shown += document.getElementById("card").innerText.includes("<img") ? 1 : 0;
    }
    const box = map.getBoundingClientRect();
    for (const { x, y } of provence.onMap()) {
      map.dispatchEvent(new MouseEvent("mousemove", { bubbles: true, clientX: box.x + x, clientY: box.y + y }));
    }
    for (const button of document.querySelectorAll("#tree button.i, #tree .link")) button.click();
    await frame();
  }
  return shown;
}"""


@pytest.fixture(scope="module")
def hostile_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the map of data in which every table is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    poisoned_data(folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(folder / "data"))
        assert main(["map", "--out", str(folder / "map.html")]) == 0
    return folder / "map.html"


def assert_harmless(map_: Any) -> None:
    """Fail when the text became an element, or acted."""
    assert map_.run("window.hacked === undefined")
    assert map_.locator("img").count() == 0
    assert map_.locator("[onerror]").count() == 0


def test_html_in_any_text_of_a_layer_never_runs(hostile_file: Path, open_map: Callable[..., Any]) -> None:
    assert HOSTILE not in hostile_file.read_text(encoding="utf-8"), "the text stands in the document as HTML"
    map_ = open_map(hostile_file.as_uri(), host="file")
    assert_harmless(map_)
    for layer in sorted(catalogue.catalogue().layers):
        shown = map_.doc.evaluate(WALK, layer)
        features = map_.doc.evaluate("(layer) => provence.model.live.items[layer]?.length || 0", layer)
        assert shown >= features, f"some cards of {layer} did not show the text at all"
        assert_harmless(map_)
    map_.page.keyboard.press("Escape")
    map_.search("img onerror")
    expect(map_.locator("#found")).to_be_visible()
    assert_harmless(map_)
    map_.page.keyboard.press("Enter")
    map_.page.keyboard.press("Escape")
    map_.page.keyboard.press("Escape")
    map_.locator("#open-table").click()
    expect(map_.locator("#table")).to_be_visible()
    assert_harmless(map_)


def test_html_in_the_search_box_and_in_the_link_never_runs(map_file: Path, open_map: Callable[..., Any]) -> None:
    map_ = open_map(f"{map_file.as_uri()}#select=site:%3Cimg%20src=x%20onerror=window.hacked=1%3E", host="file")
    map_.search(HOSTILE)
    expect(map_.locator("#found")).to_contain_text(HOSTILE)
    assert_harmless(map_)
