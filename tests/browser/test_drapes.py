"""Areas and lines over the land: on the map where an edition has them, told where a link asks for them in vain."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from geo import vector
from layers import editions
from layers.text import text
from layers.view import DRAPES
from layers.web import make_map

HOSTILE = "<img src=x onerror=window.hacked=1>"
ALL = f"layers=poles,communes,{','.join(DRAPES)}"
# Where a feature lies, in px of the window: between middle and corner of an area, a third of the way along a line.
AT = """(key) => {
  const { geometry } = provence.model.live.byKey.get(key);
  const area = geometry.type === "MultiPolygon";
  const line = area ? geometry.coordinates[0][0].slice(0, -1) : geometry.coordinates[0];
  const middle = [0, 1].map((i) => line.reduce((sum, p) => sum + p[i], 0) / line.length);
  const corner = line[Math.floor(line.length / 4)];
  const [from, to, share] = area ? [middle, corner, 0.6] : [line[0], line[line.length - 1], 0.33];
  const [lon, lat] = [0, 1].map((i) => from[i] + (to[i] - from[i]) * share);
  const { x, y } = map_provence.latLngToContainerPoint([lat, lon]);
  const box = map_provence.getContainer().getBoundingClientRect();
  return [x + box.left, y + box.top];
}"""
# Pixels of the canvases that are not empty.
INKED = """() => [...document.querySelectorAll("canvas.drapes")].map((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let n = 0;
  for (let i = 3; i < data.length; i += 4) n += data[i] > 0;
  return n;
})"""


@pytest.fixture(scope="module")
def draped_file(draped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the map of an edition with SYNTHETIC areas and lines to one file."""
    with editions.using(draped):
        return make_map().save(tmp_path_factory.mktemp("file") / "draped.html")


@pytest.fixture
def show_draped(draped_file: Path, open_map: Callable[..., Any]) -> Callable[..., Any]:
    """Open a View of that map."""
    return lambda query="", **options: open_map(f"{draped_file.as_uri()}#{query}", host="file", **options)


def press(map_: Any, key: str) -> None:
    """Click where a feature lies."""
    map_.page.mouse.click(*map_.doc.evaluate(AT, key))


def test_a_row_of_the_tree_lays_a_layer_over_the_land_and_its_key_beside_it(show_draped: Callable[..., Any]) -> None:
    map_ = show_draped()
    assert map_.locator("canvas.drapes").count() == 0
    row = map_.locator("#tree").get_by_role("checkbox", name="Rail lines")
    expect(row).not_to_be_checked()
    row.locator("..").click()
    expect(map_.locator("canvas.drapes")).to_have_count(1)
    map_.page.wait_for_timeout(300)
    assert map_.doc.evaluate(INKED)[0] > 500
    expect(map_.locator("canvas.drapes")).to_have_attribute("aria-label", "6 lines on the map")
    expect(map_.locator("#key")).to_contain_text("Service track")
    expect(map_.locator("#key")).to_contain_text("Rail not in service")
    assert "rail" in map_.query
    row.locator("..").click()
    expect(map_.locator("canvas.drapes")).to_have_count(0)


@pytest.mark.parametrize(
    ("key", "language", "said"),
    [
        (
            "zone:surfacti0000000000000002",
            "en",
            ["Plant", "102 ha", "Official words", "IGN", "BD TOPO", "24 November 2026"],
        ),
        ("brownfield:13055-00001", "fr", ["Friche avec projet", "2,5\u00a0ha", "non renseigné", "Cartofriches"]),
        (
            "protected:park-buffer-fr0000005",
            "en",
            ["National park, adhesion or sea area", "905 ha", "FR0000005", "PatriNat", "not stated by the service"],
        ),
        ("rail:tronferr0000000000000001", "fr", ["Voie principale", "Voyageurs et fret", "Électrifiée", "En service"]),
        ("power:ligneele0000000000000001", "en", ["Power line · 225\u00a0kV", "Gestionnaire exemple", "In service"]),
    ],
)
def test_a_click_opens_the_card_with_its_sources_lettered(
    key: str, language: str, said: list[str], show_draped: Callable[..., Any]
) -> None:
    map_ = show_draped(f"{ALL}&lang={language}&select={key}")
    map_.page.keyboard.press("Escape")
    expect(map_.locator("#card")).to_be_hidden()
    press(map_, key)
    card = map_.locator("#card")
    expect(card).to_be_visible()
    assert f"select={key}" in map_.query
    for words in said:
        expect(card).to_contain_text(words)
    expect(card.locator("sup.cite button").first).to_have_attribute("data-cite", "a")
    expect(card.locator(".src li").first).to_contain_text("a")
    to_confirm = text("say.to_confirm", language)  # type: ignore[arg-type]
    expect(card.locator("dl")).not_to_contain_text(to_confirm)


