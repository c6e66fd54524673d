"""Sheets for print: A4 and A3, as PDF, PNG and SVG, and atlases of them.

    from layers import sheet

    made = sheet.Sheet(area=Area.parse("martigues-fos"), language="fr", today=date.today())
    pdf, png, svg = sheet.write_pdf(made), sheet.write_png(made, dpi=200), sheet.write_svg(made)

The map is in Lambert-93 (EPSG:2154), whatever system its grid is in, so that its scale holds all over the sheet.
"""

from __future__ import annotations

from layers.sheet.layout import ORIENTATIONS, PAPERS, SCALES
from layers.sheet.model import HERE, MOST_TITLE, Sheet
from layers.sheet.output import DPI, pages, write_pdf, write_png, write_svg

__all__ = [
    "DPI", "HERE", "MOST_TITLE", "ORIENTATIONS", "PAPERS", "SCALES", "Sheet", "pages", "write_pdf", "write_png",
    "write_svg",
]  # fmt: skip
