"""The chart of a scene as vectors: columns over years, bars for classes, with what each says beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from layers.handout.scene import Scene, letter
from layers.print.ink import REGULAR, SEMIBOLD, Run, Setting, ink, measure, quiet, set_text
from layers.print.placing import Box

OVER_YEARS = frozenset({"emissions", "starts"})
_TITLE, _LABEL, _NOTE = 10.4, 9.0, 8.0
# Columns stand free when there are few: none wider than this.
_COLUMN = 30.0
_BAR_STEP, _GAP = 23.0, 5.0

Item = Mapping[str, Any]


def draw(canvas: Canvas, scene: Scene, box: Box) -> None:
    """Draw the chart of a scene into a box: title and unit, the drawing, the note."""
    left, foot, right, top = box
    chart: Mapping[str, Any] = scene.chart or {}
    head, note = head_and_note(scene, right - left)
    head.draw(canvas, left, top)
    if note:
        note.draw(canvas, left, foot + note.height)
        foot += note.height + _GAP
    inner = (left, foot, right, top - head.height - _GAP)
    (_columns if chart["kind"] in OVER_YEARS else _bars)(canvas, scene, chart["items"], inner)


def height_of(scene: Scene, room: float, *, least: float, most: float) -> float:
    """Give the height at which a chart looks right, within limits: bars need no more than their number asks for."""
    chart: Mapping[str, Any] = scene.chart or {}
    if chart["kind"] in OVER_YEARS:
        return most
    head, note = head_and_note(scene, room)
    rows = len(chart["items"]) * _BAR_STEP + head.height + (note.height + _GAP if note else 0.0) + _GAP
    return max(least, min(rows, most))


def head_and_note(scene: Scene, room: float) -> tuple[Setting, Setting | None]:
    """Set the title with its unit, and the note where there is one."""
    chart: Mapping[str, Any] = scene.chart or {}
    unit, note = scene.say(chart["unit"]), scene.say(chart["note"])
    mark = Run("\u202f" + letter(chart["source"]), colour="primary", mark=True)
    runs = [Run(scene.say(chart["title"]), SEMIBOLD), mark]
    if unit:
        runs.append(quiet(f"\u00a0\u00a0{unit}"))
    head = set_text(runs, room=room, size=_TITLE, leading=1.25)
    return head, set_text([Run(note, colour="ink3")], room=room, size=_NOTE, leading=1.22) if note else None


def _highest(items: Sequence[Item]) -> float:
    return max((float(item["value"]) for item in items if item["value"] is not None), default=0.0) or 1.0


def _columns(canvas: Canvas, scene: Scene, items: Sequence[Item], box: Box) -> None:
    """Draw a column for each year; figures stand over the columns where they have room, else over the ends."""
    left, foot, right, top = box
    foot += 12
    step = (right - left) / max(len(items), 1)
    width = min(step * 0.72, _COLUMN)
    highest = _highest(items)
    full = top - foot - 12
    last = len(items) - 1
    wide = max((measure(scene.say(item["said"]), REGULAR, _LABEL) for item in items), default=0.0)
    every = wide < step - 3
    labels = max((measure(scene.say(item["label"]), REGULAR, _LABEL) for item in items), default=0.0)
    skip = max(1, -(-int(labels + 8) // max(int(step), 1)))
    canvas.setStrokeColor(ink("line2"))
    canvas.setLineWidth(0.7)
    canvas.line(left, foot, right, foot)
    for at, item in enumerate(items):
        middle = left + step * (at + 0.5)
        value = item["value"]
        height = full * float(value) / highest if value is not None else 0.0
        canvas.setFillColor(ink(item["token"], 1.0 if at == last or every else 0.72))
        canvas.rect(middle - width / 2, foot, width, height, stroke=0, fill=1)
        if every or at in {0, last}:
            _centred(canvas, scene.say(item["said"]), middle, foot + height + 3.5, (left, right), strong=True)
        if (last - at) % skip == 0:
            _centred(canvas, scene.say(item["label"]), middle, foot - 10, (left, right), strong=False)


def _centred(
    canvas: Canvas, said: str, middle: float, base: float, within: tuple[float, float], *, strong: bool
) -> None:
    """Write a text around a middle, moved so that it stays between two edges."""
    font = SEMIBOLD if strong else REGULAR
    width = measure(said, font, _LABEL)
    x = max(within[0], min(middle - width / 2, within[1] - width))
    canvas.setFont(font, _LABEL)
    canvas.setFillColor(ink("ink" if strong else "ink3"))
    canvas.drawString(x, base, said)


def _bars(canvas: Canvas, scene: Scene, items: Sequence[Item], box: Box) -> None:
    """Draw a bar for each class, its name at the left and its figure after it."""
    left, foot, right, top = box
    step = min((top - foot) / max(len(items), 1), _BAR_STEP)
    size = min(_LABEL + 0.6, max(step * 0.72, 7.5))
    names = max((measure(scene.say(item["label"]), REGULAR, size) for item in items), default=0.0)
    names = min(names, (right - left) * 0.5)
    values = max((measure(scene.say(item["said"]), SEMIBOLD, size) for item in items), default=0.0)
    start = left + names + 8
    full = right - start - values - 6
    highest = _highest(items)
    for at, item in enumerate(items):
        middle = top - step * (at + 0.5)
        base = middle - size * 0.364
        value = item["value"]
        length = full * float(value) / highest if value is not None else 0.0
        canvas.setFillColor(ink("ink2"))
        canvas.setFont(REGULAR, size)
        canvas.drawString(left, base, _fitted(scene.say(item["label"]), names, size))
        thick = min(step * 0.62, 13.0)
        canvas.setFillColor(ink(item["token"]))
        canvas.rect(start, middle - thick / 2, max(length, 0.8), thick, stroke=0, fill=1)
        canvas.setFillColor(ink("ink"))
        canvas.setFont(SEMIBOLD, size)
        canvas.drawString(start + length + 5, base, scene.say(item["said"]))


def _fitted(said: str, room: float, size: float) -> str:
    """Shorten a name that is wider than half the chart."""
    while measure(said, REGULAR, size) > room + 0.01 and len(said) > 1:
        said = said.rstrip("…")[:-1].rstrip() + "…"
    return said
