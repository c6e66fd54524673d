"""Numbers, money, changes and dates: the rows of tests/web/text.test.mjs, so that print and screen write alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import numbers
from layers.view import LANGUAGES, Language

N = "\u202f"  # narrow no-break space
S = "\u00a0"  # no-break space

CASES: list[tuple[str, Any, str, str]] = [
    ("number", 0, "0", "0"),
    ("number", 999, "999", "999"),
    ("number", 1924302, "1,924,302", f"1{N}924{N}302"),
    ("number", -1234, "−1,234", f"−1{N}234"),
    ("number", 0.5, "1", "1"),
    ("number", 2.5, "3", "3"),
    ("number", -0.4, "0", "0"),
    ("plain", 250, "250", "250"),
    ("plain", 0.5, "0.5", "0,5"),
    ("plain", 1.23456, "1.235", "1,235"),
    ("plain", 12500, "12,500", f"12{N}500"),
    ("co2", None, "No published figure", "Pas de chiffre publié"),
    ("co2", 0, f"0{S}t", f"0{S}t"),
    ("co2", 999, f"999{S}t", f"999{S}t"),
    ("co2", 1000, f"1{S}kt", f"1{S}kt"),
    ("co2", 45600, f"46{S}kt", f"46{S}kt"),
    ("co2", 999_499, f"999{S}kt", f"999{S}kt"),
    ("co2", 999_500, f"1.00{S}Mt", f"1,00{S}Mt"),
    ("co2", 6_463_718, f"6.46{S}Mt", f"6,46{S}Mt"),
    ("co2", 9_994_999, f"9.99{S}Mt", f"9,99{S}Mt"),
    ("co2", 9_995_000, f"10.0{S}Mt", f"10,0{S}Mt"),
    ("money", 0.5, f"€0.5{S}m", f"0,5{S}M€"),
    ("money", 750, f"€750{S}m", f"750{S}M€"),
    ("money", 999.94, f"€999.9{S}m", f"999,9{S}M€"),
    ("money", 999.95, f"€1{S}bn", f"1{S}Md€"),
    ("money", 2200, f"€2.2{S}bn", f"2,2{S}Md€"),
    ("change", 0.004, "0%", f"0{N}%"),
    ("change", 0.12, "+12%", f"+12{N}%"),
    ("change", -0.286, "−29%", f"−29{N}%"),
    ("change", 24.5, "+2,450%", f"+2{N}450{N}%"),
    ("percent", 0.958, "96%", f"96{N}%"),
    ("km", 0, f"0.0{S}km", f"0,0{S}km"),
    ("km", 12.34, f"12.3{S}km", f"12,3{S}km"),
    ("date", "2025", "2025", "2025"),
    ("date", "2025-07", "July 2025", "juillet 2025"),
    ("date", "2026-02-13", "13 February 2026", "13 février 2026"),
    ("date", "2026-02-01", "1 February 2026", "1er février 2026"),
]


@pytest.mark.parametrize(("form", "given", "english", "french"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_a_figure_is_written_as_each_language_writes_it(form: str, given: Any, english: str, french: str) -> None:
    write: Callable[[Any, Language], str] = getattr(numbers, form)
    assert write(given, "en") == english
    assert write(given, "fr") == french


def test_kilometres_from_or_to_an_approximate_position_say_so() -> None:
    assert numbers.km(12.34, "en", approximate=True) == f"≈{S}12.3{S}km"
    assert numbers.km(12.34, "fr", approximate=True) == f"≈{S}12,3{S}km"


def test_formulas_that_are_words_of_their_own_have_their_subscripts() -> None:
    assert numbers.formulas("CO2 and CO2e from COG, ACO2") == "CO₂ and CO2e from COG, ACO2"
    assert numbers.formulas("t H2 a year, H2-DRI of H2V, H2med, NH2") == "t H₂ a year, H₂-DRI of H2V, H2med, NH2"


def test_decimals_asked_for_are_kept() -> None:
    assert numbers.number(3151.96, "en", decimals=1) == "3,152.0"
    assert numbers.number(15.54, "fr", decimals=1) == "15,5"


@given(st.integers(-(10**12), 10**12), st.sampled_from(LANGUAGES))
def test_a_whole_number_reads_back(value: int, language: Language) -> None:
    written = numbers.number(value, language)
    assert int(written.replace("−", "-").replace(",", "").replace(N, "")) == value
