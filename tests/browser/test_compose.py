"""Compose: a View of Explore becomes a scene; a story is written, put in order, previewed, downloaded, opened again."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from layers import stories
from layers.stories import write
from layers.text import text

VIEW = "layers=poles,communes,industry&bounds=4.72,43.28,5.3,43.7&year=2018&select=site:arcelormittal-fos"
AXE = Path(__file__).resolve().parents[1] / "web" / "node_modules" / "axe-core" / "axe.min.js"
BAD = ("moderate", "serious", "critical")
LOOK = """async (bad) => {
  const told = await axe.run(document, { resultTypes: ["violations"] });
  return told.violations.filter(({ impact }) => bad.includes(impact)).flatMap(({ id, impact, nodes }) =>
    nodes.map((node) => `${id} (${impact}): ${node.html.slice(0, 160)} ${node.any[0]?.message || ""}`));
}"""
KEPT = "JSON.parse(localStorage.getItem('provence-map-story')).draft"
WORDS = {
    "f-topic-en": "Heavy industry", "f-topic-fr": "Industrie lourde",
    "f-title-en": "One steelworks stands out", "f-title-fr": "Une aciérie se détache",
    "f-caption-en": "What it emits is verified.", "f-caption-fr": "Ses émissions sont vérifiées.",
    "f-notes-en": "Point at Fos.\nSay where the figure comes from.", "f-notes-fr": "Montrer Fos.\nDire la source.",
}  # fmt: skip
STORY = {
    "f-title-en": "My story", "f-title-fr": "Mon récit",
    "f-about-en": "What I tell a room.", "f-about-fr": "Ce que je dis à une salle.",
}  # fmt: skip


@pytest.fixture
def desk(watched: Callable[..., Page], server: Any) -> Callable[..., Page]:
    """Open the Present page with something after its address."""

    def open_(rest: str = "", **options: Any) -> Page:
        options = {"viewport": {"width": 1280, "height": 800}, "accept_downloads": True, **options}
        page = watched(f"{server.url}present{rest}", **options)
        expect(page.locator("html")).to_have_attribute("data-painted", "true", timeout=30_000)
        return page

    return open_


def fill(page: Page, words: dict[str, str]) -> None:
    """Write into the fields of the form."""
    for field, said in words.items():
        page.locator(f"#{field}").fill(said)


def titles(page: Page) -> list[str]:
    """Return the titles in the list of scenes."""
    return [" ".join(said.split()) for said in page.locator(".scene:not(.story-row) b").all_inner_texts()]


def change(page: Page, story: str = "living") -> None:
    """Open a copy of a story of this installation."""
    page.locator(f"[data-story={story}]").get_by_role("button", name=re.compile("opens a copy")).click()
    expect(page.locator("#composer-title")).to_be_focused()


def choose_file(page: Page, name: str, data: bytes) -> None:
    """Open a zip by the button."""
    with page.expect_file_chooser() as chosen:
        page.locator("#open-zip").click()
    chosen.value.set_files({"name": name, "mimeType": "application/zip", "buffer": data})


def draft_zip(**files: bytes) -> bytes:
    """Return a story as a zip, with some of its files replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in {**write.files(write.draft(stories.read("living"))), **files}.items():
            packed.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_story_is_told_with_its_length_and_its_files(desk: Callable[..., Page], language: str) -> None:
    page = desk(f"?lang={language}")
    for name in stories.ids():
        story = stories.read(name)
        card = page.locator(f"[data-story={name}]")
        expect(card.locator("h3")).to_have_text(story.title[language])
        expect(card).to_contain_text(story.about[language])
        expect(card).to_contain_text(text("compose.scenes_other", language, n=len(story.scenes)))
        expect(card.locator("canvas")).to_have_count(3)
        expect(card.locator("[data-file]")).to_have_count(3)
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_a_story_plays_from_its_card_and_the_page_is_as_it_was(desk: Callable[..., Page]) -> None:
    page = desk()
    play = page.locator("[data-story=hydrogen]").get_by_role("button", name=re.compile("^Play"))
    play.click()
    page.wait_for_function("() => provence.show.state()?.landed")
    assert page.evaluate("provence.show.state().story") == "hydrogen"
    page.keyboard.press("PageDown")
    page.wait_for_function("() => provence.show.state().scene === 1 && provence.show.state().landed")
    page.keyboard.press("Escape")
    page.wait_for_function("() => provence.show.state() === null")
    expect(play).to_be_focused()


