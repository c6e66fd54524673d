"""The deck of a story as PowerPoint reads it: titles, texts, charts with numbers, maps with words, notes."""

from __future__ import annotations

import base64
import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.util import Inches

from layers import stories
from layers.handout import deck, master, picture
from layers.view import LANGUAGES


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Draw the maps small, each once for all tests: what they show is tested with the pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture, "WIDTH_PX", 200)
        picture._png.cache_clear()
        yield
    picture._png.cache_clear()


def opened(made: bytes) -> Any:
    """Open a deck."""
    return Presentation(io.BytesIO(made))


def named(slide: Any, name: str) -> Any:
    """Give the shape of a name, None when there is none."""
    found = [shape for shape in slide.shapes if shape.name.startswith(name)]
    return found[0] if found else None


def in_slot(slide: Any, idx: int) -> Any:
    """Give the placeholder of a number, None when it was not needed."""
    return next((shape for shape in slide.placeholders if shape.placeholder_format.idx == idx), None)


def test_the_deck_is_wide_and_each_scene_has_its_title_in_the_title_placeholder(told: Any) -> None:
    made = opened(deck.write(told.story(), "en", told.colophon))
    assert (made.slide_width, made.slide_height) == (Inches(13 + 1 / 3), Inches(7.5))
    assert len(made.slides) == 3
    for slide in made.slides:
        assert slide.shapes.title.placeholder_format.type == PP_PLACEHOLDER.TITLE
        assert slide.shapes.title.text_frame.text == "Around Fos and Berre, forty projects"
    assert [slide.slide_layout.name for slide in made.slides] == [master.COVER, master.SCENE, master.COVER]


def test_texts_are_text_in_placeholders_with_the_letters_of_sources_raised(told: Any) -> None:
    slide = opened(deck.write(told.story(), "fr", told.colophon)).slides[1]
    assert in_slot(slide, master.TOPIC).text_frame.text == "L’industrie en transition"
    assert in_slot(slide, master.FIGURE).text_frame.text.replace("\u202f", "") == "20Md€a"
    caption = in_slot(slide, master.CAPTION).text_frame
    assert caption.text == "d’investissements potentiels, avec 10\u202f000\u202fb emplois promis."
    raised = [run.text.strip() for run in caption.paragraphs[0].runs if run.font._element.get("baseline")]
    assert raised == ["b"]
    assert in_slot(slide, master.CREDIT).text_frame.text == "Carte\u202f: contours IGN"


def test_empty_placeholders_are_not_left_for_the_reader_to_fill(told: Any) -> None:
    bare = told.scene(figure=None, chart=None, sources=[], topic={"en": "", "fr": ""}, caption={"en": [], "fr": []})
    slide = opened(deck.write(told.story(bare), "en", told.colophon)).slides[0]
    kept = {shape.placeholder_format.idx for shape in slide.placeholders}
    assert kept == {master.TITLE, master.MAP, master.CREDIT, 20, 21}


def test_sources_stand_in_full_and_their_addresses_can_be_followed(told: Any) -> None:
    slide = opened(deck.write(told.story(), "en", told.colophon)).slides[1]
    sources = in_slot(slide, master.SOURCES).text_frame
    assert [paragraph.text.split("\t")[0] for paragraph in sources.paragraphs] == ["a", "b"]
    runs = [run for paragraph in sources.paragraphs for run in paragraph.runs if run.hyperlink.address]
    assert [run.text for run in runs] == [run.hyperlink.address for run in runs]
    assert [run.text for run in runs] == [source["url"] for source in told.scene()["sources"]]


def test_an_address_that_is_no_page_of_the_web_is_no_link(told: Any) -> None:
    story = told.story()
    story["scenes"][1]["sources"][0]["url"] = "javascript:alert(1)"
    made = deck.write(story, "en", told.colophon)
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        relations = b"".join(packed.read(name) for name in packed.namelist() if name.endswith("slide2.xml.rels"))
    assert b"javascript" not in relations
    assert "javascript:alert(1)" in in_slot(opened(made).slides[1], master.SOURCES).text_frame.text


