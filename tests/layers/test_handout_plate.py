"""The map of a scene on paper: the View's rows, its frame, its callouts, its key, and all of it in words."""

from __future__ import annotations

import io
from typing import Any

import pytest
import shapely
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from layers import filters
from layers.errors import HandoutError
from layers.handout import callouts, key, page, picture, plate, scene
from layers.print import frame as frames
from layers.print import ink, placing
from layers.view import View

BOX = (452.0, 70.0, 924.0, 504.0)
FOS = "bounds=4.72,43.28,5.3,43.7&select=pole:martigues-fos"


def read(query: str, *highlights: str, years: list[int] | None = None, language: Any = "en") -> plate.Plate:
    """Read a map."""
    return plate.read(query, highlights=highlights, years=years, language=language)


def drawn(made: plate.Plate) -> str:
    """Draw a map on a page of its own and give its text."""
    ink.letters()
    out = io.BytesIO()
    first: Any = ink.REGULAR
    canvas = Canvas(out, (960, 540), invariant=1, initialFontName=first)
    page.map_with_key(canvas, made, BOX)
    canvas.showPage()
    canvas.save()
    return " ".join(PdfReader(io.BytesIO(out.getvalue()), strict=True).pages[0].extract_text().split())


def test_the_bounds_of_the_view_fill_the_box_and_are_all_there() -> None:
    frame = plate.frame_of(read(FOS), BOX)
    corners = frames.crs.to_metres(frames.GeoSeries([shapely.Point(4.72, 43.28), shapely.Point(5.3, 43.7)], crs=4326))
    (left, foot), (right, top) = (frame.at((point.x, point.y)) for point in corners)
    assert BOX[0] - 8 < left < right < BOX[2] + 8
    assert BOX[1] - 8 < foot < top < BOX[3] + 8
    assert right - left > 0.95 * (BOX[2] - BOX[0]) or top - foot > 0.95 * (BOX[3] - BOX[1])


def test_without_bounds_the_whole_metropolis_is_seen() -> None:
    frame = plate.frame_of(read(""), BOX)
    assert shapely.box(*frame.ground).contains(frames.metropolis())


def test_the_map_shows_what_the_view_shows_and_no_more() -> None:
    made = read("layers=poles,industry,decarbonation&status=operating&co2=100000..")
    shown = plate.survey(made, plate.frame_of(made, BOX))
    assert shown.sites == len(filters.visible("industry", made.view)) > 0
    assert shown.statuses == ("operating",)
    assert shown.places == shown.ports == shown.perceptions == 0


def test_a_highlight_is_shown_though_the_view_hides_its_like() -> None:
    hidden = "layers=poles,decarbonation"
    assert plate.survey(read(hidden), plate.frame_of(read(hidden), BOX)).sites == 0
    made = read(hidden, "site:arcelormittal-fos")
    assert plate.survey(made, plate.frame_of(made, BOX)).sites == 1
    assert "ArcelorMittal Méditerranée" in drawn(made)


def test_years_that_are_played_end_on_the_last() -> None:
    assert read("layers=industry", years=[2005, 2013]).view.year == 2013
    assert read("layers=industry&year=2010").view.year == 2010
    assert read("layers=industry").view.year is None


def test_callouts_say_name_and_commune_and_where_the_position_is_approximate() -> None:
    said = drawn(read(f"layers=poles,decarbonation&{FOS}", "project:gravithy-fos", "site:arcelormittal-fos"))
    assert "GravitHy ≈ Fos-sur-Mer" in said
    assert "Fos-sur-Mer Fos-sur-Mer" in said
    # The steelworks stand where they are known to stand.
    assert said.count("≈") == 1


def test_names_of_projects_are_in_the_readers_language() -> None:
    query, name = "layers=decarbonation", "project:air-liquide-h2-la-mede"
    assert "La Mède biogenic hydrogen unit" in drawn(read(query, name))
    assert "Hydrogène biogénique de La Mède" in drawn(read(query, name, language="fr"))


def test_callouts_keep_apart_and_inside() -> None:
    made = read(
        f"layers=poles,industry,decarbonation&{FOS}", "project:gravithy-fos", "site:arcelormittal-fos",
        "project:h4-marseille-fos", "site:petroineos-lavera", "site:naphtachimie-lavera", "site:totalenergies-la-mede",
    )  # fmt: skip
    frame = plate.frame_of(made, BOX)
    space = placing.Space(BOX)
    ink.letters()
    callouts.draw(Canvas(io.BytesIO()), made.highlights, frame, space, size_of=lambda _: 6.0)
    boxes = space.taken
    assert len(boxes) == 6
    for at, box in enumerate(boxes):
        assert BOX[0] - 3 <= box[0] < box[2] <= BOX[2] + 3
        assert BOX[1] - 3 <= box[1] < box[3] <= BOX[3] + 3
        assert all(placing.overlap(box, other) < 200 for other in boxes[:at])


def test_the_key_names_only_what_the_map_shows() -> None:
    said = drawn(read("layers=poles,decarbonation&status=announced&pole=martigues-fos"))
    assert "Announced" in said
    for absent in ("Operating", "Suspended", "CO₂ per site", "Approximate position"):
        assert absent not in said
    made = read("layers=industry")
    assert "CO₂ per site, 2022" in drawn(made)
    assert "Martigues–Fos" not in drawn(made)
    assert key.rows(made, plate.Shown(), room=400) == []


def test_a_long_key_breaks_into_rows_that_fit() -> None:
    made = read("", language="fr")
    lines = key.rows(made, plate.survey(made, plate.frame_of(made, BOX)), room=472)
    assert len(lines) > 1
    for line in lines:
        assert sum(entry.whole for entry in line) <= 472


def test_faults_of_highlights_are_all_named() -> None:
    with pytest.raises(HandoutError, match=r"2 faults: highlight 'site:nope' is not known; highlight 'x' is not known"):
        read("", "site:nope", "x")


def test_the_picture_is_wide_enough_and_the_same_each_time(told: Any) -> None:
    found = scene.scenes_of(told.story(), "en")[1]
    first = picture.png(found, 472, 400)
    picture._png.cache_clear()
    assert picture.png(found, 472, 400) == first
    from PIL import Image

    with Image.open(io.BytesIO(first)) as image:
        assert image.size == (1600, 1356)
        # The sea is its token: colours come through as they are.
        assert (217, 230, 237) in {colour for _, colour in image.getcolors(10**7)}


def test_the_words_of_the_map_count_and_name(told: Any) -> None:
    said = picture.said(scene.scenes_of(told.story(), "en")[1])
    assert "industrial sites, circles sized by the verified CO₂ of 2022" in said
    assert "Called out: GravitHy, ArcelorMittal Méditerranée" in said
    assert picture.said(scene.scenes_of(told.story(), "fr")[2]).startswith("Carte d’Aix-Marseille-Provence")


def test_the_view_of_a_plate_is_a_view() -> None:
    assert read("layers=industry").view == View(layers=("industry",))
