"""The map of a scene as a picture for a slide, drawn as on the page, and in words for who cannot see it."""

from __future__ import annotations

import io
from typing import Any, cast

from reportlab.pdfgen.canvas import Canvas

from layers import editions
from layers.handout import page, plate, sheet
from layers.handout.plate import Plate
from layers.handout.scene import Scene
from layers.print import ink, raster
from layers.print.words import Words

# Wide enough for a projector of 1920 px, on which the map takes half.
WIDTH_PX = 1600


def png(scene: Scene, width: float, height: float) -> bytes:
    """Draw the map of a scene with its key, so many points wide and high, as a PNG of 1600 px in width."""
    return _png(page.plate_of(scene), width, height)


@editions.kept(most=32)
def _png(made: Plate, width: float, height: float) -> bytes:
    ink.letters()
    out = io.BytesIO()
    # Its stubs take the name for a number.
    first: Any = ink.REGULAR
    # Not packed: it is unpacked again in a moment.
    canvas = Canvas(out, (width, height), pageCompression=0, invariant=1, initialFontName=first)
    page.map_with_key(canvas, made, (0.5, 0.5, width - 0.5, height - 0.5))
    canvas.showPage()
    canvas.save()
    image, _ = raster.page(out.getvalue(), scale=WIDTH_PX / width)
    written = io.BytesIO()
    # Fifteen times as fast as the densest packing, and as large within one part in a hundred.
    image.save(written, "PNG", compress_level=6)
    return written.getvalue()


def said(scene: Scene) -> str:
    """Say what the map of a scene shows: how many of each kind, and what is called out."""
    made = page.plate_of(scene)
    frame = plate.frame_of(made, (0.0, 0.0, sheet.RIGHT - sheet.MAP_LEFT, 430.0))
    shown, words = plate.survey(made, frame), Words(scene.language)
    access = shown.ports + shown.stations + shown.airports
    year = made.view.verified_year
    counts = (
        (shown.sites, words.count("handout.sites", shown.sites, year=year)),
        (shown.projects, words.count("handout.projects", shown.projects)),
        (access, words.count("handout.access", access)),
        (shown.places, words.count("handout.places", shown.places)),
        (shown.perceptions, words.count("handout.perceptions", shown.perceptions)),
    )
    parts = [said for n, said in counts if n]
    text = words.text("handout.map_shows", what=", ".join(parts) or words.text("handout.map_ground"))
    if made.highlights:
        names = ", ".join(item.name for item in made.highlights)
        text += f" {words.text('handout.map_names', names=names)}"
    return text


def chart_said(scene: Scene) -> str:
    """Say what the chart of a scene shows, every value of it, and where it comes from."""
    chart = cast("dict[str, Any]", scene.chart)
    words = Words(scene.language)
    values = "; ".join(f"{scene.say(item['label'])} {scene.say(item['said'])}" for item in chart["items"])
    text = words.text("handout.chart_shows", title=scene.say(chart["title"]), values=values)
    return f"{text} {scene.say(scene.raw['sources'][chart['source']]['said'])}"