def test_the_chart_is_a_chart_with_its_numbers_its_source_and_words(told: Any) -> None:
    slide = opened(deck.write(told.story(), "en", told.colophon)).slides[1]
    frame = named(slide, "Chart")
    assert frame.has_chart
    chart = frame.chart
    assert chart.chart_type == XL_CHART_TYPE.BAR_CLUSTERED
    assert chart.chart_title.text_frame.text == "Projects by status, projects"
    assert list(chart.plots[0].categories) == ["Operating", "Announced", "Suspended"]
    assert list(chart.plots[0].series[0].values) == [24, 17, None]
    book = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    assert [[cell.value for cell in row] for row in book.active.iter_rows()] == [
        [None, "projects"], ["Operating", 24], ["Announced", 17], ["Suspended", None],
    ]  # fmt: skip
    assert in_slot(slide, master.NOTE).text_frame.text == "A selection. b\u00a0Union Registry, 2022 · CC BY 4.0"
    said = frame._element.nvGraphicFramePr.cNvPr.get("descr")
    assert said.startswith("Chart, Projects by status: Operating 24; Announced 17; Suspended –.")


def test_years_are_columns_and_a_small_figure_is_never_written_as_zero(told: Any) -> None:
    years = told.chart("emissions", items=[told.item(str(y), str(y), 15.0 + y % 3, "15 Mt", "fuel") for y in range(18)])
    small = told.chart(
        "families", items=[told.item("Steel", "Acier", 6.5, "6.5 Mt"), told.item("Port", "Port", 0.0, "234 t")]
    )
    made = opened(deck.write(told.story(told.scene(chart=years), told.scene(chart=small)), "en", told.colophon))
    chart = named(made.slides[0], "Chart").chart
    assert chart.chart_type == XL_CHART_TYPE.COLUMN_CLUSTERED
    assert chart.plots[0].series[0].format.fill is not None
    points = named(made.slides[1], "Chart").chart.plots[0].series[0].points
    assert points[1].data_label.text_frame.text == "234 t"
    assert not points[0].data_label.has_text_frame


def test_the_map_is_a_picture_with_words_for_who_cannot_see_it(told: Any) -> None:
    slide = opened(deck.write(told.story(), "fr", told.colophon)).slides[1]
    shape = in_slot(slide, master.MAP)
    assert shape.image.content_type == "image/png"
    assert (shape.crop_left, shape.crop_right, shape.crop_top, shape.crop_bottom) == pytest.approx(
        (0, 0, 0, 0), abs=0.01
    )
    said = shape._element.nvPicPr.cNvPr.get("descr")
    assert said.startswith("Carte d’Aix-Marseille-Provence")
    assert "GravitHy" in said


def test_a_picture_of_the_story_keeps_its_shape_and_its_words(told: Any) -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "#336699").save(out, "PNG")
    data = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    shown = told.scene(
        picture={"data": data, "alt": {"en": "A yard", "fr": "Un chantier"}, "credit": {"en": "c", "fr": "c"}}
    )
    shape = in_slot(opened(deck.write(told.story(shown), "en", told.colophon)).slides[0], master.PICTURE)
    assert shape.width / shape.height == pytest.approx(1.5, rel=0.01)
    assert shape._element.nvPicPr.cNvPr.get("descr") == "A yard"


def test_notes_hold_what_to_say_and_the_figures_for_questions_with_their_sources(told: Any) -> None:
    slides = opened(deck.write(told.story(), "en", told.colophon)).slides
    assert slides[1].notes_slide.notes_text_frame.text.split("\n") == [
        "Say “potential”.", "", "If asked", "€20\u00a0bn – A figure asked for.",
        "    Union Registry, 2022 · CC BY 4.0 · https://www.example.org/registry",
    ]  # fmt: skip
    assert not slides[2].has_notes_slide


def test_the_closing_carries_the_colophon_and_a_story_without_one_gets_a_slide(told: Any) -> None:
    last = in_slot(opened(deck.write(told.story(), "en", told.colophon)).slides[2], master.COLOPHON).text_frame.text
    for said in ("Provence Map 9.8.7", "23 November 2026", "a1b2c3d4e5f6", "0123456789abcdef"):
        assert said in last
    made = opened(deck.write(told.story(told.scene()), "en", told.colophon))
    assert len(made.slides) == 2
    assert "0123456789abcdef" in in_slot(made.slides[1], master.COLOPHON).text_frame.text
    assert made.slides[1].shapes.title.text_frame.text == "A story told"


