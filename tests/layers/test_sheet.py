"""A sheet as a planner opens it: size, scale, legend, sources, fonts, one drawing as PDF, PNG and SVG."""

from __future__ import annotations

import io
import re
import time
from datetime import date
from functools import cache
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import pytest
import shapely
from PIL import Image
from pypdf import PdfReader

from geo import graticule
from geo.errors import CRSError
from layers import sheet
from layers.errors import SheetError
from layers.print import frame as frames
from layers.print import names
from layers.print.ink import MM
from layers.print.placing import overlap
from layers.sheet import drawing, furniture, legend, page
from layers.sheet.output import write_pdf
from layers.sheet.svg import SvgCanvas
from layers.snapshot.area import Area
from layers.view import LANGUAGES, Language, View

TODAY = date(2026, 11, 24)
SVG = "{http://www.w3.org/2000/svg}"


def plan(area: str = "metropolis", language: Language = "en", **changes: Any) -> sheet.Sheet:
    """Plan a sheet."""
    return sheet.Sheet(area=Area.parse(area), language=language, today=TODAY, **changes)


@cache
def opened(area: str = "metropolis", language: Language = "en", paper: Any = "a3") -> PdfReader:
    """Write a sheet and open it."""
    return PdfReader(io.BytesIO(write_pdf(plan(area, language, paper=paper))), strict=True)


def text_of(reader: PdfReader) -> str:
    """Give all its text, lines and spaces brought together."""
    return " ".join(" ".join(one.extract_text() for one in reader.pages).split())


def drawn(made: sheet.Sheet) -> tuple[drawing.Chart, Any, SvgCanvas]:
    """Draw the main map of a sheet and give it with what is taken."""
    chart = page.charts(made)[0]
    canvas = SvgCanvas(made.layout.size, title="", language=made.language)
    space = drawing.draw(canvas, chart)  # type: ignore[arg-type]
    return chart, space, canvas


@pytest.mark.parametrize("paper", sheet.PAPERS)
@pytest.mark.parametrize("orientation", sheet.ORIENTATIONS)
def test_each_paper_lies_and_stands_in_its_size(paper: Any, orientation: Any) -> None:
    reader = PdfReader(io.BytesIO(write_pdf(plan("13022", paper=paper, orientation=orientation))), strict=True)
    long, short = {"a4": (297, 210), "a3": (420, 297)}[paper]
    size = (long, short) if orientation == "landscape" else (short, long)
    for one in reader.pages:
        assert [round(float(v) / MM) for v in one.mediabox[2:]] == list(size)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lying_a3_of_the_metropolis_is_one_page_with_all_that_belongs_to_it(language: Language) -> None:
    reader = opened(language=language)
    said = text_of(reader)
    assert len(reader.pages) == 1
    wanted = {
        "en": ("Scale 1:350 000 on A3", "Sources and licences", "grid north up", "24 November 2026, sheet 1 of 1"),
        "fr": ("Échelle 1:350 000 sur A3", "Sources et licences", "nord en haut", "24 novembre 2026, feuille 1 sur 1"),
    }
    for part in (*wanted[language], "(EPSG:2154)", "1:125 000", "CC BY 4.0", "ODbL 1.0"):
        assert " ".join(part.split()) in said.replace("\u202f", " "), part


def test_fonts_are_embedded_and_nothing_is_a_picture() -> None:
    for one in opened().pages:
        fonts = [font.get_object() for font in one["/Resources"]["/Font"].values()]  # type: ignore[index]
        assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)
        assert not any(True for _ in one.images)


def test_the_same_sheet_has_the_same_bytes_in_each_format() -> None:
    made = plan("13022", paper="a4")
    assert write_pdf(made) == write_pdf(made)
    assert sheet.write_svg(made) == sheet.write_svg(made)


def test_the_scale_bar_measures_right() -> None:
    for scale in sheet.SCALES:
        frame = plan(scale=scale).frame()
        km, marks = furniture.unit_of(frame, 88 * MM)
        length = km * 1000 / frame.metres
        # On paper: kilometres times a million, over the scale, are millimetres.
        assert length / MM == pytest.approx(km * 1e6 / scale)
        assert length <= 88 * MM
        assert marks[-1] == pytest.approx(km)


