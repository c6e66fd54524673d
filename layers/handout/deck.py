"""A story as a PowerPoint deck: one slide a scene, every text and chart to be changed, notes for the speaker."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from layers.handout import colophon as colophons
from layers.handout import master, slide
from layers.handout.scene import Story, scenes_of
from layers.handout.sheet import EDGE, FOOT, TOP
from layers.print.words import Words
from layers.view import Language

# The first day that a zip can name.
_DAY = (1980, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def write(story: Story, language: Language, colophon: Mapping[str, str]) -> bytes:
    """Write a resolved story as a deck of 13.333 by 7.5 inches: the same input gives the same bytes.

    Titles stand in title placeholders, charts are charts of the deck, maps are pictures with words for who cannot see
    them, and the notes hold the figures for questions with their sources. A story that does not end with a closing
    scene gets a last slide with the colophon (`version`, `data` as an ISO date, `data_version`, `checksum`).
    Raises HandoutError naming every fault: no scene, highlights without a place.
    """
    scenes = scenes_of(story, language)
    title = str(story["title"][language])
    lines = colophons.lines(story, colophon, language)
    deck = master.presentation()
    footer = f"Provence Map · {title}"
    for scene in scenes:
        slide.add(deck, scene, footer=footer, colophon=lines if scene.kind == "closing" else ())
    if scenes[-1].kind != "closing":
        _last(deck, story, lines, footer=footer, language=language)
    when = datetime.fromisoformat(colophon["data"])
    _properties(deck.core_properties, title, language, when)
    out = io.BytesIO()
    deck.save(out)
    return _repacked(out.getvalue(), f"{when:%Y-%m-%d}T00:00:00Z".encode())


def _last(deck: Any, story: Story, lines: tuple[tuple[str, str], ...], *, footer: str, language: Language) -> None:
    """Add the slide of the colophon to a story without a closing scene."""
    added = slide.started(deck, master.COVER)
    slots = {shape.placeholder_format.idx: shape for shape in added.placeholders}
    texts = (
        (master.TITLE, str(story["title"][language]), (EDGE, TOP - 170, 760, TOP - 60), 42.0),
        (master.CAPTION, str(story["about"][language]), (EDGE, TOP - 260, 760, TOP - 180), 19.0),
        (master.SOURCES, Words(language).text("handout.made"), (EDGE, FOOT + 90, 760, FOOT + 108), 11.0),
    )
    for idx, said, box, size in texts:
        slide.place(slots[idx], box)
        slide.write(slots[idx].text_frame.paragraphs[0], [slide.Piece(said, size)], language)
    slide.colophon_in(slots[master.COLOPHON], lines, FOOT + 14 + 15.0 * len(lines), language)
    slide.finish(added, footer, language)


def _properties(core: Any, title: str, language: Language, when: datetime) -> None:
    core.title, core.author, core.last_modified_by = title, "Provence Map", "Provence Map"
    core.subject, core.language = Words(language).text("handout.kind"), language
    # The day of the data, not the moment of writing: the same input gives the same bytes.
    core.created = core.modified = when
    core.revision = 1


def _repacked(data: bytes, when: bytes) -> bytes:
    """Write a zip again without the moment of writing, the workbooks inside it too."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(out, "w") as packed:
        for name in read.namelist():
            part = read.read(name)
            if name.endswith(".xlsx"):
                part = _repacked(part, when)
            elif name == "docProps/core.xml":
                part = _DATES.sub(rb"\g<1>" + when + rb"\g<2>", part)
            entry = zipfile.ZipInfo(name, _DAY)
            # Pictures and workbooks are packed already.
            packed_already = name.endswith((".png", ".jpg", ".jpeg", ".xlsx"))
            entry.compress_type = zipfile.ZIP_STORED if packed_already else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            packed.writestr(entry, part)
    return out.getvalue()