def test_footer_and_number_are_on_every_slide(told: Any) -> None:
    for slide in opened(deck.write(told.story(), "en", told.colophon)).slides:
        kinds = {shape.placeholder_format.type: shape for shape in slide.placeholders}
        assert kinds[PP_PLACEHOLDER.FOOTER].text_frame.text == "Provence Map · A story told"
        assert 'type="slidenum"' in kinds[PP_PLACEHOLDER.SLIDE_NUMBER]._element.xml


def test_properties_and_language_are_those_of_the_story(told: Any) -> None:
    made = opened(deck.write(told.story(), "fr", told.colophon))
    core = made.core_properties
    assert (core.title, core.author, core.language) == ("Un récit", "Provence Map", "fr")
    assert f"{core.created:%Y-%m-%d}" == f"{core.modified:%Y-%m-%d}" == "2026-11-23"
    run = in_slot(made.slides[1], master.TOPIC).text_frame.paragraphs[0].runs[0]
    assert run._r.get_or_add_rPr().get("lang") == "fr-FR"


def test_the_same_story_gives_the_same_bytes(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = deck.write(told.story(), "en", told.colophon)
    picture._png.cache_clear()
    # Another day: no moment of writing may be left in it, nor in the workbooks inside.
    import time

    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert deck.write(told.story(), "en", told.colophon) == first
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        (book,) = [name for name in packed.namelist() if name.endswith(".xlsx")]
        inner = zipfile.ZipFile(io.BytesIO(packed.read(book))).read("docProps/core.xml")
    assert set(re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", inner)) == {b"2026-11-23T00:00:00Z"}


def test_hostile_text_stays_text(told: Any) -> None:
    hostile = "<a:t>&amp; ]]> </p:sp> \x07 {=1+1} <script>"
    shown = told.scene(topic={"en": hostile, "fr": hostile}, title={"en": [[hostile, 0]], "fr": [[hostile, 0]]})
    slide = opened(deck.write(told.story(shown), "en", told.colophon)).slides[0]
    assert "<a:t>&amp; ]]> </p:sp>" in in_slot(slide, master.TOPIC).text_frame.text
    assert "<script>" in slide.shapes.title.text_frame.text


def test_letters_beyond_the_typeface_of_the_pages_are_no_hindrance(told: Any) -> None:
    shown = told.scene(topic={"en": "投資", "fr": "投資"})
    assert (
        in_slot(opened(deck.write(told.story(shown), "en", told.colophon)).slides[0], master.TOPIC).text_frame.text
        == "投資"
    )


def test_many_scenes_make_as_many_slides_that_share_their_map(told: Any) -> None:
    made = deck.write(told.story(*[told.scene(chart=None)] * 50), "en", told.colophon)
    assert len(opened(made).slides) == 51
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        assert len([name for name in packed.namelist() if name.startswith("ppt/media/")]) == 2 - 1


def test_nothing_of_the_template_is_left(told: Any) -> None:
    made = deck.write(told.story(), "en", told.colophon)
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        names = packed.namelist()
        theme = packed.read("ppt/theme/theme1.xml").decode()
    assert not any(word in name for name in names for word in ("thumbnail", "printerSettings", "app.xml"))
    assert len([name for name in names if re.fullmatch(r"ppt/slideLayouts/slideLayout\d+\.xml", name)]) == 2
    assert 'typeface="Arial"' in theme
    assert "Calibri" not in theme


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_box_of_the_pitch_lies_on_its_slide_and_texts_do_not_cover_one_another(told: Any, language: Any) -> None:
    made = opened(deck.write(stories.resolved(stories.read("pitch")), language, told.colophon))
    for slide in made.slides:
        boxes = {}
        for shape in slide.placeholders:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= made.slide_width
            assert shape.top + shape.height <= made.slide_height
            boxes[shape.placeholder_format.idx] = (shape.top, shape.top + shape.height)
        column = [
            boxes[i] for i in (master.TOPIC, master.TITLE, master.CAPTION, master.CHART, master.SOURCES) if i in boxes
        ]
        for above, below in itertools.pairwise(column):
            assert above[1] <= below[0] + 12_700 * 6