def test_a_kilometre_of_the_grid_is_as_long_as_the_scale_says() -> None:
    frame = plan("13022", scale=50_000).frame()
    (x0, _), (x1, _) = frame.at((905_000.0, 6_238_000.0)), frame.at((906_000.0, 6_238_000.0))
    assert (x1 - x0) / MM == pytest.approx(20.0)


@pytest.mark.parametrize(("area", "scale"), [("metropolis", 350_000), ("13022", 50_000), ("martigues-fos", 200_000)])
def test_the_largest_round_scale_that_shows_the_area_is_taken(area: str, scale: int) -> None:
    paper = "a4" if area == "13022" else "a3"
    made = plan(area, paper=paper)
    assert made.frame().scale == scale
    assert not made.cut
    assert plan(area, paper=paper, scale=sheet.SCALES[sheet.SCALES.index(scale) - 1]).cut


def test_the_legend_holds_what_is_shown_and_nothing_else() -> None:
    cassis = legend.survey(page.charts(plan("13022", scale=25_000, paper="a4")))
    assert cassis.technologies == ()
    whole = legend.survey(page.charts(plan()))
    assert len(whole.families) == 8
    assert set(whole.access) == {"ports", "stations", "airports"}
    bare = text_of(PdfReader(io.BytesIO(write_pdf(plan(view=View(layers=("poles", "communes")))))))
    assert "Industrial sites, by family" not in bare
    assert "Decarbonation projects" not in bare


def test_sources_are_those_of_the_rows_shown() -> None:
    said = text_of(opened("13022"))
    assert "ODbL" in said, "the station of Cassis is of Trainline"
    assert "airportsdata" not in said, "no airport is on the sheet"


@pytest.mark.parametrize("area", ["metropolis", "13039", "13055"])
def test_names_cover_neither_names_nor_symbols(area: str) -> None:
    made = plan(area, paper="a4", view=View(layers=(*View().layers, "places")))
    chart, space, _ = drawn(made)
    symbols = sum(len(chart.rows(layer)) for layer in drawing.POINTS if layer != "decarbonation") + len(chart.stacks)
    names = space.taken[symbols:]
    assert len(names) > 8
    assert all(overlap(a, b) < 0.01 for a, b in combinations(names, 2))
    assert all(overlap(name, other) < 0.01 for name in names for other in space.taken[:symbols])


def test_the_panel_of_scale_and_north_hides_no_symbol_of_the_area() -> None:
    for area in ("metropolis", "13022", "aix-marseille"):
        chart = page.charts(plan(area))[0]
        points = page._points(chart)
        box = furniture.corner(chart.frame, (260, 44), 14, points=points, area=plan(area).shape)
        inside = (points[:, 0] > box[0]) & (points[:, 0] < box[2]) & (points[:, 1] > box[1]) & (points[:, 1] < box[3])
        assert not inside.any()


def test_the_inset_shows_fos_where_the_metropolis_is_on_a3() -> None:
    main, inset = page.charts(plan())
    assert inset.frame.scale == 125_000
    assert shapely.box(*main.frame.ground).contains(shapely.box(*inset.frame.ground))
    assert len(page.charts(plan(paper="a4"))) == 1
    assert len(page.charts(plan("martigues-fos"))) == 1


def test_degrees_of_a_graticule_are_those_of_the_ground() -> None:
    frame = plan("13022").frame()
    lines = [line for line in graticule.lines(frame.ground, 4326, 1 / 60) if line.axis == 0]
    assert lines
    assert all(round(line.value * 60, 6) == round(line.value * 60) for line in lines)
    said = text_of(PdfReader(io.BytesIO(write_pdf(plan("13022", crs=4326)))))
    assert "WGS 84 (EPSG:4326)" in said
    assert re.search(r"5°3\d′E", said)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (3857, "not printed"),
        (27700, "made for United Kingdom"),
        (999_999, "not known"),
        (5720, "two horizontal axes"),
    ],
)
def test_a_grid_that_cannot_be_drawn_is_refused_in_words(code: int, said: str) -> None:
    with pytest.raises(SheetError, match=said):
        plan(crs=code)


def test_a_system_of_feet_is_refused() -> None:
    with pytest.raises(CRSError, match="metres or degrees expected"):
        graticule.system(2225)


