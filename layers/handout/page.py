"""One page of the handout: texts, figure, chart and sources on the left, the map with its key on the right."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from layers.handout import chart, key, plate, sheet
from layers.handout.plate import Plate
from layers.handout.scene import Scene, Story
from layers.handout.sheet import EDGE, FOOT, MAP_LEFT, RIGHT, TOP, Figure, Sheet
from layers.print import symbols
from layers.print.ink import BOLD, REGULAR, SEMIBOLD, Run, ink, measure, quiet, set_text
from layers.print.placing import Box
from layers.print.words import Words
from layers.view import Language

Lines = Sequence[tuple[str, str]]
_CREDIT = 8.0
_FOOT_SIZE = 8.4
_COLOPHON = 10.4


def draw(canvas: Canvas, scene: Scene, colophon: Lines) -> None:
    """Draw a scene; lines of the colophon stand above the sources of the last one."""
    laid = sheet.compose(scene, colophon_rows=len(colophon))
    if scene.kind != "scene":
        brand(canvas)
    _texts(canvas, scene, laid)
    if colophon:
        colophon_at(canvas, colophon, EDGE, laid.colophon_top)
    foot = _credit(canvas, scene)
    if scene.picture:
        middle = (foot + TOP) / 2
        _picture(canvas, scene, (MAP_LEFT, middle + 8, RIGHT, TOP))
        map_with_key(canvas, plate_of(scene), (MAP_LEFT, foot, RIGHT, middle - 8))
    else:
        map_with_key(canvas, plate_of(scene), (MAP_LEFT, foot, RIGHT, TOP))


def plate_of(scene: Scene) -> Plate:
    """Read the map of a scene. Raises HandoutError naming highlights that cannot be shown."""
    raw = scene.raw
    return plate.read(raw["view"], highlights=raw["highlights"], years=raw["years"], language=scene.language)


def map_with_key(canvas: Canvas, made: Plate, box: Box) -> None:
    """Draw a map and its key below it into a box."""
    left, foot, right, top = box
    lines: list[list[key.Entry]] = []
    # What the frame holds depends a little on its height, and the height on the rows of the key.
    for _ in range(2):
        inner = (left, foot + len(lines) * key.ROW + (6 if lines else 0), right, top)
        lines = key.rows(made, plate.survey(made, plate.frame_of(made, inner)), room=right - left)
    inner = (left, foot + len(lines) * key.ROW + (6 if lines else 0), right, top)
    plate.draw(canvas, made, inner)
    key.draw(canvas, lines, left, foot + len(lines) * key.ROW)


def foot_line(canvas: Canvas, title: str, number: int, total: int, language: Language) -> None:
    """Draw the line at the foot: product, title of the story, number of the page."""
    canvas.setStrokeColor(ink("line2"))
    canvas.setLineWidth(0.6)
    canvas.line(EDGE, sheet.RULE, RIGHT, sheet.RULE)
    said = Words(language).text("handout.page", n=number, total=total)
    canvas.setFont(REGULAR, _FOOT_SIZE)
    canvas.setFillColor(ink("ink3"))
    canvas.drawRightString(RIGHT, sheet.FOOT_BASE, said)
    room = RIGHT - EDGE - measure(said, REGULAR, _FOOT_SIZE) - 24
    name = f"Provence Map · {title}"
    while measure(name, REGULAR, _FOOT_SIZE) > room and len(name) > 1:
        name = name.rstrip("…")[:-1].rstrip() + "…"
    canvas.drawString(EDGE, sheet.FOOT_BASE, name)


def last(canvas: Canvas, story: Story, colophon: Lines, language: Language) -> None:
    """Draw the last page of a story that has no closing scene of its own."""
    brand(canvas)
    title = set_text([Run(str(story["title"][language]), BOLD)], room=640, size=42, leading=1.14)
    title.draw(canvas, EDGE, TOP - 60)
    about = set_text([quiet(str(story["about"][language]))], room=640, size=19, leading=1.32)
    about.draw(canvas, EDGE, TOP - 60 - title.height - 12)
    made = set_text([quiet(Words(language).text("handout.made"))], room=640, size=11)
    top = FOOT + 14 + 15.0 * len(colophon)
    colophon_at(canvas, colophon, EDGE, top)
    made.draw(canvas, EDGE, top + made.height + 10)


def brand(canvas: Canvas) -> None:
    """Draw the product's mark and name at the top of a page."""
    symbols.logo(canvas, EDGE, TOP - 22, size=22)
    canvas.setFont(SEMIBOLD, 13)
    canvas.setFillColor(ink("ink"))
    canvas.drawString(EDGE + 30, TOP - 15.6, "Provence Map")


