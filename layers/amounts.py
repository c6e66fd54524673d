"""A figure set in type: its value and the sign of its unit, as large type or inside a sentence."""

from __future__ import annotations

from layers.cited import Figure, Words
from layers.numbers import money, number, plain
from layers.text import text
from layers.view import LANGUAGES, Language

# Units whose sign stands beside the value in large type; any other unit is a word, which the sentence around it says.
_SIGNS: dict[str, Words] = {
    "pct": {"en": "%", "fr": "%"},
    "mwp": {"en": "MWp", "fr": "MWc"},
    **{key: {"en": sign, "fr": sign} for key, sign in {
        "gw": "GW", "mw": "MW", "mw-it": "MW", "mw-electrolysis": "MW", "mw-fusion": "MW", "km": "km", "ha": "ha",
        "mt": "Mt", "mt-co2": "Mt", "mt-co2-yr": "Mt",
    }.items()},
}  # fmt: skip
_MONEY = {"meur": 1.0, "bneur": 1000.0}
_RANKS = ("world-rank", "rank-joint")
_MILLION = "million-"
# Above that many hours a duration is a sum, not a journey told in hours and minutes.
_JOURNEY_H = 24


def value(figure: Figure) -> Words:
    """Give the value for large type: `75`, `€20`, `3 h 20`, `6th`; empty where the figure has none."""
    return {language: _parts(figure, language)[0] for language in LANGUAGES}


def unit(figure: Figure) -> Words:
    """Give the sign beside the value in large type: `%`, `bn`, `million`; empty where the unit is a word."""
    return {language: _parts(figure, language)[1] for language in LANGUAGES}


def written(figure: Figure, language: Language) -> str:
    """Write the value inside a sentence, with its sign: `75%`, `€20 bn`, `11.28 million`; no unit in words."""
    amount, sign = _parts(figure, language)
    if not sign:
        return amount
    if figure.unit == "pct":
        return f"{amount}{sign}" if language == "en" else f"{amount}\u202f{sign}"
    return f"{amount}\u00a0{sign}"


def _parts(figure: Figure, language: Language) -> tuple[str, str]:
    """Give value and sign in one language."""
    if figure.value is None or figure.unit is None:
        return "", ""
    if figure.unit in _MONEY:
        amount, _, sign = money(figure.value * _MONEY[figure.unit], language).partition("\u00a0")
        return amount, sign
    if figure.unit in _RANKS:
        return text(
            "amount.first" if figure.value == 1 else "amount.rank", language, n=plain(figure.value, language)
        ), ""
    if figure.unit == "hours" and figure.value < _JOURNEY_H:
        hours, minutes = divmod(round(figure.value * 60), 60)
        return f"{hours}\u00a0h\u00a0{minutes:02d}" if minutes else f"{hours}\u00a0h", ""
    if figure.unit == "mt-co2":
        decimals = 1 if figure.value >= 9.995 else 2
        return number(figure.value, language, decimals=decimals), _SIGNS["mt-co2"][language]
    if figure.unit.startswith(_MILLION):
        return plain(figure.value, language), text(
            "amount.million" if figure.value < 2 else "amount.millions", language
        )
    sign = _SIGNS.get(figure.unit, {}).get(language, "")
    return plain(figure.value, language), sign
