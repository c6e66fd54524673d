"""The pages of a story as their reader opens them: one a scene, texts and sources in full, fonts inside, links live."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from layers import stories
from layers.errors import HandoutError
from layers.handout import chart, colophon, pdf, scene, sheet
from layers.print import ink
from layers.view import LANGUAGES, Language

PITCH = stories.resolved(stories.read("pitch"))
Written = Callable[[Language], bytes]


@pytest.fixture(scope="module")
def written(told: Any) -> Written:
    """Write the story that is told, once in each language for all tests that only read it."""
    return cache(lambda language: pdf.write(told.story(), language, told.colophon))


@cache
def pitch(language: Language) -> tuple[tuple[str, ...], frozenset[str]]:
    """Write and read the pitch once: the text of each page, and what is set smaller than print allows."""
    small: set[str] = set()

    def visit(text: str, cm: Any, _tm: Any, _font: Any, size: float) -> None:
        if text.strip() and size * abs(cm[3]) < ink.SMALLEST - 0.01:
            small.add(text.strip())

    pages = opened(pdf.write(PITCH, language, {"version": "1", "data": "2026-11-23"})).pages
    read = tuple(" ".join(page.extract_text(visitor_text=visit).split()) for page in pages)
    return read, frozenset(small)


def opened(made: bytes) -> PdfReader:
    """Open the pages and check the form that every page has."""
    reader = PdfReader(io.BytesIO(made), strict=True)
    for page in reader.pages:
        # 338.7 × 190.5 mm: sixteen to nine.
        assert [round(float(v), 1) for v in page.mediabox] == [0, 0, 960.0, 540.0]
    return reader


def texts(made: bytes) -> list[str]:
    """Give the text of each page, its lines and spaces brought together."""
    return [" ".join(page.extract_text().split()) for page in opened(made).pages]


def links(made: bytes) -> set[str]:
    """Give the addresses that the pages lead to."""
    pages = opened(made).pages
    return {annotation.get_object()["/A"]["/URI"] for page in pages for annotation in page.get("/Annots", [])}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_scene_of_the_pitch_is_a_page_with_its_texts_and_sources_in_full(language: Any) -> None:
    pages, _ = pitch(language)
    assert len(pages) == len(PITCH["scenes"])
    for number, (told, said) in enumerate(zip(PITCH["scenes"], pages, strict=True), start=1):
        bare = re.sub(r"\s", "", said)
        assert re.sub(r"\s", "", told["topic"][language]) in bare
        if told["figure"]:
            assert told["figure"]["value"][language].replace("\u202f", " ").replace("\xa0", " ") in said
        for source in told["sources"]:
            assert re.sub(r"\s", "", source["said"][language]) in bare
            assert source["url"] in bare
        assert f"{number} {'of' if language == 'en' else 'sur'} {len(pages)}" in said


def test_a_page_says_topic_title_figure_caption_chart_and_credit(written: Written) -> None:
    page = texts(written("en"))[1]
    for said in ("Industry in transition", "Around Fos and Berre, forty projects", "€20", "bn", "of potential",
                 "Projects by status", "Operating", "24", "A selection.", "Map: contours IGN",
                 "A story told"):  # fmt: skip
        assert said in page


def test_notes_and_figures_for_questions_stay_with_the_speaker(written: Written) -> None:
    for page in texts(written("en")):
        assert "Say “potential”" not in page
        assert "A figure asked for" not in page


def test_figures_carry_the_letter_of_their_source(written: Written) -> None:
    reader = opened(written("en"))
    marks: list[str] = []

    def visit(text: str, _cm: Any, _tm: Any, _font: Any, _size: float) -> None:
        if text.strip() in {"a", "b"}:
            marks.append(text.strip())

    reader.pages[1].extract_text(visitor_text=visit)
    # Figure a, caption b, chart b, and the two of the list.
    assert sorted(marks) == ["a", "a", "b", "b", "b"]


def test_the_closing_page_carries_version_date_and_checksum(written: Written) -> None:
    last = texts(written("fr"))[-1]
    for said in ("Provence Map 9.8.7", "23 novembre 2026", "a1b2c3d4e5f6", "0123456789abcdef"):
        assert said in last


def test_a_story_without_a_closing_gets_a_page_for_them(told: Any) -> None:
    pages = texts(pdf.write(told.story(told.scene()), "en", told.colophon))
    assert len(pages) == 2
    assert "0123456789abcdef" in pages[1]
    assert "What it is about." in pages[1]
    assert "2 of 2" in pages[1]


def test_a_blank_checksum_is_that_of_the_story(told: Any) -> None:
    story = told.story()
    own = colophon.checksum(story)
    assert re.fullmatch("[0-9a-f]{16}", own)
    assert own in texts(pdf.write(story, "en", told.colophon | {"checksum": "0" * 16}))[-1]
    story["minutes"] = 6
    assert colophon.checksum(story) != own


def test_fonts_are_inside_and_nothing_is_fetched_or_run(written: Written) -> None:
    made = written("en")
    names = set()
    for page in opened(made).pages:
        for font in page["/Resources"]["/Font"].values():
            entry = font.get_object()
            names.add(entry["/BaseFont"].partition("+")[2])
            assert "/FontFile2" in entry["/FontDescriptor"].get_object()
    assert names == {ink.REGULAR, ink.SEMIBOLD, ink.BOLD}
    for word in (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/GoToR", b"/OpenAction", b"/Subtype /Image"):
        assert word not in made


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_but_the_letters_of_sources_is_smaller_than_print_allows(language: Any) -> None:
    _, small = pitch(language)
    # Numbers in the symbols of the map's key are drawings; names of nothing.
    assert {text for text in small if not re.fullmatch(r"[a-d]|\d{1,2}", text)} == set()


def test_links_lead_to_the_pages_of_the_sources_and_nowhere_else(told: Any) -> None:
    story = told.story()
    assert links(pdf.write(story, "en", told.colophon)) == {source["url"] for source in story["scenes"][1]["sources"]}
    story["scenes"][1]["sources"][0]["url"] = "javascript:alert(1)"
    story["scenes"][0]["sources"] = story["scenes"][2]["sources"] = []
    assert links(pdf.write(story, "en", told.colophon)) == {"https://www.example.org/registry"}


def test_the_document_says_title_author_language_and_its_outline(written: Written) -> None:
    reader = opened(written("fr"))
    assert reader.metadata is not None
    assert reader.metadata.title == "Un récit · Provence Map"
    assert reader.metadata.author == "Provence Map"
    assert str(reader.metadata.creation_date)[:10] == "2026-11-23"
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert [entry["/Title"] for entry in reader.outline] == ["Autour de Fos, quarante projets"] * 3


def test_the_same_story_gives_the_same_bytes_another_one_others(told: Any, written: Written) -> None:
    first = written("en")
    assert pdf.write(told.story(), "en", told.colophon) == first
    assert written("fr") != first
    assert pdf.write(told.story(), "en", told.colophon | {"data": "2026-01-01"}) != first


def test_many_scenes_share_their_ground(told: Any) -> None:
    shown = told.scene(view="layers=poles,communes", highlights=[], chart=None)
    few = len(pdf.write(told.story(*[shown] * 2), "en", told.colophon))
    made = pdf.write(told.story(*[shown] * 50), "en", told.colophon)
    assert len(opened(made).pages) == 51
    assert len(made) < few * 5


def test_hostile_text_stays_text(told: Any) -> None:
    hostile = "<script>alert('x')</script> & <b>%PDF (\\) Tj ET"
    shown = told.scene(topic={"en": hostile, "fr": hostile})
    assert hostile in texts(pdf.write(told.story(shown), "en", told.colophon))[0]


def test_letters_that_the_typeface_lacks_are_refused_by_scene(told: Any) -> None:
    shown = told.scene(title={"en": [["投資 for all", None]], "fr": [["Pour tous", None]]})
    with pytest.raises(HandoutError, match=r"scene 02-fos has letters that the typeface lacks: '\\u6295' '\\u8cc7'"):
        pdf.write(told.story(shown), "en", told.colophon)
    assert pdf.write(told.story(shown), "fr", told.colophon)


def test_a_story_without_scenes_and_an_unknown_language_are_refused(told: Any) -> None:
    empty = told.story() | {"scenes": []}
    with pytest.raises(
        HandoutError, match=r"2 faults: story 'told' has no scene.*; language 'de' is not one of en, fr"
    ):
        pdf.write(empty, "de", told.colophon)  # type: ignore[arg-type]


def test_a_picture_stands_over_the_map_with_its_credit(told: Any) -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "#336699").save(out, "PNG")
    data = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    shown = told.scene(picture={"data": data, "alt": {"en": "A yard", "fr": "Un chantier"},
                                "credit": {"en": "Photo: a name", "fr": "Photo\u202f: un nom"}})  # fmt: skip
    made = pdf.write(told.story(shown), "en", told.colophon)
    assert len(opened(made).pages[0].images) == 1
    assert "Photo: a name" in texts(made)[0]


LONG = "Une phrase assez longue pour prendre toutes les lignes qui lui sont données sur la page, et même davantage"


@pytest.mark.parametrize("charted", [True, False])
def test_the_longest_texts_and_four_sources_still_fit(told: Any, charted: bool) -> None:
    source = told.scene()["sources"][0] | {"url": "https://www.example.org/" + "a-long-path/" * 14}
    shown = told.scene(
        title={"en": [[LONG[:70], None]], "fr": [[LONG[:70], None]]},
        caption={"en": [[LONG, 3]], "fr": [[LONG, 3]]},
        sources=[source] * 4,
        chart=told.chart() if charted else None,
    )
    laid = sheet.compose(scene.Scene(shown, "en"))
    blocks = [laid.topic, laid.title, laid.caption]
    tops = [placed[1] for placed in blocks if placed]
    assert tops == sorted(tops, reverse=True)
    lowest = laid.chart[1] if laid.chart else laid.caption[1] - laid.caption[0].height  # type: ignore[index]
    assert lowest > laid.sources[0].top
    assert laid.sources[-1].top - laid.sources[-1].text.height >= sheet.FOOT - 0.01
    assert len(laid.title[0].lines) <= 3
    if laid.chart:
        assert laid.chart[3] - laid.chart[1] >= 80
    assert len(pdf.write(told.story(shown), "en", told.colophon)) > 10_000


def test_a_key_figure_of_many_digits_keeps_to_its_column(told: Any) -> None:
    long = told.scene()["figure"] | {"value": {"en": "855,851,000", "fr": "855 851 000"}}
    laid = sheet.compose(scene.Scene(told.scene(figure=long, chart=None), "en"))
    assert laid.figure is not None
    width = ink.measure("855,851,000", ink.BOLD, laid.figure.size) + ink.measure("bn", ink.BOLD, laid.figure.unit_size)
    assert width < sheet.COLUMN


def test_bars_ask_for_no_more_height_than_their_number(told: Any) -> None:
    few = scene.Scene(told.scene(), "en")
    many = scene.Scene(
        told.scene(chart=told.chart(items=[told.item(str(i), str(i), i, str(i)) for i in range(6)])), "en"
    )
    heights = [chart.height_of(shown, 392, least=50, most=190) for shown in (few, many)]
    assert heights[0] < heights[1] < 190


def test_sources_are_lettered_beyond_the_alphabet() -> None:
    assert [scene.letter(n) for n in (0, 25, 26, 27, 52)] == ["a", "z", "aa", "ab", "ba"]
