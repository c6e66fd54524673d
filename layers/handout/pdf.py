"""A story as pages to leave behind: one page of 16 to 9 for each scene, light, with every source in full."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from layers.handout import colophon as colophons
from layers.handout import page
from layers.handout.scene import Story, check_letters, scenes_of
from layers.handout.sheet import PAGE
from layers.print import ink
from layers.print.words import Words
from layers.view import Language


def write(story: Story, language: Language, colophon: Mapping[str, str]) -> bytes:
    """Write a resolved story as a PDF, one page of 338.7 by 190.5 mm a scene: the same input gives the same bytes.

    Speaker's notes are not in it. A story that does not end with a closing scene gets a last page with the colophon
    (`version`, `data` as an ISO date, `data_version`, `checksum`). Raises HandoutError naming every fault: no scene,
    letters that the typeface lacks, highlights without a place.
    """
    scenes = scenes_of(story, language)
    check_letters(story, scenes, language)
    title = str(story["title"][language])
    lines = colophons.lines(story, colophon, language)
    day = date.fromisoformat(colophon["data"])
    ending = scenes[-1].kind == "closing"
    total = len(scenes) + (not ending)
    out = io.BytesIO()
    # Its stubs take the name for a number.
    first: Any = ink.REGULAR
    canvas = Canvas(out, PAGE, pageCompression=1, invariant=1, lang=language, initialFontName=first)
    canvas.setTitle(f"{title} · Provence Map")
    canvas.setAuthor("Provence Map")
    canvas.setSubject(Words(language).text("handout.kind"))
    canvas.setCreator("Provence Map")
    # The day of the data, not the moment of writing: the same input gives the same bytes.
    canvas.setDateFormatter(lambda *_: f"D:{day:%Y%m%d}000000+00'00'")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for number, scene in enumerate(scenes, start=1):
        canvas.bookmarkPage(f"scene-{number}")
        canvas.addOutlineEntry(scene.title or title, f"scene-{number}", 0)
        page.draw(canvas, scene, lines if scene.kind == "closing" else ())
        page.foot_line(canvas, title, number, total, language)
        canvas.showPage()
    if not ending:
        page.last(canvas, story, lines, language)
        page.foot_line(canvas, title, total, total, language)
        canvas.showPage()
    canvas.save()
    return out.getvalue()
