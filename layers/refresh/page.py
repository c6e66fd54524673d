"""The report of change as one page: both languages in it, no script, a small map of what changed."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from geopandas import GeoSeries
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from geo import crs
from layers import numbers
from layers.print import frame as framing
from layers.print import ground, ink
from layers.print.frame import Frame
from layers.refresh import report as words
from layers.refresh.changes import Place
from layers.refresh.outcome import Report
from layers.refresh.titles import table_title
from layers.sheet.svg import SvgCanvas
from layers.snapshot.diff import ADDED, CHANGED, MOVED, REMOVED
from layers.snapshot.opening import plain
from layers.style import css_variables
from layers.text import text
from layers.view import LANGUAGES, Language

# Points of the drawing.
WIDTH, HEIGHT = 560.0, 360.0
_MARGIN = 1.08
_RADIUS = 4.2
_FOLDER = Path(__file__).parent
_ABOVE = (CHANGED, MOVED, REMOVED, ADDED)
# Token of each kind of change; its shape tells it as well.
TOKENS: Mapping[str, str] = {ADDED: "ok", REMOVED: "err", CHANGED: "primary", MOVED: "warn"}


def html(report: Report) -> str:
    """Return the page; every text of the data is set as text."""
    places = [place for change in report.tables for place in change.places]
    values: dict[str, Any] = {
        "report": report,
        "languages": LANGUAGES,
        "words": words,
        "text": text,
        "say": lambda key, language, **values: text(f"refresh.{key}", language, **values),
        "plain": plain,
        "titled": table_title,
        "number": numbers.plain,
        "kinds": tuple(TOKENS),
        "tokens": TOKENS,
        "held": report.states("held"),
        "lost": report.states("away", "refused"),
        "places": len(places),
        "map": _maps(places) if places else {},
        "marks": {kind: Markup(_sample(kind)) for kind in TOKENS},  # noqa: S704 (drawn here, of nothing that came)
        "style": Markup(_style()),  # noqa: S704 (our own style sheet)
        "digest": base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode(),
    }
    return str(_template().render(values))


@cache
def _template() -> Any:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((_FOLDER / "report.html").read_text(encoding="utf-8"))


@cache
def _style() -> str:
    light, dark = css_variables().split("\n")
    dark = dark.replace("[data-theme=dark]", ":root", 1)
    return f"{light}@media (prefers-color-scheme:dark){{{dark}}}" + (_FOLDER / "report.css").read_text(encoding="utf-8")


def _maps(places: list[Place]) -> dict[Language, Markup]:
    """Draw the map once: only its title and its language differ."""
    made = drawn(places)
    found: dict[Language, Markup] = {}
    for language in LANGUAGES:
        title = escape(text("refresh.map", language, n=numbers.plain(len(places), language)))
        titled = made.replace("<title></title>", f"<title>{title}</title>", 1)
        found[language] = Markup(titled.replace('xml:lang="en"', f'xml:lang="{language}"', 1))  # noqa: S704
    return found


def drawn(places: list[Place]) -> str:
    """Draw where something changed, on the map's own ground, as an element of SVG without a title."""
    ink.letters()
    frame = _frame(places)
    canvas: Any = SvgCanvas((WIDTH, HEIGHT), title="", language="en")
    ground.draw(canvas, frame)
    for shape in ground.near(ground.metric("communes"), frame).geometry:
        canvas.setFillColor(ink.ink("land"))
        canvas.setStrokeColor(ink.ink("com-line"))
        canvas.setLineWidth(0.45)
        ground.area(canvas, frame.on_page(shape), fill=True, stroke=True)
    for pole, shape in ground.metric("poles")[["id", "geometry"]].itertuples(index=False):
        canvas.setStrokeColor(ink.ink(pole))
        canvas.setLineWidth(1.0)
        ground.area(canvas, frame.on_page(shape), stroke=True)
    # What came, went or moved is seen above what only changed.
    ranked = sorted(zip(places, _metric(places), strict=True), key=lambda one: _ABOVE.index(one[0].change))
    for place, point in ranked:
        mark(canvas, place.change, frame.at((point.x, point.y)))
    # Whole kilometres, which both languages write alike.
    ground.scale_bar(canvas, frame, (10, 10), language="en")
    canvas.showPage()
    return _element(canvas.pages[0].decode())


def mark(canvas: Any, change: str, at: tuple[float, float]) -> None:
    """Draw the mark of a kind of change: plus, cross, disc or ring."""
    x, y = at
    reach = _RADIUS * 0.55
    canvas.setStrokeColor(ink.ink("halo"))
    canvas.setFillColor(ink.ink("surface") if change == MOVED else ink.ink(TOKENS[change]))
    canvas.setLineWidth(1.0)
    canvas.circle(x, y, _RADIUS, stroke=1, fill=1)
    if change == MOVED:
        canvas.setStrokeColor(ink.ink(TOKENS[change]))
        canvas.setLineWidth(1.6)
        canvas.circle(x, y, _RADIUS - 0.9, stroke=1, fill=0)
        return
    canvas.setStrokeColor(ink.ink("surface"))
    canvas.setLineWidth(1.3)
    if change == ADDED:
        canvas.line(x - reach, y, x + reach, y)
        canvas.line(x, y - reach, x, y + reach)
    elif change == REMOVED:
        canvas.line(x - reach, y - reach, x + reach, y + reach)
        canvas.line(x - reach, y + reach, x + reach, y - reach)


def _sample(kind: str) -> str:
    canvas: Any = SvgCanvas((12, 12), title="", language="en")
    mark(canvas, kind, (6, 6))
    canvas.showPage()
    return _element(canvas.pages[0].decode(), hidden=True)


def _metric(places: list[Place]) -> GeoSeries:
    lons, lats = [place.lon for place in places], [place.lat for place in places]
    return GeoSeries.from_xy(lons, lats, crs=crs.WGS84).to_crs(crs.LAMBERT93)


def _frame(places: list[Place]) -> Frame:
    """Give the frame of the whole metropolis, wider where something changed beyond it."""
    west, south, east, north = _metric(places).total_bounds
    box = framing.metropolis().bounds
    west, south, east, north = min(west, box[0]), min(south, box[1]), max(east, box[2]), max(north, box[3])
    metres = _MARGIN * max((east - west) / WIDTH, (north - south) / HEIGHT)
    scale = round(metres * ink.MM * 1000)
    return framing.centred((0.0, 0.0, WIDTH, HEIGHT), ((west + east) / 2, (south + north) / 2), scale=scale)


def _element(document: str, *, hidden: bool = False) -> str:
    """Make an element of a page of a document of SVG: the page has the typeface it has, and gives it its size."""
    bare = re.sub(r"<style>.*?</style>", "", document, flags=re.DOTALL)
    bare = re.sub(r'(<svg [^>]*?)width="[^"]*" height="[^"]*" ', r"\1", bare, count=1)
    # Both languages stand in one page: what is clipped there would be clipped by the first.
    if hidden:
        bare = re.sub(r"<title>.*?</title>", "", bare)
        return bare.replace("<svg ", '<svg aria-hidden="true" class="sample" ', 1).strip()
    return bare.replace("<svg ", '<svg role="img" class="map" ', 1).strip()