def colophon_at(canvas: Canvas, lines: Lines, x: float, top: float) -> None:
    """Draw the lines of the colophon, names in a column and values beside them."""
    room = max(measure(name, REGULAR, _COLOPHON) for name, _ in lines) + 16
    for at, (name, value) in enumerate(lines):
        base = top - 15.0 * at - 10.5
        canvas.setFont(REGULAR, _COLOPHON)
        canvas.setFillColor(ink("ink2"))
        canvas.drawString(x, base, name)
        canvas.setFont(SEMIBOLD, _COLOPHON)
        canvas.setFillColor(ink("ink"))
        canvas.drawString(x + room, base, value)


def _texts(canvas: Canvas, scene: Scene, laid: Sheet) -> None:
    for placed in (laid.topic, laid.title, laid.caption):
        if placed:
            placed[0].draw(canvas, EDGE, placed[1])
    if laid.figure:
        _figure(canvas, laid.figure)
    if laid.chart:
        chart.draw(canvas, scene, laid.chart)
    for source in laid.sources:
        canvas.setFont(SEMIBOLD, source.text.size)
        canvas.setFillColor(ink("primary"))
        canvas.drawString(EDGE, source.top - source.text.size * (0.5 * source.text.leading + 0.364), source.letter)
        source.text.draw(canvas, EDGE + sheet.INDENT, source.top)


def _figure(canvas: Canvas, figure: Figure) -> None:
    """Draw the key figure, its unit smaller on the same base line, the letter of its source above."""
    canvas.setFillColor(ink("ink"))
    # The first digit has a margin of its own: without it, it stands on the edge of the column.
    x = EDGE - figure.size * 0.04
    canvas.setFont(BOLD, figure.size)
    canvas.drawString(x, figure.base, figure.value)
    x += measure(figure.value, BOLD, figure.size) + figure.gap
    canvas.setFont(BOLD, figure.unit_size)
    canvas.drawString(x, figure.base, figure.unit)
    x += measure(figure.unit, BOLD, figure.unit_size) + 4
    canvas.setFont(REGULAR, 11)
    canvas.setFillColor(ink("primary"))
    canvas.drawString(x, figure.base + figure.size * 0.727 - 8, figure.mark)


def _credit(canvas: Canvas, scene: Scene) -> float:
    """Write where the map comes from at the foot of its column; give the height above it."""
    block = set_text([Run(scene.credit, colour="ink3")], room=RIGHT - MAP_LEFT, size=_CREDIT, leading=1.24)
    block.draw(canvas, MAP_LEFT, FOOT + block.height)
    return FOOT + block.height + 4


def _picture(canvas: Canvas, scene: Scene, box: Box) -> None:
    """Draw the picture of a scene as large as its box allows, at the left and at the top."""
    data = (scene.picture or {})["data"]
    image = Image.open(io.BytesIO(base64.b64decode(data.partition(",")[2])))
    width, height = image.size
    scale = min((box[2] - box[0]) / width, (box[3] - box[1]) / height)
    canvas.drawImage(
        ImageReader(image), box[0], box[3] - height * scale, width * scale, height * scale, mask="auto"
    )  # fmt: skip