def test_the_map_is_explored_during_a_show_and_the_show_goes_on_where_it_was(desk: Callable[..., Page]) -> None:
    page = desk()
    page.locator("[data-story=hydrogen]").get_by_role("button", name=re.compile("^Play")).click()
    page.wait_for_function("() => provence.show.state()?.landed")
    page.keyboard.press("PageDown")
    page.wait_for_function("() => provence.show.state().scene === 1 && provence.show.state().landed")
    for key in ("Escape", "PageDown"):
        page.keyboard.press("e")
        map_ = page.frame_locator("#desk-map")
        expect(map_.locator("html")).to_have_attribute("data-painted", "true", timeout=30_000)
        map_.locator(".leaflet-container").focus()
        page.keyboard.press(key)
        expect(page.locator("#desk-map")).to_have_count(0)
        page.wait_for_function("() => !provence.show.state().exploring")
        assert page.evaluate("provence.show.state().scene") == 1
    page.keyboard.press("e")
    page.get_by_role("button", name=re.compile("^Back to the show")).click()
    page.wait_for_function("() => !provence.show.state().exploring")
    page.keyboard.press("Escape")
    page.wait_for_function("() => provence.show.state() === null")
    expect(page.locator("#desk-title")).to_be_visible()


def test_a_story_is_taken_along_as_one_file(desk: Callable[..., Page], tmp_path: Path) -> None:
    page = desk("?lang=fr")
    with page.expect_download(timeout=60_000) as download:
        page.locator("[data-story=living] [data-file=html]").click()
    assert download.value.suggested_filename == "provence-map-living_fr.html"
    download.value.save_as(tmp_path / "living.html")
    assert '"first":"living"' in (tmp_path / "living.html").read_text(encoding="utf-8")
    expect(page.locator("[data-story=living] [role=status]")).to_contain_text("provence-map-living_fr.html")


def test_a_view_becomes_a_scene_is_written_previewed_downloaded_and_opened_again(
    open_map: Callable[..., Any], server: Any, tmp_path: Path, command: Callable[..., Any]
) -> None:
    map_ = open_map(f"{server.url}?{VIEW}")
    map_.locator(".share-button").click()
    map_.locator("#make-scene").click()
    page = map_.page
    expect(page.locator("#form-title")).to_have_text("Scene 1 of 1")
    assert page.url.endswith("/present?lang=en")
    expect(page.locator("#add-highlights")).to_be_visible()
    expect(page.locator(".pill").first).to_contain_text("ArcelorMittal")
    scene = page.evaluate(KEPT)["scenes"][0]
    assert scene["view"] == VIEW.split("&select")[0]
    assert scene["highlights"] == ["site:arcelormittal-fos"]
    fill(page, WORDS)
    page.locator("#choose-figure").click()
    page.locator("#pick-search").fill("co2-metropolis-2022")
    page.keyboard.press("Enter")
    expect(page.locator(".figure-said")).to_contain_text("2022")
    page.locator("#scene--1").click()
    fill(page, STORY)
    expect(page.locator(".state")).to_have_text("Ready to play")
    page.locator("#preview").click()
    page.wait_for_function("() => provence.show.state()?.landed")
    expect(page.locator("body")).to_contain_text("One steelworks stands out")
    page.keyboard.press("Escape")
    expect(page.locator("#preview")).to_be_focused()
    with page.expect_download() as download:
        page.locator("#zip").click()
    assert download.value.suggested_filename == "my-story.zip"
    path = tmp_path / "my-story.zip"
    download.value.save_as(path)
    assert stories.read(path).scenes[0].words["fr"].title.text == "Une aciérie se détache"
    done = command("present", "--story", str(path), "--out", str(tmp_path / "show.html"))
    assert done.returncode == 0, done.stderr
    kept = page.evaluate(KEPT)
    page.locator("#start-again").click()
    page.locator("#pick-yes").click()
    expect(page.locator(".scene:not(.story-row)")).to_have_count(0)
    choose_file(page, "my-story.zip", path.read_bytes())
    expect(page.locator("#composer-title")).to_have_text("My story")
    named = {"name": "01-one-steelworks-stands-out"}
    assert page.evaluate(KEPT) == {**kept, "scenes": [{**kept["scenes"][0], **named}]}


