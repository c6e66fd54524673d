"""Contrast of the tokens by WCAG 2: 4.5 for text, 3 for symbols and for the edges of controls, in both themes."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from layers.drape import AREAS
from layers.style import INDUSTRY_FAMILIES, THEMES, TOKENS, WATERLINES, Theme, css_variables
from layers.vocabulary import POLES
from layers.web import assets

TEXT, GRAPHIC = 4.5, 3.0
ALL_POLES_TINT: dict[Theme, float] = {"light": 0.09, "dark": 0.13}
FAMILIES = tuple(family.id for family in INDUSTRY_FAMILIES)
# What areas and lines over the land are outlined with.
DRAPED = sorted({style.token for styles in AREAS.values() for style in styles} | {"rail", "wire"})
WEB = Path(assets.__file__).parent

# Ink on each ground a text of that colour may stand on.
GROUNDS = ("surface", "surface2", "page")
INKS = ("ink", "ink2", "ink3", "primary", "ok", "warn", "err")
TEXT_PAIRS = [(ink, ground) for ink in INKS for ground in GROUNDS] + [
    ("on-primary", "primary"),
    ("primary", "primary-soft"),
    ("ink", "primary-soft"),
    ("ink2", "primary-soft"),
    ("ok", "green-soft"),
    ("place", "land"),
    ("place", "neigh"),
    ("place", "sea"),
    ("sea-ink", "sea"),
    ("surface", "green"),
    *((name, "surface") for name in (*POLES, *FAMILIES, "green")),
]
GRAPHIC_PAIRS = [
    ("ctl", "surface"),
    ("ink", "land"),
    ("primary", "land"),
    *(("surface", family) for family in FAMILIES),
    *((name, ground) for name in (*POLES, *FAMILIES, "green") for ground in ("land", "sea")),
    *((name, ground) for name in DRAPED for ground in ("land", "sea", "neigh", "surface")),
]


def channels(colour: str) -> tuple[float, float, float]:
    """Return the red, green and blue of #RRGGBB, from 0 to 255."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue


def luminance(rgb: tuple[float, float, float]) -> float:
    """Return the relative luminance of WCAG 2, from 0 to 1."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Return the contrast ratio of WCAG 2, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def token(name: str, theme: Theme) -> tuple[float, float, float]:
    """Return a token's colour in a theme."""
    return channels(TOKENS[name][THEMES.index(theme)])


def mixed(
    over: tuple[float, float, float], under: tuple[float, float, float], share: float
) -> tuple[float, float, float]:
    """Return the colour of one at a share over another, as color-mix in sRGB does."""
    red, green, blue = (share * a + (1 - share) * b for a, b in zip(over, under, strict=True))
    return red, green, blue


def tints(theme: Theme) -> list[float]:
    """Return the shares at which the style sheet lays a pole's colour over the land in a theme."""
    css = (WEB / "css" / "document.css").read_text(encoding="utf-8")
    rules = re.findall(r"([^{}]*\.commune[^{}]*)\{[^}]*color-mix\(in srgb, var\(--pole\) (\d+)%, var\(--land\)\)", css)
    return [int(share) / 100 for selector, share in rules if ("[data-theme=dark]" in selector) == (theme == "dark")]


def test_the_ratio_is_that_of_the_standard() -> None:
    assert contrast(channels("#000000"), channels("#FFFFFF")) == pytest.approx(21)
    assert contrast(channels("#777777"), channels("#FFFFFF")) == pytest.approx(4.48, abs=0.005)
    assert contrast(channels("#0E4F79"), channels("#0E4F79")) == 1


def faint(pairs: list[tuple[str, str]], theme: Theme, least: float) -> dict[str, float]:
    """Return the pairs of tokens with less contrast than they need, and how much they have."""
    found = {f"{over} on {under}": contrast(token(over, theme), token(under, theme)) for over, under in pairs}
    return {pair: ratio for pair, ratio in found.items() if ratio < least}


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read(theme: Theme) -> None:
    assert faint(TEXT_PAIRS, theme, TEXT) == {}


@pytest.mark.parametrize("theme", THEMES)
def test_symbols_and_edges_can_be_seen(theme: Theme) -> None:
    assert faint(GRAPHIC_PAIRS, theme, GRAPHIC) == {}


@pytest.mark.parametrize("theme", THEMES)
def test_water_names_can_be_read_on_every_waterline(theme: Theme) -> None:
    for colour in WATERLINES[theme]:
        assert contrast(token("sea-ink", theme), channels(colour)) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pole", POLES)
def test_a_pole_name_can_be_read_on_its_own_selected_chip(pole: str, theme: Theme) -> None:
    css = (WEB / "css" / "document.css").read_text(encoding="utf-8")
    share = re.search(r"\.pole-chip\[aria-pressed=true\][^}]*var\(--pole\) (\d+)%, var\(--surface\)", css)
    assert share, "the style sheet no longer says how a selected pole is tinted"
    chip = mixed(token(pole, theme), token("surface", theme), int(share[1]) / 100)
    assert contrast(token(pole, theme), chip) >= TEXT
    assert contrast(token("ink3", theme), chip) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pole", POLES)
def test_town_names_can_be_read_on_the_strongest_tint_of_a_pole(pole: str, theme: Theme) -> None:
    strongest = max(tints(theme))
    assert strongest >= 0.13
    ground = mixed(token(pole, theme), token("land", theme), strongest)
    for ink in ("ink2", "place"):
        assert contrast(token(ink, theme), ground) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", [*FAMILIES, "green"])
def test_symbols_can_be_seen_in_every_pole_and_by_their_halo_where_a_pole_in_focus_is_tinted_more(
    name: str, theme: Theme
) -> None:
    colour = token(name, theme)
    for pole in POLES:
        for share in tints(theme):
            ground = contrast(colour, mixed(token(pole, theme), token("land", theme), share))
            assert ground >= GRAPHIC or share > ALL_POLES_TINT[theme]
    assert contrast(colour, token("halo", theme)) >= GRAPHIC


@pytest.mark.parametrize("theme", THEMES)
def test_no_two_colours_of_a_set_are_the_same(theme: Theme) -> None:
    for names in (POLES, FAMILIES):
        for one, other in combinations(names, 2):
            assert token(one, theme) != token(other, theme), f"{one} and {other} in {theme}"


def test_every_token_is_a_colour_in_both_themes() -> None:
    for name, pair in TOKENS.items():
        assert len(pair) == len(THEMES), name
        assert all(re.fullmatch(r"#[0-9A-F]{6}", colour) for colour in pair), name


def test_style_sheet_and_script_use_only_colours_that_exist() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in [*WEB.glob("css/*.css"), *WEB.glob("js/*.js")]}
    defined = set(re.findall(r"--([\w-]+)\s*:", css_variables() + "".join(written.values())))
    used = {(name, token) for name, text in written.items() for token in re.findall(r"var\(--([\w-]+)[,)]", text)}
    assert {(name, token) for name, token in used if token not in defined} == set()


def test_style_sheet_and_script_name_no_colour_of_their_own() -> None:
    for path in [*WEB.glob("css/*.css"), *WEB.glob("js/*.js")]:
        raw = re.findall(
            r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b(?![\w-])", path.read_text(encoding="utf-8")
        )
        assert raw == [], f"{path.name} names {raw}: use a token of layers/style.py"