def test_every_fault_of_a_sheet_is_told_at_once() -> None:
    with pytest.raises(SheetError, match=r"5 faults.*paper 'a5'.*orientation.*scale 30000.*letters.*3857") as error:
        plan(paper="a5", orientation="up", scale=30_000, title="地図", crs=3857)
    assert len(error.value.faults) == 5


def test_a_picture_has_the_dots_asked_for_and_says_so() -> None:
    made = plan("13022", paper="a4")
    image = Image.open(io.BytesIO(sheet.write_png(made, dpi=72)))
    assert image.size == pytest.approx((842, 595), abs=1)
    assert image.info["dpi"] == pytest.approx((72, 72), abs=0.1)
    with pytest.raises(SheetError, match="5 dots in an inch are not from 36 to 600"):
        sheet.write_png(made, dpi=5)
    with pytest.raises(SheetError, match="page 9 came, the sheet has 2"):
        sheet.write_svg(made, number=9)


def test_the_svg_says_what_the_pdf_says_and_asks_nobody_for_anything() -> None:
    made = plan("13022", paper="a4")
    root = ElementTree.fromstring(sheet.write_svg(made).decode())  # noqa: S314  # our own file
    assert root.get("width") == "297mm"
    words = " ".join("".join(one.itertext()) for one in root.iter(f"{SVG}text"))
    first = PdfReader(io.BytesIO(write_pdf(made))).pages[0].extract_text()
    assert set(words.split()) == set(first.split())
    assert b"font/ttf;base64" in sheet.write_svg(made)
    linked = {one.get("href") for one in root.iter(f"{SVG}a")}
    assert linked == {made.link}
    assert not re.search(r"(?:src|url)\W+https?:", sheet.write_svg(made).decode())


def test_a_title_is_text_whatever_it_holds() -> None:
    made = plan("13022", paper="a4", title='<script>alert("1")</script> & co')
    root = ElementTree.fromstring(sheet.write_svg(made).decode())  # noqa: S314  # our own file
    assert not list(root.iter(f"{SVG}script"))
    assert "<script>" in "".join(root.itertext())


def test_the_link_opens_the_view_of_the_sheet() -> None:
    made = plan("martigues-fos", view=View(filters={"status": ("operating",)}), address="https://map.example.org/")
    view, ignored = View.from_query(made.link.partition("?")[2])
    assert not ignored
    assert view.filters == {"status": ("operating",)}
    assert view.bounds is not None
    west = frames.metropolis().bounds[0]
    assert made.shape.bounds[0] == pytest.approx(west, abs=1)


def test_an_a3_is_made_within_three_seconds() -> None:
    write_pdf(plan())
    begun = time.process_time()
    write_pdf(plan())
    assert time.process_time() - begun < 3


def test_the_frame_cuts_no_symbol_in_two() -> None:
    # At this scale the metropolis goes beyond the frame on all sides.
    chart, _, _ = drawn(plan(paper="a3", scale=200_000))
    left, foot, right, top = chart.frame.box
    half = chart.look.project / 2
    places = [chart.at(row) for layer in drawing.POINTS for row in chart.rows(layer).itertuples()]
    assert len(places) > 50
    assert all(left + half <= x <= right - half and foot + half <= y <= top - half for x, y in places)


def test_a_name_takes_a_place_on_land_before_one_that_would_name_the_water() -> None:
    land = shapely.box(0, 0, 100, 100)
    anchor, wet, dry = (10.0, 10.0, 40.0, 20.0), (90.0, 10.0, 120.0, 20.0), (10.0, 30.0, 40.0, 40.0)
    assert list(names.ashore([anchor, wet, dry], land)) == [anchor, dry, wet]
    # On the quay, where the anchor itself stands over water, water is no reason.
    assert list(names.ashore([wet, anchor], land)) == [wet, anchor]


def test_the_commune_of_a_sheet_stands_out_among_its_neighbours() -> None:
    asked = plan("13022", scale=50_000, paper="a4", orientation="portrait", view=View(layers=("communes",)))
    root = ElementTree.fromstring(sheet.write_svg(asked))  # noqa: S314  # our own
    said = [("".join(one.itertext()), one.get("font-weight")) for one in root.iter(f"{SVG}text")]
    assert ("Carnoux-en-Provence", None) in said
    # Its halo and its letters, and the subtitle of the sheet.
    assert len([weight for name, weight in said if name == "Cassis" and weight]) >= 3