def test_the_story_survives_a_reload_and_a_look_at_explore(desk: Callable[..., Page]) -> None:
    page = desk(f"#scene={VIEW.replace('=', '%3D').replace('&', '%26')}")
    fill(page, WORDS)
    before = page.evaluate(KEPT)
    page.reload()
    expect(page.locator("#f-title-fr")).to_have_value(WORDS["f-title-fr"])
    assert page.evaluate(KEPT) == before
    page.get_by_role("link", name="Open in Explore").click()
    frame = page.frame_locator("#map")
    expect(frame.locator("html")).to_have_attribute("data-painted", "true", timeout=30_000)
    frame.get_by_role("link", name="Present").click()
    expect(page.locator("#f-title-fr")).to_have_value(WORDS["f-title-fr"])
    assert page.evaluate(KEPT) == before


def test_another_view_is_brought_from_explore_to_a_scene_that_is_written(desk: Callable[..., Page]) -> None:
    page = desk(f"#scene={VIEW.replace('=', '%3D').replace('&', '%26')}")
    fill(page, WORDS)
    page.get_by_role("link", name="Open in Explore").click()
    frame = page.frame_locator("#map")
    expect(frame.locator("html")).to_have_attribute("data-painted", "true", timeout=30_000)
    frame.locator(".pole-chip").last.click()
    page.wait_for_url(re.compile("select=pole"))
    frame.get_by_role("link", name="Present").click()
    page.locator("#use-offer").click()
    scene = page.evaluate(KEPT)["scenes"][0]
    assert "select=pole:" in scene["view"]
    assert scene["title"]["en"] == WORDS["f-title-en"]
    expect(page.locator("#use-offer")).to_have_count(0)


def test_scenes_are_put_in_order_by_buttons_by_keys_and_by_dragging(desk: Callable[..., Page]) -> None:
    page = desk()
    change(page)
    first, second, third, *_ = before = titles(page)
    page.locator("#move_down").click()
    assert titles(page)[:3] == [second, first, third]
    expect(page.locator("#move_down")).to_be_focused()
    page.locator("#scene-1").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#scene-0")).to_be_focused()
    assert titles(page) == before
    page.locator("#scene-2").drag_to(page.locator("#scene-0"))
    assert titles(page)[:3] == [third, first, second]
    assert page.evaluate(KEPT)["scenes"][0]["title"]["en"] == third


def test_a_scene_is_doubled_and_deleted_and_each_step_is_taken_back(desk: Callable[..., Page]) -> None:
    page = desk()
    change(page)
    before = titles(page)
    page.locator("#double").click()
    assert titles(page)[:2] == [before[0], before[0]]
    page.locator("#delete").click()
    page.locator("#delete").click()
    assert titles(page) == [before[0], *before[2:]]
    page.locator("#notices").get_by_role("button", name="Undo").first.click()
    assert titles(page) == before
    page.locator("#undo").click()
    page.locator("#undo").click()
    assert titles(page) == before
    expect(page.locator("#undo")).to_be_disabled()