def test_what_lies_under_a_point_comes_one_after_the_other(show_draped: Callable[..., Any]) -> None:
    map_ = show_draped(f"{ALL}&select=zone:surfacti0000000000000008")
    map_.page.keyboard.press("Escape")
    place = map_.doc.evaluate(AT, "zone:surfacti0000000000000008")
    found = []
    for _ in range(6):
        map_.page.mouse.click(*place)
        map_.page.wait_for_timeout(400)
        found.append(map_.run("new URLSearchParams(provence.current()).get('select')"))
    kinds = [key.split(":")[0] for key in found]
    # Lines before areas, areas before the commune, and then from the first again.
    assert "zone:surfacti0000000000000008" in found
    assert any(kind == "commune" for kind in kinds)
    assert len(set(found)) > 2


def test_a_pointer_is_told_what_lies_under_it(show_draped: Callable[..., Any]) -> None:
    map_ = show_draped(f"{ALL}&select=zone:surfacti0000000000000000")
    map_.page.keyboard.press("Escape")
    map_.page.mouse.move(*map_.doc.evaluate(AT, "zone:surfacti0000000000000000"))
    expect(map_.locator(".tip")).to_contain_text("Zone d'exemple 0")
    expect(map_.locator(".tip")).to_contain_text("Industrial zone · 100 ha")


def test_search_and_table_lead_to_them(show_draped: Callable[..., Any]) -> None:
    map_ = show_draped()
    map_.search("friche d'exemple 3")
    map_.page.keyboard.press("Enter")
    expect(map_.locator("#card")).to_contain_text("Friche d'exemple 3")
    assert "brownfields" in map_.query
    map_.page.keyboard.press("Escape")
    map_.doc.evaluate("provence.apply('layers=rail,power_lines&table=kind')")
    expect(map_.locator("#table tbody tr")).to_have_count(11)
    map_.locator("#table").get_by_role("button", name="Power line · 400\u00a0kV").click()
    expect(map_.locator("#card")).to_contain_text("300\u00a0kV and more")


def test_a_link_that_asks_for_a_layer_that_is_not_there_opens_the_rest_and_says_so(
    map_file: Path, open_map: Callable[..., Any]
) -> None:
    map_ = open_map(f"{map_file.as_uri()}#layers=industry,zones&lang=fr", host="file")
    notice = map_.locator("#notices")
    expect(notice).to_contain_text("layers=zones")
    expect(notice).to_contain_text("Zones d’activité\u202f: cette couche n’a pas été remplie ici")
    assert "layers=industry" in map_.query
    assert "zones" not in map_.query
    assert map_.run("provence.onMap().length") > 50
    assert map_.locator("#tree").get_by_text("Zones d’activité").count() == 0
    map_.doc.evaluate("location.hash = 'layers=industry,rail'")
    expect(notice).to_contain_text("layers=rail")


def test_html_in_any_text_of_theirs_never_runs(draped: Path, tmp_path: Path, open_map: Callable[..., Any]) -> None:
    folder = tmp_path / "data"
    shutil.copytree(draped, folder)
    texts = {"zones": ["name", "detail"], "brownfields": ["name", "kind", "activity", "pollution"],
             "protected": ["name", "official_id"], "power_lines": ["operator"]}  # fmt: skip
    for layer, names in texts.items():
        path = folder / "tables" / f"{layer}.parquet"
        vector.write(vector.read(path).assign(**dict.fromkeys(names, HOSTILE)), path)
    with editions.using(folder):
        file = make_map().save(tmp_path / "hostile.html")
    map_ = open_map(f"{file.as_uri()}#{ALL}&table=kind", host="file")
    shown = map_.doc.evaluate(
        """async (layers) => {
          let shown = 0;
          for (const layer of layers) for (const item of provence.model.live.items[layer]) {
            provence.apply({ ...provence.view.fromQuery(provence.current()).view, selection: item.key });
            await new Promise((done) => requestAnimationFrame(done));
            shown += document.getElementById("card").textContent.includes("onerror");
          }
          return shown;
        }""",
        list(texts),
    )
    assert shown == 12 + 8 + 6 + 5
    assert map_.run("window.hacked === undefined")
    assert map_.locator("img, [onerror]").count() == 0
