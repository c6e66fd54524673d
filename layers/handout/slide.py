"""One slide of the deck: the texts of a scene in placeholders, its chart, its map, its notes."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.text import MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Pt

from layers.handout import master, native, picture, sheet
from layers.handout.scene import Part, Scene, linked, words_of
from layers.handout.sheet import COLUMN, EDGE, FOOT, MAP_LEFT, PAGE, RIGHT, TOP, Sheet
from layers.print.ink import Run, Setting
from layers.print.placing import Box
from layers.view import Language

_LANGUAGES = {"en": MSO_LANGUAGE_ID.ENGLISH_UK, "fr": MSO_LANGUAGE_ID.FRENCH}
# How far the first base line lies below the top of a text box, in its type's size.
_ASCENT = 0.905
_RAISED = "30000"
_CREDIT, _FOOTER = 8.0, 8.4


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of a slide in one look; None leaves what the placeholder says."""

    text: str
    size: float | None = None
    colour: str | None = None
    bold: bool | None = None
    raised: bool = False
    link: str = ""


def add(deck: Any, scene: Scene, *, footer: str, colophon: Sequence[tuple[str, str]]) -> None:
    """Add the slide of a scene, the colophon on it where it is given."""
    laid = sheet.compose(scene, colophon_rows=len(colophon), arial=True)
    slide = started(deck, master.SCENE if scene.kind == "scene" else master.COVER)
    slots = {shape.placeholder_format.idx: shape for shape in slide.placeholders}
    language = scene.language
    _text(slots[master.TITLE], laid.title, _pieces(scene.parts("title")), language)
    if laid.topic:
        _text(slots[master.TOPIC], laid.topic, [Piece(scene.topic)], language)
    if laid.figure:
        _figure(slots[master.FIGURE], laid, language)
    if laid.caption:
        _text(slots[master.CAPTION], laid.caption, _pieces(scene.parts("caption")), language)
    if laid.chart:
        _chart(slots, scene, laid.chart)
    if colophon:
        colophon_in(slots[master.COLOPHON], colophon, laid.colophon_top, language)
    if laid.sources:
        _sources(slots[master.SOURCES], laid, language)
    _map(slots, scene)
    finish(slide, footer, language)
    notes(slide, scene)


def started(deck: Any, layout: str) -> Any:
    """Start a slide on one of the layouts."""
    return deck.slides.add_slide(next(found for found in deck.slide_layouts if found.name == layout))


def finish(slide: Any, footer: str, language: Language) -> None:
    """Take away placeholders that nothing was put in; add footer and number."""
    for shape in list(slide.placeholders):
        if _empty(shape):
            shape._element.getparent().remove(shape._element)
    for shape in slide.slide_layout.placeholders:
        kind = shape.placeholder_format.type
        if kind is not None and kind.name in {"FOOTER", "SLIDE_NUMBER"}:
            _copied(slide, shape, footer if kind.name == "FOOTER" else None, language)


def place(shape: Any, box: Box) -> None:
    """Move a shape to a box in points, y upwards."""
    left, foot, right, top = box
    shape.left, shape.top = Pt(left), Pt(PAGE[1] - top)
    shape.width, shape.height = Pt(right - left), Pt(top - foot)


def write(paragraph: Any, pieces: Iterable[Piece], language: Language) -> None:
    """Write pieces of text into a paragraph."""
    for piece in pieces:
        run = paragraph.add_run()
        run.text = piece.text
        run.font.language_id = _LANGUAGES[language]
        if piece.size is not None:
            run.font.size = Pt(piece.size)
        if piece.bold is not None:
            run.font.bold = piece.bold
        if piece.colour is not None:
            run.font.color.rgb = native.colour(piece.colour)
        if piece.raised:
            run.font._element.set("baseline", _RAISED)
        if piece.link:
            run.hyperlink.address = piece.link


