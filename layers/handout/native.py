"""The chart of a scene as a chart of the deck, with its numbers in it, so that it can be changed there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml import parse_xml
from pptx.util import Pt

from layers.handout.chart import OVER_YEARS
from layers.handout.scene import Scene
from layers.print.ink import SMALLEST, mixed
from layers.style import TOKENS
from layers.view import Language

# Over this many columns, only the first and the last are said.
_EACH_LABELLED = 10
_SIZE, _TITLE = 9.0, 10.4
_FRENCH = '[>=1000000]#"\u202f"###"\u202f"##0;[>=1000]#"\u202f"##0;0'
_AT_THE_LEFT = (
    '<c:layout xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:manualLayout>'
    '<c:xMode val="edge"/><c:yMode val="edge"/><c:x val="0.002"/><c:y val="0.0"/></c:manualLayout></c:layout>'
)


def insert(placeholder: Any, scene: Scene) -> Any:
    """Put the chart of a scene into a chart placeholder and give its frame."""
    raw: Mapping[str, Any] = scene.chart or {}
    items = raw["items"]
    # The library leaves these without types.
    data: Any = CategoryChartData(number_format=_format(items, scene.language))  # type: ignore[no-untyped-call]
    data.categories = [scene.say(item["label"]) for item in items]
    data.add_series(scene.say(raw["unit"]) or scene.say(raw["title"]), [item["value"] for item in items])
    over_years = raw["kind"] in OVER_YEARS
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED if over_years else XL_CHART_TYPE.BAR_CLUSTERED
    frame = placeholder.insert_chart(kind, data)
    chart = frame.chart
    chart.has_legend = False
    chart.font.size = Pt(_SIZE)
    chart.font.color.rgb = colour("ink2")
    _title(chart, scene)
    _axes(chart, items, over_years=over_years)
    _columns(chart.plots[0], items, scene)
    return frame


def colour(token: str) -> Any:
    """Give a colour token of the light theme."""
    return RGBColor.from_string(TOKENS[token][0][1:])  # type: ignore[no-untyped-call]


def _format(items: Any, language: Language) -> str:
    """Choose the decimals of the labels: none for whole numbers, one or two for tonnages."""
    values = [float(item["value"]) for item in items if item["value"] is not None]
    if all(value == int(value) for value in values):
        # A comma stands for the sign of the reader's own machine; French spaces are written out.
        return "#,##0" if language == "en" else _FRENCH
    return "0.0" if min(value for value in values if value) >= 1 else "0.00"


def _title(chart: Any, scene: Scene) -> None:
    """Write title and unit over the chart, at its left."""
    raw: Mapping[str, Any] = scene.chart or {}
    chart.has_title = True
    title = chart.chart_title
    paragraph = title.text_frame.paragraphs[0]
    said = [(scene.say(raw["title"]), "ink", True)]
    if scene.say(raw["unit"]):
        said.append((f", {scene.say(raw['unit'])}", "ink2", False))
    for text, token, bold in said:
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold = Pt(_TITLE), bold
        run.font.color.rgb = colour(token)
    element = title._element
    layout = element.find(_qualified("c:layout"))
    if layout is not None:
        element.remove(layout)
    element.find(_qualified("c:tx")).addnext(parse_xml(_AT_THE_LEFT))


def _axes(chart: Any, items: Any, *, over_years: bool) -> None:
    """Keep the names of the classes; the values stand at the columns themselves."""
    values, classes = chart.value_axis, chart.category_axis
    values.visible = False
    values.has_major_gridlines = False
    values.minimum_scale = 0
    highest = max((float(item["value"]) for item in items if item["value"] is not None), default=1.0) or 1.0
    # Room for what is said beyond the longest bar.
    values.maximum_scale = round(highest * (1.12 if over_years else 1.22), 3)
    classes.has_major_gridlines = False
    classes.major_tick_mark = XL_TICK_MARK.NONE
    classes.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    classes.format.line.color.rgb = colour("line2")
    # Bars are counted from the foot up: the first class is to stand at the top.
    classes.reverse_order = not over_years
    # Many years stay level only in small type.
    classes.tick_labels.font.size = Pt(SMALLEST if len(items) > _EACH_LABELLED else _SIZE)
    _body(classes.tick_labels._element).set("rot", "0")


def _body(element: Any) -> Any:
    """Give how the text of an axis or of labels runs."""
    return element.find(f".//{_qualified('c:txPr')}").find(
        "{http://schemas.openxmlformats.org/drawingml/2006/main}bodyPr"
    )


def _qualified(tag: str) -> str:
    return "{http://schemas.openxmlformats.org/drawingml/2006/chart}" + tag.removeprefix("c:")


def _columns(plot: Any, items: Any, scene: Scene) -> None:
    """Colour each class by its token and say its value; of many years only the first and the last."""
    plot.gap_width = 40
    plot.vary_by_categories = False
    series = plot.series[0]
    last = len(items) - 1
    every = len(items) <= _EACH_LABELLED
    for at, item in enumerate(items):
        point, said = series.points[at], scene.say(item["said"])
        point.format.fill.solid()
        # Of many years the last is the one that is spoken of.
        solid = every or at == last
        point.format.fill.fore_color.rgb = colour(item["token"]) if solid else _pale(item["token"])
        if not every and at in {0, last}:
            label = point.data_label
            label.position = XL_LABEL_POSITION.OUTSIDE_END
            _shown(label)
        if every and _lost(item, said):
            _said(point.data_label, said)
    if every:
        labels = series.data_labels
        labels.show_value = True
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        labels.number_format, labels.number_format_is_linked = _format(items, scene.language), False
        labels.font.size, labels.font.bold = Pt(_SIZE), True
        labels.font.color.rgb = colour("ink")
        _body(labels._element).set("wrap", "none")


def _pale(token: str) -> Any:
    """Give a colour token as it is on the page where it stands back."""
    return RGBColor.from_string(mixed(token, 0.72, "surface").hexval()[2:].upper())  # type: ignore[no-untyped-call]


def _lost(item: Any, said: str) -> bool:
    """Tell whether a figure would be written as nothing, though there is some."""
    return item["value"] is not None and float(item["value"]) < 0.005 and bool(re.search("[1-9]", said))


def _shown(label: Any) -> None:
    """Show the value of one point, which follows the sheet behind the chart."""
    element = label._get_or_add_dLbl()
    for tag in ("c:showLegendKey", "c:showVal", "c:showCatName", "c:showSerName", "c:showPercent", "c:showBubbleSize"):
        node = element.find(_qualified(tag))
        if node is not None:
            node.set("val", "1" if tag == "c:showVal" else "0")
    label.font.size, label.font.bold = Pt(_SIZE), True
    label.font.color.rgb = colour("ink")


def _said(label: Any, text: str) -> None:
    """Write at one point what it says on the page: rounded, it would read as zero."""
    run = label.text_frame.paragraphs[0].add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(_SIZE), True
    run.font.color.rgb = colour("ink")
    label.position = XL_LABEL_POSITION.OUTSIDE_END