def test_what_is_to_be_mended_is_told_at_its_scene_and_field(desk: Callable[..., Page]) -> None:
    page = desk()
    change(page)
    page.locator("#scene-1").click()
    page.locator("#f-title-fr").fill("")
    page.locator("#scene-3").click()
    page.locator("#f-caption-en").fill("We count 12 of them")
    expect(page.locator(".fault:visible")).to_have_count(0)
    page.locator("#preview").click()
    mend = page.locator("#mend")
    expect(mend).to_be_focused()
    expect(mend).to_contain_text("a digit stands in the caption without a source: 12")
    expect(mend).to_contain_text("1 more elsewhere")
    expect(page.locator("#f-caption-en")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#f-caption-en-fault")).to_contain_text("12")
    expect(page.locator("#scene-1 .count")).to_be_visible()
    page.locator("#next-fault").click()
    expect(page.locator("#form-title")).to_have_text("Scene 2 of 6")
    mend.get_by_role("button", name="Title in French is missing").click()
    expect(page.locator("#f-title-fr")).to_be_focused()
    page.keyboard.type("Un titre")
    expect(page.locator("#f-title-fr-fault")).to_be_hidden()
    assert page.evaluate("provence.show.state()") is None


def test_a_figure_is_found_by_what_it_says_and_put_where_the_cursor_is(desk: Callable[..., Page]) -> None:
    page = desk("?lang=fr")
    page.locator("[data-story=living]").get_by_role("button", name=re.compile("ouvre une copie")).click()
    page.locator("#scene-1").click()
    field = page.locator("#f-caption-fr")
    field.fill("parmi  habitants")
    field.evaluate("(node) => node.setSelectionRange(6, 6)")
    page.locator("[data-for='caption.fr']").get_by_role("button").click()
    page.keyboard.type("1 898 561")
    expect(page.locator(".pick-list [role=option]").first).to_contain_text("INSEE")
    page.keyboard.press("Enter")
    expect(field).to_have_value(re.compile(r"^parmi \{[a-z0-9-]+\} habitants$"))
    expect(field).to_be_focused()


def test_highlights_are_added_by_search_and_taken_off(desk: Callable[..., Page]) -> None:
    page = desk()
    change(page)
    pills = page.locator("[data-for=highlights] .pill")
    n = pills.count()
    page.locator("#add-highlights").click()
    page.keyboard.type("gravithy")
    page.keyboard.press("Enter")
    expect(pills).to_have_count(n + 1)
    assert page.evaluate(KEPT)["scenes"][0]["highlights"][-1] == "project:gravithy-fos"
    page.get_by_role("button", name=re.compile("^Take off GravitHy")).click()
    expect(pills).to_have_count(n)


def test_a_broken_zip_is_refused_with_every_fault_and_the_story_stays(desk: Callable[..., Page]) -> None:
    page = desk()
    change(page)
    page.locator("#f-title-en").fill("Mine")
    before = page.evaluate(KEPT)
    names = sorted(name for name in write.files(write.draft(stories.read("living"))) if name.endswith(".md"))
    choose_file(
        page, "broken.zip", draft_zip(**{names[0]: b"no header", names[1]: b"+++\nview = ''\n+++\n", "x.exe": b""})
    )
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text("broken.zip cannot be opened")
    for said in (names[0], names[1], "x.exe", "no header", "no part for the language fr"):
        expect(dialog).to_contain_text(said)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert page.evaluate(KEPT) == before
    choose_file(page, "outside.zip", draft_zip(**{"../../evil.md": b"x"}))
    expect(page.get_by_role("dialog")).to_contain_text("points outside the story")


def test_another_story_replaces_ones_own_only_when_that_is_wanted(desk: Callable[..., Page]) -> None:
    page = desk()
    change(page)
    page.locator("#f-title-en").fill("Mine")
    before = page.evaluate(KEPT)
    page.locator("#to-shelf").click()
    page.locator("[data-story=pitch]").get_by_role("button", name=re.compile("opens a copy")).click()
    page.locator("#pick-no").click()
    assert page.evaluate(KEPT) == before
    page.locator("#go-on").click()
    expect(page.locator("#f-title-en")).to_have_value("Mine")


def test_a_browser_that_keeps_nothing_says_so_and_loses_nothing(desk: Callable[..., Page]) -> None:
    page = desk()
    page.evaluate(
        "() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    change(page)
    page.locator("#f-title-en").fill("Still here")
    expect(page.locator(".state.bad")).to_contain_text("download it before you leave")
    page.locator("#to-shelf").click()
    page.locator("#go-on").click()
    expect(page.locator("#f-title-en")).to_have_value("Still here")


def test_a_silent_server_loses_nothing(server: Any, browser: Any) -> None:
    page = browser.new_context(locale="en-GB", reduced_motion="reduce").new_page()
    page.goto(f"{server.url}present")
    page.locator("[data-story=living]").get_by_role("button", name=re.compile("opens a copy")).click()
    page.locator("#f-title-en").fill("Mine")
    page.context.set_offline(offline=True)
    page.locator("#preview").click()
    expect(page.locator("#notices")).to_contain_text("Nothing of your story is lost.")
    page.locator("#zip").click()
    expect(page.locator("#f-title-en")).to_have_value("Mine")
    page.context.set_offline(offline=False)
    page.locator("#preview").click()
    page.wait_for_function("() => provence.show.state()?.landed")
    page.context.close()


def test_language_and_theme_change_in_place(desk: Callable[..., Page]) -> None:
    page = desk()
    change(page)
    page.locator("#scene-1").click()
    page.locator("#f-title-fr").fill("Un titre à moi")
    page.locator("#header").get_by_role("button", name=re.compile("FR")).click()
    expect(page.locator("#form-title")).to_have_text("Scène 2 sur 6")
    expect(page.locator("#f-title-fr")).to_have_value("Un titre à moi")
    page.locator(".tool.theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.url.endswith("?lang=fr&theme=dark")


@pytest.mark.parametrize("width", [320, 390, 1024, 1440])
def test_nothing_is_wider_than_the_screen(desk: Callable[..., Page], width: int) -> None:
    page = desk("?lang=fr", viewport={"width": width, "height": 800})
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    page.locator("[data-story=pitch] .tale-do button").last.click()
    page.locator("#scene-6").click()
    assert page.evaluate(fits)
    wide: Locator = page.locator("#desk .form .field")
    assert all(box["x"] + box["width"] <= width for box in (field.bounding_box() for field in wide.all()) if box)


@pytest.mark.parametrize(("language", "theme", "width"), [("en", "light", 1280), ("fr", "dark", 390)])
def test_axe_finds_nothing_on_any_state(desk: Callable[..., Page], language: str, theme: str, width: int) -> None:
    if not AXE.exists():
        missing = "no axe-core in tests/web/node_modules: install it with `npm ci --prefix tests/web`"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    page = desk(f"?lang={language}&theme={theme}", viewport={"width": width, "height": 800})
    page.evaluate(AXE.read_text(encoding="utf-8"))
    told = {}

    def look(state: str) -> None:
        told[state] = page.evaluate(LOOK, BAD)

    look("stories")
    page.locator("[data-story=living] .tale-do button").last.click()
    expect(page.locator("#composer-title")).to_be_focused()
    look("a scene")
    page.locator("#scene-1").click()
    page.locator("#f-title-fr").fill("")
    page.locator("#preview").click()
    expect(page.locator("#mend")).to_be_focused()
    look("faults")
    page.locator("#choose-figure").click()
    expect(page.locator(".pick-list [role=option]").first).to_be_visible()
    look("a list of figures")
    page.keyboard.press("Escape")
    page.locator("details.part summary").click()
    page.locator("#scene--1").click()
    look("the story")
    page.locator("#start-again").click()
    look("a question")
    page.keyboard.press("Escape")
    page.locator("#to-shelf").click()
    look("stories and one's own")
    assert {state: found for state, found in told.items() if found} == {}
    assert len(told) == 7


def test_a_story_of_two_hundred_scenes_is_kept_and_written(desk: Callable[..., Page]) -> None:
    page = desk()
    change(page)
    page.evaluate(
        """() => {
          const kept = JSON.parse(localStorage.getItem("provence-map-story"));
          const { scenes } = kept.draft;
          kept.draft.scenes = Array.from({ length: 200 }, (_, i) => ({ ...scenes[i % scenes.length] }));
          localStorage.setItem("provence-map-story", JSON.stringify(kept));
        }"""
    )
    page.reload()
    expect(page.locator(".scene:not(.story-row)")).to_have_count(200)
    page.locator("#scene-199").click()
    expect(page.locator("#form-title")).to_have_text("Scene 200 of 200")
    page.locator("#f-title-en").fill("The last of many")
    expect(page.locator("#scene-199")).to_contain_text("The last of many")


def test_keys_alone_write_a_scene(desk: Callable[..., Page]) -> None:
    page = desk()
    page.locator("#begin").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#composer-title")).to_be_focused()
    page.locator("#add-scene").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#form-title")).to_be_focused()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "f-topic-en":
            break
    page.keyboard.type("By hand")
    assert page.evaluate(KEPT)["scenes"][0]["topic"]["en"] == "By hand"