def colophon_in(shape: Any, lines: Sequence[tuple[str, str]], top: float, language: Language) -> None:
    """Write the lines of the colophon into their placeholder."""
    place(shape, (EDGE, top - 15.0 * len(lines) - 2, EDGE + COLUMN, top))
    for at, (name, value) in enumerate(lines):
        paragraph = shape.text_frame.paragraphs[0] if at == 0 else shape.text_frame.add_paragraph()
        paragraph.line_spacing = Pt(15)
        write(paragraph, [Piece(f"{name}\u00a0\u00a0"), Piece(value, colour="ink", bold=True)], language)


def notes(slide: Any, scene: Scene) -> None:
    """Write the speaker's notes, then the figures for questions, each with its source."""
    words = words_of(scene)
    lines = ["".join(said for said, _ in note) for note in scene.notes()]
    asked = scene.asked()
    if asked:
        lines += ["", words.text("handout.asked")]
        for value, said, source, url in asked:
            lines.append(f"{value} – {said}")
            lines.append(f"    {source}" + (f" · {url}" if url else ""))
    if not lines:
        return
    frame = slide.notes_slide.notes_text_frame
    for at, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        write(paragraph, [Piece(line)], scene.language)


def _pieces(parts: Sequence[Part]) -> list[Piece]:
    """Give text with the letters of its sources raised after the figures."""
    pieces = []
    for said, mark in parts:
        pieces.append(Piece(said))
        if mark:
            pieces.append(Piece(f"{sheet.MARK_GAP}{mark}", colour="primary", bold=False, raised=True))
    return pieces


def _text(shape: Any, placed: tuple[Setting, float], pieces: Sequence[Piece], language: Language) -> None:
    """Write a text where it stands on the page, in the same lines' height."""
    setting, top = placed
    place(shape, (EDGE, top - setting.height, EDGE + COLUMN, top))
    # Where Arial is missing and what stands in for it runs wider, the text shrinks to its room.
    shape.text_frame.auto_size = MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.line_spacing = Pt(round(setting.size * setting.leading, 1))
    paragraph.font.size = Pt(setting.size)
    write(paragraph, [_sized(piece, setting.size) for piece in pieces], language)


def _sized(piece: Piece, size: float) -> Piece:
    return Piece(piece.text, piece.size or size, piece.colour, piece.bold, piece.raised, piece.link)


def _figure(shape: Any, laid: Sheet, language: Language) -> None:
    """Write the key figure on the base line it has on the page."""
    figure = laid.figure
    if figure is None:
        return
    top = figure.base + _ASCENT * figure.size
    place(shape, (EDGE - figure.size * 0.04, top - figure.size * 1.16, EDGE + COLUMN, top))
    shape.text_frame.word_wrap = False
    gap = "\u202f" if figure.unit else ""
    pieces = [Piece(figure.value, figure.size), Piece(gap + figure.unit, figure.unit_size)]
    mark = Piece(f"\u202f{figure.mark}", max(20.0, figure.unit_size * 0.6), "primary", bold=False, raised=True)
    write(shape.text_frame.paragraphs[0], [piece for piece in (*pieces, mark) if piece.text.strip()], language)


def _chart(slots: dict[int, Any], scene: Scene, box: Box) -> None:
    """Put the chart in its place, its note and its source below it."""
    raw = scene.chart or {}
    note = [Piece(f"{scene.say(raw['note'])} ")] if scene.say(raw["note"]) else []
    mark, said, _ = scene.sources()[raw["source"]]
    runs = [Run("".join(piece.text for piece in note) + f"{mark} {said}")]
    setting = sheet.fitted(runs, room=COLUMN, size=8.0, leading=1.22)
    slot = slots[master.CHART]
    place(slot, (box[0] - 4, box[1] + setting.height + 2, box[2] + 4, box[3] + 4))
    frame = native.insert(slot, scene)
    frame.name = "Chart"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", picture.chart_said(scene))
    pieces = [*note, Piece(mark, colour="primary", bold=True), Piece(f"\u00a0{said}")]
    _text(slots[master.NOTE], (setting, box[1] + setting.height), pieces, scene.language)


