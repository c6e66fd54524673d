"""Numbers, amounts and dates in the reader's language: the Python twin of `web/js/text.js`.

A no-break space keeps a number with its unit; the minus is the true one.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from math import floor

from layers.text import text
from layers.view import Language

# Thousands and decimals as each language writes them.
_SIGNS: dict[Language, tuple[str, str]] = {"en": (",", "."), "fr": ("\u202f", ",")}


def number(value: float, language: Language, *, decimals: int = 0) -> str:
    """Write a number with exactly so many decimals."""
    return _digits(value, language, least=decimals, most=decimals)


def plain(value: float, language: Language, *, most: int = 3) -> str:
    """Write a number with the decimals it has, at most `most`."""
    return _digits(value, language, least=0, most=most)


def co2(tonnes: float | None, language: Language) -> str:
    """Write tonnes of CO₂ in the unit that reads best (t, kt, Mt); None is not zero and says so."""
    if tonnes is None:
        return text("missing.figure", language)
    # The limits are those of the rounded figure: never "1,000 kt".
    if tonnes >= 999_500:
        return f"{number(tonnes / 1e6, language, decimals=1 if tonnes >= 9_995_000 else 2)}\u00a0Mt"
    if tonnes >= 999.5:
        return f"{number(tonnes / 1e3, language)}\u00a0kt"
    return f"{number(tonnes, language)}\u00a0t"


def money(meur: float, language: Language) -> str:
    """Write millions of euros: `€750 m`, `€2.2 bn`; `750 M€`, `2,2 Md€`."""
    billions = meur >= 999.95
    value = plain(meur / 1000, language, most=2) if billions else plain(meur, language, most=1)
    if language == "fr":
        return f"{value}\u00a0{'Md€' if billions else 'M€'}"
    return f"€{value}\u00a0{'bn' if billions else 'm'}"


def percent(ratio: float, language: Language) -> str:
    """Write a share in whole percent."""
    return f"{number(floor(ratio * 100 + 0.5), language)}{_before_percent(language)}%"


def change(ratio: float, language: Language) -> str:
    """Write a change in whole percent, with its sign."""
    whole = floor(ratio * 100 + 0.5)
    sign = "+" if whole > 0 else "−" if whole < 0 else ""
    return f"{sign}{number(abs(whole), language)}{_before_percent(language)}%"


def km(value: float, language: Language, *, approximate: bool = False) -> str:
    """Write kilometres with one decimal, after `≈` where one of the two positions is approximate."""
    about = "≈\u00a0" if approximate else ""
    return f"{about}{number(value, language, decimals=1)}\u00a0km"


def formulas(said: str) -> str:
    """Write CO₂ and H₂ as they are read where they are words: tables write CO2 so that anyone can type it."""
    return re.sub(r"\b(CO|H)2\b", r"\1₂", said)


def date(iso: str, language: Language) -> str:
    """Write a date: `2025` stays 2025, `2025-07` is July 2025, `2026-02-13` is 13 February 2026."""
    year, month, day = (*(int(part) for part in iso.split("-")), 0, 0)[:3]
    if not month:
        return str(year)
    name = text(f"month.{month}", language)
    if not day:
        return f"{name} {year}"
    first = "1er" if language == "fr" and day == 1 else str(day)
    return f"{first} {name} {year}"


def _before_percent(language: Language) -> str:
    return "\u202f" if language == "fr" else ""


def _digits(value: float, language: Language, *, least: int, most: int) -> str:
    """Write the digits of a number with at least `least` and at most `most` decimals."""
    # Halves go away from zero, as in the browser: format() would send them to the even neighbour.
    exact = abs(Decimal(value)).quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    whole, _, part = f"{exact:f}".partition(".")
    kept = part.rstrip("0").ljust(least, "0")
    thousands, decimal = _SIGNS[language]
    written = re.sub(r"\B(?=(\d{3})+$)", thousands, whole) + (decimal + kept if kept else "")
    return f"−{written}" if value < 0 and re.search("[1-9]", written) else written
