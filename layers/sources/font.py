"""Inter, cut to the letters French and English need: variable for the pages, three fixed instances for print."""

from __future__ import annotations

import importlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geo import files
from layers.sources import SourceError

# The pages use regular to bold; the optical size is pinned to text.
WEIGHTS = (400, 700)
OPTICAL_SIZE = 14

# What a PDF embeds: name of the style to (weight, optical size). Bold is for titles alone: the display drawing.
PRINTED: dict[str, tuple[int, int]] = {"Regular": (400, 14), "SemiBold": (600, 14), "Bold": (700, 32)}

UNICODES = (
    *range(0x20, 0x7F),  # Basic Latin
    *range(0xA0, 0x100),  # Latin-1: accents, guillemets, degree, middle dot, multiplication sign
    *(0x152, 0x153, 0x178),  # Œ œ Ÿ
    *(0x2009, 0x200A, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E),
    *(0x2020, 0x2022, 0x2026, 0x202F, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044),
    *range(0x2070, 0x2072),
    *range(0x2074, 0x207A),
    *range(0x2080, 0x208A),  # subscript digits: CO₂
    *(0x20AC, 0x2116, 0x2122),  # € № ™
    *(0x2190, 0x2191, 0x2192, 0x2193, 0x2197, 0x2198),  # arrows
    *(0x2212, 0x2248, 0x2260, 0x2264, 0x2265),  # − ≈ ≠ ≤ ≥
    *(0x25A0, 0x25B2, 0x25BC, 0x25CF, 0x2713),  # small shapes the pages use as marks
)
FEATURES = ("kern", "mark", "mkmk", "liga", "calt", "ccmp", "locl", "tnum", "case", "cv11", "ss03")


def write(folder: Path, *, into: Path) -> None:
    """Cut the variable font of the package to a woff2 and to TrueType files for print; copy the licence beside them.

    The same package and the same fontTools give the same bytes.

    Raises SourceError when fontTools is missing or the package has another layout, FormatError when a file cannot be
    written.
    """
    source = folder / "files" / "Inter[opsz,wght].ttf"
    licence = folder / "LICENSE"
    missing = [path.name for path in (source, licence) if not path.is_file()]
    if missing:
        raise SourceError(f"fontpkg-inter holds no {', '.join(missing)}: the package changed its layout, look at it")
    text = licence.read_text(encoding="utf-8")
    if "SIL OPEN FONT LICENSE Version 1.1" not in text:
        raise SourceError("fontpkg-inter: its LICENSE is not the SIL Open Font License 1.1, do not ship the font")
    into.mkdir(parents=True, exist_ok=True)
    files.write_bytes(into / "inter.woff2", _cut(source))
    for style in PRINTED:
        files.write_bytes(into / f"inter-{style.lower()}.ttf", _fixed(source, style))
    files.write_text(into / "OFL.txt", text)


def _cut(source: Path) -> bytes:
    """Return the font as woff2, with fewer letters, weights and features."""
    _, instancer, _ = _font_tools()
    font = instancer.instantiateVariableFont(_subset(source, FEATURES), {"opsz": OPTICAL_SIZE, "wght": WEIGHTS})
    font.flavor = "woff2"
    return _bytes(font)


def _fixed(source: Path, style: str) -> bytes:
    """Return one instance as TrueType, its digits of equal width: a PDF is written without layout features."""
    _, instancer, _ = _font_tools()
    font = _subset(source, ("tnum",))
    weight, optical_size = PRINTED[style]
    font = instancer.instantiateVariableFont(font, {"opsz": optical_size, "wght": weight})
    tabular = {
        plain: equal
        for lookup in font["GSUB"].table.LookupList.Lookup
        for table in lookup.SubTable
        for plain, equal in getattr(table, "ExtSubTable", table).mapping.items()
    }
    for table in font["cmap"].tables:
        # Digits alone: the feature widens hyphens as well, which would tear names apart.
        table.cmap |= {letter: tabular.get(table.cmap[letter], table.cmap[letter]) for letter in range(0x30, 0x3A)}
    for name in ("GSUB", "GPOS", "GDEF", "STAT"):
        if name in font:
            del font[name]
    for number, name in ((1, f"Inter {style}"), (2, "Regular"), (4, f"Inter {style}"), (6, f"Inter-{style}")):
        font["name"].setName(name, number, 3, 1, 0x409)
    return _bytes(font)


def _subset(source: Path, features: Sequence[str]) -> Any:
    """Return the variable font with fewer letters and features, unhinted."""
    ttlib, _, subset = _font_tools()
    font = ttlib.TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = list(features)
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 25]
    options.notdef_outline = True
    subsetter = subset.Subsetter(options=options)
    subsetter.populate(unicodes=list(UNICODES))
    # Letters first: the instancer leaves glyphs without variations that the subsetter stumbles over.
    subsetter.subset(font)
    return font


def _bytes(font: Any) -> bytes:
    """Return the bytes of a font's file."""
    buffer = io.BytesIO()
    font.save(buffer, reorderTables=True)
    return buffer.getvalue()


def _font_tools() -> tuple[Any, Any, Any]:
    """Import fontTools, which only the extract step needs."""
    try:
        importlib.import_module("brotli")
        names = ("fontTools.ttLib", "fontTools.varLib.instancer", "fontTools.subset")
        ttlib, instancer, subset = (importlib.import_module(name) for name in names)
    except ImportError as error:
        raise SourceError(f"{error.name} is not installed: run the extract step with `make data`") from error
    return ttlib, instancer, subset