def _sources(shape: Any, laid: Sheet, language: Language) -> None:
    """Write every source with its letter and its address, which can be followed."""
    top = laid.sources[0].top
    shape.text_frame.auto_size = MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    place(shape, (EDGE, FOOT - 2, EDGE + COLUMN, top))
    for at, source in enumerate(laid.sources):
        paragraph = shape.text_frame.paragraphs[0] if at == 0 else shape.text_frame.add_paragraph()
        size = source.text.size
        paragraph.line_spacing = Pt(round(size * source.text.leading, 1))
        paragraph.space_before = Pt(3 if at else 0)
        paragraph._p.get_or_add_pPr().set("marL", str(int(Pt(sheet.INDENT))))
        paragraph._p.get_or_add_pPr().set("indent", str(-int(Pt(sheet.INDENT))))
        pieces = [Piece(f"{source.letter}\t", size, "primary", bold=True), Piece(source.said, size)]
        write(paragraph, pieces, language)
        if source.url:
            paragraph.add_line_break()
            write(paragraph, [Piece(source.url, size, link=linked(source.url))], language)


def _map(slots: dict[int, Any], scene: Scene) -> None:
    """Put the map in its place with words for who cannot see it, and a picture above it where there is one."""
    credit = sheet.fitted([Run(scene.credit)], room=RIGHT - MAP_LEFT, size=_CREDIT, leading=1.24)
    shape = slots[master.CREDIT]
    place(shape, (MAP_LEFT, FOOT - 2, RIGHT, FOOT + credit.height))
    shape.text_frame.paragraphs[0].line_spacing = Pt(round(_CREDIT * 1.24, 1))
    write(shape.text_frame.paragraphs[0], [Piece(scene.credit, _CREDIT)], scene.language)
    foot, top = FOOT + credit.height + 4, TOP
    if scene.picture:
        middle = (foot + top) / 2
        _photo(slots[master.PICTURE], scene, (MAP_LEFT, middle + 8, RIGHT, top))
        top = middle - 8
    slot = slots[master.MAP]
    place(slot, (MAP_LEFT, foot, RIGHT, top))
    put = slot.insert_picture(io.BytesIO(picture.png(scene, RIGHT - MAP_LEFT, top - foot)))
    _named(put, "Map", picture.said(scene))


def _photo(slot: Any, scene: Scene, box: Box) -> None:
    """Put the picture of a scene in its box, whole."""
    raw = scene.picture or {}
    data = base64.b64decode(raw["data"].partition(",")[2])
    put = slot.insert_picture(io.BytesIO(data))
    wide, high = put.image.size
    scale = min((box[2] - box[0]) / wide, (box[3] - box[1]) / high)
    put.crop_left = put.crop_right = put.crop_top = put.crop_bottom = 0
    place(put, (box[0], box[3] - high * scale, box[0] + wide * scale, box[3]))
    _named(put, "Picture", scene.say(raw["alt"]))


def _named(put: Any, name: str, said: str) -> None:
    put.name = name
    put._element.nvPicPr.cNvPr.set("descr", said)


def _empty(shape: Any) -> bool:
    """Tell whether a placeholder is still one: what was put in a chart's or a picture's place is no `sp` any more."""
    return bool(shape._element.tag.endswith("}sp")) and not shape.text_frame.text


def _copied(slide: Any, shape: Any, text: str | None, language: Language) -> None:
    """Bring the footer or the number of the layout onto a slide: only there are they shown."""
    slide.shapes.clone_placeholder(shape)
    put = slide.shapes[-1]
    put.name = shape.name
    if text is not None:
        put.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        write(put.text_frame.paragraphs[0], [Piece(text, _FOOTER)], language)
        return
    for child in shape._element.txBody.p_lst[0]:
        put.text_frame.paragraphs[0]._p.append(deepcopy(child))
